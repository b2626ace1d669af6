"""Lets, decisions and scorecards: to which table each belongs, and their typed values, made when first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from .. import program as p
from .. import syntax as s
from ..diagnostics import Label, Problems
from .decisions import check_head, checked_decision
from .expressions import check_value
from .mentions import mentioned
from .names import Names, Scope
from .scorecards import checked_scorecard
from .tables import ROLE_IN_WORDS, table_named

Key = tuple[str, str]
Written = s.Let | s.DecisionTable | s.Scorecard
"""What gives a value for each row of its table."""


def what_is(declaration: Written) -> str:
    """A declaration as a sentence calls it: "a {…} of its own"."""
    match declaration:
        case s.Let():
            return "`let`"
        case s.DecisionTable():
            return "decision"
        case s.Scorecard():
            return "scorecard"


def declare_lets(declarations: Sequence[Written], names: Names) -> dict[Key, Written]:
    """Fill `names.let_names` and `names.let`; the lets by table and name, in the order written."""
    written: dict[Key, Written] = {}
    for declaration in declarations:
        if isinstance(declaration, s.DecisionTable):
            check_head(declaration, names)
        table = row_table(declaration.name, declaration.table, what_is(declaration).strip("`"), names)
        if table is None:
            names.broken.add(declaration.name.text)
            continue
        key = (table.name, declaration.name.text)
        written[key] = declaration
        names.let_names[key] = declaration.name.span
        field = next((field for field in table.fields if field.name == declaration.name.text), None)
        if field is not None:
            names.problems.error(
                "SEG108",
                declaration.name.span,
                f"`{field.name}` is a field of `{table.name}` already; a {what_is(declaration)} needs a name of "
                "its own",
                labels=[Label(field.span, "the field")],
            )
    names.let = _typing_on_first_use(written, names)
    return written


def typed_lets(written: dict[Key, Written], names: Names) -> list[p.Let]:
    """Every let that could be typed, in the order written."""
    typed = {(table, name): names.let(table, written[table, name].name) for table, name in _likely_order(written)}
    return [let for key in written if (let := typed[key]) is not None]


def row_table(name: s.Name, of: s.Name | None, what: str, names: Names) -> p.Table | None:
    """The table over whose rows a let or segmentation stands: the one after `of`, else the only root table. None where
    there is none, which has been reported."""
    candidates = [table.name for table in names.tables.values() if table.role in ("root", "child")]
    if of is None:
        return _only_root(name, names)
    table = table_named(of, names, candidates)
    if table is not None and table.role in ("events", "attached"):
        if table.name in names.broken:
            return None
        names.problems.error(
            "SEG105",
            of.span,
            f"a {what} belongs to a table that is decided about, and `{table.name}` {ROLE_IN_WORDS[table.role]}",
            labels=[Label(table.span, "declared here")],
            hints=_where_instead(table, what),
        )
        return None
    return table


def _where_instead(table: p.Table, what: str) -> list[str]:
    if table.parent is None:
        return []
    over = f"write the {what} over the rows of `{table.parent}`"
    if table.role == "attached":
        fields = [field.name for field in table.fields if field.name != table.by]
        return [f"{over}, where a field of `{table.name}` is read as `{table.name}.{(*fields, 'field')[0]}`"]
    return [f"{over}, which aggregates `{table.name}`"]


def _only_root(name: s.Name, names: Names) -> p.Table | None:
    roots = [table for table in names.tables.values() if table.role == "root"]
    if len(roots) == 1:
        return roots[0]
    if roots:
        listed = " or ".join(f"`of {root.name}`" for root in roots)
        message = f"several tables stand on their own, so say to which `{name.text}` belongs: {listed}"
    elif names.tables or names.broken:
        return None  # the table that would have been the root has been reported
    else:
        message = (
            f"there is no table that `{name.text}` could belong to: declare one with `table … key …`, "
            "or `use` the file that does"
        )
    names.problems.error("SEG104", name.span, message)
    return None


def _likely_order(written: dict[Key, Written]) -> list[Key]:
    """The lets, each after those that it mentions, so that typing one never runs down a long chain of them. A mention
    may turn out to mean something else, and lets may go in a circle: this is an order, not a check."""
    by_name = {name: (table, name) for table, name in written}
    done: dict[Key, None] = {}
    begun: set[Key] = set()
    for start in written:
        path = [(start, _mentioned(written[start]))]
        begun.add(start)
        while path:
            key, left = path[-1]
            following = next((by_name[name] for name in left if name in by_name), None)
            if following is None:
                done[key] = None
                path.pop()
            elif following not in begun:
                begun.add(following)
                path.append((following, _mentioned(written[following])))
    return list(done)


def _mentioned(declaration: Written) -> Iterator[str]:
    """The names that a declaration mentions, apart from those in cells, which are parameters."""
    match declaration:
        case s.Let(value=value):
            yield from mentioned(value)
        case s.DecisionTable(inputs=inputs):
            for each in inputs:
                yield from mentioned(each)
        case s.Scorecard(items=items):
            for item in items:
                yield from mentioned(item.by if isinstance(item, s.Characteristic) else item.condition)


def _checked_value(declaration: Written, table: str, names: Names) -> p.Expr | None:
    match declaration:
        case s.Let(name=name, value=value):
            return check_value(value, Scope(names, table, "let", name.text))
        case s.DecisionTable():
            return checked_decision(declaration, table, names)
        case s.Scorecard():
            return checked_scorecard(declaration, table, names)


def _typing_on_first_use(written: dict[Key, Written], names: Names) -> Callable[[str, s.Name], p.Let | None]:
    typed: dict[Key, p.Let | None] = {}
    asked_by: dict[Key, s.Name] = {}  # what is being typed, in order, with the name that asked for it

    def let(table: str, name: s.Name) -> p.Let | None:
        key = (table, name.text)
        if key in typed:
            return typed[key]
        declaration = written.get(key)
        if declaration is None:
            return None
        if key in asked_by:
            chain = list(asked_by)
            circle = chain[chain.index(key) :]
            references = [*(asked_by[each] for each in circle[1:]), name]
            first = circle.index(min(circle, key=list(written).index))
            _report_circle(circle[first:] + circle[:first], references[first:] + references[:first], names.problems)
            for each in circle:
                typed[each] = None
            return None
        asked_by[key] = name
        value = _checked_value(declaration, table, names)
        del asked_by[key]
        if key in typed:  # it turned out to be part of a circle
            return typed[key]
        title = declaration.title.value if declaration.title else None
        typed[key] = None if value is None else p.Let(name.text, title, table, value, declaration.name.span)
        return typed[key]

    return let


def _report_circle(circle: list[Key], references: list[s.Name], problems: Problems) -> None:
    """`references[i]` is the name by which `circle[i]` reads the next one."""
    if len(circle) == 1:
        message = f"`{circle[0][1]}` is declared by itself"
    else:
        chain = ", which reads ".join(f"`{name.text}`" for name in references)
        message = f"`{circle[0][1]}` reads {chain}: none of them can be known before the other"
    problems.error(
        "SEG110",
        references[0].span,
        message,
        labels=[Label(name.span, "and this one") for name in references[1:]],
    )
