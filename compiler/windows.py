"""The windows of an aggregate pass as dates."""

from __future__ import annotations

import datetime as dt

from .plan import AggregateFeature, AggregatePass, Binding
from .time import window_bounds

Bounds = tuple[dt.date | None, dt.date]
"""From the first date (excluded; None: no limit) to the second (included)."""


def bounds(binding: Binding, aggregate: AggregateFeature) -> Bounds:
    """The window of an aggregate over events."""
    assert aggregate.window is not None, "an aggregate over events has a window"
    return window_bounds(aggregate.window, binding.as_of, binding.parameters)


def widest(binding: Binding, each: AggregatePass) -> Bounds:
    """What the windows of all aggregates of a pass lie in."""
    found = [bounds(binding, aggregate) for aggregate in each.aggregates]
    lows = [low for low, _ in found if low is not None]
    return (min(lows) if len(lows) == len(found) else None), max(high for _, high in found)
