"""What whoever knows sums can reckon of their parts, worked out by hand."""

from __future__ import annotations

from segwright.runtime.comparing.differences import figures_to_hide, tells_few
from segwright.runtime.comparing.narrowed import ends_of_ways, narrowed, parts_of_ways


def test_ends_are_narrowed_sum_by_sum() -> None:
    """a + b = 10, a + c = 3, so a is at most 3, b at least 7, c at most 3."""
    assert narrowed([(["a", "b"], 10), (["a", "c"], 3)]) == {"a": (0, 3), "b": (7, 10), "c": (0, 3)}
    # With b = 8 all is known.
    assert narrowed([(["a", "b"], 10), (["a", "c"], 3), (["b"], 8)]) == {"a": (2, 2), "b": (8, 8), "c": (1, 1)}


def test_hidden_ways_are_known_by_the_sizes() -> None:
    """Of 103 and 50 before and 100 and 53 after, two ways are shown: what else goes is what the sizes leave."""
    ways = {("a", "a"): 100, ("a", "b"): 3, ("b", "b"): 50}
    hidden = {("a", "b"), ("b", "a")}
    known = ends_of_ways(ways, hidden, {"a": 103, "b": 50}, {"a": 100, "b": 53})
    assert known == {("a", "a"): (100, 100), ("b", "b"): (50, 50), ("a", "b"): (3, 3), ("b", "a"): (0, 0)}
    everything = {(was, now) for was in "ab" for now in "ab"}
    assert ends_of_ways(ways, everything, {"a": 103}, {})["a", "b"] == (0, 103)


def test_parts_that_can_have_come_from_one_place_only() -> None:
    """Forty of b are late after, and nobody of it was before: all forty came from a, where they were 42, so 2 stay."""
    ways = {("a", "a"): (82, 82), ("a", "b"): (80, 80), ("b", "b"): (60, 60)}
    known = parts_of_ways(ways, {"a": (42, 120), "b": (0, 60)}, {"a": (2, 80), "b": (40, 100)})
    assert known["a", "b", 0] == (40, 40)
    assert known["a", "a", 0] == (2, 2)


def test_what_few_did() -> None:
    """Nobody left, twenty joined, and three more are late: three of the twenty are. Where fifty joined and forty left,
    who knows."""
    assert tells_few({"late": (20, 80)}, {"late": (23, 97)}, (100, 100), 10)
    assert not tells_few({"late": (20, 80)}, {"late": (23, 87)}, (60, 60), 10)
    # Nobody moved, and nothing differs; or more than nine did.
    assert not tells_few({"late": (20, 80)}, {"late": (20, 80)}, (100, 100), 10)
    assert not tells_few({"late": (20, 80)}, {"late": (40, 100)}, (100, 100), 10)


def test_a_second_figure_goes_with_the_first() -> None:
    """Of a three late ones go to b, so both figures tell; those of c and d, which exchange many, do not."""
    ways = {
        ("a", "a"): (80, 80),
        ("a", "b"): (20, 20),
        ("b", "b"): (50, 50),
        ("c", "c"): (500, 500),
        ("c", "d"): (300, 300),
        ("d", "c"): (200, 200),
        ("d", "d"): (500, 500),
    }
    before = {"a": {"late": (23, 77)}, "b": {"late": (20, 30)}, "c": {"late": (200, 600)}, "d": {"late": (200, 500)}}
    after = {"a": {"late": (20, 60)}, "b": {"late": (23, 47)}, "c": {"late": (190, 510)}, "d": {"late": (210, 590)}}
    assert figures_to_hide(ways, before, after, 10) == {"a", "b"}
    assert figures_to_hide(ways, before, after, 2) == set()
