"""What has another name."""

from __future__ import annotations

from collections.abc import Iterator

from ...dsl import program as p
from ...dsl.walk import all_expressions
from ...dsl.wording import written
from .declarations import what
from .nodes import Node, declarations, nodes_of
from .records import Change, Renames


def of_renames(before: p.Program, after: p.Program, renames: Renames) -> Iterator[Change]:
    """A change for each name, in order of the new program."""
    old = dict(zip(nodes_of(before), declarations(before), strict=True))
    scopes = {new: name for names in (renames.tables, renames.segmentations) for name, new in names.items()}
    remembered = _asked_of_runs_before(after)
    for node, new in zip(nodes_of(after), declarations(after), strict=True):
        was = next((name for name, now in _names(node, renames) if now == node.name), None)
        if was is None:
            continue
        word = node.kind if new is None or node.kind in ("segment", "experiment") else what(new)
        of = f" of `{node.scope}`" if node.kind in ("field", "segment") else ""
        text = f"{word} `{was}`{of} is now called `{node.name}`"
        if (node.scope, node.name) in remembered:
            text += f"; runs before have it under its old name, which `previous {written(node.scope)}` does not find"
        declared = old[Node(node.kind, scopes.get(node.scope, node.scope), was)]
        spans = (None, None) if declared is None or new is None else (declared.span, new.span)
        yield Change("renamed", word, node.name, node.scope or None, text, was, node.name, *spans)


def _names(node: Node, renames: Renames) -> Iterator[tuple[str, str]]:
    """The renames of what is of the kind and in the scope of `node`."""
    match node.kind:
        case "table":
            yield from renames.tables.items()
        case "parameter":
            yield from renames.parameters.items()
        case "segmentation":
            yield from renames.segmentations.items()
        case "measure":
            yield from renames.measures.items()
        case "purpose":
            yield from renames.purposes.items()
        case "experiment":
            yield from renames.experiments.items()
        case "field":
            yield from ((old, new) for (scope, old), new in renames.fields.items() if scope == node.scope)
        case "let":
            yield from ((old, new) for (scope, old), new in renames.lets.items() if scope == node.scope)
        case "segment":
            yield from ((old, new) for (scope, old), new in renames.segments.items() if scope == node.scope)


def _asked_of_runs_before(program: p.Program) -> set[tuple[str, str]]:
    """The segments that `previous` is compared with."""
    found: set[tuple[str, str]] = set()
    for part in all_expressions(program):
        match part:
            case p.Call(operands=(p.Previous(segmentation=asked), *options)):
                found |= {(asked, str(each.value)) for each in options if isinstance(each, p.Const)}
            case _:
                pass
    return found
