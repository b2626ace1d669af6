"""The story, told anew for each test, and the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from face.conftest import segwright as segwright
from history.story import Story, git, tell


@pytest.fixture
def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Story:
    """The repository, the folder of its project being the current one."""
    told = tell(tmp_path / "story")
    monkeypatch.chdir(told.project)
    return told


@pytest.fixture
def empty(tmp_path: Path) -> Story:
    """A repository without a commit; its project would lie at the top."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    return Story(folder, folder, {})
