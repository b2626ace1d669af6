"""What a run does not show of its table where groups below k are hidden (`hide groups below k`).

Everything that counts people is put into tables that add up, and all of it goes into one question, which cells must be
hidden (`suppression`):

| shown | table |
|---|---|
| sizes of the segments of an exclusive segmentation | a dimension |
| sizes of clauses | a dimension within their segment |
| size of a segment that may overlap others | inside and outside, a dimension of its own |
| in how many segments rows are, how many are in none or kept out by a limit | a dimension; shown where all is intact |
| vintages | a dimension, crossed with all of these |
| figures | how they part the rows (`parts.py`), crossed with segments and vintages |
| a protected field, and who of it is selected | a dimension, crossed with segments |

A figure is hidden, with all that comes with it, where a cell is that it could be reckoned back to: the rows of the
group, those that it counts and leaves out, those for which a share is true and those for which it is not. An average, a
median or a quotient of sums does not tell how many it leaves out: where that is hidden, only `unknown` is, unless those
counted are fewer than k. Figures of segments by vintage are triples, which `by_vintage.py` decides.

**Values.** A least or greatest value is that of one customer, so it is never shown, nor is arithmetic with one. Sums,
averages and medians are shown of k rows and more, whoever makes up most of them. Arithmetic with counts that do not
become averages (`2 * (count of customers where late)`), or with a net promoter score, is not shown either: what it
counts is not weighed.

**Differences** between hidden figures go; so does one whose p is that of a hidden pair, which Holm's correction may
have lent it. **Drivers** of a difference between protected groups tell how many pass a condition, so they are shown
only where sizes are all intact. The strength of a **proxy** is shown to two decimals, its p as no less than 0.001.

**Two names** for the same people are found by their counts (`deciding.py`). That one group is two others together is
not found: segments of two segmentations are not crossed.

**What this does not promise** beyond what `suppression` does not: a reader who compares two runs, or figures that
differ by few people (a measure at 6 and at 12 months), can learn how many came between. The content hash stays in the
manifest: it counts nobody, and lies beside the assignments themselves.
"""

from __future__ import annotations

from collections.abc import Sequence

from ....compiler.plan import Population
from ...manifest import AssignedRecord
from ..crossed import Crossed
from ..records import TableOutcomes
from .deciding import hidden_of
from .masked import masked_assignments, masked_outcomes
from .published import published

__all__ = ["hide"]


def hide(
    population: Population,
    record: AssignedRecord,
    outcomes: TableOutcomes,
    crossed: Sequence[Crossed],
    k: int,
) -> tuple[AssignedRecord, TableOutcomes]:
    """What may be shown of the assignments of a population and of what they come to, where groups below `k` are hidden.

    `crossed` has the counts behind `outcomes.fairness`. Targets and guards are reckoned from what this gives back."""
    told = published(population, record, outcomes, crossed)
    hidden = hidden_of(told, k)
    return masked_assignments(population, record, told, hidden), masked_outcomes(population, outcomes, told, hidden, k)
