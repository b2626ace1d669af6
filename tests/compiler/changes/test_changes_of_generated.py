"""What is promised of the changes between any two programs, on programs that are made up."""

from __future__ import annotations

from random import Random

from generators.cases import Case, cases, checked
from generators.programs import Generated, programs
from hypothesis import HealthCheck, given, note, reject, settings
from hypothesis import strategies as st

from segwright.compiler.changes import Changes, changes_between, in_new_words
from segwright.compiler.changes.nodes import nodes_of, words_of
from segwright.compiler.changes.renaming import renamed
from segwright.compiler.ruleset import logic_hash
from segwright.dsl import program as p
from segwright.runtime.reference.errors import DataError
from segwright.runtime.reference.interpreter import Assigned, assign

from .edits import edited

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def told(changes: Changes) -> list[str]:
    return [f"{change.kind}: {change.message}" for change in changes.changes]


@given(programs(whole=True))
@settings(max_examples=25, suppress_health_check=_SLOW)
def test_nothing_changed_between_a_program_and_itself(generated: Generated) -> None:
    program, _ = checked(generated)
    changes = changes_between(program, program)
    assert told(changes) == []
    assert changes.same_meaning
    assert all(pair.same and pair.before == pair.after for pairs in changes.clauses.values() for pair in pairs)


@given(programs(whole=True))
@settings(max_examples=25, suppress_health_check=_SLOW)
def test_names_alone_are_told_as_renames(generated: Generated) -> None:
    program, _ = checked(generated)
    after = in_other_names(program)
    changes = changes_between(program, after)
    assert {change.kind for change in changes.changes} == {"renamed"}
    assert changes.same_meaning
    assert len(changes.changes) == len(nodes_of(program))
    assert logic_hash(in_new_words(program, changes.renames)) == logic_hash(after)


def in_other_names(program: p.Program) -> p.Program:
    """The program with every name another one."""
    return renamed(program, words_of({node: f"{node.name} too" for node in nodes_of(program)}))


RANDOM = st.integers(0, 10**6).map(Random)


@given(programs(whole=True), RANDOM, st.integers(1, 4), st.booleans())
@settings(max_examples=25, suppress_health_check=_SLOW)
def test_a_change_of_meaning_is_told_where_the_hash_sees_one(
    generated: Generated, random: Random, edits: int, renames: bool
) -> None:
    program, _ = checked(generated)
    after = edited(program, random, edits)
    changes = changes_between(program, in_other_names(after) if renames else after)
    note("\n".join(told(changes)))
    assert any(change.meaning for change in changes.changes) != changes.same_meaning
    assert not any("cannot be told in words" in line for line in told(changes))
    words = in_new_words(program, changes.renames)
    assert changes.same_meaning == (logic_hash(words) == logic_hash(in_other_names(after) if renames else after))


@given(cases(), RANDOM, st.integers(4, 16))
@settings(max_examples=25, suppress_health_check=_SLOW)
def test_clauses_that_are_the_same_hold_for_the_same_rows(case: Case, random: Random, edits: int) -> None:
    after = edited(case.program, random, edits)
    changes = changes_between(case.program, after)
    note("\n".join(told(changes)))
    try:
        one = assign(case.program, case.rows, case.as_of, before=case.before)
        other = assign(after, case.rows, case.as_of, before=case.before)
    except DataError:
        reject()
    old = in_new_words(case.program, changes.renames)
    for name, pairs in changes.clauses.items():
        segmentation = after.segmentation(name)
        unchanged = 0
        for number, pair in enumerate(pairs, 1):
            if not (pair.same and pair.before == pair.after == number):
                break
            unchanged = number
        for pair in pairs:
            if pair.same:
                assert holding(one, old.segmentation(name), pair.before) == holding(other, segmentation, pair.after)
        if segmentation.exclusive:
            for key, answers in other.answers[segmentation.table].items():
                then, now = one.answers[segmentation.table][key][name], answers[name]
                assert isinstance(then, tuple)
                assert isinstance(now, tuple)
                if min(then[1], now[1]) <= unchanged:
                    assert then[1] == now[1]


def holding(assigned: Assigned, segmentation: p.Segmentation, number: int | None) -> set[object]:
    """The keys of the rows for which a clause holds, but for consent and time."""
    keys = assigned.answers[segmentation.table]
    found = [clause for segment in segmentation.segments for clause in segment.clauses if clause.number == number]
    return {
        key
        for key in keys
        for clause in found
        if assigned.truth(segmentation.table, key, clause.when) is True
        and not any(assigned.truth(segmentation.table, key, each) is True for each in clause.unless)
    }
