"""Decision tables: from what was written to a typed `Choice`."""

from __future__ import annotations

from collections.abc import Sequence

from .. import program as p
from .. import syntax as s
from ..diagnostics import Edit, Fix, Label, Problems, replace
from ..source import Span
from ..types import BOOLEAN, NUMBER, TEXT, Type
from ..wording import text_wording, wording, written
from .cells import Input, cell_test
from .declared import declaration_labels
from .expressions import check_value
from .literals import literal_of, literal_type, literal_value, literal_wording, type_wording
from .names import Names, Scope
from .references import is_declared_here, reference
from .suggest import did_you_mean


def check_head(decision: s.DecisionTable, names: Names) -> None:
    """Report a head that calls the decision otherwise, or does not say how its rows are tried."""
    result = decision.result
    if result is not None and result.text != decision.name.text:
        names.broken.add(result.text)
        names.problems.error(
            "SEG800",
            decision.name.span,
            f"the decision `{decision.name.text}` has the name `{result.text}` in the head of its table, and it is one "
            "name",
            labels=[Label(result.span, "the name that rules read it by")],
            fixes=[
                replace(decision.name.span, written(result.text), f"call the decision `{result.text}`"),
                replace(result.span, written(decision.name.text), f"call it `{decision.name.text}` in the table too"),
            ],
        )
    if decision.policy is None:
        last = next(each for each in (decision.table, decision.title, decision.name) if each is not None)
        at = Span(last.span.file, last.span.end, last.span.end)
        names.problems.error(
            "SEG801",
            decision.name.span,
            f"say how the rows of `{decision.name.text}` are tried: `first`, the first row that holds decides, or "
            "`unique`, at most one row can hold",
            fixes=[Fix(f"write `{word}`", (Edit(at, f" {word}"),)) for word in ("first", "unique")],
        )


def checked_decision(decision: s.DecisionTable, table: str, names: Names) -> p.Choice | None:
    """The decision over the rows of `table`; None where a part of it is wrong, which has been reported."""
    scope = Scope(names, table, "let", decision.name.text)
    inputs = [checked_input(each, scope) for each in decision.inputs]
    _report_repeated(inputs, names.problems, table)
    rows, otherwise = _in_place(decision, names.problems)
    type = _result_type(decision, scope)
    checked = [_row(row, inputs, type, decision, scope) for row in rows]
    rest = None if otherwise is None or type is None else _result(otherwise.result, type, decision, scope)
    known = [each.value for each in inputs if each is not None]
    whole = [row for row in checked if row is not None]
    if len(known) < len(inputs) or len(whole) < len(rows) or type is None or not rows or decision.damaged:
        return None
    if otherwise is not None and rest is None:
        return None
    _warn_of_idle_columns(inputs, whole, decision, names.problems, table)
    return p.Choice(decision.policy == "unique", tuple(known), tuple(whole), rest, type, decision.span)


# -- inputs ----------------------------------------------------------------------------------------------------------


def checked_input(written: s.Expr, scope: Scope) -> Input | None:
    """What cells look at; None where it is wrong, which has been reported."""
    value = check_value(written, scope)
    if value is None:
        return None
    if isinstance(value, (p.Const, p.ParameterRef)):
        words = wording(value, scope.table)
        scope.names.problems.error(
            "SEG802", written.span, f"`{words}` is the same for every row, so nothing can be decided by it"
        )
        return None
    return Input(written, value)


def _report_repeated(inputs: Sequence[Input | None], problems: Problems, table: str) -> None:
    first: dict[p.Expr, Span] = {}
    for each in inputs:
        if each is None:
            continue
        if each.value in first:
            problems.error(
                "SEG803",
                each.written.span,
                f"`{wording(each.value, table)}` has a column already",
                labels=[Label(first[each.value], "this one")],
                hints=["one cell can hold a range, `[640..720)`, or a list, `1, 2`"],
            )
        first.setdefault(each.value, each.written.span)


def _warn_of_idle_columns(
    inputs: Sequence[Input | None], rows: Sequence[p.Row], decision: s.DecisionTable, problems: Problems, table: str
) -> None:
    """Warn of a column that holds whatever its input is, in every row."""
    for at, each in enumerate(inputs):
        if each is not None and all(row.cells[at] == p.Const(True, BOOLEAN) for row in rows):
            problems.warning(
                "SEG809",
                each.written.span,
                f"every row has `any` for `{wording(each.value, table)}`, so it decides nothing in "
                f"`{decision.name.text}`",
            )


# -- rows ------------------------------------------------------------------------------------------------------------


def _in_place(decision: s.DecisionTable, problems: Problems) -> tuple[list[s.DecisionRow], s.DecisionRow | None]:
    """The rows, and apart from them the `otherwise`, which is the last and the only one."""
    others = [row for row in decision.rows if row.cells[0].kind == "otherwise"]
    rows = [row for row in decision.rows if row.cells[0].kind != "otherwise"]
    if not rows and not decision.damaged:
        only = " but `otherwise`" if others else ""
        problems.error(
            "SEG804",
            decision.name.span,
            f"`{decision.name.text}` has no row{only}, so there is nothing to decide",
        )
    for row in others[1:]:
        problems.error(
            "SEG805",
            row.cells[0].span,
            f"`{decision.name.text}` has an `otherwise` already",
            labels=[Label(others[0].cells[0].span, "the first one")],
        )
    if len(others) == 1 and decision.rows[-1] is not others[0]:
        following = decision.rows[decision.rows.index(others[0]) + 1]
        problems.error(
            "SEG805",
            others[0].cells[0].span,
            "`otherwise` comes last: it decides what fits no row",
            labels=[Label(following.span, "this row stands after it")],
        )
    return rows, others[0] if others else None


def _row(
    row: s.DecisionRow, inputs: Sequence[Input | None], type: Type | None, decision: s.DecisionTable, scope: Scope
) -> p.Row | None:
    cells: list[p.Expr | None] = []
    for cell, asked in zip(row.cells, inputs, strict=True):
        if cell.kind == "otherwise":
            scope.names.problems.error(
                "SEG805",
                cell.span,
                "`otherwise` stands alone before its result; a cell that fits everything is `any`",
                fixes=[replace(cell.span, "any")],
            )
        cells.append(None if asked is None else cell_test(cell, asked, scope))
    result = None if type is None else _result(row.result, type, decision, scope)
    known = tuple(cell for cell in cells if cell is not None)
    if result is None or len(known) < len(cells):
        return None
    return p.Row(known, result, row.span)


# -- results ---------------------------------------------------------------------------------------------------------


def _result_type(decision: s.DecisionTable, scope: Scope) -> Type | None:
    """The type of all results: that of the first, a number where whole numbers stand beside others, a closed list where
    all are texts. None where there is no result."""
    typed = [_type(row.result, scope) for row in decision.rows]
    found = [each for each in typed if each is not None]
    if not found:
        return TEXT if typed else None  # names without a meaning are texts without quotes, most likely
    kinds = {each.kind for each in found}
    if found[0].kind == "integer" and "number" in kinds:
        return NUMBER
    texts = [literal for row in decision.rows if isinstance(literal := literal_of(row.result), s.Text)]
    if len(texts) == len(decision.rows):
        return Type("text", choices=tuple(dict.fromkeys(each.value for each in texts)))
    return found[0]


def _type(result: s.Expr, scope: Scope) -> Type | None:
    literal = literal_of(result)
    if literal is not None:
        return literal_type(literal)
    match result:
        case s.Ref(parts=(name,)) if name.text in scope.names.parameters:
            return scope.names.parameters[name.text].type
        case _:
            return None


def _result(written: s.Expr, type: Type, decision: s.DecisionTable, scope: Scope) -> p.Expr | None:
    """A result in the type of all; None where it is wrong, which has been reported."""
    literal = literal_of(written)
    if literal is not None:
        return _literal(literal, type, decision, scope)
    if not isinstance(written, s.Ref) or _reported_unquoted(written, type, scope):
        return None
    found = reference(written, scope)
    if isinstance(found, p.ParameterRef):
        return found if _agrees(found, type, decision, scope) else None
    if found is not None:
        scope.names.problems.error(
            "SEG807",
            written.span,
            f"`{wording(found, scope.table)}` differs from row to row, and a result is a fixed value or a parameter",
            labels=declaration_labels(found, scope),
        )
    return None


def _literal(literal: s.LiteralNode, type: Type, decision: s.DecisionTable, scope: Scope) -> p.Const | None:
    first = decision.rows[0].result.span
    labels = [] if first == literal.span else [Label(first, "the first result")]
    problems = scope.names.problems
    if type.kind == "number" and isinstance(literal, s.Percent):
        _disagree(literal.span, literal_wording(literal), literal_type(literal), type, decision, scope)
        return None
    value = literal_value(literal, type, problems, decision.name.text, labels)
    return None if value is None else p.Const(value, type, literal.span)


def _agrees(found: p.ParameterRef, type: Type, decision: s.DecisionTable, scope: Scope) -> bool:
    if found.type.kind == type.kind:
        return True
    _disagree(found.span, found.name, found.type, type, decision, scope)
    return False


def _disagree(span: Span, words: str, own: Type, type: Type, decision: s.DecisionTable, scope: Scope) -> None:
    hints = ["a whole number is a number when it is written as in `5.0`"] if own.kind == "integer" else []
    scope.names.problems.error(
        "SEG806",
        span,
        f"`{words}` is {type_wording(own)}, and other results of `{decision.name.text}` are {_plural(type)}: all "
        "are of one type",
        labels=[Label(decision.rows[0].result.span, "the first result")],
        hints=hints,
    )


def _plural(type: Type) -> str:
    match type.kind:
        case "boolean":
            return "`true` or `false`"
        case "text" | "money":
            return type.kind
        case kind:
            return f"{kind}s"


def _reported_unquoted(ref: s.Ref, type: Type, scope: Scope) -> bool:
    """`| otherwise | C |`"""
    names = scope.names
    if type.kind != "text" or len(ref.parts) != 1 or is_declared_here(ref.text, scope) or ref.text in names.broken:
        return False
    if did_you_mean(ref.parts[0], names.parameters):
        return False
    names.problems.error(
        "SEG217",
        ref.span,
        f"`{ref.text}` is no name that is known here, and a text stands in quotes",
        fixes=[replace(ref.span, text_wording(ref.text))],
    )
    return True
