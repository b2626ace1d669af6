"""Built-in measures are what their definitions say, written in ordinary arithmetic."""

from __future__ import annotations

from decimal import Decimal

import pytest

from segwright.dsl import program as p
from segwright.dsl.builtin_measures import BUILTIN_MEASURES, BuiltinMeasure
from segwright.dsl.check import check
from segwright.dsl.check.builtin_measures import _MADE_OF
from segwright.dsl.outcomes import Measure
from segwright.dsl.parse import parse
from segwright.dsl.reporting import at_horizon, has_horizons
from segwright.dsl.source import Source
from segwright.dsl.types import INTEGER, MONEY, Length
from segwright.dsl.walk import walk
from segwright.dsl.wording import wording

DATA = """
table customers key customer_id
  customer_id        integer
  clv_12m            money
  acquisition_cost   money
  margin_12m         money
  pd                 percent
  lgd                percent
  balance            money
  claims_paid_12m    money
  premium_12m        money
  service_cost_12m   money
  perhaps            money optional
  offer_sent         boolean optional
  bought             boolean
  policy_due         boolean
  renewed            boolean
events payments of customers by customer_id at paid_on
  customer_id  integer
  paid_on      date
segmentation value of customers
  first match wins
  segment top when clv_12m > 100
  otherwise rest
"""


def program_of(rules: str) -> p.Program:
    document, problems = parse(Source("rules.seg", DATA + rules))
    found = check([document])
    assert problems == ()
    assert [each for each in found.diagnostics if each.severity != "note"] == []
    assert found.program is not None
    return found.program


def measure(written: str) -> Measure:
    (found,) = program_of(f"measure m = {written}\n").measures
    return found


@pytest.mark.parametrize("builtin", BUILTIN_MEASURES, ids=lambda each: each.name)
def test_the_example_of_each_is_right_and_carries_its_definition(builtin: BuiltinMeasure) -> None:
    assert builtin.example.startswith(f"{builtin.name} (")
    assert all(f"{argument.name} " in builtin.example for argument in builtin.arguments)
    found = measure(builtin.example)
    assert found.definition == f"{builtin.name} = {builtin.formula}"
    assert builtin.source


def test_each_is_made_of_something() -> None:
    assert set(_MADE_OF) == {builtin.name for builtin in BUILTIN_MEASURES}


@pytest.mark.parametrize(
    "named, plain",
    [
        (
            "return on investment (gain clv_12m, cost acquisition_cost)",
            "(sum of clv_12m - sum of acquisition_cost) / sum of acquisition_cost",
        ),
        (
            "risk-adjusted return (exposure balance, loss_given_default lgd, default_probability pd, margin clv_12m)",
            "average of (clv_12m - pd * lgd * balance)",
        ),
        ("default-adjusted clv (clv clv_12m, default_probability pd)", "average of (clv_12m * (100% - pd))"),
        ("loss ratio (losses claims_paid_12m, premiums premium_12m)", "sum of claims_paid_12m / sum of premium_12m"),
        ("cost to serve (cost perhaps)", "average of perhaps"),
        ("(cost to serve (cost perhaps)) / 12", "average of perhaps / 12"),
    ],
)
def test_it_is_ordinary_arithmetic(named: str, plain: str) -> None:
    written = measure(plain)
    assert measure(named).value == written.value
    assert written.definition is None


@pytest.mark.parametrize(
    "clv, amount",
    [("clv_12m", p.Const(Decimal("10.00"), MONEY)), ("(clv_12m / 2)", p.Const(10, INTEGER))],
)
def test_a_literal_amount_is_in_the_currency_beside_it(clv: str, amount: p.Const) -> None:
    found = walk(measure(f"return on investment (cost 10, gain {clv})").value)
    assert {each.value for each in found if isinstance(each, p.GroupAggregate)} > {amount}


@pytest.mark.parametrize(
    "named, said",
    [
        (
            "return on investment (gain perhaps, cost acquisition_cost)",
            (
                "(sum of perhaps - (sum of acquisition_cost where perhaps is known))"
                " / (sum of acquisition_cost where perhaps is known)"
            ),
        ),
        (
            "loss ratio (losses claims_paid_12m, premiums perhaps)",
            "(sum of claims_paid_12m where perhaps is known) / sum of perhaps",
        ),
        ("conversion (offered offer_sent, converted bought)", "share where bought among those where offer_sent"),
        (
            "renewal (due (policy_due and bought), renewed (renewed and clv_12m > 3))",
            "share where renewed and clv_12m > 3.00 among those where policy_due and bought",
        ),
    ],
)
def test_only_rows_of_which_all_is_known(named: str, said: str) -> None:
    assert wording(measure(named).value, "customers") == said


def test_definitions_are_told_in_the_order_written_and_once() -> None:
    found = measure(
        "loss ratio (losses claims_paid_12m, premiums premium_12m) - cost to serve (cost perhaps)"
        " + loss ratio (losses claims_paid_12m, premiums 3)"
    )
    assert found.definition is not None
    assert [each.partition(" = ")[0] for each in found.definition.split("; ")] == ["loss ratio", "cost to serve"]


def test_horizons_replace_the_windows_of_built_in_measures_too() -> None:
    program = program_of(
        "measures at 6 months, 1 year\n"
        "measure m = conversion (offered (any payments in last 3 months), converted (any payments in next 12 months))\n"
    )
    assert program.measures_at == (Length(6, "month"), Length(1, "year"))
    (found,) = program.measures
    assert has_horizons(found)
    at_six = "share where any payments in next 6 months among those where any payments in last 3 months"
    assert wording(at_horizon(found, Length(6, "month")).value, "customers") == at_six
