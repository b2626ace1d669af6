"""What differs between two versions of the rules of a project, and what that does to its rows."""

from __future__ import annotations

from dataclasses import dataclass

from .compiler.changes.records import Changes
from .runtime.comparing.records import Comparison
from .runtime.history.version import Version


@dataclass(frozen=True, slots=True)
class Difference:
    """Two versions, what changed in the rules, and what that does to the rows; `comparison` is None where no data was
    looked at, for which `not_compared` is the reason in words."""

    before: Version
    after: Version
    changes: Changes
    comparison: Comparison | None
    not_compared: str | None = None
