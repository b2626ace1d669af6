"""Targets and guards: what is met, what is missed, what cannot be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..dsl.types import Kind
from ..runtime.outcomes.records import GuardKind, GuardRecord, Said, Verdict
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
        guards += _guards(ranked, material, language)
    return Standing(
        tuple(targets),
        tuple(guard for guard in guards if guard.holds is not True),
        tuple(guard for guard in guards if guard.holds is True),
    )


MOST_ALIKE = 3
"""More pairs of segments of one segmentation that are alike are told in one line."""


def _guards(ranked: Sequence[GuardRecord], material: Material, language: Language) -> Iterator[GuardLine]:
    alike: dict[str, list[Said]] = {}
    for each in ranked:
        if each.said is not None and each.said.code == "alike":
            alike.setdefault(each.of.partition(".")[0], []).append(each.said)
    for each in ranked:
        segmentation = each.of.partition(".")[0]
        pairs = alike.get(segmentation, [])
        if each.said not in pairs or len(pairs) <= MOST_ALIKE:
            yield _guard(each, language)
        elif each.said == pairs[0]:
            listed = "; ".join(_pair(each, segmentation, material, language) for each in pairs)
            message = language.say("standing.alike", n=language.number(len(pairs)), pairs=listed)
            yield GuardLine(language.say("guards.alike"), segmentation, False, message, language.name)


def _guard(found: GuardRecord, language: Language) -> GuardLine:
    message = found.message if found.said is None else finding(found.said, language)
    spoken = "en" if found.said is None else language.name
    return GuardLine(language.say(f"guards.{GUARDS[found.kind]}"), found.of, found.holds, message, spoken)


def _pair(alike: Said, segmentation: str, material: Material, language: Language) -> str:
    titles = {end: material.segment_title(segmentation, str(alike.parameters[end])) for end in ("first", "second")}
    return language.say("outcomes.pair", **titles)
