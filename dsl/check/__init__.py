"""From documents to a program: every name resolved, every expression typed, every rule of the language checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .. import program as p
from .. import syntax as s
from ..diagnostics import Diagnostic, Problems, in_order
from . import order
from .coverage import check_coverage, declared_values
from .depth import check_depth
from .lets import Written, declare_lets, typed_lets
from .names import Names
from .namespace import declared_in
from .outcomes import with_outcomes
from .parameters import checked_freshness, declare_parameters
from .privacy import check_privacy
from .purposes import declare_purposes
from .reasons import check_reasons
from .relative import check_not_personal
from .result_columns import check_result_columns
from .segmentations import checked_segmentations, declare_segmentations
from .shadow import warn_of_shadowed
from .silence import note_silent_decisions
from .tables import declare_tables
from .tested import check_what_tests_reach
from .tests import checked_tests
from .unused import note_unused


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of the documents: the program, None where an error keeps it from running, and all problems."""

    program: p.Program | None
    diagnostics: tuple[Diagnostic, ...]


def check(documents: Sequence[s.Document]) -> Checked:
    """Check the documents of one project together; raises nothing. What parsing found is not repeated here."""
    problems = Problems()
    names = Names(problems)
    declared = declared_in(sorted(documents, key=lambda document: document.file), names)
    declare_purposes(declared.purposes, names)
    declare_tables(declared.tables, names)
    freshness = checked_freshness(declared.freshness, names)
    declare_parameters(declared.parameters, names)
    lets_written = declare_lets(declared.lets, names)
    declare_segmentations(declared.segmentations, names)
    lets, segmentations = order.in_order(
        typed_lets(lets_written, names), checked_segmentations(declared.segmentations, names), problems
    )
    tests = checked_tests(declared.tests, names)
    scorecards = [each for each in declared.lets if isinstance(each, s.Scorecard)]
    check_reasons(declared.segmentations, scorecards, problems)
    check_result_columns(segmentations, names)
    program = p.Program(
        purposes=tuple(names.purposes),
        tables=tuple(names.tables.values()),
        freshness=freshness,
        parameters=tuple(names.parameters.values()),
        lets=lets,
        segmentations=segmentations,
        tests=tuple(each.test for each in tests),
    )
    check_depth(lets, problems)
    check_coverage(program, names, declared_values(names), problems, leave_out=_unsaid(declared.lets))
    check_privacy(program, _unsure(declared.segmentations, segmentations, names), problems)
    check_not_personal(program, problems)
    program = with_outcomes(program, declared, names)
    if not problems.has_errors():
        check_what_tests_reach(tests, program, problems)
        warn_of_shadowed(program, problems)
        note_silent_decisions(program, problems)
        note_unused(program, problems)
    return Checked(None if problems.has_errors() else program, settled(problems.found))


def _unsure(written: Sequence[s.Segmentation], checked: Sequence[p.Segmentation], names: Names) -> frozenset[str]:
    """The segmentations whose purposes were not understood, which has been reported."""
    damaged = {segmentation.name.text for segmentation in written if segmentation.damaged}
    undeclared = {each.name for each in checked if not names.purposes.keys() >= set(each.purposes)}
    return frozenset(damaged | undeclared)


def _unsaid(written: Sequence[Written]) -> frozenset[str]:
    """The decisions that do not say how their rows are tried, which has been reported."""
    return frozenset(each.name.text for each in written if isinstance(each, s.DecisionTable) and each.policy is None)


def settled(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Diagnostics in order. Notes say what sound rules do, so there are none beside an error: what an erroneous
    part would have said to the same point is not known."""
    # What was put in for a name that is missing has no words, and has been reported; a whole file begins at 0.
    ordered = in_order(each for each in found if each.span.start < each.span.end or each.span.end == 0)
    if any(diagnostic.severity == "error" for diagnostic in ordered):
        return tuple(diagnostic for diagnostic in ordered if diagnostic.severity != "note")
    return ordered
