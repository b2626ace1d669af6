"""`at most 2 segments each`, as users meet it: explained, decided about one by one, shown, and as SQL."""

import json

import duckdb
import pytest
from face.conftest import Folder, Segwright

import segwright as sw
from segwright.compiler.ruleset import dumped, written
from segwright.compiling import compile_rules
from segwright.ruleset import RuleSet

RULES = """
purposes marketing
table customers key id
  id      integer
  score   integer optional
  email   text personal optional
  agreed  boolean consent for marketing
segmentation campaigns "Campaigns" of customers
  overlapping
  at most 2 segments each
  purpose marketing
  segment loan "Loan offer" when score > 1
  segment card
    needs consent for marketing
    when score > 2
    reason C1 "asked for a card"
  segment news "Newsletter" when score > 0
    unless score > 100
  segment mail when email starts with "a"
    reason M1 "has an address"
segmentation letters of customers
  overlapping
  at most 1 segment each
  segment with_news when campaigns includes news
  segment of_both   when campaigns includes loan and campaigns includes card
"""
ROWS = """
id score email agreed
1  3     ann   true
2  3     bob   false
3  1     -     true
4  -     ann   true
5  200   ann   true
"""
CAMPAIGNS = {1: ["loan", "card"], 2: ["loan", "news"], 3: ["news"], 4: ["mail"], 5: ["loan", "card"]}
LETTERS = {1: ["of_both"], 2: ["with_news"], 3: ["with_news"], 4: [], 5: ["of_both"]}


@pytest.fixture(params=["duckdb", "polars"])
def project(folder: Folder, request: pytest.FixtureRequest) -> Folder:
    folder.rules(RULES)
    folder.table("customers", ROWS)
    folder.settings(more=f'engine = "{request.param}"')
    return folder


def compiled(folder: Folder, text: str) -> RuleSet:
    """Rules, compiled into a file and loaded again."""
    folder.rules(text)
    target = folder.path / "x.ruleset.json"
    target.write_text(written(dumped(compile_rules([folder.path / "rules.seg"]).rules)), encoding="utf-8")
    return sw.load(target)


@pytest.fixture
def rules(folder: Folder) -> RuleSet:
    return compiled(folder, RULES)


def test_a_run(project: Folder) -> None:
    rows = sw.open(project.path).run().assignments.order("id").fetchall()
    assert {row[0]: row[1] for row in rows} == CAMPAIGNS
    assert {row[0]: row[2] for row in rows} == LETTERS


def test_what_a_limit_kept_a_row_out_of_is_told(project: Folder, segwright: Segwright) -> None:
    told = segwright("explain", project.path, 1, "--segmentation", "campaigns").out
    assert [" ".join(line.split()) for line in told.splitlines()[2:13]] == [
        "Campaigns (campaigns): Loan offer (loan), card (at most 2 segments each)",
        "Loan offer",
        "✓ score > 1 is 3",
        "card",
        "✓ score > 2 is 3",
        "✓ consent for marketing agreed is true",
        "reason C1: asked for a card",
        "not in, and what kept the row out",
        "Newsletter qualifies, but is already in 2 segments of higher priority: Loan offer and card",
        "mail asks for personal data: not shown",
    ]


def test_what_a_limit_kept_a_row_out_of_in_json(project: Folder, segwright: Segwright) -> None:
    (told,) = json.loads(segwright("explain", project.path, 5, "--segmentation", "campaigns", "--format", "json").out)[
        "segmentations"
    ]
    assert (told["assigned"], told["cap"]) == (["loan", "card"], 2)
    # Customer 5 is taken out of news, and would be kept out of mail: which is personal, so nobody is told.
    assert [each["outcome"] for each in told["segments"]] == ["assigned", "assigned", "not assigned", "not shown"]
    (told,) = json.loads(segwright("explain", project.path, 1, "--segmentation", "campaigns", "--format", "json").out)[
        "segmentations"
    ]
    assert [each["outcome"] for each in told["segments"]] == ["assigned", "assigned", "over the limit", "not shown"]
    assert told["segments"][2]["clauses"][0]["holds"] is True


def test_single_decisions(rules: RuleSet) -> None:
    decisions = [
        rules.decide({"score": 3, "email": "ann", "agreed": True}, trace=True),
        rules.decide({"score": 3, "email": "ann", "agreed": False}),
        rules.decide({"score": 0, "email": "bob", "agreed": False}),
    ]
    assert [each.segments["campaigns"] for each in decisions] == [("loan", "card"), ("loan", "news"), ()]
    assert [each.segments["letters"] for each in decisions] == [("of_both",), ("with_news",), ()]
    # The first two would be in mail, too: but nobody is told what is true of their personal data.
    assert [each.kept_out for each in decisions] == [{"campaigns": ("news",)}, {}, {}]
    assert [reason.code for reason in decisions[0].reasons["campaigns"]] == ["C1"]
    assert decisions[0].as_json()["kept_out"] == {"campaigns": ["news"]}
    assert "kept_out" not in decisions[2].as_json()
    assert decisions[0].trace is not None
    assert "campaigns includes card: true" in map(str, decisions[0].trace)
    assert "campaigns includes news: false" in map(str, decisions[0].trace)


def test_many_segments_one_by_one(folder: Folder) -> None:
    """So many that they are decided about by bits, with two ways into each."""
    segments = "\n".join(f"  segment s{n}\n    when score > {n}\n    when score < -{n}" for n in range(1, 51))
    rules = compiled(
        folder,
        "table customers key id\n  id integer\n  score integer\n"
        f"segmentation s of customers\n  overlapping\n  at most 3 segments each\n{segments}\n",
    )
    for score in (-60, -3, 0, 4, 5, 60):
        fitting = [f"s{n}" for n in range(1, 51) if score > n or score < -n]
        decision = rules.decide({"score": score})
        assert decision.segments["s"] == tuple(fitting[:3])
        assert decision.kept_out == ({"s": tuple(fitting[3:])} if fitting[3:] else {})


def test_plain_english(folder: Folder, segwright: Segwright) -> None:
    folder.rules(RULES)
    told = " ".join(segwright("show", folder.path / "rules.seg").out.split())
    assert (
        "at most 2 of these 4 segments: the first 2, in this order, that fit. So the order is their priority." in told
    )
    assert "at most one of these 2 segments: the first, in this order, that fits, or none." in told


def test_readable_sql_gives_what_a_run_gives(project: Folder, segwright: Segwright) -> None:
    sql = segwright("compile", project.path, "--sql").out
    assert "every segment with a clause that holds, but only the first 2 of them" in sql
    with duckdb.connect() as con:
        con.execute(f"SET file_search_path = '{project.path}'")
        rows = con.execute(sql).fetchall()
    assert {row[0]: row[1] for row in rows} == CAMPAIGNS
    assert {row[0]: row[2] for row in rows} == LETTERS


def test_the_limit_is_part_of_what_the_rules_mean(rules: RuleSet, folder: Folder) -> None:
    others = [RULES.replace("at most 2", "at most 3"), RULES.replace("  at most 2 segments each\n", ""), RULES]
    same = [compiled(folder, text).logic_hash == rules.logic_hash for text in others]
    assert same == [False, False, True]


def test_a_failing_test_says_what_the_limit_kept_the_row_out_of(folder: Folder, segwright: Segwright) -> None:
    folder.rules(RULES + 'test "news for all"\n  given score 3, agreed true\n  expect campaigns includes news\n')
    folder.table("customers", ROWS)
    folder.settings()
    answer = segwright("test", folder.path)
    assert answer.code == 1
    assert "qualifies, but is already in 2 segments of higher priority: Loan offer and card" in answer.out


def test_fmt_keeps_the_line(folder: Folder, segwright: Segwright) -> None:
    folder.rules(RULES.replace("  at most 2 segments each\n", "      at   most 2 segments each\n"))
    segwright("fmt", folder.path / "rules.seg")
    assert "\n  at most 2 segments each\n" in (folder.path / "rules.seg").read_text(encoding="utf-8")
