"""What is nearly the same under another name: renamed and changed in one go. Only where no other fits as well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...dsl import program as p
from ...dsl.wording import wording
from .conditions import asked, shape
from .nodes import Node, NodeKind, declarations, nodes_of

ENOUGH = 0.5
"""The least share of what two have in common for the one to be taken for the other."""


@dataclass(slots=True)
class Sides:
    """What each node declares; `words` is the old program in new words, as far as they are known."""

    before: p.Program
    after: p.Program
    words: p.Program
    old: dict[Node, Any] = field(init=False)
    new: dict[Node, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.old = dict(zip(nodes_of(self.before), declarations(self.words), strict=True))
        self.new = dict(zip(nodes_of(self.after), declarations(self.after), strict=True))

    def inside(self, node: Node, kind: NodeKind, *, new: bool = False) -> set[str]:
        """The names of what stands in a table or segmentation, as its own program calls it."""
        return {each.name for each in (self.new if new else self.old) if (each.kind, each.scope) == (kind, node.name)}


def similar(
    before: Sequence[Node], after: Sequence[Node], sides: Sides, shared_uses: Callable[[Node, Node], int]
) -> tuple[Node, Node] | None:
    """The first node of the one side and the one of the other that is more like it than any other, where each is that
    to the other. `shared_uses` counts the places in which both are named."""
    likeness = {(old, new): _likeness(old, new, sides, shared_uses) for old in before for new in after}
    for (old, new), how in likeness.items():
        others = [each for (left, right), each in likeness.items() if (left == old) != (right == new)]
        if how >= ENOUGH and all(how > other for other in others):
            return old, new
    return None


def _likeness(old: Node, new: Node, sides: Sides, shared_uses: Callable[[Node, Node], int]) -> float:
    match sides.old[old], sides.new[new]:
        case p.Segment() as one, p.Segment() as other:
            return _of_segments(one, other, sides.after.segmentation(new.scope))
        case p.Segmentation() as one, p.Segmentation() as other:
            same = (one.table, one.exclusive) == (other.table, other.exclusive)
            return _share(sides.inside(old, "segment"), sides.inside(new, "segment", new=True)) if same else 0
        case p.Table() as one, p.Table() as other:
            same = (one.role, one.parent) == (other.role, other.parent)
            return _share(sides.inside(old, "field"), sides.inside(new, "field", new=True)) if same else 0
        case p.Field() as one, p.Field() as other:
            same = one.type.kind == other.type.kind
            return (shared_uses(old, new) if same else 0) + 1000 * (one.column == other.column)
        case p.Parameter() as one, p.Parameter() as other:
            return shared_uses(old, new) if (one.type, one.value) == (other.type, other.value) else 0
        case p.Let() as one, p.Let() as other:
            if isinstance(one.value, p.Choice | p.Score) or isinstance(other.value, p.Choice | p.Score):
                return 0
            same = shape(one.value, one.table) == shape(other.value, other.table)
            return shared_uses(old, new) if same else 0
        case None, None:
            return shared_uses(old, new)
        case _:
            return 0


def _of_segments(one: p.Segment, other: p.Segment, segmentation: p.Segmentation) -> float:
    """The share of equal conditions; more where titles are the same. `otherwise` is `otherwise`."""
    if not (one.clauses and other.clauses):
        return float(not (one.clauses or other.clauses))
    left, right = _conditions(one, segmentation.table), _conditions(other, segmentation.table)
    share = (left & right).total() / max(left.total(), right.total())
    return share + (0.5 if one.title is not None and one.title == other.title else 0)


def _conditions(segment: p.Segment, table: str) -> Counter[str]:
    said = [wording(part, table) for clause in segment.clauses for part in asked(clause.when)]
    said += [f"unless {wording(each, table)}" for clause in segment.clauses for each in clause.unless]
    return Counter(said)


def _share(one: set[str], other: set[str]) -> float:
    return len(one & other) / max(len(one), len(other), 1)
