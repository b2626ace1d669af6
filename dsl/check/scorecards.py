"""Scorecards: from what was written to a typed `Score`."""

from __future__ import annotations

from collections.abc import Sequence

from .. import program as p
from .. import syntax as s
from ..diagnostics import Label, Problems, replace
from ..types import INTEGER
from ..wording import wording
from .cells import Input, cell_test
from .decisions import checked_input
from .expressions import check_condition
from .literals import INTEGER_LIMIT
from .names import Names, Scope
from .references import is_declared_here


def checked_scorecard(scorecard: s.Scorecard, table: str, names: Names) -> p.Score | None:
    """The scorecard over the rows of `table`; None where a part of it is wrong, which has been reported."""
    scope = Scope(names, table, "let", scorecard.name.text)
    problems = names.problems
    if not scorecard.items and not scorecard.damaged:
        problems.error(
            "SEG840",
            scorecard.name.span,
            f"`{scorecard.name.text}` has nothing to give points for: neither `by` nor `when`",
        )
    start = 0 if scorecard.start is None else _points(scorecard.start, problems)
    checked = [
        _characteristic(item, scorecard, scope) if isinstance(item, s.Characteristic) else _when(item, scope)
        for item in scorecard.items
    ]
    known = tuple(each for each in checked if each is not None)
    if start is None or not known or len(known) < len(checked) or scorecard.damaged:
        return None
    _report_repeated(known, problems, table)
    if not _within_limits(scorecard, start, known, problems):
        return None
    for each in known:
        _warn_of_idle_reasons(each, problems)
    return p.Score(start, known, INTEGER, scorecard.span)


# -- characteristics -------------------------------------------------------------------------------------------------


def _characteristic(written: s.Characteristic, scorecard: s.Scorecard, scope: Scope) -> p.Characteristic | None:
    problems = scope.names.problems
    by = checked_input(written.by, scope)
    if not written.bins and not scorecard.damaged:
        problems.error("SEG841", written.by.span, "this characteristic has no bin that gives points")
    _check_otherwise(written.bins, problems)
    bins = [_bin(each, by, scope) for each in written.bins]
    known = tuple(bin for bin in bins if bin is not None)
    if by is None or not known or len(known) < len(bins):
        return None
    return p.Characteristic(by.value, known, written.span)


def _check_otherwise(bins: Sequence[s.Bin], problems: Problems) -> None:
    others = [bin for bin in bins if bin.cell.kind == "otherwise"]
    for bin in others[1:]:
        problems.error(
            "SEG842",
            bin.cell.span,
            "this characteristic has an `otherwise` already",
            labels=[Label(others[0].cell.span, "the first one")],
        )
    if len(others) == 1 and bins[-1] is not others[0]:
        following = bins[bins.index(others[0]) + 1]
        problems.error(
            "SEG842",
            others[0].cell.span,
            "`otherwise` comes last: it takes what no other bin does",
            labels=[Label(following.cell.span, "this bin stands after it")],
        )


def _bin(written: s.Bin, by: Input | None, scope: Scope) -> p.Bin | None:
    problems = scope.names.problems
    points = _points(written.points, problems)
    if _is_any(written.cell, scope):
        problems.error(
            "SEG843",
            written.cell.span,
            "`any` takes everything, and a value lies in one bin: the bin for all others is `otherwise`",
            fixes=[replace(written.cell.span, "otherwise")],
        )
        return None
    when = None if by is None else cell_test(written.cell, by, scope)
    return None if points is None or when is None else p.Bin(when, points, _reason(written.reason), written.span)


def _is_any(cell: s.Cell, scope: Scope) -> bool:
    """Whether a bin says `any`, which is a name where no bar follows it."""
    match cell.values:
        case (s.Ref(parts=(name,)),) if cell.kind == "values":
            return name.text == "any" and not is_declared_here("any", scope)
        case _:
            return cell.kind == "any"


def _when(written: s.ScoreWhen, scope: Scope) -> p.Characteristic | None:
    points = _points(written.points, scope.names.problems)
    condition = check_condition(written.condition, scope)
    if points is None or condition is None:
        return None
    if isinstance(condition, p.Const | p.ParameterRef):
        scope.names.problems.error(
            "SEG802", written.condition.span, "this is the same for every row, so no points can depend on it"
        )
        return None
    bin = p.Bin(condition, points, _reason(written.reason), written.span)
    return p.Characteristic(None, (bin,), written.span)


def _reason(written: s.Reason | None) -> p.Reason | None:
    return None if written is None or written.text is None else p.Reason(written.code.text, written.text.value)


def _report_repeated(characteristics: Sequence[p.Characteristic], problems: Problems, table: str) -> None:
    first: dict[p.Expr, p.Expr] = {}
    for each in characteristics:
        if each.by is None:
            continue
        before = first.setdefault(each.by, each.by)
        if before is not each.by:
            problems.error(
                "SEG803",
                each.by.span,
                f"`{wording(each.by, table)}` is a characteristic already, and would give points twice",
                labels=[Label(before.span, "here")],
            )


# -- points ----------------------------------------------------------------------------------------------------------


def _points(written: s.Number, problems: Problems) -> int | None:
    if not written.whole:
        problems.error("SEG844", written.span, "points are whole numbers")
        return None
    return int(written.value)


def _within_limits(
    scorecard: s.Scorecard, start: int, characteristics: Sequence[p.Characteristic], problems: Problems
) -> bool:
    """Whether no sum of points on the way leaves 64 bits, also of a part of them; reported where one does."""
    least = most = start
    of_any_part = 0
    for at in range(len(characteristics) + 1):
        if least < -INTEGER_LIMIT or most >= INTEGER_LIMIT or of_any_part >= INTEGER_LIMIT:
            problems.error(
                "SEG845",
                scorecard.name.span,
                f"the points of `{scorecard.name.text}` can add up beyond 64 bits, which no integer holds",
            )
            return False
        if at < len(characteristics):
            points = _attainable(characteristics[at])
            least, most = least + min(points), most + max(points)
            of_any_part += max(map(abs, points))
    return True


def _attainable(characteristic: p.Characteristic) -> list[int]:
    """The points that a characteristic can give; `when` gives none where it is not true."""
    return [*(bin.points for bin in characteristic.bins), *([0] if characteristic.by is None else [])]


def _warn_of_idle_reasons(characteristic: p.Characteristic, problems: Problems) -> None:
    """Warn of reasons for which no points are lost: they are never given."""
    best = max(_attainable(characteristic))
    for bin in characteristic.bins:
        if bin.reason is not None and bin.points == best:
            what = "takes no points away" if characteristic.by is None else "has the most points of its characteristic"
            problems.warning(
                "SEG846",
                bin.span,
                f"the reason `{bin.reason.code}` is never given: a reason says what points were lost for, and this "
                f"{'' if characteristic.by is None else 'bin '}{what}",
            )
