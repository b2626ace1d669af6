"""Names that nearly match."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches

from ..diagnostics import Fix, replace
from ..source import Span
from ..syntax import Name


def suggest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `word` was probably meant to be, None where nothing is near.

    Case and underscores count little: `Credit-Score` is near `credit_score`."""
    plain: dict[str, str] = {}
    for candidate in candidates:
        plain.setdefault(_plain(candidate), candidate)
    nearest = get_close_matches(_plain(word), plain, n=1, cutoff=0.7)
    return plain[nearest[0]] if nearest else None


def did_you_mean(name: Name, candidates: Iterable[str]) -> list[Fix]:
    """The fix that writes the nearest of `candidates` instead of `name`; empty where nothing is near."""
    return suggestion_at(name.span, name.text, candidates, quote=written)


def suggestion_at(span: Span, word: str, candidates: Iterable[str], quote: Callable[[str], str] = str) -> list[Fix]:
    """The fix that writes the nearest of `candidates` under `span`, where `word` stands; `quote` gives the written
    form of a candidate."""
    nearest = suggest(word, candidates)
    if nearest is None or nearest == word:
        return []
    return [replace(span, quote(nearest), f"did you mean `{nearest}`?")]


def written(name: str) -> str:
    """How a name is written in a rule file: in backquotes where it is not a word."""
    return name if name.isidentifier() else f"`{name}`"


def _plain(word: str) -> str:
    return word.casefold().replace("_", "").replace("-", "").replace(" ", "")
