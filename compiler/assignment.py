"""What an assignment holds, on whatever engine: its columns, and the options that add to them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..dsl.program import Program
from ..dsl.types import Value
from .inputs import Input, inputs_of_conditions, inputs_of_frame, name_of_input
from .names import Names
from .plan import Frame, Measuring, PlanExpr, Population

BITS = 64
"""So many conditions share a word of evidence."""


@dataclass(frozen=True, slots=True)
class Options:
    """What an assignment gives besides the key and the decisions.

    `evidence`: the words `evidence_true_0, …` and `evidence_known_0, …`; bits of personal conditions stay 0.
    `conditions`: the truth of each condition, `condition_<number>`, personal ones too, which must not be shown.
    `values`: what the conditions look at, and `features`: every field and feature of the row, named by
    `value_columns`; nothing personal. `key`: only the row with that key. `sorted`: in order of the key.
    `qualified`: for how many segments of each capped segmentation the row qualifies, named by `qualified_columns`.
    `measured`: what the population's measuring asks of each row, named by `measured_columns`.
    `codes_only`: no names of segments: clause numbers, and lists of the numbers (from 1) of included segments.
    `plain`: for people to read, at the cost of speed."""

    evidence: bool = False
    conditions: bool = False
    values: bool = False
    features: bool = False
    key: Value | None = None
    sorted: bool = False
    qualified: bool = False
    measured: bool = False
    codes_only: bool = False
    plain: bool = False


DEFAULT = Options()


def words_of(population: Population) -> range:
    """The numbers of the words that hold a bit for each condition; there is always one."""
    return range(max(1, -(-len(population.conditions) // BITS)))


def column_names(population: Population, options: Options) -> tuple[list[str], Names]:
    """The names of the columns before the values, in order."""
    names = Names()
    return [names.fresh(name) for name in _wanted_names(population, options)], names


def _wanted_names(population: Population, options: Options) -> list[str]:
    """What the columns before the values are called where nothing else has the name; each is another one."""
    wanted = [population.frame.key or ""]
    for decision in population.decisions:
        name = decision.segmentation
        if not (decision.exclusive and options.codes_only):
            wanted.append(name)
        if decision.exclusive:
            wanted.append(f"{name}_clause")
    if options.evidence:
        wanted += [f"evidence_{kind}_{word}" for kind in ("true", "known") for word in words_of(population)]
    if options.conditions:
        wanted += [f"condition_{each.number}" for each in population.conditions]
    return wanted


def decision_columns(population: Population, options: Options) -> dict[str, tuple[str, str | None]]:
    """By segmentation the columns with the segment, or the list of segments, and with the clause that won, which only
    an exclusive one has. Not for `codes_only`."""
    names = iter(column_names(population, options)[0][1:])
    return {each.segmentation: (next(names), next(names) if each.exclusive else None) for each in population.decisions}


def qualified_columns(population: Population, options: Options) -> dict[str, str]:
    """By segmentation with a cap the column that tells for how many of its segments a row qualifies."""
    return _qualified_columns(population, options, column_names(population, options)[1])


def value_columns(population: Population, program: Program, options: Options) -> dict[str, Input]:
    """The columns that `values` and `features` add: the name of each (`name_of_input`) and what it holds; where that is
    the name of another column, `(value)` follows."""
    names = column_names(population, options)[1]
    _qualified_columns(population, options, names)
    return _value_columns(population, program, options, names)


def measured_columns(population: Population, program: Program, options: Options) -> dict[PlanExpr, str]:
    """What the measuring of a population asks of each row, and the name of the column that holds it, in order."""
    if not options.measured or population.measuring is None:
        return {}
    names = column_names(population, options)[1]
    _qualified_columns(population, options, names)
    _value_columns(population, program, options, names)
    return {expr: names.fresh(f"measured {at}") for at, expr in enumerate(asked_of_rows(population.measuring))}


def asked_of_rows(measuring: Measuring) -> tuple[PlanExpr, ...]:
    """What is read of each row for group terms, vintages and fairness, each once."""
    of_terms = (part for term in measuring.terms for part in (term.value, term.where) if part is not None)
    return tuple(dict.fromkeys([*of_terms, *(each.of for each in measuring.vintages), *measuring.across]))


def frame_with(population: Population, options: Options) -> Frame:
    """The frame that has what the options ask for."""
    return population.measuring.frame if options.measured and population.measuring else population.frame


def _qualified_columns(population: Population, options: Options, names: Names) -> dict[str, str]:
    if not options.qualified:
        return {}
    capped = [each.segmentation for each in population.decisions if each.cap is not None]
    return {name: names.fresh(f"{name}_qualified") for name in capped}


def wide_options(population: Population, options: Options) -> Options:
    """The options with what the segments of a population are judged by; fairness also asks for what decides."""
    measuring, capped = population.measuring, any(each.cap is not None for each in population.decisions)
    fair = measuring is not None and bool(measuring.across)
    return replace(
        options,
        measured=measuring is not None,
        evidence=options.evidence or fair,
        values=options.values or fair,
        qualified=capped,
    )


def projected(population: Population, program: Program, wide: Options, wanted: Options) -> list[tuple[str, str]]:
    """The columns of an assignment with `wanted` in one with `wide`, which asks for more: the name there, and here."""
    there = dict(zip(_wanted_names(population, wide), column_names(population, wide)[0], strict=True))
    here = zip(_wanted_names(population, wanted), column_names(population, wanted)[0], strict=True)
    values = {each: name for name, each in value_columns(population, program, wide).items()}
    of_values = value_columns(population, program, wanted).items()
    return [*((there[name], own) for name, own in here), *((values[each], own) for own, each in of_values)]


def _value_columns(population: Population, program: Program, options: Options, names: Names) -> dict[str, Input]:
    inputs = inputs_of_conditions(population, program) if options.values else ()
    if options.features:
        inputs = tuple(dict.fromkeys([*inputs, *inputs_of_frame(population, program)]))
    found: dict[str, Input] = {}
    for each in inputs:
        name = name_of_input(each, population.frame, program)
        found[names.fresh(name, f"{name} (value)")] = each
    return found
