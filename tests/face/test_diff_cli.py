"""`segwright diff` over the story of a small project: what it says of each commit, worked out by hand from its data."""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from face.conftest import Answer, Segwright
from history import story as told
from history.story import Story, members_at, tell
from markdown_it import MarkdownIt

import segwright as sw
from segwright.difference import Difference
from segwright.runtime.errors import DataError, RunError, SettingsError

GUARDS = "No guard is newly broken."
SMALL = (
    "more than half of the {} segments have fewer than 30 rows, too few for a figure to tell much: consider fewer "
    "segments"
)


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a commit: the summary; the moves, each with its cause; what changed in the rules."""

    summary: str
    moves: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    form: str = ""


PRIME = "parameter `prime_score` moved from 720 to 700"
STANDS = "`young` stands before clause 3 of `wealthy` now, and stood after it"
PAID = "`wealthy` also asks that `paid_3m > 0.00`"
APP = "`young` also asks that `has_app`"
FORM = "The rules mean what they meant, so nobody changes segment: only {} changed."

SAID: dict[tuple[str, str], Said] = {
    (told.FIRST, told.CUT_OFF): Said(
        f"3 of 30 customers (10.0%) change segment, all to `prime` because {PRIME}. {GUARDS}",
        (
            f"1 from `affluent` to `prime`: {PRIME} (clause 1 of `prime`)",
            f"1 from `young` to `prime`: {PRIME} (clause 1 of `prime`)",
            f"1 from `standard` to `prime`: {PRIME} (clause 1 of `prime`)",
        ),
        ("Parameter `prime_score` moved from 720 to 700 (loans.seg:2)",),
    ),
    (told.CUT_OFF, told.RENAMED): Said(
        FORM.format("2 names"),
        (),
        (
            "Let `late` is now called `late_6m` (loans.seg:3)",
            "Segment `affluent` of `value` is now called `wealthy` (loans.seg:9)",
        ),
    ),
    (told.RENAMED, told.REFORMATTED): Said(
        FORM.format("the layout of 2 files and the comments of 2 files"),
        (),
        (
            "Comments in `data.seg`: 1 new (data.seg:1)",
            "`data.seg` is laid out otherwise (data.seg:2)",
            "Comments in `loans.seg`: 1 new (loans.seg:3)",
            "`loans.seg` is laid out otherwise (loans.seg:6)",
        ),
    ),
    (told.REFORMATTED, told.REORDERED): Said(
        f"2 of 30 customers (6.7%) change segment, all from `wealthy` to `young` because {STANDS}. {GUARDS}",
        (f"2 from `wealthy` to `young`: {STANDS} (clause 2 of `young`)",),
        ("`young` now stands before `wealthy` (loans.seg:14)",),
    ),
    (told.REORDERED, told.REARRANGED): Said(
        FORM.format("the order of declarations in 2 files"),
        (),
        (
            "The fields of table `customers` stand in another order, which decides nothing (data.seg:2)",
            "Let `well_off` now stands before let `late_6m`, which decides nothing (loans.seg:3)",
            "Let `late_6m` now stands before parameter `prime_score`, which decides nothing (loans.seg:4)",
        ),
    ),
    (told.REARRANGED, told.NEW_SEGMENT): Said(
        f"4 of 30 customers (13.3%) change segment, all to `senior` because clause 3 of `senior` is new. {GUARDS}",
        (
            "2 from `wealthy` to `senior`: clause 3 of `senior` is new",
            "2 from `standard` to `senior`: clause 3 of `senior` is new",
        ),
        ("Segment `senior` of `value` is new, before `wealthy`: `when age >= 65` (loans.seg:16)",),
    ),
    (told.NEW_SEGMENT, told.SWAPPED): Said(
        f"None of the 30 customers changes segment. {GUARDS}",
        (),
        ("`senior` now stands before `young`; they cannot both hold, so nobody moves (loans.seg:14)",),
    ),
    (told.SWAPPED, told.NEW_FEATURE): Said(
        f"2 of 30 customers (6.7%) change segment, all from `wealthy` to `standard` because {PAID}. {GUARDS}",
        (f"2 from `wealthy` to `standard`: {PAID} (no longer in clause 4 of `wealthy`)",),
        (
            "Let `paid_3m` is new: `sum of amount from payments in last 3 months` (loans.seg:5)",
            "`wealthy` also asks that `paid_3m > 0.00` (loans.seg:19)",
            "`amount` of `payments` is now read by `value` (data.seg:11)",
        ),
    ),
    (told.NEW_FEATURE, told.NEW_FIELD): Said(
        "3 of 30 customers (10.0%) change segment; most of them, 2, go from `young` to `standard` because "
        f"{APP}. {GUARDS}",
        (
            f"2 from `young` to `standard`: {APP} (no longer in clause 3 of `young`)",
            f"1 from `young` to `wealthy`: {APP} (no longer in clause 3 of `young`)",
        ),
        (
            "Field `has_app` of `customers` is new: `boolean` (data.seg:7)",
            "`young` also asks that `has_app` (loans.seg:17)",
            "`has_app` of `customers` is now read by `value` (data.seg:7)",
        ),
    ),
    (told.NEW_FIELD, told.TITLES): Said(
        FORM.format("the layout of 1 file, 5 titles and the upkeep of 1 segmentation"),
        (),
        (
            'Table `customers` now has the title "Borrowers" (data.seg:2)',
            '`well_off` now has the title "Well off" (loans.seg:3)',
            '`value` now has the title "Value" (loans.seg:10)',
            '`value`: owner is now "portfolio" (loans.seg:10)',
            '`prime` now has the title "Prime borrowers" (loans.seg:14)',
            '`standard` now has the title "All others" (loans.seg:22)',
            "`loans.seg` is laid out otherwise (loans.seg:4)",
        ),
    ),
    # Nobody of prime, of young and of senior pays late; the one late payer of wealthy is hidden with the three of
    # standard, as one is fewer than 2. So three pairs can be compared, and none of them differs.
    (told.TITLES, told.WATCHED): Said(
        "None of the 30 customers changes segment. 3 guards are newly broken. No target is newly missed.",
        (),
        (
            "Groups below 2 are now hidden",
            "Measure `late_rate` is new: `share where late_6m > 0` (outcomes.seg:1)",
            "Target of `late_rate` for `standard` is new: at most 50% (outcomes.seg:3)",
        ),
    ),
}
PAIRS = [*SAID]
Differences = Callable[[tuple[str, str]], Difference]
MOVING = [pair for pair, said in SAID.items() if said.moves]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    return tell(tmp_path_factory.mktemp("story") / "repository")


@pytest.fixture(scope="module")
def differences(story: Story) -> Differences:
    """The difference of a commit, made once: the command line prints the same (see `Python` below)."""
    made: dict[tuple[str, str], Difference] = {}

    def difference(pair: tuple[str, str]) -> Difference:
        if pair not in made:
            made[pair] = sw.open(story.project).diff(*pair)
        return made[pair]

    return difference


def diff(segwright: Segwright, story: Story, *words: str) -> Answer:
    answer = segwright("diff", story.project, *words)
    assert (answer.code, answer.err) == (0, "")
    return answer


def shown(story: Story, tag: str) -> str:
    return f"{tag} ({story.shown(tag)})"


def section(text: str, head: str) -> list[str]:
    """The lines of a section of the page for a terminal, up to the empty one."""
    lines = text.split("\n")
    assert lines.count(head) == 1
    start = lines.index(head) + 1
    return [" ".join(line.split()) for line in lines[start : lines.index("", start)]]


def data(segwright: Segwright, story: Story, *words: str) -> dict[str, Any]:
    return json.loads(diff(segwright, story, *words, "--format", "json").out)


def renamed(before: str, segment: str) -> str:
    """A segment in words of the end of the story."""
    return "wealthy" if segment == "affluent" and before in (told.FIRST, told.CUT_OFF) else segment


# -- commit by commit --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pair", PAIRS, ids="..".join)
def test_each_commit_is_told_on_a_terminal(differences: Differences, story: Story, pair: tuple[str, str]) -> None:
    text, said = differences(pair).text(), SAID[pair]
    title, _, summary = text.split("\n")[:3]
    assert (title, summary) == ("loans", said.summary)
    assert section(text, "What changed in the rules") == list(said.rules)
    for move in said.moves:
        assert move in [" ".join(line.split()) for line in text.split("\n")]
    assert f"\n{shown(story, pair[0])} compared with {shown(story, pair[1])}; " in text
    assert ("as of 2026-09-01; 30 customers; " in text) == (not said.summary.startswith("The rules mean"))


@pytest.mark.parametrize("pair", PAIRS, ids="..".join)
def test_each_commit_is_told_in_a_comment(differences: Differences, pair: tuple[str, str]) -> None:
    text, said = differences(pair).markdown(), SAID[pair]
    marker, _, title, _, summary = text.split("\n")[:5]
    assert marker == "<!-- segwright diff: loans -->"
    assert (title, summary) == ("### loans: what this change of the rules does", said.summary)
    for move in said.moves:
        count, way = move.split(" ", 1)
        assert f"\n- **{count}** {way}\n" in text
    for line in said.rules:
        sentence, _, place = line.partition(" (")
        assert sentence.replace("_", "") in text.replace("_", "").replace("\\", "")
        assert not place or f"(`{place.removesuffix(')')}`)" in text
    assert "<details>" not in text or "</details>" in text
    assert MarkdownIt("commonmark").enable("table").render(text).count("<h3>") == 1


@pytest.mark.parametrize("pair", PAIRS, ids="..".join)
def test_each_commit_is_told_to_programs(differences: Differences, story: Story, pair: tuple[str, str]) -> None:
    found, said = json.loads(json.dumps(differences(pair).as_json())), SAID[pair]
    before, after = pair
    assert (found["format"], found["project"]) == (1, "loans")
    assert found["before"]["commit"] == story.commits[before]
    assert found["after"]["commit"] == story.commits[after]
    assert found["after"]["shown"] == shown(story, after)
    assert found["same_meaning"] == said.summary.startswith("The rules mean what they meant")
    assert all(each["meaning"] is not found["same_meaning"] for each in found["changes"])
    assert len(found["changes"]) == len(said.rules)
    if found["same_meaning"]:
        assert found["comparison"] is None
        assert found["not_compared"] == "the rules mean what they meant, so nobody can move"
        return
    (value,) = found["comparison"]["segmentations"]
    assert found["comparison"]["rows"] == {"customers": 30}
    old, new = members_at(before), members_at(after)
    assert {name: size["before"] for name, size in value["sizes"].items()} == {
        name: len(old[name]) if name in old else None for name in value["sizes"]
    }
    assert {name: size["after"] for name, size in value["sizes"].items()} == {
        name: len(new[name]) if name in new else None for name in value["sizes"]
    }
    ways = {(one, other): len(old[one] & new[other]) for one in old for other in new}
    assert value["migration"] == {
        one: {other: count for (start, other), count in ways.items() if start == one and count} for one in old
    }
    moves = {way: count for way, count in ways.items() if way[0] != way[1] and count}
    assert {(each["before"], each["after"]): each["count"] for each in value["moves"]} == moves
    assert all(sum(cause["count"] for cause in each["causes"]) == each["count"] for each in value["moves"])
    assert value["movers"] == sum(moves.values())
    assert value["movers_share"] == pytest.approx(sum(moves.values()) / 30)


def test_every_pair_is_there() -> None:
    tags = [each.tag for each in told.COMMITS if each.tag not in (told.BROKEN, told.MENDED)]
    assert [*itertools.pairwise(tags)] == PAIRS


# -- what the pages show -----------------------------------------------------------------------------------------------


def test_sizes_and_the_matrix_of_a_new_segment(differences: Differences) -> None:
    text = differences(("rearranged", "new-segment")).text()
    assert section(text, "value") == [
        "segment before after change",
        "senior new 4 (13.3%) +4",
        "wealthy 7 (23.3%) 5 (16.7%) -2",
        "standard 7 (23.3%) 5 (16.7%) -2",
        "The other 2 segments have as many as before.",
    ]


def test_the_matrix_shows_those_who_stay(differences: Differences) -> None:
    text = differences(("first", "cut-off")).text()
    assert section(text, "Migration matrix: from which segment to which") == [
        "before ↓ after → prime affluent young standard",
        "prime 8 0 0 0",
        "affluent 1 9 0 0",
        "young 1 0 3 0",
        "standard 1 0 0 7",
    ]


def test_what_was_broken_before_is_only_counted(differences: Differences) -> None:
    found = differences((told.FIRST, told.CUT_OFF))
    text = found.text()
    assert "\n1 thing that segments are held to was not kept before either: " in text
    assert SMALL.format(4) not in text
    assert SMALL.format(4) in found.markdown()


def test_what_is_newly_broken_is_told(differences: Differences) -> None:
    text = differences(("titles", "watched")).text()
    *broken, before = section(text, "What segments are held to")
    assert before.startswith("1 more thing that segments are held to was not kept before either: ")
    assert broken == [
        f"newly broken: `{one}` and `{other}` differ in no measure beyond chance: consider one segment"
        for one, other in (("prime", "senior"), ("prime", "young"), ("senior", "young"))
    ]
    assert "groups of fewer than 2 are hidden" in text


def test_newly_read_columns_are_told(differences: Differences) -> None:
    assert section(differences((told.SWAPPED, told.NEW_FEATURE)).text(), "What is read") == [
        "newly read: `payments.amount`: by `value`"
    ]
    assert section(differences((told.NEW_FEATURE, told.NEW_FIELD)).text(), "What is read") == [
        "newly read: `customers.has_app`: by `value`"
    ]
    assert section(differences((told.NEW_FIELD, told.NEW_FEATURE)).text(), "What is read") == [
        "no longer read: `customers.has_app`: before by `value`"
    ]


@pytest.mark.parametrize("pair", MOVING, ids="..".join)
def test_every_example_is_a_mover(differences: Differences, pair: tuple[str, str]) -> None:
    before, after = pair
    (value,) = differences(pair).as_json()["comparison"]["segmentations"]
    for each in value["examples"]:
        assert each["before"] == [told.segment_of(before, each["key"])]
        assert each["after"] == [told.segment_of(after, each["key"])]
        assert each["before"] != each["after"]
    assert len(value["examples"]) == min(3, value["movers"])


def test_as_many_examples_as_asked_for(segwright: Segwright, story: Story) -> None:
    for count in (0, 1, 100):
        (value,) = data(segwright, story, "first..new-field", "--examples", str(count))["comparison"]["segmentations"]
        assert len(value["examples"]) == min(count, value["movers"])
    assert "who move, by key" not in diff(segwright, story, "first..new-field", "--examples", "0").out


def test_the_whole_story_in_one(segwright: Segwright, story: Story) -> None:
    """Movers by hand, under the new names: to prime 7, 8, 9; to senior 21, 22, 23, 24; to young 19; to standard 12, 16,
    17 and 27. 20 was affluent and is wealthy, which is another name alone."""
    found = data(segwright, story, "first..mended")
    (value,) = found["comparison"]["segmentations"]
    old = {renamed(told.FIRST, segment): keys for segment, keys in members_at(told.FIRST).items()}
    new = members_at(told.MENDED)
    movers = {key for segment, keys in old.items() for key in keys if key not in new[segment]}
    assert movers == {7, 8, 9, 12, 16, 17, 19, 21, 22, 23, 24, 27}
    # Groups below 2 are hidden since `watched`: of the moves of one each, no number is shown.
    assert value["movers"] in (12, None)
    assert all(each["count"] is None or each["count"] > 1 for each in value["moves"])
    assert {
        "what": "segment",
        "within": "value",
        "before": "affluent",
        "after": "wealthy",
    } in found["renames"]


# -- which versions ----------------------------------------------------------------------------------------------------


def test_a_revision_against_the_working_tree(segwright: Segwright, tmp_path: Path) -> None:
    """Without the policy that hides groups of one: 7 goes to standard, 8 to young, 9 to wealthy."""
    own = tell(tmp_path / "own")
    commit = own.commit({"loans/outcomes.seg": None}, "Nothing is held to anything")
    rules = own.project / "loans.seg"
    rules.write_text(rules.read_text(encoding="utf-8").replace("prime_score = 700", "prime_score = 720"), "utf-8")
    text = diff(segwright, own).out
    assert text.split("\n")[2] == (
        "3 of 30 customers (10.0%) change segment, all from `prime` to other segments because parameter `prime_score` "
        f"moved from 700 to 720. {GUARDS}"
    )
    assert f"\nHEAD ({commit[:7]}) compared with the working tree; " in text
    assert diff(segwright, own, "--no-data").out.split("\n")[2] == (
        "1 change of meaning; what it does to customers was not compared."
    )


def test_two_folders(segwright: Segwright, story: Story, tmp_path: Path) -> None:
    copies = [tmp_path / name for name in ("old", "new")]
    for copy, tag in zip(copies, (told.FIRST, told.CUT_OFF), strict=True):
        shutil.copytree(story.project, copy)
        for name in ("loans.seg", "data.seg"):
            (copy / name).write_text(story.git("show", f"{tag}:loans/{name}"), encoding="utf-8")
        (copy / "outcomes.seg").unlink()
    answer = segwright("diff", *copies)
    assert answer.out.split("\n")[2] == SAID[told.FIRST, told.CUT_OFF].summary


def compiled(story: Story, folder: Path, tag: str) -> Path:
    """The compiled rule set of a commit."""
    from segwright.compiler.ruleset import dumped, written
    from segwright.runtime.history.versions import version_of

    file = folder / f"{tag}.ruleset.json"
    file.write_text(written(dumped(version_of(story.project, tag).rules)), encoding="utf-8")
    return file


def test_two_compiled_rule_sets(
    segwright: Segwright, story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [compiled(story, tmp_path, tag) for tag in (told.FIRST, told.CUT_OFF)]
    monkeypatch.chdir(tmp_path)
    alone = segwright("diff", *files).out
    assert "1 change of meaning; what it does to customers was not compared." in alone
    assert section(alone, "Why nothing was compared") == [
        "A compiled rule set names no data: name the folder of a project first, or start in it"
    ]
    summary = SAID[told.FIRST, told.CUT_OFF].summary
    assert segwright("diff", story.project, *files).out.split("\n")[2] == summary
    monkeypatch.chdir(story.project)
    assert segwright("diff", *files).out.split("\n")[2] == summary
    reformatted = [compiled(story, tmp_path, tag) for tag in (told.RENAMED, told.REFORMATTED)]
    assert segwright("diff", *reformatted).out.split("\n")[2] == (
        "The rules mean what they meant: their files differ in nothing that means anything."
    )
    assert (
        segwright("diff", files[0], files[0]).out.split("\n")[2] == "Nothing changed: both sides have the same rules."
    )


# -- options -----------------------------------------------------------------------------------------------------------


def test_both_sides_have_the_values_that_are_given(segwright: Segwright, story: Story) -> None:
    text = diff(segwright, story, "first..cut-off", "--set", "prime_score=750").out
    assert text.split("\n")[2] == f"None of the 30 customers changes segment. {GUARDS}"


def test_another_date_and_another_engine(segwright: Segwright, story: Story) -> None:
    """As of 2026-01-01 nobody has paid yet: with 720 prime are 1 to 6, 11, 12, 13, 14; with 700 also 7, 8, 9, 10."""
    for engine in ("duckdb", "polars"):
        (value,) = data(segwright, story, "first..cut-off", "--as-of", "2026-01-01", "--engine", engine)["comparison"][
            "segmentations"
        ]
        assert value["sizes"]["prime"] == {"before": 10, "after": 14, "hidden": False}
        assert value["movers"] == 4


def test_other_data(segwright: Segwright, story: Story, tmp_path: Path) -> None:
    lines = told.CUSTOMERS.splitlines()
    few = tmp_path / "few.csv"
    few.write_text("\n".join([lines[0], lines[7], lines[8]]) + "\n", encoding="utf-8")  # 7 and 8, who both move
    text = diff(segwright, story, "first..cut-off", "--data", f"customers={few}").out
    assert text.split("\n")[2].startswith("All 2 customers change segment, all to `prime` because")


def test_no_data_is_looked_at_where_none_is_wanted(segwright: Segwright, story: Story) -> None:
    text = diff(segwright, story, "first..cut-off", "--no-data").out
    assert section(text, "Why nothing was compared") == ["No data was to be looked at"]
    assert section(text, "What changed in the rules") == list(SAID[told.FIRST, told.CUT_OFF].rules)


@pytest.mark.parametrize("option", ["--as-of", "--engine", "--set", "--data", "--examples"])
def test_what_is_about_data_goes_with_data(segwright: Segwright, story: Story, option: str) -> None:
    value = {"--as-of": "2026-01-01", "--engine": "polars", "--examples": "3"}.get(option, "a=b")
    answer = segwright("diff", story.project, "--no-data", option, value)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == f"error: `{option}` is about data, which `--no-data` leaves out; give one of them\n"


def test_data_that_is_not_there_is_told(segwright: Segwright, tmp_path: Path) -> None:
    bare = tell(tmp_path / "bare", data=False)
    text = diff(segwright, bare, "first..cut-off").out
    assert text.split("\n")[2] == "1 change of meaning; what it does to customers was not compared."
    assert section(text, "Why nothing was compared") == [
        "There is no data to compare with: the data of `customers` is not there: data/customers.csv; "  # noqa: ISC004
        "the data of `payments` is not there: data/payments.csv"
    ]


def test_without_an_as_of_date_nothing_is_compared(segwright: Segwright, tmp_path: Path) -> None:
    own = tell(tmp_path / "own")
    settings = own.project / "segwright.toml"
    undated = settings.read_text(encoding="utf-8").replace("as_of = 2026-09-01\n", "")
    own.commit({"loans/segwright.toml": undated}, "No date")
    rules = (own.project / "loans.seg").read_text(encoding="utf-8")
    own.commit({"loans/loans.seg": rules.replace("prime_score = 700", "prime_score = 720")}, "Prime begins at 720")
    text = diff(segwright, own, "HEAD~1", "HEAD").out
    assert section(text, "Why nothing was compared") == [
        "There is no as-of date: give `--as-of 2026-09-01`, or `as_of` in segwright.toml"
    ]
    assert "30 customers" in diff(segwright, own, "HEAD~1", "HEAD", "--as-of", "2026-09-01").out


def test_a_file_is_written(segwright: Segwright, story: Story, tmp_path: Path) -> None:
    for form, name in (("text", "a.txt"), ("markdown", "a.md"), ("json", "a.json")):
        file = tmp_path / name
        answer = segwright("diff", story.project, "first..cut-off", "--format", form, "-o", file)
        assert (answer.code, answer.out) == (0, f"written: {file}\n")
        printed = diff(segwright, story, "first..cut-off", "--format", form).out
        if form != "json":  # which says how long it took
            assert file.read_text(encoding="utf-8") == printed
        else:
            assert json.loads(file.read_text(encoding="utf-8"))["changes"] == json.loads(printed)["changes"]


def test_a_file_that_cannot_be_written_is_told(segwright: Segwright, story: Story, tmp_path: Path) -> None:
    for target, said in (
        (tmp_path, f"`{tmp_path}` is a folder; name a file to write"),
        (tmp_path / "no" / "a.md", f"there is no folder `{tmp_path / 'no'}`"),
        (tmp_path / "a.seg", f"`{tmp_path / 'a.seg'}` is called like a rule file; name another file to write"),
    ):
        answer = segwright("diff", story.project, "first..cut-off", "--no-data", "-o", target)
        assert (answer.code, answer.out, answer.err) == (2, "", f"error: {said}\n")


# -- what goes wrong ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["watched..broken", "broken..mended"])
def test_a_side_with_errors_is_named(segwright: Segwright, story: Story, words: str) -> None:
    answer = segwright("diff", story.project, words)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith(f"error: the rules do not check at {shown(story, told.BROKEN)}: 1 error\n")
    assert "loans.seg:16:42: `aeg` is not a field of `customers`" in answer.err


def test_an_unknown_revision_and_a_wrong_number(segwright: Segwright, story: Story) -> None:
    assert segwright("diff", story.project, "frist..cut-off").code == 2
    answer = segwright("diff", story.project, "--examples", "-1")
    assert (answer.code, answer.err) == (2, "error: `--examples` is a whole number from 0, not `-1`\n")


def test_data_that_breaks_the_new_contract_is_told_with_whose_it_is(
    segwright: Segwright, story: Story, tmp_path: Path
) -> None:
    young = tmp_path / "customers.csv"
    young.write_text(told.CUSTOMERS.replace("1,45,50000", "1,17,50000"), encoding="utf-8")
    answer = segwright("diff", story.project, "first..cut-off", "--data", f"customers={young}")
    assert (answer.code, answer.out) == (3, "")
    assert answer.err.startswith(
        f"error: the data breaks its contract by the rules of {shown(story, told.CUT_OFF)}; nothing was written\n"
    )
    assert "`age`" in answer.err
    assert answer.err.endswith("\n\n`--no-data` compares the rules alone\n")


def test_nothing_is_written_into_the_project(segwright: Segwright, story: Story) -> None:
    diff(segwright, story, "first..cut-off")
    assert story.git("status", "--porcelain", "--ignored").split("\n") == ["!! loans/data/", ""]


# -- Python ------------------------------------------------------------------------------------------------------------


def test_python_programs_have_the_same(segwright: Segwright, story: Story) -> None:
    project = sw.open(story.project)
    found = project.diff("first", "cut-off")
    assert found.comparison is not None
    assert found.comparison.segmentations[0].movers == 3
    assert [each.kind for each in found.changes.changes] == ["cut-off"]
    assert found.text() == diff(segwright, story, "first..cut-off").out
    assert found.markdown() == diff(segwright, story, "first..cut-off", "--format", "markdown").out
    assert found.as_json()["changes"] == data(segwright, story, "first..cut-off")["changes"]
    assert project.diff("first..cut-off", rules_only=True).not_compared == "no data was to be looked at"


def test_python_programs_compare_rule_sets_and_projects_over_frames(story: Story, tmp_path: Path) -> None:
    import polars as pl

    project = sw.open(story.project)
    old, new = (sw.load(compiled(story, tmp_path, tag)) for tag in (told.FIRST, told.CUT_OFF))
    customers = pl.read_csv(story.project / "data" / "customers.csv").head(9)
    found = project.diff(old, new, customers=customers, examples=0)
    assert found.comparison is not None
    assert found.comparison.rows == {"customers": 9}
    assert found.comparison.segmentations[0].movers == 3  # 7, 8 and 9
    assert found.comparison.segmentations[0].examples == []
    assert found.before.shown == "the compiled rule set `loans`"
    same = project.diff(project)
    assert (same.before.shown, same.after.shown) == ("`loans`", "the working tree")
    assert same.changes.changes == ()


def test_python_programs_are_told_what_is_wrong(story: Story) -> None:
    project = sw.open(story.project)
    with pytest.raises(SettingsError, match=r"`costumers` is no table .*did you mean `customers`"):
        project.diff("first", "cut-off", costumers="x.csv")
    with pytest.raises(RunError, match="the rules do not check at broken"):
        project.diff("broken", "mended")
    with pytest.raises((SettingsError, DataError), match=r"x\.csv"):
        project.diff("first", "cut-off", customers="x.csv")
