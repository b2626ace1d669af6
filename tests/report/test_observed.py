"""What is observed of a run, counted by hand from the ten rows of `projects.py`."""

from pathlib import Path

import polars as pl
import pytest
from report.projects import RULES, customers, write_project

import segwright as sw
from segwright.runtime.observed.again import observe_run
from segwright.runtime.observed.records import Funnel, Gain, Observed, TableObserved, Unobserved


def observed(folder: Path, run: sw.Run) -> Observed | Unobserved:
    return observe_run(run.ruleset, sw.open(folder).settings, run.folder, run.manifest)


def table(found: Observed | Unobserved) -> TableObserved:
    assert not isinstance(found, Unobserved), found
    return found["customers"]


@pytest.fixture(scope="module", params=["duckdb", "polars"])
def small(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> TableObserved:
    folder = write_project(tmp_path_factory.mktemp("observed"))
    return table(observed(folder, sw.open(folder).run(engine=request.param)))


def funnel(found: TableObserved, segmentation: str, segment: str) -> Funnel:
    return next(each for each in found.segmentations[segmentation].funnels if each.segment == segment)


def test_a_funnel_counts_who_is_left_and_who_fell_out_as_unknown(small: TableObserved) -> None:
    prime = funnel(small, "value_risk", "prime")
    # Nine are not stopped. Of these 2 to 6 have the score (7 lacks one), 2, 3 and 4 use little (6 is unknown).
    assert (prime.start, prime.held) == (9, 2)
    assert [(step.kind, step.words, step.left, step.unknown) for step in prime.steps] == [
        ("when", "score >= prime_score", 5, 1),
        ("when", "used < 30%", 3, 1),
        ("unless", 'channel = "branch"', 2, 0),
    ]
    assert prime.steps[0].parameters == ("prime_score",)


def test_a_gain_is_who_fails_that_condition_alone(small: TableObserved) -> None:
    prime = funnel(small, "value_risk", "prime")
    # 7 (score missing) and 8; 5 and 6 (use missing); 4.
    assert [step.gain for step in prime.steps] == [Gain(2, 1), Gain(2, 1), Gain(1, 0)]
    young = funnel(small, "value_risk", "young")
    # 3 is prime already, so it would join nothing; 4 to 8 are old enough and long with us.
    assert young.start == 7
    assert [(step.left, step.gain) for step in young.steps] == [(2, Gain(0, 0)), (1, Gain(1, 0))]


def test_overlaps_are_what_order_decides(small: TableObserved) -> None:
    overlaps = small.segmentations["value_risk"].overlaps
    assert overlaps is not None
    assert {(each.first, each.second): each.rows for each in overlaps} == {
        ("stopped", "prime"): 1,
        ("stopped", "young"): 1,
        ("prime", "young"): 1,
    }


def test_what_rests_on_personal_data_is_told_as_a_whole_only(small: TableObserved) -> None:
    audiences = small.segmentations["audiences"]
    mailed = funnel(small, "audiences", "mailed")
    # 2, 5, 7 are 30 or older and their address begins with a; 1 is too young.
    assert [(step.kind, step.words, step.left) for step in mailed.steps] == [
        ("when", "age >= 30", 6),
        ("personal", "", 3),
    ]
    assert [step.gain for step in mailed.steps] == [None, None]
    assert audiences.untold == ("mailed",)
    assert audiences.overlaps is not None
    # 7 uses the app and is 65. Nobody is told who else is mailed.
    assert {(each.first, each.second): each.rows for each in audiences.overlaps} == {("app_users", "seniors"): 1}


def test_distributions_have_the_values_that_rules_compare(small: TableObserved) -> None:
    found = {each.name: each for each in small.distributions}
    assert set(found) == {"score", "used", "channel", "age", "opened_on"}
    assert [(each.value, each.side, each.words) for each in found["age"].cut_offs] == [
        (30.0, "below", "age < 30"),
        (30.0, "below", "age >= 30"),
        (60.0, "below", "age >= 60"),
    ]
    assert found["score"].missing == 1
    assert sum(each.rows or 0 for each in found["score"].bins) == 9
    assert {each.label: each.rows for each in found["channel"].bins} == {"app": 5, "web": 4, "branch": 1}


def test_a_clause_out_of_force_has_no_steps(tmp_path: Path) -> None:
    rules = RULES.replace('segment young "Young"', 'segment young "Young"\n    from 2027-01-01')
    folder = write_project(tmp_path, rules)
    young = funnel(table(observed(folder, sw.open(folder).run())), "value_risk", "young")
    assert (young.in_force, young.steps, young.held) == (False, (), 0)


def test_changed_data_is_not_observed(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    run = sw.open(folder).run()
    customers().head(5).write_parquet(folder / "customers.parquet")
    assert observed(folder, run) == Unobserved("changed", ("customers",))


def test_data_that_is_gone_is_told(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    run = sw.open(folder).run()
    (folder / "customers.parquet").unlink()
    found = observed(folder, run)
    assert isinstance(found, Unobserved)
    assert found.why == "failed"
    assert "customers" in found.words


def test_where_small_groups_are_hidden_counts_are_rounded(tmp_path: Path) -> None:
    # Ten times the ten rows, and one more that only its branch keeps out of prime: 91 are not stopped, 51 have the
    # score (10 lack one), 31 use little (10 unknown), 20 are not of a branch. Each is told to the nearest 20.
    rules = RULES + "\npolicy\n  hide groups below 10\n"
    frame = customers()
    many = pl.concat([frame.with_columns(pl.col("customer_id") + 100 * at) for at in range(10)])
    odd = frame.filter(pl.col("customer_id") == 4).with_columns(pl.lit(9_999).alias("customer_id").cast(pl.Int64))
    folder = write_project(tmp_path, rules, pl.concat([many, odd]))
    found = table(observed(folder, sw.open(folder).run()))
    prime = funnel(found, "value_risk", "prime")
    assert (prime.start, prime.held) == (100, 20)
    assert [(step.left, step.unknown) for step in prime.steps] == [(60, 20), (40, 20), (20, 0)]
    # 20 lack or fail the score alone, 20 the use, 11 the branch.
    assert [step.gain for step in prime.steps] == [Gain(20, 20), Gain(20, 20), Gain(20, 0)]
    channels = next(each for each in found.distributions if each.name == "channel")
    assert {each.label: each.rows for each in channels.bins} == {"app": 60, "web": 40, "branch": 20}


def test_nothing_is_told_of_a_clause_by_which_a_hidden_size_could_be_reckoned(tmp_path: Path) -> None:
    # One is odd, so that and the smallest of the others, stopped (30), are hidden: who comes as far as stopped would
    # tell of the one. As far as prime come all but these 31, which anybody can reckon.
    rules = RULES.partition("segmentation audiences")[0]
    rules = rules.replace("first match wins", "first match wins\n  segment odd when customer_id = 9999", 1)
    frame = customers()
    many = pl.concat([frame.with_columns(pl.col("customer_id") + 100 * at) for at in range(30)])
    few = frame.filter(pl.col("customer_id") == 3).with_columns(pl.lit(9_999).alias("customer_id").cast(pl.Int64))
    young = [
        frame.filter(pl.col("customer_id") == 9).with_columns(pl.col("customer_id") + 5000 + at) for at in range(5)
    ]
    folder = write_project(tmp_path, rules + "\npolicy\n  hide groups below 10\n", pl.concat([many, few, *young]))
    run = sw.open(folder).run()
    sizes = run.manifest.assignments["customers"].segmentations["value_risk"].segments
    assert [name for name, each in sizes.items() if each.count is None] == ["odd", "stopped"]
    found = table(observed(folder, run))
    for segment in ("odd", "stopped"):
        hidden = funnel(found, "value_risk", segment)
        assert (hidden.start, hidden.held) == (None, None)
        assert [(step.left, step.unknown, step.gain) for step in hidden.steps] == [(None, None, Gain(None, None))]
    assert funnel(found, "value_risk", "prime").start == 280  # 275
    overlaps = found.segmentations["value_risk"].overlaps
    assert overlaps is not None
    told = {(each.first, each.second): each.rows for each in overlaps}
    assert told["prime", "young"] == 40  # 30: the third row, thirty times
    assert {count for pair, count in told.items() if {"odd", "stopped"} & {*pair}} == {None}


def test_of_fewer_rows_than_k_nothing_is_told(tmp_path: Path) -> None:
    folder = write_project(tmp_path, RULES + "\npolicy\n  hide groups below 50\n")
    assert table(observed(folder, sw.open(folder).run())) == TableObserved(None, {}, (), 50, too_small=True)


# -- at most n segments each ------------------------------------------------------------------------------------------

LIMITED = """
table customers "Customers" key customer_id
  customer_id integer
  age         integer
  channel     one of "app", "web", "branch"
  score       integer optional
  email       text optional personal
segmentation audiences "Audiences" of customers
  overlapping
  at most 1 segment each
  segment app_users when channel is "app"
  segment scored    when score >= 700 and age >= 28
  segment mailed    when age >= 30 and email starts with "a"
"""


@pytest.fixture(scope="module", params=["duckdb", "polars"])
def limited(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> TableObserved:
    folder = write_project(tmp_path_factory.mktemp("limited"), LIMITED)
    return table(observed(folder, sw.open(folder).run(engine=request.param)))


def test_a_funnel_ends_with_whom_the_limit_leaves(limited: TableObserved) -> None:
    # 1 to 6 have the score, 1 is too young; 2, 5 and 6 are in `app_users` already.
    scored = funnel(limited, "audiences", "scored")
    assert [(step.kind, step.words, step.left) for step in scored.steps] == [
        ("when", "score >= 700", 6),
        ("when", "age >= 28", 5),
        ("limit", "1", 2),
    ]
    assert scored.held == 2


def test_a_gain_is_whom_the_limit_would_let_in(limited: TableObserved) -> None:
    # 8 has no such score, 7 none at all; 7 is in `app_users`, so it would be kept out. 1 is too young, and there too.
    scored = funnel(limited, "audiences", "scored")
    assert [step.gain for step in scored.steps] == [Gain(1, 0), Gain(0, 0), None]
    # The first segment is never kept out of: everybody else would come.
    assert [step.gain for step in funnel(limited, "audiences", "app_users").steps] == [Gain(5, 0), None]


def test_personal_conditions_and_the_limit_are_told_together(limited: TableObserved) -> None:
    # 2, 5 and 7 would be mailed, but use the app.
    mailed = funnel(limited, "audiences", "mailed")
    assert [(step.kind, step.left) for step in mailed.steps] == [("when", 6), ("personal", None), ("limit", 0)]
