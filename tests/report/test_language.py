"""Every language says everything, and writes numbers and dates in its own way."""

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest

from segwright.dsl.builtin_measures import BUILTIN_MEASURES
from segwright.dsl.types import Kind
from segwright.report.language import LANGUAGES, language
from segwright.report.wording import finding, group_words, length_words, slug
from segwright.runtime.outcomes.records import FairnessCode, GuardCode, UnseenCode, said
from segwright.runtime.statistics.figures import Method, Reason
from segwright.runtime.statistics.small import Few

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
MADE_UP += ("findings.", "units.", "values.", "few.", "methods.", "reasons.", "definitions.")
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


def test_every_code_and_word_of_the_records_is_worded() -> None:
    words = {
        "findings": [*get_args(GuardCode), *get_args(FairnessCode), *get_args(UnseenCode)],
        "few": [slug(each) for each in get_args(Few)],
        "methods": [slug(each) for each in get_args(Method)],
        "reasons": [slug(each) for each in get_args(Reason)],
        "definitions": [slug(each.name) for each in BUILTIN_MEASURES],
    }
    for section, keys in words.items():
        assert {key.partition(".")[2] for key in EN.words if key.startswith(f"{section}.")} == set(keys)


def test_sentences_with_their_numbers_and_dates() -> None:
    late = said("refresh_late", segmentation="value", every="1 month", last="2026-07-01", due="2026-08-01", days=1)
    assert finding(late, EN) == (
        "`value` is to be refreshed every month. The run before is as of 1 July 2026; this one was due by 1 August "
        "2026 and comes 1 day late."
    )
    assert finding(late, NL) == (
        "`value` wordt elke maand ververst. De vorige run heeft peildatum 1 juli 2026; deze moest er uiterlijk "
        "1 augustus 2026 zijn en komt 1 dag te laat."
    )
    few = said("size_few", segment="top", rows=1200, least=1500)
    assert finding(few, NL) == "`top` heeft 1.200 rijen, minder dan de 1.500 die elk segment nodig heeft."
    below = said("below", least=0.125, lowest="up to 33", most=0.5, highest="from 60", ratio=0.25, limit=0.8)
    assert finding(below, NL, "integer") == (
        "Van 12,5% van `t/m 33` tot 50% van `vanaf 60`: een verhouding van 25%, onder de grens van 80%, en toeval "
        "alleen verklaart dat niet."
    )


@pytest.mark.parametrize(
    "label, kind, said_so",
    [
        ("34 to 45", "integer", "34 t/m 45"),
        ("above 10% up to 20%", "percent", "boven 10% t/m 20%"),
        ("above 20%", "percent", "boven 20%"),
        ("every value", "integer", "alle waarden"),
        ("true", "boolean", "ja"),
        ("7", "integer", "7"),
        ("others", "text", "andere waarden"),
        ("up to date", "text", "up to date"),
    ],
)
def test_groups(label: str, kind: Kind, said_so: str) -> None:
    assert group_words(label, kind, NL) == said_so
    assert group_words(label, kind, EN) == label.replace("others", "other values")


def test_durations() -> None:
    assert [length_words(each, NL) for each in ("1 month", "12 months", "2 years", "2025 Q3", "2025-07")] == [
        "1 maand",
        "12 maanden",
        "2 jaar",
        "2025 Q3",
        "2025-07",
    ]
