"""A page in Dutch says nothing of guards, fairness, samples and definitions in English."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from report.projects import customers, write_project
from report.test_page import text_of
from rules.copies import made_copy

import segwright as sw
from segwright.report.language import language
from segwright.report.material import Material
from segwright.report.standing import standing_of
from segwright.runtime.observed.records import Unobserved
from segwright.runtime.outcomes.records import GuardRecord, Outcomes, Said, TableOutcomes, said

RULES = """
table customers "Customers" key customer_id
  customer_id integer
  age         integer from 18 to 120 protected
  score       integer from 300 to 850 optional
  used        percent optional
  channel     one of "app", "web", "branch" protected
  opened_on   date
  email       text optional personal
  blocked     boolean
events orders of customers by customer_id at ordered_on
  customer_id integer
  ordered_on  date
freshness orders within 35 days
segmentation value_risk of customers
  first match wins
  each segment at least 50 customers
  refresh every 1 month
  review every 12 months, last reviewed 2024-01-15
  segment stopped when blocked
  segment prime when score >= 700 and used < 30% and email starts with "a"
  segment nobody when score > 840
  otherwise standard
segmentation broad of customers
  first match wins
  refresh every 4 months
  review every 1 year
  segment most when opened_on >= 2000-01-01
  otherwise none_left
measure conversion = conversion (offered (not blocked), converted (used < 30%))
measure ordered    = share where any orders in next 12 months
measure usual      = average of score
policy
  fairness across channel, age favourable prime
"""


@pytest.fixture(scope="module")
def dutch(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, TableOutcomes]:
    """The page of a second run, and what the run found."""
    folder = tmp_path_factory.mktemp("dutch")
    many = pl.concat([customers().with_columns(pl.col("customer_id") + 100 * at) for at in range(20)])
    write_project(folder, RULES, many)
    orders = {"customer_id": [1, 2], "ordered_on": ["2026-05-01", "2026-06-01"]}
    pl.DataFrame(orders).with_columns(pl.col("ordered_on").str.to_date()).write_parquet(folder / "orders.parquet")
    settings = (folder / "segwright.toml").read_text("utf-8")
    settings = settings.replace("[run]", 'orders = "orders.parquet"\n\n[run]')
    (folder / "segwright.toml").write_text(settings, encoding="utf-8")
    sw.open(folder).run(as_of="2026-06-01")
    run = sw.open(folder).run()
    run.report(folder / "report.html", language="nl")
    assert run.outcomes is not None
    return (folder / "report.html").read_text("utf-8"), run.outcomes.tables["customers"]


def test_nothing_that_records_say_in_english_is_left(dutch: tuple[str, TableOutcomes]) -> None:
    page, found = dutch
    text = text_of(page.replace("<code>", "`").replace("</code>", "`"))
    said = [each.message for each in found.guards]
    said += [sentence for each in found.fairness for sentence in each.message.split("; ")]
    said += [each.not_observable for each in found.measures.values() if each.not_observable]
    said += [each.definition for each in found.measures.values() if each.definition]
    assert len(said) >= 14
    # A note may say what a guard does; notes are English.
    notes = text[text.index("Kwaliteit van gegevens en opmerkingen", text.index("Billijkheid") + 20) :]
    before = text[: text.index(notes)]
    assert [each for each in said if each in before] == []
    english = re.findall(r"\b(?:the|is refreshed|every|fewer|rows|few|chance|window|share of)\b", before)
    assert english == []


def test_every_kind_of_guard_was_there(dutch: tuple[str, TableOutcomes]) -> None:
    _, found = dutch
    told = {each.said.code for each in found.guards if each.said is not None}
    assert {"size_few", "share_nobody", "share_most", "refresh_late", "review_late", "stale"} <= told
    assert {"refresh_in_time", "review_unknown"} <= told
    assert {each.kind for each in found.guards} == {
        "size", "share", "too many segments", "alike", "freshness", "refresh", "review"
    }  # fmt: skip
    assert all(each.said is not None for each in found.guards)


def test_sentences_are_dutch(dutch: tuple[str, TableOutcomes]) -> None:
    text = text_of(dutch[0])
    assert "broad wordt elke 4 maanden ververst. De vorige run heeft peildatum 1 juni 2026" in text
    assert "orders is niet vers: de laatste zichtbare rij is van 1 juni 2026" in text
    assert "venster 12 maanden. Nog niet waar te nemen: orders eindigt op 1 juni 2026" in text.replace("`", "")
    assert "conversie = aandeel van de rijen met aanbod dat erop inging" in text


def test_a_run_that_recorded_words_alone_is_told_in_them(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    run = sw.open(folder).run()
    outcomes = run.outcomes
    assert outcomes is not None
    table = outcomes.tables["customers"]
    guards = [each.model_copy(update={"said": None}) for each in table.guards]
    old = outcomes.model_copy(update={"tables": {"customers": table.model_copy(update={"guards": guards})}})
    assert isinstance(table.guards[0].said, Said)
    (run.folder / "outcomes.json").write_text(old.model_dump_json(exclude_none=True), encoding="utf-8")
    run.report(folder / "report.html", language="nl")
    page = (folder / "report.html").read_text("utf-8")
    assert re.search(r'<td lang="en">[^<]*more than half of the 4 segments', page)


@pytest.mark.parametrize("number", [3, 4])
def test_many_pairs_that_are_alike_are_one_line(tmp_path: Path, number: int) -> None:
    run = sw.open(write_project(tmp_path)).run()
    names = [("stopped", "prime"), ("stopped", "young"), ("prime", "young"), ("young", "standard")][:number]
    guards = [
        GuardRecord(kind="alike", of=f"value_risk.{a}", holds=False, message="", said=said("alike", first=a, second=b))
        for a, b in names
    ]
    outcomes = Outcomes(as_of=run.manifest.as_of, tables={"customers": TableOutcomes(rows=10, guards=guards)})
    program = run.ruleset.program
    material = Material("", program, run.manifest, outcomes, Unobserved("failed"), "", run.manifest.as_of, "")
    found = [each.message for each in standing_of(material, language("nl")).open]
    if number == 3:
        assert (
            found[0]
            == "`stopped` en `prime` verschillen in geen enkele maat meer dan toeval zou geven: overweeg één segment."
        )
        assert len(found) == 3
    else:
        pairs = "Stopped en Prime; Stopped en Young; Prime en Young; Young en Standard"
        sentence = "verschillen in geen enkele maat meer dan toeval zou geven"
        assert found == [f"4 paren segmenten {sentence}: {pairs}. Overweeg minder segmenten."]


def test_the_broker(tmp_path: Path) -> None:
    """The project in Dutch, as anybody finds it."""
    copy = made_copy("beleggen", tmp_path, 1200)
    run = sw.open(copy.folder).open_run("latest")
    run.report(copy.folder / "rapport.html", language="nl")
    text = text_of((copy.folder / "rapport.html").read_text("utf-8").replace("<code>", "`").replace("</code>", "`"))
    before = text[: text.index("Herkomst", 600)]
    assert run.outcomes is not None
    found = run.outcomes.tables["klanten"]
    sentences = [each.message for each in found.guards]
    sentences += [sentence for each in found.fairness for sentence in each.message.split("; ")]
    assert len(sentences) > 10
    assert [each for each in sentences if each in before] == []
