"""Comments and blank lines: where they stand among the lines that were laid out.

A comment on a line of its own stands before the line of the word that follows it, one behind words behind the line of
the word before it. Where the formatter joined lines, so that a comment would stand within one, it comes before that
line; comments keep their order.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from .. import syntax as s
from .lines import Line
from .words import Words, width

FARTHEST = 24
"""How far comments behind lines may be moved to begin in one column."""


@dataclass(slots=True)
class _Around:
    """The comments of one line: on lines of their own before it, and within or behind it."""

    before: list[s.Comment] = field(default_factory=list)
    within: list[s.Comment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Written:
    """One line of the result: what it says, the comment behind it, and whether a blank line stands before it."""

    text: str
    behind: str
    base: int
    blank: bool


def woven(w: Words, comments: Sequence[s.Comment], lines: Sequence[Line]) -> str:
    """The text: every line with its comments, and no two blank lines together."""
    around = _placed(w, comments, lines)
    written: list[_Written] = []
    last: Line | None = None
    for line, near in zip((*lines, None), around, strict=True):
        indent = 0 if line is None else line.indent
        blank = "kept" if line is None else line.blank
        below, before = _parted(w, near.before, last, line)
        for comment in below:
            deep = _depth(w, comment, last, indent)
            written.append(_Written(" " * deep + comment.text, "", deep, _has_gap(w, comment.span.start)))
        found = [(comment.text, "", _has_gap(w, comment.span.start)) for comment in before]
        if line is not None:
            *within, behind = near.within or [None]
            if behind is not None and behind.own_line:
                within, behind = near.within, None
            gaps = [_has_gap(w, w.tokens[line.first].start), *(False for _ in within)]
            said = [*((comment.text, "") for comment in within if comment), (line.text, behind.text if behind else "")]
            found += [(text, comment, gap) for (text, comment), gap in zip(said, gaps, strict=True)]
        base = 0 if line is None else line.base
        for number, (text, comment, gap) in enumerate(found):
            apart = (blank == "always" and not number) or (blank != "never" and gap)
            written.append(_Written(" " * indent + text, comment, base, apart))
        last = line
    return _text(written)


def _placed(w: Words, comments: Sequence[s.Comment], lines: Sequence[Line]) -> list[_Around]:
    """The comments around each line, and last those at the end of the file."""
    firsts = [line.first for line in lines]
    around = [_Around() for _ in (*lines, None)]
    for comment in comments:
        following = bisect_left(w.starts, comment.span.start)
        if not comment.own_line:
            around[bisect_right(firsts, following - 1) - 1].within.append(comment)
        elif following == len(w.tokens):
            around[-1].before.append(comment)
        else:
            at = bisect_right(firsts, following) - 1
            (around[at].before if firsts[at] == following else around[at].within).append(comment)
    return around


def _parted(
    w: Words, comments: Sequence[s.Comment], last: Line | None, line: Line | None
) -> tuple[Sequence[s.Comment], Sequence[s.Comment]]:
    """Comments that belong below the line before, as they are set in further than the next line, and the others."""
    if last is None or (line is not None and line.base >= last.base):
        return (), comments
    margin = 0 if line is None else _column(w, w.tokens[line.first].start)
    count = 0
    while count < len(comments) and _column(w, comments[count].span.start) > margin:
        count += 1
    return comments[:count], comments[count:]


def _depth(w: Words, comment: s.Comment, last: Line | None, indent: int) -> int:
    """How far a comment below a line is set in: about as far as it was, but no further than that line."""
    most = indent + 2 if last is None else last.base
    return max(indent + 2, min(most, _column(w, comment.span.start) // 2 * 2))


def _column(w: Words, offset: int) -> int:
    return offset - (w.source.text.rfind("\n", 0, offset) + 1)


def _has_gap(w: Words, offset: int) -> bool:
    return w.newlines_before(offset) > 1


def _text(written: Sequence[_Written]) -> str:
    """Comments behind lines that follow each other begin in one column."""
    texts: list[str] = []
    at = 0
    while at < len(written):
        until = at + 1
        least = most = width(written[at].text)
        while until < len(written) and _continues(written[until], written[at]):
            least, most = min(least, width(written[until].text)), max(most, width(written[until].text))
            if most - least > FARTHEST:
                break
            until += 1
        column = max(width(line.text) for line in written[at:until]) + 2
        for line in written[at:until]:
            if line.blank and texts:
                texts.append("")
            texts.append(line.text + " " * (column - width(line.text)) + line.behind if line.behind else line.text)
        at = until
    return "".join(f"{text}\n" for text in texts)


def _continues(line: _Written, first: _Written) -> bool:
    return bool(line.behind and first.behind) and line.base == first.base and not line.blank
