"""What is said of a mistake in an expression: sentences, fixes, labels, and nothing twice."""

import pytest
from expressions import DATA, checked

from segwright.dsl.program import Aggregate, Call


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


@pytest.mark.parametrize("word", ["today", "TODAY", "now"])
def test_whoever_asks_for_today_is_told_of_the_as_of_date(word: str) -> None:
    _, problems, _ = checked(f"opened_on > {word}")
    (problem,) = problems
    hint = "every run has an as-of date: `days since` a date and `in last 90 days` count from it"
    assert (problem.code, problem.fixes, problem.hints) == ("SEG150", (), (hint,))


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
    scorecard = "scorecard behaviour starts at 500\n  by age\n    below 30 +1.5\n    otherwise 0\n"
    data = f"{DATA}let broken = incme + 1\n{scorecard}"
    _, problems, _ = checked("broken > 3 and behaviour > 450", data=data)
    assert sorted(each.code for each in problems) == ["SEG150", "SEG844"]


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


def test_a_percent_and_a_parameter_that_is_none() -> None:
    _, problems, _ = checked("utilisation > prime")
    assert "a parameter is a percent where its value is one: `parameter prime = …%`" in problems[0].hints


def test_a_table_that_is_not_there() -> None:
    _, problems, _ = checked("borrowers.income > 10")
    assert problems[0].message == "there is no table `borrowers`"
    (hint,) = problems[0].hints
    assert hint.startswith("what can be read here is of `")
