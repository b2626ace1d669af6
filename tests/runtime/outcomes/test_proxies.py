"""Proxies: how well what decides tells a protected group, against SciPy and by hand."""

from collections.abc import Iterator
from typing import Any

import duckdb
import numpy as np
import pytest
from scipy import stats
from scratch import scratch

from segwright.runtime.outcomes.proxies import proxy_records
from segwright.runtime.outcomes.records import ProxyRecord

from .measured import measurable

RULES = """
table customers key customer_id
  customer_id integer
  score       integer
  income      money optional
  postcode    text
  owes        boolean
  email       text optional personal
  gender      one of "M", "F" optional protected
  origin      text optional protected
segmentation value of customers
  first match wins
  segment prime
    when score >= 700 and income > 20 and postcode starts with "1" and email contains "@"
    unless owes
  otherwise rest
policy
  fairness across gender favourable prime
"""


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with scratch() as con:
        yield con


def proxies(con: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]], rules: str = RULES) -> list[ProxyRecord]:
    plain = {"score": 1, "income": 1, "postcode": "1", "owes": False, "gender": None, "email": "a"}
    numbered = [{"customer_id": number} | plain | row for number, row in enumerate(rows)]
    found = measurable(con, rules, {"customers": numbered})
    return proxy_records(found.measured, found.program, found.population)


def by_hand(table: list[list[int]]) -> tuple[float, float]:
    """Bergsma's V and the p-value, from SciPy's chi-squared."""
    counts = np.array(table)
    n, (r, c) = counts.sum(), counts.shape
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    chi_squared = float(((counts - expected) ** 2 / expected).sum())
    p_value = float(stats.chi2.sf(chi_squared, (r - 1) * (c - 1)))
    phi = max(0, chi_squared / n - (r - 1) * (c - 1) / (n - 1))
    rows, columns = r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)
    return float(np.sqrt(phi / min(rows - 1, columns - 1))), p_value


def test_what_tells_most_comes_first(con: duckdb.DuckDBPyConnection) -> None:
    # The score tells all, the postcode something, whether somebody owes nothing. The email is personal.
    men = [
        {"gender": "M", "score": 2, "email": "m", "postcode": "10" if at < 40 else "20", "owes": at % 2 == 0}
        for at in range(60)
    ]
    women = [
        {"gender": "F", "score": 1, "email": "f", "postcode": "10" if at < 20 else "20", "owes": at % 2 == 0}
        for at in range(60)
    ]
    unknown = [{"score": 3, "postcode": "30"} for _ in range(20)]
    found = proxies(con, [*men, *women, *unknown])
    assert [(each.protected, each.field, each.n) for each in found] == [
        ("gender", "score", 120),
        ("gender", "postcode", 120),
    ]
    v, p_value = by_hand([[40, 20], [20, 40]])
    assert found[1].association == pytest.approx(v)
    # The second smallest of three: the score, the postcode, whether somebody owes. All have the same income.
    assert found[1].p == pytest.approx(2 * p_value)
    assert found[0].association == pytest.approx(1.0)


def test_numbers_are_put_into_deciles(con: duckdb.DuckDBPyConnection) -> None:
    rows = [{"gender": "M" if at < 60 else "F", "score": at} for at in range(100)]
    (found,) = proxies(con, rows)
    table = [[10] * 6 + [0] * 4, [0] * 6 + [10] * 4]
    assert found.association == pytest.approx(by_hand(table)[0])


def test_what_is_missing_tells_too(con: duckdb.DuckDBPyConnection) -> None:
    rows = [{"gender": "M"} for _ in range(30)] + [{"gender": "F", "income": None} for _ in range(30)]
    (found,) = proxies(con, rows)
    assert (found.field, found.association) == ("income", pytest.approx(1.0))


def test_the_rarest_of_many_values_are_one(con: duckdb.DuckDBPyConnection) -> None:
    rows = [{"gender": "MF"[at % 2], "postcode": f"{at // 2:03}"} for at in range(140)]  # each of 70 once each
    assert proxies(con, rows) == []
    con.execute("DROP TABLE written; DROP TABLE customers")
    # 50 common ones tell nothing; 20 rare ones are all women's
    rare = [{"gender": "F", "postcode": f"9{at % 20:02}"} for at in range(140)]
    (found,) = proxies(con, [*(row for row in rows[:100] for _ in range(4)), *rare])
    table = [[4] * 50 + [0], [4] * 50 + [140]]
    assert found.association == pytest.approx(by_hand(table)[0])
    assert found.p == pytest.approx(by_hand(table)[1])


def test_too_weak_or_by_chance_is_not_told(con: duckdb.DuckDBPyConnection) -> None:
    # V just below 0.1 (p is small), then a strong one among too few
    weak = [
        {"gender": g, "owes": owes}
        for g, owes, n in (("M", True, 545), ("M", False, 455), ("F", True, 455), ("F", False, 545))
        for _ in range(n)
    ]
    assert by_hand([[545, 455], [455, 545]])[0] < 0.1
    assert by_hand([[545, 455], [455, 545]])[1] < 0.05
    assert proxies(con, weak) == []
    con.execute("DROP TABLE written; DROP TABLE customers")
    few = [{"gender": g, "owes": owes} for g, owes in (("M", True), ("M", True), ("F", False), ("F", True))]
    assert proxies(con, few) == []


def test_a_field_is_no_proxy_of_itself(con: duckdb.DuckDBPyConnection) -> None:
    rules = RULES.replace("across gender", "across postcode")
    rows = [{"postcode": "12"[at % 2], "score": at % 2} for at in range(60)]
    found = proxies(con, rows, rules)
    assert [(each.protected, each.field) for each in found] == [("postcode", "score")]


def test_at_most_ten(con: duckdb.DuckDBPyConnection) -> None:
    fields = "".join(f"  f{number} integer\n" for number in range(12))
    asked = " and ".join(f"f{number} > 1" for number in range(12))
    rules = f"""
table customers key customer_id
  customer_id integer
{fields}  gender text protected
segmentation value of customers
  overlapping
  segment all when {asked}
policy
  fairness across gender favourable all
"""
    rows = [{"gender": "MF"[at % 2]} | {f"f{n}": (at % 2) * (at >= n) for n in range(12)} for at in range(100)]
    found = proxies(con, rows, rules)
    assert len(found) == 10
    assert [each.association for each in found] == sorted((each.association for each in found), reverse=True)


def test_nobody_looks_without_fairness(con: duckdb.DuckDBPyConnection) -> None:
    rules = RULES.partition("policy")[0]
    assert proxies(con, [{}], rules) == []
