"""Lets and parameters that nothing reads."""

from __future__ import annotations

from collections.abc import Iterator

from .. import program as p
from ..diagnostics import Problems
from ..walk import conditions, outcome_expressions, walk, window_parameters


def note_unused(program: p.Program, problems: Problems) -> None:
    """Note each let and parameter that no other declaration reads."""
    read = set(_read(program))
    for let in program.lets:
        if let.name not in read:
            problems.note("SEG112", let.span, f"nothing reads the {_what(let)} `{let.name}`")
    for parameter in program.parameters:
        if parameter.name not in read:
            problems.note("SEG112", parameter.span, f"nothing reads the parameter `{parameter.name}`")


def _what(let: p.Let) -> str:
    match let.value:
        case p.Choice():
            return "decision"
        case p.Score():
            return "scorecard"
        case _:
            return "`let`"


def _read(program: p.Program) -> Iterator[str]:
    """Names of lets and parameters, which are one namespace."""
    for expr in _expressions(program):
        for part in walk(expr):
            match part:
                case p.LetRef(name=name) | p.ParameterRef(name=name):
                    yield name
                case p.Aggregate():
                    yield from (parameter.name for parameter in window_parameters(part))
                case _:
                    pass
    for segmentation in program.segmentations:
        for segment in segmentation.all_segments:
            yield from segment.reasons_from


def _expressions(program: p.Program) -> Iterator[p.Expr]:
    yield from (let.value for let in program.lets)
    for segmentation in program.segmentations:
        yield from conditions(segmentation)
    yield from outcome_expressions(program)
