"""Rules as they stand somewhere: at a revision, in a folder, or in a compiled rule set."""

from __future__ import annotations

from dataclasses import dataclass

from ...compiler.ruleset import RuleSet
from ...dsl.project import CheckedFiles
from ..settings import Settings


@dataclass(frozen=True, slots=True)
class Version:
    """Rules that check, and where they come from.

    `shown` is how messages call it: `main (3f2a91c)`, `the working tree`, a folder, the name of a file. `settings` and
    `checked` are None for a compiled rule set. Paths of settings are those that the project's folder has on disk, also
    for rules that were read from git; texts are named by their path from the project's folder. `notes` are worth
    telling before anything is compared: that the project lay in another folder, that a word could mean two things."""

    shown: str
    rules: RuleSet
    settings: Settings | None = None
    checked: CheckedFiles | None = None
    commit: str | None = None
    notes: tuple[str, ...] = ()
