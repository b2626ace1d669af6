"""Measures beside segments: as columns of a table for people, and as values for programs.

For people the average and the median of percents are percents again. For programs, in JSON as in the manifest, they are
the numbers that they are in the rules: 0.15.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from ..dsl.program import GroupAggregate
from ..runtime.statistics.figures import DIGITS_OF_ENDS
from .text import width

if TYPE_CHECKING:
    from ..dsl.outcomes import Measure
    from ..dsl.program import Program
    from ..dsl.types import Kind
    from ..runtime.outcomes.records import FigureRecord, TableOutcomes

HIDDEN = {"customers": None, "hidden": True}
"""A group that is hidden, for programs."""
ROUNDED = "measures are rounded here; `outcomes.json` and `--format json` have every digit"
MARK = "*"
FEW = f"{MARK} rests on few rows or cases, and tells little"
HEAD = 18
"""Characters after which the title of a measure goes on on another line."""


def values_of(assigned: TableOutcomes, segmentation: str, segment: str) -> dict[str, Any]:
    """`measures`: the value of each measure that is reported for a segmentation, None where it is missing; and
    `hidden_measures`, those that are None because they are hidden, if there are any."""
    return _values(
        {
            name: measure.segmentations[segmentation][segment]
            for name, measure in assigned.measures.items()
            if segmentation in measure.segmentations
        }
    )


def _values(figures: Mapping[str, FigureRecord]) -> dict[str, Any]:
    hidden = [name for name, figure in figures.items() if figure.status == "hidden"]
    return {
        "measures": {name: figure.value for name, figure in figures.items()},
        **({"hidden_measures": hidden} if hidden else {}),
    }


def columns_of(assigned: TableOutcomes, segmentation: str, program: Program | None) -> list[list[str]]:
    """A column for each measure that is reported for a segmentation: its figure for each segment, then for everybody,
    under the lines of its head; all of one width, and all heads of one height."""
    measures = {} if program is None else {each.name: each for each in program.measures}
    columns: list[tuple[list[str], list[str]]] = []
    for name, record in assigned.measures.items():
        if segmentation in record.segmentations:
            measure = measures.get(name)
            figures = (*record.segmentations[segmentation].values(), record.everybody)
            head = wrap((measure and measure.title) or name, HEAD, break_long_words=False) or [name]
            texts = figure_texts(figures, kind_of(measure, record.type))
            columns.append((head, _marked(figures, texts)))
    height = max((len(head) for head, _ in columns), default=0)
    return [_aligned([*[""] * (height - len(head)), *head, *figures]) for head, figures in columns]


def _marked(figures: Sequence[FigureRecord], texts: list[str]) -> list[str]:
    """The figures with a mark on those that rest on few rows or cases, and where one is marked a blank on others."""
    if not any(figure.small for figure in figures):
        return texts
    return [text + (MARK if figure.small else " ") for figure, text in zip(figures, texts, strict=True)]


def has_marks(outcomes: TableOutcomes) -> bool:
    """Whether some figure beside a segment is marked."""
    return any(
        figure.small
        for measure in outcomes.measures.values()
        for figure in (
            measure.everybody,
            *(each for by_segment in measure.segmentations.values() for each in by_segment.values()),
        )
    )


def kind_of(measure: Measure | None, type: Kind) -> Kind:
    """The kind in which a measure of that type is read: the average or median of percents is a number, and read as a
    percent."""
    match measure.value if measure is not None else None:
        case GroupAggregate(overload="average.percent" | "median.percent"):
            return "percent"
        case _:
            return type


def _aligned(cells: list[str]) -> list[str]:
    wide = max(map(width, cells))
    return [" " * (wide - width(cell)) + cell for cell in cells]


def figure_texts(figures: Sequence[FigureRecord], kind: Kind) -> list[str]:
    """Figures of one measure, rounded for the eye: `3.25%`, `1,234.50`; `missing` where there is none. Numbers have two
    decimals, and all of them more where one is so near to 0 that it takes more to show two digits that count, up to
    `MOST` decimals; what is nearer than that stands out, as `0.000000012`."""
    needed = [_places(figure.value) for figure in figures if isinstance(figure.value, float)]
    places = max((each for each in needed if each <= MOST), default=2)
    return [_figure_text(figure, kind, places) for figure in figures]


def figure_with_interval(figure: FigureRecord, kind: Kind) -> str:
    """The figure with its interval, where it has one: `2.10% (1.90% to 2.32%)`."""
    if figure.low is None or figure.high is None:
        return figure_texts([figure], kind)[0]
    ends = [figure.model_copy(update={"value": end}) for end in (figure.low, figure.high)]
    said, low, high = figure_texts([figure, *ends], kind)
    if kind in ("number", "money"):
        low, high = (_end_text(end, said) for end in (figure.low, figure.high))
    return f"{said} ({low} to {high})"


def _end_text(end: float, beside: str) -> str:
    """The end of an interval with the decimals of the figure beside it, as far as its digits reach."""
    told = DIGITS_OF_ENDS - 1 - Decimal(end).adjusted() if end else DIGITS_OF_ENDS
    return f"{end:,.{max(0, min(told, len(beside.partition('.')[2])))}f}"


def _places(value: float) -> int:
    """The decimals of two digits that count, two or more."""
    return 2 if value == 0 else max(2, 1 - Decimal(f"{value:.1e}").adjusted())


def _figure_text(figure: FigureRecord, kind: Kind, places: int) -> str:
    match kind, figure.value:
        case _, None:
            return "missing" if figure.status == "known" else figure.status
        case "percent", float() as share:
            return f"{share:.2%}"
        case "number", float() as value:
            return f"{value:,.{places if _places(value) <= MOST else _places(value)}f}"
        case "money", str() as amount:
            return f"{Decimal(amount):,}"
        case _, int() as count:
            return f"{count:,}"
        case _, value:
            return str(value)


MOST = 6
"""So many decimals a column of numbers has at most."""


def everybody_of(assigned: Mapping[str, TableOutcomes]) -> dict[str, Any]:
    """By table: how many rows there are, and each measure over all of them."""
    return {
        table: HIDDEN
        if record.rows is None
        else {
            "customers": record.rows,
            **_values({name: measure.everybody for name, measure in record.measures.items()}),
        }
        for table, record in assigned.items()
    }
