"""What segments are judged by and held to: measures, targets, policy, experiments, guarantees."""

from __future__ import annotations

from dataclasses import replace

from .. import program as p
from .experiments import checked_experiments
from .guarantees import checked_guarantees
from .horizons import check_horizons, checked_horizons
from .measure_labels import check_measure_labels
from .measures import checked_measures, checked_periods
from .names import Names
from .namespace import Declared
from .policy import checked_policy
from .targets import checked_targets


def with_outcomes(program: p.Program, declared: Declared, names: Names) -> p.Program:
    """The program with what its segments are judged by and held to, as far as that could be checked; all of it in the
    order written, files in order of their names."""
    measures = checked_measures(declared.measures, names)
    by_name = {measure.name: measure for measure in measures}
    whole = replace(
        program,
        measures=measures,
        measures_by=checked_periods(declared.measures_by, names),
        measures_at=checked_horizons(declared.measures_at, names),
        targets=checked_targets(declared.targets, by_name, names),
        policy=checked_policy(declared.policies, names),
        experiments=checked_experiments(declared.experiments, by_name, names),
        guarantees=checked_guarantees(declared.guarantees, names),
    )
    check_measure_labels(whole, names.problems)
    all_known = len(measures) == len(declared.measures)
    check_horizons(declared.measures_at, measures, names.problems, all_known=all_known)
    return whole
