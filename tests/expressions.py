"""One small project whose expressions are checked: over customers, their accounts and payments."""

from segwright.dsl.check import check
from segwright.dsl.diagnostics import Diagnostic
from segwright.dsl.parse import parse
from segwright.dsl.program import Expr, FieldRef, Program
from segwright.dsl.source import Source
from segwright.dsl.types import Type

DATA = """\
table customers key customer_id
  customer_id integer
  age         integer
  products    integer optional
  income      money
  bonus       money optional
  fee         money(4)
  rate        number
  utilisation percent
  channel     one of "app", "web"
  region      text
  note        text optional
  opened_on   date
  closed_on   date optional
  seen_at     timestamp
  hardship    boolean
  waived      boolean optional
table crm of customers by customer_id
  customer_id integer
  do_not_call boolean
table accounts of customers by customer_id key account_id
  account_id  integer
  customer_id integer
  status      one of "open", "closed"
  balance     money
table guarantors of accounts by account_id
  account_id  integer
  trusted     boolean
events payments of customers by customer_id at paid_on
  customer_id integer
  paid_on     date
  amount      money
  share       percent
  days_late   integer optional
events dues of accounts by account_id at due_on
  account_id  integer
  due_on      date
parameter prime     = 720
parameter factor    = 0.5
parameter part      = 30%
parameter own       = "app"
parameter lookback  = 90 days
parameter month     = 1 month
let tenure = months since opened_on
let late   = count of payments where days_late > 30 in last 90 days
let ending = months since closed_on
let due of accounts   = count of dues ever
let large of accounts = balance > 1_000
segmentation worth of customers
  first match wins
  segment prime_one when income > 5_000
  otherwise standard
segmentation mailing of customers
  overlapping
  segment win_back when age > 30
segmentation cover of accounts
  first match wins
  segment thin when balance < 10
  otherwise solid
"""


def checked(expr: str, table: str = "customers", data: str = DATA) -> tuple[Program | None, list[Diagnostic], Source]:
    """The project with `expr` as the let `it`, and the problems (notes aside) with the text they stand in."""
    source = Source("rules.seg", f"{data}let it of {table} = {expr}\n")
    document, problems = parse(source)
    result = check([document])
    return result.program, [each for each in (*problems, *result.diagnostics) if each.severity != "note"], source


def typed(expr: str, table: str = "customers") -> Expr:
    program, problems, _ = checked(expr, table)
    assert program is not None, problems
    return program.let(table, "it").value


def field(name: str, type: Type, table: str = "customers") -> FieldRef:
    return FieldRef(table, name, type)
