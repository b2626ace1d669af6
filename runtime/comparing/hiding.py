"""What a comparison does not show where groups below k are hidden.

Both sides are segmentations of one population, so everything that a run publishes of them is hidden as a run hides it
(`outcomes/hiding`), with k the larger of both sides. A comparison publishes more, and it is put to the same question:

| shown | table |
|---|---|
| rows by segment before and after | the two segmentations, crossed |
| rows that join and leave a segment that may overlap others | inside and outside of it before, and after, crossed |
| movers of an exclusive segmentation | what is left of all rows by those who stay: shown where all of these are |
| movers of an overlapping one | a dimension; shown where no cross of its segments has a hidden cell |
| causes of a move | parts of it, which add up to it and to nothing else: shown where the move is |
| a figure of a segment before and after | what came in less what went out |

**Differences.** What a figure tells before and after is of the same people, but for those who joined or left: where
nobody left, twenty joined, and three more are late, three of those twenty are. So the figure before is shown only if
for each part of it how many of them joined, and left, is nobody, k and more, or uncertain by `leeway(k)`, for who knows
how many stay; `differences.py` finds what else goes with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from ...compiler.plan import Decision, Population
from ..manifest import AssignedRecord
from ..outcomes.crossed import Crossed
from ..outcomes.hiding.deciding import hidden_of
from ..outcomes.hiding.masked import HIDDEN, masked_assignments, masked_outcomes
from ..outcomes.hiding.parts import parted
from ..outcomes.hiding.published import Published, cell_of, overlapping, published
from ..outcomes.records import FigureRecord, TableOutcomes
from ..suppression import EVERYBODY, Cell, Cross, cell, yes_or_no
from ..suppression.partition import hide_in_partition
from .answers import Answers, Move, migration, movers, sizes
from .differences import figures_to_hide, tells_few
from .narrowed import Ends, Way, ends_of_ways


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be shown of a table: `hidden` are the cells that may not. Without a k nothing is hidden."""

    k: int | None = None
    hidden: AbstractSet[Cell] = field(default_factory=frozenset)

    @property
    def everybody(self) -> bool:
        """Whether it may be told how many rows there are."""
        return EVERYBODY not in self.hidden

    def size(self, decision: Decision, segment: str) -> bool:
        """Whether the size of a segment may be told."""
        return self.everybody and cell_of(decision, segment) not in self.hidden

    def move(self, answers: Answers, move: Move) -> bool:
        """Whether it may be told how many rows go from one segment to another (and stay, where they are the same)."""
        return self.everybody and _cell_of_move(answers, move) not in self.hidden

    def movers(self, answers: Answers) -> bool:
        """Whether it may be told how many rows move."""
        if not self.everybody:
            return False
        if answers.same:
            return True
        if answers.new.exclusive:
            return all(self.move(answers, (each, each)) for each in sizes(answers))
        own = _crosses(answers)
        inside = {frozenset((one.rows, one.columns)) for one in own}
        crossed = any(frozenset(name for name, _ in each) in inside for each in self.hidden)
        return not crossed and not any((_moved(answers), "yes") in each for each in self.hidden)

    def causes(self, counts: Sequence[int]) -> set[int]:
        """The places of the causes of a move whose counts may not be told, if that of the move may."""
        return set() if self.k is None else hide_in_partition(counts, frozenset(), self.k)


def hide_compared(
    population: Population,
    record: AssignedRecord,
    outcomes: TableOutcomes,
    crossed: Sequence[Crossed],
    found: Mapping[str, Answers],
    k: int | None,
) -> tuple[Shown, AssignedRecord, TableOutcomes]:
    """What may be shown of the two sides, as a run would record them and between them."""
    if k is None:
        return Shown(), record, outcomes
    told = published(population, record, outcomes, crossed)
    for answers in found.values():
        _add(told, answers)
    hidden = hidden_of(told, k)
    masked = masked_outcomes(population, outcomes, told, hidden, k)
    for answers in found.values():
        if not answers.same:
            masked = _without_differences(told, outcomes, masked, answers, Shown(k, hidden), k)
    return Shown(k, hidden), masked_assignments(population, record, told, hidden), masked


# -- moves -------------------------------------------------------------------------------------------------------------


def _cell_of_move(answers: Answers, move: Move) -> Cell:
    was, now = move
    old, new = answers.old, answers.new
    if old.exclusive and was is not None and now is not None:
        return cell_of(new, now) if answers.same else cell((old.segmentation, was), (new.segmentation, now))
    if now is not None:
        if now not in old.segments:
            return cell_of(new, now)
        return cell((overlapping(old, now), "no"), (overlapping(new, now), "yes"))
    if was not in new.segments:
        return cell_of(old, was or "")
    return cell((overlapping(old, was), "yes"), (overlapping(new, was), "no"))


def _moved(answers: Answers) -> str:
    return f"moved in {answers.name}"


def _add(told: Published, answers: Answers) -> None:
    if answers.same:
        return
    told.crosses += _crosses(answers)
    if not answers.new.exclusive:
        told.dimensions[_moved(answers)] = yes_or_no(_moved(answers), movers(answers), told.rows)


def _crosses(answers: Answers) -> list[Cross]:
    old, new = answers.old, answers.new
    if new.exclusive:
        return [Cross(old.segmentation, new.segmentation, migration(answers))]
    both = [each for each in new.segments if each in old.segments]
    return [Cross(overlapping(old, each), overlapping(new, each), _two_by_two(answers, each)) for each in both]


def _two_by_two(answers: Answers, segment: str) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = {}
    for (was, now, *_), count in answers.ways.items():
        assert isinstance(was, tuple), "it is overlapping"
        assert isinstance(now, tuple), "it is overlapping"
        place = ("yes" if segment in was else "no", "yes" if segment in now else "no")
        counts[place] = counts.get(place, 0) + count
    return counts


# -- differences -------------------------------------------------------------------------------------------------------


def _without_differences(
    told: Published, outcomes: TableOutcomes, masked: TableOutcomes, answers: Answers, cells: Shown, k: int
) -> TableOutcomes:
    """The outcomes without figures before that, with those after, tell of few rows."""
    old, new = answers.old.segmentation, answers.new.segmentation
    flows = _flows(answers)
    measures = dict(masked.measures)
    for name, record in outcomes.measures.items():
        if old not in record.segmentations or new not in record.segmentations:
            continue
        before, after = record.segmentations[old], record.segmentations[new]
        known, shown = told.told[name, None], measures[name].segmentations
        was, now = (
            {segment: parted(known, each) for segment, each in of.items() if _is_shown(shown[side], segment)}
            for side, of in ((old, before), (new, after))
        )
        if answers.new.exclusive:
            gone = figures_to_hide(_ways(answers, cells), was, now, k)
        else:
            both = [segment for segment in flows if segment in was and segment in now and any(flows[segment][:2])]
            gone = {
                segment
                for segment in both
                if tells_few(was[segment], now[segment], (flows[segment][2], flows[segment][2]), k)
            }
        kept = {segment: HIDDEN if segment in gone else figure for segment, figure in shown[old].items()}
        differences = [
            each
            for each in measures[name].differences
            if not (each.segmentation == old and {each.first, each.second} & gone)
        ]
        measures[name] = measures[name].model_copy(
            update={"segmentations": {**shown, old: kept}, "differences": differences}
        )
    return masked.model_copy(update={"measures": measures})


def _ways(answers: Answers, cells: Shown) -> dict[Way, Ends]:
    """How many rows go which way, for who reads what is shown of it."""
    has = sizes(answers)
    all_ways = [(was, now) for was in has for now in has if has[was][0] is not None and has[now][1] is not None]
    hidden = {way for way in all_ways if not cells.move(answers, way)}
    before, after = (
        {
            segment: count
            for segment, both in has.items()
            if (count := both[side]) is not None and cells.size((answers.old, answers.new)[side], segment)
        }
        for side in (0, 1)
    )
    return ends_of_ways(migration(answers), hidden, before, after)


def _is_shown(figures: Mapping[str, FigureRecord], segment: str) -> bool:
    return figures[segment].status != "hidden"


def _flows(answers: Answers) -> dict[str, tuple[int, int, int]]:
    """How many rows join each segment, leave it, and stay in it."""
    if not answers.new.exclusive:
        counts = {segment: _two_by_two(answers, segment) for segment in sizes(answers)}
        ways = (("no", "yes"), ("yes", "no"), ("yes", "yes"))
        return {
            segment: (each.get(ways[0], 0), each.get(ways[1], 0), each.get(ways[2], 0))
            for segment, each in counts.items()
        }
    pairs = migration(answers)
    return {
        segment: (
            sum(count for (was, now), count in pairs.items() if now == segment != was),
            sum(count for (was, now), count in pairs.items() if was == segment != now),
            pairs.get((segment, segment), 0),
        )
        for segment in sizes(answers)
    }
