"""The command line. Commands import what they need when they run, so that `--help` and `check` start at once."""

from __future__ import annotations

from .app import main

__all__ = ["main"]
