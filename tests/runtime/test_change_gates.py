"""Gates of a change in the settings: what they mean, and every mistake with its line."""

from fractions import Fraction
from pathlib import Path

import pytest

from segwright.runtime.change_gates import ChangeGates
from segwright.runtime.errors import SettingsError
from segwright.runtime.settings import Settings, settings_from


def read(gates: str) -> Settings:
    return settings_from(f"# gates\n[gates]\n{gates}\n", Path("project").absolute())


def test_what_is_said() -> None:
    found = read('max_movers = "2.5%"\nnewly_missed_targets = "stop"\nwarnings = "report"\ntargets = "stop"')
    limit = found.change_gates.max_movers
    assert limit is not None
    assert (limit.said, limit.share, limit.rows) == ("2.5%", Fraction(1, 40), None)
    assert limit.of(1_000) == 25
    assert found.change_gates.stop == {"newly_missed_targets"}
    assert found.change_gates.report == {"warnings"}
    assert found.gates == {"targets"}


def test_a_number_of_rows() -> None:
    limit = read("max_movers = 1_500").change_gates.max_movers
    assert limit is not None
    assert (limit.said, limit.of(10), limit.of(1_000_000)) == ("1,500", 1_500, 1_500)


def test_nothing_said() -> None:
    assert read("").change_gates == ChangeGates()


LIMIT = '`max_movers` is a percent of the rows such as "2%", or a whole number of rows'


@pytest.mark.parametrize(
    "text, message",
    [
        ("max_movers = 0.02", f'{LIMIT}; did you mean "2%"?'),
        ("max_movers = 0.125", f'{LIMIT}; did you mean "12.5%"?'),
        ("max_movers = 2.0", LIMIT),
        ('max_movers = "2"', f'{LIMIT}; did you mean "2%", or 2 without quotes?'),
        ('max_movers = "two percent"', LIMIT),
        ('max_movers = "101%"', LIMIT),
        ('max_movers = "-1%"', LIMIT),
        ("max_movers = -1", LIMIT),
        ("max_movers = true", LIMIT),
        ('max_movers = "stop"', LIMIT),
        ("max_movers = nan", LIMIT),
        ('warnings = "2%"', '`warnings` is "stop" or "report"'),
        ('max_mover = "2%"', "unknown setting `max_mover`; did you mean `max_movers`?"),
        ('worse_fairnes = "stop"', "unknown setting `worse_fairnes`; did you mean `worse_fairness`?"),
    ],
)
def test_mistakes_are_told_with_their_line(text: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read(text)
    assert caught.value.message == f"segwright.toml:3: {message}"
