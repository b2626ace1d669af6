"""A small project and two versions of its rules, compared as the product compares them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from runtime.projects import Project
from small_programs import program_of

from segwright.compiler.changes.changes import changes_between
from segwright.compiler.ruleset import RuleSet, compiled
from segwright.runtime.comparing.compare import CompareOptions, compare
from segwright.runtime.comparing.records import Comparison, SegmentationRecord
from segwright.runtime.settings import Settings, read_settings


@dataclass(slots=True)
class Changed:
    """The project; `comparing` compares rules over its data as it is now."""

    project: Project
    settings: str = field(default="as_of = 2026-09-01")

    def rows(self, table: str, rows: str, columns: str) -> None:
        """Keep rows, as SQL writes them after VALUES."""
        self.project.table(table, rows, columns)

    def comparing(self, before: str, after: str, **options: Any) -> Comparison:
        """What the change from one rule text to the other does."""
        old, new = program_of(before), program_of(after)
        return compare(
            ruleset(before), ruleset(after), changes_between(old, new), self.read(), CompareOptions(**options)
        )

    def read(self) -> Settings:
        """The settings of the project."""
        lines = [f"{name} = {place}" for name, place in self.project.data.items()]
        text = ["[data]", *lines, "[run]", self.settings, f'engine = "{self.project.engine}"', ""]
        (self.project.folder / "segwright.toml").write_text("\n".join(text), encoding="utf-8")
        return read_settings(self.project.folder)


def ruleset(text: str) -> RuleSet:
    """The rule set of a rule text."""
    return compiled(program_of(text), (), "project")


def only(comparison: Comparison) -> SegmentationRecord:
    """The only segmentation that is compared."""
    (record,) = comparison.segmentations
    return record


def moves(record: SegmentationRecord) -> list[tuple[str | None, str | None, int | None]]:
    """The moves: from, to, how many."""
    return [(each.before, each.after, each.count) for each in record.moves]


def causes(record: SegmentationRecord) -> dict[tuple[str | None, str | None], list[tuple[str, str, int | None, str]]]:
    """By move its causes: side, segment, clause, message."""
    return {
        (move.before, move.after): [(each.side, each.segment, each.clause, each.message) for each in move.causes]
        for move in record.moves
    }


def sizes(record: SegmentationRecord) -> dict[str, tuple[int | None, int | None]]:
    """Rows of each segment before and after."""
    return {segment: (each.before, each.after) for segment, each in record.sizes.items()}
