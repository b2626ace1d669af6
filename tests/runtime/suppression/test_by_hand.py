"""Small tables whose hidden cells can be reckoned with pencil and paper."""

from itertools import product

import pytest

from segwright.runtime.suppression import (
    EVERYBODY,
    Cell,
    Cross,
    Dimension,
    Split,
    cell,
    figure_is_hidden,
    hidden_cells,
    intact,
    leeway,
    yes_or_no,
)


def status(**groups: int) -> Dimension:
    return Dimension("status", tuple(groups.items()))


def quarter(**groups: int) -> Dimension:
    return Dimension("quarter", tuple(groups.items()))


def segments(*names: str) -> set[Cell]:
    return {cell(("status", name)) for name in names}


def crossed(rows: Dimension, columns: Dimension, *lines: list[int]) -> Cross:
    pairs = {
        (row, column): count
        for (row, _), line in zip(rows.groups, lines, strict=True)
        for (column, _), count in zip(columns.groups, line, strict=True)
    }
    return Cross(rows.name, columns.name, pairs)


def shown(hidden: frozenset[Cell], rows: Dimension, columns: Dimension) -> list[str]:
    """A line for each row: `#` is hidden, `.` is shown."""
    return ["".join("#" if row | column in hidden else "." for column in columns.cells) for row in rows.cells]


def test_nothing_is_hidden_where_no_group_is_small():
    assert hidden_cells(510, 10, [status(prime=500, rest=10, none=0)]) == frozenset()


def test_of_two_segments_both_are_hidden_since_everybody_is_known():
    assert hidden_cells(503, 10, [status(prime=3, rest=500)]) == segments("prime", "rest")


def test_of_three_segments_the_smallest_goes_with_the_small_one_and_a_nought_is_shown():
    hidden = hidden_cells(553, 10, [status(prime=3, good=50, rest=500, none=0)])
    assert hidden == segments("prime", "good")


def test_the_order_of_declaration_settles_ties():
    assert hidden_cells(103, 10, [status(a=3, b=50, c=50)]) == segments("a", "b")
    # 50 and 40 are both between 32 and 63: alike, so that the choice does not tell which is the larger.
    assert hidden_cells(93, 10, [status(a=3, b=50, c=40)]) == segments("a", "b")
    assert hidden_cells(73, 10, [status(a=3, b=50, c=20)]) == segments("a", "c")


def test_small_groups_protect_each_other_when_they_are_k_together():
    # 5 + 6 = 11: each may be 2 to 9.
    assert hidden_cells(511, 10, [status(a=5, b=6, c=500)]) == segments("a", "b")


def test_small_groups_that_are_fewer_than_k_together_take_a_third():
    # 2 + 3 = 5 people would be known to be in the two.
    assert hidden_cells(545, 10, [status(a=2, b=3, c=40, d=500)]) == segments("a", "b", "c")


def test_a_sum_that_can_be_made_in_one_way_only_is_no_protection():
    # Below ten, twice, and eighteen together: nine and nine.
    assert hidden_cells(558, 10, [status(a=9, b=9, c=40, d=500)]) == segments("a", "b", "c")
    # One below ten and one that is not, eleven together: one and ten. 16 has more digits than 10 in the binary system.
    assert hidden_cells(527, 10, [status(a=1, b=10, c=16, d=500)]) == segments("a", "b", "c")


def test_where_two_segments_cannot_protect_each_other_everything_of_the_segmentation_is_hidden_noughts_too():
    assert hidden_cells(18, 10, [status(a=9, b=9, c=0)]) == segments("a", "b", "c")
    assert hidden_cells(12, 10, [Dimension("status", tuple((str(n), 1) for n in range(12)))]) == segments(
        *(str(n) for n in range(12))
    )


def test_of_fewer_than_k_people_nothing_is_shown():
    assert hidden_cells(9, 10, [status(a=9, b=0)]) == segments("a", "b") | {EVERYBODY}
    assert hidden_cells(0, 10, [status(a=0, b=0)]) == frozenset()


@pytest.mark.parametrize("yes, hidden", [(3, True), (997, True), (10, False), (990, False), (0, False), (1000, False)])
def test_an_overlapping_segment_is_hidden_when_few_are_in_it_or_few_are_not(yes: int, hidden: bool):
    win_back = yes_or_no("win_back", yes, 1000)
    assert hidden_cells(1000, 10, [win_back]) == (frozenset(win_back.cells) if hidden else frozenset())


def test_an_overlap_of_few_is_hidden_with_what_it_can_be_reckoned_from():
    win_back, welcome = yes_or_no("win_back", 300, 1000), yes_or_no("welcome", 200, 1000)
    overlap = crossed(win_back, welcome, [4, 296], [196, 504])
    assert shown(hidden_cells(1000, 10, [win_back, welcome], [overlap]), win_back, welcome) == ["##", "##"]


def test_a_small_clause_is_hidden_with_another_of_its_segment_and_the_segments_are_shown():
    prime = Dimension("clause of prime", (("1", 4), ("2", 60), ("3", 36)), within=("status", "prime"))
    rest = Dimension("clause of rest", (("4", 400),), within=("status", "rest"))
    hidden = hidden_cells(500, 10, [prime, rest, status(prime=100, rest=400)])
    assert hidden == {cell(("clause of prime", "1")), cell(("clause of prime", "2"))}


def test_the_clauses_of_a_hidden_segment_are_hidden():
    prime = Dimension("clause of prime", (("1", 0), ("2", 6)), within=("status", "prime"))
    good = Dimension("clause of good", (("3", 20), ("4", 30)), within=("status", "good"))
    rest = Dimension("clause of rest", (("5", 400),), within=("status", "rest"))
    hidden = hidden_cells(456, 10, [status(prime=6, good=50, rest=400), prime, good, rest])
    assert hidden == {*segments("prime", "good"), *prime.cells, *good.cells}


def test_a_small_pair_is_hidden_with_the_corners_of_a_rectangle():
    rows, columns = status(prime=123, rest=120), quarter(q1=63, q2=80, q3=100)
    cross = crossed(rows, columns, [3, 40, 80], [60, 40, 20])
    # 60 has to be among them. In binary digits 40 and 40 cost as much (6 + 6) as 80 and 20 (7 + 5); q2 comes first.
    assert shown(hidden_cells(243, 10, [rows, columns], [cross]), rows, columns) == ["##.", "##."]


def test_a_hidden_segment_is_hidden_in_every_cross_and_what_is_hidden_together_is_protected_as_one():
    rows, columns = status(a=3, b=30, c=67, d=100), quarter(q1=100, q2=100)
    # a and b are hidden. Together they have 13 and 20 people in the quarters: no small pair, so c and d are shown.
    cross = crossed(rows, columns, [3, 0], [10, 20], [37, 30], [50, 50])
    assert shown(hidden_cells(200, 10, [rows, columns], [cross]), rows, columns) == ["##", "##", "..", ".."]
    # Now a and b have 6 in q1 together, and c is hidden as well; d is not, since its powers of two are as great.
    cross = crossed(rows, columns, [3, 0], [3, 27], [44, 23], [50, 50])
    assert shown(hidden_cells(200, 10, [rows, columns], [cross]), rows, columns) == ["##", "##", "##", ".."]


def test_nobody_in_all_hidden_segments_together_is_shown_as_nobody():
    rows, columns = status(a=3, b=30, c=67), quarter(q1=50, q2=30, q3=20)
    cross = crossed(rows, columns, [3, 0, 0], [10, 20, 0], [37, 10, 20])
    assert shown(hidden_cells(100, 10, [rows, columns], [cross]), rows, columns) == ["##.", "##.", "..."]


def test_small_pairs_that_are_fewer_than_k_together_take_more_of_their_row_and_column():
    # With k = 6 the four small pairs are a round with room for two people, but 4 would be known to be in two of a row.
    rows, columns = status(a=24, b=34, c=150, d=270), quarter(q1=144, q2=164, q3=170)
    cross = crossed(rows, columns, [1, 3, 20], [3, 1, 30], [60, 70, 20], [80, 90, 100])
    # a takes its 20, and 30 of b makes the round; q1 takes 60 (fewer binary digits than 80), and 20 of c makes the
    # round; q2 takes 70, declared before 90. What is hidden of b, c and q3 is more than 6 people by now.
    assert shown(hidden_cells(478, 6, [rows, columns], [cross]), rows, columns) == ["###", "###", "###", "..."]


def test_where_no_round_has_room_the_table_is_hidden():
    # Nine cannot be more where it is known to be below ten, and one more here is one more there.
    rows, columns = status(a=18, b=18), quarter(q1=18, q2=18)
    cross = crossed(rows, columns, [9, 9], [9, 9])
    assert shown(hidden_cells(36, 10, [rows, columns], [cross]), rows, columns) == ["##", "##"]


def test_noughts_are_shown_where_something_else_helps():
    rows, columns = status(a=43, b=120), quarter(q1=63, q2=80, q3=20)
    cross = crossed(rows, columns, [3, 40, 0], [60, 40, 20])
    assert shown(hidden_cells(163, 10, [rows, columns], [cross]), rows, columns) == ["##.", "##."]


def test_noughts_are_hidden_where_nothing_else_helps():
    # Every other cell is what its row and its column leave it, as long as the nought is seen.
    rows, columns = status(a=23, b=12), quarter(q1=15, q2=20)
    cross = crossed(rows, columns, [3, 20], [12, 0])
    assert shown(hidden_cells(35, 10, [rows, columns], [cross]), rows, columns) == ["##", "##"]


def test_a_share_is_hidden_when_its_numerator_or_what_remains_is_small():
    rows = status(prime=100, good=200, rest=300)
    defaulted = Dimension("defaulted", (("yes", 62), ("no", 528), ("unknown", 10)))
    cross = crossed(rows, defaulted, [2, 98, 0], [20, 180, 0], [40, 250, 10])
    hidden = hidden_cells(600, 10, [rows, defaulted], [cross])
    assert [figure_is_hidden(hidden, one, defaulted) for one in rows.cells] == [True, True, False]
    assert not figure_is_hidden(hidden, EVERYBODY, defaulted)


def test_a_measure_by_vintage_is_protected_within_its_segment():
    rows, columns = status(prime=100, rest=300), quarter(q1=200, q2=200)
    defaulted = Dimension("defaulted", (("yes", 60), ("no", 340)))
    crosses = [
        crossed(rows, columns, [50, 50], [150, 150]),
        crossed(rows, defaulted, [20, 80], [40, 260]),
    ]
    by_quarter = Split(
        ("status", "prime"),
        "quarter",
        "defaulted",
        {("q1", "yes"): 5, ("q1", "no"): 45, ("q2", "yes"): 15, ("q2", "no"): 35},
    )
    hidden = hidden_cells(400, 10, [rows, columns, defaulted], crosses, [by_quarter])
    prime = cell(("status", "prime"))
    assert hidden == {prime | one | other for one in columns.cells for other in defaulted.cells}


def test_splits_that_share_sums_which_no_table_shows_are_hidden_altogether():
    rows, columns = status(prime=100, rest=300), quarter(q1=200, q2=200)
    defaulted = Dimension("defaulted", (("yes", 60), ("no", 340)))
    crosses = [
        crossed(rows, columns, [50, 50], [150, 150]),
        crossed(rows, defaulted, [20, 80], [40, 260]),
        crossed(columns, defaulted, [25, 175], [35, 165]),
    ]
    prime = {("q1", "yes"): 5, ("q1", "no"): 45, ("q2", "yes"): 15, ("q2", "no"): 35}
    rest = {("q1", "yes"): 20, ("q1", "no"): 130, ("q2", "yes"): 20, ("q2", "no"): 130}
    splits = [
        Split(("status", "prime"), "quarter", "defaulted", prime),
        Split(("status", "rest"), "quarter", "defaulted", rest),
    ]
    alone = hidden_cells(400, 10, [rows, columns, defaulted], crosses[:2], splits)
    assert not any(("status", "rest") in one for one in alone)
    beside_the_cross = hidden_cells(400, 10, [rows, columns, defaulted], crosses, splits)
    assert beside_the_cross == {
        one | two | three for one in rows.cells for two in columns.cells for three in defaulted.cells
    }


def test_splits_of_two_segmentations_by_and_into_the_same_are_linked():
    columns, defaulted = quarter(q1=200, q2=200), Dimension("defaulted", (("yes", 60), ("no", 340)))
    rows = [Dimension(name, (("a", 100), ("b", 300))) for name in ("status", "offer")]
    crosses = [
        cross
        for one in rows
        for cross in (
            crossed(one, columns, [50, 50], [150, 150]),
            crossed(one, defaulted, [20, 80], [40, 260]),
        )
    ]

    def halves(of: tuple[str, str], *counts: int) -> Split:
        return Split(of, "quarter", "defaulted", dict(zip(product(["q1", "q2"], ["yes", "no"]), counts, strict=True)))

    plain = [halves(("offer", "a"), 10, 40, 10, 40), halves(("offer", "b"), 15, 135, 25, 125)]
    small = [halves(("status", "a"), 5, 45, 15, 35), halves(("status", "b"), 20, 130, 20, 130)]
    every = [*rows, columns, defaulted]
    # Those of `offer` tell how many defaulted of each quarter, and so what those of `status` add up to.
    assert hidden_cells(400, 10, every, crosses, plain) == frozenset()
    hidden = hidden_cells(400, 10, every, crosses, [*small, *plain])
    assert len(hidden) == 4 * 4
    assert {one for one in hidden if len(one) < 3} == set()
    # One segment of `offer` alone tells nothing of the kind.
    hidden = hidden_cells(400, 10, every, crosses, [*small, plain[0]])
    assert hidden == {
        cell(("status", "a"), ("quarter", q), ("defaulted", d)) for q, d in product(["q1", "q2"], ["yes", "no"])
    }


def test_what_tells_the_same_as_a_hidden_cell_is_hidden_on_demand():
    hidden = hidden_cells(600, 10, [status(a=100, b=200, c=300)], also=segments("b"))
    assert hidden == segments("a", "b")


def test_a_table_with_sums_of_its_own_is_shown_whole_or_not_at_all():
    overlapping = [yes_or_no("win_back", 3, 1000), yes_or_no("welcome", 200, 1000), yes_or_no("upsell", 300, 1000)]
    hidden = hidden_cells(1000, 10, overlapping)
    assert intact(hidden, "welcome", "upsell")
    assert not intact(hidden, "welcome", "win_back")


@pytest.mark.parametrize("k, people", [(2, 1), (3, 1), (4, 1), (5, 2), (10, 4), (11, 5), (20, 9)])
def test_half_of_what_the_limit_leaves_open_stays_open(k: int, people: int):
    assert leeway(k) == people


def test_neither_the_order_of_tables_nor_that_of_pairs_matters():
    rows, columns = status(prime=123, rest=120), quarter(q1=63, q2=80, q3=100)
    sex = Dimension("sex", (("F", 120), ("M", 118), ("unknown", 5)))
    cross = crossed(rows, columns, [3, 40, 80], [60, 40, 20])
    other = crossed(rows, sex, [60, 60, 3], [60, 58, 2])
    turned = Cross("status", "quarter", dict(reversed(list(cross.counts.items()))))
    assert hidden_cells(243, 10, [rows, columns, sex], [cross, other]) == hidden_cells(
        243, 10, [sex, columns, rows], [other, turned]
    )


def test_tables_that_do_not_add_up_are_refused():
    with pytest.raises(ValueError, match="everybody: 500 people, but 501 in status"):
        hidden_cells(500, 10, [status(a=1, b=500)])
    rows, columns = status(a=100, b=200), quarter(q1=150, q2=150)
    with pytest.raises(ValueError, match="quarter `q1`: 150 people, but 151 in its column"):
        hidden_cells(300, 10, [rows, columns], [crossed(rows, columns, [51, 49], [100, 100])])


def test_what_a_table_lacks_is_named():
    rows, columns = status(a=100, b=200), quarter(q1=150, q2=150)
    clauses = Dimension("clause", (("1", 60), ("2", 40)), within=("status", "a"))
    with pytest.raises(ValueError, match="quarter `q1` × status `a`: not counted, but its column is"):
        hidden_cells(300, 10, [rows, columns, clauses], [crossed(clauses, columns, [30, 30], [20, 20])])
    with pytest.raises(ValueError, match="sex: not counted"):
        hidden_cells(300, 10, [rows], [Cross("status", "sex", {})])
    with pytest.raises(ValueError, match="clause: divides a group only"):
        hidden_cells(300, 10, [rows, clauses], [Cross("status", "clause", {})])
    with pytest.raises(ValueError, match="no such groups"):
        hidden_cells(300, 10, [rows, columns], [Cross("status", "quarter", {("c", "q1"): 3})])
    with pytest.raises(ValueError, match="groups below 1"):
        hidden_cells(300, 1, [rows])
    with pytest.raises(ValueError, match="-1 people"):
        hidden_cells(3, 10, [status(a=4, b=-1)])
    with pytest.raises(ValueError, match="counted twice"):
        hidden_cells(300, 10, [rows, rows])
