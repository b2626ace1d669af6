"""Targets and guards: what is met, what is missed, what cannot be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..dsl.types import Kind
from ..runtime.outcomes.records import GuardKind, GuardRecord, Verdict
from .figures import limit_words
from .language import Language
from .material import Material, as_number, kind_of, places_of, value_text
from .wording import finding

VERDICTS: Mapping[Verdict, str] = {
    "met": "met",
    "missed": "missed",
    "unclear": "unclear",
    "not yet observable": "not_observable",
    "hidden": "hidden",
}
"""The key of each verdict's word under `standing`, which is also the name of its style."""
GUARDS: Mapping[GuardKind, str] = {
    "size": "size",
    "share": "share",
    "too many segments": "too_many",
    "alike": "alike",
    "freshness": "freshness",
    "refresh": "refresh",
    "review": "review",
}


@dataclass(frozen=True, slots=True)
class TargetLine:
    segment: str
    measure: str
    limit: str
    value: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class GuardLine:
    """`spoken`: the language of the message, which is English in runs of versions that told it in words alone."""

    kind: str
    of: str
    holds: bool | None
    message: str
    spoken: str


@dataclass(frozen=True, slots=True)
class Standing:
    """`open` are the guards that do not hold or cannot be told, `held` the others."""

    targets: tuple[TargetLine, ...]
    open: tuple[GuardLine, ...]
    held: tuple[GuardLine, ...]


def standing_of(material: Material, language: Language) -> Standing:
    """Targets in order of the rules; of the guards those that do not hold first."""
    targets: list[TargetLine] = []
    guards: list[GuardLine] = []
    for table in material.tables():
        outcomes = material.outcomes_of(table)
        if outcomes is None:
            continue
        for each in outcomes.targets:
            kind: Kind = "percent" if isinstance(each.limit, float) else "integer"
            title = language.say("standing.size")
            if each.measure is not None:
                record = outcomes.measures[each.measure]
                kind, title = kind_of(each.measure, record, material.program), record.title or each.measure
            places = places_of([as_number(each.value)], kind)
            hidden = each.value is None
            word = language.say(f"standing.{VERDICTS[each.verdict]}")
            targets.append(
                TargetLine(
                    material.segment_title(each.segmentation, each.segment),
                    title,
                    limit_words(each, kind, language),
                    word if hidden else value_text(each.value, kind, places, language),
                    each.verdict,
                )
            )
        ranked = sorted(outcomes.guards, key=lambda guard: (guard.holds is True, guard.holds is None))
        guards += [_guard(each, language) for each in ranked]
    return Standing(
        tuple(targets),
        tuple(guard for guard in guards if guard.holds is not True),
        tuple(guard for guard in guards if guard.holds is True),
    )


def _guard(found: GuardRecord, language: Language) -> GuardLine:
    message = found.message if found.said is None else finding(found.said, language)
    spoken = "en" if found.said is None else language.name
    return GuardLine(language.say(f"guards.{GUARDS[found.kind]}"), found.of, found.holds, message, spoken)
