"""What is said of rows and bins that overlap or leave something out: values that people can check, cells that can be
copied."""

from __future__ import annotations

import pytest

from segwright.dsl.check import check
from segwright.dsl.diagnostics import Diagnostic
from segwright.dsl.parse import parse
from segwright.dsl.source import Source

DATA = """
table customers key customer_id
  customer_id  integer
  score        integer from 300 to 850 optional
  products     integer
  usage        percent
  ratio        number
  income       money
  channel      one of "web", "app", "branch" optional
  region       text
  opened_on    date
  seen_at      timestamp
  vip          boolean
parameter prime = 720
"""


def found(rules: str) -> list[Diagnostic]:
    """The errors and warnings of rules over the tables above."""
    document, problems = parse(Source("rules.seg", DATA + rules))
    assert problems == ()
    return [each for each in check([document]).diagnostics if each.severity != "note"]


def only(rules: str) -> Diagnostic:
    """The only error, or else the only warning."""
    problems = found(rules)
    (diagnostic,) = [each for each in problems if each.severity == "error"] or problems
    return diagnostic


def table(policy: str, head: str, *rows: str) -> str:
    lines = "".join(f"  | {row} | {number} |\n" for number, row in enumerate(rows, start=1))
    return f"decision band {policy}\n  | {head} | => band |\n{lines}"


@pytest.mark.parametrize(
    "head, rows, witness, row",
    [
        ("score", [">= 640", "missing"], "`score` 300", "< 640"),
        ("score", ["< 640", "missing"], "`score` 640", ">= 640"),
        ("score", ["<= 640", "missing"], "`score` 641", "> 640"),
        ("score", ["< 640", "> 640", "missing"], "`score` 640", "640"),
        ("score", ["known"], "`score` missing", "missing"),
        ("score", ["missing"], "`score` 300", "known"),
        ("products", ["< 0", "[5..]"], "`products` 0", "[0..5)"),
        ("products", ["<= 0", ">= 5"], "`products` 1", "(0..5)"),
        ("usage", ["< 30%", "> 70%"], "`usage` 30%", "from 30% to 70%"),
        ("usage", ["<= 30%", "> 70%"], "`usage` 31%", "(30%..70%]"),
        ("ratio", ["< 0.5", "> 1.5"], "`ratio` 1", "from 0.5 to 1.5"),
        ("ratio", ["<= 0.5", ">= 0.6"], "`ratio` 0.51", "(0.5..0.6)"),
        ("income", ["< 1_000"], "`income` 1000.00", ">= 1000.00"),
        ("income", ["> 1_000"], "`income` 1000.00", "<= 1000.00"),
        ("channel", ['"app"', "missing"], '`channel` "branch"', '"web", "branch"'),
        ("region", ['!= "north"'], '`region` "north"', '"north"'),
        ("region", ['"north"'], '`region` other than "north"', '!= "north"'),
        ("opened_on", ["< 2020-01-01", "> 2020-12-31"], "`opened_on` 2020-01-01", "[2020-01-01..2021-01-01)"),
        ("seen_at", ["< 2020-01-01"], "`seen_at` 2020-01-01", ">= 2020-01-01"),
        ("vip", ["true"], "`vip` false", "false"),
        ("score > 640", ["true", "false"], "`score > 640` missing", "missing"),
        ("score default 0", [">= 300"], "`score default 0` 0", "0"),
    ],
)
def test_what_one_column_leaves_out(head: str, rows: list[str], witness: str, row: str) -> None:
    diagnostic = only(table("unique", head, *rows))
    assert diagnostic.code == "SEG821"
    assert diagnostic.message == f"no row of `band` fits {witness}"
    assert diagnostic.hints[0] == f"this row, with its result, would fit it: `| {row} | … |`"


def test_only_the_columns_that_matter_are_named() -> None:
    diagnostic = only(
        table("unique", "score | vip | channel", ">= 640 | any | any", "< 640 | true | any", "missing | any | any")
    )
    assert diagnostic.message == "no row of `band` fits `score` 300 and `vip` false"
    assert diagnostic.hints[0] == "this row, with its result, would fit it: `| < 640 | false | any | … |`"


def test_what_no_single_row_can_say_is_left_to_otherwise() -> None:
    diagnostic = only(table("unique", "region", '"north"', '"south"'))
    assert diagnostic.message == 'no row of `band` fits `region` other than "north" and "south"'
    assert diagnostic.hints == ("what no row fits is decided by a last row `| otherwise | … |`",)


@pytest.mark.parametrize(
    "head, rows, message",
    [
        ("score", ["<= 640", ">= 640", "missing"], "`score` 640 fits rows 1 and 2 of `band`"),
        ("score | vip", ["any | true", "missing | any", "known | false"], "`score` missing and `vip` true fits rows 1"),
        ("region", ['!= "a"', '!= "b"'], '`region` other than "a" and "b" fits rows 1 and 2'),
        ("score | vip", ["any | any", "any | any"], "everything fits rows 1 and 2 of `band`"),
    ],
)
def test_rows_that_overlap(head: str, rows: list[str], message: str) -> None:
    diagnostic = next(each for each in found(table("unique", head, *rows)) if each.severity == "error")
    assert diagnostic.code == "SEG820"
    assert diagnostic.message.startswith(message)


def test_of_many_rows_that_overlap_the_others_are_counted() -> None:
    rows = [f">= {points}" for points in range(400, 800, 25)]
    overlapping = [each for each in found(table("unique", "score", *rows, "< 400", "missing")) if each.code == "SEG820"]
    assert len(overlapping) == 10
    assert overlapping[-1].hints == ("5 more rows can hold together with an earlier one",)


def test_rows_above_that_take_everything_together() -> None:
    rows = table("first", "products | vip", "> 0 | true", "> 5 | false", "> 9 | any", "> 0 | any", "any | any")
    diagnostic = only(rows)
    assert diagnostic.code == "SEG824"
    assert diagnostic.message == "row 3 of `band` is never reached: the rows before it take everything that fits it"


def test_what_a_parameter_decides_is_said_to_be_so_with_its_declared_value() -> None:
    diagnostic = only(table("first", "products", ">= prime", ">= 800", "any"))
    assert diagnostic.message == "row 2 of `band` is never reached: row 1 takes everything that fits it"
    assert diagnostic.hints == ("this is so with the declared values of the parameters",)


def test_otherwise_may_be_for_other_values_of_a_parameter() -> None:
    assert found(table("unique", "products", ">= prime", "< 720") + "  | otherwise | 9 |\n") == []


@pytest.mark.parametrize(
    "by, bins, message, fix",
    [
        ("usage", ["below 30%", "above 70%"], "`usage` 30%", "\n    from 30% to 70%   0"),
        ("products", ["at least 5"], "`products` 4", "\n    below 5   0"),
        ("products", ["at most 5"], "`products` 6", "\n    at least 6   0"),
        ("score", ["from 300 to 600"], "`score` 601", "\n    above 600   0\n    missing   0"),
        ("channel", ['"app"'], '`channel` "branch"', '\n    "web", "branch"   0\n    missing   0'),
        ("channel", ['"app"', '"web"', '"branch"'], "`channel` missing", "\n    missing   0"),
    ],
)
def test_what_bins_leave_out(by: str, bins: list[str], message: str, fix: str) -> None:
    lines = "".join(f"    {bin}  5\n" for bin in bins)
    diagnostic = only(f"scorecard behaviour\n  by {by}\n{lines}")
    assert (diagnostic.code, diagnostic.message) == ("SEG831", f"{message} lies in no bin of `behaviour`")
    assert [edit.text for each in diagnostic.fixes for edit in each.edits] == [fix]


def test_a_large_table_of_rows_that_do_not_overlap_is_decided() -> None:
    def cells(number: int) -> list[str]:
        digits = [number // 4**place % 4 for place in range(5)]
        return [f"[{digit}..{digit + 1})" for digit in digits]

    head = "products | products + 1 | products + 2 | products + 3 | products + 4 | vip"
    rows = [" | ".join((*cells(number), "any")) for number in range(4**5)]
    outside = [
        " | ".join([*("[0..4)" for _ in range(place)), sign, *("any" for _ in range(5 - place))])
        for place in range(5)
        for sign in ("< 0", ">= 4")
    ]
    assert [each.code for each in found(table("unique", head, *rows, *outside))] == ["SEG809"]
    (gap, _) = found(table("unique", head, *rows[:700], *rows[701:], *outside))
    assert gap.code == "SEG821"
    number = [700 // 4**place % 4 for place in range(5)]
    assert gap.hints[0].endswith(f"`| {' | '.join(map(str, number))} | any | … |`")


def test_where_it_cannot_be_decided_otherwise_is_asked_for() -> None:
    """Nine pigeons and eight holes: either one has no hole or two share one."""
    pigeons, holes = 9, 8
    places = [(pigeon, hole) for pigeon in range(pigeons) for hole in range(holes)]
    head = " | ".join(f"products > {number}" for number in range(len(places)))
    homeless = [{(pigeon, hole): "false" for hole in range(holes)} for pigeon in range(pigeons)]
    crowded = [
        {(one, hole): "true", (other, hole): "true"}
        for hole in range(holes)
        for one in range(pigeons)
        for other in range(one)
    ]
    rows = [" | ".join(row.get(place, "any") for place in places) for row in (*homeless, *crowded)]
    undecided = next(each for each in found(table("first", head, *rows)) if each.severity == "error")
    assert undecided.code == "SEG821"
    assert undecided.message == (
        "`band` has too many combinations of values to decide whether every one of them fits a row"
    )
    assert undecided.hints == ("end it with `| otherwise | … |`",)
