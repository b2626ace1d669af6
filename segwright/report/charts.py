"""Charts as Vega-Lite specifications, made with Altair.

Colours are names of the style sheet's properties, so that light, dark and print need one specification. What comes from
rules or data stands in data only, never in an expression or in the name of a column. Sizes, fonts and the way in which
numbers are written are given once, to all charts (`settings`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from .language import Language

Spec = dict[str, Any]
Rows = list[dict[str, Any]]
ACCENT, SOFT, WARN, UNKNOWN, MUTED, INK, PAPER, BAR = (
    f"var(--{name})" for name in ("accent", "accent-soft", "warn", "unknown", "muted", "ink", "paper", "bar")
)
WIDE: Any = "container"
VEGA_LITE = "6.4"
"""The version of Vega-Lite that Altair writes, and the page draws with."""


def settings(language: Language) -> dict[str, Any]:
    """What all charts have in common, and how the page draws them."""
    text = {"labelColor": MUTED, "titleColor": MUTED, "labelFontSize": 12, "titleFontSize": 12}
    return {
        "config": {
            "background": "transparent",
            "font": "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
            "view": {"stroke": None},
            "axis": {
                **text,
                "titleFontWeight": "normal",
                "gridColor": "var(--line)",
                "domainColor": "var(--line)",
                "tickColor": "var(--line)",
                "labelLimit": 220,
            },
            "axisY": {"domain": False, "ticks": False},
            "legend": {**text, "titleFontWeight": "normal"},
            "text": {"color": INK, "fontSize": 12},
            "rule": {"color": INK},
            "bar": {"color": BAR},
        },
        "formatLocale": language.locale(),
        "timeFormatLocale": language.time_locale(),
    }


def _data(rows: Rows) -> alt.InlineData:
    return alt.InlineData(values=rows)


def _finished(chart: alt.TopLevelMixin) -> Spec:
    spec = chart.to_dict()
    del spec["config"]
    return {**spec, "autosize": {"type": "fit-x", "contains": "padding"}}


# -- distributions ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A line across a chart: where, and what it says."""

    at: float
    label: str


def histogram(bars: Rows, lines: Sequence[Line], kind: str, *, whole: bool) -> Spec:
    """Bars with `low`, `high`, `share` and `foot` (0), and cut-offs; dates as milliseconds since 1970. `whole`: a bar
    for each whole number."""
    temporal = kind in ("date", "timestamp")
    axis = alt.Axis(
        title=None,
        grid=False,
        tickCount=5,
        tickMinStep=1 if whole else alt.Undefined,
        format="%b %Y" if temporal else ".0%" if kind == "percent" else ",~f",
        labelOverlap=True,
    )
    low, high = bars[0]["low"], bars[-1]["high"]
    ends = [low, high, *(line.at for line in lines)]
    # The bars reach as far as the lines, so dates need no domain, which Vega-Lite would take for clock times.
    scale = (
        alt.Scale(type="utc", nice=False)
        if temporal
        else alt.Scale(nice=False, zero=False, domain=[min(ends), max(ends)])
    )
    x = alt.X("low", type="temporal" if temporal else "quantitative", axis=axis, scale=scale)
    top = max(row["share"] for row in bars)
    y = alt.Y("share:Q", title=None, axis=alt.Axis(format=".0%" if top >= 0.04 else ".1%", tickCount=4))
    layers = [alt.Chart(_data(bars)).mark_bar(binSpacing=1).encode(x=x, x2="high", y=y, y2="foot")]
    for number, line in enumerate(lines):
        one = alt.Chart(_data([{"low": line.at, "label": line.label}])).encode(x=x)
        told = one.encode(y=alt.value(1 + 15 * (number % 4)), text="label:N")
        layers.append(one.mark_rule(color=WARN, strokeWidth=1.5))
        right = line.at - low > 0.62 * (high - low)
        layers += [_beside(told, right=right, halo=True), _beside(told, right=right, halo=False)]
    return _finished(alt.layer(*layers).properties(width=WIDE, height=150))


def _beside(chart: alt.Chart, *, right: bool, halo: bool) -> alt.Chart:
    """A word at a line, or the halo that keeps it apart from what lies behind."""
    return chart.mark_text(
        align="right" if right else "left",
        dx=-4 if right else 4,
        baseline="top",
        fontWeight=600,
        color=PAPER if halo else WARN,
        stroke=PAPER if halo else None,
        strokeWidth=4,
        strokeJoin="round",
    )


def categories(bars: Rows) -> Spec:
    """Horizontal bars with `label`, `share` and `said`, in their order."""
    y = alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=140))
    base = alt.Chart(_data(bars))
    x = alt.X("share:Q", title=None, axis=alt.Axis(format=".0%", tickCount=4))
    marks = base.mark_bar(height={"band": 0.7}).encode(x=x, y=y)
    told = base.mark_text(align="left", dx=4).encode(x=x, y=y, text="said:N")
    return _finished(alt.layer(marks, told).properties(width=WIDE, height=24 * len(bars)))


# -- who nearly got in ------------------------------------------------------------------------------------------------


def gains(bars: Rows, names: tuple[str, str]) -> Spec:
    """Bars with `label` above each and `rows` by `part`, one of the two `names`, numbered by `order`."""
    y = alt.Y("label:N", sort=None, axis=None, scale=alt.Scale(paddingInner=0.55, paddingOuter=0.4))
    both = any(bar["order"] for bar in bars)
    colour = alt.Color(
        "part:N",
        title=None,
        scale=alt.Scale(domain=list(names), range=[BAR, UNKNOWN]),
        legend=alt.Legend(orient="top", direction="horizontal", labelLimit=320) if both else None,
    )
    order = alt.Order("order:Q")
    x = alt.X("rows:Q", title=None, stack="zero", axis=alt.Axis(format=",~f", tickCount=4))
    base = alt.Chart(_data(bars))
    marks = base.mark_bar(height=11, yOffset=5).encode(x=x, y=y, color=colour, order=order)
    label = base.mark_text(align="left", baseline="bottom", dy=-4, limit=alt.ExprRef("width")).encode(
        x=alt.value(0), y=y, text="label:N"
    )
    first = label.transform_filter(alt.FieldEqualPredicate(field="order", equal=0))
    return _finished(alt.layer(marks, first).properties(width=WIDE, height=40 * len({bar["label"] for bar in bars})))


# -- over time --------------------------------------------------------------------------------------------------------


def line(points: Rows, everybody: Rows, ends: tuple[float, float], number_format: str) -> Spec:
    """`at` and `value`, with `low` and `high` where known, in order; beside them all rows together."""
    order = [point["at"] for point in points]
    x = alt.X(
        "at:N", sort=order, title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True, grid=False, labelFontSize=11)
    )
    y = alt.Y(
        "value:Q",
        title=None,
        scale=alt.Scale(domain=list(ends), nice=True, zero=False),
        axis=alt.Axis(format=number_format, tickCount=3, labelFontSize=11),
    )
    own, all_ = alt.Chart(_data(points)), alt.Chart(_data(everybody))
    shaded = [point for point in points if point.get("low") is not None and point.get("high") is not None]
    layers: list[alt.Chart] = []
    if shaded:
        band = alt.Chart(_data(shaded)).mark_area(color=SOFT).encode(x=x, y=alt.Y("low:Q"), y2="high")
        layers.append(band)
    layers.append(all_.mark_line(color=MUTED, strokeDash=[3, 3], strokeWidth=1.2).encode(x=x, y=y))
    layers.append(own.mark_line(color=ACCENT, strokeWidth=2).encode(x=x, y=y))
    layers.append(own.mark_point(color=ACCENT, filled=True, size=26).encode(x=x, y=y))
    return _finished(alt.layer(*layers).properties(width=WIDE, height=110))


# -- fairness and contact ---------------------------------------------------------------------------------------------


def rates(points: Rows, limit: float | None, limit_label: str) -> Spec:
    """Selection rates with `label`, `rate`, `low` and `high`; the line is where the ratio reaches its limit."""
    y = alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=140, grid=False))
    x = alt.X("rate:Q", title=None, axis=alt.Axis(format=".0%", tickCount=5), scale=alt.Scale(zero=True))
    base = alt.Chart(_data(points))
    layers: list[alt.Chart] = [
        base.mark_rule(color=ACCENT, strokeWidth=5, opacity=0.35).encode(x=alt.X("low:Q"), x2="high", y=y),
        base.mark_point(color=ACCENT, filled=True, size=70).encode(x=x, y=y),
        base.mark_text(align="left", dy=-13).encode(x=x, y=y, text="said:N"),
    ]
    if limit is not None:
        one = alt.Chart(_data([{"rate": limit, "label": limit_label}]))
        layers.append(one.mark_rule(color=WARN, strokeDash=[4, 3]).encode(x=x))
    return _finished(alt.layer(*layers).properties(width=WIDE, height=42 * len(points)))


def columns(bars: Rows, across: str) -> Spec:
    """Upright bars with `label`, `rows` and `said`, in their order."""
    x = alt.X("label:N", sort=None, title=across, axis=alt.Axis(labelAngle=0, ticks=False))
    y = alt.Y("rows:Q", title=None, axis=alt.Axis(format=",~f", tickCount=4))
    base = alt.Chart(_data(bars))
    marks = base.mark_bar(width={"band": 0.6}).encode(x=x, y=y)
    told = base.mark_text(dy=-8).encode(x=x, y=y, text="said:N")
    return _finished(alt.layer(marks, told).properties(width=WIDE, height=190))
