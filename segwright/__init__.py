"""Segwright: customer segmentation rules that read aloud.

import segwright as sw

project = sw.open("rules/personal_loans")
problems = project.check()
run = project.run(as_of="2026-09-01")
run.assignments.pl()
run.explain(key=1042)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["Project", "RulesError", "Run", "RunError", "__version__", "load", "open"]

if TYPE_CHECKING:
    from .project import Project, RulesError, Run, RunError, load, open


def __getattr__(name: str) -> Any:
    """The public names, imported when they are first used: the command line starts without them."""
    if name in __all__:
        from . import project

        return getattr(project, name)
    raise AttributeError(f"module `segwright` has no attribute `{name}`")
