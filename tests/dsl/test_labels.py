"""Where labels flow, and where they end."""

import pytest

from segwright.dsl.check import check
from segwright.dsl.labels import (
    Labels,
    Lineage,
    labels_of_let,
    labels_of_segmentation,
    readings_of,
    readings_of_segmentation,
)
from segwright.dsl.parse import parse
from segwright.dsl.program import Program
from segwright.dsl.source import Source

DATA = """
purposes credit_risk, marketing
table customers key customer_id
  customer_id integer personal
  income      money optional
  born        date optional personal
  email       text optional personal
  debt        money optional personal
  fraud       percent for credit_risk
  clicks      integer for credit_risk, marketing
table crm of customers by mail
  mail        integer personal for marketing
  language    text
table accounts of customers by owner key account_id
  account_id  integer
  owner       integer for credit_risk
  balance     money
events payments of customers by customer_id at paid_on
  customer_id integer personal
  paid_on     date
  payee       text personal
  amount      money
events birthdays of customers by customer_id at day
  customer_id integer
  day         date personal
"""


def program(rules: str) -> Program:
    document, found = parse(Source("rules.seg", DATA + rules))
    checked = check([document])
    assert found == ()
    assert checked.program is not None, checked.diagnostics
    return checked.program


def labels(let: str) -> Labels:
    checked = program(f"let asked = {let}")
    return labels_of_let(checked.lets[0], checked)


@pytest.mark.parametrize(
    "expression",
    [
        "email",
        'email contains "x"',
        'email default "none"',
        "not (debt > 5)",
        "income + debt",
        'count of payments where payee is "x" ever',
        "distinct count of payee from payments ever",
        # whether these are known tells what the personal value is
        '(max of amount from payments where payee is "x" ever) is known',
        "(income / debt) is missing",
        "(debt > 5 or income > 5) is known",
        "count of birthdays in last 30 days",
    ],
)
def test_what_tells_a_personal_value_is_personal(expression: str) -> None:
    assert labels(expression).personal


@pytest.mark.parametrize(
    "expression",
    [
        "income > 5",
        "email is known",
        "(income - debt) is missing",
        "(debt > 5) is known",
        "(latest of payee from payments ever) is known",
        "years since born > 30",
        # a personal key joins, and what it joins is not personal by that
        "sum of amount from payments ever",
        'crm.language is "nl"',
        "crm is known",
    ],
)
def test_what_does_not_tell_it_is_not(expression: str) -> None:
    assert not labels(expression).personal


@pytest.mark.parametrize(
    "expression, purposes",
    [
        ("income", None),
        ("fraud > 80%", {"credit_risk"}),
        ("fraud > 80% or clicks > 3", {"credit_risk"}),
        ("clicks is known", {"credit_risk", "marketing"}),
        ('crm.language is "nl"', {"marketing"}),
        ("crm is missing", {"marketing"}),
        ("(sum of balance from accounts)", {"credit_risk"}),
        ('crm.language is "nl" and fraud > 80%', set()),
    ],
)
def test_the_purposes_of_all_that_is_read(expression: str, purposes: set[str] | None) -> None:
    assert labels(expression).purposes == (None if purposes is None else frozenset(purposes))


def test_a_segmentation_ends_what_is_personal_and_hands_on_what_is_limited() -> None:
    checked = program("""
segmentation alerts of customers
  first match wins
  purpose credit_risk
  segment watch when fraud > 80% and email is known and email contains "x"
  otherwise fine
let watched = alerts is watch
""")
    limited = Labels(purposes=frozenset({"credit_risk"}))
    assert labels_of_segmentation(checked.segmentations[0], checked) == limited
    assert labels_of_let(checked.lets[0], checked) == limited


def test_the_way_to_a_field_leads_through_lets() -> None:
    checked = program("let a = fraud > 80%\nlet b = not a\nlet c = b and income > 3")
    text = DATA + "let a = fraud > 80%\nlet b = not a\nlet c = b and income > 3"
    ways = {
        reading.field: [text[span.start : span.end] for span in reading.path]
        for reading in readings_of(checked.let("customers", "c").value, checked, "customers")
    }
    assert ways == {"fraud": ["b", "a", "fraud"], "income": ["income"]}


# -- through the run before ----------------------------------------------------------------------------------------


CIRCLE = """
segmentation care of customers
  first match wins
  purpose credit_risk
  segment close when previous value is low or clicks > 5
  otherwise regular
segmentation value of customers
  first match wins
  purpose credit_risk
  segment low when previous care is close or previous value is low or fraud > 80%
  otherwise high
segmentation mail of customers
  first match wins
  purpose credit_risk
  segment sent when previous third is one
  otherwise none_sent
segmentation third of customers
  first match wins
  purpose credit_risk
  segment one when income > 5 and kept
  otherwise two
let kept = previous care is close
"""


@pytest.mark.parametrize(
    "first, fields",
    [("care", {"clicks", "fraud"}), ("value", {"clicks", "fraud"}), ("third", {"income", "clicks", "fraud"})],
)
def test_segmentations_that_ask_each_other_in_a_circle_read_what_all_of_them_read(first: str, fields: set[str]) -> None:
    """Whichever of them is asked about first: a part of the answer is never taken for the whole."""
    checked = program(CIRCLE)
    lineage = Lineage(checked)
    for name in (first, "care", "value", "third", "mail"):
        found = {each.field for each in readings_of_segmentation(checked.segmentation(name), lineage)}
        wanted = {"clicks", "fraud"} if name in ("care", "value") else {"income", "clicks", "fraud"}
        assert found == wanted
    found = {each.field for each in readings_of_segmentation(checked.segmentation(first), Lineage(checked))}
    assert found == fields
    labels = labels_of_segmentation(checked.segmentation("care"), lineage)
    assert labels == Labels(purposes=frozenset({"credit_risk"}))


def test_the_way_through_the_run_before_is_the_shortest() -> None:
    checked = program(CIRCLE)
    readings = readings_of_segmentation(checked.segmentation("mail"), checked)
    lengths = {each.field: (len(each.path), each.through) for each in readings}
    # mail asks third (1), which reads income (2); by `kept` (2) third asks care (3), which reads clicks (4); care asks
    # value (4), which reads fraud (5).
    assert lengths == {"income": (2, "third"), "clicks": (4, "third"), "fraud": (5, "third")}


def test_nothing_personal_comes_through_the_run_before() -> None:
    rules = "segmentation risk of customers\n  first match wins\n  segment high when debt > 5\n  otherwise low\n"
    checked = program(rules + "let asked = previous risk is high\n")
    assert not labels_of_let(checked.let("customers", "asked"), checked).personal
