"""What is said of a clause, as a sentence that stands alone."""

from __future__ import annotations

_VERBS = frozenset({"also", "asks", "gives", "is", "lists", "looks", "needs", "no", "now", "puts", "takes"})
"""Words that begin what is said of a segment without naming it."""


def stands_alone(segment: str, message: str) -> str:
    """`also asks that …`, said of a clause of `segment`, with the segment's name before it; what names its subject is
    as it was."""
    if message.startswith("it "):
        return f"`{segment}` {message.removeprefix('it ')}"
    return f"`{segment}` {message}" if message.split(" ", 1)[0] in _VERBS else message
