"""What is added up over a group for the intervals of its figures."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from ..plan import GroupTerm, PlanExpr
from ..sampling import Component, Mean, Median, Promoters, Sample, Share, Smooth
from .lower_groups import DETRACTORS_TO, PROMOTERS_FROM
from .query import column
from .terms import both, call, cast, double, is_known, when, whole


def sample_size(sample: Sample | None) -> int:
    """How many `sample_terms` there are."""
    match sample:
        case Share():
            return 2
        case Mean() | Promoters():
            return 3
        case Median():
            return 1
        case Smooth(components):
            return len(components) + len(components) * (len(components) + 1) // 2
        case None:
            return 0


def sample_terms(sample: Sample | None, asked: Mapping[PlanExpr, str]) -> list[exp.Expr]:
    """Aggregates over a group; `asked` names the columns of the rows.

    Of a share how often it is true, and known. Of a mean how many are known, their mean and variance (n − 1). Of a
    median how many are known. Of promoters how many promoters, passives, detractors. Of a smooth figure the means of
    its components over all rows, then their covariances (n − 1): of the first with itself, of the second with the first
    and itself, …"""
    match sample:
        case Share(term):
            truth = _truth(term, asked)
            return [_count(truth.copy()), call("COUNT", truth)]
        case Mean(term):
            value = _number(term, asked)
            return [call("COUNT", value), call("AVG", value), call("VAR_SAMP", value)]
        case Median(term):
            return [call("COUNT", _number(term, asked))]
        case Promoters(term):
            answer = _held(term.value, asked)
            promoters = exp.GTE(this=answer.copy(), expression=whole(PROMOTERS_FROM))
            detractors = exp.LTE(this=answer.copy(), expression=whole(DETRACTORS_TO))
            between = both(exp.not_(exp.Paren(this=promoters.copy())), exp.not_(exp.Paren(this=detractors.copy())))
            return [_count(each) for each in (promoters, between, detractors)]
        case Smooth(components):
            numbers = [_component(each, asked) for each in components]
            pairs = [call("COVAR_SAMP", numbers[i], numbers[j]) for i in range(len(numbers)) for j in range(i + 1)]
            return [*(call("AVG", number) for number in numbers), *pairs]
        case None:
            return []


def _held(expr: PlanExpr | None, asked: Mapping[PlanExpr, str]) -> exp.Expr:
    assert expr is not None, "an aggregate of nothing"
    return column(asked[expr])


def _count(condition: exp.Expr) -> exp.Expr:
    return exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=condition))


def _number(term: GroupTerm, asked: Mapping[PlanExpr, str]) -> exp.Expr:
    """The value of a term in a row as a double; NULL in rows that it does not count."""
    value = cast(_held(term.value, asked), "DOUBLE")
    return value if term.where is None else when(_held(term.where, asked), value)


def _truth(term: GroupTerm, asked: Mapping[PlanExpr, str]) -> exp.Expr:
    """The condition of a share or count in a row; NULL where it is unknown, or the row not among those asked about."""
    if term.value is None:
        return _held(term.where, asked)
    return when(_held(term.where, asked), _held(term.value, asked))


def _component(component: Component, asked: Mapping[PlanExpr, str]) -> exp.Expr:
    """The number that a row gives, never NULL."""
    term = component.term
    match component.kind:
        case "value":
            return call("COALESCE", _number(term, asked), double(0.0))
        case "true":
            return double(1.0) if term.where is None else _one_if(_truth(term, asked))
        case "known" if term.overload.startswith("share"):
            return _one_if(is_known(_truth(term, asked)))
        case "known":
            return _one_if(is_known(_number(term, asked)))
        case "balance":
            answer = _held(term.value, asked)
            promoter = _one_if(exp.GTE(this=answer.copy(), expression=whole(PROMOTERS_FROM)))
            detractor = _one_if(exp.LTE(this=answer.copy(), expression=whole(DETRACTORS_TO)))
            balance = exp.Paren(this=exp.Sub(this=promoter, expression=detractor))
            return exp.Mul(this=double(100.0), expression=balance)


def _one_if(condition: exp.Expr) -> exp.Expr:
    return when(condition, double(1.0), double(0.0))
