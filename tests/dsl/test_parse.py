"""What texts say: literals, expressions and data declarations. The other declarations are in test_parse_rules.py."""

import pytest
from written import (
    AT,
    EVER,
    aggregate,
    both,
    calc,
    compare,
    day,
    during,
    either,
    expr,
    field,
    last,
    name,
    names,
    num,
    only,
    paren,
    pct,
    read,
    ref,
    span,
    text,
    truth,
)

from segwright.dsl import syntax as s
from segwright.dsl.parse import parse
from segwright.dsl.source import Source

A, B, C = ref("a"), ref("b"), ref("c")


def check(found: object, expected: object) -> None:
    assert found == expected


# -- words and literals ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written, expected",
    [
        ("720", num(720)),
        ("1_000", num(1000)),
        ("1_000_000.25", num("1000000.25")),
        ("0.35", num("0.35")),
        ("-5", num(-5)),
        ("- 5", num(-5)),
        ("30%", pct(30)),
        ("30 %", pct(30)),
        ("-0.5%", pct("-0.5")),
        ('"text"', text("text")),
        ('""', text("")),
        (r'"a \"b\" c\\d"', text(r'a "b" c\d')),
        ('"a # b | c"', text("a # b | c")),
        ("true", truth(True)),
        ("false", truth(False)),
        ("2026-01-31", day("2026-01-31")),
        ("2024-02-29", day("2024-02-29")),
    ],
)
def test_literals(written: str, expected: s.Expr) -> None:
    check(expr(written), expected)


def test_a_number_knows_whether_it_was_written_with_a_point() -> None:
    assert num("1.0").whole is False
    check(expr("1.0"), num("1.0"))
    assert expr("1") != expr("1.0")


@pytest.mark.parametrize(
    "written, expected",
    [
        ("klantwaarde", "klantwaarde"),
        ("ålder", "ålder"),
        ("a\u030alder", "ålder"),  # a and a combining ring: normalised to NFC
        ("_x1", "_x1"),
        ("आयु", "आयु"),  # a name of letters and combining marks
        ("`any thing, 100% <>`", "any thing, 100% <>"),
        ("`when`", "when"),
        ("`a\u030a`", "å"),
    ],
)
def test_names(written: str, expected: str) -> None:
    check(expr(written), s.Ref(AT, (name(expected),)))


def test_comments_are_kept_with_their_places() -> None:
    source = Source("x.seg", '# first  \nlet a = "# no comment" # second\n\t# third')
    document, problems = parse(source)
    assert problems == ()
    assert [(comment.text, comment.own_line) for comment in document.comments] == [
        ("# first", True),
        ("# second", False),
        ("# third", True),
    ]
    assert [source.words(comment.span) for comment in document.comments] == ["# first", "# second", "# third"]


def test_nothing_is_an_empty_document() -> None:
    assert read("") == ()
    assert read("\n  \t\r\n") == ()


# -- comparisons and logic ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written, operator",
    [
        ("=", "="),
        ("is", "="),
        ("!=", "!="),
        ("is not", "!="),
        (">=", ">="),
        ("at least", ">="),
        ("is at least", ">="),
        ("<=", "<="),
        ("at most", "<="),
        ("is at most", "<="),
        (">", ">"),
        ("above", ">"),
        ("is above", ">"),
        ("<", "<"),
        ("below", "<"),
        ("is below", "<"),
    ],
)
def test_comparisons_in_symbols_and_words(written: str, operator: s.ComparisonOperator) -> None:
    check(expr(f"a {written} 3"), compare(A, operator, num(3)))


@pytest.mark.parametrize(
    "written, expected",
    [
        ("a between 1 and 2", s.Between(AT, A, num(1), num(2))),
        ("a is between 1 and 2", s.Between(AT, A, num(1), num(2))),
        ("a between 1 and 2 and b", both(s.Between(AT, A, num(1), num(2)), B)),
        ('a is one of ("x", "y")', s.OneOf(AT, A, (text("x"), text("y")), negated=False)),
        ("a is not one of (-1, p)", s.OneOf(AT, A, (num(-1), ref("p")), negated=True)),
        ("a is one of (p)", s.OneOf(AT, A, (ref("p"),), negated=False)),
        ("a is missing", s.IsMissing(AT, A, known=False)),
        ("a is known", s.IsMissing(AT, A, known=True)),
        ('a starts with "x"', s.TextTest(AT, "starts with", A, text("x"))),
        ('a contains "x"', s.TextTest(AT, "contains", A, text("x"))),
        ("campaigns includes win_back", s.Includes(AT, ref("campaigns"), name("win_back"))),
        ("value_risk is prime_digital", compare(ref("value_risk"), "=", ref("prime_digital"))),
        ("value_risk is value_risk.standard", compare(ref("value_risk"), "=", ref("value_risk.standard"))),
        ("crm.do_not_call", ref("crm.do_not_call")),
        ("crm . do_not_call is missing", s.IsMissing(AT, ref("crm.do_not_call"), known=False)),
    ],
)
def test_conditions(written: str, expected: s.Expr) -> None:
    check(expr(written), expected)


@pytest.mark.parametrize(
    "written, expected",
    [
        ("a and b and c", both(A, B, C)),
        ("a or b or c", either(A, B, C)),
        ("(a and b) or c", either(paren(both(A, B)), C)),
        ("a and (b or c)", both(A, paren(either(B, C)))),
        ("not a and b", both(s.Not(AT, A), B)),
        ("not a = 1", s.Not(AT, compare(A, "=", num(1)))),
        ("not not a", s.Not(AT, s.Not(AT, A))),
        ("not (a or b)", s.Not(AT, paren(either(A, B)))),
    ],
)
def test_logic(written: str, expected: s.Expr) -> None:
    check(expr(written), expected)


@pytest.mark.parametrize(
    "written, expected",
    [
        ("a + b * c", calc(A, "+", calc(B, "*", C))),
        ("a - b - c", calc(calc(A, "-", B), "-", C)),
        ("a / b / c", calc(calc(A, "/", B), "/", C)),
        ("(a + b) * c", calc(paren(calc(A, "+", B)), "*", C)),
        ("-a * b", calc(s.Negative(AT, A), "*", B)),
        ("a - -5", calc(A, "-", num(-5))),
        ("-(5)", s.Negative(AT, paren(num(5)))),
        ("a+1 >= b*2", compare(calc(A, "+", num(1)), ">=", calc(B, "*", num(2)))),
        ("a default 0", s.Default(AT, A, num(0))),
        ("a default -1 + b", calc(s.Default(AT, A, num(-1)), "+", B)),
        ("crm.a default false", s.Default(AT, ref("crm.a"), truth(False))),
        ("(a + b) default p", s.Default(AT, paren(calc(A, "+", B)), ref("p"))),
        ("days since a", s.Since(AT, "day", A)),
        ("months since a > 3", compare(s.Since(AT, "month", A), ">", num(3))),
        ("years since (a)", s.Since(AT, "year", paren(A))),
        ("days since a default 2026-01-01", s.Since(AT, "day", s.Default(AT, A, day("2026-01-01")))),
        ("decile of a = 10", compare(s.Relative(AT, "decile", A, None), "=", num(10))),
        ("quintile of (a + b)", s.Relative(AT, "quintile", paren(calc(A, "+", B)), None)),
        ("quartile of a", s.Relative(AT, "quartile", A, None)),
        ("percentile of a < 10%", compare(s.Relative(AT, "percentile", A, None), "<", pct(10))),
        ("top 10% by a", s.Relative(AT, "top", A, pct(10))),
        ("previous s is prime", compare(s.Previous(AT, ref("s")), "=", ref("prime"))),
        ("previous s is missing", s.IsMissing(AT, s.Previous(AT, ref("s")), known=False)),
    ],
)
def test_expressions(written: str, expected: s.Expr) -> None:
    check(expr(written), expected)


# -- aggregates --------------------------------------------------------------------------------------------------

LAST_90 = last(during(90, "day"))


@pytest.mark.parametrize(
    "written, expected",
    [
        ("count of e in last 90 days", aggregate("count", "e", LAST_90)),
        ("count of e in last 1 month", aggregate("count", "e", last(during(1, "month")))),
        ("count of e ever", aggregate("count", "e", EVER)),
        ("count of e in last lookback", aggregate("count", "e", last(ref("lookback")))),
        (
            "sum of a from e in last 12 months except last 6 months",
            aggregate("sum", "e", last(during(12, "month"), during(6, "month")), value=A),
        ),
        ("average of a from e ever", aggregate("average", "e", EVER, value=A)),
        ("min of a from e ever", aggregate("min", "e", EVER, value=A)),
        ("max of a from e in last 2 years", aggregate("max", "e", last(during(2, "year")), value=A)),
        ("median of a from e ever", aggregate("median", "e", EVER, value=A)),
        ("first of a from e ever", aggregate("first", "e", EVER, value=A)),
        ("latest of a from e ever", aggregate("latest", "e", EVER, value=A)),
        ("distinct count of a from e ever", aggregate("distinct count", "e", EVER, value=A)),
        ("trend per month of a from e in last 90 days", aggregate("trend per month", "e", LAST_90, value=A)),
        ("any e in last 90 days", aggregate("any", "e", LAST_90)),
        ("no e where a ever", aggregate("no", "e", EVER, where=A)),
        ("sum of (a * b) from e ever", aggregate("sum", "e", EVER, value=paren(calc(A, "*", B)))),
        (
            "count of e where a > 1 and b in last 90 days",
            aggregate("count", "e", LAST_90, where=both(compare(A, ">", num(1)), B)),
        ),
        ("count of e in last 90 days > 2", compare(aggregate("count", "e", LAST_90), ">", num(2))),
        ("any e ever and a", both(aggregate("any", "e", EVER), A)),
        ("any t and a", both(aggregate("any", "t"), A)),
        ("count of t where a ever = 0", compare(aggregate("count", "t", EVER, where=A), "=", num(0))),
        ("(count of t where a and b) > 2", compare(paren(aggregate("count", "t", where=both(A, B))), ">", num(2))),
        (
            "count of e where (any f ever) in last 90 days",
            aggregate("count", "e", LAST_90, where=paren(aggregate("any", "f", EVER))),
        ),
        (
            "a default 0 + (sum of b from e ever)",
            calc(s.Default(AT, A, num(0)), "+", paren(aggregate("sum", "e", EVER, value=B))),
        ),
    ],
)
def test_aggregates(written: str, expected: s.Expr) -> None:
    check(expr(written), expected)


def test_the_words_of_operators_and_functions_have_their_places() -> None:
    source = Source("x.seg", "let x = distinct count of a from e ever is at least 3 and b + 1 > 2")
    document, _ = parse(source)
    (let,) = document.declarations
    assert isinstance(let, s.Let)
    assert isinstance(let.value, s.Logic)
    assert [source.words(at) for at in let.value.operator_spans] == ["and"]
    left, right = let.value.operands
    assert isinstance(left, s.Comparison)
    assert isinstance(left.left, s.Aggregate)
    assert source.words(left.operator_span) == "is at least"
    assert source.words(left.left.function_span) == "distinct count"
    assert source.words(left.left.span) == "distinct count of a from e ever"
    assert isinstance(right, s.Comparison)
    assert isinstance(right.left, s.Arithmetic)
    assert source.words(right.left.operator_span) == "+"
    assert source.words(right.span) == "b + 1 > 2"


# -- where keywords are names ------------------------------------------------------------------------------------


KEYWORDS_AS_NAMES = [
    *("count", "sum", "average", "min", "max", "median", "first", "latest", "distinct", "trend", "any", "no"),
    *("previous", "days", "months", "years", "decile", "quintile", "quartile", "percentile", "top", "share", "net"),
    *("one", "in", "from", "where", "when", "unless", "default", "to", "key", "table", "let", "segment", "purpose"),
    *("optional", "last", "ever", "otherwise", "date", "text", "money"),
    *("return", "investment", "loss", "ratio", "cost", "serve", "conversion", "renewal", "clv", "risk", "adjusted"),
]


@pytest.mark.parametrize("word", KEYWORDS_AS_NAMES)
def test_a_keyword_is_a_name_where_it_cannot_stand(word: str) -> None:
    check(only(f"let {word} = 1"), s.Let(AT, name(word), None, None, num(1)))
    check(expr(f"{word} >= 3 and a"), both(compare(ref(word), ">=", num(3)), A))
    check(expr(f"{word} is missing"), s.IsMissing(AT, ref(word), known=False))
    check(expr(f"t.{word}"), ref(f"t.{word}"))
    check(expr(f"a is {word}"), compare(A, "=", ref(word)))


@pytest.mark.parametrize("word", ["not", "true", "false", "missing", "known", "is", "and"])
def test_in_backquotes_everything_is_a_name(word: str) -> None:
    check(expr(f"`{word}` = 3"), compare(s.Ref(AT, (name(word),)), "=", num(3)))
    check(expr(f"a is `{word}`"), compare(A, "=", s.Ref(AT, (name(word),))))


@pytest.mark.parametrize(
    "written, fields",
    [
        ("from date", ["from"]),
        ("policy text", ["policy"]),
        ("from # the first\n date", ["from"]),
        ("optional integer optional", ["optional"]),
        ("a money optional date date", ["a", "date"]),
        ("a text protected\n text text", ["a", "text"]),
        ("let integer\n segment text\n table boolean", ["let", "segment", "table"]),
        ('for one of "a" missing money(4) as text', ["for", "missing", "as"]),
        ("a integer for p\n date date", ["a", "date"]),
        ("`of` text `a b` date", ["of", "a b"]),
        ("date date date date", ["date", "date"]),
        ('one one of "a"\n two text', ["one", "two"]),
    ],
)
def test_a_word_before_a_type_is_a_fields_name(written: str, fields: list[str]) -> None:
    table = only(f"table t key k\n{written}")
    assert isinstance(table, s.TableDecl)
    assert [declared.name.text for declared in table.fields] == fields


@pytest.mark.parametrize("word", ["number", "date", "text"])
def test_the_key_and_the_time_of_a_table_may_be_called_like_types(word: str) -> None:
    table = only(f"table t key {word}\n {word} {word}\n b text")
    assert isinstance(table, s.TableDecl)
    assert table.key == name(word)
    assert [declared.name.text for declared in table.fields] == [word, "b"]
    events = only(f"events e of t by k at {word}\n k integer\n {word} date")
    assert isinstance(events, s.TableDecl)
    assert events.at == name(word)
    assert [declared.name.text for declared in events.fields] == ["k", word]


# -- fields ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written, expected",
    [
        *((word, s.TypeExpr(AT, word)) for word in ("integer", "number", "percent", "money", "text", "boolean")),
        ("date", s.TypeExpr(AT, "date")),
        ("timestamp", s.TypeExpr(AT, "timestamp")),
        ("money(4)", s.TypeExpr(AT, "money", scale=4)),
        ("money ( 0 )", s.TypeExpr(AT, "money", scale=0)),
        ('one of "a"', s.TypeExpr(AT, "one of", choices=(text("a"),))),
        ('one of "a", "b", "c"', s.TypeExpr(AT, "one of", choices=(text("a"), text("b"), text("c")))),
    ],
)
def test_types(written: str, expected: s.TypeExpr) -> None:
    check(field(f"f {written}"), s.FieldDecl(AT, name("f"), expected, (), None))


@pytest.mark.parametrize(
    "written, expected",
    [
        ("from 18 to 120", s.Domain(AT, span(num(18), num(120)))),
        ("from 0", s.Domain(AT, span(num(0), None))),
        ("to 10", s.Domain(AT, span(None, num(10)))),
        ("from -5 to -1", s.Domain(AT, span(num(-5), num(-1)))),
        ("from 30% to 70%", s.Domain(AT, span(pct(30), pct(70)))),
        ("from 2020-01-01", s.Domain(AT, span(day("2020-01-01"), None))),
        ("[640..720)", s.Domain(AT, span(num(640), num(720), "[)"))),
        ("(0..1]", s.Domain(AT, span(num(0), num(1), "(]"))),
        ("[0.5 .. 1.5]", s.Domain(AT, span(num("0.5"), num("1.5")))),
        ("[0..)", s.Domain(AT, span(num(0), None, "[)"))),
        ("optional", s.Optional(AT)),
        ('as "RGN_CD_2"', s.As(AT, text("RGN_CD_2"))),
        ("in points", s.InPoints(AT)),
        ('written "%b-%Y"', s.Written(AT, text("%b-%Y"))),
        ('true when "Yes"', s.TruthWhen(AT, True, (text("Yes"),))),
        ('true when "Yes", "Y"', s.TruthWhen(AT, True, (text("Yes"), text("Y")))),
        ("false when 0, 2", s.TruthWhen(AT, False, (num(0), num(2)))),
        ("missing when 0, 999", s.MissingWhen(AT, (num(0), num(999)))),
        ("missing when -1", s.MissingWhen(AT, (num(-1),))),
        ("others missing", s.OthersMissing(AT)),
        ("protected", s.Protected(AT)),
        ("personal", s.Personal(AT)),
        ("consent for marketing", s.ConsentFor(AT, names("marketing"))),
        ("consent for a, b", s.ConsentFor(AT, names("a", "b"))),
        ("for a, b, c", s.PurposeLimit(AT, names("a", "b", "c"))),
    ],
)
@pytest.mark.parametrize("before, after", [("", ""), (", ", ""), ("", ' "Title"')])
def test_modifiers(written: str, expected: s.Modifier, before: str, after: str) -> None:
    title = text("Title") if after else None
    check(
        field(f"f number{before} {written}{after}"),
        s.FieldDecl(AT, name("f"), s.TypeExpr(AT, "number"), (expected,), title),
    )


A_B = s.TypeExpr(AT, "one of", choices=(text("a"), text("b")))


@pytest.mark.parametrize(
    "written, type_, modifiers, title",
    [
        # in any order, with or without a comma between
        (
            'text optional as "X" protected',
            s.TypeExpr(AT, "text"),
            (s.Optional(AT), s.As(AT, text("X")), s.Protected(AT)),
            None,
        ),
        (
            'text protected, as "X", optional',
            s.TypeExpr(AT, "text"),
            (s.Protected(AT), s.As(AT, text("X")), s.Optional(AT)),
            None,
        ),
        ('text "Title" optional', s.TypeExpr(AT, "text"), (s.Optional(AT),), "Title"),
        # after a comma a literal continues a list; without one a text is the title
        ('one of "a", "b" "Title"', A_B, (), "Title"),
        ('one of "a", "b", optional', A_B, (s.Optional(AT),), None),
        ('text missing when "x" "Title"', s.TypeExpr(AT, "text"), (s.MissingWhen(AT, (text("x"),)),), "Title"),
        (
            'text missing when "x", "Title"',
            s.TypeExpr(AT, "text"),
            (s.MissingWhen(AT, (text("x"), text("Title"))),),
            None,
        ),
        # `true` or `false` followed by `when` does not continue a list
        (
            'boolean true when "Yes", false when "No"',
            s.TypeExpr(AT, "boolean"),
            (s.TruthWhen(AT, True, (text("Yes"),)), s.TruthWhen(AT, False, (text("No"),))),
            None,
        ),
        (
            "boolean missing when true, false",
            s.TypeExpr(AT, "boolean"),
            (s.MissingWhen(AT, (truth(True), truth(False))),),
            None,
        ),
        # a word that is a modifier's keyword is that modifier, never a purpose
        (
            "percent for credit_risk, marketing, optional from 0",
            s.TypeExpr(AT, "percent"),
            (s.PurposeLimit(AT, names("credit_risk", "marketing")), s.Optional(AT), s.Domain(AT, span(num(0), None))),
            None,
        ),
        ("number from 3, to 5", s.TypeExpr(AT, "number"), (s.Domain(AT, span(num(3), num(5))),), None),
    ],
)
def test_what_follows_a_type(
    written: str, type_: s.TypeExpr, modifiers: tuple[s.Modifier, ...], title: str | None
) -> None:
    check(
        field(f"f {written}"),
        s.FieldDecl(AT, name("f"), type_, modifiers, None if title is None else text(title)),
    )


def test_a_list_is_underlined_as_a_whole() -> None:
    source = Source("x.seg", "table t key k\n f text missing when 0, 999 from 3 to 4 optional")
    (table,) = parse(source)[0].declarations
    assert isinstance(table, s.TableDecl)
    modifiers = table.fields[0].modifiers
    assert [source.words(modifier.span) for modifier in modifiers] == ["missing when 0, 999", "from 3 to 4", "optional"]


# -- tables ------------------------------------------------------------------------------------------------------


def table(**parts: object) -> s.TableDecl:
    whole: dict[str, object] = {
        "name": name("t"),
        "title": None,
        "events": False,
        "parent": None,
        "by": None,
        "key": None,
        "at": None,
        "known_at": None,
        "then": None,
        "fields": (),
        **parts,
    }
    return s.TableDecl(AT, **whole)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    "written, expected",
    [
        ("table t key k", table(key=name("k"))),
        ('table t "T" key k', table(title=text("T"), key=name("k"))),
        ("table t key k at s", table(key=name("k"), at=name("s"))),
        ("table t of c by f", table(parent=name("c"), by=name("f"))),
        ('table t "T" of c by f key k', table(title=text("T"), parent=name("c"), by=name("f"), key=name("k"))),
        ("table t of c by f key k at s", table(parent=name("c"), by=name("f"), key=name("k"), at=name("s"))),
        ("events t of c by f at w", table(events=True, parent=name("c"), by=name("f"), at=name("w"))),
        (
            'events t "T" of c by f at w known at v then n',
            table(
                events=True,
                title=text("T"),
                parent=name("c"),
                by=name("f"),
                at=name("w"),
                known_at=name("v"),
                then=name("n"),
            ),
        ),
        (
            "events t of c by f at w then n",
            table(events=True, parent=name("c"), by=name("f"), at=name("w"), then=name("n")),
        ),
    ],
)
def test_tables(written: str, expected: s.TableDecl) -> None:
    check(only(written), expected)


# -- other declarations about data -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written, expected",
    [
        ('use "../data.seg"', s.Use(AT, text("../data.seg"))),
        ("purposes a", s.Purposes(AT, names("a"), (None,))),
        ('purposes a "A", b', s.Purposes(AT, names("a", "b"), (text("A"), None))),
        ("freshness payments within 35 days", s.Freshness(AT, name("payments"), during(35, "day"))),
        ("parameter p = 720", s.Parameter(AT, name("p"), num(720), None, None)),
        ("parameter p = -5", s.Parameter(AT, name("p"), num(-5), None, None)),
        ('parameter p = "a" "T"', s.Parameter(AT, name("p"), text("a"), None, text("T"))),
        ('parameter p "T" = true', s.Parameter(AT, name("p"), truth(True), None, text("T"))),
        ("parameter p = 720 from 600 to 800", s.Parameter(AT, name("p"), num(720), span(num(600), num(800)), None)),
        ("parameter p = 720 [600..800)", s.Parameter(AT, name("p"), num(720), span(num(600), num(800), "[)"), None)),
        ("parameter p = 30% to 50%", s.Parameter(AT, name("p"), pct(30), span(None, pct(50)), None)),
        (
            'parameter lookback = 90 days from 30 days to 365 days "How far"',
            s.Parameter(
                AT, name("lookback"), during(90, "day"), span(during(30, "day"), during(365, "day")), text("How far")
            ),
        ),
        ("let x = a", s.Let(AT, name("x"), None, None, A)),
        ('let x "X" of accounts = a', s.Let(AT, name("x"), text("X"), name("accounts"), A)),
        ("let x of accounts = a > 1", s.Let(AT, name("x"), None, name("accounts"), compare(A, ">", num(1)))),
    ],
)
def test_declarations_about_data(written: str, expected: s.Declaration) -> None:
    check(only(written), expected)


def test_declarations_follow_each_other_in_any_order() -> None:
    assert [
        type(found).__name__ for found in read('let a = 1 use "x" let b = a table t key k purposes p let c = b')
    ] == [
        "Let",
        "Use",
        "Let",
        "TableDecl",
        "Purposes",
        "Let",
    ]
