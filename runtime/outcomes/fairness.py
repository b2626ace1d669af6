"""Fairness of a run: how often each group of a protected field comes into segments that are good or bad to be in.

Rows without a value are a group that is shown and compared, but neither the least nor the greatest: nobody knows to
which of the others they belong. Groups of fewer than 30 rows are shown, marked, and left out of the ratio. All formulas
are in `statistics/`.

What drives a difference are the conditions that the least selected group passes less often than the most selected one,
by more than chance would make it, each looked at on its own, whatever came before it in the rules.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import duckdb

from ...compiler.assignment import measured_columns
from ...compiler.plan import Population
from ...dsl.program import Program
from ...dsl.wording import percent_wording, wording
from ..connection import engine_error
from ..notes import many
from ..statistics.differences import two_shares
from ..statistics.fairness import FOUR_FIFTHS, Impact, Rate, disparate_impact
from ..statistics.figures import SIGNIFICANCE, Interval
from ..statistics.shares import wilson
from ..statistics.small import FEWEST_ROWS
from .crossed import Counted, Crossed, Statement, counted_by_group, statements_of
from .groups import MISSING
from .measures import Measured
from .passing import Asked, asked_by, words_of_asked
from .records import DriverRecord, FairnessRecord, GroupRecord, Said, said

MOST_DRIVERS = 5


@dataclass(frozen=True, slots=True)
class Fair:
    """What fairness statements come to, and the counts behind them, of which some may have to be hidden."""

    records: list[FairnessRecord]
    crossed: list[Crossed]


def fairness_of(measured: Measured, program: Program, population: Population) -> Fair:
    """The records of every statement about segments of the population, by field, direction and segmentation.

    `measured` was written with evidence. Where the policy hides small groups, drivers whose rates would tell of one
    are left out here; the rest is for who knows what else is published (`with_hidden`)."""
    statements = statements_of(program, population)
    records: list[FairnessRecord] = []
    crossed: dict[tuple[str, str], Crossed] = {}
    columns = measured_columns(population, program, measured.options)
    for ref in () if population.measuring is None else population.measuring.across:
        about = [each for each in statements if ref in each.fairness.across]
        try:
            counted = counted_by_group(measured, program, population, columns[ref], ref, about)
        except duckdb.Error as problem:
            raise engine_error(problem, f"comparing groups of `{ref.field}`") from problem
        field = wording(ref, population.table)
        for number, each in enumerate(about):
            records.append(_record(program, population, field, each, counted, counted.selected[number]))
            name = each.decision.segmentation
            crossed[field, name] = Crossed(field, name, counted.n, counted.pairs[name])
    return Fair(records, list(crossed.values()))


# -- comparing -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Ends:
    """The groups that are selected least and most often, how much less, and whether chance could explain it."""

    least: str
    most: str
    ratio: float
    chance: bool


def _record(
    program: Program,
    population: Population,
    field: str,
    statement: Statement,
    counted: Counted,
    selected: Mapping[str, int],
) -> FairnessRecord:
    rates = {label: Rate(selected[label], n) for label, n in counted.n.items()}
    compared = {label: rate for label, rate in rates.items() if label != MISSING and rate.n >= FEWEST_ROWS}
    reference = _reference(statement, counted, compared)
    impacts = {} if reference is None else {each.group: each for each in disparate_impact(rates, reference)}
    ends = _ends(compared, impacts if statement.fairness.reference is None else {})
    limit = float(FOUR_FIFTHS) if statement.fairness.ratio is None else statement.fairness.ratio
    asked = asked_by(statement.decision, program.segmentation(statement.decision.segmentation), statement.segments)
    personal = {each.number for each in asked if population.conditions[each.number].personal}
    findings = _findings(field, statement, counted, rates, compared, ends, limit, len(personal))
    return FairnessRecord(
        field=field,
        direction=statement.direction,
        segmentation=statement.decision.segmentation,
        segments=list(statement.segments),
        groups=[_group(label, rate, impacts.get(label)) for label, rate in rates.items()],
        reference=reference,
        ratio=None if ends is None else ends.ratio,
        limit=limit,
        four_fifths=None if ends is None else ends.ratio >= limit,
        message=_message(field, statement.direction, statement.segments, [sentence for sentence, _ in findings]),
        said=[each for _, each in findings],
        drivers=[] if ends is None else _drivers(program, population, asked, counted, rates, ends),
    )


def _reference(statement: Statement, counted: Counted, compared: Mapping[str, Rate]) -> str | None:
    """The group that the others are compared with: the one that is stated, if anybody is in it, else the one that is
    selected most often."""
    stated = statement.fairness.reference
    if stated is not None:
        label = counted.groups.label_of(stated)
        return label if label in counted.n else None
    return None if not compared else max(compared, key=lambda label: _share(compared[label]))


def _share(rate: Rate) -> Fraction:
    return Fraction(rate.selected, rate.n)


def _ends(compared: Mapping[str, Rate], told: Mapping[str, Impact]) -> _Ends | None:
    """Least and greatest rate; `told` are the comparisons that are shown, where they are with the greatest."""
    if len(compared) < 2:
        return None
    impacts = disparate_impact(compared)
    least = min(impacts, key=lambda each: _share(compared[each.group]))
    if least.ratio is None:
        return None
    p_value = told.get(least.group, least).p_value
    return _Ends(least.group, least.reference, least.ratio, p_value is None or p_value >= SIGNIFICANCE)


def _group(label: str, rate: Rate, impact: Impact | None) -> GroupRecord:
    around, against = wilson(rate.selected, rate.n), None if impact is None else impact.interval
    low, high = (around.low, around.high) if isinstance(around, Interval) else (None, None)
    ends = (against.low, against.high) if isinstance(against, Interval) else (None, None)
    return GroupRecord(
        value=label,
        n=rate.n,
        selected=rate.selected,
        rate=rate.selected / rate.n,
        low=low,
        high=high,
        ratio=None if impact is None else impact.ratio,
        ratio_low=ends[0],
        ratio_high=ends[1],
        p=None if impact is None else impact.p_value,
        small=rate.n < FEWEST_ROWS,
    )


# -- in words --------------------------------------------------------------------------------------------------------


def _findings(
    field: str,
    statement: Statement,
    counted: Counted,
    rates: Mapping[str, Rate],
    compared: Mapping[str, Rate],
    ends: _Ends | None,
    limit: float,
    personal: int,
) -> list[tuple[str, Said]]:
    """What is found, in words and for whoever words it otherwise."""
    found = [_verdict(compared, ends, limit)]
    small = [label for label, rate in rates.items() if rate.n < FEWEST_ROWS and label != MISSING]
    if small:
        listed = ", ".join(f"`{label}`" for label in small)
        sentence = f"left out with fewer than {FEWEST_ROWS} rows: {listed}"
        found.append((sentence, said("small_groups", fewest=FEWEST_ROWS, values=small)))
    if MISSING in rates:
        sentence = f"where `{field}` is missing the rate is shown, and is not part of the ratio"
        found.append((sentence, said("missing_shown", field=field)))
    stated = statement.fairness.reference
    if stated is not None and (label := counted.groups.label_of(stated)) not in counted.n:
        sentence = f"nobody is in the reference group `{label}`, so none is compared with it"
        found.append((sentence, said("no_reference", value=label)))
    if personal:
        is_ = "condition is personal and is" if personal == 1 else "conditions are personal and are"
        found.append((f"{personal} {is_} not looked at for what drives it", said("personal", conditions=personal)))
    return found


def _message(field: str, direction: str, segments: Sequence[str], sentences: Sequence[str]) -> str:
    return f"`{field}`, {direction} {', '.join(f'`{each}`' for each in segments)}: {'; '.join(sentences)}"


def _verdict(compared: Mapping[str, Rate], ends: _Ends | None, limit: float) -> tuple[str, Said]:
    if len(compared) < 2:
        sentence = f"{many(len(compared), 'group')} of {FEWEST_ROWS} rows or more, so there is no ratio"
        return sentence, said("few_groups", groups=len(compared), fewest=FEWEST_ROWS)
    if ends is None:
        return "nobody is selected of any group, so there is no ratio", said("nobody_selected")
    least, most = (round(float(_share(compared[each])), 3) for each in (ends.least, ends.most))
    if ends.ratio == 1:
        return f"every group is selected equally often, {percent_wording(most)}", said("equal", rate=most)
    ratio = round(ends.ratio, 3)
    between = (
        f"from {percent_wording(least)} of `{ends.least}` to {percent_wording(most)} of `{ends.most}`, "
        f"a ratio of {percent_wording(ratio)}"
    )
    bound = percent_wording(limit)
    named = {"least": least, "lowest": ends.least, "most": most, "highest": ends.most, "ratio": ratio, "limit": limit}
    if ends.ratio >= limit:
        return f"{between}, which keeps the limit of {bound}", said("keeps", **named)
    by_chance = "though chance alone could explain it" if ends.chance else "and chance alone does not explain it"
    code = "below_by_chance" if ends.chance else "below"
    return f"{between}, below the limit of {bound}, {by_chance}", said(code, **named)


# -- what drives it --------------------------------------------------------------------------------------------------


def _drivers(
    program: Program,
    population: Population,
    asked: Sequence[Asked],
    counted: Counted,
    rates: Mapping[str, Rate],
    ends: _Ends,
) -> list[DriverRecord]:
    """The conditions on which the least selected group falls behind the most selected one, the sharpest first."""
    n, k = counted.n, program.policy.hide_below or 0
    found: list[tuple[Fraction, DriverRecord]] = []
    for each in asked:
        passing = counted.passing.get(each)
        if passing is None or any(_few(passing[end], n[end], k) for end in (ends.least, ends.most)):
            continue
        least, most = (Rate(passing[end], n[end]) for end in (ends.least, ends.most))
        p_value, _ = two_shares(least.selected, least.n, most.selected, most.n)
        if _share(least) >= _share(most) or p_value >= SIGNIFICANCE:
            continue
        ratio = _share(least) / _share(most)
        told = {label: None if _few(passing[label], n[label], k) else passing[label] / n[label] for label in rates}
        record = DriverRecord(
            segment=each.segment,
            clause=each.clause,
            condition=words_of_asked(each, population),
            rates=told,
            ratio=float(ratio),
        )
        found.append((ratio, record))
    return [record for _, record in sorted(found, key=lambda pair: pair[0])][:MOST_DRIVERS]


def _few(passing: int, n: int, k: int) -> bool:
    """Whether a rate would tell of fewer than k rows, of those that pass or of those that do not."""
    return 0 < passing < k or 0 < n - passing < k


# -- hiding ----------------------------------------------------------------------------------------------------------

_COMPARED = ["ratio", "ratio_low", "ratio_high", "p"]


def with_hidden(record: FairnessRecord, groups: Collection[str], sizes: Collection[str] = ()) -> FairnessRecord:
    """The record without what tells how many of some groups are selected, nor how many there are in those of `sizes`,
    which are among them. Where a group that the others are compared with is hidden, so are all comparisons."""
    if not groups:
        return record
    nothing = dict.fromkeys(["selected", "rate", "low", "high", *_COMPARED])
    apart = dict.fromkeys(_COMPARED if record.reference in groups else [])
    kept = [
        each.model_copy(update={**nothing, "hidden": True, **({"n": None} if each.value in sizes else {})})
        if each.value in groups
        else each.model_copy(update=apart)
        for each in record.groups
    ]
    message = _message(
        record.field, record.direction, record.segments, ["some groups are hidden, so no ratio is shown"]
    )
    told = {"message": message, "said": [said("hidden_groups")]}
    return record.model_copy(update={"groups": kept, "ratio": None, "four_fifths": None, "drivers": [], **told})
