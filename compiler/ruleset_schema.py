"""The JSON Schema of compiled rule sets, made from the nodes of a Program.

`python -m segwright.compiler.ruleset_schema > docs/ruleset.schema.json` renews the published one.
"""

from __future__ import annotations

import datetime as dt
import inspect
import json
import sys
import types
from collections.abc import Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from ..dsl.expr import Expr
from ..dsl.types import Value
from .codec import NODES
from .ruleset import FORMAT

Schema = dict[str, Any]

_HASH: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_PLAIN: dict[Any, Schema] = {
    type(None): {"type": "null"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
    Decimal: {"$ref": "#/$defs/money"},
    dt.date: {"$ref": "#/$defs/date"},
    dt.datetime: {"$ref": "#/$defs/timestamp"},
}
_UNIONS = {"Expr": Expr, "Value": Value}


def ruleset_schema() -> Schema:
    """The schema (JSON Schema, draft 2020-12) of what `dump` writes."""
    content: dict[str, Schema] = {
        "format": {"const": FORMAT, "description": "version of the format"},
        "name": {"type": "string", "description": "name of the project"},
        "logic_hash": {**_HASH, "description": "SHA-256 of what the rules mean"},
        "text_hash": {**_HASH, "description": "SHA-256 of the rule files' names and texts"},
        "program": {"$ref": "#/$defs/Program"},
        "run": {"$ref": "#/$defs/run"},
        "integrity": {**_HASH, "description": "SHA-256 of all other content"},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Compiled rule set of Segwright, format {FORMAT}",
        **_object(content, optional=("run",)),
        "$defs": {
            "run": {
                "description": "what a run adds: the cut-points that it found, by relative value, and the values of "
                "parameters that it had in place of the declared ones, as rule files write them",
                **_object(
                    {
                        "cut_points": {"type": "object", "additionalProperties": _array(_of(Value | None))},
                        "parameters": {"type": "object", "additionalProperties": {"type": "string"}},
                    },
                    optional=("parameters",),
                ),
            },
            **{name: {"anyOf": [_of(part) for part in get_args(union)]} for name, union in _UNIONS.items()},
            "money": {"description": "an exact decimal", **_object({"money": {"type": "string"}})},
            "date": _object({"date": {"type": "string", "format": "date"}}),
            "timestamp": {"description": "in UTC", **_object({"timestamp": {"type": "string"}})},
            **{name: _node(node) for name, node in sorted(NODES.items())},
        },
    }


def published() -> str:
    """The text of the published schema."""
    return json.dumps(ruleset_schema(), indent=2, ensure_ascii=False) + "\n"


def _node(node: type) -> Schema:
    hints = get_type_hints(node)
    parts = {field.name: _of(hints[field.name]) for field in fields(node) if field.name != "span"}
    about = " ".join((inspect.getdoc(node) or "").split("\n\n")[0].split())
    return {"description": about, **_object({"node": {"const": node.__name__}, **parts})}


def _of(hint: Any) -> Schema:
    """The schema of a value of that type."""
    if hint in _PLAIN:
        return _PLAIN[hint]
    if hint in NODES.values():
        return {"$ref": f"#/$defs/{hint.__name__}"}
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Literal:
        return {"enum": list(parts)}
    if origin in (Union, types.UnionType):
        return _any_of(parts)
    if origin is tuple and parts[-1] is Ellipsis:
        return _array(_of(parts[0]))
    if origin is tuple:
        items = [_of(part) for part in parts]
        return {"type": "array", "prefixItems": items, "items": False, "minItems": len(items)}
    raise TypeError(f"no schema for {hint}")


def _any_of(parts: Sequence[Any]) -> Schema:
    """One of several; a union that has a name goes by it."""
    left, found = list(parts), list[Schema]()
    for name, union in _UNIONS.items():
        if set(get_args(union)) <= set(left):
            left = [part for part in left if part not in get_args(union)]
            found.append({"$ref": f"#/$defs/{name}"})
    found += [_of(part) for part in left]
    return found[0] if len(found) == 1 else {"anyOf": found}


def _object(parts: dict[str, Schema], optional: Sequence[str] = ()) -> Schema:
    required = [name for name in parts if name not in optional]
    return {"type": "object", "properties": parts, "required": required, "additionalProperties": False}


def _array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


if __name__ == "__main__":
    sys.stdout.write(published())
