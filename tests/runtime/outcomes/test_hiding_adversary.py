"""Whoever reads all that a run publishes cannot tell any count of people that is hidden.

The adversary has the manifest, `outcomes.json`, what `run --format json` prints, and the rules. It knows that counts
are whole, not negative, and add up; it turns shares back into counts, takes two names of the same people for one, and
asks a solver of integer programs (HiGHS, in SciPy) for the lowest and the highest value of every count. What is true it
is told by counting the rows in Python. None of it uses what the product decides by."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import numpy
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from runtime.projects import Project
from scipy.optimize import Bounds, milp
from scipy.sparse import csr_array
from small_programs import program_of

from segwright.render.run import as_json, as_text
from segwright.runtime.outcomes.hiding import deciding
from segwright.runtime.runs import read_outcomes
from segwright.runtime.suppression import cell

K = 10
RULES = """
table customers key customer_id
  customer_id integer
  kind        one of "t1", "t2", "m", "r"
  x           boolean
  y           boolean
  late        boolean optional
  income      integer optional
  opened_on   date
  gender      one of "F", "M" optional protected
segmentation value of customers
  first match wins
  segment top
    when kind is "t1"
    when kind is "t2"
  segment mid when kind is "m"
  otherwise rest
segmentation audiences of customers
  overlapping
  segment x when x
  segment y when y
  segment z when value is mid
measure late   = share where late
measure mids   = share where value is mid
measure income = average of income
measure least  = min of income
measures by year of opened_on
policy
  hide groups below 10
  fairness across gender favourable top
"""
PROGRAM = program_of(RULES)

Profile = tuple[str, bool, bool, bool | None, bool, int, str | None]
Var = frozenset[tuple[str, str]]
"""The people who are in all of these groups."""

SEGMENT = {"t1": "top", "t2": "top", "m": "mid", "r": "rest"}
GROUPS: dict[str, list[str]] = {
    "value": ["top", "mid", "rest"],
    "x": ["yes", "no"],
    "y": ["yes", "no"],
    "late": ["yes", "no", "unknown"],
    "income": ["known", "unknown"],
    "year": ["2023", "2024", "2025"],
    "gender": ["F", "M", "missing"],
    "clause": ["1", "2", "3", "4"],
    "contact": ["0", "1", "2", "3"],
}
PAIRS = [
    *product(["value", "x", "y"], ["late", "income", "year"]),
    ("value", "gender"),
    ("year", "late"),
    ("year", "income"),
    ("value", "clause"),
]


def groups_of(profile: Profile) -> dict[str, str]:
    """What the rules make of a customer, by hand."""
    kind, x, y, late, income, year, gender = profile
    return {
        "value": SEGMENT[kind],
        "x": "yes" if x else "no",
        "y": "yes" if y else "no",
        "late": "unknown" if late is None else "yes" if late else "no",
        "income": "known" if income else "unknown",
        "year": str(year),
        "gender": gender or "missing",
        "clause": str(["t1", "t2", "m", "r"].index(kind) + 1),
        "contact": str(x + y + (kind == "m")),
    }


def var(**groups: str) -> Var:
    return frozenset(groups.items())


def tables() -> Iterator[list[Var]]:
    for name, groups in GROUPS.items():
        yield [var(**{name: group}) for group in groups]
    for one, other in PAIRS:
        yield [var(**{one: a, other: b}) for a, b in product(GROUPS[one], GROUPS[other])]


VARS: list[Var] = [frozenset(), *(each for table in tables() for each in table)]


def truth(people: dict[Profile, int]) -> dict[Var, int]:
    counts: Counter[Var] = Counter()
    for profile, n in people.items():
        own = set(groups_of(profile).items())
        for each in VARS:
            counts[each] += n * (each <= own)
    return dict(counts)


def sums() -> Iterator[dict[Var, int]]:
    """Sums that are nought whatever the data: weights of counts."""
    for name, groups in GROUPS.items():
        yield {frozenset(): -1} | {var(**{name: group}): 1 for group in groups}
    for one, other in PAIRS:
        for a in GROUPS[one]:
            yield {var(**{one: a}): -1} | {var(**{one: a, other: b}): 1 for b in GROUPS[other]}
        for b in GROUPS[other]:
            yield {var(**{other: b}): -1} | {var(**{one: a, other: b}): 1 for a in GROUPS[one]}
    for clause, segment in zip(GROUPS["clause"], ["top", "top", "mid", "rest"], strict=True):
        yield {var(clause=clause): 1, var(clause=clause, value=segment): -1}
    # How many audiences each customer is in adds up to their sizes; `z` is `mid`.
    sizes = {var(x="yes"): -1, var(y="yes"): -1, var(value="mid"): -1}
    yield sizes | {var(contact=str(number)): number for number in (1, 2, 3)}


# -- what is published -----------------------------------------------------------------------------------------------


def published(folder: Path, shown: dict[str, Any]) -> Iterator[tuple[Var, int | None]]:
    """Every count that can be read, or reckoned from a share; None where it says that it is hidden."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    outcomes = json.loads((folder / "outcomes.json").read_text(encoding="utf-8"))["tables"]["customers"]
    told: list[tuple[Var, int | None]] = [(frozenset(), outcomes.get("rows"))]
    told.append((frozenset(), manifest["inputs"][0]["rows"]))
    assigned = manifest["assignments"]["customers"]
    told.append((frozenset(), assigned["rows"]))
    for segmentation, record in assigned["segmentations"].items():
        for segment, found in record["segments"].items():
            group = shown["segmentations"][segmentation][segment]
            assert group.get("customers") == found["count"], "what is printed is what is written"
            assert (found["count"] is None) == (group == {"customers": None, "hidden": True})
            assert (found["share"] is None) == (found["count"] is None)
            told.append((place_of(segmentation, segment), found["count"]))
    clauses = assigned["segmentations"]["value"]["clauses"]
    told += [(var(clause=clause), clauses.get(clause, 0)) for clause in GROUPS["clause"]]
    told.append((var(contact="0"), assigned["segmentations"]["audiences"]["none"]))
    contact = outcomes["contact"]["audiences"]["counts"]
    told += [(var(contact=number), contact[number]) for number in GROUPS["contact"]]
    for name, measure in outcomes["measures"].items():
        told += figures(name, frozenset(), measure)
        for year, found in measure["vintages"].items():
            told += figures(name, var(year=year), found)
    for group in outcomes["fairness"][0]["groups"]:
        told.append((var(gender=group["value"]), group.get("n")))
        if "selected" in group:
            told.append((var(gender=group["value"], value="top"), group["selected"]))
    told += [(frozenset(), shown["everybody"]["customers"]["customers"])]
    yield from told


def place_of(segmentation: str, segment: str) -> Var:
    return (
        var(value=segment)
        if segmentation == "value"
        else var(value="mid")
        if segment == "z"
        else var(**{segment: "yes"})
    )


def figures(measure: str, at: Var, found: dict[str, Any]) -> Iterator[tuple[Var, int | None]]:
    yield from figure(measure, at, found["everybody"])
    for segmentation, segments in found["segmentations"].items():
        for segment, each in segments.items():
            yield from figure(measure, at | place_of(segmentation, segment), each)


def figure(measure: str, at: Var, found: dict[str, Any]) -> Iterator[tuple[Var, int | None]]:
    if found["status"] == "hidden":
        assert set(found) == {"status"}
        return
    assert measure != "least", "a least value is that of one customer"
    n, unknown = found["n"], found.get("unknown")
    yield at, n
    if measure == "mids" and n:
        yield at | {("value", "mid")}, round(found["value"] * n)
    elif measure == "income" and unknown is not None:
        yield at | {("income", "unknown")}, unknown
    elif measure == "late":
        yes = round(found["value"] * (n - unknown)) if found["status"] == "known" else 0
        yield at | {("late", "unknown")}, unknown
        yield at | {("late", "yes")}, yes
        yield at | {("late", "no")}, n - unknown - yes


# -- what can be reckoned --------------------------------------------------------------------------------------------


class Adversary:
    """Everything known, as an integer program, and every way to fill in what is not that it came upon, what is true
    first."""

    def __init__(self, known: dict[Var, int], truth: dict[Var, int]) -> None:
        self.number = {each: at for at, each in enumerate(VARS)}
        lines = [*sums(), *({each: 1} for each in known)]
        self.matrix = numpy.zeros((len(lines), len(VARS)))
        for row, line in enumerate(lines):
            for each, weight in line.items():
                self.matrix[row, self.number[each]] += weight
        self.ends = numpy.array([0] * (len(lines) - len(known)) + [*known.values()])
        self.fitting = [numpy.array([truth[each] for each in VARS])]
        assert (self.matrix @ self.fitting[0] == self.ends).all(), "what is known is true"

    def can_tell(self, of: Var) -> bool:
        """Whether only one value of a count fits with everything known."""
        if len({float(each[self.number[of]]) for each in self.fitting}) > 1:
            return False
        return self._best(of, 1) == self._best(of, -1)

    def _best(self, of: Var, sign: int) -> float:
        goal = numpy.zeros(len(VARS))
        goal[self.number[of]] = sign
        constraint = csr_array(self.matrix), self.ends, self.ends
        found = milp(goal, integrality=numpy.ones(len(VARS)), bounds=Bounds(0, numpy.inf), constraints=constraint)
        if found.status == 3:  # there is no limit
            return numpy.inf
        assert found.success, found.message
        self.fitting.append(found.x.round())
        return round(found.x[self.number[of]])


def run_over(people: dict[Profile, int]) -> tuple[Path, dict[str, Any], str, tempfile.TemporaryDirectory[str]]:
    place = tempfile.TemporaryDirectory()
    project = Project(Path(place.name))
    project.rules(RULES)
    rows = [profile for profile, n in people.items() for _ in range(n)]
    lines = ["customer_id,kind,x,y,late,income,opened_on,gender"]
    for number, (kind, x, y, late, income, year, gender) in enumerate(rows):
        told = "" if late is None else str(late).lower()
        lines.append(
            f"{number},{kind},{str(x).lower()},{str(y).lower()},{told},{1000 + number if income else ''},{year}-05-01,"
            f"{gender or ''}"
        )
    project.file("customers", "\n".join(lines) + "\n")
    run = project.run()
    outcomes = read_outcomes(run.folder)
    shown = as_json(run.folder, run.manifest, outcomes)
    return run.folder, shown, as_text(run.folder, run.manifest, outcomes, PROGRAM), place


PROFILES = st.tuples(
    st.sampled_from(["t1", "t2", "m", "r"]),
    st.booleans(),
    st.booleans(),
    st.sampled_from([True, False, False, None]),
    st.sampled_from([True, True, True, False]),
    st.sampled_from([2023, 2024, 2025]),
    st.sampled_from(["F", "M", None]),
)
MANY = st.dictionaries(PROFILES, st.sampled_from([1, 3, 9, 10, 14, 30, 60, 90]), min_size=1, max_size=14)
LARGE = st.dictionaries(PROFILES, st.sampled_from([2, 40, 60, 80]), min_size=6, max_size=40)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(MANY, LARGE))
def test_no_hidden_count_can_be_told(people: dict[Profile, int]) -> None:
    check(people)


def check(people: dict[Profile, int]) -> dict[Var, int]:
    """That nothing that is hidden can be told from what is published, which is given back."""
    counts = truth(people)
    folder, shown, _, place = run_over(people)
    with place:
        if counts[frozenset()] < K:
            text = (folder / "outcomes.json").read_text(encoding="utf-8")
            assert shown["everybody"]["customers"] == {"customers": None, "hidden": True}
            assert not any(f'"{word}":' in text for word in ("n", "unknown", "low", "rate", "rows"))
            return {}
        told = list(published(folder, shown))
    for of, count in told:
        assert count is None or of not in counts or count == counts[of], "what is published is true"
        assert not 0 < (count or 0) < K, f"{sorted(of)} is shown"
    known = {of: count for of, count in told if of in counts and count is not None}
    hidden = {of for of, count in told if count is None} - known.keys()
    adversary = Adversary(known, counts)
    for of, count in counts.items():
        if 0 < count < K or (count and of in hidden):
            assert not adversary.can_tell(of), f"{sorted(of)}: it is known to be {count}"
    check_triples(people, {of: count for of, count in told if count is not None})
    return known


def check_triples(people: dict[Profile, int], told: dict[Var, int]) -> None:
    """That segments of which a measure is not shown by year come, with each other, to nobody or enough wherever they
    can be reckoned together: what is shown of a year, or of a segment, less what is shown of both."""
    for name, groups in (("value", GROUPS["value"]), ("x", ["yes", "no"]), ("y", ["yes", "no"])):
        for late, year in product(GROUPS["late"], GROUPS["year"]):
            whole = var(year=year, late=late)
            parts = {whole | var(**{name: group}) for group in groups}
            if whole in told and parts & told.keys():
                assert not 0 < told[whole] - sum(told[each] for each in parts & told.keys()) < K
        for late, group in product(GROUPS["late"], groups):
            whole = var(**{name: group, "late": late})
            parts = {whole | var(year=year) for year in GROUPS["year"]}
            if whole in told and parts & told.keys():
                assert not 0 < told[whole] - sum(told[each] for each in parts & told.keys()) < K
    for of, count in told.items():
        assert count == sum(n for profile, n in people.items() if of <= set(groups_of(profile).items()))


def test_the_adversary_finds_out_what_is_hidden_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The smallest groups hidden, and nothing with them."""

    def careless(_everybody: int, k: int, dimensions: Any, crosses: Any, **_also: Any) -> frozenset[Var]:
        counts = {cell((each.name, group)): n for each in dimensions for group, n in each.groups}
        counts |= {
            cell((each.rows, row), (each.columns, column)): n
            for each in crosses
            for (row, column), n in each.counts.items()
        }
        return frozenset(each for each, n in counts.items() if 0 < n < k)

    people: dict[Profile, int] = {
        ("t1", True, False, False, True, 2024, "F"): 100,
        ("m", True, True, False, True, 2024, "M"): 4,
        ("r", False, True, False, True, 2025, "M"): 200,
    }
    assert check(people)
    monkeypatch.setattr(deciding, "hidden_cells", careless)
    with pytest.raises(AssertionError, match=r"known to be 4|is shown"):
        check(people)
