"""`segwright explain`: why a row landed where it did, worked out by hand; and always the run's own answer."""

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from face.conftest import Folder, Segwright, on_a_terminal

import segwright as sw
from segwright.compiler.plan_from_program import plan_from_program
from segwright.dsl.wording import wording
from segwright.runtime.binding import bind
from segwright.runtime.connection import connected
from segwright.runtime.engines.names import ENGINES
from segwright.runtime.engines.opening import open_engine
from segwright.runtime.explain import explain
from segwright.runtime.explanation import ClauseSeen, ConditionSeen, Explanation, SegmentSeen, Step
from segwright.runtime.observe import subject_of
from segwright.runtime.sources import open_inputs

RULES = """
purposes marketing
table customers "Borrowers" key customer_id
  customer_id integer
  score       integer from 300 to 850 optional "Bureau score"
  used        money
  granted     money
  share_used  percent optional
  ends_on     date optional
  channel     one of "app", "branch"
  hardship    boolean
  agreed      boolean optional consent for marketing
table crm of customers by customer_id
  customer_id integer
  calls       integer
  stop        boolean
table accounts of customers by customer_id key account_id
  account_id  integer
  customer_id integer
  balance     money
  status      one of "open", "closed"
events payments of customers by customer_id at paid_on known at told_on
  customer_id integer
  paid_on     date
  told_on     date
  amount      money
  days_late   integer

parameter least_score = 700 from 500 to 800 "Least score"
parameter recent = 90 days

let load "Part of the limit in use" = used / granted
let late "Late payments" = count of payments where days_late > 30 in last recent
let paid = sum of amount from payments in last 12 months
let worst = max of days_late from payments ever
let last_paid = latest of paid_on from payments ever
let open_balance = (sum of balance from accounts where status is "open")

segmentation risk "Risk class" of customers
  first match wins
  segment stopped "Stopped"
    when crm.stop and crm.calls > 3
  segment summer "Summer"
    from 2026-06-01
    until 2026-08-31
    when score >= 300
  segment good "Good"
    when score is known and score >= least_score
     and load < 0.5
     and late = 0
    unless hardship
    unless channel is "branch" and share_used > 80%
    when paid * 2 > 5_000
    reason G01 "Pays well"
  segment middle "Middle"
    when (score >= 600 and share_used < 50%) or (worst <= 5 and open_balance > 1_000)
    when ends_on > 2027-01-01 and not channel is "branch"
  otherwise rest "Rest"
    reason R01 "Nothing else fits"

segmentation mail "Mailing" of customers
  overlapping
  purpose marketing
  needs consent for marketing
  unless crm.stop default false
  segment offers when risk is one of (good, middle)
  segment calls  when crm is known
"""


@pytest.fixture(params=ENGINES)
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Folder:
    """An empty folder, for every engine in turn."""
    path = tmp_path / "project"
    path.mkdir()
    return Folder(path, request.param)


@pytest.fixture
def bank(folder: Folder) -> Folder:
    folder.rules(RULES)
    folder.table(
        "customers",
        """
        customer_id score used granted share_used ends_on    channel hardship agreed
        1           720   100  1000    0.2        2027-06-01 app     false    true
        2           -     100  0       -          -          branch  true     -
        3           650   900  1000    0.85       2026-12-20 branch  false    false
        4           560   900  1000    0.85       2026-12-20 branch  false    true
        5           695   499  1000    0.9        -          app     false    true
        """,
    )
    folder.table(
        "crm",
        """
        customer_id calls stop
        1           2     false
        3           9     true
        """,
    )
    folder.table(
        "accounts",
        """
        account_id customer_id balance status
        10         1           500.25  open
        11         1           700     closed
        """,
    )
    # Of customer 1: one on the last day of the window's first day, one late, one told of later, one a year old.
    folder.table(
        "payments",
        """
        customer_id paid_on    told_on    amount days_late
        1           2026-06-03 2026-06-03 5      40
        1           2026-06-04 2026-06-04 7      45
        1           2026-08-01 2026-08-02 100    0
        1           2026-08-20 2026-09-20 1      99
        1           2025-09-01 2025-09-02 30     0
        4           2026-08-31 2026-08-31 2500   6
        """,
    )
    folder.settings()
    return folder


def explained(folder: Folder, key: int | str, **options: Any) -> Explanation:
    return sw.open(folder.path).explain(key, **options)


def squeezed(text: str) -> str:
    """With what was seen right beside what was asked."""
    return re.sub(r"(?<=\S) {4,}", "   ", text)


def segment(explanation: Explanation, segmentation: str, name: str) -> SegmentSeen:
    (found,) = [each for each in explanation.segmentations if each.name == segmentation]
    return next(each for each in found.segments if each.name == name)


def conditions(step: Step) -> Iterator[ConditionSeen]:
    if step.condition is not None:
        yield step.condition
    for part in step.parts:
        yield from conditions(part)


def all_conditions(clause: ClauseSeen) -> Iterator[ConditionSeen]:
    for step in (clause.when, *clause.unless):
        yield from conditions(step)
    yield from clause.consent


def obstacles(clause: ClauseSeen) -> list[tuple[str, str]]:
    return [(each.part, each.text) for each in clause.kept_out_by]


# -- text ------------------------------------------------------------------------------------------------------------


def test_the_screen_of_one_customer(bank: Folder, segwright: Segwright) -> None:
    # Late: (2026-06-03, 2026-09-01] holds 4 June, not 3 June, nor what was told of on 20 September.
    # Paid in (2025-09-01, 2026-09-01]: 5 + 7 + 100 = 112, twice that is 224.
    answer = segwright("explain", bank.path, 1)
    assert (answer.code, answer.err) == (0, "")
    assert (
        answer.out
        == """\
customers 1, as of 2026-09-01

Risk class (risk): Middle (middle), clause 5
    ✓ one of these
    ✓   all of these
    ✓     score >= 600             is 720
    ✓     share_used < 50%         is 20%
    ✗   all of these
    ✗     worst <= 5               is 45
    ✗     open_balance > 1000.00   is 500.25
  tried before, and what kept the row out
    Stopped            ✗ crm.stop
                   and ✗ crm.calls > 3        is 2, 1 below 3
    Summer             in force only from 2026-06-01 until 2026-08-31
    Good, clause 3     ✗ late = 0             is 1, 1 above 0
    Good, clause 4     ✗ paid * 2 > 5000.00   is 224.00 (paid is 112.00), 4,776.00 below 5,000.00

Mailing (mail): offers, calls
  offers
    ✓ risk is one of (good, middle)   is middle
    ✓ unless crm.stop default false   crm.stop is false
    ✓ consent for marketing           agreed is true
  calls
    ✓ crm is known
    ✓ unless crm.stop default false   crm.stop is false
    ✓ consent for marketing           agreed is true

names used above
  score         Bureau score
  late          Late payments: count of payments where days_late > 30 in last recent
  paid          sum of amount from payments in last 12 months
  worst         max of days_late from payments ever
  open_balance  (sum of balance from accounts where status = "open")
  recent        90 days

worst: 4 rows of payments, 3 of them
  paid_on 2026-08-01, days_late 0
  paid_on 2026-06-04, days_late 45
  paid_on 2026-06-03, days_late 40

open_balance: 1 row of accounts
  account_id 10, balance 500.25, status "open"
"""
    )


def test_the_screen_of_a_customer_of_whom_much_is_missing(bank: Folder, segwright: Segwright) -> None:
    answer = segwright("explain", bank.path, 2)
    assert (
        answer.out.split("names used above")[0]
        == """\
customers 2, as of 2026-09-01

Risk class (risk): Rest (rest), clause 7
    no segment before it applies
    reason R01: Nothing else fits
  tried before, and what kept the row out
    Stopped              ? crm.stop               unknown because crm.stop is missing: there is no row in crm
                     and ? crm.calls > 3          unknown because crm.calls is missing: there is no row in crm
    Summer               in force only from 2026-06-01 until 2026-08-31
    Good, clause 3       ✗ score is known         is missing
                     and ? load < 0.5             unknown because it divides by granted, which is 0
                     and ✗ unless hardship
    Good, clause 4       ✗ paid * 2 > 5000.00     is 0.00, 5,000.00 below 5,000.00
    Middle, clause 5     ? (score >= 600 and share_used < 50%) or (worst <= 5 and open_balance > 1000.00)
                             score is missing, share_used is missing, worst is missing, open_balance is 0.00
    Middle, clause 6     ? ends_on > 2027-01-01   unknown because ends_on is missing
                     and ✗ channel != "branch"    is "branch"

Mailing (mail): no segment
  not in, and what kept the row out
    offers     ✗ risk is one of (good, middle)   is rest
           and ✗ consent for marketing           agreed is missing
    calls      ✗ crm is known
           and ✗ consent for marketing           agreed is missing

"""
    )


def test_details_show_every_definition_and_every_row(bank: Folder, segwright: Segwright) -> None:
    short, long = segwright("explain", bank.path, 1).out, segwright("explain", bank.path, 1, "--details").out
    assert "least_score   Least score: 700\n" in long
    assert "least_score" not in short
    assert "  load          Part of the limit in use: used / granted (used is 100.00, granted is 1,000.00)\n" in long
    assert (
        """\
late: 1 row of payments
  paid_on 2026-06-04, days_late 45

paid: 3 rows of payments
  paid_on 2026-08-01, amount 100.00
  paid_on 2026-06-04, amount 7.00
  paid_on 2026-06-03, amount 5.00

worst: 4 rows of payments
"""
        in long
    )
    assert "2026-08-20" not in long  # we were told of it later


def test_one_screen(bank: Folder, segwright: Segwright) -> None:
    for key in range(1, 6):
        assert len(segwright("explain", bank.path, key).out.splitlines()) <= 50
        assert len(segwright("explain", bank.path, key, "-s", "risk").out.splitlines()) <= 32


def test_only_one_segmentation(bank: Folder, segwright: Segwright) -> None:
    out = segwright("explain", bank.path, 1, "--segmentation", "mail").out
    assert out.splitlines()[2] == "Mailing (mail): offers, calls"
    assert "Risk class" not in out
    assert "names used above" not in out


def test_many_obstacles_are_shown_with_details(folder: Folder, segwright: Segwright) -> None:
    fields = [f"f{number}" for number in range(5)]
    folder.rules(
        "table t key id\n  id integer\n"
        + "".join(f"  {name} integer\n" for name in fields)
        + "segmentation s of t first match wins\n  segment all when "
        + " and ".join(f"{name} > 1" for name in fields)
        + "\n  otherwise rest\n"
    )
    folder.table("t", "id f0 f1 f2 f3 f4\n1 0 0 0 0 0")
    folder.settings()
    assert segwright("explain", folder.path, 1).out.splitlines()[-4:] == [
        "    all     ✗ f0 > 1   is 0, 1 below 1",
        "        and ✗ f1 > 1   is 0, 1 below 1",
        "        and ✗ f2 > 1   is 0, 1 below 1",
        "        and   2 more, which `--details` shows",
    ]
    assert segwright("explain", folder.path, 1, "--details").out.splitlines()[-1].endswith("f4 > 1   is 0, 1 below 1")


def test_of_many_segments_the_nearest_are_shown(folder: Folder, segwright: Segwright) -> None:
    segments = [f"  segment s{number} when a > {number} and b > {number % 10}" for number in range(50)]
    folder.rules(
        "table t key id\n  id integer\n  a integer\n  b integer\nsegmentation s of t\n  first match wins\n"
        + "\n".join(segments)
        + "\n  otherwise rest\n"
    )
    folder.table("t", "id a b\n1 -1 5")
    folder.settings()
    # b > 0 … b > 4 hold, so that a alone keeps the row out of half of them.
    lines = segwright("explain", folder.path, 1).out.splitlines()
    near = [f"s{number}" for number in range(50) if number % 10 < 5][:20]
    assert [line.split()[0] for line in lines[5:25]] == near
    assert lines[25:] == ["    … and 30 more segments, which `--details` shows"]
    assert len(segwright("explain", folder.path, 1, "--details").out.splitlines()) == 5 + 25 + 2 * 25


def test_what_is_wider_than_the_terminal_stands_below(bank: Folder) -> None:
    code, shown = on_a_terminal(["explain", str(bank.path), "2"], columns=80, environment={"NO_COLOR": "1"})
    assert code == 0
    assert (
        "    Stopped              ? crm.stop\n"
        "                             unknown because crm.stop is missing: there is no row in crm\n" in shown
    )
    code, shown = on_a_terminal(["explain", str(bank.path), "2"], columns=200)
    assert "\x1b[1;32mRest (rest)\x1b[0m, clause 7" in shown


# -- what kept a row out ---------------------------------------------------------------------------------------------


def test_one_condition_alone(bank: Folder) -> None:
    good, _ = segment(explained(bank, 1), "risk", "good").clauses
    assert (good.number, good.holds, good.alone) == (3, False, True)
    assert obstacles(good) == [("when", "late = 0")]
    # Customer 5 would be good but for five points: 499 of 1,000 is below a half.
    good, _ = segment(explained(bank, 5), "risk", "good").clauses
    assert (obstacles(good), good.alone) == ([("when", "score >= least_score")], True)
    (condition,) = good.kept_out_by[0].conditions
    assert condition.distance is not None
    assert (condition.distance.by, condition.distance.side, condition.distance.cut_off) == (5, "below", 700)


def test_an_unless_alone(bank: Folder) -> None:
    # Customer 4 with a score of 700 would be good but for the card balances of a branch's customer.
    good, _ = segment(explained(bank, 4, parameters={"least_score": 560}), "risk", "good").clauses
    assert obstacles(good) == [
        ("when", "load < 0.5"),
        ("unless", 'channel = "branch" and share_used > 80%'),
    ]
    assert not good.alone


def test_an_unless_of_two_conditions(folder: Folder) -> None:
    folder.rules(
        "table t key id\n  id integer\n  a integer\n  b integer optional\nsegmentation s of t first match wins\n"
        "  segment x when id > 0 unless a > 1 and b > 1\n  otherwise rest\n"
    )
    folder.table("t", "id a b\n1 2 2\n2 2 -\n3 0 5")
    folder.settings()
    (one,) = segment(explained(folder, 1), "s", "x").clauses
    assert (obstacles(one), one.alone) == ([("unless", "a > 1 and b > 1")], True)
    assert [each.text for each in one.kept_out_by[0].conditions] == ["a > 1", "b > 1"]
    # Unknown does not exclude.
    (two,) = segment(explained(folder, 2), "s", "x").clauses
    assert (two.holds, two.kept_out_by) == (True, ())
    assert two.unless[0].truth == "unknown"


def test_consent_alone(bank: Folder) -> None:
    folder_text = (bank.path / "customers.csv").read_text(encoding="utf-8")
    (bank.path / "customers.csv").write_text(folder_text.replace("app,false,true", "app,false,"), encoding="utf-8")
    (offers,) = segment(explained(bank, 1), "mail", "offers").clauses
    assert (obstacles(offers), offers.alone) == ([("consent", "consent for marketing")], True)
    (condition,) = offers.kept_out_by[0].conditions
    assert (condition.truth, [(value.name, value.missing) for value in condition.values]) == (
        "false",
        [("agreed", True)],
    )


def test_a_negation(bank: Folder) -> None:
    _, negated = segment(explained(bank, 4), "risk", "middle").clauses
    assert obstacles(negated) == [("when", "ends_on > 2027-01-01"), ("when", 'channel != "branch"')]


def test_an_or_of_which_either_would_have_been_enough(folder: Folder, segwright: Segwright) -> None:
    folder.rules(
        "table t key id\n  id integer\n  a integer\n  b percent\nsegmentation s of t first match wins\n"
        "  segment either when a > 5 or b > 50%\n  segment pairs when (a > 5 and b > 50%) or (a > 9 and b > 90%)\n"
        "  otherwise rest\n"
    )
    folder.table("t", "id a b\n1 3 0.475")
    folder.settings()
    explanation = explained(folder, 1)
    (either,) = segment(explanation, "s", "either").clauses
    assert (obstacles(either), either.alone) == ([("when", "a > 5"), ("when", "b > 50%")], True)
    (pairs,) = segment(explanation, "s", "pairs").clauses
    assert (obstacles(pairs), pairs.alone) == ([("when", "(a > 5 and b > 50%) or (a > 9 and b > 90%)")], False)
    out = segwright("explain", folder.path, 1).out
    assert "    either   ✗ a > 5   is 3, 2 below 5\n" in squeezed(out)
    assert "   or ✗ b > 50%   is 47.5%, 2.5 points below 50%\n" in squeezed(out)


# -- values and distances --------------------------------------------------------------------------------------------

MEASURES = """
parameter floor = 10 from 0 to 20
parameter cap = 30%
table t key id
  id integer
  i  integer
  n  number
  p  percent
  m  money
  m4 money(4)
  d  date
  t  timestamp
  s  text
let share of t = m / m4
segmentation x of t
  first match wins
  segment found when {condition}
  otherwise rest
"""


ONE_ROW = "id i n p m m4 d t s\n1 7 0.1 0.285 12.50 4.0001 2026-01-02 2026-01-02T23:59:59 abc"


@pytest.mark.parametrize(
    "condition, seen",
    [
        ("i > 12", "is 7, 5 below 12"),
        ("i > 7", "is 7, exactly at the cut-off"),
        ("i - 7 > 0", "is 0 (i is 7)"),
        ("n - 0.1 > 0", "is 0 (n is 0.1), exactly at the cut-off"),
        ("i < floor - 5", "is 7, 2 above 5"),
        ("i > floor", "is 7, 3 below 10"),
        ("floor < i", "i is 7, 3 below 10"),
        ("not i < 10", "i is 7, 3 below 10"),
        ("i between 10 and 20", "is 7, 3 below 10"),
        ("i between 1 and 5", "is 7, 2 above 5"),
        ("i = 9", "is 7, 2 below 9"),
        ("i != 7", "is 7, exactly at the cut-off"),
        ("i is one of (1, 2)", "is 7"),
        ("i * 2 > 20", "is 14 (i is 7), 6 below 20"),
        ("i > m", "is 7, 5.50 below 12.50"),
        ("n >= 0.3", "is 0.1, 0.2 below 0.3"),
        ("p >= cap", "is 28.5%, 1.5 points below 30%"),
        ("p > 28.6%", "is 28.5%, 0.1 points below 28.6%"),
        ("m >= 1_000", "is 12.50, 987.50 below 1,000.00"),
        ("m4 < 1", "is 4.0001, 3.0001 above 1.0000"),
        ("share > 4", "is 3.124922, 0.875078 below 4"),
        ("d < 2026-01-01", "is 2026-01-02, 1 day after 2026-01-01"),
        ("d > 2026-02-28", "is 2026-01-02, 57 days before 2026-02-28"),
        ("t > 2026-01-02", "is 2026-01-02 23:59:59, exactly at the cut-off"),
        ("t < 2025-12-31", "is 2026-01-02 23:59:59, 2 days after 2025-12-31"),
        ("floor > i * 2", "i * 2 is 14 (i is 7), 4 above 10"),
        ("floor > m", "m is 12.50, 2.50 above 10.00"),
        ("floor > 15", "is 10, 5 below 15"),
        ("days since d > 300", "is 242 (d is 2026-01-02), 58 below 300"),
        ('s starts with "x"', 'is "abc"'),
        ('s contains "x"', 'is "abc"'),
        ('s is "abd"', 'is "abc"'),
    ],
)
def test_distances_to_the_cut_off(folder: Folder, segwright: Segwright, condition: str, seen: str) -> None:
    folder.rules(MEASURES.format(condition=condition))
    folder.table("t", ONE_ROW)
    folder.settings()
    lines = segwright("explain", folder.path, 1).out.splitlines()
    at = lines.index("  tried before, and what kept the row out")
    assert lines[at + 1].partition("✗")[2].partition("   ")[2] == seen


def test_a_cut_off_among_those_that_hold_is_told_where_a_parameter_names_it(
    folder: Folder, segwright: Segwright
) -> None:
    folder.rules(MEASURES.format(condition="p < cap and i < 10 and i > floor - 5"))
    folder.table("t", ONE_ROW)
    folder.settings()
    out = segwright("explain", folder.path, 1, "--set", "cap=40%").out
    assert "    ✓ p < cap         is 28.5%, cap is 40%\n" in out
    assert "    ✓ i < 10          is 7\n" in out
    assert "    ✓ i > floor - 5   is 7, floor - 5 is 5 (floor is 10)\n" in out


def test_groups_of_conditions(folder: Folder, segwright: Segwright) -> None:
    folder.rules("""
    table t key id
      id integer
      a  integer
      b  integer optional
    segmentation s of t
      first match wins
      segment x
        when id = 1 and (a > 5 or b > 5) and not (a > 7 and b > 9) and not (a > 8 or b is missing)
        unless a > 9 or b > 10
      otherwise rest
    """)
    folder.table("t", "id a b\n1 3 7")
    folder.settings()
    assert (
        squeezed(segwright("explain", folder.path, 1).out)
        == """\
t 1, as of 2026-09-01

s: x, clause 1
    ✓ id = 1   is 1
    ✓ one of these
    ✗   a > 5   is 3
    ✓   b > 5   is 7
    ✓ not all of these
    ✗   a > 7   is 3
    ✗   b > 9   is 7
    ✓ none of these
    ✗   a > 8   is 3
    ✗   b is missing   is 7
    ✓ unless a > 9 or b > 10   a is 3, b is 7
"""
    )


def test_what_is_always_so(folder: Folder, segwright: Segwright) -> None:
    folder.rules(
        "table t key id\n  id integer\nsegmentation s of t first match wins\n  segment x when true\n  otherwise r\n"
    )
    folder.table("t", "id\n1")
    folder.settings()
    assert segwright("explain", folder.path, 1).out.splitlines()[2:] == ["s: x, clause 1", "    ✓ true"]


def test_unknown_tells_what_is_missing(bank: Folder) -> None:
    explanation = explained(bank, 2)
    (stopped,) = segment(explanation, "risk", "stopped").clauses
    good, _ = segment(explanation, "risk", "good").clauses
    middle, ends = segment(explanation, "risk", "middle").clauses
    because = {each.text: each.because for clause in (stopped, good, middle, ends) for each in all_conditions(clause)}
    assert because == {
        "crm.stop": "unknown because crm.stop is missing: there is no row in crm",
        "crm.calls > 3": "unknown because crm.calls is missing: there is no row in crm",
        "score is known": None,
        "score >= least_score": "unknown because score is missing",
        "load < 0.5": "unknown because it divides by granted, which is 0",
        "late = 0": None,
        "hardship": None,
        'channel = "branch"': None,
        "share_used > 80%": "unknown because share_used is missing",
        "score >= 600": "unknown because score is missing",
        "share_used < 50%": "unknown because share_used is missing",
        "worst <= 5": "unknown because worst is missing",
        "open_balance > 1000.00": None,
        "ends_on > 2027-01-01": "unknown because ends_on is missing",
        'channel != "branch"': None,
    }


def test_missing_is_followed_through_lets(folder: Folder) -> None:
    folder.rules("""
    table t key id
      id integer
      a  integer optional
      b  integer optional
      z  integer
    let sum = a + b
    let more = sum * 2 + 1
    let quotient = z / (a - 3)
    segmentation s of t
      first match wins
      segment x when more > 5
      segment y when quotient > 1
      segment big when a * 1.0 / z > 2 and b default 0 > 100
      otherwise rest
    """)
    folder.table("t", "id a b z\n1 - - 1\n2 3 - 0\n3 1 - 5")
    folder.settings()

    def because(key: int, name: str) -> str | None:
        (clause,) = segment(explained(folder, key), "s", name).clauses
        return next(all_conditions(clause)).because

    assert because(1, "x") == "unknown because a and b are missing"
    assert because(2, "x") == "unknown because b is missing"
    assert because(1, "y") == "unknown because a is missing"
    assert because(2, "y") == "unknown because it divides by a - 3, which is 0"
    assert because(2, "big") == "unknown because it divides by z, which is 0"


# -- what was counted ------------------------------------------------------------------------------------------------


def test_the_rows_that_an_aggregate_counted(bank: Folder) -> None:
    counted = {each.name: each for each in explained(bank, 1).counted}
    assert [str(row["paid_on"]) for row in counted["late"].rows] == ["2026-06-04"]
    assert counted["paid"].total == 3
    assert sum(row["amount"] for row in counted["paid"].rows) == 112
    assert [row["balance"] for row in counted["open_balance"].rows] == [500.25]
    assert counted["worst"].total == 4
    assert counted["late"].kinds == {"paid_on": "date", "days_late": "integer"}
    # As of 20 September all are known, and the window has moved on.
    later = {each.name: each for each in explained(bank, 1, as_of="2026-09-20").counted}
    assert [str(row["paid_on"]) for row in later["late"].rows] == ["2026-08-20"]
    assert explained(bank, 2).counted[0].total == 0


def test_percents_that_were_counted_read_as_percents(folder: Folder, segwright: Segwright) -> None:
    folder.rules(
        """
    table t key id
      id integer
    events e of t by id at on_day
      id     integer
      on_day timestamp
      share  percent
    segmentation s of t
      first match wins
      segment x when max of share from e where share > 10% ever > 20%
      otherwise rest
    """.replace("max of share from e where share > 10% ever > 20%", "top > 20%").replace(
            "segmentation", "let top = max of share from e where share > 10% ever\n    segmentation"
        )
    )
    folder.table("t", "id\n1")
    folder.table("e", "id on_day share\n1 2026-01-05T10:30:00 0.255\n1 2026-01-06T00:00:00.25 0.1")
    folder.settings()
    assert segwright("explain", folder.path, 1).out.endswith(
        "top: 1 row of e\n  on_day 2026-01-05 10:30:00, share 25.5%\n"
    )


# -- other tables ----------------------------------------------------------------------------------------------------

LOANS = """
segmentation size "Size of the loan" of accounts
  first match wins
  segment big "Big" when balance > 600 and customers.score > 700
  otherwise small
"""


def test_a_segmentation_of_a_child_table(bank: Folder, segwright: Segwright) -> None:
    bank.rules(LOANS, "loans.seg")
    answer = segwright("explain", bank.path, 11, "--segmentation", "size")
    assert (
        answer.out
        == """\
accounts 11, as of 2026-09-01

Size of the loan (size): Big (big), clause 1
    ✓ balance > 600.00        is 700.00
    ✓ customers.score > 700   is 720

names used above
  customers.score  Bureau score
"""
    )
    assert segwright("explain", bank.path, 11).err == "error: no row of `customers` has `customer_id` 11\n"
    # A row of a child without its parent is no row.
    with (bank.path / "accounts.csv").open("a", encoding="utf-8") as file:
        file.write("12,99,1000,open\n")
    assert segwright("explain", bank.path, 12, "-s", "size").err == "error: no row of `accounts` has `account_id` 12\n"


def test_snapshots_are_those_of_the_date(folder: Folder) -> None:
    folder.rules("""
    table t key id at seen_on
      id      text
      seen_on date
      x       integer
    segmentation s of t
      first match wins
      segment big when x > 5
      otherwise small
    """)
    folder.table("t", "id seen_on x\n007 2026-01-01 1\n007 2026-05-01 9\n8 2026-06-01 9")
    folder.settings()
    assert explained(folder, "007").segmentations[0].assigned == ("big",)
    assert explained(folder, "007", as_of="2026-04-30").segmentations[0].assigned == ("small",)
    with pytest.raises(sw.RunError, match="no row of `t` has `id` 8"):
        explained(folder, "8", as_of="2026-04-30")


# -- force dates -----------------------------------------------------------------------------------------------------


def test_force_dates(bank: Folder) -> None:
    assert explained(bank, 1).segmentations[0].assigned == ("middle",)
    summer = explained(bank, 1, as_of="2026-08-31")
    assert (summer.segmentations[0].assigned, summer.segmentations[0].clause) == (("summer",), 2)
    assert segment(summer, "risk", "good").outcome == "not reached"
    before = segment(explained(bank, 1, as_of="2026-05-31"), "risk", "summer")
    assert (before.outcome, before.clauses, str(before.valid_from)) == ("not in force", (), "2026-06-01")


# -- JSON ------------------------------------------------------------------------------------------------------------


def test_json(bank: Folder, segwright: Segwright) -> None:
    answer = segwright("explain", bank.path, 5, "--segmentation", "risk", "--format", "json")
    found = json.loads(answer.out)
    assert list(found) == [
        "table", "key", "as_of", "segmentations", "decisions", "scores", "definitions", "counted", "notes", "run",
    ]  # fmt: skip
    assert (found["table"], found["key"], found["as_of"], found["run"]) == ("customers", 5, "2026-09-01", None)
    (risk,) = found["segmentations"]
    assert (risk["name"], risk["title"], risk["assigned"], risk["clause"]) == ("risk", "Risk class", ["rest"], 7)
    good = next(each for each in risk["segments"] if each["name"] == "good")
    assert (good["outcome"], good["reasons"]) == ("not assigned", [["G01", "Pays well"]])
    assert good["clauses"][0]["alone"] is True
    (obstacle,) = good["clauses"][0]["kept_out_by"]
    assert (obstacle["part"], obstacle["text"]) == ("when", "score >= least_score")
    (condition,) = obstacle["conditions"]
    assert condition["truth"] == "false"
    assert condition["distance"] == {
        "of": "score",
        "value": 695,
        "cut_off": 700,
        "by": 5,
        "side": "below",
        "unit": "integer",
    }
    assert condition["values"] == [
        {
            "name": "score",
            "title": "Bureau score",
            "kind": "integer",
            "value": 695,
            "missing": False,
            "hidden": False,
            "inputs": [],
        },
        {
            "name": "least_score",
            "title": "Least score",
            "kind": "integer",
            "value": 700,
            "missing": False,
            "hidden": False,
            "inputs": [],
        },
    ]
    paid = good["clauses"][1]["when"]["condition"]["values"][0]
    assert (paid["name"], paid["value"], [each["value"] for each in paid["inputs"]]) == ("paid * 2", "0.00", [])


# -- from a run ------------------------------------------------------------------------------------------------------


def test_a_run_is_explained_by_its_own_parameters_and_date(bank: Folder, segwright: Segwright) -> None:
    assert segwright("run", bank.path, "--set", "least_score=690", "--as-of", "2026-09-02").code == 0
    bank.rules(RULES.replace("least_score = 700", "least_score = 800").replace("load < 0.5", "load < 0.1"))
    live = explained(bank, 5)
    assert live.segmentations[0].assigned == ("rest",)
    (name,) = [path.name for path in (bank.path / "runs").iterdir()]
    for run in ("latest", name, str(bank.path / "runs" / name)):
        answer = segwright("explain", bank.path, 5, "--run", run, "-s", "risk")
        assert answer.out.startswith(
            f"customers 5, as of 2026-09-02, in run {name}\n\nRisk class (risk): Good (good), clause 3\n"
        )
        assert "✓ score >= least_score   is 695, least_score is 690" in squeezed(answer.out)
        assert "note:" not in answer.out


def test_data_that_has_changed_since_the_run(bank: Folder, segwright: Segwright) -> None:
    run = sw.open(bank.path).run()
    customers = bank.path / "customers.csv"
    before = customers.read_text(encoding="utf-8")
    customers.write_text(before.replace("5,695", "5,700").replace("4,560", "4,561"), encoding="utf-8")
    changed = "the data of `customers` is no longer what the run read; this explains it as it is now"
    assert run.explain(4).notes == (changed,)
    assert run.explain(5).notes == (
        changed,
        "the run assigned `rest` in `risk`, not `good`",
        "the run assigned no segment in `mail`, not `offers`",
    )
    assert f"note: {changed}\n" in segwright("explain", bank.path, 4, "--run", "latest").out
    customers.write_text(before + "6,700,1,1000,0.1,,app,false,true\n", encoding="utf-8")
    assert run.explain(6).notes == (changed, "the run has no such row of `customers`")
    # What breaks its contract now is told as such.
    customers.write_text(before.replace("5,695", "5,299"), encoding="utf-8")
    with pytest.raises(sw.RunError, match="lies outside `from 300 to 850`") as caught:
        run.explain(4)
    assert caught.value.exit_code == 3


# -- what cannot be explained ----------------------------------------------------------------------------------------

OUTSIDE = "`900` is outside the range of `least_score`; it is declared as 700 from 500 to 800"
TWICE = "a run has its own as-of date and parameters: leave `--as-of` and `--set` out"


@pytest.mark.parametrize(
    "words, code, message",
    [
        (["9"], 2, "no row of `customers` has `customer_id` 9"),
        (["-9"], 2, "no row of `customers` has `customer_id` -9"),
        (["x1"], 2, "`x1` cannot be a `customer_id`, which is of type integer"),
        (["99999999999999999999"], 2, "`99999999999999999999` cannot be a `customer_id`, which is of type integer"),
        (["1", "-s", "riks"], 2, "there is no segmentation `riks`; did you mean `risk`?"),
        (["1", "--run", "latest"], 2, "there is no run in `runs` yet: `segwright run` makes one"),
        (["1", "--run", "nowhere"], 2, "`nowhere` is no complete run folder"),
        (["1", "--as-of", "tomorrow"], 2, "`tomorrow` is no date such as 2026-09-01"),
        (["1", "--set", "least_score=900"], 2, OUTSIDE),
        (["1", "--run", "latest", "--as-of", "2026-01-01"], 2, TWICE),
        (["1", "2"], 2, "name a project folder and one key: `segwright explain rules/personal_loans 1042`"),
    ],
)  # fmt: skip
def test_what_cannot_be_explained(
    bank: Folder, segwright: Segwright, words: list[str], code: int, message: str
) -> None:
    answer = segwright("explain", bank.path, *words)
    assert (answer.code, answer.out, answer.err) == (code, "", f"error: {message}\n")


def test_what_stops_a_run_stops_an_explanation(bank: Folder, segwright: Segwright) -> None:
    bank.rules(
        "segmentation ties of customers\n  first match wins\n  segment x when latest_one > 5\n  otherwise rest\n"
        "let latest_one = latest of amount from payments ever\n",
        "ties.seg",
    )
    with (bank.path / "payments.csv").open("a", encoding="utf-8") as file:
        file.write("3,2026-08-01,2026-08-01,1,0\n3,2026-08-01,2026-08-01,2,0\n")
    explain, run = segwright("explain", bank.path, 1), segwright("run", bank.path)
    assert (explain.code, explain.out) == (3, "")
    assert explain.err == run.err
    assert "rows tie in time and differ; customer_id 3 (at 2026-08-01)" in explain.err


def test_overflow_is_told_by_name(folder: Folder, segwright: Segwright) -> None:
    folder.rules(
        "table t key id\n  id integer\nlet large = id * 9223372036854775807\n"
        "segmentation s of t first match wins\n  segment x when large > 5\n  otherwise rest\n"
    )
    folder.table("t", "id\n1\n2")
    folder.settings()
    assert segwright("explain", folder.path, 1).code == 0
    answer = segwright("explain", folder.path, 2)
    assert answer.code == 3
    assert "let `large` is too large for some row" in answer.err


def test_rules_with_errors_explain_nothing(bank: Folder, segwright: Segwright) -> None:
    bank.rules(RULES.replace("share_used < 50%", "share_used < 50"))
    answer = segwright("explain", bank.path, 1)
    assert (answer.code, answer.out) == (1, "")
    assert "error[SEG203]" in answer.err
    assert answer.err.endswith("error: the rules have 1 error; nothing was run\n")


# -- the run's own answer --------------------------------------------------------------------------------------------

KEYS = 200


@pytest.fixture
def crowd(bank: Folder) -> Folder:
    """The bank with some hundred customers that live near the cut-offs."""
    chance = random.Random(20260901)

    def pick(*choices: object) -> str:
        return str(chance.choice(choices))

    customers = [
        f"{key} {pick('-', 300, 599, 600, 699, 700, 701)} {pick(0, 499, 500, 501)} {pick(0, 1000)} "
        f"{pick('-', 0.49, 0.5, 0.8, 0.81)} {pick('-', '2027-01-01', '2027-01-02')} {pick('app', 'branch')} "
        f"{pick('true', 'false')} {pick('-', 'true', 'false')}"
        for key in range(1, KEYS + 1)
    ]
    bank.table(
        "customers",
        "customer_id score used granted share_used ends_on channel hardship agreed\n" + "\n".join(customers),
    )
    crm = [f"{key} {pick(3, 4)} {pick('true', 'false')}" for key in range(1, KEYS + 1) if chance.random() < 0.5]
    bank.table("crm", "customer_id calls stop\n" + "\n".join(crm))
    accounts = [f"{i} {pick(*range(1, KEYS))} {pick(1, 1000, 1001)} {pick('open', 'closed')}" for i in range(KEYS)]
    bank.table("accounts", "account_id customer_id balance status\n" + "\n".join(accounts))
    days = ("2025-09-01", "2025-09-02", "2026-06-03", "2026-06-04", "2026-09-01", "2026-09-02")
    payments = [
        f"{pick(*range(1, KEYS))} {pick(*days)} {pick('2026-08-31', '2026-09-01', '2026-09-02')} {pick(1, 2500, 2501)} "
        f"{pick(0, 5, 6, 30, 31)}"
        for _ in range(3 * KEYS)
    ]
    bank.table("payments", "customer_id paid_on told_on amount days_late\n" + "\n".join(payments))
    bank.rules("let shortest = min of days_late from payments in last 6 months\n", "more.seg")
    return bank


def test_explanations_are_the_runs_own_answers(crowd: Folder, tmp_path: Path) -> None:
    project = sw.open(crowd.path)
    run = project.run(evidence=True)
    program = project.rules.program
    assert program is not None
    with duckdb.connect() as con:
        found = con.execute(f"FROM '{run.folder / 'assignments.parquet'}' ORDER BY customer_id")
        names = [column[0] for column in found.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    assert len(rows) == KEYS
    plan, binding = plan_from_program(program), bind(program, "2026-09-01", {})
    subject = subject_of(program, plan, binding, "customers")
    wordings = [wording(condition.written, "customers") for condition in subject.population.conditions]
    landed: set[tuple[str, int]] = set()
    truths: set[tuple[int, bool | None]] = set()
    with connected(tmp_path) as con:
        inputs = open_inputs(con, program, plan.columns, project.settings.data, tmp_path)
        engine = open_engine(project.settings.engine, con, program, plan.columns, inputs, {}, tmp_path)
        for row in rows:
            explanation = explain(engine, subject, row["customer_id"])
            assert explanation is not None
            risk, mail = explanation.segmentations
            assert (risk.assigned, risk.clause) == ((row["risk"],), row["risk_clause"])
            assert mail.assigned == tuple(row["mail"])
            landed.add((row["risk"], row["risk_clause"]))
            for clause in (clause for seen in (risk, mail) for each in seen.segments for clause in each.clauses):
                assert bool(clause.kept_out_by) is not clause.holds
                for condition in all_conditions(clause):
                    expected = evidence(row, condition.number)
                    truths.add((condition.number, expected))
                    # A condition asked in the contrary sense is worded otherwise; consent has its own words.
                    if condition.text != wordings[condition.number] and not condition.text.startswith("consent"):
                        expected = None if expected is None else not expected
                    assert condition.truth == {True: "true", False: "false", None: "unknown"}[expected]
                    assert (condition.because is not None) is (condition.truth == "unknown")
            for each in mail.segments:
                assert any(clause.holds for clause in each.clauses) is (each.name in mail.assigned)
    assert {segment for segment, _ in landed} == {"stopped", "good", "middle", "rest"}
    assert {clause for _, clause in landed} == {1, 3, 4, 5, 6, 7}
    assert len(truths) > 2 * len(wordings)


def evidence(row: dict[str, Any], number: int) -> bool | None:
    word, bit = divmod(number, 64)
    known, true = (row[f"evidence_{kind}_{word}"] >> bit & 1 for kind in ("known", "true"))
    return bool(true) if known else None


def test_the_run_and_its_explanation_agree_through_every_door(crowd: Folder, segwright: Segwright) -> None:
    run = sw.open(crowd.path).run()
    for key, name, clause in run.assignments.project("customer_id, risk, risk_clause").limit(5).fetchall():
        assert run.explain(key).notes == ()
        seen = json.loads(segwright("explain", crowd.path, key, "--run", "latest", "--format", "json").out)
        risk = seen["segmentations"][0]
        assert (risk["assigned"], risk["clause"], seen["notes"]) == ([name], clause, [])
