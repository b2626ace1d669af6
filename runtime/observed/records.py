"""What is observed of a run. No row is told of, only counts of rows.

Where the policy hides groups below k (`TableObserved.hidden_below`), counts are rounded to `rounded_to(k)`, and None
where not even that may be told (`hiding.py`). Elsewhere they are exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Count = int | None


def rounded_to(k: int) -> int:
    """The multiples to which counts are rounded where groups below k are hidden."""
    return 2 * k


@dataclass(frozen=True, slots=True)
class Gain:
    """Rows outside a segment that would come into it by this clause if one part of it were not asked, and are in fewer
    earlier segments than the limit allows, where there is one; `unknown` are those of them for which that part is
    unknown, because something is missing."""

    rows: Count
    unknown: Count


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a clause, in the words of the rules: `left` rows hold it and everything before it; `unknown` of those
    that held everything before it fell out because it is unknown. `parameters` are the names that it speaks of.

    `personal`: parts that rest on personal data, of which only the whole is told. `gain` is None where it cannot be
    told, because another part of the clause is personal.

    `limit`: `at most n segments each`, and `words` is n. After a personal part the two are told together: that part
    has no `left`."""

    kind: Literal["when", "unless", "consent", "personal", "limit"]
    words: str
    parameters: tuple[str, ...]
    left: Count
    unknown: Count
    gain: Gain | None


@dataclass(frozen=True, slots=True)
class Funnel:
    """A clause, part by part. `start` are the rows that come so far: those that no earlier clause took, or all rows of
    an overlapping segmentation; `held` are left at the end. Without steps where it is not `in_force`."""

    number: int
    segment: str
    in_force: bool
    start: Count
    steps: tuple[Step, ...]
    held: Count


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many rows of the segment `first` fit `second` too. Where the first match wins, that is what order decides."""

    first: str
    second: str
    rows: Count


@dataclass(frozen=True, slots=True)
class SegmentationObserved:
    """`untold` are the segments that rest on personal data, so that it is not told who else fits them; `overlaps` is
    None where there are too many segments. `limit` is the n of `at most n segments each`."""

    exclusive: bool
    funnels: tuple[Funnel, ...]
    overlaps: tuple[Overlap, ...] | None
    untold: tuple[str, ...]
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class CutOff:
    """A value with which rules compare, and the words of the comparison. Of whole numbers the line lies just below the
    value, just above it, or on it."""

    value: float
    side: Literal["below", "above", "at"]
    words: str


@dataclass(frozen=True, slots=True)
class Bin:
    """Rows with a value from `low` to below `high` (the last bin: and all above; the first: and all below), or with the
    text `label`; None is whatever else."""

    low: float | None
    high: float | None
    label: str | None
    rows: int


@dataclass(frozen=True, slots=True)
class Distribution:
    """How the values of something that decides are spread. Dates count in days since 1970-01-01."""

    name: str
    title: str | None
    kind: str
    bins: tuple[Bin, ...]
    missing: int
    cut_offs: tuple[CutOff, ...]


@dataclass(frozen=True, slots=True)
class TableObserved:
    """One table. `hidden_below` is the k of `hide groups below k`; `too_small`: there are fewer rows than that."""

    rows: Count
    segmentations: Mapping[str, SegmentationObserved]
    distributions: tuple[Distribution, ...]
    hidden_below: int | None
    too_small: bool = False


@dataclass(frozen=True, slots=True)
class Unobserved:
    """Why a run could not be observed again: the data of `names` changed since, the run before is gone, the rules gave
    another answer, or what else went wrong, in words (data that is gone among it)."""

    why: Literal["changed", "previous gone", "differs", "failed"]
    names: tuple[str, ...] = ()
    words: str = ""


Observed = Mapping[str, TableObserved]
