"""The source of a population: a function that takes what a caller binds and gives the function that decides."""

from __future__ import annotations

from dataclasses import dataclass

from ...dsl.labels import Lineage, labels_of, lineage_of
from ...dsl.program import Program, Score, Window
from ...dsl.types import INTEGER
from ..cut_points import CutPoints
from ..inputs import personal_features
from ..plan import Inspection, PlanExpr, Population
from .decisions import decide, decided_again
from .expressions import Scope, value
from .frames import frame_scope, reckoned_features
from .generated import Made, made
from .places import Place, place_of
from .reads import read_root
from .sources import names_in, read_late
from .words import Words
from .writer import Lines, Writer, indented


@dataclass(frozen=True, slots=True)
class Module:
    """A population in Python: its `source`, what it reads (`root`), and whether it needs the as-of date.

    `decider` is what the source makes. It looks answers up by a key: one answer for each segmentation and, for each of
    `scores`, the number of the bin of each characteristic, or zeros where no segment that was found takes reasons from
    it; None where it must not be told. `numbered`: the key is nothing but the number of a clause."""

    source: str
    decider: Made
    root: Place
    of_time: bool
    scores: tuple[tuple[str, int], ...]
    numbered: bool
    windows: dict[Window, str]
    words: dict[int, Words]


def python_module(
    program: Program, population: Population, cut_points: CutPoints, *, checked: bool, traced: bool
) -> Module:
    """The module of a population; `checked`: input is checked, `traced`: it can be told what was asked."""
    root = place_of(program, program.table(population.table), "decided", "row")
    writer = Writer(program, population, cut_points, checked, root)
    scores = _scores(program, population)
    roots: list[PlanExpr] = [condition.test for condition in population.conditions]
    roots += [number for inspection in scores for number in inspection.numbers]
    scope, reckoned = frame_scope(writer, population.frame, root, roots)
    decided: list[Lines] = []
    for decision in population.decisions:
        decided += [decide(writer, scope, decision), reckoned_features(writer, scope)]
    key, numbered = _key(writer, scope, scores)
    told = _told(writer, scope) if traced else None
    body = _together(writer, reckoned, decided, numbered, told)
    source = _function(writer, body, key, told)
    return Module(
        source=source,
        decider=made(source, writer.constants),
        root=root,
        of_time=writer.of_time,
        scores=tuple((each.let, len(each.numbers)) for each in scores),
        numbered=not scores and [each.exclusive for each in population.decisions] == [True],
        windows=writer.windows,
        words=writer.words,
    )


def _told(writer: Writer, scope: Scope) -> Lines:
    """The statements that decide once more, and note what they ask."""
    writer.personal = personal_features(writer.population.frame, writer.program)
    writer.noting = True
    lines = [line for decision in writer.population.decisions for line in decided_again(writer, scope, decision)]
    writer.noting = False
    return lines


def _together(writer: Writer, reckoned: Lines, decided: list[Lines], numbered: Lines, told: Lines | None) -> Lines:
    """The statements in their order. What is neither checked nor told is read where it is first needed."""
    reads = read_root(writer)
    if not writer.checked and told is None:
        for place, block in enumerate(decided):
            others = [*reckoned, *numbered, *(line for other in decided if other is not block for line in other)]
            reads, decided[place] = read_late(reads, block, others)
    return [*reads, *reckoned, *(line for block in decided for line in block), *numbered]


def _function(writer: Writer, body: Lines, key: str, told: Lines | None) -> str:
    bound = [f"{variable} = parameters[{name!r}]" for name, variable in writer.parameters.items()]
    bound += [f"{name}_from, {name}_to = windows[{name!r}]" for name in writer.windows.values()]
    bound += writer.bound
    given = f"answers[{key}]"
    tell: Lines = []
    if told is not None:
        read = names_in(body, stored=True)
        seen = f"({''.join(f'{name}, ' for name in names_in(told, stored=False) if name in read)})"
        tell = ["def tell(values, note):", *indented([f"{seen} = values", *told]), "with_trace = observed(tell)"]
        given = f"with_trace({given}, {seen})"
    decide = ["def decide(row):", "    try:", *indented(indented([*body, f"return {given}"]))]
    decide += ["    except PROBLEMS as problem:", "        raise failed(row, problem) from problem"]
    bind = indented([*bound, *tell, *decide, "return decide"])
    return "\n".join(["def bind(as_of, parameters, windows, answers, failed, observed):", *bind, ""])


def _scores(program: Program, population: Population) -> list[Inspection]:
    """The scorecards that segments take reasons from."""
    wanted = {
        name
        for decision in population.decisions
        for segment in program.segmentation(decision.segmentation).all_segments
        for name in segment.reasons_from
    }
    lets = {let.name for let in program.lets if isinstance(let.value, Score)}
    return [each for each in population.inspections if each.let in wanted & lets]


def _key(writer: Writer, scope: Scope, scores: list[Inspection]) -> tuple[str, Lines]:
    lineage = lineage_of(writer.program)
    parts = [writer.answers[decision.segmentation].code for decision in writer.population.decisions]
    lines: Lines = []
    for inspection in scores:
        hidden = _personal(writer.program, lineage, inspection.let)
        numbers = [writer.fresh(inspection.let) for _ in inspection.numbers]
        found = [
            f"{name} = {'None' if personal else value(writer, scope, number).code}"
            for name, number, personal in zip(numbers, inspection.numbers, hidden, strict=True)
        ]
        lines += [f"if {_taken(writer, inspection.let)}:", *indented(found), "else:", f"    {' = '.join(numbers)} = 0"]
        parts += numbers
    return (parts[0] if len(parts) == 1 else f"({', '.join(parts)})"), lines


def _personal(program: Program, lineage: Lineage, name: str) -> list[bool]:
    """For each characteristic of a scorecard, whether its bin must not be told."""
    let = next(each for each in program.lets if each.name == name)
    assert isinstance(let.value, Score)
    parts = [Score(0, (each,), INTEGER) for each in let.value.characteristics]
    return [labels_of(part, lineage, let.table).personal for part in parts]


def _taken(writer: Writer, score: str) -> str:
    """The test whether a segment that takes reasons from the scorecard was found."""
    tests: list[str] = []
    for decision in writer.population.decisions:
        segmentation = writer.program.segmentation(decision.segmentation)
        variable = writer.answers[decision.segmentation].code
        wanted = [each.name for each in segmentation.all_segments if score in each.reasons_from]
        if decision.exclusive:
            numbers = [clause.number for clause in decision.clauses if clause.segment in wanted]
            numbers += [decision.otherwise_clause or 0] if decision.otherwise in wanted else []
            tests += [f"{variable} in {tuple(numbers)!r}"] if numbers else []
        else:
            bits = sum(1 << decision.segments.index(name) for name in wanted)
            tests += [f"{variable} & {bits}"] if bits else []
    return " or ".join(tests)
