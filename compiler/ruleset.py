"""The compiled rule set: a program in one self-contained JSON file, and the hashes that identify it.

*Logic hash*: what the rules mean. Layout, comments, titles and the order of declarations do not change it; the order
of clauses does, and so does the order of segments, which numbers them. *Text hash*: what the files say, byte by byte.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..dsl.program import Program, Segment, Segmentation
from ..dsl.source import Source
from .codec import UnreadableProgram, decode_program, encode

FORMAT = 1
"""Version of the file format; a file of another version is refused."""


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A loaded rule set: its program, and the hashes that its file carries."""

    name: str
    program: Program
    logic_hash: str
    text_hash: str


def logic_hash(program: Program) -> str:
    """SHA-256 (64 hex digits) of the program without titles, each kind of declaration in order of its name."""
    return _sha256(encode(_untitled(program)))


def text_hash(sources: Iterable[Source]) -> str:
    """SHA-256 (64 hex digits) of the rule files' names and texts, in order of their names."""
    return _sha256(sorted((source.name, source.text) for source in sources))


def dump(program: Program, sources: Iterable[Source], name: str) -> dict[str, Any]:
    """The compiled rule set as JSON data: `format`, `name`, hashes, `program`, and an `integrity` hash of it all."""
    content = {
        "format": FORMAT,
        "name": name,
        "logic_hash": logic_hash(program),
        "text_hash": text_hash(sources),
        "program": encode(program),
    }
    return {**content, "integrity": _sha256(content)}


def load(data: Mapping[str, Any]) -> RuleSet:
    """The rule set that `data` (from `dump`, through JSON) holds.

    Raises `UnreadableProgram` when the format is another version's, or when the content does not agree with its
    integrity hash. Keys that `dump` does not write (`run`: what a run adds) are not part of that hash."""
    if data.get("format") != FORMAT:
        raise UnreadableProgram(
            f"the rule set has format {data.get('format')!r}; this version of segwright reads format {FORMAT}"
        )
    content = {key: data.get(key) for key in ("format", "name", "logic_hash", "text_hash", "program")}
    if data.get("integrity") != _sha256(content):
        raise UnreadableProgram("the rule set was changed after it was compiled: its integrity hash does not fit")
    program = decode_program(content["program"])
    if logic_hash(program) != content["logic_hash"]:
        raise UnreadableProgram("the rule set's logic hash does not fit its program")
    return RuleSet(str(content["name"]), program, str(content["logic_hash"]), str(content["text_hash"]))


def _untitled(program: Program) -> Program:
    return Program(
        purposes=tuple(sorted(program.purposes)),
        tables=tuple(
            replace(
                table,
                title=None,
                fields=tuple(
                    replace(field, title=None) for field in sorted(table.fields, key=lambda field: field.name)
                ),
            )
            for table in sorted(program.tables, key=lambda table: table.name)
        ),
        freshness=tuple(sorted(program.freshness, key=lambda freshness: freshness.table)),
        parameters=tuple(
            replace(parameter, title=None)
            for parameter in sorted(program.parameters, key=lambda parameter: parameter.name)
        ),
        lets=tuple(replace(let, title=None) for let in sorted(program.lets, key=lambda let: (let.table, let.name))),
        segmentations=tuple(
            _untitled_segmentation(segmentation)
            for segmentation in sorted(program.segmentations, key=lambda segmentation: segmentation.name)
        ),
    )


def _untitled_segmentation(segmentation: Segmentation) -> Segmentation:
    return replace(
        segmentation,
        title=None,
        segments=tuple(_untitled_segment(segment) for segment in segmentation.segments),
        otherwise=None if segmentation.otherwise is None else _untitled_segment(segmentation.otherwise),
    )


def _untitled_segment(segment: Segment) -> Segment:
    return replace(segment, title=None)


def _sha256(data: Any) -> str:
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
