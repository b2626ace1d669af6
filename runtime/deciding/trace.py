"""What was asked on the way to a decision, put into words when somebody reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

from ...compiler import plan as c
from ...compiler.python.words import Shown, Words
from .decision import Decision, Seen

Noted = tuple[Any, ...]
"""The number of a condition, its truth and the values that it looked at; of a personal one the number alone."""
Tell = Callable[[Sequence[Any], Callable[[Noted], None]], None]
"""Asks again what a decision asked, over the values that it read, and notes it."""


@dataclass(frozen=True, slots=True)
class Teller:
    """What a trace needs to be told: the function, the conditions in words, and the segmentations by name."""

    tell: Tell
    words: Mapping[int, Words]
    decisions: Mapping[str, c.Decision]


class Trace(Sequence[Seen]):
    """The conditions that were reached, in order, each once: told when somebody reads it, from the values that the
    decision has read."""

    __slots__ = ("_teller", "_values")

    def __init__(self, teller: Teller, values: Sequence[Any]) -> None:
        self._teller, self._values = teller, values

    @property
    def noted(self) -> list[Noted]:
        """What was asked, as it is noted; a condition as often as it was asked."""
        found: list[Noted] = []
        self._teller.tell(self._values, found.append)
        return found

    def __len__(self) -> int:
        return len({number for number, *_ in self.noted})

    def __iter__(self) -> Iterator[Seen]:
        told: set[int] = set()
        for number, *found in self.noted:
            if number not in told:
                told.add(number)
                yield self._seen(self._teller.words[number], found)

    @overload
    def __getitem__(self, index: int) -> Seen: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Seen]: ...
    def __getitem__(self, index: int | slice) -> Seen | Sequence[Seen]:
        return tuple(self)[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Trace) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(len(self))

    def __repr__(self) -> str:
        return f"({', '.join(map(str, self))})"

    def __reduce__(self) -> tuple[Any, ...]:
        return tuple, (tuple(self),)

    def _seen(self, words: Words, found: list[Any]) -> Seen:
        if words.personal:
            return Seen(words.condition, None, {}, hidden=True)
        truth, *values = found
        shown = zip(words.shown, values, strict=True)
        return Seen(words.condition, truth, {each.words: self._value(each, value) for each, value in shown})

    def _value(self, shown: Shown, value: Any) -> Any:
        if shown.segmentation is None:
            return value
        from .deciders import segments_of

        return ", ".join(segments_of(self._teller.decisions[shown.segmentation], value)) or "none"


def with_trace(teller: Teller) -> Callable[[Decision, Sequence[Any]], Decision]:
    """What gives a decision its trace, from the values that it read."""

    def traced(found: Decision, values: Sequence[Any]) -> Decision:
        return _new(Decision, (*found[:3], Trace(teller, values), found[4]))

    return traced


_new = tuple.__new__
