"""A generated program, the rows that it is asked about, and what a run before said of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from hypothesis import note
from hypothesis import strategies as st

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

    text: str = field(repr=False)
    program: Program = field(repr=False)
    source: Source = field(repr=False)
    as_of: dt.date
    rows: Data
    before: Before
    evidence: bool
    place: int


@st.composite
def cases(draw: Draw) -> Case:
    """Everything is drawn before any engine is asked, so that all are asked the same."""
    generated = draw(programs())
    note(f"as of {generated.as_of}\n{generated.text}")
    program, source = checked(generated)
    rows = draw(datasets(program, generated.as_of))
    before = draw(runs_before(program, rows))
    evidence, place = draw(st.booleans()), draw(st.integers(0, 9))
    return Case(generated.text, program, source, generated.as_of, rows, before, evidence, place)


def checked(generated: Generated) -> tuple[Program, Source]:
    """The program of generated rules, which have no errors."""
    source = Source("generated.seg", generated.text)
    document, problems = parse(source)
    found = check([document])
    errors = [each for each in (*problems, *found.diagnostics) if each.severity == "error"]
    assert not errors, "\n".join(f"`{source.words(each.span)}`: {each.message}" for each in errors)
    assert found.program is not None
    return found.program, source
