"""Guards by hand: what they find, what they suggest, and what they cannot tell."""

import datetime as dt
from collections.abc import Mapping

from small_programs import program_of

from segwright.dsl.program import Program
from segwright.runtime.notes import Note
from segwright.runtime.outcomes.guards import guard_records
from segwright.runtime.outcomes.records import FigureRecord, GuardRecord, MeasureRecord

AS_OF = dt.date(2026, 9, 1)
DATA = """
table customers key customer_id
  customer_id integer
  income      money
table accounts of customers by customer_id key account_id
  account_id  integer
  customer_id integer
events payments of customers by customer_id at paid_on
  customer_id integer
  paid_on     date
events repayments of accounts by account_id at paid_on
  account_id integer
  paid_on    date
freshness payments within 35 days
freshness repayments within 10 days
"""
VALUE = """
segmentation value of customers
  first match wins
  {header}
  segment top when income > 90
  segment good when income > 50
  segment fair when income > 10
  otherwise rest
"""
Sizes = Mapping[str, int | None]


def guards(
    program: Program,
    sizes: Sizes,
    measures: dict[str, MeasureRecord] | None = None,
    notes: tuple[Note, ...] = (),
    last_run: dt.date | None = None,
    as_of: dt.date = AS_OF,
) -> dict[tuple[str, str], GuardRecord]:
    rows = sum(size or 0 for size in sizes.values()) + 7 * sum(size is None for size in sizes.values())
    found = guard_records(program, "customers", as_of, {"value": sizes}, rows, measures or {}, notes, last_run)
    return {(each.kind, each.of): each for each in found}


def value(header: str = "") -> Program:
    return program_of(DATA + VALUE.format(header=header))


SIZES = {"top": 40, "good": 100, "fair": 300, "rest": 560}


def test_sizes() -> None:
    found = guards(value("each segment at least 50 customers"), SIZES)
    assert found["size", "value.top"].holds is False
    assert found["size", "value.top"].message == "`top` has 40 rows, fewer than the 50 that each segment needs"
    assert [found["size", f"value.{name}"].holds for name in ("good", "fair", "rest")] == [True] * 3


def test_a_hidden_size_cannot_be_told() -> None:
    found = guards(value("each segment at least 50 customers"), SIZES | {"top": None, "good": None})
    assert [found["size", f"value.{name}"].holds for name in SIZES] == [None, None, True, True]
    assert "40" not in found["size", "value.top"].message
    assert found["share", "value"].holds is None


def test_a_segment_that_is_not_in_force_is_not_watched() -> None:
    rules = VALUE.format(header="each segment at least 50 customers").replace(
        "segment top", "segment top until 2026-08-31"
    )
    assert ("size", "value.top") not in guards(program_of(DATA + rules), SIZES | {"top": 0})
    in_force = guards(program_of(DATA + rules), SIZES | {"top": 0}, as_of=dt.date(2026, 8, 31))
    assert in_force["size", "value.top"].holds is False


# -- shares and numbers of segments ----------------------------------------------------------------------------------


def test_neither_empty_nor_nearly_everybody() -> None:
    assert guards(value(), SIZES)["share", "value"].holds is True
    assert guards(value(), {"top": 950, "good": 20, "fair": 20, "rest": 10})["share", "value"].holds is True  # 95 %


def test_an_empty_segment_and_one_with_nearly_everybody() -> None:
    found = guards(value(), {"top": 0, "good": 49, "fair": 0, "rest": 951})
    shares = {of: each for (kind, of), each in found.items() if kind == "share"}
    assert list(shares) == ["value.top", "value.fair", "value.rest"]
    assert not any(each.holds for each in shares.values())
    assert "95.1%" in shares["value.rest"].message
    assert "`top`" in shares["value.top"].message


def test_an_empty_otherwise_says_that_rules_describe_everybody() -> None:
    assert guards(value(), SIZES | {"rest": 0})["share", "value"].holds is True


def test_no_rows_at_all() -> None:
    found = guards(value(), dict.fromkeys(SIZES, 0))
    assert found["share", "value"].holds is None


def test_too_many_segments_where_more_than_half_are_too_small() -> None:
    def many(*sizes: int | None) -> bool | None:
        return guards(value(), dict(zip(SIZES, sizes, strict=True)))["too many segments", "value"].holds

    assert many(29, 29, 30, 30) is True
    assert many(29, 29, 29, 900) is False
    assert many(30, 30, 30, 0) is True
    assert many(None, 29, 30, 30) is True  # whatever the hidden one is
    assert many(None, None, 29, 900) is None


# -- alike -----------------------------------------------------------------------------------------------------------


def differing(*pairs: tuple[str, str, bool]) -> MeasureRecord:
    figure = FigureRecord(value=1.0)
    return MeasureRecord.model_validate(
        {
            "title": None,
            "type": "number",
            "better": None,
            "everybody": figure,
            "segmentations": {"value": dict.fromkeys(SIZES, figure)},
            "differences": [
                {"segmentation": "value", "first": one, "second": two, "p": 0.01 if clear else 0.4, "clear": clear}
                for one, two, clear in pairs
            ],
        }
    )


FIRST = differing(("top", "good", False), ("top", "fair", True), ("good", "fair", False))
SECOND = differing(("top", "good", False), ("top", "fair", False), ("good", "fair", True))


def test_two_segments_are_alike_where_no_measure_tells_them_apart() -> None:
    found = [each for (kind, _), each in guards(value(), SIZES, {"a": FIRST, "b": SECOND}).items() if kind == "alike"]
    assert [(each.of, each.holds, each.message) for each in found] == [
        ("value.top", False, "`top` and `good` differ in no measure beyond chance: consider one segment")
    ]


def test_one_clear_measure_is_enough() -> None:
    third = differing(("top", "good", True))
    found = guards(value(), SIZES, {"a": FIRST, "b": SECOND, "c": third})
    assert found["alike", "value"].holds is True
    assert "3 pairs" in found["alike", "value"].message


def test_segments_without_anybody_are_like_nothing() -> None:
    found = guards(value(), SIZES | {"good": 0}, {"a": FIRST, "b": SECOND})
    assert found["alike", "value"].holds is True


def test_where_nothing_can_be_compared() -> None:
    assert guards(value(), SIZES, {"a": differing()})["alike", "value"].holds is None
    assert ("alike", "value") not in guards(value(), SIZES)


# -- dates -----------------------------------------------------------------------------------------------------------


def test_a_refresh_is_due_a_month_after_the_run_before() -> None:
    program = value("refresh every 1 month")
    assert guards(program, SIZES)["refresh", "value"].holds is None
    assert guards(program, SIZES, last_run=dt.date(2026, 8, 1))["refresh", "value"].holds is True
    late = guards(program, SIZES, last_run=dt.date(2026, 7, 29))["refresh", "value"]
    assert late.holds is False
    assert "due by 2026-08-29 and comes 3 days late" in late.message


def test_a_month_from_its_last_day_ends_on_a_last_day() -> None:
    program = value("refresh every 1 month")
    june = dt.date(2026, 6, 30)
    assert guards(program, SIZES, last_run=june, as_of=dt.date(2026, 7, 31))["refresh", "value"].holds is True
    assert guards(program, SIZES, last_run=june, as_of=dt.date(2026, 8, 1))["refresh", "value"].holds is False


def test_reviews() -> None:
    def review(header: str) -> GuardRecord:
        return guards(value(header), SIZES)["review", "value"]

    assert review("review every 12 months, last reviewed 2025-09-01").holds is True
    late = review("review every 12 months, last reviewed 2025-08-31")
    assert late.holds is False
    assert "the next was due by 2026-08-31" in late.message
    assert review("review every 12 months").holds is None


def test_freshness_is_told_with_the_rows_that_events_belong_to() -> None:
    stale = Note("freshness", "payments", "`payments` is not fresh: …")
    found = guards(value(), SIZES, notes=(stale,))
    assert (found["freshness", "payments"].holds, found["freshness", "payments"].message) == (False, stale.message)
    assert found["freshness", "repayments"].holds is True  # of accounts, which have no segments: of their customers

    of_accounts = "segmentation kinds of accounts\n  overlapping\n  segment a when customers.income > 5\n"
    both = program_of(DATA + VALUE.format(header="") + of_accounts)
    counts = {"value": SIZES, "kinds": {"a": 50}}
    told = {
        table: [
            each.of
            for each in guard_records(both, table, AS_OF, counts, 1000, {}, (), None)
            if each.kind == "freshness"
        ]
        for table in ("customers", "accounts")
    }
    assert told == {"customers": ["payments"], "accounts": ["repayments"]}
