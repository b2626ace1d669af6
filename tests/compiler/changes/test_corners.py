"""Corners: other kinds of segmentation, `otherwise` that moves, programs without files, nothing at all."""

from __future__ import annotations

import json

import pytest

from segwright.compiler.changes import ClausePair, changes_between, in_new_words
from segwright.compiler.ruleset import dump, load
from segwright.dsl.program import Program

from .rules import TEXT, edited_text, program_of

HEAD = "table c key k\n  k integer\n  age integer\nsegmentation s of c\n"
FIRST = HEAD + "  first match wins\n  segment a when age > 3\n  otherwise b\n"
NOTHING = Program((), (), (), (), (), ())
CASES = {
    "overlapping": (
        HEAD + "  overlapping\n  segment a when age > 3\n",
        ["`s` is now `overlapping`, not `first match wins`", "segment `b` of `s` is gone"],
        (ClausePair(1, 1, "a", True), ClausePair(2, None, "b", False)),
    ),
    "segments that change places": (
        HEAD + "  first match wins\n  segment b when age > 3\n  otherwise a\n",
        [
            "`b` is now a segment with conditions, not `otherwise`",
            "`when age > 3` now leads to `b`, not to `a`",
            "`a` is now `otherwise`, for everybody left",
        ],
        (ClausePair(1, 1, "b", True), ClausePair(2, 2, "a", True)),
    ),
    "a new `otherwise`": (
        HEAD + "  first match wins\n  segment a when age > 3\n  segment b when age > 1\n  otherwise z\n",
        [
            "`b` is now a segment with conditions, not `otherwise`",
            "`b` has one more way in: `when age > 1`",
            "segment `z` of `s` is new",
        ],
        (ClausePair(1, 1, "a", True), ClausePair(None, 2, "b", False), ClausePair(2, 3, "z", True)),
    ),
}


@pytest.mark.parametrize("text, told, pairs", CASES.values(), ids=CASES)
def test_another_kind_of_segmentation(text: str, told: list[str], pairs: tuple[ClausePair, ...]) -> None:
    changes = changes_between(program_of(FIRST), program_of(text))
    assert [each.message for each in changes.changes] == told
    assert changes.clauses == {"s": pairs}
    assert not changes.same_meaning


def test_rule_sets_without_files_have_no_places() -> None:
    before, after = (
        load(json.loads(json.dumps(dump(program_of(text), [], "rules")))).program
        for text in (TEXT, edited_text(("prime = 720", "prime = 700")))
    )
    (change,) = changes_between(before, after).changes
    assert (change.kind, change.message) == ("cut-off", "parameter `prime` moved from 720 to 700")
    assert (change.then, change.now) == (None, None)
    assert changes_between(before, program_of(TEXT)).changes == ()


def test_nothing_and_everything() -> None:
    program = program_of(TEXT)
    assert changes_between(NOTHING, NOTHING).changes == ()
    assert {each.kind for each in changes_between(NOTHING, program).changes} == {"added", "watch", "newly read"}
    gone = changes_between(program, NOTHING)
    assert {each.kind for each in gone.changes} == {"removed", "watch", "no longer read"}
    assert gone.clauses == {}
    assert in_new_words(program, gone.renames) is program


def test_places_are_those_of_the_words_that_differ() -> None:
    now = edited_text(("score >= 700", "score >= 710"))
    (change,) = changes_between(program_of(TEXT), program_of(now)).changes
    assert change.then is not None
    assert change.now is not None
    assert TEXT[change.then.start : change.then.end] == change.before == "700"
    assert now[change.now.start : change.now.end] == change.after == "710"
