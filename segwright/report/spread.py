"""The values that decide, as charts with the cut-offs drawn in."""

from __future__ import annotations

import datetime as dt

from ..runtime.observed.records import Bin, Distribution
from .charts import Line, Spec, categories, histogram
from .flows import ChartBlock
from .language import Language
from .material import Material

_DAY = 86_400_000
"""Milliseconds."""
_EPOCH = dt.date(1970, 1, 1)


def distributions(material: Material, language: Language) -> list[ChartBlock]:
    """A chart for each distribution that was observed."""
    return [
        _chart(each, observed.rows or 0, observed.hidden_below is not None, language, f"spread-{table}-{number}")
        for table in material.tables()
        if (observed := material.observed_of(table)) is not None
        for number, each in enumerate(observed.distributions)
    ]


def _chart(found: Distribution, rows: int, rounded: bool, language: Language, id: str) -> ChartBlock:
    """Shares are whole percents where groups are hidden."""

    def share_text(count: int) -> str:
        return language.percent(count / rows if rows else 0.0, 0 if rounded else 1)

    measured = bool(found.bins) and found.bins[0].low is not None
    title = found.title or found.name
    ends = _ends(found, language)
    table = [(*end, share_text(bin.rows)) for end, bin in zip(ends, found.bins, strict=True)]
    points = "; ".join(language.say("spread.point", at=line[0], value=line[-1]) for line in table)
    cut_offs = dict.fromkeys(place_text(each.value, found.kind, language) for each in found.cut_offs)
    spec = (_histogram if measured else _categories)(found, rows, rounded, language)
    said = (
        language.say("spread.alt", name=title, cut_offs=", ".join(cut_offs), points=points)
        if measured
        else language.say("spread.alt_texts", name=title, points=points)
    )
    notes: list[str] = []
    if found.missing != 0:
        notes.append(language.say("spread.missing_note", share=share_text(found.missing)))
    header = (language.say("spread.from"), language.say("spread.to")) if measured else (language.say("spread.value"),)
    words = dict.fromkeys(each.words for each in found.cut_offs)
    rows_said = [
        *table,
        *(
            [("",) * (len(header) - 1) + (language.say("spread.missing"), share_text(found.missing))]
            if found.missing != 0
            else []
        ),
    ]
    return ChartBlock(
        id,
        title,
        said,
        spec,
        (*header, language.say("spread.share")),
        tuple(rows_said),
        " · ".join([*words, *notes]),
    )


def _share(bin: Bin, rows: int, rounded: bool) -> float:
    share = bin.rows / rows if rows else 0.0
    return round(share, 2) if rounded else share


def _histogram(found: Distribution, rows: int, rounded: bool, language: Language) -> Spec:
    """Of whole numbers, one bar each, bars stand over their number and lines between two."""
    scale = _DAY if found.kind in ("date", "timestamp") else 1
    whole = found.kind == "integer" and all(bin.low is not None and bin.high == bin.low + 1 for bin in found.bins)
    shift = 0.5 if whole else 0.0
    bars = [
        {
            "low": ((bin.low or 0.0) - shift) * scale,
            "high": ((bin.high or 0.0) - shift) * scale,
            "share": _share(bin, rows, rounded),
            "foot": 0,
        }
        for bin in found.bins
    ]
    move = {"below": -shift, "above": shift, "at": 0.0}
    lines = {
        (each.value + move[each.side]) * scale: Line(
            (each.value + move[each.side]) * scale, place_text(each.value, found.kind, language)
        )
        for each in found.cut_offs
    }
    return histogram(bars, list(lines.values()), found.kind, whole=whole)


def _categories(found: Distribution, rows: int, rounded: bool, language: Language) -> Spec:
    other = language.say("spread.other")
    bars = [
        {
            "label": other if bin.label is None else bin.label,
            "share": _share(bin, rows, rounded),
            "said": language.percent(_share(bin, rows, rounded), 0 if rounded else 1),
        }
        for bin in found.bins
    ]
    return categories(bars)


def place_text(value: float, kind: str, language: Language) -> str:
    """A place on the scale of a kind."""
    match kind:
        case "percent":
            return language.percent(value, len(f"{value * 100:.4f}".rstrip("0").partition(".")[2]))
        case "date" | "timestamp":
            return language.date(_EPOCH + dt.timedelta(days=value))
        case _:
            return language.plain(value, 4)


def _ends(found: Distribution, language: Language) -> list[tuple[str, ...]]:
    return [
        (place_text(bin.low, found.kind, language), place_text(bin.high, found.kind, language))
        if bin.low is not None and bin.high is not None
        else (language.say("spread.other") if bin.label is None else bin.label,)
        for bin in found.bins
    ]
