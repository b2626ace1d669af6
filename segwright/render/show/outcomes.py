"""The facts of what segments are judged by and held to: measures, targets, policy, experiments, guarantees, tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...dsl import program as p
from ...dsl.labels import Lineage
from ...dsl.outcomes import (
    Expectation,
    Experiment,
    Fairness,
    Guarantee,
    Measure,
    SegmentName,
    Target,
    Test,
    TestCase,
)
from ...dsl.reporting import has_horizons
from ...dsl.types import Value
from . import facts as f
from .english import COMPARED, statement, value_of
from .names import (
    Speaker,
    in_quotes,
    listed,
    one_row_of,
    percent_wording,
    segment_called,
    segmentation_called,
    titled,
    value_words,
    words_of,
)


def outcome_facts(lineage: Lineage, shown: Sequence[p.Segmentation]) -> f.Outcomes:
    """What is said of the segmentations shown and of their tables."""
    program = lineage.program
    names = {each.name for each in shown}
    tables = {each.table for each in shown} if len(shown) < len(program.segmentations) else None
    return f.Outcomes(
        measures=(
            *(_measure(each, lineage) for each in program.measures if tables is None or each.table in tables),
            *(
                f.Told(
                    "", None, f"every measure is also told by {each.period} of {_value(each.of, each.table, lineage)}"
                )
                for each in program.measures_by
                if tables is None or each.table in tables
            ),
            *_horizons(program, tables),
        ),
        targets=tuple(_target(each, lineage) for each in program.targets if each.of.segmentation in names),
        policy=tuple(_policy(program.policy, lineage, names)),
        experiments=tuple(
            _experiment(each, lineage)
            for each in program.experiments
            if any(of.segmentation in names for of in each.on)
        ),
        guarantees=tuple(_guarantee(each, lineage) for each in program.guarantees if each.of.segmentation in names),
        tests=tuple(
            _test(each, lineage)
            for each in program.tests
            if any(told.segmentation in names for case in each.cases for told in case.expect)
        ),
        freshness=tuple(
            f.Told(each.table, None, f"the latest of {words_of(each.table)} is at most {each.within} old")
            for each in program.freshness
        ),
    )


def _value(expr: p.Expr, table: str, lineage: Lineage) -> str:
    return value_of(expr, Speaker(lineage, table))


def _called(name: SegmentName, lineage: Lineage) -> str:
    return segment_called(name.segmentation, name.segment, lineage)


def _measure(measure: Measure, lineage: Lineage) -> f.Told:
    better = f"; {measure.better} is better" if measure.better else ""
    definition = f"; {measure.definition}" if measure.definition else ""
    return f.Told(measure.name, measure.title, _value(measure.value, measure.table, lineage) + better + definition)


def _horizons(program: p.Program, tables: set[str] | None) -> Iterable[f.Told]:
    """How far measures look ahead besides, where one does that is told of."""
    shown = (each for each in program.measures if tables is None or each.table in tables)
    if program.measures_at and any(has_horizons(each) for each in shown):
        lengths = listed([str(each) for each in program.measures_at], "and")
        yield f.Told(
            "", None, f"every measure that looks ahead, by windows of one length, is also told for {lengths} ahead"
        )


def _measure_called(name: str, lineage: Lineage) -> str:
    found = (measure for measure in lineage.program.measures if measure.name == name)
    return in_quotes(name, next((measure.title for measure in found), None))


def _target(target: Target, lineage: Lineage) -> f.Told:
    segmentation = lineage.segmentations[target.of.segmentation]
    limit = _value(target.value, segmentation.table, lineage)
    if target.measure is not None:
        subject = f"the {_measure_called(target.measure, lineage)} of {_called(target.of, lineage)}"
    elif target.value.type.kind == "percent":
        subject = f"the share of all {words_of(segmentation.table)} in {_called(target.of, lineage)}"
    else:
        subject = f"the number of {words_of(segmentation.table)} in {_called(target.of, lineage)}"
    return f.Told(target.of.segment, None, f"{subject} {COMPARED[target.comparison].format(limit)}")


def _policy(policy: p.Policy, lineage: Lineage, names: set[str]) -> Iterable[f.Told]:
    if policy.hide_below is not None:
        yield f.Told("hide groups", None, f"groups of fewer than {policy.hide_below:,} are never shown")
    for each in policy.fairness:
        if any(of.segmentation in names for of in (*each.favourable, *each.unfavourable)):
            yield f.Told("fairness", None, _fairness(each, lineage))


def _fairness(fairness: Fairness, lineage: Lineage) -> str:
    across = listed([_value(ref, ref.table, lineage) for ref in fairness.across], "and")
    says: list[str] = []
    for segments, better in ((fairness.favourable, "in favour"), (fairness.unfavourable, "against")):
        if segments:
            says.append(f"being in {listed([_called(each, lineage) for each in segments], 'or')} counts {better}")
    against = "between groups"
    if fairness.reference is not None:
        type = lineage.tables[fairness.across[0].table].field_named(fairness.across[0].field).type
        against = f"to those with {value_words(fairness.reference, type)}"
    ratio = "" if fairness.ratio is None else f" of at least {percent_wording(fairness.ratio)}"
    return f"across {across}: {' and '.join(says)}, compared by a ratio{ratio} {against}"


def _experiment(experiment: Experiment, lineage: Lineage) -> f.Told:
    on = listed([_called(each, lineage) for each in experiment.on], "and")
    arms = listed(
        [f"{percent_wording(each.share)} are {titled(each.name, each.title)}" for each in experiment.arms], "and"
    )
    success = listed([_measure_called(each, lineage) for each in experiment.success], "and")
    judged = f"; judged by {success}" if success else ""
    return f.Told(experiment.name, experiment.title, f"of those in {on}, {arms}{judged}")


def _guarantee(guarantee: Guarantee, lineage: Lineage) -> f.Told:
    table = lineage.tables[lineage.segmentations[guarantee.of.segmentation].table]
    speaker = Speaker(lineage, table.name)
    row = one_row_of(table).partition(" ")[2]
    said = "" if guarantee.condition is None else statement(guarantee.condition, speaker).text
    segment = _called(guarantee.of, lineage)
    if guarantee.kind == "every":
        text = f"of every {row} in {segment}: {said}" if said else f"every {row} in {segment}"
    else:
        text = f"no {row} is in {segment}" + (f" where {said}" if said else "")
    return f.Told(guarantee.title, None, f"{text}; of all that the declared data allows, not only of today's")


# -- tests -------------------------------------------------------------------------------------------------------------


def _test(test: Test, lineage: Lineage) -> f.Told:
    as_of = f"as of {test.as_of}, " if test.as_of else ""
    if len(test.cases) > 1:
        expected = dict.fromkeys(_expected(told, lineage) for case in test.cases for told in case.expect)
        text = f"{len(test.cases)} cases, which expect: {'; '.join(expected)}"
    else:
        text = "; ".join(_case(case, lineage) for case in test.cases)
    return f.Told(test.title, None, f"{as_of}{text}")


def _case(case: TestCase, lineage: Lineage) -> str:
    given = [_given(table, name, value, case.table, lineage) for table, name, value in case.values]
    for row in case.rows:
        values = [_given(row.table, name, value, row.table, lineage) for name, value in row.values]
        given.append(f"a row in {words_of(row.table)} ({', '.join(values)})")
    for asked, segment in case.previous:
        called = segment_called(asked.segmentation, segment, lineage)
        given.append(f"{called} in {segmentation_called(asked.segmentation, lineage)} in the previous run")
    for relative, value in case.relatives:
        of = _value(relative.of, relative.table, lineage)
        given.append(f"{of} at {relative.function} {_plain(value)}")
    row = one_row_of(lineage.tables[case.table])
    with_ = f" with {listed(given, 'and')}" if given else ", of which nothing is known,"
    return f"{row}{with_} comes into {' and '.join(_expected(told, lineage) for told in case.expect)}"


def _plain(value: Value) -> str:
    return percent_wording(value) if isinstance(value, float) else str(value)


def _given(table: str, name: str, value: Value, row_table: str, lineage: Lineage) -> str:
    field = lineage.tables[table].field_named(name)
    of = "" if table == row_table else f" in {words_of(table)}"
    said = "given (personal, not shown)" if field.personal else value_words(value, field.type)
    return f"{titled(name, field.title)}{of} {said}"


def _expected(told: Expectation, lineage: Lineage) -> str:
    of = segmentation_called(told.segmentation, lineage)
    names = [segment_called(told.segmentation, each, lineage) for each in told.segments]
    text = f"{listed(names, 'and')} of {of}" if names else f"no segment of {of}"
    if told.because is None:
        return text
    table = lineage.segmentations[told.segmentation].table
    outcome = {"holds": "this holds", "fails": "this fails", "unknown": "this is unknown", None: "of this"}
    return f"{text}, because {outcome[told.outcome]}: {statement(told.because, Speaker(lineage, table)).text}"
