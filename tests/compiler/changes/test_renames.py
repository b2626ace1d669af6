"""Names: what is taken for a rename, and what is not."""

from __future__ import annotations

import re

import pytest

from segwright.compiler.changes import Changes, Renames, changes_between, in_new_words, renames_between
from segwright.compiler.ruleset import logic_hash
from segwright.dsl import program as p
from segwright.dsl.walk import all_expressions

from .rules import RULES, TEXT, edited_text, program_of


def with_names(text: str, **names: str) -> str:
    """The text with words replaced by others, wherever they stand."""
    for old, new in names.items():
        text, count = re.subn(rf'(?<!")\b{old}\b(?!")', new, text)
        assert count, old
    return text


def between(before: str, after: str) -> Changes:
    return changes_between(program_of(before), program_of(after))


def told(changes: Changes) -> list[tuple[str, str]]:
    return [(each.kind, each.message) for each in changes.changes]


NAMES = {
    "a let": (
        "late",
        "arrears",
        "let `late` is now called `arrears`",
        Renames(lets={("customers", "late"): "arrears"}),
    ),
    "a decision": (
        "grade",
        "age_group",
        "decision `grade` is now called `age_group`",
        Renames(lets={("customers", "grade"): "age_group"}),
    ),
    "a scorecard": (
        "points",
        "behaviour",
        "scorecard `points` is now called `behaviour`",
        Renames(lets={("customers", "points"): "behaviour"}),
    ),
    "a parameter": (
        "prime",
        "lowest",
        "parameter `prime` is now called `lowest`",
        Renames(parameters={"prime": "lowest"}),
    ),
    "a parameter of a window": (
        "recent",
        "lookback",
        "parameter `recent` is now called `lookback`",
        Renames(parameters={"recent": "lookback"}),
    ),
    "a segment": (
        "young",
        "starters",
        "segment `young` of `value` is now called `starters`",
        Renames(segments={("value", "young"): "starters"}),
    ),
    "a segmentation": (
        "value",
        "worth",
        "segmentation `value` is now called `worth`",
        Renames(segmentations={"value": "worth"}),
    ),
    "a table": (
        "payments",
        "instalments",
        "table `payments` is now called `instalments`",
        Renames(tables={"payments": "instalments"}),
    ),
    "a purpose": (
        "marketing",
        "campaigns",
        "purpose `marketing` is now called `campaigns`",
        Renames(purposes={"marketing": "campaigns"}),
    ),
    "a measure": (
        "share_late",
        "arrears",
        "measure `share_late` is now called `arrears`",
        Renames(measures={"share_late": "arrears"}),
    ),
    "an experiment": (
        "coaching",
        "calls",
        "experiment `coaching` is now called `calls`",
        Renames(experiments={"coaching": "calls"}),
    ),
}


@pytest.mark.parametrize("old, new, message, renames", NAMES.values(), ids=NAMES)
def test_another_name_is_told_as_such(old: str, new: str, message: str, renames: Renames) -> None:
    before, after = program_of(TEXT), program_of(with_names(TEXT, **{old: new}))
    changes = changes_between(before, after)
    assert told(changes) == [("renamed", message)]
    assert changes.renames == renames == renames_between(before, after)
    assert changes.same_meaning
    assert logic_hash(in_new_words(before, renames)) == logic_hash(after)
    assert all(pair.same for pairs in changes.clauses.values() for pair in pairs)


def test_a_field_that_keeps_its_column_is_renamed() -> None:
    after = with_names(TEXT, used="use").replace("use         percent", 'use percent as "used"')
    changes = between(TEXT, after)
    assert told(changes) == [("renamed", "field `used` of `customers` is now called `use`")]
    assert changes.renames == Renames(fields={("customers", "used"): "use"})
    assert changes.same_meaning


def test_a_field_with_another_column_too_is_renamed_and_changed() -> None:
    changes = between(TEXT, with_names(TEXT, used="use"))
    assert told(changes) == [
        ("definition", '`use` of `customers` is now read from the column "use", not "used"'),
        ("renamed", "field `used` of `customers` is now called `use`"),
    ]
    best = changes.clauses["value"][1]
    assert not best.same
    assert best.why == ('`use` of `customers` changed: is now read from the column "use", not "used"',)


def test_a_segment_that_is_asked_of_the_run_before_keeps_its_old_name_there() -> None:
    changes = between(TEXT, with_names(TEXT, best="top_customers"))
    assert told(changes) == [
        (
            "renamed",
            (
                "segment `best` of `value` is now called `top_customers`; runs before have it under its old name, "
                "which `previous value` does not find"
            ),
        )
    ]


def test_everything_by_another_name() -> None:
    names = {"late": "l", "prime": "p", "young": "y", "value": "v", "payments": "m", "risk": "r", "amount": "a"}
    after = with_names(TEXT, **names).replace("  a       money", '  a       money as "amount"')
    changes = between(TEXT, after)
    assert {kind for kind, _ in told(changes)} == {"renamed"}
    assert len(changes.changes) == len(names)


def test_a_rename_and_a_change_in_one_go() -> None:
    """`thin` reads what was renamed, and its own cut-off moved; the let that was renamed changed its window."""
    after = (
        with_names(TEXT, late="arrears").replace("in last 90 days", "in last 60 days").replace("< 12 and", "< 24 and")
    )
    assert told(between(TEXT, after)) == [
        (
            "cut-off",
            "`arrears`: window of `count of payments` moved from `in last 90 days` to `in last 60 days`",
        ),
        ("cut-off", "`thin`: cut-off of `tenure` moved from 12 to 24"),
        ("renamed", "let `late` is now called `arrears`"),
    ]


def test_a_segment_that_is_nearly_the_same() -> None:
    """Four of five conditions are the same (the clauses of the one segment that is left on both sides)."""
    after = with_names(TEXT, best="top_customers").replace("and used < 30%\n", "and used < 40%\n")
    changes = between(TEXT, after)
    assert [kind for kind, _ in told(changes)] == ["cut-off", "renamed"]
    assert changes.renames == Renames(segments={("value", "best"): "top_customers"})


def test_otherwise_is_otherwise_under_another_name() -> None:
    changes = between(TEXT, with_names(TEXT, rest="others"))
    assert told(changes) == [("renamed", "segment `rest` of `value` is now called `others`")]


def test_nothing_is_guessed_where_two_fit_as_well() -> None:
    """`young` went; two new segments have nothing in common with it, and one that asks something else is no rename."""
    after = edited_text(
        ("  segment young\n    when age < 25\n", "  segment a when age < 24\n  segment b when age < 26\n"),
        ("when value is young", "when value is old"),
        ("on young", "on old"),
    )
    changes = between(TEXT, after)
    assert changes.renames == Renames()
    assert [each.name for each in changes.changes if each.kind in ("added", "removed")] == ["a", "b", "young"]


def test_a_parameter_used_elsewhere_is_another_parameter() -> None:
    after = edited_text(
        ('parameter prime = 720 from 600 to 800 "Prime"', "parameter lowest = 720"),
        ("score >= prime\n", "score >= 720\n"),
        ("| >= prime   |", "| >= 720     |"),
        ("score >= 700", "score >= lowest"),
    )
    changes = between(TEXT, after)
    assert changes.renames == Renames()
    kinds = [(each.kind, each.name) for each in changes.changes if each.what == "parameter"]
    assert kinds == [("added", "lowest"), ("removed", "prime")]
    # What it was stands nowhere else.
    assert [each.message for each in changes.changes if each.name == "prime"] == [
        "parameter `prime` is gone: it was `720`"
    ]


def test_of_two_that_say_the_same_the_place_of_use_tells_which_is_which() -> None:
    text = TEXT + "\nparameter low = 5\nparameter high = 5\nlet one = age + low\nlet two = tenure + high\n"
    after = with_names(text, low="higher", high="lower")
    assert between(text, after).renames == Renames(parameters={"low": "higher", "high": "lower"})


def test_two_names_that_change_places_are_no_renames() -> None:
    """A name stays where it is: what it means changed."""
    after = edited_text(("segment young\n    when age < 25", "segment old\n    when age < 25")).replace(
        "segment old\n    when age >= 70", "segment young\n    when age >= 70"
    )
    changes = between(TEXT, after)
    assert changes.renames == Renames()
    assert not changes.same_meaning


def test_new_words_are_everywhere() -> None:
    names = {"best": "top_customers", "value": "worth", "late": "arrears", "share_late": "arrears_share"}
    before, after = program_of(TEXT), program_of(with_names(TEXT, **names))
    words = in_new_words(before, renames_between(before, after))
    asked = [part for part in all_expressions(words) if isinstance(part, p.Previous)]
    assert asked
    assert all(part.segmentation == "worth" for part in asked)
    assert all("top_customers" in (part.type.choices or ()) for part in asked)
    assert {target.measure for target in words.targets} == {"arrears_share", None}
    assert words == after
    assert in_new_words(before, Renames()) is before
    assert RULES.count("late") > 5
