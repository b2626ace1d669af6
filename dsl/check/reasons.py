"""Reason codes: each has a text, and one text in the whole project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from .. import syntax as s
from ..diagnostics import Label, Problems


def check_reasons(
    segmentations: Sequence[s.Segmentation], scorecards: Iterable[s.Scorecard], problems: Problems
) -> None:
    """Report reasons without a text and codes with two."""
    first: dict[str, s.Text] = {}
    for declaration in segmentations:
        for segment in declaration.segments:
            for item in segment.items:
                if isinstance(item, s.Reason):
                    _check(item, first, problems)
    for scorecard in scorecards:
        for reason in _reasons_of(scorecard):
            _check(reason, first, problems)


def _reasons_of(scorecard: s.Scorecard) -> Iterator[s.Reason]:
    for item in scorecard.items:
        for part in item.bins if isinstance(item, s.Characteristic) else (item,):
            if part.reason is not None:
                yield part.reason


def _check(reason: s.Reason, first: dict[str, s.Text], problems: Problems) -> None:
    code = reason.code.text
    if reason.text is None or not reason.text.value.strip():
        known = f"; elsewhere it is `{_quoted(first[code])}`" if code in first else ""
        problems.error(
            "SEG510",
            reason.code.span if reason.text is None else reason.text.span,
            f"the reason `{code}` has no text for the notice to carry{known}",
        )
        return
    said = first.setdefault(code, reason.text)
    if said.value != reason.text.value:
        problems.error(
            "SEG511",
            reason.text.span,
            f"the reason `{code}` has another text already",
            labels=[Label(said.span, f"the text of `{code}` so far")],
            hints=["a code means one thing in all notices: take another code, or one text for both"],
        )


def _quoted(text: s.Text) -> str:
    return f'"{text.value}"'
