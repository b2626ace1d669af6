"""A run's results for other programs: CSV, Excel, Parquet, JSON, DuckDB."""

from .exports import FORMATS, export_run

__all__ = ["FORMATS", "export_run"]
