"""Segmentations as statements. The answer of an exclusive one is the number of its clause, that of an overlapping one a
bit for each segment, and above these a bit for each segment that a cap kept the row out of.

Clause after clause, until one holds; large segmentations by bits.
"""

from __future__ import annotations

from ..plan import AllOf, AnyOf, Decision, DecisionClause, Formula, Is, Negated, NotTrue
from ..steps import limits
from .bits import Column, bound_tables, columns_of, narrowed
from .expressions import Scope, truth
from .sources import CLAUSES
from .terms import Term, Truth, all_of, any_of, conjunction, disjunction, known_truth, negation
from .trace import noted
from .writer import Lines, Writer, indented


def decide(writer: Writer, scope: Scope, decision: Decision) -> Lines:
    """The statements that find the answer of a segmentation, which later ones may ask for."""
    variable = writer.fresh(decision.segmentation)
    columns = columns_of(writer, scope, decision, lambda part: formula(writer, scope, part).holds)
    if columns is not None:
        lines = _by_bits(writer, decision, columns, variable)
    elif decision.exclusive:
        lines = _exclusive(writer, scope, decision, variable)
    else:
        lines = _overlapping(writer, scope, decision, variable)
    if limits(decision):
        lines += [
            f"if {variable}.bit_count() > {decision.cap}:",
            f"    {variable} = within_cap({variable}, {decision.cap}, {len(decision.segments)})",
        ]
    writer.answers[decision.segmentation] = Term(variable, plain=True)
    return lines


def decided_again(writer: Writer, scope: Scope, decision: Decision) -> Lines:
    """The statements that find the same answer clause by clause, once more; nothing else asks for it."""
    by_clause = _exclusive if decision.exclusive else _overlapping
    return by_clause(writer, scope, decision, writer.fresh(decision.segmentation))


def _by_bits(writer: Writer, decision: Decision, columns: list[Column], variable: str) -> Lines:
    """What is left of the clauses; of an exclusive segmentation the lowest, of an overlapping one their segments."""
    name = f"{variable}_bits"
    everything = sum(1 << clause.number for clause in decision.clauses)
    writer.bound += [f"{name} = {everything | (1 << (decision.otherwise_clause or 0) if decision.exclusive else 0)}"]
    for clause in decision.clauses:
        test = in_force(writer, clause)
        if test != "True":
            writer.bound += [f"if not {test}:", f"    {name} &= ~{1 << clause.number}"]
    writer.bound += bound_tables(writer, columns, name)
    left = f"{name}_left"
    lines = [f"{left} = {name}", *narrowed(columns, name, left)]
    if decision.exclusive:
        return [*lines, f"{variable} = ({left} & -{left}).bit_length() - 1"]
    segments = {clause.number: 1 << decision.segments.index(clause.segment) for clause in decision.clauses}
    bits = writer.constant(segments, "segments")
    return [
        *lines,
        f"{variable} = 0",
        f"while {left}:",
        f"    {variable} |= {bits}[({left} & -{left}).bit_length() - 1]",
        f"    {left} &= {left} - 1",
    ]


def _exclusive(writer: Writer, scope: Scope, decision: Decision, variable: str) -> Lines:
    lines: Lines = []
    for clause in decision.clauses:
        holds = clause_holds(writer, scope, clause)
        if holds != "False":
            lines += [f"if {holds}:", f"    {variable} = {clause.number}", "    break"]
    return [CLAUSES, *indented(lines), f"    {variable} = {decision.otherwise_clause}", "    break"]


def _overlapping(writer: Writer, scope: Scope, decision: Decision, variable: str) -> Lines:
    lines = [f"{variable} = 0"]
    for place, segment in enumerate(decision.segments):
        clauses = [clause for clause in decision.clauses if clause.segment == segment]
        holds = any_of(clause_holds(writer, scope, clause) for clause in clauses)
        if holds != "False":
            lines += [f"if {holds}:", f"    {variable} |= {1 << place}"]
    return lines


def clause_holds(writer: Writer, scope: Scope, clause: DecisionClause) -> str:
    """The test whether a clause holds."""
    return all_of([in_force(writer, clause), formula(writer, scope, clause.formula).holds])


def in_force(writer: Writer, clause: DecisionClause) -> str:
    """The test whether the as-of date lies within the clause's dates."""
    tests: list[str] = []
    if clause.valid_from is not None:
        tests.append(f"{writer.literal(clause.valid_from)} <= as_of")
    if clause.valid_until is not None:
        tests.append(f"as_of <= {writer.literal(clause.valid_until)}")
    writer.of_time = writer.of_time or bool(tests)
    return all_of(tests)


def formula(writer: Writer, scope: Scope, asked: Formula) -> Truth:
    """The source of a formula over conditions."""
    match asked:
        case Is(number):
            condition = writer.population.conditions[number]
            found = truth(writer, scope, condition.test)
            return noted(writer, scope, condition, found) if writer.noting else found
        case AllOf(operands):
            return conjunction([formula(writer, scope, each) for each in operands])
        case AnyOf(operands):
            return disjunction([formula(writer, scope, each) for each in operands])
        case Negated(operand):
            return negation(formula(writer, scope, operand))
        case NotTrue(operand):
            found = formula(writer, scope, operand)
            return known_truth(
                f"(not {found.holds})" if found.holds not in ("True", "False") else str(found.holds == "False"),
                found.holds,
            )
