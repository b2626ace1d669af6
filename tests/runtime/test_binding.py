"""The as-of date and parameters of a run."""

import datetime as dt
from decimal import Decimal

import pytest

from segwright.dsl.program import Call, Domain, FieldRef, Let, Parameter, ParameterRef, Program
from segwright.dsl.types import BOOLEAN, DATE, DURATION, INTEGER, NUMBER, PERCENT, TEXT, Length, Type
from segwright.runtime.binding import bind, worded
from segwright.runtime.errors import SettingsError

AS_OF = dt.date(2026, 9, 1)
PARAMETERS = (
    Parameter("score", None, INTEGER, 720, Domain(600, 800)),
    Parameter("rate", None, NUMBER, 0.5, None),
    Parameter("alert", None, PERCENT, 0.8, Domain(0.5, 1.0)),
    Parameter("place", None, TEXT, "north", None),
    Parameter("strict", None, BOOLEAN, True, None),
    Parameter("since", None, DATE, dt.date(2020, 1, 1), None),
    Parameter("recent", None, DURATION, Length(90, "day"), Domain(Length(30, "day"), Length(180, "day"))),
)
PROGRAM = Program((), (), (), PARAMETERS, (), ())


def test_declared_values_where_none_is_given() -> None:
    binding = bind(PROGRAM, AS_OF, {})
    assert binding.as_of == AS_OF
    assert binding.parameters == {parameter.name: parameter.value for parameter in PARAMETERS}
    assert worded(binding, PROGRAM) == {
        "score": "720",
        "rate": "0.5",
        "alert": "80%",
        "place": '"north"',
        "strict": "true",
        "since": "2020-01-01",
        "recent": "90 days",
    }


@pytest.mark.parametrize(
    "name, text, value",
    [
        ("score", "600", 600),
        ("score", "7_50", 750),
        ("rate", "2", 2.0),
        ("rate", "-0.25", -0.25),
        ("alert", "50%", 0.5),
        ("place", "south", "south"),
        ("place", '"south"', "south"),
        ("place", "it's 5% \\ more", "it's 5% \\ more"),
        ("strict", "false", False),
        ("since", "2024-02-29", dt.date(2024, 2, 29)),
        ("recent", "30 days", Length(30, "day")),
    ],
)
def test_given_values(name: str, text: str, value: object) -> None:
    found = bind(PROGRAM, "2026-09-01", {name: text}).parameters[name]
    assert found == value
    assert type(found) is type(value)
    assert not isinstance(found, Decimal)


@pytest.mark.parametrize(
    "name, text, message",
    [
        ("scor", "700", "there is no parameter `scor`; did you mean `score`?"),
        ("score", "599", "`599` is outside the range of `score`; it is declared as 720 from 600 to 800"),
        ("score", "700.5", "`score` cannot be `700.5`"),
        ("score", "high", "`high` is no value for `score`; it is declared as 720 from 600 to 800"),
        ("score", "700 from 1 to 1000", "`700 from 1 to 1000` is no value for `score`"),
        ("score", '700\nparameter x = 1', "is no value for `score`"),
        ("alert", "0.6", "`alert` cannot be `0.6`"),
        ("alert", "40%", "`40%` is outside the range of `alert`; it is declared as 80% from 50% to 100%"),
        ("recent", "2 months", "`2 months` is not in days, as `recent` is; it is declared as 90 days"),
        ("recent", "200 days", "`200 days` is outside the range of `recent`"),
        ("since", "2023-02-29", "`2023-02-29` is no value for `since`"),
    ],
)  # fmt: skip
def test_values_that_do_not_fit(name: str, text: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        bind(PROGRAM, AS_OF, {name: text})
    assert message in caught.value.message


@pytest.mark.parametrize(
    "as_of, message",
    [
        (None, "as of which date?"),
        ("2026-9-1", "`2026-9-1` is no date such as 2026-09-01"),
        ("2026-02-29", "`2026-02-29` is no date such as 2026-09-01"),
        (dt.datetime(2026, 9, 1), "a date without time"),
    ],
)
def test_as_of_dates(as_of: str | None, message: str) -> None:
    with pytest.raises(SettingsError, match=r".*") as caught:
        bind(PROGRAM, as_of, {})
    assert message in caught.value.message


def test_a_parameter_compared_with_a_list_stays_on_it() -> None:
    channel = FieldRef("customers", "channel", Type("text", choices=("app", "web")))
    own = Call("equal.text", (channel, ParameterRef("own", TEXT)), BOOLEAN)
    program = Program((), (), (), (Parameter("own", None, TEXT, "web", None),), (Let("x", None, "customers", own),), ())
    assert bind(program, AS_OF, {"own": "app"}).parameters == {"own": "app"}
    with pytest.raises(SettingsError, match=r'`own` cannot be "webb": .* only "app", "web"; did you mean "web"'):
        bind(program, AS_OF, {"own": "webb"})
