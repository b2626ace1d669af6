"""Points lost and the reasons for it, worked out by hand."""

import datetime as dt
from typing import Any

import pytest

from segwright.compiler.reasons import Points, points_of, ranked_reasons, reasons_of, score_total
from segwright.dsl.program import (
    Bin,
    Call,
    Characteristic,
    Clause,
    Const,
    Expr,
    Field,
    FieldRef,
    Let,
    Mapping,
    Program,
    Reason,
    Score,
    Segment,
    Segmentation,
    Table,
)
from segwright.dsl.types import BOOLEAN, INTEGER
from segwright.runtime.reference.interpreter import World
from segwright.runtime.reference.reasons import reasons
from segwright.runtime.reference.rows import rows_of

TEXTS = {code: Reason(code, f"text of {code}") for code in ("R1", "R2", "R3", "R4", "R5", "R6")}


def a_field(name: str) -> FieldRef:
    return FieldRef("customers", name, INTEGER)


def is_(name: str, value: int) -> Expr:
    return Call("equal.integer", (a_field(name), Const(value, INTEGER)), BOOLEAN)


def by(name: str, *bins: tuple[int, str | None]) -> Characteristic:
    """A characteristic whose n-th bin, counted from 1, is for the value n."""
    told = (Bin(is_(name, at), points, TEXTS.get(code or "")) for at, (points, code) in enumerate(bins, start=1))
    return Characteristic(a_field(name), tuple(told))


def when(name: str, points: int, code: str | None) -> Characteristic:
    """`when name = 1 then points`."""
    return Characteristic(None, (Bin(is_(name, 1), points, TEXTS.get(code or "")),))


def score(*characteristics: Characteristic) -> Score:
    return Score(500, characteristics, INTEGER)


def codes(found: tuple[Reason, ...]) -> list[str]:
    assert all(TEXTS[reason.code] == reason for reason in found)
    return [reason.code for reason in found]


# -- points ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number, expected",
    [
        (1, Points(40, 0, None)),  # the best: its reason is not given
        (2, Points(15, 25, TEXTS["R2"])),
        (3, Points(-20, 60, None)),  # a bin without a reason
        (0, None),
        (None, None),
    ],
)
def test_a_bin_is_measured_against_the_best_bin(number: int | None, expected: Points | None) -> None:
    assert points_of(by("a", (40, "R1"), (15, "R2"), (-20, None)), number) == expected


def test_best_of_only_bad_bins() -> None:
    """The best attainable is that of the bins, although all of them take points away."""
    assert points_of(by("a", (-5, "R1"), (-20, "R2")), 1) == Points(-5, 0, None)
    assert points_of(by("a", (-5, "R1"), (-20, "R2")), 2) == Points(-20, 15, TEXTS["R2"])


def test_a_when_need_not_be_true() -> None:
    """The best attainable of `then -60` is 0, of `then 30` it is 30."""
    assert points_of(when("a", -60, "R1"), 1) == Points(-60, 60, TEXTS["R1"])
    assert points_of(when("a", -60, "R1"), 0) == Points(0, 0, None)
    assert points_of(when("a", 30, "R1"), 1) == Points(30, 0, None)
    # 30 points lost, but the reason stands at the line that was not hit.
    assert points_of(when("a", 30, "R1"), 0) == Points(0, 30, None)
    assert points_of(when("a", 30, "R1"), None) is None


def test_the_total() -> None:
    card = score(by("a", (40, None), (-15, None)), when("b", -60, None))
    assert score_total(card, [2, 1]) == 500 - 15 - 60
    assert score_total(card, [1, 0]) == 540
    assert score_total(card, [0, 0]) is None
    assert score_total(card, [1, None]) is None


# -- reasons -----------------------------------------------------------------------------------------------------


def test_most_points_lost_first() -> None:
    card = score(by("a", (40, None), (15, "R1")), by("b", (10, None), (-50, "R2")), when("c", -30, "R3"))
    assert codes(ranked_reasons(card, [2, 2, 1])) == ["R2", "R3", "R1"]  # lost 25, 60, 30
    assert codes(ranked_reasons(card, [1, 2, 0])) == ["R2"]
    assert codes(ranked_reasons(card, [1, 1, 0])) == []


def test_ties_in_file_order() -> None:
    card = score(by("a", (0, None), (-10, "R3")), when("b", -20, "R2"), by("c", (5, None), (-5, "R1")))
    assert codes(ranked_reasons(card, [2, 1, 2])) == ["R2", "R3", "R1"]


def test_at_most_four() -> None:
    card = score(*(when(name, -points, f"R{points}") for points, name in enumerate("abcdef", start=1)))
    assert codes(ranked_reasons(card, [1] * 6)) == ["R6", "R5", "R4", "R3"]


def test_a_code_is_given_once_at_its_highest_loss() -> None:
    card = score(when("a", -10, "R1"), when("b", -20, "R2"), when("c", -30, "R1"), when("d", -15, "R3"))
    assert codes(ranked_reasons(card, [1, 1, 1, 1])) == ["R1", "R2", "R3"]
    # Without its higher loss it comes last.
    assert codes(ranked_reasons(card, [1, 1, 0, 1])) == ["R2", "R3", "R1"]


def test_one_code_does_not_use_up_the_four() -> None:
    card = score(
        when("a", -50, "R1"), when("b", -40, "R1"), when("c", -30, "R2"), when("d", -20, "R3"), when("e", -10, "R4")
    )
    assert codes(ranked_reasons(card, [1] * 5)) == ["R1", "R2", "R3", "R4"]


def test_what_must_not_be_told_takes_no_place() -> None:
    card = score(*(when(name, -points, f"R{points}") for points, name in enumerate("abcdef", start=1)))
    assert codes(ranked_reasons(card, [1, 1, 1, 1, 1, None])) == ["R5", "R4", "R3", "R2"]


def a_segment(*static: str, from_: tuple[str, ...]) -> Segment:
    own = tuple(TEXTS[code] for code in static)
    clause = Clause(1, is_("a", 1), ())
    return Segment("low", None, (clause,), (), own, from_, None, None)


def test_reasons_of_the_segment_come_first() -> None:
    card = score(when("a", -10, "R1"), when("b", -20, "R2"))
    segment = a_segment("R6", "R1", from_=("card",))
    assert codes(reasons_of(segment, {"card": (card, [1, 1])})) == ["R6", "R1", "R2"]
    assert codes(reasons_of(segment, {"card": (card, [0, 0])})) == ["R6", "R1"]


def test_several_scorecards_one_after_another() -> None:
    one, two = score(when("a", -10, "R1"), when("b", -5, "R2")), score(when("c", -90, "R3"), when("d", -1, "R1"))
    segment = a_segment(from_=("two", "one"))
    assert codes(reasons_of(segment, {"one": (one, [1, 1]), "two": (two, [1, 1])})) == ["R3", "R1", "R2"]


# -- the reference interpreter -----------------------------------------------------------------------------------


def in_program(*cards: Score) -> Program:
    fields = [Field(name, None, INTEGER, name, False, None, Mapping()) for name in ("id", *"abcdef")]
    table = Table("customers", None, "root", None, None, "id", None, None, None, tuple(fields))
    lets = tuple(Let(name, None, "customers", card) for name, card in zip(("card", "other"), cards, strict=False))
    segment = a_segment("R6", from_=tuple(let.name for let in lets))
    rest = Segment("rest", None, (), (), (), (), None, None)
    segmentation = Segmentation(
        "risk", None, "customers", True, (), None, None, None, None, None, (segment,), rest
    )  # fmt: skip
    return Program((), (table,), (), (), lets, (segmentation,))


@pytest.mark.parametrize(
    "row, expected",
    [
        ({"a": 1, "b": 1, "c": 0, "d": 0, "e": 0}, ["R6"]),
        ({"a": 2, "b": 1, "c": 1, "d": 0, "e": 0}, ["R6", "R2", "R1"]),  # lost 25 and 60
        ({"a": 2, "b": 2, "c": 1, "d": 1, "e": 1}, ["R6", "R2", "R3", "R1", "R4"]),
        ({"a": 3, "b": 2, "c": 1, "d": 1, "e": 1}, ["R6", "R2", "R5", "R3", "R4"]),
    ],
)
def test_the_reference_says_the_same(row: dict[str, Any], expected: list[str]) -> None:
    card = score(
        by("a", (40, None), (15, "R1"), (-10, "R5")),  # lost 0, 25, 50
        by("b", (10, None), (-20, "R3")),  # lost 0, 30
        when("c", -60, "R2"),
        when("d", -25, "R4"),
        when("e", 99, "R6"),
    )
    program = in_program(card)
    (held,) = rows_of(program, {"customers": [{"id": 7, "f": 0, **row}]}, dt.date(2026, 9, 1))["customers"]
    world = World(program, dt.date(2026, 9, 1), {}, {"customers": [held]}, {})
    segment = program.segmentations[0].segments[0]
    assert reasons(world, segment, held) == expected
    numbers = [world.bin_that_holds(each, held) or 0 for each in card.characteristics]
    assert codes(reasons_of(segment, {"card": (card, numbers)})) == expected
