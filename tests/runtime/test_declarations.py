"""Data that breaks its contract, and what below the problem says of a declaration that may be meant."""

import pytest
from runtime.projects import Project

from segwright.runtime.errors import DataError, Violation

RULES = """
table customers key id
  id  integer
  x   {declared}
segmentation risk of customers
  overlapping
  segment there when x is known
"""


def hints(project: Project, declared: str, values: str) -> list[str | None]:
    """What is said below each violation of a column of these values."""
    project.rules(RULES.format(declared=declared))
    rows = "".join(f'{number},"{value}"\n' for number, value in enumerate(values.split("|")))
    project.file("customers", f"id,x\n{rows}")
    return [violation.hint for violation in project.violations()]


@pytest.mark.parametrize(
    "declared, values, hint",
    [
        (
            "percent from 0% to 150% optional",
            "12.5|30.0|12.5",
            "if 12.5 stands for 12.5%, declare it `percent in points`",
        ),
        (
            "integer from 300 to 850 optional",
            "700|999|999",
            "if 999 stands for no value, declare it `missing when 999`",
        ),
        ("number from 1 optional", "-1", "if -1 stands for no value, declare it `missing when -1`"),
        ("integer from 300 to 850 missing when 0", "999", "if 999 stands for no value, declare it `missing when 999`"),
        ("date optional", "31/01/2026", '`written` says how the column writes it, such as `date written "%d/%m/%Y"`'),
        (
            "timestamp optional",
            "31/01/2026",
            '`written` says how the column writes it, such as `timestamp written "%d/%m/%Y"`',
        ),
        ("money optional", "1.234,50", "numbers have a decimal point, and nothing between thousands"),
        (
            "boolean optional",
            "ja",
            'the codes of the column are declared, such as `boolean true when "Yes" false when "No"`',
        ),
        (
            'one of "app", "web" optional',
            "App",
            "what is allowed stands on the list; with `others missing` everything else is read as missing",
        ),
    ],
)
def test_a_declaration_that_may_be_meant(project: Project, declared: str, values: str, hint: str) -> None:
    assert hints(project, declared, values) == [hint]


@pytest.mark.parametrize(
    "declared, values",
    [
        ("percent from 0% to 150% optional", "151"),  # 1.51 would lie outside as well
        ("percent from 0% to 150% optional", "12.5|200"),
        ("percent in points from 0% to 150% optional", "151"),
        ("integer from 300 to 850 optional", "299"),
        ("integer from 300 to 850 optional", "999|998"),
        ("integer from 300 to 850 optional personal", "999"),
        ("integer from 300 to 850", "700||"),
        ('date written "%Y" optional', "31/01/2026"),
        ("money optional", "lots"),
    ],
)
def test_nothing_is_guessed(project: Project, declared: str, values: str) -> None:
    assert set(hints(project, declared, values)) == {None}


def test_doubles_are_told_as_whole_numbers(project: Project) -> None:
    project.rules(RULES.format(declared="integer from 300 to 850 optional"))
    project.table("customers", "(1, 999.0::DOUBLE)", "id, x")
    (violation,) = project.violations()
    assert violation.hint == "if 999 stands for no value, declare it `missing when 999`"


def test_what_may_be_meant_stands_below_the_problem() -> None:

    first = Violation("value", "customers", "x", 1, "`x`: something", hint="perhaps this")
    second = Violation("value", "customers", "y", 1, "`y`: something else")
    error = DataError([first, second])
    assert error.message.endswith("\n  `x`: something\n    = perhaps this\n  `y`: something else")
    assert (first.as_json()["hint"], second.as_json()["hint"]) == ("perhaps this", None)
