"""What became of `segwright ci`, as text, as JSON, and as a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..ci.records import Outcome, Status, Step
from ..dsl.diagnostics import Diagnostic
from ..dsl.source import Source
from ..runtime.comparing.gates import GateResult, Verdict
from .changes.blocks import Block, Fold, Grid, Heading, Item, Items, Paragraph, Tone
from .changes.data import as_json as difference_as_json
from .changes.markdown import LIMIT, fitted
from .changes.page import page_of
from .diagnostics import as_json as diagnostics_as_json
from .places import source_of
from .text import Colour, padded, plural, style, visible

_COLOURS: Mapping[Status, Colour] = {"passed": "green", "failed": "red", "skipped": "yellow"}
_SIGNS: Mapping[Status, str] = {"passed": "✅", "failed": "❌", "skipped": "➖"}
_ORDER: Mapping[Verdict, int] = {"failed": 0, "not looked at": 1, "passed": 2}
MANY = 30
"""So many problems are listed in a comment; the others are counted."""
RESERVED = 3_000
"""Characters of a comment that are left free, within what GitHub takes."""


# -- text --------------------------------------------------------------------------------------------------------------


def as_text(outcome: Outcome) -> str:
    """A line or two for each step, then what to make of it; with colours (`text.style`)."""
    head = visible(outcome.project)
    lines = [style(head, bold=True), ""]
    for step in outcome.steps:
        mark = style(padded(step.status, 8), _COLOURS[step.status], bold=step.status == "failed")
        lines.append(f"  {mark} {padded(step.name, 9)} {visible(step.summary)}")
        lines += [f"{' ' * 21}{visible(line)}" for line in step.lines]
    lines += [f"{style('note', 'cyan')}: {visible(note)}" for note in outcome.notes]
    return "\n".join([*lines, "", _verdict(outcome)]) + "\n"


def _verdict(outcome: Outcome) -> str:
    failed = [step.name for step in outcome.steps if step.status == "failed"]
    skipped = [step.name for step in outcome.steps if step.status == "skipped"]
    left = f"; skipped: {', '.join(skipped)}" if skipped else ""
    if failed:
        return style(f"failed: {', '.join(failed)}", "red", bold=True) + left
    return style("passed", "green", bold=True) + left


# -- JSON --------------------------------------------------------------------------------------------------------------


def as_json(outcome: Outcome) -> dict[str, Any]:
    """`{"passed", "exit_code", "project", "base", "steps", "gates", "diagnostics", "difference", "notes"}`; the
    diagnostics as those of `check`, the difference as that of `diff`."""
    base = outcome.base
    return {
        "passed": outcome.passed,
        "exit_code": outcome.exit_code,
        "project": outcome.project,
        "base": None if base is None else {"commit": base.commit, "revision": base.revision, "why": base.why},
        "steps": [_step_as_json(step) for step in outcome.steps],
        "gates": [_gate_as_json(gate) for gate in outcome.gates],
        **diagnostics_as_json(outcome.problems, outcome.sources),
        "difference": None if outcome.difference is None else difference_as_json(outcome.difference),
        "notes": list(outcome.notes),
    }


def _step_as_json(step: Step) -> dict[str, Any]:
    return {
        "name": step.name,
        "status": step.status,
        "summary": step.summary,
        "lines": list(step.lines),
        "exit_code": step.exit_code,
        "seconds": round(step.seconds, 3),
    }


def _gate_as_json(gate: GateResult) -> dict[str, Any]:
    return {
        "gate": gate.gate,
        "verdict": gate.verdict,
        "stops": gate.stops,
        "why": list(gate.why),
        "remedy": gate.remedy,
    }


# -- Markdown ----------------------------------------------------------------------------------------------------------


def as_markdown(outcome: Outcome, limit: int = LIMIT + RESERVED) -> str:
    """A comment on a pull request: the steps, the gates that stop it, what is wrong, and what the change does. Its
    first line is the marker that the comment is found by the next time."""
    said = "passed" if outcome.passed else "did not pass"
    title = f"{_SIGNS['passed' if outcome.passed else 'failed']} {outcome.project}: the rules {said}"
    return fitted(outcome.project, title, tuple(_blocks(outcome)), limit)


def _blocks(outcome: Outcome) -> Iterator[Block]:
    yield Grid(
        ("", "step", "what it found"),
        tuple((_SIGNS[step.status], step.name, _short(step)) for step in outcome.steps),
    )
    if outcome.gates:
        yield Heading("Gates")
        open_ones = [gate for gate in outcome.gates if gate.verdict != "passed"]
        if open_ones:
            yield Items(tuple(_gate(gate) for gate in sorted(open_ones, key=lambda each: _ORDER[each.verdict])))
        passed = [f"`{gate.gate}`" for gate in outcome.gates if gate.verdict == "passed"]
        if passed:
            yield Paragraph(f"{'Also passed' if open_ones else 'Passed'}: {', '.join(passed)}.")
    yield from _wrong(outcome)
    if outcome.notes:
        yield Items(tuple(Item(note, lead="note") for note in outcome.notes))
    if outcome.difference is not None:
        yield Heading("What this change does")
        yield from page_of(outcome.difference)
    elif outcome.base is not None:
        yield Paragraph(f"compared with {outcome.base.shown}", aside=True)


def _short(step: Step) -> str:
    """What a step found; of the comparison, whose page follows, only with what it was made."""
    if step.name == "diff" and step.status == "passed":
        return step.summary.partition(": ")[0]
    return step.summary


def _gate(gate: GateResult) -> Item:
    stops = "" if gate.stops or gate.verdict != "failed" else ", and only reported"
    why, *more = gate.why
    remedy = [Item(gate.remedy, lead="to pass")] if gate.remedy and gate.verdict == "failed" else []
    tone: Tone = "bad" if gate.stopped else "plain"
    items = (*(Item(each) for each in more), *remedy)
    return Item(f"`{gate.gate}`: {why}", items, lead=f"{gate.verdict}{stops}", tone=tone)


def _wrong(outcome: Outcome) -> Iterator[Block]:
    """Errors, but for those of gates, which are told already, then warnings in a fold."""
    found = [problem for step in outcome.steps if step.name != "gates" for problem in step.problems]
    errors = [each for each in found if each.severity == "error"]
    warnings = [each for each in found if each.severity == "warning"]
    if errors:
        yield Heading("What is wrong")
        yield Items(tuple(_problem(each, outcome.sources) for each in errors[:MANY]))
        if len(errors) > MANY:
            yield Paragraph(f"And {plural(len(errors) - MANY, 'more error')}.")
    if warnings:
        more = [Item(f"and {len(warnings) - MANY:,} more")] if len(warnings) > MANY else []
        items = (*(_problem(each, outcome.sources) for each in warnings[:MANY]), *more)
        yield Fold(plural(len(warnings), "warning"), (Items(items),))


def _problem(problem: Diagnostic, sources: Mapping[str, Source]) -> Item:
    source = source_of(problem.span.file, sources)
    line = source.position(problem.span.start).line
    message = " ".join(problem.message.split("\n"))
    return Item(message, place=f"{problem.span.file}:{line}", lead=problem.code, tone="plain")
