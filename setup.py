"""Lists the packages; everything else stands in pyproject.toml.

The layers are top-level folders mapped under `segwright`; setuptools finds packages in one folder at a time.
"""

from setuptools import find_packages, setup

FOLDERS = {
    "segwright": "segwright",
    "segwright.dsl": "dsl",
    "segwright.compiler": "compiler",
    "segwright.runtime": "runtime",
}


def packages() -> list[str]:
    """Every package under its importable name."""
    # A set, because segwright/ also holds links to the other layers, on systems that have links.
    found = {f"{root}.{package}" for root, folder in FOLDERS.items() for package in find_packages(folder)}
    return sorted(found | set(FOLDERS))


setup(packages=packages())
