"""Who falls out where, who nearly got in, and where segments overlap: for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..runtime.observed.records import Funnel, SegmentationObserved, Step, rounded_to
from .charts import Spec, gains
from .language import Language
from .material import Material

MOST_GAINS = 10


@dataclass(frozen=True, slots=True)
class StepLine:
    """`bar` and `lost` are shares of who comes so far, None where hidden."""

    keyword: str
    words: str
    left: str
    bar: float | None
    lost: float | None
    fell: str
    unknown: str
    gain: str
    gain_unknown: str


@dataclass(frozen=True, slots=True)
class FunnelBlock:
    title: str
    number: str
    start_words: str
    start: str
    steps: tuple[StepLine, ...]
    idle: str | None


@dataclass(frozen=True, slots=True)
class ChartBlock:
    """A chart with its words and the table behind it; the table alone where there is nothing to draw."""

    id: str
    title: str
    alt: str
    spec: Spec | None
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Matrix:
    """Overlaps: `cells` by row and column, each with its tint from 0 to 1."""

    caption: str
    lead: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[tuple[str, float] | None, ...], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    name: str
    title: str
    funnels: tuple[FunnelBlock, ...]
    gain: ChartBlock | None
    gain_none: bool
    matrix: Matrix | None
    matrix_note: str | None


def flows(material: Material, language: Language) -> list[Flow]:
    """One for each segmentation that was observed."""
    found: list[Flow] = []
    for table in material.tables():
        observed = material.observed_of(table)
        for name, each in (observed.segmentations if observed else {}).items():
            found.append(_flow(material, language, name, each, observed.hidden_below if observed else None))
    return found


def count_words(count: int | None, k: int | None, language: Language) -> str:
    """A count that was observed, which is rounded where groups below `k` are hidden."""
    match count, k:
        case None, _:
            return language.say("funnel.hidden")
        case _, None:
            return language.number(count)
        case 0, _:
            return f"< {language.number(k)}"
        case _:
            return f"≈ {language.number(count)}"


def _difference_words(count: int, k: int | None, language: Language) -> str:
    """What lies between two such counts."""
    if count == 0 and k is not None:
        return f"< {language.number(rounded_to(k))}"
    return count_words(count, k, language)


def _flow(material: Material, language: Language, name: str, found: SegmentationObserved, k: int | None) -> Flow:
    gain = _gain_chart(material, language, name, found, k)
    return Flow(
        name=name,
        title=material.segmentation_title(name),
        funnels=tuple(_funnel(material, language, name, each, found, k) for each in found.funnels),
        gain=gain,
        gain_none=gain is None and any(len(each.steps) > 1 for each in found.funnels),
        matrix=_matrix(material, language, name, found, k) if found.overlaps else None,
        matrix_note=language.say("overlap.many") if found.overlaps is None else None,
    )


# -- funnels ----------------------------------------------------------------------------------------------------------


def _funnel(
    material: Material, language: Language, name: str, funnel: Funnel, found: SegmentationObserved, k: int | None
) -> FunnelBlock:
    segment = material.segment_title(name, funnel.segment)
    steps: list[StepLine] = []
    before, whole = funnel.start, funnel.start or 0
    sole = _sole(funnel)
    untold = funnel.in_force and funnel.start is None
    for at, step in enumerate(funnel.steps):
        last = at == len(funnel.steps) - 1
        hidden = step.left is None
        fell = None if step.left is None or before is None else before - step.left
        merged = "" if untold else language.say("funnel.hidden" if last else "funnel.with_next")
        gain = None if step is sole else step.gain
        steps.append(
            StepLine(
                keyword=_keyword(step, language),
                words=_words(step, material, language),
                left=merged if hidden else count_words(step.left, k, language),
                bar=step.left / whole if step.left is not None and whole else None,
                lost=fell / whole if fell is not None and whole else None,
                fell="" if fell is None else _difference_words(fell, k, language),
                unknown=count_words(step.unknown, k, language) if step.unknown else "",
                gain="" if gain is None or untold else count_words(gain.rows, k, language),
                gain_unknown=language.say("funnel.gain_unknown", n=count_words(gain.unknown, k, language))
                if gain and gain.unknown
                else "",
            )
        )
        before = step.left if step.left is not None else before
    number = language.number(funnel.number)
    date = language.date(material.manifest.as_of)
    return FunnelBlock(
        title=segment,
        number=language.say("funnel.clause", number=number),
        start_words=language.say(
            "funnel.start_exclusive" if found.exclusive and funnel.number > 1 else "funnel.start_all"
        ),
        start=count_words(funnel.start, k, language),
        steps=tuple(steps),
        idle=language.say("funnel.untold")
        if untold
        else None
        if funnel.in_force
        else language.say("funnel.not_in_force", date=date),
    )


def _sole(funnel: Funnel) -> Step | None:
    """The only condition of a clause, but for questions whether something is known: without it, the clause would ask
    for nothing."""
    asked = [
        step for step in funnel.steps if step.kind in ("when", "personal") and not step.words.endswith(" is known")
    ]
    return asked[0] if len(asked) == 1 else None


def _keyword(step: Step, language: Language) -> str:
    return "" if step.kind in ("personal", "limit") else language.say(f"funnel.{step.kind}")


def _words(step: Step, material: Material, language: Language) -> str:
    if step.kind == "personal":
        return language.say("funnel.personal")
    if step.kind == "limit":
        return language.say("funnel.limit", n=step.words)
    values = [f"{name} = {material.manifest.parameters[name]}" for name in step.parameters]
    return f"{step.words} ({', '.join(values)})" if values else step.words


# -- who nearly got in ------------------------------------------------------------------------------------------------


def _gain_chart(
    material: Material, language: Language, name: str, found: SegmentationObserved, k: int | None
) -> ChartBlock | None:
    """The conditions that keep most rows out on their own; a clause of one condition has none but itself."""
    candidates = [
        (step.gain.rows, step.gain.unknown, funnel.segment, _words(step, material, language), step)
        for funnel in found.funnels
        for step in funnel.steps
        if step is not _sole(funnel) and step.gain is not None and step.gain.rows
    ]
    ranked = sorted(candidates, key=lambda each: -(each[0] or 0))[:MOST_GAINS]
    if not ranked:
        return None
    names = (language.say("gain.known"), language.say("gain.missing"))
    bars: list[dict[str, object]] = []
    rows: list[tuple[str, ...]] = []
    for place, (count, unknown, segment, words, step) in enumerate(ranked, 1):
        keyword = "" if step.kind == "when" else f"{_keyword(step, language)} "
        title = material.segment_title(name, segment)
        rows_said = count_words(count, k, language)
        said = language.say("gain.label", segment=title, condition=keyword + words, rows=rows_said)
        label = f"{place}. {said}"
        missing = unknown or 0
        bars.append({"label": label, "rows": (count or 0) - missing, "part": names[0], "order": 0})
        if missing:
            bars.append({"label": label, "rows": missing, "part": names[1], "order": 1})
        rows.append((title, keyword + words, rows_said, count_words(unknown, k, language)))
    points = "; ".join(f"{title}, {words}: {count}" for title, words, count, _ in rows[:3])
    header = (
        language.say("outcomes.segment"),
        language.say("funnel.condition"),
        language.say("gain.rows"),
        language.say("gain.unknown"),
    )
    return ChartBlock(
        f"gain-{name}",
        language.say("gain.heading"),
        language.say("gain.alt", points=points),
        gains(bars, names),
        header,
        tuple(rows),
    )


# -- overlaps ---------------------------------------------------------------------------------------------------------


def _matrix(material: Material, language: Language, name: str, found: SegmentationObserved, k: int | None) -> Matrix:
    segments = [each.name for each in material.program.segmentation(name).segments]
    counts = {(each.first, each.second): each.rows for each in found.overlaps or ()}
    largest = max((count for count in counts.values() if count), default=1)

    def cells(first: str, columns: list[str]) -> Iterator[tuple[str, float] | None]:
        for second in columns:
            if (first, second) not in counts:
                yield None
                continue
            count = counts[first, second]
            yield count_words(count, k, language), round((count or 0) / largest, 3)

    notes: list[str] = []
    if found.untold:
        titles = ", ".join(material.segment_title(name, each) for each in found.untold)
        notes.append(language.say("overlap.untold", segments=titles))
    return Matrix(
        caption=language.say("overlap.caption", title=material.segmentation_title(name)),
        lead=language.say("overlap.lead_exclusive" if found.exclusive else "overlap.lead_overlapping"),
        rows=tuple(material.segment_title(name, each) for each in segments[:-1]),
        columns=tuple(material.segment_title(name, each) for each in segments[1:]),
        cells=tuple(tuple(cells(each, segments[1:])) for each in segments[:-1]),
        notes=tuple(notes),
    )
