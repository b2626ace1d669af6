"""The changes from one program to another, as data; `segwright/render/` words tables and comments around them.

*Before* is the old program, *after* the new one. Names of the old program that were renamed are always said in words of
the new one, save in `Renames` and where a sentence tells the rename itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ...dsl.source import Span

Kind = Literal[
    "layout",
    "comments",
    "title",
    "declaration order",
    "renamed",
    "upkeep",
    "tests",
    "added",
    "removed",
    "cut-off",
    "condition added",
    "condition removed",
    "order",
    "definition",
    "labels",
    "newly read",
    "no longer read",
    "watch",
]
"""What a change is. The first seven leave the meaning alone, as the logic hash sees it (`compiler/ruleset.py`; of
`renamed` the hash of the program with its old names put back).

| kind | says |
|---|---|
| layout, comments | only the text of a file changed: spaces, line breaks, order of lines; words behind `--` |
| title | a title, or the text of a guarantee |
| declaration order | what stands in another order or another file, where order decides nothing |
| renamed | a declaration, segment or field with another name and the same meaning |
| upkeep | owner, refresh, review of a segmentation |
| tests | the rule files' own tests |
| added, removed | a declaration, a segment, a clause |
| cut-off | a number, date, length or text that something is compared with, or a parameter's value |
| condition added, condition removed | in a clause: it asks more, it asks less |
| order | segments, clauses, rows of a decision or bins in another order that decides otherwise |
| definition | any other change of what something means: a let, a field, a table, a measure's formula |
| labels | personal, protected, consent, purposes |
| newly read, no longer read | a field of a table that no rule read before, or reads now |
| watch | what segments are judged by and held to: targets, policy, freshness, guarantees, experiments, minimum sizes |
"""

SAME_MEANING: frozenset[Kind] = frozenset(
    {"layout", "comments", "title", "declaration order", "renamed", "upkeep", "tests"}
)


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    `what` is the language's word for what changed: `segment`, `clause`, `segmentation`, `let`, `decision`, `scorecard`,
    `parameter`, `field`, `table`, `measure`, `target`, `policy`, `guarantee`, `experiment`, `test`, `freshness`,
    `purpose`, `file`; `name` its name and `within` what that is in: the segmentation of a segment or clause, the table
    of a field or let. A target, a clause and what holds for a whole segment bear the segment's name. `message` is a
    whole sentence in the language's words, without a full stop, that says the name too. `before` and `after` are the
    parts that differ, as rule files write them; `then` and `now` where these stand, None where no file says it."""

    kind: Kind
    what: str
    name: str
    within: str | None
    message: str
    before: str | None = None
    after: str | None = None
    then: Span | None = field(default=None, compare=False)
    now: Span | None = field(default=None, compare=False)

    @property
    def meaning(self) -> bool:
        """Whether it may change who is in which segment, or how segments are judged."""
        return self.kind not in SAME_MEANING


@dataclass(frozen=True, slots=True)
class Renames:
    """Old name → new name, only where they differ. Fields and lets by table (its new name) and old name; segments by
    segmentation (its new name) and old name. `lets` hold decisions and scorecards too. A field that is renamed here
    may also have changed, its column included, and so may a let, segment, segmentation or table."""

    tables: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[tuple[str, str], str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    lets: Mapping[tuple[str, str], str] = field(default_factory=dict)
    segmentations: Mapping[str, str] = field(default_factory=dict)
    segments: Mapping[tuple[str, str], str] = field(default_factory=dict)
    measures: Mapping[str, str] = field(default_factory=dict)
    purposes: Mapping[str, str] = field(default_factory=dict)
    experiments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClausePair:
    """A clause before and its counterpart after, by number; None where there is none (added, removed). `otherwise` has
    its own pair under its clause number.

    `segment` is that of the clause after (before, where it is removed). `same`: whether the two hold for the same rows,
    following lets, parameters and segments that they ask for (not the order of clauses). `why` are the sentences that
    say what makes them differ, in the order written; of a let or parameter behind it: "`thin_file` changed: …"."""

    before: int | None
    after: int | None
    segment: str
    same: bool
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """All changes from one program to another, those of meaning first, in order of declaration of the new program.

    `same_meaning`: whether the logic hashes are equal once old names are put into words of the new program. `clauses`
    are the pairs of every segmentation that both have, by its new name, in order of the new clauses (removed ones
    last)."""

    changes: tuple[Change, ...]
    renames: Renames
    clauses: Mapping[str, tuple[ClausePair, ...]]
    same_meaning: bool
