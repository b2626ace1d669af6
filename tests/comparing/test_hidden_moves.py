"""Whoever reads all of a comparison cannot tell any count of people that is hidden.

The adversary is that of `tests/runtime/outcomes/test_hiding_adversary.py` in kind: it knows that counts are whole, not
negative, and add up, turns shares back into counts, and asks a solver of integer programs for the lowest and highest
value of every count. It also knows that what a figure tells before and after is of the same people: rows by segment
before, after and by what the figure tells are counts of their own to it. What is true it is told by counting in Python.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import numpy
import pytest
from comparing.changed import Changed, moves, sizes
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from runtime.projects import Project
from scipy.optimize import Bounds, milp

from segwright.runtime.comparing import differences, hiding
from segwright.runtime.comparing.records import Comparison, SizeRecord
from segwright.runtime.suppression import cell

K = 10
BEFORE = """
table customers key customer_id
  customer_id integer
  was         one of "top", "mid", "rest"
  is_now      one of "top", "mid", "rest"
  x_was       boolean
  x_is        boolean
  late        boolean optional
segmentation value of customers
  first match wins
  segment top when was is "top"
  segment mid when was is "mid"
  otherwise rest
segmentation audiences of customers
  overlapping
  segment x when x_was
measure late = share where late
policy
  hide groups below 10
"""
AFTER = BEFORE.replace('was is "', 'is_now is "').replace("when x_was", "when x_is")

Profile = tuple[str, str, bool, bool, bool | None]
Var = frozenset[tuple[str, str]]
SEGMENTS = ["top", "mid", "rest"]
GROUPS: dict[str, list[str]] = {
    "was": SEGMENTS,
    "now": SEGMENTS,
    "x_was": ["yes", "no"],
    "x_now": ["yes", "no"],
    "late": ["yes", "no", "unknown"],
}
CROSSES = [
    ("was", "now"),
    ("x_was", "x_now"),
    ("was", "late"),
    ("now", "late"),
    ("x_was", "late"),
    ("x_now", "late"),
    ("was", "now", "late"),
    ("x_was", "x_now", "late"),
]


def groups_of(profile: Profile) -> set[tuple[str, str]]:
    was, now, x_was, x_now, late = profile
    told = "unknown" if late is None else "yes" if late else "no"
    yes = {True: "yes", False: "no"}
    return {("was", was), ("now", now), ("x_was", yes[x_was]), ("x_now", yes[x_now]), ("late", told)}


def tables() -> Iterator[list[Var]]:
    yield [frozenset()]
    for name, groups in GROUPS.items():
        yield [frozenset({(name, group)}) for group in groups]
    for names in CROSSES:
        yield [frozenset(zip(names, groups, strict=True)) for groups in product(*(GROUPS[name] for name in names))]


VARS: list[Var] = [each for table in tables() for each in table]


def truth(people: dict[Profile, int]) -> dict[Var, int]:
    counts: Counter[Var] = Counter()
    for profile, n in people.items():
        own = groups_of(profile)
        for each in VARS:
            counts[each] += n * (each <= own)
    return {each: counts[each] for each in VARS}


def sums() -> Iterator[dict[Var, int]]:
    """Every count is the sum over the groups of one more dimension, where that is a count too."""
    known = set(VARS)
    for each in VARS:
        names = {name for name, _ in each}
        for name, groups in GROUPS.items():
            parts = [each | {(name, group)} for group in groups]
            if name not in names and all(part in known for part in parts):
                yield {each: -1} | dict.fromkeys(parts, 1)


SUMS = list(sums())


def var(**groups: str) -> Var:
    return frozenset(groups.items())


# -- what is published -----------------------------------------------------------------------------------------------


def published(found: Comparison) -> tuple[dict[Var, int], set[Var], list[tuple[dict[Var, int], int]]]:
    """Counts that can be read, those that say they are hidden, and sums of counts that can be read."""
    told: list[tuple[Var, int | None]] = [(frozenset(), found.rows["customers"])]
    lines: list[tuple[dict[Var, int], int]] = []
    value, audiences = found.segmentations
    for record, was, now in ((value, "was", "now"), (audiences, "x_was", "x_now")):
        told.append((frozenset(), record.rows))
        for segment, size in record.sizes.items():
            group = segment if was == "was" else "yes"
            told += [(var(**{was: group}), size.before), (var(**{now: group}), size.after)]
        for each in record.measures:
            group = each.segment if was == "was" else "yes"
            for side, figure in ((was, each.before), (now, each.after)):
                assert figure is not None
                if figure.status == "hidden":
                    assert figure.n is None
                    assert figure.value is None
                    continue
                assert figure.n is not None
                assert figure.unknown is not None
                at = var(**{side: group})
                yes = round(float(figure.value or 0) * (figure.n - figure.unknown))
                told += [(at, figure.n), (at | {("late", "unknown")}, figure.unknown), (at | {("late", "yes")}, yes)]
                told.append((at | {("late", "no")}, figure.n - figure.unknown - yes))
    assert value.migration is not None
    for was, now in product(SEGMENTS, SEGMENTS):
        told.append((var(was=was, now=now), value.migration.get(was, {}).get(now, 0)))
    listed = {(move.before, move.after): move for move in value.moves}
    for was, now in product(SEGMENTS, SEGMENTS):
        shown = value.migration.get(was, {}).get(now, 0)
        assert was == now or (listed[was, now].count if (was, now) in listed else 0) == shown
        causes = listed[was, now].causes if (was, now) in listed else []
        assert all(cause.count is None or cause.count >= K for cause in causes)
    if value.movers is not None:
        lines.append(({var(was=a, now=b): 1 for a, b in product(SEGMENTS, SEGMENTS) if a != b}, value.movers))
    joined = {(move.before, move.after): move.count for move in audiences.moves}
    told += [
        (var(x_was="no", x_now="yes"), joined.get((None, "x"), 0)),
        (var(x_was="yes", x_now="no"), joined.get(("x", None), 0)),
    ]
    if audiences.movers is not None:
        pairs = [var(x_was="no", x_now="yes"), var(x_was="yes", x_now="no")]
        lines.append((dict.fromkeys(pairs, 1), audiences.movers))
    known: dict[Var, int] = {}
    for of, count in told:
        if count is not None:
            assert known.setdefault(of, count) == count
    return known, {of for of, count in told if count is None} - known.keys(), lines


# -- what can be reckoned --------------------------------------------------------------------------------------------


class Adversary:
    """Everything known, as an integer program."""

    def __init__(self, known: dict[Var, int], lines: list[tuple[dict[Var, int], int]]) -> None:
        self.number = {each: at for at, each in enumerate(VARS)}
        equations = [*((line, 0) for line in SUMS), *(({each: 1}, n) for each, n in known.items()), *lines]
        self.matrix = numpy.zeros((len(equations), len(VARS)))
        self.ends = numpy.array([end for _, end in equations])
        for row, (line, _) in enumerate(equations):
            for each, weight in line.items():
                self.matrix[row, self.number[each]] += weight

    def interval(self, of: Var) -> tuple[float, float]:
        return self._best(of, 1), self._best(of, -1)

    def _best(self, of: Var, sign: int) -> float:
        goal = numpy.zeros(len(VARS))
        goal[self.number[of]] = sign
        constraint = self.matrix, self.ends, self.ends
        found = milp(goal, integrality=numpy.ones(len(VARS)), bounds=Bounds(0, numpy.inf), constraints=constraint)
        if found.status == 3:  # there is no limit
            return numpy.inf
        assert found.success, found.message
        return round(found.x[self.number[of]])


def compared(people: dict[Profile, int]) -> Comparison:
    with tempfile.TemporaryDirectory() as place:
        changed = Changed(Project(Path(place)))
        changed.project.file("customers", csv(people))
        return changed.comparing(BEFORE, AFTER)


def csv(people: dict[Profile, int]) -> str:
    lines = ["customer_id,was,is_now,x_was,x_is,late"]
    for (was, now, x_was, x_now, late), n in people.items():
        told = "" if late is None else str(late).lower()
        lines += [f"{len(lines) + at},{was},{now},{str(x_was).lower()},{str(x_now).lower()},{told}" for at in range(n)]
    return "\n".join(lines) + "\n"


def check(people: dict[Profile, int]) -> Comparison:
    """That nothing that is hidden can be told from what is published."""
    found, counts = compared(people), truth(people)
    if counts[frozenset()] < K:
        text = found.model_dump_json(include={"segmentations", "rows"})
        assert found.rows == {"customers": None}
        assert not any(f'"{word}":{digit}' in text for word in ("count", "before", "after", "n") for digit in range(10))
        return found
    known, hidden, lines = published(found)
    for of, count in known.items():
        assert count == counts[of], f"{sorted(of)}: what is published is true"
        assert not 0 < count < K, f"{sorted(of)} is shown"
    adversary = Adversary(known, lines)
    for of, count in counts.items():
        if 0 < count < K or (count and of in hidden):
            low, high = adversary.interval(of)
            assert low <= count <= high
            assert low < high, f"{sorted(of)}: it is known to be {low}"
    keys = {each.key for record in found.segmentations for each in record.examples}
    value, _ = found.segmentations
    assert all(
        (each.before[0], each.after[0]) in {(move.before, move.after) for move in value.moves if not move.hidden}
        for each in value.examples
    )
    assert len(keys) <= 10
    return found


PROFILES = st.tuples(
    st.sampled_from(SEGMENTS),
    st.sampled_from(SEGMENTS),
    st.booleans(),
    st.booleans(),
    st.sampled_from([True, False, False, None]),
)
MANY = st.dictionaries(PROFILES, st.sampled_from([1, 3, 9, 10, 14, 30, 60, 90]), min_size=1, max_size=14)
LARGE = st.dictionaries(PROFILES, st.sampled_from([2, 40, 60, 80]), min_size=6, max_size=40)
MOST_STAY = st.dictionaries(
    PROFILES.filter(lambda each: each[0] == each[1] or each[2] != each[3]),
    st.sampled_from([1, 4, 12, 300]),
    min_size=3,
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=[Phase.generate])
@given(st.one_of(MANY, LARGE, MOST_STAY))
def test_no_hidden_count_can_be_told(people: dict[Profile, int]) -> None:
    check(people)


# -- by hand ---------------------------------------------------------------------------------------------------------


def plain(was: str, now: str, late: bool | None = False) -> Profile:
    return was, now, False, False, late


def test_where_all_groups_are_large_all_is_shown() -> None:
    found = check(
        {plain("top", "top"): 100, plain("top", "mid"): 20, plain("mid", "mid"): 50, plain("rest", "rest"): 200}
    )
    value = found.segmentations[0]
    assert moves(value) == [("top", "mid", 20)]
    assert (value.rows, value.movers, value.hidden) == (370, 20, False)
    assert sizes(value) == {"top": (120, 100), "mid": (50, 70), "rest": (200, 200)}
    assert [each.key for each in value.examples] == [101, 102, 103, 104, 105]


def test_a_small_move_is_hidden_and_with_it_what_would_tell() -> None:
    """Three go from top to mid. The sizes before and after are large, and would tell that."""
    found = check(
        {plain("top", "top"): 100, plain("top", "mid"): 3, plain("mid", "mid"): 50, plain("rest", "rest"): 200}
    )
    value = found.segmentations[0]
    assert value.hidden
    assert (value.rows, value.movers, value.movers_share) == (353, None, None)
    assert ("top", "mid", None) in moves(value)
    assert value.examples == []
    assert all(each.causes == [] for each in value.moves)


def test_a_figure_that_tells_of_few_movers_is_hidden() -> None:
    """Twenty join top, of whom three are late, and nobody leaves: a figure of 100 and one of 120 would tell."""
    people = {
        plain("top", "top", False): 80,
        plain("top", "top", True): 20,
        plain("mid", "top", False): 17,
        plain("mid", "top", True): 3,
        plain("mid", "mid", False): 50,
        plain("mid", "mid", True): 30,
        plain("rest", "rest", False): 150,
        plain("rest", "rest", True): 50,
    }
    found = check(people)
    figures = {each.segment: each for each in found.segmentations[0].measures}
    top, rest = figures["top"], figures["rest"]
    assert top.before is not None
    assert top.after is not None
    assert top.before.status == "hidden"
    assert top.after.value == round(23 / 120, 9)
    assert rest.before == rest.after
    assert top.clear is None


def test_fewer_than_k_in_all_are_not_counted() -> None:
    found = check({plain("top", "mid"): 4, plain("rest", "rest"): 4})
    value = found.segmentations[0]
    assert found.rows == {"customers": None}
    assert (value.rows, value.movers, value.hidden) == (None, None, True)
    assert all(each == SizeRecord(before=None, after=None, hidden=True) for each in value.sizes.values())


def test_the_larger_k_of_both_sides_holds() -> None:
    people = {plain("top", "top"): 100, plain("top", "mid"): 15, plain("mid", "mid"): 50, plain("rest", "rest"): 200}
    with tempfile.TemporaryDirectory() as place:
        changed = Changed(Project(Path(place)))
        changed.project.file("customers", csv(people))
        shown = changed.comparing(BEFORE, AFTER).segmentations[0]
        hidden = changed.comparing(BEFORE.replace("below 10", "below 20"), AFTER).segmentations[0]
    assert moves(shown) == [("top", "mid", 15)]
    assert ("top", "mid", None) in moves(hidden)


def test_the_adversary_finds_out_what_is_hidden_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small moves hidden, and nothing with them."""

    def careless(told: Any, k: int) -> frozenset[Var]:
        counts = {cell((each.name, group)): n for each in told.dimensions.values() for group, n in each.groups}
        counts |= {
            cell((each.rows, row), (each.columns, column)): n
            for each in told.crosses
            for (row, column), n in each.counts.items()
        }
        return frozenset(each for each, n in counts.items() if 0 < n < k)

    people = {plain("top", "top"): 100, plain("top", "mid"): 3, plain("mid", "mid"): 50, plain("rest", "rest"): 200}
    check(people)
    monkeypatch.setattr(hiding, "hidden_of", careless)
    with pytest.raises(AssertionError, match=r"known to be 3"):
        check(people)


def test_the_adversary_finds_out_differences(monkeypatch: pytest.MonkeyPatch) -> None:
    people = {
        plain("top", "top", False): 80,
        plain("top", "top", True): 20,
        plain("mid", "top", False): 17,
        plain("mid", "top", True): 3,
        plain("mid", "mid", False): 50,
        plain("mid", "mid", True): 30,
    }
    check(people)
    monkeypatch.setattr(differences, "is_few", lambda *_: False)
    with pytest.raises(AssertionError, match=r"known to be 3"):
        check(people)


def test_a_personal_key_is_no_example() -> None:
    people = {plain("top", "top"): 100, plain("top", "mid"): 20, plain("rest", "rest"): 200}
    rules = [each.replace("customer_id integer", "customer_id integer personal") for each in (BEFORE, AFTER)]
    with tempfile.TemporaryDirectory() as place:
        changed = Changed(Project(Path(place)))
        changed.project.file("customers", csv(people))
        for before, after in (rules, (BEFORE, rules[1]), (rules[0], AFTER)):
            record = changed.comparing(before, after).segmentations[0]
            assert record.movers == 20
            assert record.examples == []
