"""A generated program, the rows that it is asked about, and what a run before said of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.vendor.pretty import RepresentationPrinter

from segwright.dsl.check import check
from segwright.dsl.parse import parse
from segwright.dsl.program import Program
from segwright.dsl.source import Source
from segwright.runtime.reference.interpreter import Before

from .datasets import Data, datasets, runs_before
from .draws import Draw
from .programs import Generated, programs


@dataclass(frozen=True, slots=True)
class Case:
    """`evidence`: engines tell all conditions and values, not the answers alone, and the row at `place` is explained;
    otherwise the segments are measured."""

    program: Program
    source: Source
    as_of: dt.date
    rows: Data
    before: Before
    evidence: bool
    place: int

    def _repr_pretty_(self, printer: RepresentationPrinter, _cycle: bool) -> None:
        """Hypothesis' own form would be too long: everything is noted where it is drawn."""
        printer.text(f"Case(as_of={self.as_of}, evidence={self.evidence}, place={self.place})")


@st.composite
def cases(draw: Draw) -> Case:
    """Everything is drawn before any engine is asked, so that all are asked the same."""
    generated = draw(programs())
    program, source = checked(generated)
    rows = draw(datasets(program, generated.as_of))
    before = draw(runs_before(program, rows))
    evidence, place = draw(st.sampled_from([False, True, True])), draw(st.integers(0, 9))
    note(f"as of {generated.as_of}\n{generated.text}")
    for table, found in rows.items():
        note("\n".join([f"{table}:", *(f"  {row}" for row in found)]))
    note(f"the run before: {before}")
    return Case(program, source, generated.as_of, rows, before, evidence, place)


def checked(generated: Generated) -> tuple[Program, Source]:
    """The program of generated rules, which have no errors."""
    source = Source("generated.seg", generated.text)
    document, problems = parse(source)
    found = check([document])
    errors = [each for each in (*problems, *found.diagnostics) if each.severity == "error"]
    assert not errors, "\n".join(f"`{source.words(each.span)}`: {each.message}" for each in errors)
    assert found.program is not None
    return found.program, source
