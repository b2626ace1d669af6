"""What a new project will declare, with the reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..dsl.program import Field, TableRole
from ..runtime.errors import RunError
from ..runtime.profiling.records import Column, TableProfile


class Unstartable(RunError):
    """The data allows no project that runs: nothing tells its rows apart, or there is nothing to declare."""

    exit_code = 3
    kind = "data"


class InTheWay(RunError):
    """What would be written is there already, in whole or in part."""

    exit_code = 2
    kind = "settings"


@dataclass(frozen=True, slots=True)
class Guess:
    """A field as it will be declared, and what its comment says; `guessed` where a reader has to look at it."""

    field: Field
    column: Column
    said: tuple[str, ...]
    guessed: bool


@dataclass(frozen=True, slots=True)
class TableGuess:
    """A table as it will be declared. `key`, `by`, `at` and `then` are names of fields."""

    profile: TableProfile
    role: TableRole
    parent: str | None
    by: str | None
    key: str | None
    at: str | None
    then: str | None
    said: tuple[str, ...]
    fields: Mapping[str, Guess]

    @property
    def name(self) -> str:
        """The name of the table, in the rules and in the settings."""
        return self.profile.name


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A table that cannot be declared, the reason, and what to do about it."""

    table: str
    shown: str
    reason: str


@dataclass(frozen=True, slots=True)
class Started:
    """A project that is ready to be written: its files by name, in the order to read them.

    `edit` is the file and line (from 1) of the segmentation that the user is to edit."""

    folder: Path
    name: str
    as_of: dt.date
    why_as_of: str
    files: Mapping[str, str]
    tables: tuple[TableGuess, ...]
    left_out: tuple[LeftOut, ...]
    edit: tuple[str, int]
