"""Sorts what the files declare and reports names that two declarations want.

A project is one namespace, apart from fields (names of their table), segments (names of their segmentation) and
purposes, which stand only where nothing else can. A measure may have a field's name, since no expression names one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from .. import syntax as s
from ..diagnostics import Label, Problems
from .names import Names


@dataclass(slots=True)
class Declared:
    """The declarations that count, by kind, in the order written; of two with one name the first."""

    purposes: list[s.Purposes] = field(default_factory=list)
    tables: list[s.TableDecl] = field(default_factory=list)
    freshness: list[s.Freshness] = field(default_factory=list)
    parameters: list[s.Parameter] = field(default_factory=list)
    lets: list[s.Let | s.DecisionTable | s.Scorecard] = field(default_factory=list)
    segmentations: list[s.Segmentation] = field(default_factory=list)
    measures: list[s.Measure] = field(default_factory=list)
    measures_by: list[s.MeasuresBy] = field(default_factory=list)
    measures_at: list[s.MeasuresAt] = field(default_factory=list)
    targets: list[s.Target] = field(default_factory=list)
    policies: list[s.Policy] = field(default_factory=list)
    experiments: list[s.Experiment] = field(default_factory=list)
    guarantees: list[s.Guarantee] = field(default_factory=list)
    tests: list[s.Test] = field(default_factory=list)


def declared_in(documents: Sequence[s.Document], names: Names) -> Declared:
    """Everything declared, after reporting double names; fills `names.unreadable` and `names.broken`."""
    declared = Declared()
    first: dict[str, s.Name] = {}
    for document in documents:
        names.broken |= document.broken_names
        for declaration in document.declarations:
            name = declared_name(declaration)
            if name is not None and not _is_first(name, first, names.problems):
                continue
            _sort(declaration, declared, names)
    return declared


def declared_name(declaration: s.Declaration) -> s.Name | None:
    """The name that a declaration puts into the project's namespace, None where it has none."""
    match declaration:
        case s.TableDecl() | s.Parameter() | s.Let() | s.DecisionTable() | s.Scorecard() | s.Segmentation():
            return declaration.name
        case s.Measure() | s.Experiment():
            return declaration.name
        case s.Use() | s.Purposes() | s.Freshness() | s.MeasuresBy() | s.MeasuresAt() | s.Target() | s.Policy():
            return None
        case s.Guarantee() | s.Test():
            return None
        case _:
            assert_never(declaration)


def _is_first(name: s.Name, first: dict[str, s.Name], problems: Problems) -> bool:
    if name.text not in first:
        first[name.text] = name
        return True
    problems.error(
        "SEG100",
        name.span,
        f"`{name.text}` is declared twice; every name of a project is declared once, in whichever file",
        labels=[Label(first[name.text].span, "declared here first")],
    )
    return False


def _sort(declaration: s.Declaration, declared: Declared, names: Names) -> None:
    match declaration:
        case s.Use():
            pass  # project.py has followed it
        case s.Purposes():
            declared.purposes.append(declaration)
        case s.TableDecl():
            declared.tables.append(declaration)
            if declaration.damaged:
                names.broken.add(declaration.name.text)
        case s.Freshness():
            declared.freshness.append(declaration)
        case s.Parameter():
            declared.parameters.append(declaration)
        case s.Let() | s.DecisionTable() | s.Scorecard():
            declared.lets.append(declaration)
        case s.Segmentation():
            declared.segmentations.append(declaration)
            if declaration.damaged:
                names.broken.add(declaration.name.text)
        case s.Measure():
            declared.measures.append(declaration)
            names.unreadable[declaration.name.text] = "a measure"
        case s.Experiment():
            declared.experiments.append(declaration)
            names.unreadable[declaration.name.text] = "an experiment"
        case s.MeasuresBy():
            declared.measures_by.append(declaration)
        case s.MeasuresAt():
            declared.measures_at.append(declaration)
        case s.Target():
            declared.targets.append(declaration)
        case s.Policy():
            declared.policies.append(declaration)
        case s.Guarantee():
            declared.guarantees.append(declaration)
        case s.Test():
            declared.tests.append(declaration)
        case _:
            assert_never(declaration)


def unrepeated(written: Iterable[s.Name], problems: Problems, code: str, where: str) -> Iterator[s.Name]:
    """The names of a list, each once; a repeated one is reported."""
    first: dict[str, s.Name] = {}
    for name in written:
        if name.text in first:
            problems.error(
                code,
                name.span,
                f"`{name.text}` stands twice {where}",
                labels=[Label(first[name.text].span, "here already")],
            )
        else:
            first[name.text] = name
            yield name
