"""What was asked on the way to a decision, put into words when somebody reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, overload

from ...compiler.plan import Decision
from ...compiler.python.words import Shown, Words
from .decision import Seen


class Trace(Sequence[Seen]):
    """The conditions that were reached, in order, each once.

    `noted` are their numbers with their truth and the values that they looked at, as the source notes them."""

    __slots__ = ("_decisions", "_words", "noted")

    def __init__(
        self, words: Mapping[int, Words], decisions: Mapping[str, Decision], noted: Sequence[tuple[Any, ...]]
    ) -> None:
        self._words, self._decisions, self.noted = words, decisions, noted

    def __len__(self) -> int:
        return len({number for number, *_ in self.noted})

    def __iter__(self) -> Iterator[Seen]:
        told: set[int] = set()
        for number, *found in self.noted:
            if number not in told:
                told.add(number)
                yield self._seen(self._words[number], found)

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

        return ", ".join(segments_of(self._decisions[shown.segmentation], value)) or "none"
