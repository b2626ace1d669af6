"""What an explanation says of segments that a row is not in: what kept it out, and what alone would have let it in."""

import pytest
from runtime.projects import Project

import segwright
from segwright.runtime.explanation import ClauseSeen, SegmentSeen

RULES = """
table customers key customer_id
  customer_id  integer
  age          integer
  score        integer optional
  use          percent optional
  city         text
segmentation risk of customers
  first match wins
  segment tried {tried}
  segment later when age > 0 until 2020-01-01
  otherwise standard
"""


def explained(project: Project, tried: str) -> dict[str, SegmentSeen]:
    """Customer 1 is 40, has no score, uses 50 % and lives in Rome; as of 2026-09-01."""
    project.rules(RULES.format(tried=tried))
    project.table("customers", "(1, 40, NULL::BIGINT, 0.5::DOUBLE, 'Rome')", "customer_id, age, score, use, city")
    run = project.run()
    (risk,) = segwright.open(project.folder).explain(1, as_of=run.manifest.as_of).segmentations
    return {segment.name: segment for segment in risk.segments}


def told(clause: ClauseSeen) -> list[str]:
    return [obstacle.text for obstacle in clause.kept_out_by]


@pytest.mark.parametrize(
    "tried, alone, obstacles",
    [
        # One condition missed: it alone.
        ("when age > 50 and use > 40%", True, ["age > 50"]),
        # Either of the two would have been enough.
        ('when age > 50 or city is "Oslo"', True, ["age > 50", 'city = "Oslo"']),
        # It takes both.
        ('when age > 50 and city is "Oslo"', False, ["age > 50", 'city = "Oslo"']),
        # One of each pair would have been enough: never as if all four were needed.
        (
            'when (age > 50 or score > 700) and (use < 30% or city is "Oslo")',
            False,
            ["age > 50 or score > 700", 'use < 30% or city = "Oslo"'],
        ),
        ("when age > 50 and (use < 30% or score > 700)", False, ["age > 50", "use < 30% or score > 700"]),
        # The same, said with `not`.
        ("when age > 50 and not (use > 30% and age > 30)", False, ["age > 50", "not (use > 30% and age > 30)"]),
        ("when not (age < 50 or use > 30%)", False, ["not (age < 50)", "not (use > 30%)"]),
        # That it is unknown because score is missing follows from the first.
        ("when score is known and score > 700", False, ["score is known"]),
        # But not that it is false for the use as well.
        (
            "when score is known and (score > 700 or use < 30%)",
            False,
            ["score is known", "score > 700 or use < 30%"],
        ),
        ("when age > 50 unless use > 30%", False, ["age > 50", "use > 30%"]),
    ],
)
def test_what_kept_a_row_out(project: Project, tried: str, alone: bool, obstacles: list[str]) -> None:
    (clause,) = explained(project, tried)["tried"].clauses
    assert (told(clause), clause.alone) == (obstacles, alone)


def test_a_segment_out_of_force_was_tried_only_if_it_was_reached(project: Project) -> None:
    assert explained(project, "when age > 50")["later"].outcome == "not in force"
    assert explained(project, "when age > 30")["later"].outcome == "not reached"
