"""Whoever reads a report beside its run cannot tell a count of people that is hidden.

The adversary has the run (`manifest.json`, `outcomes.json`), everything that the report counts, and the rules: it
knows which people make up each count, whatever its name, how counts are rounded, and that numbers of people are whole
and not negative. It asks a solver of integer programs (HiGHS, in SciPy) for the lowest and the highest value of every
count, and of what counts leave between them. What is true it is told by counting people in Python, by rules written a
second time below. None of it uses what the product decides by.

Two things are not held against the report. What the run alone gives away: `runtime/outcomes/hiding` tells what that is.
And what only shows where counts lie at the very ends of what is rounded to the same number: the adversary believes each
rounded count to be uncertain by `LEEWAY` either way at least, and `hiding.py` says that it may be less."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import numpy
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from runtime.projects import Project
from scipy.optimize import Bounds, milp

import segwright as sw
from segwright.runtime.observed import hiding
from segwright.runtime.observed.again import observe_run
from segwright.runtime.observed.records import Funnel, TableObserved

K = 10
LEEWAY = 4
RULES = """
table customers key customer_id
  customer_id integer
  kind        one of "a", "b", "c"
  x           boolean optional
  y           boolean
  score       integer optional
segmentation value of customers
  first match wins
  segment top when kind is "a" and x and score >= 2
  segment mid
    when kind is "b" unless y
    when x and y
  segment low when score < 1
  otherwise rest
segmentation again of customers
  first match wins
  segment first  when x and score >= 2 and kind is "a"
  segment second when kind is "b"
  otherwise others
segmentation audiences of customers
  overlapping
  at most 2 segments each
  segment ex   when x
  segment why  when y and score >= 1
  segment mids when value is mid
measure late = share where y
policy
  hide groups below 10
"""

# -- the rules, a second time ----------------------------------------------------------------------------------------

Profile = tuple[str, bool | None, bool, int | None]
"""kind, x, y, score."""
Truth = bool | None
Part = Callable[[Profile], Truth]

PROFILES: list[Profile] = [*product("abc", (True, False, None), (True, False), (0, 1, 2, None))]


def at_least(score: int) -> Part:
    return lambda person: None if person[3] is None else person[3] >= score


def below(score: int) -> Part:
    return lambda person: None if person[3] is None else person[3] < score


def is_kind(kind: str) -> Part:
    return lambda person: person[0] == kind


def x(person: Profile) -> Truth:
    return person[1]


def y(person: Profile) -> Truth:
    return person[2]


def unless_y(person: Profile) -> Truth:
    return not person[2]


def is_mid(person: Profile) -> Truth:
    return winner("value", person) in (2, 3)


Clauses = list[tuple[str, list[Part]]]
CLAUSES: dict[str, Clauses] = {
    "value": [
        ("top", [is_kind("a"), x, at_least(2)]),
        ("mid", [is_kind("b"), unless_y]),
        ("mid", [x, y]),
        ("low", [below(1)]),
    ],
    "again": [("first", [x, at_least(2), is_kind("a")]), ("second", [is_kind("b")])],
    "audiences": [("ex", [x]), ("why", [y, at_least(1)]), ("mids", [is_mid])],
}
OTHERWISE = {"value": "rest", "again": "others"}
LIMIT = 2


def holds(parts: list[Part], person: Profile) -> bool:
    return all(part(person) is True for part in parts)


def winner(segmentation: str, person: Profile) -> int:
    clauses = CLAUSES[segmentation]
    return next((at for at, (_, parts) in enumerate(clauses, 1) if holds(parts, person)), len(clauses) + 1)


def segments_of(segmentation: str, person: Profile) -> list[str]:
    if segmentation == "audiences":
        return [segment for segment, parts in CLAUSES[segmentation] if holds(parts, person)][:LIMIT]
    number = winner(segmentation, person)
    return [CLAUSES[segmentation][number - 1][0] if number <= len(CLAUSES[segmentation]) else OTHERWISE[segmentation]]


Group = frozenset[Profile]
"""The people who are counted together, as those profiles that make them up."""


def group(test: Callable[[Profile], bool]) -> Group:
    return frozenset(person for person in PROFILES if test(person))


EVERYBODY = group(lambda _: True)

# -- what is published -----------------------------------------------------------------------------------------------

Told = tuple[str, Group, int | None, bool]
"""What it is called, who is counted, the count (None: hidden), and whether it is rounded."""


def told_by_run(folder: Path) -> Iterator[Told]:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    outcomes = json.loads((folder / "outcomes.json").read_text(encoding="utf-8"))["tables"]["customers"]
    yield "rows", EVERYBODY, manifest["assignments"]["customers"]["rows"], False
    for name, record in manifest["assignments"]["customers"]["segmentations"].items():
        for segment, found in record["segments"].items():
            yield f"{name}.{segment}", inside(name, segment), found["count"], False
        for number in range(1, len(CLAUSES[name]) + 2) if record["clauses"] is not None else ():
            yield f"{name} {number}", won(name, number), record["clauses"].get(str(number), 0), False
    contact = outcomes["contact"]["audiences"]
    for number, count in contact["counts"].items():
        among = group(lambda person, number=number: len(segments_of("audiences", person)) == int(number))
        yield f"in {number} audiences", among, count, False
    yield "kept out", group(lambda person: fitting(person) > LIMIT), contact.get("capped"), False
    late = outcomes["measures"]["late"]
    figures = {("", ""): late["everybody"]}
    figures |= {(name, segment): each for name, of in late["segmentations"].items() for segment, each in of.items()}
    for (name, segment), figure in figures.items():
        who = inside(name, segment) if name else EVERYBODY
        shown = figure["status"] == "known"
        yield (
            f"late of {name}.{segment}",
            who & group(lambda person: y(person) is True),
            (round(figure["value"] * figure["n"]) if shown else None),
            False,
        )


def inside(segmentation: str, segment: str) -> Group:
    return group(lambda person: segment in segments_of(segmentation, person))


def won(segmentation: str, number: int) -> Group:
    return group(lambda person: winner(segmentation, person) == number)


def fitting(person: Profile) -> int:
    return sum(holds(parts, person) for _, parts in CLAUSES["audiences"])


def told_by_report(found: TableObserved) -> Iterator[Told]:
    """What lies between two counts is among them, though nothing is said of it: its count is None."""
    assert found.rows is not None
    for name, each in found.segmentations.items():
        for funnel in each.funnels:
            yield from told_by_funnel(name, funnel)
        for overlap in each.overlaps or ():
            first, second = inside(name, overlap.first), overlap.second
            fitting_second = inside(name, second) if name == "audiences" else fits(name, second)
            yield f"{name}: {overlap.first} and {second}", first & fitting_second, overlap.rows, True
            yield f"{name}: {overlap.first}, not {second}", first - fitting_second, None, True
    for each in found.distributions:
        lows = [bin.low for bin in each.bins if bin.low is not None]
        for bin in each.bins:
            who = bar(bin.low, lows) if each.name == "score" else true(is_kind(bin.label or ""))
            yield f"{each.name} {bin.label or bin.low}", who, bin.rows, True
        lacking = unknown(at_least(0)) if each.name == "score" else Group()
        yield f"{each.name} missing", lacking, each.missing, True


def fits(segmentation: str, segment: str) -> Group:
    own = [parts for named, parts in CLAUSES[segmentation] if named == segment]
    return group(lambda person: any(holds(parts, person) for parts in own))


def bar(low: float | None, lows: list[float]) -> Group:
    """Whose score is in a bar of one whole number; the first and the last bar hold what lies beyond."""
    return group(lambda person: person[3] is not None and min(max(person[3], lows[0]), lows[-1]) == low)


def true(*parts: Part) -> Group:
    return group(lambda person: holds([*parts], person))


def unknown(part: Part) -> Group:
    return group(lambda person: part(person) is None)


def told_by_funnel(name: str, funnel: Funnel) -> Iterator[Told]:
    segment, parts = CLAUSES[name][funnel.number - 1]
    assert funnel.segment == segment
    said, number, limited = f"{name} {funnel.number}", funnel.number, name == "audiences"
    at = EVERYBODY if limited else group(lambda person: winner(name, person) >= number)
    could_join = at - inside(name, segment)
    if limited:
        earlier = [each for each, _ in CLAUSES[name][: number - 1]]
        could_join -= group(lambda person: sum(each in segments_of(name, person) for each in earlier) >= LIMIT)
    yield f"{said} start", at, funnel.start, True
    for place, (step, part) in enumerate(zip(funnel.steps, parts, strict=False)):
        step_said, left, lacking = f"{said} step {place}", at & true(part), unknown(part)
        gain = could_join & true(*(each for each in parts if each is not part)) - true(part)
        assert step.gain is not None
        yield step_said, left, step.left, True
        yield f"{step_said}, unknown", at & lacking, step.unknown, True
        yield f"{step_said}, gain", gain, step.gain.rows, True
        yield f"{step_said}, gain unknown", gain & lacking, step.gain.unknown, True
        yield f"{step_said}, fell", at - left, None, True
        yield f"{step_said}, fell by a value", at - left - lacking, None, True
        yield f"{step_said}, gain by a value", gain - lacking, None, True
        yield f"{step_said}, fell and no gain", at - left - gain, None, True
        at = left
    if limited:
        assert [step.kind for step in funnel.steps[len(parts) :]] == ["limit"]
        yield f"{said} limit", at & inside(name, segment), funnel.steps[-1].left, True
        yield f"{said} kept out", at - inside(name, segment), None, True


def rounds_to(count: int, rows: int) -> int:
    """The nearest multiple of 20, by looking at each; of two the greater; no more than all rows."""
    return min(max(range(0, rows + 40, 20), key=lambda each: (-abs(each - count), each)), rows)


# -- what can be reckoned --------------------------------------------------------------------------------------------


class Adversary:
    """Everything known, as an integer program over the number of people of each profile."""

    def __init__(self, told: list[Told], truth: Mapping[Group, int]) -> None:
        rows, known = truth[EVERYBODY], dict[Group, tuple[int, int]]()
        for _, who, count, is_rounded in told:
            if count is not None and is_rounded:
                fit = [each for each in range(rows + 1) if rounds_to(each, rows) == count]
                known.setdefault(who, (min(*fit, truth[who] - LEEWAY), max(*fit, truth[who] + LEEWAY)))
            elif count is not None:
                known[who] = count, count
        self.matrix = numpy.array([vector(who) for who in known])
        self.low = numpy.array([low for low, _ in known.values()])
        self.high = numpy.array([high for _, high in known.values()])

    def interval(self, who: Group) -> tuple[int, int]:
        return self._best(who, 1), self._best(who, -1)

    def _best(self, who: Group, sign: int) -> int:
        goal = vector(who)
        constraint = self.matrix, self.low, self.high
        found = milp(
            sign * goal, integrality=numpy.ones(len(goal)), bounds=Bounds(0, numpy.inf), constraints=constraint
        )
        assert found.success, found.message
        return round(found.x @ goal)


def vector(who: Group) -> numpy.ndarray[Any, numpy.dtype[numpy.float64]]:
    return numpy.array([float(person in who) for person in PROFILES])


People = Mapping[Profile, int]


def publication(people: People) -> tuple[list[Told], list[Told]]:
    """What a run over these people tells, and what its report adds."""
    with tempfile.TemporaryDirectory() as place:
        project = Project(Path(place))
        project.rules(RULES)
        rows = [person for person, n in people.items() for _ in range(n)]
        lines = ["customer_id,kind,x,y,score"]
        for number, (kind, is_x, is_y, score) in enumerate(rows):
            told = "" if is_x is None else str(is_x).lower()
            lines.append(f"{number},{kind},{told},{str(is_y).lower()},{'' if score is None else score}")
        project.file("customers", "\n".join(lines) + "\n")
        project.run()
        opened = sw.open(Path(place))
        run = opened.open_run("latest")
        found = observe_run(run.ruleset, opened.settings, run.folder, run.manifest)
        assert isinstance(found, Mapping), found
        table = found["customers"]
        if table.too_small:
            assert len(rows) < K
            assert table == TableObserved(None, {}, (), K, too_small=True)
            return [], []
        return list(told_by_run(run.folder)), list(told_by_report(table))


def check(people: People) -> None:
    run, report = publication(people)
    if not run:
        return
    rows = sum(people.values())
    truth = {who: sum(n for person, n in people.items() if person in who) for _, who, _, _ in [*run, *report]}
    for said, who, count, is_rounded in [*run, *report]:
        assert count is None or count == (rounds_to(truth[who], rows) if is_rounded else truth[who]), said
    shown = {who for _, who, count, is_rounded in run if count is not None}
    both, alone = Adversary([*run, *report], truth), Adversary(run, truth)
    for who, said in {who: said for said, who, _, _ in [*run, *report]}.items():
        if who in shown or not truth[who] or (truth[who] >= K and not is_hidden(who, run)):
            continue
        low, high = both.interval(who)
        assert low <= truth[who] <= high, said
        if low == high:
            before = alone.interval(who)
            assert before[0] == before[1], f"{said}: it is known to be {low}, was from {before[0]} to {before[1]}"


def is_hidden(who: Group, run: list[Told]) -> bool:
    return any(each == who and count is None for _, each, count, _ in run)


def people(*groups: tuple[int, str, bool | None, bool, int | None]) -> People:
    return {(kind, is_x, is_y, score): n for n, kind, is_x, is_y, score in groups}


# A step that leaves one fewer than a size, a gain of one, a bar of three.
STEP = people(
    (99, "b", False, False, 1),
    (1, "b", False, True, 1),
    (1, "a", True, False, 1),
    (60, "a", True, False, 2),
    (3, "c", False, False, 0),
    (80, "c", None, False, None),
)
# An overlap of two, and one of all but two.
OVERLAP = people(
    (2, "c", True, True, 1), (50, "a", True, False, 2), (48, "c", False, True, 1), (60, "b", None, False, 0)
)
OVERLAP_OF_MOST = people(
    (48, "c", True, True, 1), (2, "a", True, False, 2), (60, "b", None, False, 0), (2, "c", False, True, 2)
)
# Hidden sizes whose sum is shown, next to where rounding changes.
ENDS = people((1, "a", True, False, 2), (10, "b", False, False, 1), (100, "c", False, False, 1))
ENDS_OF_START = people((1, "a", True, False, 2), (10, "c", False, False, 0), (1000, "b", False, False, 1))
# The same people in two segmentations, and one who lacks a value.
FEW_LACK = people(
    (30, "a", True, False, 2),
    (1, "a", None, False, 2),
    (29, "b", False, True, 1),
    (1, "c", True, True, 0),
    (50, "c", False, False, None),
)


PEOPLE = st.dictionaries(
    st.sampled_from(PROFILES), st.sampled_from([1, 2, 9, 10, 11, 20, 29, 30, 31, 60]), min_size=2, max_size=14
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PEOPLE)
@example(STEP)
@example(OVERLAP)
@example(OVERLAP_OF_MOST)
@example(ENDS)
@example(ENDS_OF_START)
@example(FEW_LACK)
def test_no_hidden_count_can_be_told(people: People) -> None:
    check(people)


@pytest.mark.parametrize("people", [STEP, OVERLAP, FEW_LACK])
def test_the_adversary_finds_out_what_is_shown_exactly(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hiding, "rounded", lambda count, _rows, _k: count)
    monkeypatch.setitem(globals(), "rounds_to", lambda count, _rows: count)
    monkeypatch.setitem(globals(), "LEEWAY", 0)
    with pytest.raises(AssertionError, match="it is known to be"):
        check(people)
