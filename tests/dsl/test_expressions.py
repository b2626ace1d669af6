"""Expressions over rows: which type they have, which conversions stand in them, what names and windows mean."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
from expressions import DATA, checked, field, typed
from generators.programs import Generated, programs
from hypothesis import given

from segwright.dsl.builtins import BY_OVERLOAD
from segwright.dsl.check import check
from segwright.dsl.parse import parse
from segwright.dsl.program import (
    Aggregate,
    And,
    Call,
    Const,
    Expr,
    FieldRef,
    LetRef,
    Not,
    ParameterRef,
    Program,
    RowKnown,
    SegmentIncludes,
    SegmentIs,
    Window,
)
from segwright.dsl.source import Source
from segwright.dsl.types import BOOLEAN, DATE, DURATION, INTEGER, MONEY, NUMBER, PERCENT, TEXT, TIMESTAMP, Length, Type
from segwright.dsl.walk import conditions, walk

# -- types -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "expr, type",
    [
        ("age + 1", INTEGER),
        ("age - products", INTEGER),
        ("age * 2", INTEGER),
        ("-age", INTEGER),
        ("age / 2", NUMBER),
        ("age * 0.5", NUMBER),
        ("age + 0.5", NUMBER),
        ("age * rate", NUMBER),
        ("income + bonus", MONEY),
        ("income + 10", MONEY),
        ("income + fee", Type("money", 4)),
        ("income - age", MONEY),
        ("income * age", MONEY),
        ("2 * income", MONEY),
        ("-income", MONEY),
        ("income * 2.0", NUMBER),
        ("income * bonus", NUMBER),
        ("income * 30%", NUMBER),
        ("income * utilisation", NUMBER),
        ("income + rate", NUMBER),
        ("income / bonus", NUMBER),
        ("utilisation + 5%", PERCENT),
        ("100% - utilisation", PERCENT),
        ("-utilisation", PERCENT),
        ("utilisation * 2", NUMBER),
        ("utilisation * utilisation", NUMBER),
        ("1 - utilisation", NUMBER),
        ("2 * 3", INTEGER),
        ("2 / 3", NUMBER),
        ("2 * 3.0", NUMBER),
        ("income", MONEY),
        ("channel", Type("text", choices=("app", "web"))),
        ("bonus default 0", MONEY),
        ("waived default false", BOOLEAN),
        ("months since seen_at", INTEGER),
        ("income > 3", BOOLEAN),
        ("count of payments ever", INTEGER),
        ("no payments ever", BOOLEAN),
        ("sum of amount from payments ever", MONEY),
        ("sum of share from payments ever", PERCENT),
        ("sum of (amount * 2) from payments ever", MONEY),
        ("average of amount from payments ever", NUMBER),
        ("median of days_late from payments ever", NUMBER),
        ("max of paid_on from payments ever", DATE),
        ("latest of (amount > 10) from payments ever", BOOLEAN),
        ("distinct count of amount from payments ever", INTEGER),
        ("trend per month of share from payments ever", NUMBER),
        ("max of status from accounts", Type("text", choices=("open", "closed"))),
    ],
)
def test_the_type_of_an_expression(expr: str, type: Type) -> None:
    assert typed(expr).type == type


@pytest.mark.parametrize(
    "expr, overload, left, right",
    [
        ("age > 30", "greater.integer", field("age", INTEGER), Const(30, INTEGER)),
        ("age > 30.0", "greater.integer", field("age", INTEGER), Const(30, INTEGER)),
        ("income >= 1_000", "at_least.money", field("income", MONEY), Const(Decimal("1000.00"), MONEY)),
        ("fee < 0.125", "less.money", field("fee", Type("money", 4)), Const(Decimal("0.1250"), Type("money", 4))),
        ("rate = 3", "equal.number", field("rate", NUMBER), Const(3.0, NUMBER)),
        ("rate = 30%", "equal.number", field("rate", NUMBER), Const(0.3, NUMBER)),
        ("utilisation < 30%", "less.percent", field("utilisation", PERCENT), Const(0.3, PERCENT)),
        ("opened_on at least 2026-01-31", "at_least.date", field("opened_on", DATE), Const(dt.date(2026, 1, 31), DATE)),
        ("hardship is not true", "not_equal.boolean", field("hardship", BOOLEAN), Const(True, BOOLEAN)),
        (
            "income > age",
            "greater.money",
            field("income", MONEY),
            Call("money_from.integer", (field("age", INTEGER),), MONEY),
        ),
        (
            "income <= fee",
            "at_most.money",
            Call("money_from.money", (field("income", MONEY),), Type("money", 4)),
            field("fee", Type("money", 4)),
        ),
        (
            "rate > income",
            "greater.number",
            field("rate", NUMBER),
            Call("number_from.money", (field("income", MONEY),), NUMBER),
        ),
        (
            "utilisation < factor",
            "less.number",
            Call("number_from.percent", (field("utilisation", PERCENT),), NUMBER),
            ParameterRef("factor", NUMBER),
        ),
        ("utilisation < part", "less.percent", field("utilisation", PERCENT), ParameterRef("part", PERCENT)),
        (
            "seen_at < 2026-01-01",
            "less.date",
            Call("date_from.timestamp", (field("seen_at", TIMESTAMP),), DATE),
            Const(dt.date(2026, 1, 1), DATE),
        ),
        (
            "opened_on < seen_at",
            "less.date",
            field("opened_on", DATE),
            Call("date_from.timestamp", (field("seen_at", TIMESTAMP),), DATE),
        ),
        ("seen_at = seen_at", "equal.timestamp", field("seen_at", TIMESTAMP), field("seen_at", TIMESTAMP)),
        ("720 > age", "greater.integer", Const(720, INTEGER), field("age", INTEGER)),
    ],
)
def test_both_sides_of_a_comparison_come_to_one_type(expr: str, overload: str, left: Expr, right: Expr) -> None:
    assert typed(expr) == Call(overload, (left, right), BOOLEAN)


def test_a_list_takes_the_type_of_what_it_is_asked_of() -> None:
    channel = field("channel", Type("text", choices=("app", "web")))
    app = Const("app", channel.type)
    assert typed('channel is one of ("app", own)') == Call(
        "one_of.text", (channel, app, ParameterRef("own", TEXT)), BOOLEAN
    )
    assert typed('channel is not one of ("app")') == Not(Call("one_of.text", (channel, app), BOOLEAN), BOOLEAN)
    age = Call("number_from.integer", (field("age", INTEGER),), NUMBER)
    assert typed("age is one of (18, factor)") == Call(
        "one_of.number", (age, Const(18.0, NUMBER), ParameterRef("factor", NUMBER)), BOOLEAN
    )


def test_a_percent_beside_other_kinds_is_a_number_and_stays_written_as_a_percent() -> None:
    income = Call("number_from.money", (field("income", MONEY),), NUMBER)
    share = Call("number_from.percent", (Const(0.3, PERCENT),), NUMBER)
    assert typed("income * 30%") == Call("multiply.number", (income, share), NUMBER)


def test_money_comes_first_in_a_product_with_a_whole_number() -> None:
    income, age = field("income", MONEY), field("age", INTEGER)
    assert typed("age * income") == typed("income * age") == Call("multiply.money", (income, age), MONEY)


def test_a_default_is_brought_to_the_type_it_stands_in_for() -> None:
    bonus = field("bonus", MONEY)
    assert typed("bonus default 10") == Call("default.any", (bonus, Const(Decimal("10.00"), MONEY)), MONEY)
    prime = Call("money_from.integer", (ParameterRef("prime", INTEGER),), MONEY)
    assert typed("bonus default prime") == Call("default.any", (bonus, prime), MONEY)


def test_parts_joined_by_the_same_word_are_one_condition() -> None:
    hardship, waived = field("hardship", BOOLEAN), field("waived", BOOLEAN)
    assert typed("(hardship and waived) and (hardship and waived)") == And(
        (hardship, waived, hardship, waived), BOOLEAN
    )
    mixed = typed("hardship and (waived or hardship)")
    assert isinstance(mixed, And)
    assert len(mixed.operands) == 2


# -- names -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "table, expr, found",
    [
        ("customers", "customers.age", field("age", INTEGER)),
        ("customers", "crm.do_not_call", field("do_not_call", BOOLEAN, "crm")),
        ("customers", "tenure", LetRef("customers", "tenure", INTEGER)),
        ("customers", "prime", ParameterRef("prime", INTEGER)),
        ("accounts", "balance", field("balance", MONEY, "accounts")),
        ("accounts", "customers.age", field("age", INTEGER)),
        ("accounts", "customers.tenure", LetRef("customers", "tenure", INTEGER)),
        ("accounts", "crm.do_not_call", field("do_not_call", BOOLEAN, "crm")),
        ("accounts", "guarantors.trusted", field("trusted", BOOLEAN, "guarantors")),
        ("accounts", "due", LetRef("accounts", "due", INTEGER)),
    ],
)
def test_what_a_name_stands_for(table: str, expr: str, found: Expr) -> None:
    assert typed(expr, table) == found


def test_inside_an_aggregate_names_are_those_of_its_source() -> None:
    aggregate = typed("(sum of balance from accounts where due > prime and customers.age > 30)")
    assert aggregate == Aggregate(
        "sum.money",
        "accounts",
        field("balance", MONEY, "accounts"),
        And(
            (
                Call("greater.integer", (LetRef("accounts", "due", INTEGER), ParameterRef("prime", INTEGER)), BOOLEAN),
                Call("greater.integer", (field("age", INTEGER), Const(30, INTEGER)), BOOLEAN),
            ),
            BOOLEAN,
        ),
        None,
        MONEY,
    )


def test_rows_of_events_read_everything_above_them() -> None:
    aggregate = typed("count of dues where accounts.large and guarantors.trusted and crm is known ever", "accounts")
    assert isinstance(aggregate, Aggregate)
    assert aggregate.where == And(
        (
            LetRef("accounts", "large", BOOLEAN),
            field("trusted", BOOLEAN, "guarantors"),
            RowKnown("crm", BOOLEAN),
        ),
        BOOLEAN,
    )


def test_attached_rows_are_known_or_missing() -> None:
    assert typed("crm is known") == RowKnown("crm", BOOLEAN)
    assert typed("crm is missing") == Not(RowKnown("crm", BOOLEAN), BOOLEAN)


@pytest.mark.parametrize(
    "expr, found",
    [
        ("worth is prime_one", SegmentIs("worth", ("prime_one",), BOOLEAN)),
        ("worth = standard", SegmentIs("worth", ("standard",), BOOLEAN)),
        ("worth is worth.standard", SegmentIs("worth", ("standard",), BOOLEAN)),
        ("worth is not standard", Not(SegmentIs("worth", ("standard",), BOOLEAN), BOOLEAN)),
        ("worth is one of (standard, prime_one)", SegmentIs("worth", ("standard", "prime_one"), BOOLEAN)),
        ("worth is not one of (standard)", Not(SegmentIs("worth", ("standard",), BOOLEAN), BOOLEAN)),
        ("mailing includes win_back", SegmentIncludes("mailing", "win_back", BOOLEAN)),
    ],
)
def test_segmentations_are_asked(expr: str, found: Expr) -> None:
    assert typed(expr) == found


def test_a_field_goes_before_a_segmentation_of_its_name() -> None:
    data = DATA.replace("  region      text\n", '  region      text\n  worth       one of "standard", "high"\n')
    program, problems, _ = checked('worth = "standard"', data=data)
    assert program is not None, problems
    value = program.let("customers", "it").value
    assert isinstance(value, Call)
    assert isinstance(value.operands[0], FieldRef)


@pytest.mark.parametrize(
    "expr, words",
    [
        ("customers.late > 0", "customers.late"),
        ("customers.ask", "customers.ask"),
        ("customers.rank = 10", "customers.rank"),
        ("customers.before", "customers.before"),
        ("(any accounts where own_cover)", "own_cover"),
        ("(any accounts where own_rank = 10)", "own_rank"),
        ("(any accounts where customers.late > 0)", "customers.late"),
    ],
)
def test_what_looks_beyond_its_own_row_is_not_read_over_other_rows(expr: str, words: str) -> None:
    data = (
        f"{DATA}let ask of customers = worth is standard\nlet own_cover of accounts = cover is thin\n"
        "let rank of customers = decile of income\nlet own_rank of accounts = decile of balance\n"
        "let before of customers = previous worth is standard\n"
    )
    table = "customers" if "accounts" in expr else "accounts"
    _, problems, source = checked(expr, table, data)
    assert [(each.code, source.words(each.span)) for each in problems] == [("SEG440", words)]


# -- windows -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written, window",
    [
        ("ever", Window("ever")),
        ("in last 90 days", Window("last", Length(90, "day"))),
        ("in last lookback", Window("last", ParameterRef("lookback", DURATION))),
        ("in last 12 months except last 6 months", Window("last", Length(12, "month"), Length(6, "month"))),
        ("in last 2 years except last month", Window("last", Length(2, "year"), ParameterRef("month", DURATION))),
        ("in last 29 days except last 1 month", Window("last", Length(29, "day"), Length(1, "month"))),
        ("in last 1 month except last 30 days", Window("last", Length(1, "month"), Length(30, "day"))),
        ("in last 366 days except last 1 year", Window("last", Length(366, "day"), Length(1, "year"))),
    ],
)
def test_windows(written: str, window: Window) -> None:
    aggregate = typed(f"count of payments {written}")
    assert isinstance(aggregate, Aggregate)
    assert aggregate.window == window


@pytest.mark.parametrize(
    "written",
    [
        "in last 28 days except last 1 month",  # a month has at least 28 days
        "in last 1 month except last 31 days",  # and at most 31
        "in last 2 months except last 62 days",
        "in last 365 days except last 1 year",
        "in last 1 year except last 12 months",
        "in last month except last lookback",
    ],
)
def test_nothing_is_left_of_a_window(written: str) -> None:
    _, problems, source = checked(f"count of payments {written}")
    assert [each.code for each in problems] == ["SEG405"]
    assert source.words(problems[0].span) == written.rpartition("last ")[2]


# -- promises of every program -----------------------------------------------------------------------------------


def every_expression(program: Program) -> Iterator[Expr]:
    for let in program.lets:
        yield from walk(let.value)
    for segmentation in program.segmentations:
        for condition in conditions(segmentation):
            yield from walk(condition)


FORMS: dict[str, type] = {
    "integer": int,
    "number": float,
    "percent": float,
    "money": Decimal,
    "text": str,
    "boolean": bool,
    "date": dt.date,
    "timestamp": dt.datetime,
}


@given(programs())
def test_operands_and_constants_have_the_types_that_are_asked_for(generated: Generated) -> None:
    document, _ = parse(Source("rules.seg", generated.text))
    program = check([document]).program
    assert program is not None
    for expr in every_expression(program):
        match expr:
            case Call(overload=overload, operands=operands, type=type):
                asked = BY_OVERLOAD[overload][1]
                kinds = list(asked.operands)
                if asked.variadic:
                    kinds += [kinds[-1]] * (len(operands) - len(kinds))
                assert len(kinds) == len(operands)
                assert all(kind in ("any", each.type.kind) for kind, each in zip(kinds, operands, strict=True))
                assert asked.result in ("any", type.kind)
                scales = {each.type.scale for each in operands if each.type.kind == "money"}
                assert len(scales) <= 1
                if type.kind == "money" and not overload.startswith("money_from."):
                    assert scales == {type.scale}
            case Aggregate(overload=overload, value=value, where=where, type=type):
                asked = BY_OVERLOAD[overload][1]
                assert asked.operands == (() if value is None else (value.type.kind,))
                assert asked.result == type.kind
                assert where is None or where.type.kind == "boolean"
            case Const(value=value, type=type):
                assert value.__class__ is FORMS[type.kind]
                if isinstance(value, Decimal):
                    assert value.as_tuple().exponent == -(type.scale or 0)
            case And(operands=operands):
                assert all(each.type == BOOLEAN and not isinstance(each, And) for each in operands)
            case _:
                pass


def test_a_chain_of_lets_is_followed_to_its_end() -> None:
    lets = "".join(f"let a{n + 1} = a{n} + 1\n" for n in range(2_000))
    _, problems, _ = checked("customers.a2000 > 1", "accounts", f"{DATA}let a0 = late\n{lets}")
    assert [each.code for each in problems] == ["SEG440"]
