"""Outcomes of the run of `projects.py`, made up, with every kind of record in them."""

from __future__ import annotations

import datetime as dt

from segwright.runtime.outcomes.records import (
    ContactRecord,
    DifferenceRecord,
    DriverRecord,
    FairnessRecord,
    FigureRecord,
    Figures,
    GroupRecord,
    GuardRecord,
    MeasureRecord,
    Outcomes,
    ProxyRecord,
    TableOutcomes,
    TargetRecord,
    Verdict,
)

SEGMENTS = ("stopped", "prime", "young", "standard")


def share(value: float, n: int = 400, small: str | None = None) -> FigureRecord:
    return FigureRecord(
        value=value, n=n, unknown=3, low=value * 0.8, high=value * 1.25, interval="Wilson score", small=small
    )


def figures(values: tuple[FigureRecord, ...]) -> Figures:
    return Figures(everybody=share(0.05), segmentations={"value_risk": dict(zip(SEGMENTS, values, strict=True))})


def target(segment: str, measure: str | None, limit: float, value: float | None, verdict: Verdict) -> TargetRecord:
    said = f"target {segment} {measure or 'size'} at {'least' if measure is None else 'most'} {limit:.0%}"
    return TargetRecord(
        segmentation="value_risk",
        segment=segment,
        measure=measure,
        said=said,
        limit=limit,
        value=value,
        verdict=verdict,
    )


def made_up(title: str = "Default rate", said: str = "") -> Outcomes:
    """`said` stands wherever a record has words of its own."""
    values = (share(0.021), share(0.087, 12, "fewer than 30 rows"), FigureRecord(value=None, status="hidden"))
    absent = FigureRecord(value=None, status="not yet observable", n=400)
    money = FigureRecord(value="1234.50", n=400, unknown=0, low=1100.0, high=1369.0, interval="Student's t")
    missing = FigureRecord(value=None, status="missing", n=0)
    rate = MeasureRecord(
        title=title,
        type="percent",
        better="lower",
        window="12 months",
        not_observable=None,
        everybody=share(0.05),
        segmentations=figures((*values, absent)).segmentations,
        vintages={at: figures((*values, absent)) for at in ("2025 Q1", "2025 Q2", "missing")},
        horizons={at: figures((*values, absent)) for at in ("3 months", "12 months")},
        differences=[
            DifferenceRecord(segmentation="value_risk", first="stopped", second="prime", p=0.00001, clear=True),
            DifferenceRecord(segmentation="value_risk", first="prime", second="young", p=0.31, clear=False),
        ],
    )
    value = MeasureRecord(
        title="Value",
        type="money",
        better="higher",
        everybody=money,
        segmentations={"value_risk": dict(zip(SEGMENTS, (money, money, missing, money), strict=True))},
    )
    groups = [
        GroupRecord(value="F", n=200, selected=40, rate=0.2, low=0.15, high=0.26, ratio=0.8, p=0.2),
        GroupRecord(value="M", n=200, selected=50, rate=0.25, low=0.2, high=0.31),
        GroupRecord(value="missing", n=None, selected=None, rate=None, low=None, high=None, hidden=True),
    ]
    fairness = FairnessRecord(
        field="channel",
        direction="favourable",
        segmentation="value_risk",
        segments=["prime"],
        groups=groups,
        reference="M",
        ratio=0.8,
        limit=0.8,
        four_fifths=True,
        message=f"rates differ little {said}",
        drivers=[DriverRecord(segment="prime", clause=2, condition=f"used < 30% {said}", rates={"F": 0.4}, ratio=0.9)],
    )
    targets = [
        target("stopped", "rate", 0.03, 0.021, "met"),
        target("prime", "rate", 0.03, 0.087, "missed"),
        target("prime", None, 0.05, 0.2, "unclear"),
        target("young", "rate", 0.03, None, "hidden"),
    ]
    table = TableOutcomes(
        rows=10,
        measures={"rate": rate, "value": value},
        targets=targets,
        guards=[
            GuardRecord(kind="alike", of="value_risk", holds=False, message=f"two segments are alike {said}"),
            GuardRecord(kind="review", of="value_risk", holds=None, message="nobody said when"),
        ],
        fairness=[fairness],
        proxies=[ProxyRecord(protected="channel", field="age", association=0.31, p=0.0001, n=10)],
        contact={"audiences": ContactRecord(counts={0: 3, 1: 6, 2: None}, cap=1, capped=2)},
    )
    return Outcomes(as_of=dt.date(2026, 9, 1), tables={"customers": table})
