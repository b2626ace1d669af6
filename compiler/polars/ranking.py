"""The cut-points of the relative values of a population."""

from __future__ import annotations

import polars as pl

from ...dsl.program import Program
from ..cut_points import Reach, reaches, share_of
from ..plan import Binding, Ranking
from .expressions import term
from .frames import frame_rows
from .rows import Reading, scope_of
from .stops import all_reckoned
from .table import Tables


def ranking_frame(ranking: Ranking, binding: Binding, program: Program, tables: Tables) -> pl.LazyFrame:
    """One row: the cut-points of each relative value in order, `cut_<i>_<j>` the j-th of the i-th, null where nobody
    gets so far. `binding` needs no cut-points.

    Of n values in order, the least of which at least p are strictly lower is the one that follows the p-th: all that
    equal it are passed over. The least of which at most q are strictly higher is the (q + 1)-th from the end."""
    reading = Reading(program, binding, tables)
    rows = frame_rows(reading, ranking.frame)
    rows = all_reckoned(ranking.frame, rows, ranking.frame.key or "")
    scope, found = scope_of(reading, rows), list[pl.LazyFrame]()
    for number, (value, relative) in enumerate(zip(ranking.values, ranking.written, strict=True)):
        ordered = rows.frame.select(term(scope, value).alias("value")).drop_nulls().sort("value")
        cuts = [
            _least(reach).alias(f"cut_{number}_{at}")
            for at, reach in enumerate(reaches(relative, share_of(relative, binding)))
        ]
        found.append(ordered.select(cuts))
    return pl.concat(found, how="horizontal")


def _least(reach: Reach) -> pl.Expr:
    """The least value that reaches so far, of a column of values in order."""
    value, n = pl.col("value"), pl.len().cast(pl.Int128)
    share, factor = n * reach.share, reach.factor
    match reach.comparison:
        case ">=":
            lower = (share + factor - 1) // factor
        case ">":
            lower = share // factor + 1
        case "<":
            higher = (share + factor - 1) // factor - 1
            place = pl.when(higher >= 0).then(pl.max_horizontal(n - 1 - higher, pl.lit(0, dtype=pl.Int128)))
            return value.get(place.cast(pl.Int64), null_on_oob=True)
    before = value.get((lower - 1).cast(pl.Int64), null_on_oob=True)
    following = value.search_sorted(before, side="right").cast(pl.Int64)
    place = pl.when(lower <= 0).then(pl.lit(0, dtype=pl.Int64)).when(lower <= n).then(following)
    return value.get(place, null_on_oob=True)
