"""Whoever reads the output, and knows how it was made, cannot tell the count in any hidden cell.

The adversary solves what is published: whole numbers that are not negative and add up, k, and for each hidden cell
whether it is nought, below k, or neither, except where the output hides all of a table, so that nothing can tell them
apart. It shares no code with the product: it asks a solver of integer programs (HiGHS, in SciPy) for the lowest and
the highest value of every hidden cell."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations, product

import numpy
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, milp
from scipy.sparse import csr_array

from segwright.runtime.suppression import (
    EVERYBODY,
    Cell,
    Cross,
    Dimension,
    Split,
    cell,
    hidden_cells,
    leeway,
)

Range = tuple[float, float]
ANY: Range = (0, numpy.inf)


@dataclass(frozen=True)
class People:
    """How many there are with each segment, clause of that segment, quarter and outcome."""

    counts: dict[tuple[str, str, str, str], int]
    clauses: dict[str, list[str]]
    quarters: list[str]
    outcomes: list[str]

    def of(self, segment: str = "", clause: str = "", quarter: str = "", outcome: str = "") -> int:
        asked = (segment, clause, quarter, outcome)
        return sum(n for key, n in self.counts.items() if all(not a or a == b for a, b in zip(asked, key, strict=True)))


@dataclass(frozen=True)
class Grid:
    rows: list[Cell]
    columns: list[Cell]
    cells: dict[tuple[Cell, Cell], Cell]


@dataclass(frozen=True)
class Release:
    """Everything that is published, and each sum in it: a cell, and the cells that add up to it."""

    dimensions: list[Dimension]
    crosses: list[Cross]
    splits: list[Split]
    counts: dict[Cell, int]
    sums: list[tuple[Cell, list[Cell]]]
    grids: list[Grid]


def release(people: People, *, clause_outcomes: bool, split: bool) -> Release:
    segments = list(people.clauses)
    status = Dimension("status", tuple((s, people.of(segment=s)) for s in segments))
    quarter = Dimension("quarter", tuple((q, people.of(quarter=q)) for q in people.quarters))
    outcome = Dimension("outcome", tuple((o, people.of(outcome=o)) for o in people.outcomes))
    nested = [
        Dimension(f"clause of {s}", tuple((c, people.of(s, c)) for c in clauses), within=("status", s))
        for s, clauses in people.clauses.items()
    ]
    crosses = [
        Cross("status", "quarter", {(s, q): people.of(s, quarter=q) for s, q in product(segments, people.quarters)}),
        Cross("status", "outcome", {(s, o): people.of(s, outcome=o) for s, o in product(segments, people.outcomes)}),
    ]
    splits: list[Split] = []
    if clause_outcomes:
        crosses += [
            Cross(
                f"clause of {s}", "outcome", {(c, o): people.of(s, c, outcome=o) for c in cs for o in people.outcomes}
            )
            for s, cs in people.clauses.items()
        ]
    if split:
        pairs = list(product(people.quarters, people.outcomes))
        splits = [
            Split(("status", s), "quarter", "outcome", {(q, o): people.of(s, "", q, o) for q, o in pairs})
            for s in segments
        ]
    else:
        pairs = list(product(people.quarters, people.outcomes))
        crosses.append(Cross("quarter", "outcome", {(q, o): people.of(quarter=q, outcome=o) for q, o in pairs}))
    return published([status, quarter, outcome, *nested], crosses, splits)


def published(dimensions: list[Dimension], crosses: list[Cross], splits: list[Split]) -> Release:
    named = {dimension.name: dimension for dimension in dimensions}
    everybody = sum(count for _, count in dimensions[0].groups)
    counts: dict[Cell, int] = {EVERYBODY: everybody}
    sums: list[tuple[Cell, list[Cell]]] = []
    grids: list[Grid] = []
    for dimension in dimensions:
        groups = [cell((dimension.name, group)) for group, _ in dimension.groups]
        counts |= dict(zip(groups, (count for _, count in dimension.groups), strict=True))
        sums.append((cell(dimension.within) if dimension.within else EVERYBODY, groups))
    tables = [(cross.rows, cross.columns, named[cross.rows].within, cross.counts) for cross in crosses]
    tables += [(split.by, split.into, split.of, split.counts) for split in splits]
    for rows, columns, within, pairs in tables:
        whole = cell(within) if within else EVERYBODY
        own = EVERYBODY if named[rows].within else whole
        heads = [own | {(rows, group)} for group, _ in named[rows].groups]
        feet = [whole | {(columns, group)} for group, _ in named[columns].groups]
        inner = {
            (head, foot): own | {(rows, row), (columns, column)}
            for head, (row, _) in zip(heads, named[rows].groups, strict=True)
            for foot, (column, _) in zip(feet, named[columns].groups, strict=True)
        }
        for one, pair in zip(
            inner.values(), product(dict(named[rows].groups), dict(named[columns].groups)), strict=True
        ):
            counts[one] = pairs.get(pair, 0)
        sums += [(head, [inner[head, foot] for foot in feet]) for head in heads]
        sums += [(foot, [inner[head, foot] for head in heads]) for foot in feet]
        grids.append(Grid(heads, feet, inner))
    return Release(dimensions, crosses, splits, counts, sums, grids)


def known_of(count: int, k: int) -> Range:
    """What the adversary knows of a hidden cell or sum of which it knows whether it is nought, small, or neither."""
    if count == 0:
        return ANY
    if k == 2:
        return 1, numpy.inf
    return (1, k - 1) if count < k else (k, numpy.inf)


def knowledge(made: Release, hidden: frozenset[Cell], k: int) -> list[tuple[list[Cell], Range]]:
    """Sums of hidden cells (most of one cell) and the range in which the adversary knows them to be."""
    known: list[tuple[list[Cell], Range]] = []
    for dimension in made.dimensions:
        groups = [cell((dimension.name, group)) for group, _ in dimension.groups]
        if not hidden.issuperset(groups):
            known += [([one], known_of(made.counts[one], k)) for one in groups if one in hidden]
    for grid in made.grids:
        # To the adversary all hidden rows are one row, and all hidden columns one column: EVERYBODY stands for these.
        pools: dict[tuple[Cell, Cell], list[Cell]] = {}
        for (head, foot), one in grid.cells.items():
            if made.counts[head] and made.counts[foot]:
                pool = (EVERYBODY if head in hidden else head, EVERYBODY if foot in hidden else foot)
                pools.setdefault(pool, []).append(one)
        if len(pools) > 1 and not all(hidden.issuperset(cells) for cells in pools.values()):
            for cells in pools.values():
                if hidden.issuperset(cells):
                    known.append((cells, known_of(sum(made.counts[one] for one in cells), k)))
    return known


def ranges(made: Release, hidden: frozenset[Cell], k: int) -> Callable[[Cell, float], Range]:
    """Gives the lowest and the highest value of a cell that fit with everything that is published and known; two others
    where these are known by then, and far enough from each other."""
    number = {one: at for at, one in enumerate(sorted(made.counts, key=sorted))}
    lines: list[tuple[dict[Cell, int], Range]] = [
        ({whole: -1} | dict.fromkeys(parts, 1), (0, 0)) for whole, parts in made.sums
    ]
    lines += [(dict.fromkeys(cells, 1), known) for cells, known in knowledge(made, hidden, k)]
    lines += [({one: 1}, ANY if one in hidden else (made.counts[one], made.counts[one])) for one in number]
    matrix = numpy.array([[line.get(one, 0) for one in number] for line, _ in lines])
    least, most = (numpy.array([known[end] for _, known in lines]) for end in (0, 1))
    truth = numpy.array([made.counts[one] for one in number])
    assert ((least <= matrix @ truth) & (matrix @ truth <= most)).all(), "what is published and known is true"
    fitting = [truth]  # every way to fill in what is hidden that was come upon

    def best(one: Cell, sign: int) -> float:
        goal = numpy.zeros(len(number))
        goal[number[one]] = sign
        constraint = csr_array(matrix), least, most
        found = milp(goal, integrality=numpy.ones(len(number)), bounds=Bounds(0, numpy.inf), constraints=constraint)
        if found.status == 3:  # there is no limit
            return numpy.inf
        assert found.success, found.message
        fitting.append(found.x.round())
        return round(found.x[number[one]])

    def between(one: Cell, far_enough: float) -> Range:
        values = [float(each[number[one]]) for each in fitting]
        if max(values) - min(values) >= far_enough:
            return min(values), max(values)
        return best(one, 1), best(one, -1)

    return between


def certain(made: Release, hidden: frozenset[Cell], k: int) -> list[str]:
    """What the adversary finds out: hidden cells that can have one value only, or where the product promises more,
    that are less uncertain than it promises."""
    found: list[str] = []
    inside = {one for grid in made.grids for (head, foot), one in grid.cells.items() if {head, foot} & hidden}
    inside |= {one for whole, parts in made.sums if whole in hidden and len(whole) for one in parts}
    between = ranges(made, hidden, k)
    for one in hidden - {EVERYBODY}:
        promised = leeway(k) if len(one) == 1 and one not in inside else 1
        low, high = between(one, promised)
        assert low <= made.counts[one] <= high
        if high - low < promised:
            found.append(f"{sorted(one)}: {made.counts[one]}, known to be from {low} to {high}")
    return found


@st.composite
def people(draw: st.DrawFn) -> People:
    clauses = {f"s{n}": [f"c{n}{m}" for m in range(draw(st.integers(1, 2)))] for n in range(draw(st.integers(1, 4)))}
    quarters = [f"q{n}" for n in range(draw(st.integers(1, 4)))]
    outcomes = ["yes", "no", "unknown"][: draw(st.integers(1, 3))]
    keys = [(s, c, q, o) for s, cs in clauses.items() for c in cs for q in quarters for o in outcomes]
    sizes = st.sampled_from(draw(st.sampled_from([[0, 0, 0, 1, 2, 9], [0, 1, 5, 10, 20], [0, 3, 30, 60, 90, 200]])))
    return People({key: draw(sizes) for key in keys}, clauses, quarters, outcomes)


def hide(made: Release, k: int) -> frozenset[Cell]:
    return hidden_cells(made.counts[EVERYBODY], k, made.dimensions, made.crosses, made.splits)


@given(people(), st.sampled_from([2, 3, 5, 10]), st.booleans(), st.booleans())
def test_no_hidden_cell_is_certain(some: People, k: int, clause_outcomes: bool, split: bool):
    made = release(some, clause_outcomes=clause_outcomes, split=split)
    hidden = hide(made, k)
    assert hidden >= {one for one, count in made.counts.items() if 0 < count < k}
    for whole, parts in made.sums:
        if whole not in hidden:
            assert not 0 < sum(made.counts[one] for one in parts if one in hidden) < k
    if made.counts[EVERYBODY] < k:
        assert hidden == frozenset(made.counts) or not made.counts[EVERYBODY]
    else:
        assert certain(made, hidden, k) == []


@st.composite
def audiences(draw: st.DrawFn) -> dict[tuple[str, str, str, str], int]:
    """How many customers are in each combination of three overlapping segments and a quarter."""
    sizes = st.sampled_from(draw(st.sampled_from([[0, 0, 1, 3], [0, 4, 12, 40], [2, 30, 60, 90, 200]])))
    quarters = [f"q{n}" for n in range(draw(st.integers(1, 3)))]
    return {key: draw(sizes) for key in product(("yes", "no"), ("yes", "no"), ("yes", "no"), quarters)}


@given(audiences(), st.sampled_from([2, 3, 5, 10]))
def test_no_hidden_overlap_is_certain(some: dict[tuple[str, str, str, str], int], k: int):
    made = overlapping(some)
    hidden = hide(made, k)
    assert hidden >= {one for one, count in made.counts.items() if 0 < count < k}
    if made.counts[EVERYBODY] >= k:
        assert certain(made, hidden, k) == []


def overlapping(some: dict[tuple[str, str, str, str], int]) -> Release:
    names = ["win_back", "welcome", "upsell", "quarter"]
    groups = [list(dict.fromkeys(key[at] for key in some)) for at in range(4)]
    dimensions = [
        Dimension(name, tuple((g, sum(n for key, n in some.items() if key[at] == g)) for g in groups[at]))
        for at, name in enumerate(names)
    ]
    crosses = [
        Cross(names[a], names[b], {
            (g, h): sum(n for key, n in some.items() if (key[a], key[b]) == (g, h))
            for g, h in product(groups[a], groups[b])
        })
        for a, b in combinations(range(4), 2)
    ]  # fmt: skip
    return published(dimensions, crosses, [])


def test_the_adversary_finds_out_what_is_hidden_alone():
    """Each of these is hidden as somebody in a hurry would hide it, and is found out."""
    one_way = published([Dimension("status", (("a", 3), ("b", 50), ("c", 500)))], [], [])
    assert certain(one_way, frozenset({cell(("status", "a"))}), 10) == ["[('status', 'a')]: 3, known to be from 3 to 3"]

    full = published([Dimension("status", (("a", 9), ("b", 9), ("c", 500)))], [], [])
    assert len(certain(full, frozenset({cell(("status", "a")), cell(("status", "b"))}), 10)) == 2

    rows, columns = Dimension("status", (("a", 43), ("b", 100))), Dimension("quarter", (("q1", 63), ("q2", 80)))
    pairs = {("a", "q1"): 3, ("a", "q2"): 40, ("b", "q1"): 60, ("b", "q2"): 40}
    table = published([rows, columns], [Cross("status", "quarter", pairs)], [])
    row_only = frozenset(cell(("status", "a"), ("quarter", q)) for q in ("q1", "q2"))
    assert len(certain(table, row_only, 10)) == 2
    assert certain(table, hide(table, 10), 10) == []

    # a and b are hidden, but the quarters of a are shown, and add up.
    rows = Dimension("status", (("a", 4), ("b", 40), ("c", 100)))
    columns = Dimension("quarter", (("q1", 66), ("q2", 78)))
    pairs = {("a", "q1"): 2, ("a", "q2"): 2, ("b", "q1"): 4, ("b", "q2"): 36, ("c", "q1"): 60, ("c", "q2"): 40}
    table = published([rows, columns], [Cross("status", "quarter", pairs)], [])
    two = {cell(("status", s)) for s in "ab"} | {cell(("status", "b"), ("quarter", q)) for q in ("q1", "q2")}
    assert any("b" in line for line in certain(table, frozenset(two), 10))
