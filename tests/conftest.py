"""What all tests share: how hard Hypothesis searches, and where the optional real data lies."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

REPOSITORY = Path(__file__).resolve().parents[1]

# `quick` gives the same examples on every machine; `long` (`make fuzz`) looks for new ones.
settings.register_profile("quick", max_examples=50, deadline=None, derandomize=True)
settings.register_profile(
    "long", max_examples=5_000, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("quick")


def real_data_folder() -> Path:
    """Where public data sets would lie: `SEGWRIGHT_DATA`, else `shared/data` beside the repository."""
    named = os.environ.get("SEGWRIGHT_DATA")
    return Path(named) if named else REPOSITORY.parent / "shared" / "data"


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the repository."""
    return REPOSITORY


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of public data sets; the test is skipped where there is none."""
    folder = real_data_folder()
    if not folder.is_dir():
        pytest.skip("no public data sets here: set SEGWRIGHT_DATA to the folder that holds them")
    return folder
