"""How the assignments of the run before are called among the tables that an assignment reads."""

from __future__ import annotations


def previous_relation(table: str) -> str:
    """The name of the relation that holds the assignments of `table` in the run before: its key under its declared
    name, and a text column for each segmentation that is asked for."""
    return f"#previous {table}"
