"""What parses and does not run yet."""

from __future__ import annotations

from ..diagnostics import Problems
from ..source import Span


def report_not_yet(problems: Problems, span: Span, what: str) -> None:
    """Say that `what` ("a decision table") at `span` cannot be run by this version."""
    problems.error("SEG900", span, f"{what} is not yet supported: this version cannot run rules that have one")
