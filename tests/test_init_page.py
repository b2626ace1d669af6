"""What docs/init.md shows is what `segwright init` writes for the data that it speaks of."""

from __future__ import annotations

import re
from pathlib import Path

from starting.begun import begin, rows


def shown(page: Path) -> list[str]:
    """The examples in rule language of a page."""
    return re.findall(r"^```seg[^\n]*\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def test_the_page_shows_what_is_written(repository: Path, tmp_path: Path) -> None:
    customers = [
        f"{1000 + i},Person {i},{1 + i % 28:02}-{1 + i % 12:02}-{1950 + i % 50},{i * 37 % 5000}.{i % 100:02},"
        f"{i % 97}.{i % 10},{999 if i % 40 == 0 else 400 + i * 7 % 400},{('app', 'web', 'branch')[i % 3]},{'YN'[i % 2]}"
        for i in range(1, 201)
    ]
    payments = [f"{i},{1001 + i * 7 % 150},2026-0{1 + i % 8}-{1 + i % 28:02},{10 + i % 90}.50" for i in range(1, 1001)]
    header = "customer_id full_name birth_date balance utilisation bureau_score channel active"
    (tmp_path / "customers.csv").write_text(rows(header, *customers), encoding="utf-8")
    (tmp_path / "payments.csv").write_text(rows("payment_id customer_id paid_on amount", *payments), encoding="utf-8")
    begun = begin(tmp_path / "project", tmp_path / "customers.csv", tmp_path / "payments.csv")
    schema, segments = shown(repository / "docs" / "init.md")
    assert schema in begun.started.files["schema.seg"]
    assert segments in begun.started.files["segments.seg"]
