"""Runs find cut-points, record them, and tell them again."""

import datetime as dt
import json
from decimal import Decimal

import duckdb
import pytest
from runtime.projects import Project

from segwright.compiler.codec import UnreadableProgram
from segwright.compiler.ruleset import dumped, load, signed
from segwright.dsl.program import Program
from segwright.runtime.binding import bind
from segwright.runtime.errors import DataError, SettingsError

RULES = """
table people key id
  id     integer
  clv    money optional
  opened date
  ratio  number
parameter share = 75%
segmentation value of people
  first match wins
  segment best when percentile of clv >= share and top 50% by opened
  segment odd  when quartile of (ratio * 2) = 4
  otherwise rest
"""


@pytest.fixture
def people(project: Project) -> Project:
    project.rules(RULES)
    project.table(
        "people",
        "(1, 10.00::DECIMAL(18,2), DATE '2020-01-01', 0.5), (2, 20.00, '2021-01-01', 1), (3, 30.00, '2022-01-01', 2), "
        "(4, 30.00, '2019-01-01', 3), (5, NULL, '2018-01-01', -1), (6, 0.00, '2021-01-01', -2)",
        "id, clv, opened, ratio",
    )
    return project


@pytest.mark.usefixtures("on_every_engine")
def test_a_run_records_its_cut_points(people: Project) -> None:
    # Of clv five are known: 0 10 20 30 30. Of 30.00 exactly 60% are below, and of nothing more.
    run = people.run(parameters={"share": "60%"})
    # opened: 2022, 2021, 2021, 2020, 2019, 2018: above < 3 from 2021 on. ratio × 2: -4 -2 1 2 4 6: quartile 2 takes
    # below >= 1.5, quartile 3 below >= 3, quartile 4 below >= 4.5.
    assert run.manifest.cut_points == {
        "people: percentile of clv at `share`": ["30.00", None],
        "people: top 50% by opened": ["2021-01-01"],
        "people: quartile of (ratio * 2)": ["1", "2", "6"],
    }
    assert people.assigned(run, "id, value") == [
        (1, "rest"),
        (2, "rest"),
        (3, "best"),
        (4, "odd"),
        (5, "rest"),
        (6, "rest"),
    ]


@pytest.mark.usefixtures("on_every_engine")
def test_nobody_gets_so_far(people: Project) -> None:
    run = people.run()
    assert run.manifest.cut_points["people: percentile of clv at `share`"] == [None, None]


def test_the_rule_set_of_a_run_holds_them_as_values_with_what_the_run_was_given(people: Project) -> None:
    run = people.run(parameters={"share": "60%"})
    data = json.loads((run.folder / "ruleset.json").read_text(encoding="utf-8"))
    assert data["run"] == {
        "cut_points": {
            "people: percentile of clv at `share`": [{"money": "30.00"}, None],
            "people: top 50% by opened": [{"date": "2021-01-01"}],
            "people: quartile of (ratio * 2)": [1.0, 2.0, 6.0],
        },
        "parameters": {"share": "60%"},
    }
    loaded = load(data)
    assert loaded.cut_points["people: percentile of clv at `share`"] == (Decimal("30.00"), None)
    assert loaded.cut_points["people: top 50% by opened"] == (dt.date(2021, 1, 1),)
    assert dumped(loaded) == data
    assert loaded.logic_hash == run.manifest.logic_hash
    other = people.run(parameters={"share": "10%"})
    assert other.manifest.logic_hash == run.manifest.logic_hash, "cut-points are no logic"
    assert other.manifest.text_hash == run.manifest.text_hash


@pytest.mark.parametrize("odd", [[], {}, {"cut_points": 1}, {"cut_points": {"x": 5}}, {"cut_points": {}, "more": 1}])
def test_what_a_run_adds_has_one_form(people: Project, odd: object) -> None:
    run = people.run()
    data = json.loads((run.folder / "ruleset.json").read_text(encoding="utf-8"))
    with pytest.raises(UnreadableProgram, match="what a run added to the rule set cannot be read"):
        load(signed(data | {"run": odd}))


def test_rules_without_relative_values_add_nothing(people: Project) -> None:
    people.rules(
        "table people key id\n  id integer\nsegmentation a of people\n  overlapping\n  segment b when id > 1\n"
    )
    run = people.run()
    assert run.manifest.cut_points == {}
    assert "run" not in json.loads((run.folder / "ruleset.json").read_text(encoding="utf-8"))


@pytest.mark.usefixtures("on_every_engine")
def test_overflow_on_the_way_is_told_by_name(people: Project) -> None:
    people.rules(RULES.replace("quartile of (ratio * 2)", "quartile of (clv * 1_000_000_000_000_000)"))
    with pytest.raises(DataError) as caught:
        people.run()
    assert "is too large for some row" in caught.value.message
    assert "clv * 1000000000000000" in caught.value.message
    assert not people.out.exists()


@pytest.mark.usefixtures("on_every_engine")
def test_overflow_of_what_nothing_is_ranked_by(people: Project) -> None:
    people.rules(RULES.replace("otherwise rest", "segment huge when clv * 1_000_000_000_000_000 > 5\n  otherwise rest"))
    with pytest.raises(DataError) as caught:
        people.run()
    assert "clv * 1000000000000000" in caught.value.message


@pytest.mark.usefixtures("on_every_engine")
def test_ties_are_told_before_anybody_is_put_into_a_segment(people: Project) -> None:
    people.rules(
        RULES.replace("quartile of (ratio * 2) = 4", "decile of (latest of amount from pays ever) > 3")
        + "events pays of people by id at day\n  id integer\n  day date\n  amount money\n"
    )
    people.table("pays", "(1, DATE '2026-01-01', 5.00), (1, '2026-01-01', 6.00)", "id, day, amount")
    (violation,) = people.violations()
    assert violation.kind == "tie"


@pytest.mark.usefixtures("on_every_engine")
def test_equal_data_give_equal_cut_points_in_any_order(people: Project) -> None:
    first = people.run(parameters={"share": "60%"}).manifest.cut_points
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE turned AS FROM '{people.folder}/data/people.parquet' ORDER BY id DESC")
        con.execute(f"COPY (SELECT * FROM turned) TO '{people.folder}/data/people.parquet' (FORMAT parquet)")
    assert people.run(parameters={"share": "60%"}).manifest.cut_points == first


def test_a_share_that_is_set_is_one_of_everybody(people: Project) -> None:
    with pytest.raises(SettingsError, match="`share` cannot be 120%: it is a share of everybody, from 0% to 100%"):
        people.run(parameters={"share": "120%"})


def test_other_percents_may_be_larger() -> None:
    from segwright.dsl.check import check
    from segwright.dsl.parse import parse
    from segwright.dsl.source import Source

    rules = "table t key id\n  id integer\n  x percent\nparameter most = 90%\nlet a = x > most\n"
    document, _ = parse(Source("rules.seg", rules))
    program = check([document]).program
    assert isinstance(program, Program)
    assert bind(program, "2026-09-01", {"most": "120%"}).parameters == {"most": 1.2}
