"""One rule file: what it declares, and its comments."""

from __future__ import annotations

from dataclasses import dataclass, field

from .data import Freshness, Let, Parameter, Purposes, TableDecl, Use
from .decisions import DecisionTable, Scorecard
from .outcomes import Experiment, Guarantee, Measure, MeasuresAt, MeasuresBy, Policy, Target, Test
from .segmentations import Segmentation
from .words import Node

Declaration = (
    Use
    | Purposes
    | TableDecl
    | Freshness
    | Parameter
    | Let
    | DecisionTable
    | Scorecard
    | Segmentation
    | Measure
    | MeasuresBy
    | MeasuresAt
    | Target
    | Policy
    | Experiment
    | Guarantee
    | Test
)


@dataclass(frozen=True, slots=True)
class Comment(Node):
    """`# text` to the end of its line; `text` includes the `#`. `own_line` when nothing stands before it."""

    text: str
    own_line: bool


@dataclass(frozen=True, slots=True)
class Document:
    """One parsed rule file.

    `broken_names` are the words of the stretches that could not be parsed: a later pass does not complain that such
    a name is unknown, since its declaration may stand there."""

    file: str
    declarations: tuple[Declaration, ...]
    comments: tuple[Comment, ...]
    broken_names: frozenset[str] = field(default=frozenset(), compare=False)
