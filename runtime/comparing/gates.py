"""A change held against the gates of the settings: which it passes, which not, why, and what would make it pass.

A number of movers that is hidden is never used here, not even to decide: whoever may set the limit could find it by
trying. The limit is held against what everybody may see. Where some rows stay in a segment, and how many it has before
or after is shown, the others are seen to move; so are rows of moves that are shown, and those that a segment grows by.
What is hidden beyond that is taken for fewer than k of `hide groups below k`: with as many as k - 1 more, the change
must keep the limit. So a limit below k - 1 is never kept where the number is hidden. Large moves are seen, save where
two of them are hidden for the sake of small ones and make up for each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from ...compiler.changes.records import Changes
from ...dsl.diagnostics import Diagnostic
from ..change_gates import CHANGE_GATES, MAX_MOVERS, ChangeGateName, Limit
from ..outcomes.records import FairnessRecord, GuardKind, GuardRecord, TargetRecord
from ..settings import GATES, GateName, Settings
from .records import Comparison, JudgedRecord, MoveRecord, SegmentationRecord, SizeRecord

Verdict = Literal["passed", "failed", "not looked at"]
FEW = 3
"""More pairs of segments that are alike than this are told in one sentence."""


@dataclass(frozen=True, slots=True)
class GateResult:
    """What became of one gate. `stops`: whether failing stops the change, or is only reported. `why` says what was
    found, `remedy` what would make the gate pass; sentences without a full stop."""

    gate: str
    verdict: Verdict
    stops: bool
    why: tuple[str, ...]
    remedy: str | None = None

    @property
    def stopped(self) -> bool:
        """Whether the change is stopped by it."""
        return self.stops and self.verdict == "failed"


@dataclass(frozen=True, slots=True)
class Held:
    """What gates look at: the changes of the rules (None where there is nothing to compare with), what they do to the
    rows (None where no data was looked at), what `check` newly warns of, the fields that the change newly reads and
    that are personal or protected, and k of `hide groups below k`.

    `missing` says why one of the first two is None; `wanting`: data should have been looked at, and was not there, so
    that a gate which stops and asks for it fails. Nobody chose that it is left out."""

    changes: Changes | None
    comparison: Comparison | None
    warnings: tuple[Diagnostic, ...] = ()
    personal: tuple[str, ...] = ()
    hide_below: int | None = None
    missing: str = "there is nothing to compare with"
    wanting: bool = False


def held_against(settings: Settings, held: Held) -> tuple[GateResult, ...]:
    """Every gate that the settings name, in the order of the documentation: those of a change, then those of a run, as
    a run with the new rules would be stopped by them."""
    gates = settings.change_gates
    found: list[GateResult] = []
    if gates.max_movers is not None:
        found.append(_max_movers(gates.max_movers, held))
    asked: list[ChangeGateName] = [name for name in CHANGE_GATES if name in gates.stop or name in gates.report]
    found += [_CHANGE[name](name, name in gates.stop, held) for name in asked]
    found += [_of_run(name, held) for name in GATES if name in settings.gates]
    return tuple(found)


def new_warnings(before: Iterable[Diagnostic], after: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The warnings of `after` that `before` does not have; where they stand is no difference, how many there are is."""
    known = Counter((each.code, each.message) for each in before if each.severity == "warning")
    found: list[Diagnostic] = []
    for each in after:
        if each.severity == "warning":
            known[each.code, each.message] -= 1
            if known[each.code, each.message] < 0:
                found.append(each)
    return tuple(found)


# -- movers --------------------------------------------------------------------------------------------------------


def _max_movers(limit: Limit, held: Held) -> GateResult:
    """The segmentation in which the greatest share of rows moves decides."""
    if held.comparison is None:
        return _not_looked_at(MAX_MOVERS, True, held)
    results = [_movers_of(limit, each, held.hide_below) for each in held.comparison.segmentations]
    results += [_apart(limit, *each) for each in held.comparison.apart.items()]
    if not results:
        why = "no segmentation is both in the old rules and in the new ones, so nobody moves between segments"
        return GateResult(MAX_MOVERS, "passed", True, (why,))
    _, worst = max(results, key=lambda each: each[0])
    return worst


Badness = tuple[bool, bool, Fraction]
"""What tells the worst of several segmentations: whether it fails, whether it is hidden, the share that moves."""


def _apart(limit: Limit, name: str, why: str) -> tuple[Badness, GateResult]:
    """Of a segmentation that cannot be compared nobody knows how many move."""
    remedy = f"see to it that `{name}` can be compared, or take `{MAX_MOVERS}` out of this change's settings"
    why = f"`{name}` cannot be compared, so that it cannot be told: {why}"
    return (True, True, Fraction(0)), _movers_result(limit, why, True, remedy)


def _movers_of(limit: Limit, found: SegmentationRecord, k: int | None) -> tuple[Badness, GateResult]:
    name, table = found.segmentation, found.table
    if found.movers is not None and found.rows is not None:
        rows, movers = found.rows, found.movers
        fails = movers > limit.of(rows)
        share = Fraction(movers, rows) if rows else Fraction(0)
        why = f"`{name}`: {movers:,} of {rows:,} {table} ({_percent(share)}) move{'s' if movers == 1 else ''}"
        remedy = _fewer(limit, movers, rows, found.moves) if fails else None
        return (fails, False, share), _movers_result(limit, why, fails, remedy)
    return _hidden(limit, found, k)


def _hidden(limit: Limit, found: SegmentationRecord, k: int | None) -> tuple[Badness, GateResult]:
    name, table, rows, seen = found.segmentation, found.table, found.rows, _seen_to_move(found)
    most = max((k or 0) - 1, 0)
    if rows is None:
        why = f"`{name}`: how many {table} there are and move is hidden"
        kept = limit.rows is not None and limit.rows >= most
        remedy = None if kept else f"give `{MAX_MOVERS}` as a number of rows, {most:,} or more"
        return (not kept, True, Fraction(0)), _movers_result(limit, why, not kept, remedy)
    at_least = f"at least {seen:,} of {rows:,} {table} move" if seen else f"how many {table} move is hidden"
    share = Fraction(seen, rows) if rows else Fraction(0)
    if seen > limit.of(rows):
        why = f"`{name}`: {at_least}; the number itself is hidden"
        return (True, True, share), _movers_result(limit, why, True, _fewer(limit, seen + most, rows, found.moves))
    beyond = f"and as many as {most:,} more may, which is hidden" if seen else f"and taken for fewer than {k}"
    more = f"{at_least}, {beyond}"
    if seen + most <= limit.of(rows):
        return (False, True, share), _movers_result(limit, f"`{name}`: {more}", False, None)
    why = f"`{name}`: {more}, so that it cannot be told"
    return (True, True, share), _movers_result(limit, why, True, _fewer(limit, seen + most, rows, found.moves))


def _movers_result(limit: Limit, why: str, fails: bool, remedy: str | None) -> GateResult:
    told = f"at most {limit.said}{'' if limit.rows is None else ' rows'} may move; {why}"
    return GateResult(MAX_MOVERS, "failed" if fails else "passed", True, (told,), remedy)


def _seen_to_move(found: SegmentationRecord) -> int:
    """Movers that everybody can see. In an exclusive segmentation each leaves one segment and joins one; in an
    overlapping one a row may join or leave several, so that only the largest flow counts."""
    if not found.exclusive:
        flows = [each.count for each in found.moves if each.count is not None]
        return max([0, *flows, *(abs(_growth(size)) for size in found.sizes.values())])
    stay = found.migration or {}
    left = sum(_seen_beside(found, name, size.before, stay, by="before") for name, size in found.sizes.items())
    joined = sum(_seen_beside(found, name, size.after, stay, by="after") for name, size in found.sizes.items())
    return max(left, joined)


def _seen_beside(
    found: SegmentationRecord,
    segment: str,
    size: int | None,
    stay: Mapping[str, Mapping[str, int | None]],
    *,
    by: Literal["before", "after"],
) -> int:
    """Rows that are seen to leave a segment (by before), or to join it (by after)."""
    staying = stay.get(segment, {}).get(segment, 0)
    if size is not None and staying is not None:
        return size - staying
    flows = [
        each.count
        for each in found.moves
        if each.count is not None and (each.before if by == "before" else each.after) == segment
    ]
    growth = _growth(found.sizes[segment])
    return max(sum(flows), -growth if by == "before" else growth)


def _growth(size: SizeRecord) -> int:
    return 0 if size.hidden else (size.after or 0) - (size.before or 0)


def _fewer(limit: Limit, movers: int, rows: int, moves: Sequence[MoveRecord]) -> str:
    """What would make the gate pass, and where most of the movers come from."""
    raised = f"{movers:,}".replace(",", "_") if limit.rows is not None else f'"{_enough(movers, rows)}"'
    advice = f"write `{MAX_MOVERS} = {raised}` in segwright.toml, or move fewer"
    shown = [each for each in moves if each.count]
    if not shown:
        return advice
    largest = max(shown, key=lambda each: each.count or 0)
    cause = max(largest.causes, key=lambda each: each.count or 0, default=None)
    why = f": {cause.message}" if cause is not None else ""
    return f"{advice}; the largest move is {_move(largest)}, {largest.count:,} of them{why}"


def _move(move: MoveRecord) -> str:
    match move.before, move.after:
        case None, after:
            return f"into `{after}`"
        case before, None:
            return f"out of `{before}`"
        case before, after:
            return f"from `{before}` to `{after}`"


def _enough(movers: int, rows: int) -> str:
    """The least percent, to two places, that so many of the rows do not exceed."""
    hundredths = -(-movers * 10_000 // rows)
    return f"{hundredths / 100:g}%"


def _percent(share: Fraction) -> str:
    return f"{float(share):.2%}"


# -- what is newly so ------------------------------------------------------------------------------------------------


def _missed(name: ChangeGateName, stops: bool, held: Held) -> GateResult:
    if held.comparison is None:
        return _not_looked_at(name, stops, held)
    why = [_target(each.after) for each in held.comparison.targets if each.newly and _is_missed(each)]
    remedy = "change the rules so that these are kept, or change the targets in the rule files and say why"
    return _result(name, stops, why, "no target is newly missed", remedy)


def _broken(name: ChangeGateName, stops: bool, held: Held) -> GateResult:
    if held.comparison is None:
        return _not_looked_at(name, stops, held)
    guards = [each.after for each in held.comparison.guards if each.newly]
    broken = [each for each in guards if isinstance(each, GuardRecord) and each.holds is False]
    alike = Counter(_about(each) for each in broken if each.kind == "alike")
    why = [each.message for each in broken if each.kind != "alike" or alike[_about(each)] <= FEW]
    why += [
        f"{pairs:,} pairs of segments of `{segmentation}` differ in no measure beyond chance: consider fewer segments"
        for segmentation, pairs in alike.items()
        if pairs > FEW
    ]
    remedy = "change the rules or the data so that these hold, or what the rule files ask of segments"
    return _result(name, stops, why, "no guard is newly broken", remedy)


def _about(guard: GuardRecord) -> str:
    """The segmentation that a guard is about."""
    return guard.of.partition(".")[0]


def _unfairer(name: ChangeGateName, stops: bool, held: Held) -> GateResult:
    if held.comparison is None:
        return _not_looked_at(name, stops, held)
    why = [told for each in held.comparison.fairness for told in _worse(each)]
    remedy = "look at the conditions on which the groups differ most: `segwright report` shows them"
    return _result(name, stops, why, "no fairness ratio is worse", remedy)


def _worse(found: JudgedRecord) -> Iterator[str]:
    before, after = found.before, found.after
    if not isinstance(after, FairnessRecord) or after.four_fifths is not False:
        return
    if found.newly:
        yield after.message
    elif isinstance(before, FairnessRecord) and before.ratio is not None and (after.ratio or 0) < before.ratio:
        yield f"{after.message}; it was {_percent(Fraction(before.ratio))}"


def _personal(name: ChangeGateName, stops: bool, held: Held) -> GateResult:
    if held.changes is None:
        return _not_looked_at(name, stops, held)
    why = [f"{each} is read now, and was not before" for each in held.personal]
    return _result(
        name,
        stops,
        why,
        "no personal or protected field is newly read",
        "leave it out, or have the reading agreed to: `segwright privacy` shows who reads it for what",
    )


def _warned(name: ChangeGateName, stops: bool, held: Held) -> GateResult:
    if held.changes is None:
        return _not_looked_at(name, stops, held)
    why = [f"{each.code}: {each.message}" for each in held.warnings]
    return _result(name, stops, why, "`check` warns of nothing new", "mend them: `segwright check` shows where and how")


_CHANGE: Mapping[ChangeGateName, Callable[[ChangeGateName, bool, Held], GateResult]] = {
    "newly_missed_targets": _missed,
    "newly_broken_guards": _broken,
    "worse_fairness": _unfairer,
    "newly_read_personal": _personal,
    "warnings": _warned,
}


# -- gates of a run --------------------------------------------------------------------------------------------------


def _of_run(name: GateName, held: Held) -> GateResult:
    """A run with the new rules would be stopped by it, whatever the old ones came to."""
    if held.comparison is None:
        return _not_looked_at(name, True, held)
    why = [*dict.fromkeys(_FAILING[name](held.comparison))]
    return _result(name, True, why, "nothing stops a run", f"{_WAYS[name]}; a run stops for this, too")


def _targets(comparison: Comparison) -> Iterator[str]:
    yield from (_target(each.after) for each in comparison.targets if _is_missed(each))


def _unfair(comparison: Comparison) -> Iterator[str]:
    for each in comparison.fairness:
        if isinstance(each.after, FairnessRecord) and each.after.four_fifths is False:
            yield each.after.message


def _guards(kind: GuardKind) -> Callable[[Comparison], Iterator[str]]:
    def failing(comparison: Comparison) -> Iterator[str]:
        for each in comparison.guards:
            if isinstance(each.after, GuardRecord) and each.after.kind == kind and each.after.holds is False:
                yield each.after.message

    return failing


_FAILING: Mapping[GateName, Callable[[Comparison], Iterator[str]]] = {
    "freshness": _guards("freshness"),
    "segment_size": _guards("size"),
    "targets": _targets,
    "fairness": _unfair,
    "refresh": _guards("refresh"),
    "review": _guards("review"),
}


_WAYS: Mapping[GateName, str] = {
    "freshness": "bring newer data, or ask for less in `freshness`",
    "segment_size": "let the segment have more rows, or ask for fewer in `each segment at least`",
    "targets": "change the rules so that it is kept, or the target in the rule files",
    "fairness": "look at the conditions on which the groups differ most: `segwright report` shows them",
    "refresh": "run the rules before this change is made: `segwright run`",
    "review": "review the rules, and say when in `last reviewed`",
}


def _is_missed(found: JudgedRecord) -> bool:
    return isinstance(found.after, TargetRecord) and found.after.verdict == "missed"


def _target(found: object) -> str:
    assert isinstance(found, TargetRecord)
    return f"`{found.segment}` of `{found.segmentation}` misses its target: {found.said}"


def _result(gate: str, stops: bool, why: Sequence[str], fine: str, remedy: str) -> GateResult:
    if why:
        return GateResult(gate, "failed", stops, tuple(why), remedy)
    return GateResult(gate, "passed", stops, (fine,))


def _not_looked_at(gate: str, stops: bool, held: Held) -> GateResult:
    """Where the rules mean what they meant, a change does nothing; what the rules come to is for a run to say."""
    if held.changes is not None and held.changes.same_meaning and gate not in GATES:
        return GateResult(gate, "passed", stops, ("the rules mean what they meant",))
    if stops and held.wanting:
        remedy = "bring the data, or leave this gate out on purpose: `segwright ci --no-data`"
        return GateResult(gate, "failed", stops, (f"it cannot be looked at: {held.missing}",), remedy)
    return GateResult(gate, "not looked at", stops, (held.missing,))
