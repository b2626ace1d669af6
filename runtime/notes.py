"""What a run has to tell that does not stop it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

NoteKind = Literal[
    "others missing",
    "orphans",
    "no rows",
    "freshness",
    "not in force",
    "segment size",
    "in none",
    "run before",
    "engine",
    "not evaluated",
]


@dataclass(frozen=True, slots=True)
class Note:
    """A note: `message` for people, the rest for programs. `of` is a table or a segmentation; `latest`, of data that is
    not fresh, the day of its latest visible row."""

    kind: NoteKind
    of: str
    message: str
    count: int | None = None
    latest: dt.date | None = None

    def as_json(self) -> dict[str, Any]:
        """The note as plain data."""
        return {"kind": self.kind, "of": self.of, "message": self.message, "count": self.count}


def many(count: int, what: str) -> str:
    """`1 row`, `1,234 rows`."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def rows(count: int) -> str:
    """`1 row`, `1,234 rows`."""
    return many(count, "row")


def many_told(count: int, what: str, k: int | None) -> tuple[str, int | None]:
    """`1,234 rows` and the count; `fewer than 10 rows` and None where groups below `k` are hidden and it is one."""
    return (f"fewer than {k:,} {what}s", None) if k is not None and 0 < count < k else (many(count, what), count)
