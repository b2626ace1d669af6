"""Mistakes as people make them: one problem each, under the right words, and read on as if it had been written right.

A case is a text with the mistake, the code, exactly the words underlined, and what the first fix makes of the text
(None where the mistake has no single remedy). A text that is mended by its fix says the same before and after.
"""

import pytest

from segwright.dsl import syntax as s
from segwright.dsl.diagnostics import Diagnostic, Fix
from segwright.dsl.parse import parse
from segwright.dsl.source import Source

Case = tuple[str, str, str, str | None]

CONDITIONS: list[Case] = [
    # signs and words of other languages
    ("a <> 3", "SEG015", "<>", "a != 3"),
    ("a < > 3", "SEG015", "< >", "a != 3"),
    ("a == 3", "SEG015", "==", "a = 3"),
    ("a = = 3", "SEG015", "= =", "a = 3"),
    ("a => 3", "SEG015", "=>", "a >= 3"),
    ("a = > 3", "SEG015", "= >", "a >= 3"),
    ("a =< 3", "SEG015", "=<", "a <= 3"),
    ("a > = 3", "SEG015", "> =", "a >= 3"),
    ("a ≥ 3", "SEG015", "≥", "a >= 3"),
    ("a ≠ 3", "SEG015", "≠", "a != 3"),
    ("a – 3 > 0", "SEG015", "–", "a - 3 > 0"),
    ("a × 3 > 0", "SEG015", "×", "a * 3 > 0"),
    ("a && b", "SEG015", "&&", "a and b"),
    ("a & b", "SEG015", "&", "a and b"),
    ("a || b", "SEG015", "||", "a or b"),
    ("a | b", "SEG015", "|", "a or b"),
    ("!a", "SEG015", "!", "not a"),
    ("a ** 2 > 4", "SEG015", "**", None),
    ("a is greater than 3", "SEG015", "is greater than", "a > 3"),
    ("a greater than or equal to 3", "SEG015", "greater than or equal to", "a >= 3"),
    ("a more than 3", "SEG015", "more than", "a > 3"),
    ("a is less than 3", "SEG015", "is less than", "a < 3"),
    ("a equals 3", "SEG015", "equals", "a = 3"),
    ("a is equal to 3", "SEG015", "is equal to", "a = 3"),
    ("a over 3", "SEG015", "over", "a > 3"),
    # missing values
    ("a is null", "SEG016", "is null", "a is missing"),
    ("a is NULL", "SEG016", "is NULL", "a is missing"),
    ("a IS NOT NULL", "SEG016", "IS NOT NULL", "a is known"),
    ("a is None", "SEG016", "is None", "a is missing"),
    ("a = null", "SEG016", "= null", "a is missing"),
    ("a != null and b", "SEG016", "!= null", "a is known and b"),
    ("a = missing", "SEG016", "= missing", "a is missing"),
    ("a is not missing", "SEG016", "is not missing", "a is known"),
    ("a is not known", "SEG016", "is not known", "a is missing"),
    # lists
    ('a in ("x", "y")', "SEG017", "in", 'a is one of ("x", "y")'),
    ('a not in ("x", "y")', "SEG017", "not in", 'a is not one of ("x", "y")'),
    ('a is in ("x")', "SEG017", "is in", 'a is one of ("x")'),
    ('a is not in ("x")', "SEG017", "is not in", 'a is not one of ("x")'),
    ("count of e where a in (1, 2) ever > 3", "SEG017", "in", "count of e where a is one of (1, 2) ever > 3"),
    ('a is one of "x", "y"', "SEG017", '"x", "y"', 'a is one of ("x", "y")'),
    ('a is one of ["x", "y"]', "SEG017", '["x", "y"]', 'a is one of ("x", "y")'),
    ("a is one of (1, 2,)", "SEG023", ",", "a is one of (1, 2)"),
    ("a is one of (1,, 2)", "SEG023", ",", "a is one of (1, 2)"),
    # quotes
    ("a = 'x'", "SEG005", "'x'", 'a = "x"'),
    ("a = “x y”", "SEG005", "“x y”", 'a = "x y"'),
    ("a = ‘x’", "SEG005", "‘x’", 'a = "x"'),
    ("a = «x»", "SEG005", "«x»", 'a = "x"'),
    ('a = "x', "SEG004", '"x', 'a = "x"'),
    ('a = "x”', "SEG004", '"x”', 'a = "x"'),
    ("`a = 3", "SEG004", "`a", None),
    (r'a = "x\y"', "SEG028", "\\", r'a = "x\\y"'),
    # numbers, amounts, dates
    ("a > 0,5", "SEG006", "0,5", "a > 0.5"),
    ("a > 12,5%", "SEG006", "12,5%", "a > 12.5%"),
    ("a > 1,000", "SEG006", "1,000", "a > 1_000"),
    ("a > 1,000,000.50", "SEG006", "1,000,000.50", "a > 1_000_000.50"),
    ("a > 1__0", "SEG006", "1__0", "a > 1_0"),
    ("a > 1_", "SEG006", "1_", "a > 1"),
    ("a > .5", "SEG006", ".5", "a > 0.5"),
    ("a > 1e5", "SEG006", "1e5", "a > 100000"),
    ("a > 500k", "SEG006", "500k", "a > 500000"),
    ("a > 1.2.3", "SEG006", "1.2.3", None),
    ("count of e in last 90days > 1", "SEG006", "90days", "count of e in last 90 days > 1"),
    ("a > $1,000", "SEG007", "$1,000", "a > 1000"),
    ("a > € 500", "SEG007", "€ 500", "a > 500"),
    ("a > 1.500,50 €", "SEG007", "1.500,50 €", "a > 1500.50"),
    ("a is one of (€ 5, € 6.50)", "SEG007", "€ 5", None),
    ("a > 2026-02-30", "SEG008", "2026-02-30", "a > 2026-02-28"),
    ("a > 2026-13-01", "SEG008", "2026-13-01", "a > 2026-12-01"),
    ("a > 2026-1-5", "SEG008", "2026-1-5", "a > 2026-01-05"),
    ("a > 31-12-2026", "SEG008", "31-12-2026", "a > 2026-12-31"),
    ("a > 12/31/2026", "SEG008", "12/31/2026", "a > 2026-12-31"),
    ("a > 01.02.2026", "SEG008", "01.02.2026", "a > 2026-02-01"),
    ("a > 2026-01-31T10:00:00Z", "SEG008", "2026-01-31T10:00:00Z", "a > 2026-01-31"),
    ("a > 2026-01-31 10:00", "SEG008", "2026-01-31 10:00", "a > 2026-01-31"),
    # durations
    ("days since a > 30 days", "SEG029", "30 days", None),
    ("count of e in last 2 weeks > 3", "SEG029", "2 weeks", "count of e in last 14 days > 3"),
    ("count of e in last 2 quarters > 3", "SEG029", "2 quarters", "count of e in last 6 months > 3"),
    ("any e in last 1.5 years", "SEG029", "1.5 years", None),
    # comments
    ("a > 3 // why", "SEG010", "//", "a > 3 # why"),
    ("a > 3 -- why", "SEG010", "--", "a > 3 # why"),
    ("a /* why */ > 3", "SEG010", "/*", None),
    # keywords
    ("a > 3 AND b", "SEG011", "AND", "a > 3 and b"),
    ("NOT a", "SEG011", "NOT", "not a"),
    ("a Is MISSING", "SEG011", "Is MISSING", "a is missing"),
    ("a = TRUE", "SEG011", "TRUE", "a = true"),
    ("a = False", "SEG011", "False", "a = false"),
    ("COUNT OF e IN LAST 3 months > 2", "SEG011", "COUNT OF", None),
    ("a from 3 to 4", "SEG018", "from 3 to", "a between 3 and 4"),
    ("a between 3 to 4", "SEG018", "to", "a between 3 and 4"),
    ("count of e when a > 3 ever", "SEG018", "when", "count of e where a > 3 ever"),
    ("a contians b", "SEG022", "contians", "a contains b"),
    ("avg of a from e ever > 3", "SEG022", "avg", "average of a from e ever > 3"),
    # what was left out, or stands twice
    ("a is one (1, 2)", "SEG037", "one", "a is one of (1, 2)"),
    ("a is not of (1, 2)", "SEG037", "of", "a is not one of (1, 2)"),
    ("a missing and b", "SEG037", "missing", "a is missing and b"),
    ("sum sum of a from e ever > 3", "SEG021", "sum sum", "sum of a from e ever > 3"),
    ("a > > 3", "SEG021", "> >", "a > 3"),
    ("count e in last 3 days > 2", "SEG037", "count", "count of e in last 3 days > 2"),
    ("sum of a from e last 3 days > 3", "SEG037", "last", "sum of a from e in last 3 days > 3"),
    ("sum of a e ever > 3", "SEG037", "e", "sum of a from e ever > 3"),
    ("a > 3 b > 4", "SEG037", "b", "a > 3 and b > 4"),
    ("(a > 3 and b", "SEG032", "(", "(a > 3 and b)"),
    ("a > 3)", "SEG032", ")", "a > 3"),
    ("a >= 3 and <= 4", "SEG014", "<=", "a >= 3 and a <= 4"),
    ("a >= 3 or is missing", "SEG014", "is", "a >= 3 or a is missing"),
    ("(a + b) > 3 and at most 4", "SEG014", "at", "(a + b) > 3 and (a + b) at most 4"),
    ("1 < a < 5", "SEG013", "<", "1 < a and a < 5"),
    ("1 <= a + b <= 5", "SEG013", "<=", "1 <= a + b and a + b <= 5"),
    (
        "count of e where a > 3",
        "SEG034",
        "count of e where a > 3",
        "count of e where a > 3 in last 90 days",
    ),
    ("count(e) > 2", "SEG035", "count(e)", None),
    # `and` mixed with `or`
    ("a and b or c", "SEG012", "or", "(a and b) or c"),
    ("a or b and c", "SEG012", "and", "a or (b and c)"),
    ("a and b or c and d or e", "SEG012", "or", "(a and b) or (c and d) or e"),
    ("(a and b or c) and d", "SEG012", "or", "((a and b) or c) and d"),
    # habits
    ('a like "NL%"', "SEG018", 'like "NL%"', 'a starts with "NL"'),
    ('a like "%north%"', "SEG018", 'like "%north%"', 'a contains "north"'),
    ('a like "N_L%"', "SEG018", 'like "N_L%"', None),
    ("a < 30 percent", "SEG018", "30 percent", "a < 30%"),
    ("a < 30 pct and b", "SEG018", "30 pct", "a < 30% and b"),
    ("top 10 by a", "SEG018", "10", "top 10% by a"),
    ("a between 600 - 700", "SEG018", "-", "a between 600 and 700"),
    ("a > 1.250,50", "SEG006", "1.250,50", "a > 1_250.50"),
    ("count of e in the last 90 days > 2", "SEG021", "the", "count of e in last 90 days > 2"),
    ("a < 90 days ago", "SEG029", "90 days ago", None),
    ("sum of e.amount in last 3 days > 3", "SEG037", "e.amount", "sum of amount from e in last 3 days > 3"),
    ("sum of amount in last 3 days > 3", "SEG037", "amount", None),
    ("e count in last 3 days > 2", "SEG035", "e count", "count of e in last 3 days > 2"),
    ("a > 3, b", "SEG018", ",", "a > 3 and b"),
    ("a not = 3", "SEG015", "not =", "a != 3"),
    ("a is not equal to 3", "SEG015", "is not equal to", "a != 3"),
    ("a between [3, 4]", "SEG018", "[3, 4]", "a between 3 and 4"),
    ("a older than 90 days", "SEG029", "older than", None),
    ("count of e within 90 days > 3", "SEG018", "within", "count of e in last 90 days > 3"),
    ("count distinct of a from e ever > 3", "SEG035", "count distinct", "distinct count of a from e ever > 3"),
    ("months_since(a) > 3", "SEG035", "months_since(a)", None),
    ("datediff(a, b) > 3", "SEG035", "datediff", None),
    # half finished
    ("a >=", "SEG002", ">=", None),
    # rubbish
    ("a > 3 @", "SEG003", "@", None),
    ("a > 3\0", "SEG003", "\0", None),
    ("a\u200b > 3", "SEG003", "\u200b", "a > 3"),
    ('a = "x\u202ey"', "SEG003", "\u202e", 'a = "xy"'),
    ("a > 3;", "SEG021", ";", "a > 3"),
]

BEFORE = "segmentation s of customers\n  first match wins\n  "
AFTER = "\n  otherwise rest\n"

SEGMENTS: list[Case] = [
    ("segment p a > 3", "SEG019", "a", "segment p when a > 3"),
    ("segment p not a", "SEG019", "not", "segment p when not a"),
    ('segment p "P" (a or b)', "SEG019", "(", 'segment p "P" when (a or b)'),
    ("segment p any e ever", "SEG019", "any", "segment p when any e ever"),
    ("segment p if a > 3", "SEG018", "if", "segment p when a > 3"),
    ("segment p where a > 3", "SEG018", "where", "segment p when a > 3"),
    ("segment p when a except b", "SEG018", "except", "segment p when a unless b"),
    ("segment when a > 3", "SEG020", "segment", None),
    ('segment "The first" when a', "SEG020", "segment", 'segment the_first "The first" when a'),
    ('segment Prime Digital "P" when a', "SEG030", "Prime Digital", 'segment Prime_Digital "P" when a'),
    ("segment prime-digital when a", "SEG030", "prime-digital", "segment prime_digital when a"),
    ("segment 1st when a", "SEG030", "1st", "segment `1st` when a"),
    ("SEGMENT p when a", "SEG011", "SEGMENT", "segment p when a"),
    ("segmnet p when a", "SEG022", "segmnet", "segment p when a"),
    ("segment p wehn a", "SEG022", "wehn", "segment p when a"),
    ("segment p when a end", "SEG021", "end", "segment p when a "),
    ("segment p when a then", "SEG021", "then", "segment p when a "),
    ('segment p when a reason R1 "x", unless b', "SEG023", ",", 'segment p when a reason R1 "x" unless b'),
    ("segment p when case when a then 1 else 2 end", "SEG018", "case when", None),
    ("segment p when a and unless b", "SEG021", "and", "segment p when a unless b"),
    ("segment p when and a > 3", "SEG021", "and", "segment p when a > 3"),
    ("segment p = a > 3", "SEG018", "=", "segment p when a > 3"),
    ("p when a > 3", "SEG037", "p", "segment p when a > 3"),
    ("- segment p when a > 3", "SEG021", "-", "segment p when a > 3"),
    ("segment p when a is no", "SEG018", "no", "segment p when a is false"),
    ("segment p when a >=", "SEG038", ">=", None),
    ("segment p when a and", "SEG038", "and", None),
    ("segment p when a is one of", "SEG038", "of", None),
    ("segment p when a\n  let x = 3\n", "SEG039", "let", None),
    ("segment p when a\n  overlapping\n", "SEG039", "overlapping", None),
    ("segment p when a else b", "SEG018", "else", "segment p when a otherwise b"),
]

DECLARATIONS: list[Case] = [
    ("use data.seg", "SEG005", "data.seg", 'use "data.seg"'),
    ("decision d | a | => d |\n | * | 4 |", "SEG018", "*", "decision d | a | => d |\n | any | 4 |"),
    ("decision d | a | => d |\n | - | 4 |", "SEG018", "-", "decision d | a | => d |\n | any | 4 |"),
    ("decision d | a | => d |\n | 3-6 | 4 |", "SEG018", "3-6", "decision d | a | => d |\n | from 3 to 6 | 4 |"),
    ("scorecard s by a 3 - 6 +40", "SEG018", "3 - 6", "scorecard s by a from 3 to 6 +40"),
    ("scorecard s by a 0% - 30% 40", "SEG018", "0% - 30%", "scorecard s by a from 0% to 30% 40"),
    ("scorecard s by a below 3 = 40", "SEG021", "=", "scorecard s by a below 3  40"),
    ("scorecard s by a below 3 -> 40", "SEG021", "->", "scorecard s by a below 3  40"),
    ('test "t" given a = 3 expect s is p', "SEG021", "=", 'test "t" given a  3 expect s is p'),
    ('test "t" given a 3 and b 4 expect s is p', "SEG018", "and", 'test "t" given a 3 , b 4 expect s is p'),
    ('test "t" given previous s is p expect s is p', "SEG021", "is", 'test "t" given previous s p expect s is p'),
    ("policy hide groups under 10", "SEG018", "under", "policy hide groups below 10"),
    ('guarantee "g" no p if a > 3', "SEG018", "if", 'guarantee "g" no p where a > 3'),
    (
        "segmentation s of c first match segment p when a otherwise r",
        "SEG037",
        "match",
        "segmentation s of c first match wins segment p when a otherwise r",
    ),
    ('let "The score" score = 3', "SEG020", '"The score" score', 'let score "The score" = 3'),
    ('table "Borrowers" t key a a integer', "SEG020", '"Borrowers" t', 'table t "Borrowers" key a a integer'),
    (
        "let x = 3\nd first | a | => d |\n | 3 | 4 |",
        "SEG037",
        "d",
        "let x = 3\ndecision d first | a | => d |\n | 3 | 4 |",
    ),
    ("let x = 3\ns starts at 5 by a below 3 4", "SEG037", "s", "let x = 3\nscorecard s starts at 5 by a below 3 4"),
    ("let = 3", "SEG020", "let", None),
    ("let x 3", "SEG037", "3", "let x = 3"),
    ("let x count of e ever", "SEG037", "count", "let x = count of e ever"),
    ("let credit-score = 3", "SEG030", "credit-score", "let credit_score = 3"),
    ("let late payments = 3", "SEG030", "late payments", "let late_payments = 3"),
    ("tabel t key a a integer", "SEG022", "tabel", "table t key a a integer"),
    ("table t key a\n a integer,\n b text", "SEG023", ",", "table t key a\n a integer\n b text"),
    ("table t key a\n a integer,\nlet x = 3", "SEG023", ",", "table t key a\n a integer\nlet x = 3"),
    ("table t key a a integer optionl", "SEG022", "optionl", "table t key a a integer optional"),
    ("table t key a a int", "SEG033", "int", "table t key a a integer"),
    ("table t key a a varchar(20) optional", "SEG033", "varchar", None),
    ("table t key a a txet", "SEG033", "txet", "table t key a a text"),
    ('table t key a a one "x", "y"', "SEG037", "one", 'table t key a a one of "x", "y"'),
    ("table t key a\n a blob\n b text", "SEG033", "blob", None),
    ('table t key a a one of "x" "y", "z"', "SEG037", '"y"', 'table t key a a one of "x", "y", "z"'),
    ('table t key a a text, "title"', "SEG024", '"title"', 'table t key a a text "title"'),
    ("table t key a a text, 3, 4", "SEG024", "3", None),
    ("table t key a a text protected, p", "SEG024", "p", None),
    ('table t key a a text "x" "y"', "SEG025", '"y"', None),
    ('parameter p "x" = 3 "y"', "SEG025", '"y"', None),
    ("table t\n a integer\nlet x = 3", "SEG036", "t", None),
    ("events e of t by a\n a integer\nlet x = 3", "SEG036", "e", None),
    ("table t key a a money(99)", "SEG006", "99", "table t key a a money(2)"),
    (
        "segmentation s of c first match win otherwise r",
        "SEG022",
        "win",
        "segmentation s of c first match wins otherwise r",
    ),
    ("segmentation s of c first match wins { otherwise r", "SEG021", "{", None),
    ("decision d\n | a | => d |\n |---|------|\n | 3 | 4 |", "SEG031", "|---|------|", None),
    ("decision d | a | b | => d |\n | 1 | | 3 |", "SEG027", " | | ", None),
    ("decision d | a | b | => d |\n | 1 | 3 |\n | 1 | 2 | 3 |", "SEG027", "1 | 3", None),
    ("decision d | a | => d |\n | 1 | any |", "SEG027", "any", None),
    (
        'scorecard s by a below 3 -20 reason R1 otherwise +0 by b below 3 -40 reason R1 "x" otherwise +0',
        "SEG510",
        "R1",
        'scorecard s by a below 3 -20 reason R1 "x" otherwise +0 by b below 3 -40 reason R1 "x" otherwise +0',
    ),
    ("scorecard s by a below 3 -20 reason R1 otherwise +0", "SEG510", "R1", None),
    (
        'decision d first | a | => d |\n | "x" or "y" | 3 |',
        "SEG018",
        "or",
        'decision d first | a | => d |\n | "x", "y" | 3 |',
    ),
    ('test "t" | a | b | => s |\n | 1 | x |', "SEG027", "| a | b | => s |\n | 1 | x |", None),
    ('test "t" expect s is x, y', "SEG024", "y", None),
    ("let a = 1\n<<<<<<< ours\nlet b = 2\n=======\nlet b = 3\n>>>>>>> theirs\nlet c = 4", "SEG009", "<<<<<<<", None),
    ("let x = 3\n}", "SEG021", "}", "let x = 3\n"),
]

CASES: list[Case] = [
    *((f"let x = {wrong}", code, words, right and f"let x = {right}") for wrong, code, words, right in CONDITIONS),
    *(
        (f"{BEFORE}{wrong}{AFTER}", code, words, right and f"{BEFORE}{right}{AFTER}")
        for wrong, code, words, right in SEGMENTS
    ),
    *DECLARATIONS,
]


# The same mistake twice is two problems; what is asserted is the first.
SEVERAL = {"let x = a is one of (€ 5, € 6.50)", "let x = COUNT OF e IN LAST 3 months > 2"}


def found_in(source: Source) -> list[Diagnostic]:
    return list(parse(source)[1])


def mended(text: str, fix: Fix) -> str:
    for edit in sorted(fix.edits, key=lambda edit: edit.span.start, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


@pytest.mark.parametrize("wrong, code, underlined, right", CASES, ids=range(len(CASES)))
def test_a_mistake_is_one_problem(wrong: str, code: str, underlined: str, right: str | None) -> None:
    source = Source("rules.seg", wrong)
    found = found_in(source)
    if wrong in SEVERAL:
        found = found[:1]
    assert [(problem.code, source.words(problem.span)) for problem in found] == [(code, underlined)]
    if right is not None:
        assert mended(wrong, found[0].fixes[0]) == right


FIXED = [(wrong, right) for wrong, code, _, right in CASES if right is not None]


@pytest.mark.parametrize("wrong, right", FIXED, ids=range(len(FIXED)))
def test_a_mended_text_is_right(wrong: str, right: str) -> None:
    del wrong
    assert found_in(Source("rules.seg", right)) == []


# Where a name or a window was missing, or parentheses, the fix says more than was read.
READ_ON = [
    (wrong, right)
    for wrong, code, _, right in CASES
    if right is not None and code not in ("SEG020", "SEG034", "SEG012") and "\u202e" not in wrong
]


@pytest.mark.parametrize("wrong, right", READ_ON, ids=range(len(READ_ON)))
def test_what_follows_a_mistake_is_read_as_if_it_were_right(wrong: str, right: str) -> None:
    assert parse(Source("rules.seg", wrong))[0].declarations == parse(Source("rules.seg", right))[0].declarations


@pytest.mark.parametrize(
    "wrong, fixes",
    [
        ("a and b or c", ["(a and b) or c", "a and (b or c)"]),
        ("a or b or c and d", ["a or b or (c and d)", "(a or b or c) and d"]),
        ("a and b or c and d or e", ["(a and b) or (c and d) or e", "a and (b or c) and (d or e)"]),
    ],
)
def test_both_readings_of_a_mixed_condition_are_offered(wrong: str, fixes: list[str]) -> None:
    text = f"let x = {wrong}"
    (problem,) = found_in(Source("rules.seg", text))
    assert [mended(text, fix) for fix in problem.fixes] == [f"let x = {fix}" for fix in fixes]


def test_an_ambiguous_date_is_offered_in_both_readings() -> None:
    text = "let x = a > 02/03/2026"
    (problem,) = found_in(Source("rules.seg", text))
    assert [mended(text, fix) for fix in problem.fixes] == ["let x = a > 2026-03-02", "let x = a > 2026-02-03"]


def test_of_a_merge_conflict_the_first_side_is_read() -> None:
    text = "let a = 1\n<<<<<<< ours\nlet b = 2\n||||||| base\nlet b = 0\n=======\nlet b = 3\n>>>>>>> theirs\nlet c = 4"
    lets = [let for let in parse(Source("rules.seg", text))[0].declarations if isinstance(let, s.Let)]
    assert [let.name.text for let in lets] == ["a", "b", "c"]


@pytest.mark.parametrize(
    "right",
    [
        "let x = a is none",
        "let x = Any is missing",
        "let x = a is Missing",
        "let x = over + under",
        "let x = a is one of (0,5)",
        "let x = a is one of (1,000)",
        "let else = 3 let end = else + 3",
        "table t key a a text for credit_risk, share, owner",
        "segmentation s first match wins segment end when end segment case when case segment target when target",
        'segmentation s first match wins segment a when target reason R1 "x" otherwise let let y = 3',
        "segmentation s overlapping segment overlapping when score unless test segment b when policy",
        "policy fairness across gender, ratio favourable a",
    ],
)
def test_what_looks_like_a_mistake_and_is_none(right: str) -> None:
    assert [(each.code, each.message) for each in found_in(Source("rules.seg", right))] == []


CELLS = [
    (">= 50%, missing", ">= 50%", "missing"),
    ("3, missing", "3", "missing"),
    ("missing or 3", "missing", "3"),
    ("3, < 2", "3", "< 2"),
    ("< 2 or >= 50%", "< 2", ">= 50%"),
    ("[0..2), is missing", "[0..2)", "is missing"),
]


@pytest.mark.parametrize("wrong, first, second", CELLS, ids=[wrong for wrong, _, _ in CELLS])
def test_a_comparison_stands_alone_in_a_cell_and_a_second_row_takes_the_other(
    wrong: str, first: str, second: str
) -> None:
    rows = "decision d first\n  | n | u | => d |\n{}  | otherwise | 7 |\nlet x = 3"
    text = rows.format(f"  | 1 | {wrong} | 5 |\n")
    source = Source("rules.seg", text)
    document, (problem,) = parse(source)
    assert (problem.code, source.words(problem.span)) == ("SEG001", wrong)
    assert (
        problem.message
        == f"a comparison stands alone in a cell; let a second row take `{second}`, with the same result"
    )
    assert mended(text, problem.fixes[0]) == rows.format(f"  | 1 | {first} | 5 |\n  | 1 | {second} | 5 |\n")
    assert [type(each) for each in document.declarations] == [s.DecisionTable, s.Let]


def test_what_lies_between_two_values_is_a_range_in_a_cell() -> None:
    source = Source("rules.seg", "decision d first\n  | n | => d |\n  | > 3 and <= 5 | 5 |\n  | otherwise | 7 |")
    _, (problem,) = parse(source)
    assert (problem.code, source.words(problem.span), problem.fixes) == ("SEG001", "> 3 and <= 5", ())
    assert problem.hints == ("what lies between two values is a range: `(3..5]`, `from 3 to 5`",)


def test_a_title_behind_its_table_is_moved() -> None:
    text = 'measure nps of customers "NPS" = count of customers'
    source = Source("rules.seg", text)
    document, (problem,) = parse(source)
    assert (problem.code, source.words(problem.span)) == ("SEG020", '"NPS"')
    assert mended(text, problem.fixes[0]) == 'measure nps "NPS" of customers = count of customers'
    assert isinstance(document.declarations[0], s.Measure)
