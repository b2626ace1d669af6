"""What a plan promises, on small programs."""

from __future__ import annotations

import pytest
from small_programs import plan_of, population_of

from segwright.compiler.plan import (
    AggregateFeature,
    AllOf,
    AnyOf,
    ColumnRead,
    FeatureRef,
    Frame,
    Is,
    Negated,
    NotTrue,
    PlanExpr,
)
from segwright.compiler.plan_walk import all_features, features_in, parts, sources
from segwright.dsl.builtins import PARTIAL_OVERLOADS
from segwright.dsl.program import Aggregate, Call, Const, FieldRef, LetRef, Not, SegmentIs
from segwright.dsl.types import BOOLEAN, INTEGER, MONEY

DATA = """
purposes credit_risk, marketing
table customers key customer_id
  customer_id  integer
  income       money optional
  bonus        money optional
  products     integer optional
  vip          boolean
  email        text personal
  unread       integer
  consent      boolean optional consent for marketing
table crm of customers by customer_id
  customer_id  integer
  do_not_call  boolean
events payments of customers by customer_id at paid_on known at received_on then sequence
  customer_id  integer
  paid_on      date
  received_on  date
  sequence     integer
  amount       money
  days_late    integer
table accounts of customers by customer_id key account_id
  customer_id  integer
  account_id   integer
  balance      money
events logins of accounts by account_id at logged_in_at
  account_id    integer
  logged_in_at  timestamp
"""


def segmentation(*clauses: str, lets: str = "") -> str:
    """Rules with one exclusive segmentation `s` of one segment `a` with those clauses."""
    return (
        f"{DATA}{lets}\nsegmentation s of customers\n  first match wins\n  segment a\n"
        + "".join(f"    {clause}\n" for clause in clauses)
        + "  otherwise rest\n"
    )


# -- sources ---------------------------------------------------------------------------------------------------------


def test_only_what_is_read_is_in_the_plan() -> None:
    plan = plan_of(segmentation("when income > 10 and crm.do_not_call", lets="let spare = products + unread"))
    frame = plan.populations[0].frame
    assert [(source.table, source.fields) for source in sources(frame)] == [
        ("customers", ("customer_id", "income")),
        ("crm", ("customer_id", "do_not_call")),
    ]
    assert (frame.passes, frame.features, frame.parent) == ((), (), None)
    assert plan.columns == (
        ColumnRead("customers", "customer_id", "customer_id", ("s",)),  # crm is joined by it
        ColumnRead("customers", "income", "income", ("s",)),
        ColumnRead("crm", "customer_id", "customer_id", ("s",)),
        ColumnRead("crm", "do_not_call", "do_not_call", ("s",)),
    )


def test_freshness_reads_when_events_were_and_were_known() -> None:
    plan = plan_of(segmentation("when vip") + "freshness payments within 35 days\n")
    assert [(read.table, read.field, read.readers) for read in plan.columns] == [
        ("customers", "customer_id", ()),
        ("customers", "vip", ("s",)),
        ("payments", "paid_on", ()),
        ("payments", "received_on", ()),
    ]


def test_columns_are_read_on_behalf_of_whoever_asks_a_segmentation() -> None:
    asking = "segmentation t of customers\n  first match wins\n  segment b when s is a\n  otherwise others\n"
    plan = plan_of(segmentation("when vip") + asking)
    assert {read.field: read.readers for read in plan.columns} == {"customer_id": (), "vip": ("s", "t")}


def test_one_pass_for_each_table_and_key_however_many_windows_and_filters() -> None:
    population = population_of(
        segmentation(
            "when (count of payments where days_late > 30 in last 90 days) > 0",
            "when (sum of amount from payments in last 6 months) > 10 and any payments ever",
            "when (sum of balance from accounts) > 10 and (count of accounts) > 2",
        )
    )
    assert [(each.frame.source.table, len(each.aggregates)) for each in population.frame.passes] == [
        ("payments", 3),
        ("accounts", 2),
    ]
    payments, accounts = population.frame.passes
    assert (payments.by, payments.at, payments.known_at, payments.then) == (
        "customer_id",
        "paid_on",
        "received_on",
        None,
    )
    assert payments.frame.source.fields == ("customer_id", "paid_on", "received_on", "amount", "days_late")
    assert (accounts.at, accounts.frame.key) == (None, "account_id")


def test_the_declared_order_is_read_only_by_those_who_ask_for_an_end() -> None:
    population = population_of(segmentation("when (latest of amount from payments ever) > 1"))
    (payments,) = population.frame.passes
    assert payments.then == "sequence"
    assert "sequence" in payments.frame.source.fields


def test_passes_nest() -> None:
    lets = "let logins_of of accounts = count of logins in last 90 days\n"
    population = population_of(segmentation("when (count of accounts where logins_of > 0) > 1", lets=lets))
    (accounts,) = population.frame.passes
    (logins,) = accounts.frame.passes
    assert (logins.by, logins.aggregates[0].name) == ("account_id", "logins_of")
    assert accounts.aggregates[0].where is not None
    assert features_in(accounts.aggregates[0].where) == {"logins_of"}


def test_a_parents_row_is_joined_where_it_is_read() -> None:
    population = population_of(segmentation("when any payments where amount > customers.income ever"))
    (payments,) = population.frame.passes
    assert payments.frame.parent is not None
    assert payments.frame.parent.frame.source.fields == ("customer_id", "income")


def test_rows_of_a_child_are_those_whose_parent_is_there() -> None:
    rules = f"{DATA}segmentation s of accounts\n  first match wins\n  segment a when balance > 1\n  otherwise rest\n"
    parent = population_of(rules).frame.parent
    assert parent is not None
    assert (parent.by, parent.frame.source.fields) == ("customer_id", ("customer_id",))


# -- conditions ------------------------------------------------------------------------------------------------------


def test_conditions_are_numbered_once_in_order_of_first_appearance() -> None:
    population = population_of(
        segmentation("when vip and income > 10", "unless products = 2", "when products = 2 or income > 10", "when vip")
    )
    assert [each.number for each in population.conditions] == [0, 1, 2]
    assert len({each.test for each in population.conditions}) == 3
    first, second, third = population.decisions[0].clauses
    assert first.formula == AllOf((AllOf((Is(0), Is(1))), NotTrue(Is(2))))
    assert second.formula == AllOf((AnyOf((Is(2), Is(1))),))
    assert third.formula == AllOf((Is(0),))


@pytest.mark.parametrize(
    "negative, positive",
    [
        ("products != 2", "equal.integer"),
        ("products is not one of (1, 2)", "one_of.integer"),
        ("products is known", "missing.any"),
    ],
)
def test_negatives_are_negated_positives(negative: str, positive: str) -> None:
    population = population_of(segmentation(f"when {negative}"))
    (condition,) = population.conditions
    assert isinstance(condition.test, Call)
    assert condition.test.overload == positive
    assert isinstance(condition.written, Call)
    assert condition.written.overload == positive
    assert population.decisions[0].clauses[0].formula == AllOf((Negated(Is(0)),))


def test_no_is_the_negation_of_any() -> None:
    population = population_of(segmentation("when no payments ever", "when any payments ever"))
    (condition,) = population.conditions
    (payments,) = population.frame.passes
    assert condition.test == FeatureRef(payments.aggregates[0].name, BOOLEAN)
    assert payments.aggregates[0].overload == "any.rows"
    assert isinstance(condition.written, Aggregate)
    assert condition.written.overload == "any.rows"
    assert [clause.formula for clause in population.decisions[0].clauses] == [AllOf((Negated(Is(0)),)), AllOf((Is(0),))]


def test_double_negation_is_none() -> None:
    population = population_of(segmentation("when not (products != 2)"))
    assert population.decisions[0].clauses[0].formula == AllOf((Is(0),))


def test_boolean_lets_are_unfolded() -> None:
    lets = "let rich = income > 10\nlet good = rich and not vip\n"
    population = population_of(segmentation("when good or rich", lets=lets))
    assert population.frame.features == ()
    assert [type(each.test) for each in population.conditions] == [Call, FieldRef]
    assert population.decisions[0].clauses[0].formula == AllOf((AnyOf((AllOf((Is(0), Negated(Is(1)))), Is(0))),))


def test_consent_comes_after_the_clauses_own_conditions() -> None:
    population = population_of(
        f"{DATA}segmentation s of customers\n  overlapping\n  purpose marketing\n  needs consent for marketing\n"
        "  segment a when vip unless income > 3\n"
    )
    consent = population.conditions[2]
    assert consent.test == Call(
        "default.any", (FieldRef("customers", "consent", BOOLEAN), Const(False, BOOLEAN)), BOOLEAN
    )
    decision = population.decisions[0]
    assert decision.clauses[0].formula == AllOf((Is(0), NotTrue(Is(1)), Is(2)))
    assert (decision.otherwise, decision.otherwise_clause, decision.exclusive) == (None, None, False)


def test_conditions_on_personal_fields_are_personal() -> None:
    lets = 'let at_work = email contains "@work."\n'
    population = population_of(segmentation("when at_work", "when email is known", "when vip", lets=lets))
    assert [each.personal for each in population.conditions] == [True, False, False]


def test_clauses_keep_their_segments_dates_and_numbers() -> None:
    population = population_of(
        f"{DATA}segmentation s of customers\n  first match wins\n"
        "  segment a when vip when products > 1\n"
        "  segment b from 2026-01-01 until 2026-12-31 when products > 2\n  otherwise rest\n"
    )
    decision = population.decisions[0]
    assert [(each.number, each.segment) for each in decision.clauses] == [(1, "a"), (2, "a"), (3, "b")]
    assert [str(each.valid_from) for each in decision.clauses] == ["None", "None", "2026-01-01"]
    assert (decision.segments, decision.otherwise, decision.otherwise_clause) == (("a", "b", "rest"), "rest", 4)


def test_other_segmentations_are_conditions() -> None:
    asking = "segmentation t of customers\n  first match wins\n  segment b when s is not a\n  otherwise others\n"
    population = population_of(segmentation("when vip") + asking)
    assert population.conditions[1].test == SegmentIs("s", ("a",), BOOLEAN)
    assert [each.segmentation for each in population.decisions] == ["s", "t"]


# -- features --------------------------------------------------------------------------------------------------------


def test_lets_are_features_in_order_of_need() -> None:
    lets = "let twice = ratio * 2\nlet ratio = income / bonus\nlet paid = sum of amount from payments ever\n"
    population = population_of(segmentation("when twice > 1 and paid > 3 and ratio < 10", lets=lets))
    assert [each.name for each in population.frame.features] == ["ratio", "twice"]
    assert [each.name for each in population.frame.passes[0].aggregates] == ["paid"]


def test_an_aggregate_has_the_name_of_its_let_wherever_it_stands_first() -> None:
    lets = "let paid = sum of amount from payments ever\nlet again = sum of amount from payments ever\n"
    population = population_of(
        segmentation("when (sum of amount from payments ever) > 3 and again > 2 and paid > 1", lets=lets)
    )
    assert [each.name for each in population.frame.passes[0].aggregates] == ["paid"]
    assert [(each.name, each.value) for each in population.frame.features] == [("again", FeatureRef("paid", MONEY))]


def test_what_can_overflow_is_a_feature_of_its_own() -> None:
    lets = "let more = products + 1\n"
    population = population_of(
        segmentation("when vip and products * 2 - 1 > 3", "when more > 2 and products * 2 > 5", lets=lets)
    )
    assert [each.name for each in population.frame.features] == ["#1", "#2", "more"]
    assert [each.value.overload for each in population.frame.features if isinstance(each.value, Call)] == [
        "multiply.integer",
        "subtract.integer",
        "add.integer",
    ]
    product = FeatureRef("#1", INTEGER)
    assert [product in parts(each.test) for each in population.conditions] == [False, False, False, True]


def test_no_feature_takes_a_name_from_the_rules() -> None:
    population = population_of(segmentation("when products + 1 > 3 and `#1` > 2", lets="let `#1` = income / bonus\n"))
    assert [each.name for each in population.frame.features] == ["#2", "#1"]


EVERYTHING = segmentation(
    "when risky and spare > 10 unless crm is known",
    "when no payments where amount > customers.income in last 90 days",
    "when (max of (balance * 2) from accounts where active > 0) - 1 > 3 and not (vip and spare = 2)",
    lets=(
        "let risky = products + 2 > 3 or (count of payments ever) > 1\n"
        "let spare = income - bonus\n"
        "let active of accounts = count of logins ever\n"
    ),
)


def _frames(frame: Frame) -> list[Frame]:
    below = [each.frame for each in frame.passes] + ([] if frame.parent is None else [frame.parent.frame])
    return [frame, *(inner for each in below for inner in _frames(each))]


def _expressions(frame: Frame) -> list[PlanExpr]:
    aggregates = [each for pass_ in frame.passes for each in pass_.aggregates]
    inner = [expr for each in aggregates for expr in (each.value, each.where) if expr is not None]
    return [*(feature.value for feature in frame.features), *inner]


def test_expressions_hold_neither_lets_nor_aggregates() -> None:
    population = population_of(EVERYTHING)
    expressions = [expr for frame in _frames(population.frame) for expr in _expressions(frame)]
    expressions += [condition.test for condition in population.conditions]
    assert len(expressions) > 10
    assert not [part for expr in expressions for part in parts(expr) if isinstance(part, LetRef | Aggregate)]
    assert not [each for each in population.conditions if isinstance(each.test, Not)]


def test_what_can_overflow_stands_nowhere_else() -> None:
    population = population_of(EVERYTHING)
    features = [feature.value for frame in _frames(population.frame) for feature in frame.features]
    inside = [part for value in features for part in list(parts(value))[1:]]
    tested = [part for condition in population.conditions for part in parts(condition.test)]
    assert [part for part in features if isinstance(part, Call) and part.overload in PARTIAL_OVERLOADS]
    assert not [part for part in (*inside, *tested) if isinstance(part, Call) and part.overload in PARTIAL_OVERLOADS]


def test_features_need_only_what_stands_before() -> None:
    for frame in _frames(population_of(EVERYTHING).frame):
        known = {each.name for each in all_features(frame) if isinstance(each, AggregateFeature)}
        for feature in frame.features:
            assert features_in(feature.value) <= known
            known.add(feature.name)


def test_a_source_projects_only_fields_that_are_read() -> None:
    fields = {source.table: source.fields for source in sources(population_of(EVERYTHING).frame)}
    assert "unread" not in fields["customers"]
    assert fields["crm"] == ("customer_id",)
    assert "sequence" not in fields["payments"]
