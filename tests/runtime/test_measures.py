"""Measures of a run: what stops it, what it reads on their behalf, what it shows."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from small_programs import program_of

from segwright.compiler.duckdb.lower_groups import LOWER_GROUPS
from segwright.dsl.builtins import BY_OVERLOAD
from segwright.dsl.types import Kind
from segwright.render.measures import figure_texts, figure_with_interval
from segwright.render.run import as_json, as_text
from segwright.runtime.outcomes.records import FigureRecord, MeasureRecord
from segwright.runtime.reference.errors import OverflowError_
from segwright.runtime.reference.interpreter import assign
from segwright.runtime.reference.measures import measure
from segwright.runtime.run import Run
from segwright.runtime.runs import read_outcomes

from .projects import Project, sentences

TABLES = """\
table customers key customer_id
  customer_id integer
  points      integer
  income      money optional
  gender      text optional protected
events payments of customers by customer_id at paid_on
  customer_id integer
  paid_on     date
  amount      money
segmentation value "Value" of customers
  first match wins
  segment top "Top" when points > 10
  otherwise rest
"""
HUGE = 2**62


def customers(project: Project, rows: str) -> None:
    typed = "customer_id, points::BIGINT AS points, income::DECIMAL(18,2) AS income"
    project.query("customers", f"SELECT {typed} FROM (VALUES {rows}) AS t(customer_id, points, income)")


def payments(project: Project, rows: str) -> None:
    project.table("payments", rows, "customer_id, paid_on, amount")


def measures_of(run: Run) -> dict[str, MeasureRecord]:
    outcomes = read_outcomes(run.folder)
    assert outcomes is not None
    return outcomes.tables["customers"].measures


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


# -- what stops a run -------------------------------------------------------------------------------------------------


def test_a_sum_over_a_group_that_overflows_stops_the_run_by_name(project: Project) -> None:
    project.rules(TABLES + "measure small = min of points\nmeasure total = sum of points\n")
    customers(project, f"(1, {HUGE}, 1), (2, {HUGE}, 1), (3, 1, 1)")
    (violation,) = project.violations()
    assert violation.kind == "overflow"
    assert "the measure `total` is too large" in violation.sentence


def test_the_reference_stops_as_well() -> None:
    program = program_of(TABLES + "measure total = sum of points\n")
    rows = [{"customer_id": key, "points": HUGE, "income": None, "gender": None} for key in (1, 2)]
    found = assign(program, {"customers": rows}, dt.date(2026, 9, 1))
    (total,) = program.measures
    assert measure(found, total, [1]).value == HUGE
    with pytest.raises(OverflowError_):
        measure(found, total, [1, 2])


def test_arithmetic_that_overflows_in_a_row_stops_the_run_by_name(project: Project) -> None:
    project.rules(TABLES + "measure small = min of points\nmeasure most = max of (points * 4)\n")
    customers(project, f"(1, {HUGE}, 1)")
    (violation,) = project.violations()
    assert violation.kind == "overflow"
    assert "`points * 4` is too large for some row" in violation.sentence


def test_a_tie_in_what_a_measure_asks_stops_the_run(project: Project) -> None:
    project.rules(TABLES + "measure last = average of (latest of amount from payments ever)\n")
    customers(project, "(1, 1, 1)")
    payments(project, "(1, DATE '2026-08-01', 1.00), (1, DATE '2026-08-01', 2.00)")
    (violation,) = project.violations()
    assert violation.kind == "tie"
    assert "`latest of amount from payments ever` has no answer for 1 row of `customers`" in violation.sentence


def test_a_tie_that_segments_ask_about_too_is_said_once(project: Project) -> None:
    ask = "latest of amount from payments ever"
    tables = TABLES.replace("points > 10", f"points > 10 or {ask} > 1")
    project.rules(tables + f"measure last = average of ({ask})\n")
    customers(project, "(1, 1, 1)")
    payments(project, "(1, DATE '2026-08-01', 1.00), (1, DATE '2026-08-01', 2.00)")
    assert len(sentences(project.violations())) == 1


# -- what is read ------------------------------------------------------------------------------------------------------


def test_columns_are_read_on_behalf_of_measures_that_are_evaluated(project: Project) -> None:
    project.rules(
        TABLES
        + "measure usual = average of income\n"
        + "measure later = average of (sum of amount from payments in next 12 months)\n"
        + 'guarantee "fair" no top where gender is "F"\n'
    )
    customers(project, "(1, 20, 1), (2, 1, NULL)")
    payments(project, "(1, DATE '2026-08-01', 1.00)")
    run = project.run()
    read = {(each.table, each.field): each.read_by for each in run.manifest.columns}
    assert read == {
        ("customers", "customer_id"): ["later"],
        ("customers", "points"): ["value"],
        ("customers", "income"): ["usual"],
        ("payments", "customer_id"): ["later"],
        ("payments", "paid_on"): ["later"],
        ("payments", "amount"): ["later"],
    }


def test_measures_do_not_change_assignments(project: Project) -> None:
    customers(project, "(1, 20, 1), (2, 1, NULL)")
    project.rules(TABLES)
    without = project.run()
    project.rules(TABLES + "measure usual = average of income\n")
    with_measures = project.run()
    assert measures_of(without) == {}
    assert without.manifest.assignments == with_measures.manifest.assignments


@pytest.mark.usefixtures("on_every_engine")
def test_a_measure_that_asks_for_relative_values_and_the_run_before(project: Project) -> None:
    project.rules(
        TABLES
        + "measure upper = share where quartile of points = 4\n"
        + "measure loyal = share where previous value is top\n"
    )
    customers(project, "(1, 20, 1), (2, 1, NULL), (3, 30, 2), (4, 2, 2)")
    first = project.run(as_of="2026-08-01")
    second = project.run(as_of="2026-09-01")
    upper = measures_of(first)["upper"]
    assert (upper.everybody.value, upper.segmentations["value"]["top"].value) == (0.25, 0.5)
    before, now = (measures_of(run)["loyal"] for run in (first, second))
    assert (before.everybody.value, before.everybody.unknown) == (None, 4)
    assert (now.everybody.value, now.segmentations["value"]["top"].value) == (0.5, 1.0)


# -- what is shown -----------------------------------------------------------------------------------------------------


def test_the_table_for_people(project: Project) -> None:
    project.rules(
        TABLES
        + 'measure usual "Usual income in a year" = average of income\n'
        + "measure worth = sum of income\nmeasure rich = share where income > 15\n"
    )
    customers(project, "(1, 20, 1234.5), (2, 1, NULL), (3, 1, 10), (4, 1, 20)")
    run = project.run()
    program = program_of((project.folder / "rules.seg").read_text(encoding="utf-8"))
    shown = as_text(run.folder, run.manifest, read_outcomes(run.folder), program)
    table, _, _ = shown.partition("Guards")
    said = [line for line in table.splitlines() if line.startswith("  ")]
    bare = "\n".join(line.replace("\x1b[34m", "").replace("\x1b[0m", "") for line in said)
    assert (
        bare
        == """\
                                    Usual income in a
                customers    share               year     worth      rich
  top   Top             1    25.0%          1,234.50*  1,234.50  100.00%*  ██████
  rest                  3    75.0%             15.00*     30.00   50.00%*  ██████████████████
  all                   4   100.0%            421.50*  1,264.50   66.67%*"""
    )
    assert "* rests on few rows or cases, and tells little" in shown
    assert "measures are rounded here; `outcomes.json` and `--format json` have every digit" in shown


def test_the_data_for_programs(project: Project) -> None:
    project.rules(TABLES + "measure worth = sum of income\nmeasure usual = average of income\n")
    customers(project, "(1, 20, 1234.5), (2, 1, NULL)")
    run = project.run()
    said = as_json(run.folder, run.manifest, read_outcomes(run.folder))
    assert said["segmentations"]["value"] == {
        "top": {"customers": 1, "share": 0.5, "measures": {"worth": "1234.50", "usual": 1234.5}},
        "rest": {"customers": 1, "share": 0.5, "measures": {"worth": "0.00", "usual": None}},
    }
    assert said["everybody"] == {"customers": {"customers": 2, "measures": {"worth": "1234.50", "usual": 1234.5}}}


@pytest.mark.parametrize(
    "values, kind, texts",
    [
        ((None, 1.0), "number", ["missing", "1.00"]),
        ((0.0325, 0.5), "percent", ["3.25%", "50.00%"]),
        ((1234.5, 0.0), "number", ["1,234.50", "0.00"]),
        ((232.19, -0.093, 0.0), "number", ["232.190", "-0.093", "0.000"]),
        ((-0.00123, 2.0), "number", ["-0.0012", "2.0000"]),
        ((0.00000001234, 2.0), "number", ["0.000000012", "2.00"]),
        (("1234567.89",), "money", ["1,234,567.89"]),
        ((1200,), "integer", ["1,200"]),
        (("2026-01-31",), "date", ["2026-01-31"]),
    ],
)
def test_the_figures_of_a_measure_are_rounded_for_the_eye(
    values: tuple[float | str | None, ...], kind: Kind, texts: list[str]
) -> None:
    assert figure_texts([FigureRecord(value=value, unknown=0) for value in values], kind) == texts


@pytest.mark.parametrize(
    "value, ends, kind, text",
    [
        (151670.61, (136905.0, 166436.0), "number", "151,670.61 (136,905 to 166,436)"),
        (12345.678, (9876.54, 14814.8), "number", "12,345.68 (9,876.54 to 14,814.8)"),
        (1.5, (0.0, 2.25), "number", "1.50 (0.00 to 2.25)"),
        (2_000_000.0, (1234560.0, 3e6), "number", "2,000,000.00 (1,234,560 to 3,000,000)"),
        ("120.00", (100.0, 140.5), "money", "120.00 (100.00 to 140.50)"),
        (0.021, (0.019, 0.0232), "percent", "2.10% (1.90% to 2.32%)"),
    ],
)
def test_ends_of_intervals_have_no_more_decimals_than_are_known(
    value: float | str, ends: tuple[float, float], kind: Kind, text: str
) -> None:
    figure = FigureRecord(value=value, low=ends[0], high=ends[1], unknown=0)
    assert figure_with_interval(figure, kind) == text


@pytest.mark.parametrize("aggregate, text", [("average", "17.50%*"), ("median", "15.00%*"), ("max", "30.00%")])
def test_an_aggregate_of_percents_reads_as_a_percent(project: Project, aggregate: str, text: str) -> None:
    rules = TABLES.replace("  income ", "  rate        percent\n  income ") + f"measure usual = {aggregate} of rate\n"
    project.rules(rules)
    project.query(
        "customers",
        "SELECT *, 1::BIGINT AS points, 1::DECIMAL(18,2) AS income "
        "FROM (VALUES (1, 0.15::DOUBLE), (2, 0.1), (3, 0.3), (4, 0.15)) AS t(customer_id, rate)",
    )
    run = project.run()
    shown = as_text(run.folder, run.manifest, read_outcomes(run.folder), program_of(rules))
    (everybody,) = (line for line in shown.splitlines() if line.startswith("  all "))
    assert everybody.split() == ["all", "4", "100.0%", text]
    assert as_json(run.folder, run.manifest, read_outcomes(run.folder))["everybody"]["customers"]["measures"] == {
        "usual": pytest.approx(float(text.rstrip("%*")) / 100)
    }


# -- every aggregate over a group -------------------------------------------------------------------------------------

SAMPLES = {
    "integer": ("1", "5"),
    "number": ("0.5", "1.5"),
    "percent": ("0.1", "0.25"),
    "money": ("1.00", "2.50"),
    "text": ("'a'", "'b'"),
    "date": ("DATE '2026-01-01'", "DATE '2026-01-31'"),
    "timestamp": ("TIMESTAMP '2026-01-01 10:00:00'", "TIMESTAMP '2026-01-31 11:00:00'"),
}


@pytest.mark.parametrize("overload", [each for each in LOWER_GROUPS if BY_OVERLOAD[each][1].operands])
def test_each_aggregate_skips_what_is_missing(overload: str, project: Project) -> None:
    name, _, kind = overload.partition(".")
    if name == "share_among":
        type, asked, low, high = "boolean", "conversion (offered (customer_id > 0), converted x)", "true", "false"
    elif name == "share":
        type, asked, low, high = "boolean", "share where x", "true", "false"
    else:
        type, asked = kind, f"{name.replace('_', ' ')} of x"
        low, high = SAMPLES[kind]
    range = " from 0 to 10" if name == "net_promoter_score" else ""
    rules = f"""\
table customers key customer_id
  customer_id integer
  x {type}{range} optional
segmentation value of customers
  first match wins
  segment even when customer_id = 2 or customer_id = 4
  otherwise rest
measure figure = {asked}
"""
    project.rules(rules)
    stored = {"integer": "BIGINT", "number": "DOUBLE", "percent": "DOUBLE", "money": "DECIMAL(18,2)", "text": "VARCHAR"}
    rows = f"(1, {low}), (2, NULL), (3, {high}), (4, NULL)"
    typed = f"customer_id, x::{stored.get(type, type)} AS x"
    project.query("customers", f"SELECT {typed} FROM (VALUES {rows}) AS t(customer_id, x)")
    found = measures_of(project.run())["figure"]
    nothing = "0.00" if overload == "sum.money" else 0 if name == "sum" else None
    even = found.segmentations["value"]["even"]
    assert (even.value, even.unknown) == (nothing, 2)
    assert found.everybody.unknown == 2
    assert found.everybody.value == found.segmentations["value"]["rest"].value
    expected = {
        "share": 0.5,
        "share_among": 0.5,
        "net_promoter_score": -100.0,
        "sum": {"integer": 6, "number": 2.0, "percent": 0.35, "money": "3.50"},
        "average": {"integer": 3.0, "number": 1.0, "percent": 0.175, "money": 1.75},
        "median": {"integer": 3.0, "number": 1.0, "percent": 0.175, "money": 1.75},
    }.get(name)
    wanted = expected[kind] if isinstance(expected, dict) else expected
    if wanted is None:
        end = low if name == "min" else high
        plain = {"integer": int, "number": float, "percent": float}.get(kind, str)
        wanted = plain(end.removeprefix("DATE ").removeprefix("TIMESTAMP ").strip("'").replace(" ", "T"))
    assert found.everybody.value == wanted
