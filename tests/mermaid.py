"""The part of Mermaid's flowcharts that we write, read strictly: https://mermaid.js.org/syntax/flowchart.html."""

from __future__ import annotations

import re

LABEL = r'"(?! )(?:[^\W_]|[ ,:%()/×]|(?<=[^\W_])[_-](?=[^\W_])|(?<=[^\W\d_])\.|#\d+;)+"'
"""Letters, digits and signs that mean nothing between quotation marks: `_` and `-` within a word, a full stop after a
letter (`1. ` begins a list). The rest by number; `#` and `;` stand nowhere else."""
SHAPES = [rf"\[{LABEL}\]", rf"\({LABEL}\)", rf"\{{\{{{LABEL}\}}\}}", rf"\(\[{LABEL}\]\)", rf"\[\[{LABEL}\]\]"]
NODE = re.compile(rf" +(n\d+)(?:{'|'.join(SHAPES)})")
SUBGRAPH = re.compile(rf"  subgraph (t\d+)\[{LABEL}\]")
ARROW = re.compile(r"  (n\d+) (?:-->|-\.->) (n\d+)")


def problems_of_flowchart(graph: str) -> list[str]:
    """What is wrong with a flowchart: lines that do not read, nodes declared twice or never, subgraphs left open."""
    first, *lines = graph.split("\n")
    problems = [] if first == "flowchart LR" else [f"it begins with {first!r}"]
    nodes: set[str] = set()
    subgraphs: set[str] = set()
    is_open = False
    for line in lines:
        if found := NODE.fullmatch(line):
            problems += [f"{found[1]} twice"] if found[1] in nodes else []
            nodes.add(found[1])
        elif found := SUBGRAPH.fullmatch(line):
            problems += [f"{found[1]} twice or inside another"] if found[1] in subgraphs or is_open else []
            subgraphs.add(found[1])
            is_open = True
        elif line == "  end":
            problems += [] if is_open else ["an end too many"]
            is_open = False
        elif found := ARROW.fullmatch(line):
            problems += [f"{end} is not declared" for end in found.groups() if end not in nodes]
        else:
            problems.append(f"does not read: {line!r}")
    return [*problems, *(["a subgraph is left open"] if is_open else [])]
