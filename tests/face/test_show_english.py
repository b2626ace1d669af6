"""Conditions and values in plain English."""

from __future__ import annotations

import pytest
from small_programs import program_of

from segwright.dsl.labels import Lineage
from segwright.render.show.english import statement, value_of
from segwright.render.show.names import Speaker, one_row_of

DATA = """\
table customers key customer_id
  customer_id  integer
  age          integer optional
  score        integer optional "Bureau score"
  rate         percent
  income       money
  ratio        number
  channel      one of "app", "web", "shop"
  name         text optional
  born         date optional
  hardship     boolean "In hardship"
  waived       boolean optional
table crm of customers by customer_id
  customer_id  integer
  quiet        boolean
table accounts of customers by customer_id key account_id
  account_id   integer
  customer_id  integer
  status       one of "open", "closed"
events payments of customers by customer_id at paid_on
  customer_id  integer
  paid_on      date
  amount       money
  late         integer optional "Days late"
parameter limit = 720 from 600 to 800
parameter free  = 5
parameter above = 1 from 0
parameter back  = 90 days from 30 days to 999 days
let late_90d "Late instalments" = count of payments where late > 30 in last back
let rich = income > 1_000_000
segmentation risk "Risk" of customers
  first match wins
  segment good "Good" when score > 700
  segment bad when score < 600
  otherwise rest
segmentation mail of customers
  overlapping
  segment card "Card" when age > 3
"""

SENTENCES = [
    ("score >= 720", "“Bureau score” is at least 720", "“Bureau score” is below 720"),
    ("score <= limit", "“Bureau score” is at most 720 (parameter limit, from 600 to 800)",
     "“Bureau score” is above 720 (parameter limit, from 600 to 800)"),
    ("age > free", "age is above 5 (parameter free)", "age is at most 5 (parameter free)"),
    ("age < above", "age is below 1 (parameter above, at least 0)", "age is at least 1 (parameter above, at least 0)"),
    ("rate = 30%", "rate is 30%", "rate is not 30%"),
    ("income != 1_234_567.50", "income is not 1,234,567.50", "income is 1,234,567.50"),
    ("income > 15_000", "income is above 15,000", "income is at most 15,000"),
    ("age between 25 and 35", "age is from 25 to 35", "age is below 25 or above 35"),
    ('channel is one of ("app", "web")', 'channel is one of "app", "web"', 'channel is none of "app", "web"'),
    ('name starts with "A"', 'name starts with "A"', 'name does not start with "A"'),
    ('name contains "b"', 'name contains "b"', 'name does not contain "b"'),
    ("age is missing", "age is missing", "age is known"),
    ("crm is known", "there is a row in crm", "there is no row in crm"),
    ("born < 2000-01-31", "born is before 2000-01-31", "born is at the earliest 2000-01-31"),
    ("years since born >= 18", "the number of whole years since born is at least 18",
     "the number of whole years since born is below 18"),
    ("hardship", "“In hardship” is true", "“In hardship” is false"),
    ("crm.quiet default false", "quiet in crm is true", "quiet in crm is false or missing"),
    ("waived default true", "waived is true or missing", "waived is false"),
    ("(age default 0) > 3", "age (0 where missing) is above 3", "age (0 where missing) is at most 3"),
    ("late_90d = 0", "“Late instalments” is 0", "“Late instalments” is not 0"),
    ("any payments in last 1 month", "there are payments in the last month", "there are no payments in the last month"),
    ("no payments ever", "there are no payments so far", "there are payments so far"),
    ('(any accounts where status is "open")', 'there are accounts where status is "open"',
     'there are no accounts where status is "open"'),
    ("risk is good", "the segment of “Risk” is “Good”", "the segment of “Risk” is not “Good”"),
    ("risk is one of (good, bad)", "the segment of “Risk” is one of “Good”, “bad”",
     "the segment of “Risk” is none of “Good”, “bad”"),
    ("mail includes card", "the segments of “mail” include “Card”", "the segments of “mail” do not include “Card”"),
    ("previous risk is good", "the segment of “Risk” in the previous run was “Good”",
     "the segment of “Risk” in the previous run was not “Good”"),
    ("previous risk is missing", "the segment of “Risk” in the previous run is missing",
     "the segment of “Risk” in the previous run is known"),
    ("top 10% by income", "income is among the highest 10% of all customers",
     "income is not among the highest 10% of all customers"),
    ("percentile of income < 5%", "the share of customers with a lower income is below 5%",
     "the share of customers with a lower income is at least 5%"),
    ("decile of income = 10", "the decile of income among all customers (1 is the lowest tenth) is 10",
     "the decile of income among all customers (1 is the lowest tenth) is not 10"),
    ("age > 1 and (hardship or rich)", "age is above 1 and (“In hardship” is true or rich is true)",
     "age is at most 1 or (“In hardship” is false and rich is false)"),
    ("score is known and score >= 720 and score < 800",
     "“Bureau score” is known and at least 720 and “Bureau score” is below 800",
     "“Bureau score” is missing or “Bureau score” is below 720 or “Bureau score” is at least 800"),
    ('name is known and name starts with "A"', 'name is known and name starts with "A"',
     'name is missing or name does not start with "A"'),
]  # fmt: skip
"""A condition, what is said where it is true, and where it is false."""


@pytest.mark.parametrize("condition, true, false", SENTENCES, ids=[condition for condition, _, _ in SENTENCES])
def test_conditions(condition: str, true: str, false: str) -> None:
    program = program_of(f"{DATA}segmentation s of customers\n  overlapping\n  segment it when {condition}\n")
    (clause,) = program.segmentation("s").segments[0].clauses
    speaker = Speaker(Lineage(program), "customers")
    assert statement(clause.when, speaker).text == true
    assert statement(clause.when, speaker, truth=False).text == false


@pytest.mark.parametrize(
    "value, said",
    [
        ("income * 2 - (1 - ratio)", "(income × 2) − (1 − ratio)"),
        ("income / (age + 1)", "income / (age + 1)"),
        ("-age", "−age"),
        ("count of payments where late = 30 in last back",
         "the number of payments in the last 90 days (parameter back, from 30 to 999 days) where “Days late” is 30"),
        ("sum of amount from payments in last 12 months except last 6 months",
         "the sum of amount over payments in the last 12 months without the last 6 months"),
        ("average of (amount * 2) from payments ever", "the average of (amount × 2) over payments so far"),
        ("max of late from payments ever", "the highest “Days late” of payments so far"),
        ("min of amount from payments ever", "the lowest amount of payments so far"),
        ("median of amount from payments ever", "the median of amount over payments so far"),
        ("latest of paid_on from payments ever", "the latest paid on of payments so far"),
        ("first of amount from payments where late = 0 or late is missing in last 2 years",
         "the first amount of payments in the last 2 years where “Days late” is 0 or “Days late” is missing"),
        ("distinct count of amount from payments ever", "the number of different values of amount in payments so far"),
        ("trend per month of amount from payments ever", "the trend per month of amount over payments so far"),
        ("months since born", "the number of whole months since born"),
    ],
)  # fmt: skip
def test_values(value: str, said: str) -> None:
    program = program_of(f"{DATA}let it of customers = {value}\n")
    assert value_of(program.let("customers", "it").value, Speaker(Lineage(program), "customers")) == said


@pytest.mark.parametrize(
    "table, key, said",
    [
        ("customers", "customer_id", "a customer"),
        ("accounts", "account_no", "an account"),
        ("policies", "policy_id", "a policy"),
        ("boxes", "box_id", "a box"),
        ("houses", "house", "a house"),
        ("personal_loans", "loan_id", "a personal loan"),
        ("klanten", "klantnummer", "a klant"),
        ("relaties", "relatie_id", "a relatie"),
        ("customers", "id", "a row of customers"),
        ("household", "number", "a row of household"),
        ("gas_meter", "meter", "a row of gas meter"),
    ],
)
def test_one_row(table: str, key: str, said: str) -> None:
    program = program_of(f"table {table} key {key}\n  {key} integer\n")
    assert one_row_of(program.tables[0]) == said
