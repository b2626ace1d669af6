"""The page of a difference as a comment on a pull request: GitHub Flavored Markdown, which GitLab reads too.

Whatever stands in rules and data is text there: it is no markup, mentions nobody, and refers to no issue.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from ..show.markdown import inline, running
from ..text import visible
from .blocks import Block, Fold, Grid, Heading, Item, Items, Paragraph, Tone
from .page import page_of
from .words import HIDDEN, short

if TYPE_CHECKING:
    from ...difference import Difference

_NAMES = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
LIMIT = 60_000
"""Characters of a comment. GitHub takes 65,536 (`body is too long`); the rest is left to what CI adds."""
_APART = "\u200b"
_SIGNS: dict[Tone, str] = {"good": "✅ ", "bad": "❌ ", "doubtful": "⚠️ ", "plain": ""}
_CALLS = re.compile(r"(?<=[@#!$%&~:])(?=[\w\"'])|(?<=\bGH)(?=-\d)|(?<=:)(?=//)|(?<=\bwww)(?=\.)", re.IGNORECASE)
"""Where a mention, a reference or an address would begin."""


def marker(project: str) -> str:
    """The comment that CI finds its own comment by, the first line of the page."""
    named = re.sub(r"[^ .\w]+", "-", project)
    return f"<!-- segwright diff: {named} -->"


def as_markdown(difference: Difference, limit: int = LIMIT) -> str:
    """The difference in at most `limit` characters: details that do not fit are left out, and it says so."""
    return fitted(difference.after.rules.name, _title(difference), page_of(difference), limit)


def fitted(project: str, title: str, blocks: Sequence[Block], limit: int = LIMIT) -> str:
    """A comment about a project with a title and blocks, as `as_markdown`."""
    head = [marker(project), f"### {inline(_quiet(title))}"]
    return "\n\n".join([*head, *_fitting(blocks, limit - sum(map(len, head)) - 4)]) + "\n"


def _title(difference: Difference) -> str:
    return f"{short(difference.after.rules.name)}: what this change of the rules does"


# -- size --------------------------------------------------------------------------------------------------------------

_LEFT_OUT = Paragraph("Some details are left out, as a comment holds no more: `segwright diff` shows them.", aside=True)


def _fitting(blocks: Sequence[Block], room: int) -> list[str]:
    """The blocks as Markdown; where they take too much room, without the longest folds, then with shorter lists,
    then without the longest of what is left; the summary and where all of it comes from stay."""
    kept = list(blocks)
    texts = [_block(each) for each in kept]
    if _taken(texts) <= room:
        return texts
    kept.insert(len(kept) - 1, _LEFT_OUT)
    texts = [_block(each) for each in kept]
    while _taken(texts) > room:
        folds = [at for at, each in enumerate(kept) if isinstance(each, Fold)]
        long = folds or [at for at, each in enumerate(kept) if _halved(each) != each]
        inner = long or range(1, len(kept) - 2)
        if not inner:
            break
        at = max(inner, key=lambda at: len(texts[at]))
        if long:
            kept[at] = _halved(kept[at])
            texts[at] = _block(kept[at])
        else:
            del kept[at], texts[at]
    return texts


def _taken(texts: Sequence[str]) -> int:
    return sum(len(each) + 2 for each in texts)


def _halved(block: Block) -> Block:
    """A shorter form: of a fold the line that it stands under, of a list or table its first half."""
    match block:
        case Fold(summary, _):
            return Paragraph(f"{summary}: left out here.", aside=True)
        case Items(items) if len(items) > 1:
            return Items(items[: len(items) // 2])
        case Items((Item(items=(_, *_)) as item,)):
            return Items((replace(item, items=()),))
        case Grid(_, rows) if len(rows) > 1:
            return replace(block, rows=rows[: len(rows) // 2])
        case _:
            return block


# -- blocks ------------------------------------------------------------------------------------------------------------


def _block(block: Block) -> str:
    match block:
        case Heading(text, name):
            return f"#### {_said(text)}{f' ({_code(name)})' if name else ''}"
        case Paragraph(text, aside):
            return f"<sub>{_said(text)}</sub>" if aside else _said(text, start=True)
        case Items(items):
            return "\n".join(_items(items, ""))
        case Grid():
            return "\n".join(_grid(block))
        case Fold(summary, blocks):
            inner = "\n\n".join(map(_block, blocks))
            return f"<details><summary>{_in_html(summary)}</summary>\n\n{inner}\n\n</details>"
        case _:
            assert_never(block)


def _items(items: Sequence[Item], indent: str) -> Iterator[str]:
    for each in items:
        lead = f"{_SIGNS[each.tone]}**{_said(each.lead)}**" if each.lead else ""
        between = " " if each.lead[:1].isdigit() or each.lead == HIDDEN else ": "
        place = f" ({_code(each.place)})" if each.place else ""
        yield f"{indent}- {between.join(part for part in (lead, _said(each.text, start=not lead)) if part)}{place}"
        yield from _items(each.items, f"{indent}  ")


def _grid(grid: Grid) -> Iterator[str]:
    yield _row(grid.header)
    yield f"| {' | '.join('---:' if at in grid.numbers else '---' for at in range(len(grid.header)))} |"
    yield from map(_row, grid.rows)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_said(cell).replace('|', chr(92) + '|') for cell in cells)} |"


# -- words -------------------------------------------------------------------------------------------------------------


def _said(text: str, *, start: bool = False) -> str:
    """A sentence: names in backquotes are code, all else is text. `start`: where it begins a line."""
    plain = running if start else inline
    said: list[str] = []
    for words, name in _parts(text):
        said.append(plain(_quiet(words)) + (_code(name) if name else ""))
        plain = inline
    return "".join(said)


def _in_html(text: str) -> str:
    """A sentence within an element of HTML, where Markdown is not read."""
    return "".join(
        html.escape(_quiet(visible(words)), quote=False)
        + (f"<code>{html.escape(visible(name))}</code>" if name else "")
        for words, name in _parts(text)
    )


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Words and the name in backquotes behind them; a name that itself is written in backquotes has two."""
    end, said = 0, short(text)
    for found in _NAMES.finditer(said):
        yield said[end : found.start()], found[2]
        end = found.end()
    yield said[end:], ""


def _code(name: str) -> str:
    """A name as code, in which nothing is markup but the backquote."""
    fence = "`" * (1 + max(map(len, re.findall("`+", name)), default=0))
    pad = " " if "`" in name else ""
    return f"{fence}{pad}{visible(name)}{pad}{fence}"


def _quiet(text: str) -> str:
    """Text that mentions nobody: what would begin a mention, a reference or an address is parted from it."""
    return _CALLS.sub(_APART, text)
