"""`segwright privacy`: the record of processing, worked out by hand from the rules below."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from face.conftest import Folder, Segwright
from runtime.projects import Project
from small_programs import program_of

from segwright.render import privacy
from segwright.render.privacy import as_json, as_text, record_of

RULES = """\
purposes credit_risk, marketing, research

table customers "Borrowers" key customer_id
  customer_id  integer personal
  score        integer optional  "Bureau score"
  income       money optional as "INC_AMT"
  gender       text optional protected
  religion     text optional protected
  email        text optional personal
  phone        text optional personal
  born         date optional personal
  fraud        percent optional for credit_risk
  agreed       boolean optional consent for marketing

events payments of customers by customer_id at paid_on
  customer_id  integer personal
  paid_on      date
  amount       money
  payee        text optional personal

segmentation risk "Risk" of customers
  first match wins
  purpose credit_risk
  owner   "portfolio-risk"
  review  every 12 months, last reviewed 2026-01-15
  segment high when fraud > 5% or email contains "@example."
  segment old  when years since born > 60
  otherwise rest

segmentation mail of customers
  overlapping
  needs consent for marketing
  segment write when email is known and score > 500

measure paid of customers = sum of (sum of amount from payments in last 12 months)

policy
  hide groups below 10
  fairness across gender favourable risk.rest

guarantee "the religion is nobody's business"
  no risk.high where religion is "x" and fraud < 1%
"""

TEXT = """\
What is processed, and for which purpose
  segmentation  about      purpose      needs consent for  owner           review                               columns
  “Risk”        customers  credit risk                     portfolio-risk  every 12 months, last on 2026-01-15  3
  mail          customers  none stated  marketing                                                               3
  State a `purpose` in the header of “mail”: without one, what is read is read for anything.
  Nothing is processed for marketing or research.

Columns with labels, and why they decide nothing
  column  label  why, or in which way
  customers.customer_id  personal  it only finds the rows that belong together; its value decides nothing
  customers.gender  protected  no segment rests on it by any way; fairness compares its groups once rows are assigned
  customers.email  personal  risk may ask for its value; neither that nor what is asked of it is ever shown
  customers.born  personal  risk may ask whether it is there, or how long ago it was, and not for its value
  customers.fraud  for credit risk  read for credit risk only, as every segmentation that reads it states
  customers.agreed  consent for marketing  a gate: without it nobody is in a segment of mail that needs it
  payments.customer_id  personal  it only finds the rows that belong together; its value decides nothing
  customers.religion  protected  not read at all
  customers.phone  personal  not read at all
  payments.payee  personal  not read at all

What is read
  10 of 14 declared columns are read. A run reads these and no others.

  Borrowers (customers)
    One row for each customer.
    column       title         read by                                        and      label
    customer_id                risk (credit risk); mail; measure paid         the key  personal
    score        Bureau score  mail
    gender                     fairness                                                protected
    email                      risk (credit risk); mail                                personal
    born                       risk (credit risk)                                      personal
    fraud                      risk (credit risk)                                      for credit risk
    agreed                     mail                                                    consent for marketing
    Declared and not read: income, religion, phone.

  payments
    Many rows for a customer in time, by paid on.
    column       read by       and                                 label
    customer_id  measure paid  tells whose row it is in customers  personal
    paid_on      measure paid  puts rows in time
    amount       measure paid
    Declared and not read: payee.

What is kept
  - of customers: in each run folder the key and the segments of every row, and figures of groups
  - of protected columns how many rows of each group are in which segments, and no value of a single row
  - no personal value but the key; with `--values` what conditions look at, and nothing personal of it
  - groups of fewer than 10 are hidden, and what would give them away
  - run folders stay until somebody deletes them: rules do not say for how long results are kept
"""


def lines(text: str) -> list[str]:
    """Without the blanks that only set columns apart."""
    return [" ".join(line.split()) for line in text.splitlines()]


@pytest.fixture
def rules(folder: Folder) -> Folder:
    folder.rules(RULES)
    return folder


def test_for_people(rules: Folder, segwright: Segwright) -> None:
    answer = segwright("privacy", rules.path / "rules.seg")
    assert (answer.code, answer.err) == (0, "")
    assert lines(answer.out) == lines(TEXT)


def test_for_programs(rules: Folder, segwright: Segwright) -> None:
    answer = segwright("privacy", rules.path / "rules.seg", "--format", "json")
    record = json.loads(answer.out)
    assert record["purposes"] == ["credit_risk", "marketing", "research"]
    assert record["hide_below"] == 10
    assert record["processings"][1] == {
        "segmentation": "mail",
        "title": None,
        "about": "customers",
        "purposes": [],
        "owner": None,
        "consent": ["marketing"],
        "refresh_every": None,
        "review_every": None,
        "last_reviewed": None,
        "columns": 3,
    }
    customers = record["tables"][0]
    assert [each["field"] for each in customers["not_read"]] == ["income", "religion", "phone"]
    assert customers["not_read"][0] == {"field": "income", "column": "INC_AMT", "protected": False, "personal": False}
    email = next(each for each in customers["read"] if each["field"] == "email")
    assert [(each["name"], each["value"]) for each in email["readers"]] == [("risk", True), ("mail", False)]


def test_as_markdown(rules: Folder, segwright: Segwright) -> None:
    answer = segwright("privacy", rules.path / "rules.seg", "--format", "markdown")
    assert answer.out.startswith("# Record of processing\n\n## What is processed, and for which purpose\n")
    assert "| customers.gender | protected | no segment rests on it by" in answer.out
    assert "### Borrowers (`customers`)" in answer.out


def test_of_a_project(rules: Folder, segwright: Segwright) -> None:
    rules.settings()
    assert lines(segwright("privacy", rules.path).out) == lines(TEXT)


def test_rules_with_errors_have_no_record(folder: Folder, segwright: Segwright) -> None:
    folder.rules(RULES.replace("score > 500", 'gender is "F"'))
    answer = segwright("privacy", folder.path / "rules.seg")
    assert (answer.code, answer.out) == (1, "")
    assert "SEG600" in answer.err
    assert "nothing is recorded" in answer.err


def test_rules_without_segments_or_labels() -> None:
    text = as_text(record_of(program_of("table customers key customer_id\n  customer_id integer\n  a text\n")))
    assert "The rules put nobody into segments, so nothing is processed." in text
    assert "0 of 2 declared columns are read." in text
    assert "No column is declared personal, protected, consent or for some purposes only." in text


def test_small_groups_that_are_shown_are_told() -> None:
    text = as_text(record_of(program_of(RULES.replace("  hide groups below 10\n", ""))))
    assert "groups are shown however small they are: say `hide groups below 10` in a `policy`" in text


def test_the_columns_are_those_that_a_run_reads(project: Project) -> None:
    project.rules(RULES)
    columns = "customer_id, score, gender, email, born, fraud, agreed"
    project.table("customers", "(1, 700, 'F', 'a@b', DATE '1990-01-01', 0.01::DOUBLE, true)", columns)
    project.table("payments", "(1, DATE '2026-08-01', 5::DECIMAL(18,2))", "customer_id, paid_on, amount")
    read = {(each.table, each.field) for each in project.run().manifest.columns}
    told: list[dict[str, Any]] = as_json(record_of(program_of(RULES)))["tables"]
    assert {(table["name"], each["field"]) for table in told for each in table["read"]} == read


def test_every_key_of_the_json_form_is_documented(repository: Path) -> None:
    page = (repository / "docs" / "privacy.md").read_text(encoding="utf-8")
    kinds = [each for each in vars(privacy).values() if isinstance(each, type) and each.__module__ == privacy.__name__]
    keys = {field.name for kind in kinds for field in fields(kind)}
    assert {key for key in keys if f"`{key}`" not in page} == set()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)
