"""The engines by name."""

from __future__ import annotations

from typing import Literal, get_args

EngineName = Literal["duckdb", "polars"]
ENGINES: tuple[EngineName, ...] = get_args(EngineName)
"""What settings and commands call the engines; the first is the default."""
