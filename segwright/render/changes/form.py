"""What changed in the rules: what changes their meaning first, then what leaves it alone, in a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from .blocks import Block, Fold, Heading, Item, Items, Paragraph
from .words import listed, upper, verb

if TYPE_CHECKING:
    from ...compiler.changes.records import Change, Kind
    from ...difference import Difference
    from ...dsl.source import Span
    from ...runtime.history.version import Version

SHOWN = 12
"""So many changes of meaning are shown; the others are folded away."""

_SAID: Mapping[Kind, tuple[str, str]] = {
    "layout": ("the layout of 1 file", "the layout of {} files"),
    "comments": ("the comments of 1 file", "the comments of {} files"),
    "title": ("1 title", "{} titles"),
    "declaration order": ("the order of declarations in 1 file", "the order of declarations in {} files"),
    "renamed": ("1 name", "{} names"),
    "upkeep": ("the upkeep of 1 segmentation", "the upkeep of {} segmentations"),
    "tests": ("1 test", "{} tests"),
}


def form_said(changes: Sequence[Change]) -> str:
    """`the layout of 2 files, 1 title and 3 names`: how many changes leave the meaning alone, by their kind."""
    counted = [(forms, len(_subjects(kind, changes))) for kind, forms in _SAID.items()]
    return listed([forms[count > 1].format(f"{count:,}") for forms, count in counted if count])


def _subjects(kind: Kind, changes: Sequence[Change]) -> set[tuple[str, str | None, str]]:
    """What the changes of a kind are about, each once."""
    return {(each.what, each.within, each.name) for each in changes if each.kind == kind}


def rules_blocks(difference: Difference) -> Iterator[Block]:
    """What changed about the meaning, and in a sentence what else; nothing where nothing did."""
    changes = difference.changes.changes
    meaning = [each for each in changes if each.meaning]
    form = [each for each in changes if not each.meaning]
    if not changes:
        return
    yield Heading("What changed in the rules")
    items = [_item(each, difference) for each in meaning]
    if items:
        yield Items(tuple(items[:SHOWN]))
    if items[SHOWN:]:
        rest = len(items) - SHOWN
        said = f"{rest:,} more {verb(rest, 'change', 'changes')} of meaning"
        yield Fold(said, (Items(tuple(items[SHOWN:])),), more=True)
    if form and meaning:
        yield Paragraph(f"Beside that, what leaves the meaning alone: {form_said(form)}.")
    elif form:
        told = tuple(_item(each, difference) for each in form)
        yield Items(told[:SHOWN])
        rest = told[SHOWN:]
        if rest:
            yield Fold(f"{len(rest):,} more {verb(len(rest), 'change', 'changes')}", (Items(rest),), more=True)


def form_blocks(difference: Difference) -> Iterator[Block]:
    """Beside changes of meaning, each that leaves it alone."""
    changes = difference.changes.changes
    form = tuple(_item(each, difference) for each in changes if not each.meaning)
    if form and any(each.meaning for each in changes):
        each = "Each change that leaves" if len(form) > 1 else "The change that leaves"
        yield Fold(f"{each} the meaning alone", (Items(form),))


def _item(change: Change, difference: Difference) -> Item:
    return Item(upper(change.message), place=_place(change, difference))


def _place(change: Change, difference: Difference) -> str:
    """`personal_loans.seg:12`; of what is gone, where it was."""
    if change.now is not None:
        return _line(change.now, difference.after)
    return "" if change.then is None else f"was {_line(change.then, difference.before)}".removesuffix("was ")


def _line(span: Span, version: Version) -> str:
    source = None if version.checked is None else version.checked.sources.get(span.file)
    return "" if source is None else f"{source.name}:{source.position(span.start).line}"
