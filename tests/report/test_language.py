"""Every language says everything, and writes numbers and dates in its own way."""

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest

from segwright.report.language import LANGUAGES, language

EN, NL = language("en"), language("nl")


def named(words: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", words))


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_language_has_the_same_words_with_the_same_names_in_them(name: str) -> None:
    other = language("nl" if name == "nl" else "en")
    assert set(other.words) == set(EN.words)
    assert {key for key in EN.words if named(EN.words[key]) != named(other.words[key])} == set()
    assert [key for key, words in other.words.items() if not words.strip()] == []
    assert len(other.months) == 12


MADE_UP = ("numbers.", "guards.", "outcomes.lower", "outcomes.higher", "funnel.unless", "funnel.consent", "funnel.when")
MADE_UP += ("fairness.favourable", "fairness.unfavourable", "provenance.whole", "provenance.sampled", "unobserved.")
"""Keys whose last part is a word of a record."""


def test_every_word_is_said_somewhere(repository: Path) -> None:
    folder = repository / "segwright" / "report"
    code = "\n".join(path.read_text("utf-8") for path in [*folder.glob("*.py"), *folder.glob("page/*.jinja")])
    said = set(re.findall(r"[\"']([\w.]+)[\"']", code))
    assert [key for key in EN.words if not {key, key.partition(".")[2]} & said and not key.startswith(MADE_UP)] == []


def test_numbers() -> None:
    assert [EN.number(1234567), EN.number(-0.5, 1), EN.number(Decimal("1250.5"), 2)] == [
        "1,234,567",
        "−0.5",
        "1,250.50",
    ]
    assert [NL.number(1234567), NL.number(-0.5, 1), NL.number(Decimal("1250.5"), 2)] == [
        "1.234.567",
        "−0,5",
        "1.250,50",
    ]
    assert EN.number(-0.0001, 2) == "0.00"
    assert [EN.percent(0.0214), NL.percent(0.0214)] == ["2.1%", "2,1%"]
    assert [EN.plain(0.5), NL.plain(2.0), EN.plain(1500.25)] == ["0.5", "2", "1,500.25"]


def test_dates() -> None:
    assert [each.date(dt.date(2026, 3, 1)) for each in (EN, NL)] == ["1 March 2026", "1 maart 2026"]
