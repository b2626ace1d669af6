"""The built-in measures, declared once: what executives ask of every segment, by the definitions that others use too.

Checking turns each into ordinary arithmetic on aggregates over the group (`check/builtin_measures.py`), so nothing
downstream knows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Argument:
    """What a built-in measure is told of each row.

    | kind | takes |
    |---|---|
    | amount | money, an integer or a number |
    | share | a percent, or a number from 0 to 1 |
    | condition | what is true or false |
    """

    name: str
    kind: Literal["amount", "share", "condition"]
    meaning: str


@dataclass(frozen=True, slots=True)
class BuiltinMeasure:
    """A measure that has a name in the language. `formula` says in words what it comes to, `source` who defines it so,
    `also` what people call it besides, in lower case, without hyphens."""

    name: str
    arguments: tuple[Argument, ...]
    formula: str
    source: str
    example: str
    also: tuple[str, ...] = ()

    @property
    def definition(self) -> str:
        """`return on investment = (gain − cost) ÷ cost, …`, for whoever reads the figure."""
        return f"{self.name} = {self.formula}"


_MARKETING_METRICS = "Farris, Bendle, Pfeifer and Reibstein, Marketing Metrics, 2nd edition, 2010"
_PD = Argument("default_probability", "share", "probability of default over the same period, from 0% to 100%")

BUILTIN_MEASURES: tuple[BuiltinMeasure, ...] = (
    BuiltinMeasure(
        "return on investment",
        (
            Argument("gain", "amount", "what came in, in the currency of `cost`"),
            Argument("cost", "amount", "what was spent for it"),
        ),
        "(gain − cost) ÷ cost, both summed over the rows where both are known",
        f"{_MARKETING_METRICS}: return on investment, net profit over investment",
        "return on investment (gain clv_12m, cost acquisition_cost)",
        ("roi", "romi", "return on marketing investment", "return of investment", "return on investments"),
    ),
    BuiltinMeasure(
        "risk-adjusted return",
        (
            Argument("margin", "amount", "margin of the period before losses"),
            _PD,
            Argument("loss_given_default", "share", "share of the exposure lost on default, from 0% to 100%"),
            Argument("exposure", "amount", "exposure at default, in the currency of `margin`"),
        ),
        "average of margin − default_probability × loss_given_default × exposure, over the rows where all are known",
        "expected loss = PD × LGD × EAD: Basel Committee on Banking Supervision, An Explanatory Note on the Basel II "
        "IRB Risk Weight Functions, July 2005",
        "risk-adjusted return (margin margin_12m, default_probability pd, loss_given_default lgd, exposure balance)",
        ("rar", "raroc", "risk adjusted margin", "risk adjusted returns"),
    ),
    BuiltinMeasure(
        "default-adjusted clv",
        (
            Argument("clv", "amount", "customer lifetime value over a period, as a rule 12 months"),
            _PD,
        ),
        "average of clv × (1 − default_probability), over the rows where both are known",
        "margin times the probability that the customer stays, here that there is no default: Berger and Nasr, "
        "Customer Lifetime Value: Marketing Models and Applications, Journal of Interactive Marketing 12(1), 1998",
        "default-adjusted clv (clv clv_12m, default_probability pd)",
        ("clv", "ltv", "customer lifetime value", "default adjusted ltv"),
    ),
    BuiltinMeasure(
        "loss ratio",
        (
            Argument("losses", "amount", "losses incurred in the period"),
            Argument("premiums", "amount", "premiums earned in the same period"),
        ),
        "losses ÷ premiums, both summed over the rows where both are known",
        "NAIC, Glossary of Insurance Terms: loss ratio, incurred losses to earned premiums",
        "loss ratio (losses claims_paid_12m, premiums premium_12m)",
        ("claims ratio", "losses ratio"),
    ),
    BuiltinMeasure(
        "cost to serve",
        (Argument("cost", "amount", "what serving the row cost in the period"),),
        "average of cost, over the rows where it is known",
        "Braithwaite and Samakh, The Cost-to-Serve Method, International Journal of Logistics Management 9(1), 1998",
        "cost to serve (cost service_cost_12m)",
        ("cost of service", "cost to service", "cost of serving", "service cost"),
    ),
    BuiltinMeasure(
        "conversion",
        (
            Argument("offered", "condition", "the offer was made"),
            Argument("converted", "condition", "it was taken"),
        ),
        "share of the rows offered that converted, of those where both are known",
        f"{_MARKETING_METRICS}: conversion rate, those who buy over those who could",
        "conversion (offered offer_sent, converted bought)",
        ("conversion rate", "conversions"),
    ),
    BuiltinMeasure(
        "renewal",
        (
            Argument("due", "condition", "came up for renewal in the period"),
            Argument("renewed", "condition", "was renewed"),
        ),
        "share of the rows due that were renewed, of those where both are known",
        f"{_MARKETING_METRICS}: retention rate, customers retained over customers at risk",
        "renewal (due policy_due, renewed renewed)",
        ("renewal rate", "renewals", "retention", "retention rate"),
    ),
)

MEASURE_BY_NAME: dict[str, BuiltinMeasure] = {each.name: each for each in BUILTIN_MEASURES}
