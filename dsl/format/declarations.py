"""All declarations of a file as lines, and what stands between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from .. import syntax as s
from . import data, decisions, outcomes, rules
from .lines import Blank, Line, separated
from .words import Words


def lines_of(w: Words, document: s.Document) -> list[Line]:
    """The lines of a file. Declarations of one line that follow each other without a blank line make a run, and have
    columns in common."""
    lines: list[Line] = []
    before: s.Declaration | None = None
    for run in _runs(w, document.declarations):
        for declaration, found in zip(run, _laid_out(w, run), strict=True):
            blank: Blank = "kept" if before is None or _is_akin(before, declaration) else "always"
            lines += separated(found, blank)
            before = declaration
    return lines


def _runs(w: Words, declarations: Sequence[s.Declaration]) -> list[list[s.Declaration]]:
    runs: list[list[s.Declaration]] = []
    for declaration in declarations:
        joins = runs and _is_akin(runs[-1][-1], declaration) and type(runs[-1][-1]) is type(declaration)
        if joins and not w.begins_paragraph(w.first(declaration)):
            runs[-1].append(declaration)
        else:
            runs.append([declaration])
    return runs


_KINDS = (s.Use, s.Purposes, s.Freshness, s.Parameter, s.Let, (s.Measure, s.MeasuresBy, s.MeasuresAt), s.Target)
"""Kinds of which declarations may stand together without a blank line between them."""


def _is_akin(one: s.Declaration, other: s.Declaration) -> bool:
    return any(isinstance(one, kind) and isinstance(other, kind) for kind in _KINDS)


def _laid_out(w: Words, run: Sequence[s.Declaration]) -> list[list[Line]]:
    """The lines of each declaration of a run, all of one kind."""
    match run[0]:
        case s.Let() | s.Measure():
            return rules.named(w, [each for each in run if isinstance(each, s.Let | s.Measure)])
        case s.Parameter():
            return data.parameters(w, [each for each in run if isinstance(each, s.Parameter)])
        case s.Freshness():
            return data.freshness(w, [each for each in run if isinstance(each, s.Freshness)])
        case s.Target():
            return outcomes.targets(w, [each for each in run if isinstance(each, s.Target)])
        case _:
            return [_one(w, each) for each in run]


def _one(w: Words, declaration: s.Declaration) -> list[Line]:
    match declaration:
        case s.Use() | s.Purposes() | s.MeasuresBy() | s.MeasuresAt():
            return data.plain(w, declaration)
        case s.TableDecl():
            return data.table(w, declaration)
        case s.DecisionTable():
            return decisions.decision(w, declaration)
        case s.Scorecard():
            return decisions.scorecard(w, declaration)
        case s.Segmentation():
            return rules.segmentation(w, declaration)
        case s.Policy():
            return outcomes.policy(w, declaration)
        case s.Experiment():
            return outcomes.experiment(w, declaration)
        case s.Guarantee():
            return outcomes.guarantee(w, declaration)
        case s.Test():
            return outcomes.test(w, declaration)
        case s.Let() | s.Measure() | s.Parameter() | s.Freshness() | s.Target():
            raise ValueError("declarations that make runs are laid out together")
        case _:
            assert_never(declaration)
