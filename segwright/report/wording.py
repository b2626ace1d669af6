"""What records say as codes and English words, in the language of the report."""

from __future__ import annotations

import datetime as dt
import re

from ..dsl.builtin_measures import BUILTIN_MEASURES
from ..dsl.types import Kind
from ..runtime.outcomes.records import Said
from .language import Language

_COUNTED = {"rows": "row", "days": "day", "pairs": "pair", "groups": "group", "conditions": "condition"}
_DATES = {"last", "due", "latest", "ends", "until"}
_NAMED = {each.definition: each.name for each in BUILTIN_MEASURES}
_BANDS = (
    ("above (?P<low>.+) up to (?P<high>.+)", "between"),
    ("above (?P<low>.+)", "above"),
    ("up to (?P<high>.+)", "up_to"),
    ("from (?P<low>.+)", "from"),
    ("(?P<low>.+) to (?P<high>.+)", "from_to"),
    ("every value", "every"),
    ("true", "true"),
    ("false", "false"),
)
"""How the runtime names the groups of values that are no text (`runtime/outcomes/groups.py`)."""


def finding(said: Said, language: Language, kind: Kind = "text") -> str:
    """A sentence; `kind` is that of the field whose groups it names."""
    named = {name: _named(name, value, language, kind) for name, value in said.parameters.items()}
    return language.say(f"findings.{said.code}", **named)


def _named(name: str, value: int | float | str | list[str], language: Language, kind: Kind) -> str:
    match value:
        case int() if name in _COUNTED:
            return language.say(f"units.{_COUNTED[name] if value == 1 else name}", n=language.number(value))
        case int():
            return language.number(value)
        case float():
            return language.percent(value, len(f"{value * 100:.2f}".rstrip("0").partition(".")[2]))
        case list():
            return ", ".join(_quoted(group_words(each, kind, language)) for each in value)
        case str() if name in _DATES:
            return language.date(dt.date.fromisoformat(value))
        case str() if name == "every":
            return language.say(f"units.every_{value[2:]}") if value.startswith("1 ") else length_words(value, language)
        case str() if name == "within":
            return length_words(value, language)
        case str() if name in ("lowest", "highest", "value"):
            return _quoted(group_words(value, kind, language))
        case str():
            return _quoted(value)


def _quoted(name: str) -> str:
    return f"`{name}`"


def length_words(said: str, language: Language) -> str:
    """A duration such as `12 months`; whatever else, such as `2025 Q3`, stays as it is."""
    found = re.fullmatch(r"(\d+) (day|month|year)s?", said)
    if found is None:
        return said
    number, unit = int(found[1]), found[2]
    return language.say(f"units.{unit if number == 1 else f'{unit}s'}", n=language.number(number))


def definition_words(said: str, language: Language) -> str:
    """The formulas of built-in measures."""
    parts = (language.say(f"definitions.{slug(_NAMED[each])}") if each in _NAMED else each for each in said.split("; "))
    return "; ".join(parts)


def group_words(label: str, kind: Kind, language: Language) -> str:
    """The name of a group of a field of that kind; of text the value itself."""
    if label in ("missing", "others"):
        return language.say("fairness.missing" if label == "missing" else "values.others")
    if kind != "text":
        for pattern, key in _BANDS:
            if found := re.fullmatch(pattern, label):
                return language.say(f"values.{key}", **found.groupdict())
    return label


def slug(said: str) -> str:
    """The key of a word of the records: `few_rows` for `few rows`."""
    return re.sub(r"[^a-z]+", "_", said.lower()).strip("_")


def word_of(section: str, said: str, language: Language) -> str:
    """A word of the records; one that only other versions of the product use stays as it is."""
    return language.words.get(f"{section}.{slug(said)}", said)
