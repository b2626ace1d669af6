"""docs/diff.md tells every key of the JSON form, every kind of change and every option, and no others."""

import re
from pathlib import Path
from typing import get_args

import pytest
from face.differences_by_hand import MOVED, change, changes, comparison, difference, risk

from segwright.cli.command import Command
from segwright.cli.diff import DIFF
from segwright.compiler.changes.records import SAME_MEANING, Kind
from segwright.runtime.comparing.records import (
    CauseRecord,
    ColumnRecord,
    Comparison,
    JudgedRecord,
    MeasureRecord,
    MoveRecord,
    MoverRecord,
    SegmentationRecord,
    SizeRecord,
)

PAGE = (Path(__file__).parents[1] / "docs" / "diff.md").read_text(encoding="utf-8")
OBJECTS = {frozenset(re.findall(r'"(\w+)"', found)) for found in re.findall(r"\{(\"\w+\"[^{}]*)\}", PAGE)}
"""The keys of every object that the page writes out."""


def keys_told(head: str) -> list[str]:
    """The first column of the table below a line, key by key."""
    rows = PAGE.partition(head)[2].lstrip("\n").partition("\n\n")[0].splitlines()[2:]
    return [key for row in rows for key in re.findall(r"`(\w+)`", row.split("|")[1])]


def test_the_keys_of_the_object_are_told() -> None:
    found = difference(changes(MOVED), comparison(risk(0, {}))).as_json()
    assert keys_told("prints one object. Keys are only ever added.") == list(found)
    assert frozenset(found["before"]) in OBJECTS
    assert frozenset(found["changes"][0]) in OBJECTS
    assert found["comparison"].keys() - {"format"} == set(keys_told("Of `comparison`:"))


@pytest.mark.parametrize(
    "record",
    [SegmentationRecord, SizeRecord, MoveRecord, CauseRecord, MeasureRecord, MoverRecord, JudgedRecord, ColumnRecord],
)
def test_the_keys_of_what_is_in_it_are_told(record: type[Comparison]) -> None:
    assert frozenset(record.model_fields) in OBJECTS


def test_every_kind_of_change_is_told() -> None:
    table = PAGE.partition("A change is one of")[2].lstrip("\n").partition("\n\n")[0].splitlines()[2:]
    kinds = [re.findall(r"`([\w -]+)`", row.split("|")[1]) for row in table]
    assert {each for row in kinds for each in row} == set(get_args(Kind))
    assert set(kinds[-1]) == SAME_MEANING


def test_every_option_is_told() -> None:
    from argparse import ArgumentParser

    def options(command: Command) -> set[str]:
        parser = ArgumentParser(add_help=False)
        command.declare(parser)
        return {word for word in parser.format_help().split() if re.fullmatch(r"--[a-z-]+", word)}

    table = PAGE.partition("| option | |\n|---|---|\n")[2].partition("\n\n")[0]
    assert set(re.findall(r"--[a-z-]+", table)) == options(DIFF) - {"--output"}  # which is `-o`


def test_what_the_page_says_of_form_is_what_is_said() -> None:
    form = changes(
        *(change("layout", "…", what="file", name=name, within=None) for name in ("a", "b")), change("title", "…")
    )
    assert "the layout of 2 files and 1 title" in difference(form).text()
    assert "“the layout of 2 files and 1 title”" in " ".join(PAGE.split())
