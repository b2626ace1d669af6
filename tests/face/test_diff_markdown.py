"""The comment on a pull request: what it looks like, that nothing in it is markup but our own, and that it fits."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from face.differences_by_hand import (
    CUT_OFF,
    HELD,
    MOVED,
    RULES,
    cause,
    change,
    changes,
    comparison,
    difference,
    move,
    rate,
    risk,
)
from markdown_it import MarkdownIt

from segwright import __version__
from segwright.compiler.changes.records import Change
from segwright.difference import Difference
from segwright.render.changes.markdown import as_markdown, marker
from segwright.runtime.comparing.records import ColumnRecord, JudgedRecord, MeasureRecord, MoverRecord, SizeRecord
from segwright.runtime.outcomes.records import GuardRecord, TargetRecord, Verdict

ZERO_WIDTH = "\u200b"


class Page(HTMLParser):
    """The page as a browser has it: its elements in order, and its text outside code."""

    def __init__(self, markdown: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[str] = []
        self.text = ""
        self.code: list[str] = []
        self.cells: list[list[str]] = []
        self._open: list[str] = []
        self.feed(MarkdownIt("commonmark").enable("table").render(markdown))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - as it is called
        self.elements.append(tag)
        self._open.append(tag)
        if tag == "tr":
            self.cells.append([])
        if tag in ("td", "th"):
            self.cells[-1].append("")
        if tag == "code":
            self.code.append("")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "code" in self._open:
            self.code[-1] += data
        else:
            self.text += data
        if {"td", "th"} & set(self._open):
            self.cells[-1][-1] += data


OURS = {
    "h3", "h4", "p", "ul", "li", "strong", "code", "sub", "details", "summary",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


def usual() -> Difference:
    moves = [
        move("standard", "prime", 180, cause(180)),
        move("near", "prime", 20, cause(15), cause(5, "the let `late` changed")),
        move("prime", "standard", 12, cause(12, "the condition on `paid` was added")),
    ]
    return difference(
        changes(MOVED, change("title", "the title of `prime` changed")),
        comparison(
            risk(
                212,
                {"prime": (1000, 1188), "near": (2000, 1980), "standard": (7000, 6832)},
                moves,
                measures=[
                    rate("prime", (0.021, 0.019, 0.0232), (0.029, 0.0222, 0.034), False),
                    rate("near", (0.05, 0.04, 0.06), (0.05, 0.04, 0.06)),
                ],
                migration={
                    "prime": {"prime": 988, "standard": 12},
                    "near": {"near": 1980, "prime": 20},
                    "standard": {"standard": 6820, "prime": 180},
                },
                examples=[MoverRecord(key=1042, before=["standard"], after=["prime"], explanation=["`score` is 711"])],
            ),
            notes=["the measure `roi` is only in the new rules"],
        ),
        after=RULES + HELD,
    )


def test_the_whole_comment() -> None:
    assert (
        usual().markdown()
        == f"""\
<!-- segwright diff: loans -->

### loans: what this change of the rules does

212 of 10,000 customers (2.1%) change segment; most of them, 180, go from `standard` to `prime` because the cut-off of \
`score` moved from 720 to 700. Default rate of `prime` rises from 2.10% to 2.90% (intervals overlap: could be chance). \
No target is newly missed, no guard is newly broken and no fairness ratio is newly too low.

#### What changed in the rules

- The cut-off of `score` moved from 720 to 700

Beside that, what leaves the meaning alone: 1 title.

#### Value and risk (`risk`)

| segment | before | after | change |
| --- | ---: | ---: | ---: |
| `prime` Prime borrowers | 1,000 (10.0%) | 1,188 (11.9%) | +188 |
| `near` | 2,000 (20.0%) | 1,980 (19.8%) | -20 |
| `standard` | 7,000 (70.0%) | 6,832 (68.3%) | -168 |

- **180** from `standard` to `prime`: the cut-off of `score` moved from 720 to 700 (clause 1 of `prime`)
- **20** from `near` to `prime`
  - **15** the cut-off of `score` moved from 720 to 700 (clause 1 of `prime`)
  - **5** the let `late` changed (clause 1 of `prime`)
- **12** from `prime` to `standard`: the condition on `paid` was added (clause 1 of `prime`)

<details><summary>Migration matrix: from which segment to which</summary>

| before ↓ after → | `prime` | `near` | `standard` |
| --- | ---: | ---: | ---: |
| `prime` | 988 | 0 | 12 |
| `near` | 20 | 1,980 | 0 |
| `standard` | 180 | 0 | 6,820 |

</details>

| measure | before | after | chance? |
| --- | --- | --- | --- |
| Default rate of `prime` | 2.10% (1.90% to 2.32%) | 2.90% (2.22% to 3.40%) | could be |

<sub>1 figure is as before.</sub>

<details><summary>One who moves, by key</summary>

- **1042** from `standard` to `prime`
  - `score` is 711

</details>

<details><summary>The change that leaves the meaning alone</summary>

- The title of `prime` changed

</details>

#### To be noted

- The measure `roi` is only in the new rules

<sub>main (3f2a91c) compared with the working tree; as of 2026-09-01; 10,000 customers; groups of fewer than 10 are \
hidden; logic hash {usual().before.rules.logic_hash[:8]}, then {usual().after.rules.logic_hash[:8]}; segwright \
{__version__}</sub>
"""
    )


def test_it_is_a_page_of_our_own_elements() -> None:
    page = Page(usual().markdown())
    assert set(page.elements) == OURS
    assert page.elements.count("details") == 3
    assert ["prime Prime borrowers", "1,000 (10.0%)", "1,188 (11.9%)", "+188"] in page.cells


def test_only_segments_that_change_are_shown() -> None:
    sizes = dict.fromkeys(("a", "b", "c"), (10, 10)) | {"prime": (1000, 1001), "standard": (5, 4)}
    text = difference(changes(MOVED), comparison(risk(1, sizes))).markdown()
    assert "| `prime` |" in text.replace("Prime borrowers ", "")
    assert "`a`" not in text
    assert "<sub>The other 3 segments have as many as before.</sub>" in text


def test_segments_that_change_places_keep_their_sizes() -> None:
    moves = [move("standard", "prime", 1), move("prime", "standard", 1)]
    text = difference(changes(MOVED), comparison(risk(2, {"prime": (5, 5), "standard": (5, 5)}, moves))).markdown()
    assert "2 customers change places, and every segment is as large as before." in text
    assert "| segment |" not in text


def test_new_and_removed_segments_are_called_so() -> None:
    sizes: dict[str, tuple[int | None, int | None]] = {"prime": (None, 7), "thin": (7, None)}
    text = difference(changes(MOVED), comparison(risk(7, sizes, rows=100), rows=100)).markdown()
    assert "| `prime` Prime borrowers | new | 7 (7.0%) | +7 |" in text
    assert "| `thin` | 7 (7.0%) | gone | -7 |" in text


def test_hidden_groups_are_called_so() -> None:
    sizes: dict[str, tuple[int | None, int | None]] = {
        "prime": (None, None),
        "near": (None, None),
        "standard": (9000, 9100),
    }
    hidden = risk(None, sizes, [move("near", "standard", None)], hidden=["prime", "near"])
    text = difference(changes(MOVED), comparison(hidden)).markdown()
    assert "<sub>2 are hidden.</sub>" in text
    assert "<details><summary>1 move of a number that is hidden</summary>\n\n- **hidden** from `near` to" in text
    moves = [move("near", "prime", None), move("near", "standard", None), move("prime", "near", 12)]
    text = difference(changes(MOVED), comparison(risk(None, sizes, moves, hidden=["prime", "near"]))).text()
    assert "\n  12  from `prime` to `near`\n2 moves of numbers that are hidden: `--format markdown`" in text


def test_figures_that_are_hidden_on_a_side_are_counted() -> None:
    both = rate("prime", (0.1, 0.05, 0.15), (0.3, 0.2, 0.4), True)
    assert both.before is not None
    gone = both.before.model_copy(update={"value": None, "low": None, "high": None, "status": "hidden"})
    half = both.model_copy(update={"before": gone, "clear": None})

    def told(*measures: MeasureRecord) -> str:
        record = risk(1, {"prime": (1, 2)}, measures=measures)
        return difference(changes(MOVED), comparison(record)).markdown()

    assert "<sub>1 more figure is hidden.</sub>" in told(both, half)
    assert "<sub>2 figures are hidden.</sub>" in told(half, half)
    same = rate("near", (0.1, 0.05, 0.15), (0.1, 0.05, 0.15), False)
    assert "<sub>1 figure is as before and 1 is hidden.</sub>" in told(both, half, same)
    assert "figure" not in told(same)


def test_what_is_held_to_is_told_the_worst_first() -> None:
    def guard(holds: bool, message: str) -> GuardRecord:
        return GuardRecord(kind="size", of="risk.near", holds=holds, message=message)

    few, enough = guard(False, "`near` has 3 rows, fewer than 10"), guard(True, "`near` has 30 rows, at least 10")
    held = [
        JudgedRecord(of="risk.near", newly=False, before=few, after=few),
        JudgedRecord(of="risk.near", newly=False, before=few, after=enough),
        JudgedRecord(of="risk.near", newly=True, before=enough, after=few),
        JudgedRecord(of="risk.near", newly=False, before=few, after=None),
    ]
    text = difference(changes(MOVED), comparison(risk(0, {}), guards=held)).markdown()
    told = text.partition("#### What segments are held to\n\n")[2].partition("\n\n<sub>")[0]
    assert (
        told
        == """\
- ❌ **newly broken**: `near` has 3 rows, fewer than 10
- ✅ **holds again**: `near` has 30 rows, at least 10
- **no longer asked**: `near` has 3 rows, fewer than 10

<details><summary>1 more thing that segments are held to was not kept before either</summary>

- `near` has 3 rows, fewer than 10

</details>"""
    )


def test_only_what_was_missed_is_met_again() -> None:
    def target(verdict: Verdict) -> TargetRecord:
        return TargetRecord(
            segmentation="risk", segment="prime", said="size at least 5%", limit=0.05, value=None, verdict=verdict
        )

    pairs: list[tuple[Verdict, Verdict]] = [("hidden", "met"), ("met", "unclear"), ("missed", "met")]
    held = [JudgedRecord(of="risk.prime", newly=False, before=target(a), after=target(b)) for a, b in pairs]
    text = difference(changes(MOVED), comparison(risk(0, {}), targets=held)).markdown()
    told = text.partition("#### What segments are held to\n\n")[2].partition("\n\n<sub>")[0]
    assert (
        told
        == """\
- ✅ **met again**: `prime` size at least 5%: met, was missed

<details><summary>2 more verdicts differ, on neither side a miss</summary>

- `prime` size at least 5%: met, was hidden
- `prime` size at least 5%: unclear, was met

</details>"""
    )


def test_many_pairs_of_segments_that_are_alike_are_told_in_one_line() -> None:
    def held(count: int) -> str:
        alike = [
            GuardRecord(kind="alike", of=f"risk.s{at}", holds=False, message=f"`s{at}` and `t` differ in nothing")
            for at in range(count)
        ]
        guards = [JudgedRecord(of=each.of, newly=True, before=None, after=each) for each in alike]
        few = GuardRecord(kind="size", of="risk.near", holds=False, message="`near` has 3 rows, fewer than 10")
        guards.append(JudgedRecord(of="risk.near", newly=True, before=None, after=few))
        return difference(changes(MOVED), comparison(risk(0, {}), guards=guards)).markdown()

    assert held(3).count("differ in nothing\n") == 3
    assert "4 guards are newly broken." in held(3)
    many = held(4)
    assert "differ in nothing" not in many
    line = "- ❌ **newly broken**: 4 pairs of segments differ in no measure beyond chance: consider fewer segments in"
    assert f"{line} `risk`\n- ❌ **newly broken**: `near` has 3 rows, fewer than 10\n" in many
    said = (
        "4 pairs of segments of `risk` newly differ in no measure beyond chance. 1 guard is newly broken: `risk.near`."
    )
    assert said in many


def test_a_pair_of_segments_that_is_alike_no_more_is_good_news() -> None:
    alike = GuardRecord(kind="alike", of="risk.prime", holds=False, message="`prime` and `near` differ in no measure")
    held = [JudgedRecord(of="risk.prime", newly=False, before=alike, after=None)]
    text = difference(changes(MOVED), comparison(risk(0, {}), guards=held)).markdown()
    assert "- ✅ **no longer so**: `prime` and `near` differ in no measure" in text


def test_protected_columns_stand_before_personal_ones() -> None:
    def column(field: str, *, personal: bool = False, protected: bool = False, stored: str = "") -> ColumnRecord:
        return ColumnRecord(
            table="customers",
            field=field,
            column=stored or field,
            personal=personal,
            protected=protected,
            readers=["risk", "audiences"],
        )

    read = [column("income", stored="INC_AMT"), column("email", personal=True), column("gender", protected=True)]
    text = difference(
        changes(MOVED), comparison(risk(0, {}), newly_read=read, no_longer_read=[column("age")])
    ).markdown()
    told = text.partition("#### What is read\n\n")[2].partition("\n\n<sub>")[0]
    assert (
        told
        == """\
- ⚠️ **newly read, protected**: `customers.gender`: by `risk` and `audiences`
- ⚠️ **newly read, personal**: `customers.email`: by `risk` and `audiences`
- **newly read**: `customers.income` (the column `INC_AMT`): by `risk` and `audiences`
- **no longer read**: `customers.age`: before by `risk` and `audiences`"""
    )


# -- what names and titles may not do ----------------------------------------------------------------------------------

HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(1)> @everyone #12 !7 GH-9 owner/loans#3 a@b.example "
    "https://evil.example/x www.evil.example [link](https://evil.example) ![i](x) | cell | **bold** _it_ ~~gone~~ "
    "$x$ :tada: &lt;b&gt; -->  </details> <!-- `` ` \\` \u202e \u2028 \x1b[31m"
)
NAME = "a|b @you <b>#1</b> **x** \\"


def hostile() -> Difference:
    """The same texts in every place that takes one from a rule file or from data."""
    said = f"the title of `{NAME}` is now “{HOSTILE}”"
    rules = RULES.replace('"Value and risk"', '"' + HOSTILE.replace("\\", "\\\\").replace('"', '\\"') + '"')
    rules = re.sub("[\u2028\u202e\x1b]", " ", rules)  # which no rule file can hold
    record = risk(
        3,
        {NAME: (1, 4), "standard": (9, 6)},
        [move("standard", NAME, 3, cause(2, said, NAME), cause(1, HOSTILE, NAME))],
        measures=[rate(NAME, (0.1, 0.1, 0.2), (0.3, 0.2, 0.4), True).model_copy(update={"title": HOSTILE})],
        migration={"standard": {"standard": 6, NAME: 3}, NAME: {NAME: 1}},
        examples=[MoverRecord(key=HOSTILE, before=["standard"], after=[NAME], explanation=[HOSTILE, said])],
    )
    guard = GuardRecord(kind="size", of=NAME, holds=False, message=HOSTILE)
    return difference(
        changes(change("cut-off", said), change("title", HOSTILE), change("layout", said, what="file")),
        comparison(
            record,
            guards=[JudgedRecord(of=NAME, newly=True, before=None, after=guard)],
            newly_read=[
                ColumnRecord(
                    table="customers", field=NAME, column=HOSTILE, personal=True, protected=False, readers=[HOSTILE]
                )
            ],
            notes=[HOSTILE],
        ),
        after=rules,
        name=HOSTILE,
    )


def test_hostile_names_add_no_element() -> None:
    page = Page(hostile().markdown())
    assert set(page.elements) <= OURS
    assert page.elements.count("details") == page.elements.count("summary") == 2
    assert "script" in page.text  # it stands there, as text


def test_hostile_names_call_nobody() -> None:
    """Outside code, where GitHub and GitLab look for mentions and references."""
    text = Page(hostile().markdown()).text
    assert not re.findall(r"(?<![^\s(])@\w", text)
    assert not re.findall(r"[@#!~$%&]\w", text)
    assert not re.findall(r"\bGH-\d|https?://|www\.\w", text, re.IGNORECASE)
    assert f"@{ZERO_WIDTH}everyone" in text


def test_hostile_names_keep_tables_whole() -> None:
    cells = Page(hostile().markdown()).cells
    assert [NAME, "1 (less than 0.1%)", "4 (less than 0.1%)", "+3"] in cells
    assert {len(row) for row in cells if row[0].endswith(NAME)} == {4}


def test_hostile_names_bring_no_line_and_no_control_sign() -> None:
    text = hostile().markdown()
    assert not re.findall(r"[\x00-\x09\x0b-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]", text)
    assert [line for line in text.split("\n") if line.startswith(("/", "<script", "<img"))] == []


def test_the_marker_is_one_comment() -> None:
    assert marker("personal-loans") == "<!-- segwright diff: personal-loans -->"
    assert marker("Kredite für alle") == "<!-- segwright diff: Kredite für alle -->"
    first, *others = hostile().markdown().split("\n")
    assert first.startswith("<!-- segwright diff: ")
    assert first.count("--") == 2
    assert not any(line.startswith("<!--") for line in others)


# -- size --------------------------------------------------------------------------------------------------------------


def huge(count: int) -> Difference:
    """So many segments, moves, changes, measures and examples."""
    sizes = {f"segment_{n}": (100, 100 + n) for n in range(1, count + 1)}
    moves = [move("standard", name, 1000 - at, cause(1000 - at, segment=name)) for at, name in enumerate(sizes)]
    examples = [
        MoverRecord(key=n, before=["standard"], after=["segment_1"], explanation=["because " * 50])
        for n in range(count)
    ]
    measures = [rate(name, (0.1, 0.05, 0.15), (0.3, 0.2, 0.4), True) for name in sizes]
    changed: list[Change] = [change("cut-off", f"{CUT_OFF} in `segment_{n}`", name=f"s{n}") for n in range(count)]
    record = risk(count * 10, sizes, moves, rows=10**9, measures=measures, examples=examples)
    return difference(changes(*changed), comparison(record, rows=10**9))


@pytest.mark.parametrize("limit", [60_000, 20_000, 6_000])
def test_a_comment_fits_and_says_what_it_leaves_out(limit: int) -> None:
    text = as_markdown(huge(400), limit)
    assert len(text) <= limit
    assert "Some details are left out, as a comment holds no more: `segwright diff` shows them." in text
    assert text.startswith("<!-- segwright diff: loans -->\n\n### loans")
    assert text.rstrip().endswith(f"segwright {__version__}</sub>")
    assert "4,000 of 1,000,000,000 customers" in text
    page = Page(text)
    assert page.elements.count("details") == text.count("</details>")


def test_many_segmentations_fit_too() -> None:
    """Of each only its head, a segment and a move, and even these are too many: the summary and the origin stay."""
    names = [f"risk_{n}" for n in range(300)]
    rules = RULES.partition("measure")[0] + "".join(
        f"segmentation {name} of customers\n  first match wins\n  segment prime when score > 1\n  otherwise rest\n"
        for name in names
    )
    records = [
        risk(3, {"prime": (1, 4), "rest": (9, 6)}, [move("rest", "prime", 3, cause(3))], segmentation=name)
        for name in names
    ]
    text = as_markdown(difference(changes(MOVED), comparison(*records), after=rules))
    assert len(text) <= 60_000
    assert "There are movers in 297 more segmentations." in text
    assert text.rstrip().endswith(f"segwright {__version__}</sub>")
    small = as_markdown(difference(changes(MOVED), comparison(*records), after=rules), 2_000)
    assert len(small) <= 2_000
    assert "There are movers in 297 more segmentations." in small


def test_what_fits_is_left_whole() -> None:
    assert "left out" not in as_markdown(huge(10))
    assert "left out" not in usual().markdown()


def test_long_lists_are_folded_away() -> None:
    text = huge(100).markdown()
    assert "<details><summary>92 more moves</summary>" in text
    assert "And 32 more; `--format json` has them all." in text
    assert "<details><summary>88 more changes of meaning</summary>" in text
    assert "<details><summary>95 more figures differ</summary>" in text
    assert "Migration matrix" not in text  # a hundred columns are no table


def test_a_matrix_of_eight_columns_is_shown_and_of_nine_is_not() -> None:
    def matrix(count: int) -> str:
        names = [f"s{n}" for n in range(count - 1)]
        record = risk(
            2 * len(names),
            dict.fromkeys(names, (1, 3)) | {"standard": (99, 1)},
            [move("standard", name, 2) for name in names],
            migration={"standard": {"standard": 1} | dict.fromkeys(names, 2)},
        )
        return difference(changes(MOVED), comparison(record)).markdown()

    assert "Migration matrix" in matrix(8)
    assert "Migration matrix" not in matrix(9)


def test_a_size_that_came_from_nowhere_has_no_share_of_no_rows() -> None:
    record = risk(None, {"prime": (None, None)}, rows=None, hidden=["prime"])
    assert record.sizes["prime"] == SizeRecord(before=None, after=None, hidden=True)
    assert "1 is hidden" in difference(changes(MOVED), comparison(record, rows=None)).markdown()
