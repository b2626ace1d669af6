"""Cut-points tell of every value what the definition says, `1 + floor(10 × below / n)` and its kin."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from conformance.duckdb_engine import answers
from hypothesis import given, settings
from hypothesis import strategies as st
from scratch import scratch

from segwright.compiler.cut_points import Reach, cut_points_key, reaches
from segwright.compiler.plan_from_program import plan_from_program
from segwright.dsl.check import check
from segwright.dsl.labels import readings_of_segmentation
from segwright.dsl.parse import parse
from segwright.dsl.program import Const, Expr, FieldRef, LetRef, ParameterRef, Program, Relative
from segwright.dsl.source import Source
from segwright.dsl.types import BOOLEAN, INTEGER, MONEY, PERCENT, Value
from segwright.dsl.wording import percent_wording
from segwright.runtime.reference.interpreter import standing

AS_OF = dt.date(2026, 9, 1)
RULES = """
table t key id
  id integer
  x  {type} optional
parameter cut = {cut}
let a = decile of x
let b = quintile of x
let c = quartile of x
segmentation s of t
  overlapping
  segment bands when a = 3 and b = 3 and c = 3
  segment is_best when top {share} by x
  segment equal when percentile of x = cut
  segment other when percentile of x != cut
  segment above when percentile of x > cut
  segment least when percentile of x >= cut
  segment below when percentile of x < cut
  segment most when percentile of x <= cut
  segment known when percentile of x >= {share}
"""
VALUES: dict[str, st.SearchStrategy[Value]] = {
    "integer": st.integers(-3, 3) | st.integers(-(2**63), 2**63 - 1),
    "number": st.sampled_from([-0.0, 0.0, 5e-324, 0.1, 0.1 + 0.2, 0.3, 1e308, -1e308]) | st.floats(-9, 9),
    "percent": st.integers(0, 12).map(lambda number: number / 10**9) | st.integers(0, 10**9).map(lambda n: n / 10**9),
    "money": st.integers(-5, 5).map(lambda cents: Decimal(cents).scaleb(-2))
    | st.integers(1 - 10**18, 10**18 - 1).map(lambda cents: Decimal(cents).scaleb(-2)),
    "date": st.dates(dt.date(2026, 1, 1), dt.date(2026, 1, 5)) | st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31)),
    "timestamp": st.integers(0, 4).map(lambda n: dt.datetime(2026, 1, 1) + dt.timedelta(microseconds=n))
    | st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2200, 1, 1)),
}


def program_of(rules: str) -> Program:
    document, problems = parse(Source("rules.seg", rules))
    found = check([document])
    assert found.program is not None, [*problems, *found.diagnostics]
    return found.program


@st.composite
def examples(draw: st.DrawFn) -> tuple[str, list[Value | None], float, float]:
    """A type, values of it with ties and gaps, and two shares: at the boundary of one of them, or anywhere."""
    type = draw(st.sampled_from(sorted(VALUES)))
    values = draw(st.lists(VALUES[type] | st.none(), max_size=draw(st.sampled_from([1, 3, 9, 10, 11, 25, 40]))))
    n = max(1, sum(value is not None for value in values))
    boundaries = st.integers(0, n).map(lambda below: round(below / n * 10**9) / 10**9)
    near = st.tuples(boundaries, st.sampled_from([-1e-9, 0.0, 1e-9])).map(lambda pair: round(sum(pair) * 10**9) / 10**9)
    shares = near.filter(lambda share: 0 <= share <= 1) | st.integers(0, 100).map(lambda points: points / 100)
    return type, values, draw(shares), draw(shares)


def expected(expr: Expr, x: Any, everybody: list[Value], cut: float) -> Any:
    """What the definition says of a relative value, or of a condition on one."""
    match expr:
        case Relative(function=function, operator=operator, share=share):
            if x is None:
                return None
            value = share.value if isinstance(share, Const) else cut if isinstance(share, ParameterRef) else None
            return standing(function, operator, x, everybody, value)
        case _:
            raise AssertionError(expr)


@settings(max_examples=60)
@given(examples())
def test_cut_points_tell_what_the_definition_says(example: tuple[str, list[Value | None], float, float]) -> None:
    type, values, cut, share = example
    words = {"type": type, "cut": percent_wording(cut), "share": percent_wording(share)}
    program = program_of(RULES.format(**words))
    rows = [{"id": number, "x": value} for number, value in enumerate(values)]
    with scratch() as con:
        found = answers(con, program, {"t": rows}, AS_OF, evidence=True)
    everybody = [value for value in values if value is not None]
    lets = {let.name: let.value for let in program.lets}
    relative = {(expr.function, expr.operator) for expr in found.conditions["t"] if isinstance(expr, Relative)}
    operators = ("equal", "not_equal", "greater", "at_least", "less", "at_most")
    assert relative == {("top", None), *(("percentile", operator) for operator in operators)}
    for number, x in enumerate(values):
        for expr, truth in zip(found.conditions["t"], found.truths["t"][number], strict=True):
            if isinstance(expr, Relative):
                assert truth is expected(expr, x, everybody, cut), (expr, x)
        told = zip(found.features["t"], found.values["t"][number], strict=True)
        bands = {expr.name: value for expr, value in told if isinstance(expr, LetRef)}
        assert bands == {name: expected(lets[name], x, everybody, cut) for name in ("a", "b", "c")}


# -- the cut-points themselves ---------------------------------------------------------------------------------------


def test_a_share_is_a_whole_number_of_billionths() -> None:
    of = FieldRef("t", "x", MONEY)
    top = Relative("top", "t", of, None, Const(0.1, PERCENT), BOOLEAN)
    assert reaches(top, 0.1) == (Reach("above", 10**9, "<", 10**8),)
    decile = Relative("decile", "t", of, None, None, INTEGER)
    assert reaches(decile, None) == tuple(Reach("below", 10, ">=", number) for number in range(1, 10))


@pytest.mark.parametrize(
    "written, key",
    [
        ("decile of x >= 3", "t: decile of x"),
        ("top 12.5% by x", "t: top 12.5% by x"),
        ("percentile of (x * 2) < cut", "t: percentile of (x * 2) at cut"),
        ("percentile of x != 90%", "t: percentile of x at 90%"),
    ],
)
def test_what_cut_points_are_filed_under(written: str, key: str) -> None:
    rules = f"table t key id\n  id integer\n  x money\nparameter cut = 5%\nlet asked = {written}\n"
    program = program_of(f"{rules}segmentation s of t\n  overlapping\n  segment a when asked\n")
    (population,) = plan_from_program(program).populations
    assert population.ranking is not None
    assert population.ranking.keys == (key,)
    assert [cut_points_key(each) for each in population.ranking.written] == [key]


def test_one_percentile_has_one_pair_of_cut_points_however_it_is_compared() -> None:
    rules = "table t key id\n  id integer\n  x money\nsegmentation s of t\n  overlapping\n"
    rules += "  segment a when percentile of x > 5%\n  segment b when percentile of x < 5%\n"
    (population,) = plan_from_program(program_of(rules)).populations
    assert population.ranking is not None
    assert population.ranking.keys == ("t: percentile of x at 5%",)
    assert len(population.conditions) == 2


def test_a_run_reads_what_everybody_is_put_in_order_by_and_nothing_else() -> None:
    rules = """
table t key id
  id integer
  x  money
  y  money
  z  money
events pays of t by id at day
  id  integer
  day date
  sum_ money
  note text
let rank = decile of (sum of sum_ from pays ever)
segmentation s of t
  overlapping
  segment a when rank > 3
segmentation u of t
  overlapping
  segment b when top 10% by (x + y)
"""
    program = program_of(rules)
    read = {(each.table, each.field): each.readers for each in plan_from_program(program).columns}
    assert read == {
        ("t", "id"): ("s",),
        ("t", "x"): ("u",),
        ("t", "y"): ("u",),
        ("pays", "id"): ("s",),
        ("pays", "day"): ("s",),
        ("pays", "sum_"): ("s",),
    }
    (first, second) = program.segmentations
    assert {each.field for each in readings_of_segmentation(second, program)} == {"x", "y"}
    assert "x" not in {each.field for each in readings_of_segmentation(first, program)}
