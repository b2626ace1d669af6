"""A change held against gates, with comparisons made by hand: what passes, what does not, and what is said of it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pytest

from segwright.compiler.changes.records import Changes, Renames
from segwright.dsl.diagnostics import Diagnostic
from segwright.dsl.source import Span
from segwright.runtime.comparing.gates import GateResult, Held, held_against, new_warnings
from segwright.runtime.comparing.records import (
    CauseRecord,
    Comparison,
    JudgedRecord,
    MoveRecord,
    SegmentationRecord,
    SizeRecord,
)
from segwright.runtime.outcomes.records import FairnessRecord, GuardRecord, TargetRecord
from segwright.runtime.settings import Settings, settings_from

CHANGES = Changes((), Renames(), {}, same_meaning=False)


def test_what_cannot_be_compared_is_not_taken_to_stay() -> None:
    """Nobody moves in `value`, and of `other` nobody knows."""
    found = comparison(moved(0), apart={"other": "it was `overlapping` and is `first match wins` now"})
    (result,) = held_against(settings('max_movers = "2%"'), Held(CHANGES, found))
    assert (result.gate, result.verdict, result.stopped) == ("max_movers", "failed", True)
    assert result.why == (
        (
            "at most 2% may move; `other` cannot be compared, so that it cannot be told: it was `overlapping` and is "
            "`first match wins` now"
        ),
    )
    assert result.remedy == (
        "see to it that `other` can be compared, or take `max_movers` out of this change's settings"
    )


def settings(gates: str) -> Settings:
    return settings_from(f"[gates]\n{gates}\n", Path("project").absolute())


def comparison(*segmentations: SegmentationRecord, **more: object) -> Comparison:
    return Comparison.model_validate(
        {"as_of": dt.date(2026, 9, 1), "rows": {"customers": 10_000}, "segmentations": segmentations, **more}
    )


def moved(movers: int, rows: int = 10_000, name: str = "value") -> SegmentationRecord:
    """So many customers go from prime to standard, in which half of all were."""
    half = rows // 2
    return SegmentationRecord(
        table="customers",
        segmentation=name,
        exclusive=True,
        same=False,
        rows=rows,
        movers=movers,
        movers_share=movers / rows if rows else None,
        sizes={
            "prime": SizeRecord(before=half, after=half - movers),
            "standard": SizeRecord(before=rows - half, after=rows - half + movers),
        },
        migration={
            "prime": {"prime": half - movers, "standard": movers},
            "standard": {"standard": rows - half},
        },
        moves=[
            MoveRecord(
                before="prime",
                after="standard",
                count=movers,
                causes=[
                    CauseRecord(
                        side="after",
                        segment="prime",
                        clause=1,
                        message="`prime_score` is 740, and was 720",
                        count=movers,
                    )
                ],
            )
        ],
    )


def only(gates: str, held: Held) -> GateResult:
    (result,) = held_against(settings(gates), held)
    return result


def of_movers(limit: str, *segmentations: SegmentationRecord, k: int | None = None) -> GateResult:
    return only(f"max_movers = {limit}", Held(CHANGES, comparison(*segmentations), hide_below=k))


# -- movers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "limit, movers, verdict",
    [
        ('"2%"', 200, "passed"),
        ('"2%"', 201, "failed"),
        ("200", 200, "passed"),
        ("200", 201, "failed"),
        ("0", 0, "passed"),
        ("0", 1, "failed"),
        ('"0%"', 0, "passed"),
        ('"0%"', 1, "failed"),
        ('"100%"', 5_000, "passed"),
        ('"2.01%"', 201, "passed"),
        ('"2.01%"', 202, "failed"),
    ],
)
def test_exactly_the_limit_may_move(limit: str, movers: int, verdict: str) -> None:
    assert of_movers(limit, moved(movers)).verdict == verdict


def test_shares_are_compared_exactly() -> None:
    """7 % of 100 is seven, where a double of 0.07 times 100 is a little more, and 0.29 times 100 a little less."""
    assert of_movers('"7%"', moved(7, rows=100)).verdict == "passed"
    assert of_movers('"7%"', moved(8, rows=100)).verdict == "failed"
    assert of_movers('"29%"', moved(29, rows=100)).verdict == "passed"


def test_why_too_many_move_and_what_would_make_it_pass() -> None:
    result = of_movers('"2%"', moved(212))
    assert result.stopped
    assert result.why == ("at most 2% may move; `value`: 212 of 10,000 customers (2.12%) move",)
    assert result.remedy == (
        'write `max_movers = "2.12%"` in segwright.toml, or move fewer; the largest move is from `prime` to '
        "`standard`, 212 of them: `prime_score` is 740, and was 720"
    )
    assert of_movers('"2.12%"', moved(212)).verdict == "passed"


def test_a_limit_in_rows_is_raised_in_rows() -> None:
    result = of_movers("1000", moved(1_212))
    assert result.why == ("at most 1,000 rows may move; `value`: 1,212 of 10,000 customers (12.12%) move",)
    assert (result.remedy or "").startswith("write `max_movers = 1_212` in segwright.toml")


def test_the_percent_that_is_offered_is_enough() -> None:
    """One of 30,000 is 0.0033…%: 0.01% is the least of two places that lets it pass."""
    result = of_movers('"0%"', moved(1, rows=30_000))
    assert (result.remedy or "").startswith('write `max_movers = "0.01%"` ')
    assert of_movers('"0.01%"', moved(1, rows=30_000)).verdict == "passed"


def test_the_segmentation_with_the_greatest_share_counts() -> None:
    few, many = moved(150, rows=10_000, name="value"), moved(90, rows=1_000, name="risk")
    result = of_movers('"2%"', few, many)
    assert (result.verdict, result.why) == (
        "failed",
        ("at most 2% may move; `risk`: 90 of 1,000 customers (9.00%) move",),
    )
    assert of_movers("100", few, many).why[0].startswith("at most 100 rows may move; `value`: 150 of")


def test_nobody_moves_among_no_rows_and_no_segmentations() -> None:
    assert of_movers('"0%"', moved(0, rows=0)).verdict == "passed"
    result = of_movers('"0%"')
    assert (result.verdict, result.why) == (
        "passed",
        ("no segmentation is both in the old rules and in the new ones, so nobody moves between segments",),
    )


# -- hidden movers ---------------------------------------------------------------------------------------------------


def hidden(rows: int | None = 10_000) -> SegmentationRecord:
    """A few go from prime to standard; the sizes and whoever stays are hidden with them."""
    return SegmentationRecord(
        table="customers",
        segmentation="value",
        exclusive=True,
        same=False,
        rows=rows,
        movers=None,
        movers_share=None,
        hidden=True,
        sizes={name: SizeRecord(before=None, after=None, hidden=True) for name in ("prime", "standard")},
        migration={"prime": {"prime": None, "standard": None}, "standard": {"standard": None}},
        moves=[MoveRecord(before="prime", after="standard", count=None, hidden=True)],
    )


def test_hidden_movers_are_taken_for_as_many_as_may_hide() -> None:
    """Below 10 is hidden, so 9 may move."""
    passed = of_movers("9", hidden(), k=10)
    assert passed.verdict == "passed"
    assert passed.why == (
        "at most 9 rows may move; `value`: how many customers move is hidden, and taken for fewer than 10",
    )
    failed = of_movers("8", hidden(), k=10)
    assert failed.verdict == "failed"
    assert failed.why[0].endswith("taken for fewer than 10, so that it cannot be told")
    assert (failed.remedy or "").startswith("write `max_movers = 9` in segwright.toml")
    assert of_movers('"0.09%"', hidden(), k=10).verdict == "passed"
    assert of_movers('"0.08%"', hidden(), k=10).verdict == "failed"


def test_a_verdict_tells_nothing_of_what_is_hidden() -> None:
    """The record is all that a gate sees, and it has no number."""
    assert hidden().movers is None
    assert {of_movers(str(limit), hidden(), k=10).verdict for limit in range(9)} == {"failed"}
    assert {of_movers(str(limit), hidden(), k=10).verdict for limit in range(9, 30)} == {"passed"}


def test_a_percent_of_a_hidden_number_of_rows_says_nothing() -> None:
    result = of_movers('"50%"', hidden(rows=None), k=10)
    assert (result.verdict, result.remedy) == ("failed", "give `max_movers` as a number of rows, 9 or more")
    assert of_movers("9", hidden(rows=None), k=10).verdict == "passed"
    assert of_movers("8", hidden(rows=None), k=10).verdict == "failed"


def test_movers_that_are_seen_count_though_the_number_is_hidden() -> None:
    """A move of 300 is shown; of 4,000 in prime at first 3,500 stay, so 500 are seen to leave it."""
    shown = hidden().model_copy(
        update={"moves": [MoveRecord(before="prime", after="standard", count=300), *hidden().moves]}
    )
    assert of_movers("300", shown, k=10).verdict == "failed"  # 300 are seen, and 9 more may move
    assert of_movers("309", shown, k=10).verdict == "passed"
    assert of_movers("299", shown, k=10).why == (
        "at most 299 rows may move; `value`: at least 300 of 10,000 customers move; the number itself is hidden",
    )
    staying = shown.model_copy(
        update={
            "sizes": {**shown.sizes, "prime": SizeRecord(before=4_000, after=None, hidden=True)},
            "migration": {"prime": {"prime": 3_500, "standard": None}},
        }
    )
    assert of_movers("508", staying, k=10).verdict == "failed"
    assert of_movers("509", staying, k=10).verdict == "passed"


@pytest.mark.parametrize("limit", ['"0%"', '"0.05%"', '"2.9%"', "0", "8", "290", "300"])
@pytest.mark.parametrize("seen", [0, 1, 300])
def test_what_is_offered_is_enough(limit: str, seen: int) -> None:
    """Whatever the limit was, the one that the remedy writes lets the same change pass."""
    shown = hidden().model_copy(
        update={
            "moves": [*([MoveRecord(before="prime", after="standard", count=seen)] if seen else []), *hidden().moves]
        }
    )
    result = of_movers(limit, shown, k=10)
    if result.verdict == "failed":
        offered = re.match(r"write `max_movers = ([^`]+)`", result.remedy or "")
        assert offered is not None
        assert of_movers(offered[1], shown, k=10).verdict == "passed"
    else:
        assert (seen, limit) in {(0, '"2.9%"'), (0, "290"), (0, "300"), (1, '"2.9%"'), (1, "290"), (1, "300")}


def test_what_a_segment_grows_by_is_seen() -> None:
    grown = hidden().model_copy(
        update={"sizes": {**hidden().sizes, "standard": SizeRecord(before=1_000, after=4_000)}, "moves": []}
    )
    assert of_movers("2999", grown, k=10).verdict == "failed"
    assert of_movers("3008", grown, k=10).verdict == "failed"
    assert of_movers("3009", grown, k=10).verdict == "passed"


def test_rows_may_join_several_overlapping_segments() -> None:
    """Of two flows of 300 the same rows may be both, so 300 are seen to move, not 600."""
    flows = [MoveRecord(before=None, after=name, count=300) for name in ("cross_sell", "win_back")]
    found = hidden().model_copy(update={"exclusive": False, "migration": None, "moves": flows})
    assert of_movers("309", found, k=10).verdict == "passed"
    assert of_movers("299", found, k=10).verdict == "failed"


# -- what is newly so ------------------------------------------------------------------------------------------------


def target(verdict: str) -> TargetRecord:
    return TargetRecord.model_validate(
        {
            "segmentation": "value",
            "segment": "prime",
            "measure": "default_rate",
            "said": "default_rate at most 3%",
            "limit": 0.03,
            "verdict": verdict,
        }
    )


def guard(holds: bool | None, kind: str = "size") -> GuardRecord:
    return GuardRecord.model_validate(
        {"kind": kind, "of": "value.prime", "holds": holds, "message": "`prime` has 12 rows, fewer than 500"}
    )


def ratio(value: float, limit: float = 0.8) -> FairnessRecord:
    return FairnessRecord(
        field="gender",
        direction="favourable",
        segmentation="value",
        segments=["prime"],
        groups=[],
        ratio=value,
        limit=limit,
        four_fifths=value >= limit,
        message=f"the ratio of `gender` is {value:.0%}",
    )


def judged(before: object, after: object, newly: bool) -> JudgedRecord:
    return JudgedRecord.model_validate({"of": "value.prime", "newly": newly, "before": before, "after": after})


def test_many_pairs_of_segments_that_are_alike_are_one_reason() -> None:
    few, many = ([judged(None, guard(False, "alike"), True)] * count for count in (3, 4))
    assert len(only('newly_broken_guards = "stop"', Held(CHANGES, comparison(guards=few))).why) == 3
    result = only(
        'newly_broken_guards = "stop"', Held(CHANGES, comparison(guards=[*many, judged(None, guard(False), True)]))
    )
    assert result.why == (
        "`prime` has 12 rows, fewer than 500",
        "4 pairs of segments of `value` differ in no measure beyond chance: consider fewer segments",
    )


@pytest.mark.parametrize(
    "gate, more, verdict, why",
    [
        (
            "newly_missed_targets",
            {"targets": [judged(target("met"), target("missed"), True)]},
            "failed",
            "`prime` of `value` misses its target: default_rate at most 3%",
        ),
        (
            "newly_missed_targets",
            {"targets": [judged(target("missed"), target("missed"), False)]},
            "passed",
            "no target is newly missed",
        ),
        (
            "newly_missed_targets",
            {"targets": [judged(target("met"), target("unclear"), False)]},
            "passed",
            "no target is newly missed",
        ),
        (
            "newly_broken_guards",
            {"guards": [judged(guard(True), guard(False), True)]},
            "failed",
            "`prime` has 12 rows, fewer than 500",
        ),
        ("newly_broken_guards", {"guards": [judged(None, guard(False), True)]}, "failed", "`prime` has 12 rows, "),
        ("newly_broken_guards", {"guards": [judged(guard(False), guard(False), False)]}, "passed", "no guard"),
        ("newly_broken_guards", {"guards": [judged(guard(True), guard(None), False)]}, "passed", "no guard"),
        (
            "worse_fairness",
            {"fairness": [judged(ratio(0.85), ratio(0.75), True)]},
            "failed",
            "the ratio of `gender` is 75%",
        ),
        (
            "worse_fairness",
            {"fairness": [judged(ratio(0.75), ratio(0.7), False)]},
            "failed",
            "the ratio of `gender` is 70%; it was 75.00%",
        ),
        ("worse_fairness", {"fairness": [judged(ratio(0.7), ratio(0.75), False)]}, "passed", "no fairness ratio"),
        ("worse_fairness", {"fairness": [judged(ratio(0.7), ratio(0.7), False)]}, "passed", "no fairness ratio"),
        ("worse_fairness", {"fairness": [judged(ratio(0.7), ratio(0.9), False)]}, "passed", "no fairness ratio"),
    ],
)
def test_what_is_newly_so(gate: str, more: dict[str, object], verdict: str, why: str) -> None:
    result = only(f'{gate} = "stop"', Held(CHANGES, comparison(**more)))
    assert (result.gate, result.verdict) == (gate, verdict)
    assert result.why[0].startswith(why)
    assert result.stopped == (verdict == "failed")
    assert (result.remedy is not None) == (verdict == "failed")


def test_a_gate_that_reports_stops_nothing() -> None:
    held = Held(CHANGES, comparison(targets=[judged(target("met"), target("missed"), True)]))
    result = only('newly_missed_targets = "report"', held)
    assert (result.verdict, result.stops, result.stopped) == ("failed", False, False)


def test_gates_that_are_not_named_are_not_looked_at() -> None:
    held = Held(CHANGES, comparison(moved(9_999), targets=[judged(target("met"), target("missed"), True)]))
    assert held_against(settings(""), held) == ()


def test_personal_fields_and_warnings() -> None:
    warning = Diagnostic("SEG700", "warning", "nobody can be in `young`", Span("rules.seg", 0, 5))
    held = Held(CHANGES, None, (warning,), ("`customers.gender`, which is protected,",))
    personal, warned = held_against(settings('newly_read_personal = "stop"\nwarnings = "stop"'), held)
    assert personal.why == ("`customers.gender`, which is protected, is read now, and was not before",)
    assert warned.why == ("SEG700: nobody can be in `young`",)
    assert personal.stopped
    assert warned.stopped
    clean = held_against(settings('newly_read_personal = "stop"\nwarnings = "stop"'), Held(CHANGES, None))
    assert [each.verdict for each in clean] == ["passed", "passed"]


def test_warnings_are_new_by_what_they_say_not_by_where_they_stand() -> None:
    def warning(message: str, at: int, severity: str = "warning") -> Diagnostic:
        return Diagnostic("SEG700", severity, message, Span("rules.seg", at, at + 1))  # pyright: ignore[reportArgumentType]

    before = [warning("a", 1), warning("b", 2), warning("n", 3, "note")]
    after = [warning("a", 7), warning("a", 9), warning("c", 1), warning("e", 2, "error"), warning("m", 2, "note")]
    assert [(each.message, each.span.start) for each in new_warnings(before, after)] == [("a", 9), ("c", 1)]
    assert new_warnings(after, after) == ()


# -- gates of a run --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "gate, more",
    [
        ("targets", {"targets": [judged(target("missed"), target("missed"), False)]}),
        ("fairness", {"fairness": [judged(ratio(0.6), ratio(0.7), False)]}),
        ("segment_size", {"guards": [judged(guard(False), guard(False), False)]}),
        ("freshness", {"guards": [judged(None, guard(False, "freshness"), False)]}),
        ("refresh", {"guards": [judged(None, guard(False, "refresh"), False)]}),
        ("review", {"guards": [judged(None, guard(False, "review"), False)]}),
    ],
)
def test_what_would_stop_a_run_stops_the_change(gate: str, more: dict[str, object]) -> None:
    """Whether it is new or not."""
    found = comparison(**more)
    assert only(f'{gate} = "stop"', Held(CHANGES, found)).stopped
    assert not only(f'{gate} = "stop"', Held(CHANGES, comparison())).stopped
    others = [
        each for each in ("freshness", "segment_size", "refresh", "review", "targets", "fairness") if each != gate
    ]
    named = settings("\n".join(f'{other} = "stop"' for other in others))
    assert not any(result.stopped for result in held_against(named, Held(CHANGES, found)))


def test_a_target_that_chance_leaves_open_stops_nothing() -> None:
    found = comparison(targets=[judged(target("met"), target("unclear"), False)])
    assert not only('targets = "stop"', Held(CHANGES, found)).stopped


# -- nothing to look at ----------------------------------------------------------------------------------------------

ALL = 'max_movers = "1%"\nnewly_missed_targets = "stop"\nwarnings = "stop"\ntargets = "stop"\nfreshness = "report"'


def test_without_a_base_nothing_is_looked_at_and_it_says_so() -> None:
    results = held_against(settings(ALL), Held(None, None, missing="there is no base"))
    assert [(each.gate, each.verdict, each.why) for each in results] == [
        ("max_movers", "not looked at", ("there is no base",)),
        ("newly_missed_targets", "not looked at", ("there is no base",)),
        ("warnings", "not looked at", ("there is no base",)),
        ("targets", "not looked at", ("there is no base",)),
    ]


def test_where_nobody_asked_for_data_only_the_rules_are_looked_at() -> None:
    results = held_against(settings(ALL), Held(CHANGES, None, missing="no data was to be looked at"))
    assert [(each.gate, each.verdict) for each in results] == [
        ("max_movers", "not looked at"),
        ("newly_missed_targets", "not looked at"),
        ("warnings", "passed"),
        ("targets", "not looked at"),
    ]


def test_data_that_should_be_there_and_is_not_passes_no_gate_that_stops() -> None:
    held = Held(CHANGES, None, missing="`payments` is not there", wanting=True)
    gates = 'max_movers = "1%"\nnewly_missed_targets = "report"\ntargets = "stop"'
    movers, missed, run = held_against(settings(gates), held)
    assert movers.why == ("it cannot be looked at: `payments` is not there",)
    assert movers.remedy == "bring the data, or leave this gate out on purpose: `segwright ci --no-data`"
    assert (movers.stopped, missed.verdict, run.stopped) == (True, "not looked at", True)


def test_rules_that_mean_the_same_pass_every_gate_of_a_change() -> None:
    held = Held(replace(CHANGES, same_meaning=True), None, missing="the rules mean what they meant")
    results = held_against(settings(ALL), held)
    assert [(each.gate, each.verdict) for each in results] == [
        ("max_movers", "passed"),
        ("newly_missed_targets", "passed"),
        ("warnings", "passed"),
        ("targets", "not looked at"),
    ]
