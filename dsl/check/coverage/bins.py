"""Scorecards: bins of a characteristic that can hold together, and values that no bin fits."""

from __future__ import annotations

from ... import program as p
from ...diagnostics import Edit, Fix, Label, Problems
from ...source import Span
from ...wording import wording
from ..names import Names
from .columns import ANY, Column, column
from .rows import reads_parameters, warn_of_impossible
from .said import example, widest_cell
from .sweep import meeting, overlaps
from .truth import Values


def check_bins(let: p.Let, score: p.Score, names: Names, values: Values, problems: Problems) -> None:
    """Report what is wrong among the bins of each characteristic of a scorecard."""
    for each in score.characteristics:
        if each.by is not None:
            _check_characteristic(let, each.by, each, names, values, problems)


def _check_characteristic(
    let: p.Let, by: p.Expr, characteristic: p.Characteristic, names: Names, values: Values, problems: Problems
) -> None:
    bins = [bin.when for bin in characteristic.bins if bin.when != ANY]
    otherwise = next((bin.when for bin in characteristic.bins if bin.when == ANY), None)
    asked = column(by, bins, names, values)
    warn_of_impossible([asked], "bin", let.table, problems)
    for earlier, bin in overlaps([asked.masks], len(bins)):
        (piece,) = meeting([asked.masks], 1 << earlier | 1 << bin) or (0,)
        problems.error(
            "SEG830",
            bins[bin].span,
            f"{example(asked, piece, let.table)} lies in two bins of `{let.name}`, and every value lies in one",
            labels=[Label(bins[earlier].span, "in this one too")],
        )
    if otherwise is None:
        _report_gaps(let, characteristic.span, asked, problems)
    elif all(asked.masks) and not any(map(reads_parameters, bins)):
        words = wording(by, let.table)
        problems.warning("SEG832", otherwise.span, f"nothing is left for `otherwise`: the bins of `{words}` fit it all")


def _report_gaps(let: p.Let, whole: Span, asked: Column, problems: Problems) -> None:
    open_pieces = [not mask for mask in asked.masks]
    if not any(open_pieces):
        return
    first = open_pieces.index(True)
    closing = _closing(asked, open_pieces)
    fixes: list[Fix] = []
    if closing is not None:
        end = Span(whole.file, whole.end, whole.end)
        listed = " and ".join(f"`{cell}`" for cell in closing)
        title = f"add the bin{'s' if len(closing) > 1 else ''} {listed}, with the points that belong to it"
        fixes.append(Fix(title, (Edit(end, "".join(f"\n    {cell}   0" for cell in closing)),)))
    problems.error(
        "SEG831",
        asked.asked.span,
        f"{example(asked, first, let.table)} lies in no bin of `{let.name}`",
        fixes=fixes,
        hints=["a last bin `otherwise` takes what no other bin does"],
    )


def _closing(asked: Column, open_pieces: list[bool]) -> list[str] | None:
    """The bins that take what is open; None where bins cannot say it."""
    cells: list[str] = []
    left = [*open_pieces]
    while any(left):
        widest = widest_cell(asked, left, left.index(True), bin=True)
        if widest is None:
            return None
        words, taken = widest
        cells.append(words)
        left = [still and not now for still, now in zip(left, taken, strict=True)]
    return cells
