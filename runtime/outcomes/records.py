"""`outcomes.json` of a run folder: what the segments of a run come to.

Whatever counts people may be hidden (`hide groups below k`): then numbers are None and `hidden` is true. In the file
what is None is left out. Money and
dates are text, percents shares (0.02 is 2 %).
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ...dsl.types import Kind

OUTCOMES = "outcomes.json"


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


# -- findings in words -----------------------------------------------------------------------------------------------

GuardCode = Literal[
    "size_hidden", "size_few", "size_enough",
    "share_untold", "share_no_rows", "share_nobody", "share_most", "share_some_hidden", "share_fine",
    "many_hidden", "many_enough", "many_few",
    "alike", "alike_not_compared", "alike_none",
    "refresh_first", "refresh_in_time", "refresh_late",
    "review_unknown", "review_in_time", "review_late",
    "fresh", "stale", "stale_empty",
]  # fmt: skip
FairnessCode = Literal[
    "few_groups", "nobody_selected", "equal", "keeps", "below", "below_by_chance",
    "small_groups", "missing_shown", "no_reference", "personal", "hidden_groups",
]  # fmt: skip
UnseenCode = Literal["unseen_no_rows", "unseen_until"]


class Said(_Record):
    """What a message says, for whoever words it in another language: which sentence, and what it names. Shares are
    floats (0.02 is 2 %), counts whole numbers, dates and durations (`1 month`) text, as are the names of rules."""

    code: GuardCode | FairnessCode | UnseenCode
    parameters: dict[str, int | float | str | list[str]] = {}


def said(code: GuardCode | FairnessCode | UnseenCode, **parameters: int | float | str | list[str]) -> Said:
    return Said(code=code, parameters=parameters)


# -- measures ------------------------------------------------------------------------------------------------------

Status = Literal["known", "missing", "not yet observable", "hidden"]
"""`missing`: there is nothing to measure; `not yet observable`: the data ends before the outcome window does."""


class FigureRecord(_Record):
    """What a measure comes to for a group. `n` are the rows of the group, `unknown` those of them that lacked something
    it asks: left out of both parts of a share and of a net promoter score, not counted, added or averaged elsewhere.

    `low` … `high` is the interval at `confidence` of `Outcomes` by the method `interval` (None where a figure is no
    estimate, such as a count, or has no stated interval: then `no_interval` says why). `small` says what makes a sample
    too small to tell much.

    `people` is never written: by the name of a group term how many rows of the group it puts where, for who decides
    what must be hidden."""

    value: int | float | str | None = None
    status: Status = "known"
    n: int | None = None
    unknown: int | None = None
    low: float | None = None
    high: float | None = None
    interval: str | None = None
    no_interval: str | None = None
    small: str | None = None
    people: dict[str, tuple[int, ...]] | None = Field(default=None, exclude=True, repr=False)


class Figures(_Record):
    """One figure for all rows of the table and, by segmentation, for each segment."""

    everybody: FigureRecord
    segmentations: dict[str, dict[str, FigureRecord]]


class DifferenceRecord(_Record):
    """Two segments of a segmentation whose figures differ: `p` is the probability of such a difference by chance
    alone, corrected for all pairs of the measure (Holm); `clear` where it is below 5 %."""

    segmentation: str
    first: str
    second: str
    p: float
    clear: bool


class MeasureRecord(Figures):
    """A measure. `definition` is the formula of a built-in one; `window` its outcome window in words, such as
    `12 months`; `not_observable` says why its outcome cannot be seen yet, None where it can, and so does `unseen`.

    `horizons`: the same measure with other windows (`measures at`), by window in words. `vintages`: by period of
    `measures by`, such as `2025 Q3`, `2025-07` or `2025`; `missing` where a row has no date."""

    title: str | None = None
    type: Kind
    better: Literal["lower", "higher"] | None = None
    definition: str | None = None
    window: str | None = None
    not_observable: str | None = None
    unseen: Said | None = None
    horizons: dict[str, Figures] = {}
    vintages: dict[str, Figures] = {}
    differences: list[DifferenceRecord] = []


# -- targets and guards ----------------------------------------------------------------------------------------------

Verdict = Literal["met", "missed", "unclear", "not yet observable", "hidden"]
"""`unclear`: the interval holds the limit, so that chance could decide."""


class TargetRecord(_Record):
    """`target prime default_rate at most 3%`. `measure` is None for `size`; `limit` and `value` are in the measure's
    type, of a size a share or a count; `said` is the target in the words of the rules."""

    segmentation: str
    segment: str
    measure: str | None = None
    said: str
    limit: int | float | str
    value: int | float | str | None = None
    verdict: Verdict


GuardKind = Literal["size", "share", "too many segments", "alike", "freshness", "refresh", "review"]


class GuardRecord(_Record):
    """A guard that stands watch over a run. `holds` is None where that cannot be told; `message` says what is found,
    and what suggests itself, and so does `said` (None in runs of versions that did not tell it so)."""

    kind: GuardKind
    of: str
    holds: bool | None = None
    message: str
    said: Said | None = None


# -- fairness --------------------------------------------------------------------------------------------------------


class GroupRecord(_Record):
    """One value of a protected field (`missing` is one): `n` rows with it, of which `selected` are in the segments
    asked about; the rate with its Wilson interval; `ratio` to the reference group with its interval, and `p`, the
    probability of such a difference by chance alone."""

    value: str
    n: int | None = None
    selected: int | None = None
    rate: float | None = None
    low: float | None = None
    high: float | None = None
    ratio: float | None = None
    ratio_low: float | None = None
    ratio_high: float | None = None
    p: float | None = None
    small: bool = False
    hidden: bool = False


class DriverRecord(_Record):
    """A condition on which the groups differ: how often each value of the protected field passes it."""

    segment: str
    clause: int
    condition: str
    rates: dict[str, float | None]
    ratio: float | None = None


class FairnessRecord(_Record):
    """Selection into favourable (or unfavourable) segments across a protected field. `ratio` is the disparate impact
    ratio, least over greatest selection rate; `reference` the group that `GroupRecord.ratio` compares with.
    `four_fifths`: whether the ratio keeps the limit (by default 80 %), None where it cannot be told. `message` says
    what is found, and so does `said`, sentence by sentence."""

    field: str
    direction: Literal["favourable", "unfavourable"]
    segmentation: str
    segments: list[str]
    groups: list[GroupRecord]
    reference: str | None = None
    ratio: float | None = None
    limit: float
    four_fifths: bool | None = None
    message: str
    said: list[Said] = []
    drivers: list[DriverRecord] = []


class ProxyRecord(_Record):
    """A field that decides, and how well it tells the protected group: Cramér's V, 0 (not at all) … 1 (fully)."""

    protected: str
    field: str
    association: float
    p: float | None = None
    n: int | None = None


# -- contact pressure --------------------------------------------------------------------------------------------------


class ContactRecord(_Record):
    """How many rows are in no, one, two … segments of an overlapping segmentation, by that number; `cap` is its
    `at most n segments each`, and `capped` how many rows it kept out of some segment."""

    counts: dict[int, int | None]
    cap: int | None = None
    capped: int | None = None


# -- all of it ---------------------------------------------------------------------------------------------------------


class TableOutcomes(_Record):
    """What the segments of one table come to. `hidden_below` is the k of `hide groups below k`."""

    rows: int | None = None
    measures: dict[str, MeasureRecord] = {}
    targets: list[TargetRecord] = []
    guards: list[GuardRecord] = []
    fairness: list[FairnessRecord] = []
    proxies: list[ProxyRecord] = []
    contact: dict[str, ContactRecord] = {}
    hidden_below: int | None = None


class Outcomes(_Record):
    """`outcomes.json`: by table. `confidence` is that of all intervals."""

    format: Literal[1] = 1
    as_of: dt.date
    confidence: float = 0.95
    tables: dict[str, TableOutcomes]
