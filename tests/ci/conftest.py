"""The story of a small project, with gates, on a day of its history; and the command line as people use it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from face.conftest import Answer, Folder, Segwright, folder, segwright
from history.story import Story, tell

__all__ = ["Answer", "Folder", "Segwright", "Told", "ci", "folder", "segwright", "story"]

OF_BUILD_SERVERS = (
    "GITHUB_BASE_REF",
    "GITHUB_STEP_SUMMARY",
    "GITLAB_CI",
    "CI_MERGE_REQUEST_DIFF_BASE_SHA",
    "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
)


@pytest.fixture(autouse=True)
def no_build_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests may run on a build server themselves."""
    for name in OF_BUILD_SERVERS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Story:
    """The repository, the last commit checked out, its project being the current folder."""
    found = tell(tmp_path / "repository")
    monkeypatch.chdir(found.project)
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """What `ci --format json` said, and the exit code."""

    code: int
    data: dict[str, Any]

    def step(self, name: str) -> dict[str, Any]:
        return next(step for step in self.data["steps"] if step["name"] == name)

    def gate(self, name: str) -> dict[str, Any]:
        return next(gate for gate in self.data["gates"] if gate["gate"] == name)

    @property
    def statuses(self) -> dict[str, str]:
        return {step["name"]: step["status"] for step in self.data["steps"]}


@pytest.fixture
def ci(segwright: Segwright) -> Callable[..., Told]:
    """`ci("--base", "main")`: the command, in JSON."""

    def run(*words: object) -> Told:
        answer = segwright("ci", *words, "--format", "json")
        return Told(answer.code, json.loads(answer.out))

    return run
