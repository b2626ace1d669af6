"""What a run hides of small groups, worked out by hand: in the manifest, in `outcomes.json`, in what is printed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from runtime.projects import Project
from small_programs import program_of

from segwright.render.run import as_json, as_text
from segwright.runtime.errors import GateError
from segwright.runtime.outcomes.records import Outcomes, TableOutcomes
from segwright.runtime.run import Run
from segwright.runtime.runs import read_outcomes

TABLE = """
table customers key customer_id
  customer_id integer
  band        one of "a", "b", "c", "d"
  late        boolean optional
  income      integer optional
  opened_on   date
  gender      one of "F", "M" optional protected
"""
VALUE = """
segmentation value of customers
  first match wins
  segment a when band is "a"
  segment b when band is "b"
  otherwise rest
"""
HIDE = "policy hide groups below 10\n"
LATE = "measure late = share where late\n"

Group = tuple[int, dict[str, Any]]
"""How many customers, and what they have."""


def customers(project: Project, *groups: Group) -> None:
    names = ["band", "late", "income", "opened_on", "gender"]
    lines = [",".join(["customer_id", *names])]
    for n, given in groups:
        values = {"band": "d", "late": "false", "income": "", "opened_on": "2024-05-01", "gender": "F"} | given
        lines += [",".join([str(len(lines) + at), *(str(values[name]) for name in names)]) for at in range(n)]
    project.file("customers", "\n".join(lines) + "\n")


def ran(project: Project, rules: str, *groups: Group) -> Run:
    project.rules(TABLE + rules)
    customers(project, *groups)
    return project.run()


def outcomes_of(run: Run) -> TableOutcomes:
    return known(read_outcomes(run.folder)).tables["customers"]


def known(outcomes: Outcomes | None) -> Outcomes:
    assert outcomes is not None
    return outcomes


def sizes(run: Run, segmentation: str = "value") -> dict[str, int | None]:
    found = run.manifest.assignments["customers"].segmentations[segmentation].segments
    assert all((each.count is None) == each.hidden == (each.share is None) for each in found.values())
    return {segment: each.count for segment, each in found.items()}


def printed(run: Run) -> dict[str, Any]:
    return as_json(run.folder, run.manifest, read_outcomes(run.folder))


def text(run: Run, rules: str) -> list[str]:
    shown = as_text(run.folder, run.manifest, read_outcomes(run.folder), program_of(TABLE + rules))
    return shown.replace("\x1b[1m", "").replace("\x1b[2m", "").replace("\x1b[0m", "").splitlines()


THREE_AND_FIFTY = ((3, {"band": "a"}), (50, {"band": "b"}), (500, {}))


def test_a_small_segment_takes_a_second_with_it(project: Project) -> None:
    run = ran(project, VALUE + HIDE, *THREE_AND_FIFTY)
    assert sizes(run) == {"a": None, "b": None, "rest": 500}
    assert run.manifest.assignments["customers"].segmentations["value"].clauses == {1: None, 2: None, 3: 500}
    assert printed(run)["segmentations"]["value"] == {
        "a": {"customers": None, "hidden": True},
        "b": {"customers": None, "hidden": True},
        "rest": {"customers": 500, "share": 500 / 553},
    }
    assert text(run, VALUE + HIDE)[2:7] == [
        "value: 553 customers",
        "  a           hidden",
        "  b           hidden",
        "  rest           500    90.4%  \x1b[34m██████████████████████",
        "",
    ]
    assert "hidden: groups of fewer than 10 customers, and what would tell them" in text(run, VALUE + HIDE)


def test_without_a_policy_and_without_small_groups_nothing_is_hidden(project: Project) -> None:
    assert sizes(ran(project, VALUE, *THREE_AND_FIFTY)) == {"a": 3, "b": 50, "rest": 500}
    groups: tuple[Group, ...] = ((20, {"band": "a", "income": 5}), (50, {"band": "b", "late": "true"}), (500, {}))
    rules = VALUE + LATE + "measure income = average of income\nmeasures by year of opened_on\n"
    plain = ran(project, rules, *groups)
    hiding = ran(project, rules + HIDE, *groups)
    assert hiding.manifest.assignments == plain.manifest.assignments
    assert outcomes_of(hiding) == outcomes_of(plain).model_copy(update={"hidden_below": 10})


def test_the_file_is_compact_and_tells_no_more_than_it_says(project: Project) -> None:
    run = ran(project, VALUE + LATE + HIDE, *THREE_AND_FIFTY)
    written = (run.folder / "outcomes.json").read_text(encoding="utf-8")
    figures = json.loads(written)["tables"]["customers"]["measures"]["late"]["segmentations"]["value"]
    assert figures["a"] == figures["b"] == {"status": "hidden"}
    assert "people" not in written
    assert written.count("\n") == 1


def test_of_fewer_than_k_customers_nothing_is_told(project: Project) -> None:
    run = ran(project, VALUE + LATE + HIDE, (4, {"band": "a"}), (5, {"late": "true"}))
    assert sizes(run) == {"a": None, "b": None, "rest": None}
    assert run.manifest.assignments["customers"].rows is None
    assert [each.rows for each in run.manifest.inputs] == [None]
    assert outcomes_of(run).rows is None
    assert printed(run)["everybody"] == {"customers": {"customers": None, "hidden": True}}
    assert text(run, VALUE + LATE + HIDE)[2] == "value: hidden customers"


def test_a_share_is_hidden_where_few_hit_or_few_do_not(project: Project) -> None:
    # Late are 4 of a, and 30 of b; of rest everybody is known and nobody late. A nought is shown; b protects a.
    rules = VALUE + LATE + HIDE
    groups: tuple[Group, ...] = (
        (4, {"band": "a", "late": "true"}),
        (96, {"band": "a"}),
        (30, {"band": "b", "late": "true"}),
        (70, {"band": "b"}),
        (100, {}),
    )
    run = ran(project, rules, *groups)
    late = outcomes_of(run).measures["late"]
    found = late.segmentations["value"]
    assert {segment: each.status for segment, each in found.items()} == {"a": "hidden", "b": "hidden", "rest": "known"}
    assert (found["a"].n, found["a"].unknown, found["a"].low, found["a"].small) == (None, None, None, None)
    assert (late.everybody.value, late.everybody.n) == (pytest.approx(34 / 300), 300)
    assert sizes(run) == {"a": 100, "b": 100, "rest": 100}
    assert [(each.first, each.second) for each in late.differences] == []
    assert printed(run)["segmentations"]["value"]["a"] == {
        "customers": 100,
        "share": 1 / 3,
        "measures": {"late": None},
        "hidden_measures": ["late"],
    }
    assert [line.split()[-2] for line in text(run, rules)[4:6]] == ["hidden", "hidden"]


def test_a_count_and_arithmetic_with_it_are_shares_in_other_words(project: Project) -> None:
    rules = VALUE + (
        "measure lates = (count of customers where late)\n"
        "measure apart = 1 - (share where late)\n"
        "measure twice = 2 * (count of customers where late)\n"
    )
    run = ran(
        project, rules + HIDE, (4, {"band": "a", "late": "true"}), (96, {"band": "a"}), (100, {"band": "b"}), (99, {})
    )
    measures = outcomes_of(run).measures
    for name in ("lates", "apart", "twice"):
        assert measures[name].segmentations["value"]["a"].status == "hidden", name
    # Nobody else is late, so that all that are late are these four.
    assert measures["lates"].everybody.status == measures["apart"].everybody.status == "hidden"


def test_the_least_and_the_greatest_are_of_one_customer(project: Project) -> None:
    rules = VALUE + "measure least = min of income\nmeasure span = max of income - min of income\n" + HIDE
    run = ran(project, rules, (100, {"band": "a", "income": 5}), (100, {"income": 7}))
    for record in outcomes_of(run).measures.values():
        figures = [record.everybody, *record.segmentations["value"].values()]
        assert {each.status for each in figures} == {"hidden"}


def test_an_average_hides_how_many_it_leaves_out(project: Project) -> None:
    rules = VALUE + "measure income = average of income\nmeasure total = sum of income\n" + HIDE
    run = ran(
        project,
        rules,
        (3, {"band": "a"}),
        (40, {"band": "a", "income": 7}),
        (57, {"band": "a", "income": 8}),
        (100, {"band": "b", "income": 9}),
        (20, {"band": "d"}),
        (80, {"band": "d", "income": 1}),
    )
    income, total = (outcomes_of(run).measures[name].segmentations["value"] for name in ("income", "total"))
    # 40 × 7 + 57 × 8 = 736, and 736 / 97 = 7.587628…: only 97 rows give these digits, but many numbers of rows 7.6.
    assert (income["a"].value, income["a"].n, income["a"].unknown) == (7.6, 100, None)
    assert (income["rest"].unknown, income["b"].value, income["b"].unknown) == (None, 9.0, 0)
    assert (total["a"].status, total["b"].status, total["rest"].status) == ("hidden", "known", "hidden")


def test_an_average_of_few_is_hidden(project: Project) -> None:
    rules = VALUE + "measure income = average of income\n" + HIDE
    groups: tuple[Group, ...] = (
        (4, {"band": "a", "income": 7}),
        (96, {"band": "a"}),
        (100, {"band": "b", "income": 9}),
    )
    income = outcomes_of(ran(project, rules, *groups)).measures["income"].segmentations["value"]
    assert income["a"].status == "hidden"


def test_what_tells_the_same_as_a_hidden_segment_is_hidden_with_it(project: Project) -> None:
    rules = (
        VALUE
        + "segmentation audiences of customers\n  overlapping\n  segment chosen when value is b\n"
        + "measure in_b = share where value is b\n"
        + HIDE
    )
    run = ran(project, rules, *THREE_AND_FIFTY)
    # b counts 50, and is hidden only because it would tell a.
    assert sizes(run) == {"a": None, "b": None, "rest": 500}
    assert sizes(run, "audiences") == {"chosen": None}
    assert run.manifest.assignments["customers"].segmentations["audiences"].none is None
    assert outcomes_of(run).measures["in_b"].everybody.status == "hidden"


def test_clauses_of_a_segment_are_hidden_in_it(project: Project) -> None:
    rules = """
segmentation value of customers
  first match wins
  segment first
    when band is "a"
    when band is "b"
    when band is "c"
  otherwise rest
"""
    groups: tuple[Group, ...] = ((3, {"band": "a"}), (20, {"band": "b"}), (90, {"band": "c"}), (100, {}))
    run = ran(project, rules + HIDE, *groups)
    assert sizes(run) == {"first": 113, "rest": 100}
    record = run.manifest.assignments["customers"].segmentations["value"]
    assert (record.clauses, record.hidden) == ({1: None, 2: None, 3: 90, 4: 100}, True)


# -- by vintage ------------------------------------------------------------------------------------------------------


def test_a_segment_with_few_in_a_vintage_is_left_out_of_all_of_them(project: Project) -> None:
    def year(band: str, opened_on: int, late: int, others: int) -> list[Group]:
        day = f"{opened_on}-05-01"
        return [
            (late, {"band": band, "opened_on": day, "late": "true"}),
            (others, {"band": band, "opened_on": day}),
        ]

    rules = VALUE + LATE + "measures by year of opened_on\n" + HIDE
    run = ran(
        project,
        rules,
        *year("a", 2023, 4, 96),
        *year("a", 2024, 36, 64),
        *year("b", 2023, 30, 70),
        *year("b", 2024, 20, 80),
        *year("d", 2023, 50, 50),
        *year("d", 2024, 60, 60),
    )
    late = outcomes_of(run).measures["late"]
    assert {each.status for each in late.segmentations["value"].values()} == {"known"}
    assert {label: each.everybody.value for label, each in late.vintages.items()} == {
        "2023": pytest.approx(84 / 300),
        "2024": pytest.approx(116 / 320),
    }
    shown = {
        label: {segment: each.status for segment, each in found.segmentations["value"].items()}
        for label, found in late.vintages.items()
    }
    # Four of `a` were late in 2023; `b`, the smaller of the others, is left out with it: 34 of both.
    assert shown["2023"] == shown["2024"] == {"a": "hidden", "b": "hidden", "rest": "known"}


# -- overlapping segments ----------------------------------------------------------------------------------------------

AUDIENCES = """
segmentation audiences of customers
  overlapping
  segment old   when opened_on < 2020-01-01
  segment rich  when income > 100
"""


def test_how_many_are_in_both_is_hidden_with_all_that_tells_it(project: Project) -> None:
    # 4 are in both, which 60 + 50 − (500 − 394) gives.
    old, rich = {"opened_on": "2019-05-01"}, {"income": 200}
    run = ran(project, AUDIENCES + HIDE, (56, old), (46, rich), (4, old | rich), (394, {}))
    assert sizes(run, "audiences") == {"old": 60, "rich": 50}
    assert run.manifest.assignments["customers"].segmentations["audiences"].none is None
    assert outcomes_of(run).contact["audiences"].counts == {0: None, 1: None, 2: None}
    assert "Contact pressure (audiences): hidden" in text(run, AUDIENCES + HIDE)
    assert [each.kind for each in run.manifest.notes if each.kind == "in none"] == []
    run = ran(project, AUDIENCES + HIDE, (50, old), (40, rich), (10, old | rich), (400, {}))
    assert outcomes_of(run).contact["audiences"].counts == {0: 400, 1: 90, 2: 10}


# -- fairness ----------------------------------------------------------------------------------------------------------


def test_a_group_of_which_few_are_selected_is_hidden_and_the_ratio_with_it(project: Project) -> None:
    rules = VALUE + "policy\n  hide groups below 10\n  fairness across gender favourable a\n"
    groups: tuple[Group, ...] = (
        (4, {"band": "a", "gender": "F"}),
        (96, {"band": "b", "gender": "F"}),
        (50, {"band": "a", "gender": "M"}),
        (50, {"band": "b", "gender": "M"}),
    )
    (record,) = outcomes_of(ran(project, rules, *groups)).fairness
    assert [(each.value, each.n, each.selected, each.rate, each.hidden) for each in record.groups] == [
        ("F", 100, None, None, True),
        ("M", 100, None, None, True),
    ]
    assert (record.ratio, record.four_fifths, record.drivers) == (None, None, [])
    assert "ratio is shown" in record.message


# -- targets, guards, notes and gates ----------------------------------------------------------------------------------


def test_targets_and_guards_tell_nothing_that_is_hidden(project: Project) -> None:
    rules = VALUE.replace("first match wins", "first match wins\n  each segment at least 20 customers") + LATE
    rules += "target a size at least 1, late at most 50%\ntarget rest size at least 50%\n" + HIDE
    run = ran(project, rules, *THREE_AND_FIFTY)
    found = outcomes_of(run)
    assert [(each.segment, each.measure, each.verdict, each.value) for each in found.targets] == [
        ("a", None, "hidden", None),
        ("a", "late", "hidden", None),
        ("rest", None, "met", 500 / 553),
    ]
    said = {each.of: each.message for each in found.guards if each.kind == "size"}
    assert said["value.a"] == "the size of `a` is hidden"
    # That a has fewer than 20 is known of every group below 10; of b nothing is said.
    assert [each.message for each in run.manifest.notes if each.kind == "segment size"] == [
        "`a` of `value` has fewer rows than the 20 that each segment needs; how many is hidden"
    ]
    assert [each.count for each in run.manifest.notes if each.kind == "segment size"] == [None]


def test_a_size_that_is_asked_for_below_k_narrows_nothing_down(project: Project) -> None:
    rules = VALUE.replace("first match wins", "first match wins\n  each segment at least 4 customers") + HIDE
    run = ran(project, rules, *THREE_AND_FIFTY)
    assert [each.message for each in run.manifest.notes if each.kind == "segment size"] == []
    # The gate decides by the real number all the same.
    project.more = '[gates]\nsegment_size = "stop"\n'
    with pytest.raises(GateError) as stopped:
        project.run()
    assert "`a` of `value` has fewer rows than the 4 that each segment needs; how many is hidden" in str(stopped.value)
    assert "3" not in str(stopped.value).split("written")[1]


def test_notes_do_not_count_few(project: Project) -> None:
    table = TABLE.replace('"a", "b", "c", "d"', '"a", "b", "d" others missing')
    project.rules(table + VALUE + HIDE)
    customers(project, (4, {"band": "x"}), (50, {"band": "b"}), (500, {}))
    (note,) = [each for each in project.run().manifest.notes if each.kind == "others missing"]
    assert (note.count, note.message) == (
        None,
        "fewer than 10 values of `band` in `customers` lie outside their declaration and are read as missing",
    )


def test_the_run_before_may_hide_how_many_were_in_a_segment(project: Project) -> None:
    project.rules(TABLE + VALUE + HIDE)
    customers(project, *THREE_AND_FIFTY)
    project.run(as_of="2026-08-01")
    later = VALUE.replace("segment a when", "segment z when").replace(
        "  otherwise", "  segment again when previous value is b\n  otherwise"
    )
    project.rules(TABLE + later + HIDE)
    (note,) = [each for each in project.run().manifest.notes if each.kind == "run before"]
    assert note.count is None
    assert "a hidden number of rows was in `a` of `value`" in note.message
