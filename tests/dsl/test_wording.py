"""The one wording of expressions: what it says, and that it says the same when it is read again."""

import pytest
from generators.programs import Generated, programs
from hypothesis import given

from segwright.dsl.check import check
from segwright.dsl.parse import parse
from segwright.dsl.program import Choice, Expr, Program, Score
from segwright.dsl.source import Source
from segwright.dsl.walk import conditions
from segwright.dsl.wording import wording


def program_of(text: str) -> Program:
    document, problems = parse(Source("rules.seg", text))
    checked = check([document])
    assert not problems
    assert checked.program is not None, checked.diagnostics
    return checked.program


def _looked_at(value: Expr) -> list[Expr]:
    match value:
        case Choice(inputs=inputs):
            return [*inputs]
        case Score(characteristics=characteristics):
            return [each.by or each.bins[0].when for each in characteristics]
        case _:
            return [value]


def expressions(program: Program) -> list[tuple[str, Expr]]:
    """Every expression of a program with the table that it stands over; of decisions and scorecards, which are none,
    what they look at."""
    lets = [(let.table, expr) for let in program.lets for expr in _looked_at(let.value)]
    asked = [(found.table, condition) for found in program.segmentations for condition in conditions(found)]
    return lets + asked


@given(programs())
def test_wording_read_again_is_the_same_expression(generated: Generated) -> None:
    first = expressions(program_of(generated.text))
    again = "\n".join(
        f"let again_{number} of {table} = {wording(expr, table)}" for number, (table, expr) in enumerate(first)
    )
    second = program_of(f"{generated.text}\n{again}\n")
    for number, (table, expr) in enumerate(first):
        assert second.let(table, f"again_{number}").value == expr


DATA = """\
table customers key customer_id
  customer_id  integer
  age          integer
  income       money
  fee          money(4)
  rate         number
  utilisation  percent optional
  channel      one of "app", "web"
  region       text optional
  opened_on    date
  seen_at      timestamp
  hardship     boolean
  waived       boolean
  count        integer
  `house no.`  integer
table crm of customers by customer_id
  customer_id  integer
  do_not_call  boolean
table accounts of customers by customer_id key account_id
  account_id   integer
  customer_id  integer
  status       one of "open", "closed"
  balance      money
events payments of customers by customer_id at paid_on
  customer_id  integer
  paid_on      date
  days_late    integer
parameter prime = 720
parameter lookback = 90 days
segmentation worth of customers
  first match wins
  segment prime_one when income > 5_000
  segment `mid range` when income > 2_000
  otherwise standard
segmentation mailing of customers
  overlapping
  segment win_back when age > 30
"""


def worded(expr: str) -> str:
    return wording(program_of(f"{DATA}let it of customers = {expr}\n").let("customers", "it").value, "customers")


@pytest.mark.parametrize(
    "expr, words",
    [
        ("age at least 1_000", "age >= 1000"),
        ("age is not 30", "age != 30"),
        ("age is above prime", "age > prime"),
        ("income below 1_000", "income < 1000.00"),
        ("fee is 0.5", "fee = 0.5000"),
        ("rate > 3.0", "rate > 3"),
        ("rate > 0.0000001", "rate > 0.0000001"),
        ("utilisation < 30.0%", "utilisation < 30%"),
        ("utilisation > 18.01%", "utilisation > 18.01%"),
        ("utilisation < -5%", "utilisation < -5%"),
        ('channel is "app"', 'channel = "app"'),
        ('channel is one of ("app", "web")', 'channel is one of ("app", "web")'),
        ('channel is not one of ("app")', 'channel is not one of ("app")'),
        (r'region = "a \"b\" \\c"', r'region = "a \"b\" \\c"'),
        ('region starts with "NL"', 'region starts with "NL"'),
        ("region is missing", "region is missing"),
        ("opened_on is 2026-01-31", "opened_on = 2026-01-31"),
        ("seen_at > opened_on", "seen_at > opened_on"),
        ("opened_on between 2026-01-01 and 2026-01-31", "opened_on between 2026-01-01 and 2026-01-31"),
        ("((hardship))", "hardship"),
        ("not (hardship)", "not hardship"),
        ("not age > 3", "not (age > 3)"),
        ("not (hardship and waived)", "not (hardship and waived)"),
        ("(hardship and waived) or age > 3", "(hardship and waived) or age > 3"),
        ("hardship and (waived or (age > 3))", "hardship and (waived or age > 3)"),
        ("(age + 1) - (2 + age)", "age + 1 - (2 + age)"),
        ("(age * 2) + 1", "age * 2 + 1"),
        ("age * (2 + 1)", "age * (2 + 1)"),
        ("age / (2 * age) / 3", "age / (2 * age) / 3"),
        ("-(age + 1) * 2", "(-(age + 1)) * 2"),
        ("age - -1", "age - (-1)"),
        ("1.0 - utilisation", "1 - utilisation"),
        ("rate * 2.0", "rate * 2"),
        ("age * 2.0", "age * 2.0"),
        ("2.0 + 3", "2.0 + 3.0"),
        ("2 * income", "income * 2"),
        ("income * 2.0", "income * 2.0"),
        ("income * 30%", "income * 30%"),
        ("(utilisation) default 0% >= 30%", "utilisation default 0% >= 30%"),
        ("(income / age) default 0", "(income / age) default 0"),
        ("months since opened_on", "months since opened_on"),
        ("customers.age > 3", "age > 3"),
        ("crm.do_not_call default false", "crm.do_not_call default false"),
        ("crm is missing", "crm is missing"),
        ("`count` > 3", "`count` > 3"),
        ("`house no.` > 3", "`house no.` > 3"),
        ("worth is one of (standard)", "worth is standard"),
        ("worth is not one of (standard, `mid range`)", "worth is not one of (standard, `mid range`)"),
        ("mailing includes win_back", "mailing includes win_back"),
        ("count of payments in last lookback", "count of payments in last lookback"),
        (
            "no payments where (days_late > 30) in last 12 months except last 1 month",
            "no payments where days_late > 30 in last 12 months except last 1 month",
        ),
        ("max of (days_late) from payments ever", "max of days_late from payments ever"),
        ("max of (days_late + 1) from payments ever", "max of (days_late + 1) from payments ever"),
        ("days since (latest of paid_on from payments ever)", "days since (latest of paid_on from payments ever)"),
        ('(any accounts where status is "open")', '(any accounts where status = "open")'),
        ("sum of balance from accounts > 3", "sum of balance from accounts > 3.00"),
        ("max of customers.age from accounts", "max of customers.age from accounts"),
    ],
)
def test_the_wording(expr: str, words: str) -> None:
    assert worded(expr) == words
    assert worded(words) == words
