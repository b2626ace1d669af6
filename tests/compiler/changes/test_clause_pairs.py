"""Which clause is which, whether it holds for the same rows, and why not."""

from __future__ import annotations

import pytest

from segwright.compiler.changes import ClausePair, changes_between

from .rules import TEXT, Edit, edited_text, program_of

PRIME = "parameter `prime` moved from 720 to 700"
LATE = "`late` changed: among `payments`, cut-off of `days_late` moved from 30 to 60"


def pairs_of(*edits: Edit) -> dict[str, tuple[ClausePair, ...]]:
    return dict(changes_between(program_of(TEXT), program_of(edited_text(*edits))).clauses)


def unlike(*edits: Edit) -> dict[tuple[str, str, int | None, int | None], tuple[str, ...]]:
    """The pairs that do not hold for the same rows: segmentation, segment, numbers, and why."""
    return {
        (name, pair.segment, pair.before, pair.after): pair.why
        for name, pairs in pairs_of(*edits).items()
        for pair in pairs
        if not pair.same
    }


def test_every_clause_has_a_pair() -> None:
    """`value` has clauses 1 to 7 (`best` two of them), the last `otherwise`; `mails` has three and no `otherwise`."""
    pairs = pairs_of()
    assert [(pair.before, pair.after, pair.segment) for pair in pairs["value"]] == [
        (1, 1, "watched"),
        (2, 2, "best"),
        (3, 3, "best"),
        (4, 4, "wealthy"),
        (5, 5, "young"),
        (6, 6, "old"),
        (7, 7, "rest"),
    ]
    assert [(pair.before, pair.after, pair.segment) for pair in pairs["mails"]] == [
        (1, 1, "cross_sell"),
        (2, 2, "win_back"),
        (3, 3, "richest"),
    ]
    assert all(pair.same and pair.why == () for each in pairs.values() for pair in each)


WHY = {
    "its own condition": (
        [("when age < 25", "when age < 26")],
        {
            ("value", "young", 5, 5): ("cut-off of `age` moved from 25 to 26",),
            ("mails", "cross_sell", 1, 1): ("`value` decides otherwise who is `young`",),
        },
    ),
    "a parameter": (
        [("prime = 720", "prime = 700")],
        {
            ("value", "best", 2, 2): (PRIME,),
            ("mails", "cross_sell", 1, 1): ("`value` decides otherwise who is `young`",),
        },
    ),
    "its own condition and a parameter": (
        [("prime = 720", "prime = 700"), ("and used < 30%\n", "and used < 35%\n")],
        {
            ("value", "best", 2, 2): ("cut-off of `used` moved from 30% to 35%", PRIME),
            ("mails", "cross_sell", 1, 1): ("`value` decides otherwise who is `young`",),
        },
    ),
    "a let": (
        [("days_late > 30 in", "days_late > 60 in")],
        {
            ("value", "best", 2, 2): (LATE,),
            ("mails", "cross_sell", 1, 1): ("`value` decides otherwise who is `young`",),
        },
    ),
    "how a field is kept": (
        [("when 0, 999", "when 0")],
        {
            ("value", "best", 2, 2): ("`score` of `customers` changed: 999 no longer counts as missing",),
            ("value", "best", 3, 3): ("`score` of `customers` changed: 999 no longer counts as missing",),
            ("mails", "cross_sell", 1, 1): ("`value` decides otherwise who is `young`",),
        },
    ),
    "a clause behind the segment that is asked for": (
        [("when age >= 70", "when age >= 75")],
        {("value", "old", 6, 6): ("cut-off of `age` moved from 70 to 75",)},
    ),
    "consent": (
        [("  needs consent for marketing\n", "")],
        {
            ("mails", "cross_sell", 1, 1): ("no longer needs consent for `marketing`",),
            ("mails", "win_back", 2, 2): ("no longer needs consent for `marketing`",),
            ("mails", "richest", 3, 3): ("no longer needs consent for `marketing`",),
        },
    ),
    "an exclusion": (
        [("unless late > 2", "unless late > 3")],
        {
            ("value", "best", 2, 2): ("in `unless`, cut-off of `late` moved from 2 to 3",),
            ("mails", "cross_sell", 1, 1): ("`value` decides otherwise who is `young`",),
        },
    ),
    "not what moves nobody": (
        [
            ("score is known and score >= prime\n     and used < 30%\n", "used < 30%\n     and score >= prime\n"),
            ("between 30 and 60 or vip)", "between 30 and 60 or vip)\n     and used < 90%"),
            ("income > 50_000\n     and (age", "(age"),
            ("late > 2", "late > 3"),
        ],
        {
            ("value", "best", 2, 2): (
                "no longer asks that `score is known`",
                "in `unless`, cut-off of `late` moved from 2 to 3",
            ),
            ("value", "wealthy", 4, 4): ("no longer asks that `income > 50000.00`", "also asks that `used < 90%`"),
            ("mails", "cross_sell", 1, 1): ("`value` decides otherwise who is `young`",),
        },
    ),
    "in force from another day": (
        [("from 2026-07-01", "from 2026-08-01")],
        {
            ("value", "wealthy", 4, 4): ("is now in force from 2026-08-01, not from 2026-07-01",),
            ("mails", "cross_sell", 1, 1): ("`value` decides otherwise who is `young`",),
        },
    ),
    "how events are found": (
        [("at paid_on\n", "at paid_on then amount\n")],
        {
            ("value", "best", 2, 2): (
                (
                    "table `payments` changed: `events payments of customers by customer_id at paid_on` is now "
                    "`events payments of customers by customer_id at paid_on then amount`"
                ),
            ),
            ("mails", "cross_sell", 1, 1): ("`value` decides otherwise who is `young`",),
            ("mails", "win_back", 2, 2): (
                (
                    "table `payments` changed: `events payments of customers by customer_id at paid_on` is now "
                    "`events payments of customers by customer_id at paid_on then amount`"
                ),
            ),
            ("mails", "richest", 3, 3): (
                (
                    "table `payments` changed: `events payments of customers by customer_id at paid_on` is now "
                    "`events payments of customers by customer_id at paid_on then amount`"
                ),
            ),
        },
    ),
    "a clause less": (
        [("    when previous value is best\n     and score >= 700\n", "")],
        {
            ("value", "best", 3, None): (),
            ("mails", "cross_sell", 1, 1): ("`value` decides otherwise who is `young`",),
        },
    ),
    "a clause more": (
        [("    when age >= 70\n", "    when age >= 70\n    when vip\n")],
        {("value", "old", None, 7): ()},
    ),
    "only another order of `and`": ([("tenure < 12 and late = 0", "late = 0 and tenure < 12")], {}),
    "only another order of a list": ([('("app", "web")', '("web", "app")')], {}),
    "only titles, labels and ranges": (
        [
            ('best "Best"', "best"),
            ("integer from 18 to 120", "integer from 18 to 121"),
            ("  vip          boolean\n", "  vip          boolean personal\n"),
            ("from 600 to 800", "from 600 to 850"),
        ],
        {},
    ),
}


@pytest.mark.parametrize("edits, expected", WHY.values(), ids=WHY)
def test_why_a_clause_may_hold_for_other_rows(
    edits: list[Edit], expected: dict[tuple[str, str, int | None, int | None], tuple[str, ...]]
) -> None:
    assert unlike(*edits) == expected


def test_clauses_keep_their_pair_when_segments_change_places() -> None:
    young, old = (
        "  segment young\n    when age < 25\n\n",
        "  segment old\n    when age >= 70\n    reasons from points\n\n",
    )
    pairs = pairs_of((young + old, old + young))["value"]
    assert [(pair.before, pair.after, pair.segment, pair.same) for pair in pairs][4:6] == [
        (6, 5, "old", True),
        (5, 6, "young", True),
    ]


def test_a_condition_that_moved_to_another_segment_keeps_its_pair() -> None:
    edits = ("    when age >= 70\n", "    when age >= 70 and vip\n"), ("    when age < 25\n", "    when age >= 70\n")
    pairs = {pair.after: pair for pair in pairs_of(*edits)["value"]}
    assert (pairs[5].before, pairs[5].segment, pairs[5].same) == (6, "young", True)
    assert (pairs[6].before, pairs[6].segment) == (None, "old")


def test_a_changed_clause_is_paired_with_the_one_most_like_it() -> None:
    """Both ways into `best` changed and stand in another order."""
    one = (
        "    when score is known and score >= prime\n     and used < 30%\n"
        '     and channel is one of ("app", "web")\n    unless late > 2\n'
    )
    other = "    when previous value is best\n     and score >= 700\n"
    now = other.replace("700", "710") + one.replace("30%", "35%")
    pairs = pairs_of((one + other, now))["value"]
    assert [(pair.before, pair.after) for pair in pairs][1:3] == [(3, 2), (2, 3)]
    assert pairs[1].why == ("cut-off of `score` moved from 700 to 710",)
    assert pairs[2].why == ("cut-off of `used` moved from 30% to 35%",)
