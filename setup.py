"""Lists the packages; everything else stands in pyproject.toml.

The layers are top-level folders mapped under `segwright`, and setuptools finds packages in one folder at a time.
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
    return sorted(
        {
            name
            for root, folder in FOLDERS.items()
            for name in (root, *(f"{root}.{sub}" for sub in find_packages(folder)))
        }
    )


setup(packages=packages())
