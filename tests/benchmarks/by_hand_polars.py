"""What an expert would write in Polars for project/bench.seg as of 2026-09-01: one grouping of the payments that
matter, masks beforehand, one chain of branches; streaming, from files into a file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl

AS_OF, YEAR_AGO = dt.date(2026, 9, 1), dt.date(2025, 9, 1)
EARLY, HALF, QUARTER = dt.date(2026, 6, 3), dt.date(2026, 3, 1), dt.date(2026, 6, 1)
C = pl.col
CONDITIONS: dict[str, pl.Expr] = {
    "fraud": C("fraud_probability") > 0.9,
    "perhaps fraud": C("fraud_probability") > 0.75,
    "complains": C("complaints") >= 3,
    "hardship": C("hardship_plan"),
    "indebted": C("debt_to_income") > 0.4,
    "very late": C("very_late") >= 2,
    "long late": C("worst_delay") > 90,
    "late twice": C("late_90d") >= 2,
    "late once": C("late_90d") >= 1,
    "stretched": C("utilisation") > 0.6,
    "pays less": C("paid_6m") * 2 < C("paid_before"),
    "delays": C("worst_delay") > 15,
    "many products": C("products") >= 4,
    "prime score": C("credit_score") >= 720,
    "low use": C("utilisation") < 0.3,
    "digital": C("channel").is_in(["app", "web"]),
    "never late": C("late_90d") == 0,
    "some use": C("utilisation") < 0.45,
    "never very late": C("very_late") == 0,
    "rich": C("income") >= 90000,
    "saves": C("savings") > 50000,
    "settled": C("age") >= 35,
    "young": C("age").is_between(18, 29),
    "app": C("channel") == "app",
    "active": C("logins_90d") > 20,
    "fair score": C("credit_score") >= 600,
    "no score": C("credit_score").is_null(),
    "poor score": C("credit_score") < 580,
    "weak score": C("credit_score") < 620,
    "much debt": C("debt_to_income") > 0.35,
    "new": C("tenure_months") < 12,
    "old account": C("opened_on") < dt.date(2016, 1, 1),
    "products": C("products") >= 2,
    "content": C("complaints") == 0,
    "north or east": C("region").is_in(["north", "east"]),
    "no payments": C("payments_3m") == 0,
    "no logins": C("logins_90d") == 0,
    "paid nothing": C("paid_6m") == 0,
    "one product": C("products") == 1,
}


def _all(*names: str) -> pl.Expr:
    return pl.all_horizontal(*names)


SEGMENTS: list[tuple[str, pl.Expr]] = [
    ("fraud_watch", C("fraud") | _all("perhaps fraud", "complains")),
    ("hardship", _all("hardship", "indebted")),
    ("collections", _all("very late", "long late") | C("late twice")),
    ("early_help", _all("late once", "stretched") | (_all("pays less", "delays") & ~C("many products"))),
    ("prime_digital", _all("prime score", "low use", "digital", "never late") & ~C("hardship")),
    ("prime", _all("prime score", "some use", "never very late")),
    ("wealthy", _all("rich", "saves", "settled")),
    ("young_digital", _all("young", "app", "active") & (C("fair score") | C("no score"))),
    ("subprime", C("poor score") | _all("weak score", "much debt")),
    ("thin_file", _all("no score", "new")),
    ("loyal", _all("old account", "products", "content", "north or east")),
    ("dormant", _all("no payments", "no logins") | _all("paid nothing", "one product")),
]


def _with_payments(data: Path) -> pl.LazyFrame:
    """The customers with what their payments come to."""
    late, paid_on, amount = C("days_late"), C("paid_on"), C("amount")
    paid = (
        pl.scan_parquet(data / "payments.parquet")
        .filter(paid_on > YEAR_AGO, paid_on <= AS_OF)
        .with_columns(
            late_90d=(late > 30) & (paid_on > EARLY),
            very_late=late > 60,
            paid_6m=pl.when(paid_on > HALF).then(amount),
            paid_before=pl.when(paid_on <= HALF).then(amount),
            payments_3m=paid_on > QUARTER,
        )
        .group_by("customer_id")
        .agg(
            C("late_90d").sum(),
            C("very_late").sum(),
            late.max().alias("worst_delay"),
            C("paid_6m").sum(),
            C("paid_before").sum(),
            C("payments_3m").sum(),
        )
    )
    sums = ("late_90d", "very_late", "worst_delay", "paid_6m", "paid_before", "payments_3m")
    customers = pl.scan_parquet(data / "customers.parquet")
    return customers.join(paid, on="customer_id", how="left").with_columns(C(*sums).fill_null(0))


def _segment() -> pl.Expr:
    (name, holds), *others = SEGMENTS
    chosen = pl.when(holds).then(pl.lit(name))
    for name, holds in others:
        chosen = chosen.when(holds).then(pl.lit(name))
    return chosen.otherwise(pl.lit("standard")).alias("value_risk")


def _bits(conditions: list[pl.Expr]) -> pl.Expr:
    zero = pl.lit(0, dtype=pl.UInt64)
    masks = [
        pl.when(each).then(pl.lit(1 << bit, dtype=pl.UInt64)).otherwise(zero) for bit, each in enumerate(conditions)
    ]
    return pl.sum_horizontal(masks)


def assignment(data: Path, out: Path) -> None:
    """Key and segment."""
    conditions = [each.alias(name) for name, each in CONDITIONS.items()]
    frame = _with_payments(data).select("customer_id", *conditions).select("customer_id", _segment())
    frame.sink_parquet(out, compression="snappy", maintain_order=False, engine="streaming")


def evidence(data: Path, out: Path) -> None:
    """Key, segment, and the truth and knowledge of every condition."""
    conditions = [each.alias(name) for name, each in CONDITIONS.items()]
    true, known = _bits([C(name) for name in CONDITIONS]), _bits([C(name).is_not_null() for name in CONDITIONS])
    frame = _with_payments(data).select("customer_id", *conditions)
    frame = frame.select("customer_id", _segment(), true.alias("true"), known.alias("known"))
    frame.sink_parquet(out, compression="snappy", maintain_order=False, engine="streaming")


def events(data: Path, out: Path) -> None:
    """Key and one of two segments, by nothing but payments."""
    late = (C("late_90d") >= 1) & (C("worst_delay") > 60) & (C("paid_6m") < C("paid_before"))
    segment = pl.when(late).then(pl.lit("late")).otherwise(pl.lit("other")).alias("arrears")
    frame = _with_payments(data).select("customer_id", segment)
    frame.sink_parquet(out, compression="snappy", maintain_order=False, engine="streaming")
