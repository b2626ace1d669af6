"""Personal values come out neither of decision tables nor of scorecards: not in files, not on any stream."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from face.conftest import Folder, Segwright
from face.test_privacy_of_output import written

RULES = """
table customers key customer_id
  customer_id integer
  age         integer
  surname     text optional personal
  wealth      money from 0 optional personal
  vip         boolean personal
  born_on     date optional personal

decision circle first                # personal: cells look at the surname
  | surname         | age  | => circle     |
  | >= "Z"          | any  | "Arcturus"    |
  | any             | > 30 | "Magrathea"   |
  | otherwise              | "Betelgeuse"  |
decision named unique                # not personal: whether there is one may be told
  | surname | => named |
  | known   | "yes"    |
  | missing | "no"     |
scorecard standing starts at 500
  by wealth
    below 918_273          -7_117_113 reason Q71 "Little of something"
    from 918_273              +17 reason Q17 "Much of something"
    missing                -3_713_713 reason Q37 "Nothing of something"
  by age
    below 30                  -20 reason A20 "Young"
    at least 30                +5
  when vip then -1_913_713 reason Q19 "Known to us"
  when years since born_on > 100 then -9 reason A09 "Old"
scorecard open_card starts at 10
  by named
    "yes" +1
    "no"   0 reason A01 "No name"
let twice = standing * 2

segmentation risk of customers
  first match wins
  segment far      when circle is "Arcturus" and age > 99
  segment rich     when twice > 100_000
  segment nameless when named is "no" and open_card = 10
    reason S01 "Without a name"
    reasons from open_card
    reasons from standing
  otherwise rest
    reasons from standing
"""

SECRETS = (
    "Zaphod",
    "Zebra",
    "918273",
    "918,273",
    "1911-11",
    "Q71",
    "Q17",
    "Q37",
    "Q19",
    "7117113",
    "3713713",
    "1913713",
)
RESULTS = ("Arcturus", "Magrathea", "Betelgeuse")

CUSTOMERS = """
customer_id age surname wealth    vip   born_on
1           31  Zaphod  918273.00 true  1911-11-11
2           20  Zebra   -         false 1911-11-12
3           20  -       91.00     true  -
4           40  Adams   918273.00 false 2000-01-01
"""


@pytest.fixture
def club(folder: Folder) -> Folder:
    folder.rules(RULES)
    folder.table("customers", CUSTOMERS)
    folder.settings()
    return folder


def test_nothing_personal_in_a_run(club: Folder, segwright: Segwright) -> None:
    answer = segwright("run", club.path, "--evidence", "--values", "--sorted")
    assert answer.code == 0, answer.err
    (run,) = (club.path / "runs").iterdir()
    (run / "ruleset.json").unlink()  # the rules themselves
    texts = "\n".join([answer.out, answer.err, *written(run)])
    assert [secret for secret in (*SECRETS, *RESULTS) if secret in texts] == []


@pytest.mark.parametrize("words", [[], ["--details"], ["--format", "json"]])
def test_nothing_personal_in_an_explanation(club: Folder, segwright: Segwright, words: list[str]) -> None:
    for key in range(1, 5):
        answer = segwright("explain", club.path, key, *words)
        assert answer.code == 0, answer.err
        # The words of a condition stand in the rules, and tell nothing of a customer.
        text = answer.out.replace('circle = "Arcturus"', "").replace('circle = \\"Arcturus\\"', "")
        assert [secret for secret in (*SECRETS, *RESULTS) if secret in text] == []


def test_what_else_is_told(club: Folder, segwright: Segwright) -> None:
    """Customer 3 has no name and is young: of the reasons only those that tell about nothing personal are given."""
    found = json.loads(segwright("explain", club.path, 3, "--format", "json").out)
    (risk,) = found["segmentations"]
    assert risk["assigned"] == ["nameless"]
    (nameless,) = [each for each in risk["segments"] if each["name"] == "nameless"]
    assert [code for code, _ in nameless["reasons"]] == ["S01", "A01", "A20"]
    assert nameless["hidden_reasons"]
    scores = {each["name"]: each for each in found["scores"]}
    assert (scores["standing"]["total"], scores["standing"]["hidden"]) == (None, True)
    assert [each["hidden"] for each in scores["standing"]["characteristics"]] == [True, False, True, False]
    assert (scores["open_card"]["total"], scores["open_card"]["hidden"]) == (10, False)


def test_others_with_other_personal_data_read_the_same(club: Folder, segwright: Segwright) -> None:
    """All who land in the same segments, and differ in what is personal only, are explained by the same words."""
    told: set[str] = set()
    for number, row in enumerate(variants(), start=1):
        club.table("customers", f"customer_id age surname wealth vip born_on\n1 31 {row}")
        answer = segwright("explain", club.path, 1, "--details")
        assert (answer.code, "risk: rest" in answer.out) == (0, True), number
        told.add(answer.out)
    assert len(told) == 1


def variants() -> Iterator[str]:
    for surname in ("Zaphod", "Adams"):
        for wealth in ("918273.00", "91.00", "-"):
            for vip in ("true", "false"):
                yield f"{surname} {wealth} {vip} 1990-01-01"


def test_no_message_tells_them(club: Folder, segwright: Segwright) -> None:
    """A value that breaks its contract is not told either."""
    path: Path = club.path / "customers.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("91.00", "-918273.00"), encoding="utf-8")
    answer = segwright("run", club.path)
    assert answer.code == 3
    assert [secret for secret in SECRETS if secret in answer.out + answer.err] == []
