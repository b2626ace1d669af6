"""The difference on a terminal."""

from face.differences_by_hand import CUT_OFF, MOVED, cause, change, changes, comparison, difference, move, rate, risk

from segwright import __version__
from segwright.difference import Difference
from segwright.render.changes.text import as_text
from segwright.render.text import plain, width
from segwright.runtime.comparing.records import ColumnRecord, JudgedRecord
from segwright.runtime.outcomes.records import GuardRecord


def usual() -> Difference:
    broken = GuardRecord(kind="size", of="risk.near", holds=False, message="`near` has 3 rows, fewer than 10")
    return difference(
        changes(MOVED, change("layout", "the layout changed", what="file", name="a.seg", within=None)),
        comparison(
            risk(
                212,
                {"prime": (1000, 1188), "near": (2000, 2000), "standard": (7000, 6812)},
                [move("standard", "prime", 200, cause(150), cause(50, "else")), move("prime", "standard", 12)],
                measures=[rate("prime", (0.021, 0.019, 0.0232), (0.029, 0.0222, 0.034), False)],
                migration={"prime": {"prime": 988, "standard": 12}, "standard": {"standard": 6800, "prime": 200}},
            ),
            guards=[JudgedRecord(of="risk.near", newly=True, before=None, after=broken)],
            newly_read=[
                ColumnRecord(
                    table="customers", field="phone", column="phone", personal=True, protected=False, readers=["risk"]
                )
            ],
        ),
    )


def test_the_whole_page_without_a_terminal() -> None:
    assert (
        usual().text()
        == f"""\
loans

212 of 10,000 customers (2.1%) change segment; most of them, 200, go from `standard` to `prime` mostly because \
{CUT_OFF}. Default rate of `prime` rises from 2.10% to 2.90% (intervals overlap: could be chance). 1 guard is newly \
broken: `risk.near`. No target is newly missed. `customers.phone`, which is personal, is newly read.

What changed in the rules
  The cut-off of `score` moved from 720 to 700

Beside that, what leaves the meaning alone: the layout of 1 file.

Value and risk (risk)
  segment                       before          after  change
  prime Prime borrowers  1,000 (10.0%)  1,188 (11.9%)    +188
  standard               7,000 (70.0%)  6,812 (68.1%)    -188
The other segment has as many as before.

  200  from `standard` to `prime`
       150  {CUT_OFF} (clause 1 of `prime`)
        50  else (clause 1 of `prime`)
   12  from `prime` to `standard`

  measure                before                  after                   chance?
  Default rate of prime  2.10% (1.90% to 2.32%)  2.90% (2.22% to 3.40%)  could be

What segments are held to
  newly broken: `near` has 3 rows, fewer than 10

What is read
  newly read, personal: `customers.phone`: by `risk`

The change that leaves the meaning alone
  The layout changed

main (3f2a91c) compared with the working tree; as of 2026-09-01; 10,000 customers; logic hash \
{usual().before.rules.logic_hash[:8]}; segwright {__version__}
"""
    )


def test_no_line_is_wider_than_the_terminal() -> None:
    whole = sorted(plain(as_text(usual())).split())
    for columns in (50, 60, 80, 120):
        text = as_text(usual(), columns)
        assert max(map(width, text.splitlines())) <= columns
        assert sorted(plain(text).split()) == whole


def test_a_terminal_counts_what_a_comment_folds_away() -> None:
    moves = [move("standard", f"s{n}", 20 - n) for n in range(10)]
    sizes = {"standard": (200, 45)} | {f"s{n}": (0, 20 - n) for n in range(10)}
    told = difference(changes(MOVED), comparison(risk(155, sizes, moves, rows=200), rows=200)).text()
    assert (
        "  13  from `standard` to `s7`\n2 more moves: `--format markdown` folds them away, `--format json` has" in told
    )
    assert "`s8`" not in told


def test_what_is_newly_broken_stands_out_in_red_and_what_is_personal_in_yellow() -> None:
    text = as_text(usual(), 100)
    assert "\x1b[1;31mnewly broken\x1b[0m" in text
    assert "\x1b[1;33mnewly read, personal\x1b[0m" in text


def test_a_title_cannot_colour_the_terminal() -> None:
    evil = difference(changes(change("cut-off", "\x1b[31mred\x1b[0m \u202e\n\rname")), not_compared="so")
    assert "\x1b[31mred" not in as_text(evil)
    assert "\n\rname" not in as_text(evil)
    assert "\u202e" not in as_text(evil)
