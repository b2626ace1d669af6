"""Measures, targets, policy, experiments, guarantees, freshness: what is told of small edits."""

from __future__ import annotations

import pytest

from segwright.compiler.changes import changes_between

from .rules import TEXT, Case, case, edited_text, program_of

GUARANTEE = "  no best where score is missing and previous value is missing\n"
CASES = {
    "a measure's formula": case(
        ("= average of paid", "= median of paid"),
        ("definition", "measure", "spent", "measure `spent`: `average of paid` is now `median of paid`"),
    ),
    "which is better": case(
        ("share_late lower is better", "share_late higher is better"),
        ("watch", "measure", "share_late", "measure `share_late` says higher is better now"),
    ),
    "a measure more": case(
        ("measures at 3", "measure people = count of customers\nmeasures at 3"),
        ("added", "measure", "people", "measure `people` is new: `count of customers`"),
    ),
    "a measure less": case(
        ('measure spent "Spent" higher is better = average of paid\n', ""),
        ("removed", "measure", "spent", "measure `spent` is gone"),
    ),
    "the title of a measure": case(
        ('"Spent"', '"Paid"'),
        ("title", "measure", "spent", 'measure `spent`: the title "Spent" is now "Paid"'),
    ),
    "horizons": case(
        ("measures at 3, 6 months", "measures at 3, 12 months"),
        ("watch", "measure", "at 12 months", "measures are also told at 12 months"),
        ("watch", "measure", "at 6 months", "measures are no longer told at 6 months"),
    ),
    "periods": case(
        ("by quarter of opened_on", "by year of opened_on"),
        ("watch", "measure", "by year", "`measures by year` is new: by year of opened_on"),
        ("watch", "measure", "by quarter", "`measures by quarter` is gone: it was by quarter of opened_on"),
    ),
    "a target": case(
        ("share_late at most 3%", "share_late at most 4%"),
        ("watch", "target", "best", "target of `share_late` for `best` is now at most 4%, not at most 3%"),
    ),
    "a target less": case(
        (", size at least 5%", ""),
        ("watch", "target", "best", "target of size for `best` is gone: it was at least 5%"),
    ),
    "a target more": case(
        ("size at least 5%", "size at least 5%, spent at least 100"),
        ("watch", "target", "best", "target of `spent` for `best` is new: at least 100"),
    ),
    "the order of targets": case(
        ("share_late at most 3%, size at least 5%", "size at least 5%, share_late at most 3%"),
    ),
    "which groups are hidden": case(
        ("hide groups below 10", "hide groups below 5"),
        ("watch", "policy", "hide groups", "groups below 5 are now hidden, not those below 10"),
    ),
    "no groups are hidden": case(
        ("  hide groups below 10\n", ""),
        ("watch", "policy", "hide groups", "groups below 10 are no longer hidden"),
    ),
    "fairness": case(
        ("ratio at least 80%", "ratio at least 85%"),
        (
            "watch",
            "policy",
            "fairness",
            (
                "a fairness rule is now `fairness across gender favourable best ratio at least 85%`, not "
                "`fairness across gender favourable best ratio at least 80%`"
            ),
        ),
    ),
    "the arms of an experiment": case(
        ("treated 90%, control 10%", "treated 80%, control 20%"),
        (
            "watch",
            "experiment",
            "coaching",
            (
                "experiment `coaching` is now `on value.young arms treated 80%, control 20% success share_late`, not "
                "`on value.young arms treated 90%, control 10% success share_late`"
            ),
        ),
    ),
    "the title of an experiment": case(
        ('"Coaching"', '"Calls"'),
        ("title", "experiment", "coaching", 'experiment `coaching`: the title "Coaching" is now "Calls"'),
    ),
    "no experiment": case(
        ('experiment coaching "Coaching" on young\n  arms treated 90%, control 10%\n  success share_late\n', ""),
        (
            "watch",
            "experiment",
            "coaching",
            "experiment `coaching` is gone: it was `on value.young arms treated 90%, control 10% success share_late`",
        ),
    ),
    "a guarantee": case(
        ("where score is missing and previous", "where fraud > 50% and previous"),
        (
            "watch",
            "guarantee",
            "nobody without a score gets there at first",
            (
                'guarantee "nobody without a score gets there at first" is now '
                "`no value.best where fraud > 50% and previous value is missing`, not "
                "`no value.best where score is missing and previous value is missing`"
            ),
        ),
    ),
    "the text of a guarantee": case(
        ('"nobody without a score gets there at first"', '"who has no score is not best at first"'),
        (
            "title",
            "guarantee",
            "who has no score is not best at first",
            (
                'the text of guarantee "nobody without a score gets there at first" is now '
                '"who has no score is not best at first"'
            ),
        ),
    ),
    "one more guarantee": case(
        (GUARANTEE, GUARANTEE + '\nguarantee "the young are young"\n  every young where age < 40\n'),
        (
            "watch",
            "guarantee",
            "the young are young",
            'guarantee "the young are young" is new: `every value.young where age < 40`',
        ),
    ),
    "freshness": case(
        ("within 35 days", "within 7 days"),
        ("watch", "freshness", "payments", "freshness of `payments` is now within 7 days, not within 35 days"),
    ),
    "no freshness": case(
        ("freshness payments within 35 days\n", ""),
        ("watch", "freshness", "payments", "freshness of `payments` is gone: it was within 35 days"),
    ),
}


@pytest.mark.parametrize("change", CASES.values(), ids=CASES)
def test_what_is_told(change: Case) -> None:
    found = changes_between(program_of(TEXT), program_of(edited_text(*change.edits)))
    assert [(each.kind, each.what, each.name, each.message) for each in found.changes] == list(change.told)
    assert found.same_meaning == (not any(each.meaning for each in found.changes))
