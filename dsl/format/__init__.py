"""A rule file in its canonical layout.

The words stay as they were written, with two exceptions that say nothing: commas between a field's modifiers are left
out, and the title of a field or parameter comes last. Where lines end, how far they are set in and what stands in
columns follows from the words alone; of the author's layout only single blank lines between items remain. Comments
stay with the line that they belong to.
"""

from __future__ import annotations

from ..diagnostics import Diagnostic
from ..parse import parse
from ..source import Source
from ..syntax import Document
from .comments import woven
from .declarations import lines_of
from .words import words_of


def formatted(source: Source) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """The canonical text of a rule file, lines ending in `\\n`; None where something is wrong with how it is written,
    and what that is."""
    document, problems = parse(source)
    if problems:
        return None, problems
    text = format_document(document, source)
    again, _ = parse(Source(source.name, text))
    if _content(again) != _content(document):
        raise RuntimeError(f"laying `{source.name}` out would change what it says")
    return text, ()


def format_document(document: Document, source: Source) -> str:
    """The canonical text of a document in which nothing is wrong, read from `source`."""
    w = words_of(source)
    return woven(w, document.comments, lines_of(w, document))


def _content(document: Document) -> tuple[object, ...]:
    return document.declarations, [comment.text for comment in document.comments]
