"""The program that tests run on: the rules as they are, over data of which anything may be missing.

Every field is optional and has no contract. Keys that the rules never see link the rows, so that the declared keys are
fields like any other. A relative value or previous segment is a field of its row, and what a test says of a condition
is asked by a segmentation of its own, so that every engine answers it together with everything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ...dsl import program as p
from ...dsl.reach import reach_of, same_standing
from ...dsl.types import BOOLEAN, INTEGER, PERCENT, Type
from ...dsl.walk import rebuilt
from ...dsl.wording import wording

HOLDS, FAILS = "holds", "fails"


@dataclass(frozen=True, slots=True)
class TestProgram:
    """A program for tests of rows of `table`; `declared` is what it was made from.

    `key` and `link` are the fields that identify rows and link them to their parents. `relatives` and `previous` are
    the fields that stand for relative values and previous segments, by table and name. `because` is the segmentation
    that asks `conditions`, None where there are none: its segments are `<number> holds` and `<number> fails`."""

    __test__ = False
    program: p.Program
    declared: p.Program
    table: str
    key: str
    link: str
    relatives: tuple[tuple[p.Relative, str], ...]
    previous: tuple[tuple[str, str, str], ...]
    because: str | None
    conditions: tuple[p.Expr, ...]

    def relative_field(self, relative: p.Relative) -> str | None:
        """The field that stands for a relative value, None where no rule reads it."""
        return next((name for each, name in self.relatives if same_standing(each, relative)), None)

    def stand_ins(self) -> dict[tuple[str, str], p.Relative | p.Previous]:
        """What the fields of their table and name stand for, without what a percentile is compared with."""
        found: dict[tuple[str, str], p.Relative | p.Previous] = {}
        for each, name in self.relatives:
            found[each.table, name] = _standing(each)
        for table, segmentation, name in self.previous:
            found[table, name] = p.Previous(segmentation, self.program.table(table).field_named(name).type)
        return found

    def previous_field(self, segmentation: str) -> str | None:
        """The field of the row that stands for its previous segment, None where no rule reads it."""
        found = (name for table, each, name in self.previous if (table, each) == (self.table, segmentation))
        return next(found, None)


def program_for_tests(
    program: p.Program, table: str, segmentations: Iterable[str], conditions: Sequence[p.Expr]
) -> TestProgram:
    """The program for tests of rows of `table` that reach `segmentations` and ask about `conditions`."""
    reached = reach_of(program, segmentations).segmentations
    taken = {each.name for every in program.tables for each in every.fields} | {let.name for let in program.lets}
    rewriting = _Rewriting(taken)
    lets = tuple(replace(let, value=_rewritten(let.value, let.table, rewriting)) for let in program.lets)
    kept = [_segmentation(program.segmentation(name), rewriting) for name in reached]
    because = None
    if conditions:
        because = _fresh("because", {each.name for each in program.segmentations})
        kept.append(_because(because, table, [_rewritten(each, table, rewriting) for each in conditions]))
    key, link = _fresh("test row", taken), _fresh("test parent", taken)
    return TestProgram(
        program=p.Program(
            purposes=program.purposes,
            tables=tuple(_table(each, key, link, rewriting.added.get(each.name, [])) for each in program.tables),
            freshness=(),
            parameters=program.parameters,
            lets=lets,
            segmentations=tuple(kept),
        ),
        declared=program,
        table=table,
        key=key,
        link=link,
        relatives=tuple(rewriting.relatives.items()),
        previous=tuple((of, segmentation, name) for (of, segmentation), name in rewriting.previous.items()),
        because=because,
        conditions=tuple(conditions),
    )


def _fresh(wanted: str, taken: set[str]) -> str:
    while wanted in taken:
        wanted += "'"
    taken.add(wanted)
    return wanted


# -- tables ------------------------------------------------------------------------------------------------------


def _table(table: p.Table, key: str, link: str, added: Sequence[p.Field]) -> p.Table:
    keyed = table.role in ("root", "child")
    linked = table.parent is not None
    fields = [
        *([_plain(key, INTEGER)] if keyed else []),
        *([_plain(link, INTEGER)] if linked else []),
        *(replace(each, optional=True, domain=None, mapping=p.Mapping()) for each in table.fields),
        *added,
    ]
    return replace(
        table,
        key=key if keyed else None,
        by=link if linked else None,
        at=None if table.role == "root" else table.at,
        fields=tuple(replace(each, column=f"c{number}") for number, each in enumerate(fields)),
    )


def _plain(name: str, type: Type) -> p.Field:
    return p.Field(name, None, type, name, optional=True, domain=None, mapping=p.Mapping())


# -- rules -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Rewriting:
    """The fields that stand for relative values and previous segments, while they are found."""

    taken: set[str]
    relatives: dict[p.Relative, str] = field(default_factory=dict)
    previous: dict[tuple[str, str], str] = field(default_factory=dict)
    added: dict[str, list[p.Field]] = field(default_factory=dict)


def _segmentation(segmentation: p.Segmentation, rewriting: _Rewriting) -> p.Segmentation:
    def clause(each: p.Clause) -> p.Clause:
        unless = tuple(_rewritten(condition, segmentation.table, rewriting) for condition in each.unless)
        return replace(each, when=_rewritten(each.when, segmentation.table, rewriting), unless=unless)

    segments = tuple(replace(each, clauses=tuple(map(clause, each.clauses))) for each in segmentation.segments)
    return replace(segmentation, segments=segments, minimum_size=None)


def _because(name: str, table: str, conditions: Sequence[p.Expr]) -> p.Segmentation:
    segments: list[p.Segment] = []
    for number, condition in enumerate(conditions):
        for said, when in ((HOLDS, condition), (FAILS, p.Not(condition, BOOLEAN))):
            clause = p.Clause(len(segments) + 1, when, ())
            segments.append(p.Segment(f"{number} {said}", None, (clause,), (), (), (), None, None))
    return p.Segmentation(
        name=name,
        title=None,
        table=table,
        exclusive=False,
        purposes=(),
        owner=None,
        refresh_every=None,
        review_every=None,
        last_reviewed=None,
        minimum_size=None,
        segments=tuple(segments),
        otherwise=None,
    )


def _rewritten(expr: p.Expr, table: str, rewriting: _Rewriting) -> p.Expr:
    """The expression over the rows of `table` with fields in place of relative values and previous segments."""

    def change(part: p.Expr, over: str) -> p.Expr | None:
        match part:
            case p.Relative():
                return _relative(part, rewriting)
            case p.Previous():
                return _previous(part, over, rewriting)
            case _:
                return None

    return rebuilt(expr, table, change)


def _relative(expr: p.Relative, rewriting: _Rewriting) -> p.Expr:
    type = PERCENT if expr.function == "percentile" else expr.type
    name = next((name for each, name in rewriting.relatives.items() if same_standing(each, expr)), None)
    if name is None:
        name = _fresh(wording(_standing(expr), expr.table), rewriting.taken)
        rewriting.relatives[expr] = name
        rewriting.added.setdefault(expr.table, []).append(_plain(name, type))
    ref = p.FieldRef(expr.table, name, type, expr.span)
    if expr.function != "percentile":
        return ref
    assert expr.share is not None, "a percentile is compared with a share"
    return p.Call(f"{expr.operator}.percent", (ref, expr.share), BOOLEAN, expr.span)


def _standing(relative: p.Relative) -> p.Relative:
    """The place itself, of which a percentile may be asked in many ways."""
    return replace(relative, operator=None, share=None) if relative.function == "percentile" else relative


def _previous(expr: p.Previous, table: str, rewriting: _Rewriting) -> p.Expr:
    place = (table, expr.segmentation)
    if place not in rewriting.previous:
        rewriting.previous[place] = _fresh(wording(expr, table), rewriting.taken)
        rewriting.added.setdefault(table, []).append(_plain(rewriting.previous[place], expr.type))
    return p.FieldRef(table, rewriting.previous[place], expr.type, expr.span)
