"""A compiled rule set, and the decisions that it makes about single rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .compiler import ruleset as compiled

if TYPE_CHECKING:
    from .runtime.deciding.deciders import Deciders
    from .runtime.deciding.decision import Decision


@dataclass(frozen=True, slots=True, eq=False)
class RuleSet(compiled.RuleSet):
    """A compiled rule set as `segwright.load` gives it."""

    _made: dict[Hashable, Callable[[Mapping[str, Any]], Decision]] = field(default_factory=dict, init=False, repr=False)
    _deciders: list[Deciders] = field(default_factory=list, init=False, repr=False)

    def decide(
        self,
        row: Mapping[str, Any],
        *,
        as_of: dt.date | str | None = None,
        parameters: Mapping[str, Any] | None = None,
        table: str | None = None,
        trusted: bool = False,
        trace: bool = False,
    ) -> Decision:
        """The segments of one row.

        row: values by field, in the language's terms (docs/decide.md). as_of: needed where the rules look at time.
        parameters: values by name, as rule files write them. table: the table of the row, where segmentations are of
        several. trusted: the values are canonical and are not checked. trace: with every condition that was reached.

        Raises `InputError` for a row that does not fit, `DecisionError` where arithmetic overflows or rows tie, and
        `SettingsError` for what the call itself asks."""
        if parameters is None:
            found = self._made.get((table, as_of, trusted, trace))
            if found is not None:
                return found(row)
        return self.decider(as_of=as_of, parameters=parameters, table=table, trusted=trusted, trace=trace)(row)

    def decide_many(
        self,
        rows: Iterable[Mapping[str, Any]],
        *,
        as_of: dt.date | str | None = None,
        parameters: Mapping[str, Any] | None = None,
        table: str | None = None,
        trusted: bool = False,
        trace: bool = False,
    ) -> list[Decision]:
        """The segments of each row, in order. As `decide`; the first row without an answer raises."""
        decide = self.decider(as_of=as_of, parameters=parameters, table=table, trusted=trusted, trace=trace)
        return [decide(row) for row in rows]

    def decider(
        self,
        *,
        as_of: dt.date | str | None = None,
        parameters: Mapping[str, Any] | None = None,
        table: str | None = None,
        trusted: bool = False,
        trace: bool = False,
    ) -> Callable[[Mapping[str, Any]], Decision]:
        """The function behind `decide`, for whoever asks it often: it takes a row, and raises as `decide`."""
        from .runtime.deciding.deciders import MANY_DATES, Asked, Deciders

        if not self._deciders:
            self._deciders.append(Deciders(self))
        from .project import as_written

        given = tuple(sorted(as_written(parameters).items()))
        found = self._deciders[0].decider(Asked(table, as_of, given, trusted, trace))
        if parameters is None:
            if len(self._made) >= MANY_DATES:
                self._made.clear()
            self._made[table, as_of, trusted, trace] = found
        return found
