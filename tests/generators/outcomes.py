"""What segments are judged by and held to, as source text: measures, targets, policies, experiments, guarantees,
tests."""

from __future__ import annotations

from dataclasses import replace

from segwright.dsl.types import INTEGER, NUMBER, PERCENT, Type

from .conditions import condition, previous, segment_question
from .draws import Draw, chance, count, pick
from .expressions import NUMERIC, ORDERED, one_of_each_kind, standing, value
from .literals import literals
from .schema import Column, Shape
from .scope import Declared, MeasureShape, Scope, SegmentationShape

# -- measures ----------------------------------------------------------------------------------------------------


def measures(draw: Draw, declared: Declared, of: dict[str, str]) -> tuple[list[str], tuple[MeasureShape, ...]]:
    """A few measures; `of` says for each table how its declarations name it."""
    texts: list[str] = []
    found: list[MeasureShape] = []
    tables = list(dict.fromkeys(shape.table for shape in declared.segmentations))
    for number in range(pick(draw, (0, 1, 1, 2, 3))):
        table = declared.table(pick(draw, tables))
        scope = Scope(declared, table, ranked=True)  # nothing personal
        text, type_ = _figure(draw, scope, 1) if chance(draw, 70) else _extreme(draw, scope)
        title = pick(draw, ("", ' "Title of it"'))
        better = pick(draw, ("", " lower is better", " higher is better"))
        texts.append(f"measure measure{number}{title}{of[table.name]}{better} = {text}")
        if type_.kind in NUMERIC:
            found.append(MeasureShape(f"measure{number}", table.name, type_))
    return texts, tuple(found)


def _figure(draw: Draw, scope: Scope, depth: int) -> tuple[str, Type]:
    if depth <= 0 or chance(draw, 60):
        return _group(draw, scope)
    (left, _), (right, _) = _figure(draw, scope, depth - 1), _figure(draw, scope, depth - 1)
    return f"{_part(left)} / {_part(right)}", NUMBER


def _extreme(draw: Draw, scope: Scope) -> tuple[str, Type]:
    """The least or greatest of something that has an order and may not be a number."""
    types = one_of_each_kind(named.type for named in scope.names if named.type.kind in ORDERED)
    found = value(draw, scope, pick(draw, types), 1) if types else None
    return _group(draw, scope) if found is None else (f"{pick(draw, ('min', 'max'))} of {found.enclosed()}", found.type)


def _part(text: str) -> str:
    return text if text.startswith("(") and text.endswith(")") else f"({text})"


def _group(draw: Draw, scope: Scope) -> tuple[str, Type]:
    """One aggregate over the group."""
    kind = pick(draw, ("value", "value", "value", "count", "share", "built-in", "net promoter score"))
    if kind == "value":
        made = _of_value(draw, scope)
        if made is not None:
            return made
    if kind == "net promoter score":
        answer = value(draw, scope, INTEGER, 1)
        if answer is not None:
            return f"net promoter score of {answer.enclosed()}", NUMBER
    if kind == "built-in":
        return f"conversion (offered ({_asked(draw, scope)}), converted ({_asked(draw, scope)}))", PERCENT
    if kind == "share":
        return f"share where {_asked(draw, scope)}", PERCENT
    name = scope.table.name
    return f"(count of {name} where {_asked(draw, scope)})" if chance(draw, 50) else f"count of {name}", INTEGER


def _of_value(draw: Draw, scope: Scope) -> tuple[str, Type] | None:
    types = one_of_each_kind(named.type for named in scope.names if named.type.kind in NUMERIC)
    found = value(draw, scope, pick(draw, types or [INTEGER]), 2)
    if found is None:
        return None
    function = pick(draw, ("sum", "average", "median", "min", "max"))
    type_ = NUMBER if function in ("average", "median") else found.type
    return f"{function} of {found.enclosed()}", type_


def _asked(draw: Draw, scope: Scope) -> str:
    """A condition on rows, which may also ask where they stand, for segments and for the run before."""
    everything = replace(scope, ranked=False)
    beyond = [
        lambda: standing(draw, everything, 1),
        lambda: segment_question(draw, everything),
        lambda: previous(draw, everything),
    ]
    found = pick(draw, beyond)() if chance(draw, 40) else None
    return condition(draw, scope, 1) if found is None else f"({found})"


# -- the others --------------------------------------------------------------------------------------------------


def judged(draw: Draw, declared: Declared, known: tuple[MeasureShape, ...]) -> list[str]:
    """Targets, policies, experiments, guarantees."""
    texts: list[str] = []
    if declared.segmentations:
        texts += _targets(draw, declared, known)
        texts += [_experiment(draw, declared, known, number) for number in range(count(draw, 0, 1))]
        texts += [_guarantee(draw, declared, number) for number in range(count(draw, 0, 2))]
        texts += _policies(draw, declared)
    return texts


def followed(draw: Draw, declared: Declared, of: dict[str, str], known: tuple[MeasureShape, ...]) -> list[str]:
    """Measures that look ahead, at horizons, and periods by which all measures are reported."""
    tables = list(dict.fromkeys(shape.table for shape in declared.segmentations))
    texts = [text for table in tables if (text := _ahead(draw, declared, declared.table(table), of[table]))]
    if texts and chance(draw, 60):
        texts.append(f"measures at {pick(draw, ('1, 3 months', '30 days', '6, 24 months'))}")
    if (texts or known) and chance(draw, 50):
        texts += _vintages(draw, declared, tables)
    return texts


def _ahead(draw: Draw, declared: Declared, table: Shape, of: str) -> str | None:
    sources = [each.name for each in declared.tables if each.parent == table.name and each.role == "events"]
    if not sources or not chance(draw, 30):
        return None
    source, window = pick(draw, sources), f"in next {pick(draw, ('12 months', '90 days', '1 year', '1 day'))}"
    figures = (
        f"share where any {source} {window}",
        f"average of (count of {source} {window})",
        f"sum of (count of {source} {window}) / count of {table.name}",
        f"cost to serve (cost (count of {source} {window}))",
        f"conversion (offered (any {source} ever), converted (any {source} {window}))",
        f"return on investment (gain (count of {source} {window}), cost (count of {source} ever))",
        f"loss ratio (losses (count of {source} {window}), premiums (count of {source} in last 2 months))",
    )
    return f"measure later_{table.name}{of} = {pick(draw, figures)}"


def _vintages(draw: Draw, declared: Declared, tables: list[str]) -> list[str]:
    """Periods of a date of the rows, nothing personal, and nothing for some purposes only."""
    dates = [
        f"{name}.{column.name}"
        for name in tables
        for column in declared.table(name).columns
        if column.type.kind in ("date", "timestamp")
        and not any(label in column.modifiers for label in ("personal", "protected", " for "))
    ]
    return [f"measures by {pick(draw, ('month', 'quarter', 'year'))} of {pick(draw, dates)}"] if dates else []


def _segment(draw: Draw, declared: Declared, table: str | None = None) -> tuple[SegmentationShape, str]:
    shapes = [each for each in declared.segmentations if table in (None, each.table)]
    shape = pick(draw, shapes)
    name = pick(draw, shape.segments)
    return shape, f"{shape.name}.{name}"


def _targets(draw: Draw, declared: Declared, known: tuple[MeasureShape, ...]) -> list[str]:
    texts: dict[str, str] = {}
    for _ in range(count(draw, 0, 3)):
        shape, segment = _segment(draw, declared)
        fitting = [each for each in known if each.table == shape.table]
        items = [f"size {pick(draw, ('at least', 'at most', '>='))} {pick(draw, ('5%', '10', '33.3%'))}"]
        if fitting and chance(draw, 60):
            measure = pick(draw, fitting)
            said = [
                each for each in literals(measure.type, declared.as_of) if "%" not in each or measure.type == PERCENT
            ]
            operator = pick(draw, ("at least", "at most", "below", ">", "="))
            items.insert(0, f"{measure.name} {operator} {pick(draw, said)}")
        texts.setdefault(segment, f"target {segment} {', '.join(items)}")
    return list(texts.values())


def _experiment(draw: Draw, declared: Declared, known: tuple[MeasureShape, ...], number: int) -> str:
    shape, segment = _segment(draw, declared)
    fitting = [each.name for each in known if each.table == shape.table]
    success = f"\n  success {', '.join(fitting)}" if fitting else ""
    arms = pick(draw, ("treated 90%, control 10%", 'one "The first" 33.3%, two 33.3%, three 33.4%'))
    return f'experiment experiment{number} "Tried out" on {segment}\n  arms {arms}{success}'


def _guarantee(draw: Draw, declared: Declared, number: int) -> str:
    shape, segment = _segment(draw, declared)
    scope = Scope(declared, declared.table(shape.table))
    kind = pick(draw, ("no", "every"))
    where = f" where {condition(draw, scope, 2)}" if kind == "every" or chance(draw, 70) else ""
    return f'guarantee "number {number}"\n  {kind} {segment}{where}'


def _policies(draw: Draw, declared: Declared) -> list[str]:
    if not chance(draw, 40):
        return []
    lines = ["policy"]
    if chance(draw, 70):
        lines.append(f"  hide groups below {pick(draw, ('2', '10'))}")
    fields = [
        (shape, column)
        for shape in declared.segmentations
        for column in declared.table(shape.table).columns
        if column.type.kind in ("text", "boolean") and not column.consent and "personal" not in column.modifiers
    ]
    if fields and (len(lines) == 1 or chance(draw, 50)):
        shape, column = pick(draw, fields)
        segment = f"{shape.name}.{pick(draw, shape.segments)}"
        side = pick(draw, ("favourable", "unfavourable"))
        lines.append(f"  fairness across {shape.table}.{column.name} {side} {segment} ratio at least 80%")
    return ["\n".join(lines)] if len(lines) > 1 else []


def tests(draw: Draw, declared: Declared) -> list[str]:
    """A test of one row or of a table of them, given everything of its own table; what is expected may not come out."""
    decided = {let.table for let in declared.lets if let.decided}
    shapes = [each for each in declared.segmentations if each.table not in decided]
    return [_test(draw, declared, pick(draw, shapes), number) for number in range(count(draw, 0, 2)) if shapes]


def _test(draw: Draw, declared: Declared, shape: SegmentationShape, number: int) -> str:
    table = declared.table(shape.table)
    lines = [f'test "number {number}" as of {declared.as_of}']
    in_table = table.columns[1:3] if chance(draw, 40) else ()
    given = [_given(draw, declared, table, column) for column in table.columns if column not in in_table]
    given += [_row(draw, declared, each) for each in declared.tables if each.parent == table.name and chance(draw, 40)]
    before = [each for each in declared.planned if each.table == table.name and each.exclusive]
    given += [f"previous {each.name} {pick(draw, each.segments)}" for each in before if chance(draw, 40)]
    lines.append(f"  given {', '.join(given)}")
    if not in_table:
        return "\n".join([*lines, f"  expect {shape.name} {_expected(draw, shape)}"])
    lines.append(f"  | {' | '.join(column.name for column in in_table)} | => {shape.name} |")
    for _ in range(count(draw, 1, 3)):
        cells = ["" if chance(draw, 20) else pick(draw, _values(declared, table, column.name)) for column in in_table]
        expected = pick(draw, shape.segments) if shape.exclusive or chance(draw, 70) else "none"
        lines.append(f"  | {' | '.join([*cells, expected])} |")
    return "\n".join(lines)


def _given(draw: Draw, declared: Declared, table: Shape, column: Column) -> str:
    return f"{column.name} {pick(draw, _values(declared, table, column.name))}"


def _row(draw: Draw, declared: Declared, table: Shape) -> str:
    own = [column for column in table.columns if column.name != table.by]
    return f"{table.name} ({', '.join(_given(draw, declared, table, column) for column in own)})"


def _expected(draw: Draw, shape: SegmentationShape) -> str:
    if shape.exclusive:
        return f"is {pick(draw, shape.segments)}"
    return "is none" if chance(draw, 30) else f"includes {pick(draw, shape.segments)}"


def _values(declared: Declared, table: Shape, name: str) -> list[str]:
    column = next(each for each in table.columns if each.name == name)
    if " from " in column.modifiers:
        return {"integer": ["0", "-3", "1_000"], "percent": ["0%", "30%"], "money": ["0", "10"]}[column.type.kind]
    if column.type.kind == "number":
        return ["0", "0.5", "-1"]
    return list(literals(column.type, declared.as_of))
