"""Expressions over rows: which type they have, which conversions stand in them, what can be missing, what is said."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
from generators.programs import Generated, programs
from hypothesis import given

from segwright.dsl.builtins import BY_OVERLOAD
from segwright.dsl.check import check
from segwright.dsl.check.literals import literal_value, share_of
from segwright.dsl.check.missing import can_be_missing
from segwright.dsl.check.names import Names
from segwright.dsl.diagnostics import Diagnostic, Problems
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
from segwright.dsl.source import Source, Span
from segwright.dsl.syntax import Date, LiteralNode, Number, Percent, Text
from segwright.dsl.types import (
    BOOLEAN,
    DATE,
    DURATION,
    INTEGER,
    MONEY,
    NUMBER,
    PERCENT,
    TEXT,
    TIMESTAMP,
    Length,
    Type,
    Value,
)
from segwright.dsl.walk import conditions, walk
from segwright.dsl.wording import wording

DATA = """\
table customers key customer_id
  customer_id integer
  age         integer
  products    integer optional
  income      money
  bonus       money optional
  fee         money(4)
  rate        number
  utilisation percent
  channel     one of "app", "web"
  region      text
  note        text optional
  opened_on   date
  closed_on   date optional
  seen_at     timestamp
  hardship    boolean
  waived      boolean optional
table crm of customers by customer_id
  customer_id integer
  do_not_call boolean
table accounts of customers by customer_id key account_id
  account_id  integer
  customer_id integer
  status      one of "open", "closed"
  balance     money
table guarantors of accounts by account_id
  account_id  integer
  trusted     boolean
events payments of customers by customer_id at paid_on
  customer_id integer
  paid_on     date
  amount      money
  share       percent
  days_late   integer optional
events dues of accounts by account_id at due_on
  account_id  integer
  due_on      date
parameter prime     = 720
parameter factor    = 0.5
parameter part      = 30%
parameter own       = "app"
parameter lookback  = 90 days
parameter month     = 1 month
let tenure = months since opened_on
let late   = count of payments where days_late > 30 in last 90 days
let ending = months since closed_on
let due of accounts   = count of dues ever
let large of accounts = balance > 1_000
segmentation worth of customers
  first match wins
  segment prime_one when income > 5_000
  otherwise standard
segmentation mailing of customers
  overlapping
  segment win_back when age > 30
segmentation cover of accounts
  first match wins
  segment thin when balance < 10
  otherwise solid
"""


def checked(expr: str, table: str = "customers", data: str = DATA) -> tuple[Program | None, list[Diagnostic], Source]:
    """The project with `expr` as the let `it`, and the problems (notes aside) with the text they stand in."""
    source = Source("rules.seg", f"{data}let it of {table} = {expr}\n")
    document, problems = parse(source)
    result = check([document])
    return result.program, [each for each in (*problems, *result.diagnostics) if each.severity != "note"], source


def typed(expr: str, table: str = "customers") -> Expr:
    program, problems, _ = checked(expr, table)
    assert program is not None, problems
    return program.let(table, "it").value


def field(name: str, type: Type, table: str = "customers") -> FieldRef:
    return FieldRef(table, name, type)


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
    "expr",
    [
        "customers.late > 0",
        "customers.ask",
        "(any accounts where own_cover)",
        "(any accounts where customers.late > 0)",
    ],
)
def test_what_looks_beyond_its_own_row_is_not_yet_read_over_other_rows(expr: str) -> None:
    data = f"{DATA}let ask of customers = worth is standard\nlet own_cover of accounts = cover is thin\n"
    table = "customers" if "accounts" in expr else "accounts"
    _, problems, _ = checked(expr, table, data)
    assert [each.code for each in problems] == ["SEG900"]


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


# -- missing -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "expr, can_be",
    [
        ("age", False),
        ("products", True),
        ("crm.do_not_call", True),
        ("tenure", False),
        ("ending", True),
        ("age + products", True),
        ("age + 1", False),
        ("income * 2", False),
        ("income / 2", True),
        ("rate + 1", True),  # perhaps not finite
        ("-rate", False),
        ("products default 1", False),
        ("products is missing", False),
        ("products > 3", True),
        ("age > 3", False),
        ("income between 1 and bonus", True),
        ("age is one of (3, 4)", False),
        ("not (products > 3)", True),
        ("hardship and waived", True),
        ("worth is standard", False),
        ("crm is known", False),
        ("count of payments where days_late > 3 ever", False),
        ("any payments ever", False),
        ("sum of days_late from payments ever", False),
        ("distinct count of days_late from payments ever", False),
        ("max of amount from payments ever", True),
        ("average of amount from payments ever", True),
        ("latest of paid_on from payments ever", True),
        ("trend per month of amount from payments ever", True),
        ("days since (closed_on default 2020-01-01)", False),
        ("note starts with own", True),
    ],
)
def test_what_can_be_missing(expr: str, can_be: bool) -> None:
    program, problems, _ = checked(expr)
    assert program is not None, problems
    names = Names(
        Problems(),
        tables={table.name: table for table in program.tables},
        let=lambda table, name: program.let(table, name.text),
    )
    assert can_be_missing(program.let("customers", "it").value, names) is can_be


def test_looking_through_lets_that_read_each_other_twice_takes_no_time() -> None:
    lets = "".join(f"let a{n + 1} = a{n} + a{n}\n" for n in range(60))
    _, problems, _ = checked("a60 is missing", data=f"{DATA}let a0 = age\n{lets}")
    assert [each.code for each in problems] == ["SEG751"]


# -- literals ----------------------------------------------------------------------------------------------------

HERE = Span("rules.seg", 0, 1)


def number(text: str) -> Number:
    return Number(HERE, Decimal(text), "." not in text)


@pytest.mark.parametrize(
    "node, type, value",
    [
        (number("9223372036854775807"), INTEGER, 9223372036854775807),
        (number("9223372036854775808"), INTEGER, None),
        (number("-9223372036854775808"), INTEGER, -9223372036854775808),
        (number("3.0"), INTEGER, 3),
        (number("3.5"), INTEGER, None),
        (number("0.1"), NUMBER, 0.1),
        (number("9007199254740993"), NUMBER, None),  # 2**53 + 1 has no double
        (number("9007199254740992"), NUMBER, 9007199254740992.0),
        (number("1" + "0" * 400), NUMBER, None),
        (number("1.5"), MONEY, Decimal("1.50")),
        (number("1.500"), MONEY, Decimal("1.50")),
        (number("1.505"), MONEY, None),
        (number("1.505"), Type("money", 4), Decimal("1.5050")),
        (number("7"), Type("money", 0), Decimal(7)),
        (number("9999999999999999.99"), MONEY, Decimal("9999999999999999.99")),  # 18 digits
        (number("10000000000000000.00"), MONEY, None),
        (number("30"), PERCENT, None),
        (Percent(HERE, Decimal(30)), PERCENT, 0.3),
        (Percent(HERE, Decimal(30)), NUMBER, 0.3),
        (Percent(HERE, Decimal(30)), INTEGER, None),
        (Text(HERE, "app"), Type("text", choices=("app",)), "app"),
        (Text(HERE, "App"), Type("text", choices=("app",)), None),
        (Text(HERE, ""), TEXT, ""),
        (Date(HERE, dt.date(2026, 1, 31)), TIMESTAMP, dt.datetime(2026, 1, 31)),
        (Text(HERE, "2026-01-31"), DATE, None),
    ],
)
def test_a_literal_is_held_exactly_or_not_at_all(node: LiteralNode, type: Type, value: Value | None) -> None:
    problems = Problems()
    found = literal_value(node, type, problems)
    assert found == value
    assert str(found) == str(value)  # 1.50, not 1.5
    assert problems.has_errors() is (value is None)


@pytest.mark.parametrize(
    "points, share",
    [
        ("30", 0.3),
        ("33.3333333", 0.333333333),
        ("33.33333335", 0.333333334),  # half a billionth goes up
        ("33.33333334999", 0.333333333),
        ("-0.00000005", 0.0),  # up is towards zero here
        ("0", 0.0),
    ],
)
def test_percents_are_whole_billionths_halves_up(points: str, share: float) -> None:
    assert share_of(Decimal(points)) == share


# -- what is said ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "expr, fixes",
    [
        ("utilisation < 0.3", ["30%", "0.3%"]),
        ("utilisation < 1", ["100%", "1%"]),
        ("utilisation < 12", ["12%"]),
        ("age > 17.5", ["17", "18"]),
        ("income > -0.005", ["-0.01", "0.00"]),
        ("count of payments > 3", [" in last 12 months", " ever"]),
        ('income > "1,250.50"', ["1250.50"]),
        ('utilisation > "30"', ["30%"]),
        ('hardship = "No"', ["false"]),
        ('opened_on > "2026-13-31"', []),
        ('note = "null"', ["is missing"]),
        ('bonus != "N/A"', ["is known"]),
        ('"missing" = bonus', []),
        ("region = north", ['"north"']),
        ("region = noet", ["note"]),
        ("(worth) is prime_on", ["prime_one"]),
        ("age between 35 and 25", ["25 and 35"]),
    ],
)
def test_the_fixes(expr: str, fixes: list[str]) -> None:
    _, problems, _ = checked(expr)
    assert [fix.edits[0].text for fix in problems[0].fixes] == fixes


@pytest.mark.parametrize(
    "expr, message",
    [
        ("utilisation < 30", "`utilisation` is a percent, and `30` is a bare number: write `30%`"),
        (
            "income > 10.005",
            "`income` is money with 2 places, which is never exactly `10.005`: write `10.00` or `10.01`",
        ),
        ("income + 0.001", "`income` is money with 2 places, which is never exactly `0.001`: write `0.00` or `0.01`"),
        ("age", None),
        ("not age", "`age` is an integer, and what stands here has to be true or false: compare it with something"),
        ("income > utilisation", "`income` is money and `utilisation` is a percent: the two cannot be compared"),
        (
            "any payments in next 3 months",
            "this rule would look into the future: `in next` stands in a `measure` only",
        ),
        ("amount", "`amount` is not a field of `customers`, nor a `let` or parameter"),
    ],
)
def test_the_sentences(expr: str, message: str | None) -> None:
    _, problems, _ = checked(expr)
    assert [each.message for each in problems] == ([] if message is None else [message])


@pytest.mark.parametrize(
    "expr",
    [
        "incme > 3 and hardship",
        "days since (incme + 3) > 2",
        "sum of (amount + fees) from payments in last 3 months > 10",
        "incme default 0 is missing",
        "previous worth is standard",
        "previous worth is one of (standard, prime_one)",
        "count of payments where days_late > 3",
        "max of incme from payments ever > 3",
    ],
)
def test_one_mistake_is_one_problem(expr: str) -> None:
    _, problems, _ = checked(expr)
    assert len(problems) == 1


@pytest.mark.parametrize(
    "expr, declared",
    [
        ("utilisation < 30", ["utilisation"]),
        ('tenure > "3"', ["tenure"]),
        ("income > utilisation", ["income", "utilisation"]),
        ("utilisation < prime", ["utilisation", "prime"]),
        ("not age", ["age"]),
        ("days since region", ["region"]),
        ("age default 3", ["age"]),
        ("income / 2 > opened_on", ["opened_on"]),
        ("count of payments in last prime", ["prime"]),
        ("max of customers.hardship from payments ever", ["hardship"]),
    ],
)
def test_labels_show_where_the_types_come_from(expr: str, declared: list[str]) -> None:
    _, problems, source = checked(expr)
    assert [source.words(label.span).split()[0] for label in problems[0].labels] == declared


def test_every_mistake_of_an_expression_is_told() -> None:
    _, problems, source = checked('incme > 3 and utilisation < 30 and channel is one of ("ap", "weeb") and not age')
    found = [(each.code, source.words(each.span)) for each in problems]
    assert found == [
        ("SEG150", "incme"),
        ("SEG203", "30"),
        ("SEG205", '"ap"'),
        ("SEG205", '"weeb"'),
        ("SEG200", "age"),
    ]


def test_nothing_more_is_said_of_what_was_reported_where_it_is_declared() -> None:
    data = (
        DATA + "let broken = incme + 1\nscorecard behaviour starts at 500\n  by age\n    below 30 +1\n    otherwise 0\n"
    )
    _, problems, _ = checked("broken > 3 and behaviour > 450", data=data)
    assert sorted(each.code for each in problems) == ["SEG150", "SEG900"]


def test_spans_are_the_words() -> None:
    expr = "count of payments where days_late > 30 in last 90 days >= prime"
    program, problems, source = checked(expr)
    assert program is not None, problems
    value = program.let("customers", "it").value
    assert isinstance(value, Call)
    aggregate, prime = value.operands
    assert isinstance(aggregate, Aggregate)
    assert aggregate.where is not None
    assert [source.words(each.span) for each in (value, aggregate, aggregate.where, prime)] == [
        expr,
        "count of payments where days_late > 30 in last 90 days",
        "days_late > 30",
        "prime",
    ]


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


def test_the_wording_of_a_let_stands_in_messages() -> None:
    assert wording(typed("late > 3 and crm.do_not_call default false"), "customers") == (
        "late > 3 and crm.do_not_call default false"
    )


def test_a_chain_of_lets_is_followed_to_its_end() -> None:
    lets = "".join(f"let a{n + 1} = a{n} + 1\n" for n in range(2_000))
    _, problems, _ = checked("customers.a2000 > 1", "accounts", f"{DATA}let a0 = late\n{lets}")
    assert [each.code for each in problems] == ["SEG900"]
