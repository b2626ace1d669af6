"""The gates of the settings: what stops a run that is otherwise only reported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from .errors import GateError
from .notes import Note, NoteKind
from .outcomes.records import GuardKind, Outcomes
from .settings import GateName, Settings

_BY_NOTE: Mapping[GateName, NoteKind] = {"freshness": "freshness", "segment_size": "segment size"}


def pass_note_gate(settings: Settings, notes: Iterable[Note], gate: GateName) -> None:
    """Raises `GateError` where the settings say that such a note stops a run."""
    found = [note for note in notes if note.kind == _BY_NOTE[gate]]
    if found and gate in settings.gates:
        raise _stopped(gate, [note.message for note in found], {"notes": [note.as_json() for note in found]})


def pass_outcome_gates(settings: Settings, outcomes: Outcomes) -> None:
    """Raises `GateError` for the first gate that what the segments come to does not pass: targets that are missed (not
    those that chance leaves open), fairness ratios below their limit, a refresh or review that is overdue."""
    for gate, failing in _BY_OUTCOME.items():
        found = [*failing(outcomes)] if gate in settings.gates else []
        if found:
            raise _stopped(gate, found, {"failing": found})


def _stopped(gate: GateName, found: list[str], details: Mapping[str, object]) -> GateError:
    return GateError(f"stopped by the gate `{gate}`; nothing was written\n" + "\n".join(found), details)


def _missed_targets(outcomes: Outcomes) -> Iterator[str]:
    for found in outcomes.tables.values():
        for each in found.targets:
            if each.verdict == "missed":
                yield f"`{each.segment}` of `{each.segmentation}` misses its target: {each.said}"


def _unfair(outcomes: Outcomes) -> Iterator[str]:
    for found in outcomes.tables.values():
        yield from (each.message for each in found.fairness if each.four_fifths is False)


def _guards(kind: GuardKind) -> Callable[[Outcomes], Iterator[str]]:
    def failing(outcomes: Outcomes) -> Iterator[str]:
        for found in outcomes.tables.values():
            yield from (each.message for each in found.guards if each.kind == kind and each.holds is False)

    return failing


_BY_OUTCOME: Mapping[GateName, Callable[[Outcomes], Iterator[str]]] = {
    "targets": _missed_targets,
    "fairness": _unfair,
    "refresh": _guards("refresh"),
    "review": _guards("review"),
}
