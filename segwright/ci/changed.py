"""The steps that compare: what the change does, and whether the gates of the settings let it pass."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from ..difference import Compared as DataOptions
from ..difference import Difference, difference
from ..dsl.diagnostics import Diagnostic
from ..dsl.source import Span
from ..render.changes.summary import summary_of
from ..render.text import plural
from ..runtime.comparing.gates import GateResult, Held, held_against, new_warnings
from ..runtime.errors import SettingsError
from ..runtime.history.versions import BrokenRules, version_of
from ..runtime.progress import Progress
from ..runtime.settings import Settings
from .base import Base
from .codes import BASE, gate_code
from .places import settings_span
from .records import Outcome, Step

NO_GATES = 'the settings name no gates: under `[gates]` they may say what must not pass, such as `max_movers = "2%"`'


@dataclass(frozen=True, slots=True)
class Compared:
    """What the comparison came to; `missing` says why there is none, or none over data, and `wanting` whether data was
    asked for and was not there. `notes` are worth telling of the two versions."""

    difference: Difference | None = None
    missing: str = ""
    wanting: bool = False
    notes: tuple[str, ...] = ()


def diff_step(
    outcome: Outcome,
    base: Base,
    settings: Settings,
    as_of: dt.date | str | None,
    data: bool,
    show: Callable[[Progress], None] | None,
) -> tuple[Step, Compared]:
    """What the change does since its base. Rules that did not check there, or were no project yet, are nothing to
    compare with: then it is skipped. Raises a `RunError` where the data or the engine fails."""
    try:
        before = replace(version_of(outcome.folder, base.commit), shown=base.shown)
    except (BrokenRules, SettingsError) as problem:
        first, *more = problem.message.split("\n")
        told = Diagnostic(BASE, "warning", problem.message, settings_span(outcome))
        step = Step("diff", "skipped", first, tuple(line for line in more if line.strip()), (told,))
        return step, Compared(missing="the rules of the base cannot be compared with")
    after = version_of(outcome.folder, None)
    options = DataOptions(as_of=as_of)
    found = difference(before, after, data=data, settings=settings, options=options, progress=show)
    step = Step("diff", "passed", f"since {base.shown}: {summary_of(found)}")
    wanting = data and found.comparison is None and bool(after.rules.program.segmentations)
    wanting = wanting and not found.changes.same_meaning
    notes = (*before.notes, *after.notes, *_moved_gates(before.settings, settings))
    return step, Compared(found, found.not_compared or "", wanting, notes)


def gates_step(outcome: Outcome, settings: Settings, found: Compared) -> tuple[Step, tuple[GateResult, ...]]:
    """The change held against every gate that the settings name."""
    results = held_against(settings, _held(found))
    if not results:
        return Step("gates", "passed", NO_GATES), ()
    problems = tuple(_problem(each, outcome) for each in results if each.verdict == "failed")
    lines = [line for each in _worst_first(results) for line in told(each)]
    stopped = sum(each.stopped for each in results)
    unseen = sum(each.verdict == "not looked at" for each in results)
    passed = sum(each.verdict == "passed" for each in results)
    parts = [f"{passed:,} of {plural(len(results), 'gate')} passed"]
    parts += [f"{stopped:,} stop{'s' if stopped == 1 else ''} this change"] if stopped else []
    parts += [f"{unseen:,} not looked at"] if unseen else []
    skipped = unseen == len(results)
    status = "failed" if stopped else "skipped" if skipped else "passed"
    return Step("gates", status, ", ".join(parts), tuple(lines), problems, 1 if stopped else 0), results


def told(result: GateResult) -> Iterator[str]:
    """A line for each reason, and one for what would make the gate pass."""
    verdict = result.verdict if result.verdict != "failed" or result.stops else "failed, and only reported"
    for why in result.why:
        yield f"`{result.gate}` {verdict}: {why}"
    if result.verdict == "failed" and result.remedy:
        yield f"  to pass: {result.remedy}"


def _held(found: Compared) -> Held:
    both = found.difference
    if both is None:
        return Held(None, None, missing=found.missing)
    least = max(each.rules.program.policy.hide_below or 0 for each in (both.before, both.after))
    return Held(
        both.changes,
        both.comparison,
        new_warnings(*(() if each.checked is None else each.checked.diagnostics for each in (both.before, both.after))),
        tuple(_labelled(both)),
        least or None,
        found.missing or "no data was looked at",
        found.wanting,
    )


def _labelled(both: Difference) -> Iterator[str]:
    """Personal and protected fields that the change newly reads."""
    program = both.after.rules.program
    tables = {table.name: table for table in program.tables}
    for change in both.changes.changes:
        table = tables.get(change.within or "")
        if change.kind != "newly read" or table is None:
            continue
        for each in table.fields:
            labels = [word for word, held in (("protected", each.protected), ("personal", each.personal)) if held]
            if each.name == change.name and labels:
                yield f"`{table.name}.{each.name}`, which is {' and '.join(labels)},"


def _problem(result: GateResult, outcome: Outcome) -> Diagnostic:
    span: Span = settings_span(outcome, "gates", result.gate)
    message = "; ".join([*result.why, *([f"to pass: {result.remedy}"] if result.remedy else [])])
    return Diagnostic(gate_code(result.gate), "error" if result.stops else "warning", message, span)


def _worst_first(results: tuple[GateResult, ...]) -> list[GateResult]:
    order = {"failed": 0, "not looked at": 1, "passed": 2}
    return sorted(results, key=lambda each: (order[each.verdict], not each.stops))


def _moved_gates(before: Settings | None, after: Settings) -> Iterator[str]:
    """Gates of the base that the change itself moves: a reviewer wants to know."""
    old, new = {} if before is None else _gates(before), _gates(after)
    for gate, was in old.items():
        if new.get(gate) != was:
            yield f"this change moves the gate `{gate}`: it was {was} at the base, and is {new.get(gate, 'not set')}"


def _gates(settings: Settings) -> dict[str, str]:
    gates = settings.change_gates
    limit = {} if gates.max_movers is None else {"max_movers": gates.max_movers.said}
    return {
        **limit,
        **dict.fromkeys((*settings.gates, *gates.stop), "stop"),
        **dict.fromkeys(gates.report, "report"),
    }
