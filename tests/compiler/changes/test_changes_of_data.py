"""Tables, fields, parameters, purposes, labels, and what is read: what is told of small edits."""

from __future__ import annotations

import pytest

from segwright.compiler.changes import changes_between

from .rules import TEXT, Case, case, edited_text, program_of

CASES = {
    # -- fields ----------------------------------------------------------------------------------------------------
    "a range": case(
        ("integer from 18 to 120", "integer from 16 to 120"),
        ("definition", "field", "age", "`age` of `customers`: its range is now `from 16 to 120`, not `from 18 to 120`"),
    ),
    "no range": case(
        ("integer from 18 to 120", "integer"),
        ("definition", "field", "age", "`age` of `customers`: its range is now open, not `from 18 to 120`"),
    ),
    "a range without its end": case(
        ("integer from 18 to 120", "integer [18..120)"),
        ("definition", "field", "age", "`age` of `customers`: its range is now `[18..120)`, not `from 18 to 120`"),
    ),
    "a code for missing": case(
        ("missing when 0, 999", "missing when 0, 998"),
        ("definition", "field", "score", "`score` of `customers`: 998 now counts as missing"),
        ("definition", "field", "score", "`score` of `customers`: 999 no longer counts as missing"),
    ),
    "the order and spelling of codes": case(("missing when 0, 999", "missing when 999.0, 0")),
    "codes for true": case(
        ('true when "Y"', 'true when "Y", "J"'),
        ("definition", "field", "active", '`active` of `customers`: "J" now counts as true'),
    ),
    "may be missing": case(
        ("opened_on    date\n", "opened_on    date optional\n"),
        ("definition", "field", "opened_on", "`opened_on` of `customers` may now be missing"),
    ),
    "a column": case(
        ("integer from 18 to 120", 'integer from 18 to 120 as "AGE"'),
        ("definition", "field", "age", '`age` of `customers` is now read from the column "AGE", not "age"'),
    ),
    "kept in points": case(
        ("used         percent optional", "used         percent in points optional"),
        ("definition", "field", "used", "`used` of `customers`: its column is now kept in points"),
    ),
    "how a date is written": case(
        ("opened_on    date\n", 'opened_on    date written "%b-%Y"\n'),
        (
            "definition",
            "field",
            "opened_on",
            '`opened_on` of `customers`: its column is now written "%b-%Y", not as usual',
        ),
    ),
    "others missing": case(
        ("850 optional missing when", "850 optional others missing missing when"),
        ("definition", "field", "score", "`score` of `customers`: what lies outside now counts as missing"),
    ),
    "a closed list, one more": case(
        ('"app", "web", "branch"', '"app", "web", "branch", "phone"'),
        ("definition", "field", "channel", '`channel` of `customers`: its list now also has "phone"'),
    ),
    "a closed list, one less": case(
        ('"app", "web", "branch"', '"app", "web"'),
        ("definition", "field", "channel", '`channel` of `customers`: its list no longer has "branch"'),
    ),
    "a closed list in another order": case(
        ('"app", "web", "branch"', '"web", "app", "branch"'),
        (
            "definition",
            "field",
            "channel",
            "`channel` of `customers`: its list stands in another order, which moves nobody",
        ),
    ),
    "a type": case(
        ("days_late    integer from 0", "days_late    number from 0"),
        ("definition", "field", "days_late", "`days_late` of `payments` is now `number`, not `integer`"),
    ),
    "one more field": case(
        ("  vip          boolean\n", "  vip          boolean\n  region       text\n"),
        ("added", "field", "region", "field `region` of `customers` is new: `text`"),
    ),
    "one field less": case(
        ("  email        text personal\n", ""),
        ("removed", "field", "email", "field `email` of `customers` is gone"),
    ),
    "the order of fields": case(
        (
            "  email        text personal\n  vip          boolean\n",
            "  vip          boolean\n  email        text personal\n",
        )
    ),
    # -- tables and parameters -------------------------------------------------------------------------------------
    "when an event is known": case(
        (
            "by customer_id at paid_on\n  customer_id  integer\n",
            "by customer_id at paid_on known at seen_on\n  customer_id  integer\n  seen_on      date\n",
        ),
        (
            "definition",
            "table",
            "payments",
            (
                "table `payments`: `events payments of customers by customer_id at paid_on` is now "
                "`events payments of customers by customer_id at paid_on known at seen_on`"
            ),
        ),
        ("added", "field", "seen_on", "field `seen_on` of `payments` is new: `date`"),
        (
            "newly read",
            "field",
            "seen_on",
            (
                "`seen_on` of `payments` is now read by `value`, the reasons of `value`, `mails`, measure `spent`, "
                "measure `share_late` and freshness of `payments`"
            ),
        ),
    ),
    "one more table": case(
        (
            "freshness payments",
            "table branches of customers by customer_id\n  customer_id  integer\n\nfreshness payments",
        ),
        ("added", "table", "branches", "table `branches` is new"),
    ),
    "a parameter's value": case(
        ("prime = 720", "prime = 700"),
        ("cut-off", "parameter", "prime", "parameter `prime` moved from 720 to 700"),
    ),
    "a parameter's length": case(
        ("recent = 90 days", "recent = 60 days"),
        ("cut-off", "parameter", "recent", "parameter `recent` moved from 90 days to 60 days"),
    ),
    "a parameter's range": case(
        ("from 600 to 800", "from 600 to 850"),
        (
            "definition",
            "parameter",
            "prime",
            "range of parameter `prime` is now `from 600 to 850`, not `from 600 to 800`",
        ),
    ),
    "a parameter more": case(
        ("parameter recent", "parameter least = 5%\nparameter recent"),
        ("added", "parameter", "least", "parameter `least` is new: `5%`"),
    ),
    # -- lets ------------------------------------------------------------------------------------------------------
    "a let more": case(
        ("let thin ", "let old_age = age > 90\nlet thin "),
        ("added", "let", "old_age", "let `old_age` is new: `age > 90`"),
    ),
    "a let less": case(
        ("let thin   = tenure < 12 and late = 0\n", ""),
        ("removed", "let", "thin", "let `thin` is gone"),
    ),
    # -- labels ----------------------------------------------------------------------------------------------------
    "personal": case(
        ("  vip          boolean\n", "  vip          boolean personal\n"),
        ("labels", "field", "vip", "`vip` of `customers` is now `personal`"),
    ),
    "no longer protected": case(
        ("gender       text optional protected", "gender       text optional"),
        ("fairness across gender favourable best ratio at least 80%", "hide groups below 10"),
        ("hide groups below 10\n  hide", "hide"),
        ("labels", "field", "gender", "`gender` of `customers` is no longer `protected`"),
        (
            "watch",
            "policy",
            "fairness",
            "a fairness rule is gone: it was `fairness across gender favourable best ratio at least 80%`",
        ),
        ("no longer read", "field", "gender", "`gender` of `customers` is no longer read; it was by `fairness`"),
    ),
    "one more purpose of a field": case(
        ("purposes risk, marketing\n", "purposes risk, marketing, fraud_watch\n"),
        ("for risk, marketing", "for risk, marketing, fraud_watch"),
        ("added", "purpose", "fraud_watch", "purpose `fraud_watch` is new"),
        ("labels", "field", "fraud", "`fraud` of `customers` may now also be read for `fraud_watch`"),
    ),
    "every purpose": case(
        ("percent for risk, marketing", "percent"),
        ("labels", "field", "fraud", "`fraud` of `customers` may now be read for every purpose"),
    ),
    "some purposes only": case(
        ("  vip          boolean\n", "  vip          boolean for marketing, risk\n"),
        ("labels", "field", "vip", "`vip` of `customers` may now be read for `marketing` and `risk` only"),
    ),
    "the order of purposes": case(("purposes risk, marketing", "purposes marketing, risk")),
    "carries consent": case(
        ("  vip          boolean\n", "  vip          boolean\n  by_phone     boolean consent for marketing\n"),
        ("added", "field", "by_phone", "field `by_phone` of `customers` is new: `boolean`"),
        (
            "labels",
            "segmentation",
            "mails",
            (
                "every segment of `mails`: consent for `marketing` is now told by `customers.by_mail` and "
                "`customers.by_phone`, not by `customers.by_mail`"
            ),
        ),
        ("newly read", "field", "by_phone", "`by_phone` of `customers` is now read by `mails`"),
    ),
    # -- what is read ----------------------------------------------------------------------------------------------
    "newly read": case(
        ("    when age < 25\n", "    when age < 25 and active\n"),
        ("condition added", "clause", "young", "`young` also asks that `active`"),
        ("newly read", "field", "active", "`active` of `customers` is now read by `value`"),
    ),
    # -- titles ----------------------------------------------------------------------------------------------------
    "the title of a table": case(
        ('"Borrowers"', '"Customers"'),
        ("title", "table", "customers", 'table `customers`: the title "Borrowers" is now "Customers"'),
    ),
    "the title of a field": case(
        (' "Gross yearly income"', ""),
        ("title", "field", "income", '`income` of `customers`: the title "Gross yearly income" is gone'),
    ),
    "the title of a parameter": case(
        ('"Prime"', '"Prime score"'),
        ("title", "parameter", "prime", 'parameter `prime`: the title "Prime" is now "Prime score"'),
    ),
    "a title for a let": case(
        ("let paid   =", 'let paid "Paid" ='),
        ("title", "let", "paid", '`paid` now has the title "Paid"'),
    ),
    "the titles of a segmentation and a segment": case(
        ('value "Value"', 'value "Worth"'),
        ('best "Best"', 'best "The best"'),
        ("title", "segmentation", "value", '`value`: the title "Value" is now "Worth"'),
        ("title", "segment", "best", '`best`: the title "Best" is now "The best"'),
    ),
}


@pytest.mark.parametrize("change", CASES.values(), ids=CASES)
def test_what_is_told(change: Case) -> None:
    found = changes_between(program_of(TEXT), program_of(edited_text(*change.edits)))
    assert [(each.kind, each.what, each.name, each.message) for each in found.changes] == list(change.told)
    assert found.same_meaning == (not any(each.meaning for each in found.changes))
