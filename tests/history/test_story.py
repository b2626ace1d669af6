"""The story is as it says: its commits are stable, and its segments were worked out by hand."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from history.story import (
    BROKEN,
    COMMITS,
    CUSTOMERS,
    CUT_OFF,
    FIRST,
    MEMBERS,
    MENDED,
    PAYMENTS,
    REFORMATTED,
    RENAMED,
    Story,
    members_at,
    tell,
)

from segwright.dsl.format import formatted
from segwright.dsl.source import Source
from segwright.runtime.history.versions import version_of
from segwright.runtime.run import Loaded, RunOptions, execute_ruleset

UNTIDY = {FIRST, CUT_OFF, RENAMED}


def test_hashes_are_the_same_everywhere(tmp_path: Path) -> None:
    one, other = tell(tmp_path / "one"), tell(tmp_path / "other", data=False)
    assert one.commits == other.commits
    assert list(one.commits) == [told.tag for told in COMMITS]
    assert one.git("rev-parse", "HEAD").strip() == one.commits[MENDED]
    assert one.git("status", "--porcelain") == ""


def test_everybody_is_in_one_segment_at_every_commit() -> None:
    everybody = set(range(1, 31))
    for told in COMMITS:
        members = members_at(told.tag)
        assert sorted(key for keys in members.values() for key in keys) == sorted(everybody), told.tag
    assert len(CUSTOMERS.splitlines()) == 31
    assert len(PAYMENTS.splitlines()) == 39


@pytest.mark.parametrize("tag", MEMBERS)
def test_the_segments_are_those_worked_out_by_hand(story: Story, tmp_path: Path, tag: str) -> None:
    version = version_of(story.project, tag)
    assert version.settings is not None
    done = execute_ruleset(Loaded(version.rules, ""), version.settings, RunOptions(out=tmp_path / "out"))
    found: dict[str, set[int]] = {}
    with duckdb.connect() as con:
        rows = con.execute(f"SELECT customer_id, value FROM '{done.folder / 'assignments.parquet'}'").fetchall()
    for key, segment in rows:
        found.setdefault(segment, set()).add(key)
    assert found == MEMBERS[tag]


def test_rule_files_are_laid_out_from_the_reformatting_on() -> None:
    tags = [told.tag for told in COMMITS]
    for told in COMMITS:
        for name, text in told.files.items():
            if name.endswith(".seg"):
                tidy, problems = formatted(Source(name, text))
                assert problems == ()
                late = tags.index(told.tag) >= tags.index(REFORMATTED)
                assert (tidy == text) == late, f"{told.tag}: {name}"


def test_only_the_broken_commit_is_broken(story: Story) -> None:
    for told in COMMITS:
        if told.tag != BROKEN:
            assert version_of(story.project, told.tag).commit == story.commits[told.tag]
