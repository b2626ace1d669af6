"""The logic hash: what leaves it as it is, and what changes it."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from generators.programs import Generated, programs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segwright.compiler.ruleset import logic_hash, text_hash
from segwright.dsl.check import check
from segwright.dsl.format import formatted
from segwright.dsl.parse import parse
from segwright.dsl.program import Program
from segwright.dsl.project import check_files
from segwright.dsl.source import Source

REPOSITORY = Path(__file__).parents[2]

DATA = """purposes credit_risk, marketing

table customers "Borrowers" key customer_id
  customer_id  integer
  age          integer from 18 to 120
  income       money optional "Gross yearly income"
  score        integer from 300 to 850 optional missing when 0, 999
  used         percent optional for credit_risk, marketing
  active       boolean true when "Y", "J" false when "N"
  channel      one of "app", "web", "branch"
  opened_on    date
  by_mail      boolean consent for marketing
  by_phone     boolean consent for marketing
  ratio        number optional

events payments of customers by customer_id at paid_on
  customer_id  integer
  paid_on      date
  amount       money

freshness payments within 35 days
"""
RULES = """parameter prime = 720 from 600 to 800 "Prime"

let late   = count of payments where amount > 100 in last 90 days
let tenure = months since opened_on

segmentation value "Value" of customers
  first match wins
  purpose credit_risk, marketing
  owner "desk"
  refresh every 1 month
  review every 12 months, last reviewed 2026-01-15
  each segment at least 500 customers

  segment best "Best"
    when score >= prime and used < 30% and income > 1_000
    unless late > 2
    when score is known and channel is one of ("app", "web")
    reason R1 "why"
  segment mailed
    needs consent for marketing
    when tenure > 3 or ratio > 0.5
  otherwise rest "Rest"
"""
TEST = """test "best" as of 2026-09-01
  given score 780, used 10%, income 5_000, channel "app"
  expect value is best
"""


def program_of(*texts: str) -> Program:
    """The program of some rule files in which nothing is wrong."""
    documents = []
    for number, text in enumerate(texts):
        document, problems = parse(Source(f"file{number}.seg", text))
        assert problems == ()
        documents.append(document)
    checked = check(tuple(documents))
    assert checked.program is not None
    assert [found.message for found in checked.diagnostics if found.severity == "error"] == []
    return checked.program


def hash_of(*texts: str) -> str:
    return logic_hash(program_of(*texts))


def changed(before: str, after: str) -> str:
    text = DATA + RULES
    assert text.count(before) == 1, before
    return text.replace(before, after)


SAME = {
    "comments": ("let late ", "# who is late?\nlet late "),
    "layout": ("\n    unless late > 2", "   unless\n late\n > 2"),
    "title of a table": ('"Borrowers"', '"Customers"'),
    "no title of a field": ('optional "Gross yearly income"', "optional"),
    "title of a parameter": ('"Prime"', '"Prime score"'),
    "title of a let": ("let tenure =", 'let tenure "Months with us" ='),
    "title of a segmentation": ('value "Value"', "value"),
    "title of a segment": ('best "Best"', 'best "The best"'),
    "title of the last segment": ('rest "Rest"', 'rest "All others"'),
    "order of purposes": ("purposes credit_risk, marketing", "purposes marketing, credit_risk"),
    "order of a segmentation's purposes": ("  purpose credit_risk, marketing", "  purpose marketing, credit_risk"),
    "order of a field's purposes": ("for credit_risk, marketing", "for marketing, credit_risk"),
    "order of missing codes": ("when 0, 999", "when 999, 0"),
    "spelling of a missing code": ("when 0, 999", "when 0, 999.0"),
    "order of true codes": ('"Y", "J"', '"J", "Y"'),
    "order of fields": (
        "  by_mail      boolean consent for marketing\n  by_phone     boolean consent for marketing\n",
        "  by_phone     boolean consent for marketing\n  by_mail      boolean consent for marketing\n",
    ),
    "order of lets": (
        "let late   = count of payments where amount > 100 in last 90 days\nlet tenure = months since opened_on\n",
        "let tenure = months since opened_on\nlet late   = count of payments where amount > 100 in last 90 days\n",
    ),
    "a thousand": ("1_000", "1000.00"),
    "a percent": ("30%", "30.0%"),
    "a number": ("> 0.5", "> 0.50"),
    "a comparison in words": ("score >= prime", "score at least prime"),
    "a comparison in the other words": ("late > 2", "late above 2"),
    "backquotes": ("tenure > 3", "`tenure` > 3"),
    "parentheses": ("tenure > 3 or", "(tenure > 3) or"),
    "parentheses around a part": ("score >= prime and used < 30% and", "(score >= prime and used < 30%) and"),
    "the column's own name": ("integer from 18 to 120", 'integer from 18 to 120 as "age"'),
    "where `needs` stands": (
        "    needs consent for marketing\n    when tenure > 3 or ratio > 0.5\n",
        "    when tenure > 3 or ratio > 0.5\n    needs consent for marketing\n",
    ),
    "the owner": ('"desk"', '"another desk"'),
    "how often to run": ("every 1 month", "every 2 months"),
    "how often to review": ("every 12 months", "every 6 months"),
    "the last review": ("2026-01-15", "2026-02-15"),
    "a test": (
        'otherwise rest "Rest"\n',
        f'otherwise rest "Rest"\n\n{TEST}',
    ),
}

OTHER = {
    "a cut-off": ("late > 2", "late > 3"),
    "a comparison": ("late > 2", "late >= 2"),
    "a parameter": ("= 720", "= 721"),
    "the range of a parameter": ("600 to 800", "600 to 850"),
    "a window": ("90 days", "91 days"),
    "months for a year": ("in last 90 days", "in last 3 months"),
    "the range of a field": ("18 to 120", "18 to 121"),
    "a missing code": ("when 0, 999", "when 0, 998"),
    "true for false": ('true when "Y", "J" false when "N"', 'true when "N" false when "Y", "J"'),
    "a column": ("integer from 18 to 120", 'integer from 18 to 120 as "AGE"'),
    "optional": ("age          integer from 18 to 120", "age          integer from 18 to 120 optional"),
    "who may read": ("optional for credit_risk, marketing", "optional"),
    "consent": ("    needs consent for marketing\n", ""),
    "a consent field": ("by_phone     boolean consent for marketing", "by_phone     boolean"),
    "freshness": ("35 days", "36 days"),
    "a name": ("segment best", "segment finest"),
    "a reason": ('R1 "why"', 'R1 "because"'),
    "the smallest size": ("at least 500", "at least 501"),
    "a date": ("  segment mailed\n", "  segment mailed from 2026-01-01\n"),
    "an exclusion": ("    unless late > 2\n", ""),
    "the order of `and`": ("score >= prime and used < 30%", "used < 30% and score >= prime"),
    "the order of `or`": ("tenure > 3 or ratio > 0.5", "ratio > 0.5 or tenure > 3"),
    "the order of a list of values": ('("app", "web")', '("web", "app")'),
    "the order of a closed list": ('"app", "web", "branch"', '"web", "app", "branch"'),
    "one more let": ("let tenure", "let more = age + 1\nlet tenure"),
    "another way to say it": ("late > 2", "not (late <= 2)"),
}


@pytest.mark.parametrize("change", SAME.values(), ids=SAME)
def test_what_leaves_the_logic_hash(change: tuple[str, str]) -> None:
    assert hash_of(changed(*change)) == hash_of(DATA + RULES)


@pytest.mark.parametrize("change", SAME.values(), ids=SAME)
def test_the_text_hash_sees_it_all_the_same(change: tuple[str, str]) -> None:
    before, after = Source("a.seg", DATA + RULES), Source("a.seg", changed(*change))
    assert text_hash([before]) != text_hash([after])


@pytest.mark.parametrize("change", OTHER.values(), ids=OTHER)
def test_what_changes_the_logic_hash(change: tuple[str, str]) -> None:
    assert hash_of(changed(*change)) != hash_of(DATA + RULES)


def test_every_change_gives_another_hash() -> None:
    found = {hash_of(changed(*change)) for change in OTHER.values()}
    assert len(found) == len(OTHER)


def test_the_order_of_segments_and_of_clauses_counts() -> None:
    head = DATA + "segmentation value of customers\n  first match wins\n"
    one, two = "  segment one when age > 60\n", "  segment two when age > 40\n"
    clauses = (
        "  segment one\n    when age > 60\n    when age > 40\n",
        "  segment one\n    when age > 40\n    when age > 60\n",
    )
    rest = "  otherwise rest\n"
    texts = [one + two, two + one, *clauses]
    assert len({hash_of(head + text + rest) for text in texts}) == 4


def test_the_order_of_segments_of_an_overlapping_segmentation_counts() -> None:
    """It is the order of the lists that a run writes."""
    head = DATA + "segmentation mails of customers\n  overlapping\n"
    one, two = "  segment one when age > 60\n", "  segment two when age > 40\n"
    assert hash_of(head + one + two) != hash_of(head + two + one)


def test_files_do_not_count() -> None:
    """How many there are, what they are called, in which order they are read, and what `use` says of them."""
    alone = hash_of(DATA + RULES)
    assert hash_of(DATA, RULES) == alone
    assert hash_of(RULES, DATA) == alone
    lets, segmentation = RULES.split("segmentation", 1)
    assert hash_of(f"segmentation{segmentation}", DATA, lets) == alone


def test_a_renamed_file_changes_the_text_hash_alone(tmp_path: Path) -> None:
    hashes = set()
    for name in ("data.seg", "fields.seg"):
        folder = tmp_path / name.removesuffix(".seg")
        folder.mkdir()
        (folder / name).write_text(DATA, encoding="utf-8")
        (folder / "rules.seg").write_text(f'use "{name}"\n{RULES}', encoding="utf-8")
        checked = check_files([folder / "rules.seg"], folder)
        assert checked.program is not None
        hashes.add((logic_hash(checked.program), text_hash(checked.sources.values())))
    assert len({logic for logic, _ in hashes}) == 1
    assert len({text for _, text in hashes}) == 2


@given(programs(), st.randoms(use_true_random=False))
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_declarations_may_be_shuffled_over_files(generated: Generated, random: random.Random) -> None:
    declarations = re.split(r"\n(?=\S)", generated.text)  # the generator indents all but first lines
    assert len(declarations) > 2
    shuffled = random.sample(declarations, len(declarations))
    cut = random.randint(0, len(shuffled))
    files = ["\n".join(part) for part in (shuffled[:cut], shuffled[cut:]) if part]
    assert hash_of(*files) == hash_of(generated.text)


@given(programs())
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_the_canonical_layout_has_the_same_logic(generated: Generated) -> None:
    text, _ = formatted(Source("rules.seg", generated.text))
    assert text is not None
    assert hash_of(text) == hash_of(generated.text)


@pytest.mark.parametrize("name", ["personal_loans"])
def test_projects_keep_their_logic_when_they_are_laid_out(name: str) -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted((REPOSITORY / "rules" / name).glob("*.seg"))]
    spread = ["\n\n".join(line + "   # said" if line.strip() else line for line in text.splitlines()) for text in texts]
    assert hash_of(*spread) == hash_of(*texts) == hash_of(*reversed(texts))
