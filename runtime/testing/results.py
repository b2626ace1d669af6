"""What became of tests, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ...dsl.source import Span
from ..explanation import Explanation

FailureKind = Literal["segment", "because", "value asked for", "data", "engine"]


@dataclass(frozen=True, slots=True)
class Failure:
    """One way in which a case failed; `span` is what the rule file says.

    | kind | |
    |---|---|
    | segment | another segment than expected |
    | because | the condition came out otherwise |
    | value asked for | a decision or scorecard has no row or bin, because a value is left out |
    | data | the rows tie or overflow, so there is no answer |
    | engine | an engine and the reference interpreter differ: a fault of ours |

    `expected` and `actual` are given for the first two."""

    kind: FailureKind
    message: str
    span: Span
    segmentation: str | None = None
    expected: str | None = None
    actual: str | None = None


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What became of one case: a test, or the row of its table with that number (from 1).

    `left_out` are fields that it reads, that the data always has and that it does not give: missing here."""

    title: str
    row: int | None
    span: Span
    failures: tuple[Failure, ...]
    left_out: tuple[str, ...]
    explanations: tuple[Explanation, ...]

    @property
    def passed(self) -> bool:
        """Nothing failed."""
        return not self.failures


@dataclass(frozen=True, slots=True)
class TestResults:
    """What became of all cases, in the order of the files; `engines` are those that ran beside the reference
    interpreter, `seconds` what it took."""

    __test__ = False
    cases: tuple[CaseResult, ...]
    engines: tuple[str, ...]
    seconds: float

    @property
    def passed(self) -> bool:
        """No case failed."""
        return all(case.passed for case in self.cases)
