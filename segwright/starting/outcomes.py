"""What the segments of a new project may be judged by: a column that tells how things turned out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ..dsl.wording import text_wording, written
from .naming import in_words
from .records import Guess, TableGuess
from .words import BAD, CONSENT, HAPPENED, STATUS, tells


@dataclass(frozen=True, slots=True)
class Outcome:
    """A share to measure: the field, the measure's name and title, its condition, why, and whether it sounds bad."""

    field: str
    name: str
    title: str
    condition: str
    why: str
    bad: bool


def outcome(table: TableGuess) -> Outcome | None:
    """What tells how things turned out, by its name or its values; nothing personal or protected."""
    named = (_yes(guess, "an outcome, by the name") for guess in _truths(table) if tells(guess.column.name, HAPPENED))
    return next(named, None) or next(filter(None, map(_standing, _open_to_all(table))), None)


def any_truth(table: TableGuess, used: Collection[str]) -> Outcome | None:
    """A yes or no that no segment asks for."""
    return next((_yes(each, "a yes or no") for each in _truths(table) if each.field.name not in used), None)


def _open_to_all(table: TableGuess) -> list[Guess]:
    return [guess for guess in table.fields.values() if not (guess.field.personal or guess.field.protected)]


def _truths(table: TableGuess) -> list[Guess]:
    return [
        guess
        for guess in _open_to_all(table)
        if guess.field.type.kind == "boolean" and not tells(guess.column.name, CONSENT)
    ]


def _yes(guess: Guess, why: str) -> Outcome:
    name = guess.field.name
    bad = tells(guess.column.name, BAD)
    return Outcome(name, f"share_{name}", in_words(name).capitalize(), written(name), why, bad)


def _standing(guess: Guess) -> Outcome | None:
    """A status, some values of which sound bad."""
    field = guess.field
    bad = [each for each in field.type.choices or () if tells(each, BAD)]
    if not bad or len(bad) == len(field.type.choices or ()) or not tells(guess.column.name, STATUS | HAPPENED):
        return None
    values = [text_wording(each) for each in bad]
    asked = f"is {values[0]}" if len(values) == 1 else f"is one of ({', '.join(values)})"
    title, why = f"Bad {in_words(field.name)}", "an outcome: values that sound bad"
    return Outcome(field.name, f"bad_{field.name}", title, f"{written(field.name)} {asked}", why, True)
