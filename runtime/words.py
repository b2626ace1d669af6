"""How what is explained reads: as the rules say it, also where a test's rows have fields in place of what they say."""

from __future__ import annotations

from dataclasses import replace

from ..dsl import program as p
from ..dsl.types import BOOLEAN
from ..dsl.walk import rebuilt
from ..dsl.wording import wording
from .observe import Subject


def words(subject: Subject, expr: p.Expr, table: str | None = None) -> str:
    """The words of an expression over the rows that are explained, or over those of `table`."""
    return wording(as_ruled(subject, expr), table or subject.population.table)


def as_ruled(subject: Subject, expr: p.Expr) -> p.Expr:
    """An expression with what its fields stand for: `decile of income`, `previous value_risk`."""

    def change(part: p.Expr, _: str) -> p.Expr | None:
        match part:
            case p.FieldRef(table=table, field=name):
                return subject.stand_ins.get((table, name))
            case p.Call(overload, (p.FieldRef() as place, (p.Const() | p.ParameterRef()) as share)):
                relative = subject.stand_ins.get((place.table, place.field))
                if isinstance(relative, p.Relative) and relative.function == "percentile":
                    return replace(relative, operator=overload.split(".")[0], share=share, type=BOOLEAN)
                return None
            case _:
                return None

    return rebuilt(expr, subject.population.table, change) if subject.stand_ins else expr
