"""One rule text with something of everything, and edits of it."""

from __future__ import annotations

from dataclasses import dataclass

from segwright.dsl.check import check
from segwright.dsl.parse import parse
from segwright.dsl.program import Program
from segwright.dsl.source import Source

DATA = """purposes risk, marketing

table customers "Borrowers" key customer_id
  customer_id  integer
  age          integer from 18 to 120
  income       money optional "Gross yearly income"
  score        integer from 300 to 850 optional missing when 0, 999
  used         percent optional
  active       boolean true when "Y" false when "N"
  channel      one of "app", "web", "branch"
  opened_on    date
  by_mail      boolean consent for marketing
  fraud        percent for risk, marketing
  gender       text optional protected
  email        text personal
  vip          boolean

table crm of customers by customer_id
  customer_id  integer
  do_not_call  boolean

table accounts of customers by customer_id key account_id
  account_id   integer
  customer_id  integer
  balance      money
  status       one of "open", "closed"

events payments of customers by customer_id at paid_on
  customer_id  integer
  paid_on      date
  amount       money
  days_late    integer from 0

freshness payments within 35 days
"""

RULES = """parameter prime = 720 from 600 to 800 "Prime"
parameter recent = 90 days from 30 days to 180 days

let late "Late payments" = count of payments where days_late > 30 in last 90 days
let paid   = sum of amount from payments in last 6 months except last 1 month
let worst  = max of days_late from payments in last recent
let owed   = (sum of balance from accounts where status is "open")
let tenure = months since opened_on
let ratio  = owed / income
let thin   = tenure < 12 and late = 0

decision band first
  | score      | used  | => band |
  | >= prime   | < 30% | "A"     |
  | [640..720) | any   | "B"     |
  | otherwise          | "C"     |

decision grade unique
  | age       | => grade |
  | < 30      | 1        |
  | [30..60)  | 2        |
  | otherwise | 3        |

scorecard points starts at 500
  by used
    below 30%         +40
    from 30% to 70%   +15
    above 70%         -20  reason R12 "Balances high"
    missing             0
  when late > 0 then -60   reason R01 "Recent arrears"

segmentation value "Value" of customers
  first match wins
  purpose risk
  owner   "desk"
  refresh every 1 month
  review  every 12 months, last reviewed 2026-01-15
  each segment at least 500 customers

  segment watched "Watched"
    when fraud > 80%
    reason F01 "Fraud"

  segment best "Best"
    when score is known and score >= prime
     and used < 30%
     and channel is one of ("app", "web")
    unless late > 2
    when previous value is best
     and score >= 700

  segment wealthy
    from 2026-07-01
    when income > 50_000
     and (age between 30 and 60 or vip)

  segment young
    when age < 25

  segment old
    when age >= 70
    reasons from points

  otherwise rest "Rest"

segmentation mails of customers
  overlapping
  purpose marketing
  needs consent for marketing
  unless crm.do_not_call default false
  segment cross_sell when value is young and opened_on >= 2020-01-01
  segment win_back   when no payments in last 12 months
  segment richest    when top 10% by paid

measure spent "Spent" higher is better = average of paid
measure share_late lower is better = share where late > 0
measures at 3, 6 months
measures by quarter of opened_on

target best  share_late at most 3%, size at least 5%

policy
  hide groups below 10
  fairness across gender favourable best ratio at least 80%

experiment coaching "Coaching" on young
  arms treated 90%, control 10%
  success share_late

guarantee "nobody without a score gets there at first"
  no best where score is missing and previous value is missing
"""

TEXT = DATA + "\n" + RULES

Edit = tuple[str, str]
"""A part of the text that is there once, and what stands there instead."""

Told = tuple[str, str, str, str]
"""A change as it is told: kind, what, name, message."""


@dataclass(frozen=True, slots=True)
class Case:
    """Edits of `TEXT`, and the changes that they make, in order."""

    edits: tuple[Edit, ...]
    told: tuple[Told, ...]


def case(*parts: Edit | Told) -> Case:
    """A case from its edits, which are pairs, and what is told of it."""
    edits = tuple(part for part in parts if len(part) == 2)
    return Case(edits, tuple(part for part in parts if len(part) == 4))


def program_of(text: str) -> Program:
    """The program of a text in which there is no error."""
    document, problems = parse(Source("rules.seg", text))
    checked = check([document])
    errors = [each.message for each in (*problems, *checked.diagnostics) if each.severity == "error"]
    assert errors == []
    assert checked.program is not None
    return checked.program


def edited_text(*edits: Edit) -> str:
    """The text after some edits."""
    text = TEXT
    for before, after in edits:
        assert text.count(before) == 1, f"{text.count(before)} times: {before}"
        text = text.replace(before, after)
    return text
