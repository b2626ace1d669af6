"""What `segwright show` says of generated rules is so for generated rows, by the reference interpreter."""

from __future__ import annotations

from typing import Any

import pytest
from generators.cases import checked
from generators.datasets import datasets, runs_before
from generators.programs import programs
from hypothesis import given, note, seed
from hypothesis import strategies as st
from mermaid import problems_of_flowchart

from segwright.dsl import program as p
from segwright.dsl.absence import needed_for
from segwright.dsl.labels import Lineage, lineage_of
from segwright.dsl.overlap import pairs_of
from segwright.render.show import as_json, as_markdown, as_text, facts_of
from segwright.runtime.reference.errors import DataError
from segwright.runtime.reference.interpreter import Assigned, assign

from .search import TEN


@pytest.mark.parametrize("start", range(1_000, 1_005))
def test_generated_rules_and_rows(start: int) -> None:
    @seed(start)
    @TEN
    @given(st.data())
    def ten(data: st.DataObject) -> None:
        generated = data.draw(programs())
        note(generated.text)
        program, _ = checked(generated)
        shows_itself(program)
        rows = data.draw(datasets(program, generated.as_of))
        try:
            found = assign(program, rows, generated.as_of, before=data.draw(runs_before(program, rows)))
        except DataError:
            return
        lineage = lineage_of(program)
        for segmentation in program.segmentations:
            never_both(segmentation, lineage, found)
            never_without(segmentation, lineage, found)

    ten()


def shows_itself(program: p.Program) -> None:
    """All three forms come about, and say nothing as code."""
    told = facts_of(program)
    text, markdown = as_text(told), as_markdown(told)
    assert "Call(" not in text
    for block in markdown.split("```mermaid\n")[1:]:
        assert problems_of_flowchart(block.partition("\n```")[0]) == []
    assert len(as_json(told)["segmentations"]) == len(program.segmentations)


def never_both(segmentation: p.Segmentation, lineage: Lineage, found: Assigned) -> None:
    """No row fits both of two segments that are told to exclude each other."""
    by_name = {segment.name: segment for segment in segmentation.segments}
    for pair in pairs_of(segmentation, lineage):
        if pair.apart_by:
            for key in found.rows[segmentation.table]:
                both = [fits(by_name[name], segmentation.table, key, found) for name in (pair.first, pair.second)]
                assert not all(both), (pair, key)


def fits(segment: p.Segment, table: str, key: Any, found: Assigned) -> bool:
    """Whether a clause of the segment holds for a row, consent and dates aside."""
    return any(
        found.truth(table, key, clause.when) is True
        and not any(found.truth(table, key, unless) is True for unless in clause.unless)
        for clause in segment.clauses
    )


def never_without(segmentation: p.Segmentation, lineage: Lineage, found: Assigned) -> None:
    """No condition has a truth without what it is told to need for it."""
    table = segmentation.table
    for segment in segmentation.segments:
        for condition in (each for clause in segment.clauses for each in (clause.when, *clause.unless)):
            for truth in (True, False):
                for needed in needed_for(condition, lineage, truth):
                    for key in found.rows[table]:
                        value = found.value(table, key, needed)
                        there = value is True if isinstance(needed, p.RowKnown) else value is not None
                        assert there or found.truth(table, key, condition) is not truth, (needed, key)
