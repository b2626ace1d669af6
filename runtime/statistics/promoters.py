"""The interval of a net promoter score: `net promoter score of X`."""

from __future__ import annotations

import math

from .distributions import normal_quantile
from .figures import CONFIDENCE, Estimate, Interval, Unstated, check_counts
from .means import mean_estimate

_ADDED = 3
"""Answers added by the adjusted Wald interval: a quarter of them promoters, a quarter detractors."""


def promoter_interval(promoters: int, passives: int, detractors: int) -> Interval | Unstated:
    """The adjusted Wald interval of 100 (promoters − detractors) / answers, in points from −100 to 100.

    Three answers are added, ¾ of one to promoters, ¾ to detractors, 1½ to passives; then s ± z √((p + d − s²) / n) with
    s = p − d, cut off at the ends of the scale (Rocks, "Interval estimation for the net promoter score", The American
    Statistician 70, 2016, who finds it best of those in closed form; the constants as in Sauro and Lewis, Quantifying
    the User Experience). It holds where all answers are alike. Unstated below two answers, where the scale is all that
    it could say. Raises `ValueError` for negative counts."""
    n = promoters + passives + detractors
    check_counts(n, promoters, passives, detractors)
    if n < 2:
        return Unstated("only one known value" if n else "no known value")
    answers = n + _ADDED
    up, down = (promoters + _ADDED / 4) / answers, (detractors + _ADDED / 4) / answers
    score = (promoters - detractors) / answers
    reach = normal_quantile(1 - CONFIDENCE) * math.sqrt((up + down - score * score) / answers)
    return Interval(100 * max(-1.0, score - reach), 100 * min(1.0, score + reach), "adjusted Wald")


def promoter_estimate(promoters: int, passives: int, detractors: int) -> Estimate | Unstated:
    """The score as the mean of 100, 0 and −100, for comparing two segments with `difference_of_estimates`."""
    n = promoters + passives + detractors
    check_counts(n, promoters, passives, detractors)
    return mean_estimate(n, 100 * (promoters - detractors), 10_000 * (promoters + detractors))
