"""Small projects whose runs are reported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

SETTINGS = """
[project]
name  = "{name}"
rules = ["*.seg"]

[data]
customers = "customers.parquet"

[run]
as_of = 2026-09-01
out   = "runs"
"""

RULES = """
table customers "Customers" key customer_id
  customer_id integer
  age         integer from 18 to 120
  score       integer from 300 to 850 optional  "Bureau score"
  used        percent optional
  channel     one of "app", "web", "branch"
  opened_on   date
  email       text optional personal
  blocked     boolean

parameter prime_score = 700 from 600 to 800 "Lowest score that counts as prime"

segmentation value_risk "Value and risk" of customers
  first match wins
  segment stopped "Stopped"
    when blocked
  segment prime "Prime"
    when score >= prime_score
     and used < 30%
    unless channel is "branch"
  segment young "Young"
    when age < 30
     and opened_on >= 2025-01-01
  otherwise standard "Standard"

segmentation audiences "Audiences" of customers
  overlapping
  segment app_users "App users"  when channel is "app"
  segment seniors   "Seniors"    when age >= 60
  segment mailed    "Mailed"     when email starts with "a" and age >= 30
"""

ROWS: list[tuple[Any, ...]] = [
    # id, age, score, used, channel, opened_on, email, blocked
    (1, 25, 720, 0.10, "app", "2025-03-01", "a@x", True),  # stopped; fits prime and young too
    (2, 40, 720, 0.10, "app", "2020-01-01", "a@x", False),  # prime
    (3, 28, 710, 0.20, "web", "2025-06-01", None, False),  # prime; fits young too
    (4, 40, 720, 0.10, "branch", "2020-01-01", "b@x", False),  # only the branch keeps it out of prime
    (5, 40, 720, 0.50, "app", "2020-01-01", "a@x", False),  # only its use keeps it out of prime
    (6, 40, 720, None, "app", "2020-01-01", None, False),  # the same, for missing data
    (7, 65, None, 0.10, "app", "2020-01-01", "a@x", False),  # only the score, for missing data
    (8, 65, 650, 0.10, "web", "2020-01-01", "b@x", False),  # only the score keeps it out of prime
    (9, 22, 500, 0.90, "web", "2025-02-01", None, False),  # young
    (10, 22, 500, 0.90, "web", "2024-02-01", None, False),  # only the date keeps it out of young
]


def customers() -> pl.DataFrame:
    names = ["customer_id", "age", "score", "used", "channel", "opened_on", "email", "blocked"]
    frame = pl.DataFrame(ROWS, schema=names, orient="row", infer_schema_length=None)
    return frame.with_columns(pl.col("opened_on").str.to_date())


def write_project(folder: Path, rules: str = RULES, frame: pl.DataFrame | None = None, name: str = "small") -> Path:
    """A project in `folder`, with its data."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "segwright.toml").write_text(SETTINGS.format(name=name), encoding="utf-8")
    (folder / "rules.seg").write_text(rules, encoding="utf-8")
    (customers() if frame is None else frame).write_parquet(folder / "customers.parquet")
    return folder
