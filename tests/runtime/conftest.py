"""A project for each test."""

from pathlib import Path

import pytest
from runtime.projects import Project

from segwright.runtime.engines.names import ENGINES, EngineName


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project without rules and data."""
    return Project(tmp_path)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> EngineName:
    """Every engine in turn."""
    return request.param


@pytest.fixture
def on_every_engine(project: Project, engine: EngineName) -> None:
    """The project of the test runs on every engine in turn."""
    project.engine = engine
