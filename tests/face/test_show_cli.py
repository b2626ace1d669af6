"""`segwright show`: the rules in plain English, in all its formats."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from face.conftest import Folder, Segwright, on_a_terminal
from mermaid import problems_of_flowchart
from small_programs import program_of

from segwright.render.show import as_json, as_markdown, as_text, facts, facts_of

RULES = """\
purposes credit_risk, marketing

table customers "Borrowers" key customer_id
  customer_id        integer
  credit_score       integer from 300 to 850 optional  "Bureau score"
  channel            one of "app", "web", "branch"
  hardship           boolean
  region             text as "RGN_CD_2"
  income             money
  gender             text optional protected
  marketing_consent  boolean optional consent for marketing

events payments of customers by customer_id at paid_on
  customer_id  integer
  paid_on      date
  days_late    integer from 0

parameter prime_score = 720 from 600 to 800  "Lowest prime score"

let late_90d "Late instalments" = count of payments where days_late > 30 in last 90 days

decision band "Price band" first
  | credit_score   | => band |
  | >= prime_score | "A"     |
  | otherwise      | "B"     |

segmentation value_risk "Value and risk" of customers
  first match wins
  purpose credit_risk
  owner   "risk"
  refresh every 1 month

  segment prime "Prime"
    when credit_score >= prime_score
     and late_90d = 0
    unless hardship
    reason P01 "High score"

  segment digital
    from 2026-01-01
    when channel is one of ("app", "web")
     and (band is "A" or not hardship)
    when region starts with "NL"

  segment low "Low score"
    when credit_score < 600

  otherwise standard "Standard"

segmentation campaigns of customers
  overlapping
  purpose marketing
  needs consent for marketing
  segment cross_sell when value_risk is prime

measure prime_share "Prime share" higher is better = share where credit_score >= 720

target prime prime_share at least 90%
"""

TEXT = """\
Value and risk (value_risk)
  Each customer comes into exactly one of these 4 segments: the first, in this order, that fits.
  Purpose: credit risk. Owner: risk. Refreshed every month.

  1. Prime (prime)
    A customer is in “Prime” when all of these hold:
    - “Bureau score” is at least 720 (parameter prime_score, from 600 to 800)
    - “Late instalments” is 0
    Unless hardship is true.
    Where “Bureau score” is missing, a customer does not come in this way.
    Reason given: P01 “High score”.

  2. digital
    A customer is in “digital” in any of these 2 ways:
    - way 1 (clause 2): all of these hold:
      - channel is one of "app", "web"
      - any of these holds:
        - “Price band” is "A"
        - hardship is false
    - way 2 (clause 3): region starts with "NL"
    In force from 2026-01-01.

  3. Low score (low)
    A customer is in “Low score” when “Bureau score” is below 600.
    Where “Bureau score” is missing, a customer does not come in this way.

  4. Standard (standard)
    Every other customer is in “Standard”.

  Which order decides
    Where two segments both fit, the earlier one wins. Listed are those that may both fit; left out are those that \
ask contrary things of one value, with the parameters as they are declared.
    - “Prime” wins over “digital”
    - “digital” wins over “Low score”
    Never both:
    - “Prime” and “Low score”: they ask contrary things of “Bureau score”

campaigns
  There is one segment; a customer that does not fit it is in none.
  Purpose: marketing.

  1. cross sell (cross_sell)
    A customer is in “cross sell” when the segment of “Value and risk” is “Prime”.
    It needs consent for marketing: marketing consent is true. Missing consent is no consent.

What the names mean
  - Late instalments (late_90d): the number of payments in the last 90 days where days late is above 30

  Price band (band)
    Decided by “Bureau score”: the first row of this table that fits; "B" where none does.
    “Bureau score”                                         gives
    at least 720 (parameter prime_score, from 600 to 800)  "A"
    otherwise                                              "B"

  Parameters
    parameter    is   may be           meaning
    prime_score  720  from 600 to 800  Lowest prime score

What the segments are judged by and held to

  Measures
    Each is told of every segment, over its rows.
    - Prime share (prime_share): the share of customers where “Bureau score” is at least 720; higher is better

  Targets
    - the “Prime share” of “Prime” is at least 90%

What “Value and risk” rests on
  - Prime (prime)
    - customers: credit_score, customer_id, hardship
    - payments: customer_id, paid_on, days_late
    - by way of late_90d
    - parameters: prime_score
  - digital
    - customers: channel, credit_score, hardship, region (RGN_CD_2 in the warehouse)
    - by way of band
    - parameters: prime_score
  - Low score (low)
    - customers: credit_score

What “campaigns” rests on
  - cross sell (cross_sell)
    - customers: marketing_consent
    - asks value_risk, and so rests on all that this rests on

Who reads what

  Borrowers (customers)
    One row for each customer.
    column                              title         read by                                                         \
                            note
    customer_id                                       value_risk (credit risk); campaigns (marketing)                 \
                            the key
    credit_score                        Bureau score  value_risk (credit risk); campaigns (marketing, by way of \
value_risk); measure prime_share
    channel                                           value_risk (credit risk); campaigns (marketing, by way of \
value_risk)
    hardship                                          value_risk (credit risk); campaigns (marketing, by way of \
value_risk)
    region (RGN_CD_2 in the warehouse)                value_risk (credit risk); campaigns (marketing, by way of \
value_risk)
    gender                                            nobody                                                          \
                            protected: no segment rests on it, directly or by any way
    marketing_consent                                 campaigns (marketing)                                           \
                            consent for marketing: no condition can ask it; without it nobody is in a segment that \
needs it
    Read by nobody: income.

  payments
    Many rows for a customer in time, by paid on.
    column       read by                                                                note
    customer_id  value_risk (credit risk); campaigns (marketing, by way of value_risk)  tells whose row it is in \
customers
    paid_on      value_risk (credit risk); campaigns (marketing, by way of value_risk)
    days_late    value_risk (credit risk); campaigns (marketing, by way of value_risk)
"""

MARKDOWN = """\
# The rules in plain English

## campaigns

There is one segment; a customer that does not fit it is in none.

Purpose: marketing.

### 1. cross sell (`cross_sell`)

A customer is in “cross sell” when the segment of “Value and risk” is “Prime”.

It needs consent for marketing: marketing consent is true. Missing consent is no consent.

## What the segments are judged by and held to

### Measures

Each is told of every segment, over its rows.

- **Prime share** (`prime_share`): the share of customers where “Bureau score” is at least 720; higher is better

## What “campaigns” rests on

```mermaid
flowchart LR
  subgraph t0["customers"]
    n0["marketing_consent"]
  end
  n1(["cross sell"])
  n2[["Value and risk"]]
  n3[["campaigns"]]
  n0 --> n1
  n2 --> n1
  n1 --> n3
```

- **cross sell** (`cross_sell`)
  - customers: marketing_consent
  - asks value_risk, and so rests on all that this rests on

## Who reads what

### Borrowers (`customers`)

One row for each customer.

| column | title | read by | note |
| --- | --- | --- | --- |
| customer_id |  | value_risk (credit risk); campaigns (marketing) | the key |
| credit_score | Bureau score | value_risk (credit risk); campaigns (marketing, by way of value_risk); measure \
prime_share |  |
| channel |  | value_risk (credit risk); campaigns (marketing, by way of value_risk) |  |
| hardship |  | value_risk (credit risk); campaigns (marketing, by way of value_risk) |  |
| region (RGN_CD_2 in the warehouse) |  | value_risk (credit risk); campaigns (marketing, by way of value_risk) |  |
| marketing_consent |  | campaigns (marketing) | consent for marketing: no condition can ask it; without it nobody is \
in a segment that needs it |

### payments

Many rows for a customer in time, by paid on.

| column | read by | note |
| --- | --- | --- |
| customer_id | value_risk (credit risk); campaigns (marketing, by way of value_risk) | tells whose row it is in \
customers |
| paid_on | value_risk (credit risk); campaigns (marketing, by way of value_risk) |  |
| days_late | value_risk (credit risk); campaigns (marketing, by way of value_risk) |  |
"""

TINY = """\
table people key id
  id   integer
  age  integer optional "Age in years" as "AGE"
segmentation ages of people
  overlapping
  segment old "Old" when age > 60
"""
AGE = {"table": "people", "field": "age", "column": "AGE", "value": True, "through": None}
RESTS_ON = {
    "lets": [],
    "columns": [AGE],
    "parameters": [],
    "segmentations": [],
    "previous": [],
    "relatives": [],
}
OLD = {"kind": "segment", "name": "old", "table": "people", "title": "Old"}
JSON = {
    "segmentations": [
        {
            "name": "ages",
            "title": None,
            "table": "people",
            "row": "a row of people",
            "mode": "overlapping",
            "purposes": [],
            "owner": None,
            "refresh_every": None,
            "review_every": None,
            "last_reviewed": None,
            "minimum_size": None,
            "cap": None,
            "segments": [
                {
                    "name": "old",
                    "title": "Old",
                    "otherwise": False,
                    "in_force_from": None,
                    "in_force_until": None,
                    "clauses": [
                        {
                            "number": 1,
                            "when": {"kind": "one", "text": "“Age in years” is above 60", "parts": []},
                            "unless": [],
                            "without": ["where “Age in years” is missing, a row of people does not come in this way"],
                        }
                    ],
                    "consent": [],
                    "reasons": [],
                    "reasons_from": [],
                    "depends_on": RESTS_ON,
                }
            ],
            "order": [],
            "depends_on": RESTS_ON,
            "edges": [
                {
                    "source": {"kind": "column", "name": "people.age", "table": "people", "title": "Age in years"},
                    "target": OLD,
                },
                {
                    "source": OLD,
                    "target": {"kind": "segmentation", "name": "ages", "table": "people", "title": None},
                },
            ],
        }
    ],
    "definitions": [],
    "parameters": [],
    "data": [
        {
            "name": "people",
            "title": None,
            "text": "one row for each id",
            "fields": [
                {
                    "name": name,
                    "column": column,
                    "title": title,
                    "type": type,
                    "joins": joins,
                    "protected": False,
                    "personal": False,
                    "consent_for": [],
                    "only_for": None,
                    "readers": [
                        {"kind": "segmentation", "name": "ages", "purposes": [], "value": value, "through": None}
                    ],
                    "remark": None,
                }
                for name, column, title, type, joins, value in [
                    ("id", "id", None, "integer", "the key", False),
                    ("age", "AGE", "Age in years", "integer, may be missing", None, True),
                ]
            ],
        }
    ],
    "outcomes": {
        "measures": [],
        "targets": [],
        "policy": [],
        "experiments": [],
        "guarantees": [],
        "tests": [],
        "freshness": [],
    },
}


def test_text(segwright: Segwright, folder: Folder) -> None:
    folder.rules(RULES)
    answer = segwright("show", folder.path / "rules.seg")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == TEXT


def test_markdown_of_one_segmentation(segwright: Segwright, folder: Folder) -> None:
    folder.rules(RULES)
    answer = segwright("show", folder.path / "rules.seg", "-s", "campaigns", "--format", "markdown")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == MARKDOWN


def test_json(segwright: Segwright, folder: Folder) -> None:
    folder.rules(TINY)
    answer = segwright("show", folder.path / "rules.seg", "--format", "json")
    assert (answer.code, answer.err) == (0, "")
    assert json.loads(answer.out) == JSON


def test_a_project_needs_no_data(segwright: Segwright, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.rules(RULES)
    folder.settings()
    monkeypatch.chdir(folder.path)
    assert segwright("show").out == TEXT


def test_rules_with_errors_are_not_shown(segwright: Segwright, folder: Folder) -> None:
    folder.rules(TINY + "segmentation more of people\n  overlapping\n  segment young when agee < 20\n")
    answer = segwright("show", folder.path / "rules.seg")
    assert (answer.code, answer.out) == (1, "")
    assert "agee" in answer.err
    assert answer.err.endswith("1 error; nothing is shown\n")


@pytest.mark.parametrize(
    "words, said",
    [
        (("--segmentation", "value_rsk"), "there is no segmentation `value_rsk`; did you mean `value_risk`?"),
        (("--segmentation", "xyz"), "there is no segmentation `xyz`; there are `value_risk`, `campaigns`"),
        (("--format", "markdwn"), "did you mean `markdown`?"),
        (("none.seg",), "there is no rule file `none.seg`"),
    ],
)
def test_usage(
    segwright: Segwright, folder: Folder, words: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.rules(RULES)
    monkeypatch.chdir(folder.path)
    answer = segwright("show", "rules.seg", *words)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err


def test_it_wraps_on_a_terminal(folder: Folder) -> None:
    folder.rules(RULES)
    code, shown = on_a_terminal(["show", str(folder.path / "rules.seg")], columns=80)
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()
    assert code == 0
    assert max(map(len, lines)) <= 80
    assert "".join(" ".join(lines).split()).startswith("".join(TEXT.partition("What “Value")[0].split())[:1500])


def test_it_starts_without_engines(folder: Folder) -> None:
    import subprocess

    folder.rules(RULES)
    code = "import sys, segwright.cli as c\ntry: c.main(['show', 'rules.seg'])\nexcept SystemExit: print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=folder.path, capture_output=True, text=True, check=True)
    assert {"duckdb", "polars", "pydantic", "sqlglot"}.isdisjoint(done.stdout.split())


def graphs_of(markdown: str) -> list[str]:
    """The Mermaid graphs of a page."""
    return re.findall(r"^```mermaid\n(.*?)\n^```$", markdown, re.MULTILINE | re.DOTALL)


PROJECTS = sorted(
    path.parent
    for folder in ("rules", "examples")
    for path in (Path(__file__).parents[2] / folder).glob("*/segwright.toml")
)


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.name)
def test_every_project_of_the_repository(segwright: Segwright, project: Path) -> None:
    text = segwright("show", project)
    assert text.code == 0
    assert "not (" not in text.out
    told = json.loads(segwright("show", project, "--format", "json").out)
    markdown = segwright("show", project, "--format", "markdown").out
    for segmentation in told["segmentations"]:
        for segment in segmentation["segments"]:
            assert (segment["title"] or segment["name"].replace("_", " ")) in text.out
            assert f"(`{segment['name']}`)" in markdown or f". {segment['name']}\n" in markdown
    graphs = graphs_of(markdown)
    assert len(graphs) == len(told["segmentations"])
    assert [problems_of_flowchart(graph) for graph in graphs] == [[] for _ in graphs]


NASTY = """\
table `a "b" | c` "`x` <b>#quot;</b> *y* [z](u) & ~~q~~" key id
  id       integer
  `e-nd`   integer "end"
  `50%;`   integer "`md`"
  `_u_`    boolean
segmentation `class` "click A; B --> C" of `a "b" | c`
  overlapping
  segment `sub graph` "]]) }} \\\\" when `e-nd` > 1 and `50%;` > 1
  segment `1.` "1. first" when `_u_`
"""


def test_names_that_mean_something_to_markdown_or_mermaid() -> None:
    told = facts_of(program_of(NASTY))
    markdown = as_markdown(told)
    (graph,) = graphs_of(markdown)
    assert problems_of_flowchart(graph) == []
    assert '["e-nd"]' in graph
    assert '(["1#46; first"])' in graph
    assert "## click A; B --\\> C (`class`)" in markdown
    assert "\\`x\\` \\<b\\>#quot;\\</b\\> \\*y\\* \\[z\\](u) \\& \\~\\~q\\~\\~" in markdown
    assert "| 50%; | \\`md\\` |" in markdown
    assert "| \\_u\\_ |" in markdown
    assert "`x` <b>#quot;</b> *y*" in as_text(told)


def test_nothing_steers_the_terminal() -> None:
    told = facts_of(program_of(TINY.replace('"Old"', '"Old\x1b[2J\x07"')))
    assert "\x1b[2J" not in as_text(told) + as_markdown(told)


def test_a_graph_that_is_too_large_is_drawn_coarser() -> None:
    columns = "\n".join(f"  x{number} integer" for number in range(200))
    segments = "\n".join(f"  segment s{number} when x{number} > 1" for number in range(200))
    rules = f"table t key id\n  id integer\n{columns}\nsegmentation s of t\n  overlapping\n{segments}\n"
    markdown = as_markdown(facts_of(program_of(rules)))
    (graph,) = graphs_of(markdown)
    assert problems_of_flowchart(graph) == []
    assert graph.count("-->") == 1
    assert (
        "The graph would be too large to read: the 200 columns are drawn as their tables; 200 segments are left out."
        in markdown
    )


def test_every_key_of_the_json_form_is_documented(repository: Path) -> None:
    page = (repository / "docs" / "show.md").read_text(encoding="utf-8")
    kinds = [each for each in vars(facts).values() if isinstance(each, type) and each.__module__ == facts.__name__]
    keys = {field.name for kind in kinds for field in fields(kind)}
    assert {key for key in keys if f"`{key}`" not in page} == set()


def test_the_sample_of_the_page_is_true(segwright: Segwright, folder: Folder, repository: Path) -> None:
    page = (repository / "docs" / "show.md").read_text(encoding="utf-8")
    (rules,) = re.findall(r"^```seg\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    (sample,) = re.findall(r"^```text\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    folder.rules(rules)
    assert segwright("show", folder.path / "rules.seg").out == sample


def test_json_has_no_more_than_json() -> None:
    assert json.loads(json.dumps(as_json(facts_of(program_of(RULES))))) is not None


def test_personal_values_that_a_test_gives_are_not_shown() -> None:
    rules = """\
table people key id
  id    integer
  mail  text optional personal
segmentation reach of people
  first match wins
  segment by_mail when mail is known
  otherwise not_at_all
test "who has an address" given id 1, mail "ann@example.com" expect reach is by_mail
"""
    text = as_text(facts_of(program_of(rules)))
    assert "ann@example.com" not in text
    assert "a row of people with id 1 and mail given (personal, not shown) comes into “by mail” of “reach”" in text


def test_built_in_measures_are_told_with_their_definitions_and_horizons_once() -> None:
    rules = """\
table people key id
  id      integer
  earned  money optional
  spent   money
  asked   boolean
events orders of people by id at day
  id   integer
  day  date
segmentation reach of people
  first match wins
  segment all_of_them when spent >= 0
  otherwise nobody
measures at 3, 6 months
measure roi "ROI" higher is better = return on investment (gain earned, cost spent)
measure taken = conversion (offered asked, converted (any orders in next 12 months))
"""
    roi, taken, horizons = (each.text for each in facts_of(program_of(rules)).outcomes.measures)
    sums = "the sum of earned) − (the sum of spent where earned is known)) / (the sum of spent where earned is known)"
    definition = "return on investment = (gain − cost) ÷ cost, both summed over the rows where both are known"
    assert roi == f"(({sums}; higher is better; {definition}"
    share = "the share for which there are orders in the next 12 months, of the people where asked is true"
    definition = "conversion = share of the rows offered that converted, of those where both are known"
    assert taken == f"{share}; {definition}"
    assert horizons == (
        "every measure that looks ahead, by windows of one length, is also told for 3 months and 6 months ahead"
    )
