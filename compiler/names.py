"""Names of columns and tables that keep apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain, count


@dataclass(slots=True)
class Names:
    """Names that differ in more than case, since DuckDB does not tell case apart."""

    taken: set[str] = field(default_factory=set)

    def fresh(self, *wanted: str) -> str:
        """The first of `wanted` that is free, else the last with a number."""
        numbered = (f"{wanted[-1]} {number}" for number in count(2))
        name = next(name for name in chain(wanted, numbered) if name.casefold() not in self.taken)
        self.taken.add(name.casefold())
        return name
