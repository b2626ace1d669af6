"""The sample of docs/decide.md prints what the page says."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

from segwright.compiler.ruleset import dumped, written
from segwright.compiling import compile_rules


def test_the_sample(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (repository / "docs" / "decide.md").read_text(encoding="utf-8")
    blocks = dict(re.findall(r"^```(seg data|seg|python|text)\n(.*?)^```", page, re.MULTILINE | re.DOTALL))
    (tmp_path / "rules.seg").write_text(blocks["seg data"] + blocks["seg"], encoding="utf-8")
    rules = compile_rules([tmp_path / "rules.seg"]).rules
    (tmp_path / "risk.ruleset.json").write_text(written(dumped(rules)), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(compile(blocks["python"], "decide.md", "exec"), {})
    assert said.getvalue() == blocks["text"]
