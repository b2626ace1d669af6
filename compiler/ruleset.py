"""The compiled rule set: a program in one self-contained JSON file, and the hashes that identify it.

*Logic hash*: what the rules mean. Layout, comments, titles, the order of declarations, tests, and who looks after a
segmentation do not change it; the order of clauses does, and so does the order of segments, which numbers them, and of
everything else that is asked in an order. *Text hash*: what the files say, byte by byte. docs/ruleset.md tells more.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeVar

from ..dsl.outcomes import Experiment, Fairness
from ..dsl.program import Field, Program, Segment, Segmentation
from ..dsl.source import Source
from ..dsl.types import Value
from .codec import UnreadableProgram, decode, decode_program, encode
from .cut_points import CutPoints

FORMAT = 1
"""Version of the file format; a file of another version is refused."""

_KEYS = ("format", "name", "logic_hash", "text_hash", "program")
_OF_A_RUN = "run"
_UNREADABLE_RUN = "what a run added to the rule set cannot be read"
_Node = TypeVar("_Node")


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A rule set: its program, and the hashes that identify it. It says of a program alone what its file says.

    `cut_points` are those that a run found for relative values, and `parameters` the values that it had in place of the
    declared ones, as rule files write them; there are none where it was compiled without a run."""

    name: str
    program: Program
    logic_hash: str
    text_hash: str
    cut_points: CutPoints = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)


def logic_hash(program: Program) -> str:
    """SHA-256 (64 hex digits) of the program without titles and tests, each kind of declaration in order of its name or
    of what it says."""
    return _sha256(encode(untitled(program)))


def text_hash(sources: Iterable[Source]) -> str:
    """SHA-256 (64 hex digits) of the rule files' names and texts, in order of their names."""
    return _sha256(sorted((source.name, source.text) for source in sources))


def compiled(program: Program, sources: Iterable[Source], name: str) -> RuleSet:
    """The rule set of a checked program and of the files that it was made from. Tests are no part of it."""
    return RuleSet(name, replace(program, tests=()), logic_hash(program), text_hash(sources))


def dump(program: Program, sources: Iterable[Source], name: str) -> dict[str, Any]:
    """The compiled rule set as JSON data: `format`, `name`, hashes, `program`, and an `integrity` hash of it all."""
    return dumped(compiled(program, sources, name))


def dumped(rules: RuleSet) -> dict[str, Any]:
    """A rule set as JSON data, from which `load` makes an equal one."""
    return signed(
        {
            "format": FORMAT,
            "name": rules.name,
            "logic_hash": rules.logic_hash,
            "text_hash": rules.text_hash,
            "program": encode(rules.program),
            **_of_run(rules),
        }
    )


def _of_run(rules: RuleSet) -> dict[str, Any]:
    """What a run adds, where it adds anything."""
    said = {key: [encode(value) for value in values] for key, values in rules.cut_points.items()}
    parameters = {"parameters": dict(rules.parameters)} if rules.parameters else {}
    return {_OF_A_RUN: {"cut_points": said, **parameters}} if said or parameters else {}


def signed(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a rule set's file with the hash of all of it (SHA-256, 64 hex digits) under `integrity`."""
    said = {key: value for key, value in content.items() if key != "integrity"}
    return {**said, "integrity": _sha256(said)}


def written(data: Mapping[str, Any]) -> str:
    """The text of a rule set's file: one line, the same for the same content."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def load(data: Mapping[str, Any]) -> RuleSet:
    """The rule set that `data` (from `dump`, through JSON) holds.

    Raises `UnreadableProgram` when the format is another version's, when something is missing or unknown, or when the
    content does not agree with its hashes. `run`, what a run adds, is part of the integrity hash but of no other."""
    if data.get("format") != FORMAT or isinstance(data["format"], bool):
        raise UnreadableProgram(_other_format(data.get("format")))
    missing = [key for key in (*_KEYS, "integrity") if key not in data]
    unknown = [key for key in data if key not in (*_KEYS, "integrity", _OF_A_RUN)]
    if missing or unknown:
        odd = [f"it lacks `{key}`" for key in missing] + [f"it has an unknown part `{key}`" for key in unknown]
        raise UnreadableProgram(f"this is no complete rule set: {', '.join(odd)}")
    if data["integrity"] != _integrity(data):
        raise UnreadableProgram("the rule set was changed after it was compiled: its integrity hash does not fit")
    program = decode_program(data["program"])
    if logic_hash(program) != data["logic_hash"]:
        raise UnreadableProgram(
            "the rule set's logic hash does not fit its program: another version of segwright compiled it, "
            "so compile the rules again"
        )
    run = {"cut_points": {}} if data.get(_OF_A_RUN) is None else data[_OF_A_RUN]
    return RuleSet(
        str(data["name"]),
        program,
        str(data["logic_hash"]),
        str(data["text_hash"]),
        _cut_points(run),
        _parameters(run, program),
    )


def _cut_points(run: Any) -> CutPoints:
    match run:
        case {"cut_points": dict(found), **others} if others.keys() <= {"parameters"} and all(
            isinstance(values, list) for values in found.values()
        ):
            return {str(key): decode(values) for key, values in found.items()}
        case _:
            raise UnreadableProgram(_UNREADABLE_RUN)


def _parameters(run: Any, program: Program) -> dict[str, str]:
    declared = {parameter.name for parameter in program.parameters}
    match run.get("parameters", {}):
        case dict(found) if found.keys() <= declared and all(isinstance(value, str) for value in found.values()):
            return {str(name): str(value) for name, value in found.items()}
        case _:
            raise UnreadableProgram(_UNREADABLE_RUN)


def _other_format(found: Any) -> str:
    if found is None:
        return f"this is no compiled rule set: it does not say `format`, which is {FORMAT} for this version"
    said = f"the rule set has format {found!r}; this version of segwright reads format {FORMAT}"
    return f"{said}: compile the rules again"


def _integrity(data: Mapping[str, Any]) -> str | None:
    """The integrity hash that the content should carry; None for what no rule set can hold."""
    try:
        return signed(data)["integrity"]
    except ValueError:  # NaN, or half a character: JSON in name only
        return None


def untitled(program: Program) -> Program:
    """The program as the logic hash sees it: without titles and tests, and where no order decides, in one order."""
    return Program(
        purposes=tuple(sorted(program.purposes)),
        tables=tuple(
            replace(
                table,
                title=None,
                fields=tuple(untitled_field(field) for field in sorted(table.fields, key=lambda field: field.name)),
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
            untitled_segmentation(segmentation)
            for segmentation in sorted(program.segmentations, key=lambda segmentation: segmentation.name)
        ),
        measures=_in_order(replace(measure, title=None, definition=None) for measure in program.measures),
        measures_by=_in_order(program.measures_by),
        measures_at=_in_order(program.measures_at),
        targets=_in_order(program.targets),
        policy=replace(program.policy, fairness=_in_order(map(sorted_fairness, program.policy.fairness))),
        experiments=_in_order(untitled_experiment(experiment) for experiment in program.experiments),
        guarantees=_in_order(replace(guarantee, title="") for guarantee in program.guarantees),
    )


def _in_order(nodes: Iterable[_Node]) -> tuple[_Node, ...]:
    """By what they say, so that the order in which they are written does not matter."""
    return tuple(sorted(nodes, key=lambda node: _sha256(encode(node))))


def sorted_fairness(fairness: Fairness) -> Fairness:
    """The fairness rule with what it lists in one order."""
    return replace(
        fairness,
        across=_in_order(fairness.across),
        favourable=_in_order(fairness.favourable),
        unfavourable=_in_order(fairness.unfavourable),
    )


def untitled_experiment(experiment: Experiment) -> Experiment:
    """The experiment without titles. Its arms keep their order, which says whom chance puts where."""
    return replace(
        experiment,
        title=None,
        on=_in_order(experiment.on),
        arms=tuple(replace(arm, title=None) for arm in experiment.arms),
        success=_in_order(experiment.success),
    )


def untitled_field(field: Field) -> Field:
    """The field without its title; purposes and codes are sets, however they are listed."""
    return replace(
        field,
        title=None,
        consent=tuple(sorted(field.consent)),
        purposes=None if field.purposes is None else tuple(sorted(field.purposes)),
        mapping=replace(
            field.mapping,
            true_codes=_sorted_codes(field.mapping.true_codes),
            false_codes=_sorted_codes(field.mapping.false_codes),
            missing_codes=_sorted_codes(field.mapping.missing_codes),
        ),
    )


def _sorted_codes(codes: tuple[Value, ...]) -> tuple[Value, ...]:
    plain = [_plain_number(code) if isinstance(code, int | float | Decimal) else code for code in codes]
    return tuple(sorted(plain, key=lambda code: (type(code).__name__, str(code))))


def _plain_number(code: int | float | Decimal) -> Value:
    """A code as a raw column is compared with it: 999.0 is 999."""
    if isinstance(code, bool):
        return code
    digits = f"{Decimal(str(code)):f}"
    return Decimal(digits.rstrip("0").rstrip(".") if "." in digits else digits)


def untitled_segmentation(segmentation: Segmentation) -> Segmentation:
    """The segmentation without titles and without what says who looks after it and when."""
    return replace(
        segmentation,
        title=None,
        purposes=tuple(sorted(segmentation.purposes)),
        owner=None,
        refresh_every=None,
        review_every=None,
        last_reviewed=None,
        segments=tuple(untitled_segment(segment) for segment in segmentation.segments),
        otherwise=None if segmentation.otherwise is None else untitled_segment(segmentation.otherwise),
    )


def untitled_segment(segment: Segment) -> Segment:
    """The segment without its title; consent that is asked for is a set, however it is listed."""
    consent = [
        replace(each, fields=tuple(sorted(each.fields, key=lambda field: (field.table, field.field))))
        for each in sorted(segment.consent, key=lambda consent: consent.purpose)
    ]
    return replace(segment, title=None, consent=tuple(consent))


def _sha256(data: Any) -> str:
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
