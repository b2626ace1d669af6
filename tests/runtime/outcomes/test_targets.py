"""Targets by hand: what is met, missed, and what chance could decide."""

import datetime as dt

import pytest
from small_programs import binding_of, program_of

from segwright.compiler.plan import Binding
from segwright.runtime.outcomes.records import FigureRecord, MeasureRecord, TargetRecord
from segwright.runtime.outcomes.targets import target_records

RULES = """
parameter smallest = 5% from 1% to 50%
parameter floor = 5 from 1 to 9
table customers key customer_id
  customer_id integer
  income      money
  opened_on   date
  region      text
segmentation value of customers
  first match wins
  segment prime when income > 50
  otherwise rest
segmentation other of customers
  first match wins
  segment rich when income > 90
  otherwise poor
measure rich_share   = share where income > 80
measure total_income = sum of income
measure first_day    = min of opened_on
measure region_least = min of region
"""
KINDS = {"rich_share": "percent", "total_income": "money", "first_day": "date", "region_least": "text"}
COUNTS = {"value": {"prime": 30, "rest": 570}, "other": {"rich": 1, "poor": 599}}


def record(kind: str, prime: FigureRecord) -> MeasureRecord:
    nothing = FigureRecord(value=None, status="missing")
    return MeasureRecord.model_validate(
        {
            "title": None,
            "type": kind,
            "better": None,
            "everybody": nothing,
            "segmentations": {"value": {"prime": prime, "rest": nothing}},
        }
    )


def targets(
    target: str, prime: FigureRecord | None = None, parameters: dict[str, object] | None = None
) -> TargetRecord:
    program = program_of(RULES + f"target value.prime {target}\n")
    name = program.targets[0].measure
    figure = FigureRecord(value=None, status="missing") if prime is None else prime
    measures = {} if name is None else {name: record(KINDS[name], figure)}
    binding = binding_of(program, dt.date(2026, 9, 1))
    binding = Binding(binding.as_of, binding.parameters | (parameters or {}))  # pyright: ignore[reportArgumentType]
    (found,) = target_records(program, binding, "customers", COUNTS, 600, measures)
    assert (found.segmentation, found.segment, found.measure) == ("value", "prime", name)
    return found


# Wilson of 127 of 2,944: [0.036376, 0.051092].
DEFAULTS = FigureRecord(value=127 / 2944, n=2944, low=0.036376, high=0.051092, interval="Wilson score")


@pytest.mark.parametrize(
    "target, verdict",
    [
        ("rich_share at most 6%", "met"),
        ("rich_share below 6%", "met"),
        ("rich_share at most 5%", "unclear"),  # 4.3 %, but up to 5.1 % is likely
        ("rich_share at least 5%", "unclear"),
        ("rich_share at most 3%", "missed"),
        ("rich_share at least 3%", "met"),
        ("rich_share is 4.3%", "unclear"),
        ("rich_share is not 6%", "met"),
    ],
)
def test_a_share_meets_its_target_where_all_of_its_interval_does(target: str, verdict: str) -> None:
    found = targets(target, DEFAULTS)
    assert found.verdict == verdict
    assert found.value == 127 / 2944
    assert found.said == target


def test_the_limit_is_in_the_type_of_the_measure() -> None:
    assert targets("rich_share at most 6%", DEFAULTS).limit == 0.06
    assert targets("total_income at least 1_500", FigureRecord(value="1500.00")).limit == "1500.00"
    assert targets("total_income at least floor", FigureRecord(value="5.00")).limit == "5.00"
    assert targets("first_day at least 2020-01-01", FigureRecord(value="2020-01-01")).limit == "2020-01-01"
    assert targets("size at least 5%").limit == 0.05
    assert targets("size at least 30").limit == 30


def test_what_is_no_estimate_is_never_unclear() -> None:
    assert targets("total_income at least 1_500", FigureRecord(value="1500.00")).verdict == "met"
    assert targets("total_income above 1_500", FigureRecord(value="1500.00")).verdict == "missed"
    assert targets("first_day above 2020-01-01", FigureRecord(value="2020-01-02")).verdict == "met"
    assert targets("first_day above 2020-01-01", FigureRecord(value="2020-01-01")).verdict == "missed"
    assert targets('region_least is "A"', FigureRecord(value="A")).verdict == "met"
    assert targets('region_least is "A"', FigureRecord(value="B")).verdict == "missed"


def test_an_interval_that_cannot_be_stated_leaves_open_what_chance_did() -> None:
    alone = FigureRecord(value=0.9, n=1, no_interval="only one known value", small="few rows")
    assert targets("rich_share at least 3%", alone).verdict == "unclear"
    assert targets("rich_share at least 3%", FigureRecord(value=None, status="missing")).verdict == "unclear"


@pytest.mark.parametrize("status", ["not yet observable", "hidden"])
def test_what_is_not_known_stays_so(status: str) -> None:
    figure = FigureRecord.model_validate({"value": None, "status": status})
    found = targets("rich_share at least 3%", figure)
    assert (found.verdict, found.value) == (status, None)


@pytest.mark.parametrize(
    "target, value, verdict",
    [
        ("size at least 5%", 0.05, "met"),  # 30 of 600
        ("size above 5%", 0.05, "missed"),
        ("size at most 4%", 0.05, "missed"),
        ("size at least 30", 30, "met"),
        ("size at least 31", 30, "missed"),
        ("size is 30", 30, "met"),
        ("size at least smallest", 0.05, "met"),
        ("size at least floor", 30, "met"),
    ],
)
def test_sizes_are_counted(target: str, value: float, verdict: str) -> None:
    found = targets(target)
    assert (found.said, found.value, found.verdict) == (target, value, verdict)


def test_a_parameter_has_the_value_of_the_run() -> None:
    found = targets("size at least smallest", parameters={"smallest": 0.1})
    assert (found.limit, found.verdict) == (0.1, "missed")


def test_hidden_sizes() -> None:
    program = program_of(RULES + "target value.prime size at least 5%, size at most 500\n")
    binding = binding_of(program, dt.date(2026, 9, 1))
    hidden = {"value": {"prime": None, "rest": 570}, "other": {"rich": 1, "poor": 599}}
    found = target_records(program, binding, "customers", hidden, 600, {})
    assert [(each.verdict, each.value) for each in found] == [("hidden", None), ("hidden", None)]


def test_a_share_of_no_rows_cannot_be_told() -> None:
    program = program_of(RULES + "target value.prime size at least 5%, size at least 5\n")
    binding = binding_of(program, dt.date(2026, 9, 1))
    nobody = {"value": {"prime": 0, "rest": 0}, "other": {"rich": 0, "poor": 0}}
    found = target_records(program, binding, "customers", nobody, 0, {})
    assert [(each.verdict, each.value) for each in found] == [("unclear", None), ("missed", 0)]
    assert target_records(program, binding, "accounts", nobody, 0, {}) == []
