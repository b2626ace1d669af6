"""Everything that an engine says of generated rows, beside what the reference interpreter says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from segwright.dsl.labels import labels_of, lineage_of
from segwright.dsl.program import Expr, LetRef, Program, Segment
from segwright.dsl.source import Source
from segwright.runtime.reference.interpreter import Assigned
from segwright.runtime.reference.reasons import reasons

from .engine import EngineAnswers


@dataclass(frozen=True, slots=True)
class Comparison:
    """What one row of `table` is said to have: `of` an expression, or in words."""

    table: str
    key: Any
    of: Expr | str
    found: Any
    wanted: Any

    @property
    def same(self) -> bool:
        """Whether it is as it should be: a missing value equals nothing else, nor is True the number 1."""
        return self.found == self.wanted and type(self.found) is type(self.wanted)

    def words(self, source: Source) -> str:
        """The difference in words."""
        of = self.of if isinstance(self.of, str) else f"`{source.words(self.of.span) or self.of}`"
        place = f"`{self.table}` {self.key}: {of}" if self.key is not None else f"`{self.table}`: {of}"
        return f"{place} is {self.found!r} instead of {self.wanted!r}"


def comparisons(expected: Assigned, found: EngineAnswers) -> Iterator[Comparison]:
    """Answers, conditions, values and reasons, row by row."""
    assert expected.answers.keys() == found.answers.keys()
    for table, by_key in expected.answers.items():
        keys = set(by_key)
        yield Comparison(table, None, "the keys", set(found.answers[table]), keys)
        for key in keys & set(found.answers[table]):
            yield from _of_conditions(expected, found, table, key)
            yield from _of_reasons(expected, found, table, key)
            for name, answer in by_key[key].items():
                yield Comparison(table, key, f"the answer of `{name}`", found.answers[table][key][name], answer)


def _of_conditions(expected: Assigned, found: EngineAnswers, table: str, key: Any) -> Iterator[Comparison]:
    for condition, truth in zip(found.conditions[table], found.truths[table][key], strict=True):
        yield Comparison(table, key, condition, truth, expected.truth(table, key, condition))
    for feature, value in zip(found.features[table], found.values[table][key], strict=True):
        yield Comparison(table, key, feature, value, expected.value(table, key, feature))
    program = expected.world.program
    for name, value in found.told.get(table, {}).get(key, {}).items():
        let = LetRef(table, name, program.let(table, name).value.type)
        yield Comparison(table, key, f"`{name}`", value, expected.value(table, key, let))
    for condition, truth in found.reached.get(table, {}).get(key, {}).items():
        yield Comparison(table, key, condition, truth, expected.truth(table, key, condition))


def _of_reasons(expected: Assigned, found: EngineAnswers, table: str, key: Any) -> Iterator[Comparison]:
    for name, codes in found.reasons.get(table, {}).get(key, {}).items():
        segmentation = expected.world.program.segmentation(name)
        answer = expected.answers[table][key][name]
        names = [answer[0]] if isinstance(answer, tuple) else answer
        segments: list[Segment] = [each for each in segmentation.all_segments if each.name in names]
        if any(_tells_what_is_personal(expected.world.program, each, table) for each in segments):
            continue
        row = expected.rows[table][key]
        wanted = [code for segment in segments for code in reasons(expected.world, segment, row)]
        yield Comparison(table, key, f"the reasons of `{name}`", codes, list(dict.fromkeys(wanted)))


def _tells_what_is_personal(program: Program, segment: Segment, table: str) -> bool:
    """Whether the segment takes reasons from a scorecard that looks at what is personal: these are not told."""
    lineage = lineage_of(program)
    scores = [program.let(table, name).value for name in segment.reasons_from]
    return any(labels_of(score, lineage, table).personal for score in scores)
