"""A project for each test."""

from pathlib import Path

import pytest
from runtime.projects import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project without rules and data."""
    return Project(tmp_path)
