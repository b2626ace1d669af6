"""The rules of `rules/beleggen` do what their page says, in Dutch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from rules.conftest import Made
from rules.copies import RULES, opened, segments, with_rows

import segwright as sw

BY_HAND = Path(__file__).with_name("beleggen.sql").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def db(made: Made) -> Iterator[duckdb.DuckDBPyConnection]:
    """The data, the assignments, and what the query written by hand makes of the data."""
    with opened(made("beleggen")) as connection:
        connection.execute(f"CREATE TABLE by_hand AS {BY_HAND}")
        yield connection


def test_every_customer_is_what_the_query_written_by_hand_says(db: duckdb.DuckDBPyConnection) -> None:
    different = db.execute(
        """SELECT klantnummer, beleggers_clause, soort, zorg_clause, by_hand.zorg, assigned.campagnes, by_hand.campagnes
           FROM assigned FULL JOIN by_hand USING (klantnummer)
           WHERE beleggers_clause IS DISTINCT FROM soort OR zorg_clause IS DISTINCT FROM by_hand.zorg
              OR assigned.campagnes::VARCHAR[] IS DISTINCT FROM by_hand.campagnes
           ORDER BY klantnummer LIMIT 10"""
    ).fetchall()
    assert different == []


@pytest.mark.parametrize(
    "segment, least, most",
    [
        ("slapend", 0.05, 0.12),
        ("jonge_techbelegger", 0.05, 0.12),
        ("gezinsbelegger", 0.15, 0.30),
        ("ervaren_vermogend", 0.03, 0.10),
        ("vermogend_overig", 0.03, 0.10),
        ("actief", 0.02, 0.08),
        ("starter", 0.08, 0.20),
        ("opbouwer", 0.04, 0.15),
        ("overig", 0.15, 0.35),
    ],
)
def test_segments_have_plausible_sizes(db: duckdb.DuckDBPyConnection, segment: str, least: float, most: float) -> None:
    ((share,),) = db.execute("SELECT avg((beleggers = ?)::INTEGER) FROM assigned", [segment]).fetchall()
    assert least < share < most


def test_the_three_asked_for_differ_as_intended(db: duckdb.DuckDBPyConnection) -> None:
    """Age by definition; the young log in by app most, the experienced have most."""
    found = {
        segment: figures
        for segment, *figures in db.execute(
            """SELECT beleggers, min(leeftijd), max(leeftijd), avg(coalesce(keren, 0)), median(coalesce(waarde, 0))
               FROM assigned JOIN klanten USING (klantnummer)
               LEFT JOIN (SELECT klantnummer, count(*) AS keren FROM logins WHERE kanaal = 'app' GROUP BY klantnummer)
                 USING (klantnummer)
               LEFT JOIN (SELECT klantnummer, sum(waarde) AS waarde FROM rekeningen GROUP BY klantnummer)
                 USING (klantnummer)
               GROUP BY beleggers"""
        ).fetchall()
    }
    assert found["jonge_techbelegger"][:2] == [25, 34]
    assert found["gezinsbelegger"][:2] == [35, 54]
    assert found["ervaren_vermogend"][0] == 55
    assert found["jonge_techbelegger"][2] > 2 * found["gezinsbelegger"][2] > 0
    assert found["ervaren_vermogend"][3] > 4 * found["gezinsbelegger"][3] > 0


def test_nobody_is_approached_without_consent_or_against_their_will(db: duckdb.DuckDBPyConnection) -> None:
    ((approached, wrongly),) = db.execute(
        """SELECT count(*), count(*) FILTER (toestemming_marketing IS NOT TRUE OR niet_bellen IS TRUE OR klachten > 0)
           FROM assigned JOIN klanten USING (klantnummer) LEFT JOIN voorkeuren USING (klantnummer)
           WHERE len(campagnes) > 0"""
    ).fetchall()
    assert approached > 1_000
    assert wrongly == 0


def changed(made: Made, hand: Path, name: str, file: str, old: str, new: str) -> list[str]:
    """The codes of the problems after one change in one rule file."""
    folder = with_rows("beleggen", hand / name, made("beleggen"), {})
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return [problem.code for problem in sw.open(folder).check()]


def test_the_page_is_right_about_age_and_about_the_duty_of_care(made: Made, hand: Path) -> None:
    """Protected, age may decide nothing; and marketing may not ask what only the duty of care may read."""
    domain = "integer from 18 to 120"
    protected = changed(made, hand, "protected", "klantgegevens.seg", domain, f"{domain} protected")
    assert set(protected) == {"SEG600"}
    unless = "    unless kinderrekening"
    asked = changed(made, hand, "asked", "campagnes.seg", unless, f"     and zorg is in_orde\n{unless}")
    assert set(asked) == {"SEG602"}


def test_everything_that_people_read_is_dutch() -> None:
    """Apart from the language's keywords: no English title, and a page in Dutch."""
    rules = "\n".join(path.read_text(encoding="utf-8") for path in RULES.glob("beleggen/*.seg"))
    assert "financiële_kennis" in rules
    page = RULES.joinpath("beleggen", "README.md").read_text(encoding="utf-8")
    for heading in ("## De segmenten", "## Is leeftijd eerlijk?", "## Maak het van u", "## De gegevens"):
        assert heading in page


# -- by hand -----------------------------------------------------------------------------------------------------

# All have 10,000 on an open account, an income of 50,000 and a household with children unless said otherwise; they have
# logged in by app five times in three months, the first of them on the first day of the window.
KLANTEN = """
SELECT *, 50000 AS inkomen, DATE '2020-05-05' AS klant_sinds, 'app' AS kanaal, 'neutraal' AS risicoprofiel,
  5 AS financiële_kennis, 0 AS klachten, true AS toestemming_marketing
FROM (VALUES
  (1, 24, 'gezin met kinderen'),  -- too young for both
  (2, 25, 'gezin met kinderen'),
  (3, 34, 'gezin met kinderen'),
  (4, 35, 'gezin met kinderen'),  -- the same customer one year later is another segment
  (5, 54, 'gezin met kinderen'),
  (6, 55, 'gezin met kinderen'),  -- 10,000 is no fortune
  (7, 35, NULL),                  -- we do not know the household, and nothing else points to a family
  (8, 35, 'alleenstaand'),        -- single, with an account for a child
  (9, 34, 'alleenstaand'),        -- four logins only
  (10, 34, 'alleenstaand'),       -- the fifth login is on the day before the window
  (11, 55, 'samenwonend'),        -- exactly the fortune
  (12, 55, 'samenwonend'),        -- a cent less
  (13, 40, 'gezin met kinderen')  -- the only account is closed
) AS t(klantnummer, leeftijd, huishouden)
"""
REKENINGEN = """
SELECT row_number() OVER () AS rekeningnummer, * FROM (
  SELECT k AS klantnummer, 'beleggingsrekening' AS soort, CASE k WHEN 13 THEN 'gesloten' ELSE 'open' END AS status,
    CASE k WHEN 11 THEN 50000 WHEN 12 THEN 49999.99 ELSE 10000 END AS waarde FROM range(1, 14) AS t(k)
  UNION ALL SELECT 8, 'kinderrekening', 'open', 0)
"""
LOGINS = """
SELECT k * 10 + n AS loginnummer, k AS klantnummer, 'app' AS kanaal,
  CASE n WHEN 0 THEN CASE k WHEN 10 THEN TIMESTAMP '2026-06-01 23:59:59' ELSE TIMESTAMP '2026-06-02 00:00:00' END
         ELSE TIMESTAMP '2026-09-01 23:00:00' END AS ingelogd_op
FROM range(1, 14) AS t(k), range(5) AS keren(n) WHERE NOT (k = 9 AND n = 0)
"""


def test_customers_at_the_edges_of_the_rules(made: Made, hand: Path) -> None:
    tables = {"klanten": KLANTEN, "rekeningen": REKENINGEN, "logins": LOGINS}
    folder = with_rows("beleggen", hand, made("beleggen"), tables)
    assert segments(folder, "beleggers") == {
        1: "overig",
        2: "jonge_techbelegger",
        3: "jonge_techbelegger",
        4: "gezinsbelegger",
        5: "gezinsbelegger",
        6: "overig",
        7: "overig",
        8: "gezinsbelegger",
        9: "overig",
        10: "overig",
        11: "ervaren_vermogend",
        12: "overig",
        13: "slapend",
    }
