"""The page of each diagnostic code, as it travels with the package."""

from __future__ import annotations

from importlib.resources import files

CODES = files(__name__.rpartition(".")[0]) / "codes"


def all_codes() -> tuple[str, ...]:
    """Every code that has a page, in order."""
    return tuple(sorted(entry.name.removesuffix(".md") for entry in CODES.iterdir() if entry.name.endswith(".md")))


def page(code: str) -> str | None:
    """The Markdown page of a code, None where there is no such code."""
    return (CODES / f"{code}.md").read_text(encoding="utf-8") if code in all_codes() else None
