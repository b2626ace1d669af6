"""The guards of a run: what stands watch over segments, the data behind them and the dates that rules promise.

| kind | holds where |
|---|---|
| size | a segment has as many rows as `each segment at least n` asks |
| share | no segment has more than 95 % of all rows, and none that rules describe (all but `otherwise`) is empty |
| too many segments | at least half of the segments have 30 rows or more |
| alike | the two segments differ clearly in some measure |
| freshness | the latest visible row is as young as `freshness` asks |
| refresh | the run before is no older than `refresh every` |
| review | the last review is no older than `review every` |

Only segments that are in force on the as-of date count. With fewer than 30 rows every figure is marked as resting on
few (`statistics/small.py`, which gives the source); where that is so of more than half of the segments, the data does
not carry so many. 95 % is this project's own choice: what is true of nearly everybody parts nobody from nobody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from ...compiler.time import forward
from ...dsl.program import Program, Segment, Segmentation
from ...dsl.types import Length
from ...dsl.wording import percent_wording
from ..notes import Note, many
from ..notes import rows as rows_wording
from ..outcome import in_force
from ..statistics.small import FEWEST_ROWS
from .records import DifferenceRecord, GuardRecord, MeasureRecord, said
from .targets import Counts

LARGEST_SHARE = 0.95
"""A segment with more of all rows than this, a share of 1, tells nearly nothing about them."""


def guard_records(
    program: Program,
    table: str,
    as_of: dt.date,
    counts: Counts,
    rows: int | None,
    measures: Mapping[str, MeasureRecord],
    notes: Iterable[Note],
    last_run: dt.date | None,
) -> list[GuardRecord]:
    """The guards over the segmentations of `table`, in the order of the rules. Counts that are hidden are None, and
    what rests on them cannot be told. `notes` are those of the run; `last_run` is the as-of date of the run before."""
    found: list[GuardRecord] = []
    for segmentation in program.segmentations:
        if segmentation.table == table:
            standing = [each for each in segmentation.all_segments if in_force(each, as_of)]
            sizes = {each.name: counts[segmentation.name][each.name] for each in standing}
            found += _sizes(segmentation, sizes)
            found += _shares(segmentation, standing, sizes, rows)
            found += _too_many(segmentation, sizes)
            found += _alike(segmentation, sizes, measures)
            found += _refresh(segmentation, as_of, last_run)
            found += _review(segmentation, as_of)
    return [*found, *_freshness(program, table, notes)]


Sizes = Mapping[str, int | None]
"""The rows of each segment that is in force, in order; None where hidden."""


def _sizes(segmentation: Segmentation, sizes: Sizes) -> Iterator[GuardRecord]:
    least = segmentation.minimum_size or 0
    for name, count in sizes.items() if segmentation.minimum_size is not None else ():
        of, asked = f"{segmentation.name}.{name}", f"the {least:,} that each segment needs"
        if count is None:
            told = said("size_hidden", segment=name)
            yield GuardRecord(kind="size", of=of, holds=None, message=f"the size of `{name}` is hidden", said=told)
            continue
        enough = count >= least
        message = f"`{name}` has {rows_wording(count)}, {'at least' if enough else 'fewer than'} {asked}"
        told = said("size_enough" if enough else "size_few", segment=name, rows=count, least=least)
        yield GuardRecord(kind="size", of=of, holds=enough, message=message, said=told)


def _shares(
    segmentation: Segmentation, standing: Sequence[Segment], sizes: Sizes, rows: int | None
) -> Iterator[GuardRecord]:
    bound = percent_wording(LARGEST_SHARE)
    if not rows:
        message = "the number of rows is hidden" if rows is None else f"`{segmentation.table}` holds no rows"
        told = said("share_untold") if rows is None else said("share_no_rows", table=segmentation.table)
        yield GuardRecord(kind="share", of=segmentation.name, holds=None, message=message, said=told)
        return
    wrong = False
    for segment in standing:
        count, of = sizes[segment.name], f"{segmentation.name}.{segment.name}"
        if count is None:
            continue
        if count == 0 and segment != segmentation.otherwise:
            wrong = True
            message = f"nobody is in `{segment.name}`: do its conditions ask for more than anybody has?"
            told = said("share_nobody", segment=segment.name)
            yield GuardRecord(kind="share", of=of, holds=False, message=message, said=told)
        if count > LARGEST_SHARE * rows:
            wrong = True
            message = (
                f"`{segment.name}` has {percent_wording(round(count / rows, 4))} of all rows, more than {bound}: it "
                "says little about them, so consider parting it"
            )
            told = said("share_most", segment=segment.name, share=round(count / rows, 4), bound=LARGEST_SHARE)
            yield GuardRecord(kind="share", of=of, holds=False, message=message, said=told)
    if wrong:
        return
    hidden = any(count is None for count in sizes.values())
    message = "some sizes are hidden" if hidden else f"no segment is empty, and none has more than {bound} of all rows"
    told = said("share_some_hidden") if hidden else said("share_fine", bound=LARGEST_SHARE)
    yield GuardRecord(kind="share", of=segmentation.name, holds=None if hidden else True, message=message, said=told)


def _too_many(segmentation: Segmentation, sizes: Sizes) -> Iterator[GuardRecord]:
    if len(sizes) < 2:
        return
    least, most = (_enough(sizes, hidden) for hidden in (0, FEWEST_ROWS))
    few = f"fewer than {FEWEST_ROWS} rows, too few for a figure to tell much"
    if least != most:
        message, holds, code = "some sizes are hidden", None, "many_hidden"
    elif least:
        message, holds = f"at least half of the {len(sizes)} segments have {FEWEST_ROWS} rows or more", True
        code = "many_enough"
    else:
        message = f"more than half of the {len(sizes)} segments have {few}: consider fewer segments"
        holds, code = False, "many_few"
    told = said(code, segments=len(sizes), fewest=FEWEST_ROWS)
    yield GuardRecord(kind="too many segments", of=segmentation.name, holds=holds, message=message, said=told)


def _enough(sizes: Sizes, hidden: int) -> bool:
    """Whether the data carries so many segments, if those that are hidden have `hidden` rows."""
    known = sorted(hidden if count is None else count for count in sizes.values())
    return known[len(known) // 2] >= FEWEST_ROWS


# -- alike -------------------------------------------------------------------------------------------------------------


def _alike(segmentation: Segmentation, sizes: Sizes, measures: Mapping[str, MeasureRecord]) -> Iterator[GuardRecord]:
    """Pairs of segments that share no rows and of which no measure tells one from the other."""
    reported = [each for each in measures.values() if segmentation.name in each.segmentations]
    there = [name for name, count in sizes.items() if count != 0]
    if not segmentation.exclusive or not reported or len(there) < 2:
        return
    compared: dict[tuple[str, str], list[DifferenceRecord]] = {}
    for difference in (each for measure in reported for each in measure.differences):
        if difference.segmentation == segmentation.name:
            compared.setdefault((difference.first, difference.second), []).append(difference)
    pairs = [pair for pair in combinations(there, 2) if pair in compared]
    alike = [pair for pair in pairs if not any(each.clear for each in compared[pair])]
    for first, second in alike:
        message = f"`{first}` and `{second}` differ in no measure beyond chance: consider one segment"
        told = said("alike", first=first, second=second)
        yield GuardRecord(kind="alike", of=f"{segmentation.name}.{first}", holds=False, message=message, said=told)
    if not pairs:
        message = "no two segments can be compared: no measure has an interval in both"
        told = said("alike_not_compared")
        yield GuardRecord(kind="alike", of=segmentation.name, holds=None, message=message, said=told)
    elif not alike:
        message = f"{many(len(pairs), 'pair')} of segments differ{'s' if len(pairs) == 1 else ''} in some measure"
        told = said("alike_none", pairs=len(pairs))
        yield GuardRecord(kind="alike", of=segmentation.name, holds=True, message=message, said=told)


# -- dates -------------------------------------------------------------------------------------------------------------


def _refresh(segmentation: Segmentation, as_of: dt.date, last_run: dt.date | None) -> Iterator[GuardRecord]:
    if segmentation.refresh_every is None:
        return
    name, every = segmentation.name, segmentation.refresh_every
    asked = f"`{name}` is refreshed every {_every(every)}"
    if last_run is None:
        message, holds = f"{asked}; this is the first run, so nothing is overdue", None
        told = said("refresh_first", segmentation=name, every=str(every))
    else:
        due = forward(last_run, every) or dt.date.max
        holds, named = as_of <= due, {"segmentation": name, "every": str(every), "last": last_run.isoformat()}
        late = f"this one was due by {due} and comes {many((as_of - due).days, 'day')} late"
        message = f"{asked}; the run before is as of {last_run}, and {'this one is in time' if holds else late}"
        told = (
            said("refresh_in_time", **named)
            if holds
            else said("refresh_late", **named, due=due.isoformat(), days=(as_of - due).days)
        )
    yield GuardRecord(kind="refresh", of=name, holds=holds, message=message, said=told)


def _review(segmentation: Segmentation, as_of: dt.date) -> Iterator[GuardRecord]:
    if segmentation.review_every is None:
        return
    name, every, last = segmentation.name, segmentation.review_every, segmentation.last_reviewed
    asked = f"`{name}` is reviewed every {_every(every)}"
    if last is None:
        message = f"{asked}; when it last was is not said: add `last reviewed` and the date"
        told = said("review_unknown", segmentation=name, every=str(every))
        yield GuardRecord(kind="review", of=name, holds=None, message=message, said=told)
        return
    due = forward(last, every) or dt.date.max
    holds = as_of <= due
    wait = f"the next is due by {due}" if holds else f"the next was due by {due}: review the rules, and say when"
    message = f"{asked}; it last was on {last}, and {wait}"
    named = {"segmentation": name, "every": str(every), "last": last.isoformat(), "due": due.isoformat()}
    told = said("review_in_time" if holds else "review_late", **named)
    yield GuardRecord(kind="review", of=name, holds=holds, message=message, said=told)


def _every(length: Length) -> str:
    return length.unit if length.amount == 1 else str(length)


def _freshness(program: Program, table: str, notes: Iterable[Note]) -> Iterator[GuardRecord]:
    """Of the tables whose rows belong to those of `table`; what belongs to no table with segments is told with the
    first of these."""
    stale = {note.of: note for note in notes if note.kind == "freshness"}
    for freshness in program.freshness:
        if _home(program, freshness.table) == table:
            note, named = stale.get(freshness.table), {"table": freshness.table, "within": str(freshness.within)}
            if note is None:
                told = said("fresh", **named)
                message = f"`{freshness.table}` has a visible row within {freshness.within} before the as-of date"
            else:
                message = note.message
                told = (
                    said("stale_empty", **named)
                    if note.latest is None
                    else said("stale", **named, latest=note.latest.isoformat())
                )
            yield GuardRecord(kind="freshness", of=freshness.table, holds=note is None, message=message, said=told)


def _home(program: Program, table: str) -> str:
    told = [each.name for each in program.tables if any(of.table == each.name for of in program.segmentations)]
    at: str | None = table
    while at is not None and at not in told:
        at = program.table(at).parent
    return told[0] if at is None else at
