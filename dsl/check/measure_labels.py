"""What measures may not read: protected fields, personal values; and for which segmentations they may be reported."""

from __future__ import annotations

from .. import program as p
from ..diagnostics import Label, Problems
from ..labels import Lineage, Reading, labels_from, lineage_of, readings_of
from ..outcomes import Experiment, Measure, Target
from ..reporting import reported_for


def check_measure_labels(program: p.Program, problems: Problems) -> None:
    """Report measures that read what they may not, and targets and experiments on segments that a measure is not
    reported for. `program` has its measures."""
    lineage = lineage_of(program)
    for measure in program.measures:
        readings = readings_of(measure.value, lineage, measure.table)
        _check_readings(measure, readings, lineage, problems)
        _check_reported(measure, readings, lineage, problems)
    for period in program.measures_by:
        for reading in readings_of(period.of, lineage, period.table):
            _check_reading("measures are not followed by it", reading, lineage, problems)
            _check_period_purposes(reading, lineage, problems)
    _check_asked(program, lineage, problems)


def _check_readings(measure: Measure, readings: tuple[Reading, ...], lineage: Lineage, problems: Problems) -> None:
    for reading in readings:
        _check_reading(f"the measure `{measure.name}` cannot show it", reading, lineage, problems)


def _check_reading(consequence: str, reading: Reading, lineage: Lineage, problems: Problems) -> None:
    field = lineage.tables[reading.table].field_named(reading.field)
    if reading.through is not None:
        return
    if field.protected:
        problems.error(
            "SEG856",
            reading.path[0],
            f"`{field.name}` is protected, so {consequence}",
            labels=_way(reading, field, "protected"),
            hints=["how groups of it fare is watched with `fairness across` in a policy"],
        )
    elif field.personal and reading.shown:
        problems.error(
            "SEG857",
            reading.path[0],
            f"`{field.name}` is personal, so {consequence}",
            labels=_way(reading, field, "personal"),
            hints=["whether it is known, and how long ago it was, may be looked at"],
        )


def _check_reported(measure: Measure, readings: tuple[Reading, ...], lineage: Lineage, problems: Problems) -> None:
    """A measure is reported for somebody, and says for whom it is not."""
    others = [each.name for each in lineage.program.segmentations if each.table == measure.table]
    reported = reported_for(measure, lineage)
    kept_from = [name for name in others if name not in reported]
    if not others:
        problems.note(
            "SEG859",
            measure.span,
            f"`{measure.table}` are not put into segments, so `{measure.name}` is reported for none",
        )
        return
    if not kept_from:
        return
    limited = next(reading for reading in readings if _is_limited(reading, lineage))
    field = lineage.tables[limited.table].field_named(limited.field)
    listed = " or ".join(f"`{purpose}`" for purpose in _allowed(readings, lineage)) or "no purpose at all"
    where = ", ".join(f"`{name}`" for name in kept_from)
    report = problems.note if reported else problems.error
    report(
        "SEG858",
        limited.path[0],
        f"`{measure.name}` reads what may be read for {listed} only, so it is not reported for {where}",
        labels=_way(limited, field, "limited"),
    )


def _check_period_purposes(reading: Reading, lineage: Lineage, problems: Problems) -> None:
    """All measures are followed by it, for whatever purpose."""
    field = lineage.tables[reading.table].field_named(reading.field)
    if field.purposes is not None:
        problems.error(
            "SEG858",
            reading.path[0],
            f"`{field.name}` may be read for some purposes only, so measures are not followed by it",
            labels=_way(reading, field, "limited"),
        )


def _is_limited(reading: Reading, lineage: Lineage) -> bool:
    return lineage.tables[reading.table].field_named(reading.field).purposes is not None


def _allowed(readings: tuple[Reading, ...], lineage: Lineage) -> list[str]:
    return sorted(labels_from(readings, lineage).purposes or ())


def _way(reading: Reading, field: p.Field, how: str) -> list[Label]:
    steps = [Label(span, f"which reads `{field.name}` here") for span in reading.path[1:]]
    return [*steps, Label(field.span, f"`{field.name}` is {how} by its declaration")]


def _check_asked(program: p.Program, lineage: Lineage, problems: Problems) -> None:
    """Targets and experiments ask for measures that are reported for their segments."""
    measures = {measure.name: measure for measure in program.measures}
    asked: list[tuple[Target | Experiment, str, str]] = [
        (target, target.measure, target.of.segmentation) for target in program.targets if target.measure is not None
    ]
    asked += [
        (experiment, name, of.segmentation)
        for experiment in program.experiments
        for name in experiment.success
        for of in experiment.on
    ]
    for by, name, segmentation in dict.fromkeys(asked):
        if segmentation not in reported_for(measures[name], lineage):
            problems.error(
                "SEG858",
                by.span,
                f"`{name}` is not reported for `{segmentation}`, which may not be read for all that it reads",
                labels=[Label(measures[name].span, "declared here")],
            )
