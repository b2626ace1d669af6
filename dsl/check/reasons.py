"""Reason codes: each has a text, and one text in the whole project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from .. import syntax as s
from ..diagnostics import Label, Problems, replace
from ..wording import text_wording


def check_reasons(
    segmentations: Sequence[s.Segmentation], scorecards: Iterable[s.Scorecard], problems: Problems
) -> None:
    """Report reasons without a text and codes with two."""
    items = (item for declaration in segmentations for segment in declaration.segments for item in segment.items)
    reasons = [item for item in items if isinstance(item, s.Reason)]
    reasons += [reason for scorecard in scorecards for reason in _reasons_of(scorecard)]
    first: dict[str, s.Text] = {}
    for reason in reasons:
        if reason.text is not None and reason.text.value.strip():
            first.setdefault(reason.code.text, reason.text)
    for reason in reasons:
        _check(reason, first, problems)


def _reasons_of(scorecard: s.Scorecard) -> Iterator[s.Reason]:
    for item in scorecard.items:
        for part in item.bins if isinstance(item, s.Characteristic) else (item,):
            if part.reason is not None:
                yield part.reason


def _check(reason: s.Reason, first: dict[str, s.Text], problems: Problems) -> None:
    code = reason.code.text
    if reason.text is None or not reason.text.value.strip():
        said = _quoted(first[code]) if code in first else None
        problems.error(
            "SEG510",
            reason.code.span if reason.text is None else reason.text.span,
            f"the reason `{code}` has no text for the notice to carry"
            + (f"; elsewhere it is `{said}`" if said else ""),
            fixes=() if said is None or reason.text is None else (replace(reason.text.span, said),),
        )
        return
    said = first[code]
    if said.value != reason.text.value:
        problems.error(
            "SEG511",
            reason.text.span,
            f"the reason `{code}` has another text already",
            labels=[Label(said.span, f"the text of `{code}` so far")],
            hints=["a code means one thing in all notices: take another code, or one text for both"],
        )


def _quoted(text: s.Text) -> str:
    return text_wording(text.value)
