"""Records without what must be hidden."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from ....compiler.plan import Decision, Population
from ...manifest import AssignedRecord, SegmentationRecord, SegmentRecord
from ...suppression import EVERYBODY, Cell, cell, figure_is_hidden
from ..fairness import with_hidden
from ..records import (
    ContactRecord,
    DifferenceRecord,
    FairnessRecord,
    FigureRecord,
    Figures,
    MeasureRecord,
    ProxyRecord,
    TableOutcomes,
)
from .by_vintage import left_out
from .published import Known, Published, at_vintage, cell_of, clauses_in, clauses_of, protected, selected

Hidden = AbstractSet[Cell]

HIDDEN = FigureRecord(status="hidden")
DECIMALS = 2
"""The strength of an association is told to so many decimals."""
LEAST_P = 0.001


# -- assignments -----------------------------------------------------------------------------------------------------


def masked_assignments(
    population: Population, record: AssignedRecord, told: Published, hidden: Hidden
) -> AssignedRecord:
    decisions = {each.segmentation: each for each in population.decisions}
    return record.model_copy(
        update={
            "rows": None if EVERYBODY in hidden else record.rows,
            "segmentations": {
                name: _segmentation(decisions[name], each, told, hidden) for name, each in record.segmentations.items()
            },
        }
    )


def _segmentation(
    decision: Decision, record: SegmentationRecord, told: Published, hidden: Hidden
) -> SegmentationRecord:
    gone = {segment for segment in record.segments if cell_of(decision, segment) in hidden}
    segments = {
        segment: SegmentRecord(count=None, share=None, hidden=True) if segment in gone else each
        for segment, each in record.segments.items()
    }
    clauses, none = record.clauses, record.none
    if clauses is not None:
        unknown = {
            number
            for segment in record.segments
            for number in clauses_of(decision, segment)
            if segment in gone or cell((clauses_in(decision, segment), str(number))) in hidden
        }
        clauses = {each: None if each in unknown else clauses.get(each) for each in sorted({*clauses, *unknown})}
    else:
        none = none if _is_beside(told, decision.segmentation, hidden) else None
    shown = {"segments": segments, "clauses": clauses, "none": none}
    some = bool(gone) or none != record.none or None in (clauses or {}).values()
    return record.model_copy(update={**shown, "hidden": some})


def _is_beside(told: Published, segmentation: str, hidden: Hidden) -> bool:
    """Whether what adds up over the segments of an overlapping segmentation may be shown."""
    return EVERYBODY not in hidden and not any(
        {name for name, _ in one} <= {*told.beside[segmentation]} for one in hidden
    )


# -- outcomes --------------------------------------------------------------------------------------------------------


def masked_outcomes(
    population: Population, outcomes: TableOutcomes, told: Published, hidden: Hidden, k: int
) -> TableOutcomes:
    return outcomes.model_copy(
        update={
            "rows": None if EVERYBODY in hidden else outcomes.rows,
            "measures": {
                name: _measure(population, name, each, told, hidden, k) for name, each in outcomes.measures.items()
            },
            "fairness": [_fairness(population, each, told, hidden) for each in outcomes.fairness],
            "proxies": [_proxy(each, hidden) for each in outcomes.proxies],
            "contact": {
                name: each if _is_beside(told, name, hidden) else _without_counts(each)
                for name, each in outcomes.contact.items()
            },
            "hidden_below": k,
        }
    )


def _measure(
    population: Population, name: str, record: MeasureRecord, told: Published, hidden: Hidden, k: int
) -> MeasureRecord:
    whole = _figures(population, (name, None), record, told, hidden, k)
    names = (told.figures[name, None] or (), told.unknown.get((name, None), ()))
    absent, unknown = (
        left_out(told, name, record, population.decisions, each, hidden, k) if record.vintages else {} for each in names
    )
    return record.model_copy(
        update={
            "everybody": whole.everybody,
            "segmentations": whole.segmentations,
            "horizons": {
                at: _figures(population, (name, at), each, told, hidden, k) for at, each in record.horizons.items()
            },
            "vintages": {
                label: Figures(
                    everybody=_figure((name, None), each.everybody, at_vintage(label), told, hidden, k),
                    segmentations=_of_segments(
                        population, each, label, whole, absent, unknown, told.told[name, None].places, hidden, k
                    ),
                )
                for label, each in record.vintages.items()
            },
            "differences": _differences(record.differences, whole),
        }
    )


def _figures(
    population: Population, known: Known, figures: Figures, told: Published, hidden: Hidden, k: int
) -> Figures:
    return Figures(
        everybody=_figure(known, figures.everybody, EVERYBODY, told, hidden, k),
        segmentations={
            decision.segmentation: {
                segment: _figure(known, each, cell_of(decision, segment), told, hidden, k)
                for segment, each in figures.segmentations[decision.segmentation].items()
            }
            for decision in population.decisions
            if decision.segmentation in figures.segmentations
        },
    )


def _of_segments(
    population: Population,
    figures: Figures,
    label: str,
    whole: Figures,
    absent: Mapping[str, AbstractSet[str]],
    unknown: Mapping[str, AbstractSet[str]],
    places: int | None,
    hidden: Hidden,
    k: int,
) -> dict[str, dict[str, FigureRecord]]:
    """The figures of segments in a vintage: without those of segments that are hidden in all, or left out."""
    return {
        decision.segmentation: {
            segment: HIDDEN
            if segment in absent[decision.segmentation]
            or whole.segmentations[decision.segmentation][segment].status == "hidden"
            or cell_of(decision, segment) | at_vintage(label) in hidden
            else _without_unknown(each, places, k)
            if segment in unknown[decision.segmentation]
            else _shown(each)
            for segment, each in figures.segmentations[decision.segmentation].items()
        }
        for decision in population.decisions
        if decision.segmentation in figures.segmentations
    }


def _figure(known: Known, figure: FigureRecord, at: Cell, told: Published, hidden: Hidden, k: int) -> FigureRecord:
    def tells(names: Iterable[str]) -> bool:
        return any(figure_is_hidden(hidden, at, told.dimensions[name]) for name in names)

    if at in hidden or EVERYBODY in hidden:
        return HIDDEN
    if figure.status == "not yet observable":
        return figure
    names = told.figures[known]
    if names is None or tells(names):
        return HIDDEN
    return _without_unknown(figure, told.told[known].places, k) if tells(told.unknown[known]) else _shown(figure)


def _shown(figure: FigureRecord) -> FigureRecord:
    return figure.model_copy(update={"people": None})


def _without_unknown(figure: FigureRecord, places: int | None, k: int) -> FigureRecord:
    """A figure without how many rows it leaves out; hidden all the same where it would rest on fewer than k, or where
    that nothing is known tells how many are not.

    The average of whole numbers of units (cents, billionths) is a whole number of them over how many they are. To
    `places` decimals, and as many more as k rows make good, each number of rows has one that rounds to it."""
    if figure.status == "missing" or 0 < (figure.n or 0) - (figure.unknown or 0) < k:
        return HIDDEN
    digits = None if places is None else places + len(str(k)) - 1
    rounded = {
        name: round(end, digits)
        for name, end in (("value", figure.value), ("low", figure.low), ("high", figure.high))
        if digits is not None and isinstance(end, float)
    }
    return figure.model_copy(update={"people": None, "unknown": None, "small": None, **rounded})


def _differences(differences: Iterable[DifferenceRecord], whole: Figures) -> list[DifferenceRecord]:
    """Those between figures that are shown, but for such as may have the p of one that is not."""
    shown: list[DifferenceRecord] = []
    gone: set[tuple[str, float]] = set()
    for each in differences:
        figures = whole.segmentations[each.segmentation]
        if "hidden" in (figures[each.first].status, figures[each.second].status):
            gone.add((each.segmentation, each.p))
        else:
            shown.append(each)
    return [each for each in shown if each.p == 1 or (each.segmentation, each.p) not in gone]


# -- fairness and contact ----------------------------------------------------------------------------------------------


def _fairness(population: Population, record: FairnessRecord, told: Published, hidden: Hidden) -> FairnessRecord:
    (decision,) = [each for each in population.decisions if each.segmentation == record.segmentation]
    of = protected(record.field)
    if decision.exclusive or len(record.segments) == 1:
        ins = [cell_of(decision, segment) for segment in record.segments]
    else:
        ins = [cell((selected(record.segmentation, record.segments), "yes"))]
    sizes = {each.value for each in record.groups if _gone(cell((of, each.value)), hidden)}
    few = {each.value for each in record.groups if any(_gone(one | {(of, each.value)}, hidden) for one in ins)}
    masked = with_hidden(record, sizes | few, sizes)
    groups = [each.model_copy(update={"small": each.small and each.n is not None}) for each in masked.groups]
    intact_sizes = not any({name for name, _ in one} <= {*told.sizes, of} for one in hidden)
    return masked.model_copy(update={"groups": groups, "drivers": masked.drivers if intact_sizes else []})


def _gone(one: Cell, hidden: Hidden) -> bool:
    return one in hidden or EVERYBODY in hidden


def _proxy(record: ProxyRecord, hidden: Hidden) -> ProxyRecord:
    intact_n = not _gone(cell((protected(record.protected), "missing")), hidden)
    return record.model_copy(
        update={
            "association": round(record.association, DECIMALS),
            "p": None if record.p is None else max(LEAST_P, float(f"{record.p:.1g}")),
            "n": record.n if intact_n else None,
        }
    )


def _without_counts(record: ContactRecord) -> ContactRecord:
    return record.model_copy(update={"counts": dict.fromkeys(record.counts), "capped": None})
