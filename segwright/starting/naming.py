"""Names of columns and files as rule files write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from ..dsl.lexer import KEYWORDS, TYPE_WORDS
from .words import parts

_NAME = re.compile(r"[^\W\d]\w*")


def is_name(text: str) -> bool:
    """Whether a text is a name as it stands, without backquotes."""
    return _NAME.fullmatch(text) is not None and unicodedata.normalize("NFC", text) == text


def identifier(text: str, taken: Collection[str], otherwise: str) -> str:
    """A name for what is called `text`: the same where that is one, else its letters, digits and `_` in lower case;
    with a number behind it where it is taken."""
    text = unicodedata.normalize("NFC", text)
    name = text if is_name(text) else re.sub(r"[\W_]+", "_", text).strip("_").lower()
    if not name:
        name = otherwise
    elif not is_name(name):
        name = f"{otherwise}_{name}"
    return unique(name, taken)


def unique(name: str, taken: Collection[str]) -> str:
    """The name, or the name with the first number that makes it a new one; letters' case makes none."""
    known = {each.casefold() for each in taken}
    numbers = (f"{name}_{number}" for number in range(2, len(known) + 3))
    return next(each for each in (name, *numbers) if each.casefold() not in known)


def declared(name: str) -> str:
    """A table's name: without one that is a keyword, since it also stands in conditions."""
    return f"{name}_data" if name in KEYWORDS else name


def in_head(name: str) -> str:
    """A field's name in the head of its table, where keywords follow it."""
    return f"`{name}`" if name in KEYWORDS else name


def at_declaration(name: str) -> str:
    """A field's name at its declaration, where only the word for a type could be read as one."""
    return f"`{name}`" if name in TYPE_WORDS else name


def singular(name: str) -> str:
    """A table's name without its plural's ending, roughly: `customers`, `klanten`, `policies`."""
    word = "_".join(parts(name))
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("en", ""), ("s", "")):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word.removesuffix(ending) + instead
    return word


def in_words(name: str) -> str:
    """A name as a title has it: `days_late` and `daysLate` are `days late`."""
    return " ".join(parts(name)) or name
