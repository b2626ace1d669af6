"""The first sentences of a difference: what a manager reads who reads nothing else."""

import pytest
from face.differences_by_hand import (
    CUT_OFF,
    HELD,
    MOVED,
    RULES,
    cause,
    change,
    changes,
    comparison,
    difference,
    move,
    rate,
    risk,
)

from segwright.compiler.changes.records import Renames
from segwright.render.changes.summary import summary_of
from segwright.runtime.comparing.records import CauseRecord, ColumnRecord, Comparison, JudgedRecord
from segwright.runtime.outcomes.records import FairnessRecord, GuardRecord, TargetRecord, Verdict

UNHELD = RULES.partition("target")[0]
"""Rules without targets."""
NO_GUARD = "No guard is newly broken."
PRIME = {"prime": (1000, 1212), "standard": (9000, 8788)}


def said(comparison: Comparison, after: str = UNHELD) -> str:
    return summary_of(difference(changes(MOVED), comparison, after=after))


# -- nothing, or nothing but form -------------------------------------------------------------------------------------


def test_nothing_changed() -> None:
    assert summary_of(difference(changes())) == "Nothing changed: both sides have the same rules."


def test_only_the_form_changed() -> None:
    form = changes(
        change("layout", "the layout changed", what="file", name="a.seg", within=None),
        change("layout", "the layout changed", what="file", name="b.seg", within=None),
        change("comments", "comments changed", what="file", name="b.seg", within=None),
        change("title", "the title changed", name="prime"),
        change("title", "the title changed", name="near"),
        change("title", "the title changed", name="standard"),
    )
    assert summary_of(difference(form)) == (
        "The rules mean what they meant, so nobody changes segment: only the layout of 2 files, the comments of 1 file "
        "and 3 titles changed."
    )


def test_one_thing_of_form_changed() -> None:
    form = changes(change("renamed", "`affluent` is now called `wealthy`"))
    assert summary_of(difference(form)) == (
        "The rules mean what they meant, so nobody changes segment: only 1 name changed."
    )


def test_no_data_was_looked_at() -> None:
    one = changes(MOVED)
    two = changes(MOVED, change("added", "the segment `near` is new"), change("title", "a title changed"))
    assert summary_of(difference(one, not_compared="because")) == (
        "1 change of meaning; what it does to customers was not compared."
    )
    assert summary_of(difference(two, not_compared="because")) == (
        "2 changes of meaning; what they do to customers was not compared."
    )


# -- who moves --------------------------------------------------------------------------------------------------------


def test_the_meaning_changed_and_nobody_moves() -> None:
    still = risk(0, {"prime": (1000, 1000), "standard": (9000, 9000)})
    assert said(comparison(still)) == f"None of the 10,000 customers changes segment. {NO_GUARD}"


def test_most_movers_go_one_way_for_one_reason() -> None:
    moves = [move("standard", "prime", 180, cause(180)), move("prime", "standard", 32, cause(32, "else"))]
    assert said(comparison(risk(212, PRIME, moves))) == (
        "212 of 10,000 customers (2.1%) change segment; most of them, 180, go from `standard` to `prime` because "
        f"{CUT_OFF}. {NO_GUARD}"
    )


def test_all_movers_go_one_way() -> None:
    moves = [move("standard", "prime", 212, cause(212))]
    assert said(comparison(risk(212, PRIME, moves))) == (
        f"212 of 10,000 customers (2.1%) change segment, all from `standard` to `prime` because {CUT_OFF}. {NO_GUARD}"
    )


def test_one_mover() -> None:
    moves = [move("standard", "prime", 1, cause(1))]
    assert said(comparison(risk(1, {"prime": (1, 2), "standard": (9, 8)}, moves, rows=10), rows=10)) == (
        f"1 of 10 customers (10.0%) changes segment, from `standard` to `prime` because {CUT_OFF}. {NO_GUARD}"
    )


def test_everyone_moves() -> None:
    moves = [move("standard", "prime", 10_000, cause(6000), cause(4000, "something else"))]
    whole = risk(10_000, {"prime": (0, 10_000), "standard": (10_000, 0)}, moves)
    assert said(comparison(whole)) == (
        f"All 10,000 customers change segment, all from `standard` to `prime` mostly because {CUT_OFF}. {NO_GUARD}"
    )


@pytest.mark.parametrize(
    "message, told",
    [
        ("also asks that `paid > 0`", "`prime` also asks that `paid > 0`"),
        ("no longer asks that `paid > 0`", "`prime` no longer asks that `paid > 0`"),
        ("it stands before clause 3 of `near` now", "`prime` stands before clause 3 of `near` now"),
        ("cut-off of `score` moved from 720 to 700", "the cut-off of `score` moved from 720 to 700"),
        ("parameter `p` moved from 1 to 2", "parameter `p` moved from 1 to 2"),
    ],
)
def test_what_is_said_of_a_clause_names_its_segment(message: str, told: str) -> None:
    moves = [move("standard", "prime", 212, cause(212, message))]
    assert f"all from `standard` to `prime` because {told}. " in said(comparison(risk(212, PRIME, moves)))


def test_the_only_customer_moves() -> None:
    moves = [move("standard", "prime", 1, cause(1))]
    only = risk(1, {"prime": (0, 1), "standard": (1, 0)}, moves, rows=1)
    assert said(comparison(only, rows=1)) == (
        f"The one customer changes segment, from `standard` to `prime` because {CUT_OFF}. {NO_GUARD}"
    )


def test_no_move_is_most_of_them_and_no_cause_is_most_of_it() -> None:
    moves = [
        move("standard", "prime", 4, cause(2, "one"), cause(2, "another")),
        move("prime", "near", 3, cause(3)),
        move("near", "standard", 3, cause(3)),
    ]
    assert said(comparison(risk(10, PRIME, moves))) == (
        f"10 of 10,000 customers (0.1%) change segment; the largest group, 4, go from `standard` to `prime`. {NO_GUARD}"
    )


def test_moves_to_one_segment_are_told_together() -> None:
    moves = [
        move("standard", "prime", 4, cause(4, "one")),
        move("near", "prime", 4, cause(1, "one"), cause(3, "another")),
        move("prime", "near", 1, cause(1, "a third")),
    ]
    assert said(comparison(risk(9, PRIME, moves))).startswith(
        "9 of 10,000 customers (0.1%) change segment; most of them, 8, go to `prime` mostly because one. "
    )
    assert said(comparison(risk(8, PRIME, moves[:2]))).startswith(
        "8 of 10,000 customers (0.1%) change segment, all to `prime` mostly because one. "
    )


def test_moves_out_of_one_segment_are_told_together() -> None:
    moves = [move("near", to, 2, cause(2)) for to in ("prime", "standard")]
    assert said(comparison(risk(4, PRIME, moves))).startswith(
        f"4 of 10,000 customers (less than 0.1%) change segment, all from `near` to other segments because {CUT_OFF}. "
    )


def test_movers_that_each_go_their_own_way_are_not_called_a_group() -> None:
    moves = [move("near", "prime", 1), move("prime", "standard", 1)]
    assert said(comparison(risk(2, PRIME, moves))) == (
        f"2 of 10,000 customers (less than 0.1%) change segment. {NO_GUARD}"
    )


@pytest.mark.parametrize(
    "movers, rows, share",
    [
        (3, 1_000_000, "less than 0.1%"),
        (999_999, 1_000_000, "more than 99.9%"),
        (1, 2000, "0.1%"),
        (1, 2001, "less than 0.1%"),
        (9995, 10_000, "more than 99.9%"),
        (9994, 10_000, "99.9%"),
    ],
)
def test_a_share_is_never_nought_for_some_nor_all_for_most(movers: int, rows: int, share: str) -> None:
    found = said(comparison(risk(movers, PRIME, rows=rows), rows=rows))
    assert found.startswith(f"{movers:,} of {rows:,} customers ({share}) ")


def test_there_are_no_rows() -> None:
    empty = risk(0, {"prime": (0, 0), "standard": (0, 0)}, rows=0)
    assert said(comparison(empty, rows=0)) == f"Nobody changes segment, as there are no customers. {NO_GUARD}"


def test_the_number_of_movers_is_hidden() -> None:
    hidden = risk(None, {"prime": (None, None), "standard": (None, None)}, hidden=["prime", "standard"])
    assert said(comparison(hidden)) == (
        f"How many customers change segment is hidden, as the group is small. {NO_GUARD}"
    )


def test_the_number_of_movers_is_hidden_and_some_moves_are_not() -> None:
    moves = [move("near", "prime", 40, cause(40)), move("near", "standard", 20), move("prime", "near", None)]
    sizes: dict[str, tuple[int | None, int | None]] = {"prime": (None, None), "near": (None, None)}
    assert said(comparison(risk(None, sizes, moves, hidden=["prime", "near"]))) == (
        "At least 60 of 10,000 customers (0.6%) change segment (how many exactly is hidden, as some groups are small); "
        f"most of those, 40, go from `near` to `prime` because {CUT_OFF}. {NO_GUARD}"
    )
    joined = [move(None, "mail", 30, cause(30)), move(None, "call", 20), move("mail", None, None)]
    audiences = risk(None, sizes, joined, hidden=["prime", "near"], segmentation="audiences", exclusive=False)
    assert said(comparison(audiences)).startswith(
        "At least 30 of 10,000 customers (0.3%) change segments in `audiences` (how many exactly is hidden, as some "
        f"groups are small); those join `mail` because {CUT_OFF}. "
    )


def test_several_segmentations_are_named() -> None:
    audiences = risk(
        7, {"mail": (10, 17)}, [move(None, "mail", 7, cause(7))], segmentation="audiences", exclusive=False
    )
    moves = [move("standard", "prime", 212, cause(212))]
    assert said(comparison(risk(212, PRIME, moves), audiences)) == (
        f"212 of 10,000 customers (2.1%) change segment in `risk`, all from `standard` to `prime` because {CUT_OFF}. "
        f"7 of 10,000 customers (0.1%) change segments in `audiences`: all of them join `mail` because {CUT_OFF}. "
        f"{NO_GUARD}"
    )


def test_some_leave_a_segment_and_some_join_another() -> None:
    moves = [move("mail", None, 1, cause(1)), move(None, "call", 2)]
    audiences = risk(2, {"mail": (10, 9)}, moves, segmentation="audiences", exclusive=False)
    assert said(comparison(audiences)) == (
        f"2 of 10,000 customers (less than 0.1%) change segments in `audiences`: all of them join `call`. {NO_GUARD}"
    )


# -- what segments come to, and are held to ----------------------------------------------------------------------------


def test_measures_that_differ_beyond_chance_come_before_those_that_may_not() -> None:
    measures = [
        rate("prime", (0.021, 0.019, 0.0232), (0.029, 0.0222, 0.034), False),
        rate("standard", (0.08, 0.07, 0.09), (0.05, 0.04, 0.06), True),
    ]
    whole = risk(212, PRIME, [move("standard", "prime", 212, cause(212))], measures=measures)
    assert "Default rate of `standard` falls from 8.00% to 5.00%." in said(comparison(whole))
    assert "of `prime` rises" not in said(comparison(whole))


def test_without_such_a_measure_that_of_the_segment_that_most_join_is_told() -> None:
    measures = [
        rate("standard", (0.05, 0.04, 0.06), (0.051, 0.04, 0.06), False),
        rate("prime", (0.021, 0.019, 0.0232), (0.029, 0.0222, 0.034), False),
    ]
    whole = risk(212, PRIME, [move("standard", "prime", 212, cause(212))], measures=measures)
    assert ("Default rate of `prime` rises from 2.10% to 2.90% (intervals overlap: could be chance).") in said(
        comparison(whole)
    )
    assert "of `standard`" not in said(comparison(whole)).partition("Default rate")[2]


def target(verdict: Verdict) -> TargetRecord:
    return TargetRecord(
        segmentation="risk",
        segment="prime",
        measure="default_rate",
        said="default_rate at most 3%",
        limit=0.03,
        value=0.04,
        verdict=verdict,
    )


def test_nothing_is_newly_broken() -> None:
    assert said(comparison(risk(0, PRIME)), after=RULES + HELD).endswith(
        "No target is newly missed, no guard is newly broken and no fairness ratio is newly too low."
    )


def test_a_target_is_newly_missed() -> None:
    missed = JudgedRecord(of="risk.prime", newly=True, before=target("met"), after=target("missed"))
    found = said(comparison(risk(0, PRIME), targets=[missed]), after=RULES)
    assert "1 target is newly missed: `prime` default_rate at most 3%. No guard is newly broken." in found
    found = said(comparison(risk(0, PRIME), targets=[missed, missed]), after=RULES)
    assert "2 targets are newly missed. No guard is newly broken." in found


def test_a_guard_and_a_fairness_ratio_are_newly_broken() -> None:
    guard = GuardRecord(kind="size", of="risk.near", holds=False, message="`near` has 3 rows")
    fair = FairnessRecord(
        field="gender",
        direction="favourable",
        segmentation="risk",
        segments=["prime"],
        groups=[],
        limit=0.8,
        four_fifths=False,
        message="…",
    )
    found = said(
        comparison(
            risk(0, PRIME),
            guards=[JudgedRecord(of="risk.near", newly=True, before=None, after=guard)],
            fairness=[JudgedRecord(of="gender", newly=True, before=None, after=fair)],
        ),
        after=RULES + HELD,
    )
    assert found.endswith(
        "1 guard is newly broken: `risk.near`. "
        "1 fairness ratio is newly too low: favourable segments across `gender`. No target is newly missed."
    )


def test_labelled_columns_that_are_newly_read_are_told() -> None:
    def column(field: str, *, personal: bool = False, protected: bool = False) -> ColumnRecord:
        return ColumnRecord(
            table="customers", field=field, column=field, personal=personal, protected=protected, readers=["risk"]
        )

    read = [column("e_mail", personal=True), column("phone", personal=True), column("gender", protected=True)]
    assert said(comparison(risk(0, PRIME), newly_read=[*read, column("income")])).endswith(
        "`customers.gender`, which is protected, is newly read. "
        "`customers.e_mail` and `customers.phone`, which are personal, are newly read."
    )


# -- segmentations that come and go --------------------------------------------------------------------------------

WITHOUT = RULES.replace("segmentation audiences of customers\n  overlapping\n", "").replace(
    "  segment mail when score >= 650\n  segment call when score >= 750\n", ""
)


def test_a_segmentation_is_new_or_gone() -> None:
    added = changes(change("added", "the segmentation `audiences` is new", what="segmentation", name="audiences"))
    still = comparison(risk(0, PRIME), added=["audiences"])
    nobody = "None of the 10,000 customers changes segment."
    new = summary_of(difference(added, still, before=WITHOUT))
    assert new.startswith(f"{nobody} The segmentation `audiences` is new. ")
    gone = summary_of(difference(added, still, after=WITHOUT))
    assert gone.startswith(f"{nobody} The segmentation `audiences` is gone. ")
    assert summary_of(difference(added, not_compared="because", before=WITHOUT)) == (
        "1 change of meaning; what it does to customers was not compared. The segmentation `audiences` is new."
    )


def test_labelled_fields_are_told_without_data_too() -> None:
    read = change("newly read", "`gender` of `customers` is now read", what="field", name="gender", within="customers")
    other = change("newly read", "`paid` of `customers` is now read", what="field", name="paid", within="customers")
    assert summary_of(difference(changes(read, other), not_compared="because")) == (
        "2 changes of meaning; what they do to customers was not compared. `customers.gender`, which is protected, is "
        "newly read."
    )


def test_a_renamed_segmentation_is_neither() -> None:
    renames = Renames(segmentations={"audiences": "campaigns"})
    other = RULES.replace("audiences", "campaigns")
    found = summary_of(difference(changes(MOVED, renames=renames), comparison(risk(0, PRIME)), after=other))
    assert "new" not in found.replace("newly", "")
    assert "gone" not in found


def test_a_cause_may_be_on_the_side_that_lets_go() -> None:
    left = CauseRecord(side="before", segment="standard", clause=None, message="`near` is gone", count=212)
    assert "to `prime` because `near` is gone." in said(
        comparison(risk(212, PRIME, [move("standard", "prime", 212, left)]))
    )


def test_what_cannot_be_compared_comes_first() -> None:
    """And what it is held to is not said to be newly missed."""
    target = TargetRecord(
        segmentation="risk",
        segment="prime",
        measure=None,
        said="size at least 5%",
        limit=0.05,
        value=0.01,
        verdict="missed",
    )
    found = comparison(
        apart={"risk": "by the rules before, there is no column `score`"},
        targets=[JudgedRecord(of="risk.prime", newly=True, apart=True, before=None, after=target)],
    )
    assert said(found, RULES) == (
        "Who changes segment in `risk` cannot be told, as the two versions cannot be compared. "
        "1 thing that segments are held to is not kept now, and whether before cannot be told. "
        "No guard is newly broken."
    )
