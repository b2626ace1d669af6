"""What has to be there for a condition to be true, worked out by hand."""

from __future__ import annotations

import pytest
from small_programs import program_of

from segwright.dsl.absence import needed_for
from segwright.dsl.labels import Lineage
from segwright.dsl.wording import wording

DATA = """\
table t key id
  id    integer
  a     integer optional
  b     integer optional
  c     integer
  flag  boolean optional
table x of t by id
  id  integer
  y   integer
  z   boolean
events e of t by id at day
  id   integer
  day  date
  n    integer
let sum_  = sum of n from e ever
let last_ = latest of n from e ever
let plain = c
let named = a + c
"""


@pytest.mark.parametrize(
    "condition, true, false",
    [
        ("a > 1", "a", "a"),
        ("c > 1", "", ""),
        ("1 < a + b", "a b", "a b"),
        ("a > 1 and b > 1", "a b", ""),
        ("a > 1 or b > 1", "", "a b"),
        ("not (a > 1 or b > 1)", "a b", ""),
        ("a > 1 and (a > 2 or b > 1)", "a", "a"),
        ("(a > 1 and b > 1) or a = 0", "a", "a"),
        ("a is known", "a", ""),
        ("a is missing", "", "a"),
        ("(a default 1) > 1", "", ""),
        ("flag", "flag", "flag"),
        ("flag default false", "flag", ""),
        ("flag default true", "", "flag"),
        ("x.y > 1", "x.y", "x.y"),
        ("x is known", "x is known", ""),
        ("a between b and 9", "a b", "a"),
        ("sum_ > 1", "", ""),
        ("last_ > 1", "last_", "last_"),
        ("plain > 1", "", ""),
        ("named > 1", "named", "named"),
        ("top 10% by a", "a", "a"),
    ],
)
def test_what_is_needed(condition: str, true: str, false: str) -> None:
    program = program_of(f"{DATA}segmentation s of t\n  overlapping\n  segment it when {condition}\n")
    (clause,) = program.segmentation("s").segments[0].clauses
    for truth, expected in ((True, true), (False, false)):
        found = {wording(each, "t") for each in needed_for(clause.when, Lineage(program), truth)}
        assert found == set([expected] if " is " in expected else expected.split())
