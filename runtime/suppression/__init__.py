"""Which counts of people a run may not show: groups below k, and what would give them away.

`hidden_cells` takes the counts of a run and gives back the cells to hide. It knows no engine, file or screen, and its
answer depends on the counts, on k and on the declared order of groups, on nothing else.

**What is published.** Everybody, the groups of each dimension, the pairs of each cross, the triples of each split. Who
reads the output knows all sums between them, that counts are whole and not negative, k, and (more than the output
tells) which hidden cells are below k, which are not and which are nought. Hidden cells stay uncertain to such a reader:

- a group below k is hidden with further groups of its dimension, the smallest first, until those hidden are k people
  together and each of them can be shifted by `leeway(k)` people (`partition.py`);
- a hidden group is hidden in every cross and split as well. Its people can change places with those of the other
  hidden groups without a trace in anything shown, so that dimensions need not be weighed against each other. Their
  sum can be reckoned from what is shown, so it is protected as if it were one more group that is shown (`pooling.py`);
- a pair below k is hidden with the cheapest closed round of cells along which people can be shifted, rows and columns
  keeping their sums, and with more until those hidden of each row and column are k people together (`rounds.py`).

**Noughts are shown.** A nought counts nobody, and rules make many of them by construction; Hundepool et al.,
Statistical Disclosure Control (Wiley 2012), ch. 5, leave it to the publisher, and sdcTable has it as `allowZeros =
FALSE`. That all of a large group share a value (group disclosure) is what a segmentation is for; "all but a few" is not
shown, because the few are a group below k. A nought is hidden where nothing else can protect a cell, and within hidden
groups.

**What this does not promise.** The reader of the output solves the published sums; that three crosses must come from
one set of people can narrow a hidden cell further, and so can a second run over nearly the same people. Which further
cells are hidden depends on magnitudes (powers of two) rather than on exact counts, so that the choice itself tells
little; what it tells is not reckoned with.
"""

from .hidden import figure_is_hidden, hidden_cells, intact
from .partition import leeway
from .tables import EVERYBODY, Cell, Cross, Dimension, Split, cell, yes_or_no

__all__ = [
    "EVERYBODY",
    "Cell",
    "Cross",
    "Dimension",
    "Split",
    "cell",
    "figure_is_hidden",
    "hidden_cells",
    "intact",
    "leeway",
    "yes_or_no",
]
