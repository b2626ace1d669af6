"""Mistakes as an analyst makes them: what is found, which words are underlined, and that the mended rules are clean.

The cases are data, `tests/cases/mistakes/*.toml`. In each file `before` is what all its programs start with. A case:

| key | |
|---|---|
| `mistake` | what went wrong, in words |
| `wrong`, `right` | the rules with the mistake, and mended |
| `found` | everything that checking `wrong` finds: the code, then exactly the words underlined |
| `labels` | the words that the labels point at, in order (where two places disagree) |
| `says` | words that the messages contain, in order |
| `fix` | true when the first fix of the first problem makes `right` out of `wrong` |
"""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from segwright.dsl.diagnostics import Diagnostic, Fix
from segwright.dsl.project import CheckedFiles, check_files

FOLDER = Path(__file__).parents[1] / "cases" / "mistakes"
JARGON = ("NoneType", "int", "str", "float", "Decimal", "tuple", "NAME", "STRING", "token", "class", "dict", "None")


@dataclass(frozen=True)
class Mistake:
    """One case of a file, with the words that all programs of the file start with."""

    name: str
    wrong: str
    right: str
    found: tuple[str, ...]
    labels: tuple[str, ...] | None = None
    says: tuple[str, ...] = ()
    fix: bool = False
    keys: frozenset[str] = field(default_factory=frozenset)


def mistakes() -> list[Mistake]:
    found: list[Mistake] = []
    for file in sorted(FOLDER.glob("*.toml")):
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        before = content.get("before", "")
        found.extend(
            Mistake(
                name=f"{file.stem}: {case['mistake']}",
                wrong=before + case["wrong"],
                right=before + case["right"],
                found=tuple(case["found"]),
                labels=tuple(case["labels"]) if "labels" in case else None,
                says=tuple(case.get("says", ())),
                fix=case.get("fix", False),
                keys=frozenset(case),
            )
            for case in content["case"]
        )
    return found


ALL = mistakes()
KEYS = {"mistake", "wrong", "right", "found", "labels", "says", "fix"}


def checked(rules: str, folder: Path) -> CheckedFiles:
    file = folder / "rules.seg"
    file.write_text(rules, encoding="utf-8", newline="")
    return check_files([file], folder)


def said(files: CheckedFiles) -> list[str]:
    """Code and underlined words of each problem."""
    return [f"{each.code} {files.sources[each.span.file].words(each.span)}" for each in files.diagnostics]


def mended(text: str, fix: Fix) -> str:
    for edit in sorted(fix.edits, key=lambda edit: edit.span.start, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def wording(diagnostic: Diagnostic) -> list[str]:
    labels = [label.message for label in diagnostic.labels]
    return [diagnostic.message, *labels, *diagnostic.hints, *(fix.title for fix in diagnostic.fixes)]


@pytest.mark.parametrize("mistake", ALL, ids=lambda mistake: mistake.name)
def test_the_mistake_is_found_under_the_right_words(mistake: Mistake, tmp_path: Path) -> None:
    assert mistake.keys <= KEYS
    files = checked(mistake.wrong, tmp_path)
    assert said(files) == list(mistake.found)
    for words, diagnostic in zip(mistake.says, files.diagnostics, strict=False):
        assert words in diagnostic.message
    if mistake.labels is not None:
        source = files.sources["rules.seg"]
        labels = [source.words(label.span) for each in files.diagnostics for label in each.labels]
        assert labels == list(mistake.labels)
    if mistake.fix:
        assert mended(mistake.wrong, files.diagnostics[0].fixes[0]) == mistake.right


@pytest.mark.parametrize("mistake", ALL, ids=lambda mistake: mistake.name)
def test_the_mended_twin_is_clean(mistake: Mistake, tmp_path: Path) -> None:
    files = checked(mistake.right, tmp_path)
    assert said(files) == []
    assert files.program is not None


@pytest.mark.parametrize("mistake", ALL, ids=lambda mistake: mistake.name)
def test_it_is_told_in_an_analysts_words(mistake: Mistake, tmp_path: Path) -> None:
    for diagnostic in checked(mistake.wrong, tmp_path).diagnostics:
        for sentence in wording(diagnostic):
            own = sentence.split("`")[::2]  # without the words quoted from the rules
            words = {word.strip(",.;:()") for part in own for word in part.split()}
            assert words.isdisjoint(JARGON), sentence
            assert sentence[:1] == sentence[:1].lower(), sentence


def test_there_are_at_least_eighty_kinds_of_mistake_and_twenty_as_they_are_typed() -> None:
    assert len({line.split()[0] for mistake in ALL for line in mistake.found}) >= 80
    typed = [mistake for mistake in ALL if mistake.name.startswith("as_typed")]
    assert len(typed) >= 20
    assert all(mistake.says for mistake in typed)


def test_six_mistakes_give_six_problems(tmp_path: Path) -> None:
    rules = """\
purposes credit_risk
table customers key customer_id
  customer_id   integer
  income        money optional
  score         integer from 850 to 300
  channel       one of "app", "web"
  gender        text protected
events payments of customers by custmer_id at paid_on
  customer_id   integer
  paid_on       date
  days_late     integer
parameter prime = 720 from 800 to 900
let worst = max of days_late from payments in last 12 months
segmentation value of customers
  first match wins
  purpose credit_risc
  segment prime
    when score >= prime and worst is known and worst < 30
    reason P01 "Pays in time"
  segment men when gender is "M"
  segment digital when channel is "ap"
  otherwise rest
"""
    assert said(checked(rules, tmp_path)) == [
        "SEG316 from 850 to 300",
        "SEG302 custmer_id",
        "SEG330 720",
        "SEG101 credit_risc",
        "SEG600 gender",
        'SEG205 "ap"',
    ]


def test_problems_of_all_files_come_in_one_go(tmp_path: Path) -> None:
    (tmp_path / "b.seg").write_text('use "data/a.seg"\nlet twice = incme * 2\n', encoding="utf-8")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.seg").write_text(
        'use "../b.seg"\ntable customers key customer_id\n  customer_id integer\n  income money from 9 to 3\n',
        encoding="utf-8",
    )
    files = check_files([tmp_path / "b.seg"], tmp_path)
    assert list(files.sources) == ["b.seg", "data/a.seg"]
    assert said(files) == ["SEG150 incme", "SEG316 from 9 to 3"]
    assert files.program is None


def test_a_missing_file_is_told_where_it_is_used(tmp_path: Path) -> None:
    (tmp_path / "customer_data.seg").write_text("table t key k\n  k integer\n", encoding="utf-8")
    (tmp_path / "rules.seg").write_text('use "customers_data.seg"\n', encoding="utf-8")
    (found,) = check_files([tmp_path / "rules.seg"], tmp_path).diagnostics
    assert (found.code, found.span.start, found.span.end) == ("SEG106", 4, 24)
    assert [edit.text for fix in found.fixes for edit in fix.edits] == ['"customer_data.seg"']


def test_a_file_in_another_encoding_is_told_at_the_character(tmp_path: Path) -> None:
    (tmp_path / "rules.seg").write_bytes("# Größe\n".encode("latin-1"))
    (found,) = check_files([tmp_path / "rules.seg"], tmp_path).diagnostics
    assert (found.code, found.span.start, found.span.end) == ("SEG107", 4, 5)


def test_no_files_and_files_without_rules(tmp_path: Path) -> None:
    (tmp_path / "empty.seg").write_text("# nothing yet\n", encoding="utf-8")
    assert [found.message for found in check_files([], tmp_path).diagnostics] == ["there is no rule file"]
    empty = check_files([tmp_path / "empty.seg"], tmp_path)
    assert [found.message for found in empty.diagnostics] == ["`empty.seg` declares nothing"]
    assert empty.program is None
