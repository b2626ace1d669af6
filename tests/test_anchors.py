"""Every rule of the language reference has a hand-worked case, and every case names rules that there are."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from cases.format import read_case

ROOT = Path(__file__).resolve().parents[1]
CASES = sorted((ROOT / "tests" / "cases").rglob("*.case"))


def anchors() -> list[str]:
    """The anchors of the language reference, `<a id="T4"></a>`, in order."""
    return re.findall(r'<a id="([A-Z]\d+)"></a>', (ROOT / "docs" / "language.md").read_text(encoding="utf-8"))


def test_there_are_rules() -> None:
    assert len(anchors()) > 50


def test_anchors_are_unique() -> None:
    assert [name for name, count in Counter(anchors()).items() if count > 1] == []


def test_every_rule_has_a_case() -> None:
    covered = {anchor for path in CASES for anchor in read_case(path).covers}
    assert [anchor for anchor in anchors() if anchor not in covered] == []


def test_every_case_names_rules_that_there_are() -> None:
    known = set(anchors())
    unknown = {path.name: anchor for path in CASES for anchor in read_case(path).covers if anchor not in known}
    assert unknown == {}
