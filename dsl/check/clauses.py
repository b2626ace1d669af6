"""One segment: its clauses, consent, reasons and the dates it is in force."""

from __future__ import annotations

from dataclasses import dataclass

from .. import program as p
from .. import syntax as s
from ..diagnostics import Label, Problems
from ..source import Span
from .consent import consent_for
from .expressions import check_condition
from .names import Names, Place, Scope, SegmentationHead
from .suggest import did_you_mean


@dataclass(frozen=True, slots=True)
class Shared:
    """What the header of a segmentation states for every segment but `otherwise`."""

    unless: tuple[p.Expr, ...]
    consent: tuple[p.Consent, ...]


def checked_segment(written: s.Segment, head: SegmentationHead, shared: Shared, number: int, names: Names) -> p.Segment:
    """A segment whose first clause has `number`. A clause that could not be typed is left out, and reported."""
    problems = names.problems
    if written.otherwise:
        _check_otherwise(written, problems)
    else:
        _check_clauses(written, problems)
    clauses: list[p.Clause] = []
    consent = {} if written.otherwise else {each.purpose: each for each in shared.consent}
    reasons: dict[str, p.Reason] = {}
    reasons_from: dict[str, s.ReasonsFrom] = {}
    in_force: dict[type[s.SegmentItem], s.InForceFrom | s.InForceUntil] = {}
    for at, item in enumerate(written.items):
        match item:
            case s.When():
                if not written.otherwise:
                    clauses.extend(_clause(written, at, item, head, shared, number, names))
                    number += 1
            case s.Unless():
                pass  # belongs to the clause of the `when` before it
            case s.NeedsConsent():
                if head.table is not None and not written.otherwise:
                    for each in consent_for(item, head.table, names):
                        consent.setdefault(each.purpose, each)
            case s.Reason():
                if item.text is not None:
                    reasons.setdefault(item.code.text, p.Reason(item.code.text, item.text.value))
            case s.ReasonsFrom():
                _keep_scorecard(item, head, reasons_from, names)
            case s.InForceFrom() | s.InForceUntil():
                _keep_date(item, in_force, problems)
    since, until = in_force.get(s.InForceFrom), in_force.get(s.InForceUntil)
    if since is not None and until is not None and since.date.value > until.date.value:
        problems.error(
            "SEG512",
            until.date.span,
            f"`{written.name.text}` is never in force: it ends before it starts",
            labels=[Label(since.date.span, "in force from here")],
        )
    return p.Segment(
        name=written.name.text,
        title=written.title.value if written.title else None,
        clauses=tuple(clauses),
        consent=tuple(consent.values()),
        reasons=tuple(reasons.values()),
        reasons_from=tuple(reasons_from),
        valid_from=since.date.value if since else None,
        valid_until=until.date.value if until else None,
        span=written.name.span,
    )


def _clause(
    written: s.Segment,
    at: int,
    when: s.When,
    head: SegmentationHead,
    shared: Shared,
    number: int,
    names: Names,
) -> list[p.Clause]:
    """The clause of the `when` at `at` of the items, with the `unless` lines up to the next `when`."""
    condition = _condition(when.condition, "when", head, names)
    unless: list[p.Expr] = []
    span = when.span
    for item in written.items[at + 1 :]:
        if isinstance(item, s.When):
            break
        if isinstance(item, s.Unless):
            taken_out = _condition(item.condition, "unless", head, names)
            unless.extend([] if taken_out is None else [taken_out])
            span = span.to(item.span)
    if condition is None:
        return []
    return [p.Clause(number, condition, (*shared.unless, *unless), span)]


def _condition(expr: s.Expr, place: Place, head: SegmentationHead, names: Names) -> p.Expr | None:
    return None if head.table is None else check_condition(expr, Scope(names, head.table, place, head.name))


def _keep_scorecard(item: s.ReasonsFrom, head: SegmentationHead, kept: dict[str, s.ReasonsFrom], names: Names) -> None:
    """Keep a scorecard of the segmentation's table; anything else is reported."""
    name, problems = item.scorecard, names.problems
    if name.text in kept:
        problems.error(
            "SEG513", item.span, "a segment says this once", labels=[Label(kept[name.text].span, "said here already")]
        )
        return
    if head.table is None or name.text in names.broken:
        return
    owner = next((table for table, let in names.let_names if let == name.text), None)
    let = None if owner is None else names.let(owner, name)
    if let is not None and isinstance(let.value, p.Score) and let.table == head.table:
        kept[name.text] = item
    elif let is not None:
        other = "is no scorecard" if not isinstance(let.value, p.Score) else f"is a scorecard of `{let.table}`"
        problems.error(
            "SEG847",
            name.span,
            f"`{name.text}` {other}: `{head.name}` takes reasons from a scorecard of `{head.table}`",
            labels=[Label(let.span, "declared here")],
        )
    elif owner is None:
        problems.error(
            "SEG847",
            name.span,
            f"there is no scorecard `{name.text}`",
            fixes=did_you_mean(name, _scorecards_of(head.table, names)),
        )


def _scorecards_of(table: str, names: Names) -> list[str]:
    lets = [names.let(owner, s.Name(span, name)) for (owner, name), span in names.let_names.items() if owner == table]
    return [let.name for let in lets if let is not None and isinstance(let.value, p.Score)]


def _keep_date(
    item: s.InForceFrom | s.InForceUntil,
    kept: dict[type[s.SegmentItem], s.InForceFrom | s.InForceUntil],
    problems: Problems,
) -> None:
    before = kept.setdefault(type(item), item)
    if before is not item:
        problems.error(
            "SEG513",
            item.span,
            "a segment says this once",
            labels=[Label(before.span, "said here already")],
        )


def _check_clauses(written: s.Segment, problems: Problems) -> None:
    first_when = next((at for at, item in enumerate(written.items) if isinstance(item, s.When)), None)
    early = [
        item
        for at, item in enumerate(written.items)
        if isinstance(item, s.Unless) and (first_when is None or at < first_when)
    ]
    for item in early:
        if first_when is not None or not written.damaged:
            keyword = Span(item.span.file, item.span.start, item.span.start + len("unless"))
            problems.error(
                "SEG506",
                keyword,
                "an `unless` belongs to the `when` before it, and there is none",
                hints=["write it after the `when` from which it takes rows out"],
            )
    if first_when is None and not early and not written.damaged:
        problems.error(
            "SEG507",
            written.name.span,
            f"`{written.name.text}` does not say who belongs in it: give it a `when`",
        )


def _check_otherwise(written: s.Segment, problems: Problems) -> None:
    words: dict[type[s.SegmentItem], str] = {
        s.When: "when",
        s.Unless: "unless",
        s.NeedsConsent: "needs consent",
        s.InForceFrom: "from",
        s.InForceUntil: "until",
    }
    for item in written.items:
        word = words.get(type(item))
        if word is not None:
            problems.error(
                "SEG508",
                Span(item.span.file, item.span.start, item.span.start + len(word)),
                f"`otherwise` takes everybody whom no segment took, so it has no `{word}`",
            )
