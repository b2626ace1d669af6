"""The compiled rule set: loads as it was written, and its hashes say what changed."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal

import pytest

from segwright.compiler.codec import UnreadableProgram
from segwright.compiler.ruleset import dump, load, logic_hash, text_hash
from segwright.dsl import outcomes as o
from segwright.dsl import program as p
from segwright.dsl.source import Source
from segwright.dsl.types import BOOLEAN, INTEGER, MONEY, TIMESTAMP, Length, Type


def a_field(name: str, type: Type = INTEGER) -> p.Field:
    return p.Field(name, f"title of {name}", type, name, False, None, p.Mapping())


def a_program() -> p.Program:
    income = p.FieldRef("customers", "income", MONEY)
    rich = p.Call("greater.money", (income, p.Const(Decimal("1000.00"), MONEY)), BOOLEAN)
    recent = p.Call(
        "greater.timestamp",
        (p.FieldRef("customers", "seen_at", TIMESTAMP), p.Const(dt.datetime(2026, 1, 31, 10), TIMESTAMP)),
        BOOLEAN,
    )
    return p.Program(
        purposes=("marketing",),
        tables=(
            p.Table(
                "customers", "Customers", "root", None, None, "id", None, None, None,
                (a_field("id"), a_field("income", MONEY), a_field("seen_at", TIMESTAMP)),
            ),
        ),
        freshness=(),
        parameters=(p.Parameter("floor", "Floor", INTEGER, 3, None), p.Parameter("back", None, INTEGER, 4, None)),
        lets=(),
        segmentations=(
            p.Segmentation(
                "value", "Value", "customers", True, (), "desk", Length(1, "month"), None, dt.date(2026, 1, 15), 500,
                (
                    p.Segment("rich", "Rich", (p.Clause(1, rich, ()),), (), (p.Reason("R1", "why"),), (), None, None),
                    p.Segment("recent", None, (p.Clause(2, recent, ()),), (), (), (), None, None),
                ),
                p.Segment("rest", None, (), (), (), (), None, None),
            ),
        ),
    )  # fmt: skip


def test_a_rule_set_loads_as_it_was_written() -> None:
    data = json.loads(json.dumps(dump(a_program(), [Source("a.seg", "x")], "demo")))
    loaded = load(data)
    assert loaded.program == a_program()
    assert (loaded.name, loaded.logic_hash) == ("demo", logic_hash(a_program()))


def test_a_changed_rule_set_is_refused() -> None:
    data = json.loads(json.dumps(dump(a_program(), [], "demo")).replace("1000.00", "1001.00"))
    with pytest.raises(UnreadableProgram, match="integrity"):
        load(data)


def test_a_rule_set_of_another_format_is_refused() -> None:
    with pytest.raises(UnreadableProgram, match="format 2"):
        load({**dump(a_program(), [], "demo"), "format": 2})


def test_titles_and_declaration_order_leave_the_logic_hash() -> None:
    program = a_program()
    (table,) = program.tables
    moved = replace(
        program,
        parameters=tuple(reversed(program.parameters)),
        tables=(replace(table, title=None, fields=tuple(reversed(table.fields))),),
        segmentations=(replace(program.segmentations[0], title="Another"),),
    )
    assert logic_hash(moved) == logic_hash(program)


def test_a_cut_off_and_the_order_of_segments_change_the_logic_hash() -> None:
    program = a_program()
    (segmentation,) = program.segmentations
    reordered = replace(
        program, segmentations=(replace(segmentation, segments=tuple(reversed(segmentation.segments))),)
    )
    moved = p.Parameter("floor", "Floor", INTEGER, 4, None)
    changed = replace(program, parameters=(moved, program.parameters[1]))
    assert len({logic_hash(program), logic_hash(reordered), logic_hash(changed)}) == 3


def test_the_text_hash_sees_every_letter_but_not_the_order_of_files() -> None:
    one, two = Source("a.seg", "x"), Source("b.seg", "y")
    assert text_hash([one, two]) == text_hash([two, one])
    assert text_hash([one]) != text_hash([Source("a.seg", "x ")])


# -- what segments are judged by and held to -------------------------------------------------------------------------


def with_outcomes() -> p.Program:
    income = p.FieldRef("customers", "income", MONEY)
    average = p.GroupAggregate("average.money", income, None, Type("number"))
    rich = o.SegmentName("value", "rich")
    return replace(
        a_program(),
        measures=(
            o.Measure("usual", "Usual income", "customers", "higher", average, "income, on average"),
            o.Measure("most", None, "customers", None, p.GroupAggregate("max.money", income, None, MONEY)),
        ),
        measures_by=(o.MeasuresBy("quarter", "customers", p.FieldRef("customers", "seen_at", TIMESTAMP)),),
        measures_at=(Length(3, "month"), Length(90, "day")),
        targets=(
            o.Target(rich, "usual", "at_least", p.Const(2000.0, Type("number"))),
            o.Target(rich, None, "at_least", p.Const(0.05, Type("percent"))),
        ),
        policy=o.Policy(10, (o.Fairness((p.FieldRef("customers", "id", INTEGER),), (rich,), (), 0.8, 3),)),
        experiments=(
            o.Experiment("calls", "Calls", (rich,), (o.Arm("a", "A", 0.9), o.Arm("b", None, 0.1)), ("usual",)),
        ),
        guarantees=(o.Guarantee("nobody", "no", rich, None), o.Guarantee("everybody", "every", rich, None)),
        tests=(o.Test("one", dt.date(2026, 1, 1), ()),),
    )


def test_outcomes_load_as_they_were_written_and_tests_are_left_out() -> None:
    data = json.loads(json.dumps(dump(with_outcomes(), [], "demo")))
    loaded = load(data).program
    assert loaded == replace(with_outcomes(), tests=())
    assert [each.definition for each in loaded.measures] == ["income, on average", None]
    assert loaded.measures_at == (Length(3, "month"), Length(90, "day"))
    assert data["program"]["tests"] == []


def test_titles_order_and_tests_of_outcomes_leave_the_logic_hash() -> None:
    program = with_outcomes()
    (experiment,) = program.experiments
    arms = tuple(replace(arm, title="another") for arm in experiment.arms)
    moved = replace(
        program,
        measures=tuple(replace(measure, title="x", definition=None) for measure in reversed(program.measures)),
        measures_at=tuple(reversed(program.measures_at)),
        targets=tuple(reversed(program.targets)),
        experiments=(replace(experiment, title=None, arms=arms),),
        guarantees=tuple(replace(each, title=each.title.upper()) for each in reversed(program.guarantees)),
        tests=(),
    )
    assert logic_hash(moved) == logic_hash(program)


def test_what_segments_are_held_to_changes_the_logic_hash() -> None:
    program = with_outcomes()
    (experiment,), (fairness,) = program.experiments, program.policy.fairness
    others = [
        a_program(),
        program,
        replace(program, measures=(program.measures[0],)),
        replace(program, measures=(replace(program.measures[0], better="lower"), program.measures[1])),
        replace(program, measures_by=()),
        replace(program, measures_at=()),
        replace(program, targets=(replace(program.targets[0], comparison="at_most"), program.targets[1])),
        replace(program, policy=replace(program.policy, hide_below=11)),
        replace(program, policy=replace(program.policy, fairness=(replace(fairness, ratio=0.9),))),
        replace(program, experiments=(replace(experiment, arms=tuple(reversed(experiment.arms))),)),
        replace(program, guarantees=(replace(program.guarantees[0], kind="every"), program.guarantees[1])),
    ]
    assert len({logic_hash(each) for each in others}) == len(others)
