"""A project whose rules change, for each test on every engine."""

from pathlib import Path

import pytest
from comparing.changed import Changed
from runtime.projects import Project

from segwright.runtime.engines.names import ENGINES


@pytest.fixture(params=ENGINES)
def changed(tmp_path: Path, request: pytest.FixtureRequest) -> Changed:
    """A project without data, on every engine in turn."""
    return Changed(Project(tmp_path, engine=request.param))
