"""What segments rest on and who reads each column, worked out by hand."""

from __future__ import annotations

import pytest
from small_programs import program_of

from segwright.dsl.labels import Lineage
from segwright.dsl.lineage import (
    ColumnRead,
    Reader,
    dependence_of_segment,
    dependence_of_segmentation,
    readers_by_column,
)
from segwright.dsl.program import Relative

RULES = """\
purposes p, q
table t key id
  id     integer
  score  integer optional
  born   date optional personal
  value  money
  since  date
  ok     boolean optional consent for q
  sex    text optional protected
table c of t by id
  id     integer
  quiet  boolean
events e of t by t_id at day known at heard then n
  t_id   integer
  day    date
  heard  date
  n      integer
freshness e within 3 days
parameter least = 3
parameter back  = 30 days
let recent = count of e where n > least in last back
let busy   = recent > 1
let rank   = decile of value
let unread = score + 1
scorecard card starts at 0
  when score > 1 then -5 reason R01 "Score"
segmentation one "One" of t
  first match wins
  purpose p
  segment a
    when busy and years since born > 3
    unless c.quiet
    reasons from card
  segment b when rank > 8 and previous two includes_ok
  otherwise rest
segmentation two of t
  overlapping
  purpose q
  segment z
    needs consent for q
    when one is a
measure m = average of value
measures by year of since
policy
  fairness across sex favourable one.a ratio at least 80%
guarantee "g" no one.a where sex is missing
""".replace("previous two includes_ok", "previous one is a")


@pytest.fixture(scope="module")
def lineage() -> Lineage:
    return Lineage(program_of(RULES))


def test_a_segment_rests_on(lineage: Lineage) -> None:
    segment = lineage.segmentations["one"].segments[0]
    found = dependence_of_segment(segment, "t", lineage)
    assert found.uses.lets == (("t", "busy"), ("t", "recent"))
    assert found.uses.fields == (("t", "born"), ("c", "quiet"), ("e", "day"), ("e", "heard"), ("e", "n"))
    assert found.uses.parameters == ("back", "least")
    assert (found.uses.segmentations, found.uses.previous, found.uses.relatives) == ((), (), ())
    assert set(found.columns) == {
        ColumnRead("e", "n", value=True),
        ColumnRead("e", "t_id", value=False),
        ColumnRead("t", "id", value=False),
        ColumnRead("e", "day", value=True),
        ColumnRead("e", "heard", value=True),
        ColumnRead("t", "born", value=False),
        ColumnRead("c", "quiet", value=True),
        ColumnRead("c", "id", value=False),
    }


def test_relative_values_and_the_run_before(lineage: Lineage) -> None:
    segment = lineage.segmentations["one"].segments[1]
    found = dependence_of_segment(segment, "t", lineage)
    assert found.uses.lets == (("t", "rank"),)
    assert found.uses.previous == ("one",)
    assert [each.function for each in found.uses.relatives if isinstance(each, Relative)] == ["decile"]
    own = {(each.table, each.field) for each in found.columns if each.through is None}
    assert own == {("t", "value")}


def test_a_segmentation_that_is_asked(lineage: Lineage) -> None:
    found = dependence_of_segmentation(lineage.segmentations["two"], lineage)
    assert found.uses.segmentations == ("one",)
    assert found.uses.lets == ()
    assert {(each.field, each.value) for each in found.columns if each.through is None} == {("ok", False)}
    assert {each.through for each in found.columns} == {None, "one"}
    assert ColumnRead("t", "value", value=False, through="one") in found.columns


def test_who_reads_what(lineage: Lineage) -> None:
    readers = readers_by_column(lineage)
    one, two = (Reader("segmentation", name, (purpose,), False, None) for name, purpose in (("one", "p"), ("two", "q")))
    assert set(readers["t", "sex"]) == {
        Reader("fairness", "", (), True, None),
        Reader("guarantee", "g", (), False, None),
    }
    assert set(readers["t", "ok"]) == {two}
    assert set(readers["t", "score"]) == {
        Reader("reasons", "one", ("p",), True, None),
        Reader("segmentation", "two", ("q",), False, "one"),
    }
    assert set(readers["t", "value"]) == {
        Reader("segmentation", "one", ("p",), True, None),
        Reader("segmentation", "two", ("q",), False, "one"),
        Reader("measure", "m", (), True, None),
    }
    assert set(readers["t", "born"]) == {
        one,
        Reader("segmentation", "two", ("q",), False, "one"),
    }
    assert set(readers["t", "since"]) == {Reader("measures by", "year", (), True, None)}
    assert Reader("freshness", "e", (), True, None) in readers["e", "heard"]
    assert one in readers["t", "id"]
    assert ("c", "nothing") not in readers
