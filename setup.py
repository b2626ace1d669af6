"""Lists the packages; everything else stands in pyproject.toml.

The layers are top-level folders mapped under `segwright`, which setuptools can find only one folder at a time.
"""

from setuptools import find_packages, setup

ROOTS = {"segwright": "segwright", "segwright.dsl": "dsl", "segwright.compiler": "compiler", "segwright.runtime": "runtime"}


def all_packages() -> list[str]:
    """Every package of every layer under its importable name."""
    return [name for root, folder in ROOTS.items() for name in (root, *(f"{root}.{sub}" for sub in find_packages(folder)))]


setup(packages=all_packages())
