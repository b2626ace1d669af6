"""What docs/history.md shows is what the commands print."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from face.conftest import Segwright
from history.story import CUSTOMERS, CUT_OFF, FIRST, Story
from history.test_log import run_at

PAGE = (Path(__file__).parents[2] / "docs" / "history.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"^```console\n\$ segwright ([^\n]*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
LOGIC = re.compile(r"(?<=\d{4}-\d{2}-\d{2}-)[0-9a-f]{8}")


@pytest.mark.parametrize("command, shown", SHOWN, ids=[command for command, _ in SHOWN])
def test_examples(story: Story, segwright: Segwright, command: str, shown: str) -> None:
    run_at(story, segwright, FIRST, CUT_OFF)
    # 1, who is prime, has a score of 650 here, and earns 60,000.
    other = CUSTOMERS.replace("1,45,50000,750,true", "1,45,60000,650,true", 1)
    (story.project / "other.csv").write_text(other, encoding="utf-8")
    words = shlex.split(command)
    runs = {run.name[-1]: run.name for run in (story.project / "runs").iterdir()}
    words = [runs[word[-1]] if LOGIC.search(word) else word for word in words]
    assert LOGIC.sub("", segwright(*words).out) == LOGIC.sub("", shown)


def test_there_are_examples_of_each_command() -> None:
    assert {command.split()[0] for command, _ in SHOWN} == {"log", "reproduce"}
    assert len(SHOWN) == PAGE.count("```console")
