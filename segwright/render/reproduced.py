"""A run made again, as text and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .text import plural, style, visible

if TYPE_CHECKING:
    from ..runtime.history.reproducing import Differs, Reproduction
    from ..runtime.manifest import Manifest

FORMAT = 1


def as_json(found: Reproduction) -> dict[str, Any]:
    """`{"format", "run", "equal", "as_of", "engine", "parameters", "rules", "causes", "results", "failure"}`;
    docs/history.md tells what the keys mean."""
    then = found.then
    return {
        "format": FORMAT,
        "run": found.run,
        "equal": found.equal,
        "as_of": then.as_of.isoformat(),
        "engine": then.engine.name,
        "parameters": dict(then.parameters),
        "rules": {
            "from": found.rules_from,
            "commit": None if then.git is None else then.git.commit,
            "logic_hash": then.logic_hash,
            "text_hash": then.text_hash,
            "message": found.rules,
        },
        "causes": [_differs(each) for each in found.causes],
        "results": [_differs(each) for each in found.results],
        "failure": None if found.failure is None else found.failure.as_json(),
    }


def _differs(each: Differs) -> dict[str, Any]:
    return {"what": each.what, "name": each.name, "message": each.message, "then": each.then, "now": each.now}


def as_text(found: Reproduction) -> str:
    """Whether the same came out, what went in, and what differs."""
    verdict = style("equal", "green", bold=True) if found.equal else style("not equal", "red", bold=True)
    lines = [
        f"{style(found.run, bold=True)}, made again: {verdict}",
        "",
        f"  rules       {visible(found.rules)}",
        f"  parameters  {_parameters(found.then)}",
        f"  as of       {found.then.as_of}, on {found.then.engine.name}",
        f"  data        {_data(found)}",
    ]
    if found.failure is None:
        lines += [f"  came out    {line}" for line in _came_out(found.then)] if found.equal else []
    else:
        lines += ["", "nothing came out, since the data of today cannot be run:", *_indented(str(found.failure))]
    lines += _listed("what went in otherwise", found.causes)
    lines += _listed("what came out otherwise", found.results)
    if found.equal and any(each.what == "data" for each in found.causes):
        lines += ["", "the data is not what it was, and yet everybody is where they were"]
    return "\n".join(lines) + "\n"


def _listed(head: str, differs: Sequence[Differs]) -> list[str]:
    if not differs:
        return []
    return ["", style(head, bold=True), *(f"  - {visible(each.message)}{_sides(each)}" for each in differs)]


def _sides(each: Differs) -> str:
    """Then and now, where the sentence leaves them out."""
    return f": {each.then} then, {each.now} now" if each.what in ("rules", "cut-points") else ""


def _indented(text: str) -> list[str]:
    return [f"  {visible(line)}" for line in text.split("\n")]


def _parameters(then: Manifest) -> str:
    return visible(", ".join(f"{name} = {value}" for name, value in then.parameters.items()) or "none")


def _data(found: Reproduction) -> str:
    changed = {each.name for each in found.causes if each.what == "data"}
    if found.now is None:
        return "as it is now"
    same = [record.table for record in found.then.inputs if record.table not in changed]
    said = [f"{', '.join(same)} as the run read {'it' if len(same) == 1 else 'them'}"] if same else []
    return "; ".join([*said, *([f"{', '.join(sorted(changed))} changed"] if changed else [])])


def _came_out(then: Manifest) -> list[str]:
    lines: list[str] = []
    for table, record in then.assignments.items():
        rows = "a hidden number of" if record.rows is None else f"{record.rows:,}"
        names = ", ".join(f"`{name}`" for name in record.segmentations)
        lines.append(f"{names}: {rows} {table} as then, by content hash")
    if then.cut_points:
        lines.append(f"{plural(len(then.cut_points), 'relative value')} with the cut-points of then")
    return lines
