"""The rule file with a first segmentation, measures and tests, each for the user to edit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from ..dsl.wording import text_wording, written
from .features import YEAR, Choice, Cut, Lately, choice, cuts, flag, lately
from .literals import literal
from .naming import identifier, in_words, unique
from .outcomes import Outcome, any_truth, outcome
from .records import Guess, TableGuess
from .schema import comment

if TYPE_CHECKING:
    from ..runtime.profiling.records import Connection

SCHEMA = "schema.seg"
EDIT = "EDIT ME"
MOST_SEGMENTS = 4


@dataclass(frozen=True, slots=True)
class _Segment:
    """A segment: its condition, why it is there, and what test rows are given to land in it, or to pass it by."""

    name: str
    title: str
    condition: str
    why: str
    given: tuple[str, ...]
    passed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Let:
    name: str
    title: str
    text: str


def segments_text(
    con: Connection, root: TableGuess, tables: Sequence[TableGuess], as_of: dt.date, taken: set[str]
) -> str:
    """The text of the file, not laid out yet. `taken` are names that the project has already."""
    numbers = cuts(con, root, 2)
    happened = outcome(root)
    judged = None if happened is None else happened.field
    recent, listed = lately(con, root, tables, as_of), choice(root, judged)
    lets: list[_Let] = []
    segments: list[_Segment] = []
    if recent is not None:
        segments += _of_events(recent, root, as_of, lets, taken)
    segments += [_high(cut) for cut in numbers[:1] if cut.high is not None]
    segments += [_low(cut) for cut in numbers[:1] if cut.low is not None]
    segments += [_high(cut) for cut in numbers[1:] if cut.high is not None]
    if listed is not None:
        segments.append(_of_list(listed))
    yes = None if segments else flag(root, judged)
    if yes is not None:
        segments.append(_of_flag(yes))
    segmentation = unique(f"{root.name}_segments", taken)
    taken.add(segmentation)
    segments = _named_apart(segments[:MOST_SEGMENTS] or [_new(segmentation)])
    pieces = [_head(), "".join(let.text for let in lets), _segmentation(segmentation, root, segments)]
    found = happened or any_truth(root, () if yes is None else (yes.field.name,))
    pieces += _measures(numbers, lets, found, root, taken)
    pieces += _tests(segmentation, segments, as_of)
    return "\n".join(pieces)


def _head() -> str:
    said = [
        "segments.seg: a first segmentation, to be edited.",
        "",
        "It runs, and that is all it claims: columns were picked by name, limits by how values are spread today.",
        "Nothing personal or protected is used. Put your own rules here: who belongs where, and why.",
    ]
    return "".join(comment(line) if line else "#\n" for line in said) + f'\nuse "{SCHEMA}"\n'


# -- segments ----------------------------------------------------------------------------------------------------------


def _of_events(recent: Lately, root: TableGuess, as_of: dt.date, lets: list[_Let], taken: set[str]) -> list[_Segment]:
    """A segment of those without events lately, and one of those whose events add up to much."""
    events, spent = recent.events, recent.spent
    called = in_words(events.name)

    def let(name: str, title: str, value: str) -> str:
        apart = unique(name, taken | set(root.fields))
        taken.add(apart)
        lets.append(_Let(apart, title, f"let {apart} {text_wording(title)} of {root.name} = {value}\n"))
        return apart

    def row(value: Decimal | None) -> str:
        told = [f"{written(events.at or '')} {as_of.isoformat()}"]
        if spent is not None and value is not None:
            told.append(_given(spent.guess, literal(value, spent.guess.field.type)))
        return f"{events.name} ({', '.join(told)})"

    count = let(
        f"recent_{events.name}",
        f"{called.capitalize()} in {recent.window}",
        f"count of {events.name} in last {recent.window}",
    )
    small = spent.middle if spent is not None else None
    none = f"No {called} in {recent.window}"
    why = f"about {recent.none:.0%} had none"
    segments = [_Segment(f"no_recent_{events.name}", none, f"{count} = 0", why, (), (row(small),))]
    if spent is not None and spent.high is not None:
        field = spent.guess.field
        title = f"{in_words(field.name).capitalize()} of {called} in {YEAR}"
        value = f"sum of {written(field.name)} from {events.name} in last {YEAR}"
        total = let(f"{field.name}_of_{events.name}", title, value)
        condition = f"{total} >= {literal(spent.high, field.type)}"
        why = "about a fifth of the rows have as much"
        name, title = f"high_{total}", f"High {in_words(field.name)} of {called}"
        segments.append(_Segment(name, title, condition, why, (row(spent.high),), (row(small),)))
    return segments


def _high(cut: Cut) -> _Segment:
    assert cut.high is not None
    share = "about a fifth of the rows have as much"
    return _numeric(cut, "high", ">=", cut.high, share, cut.high)


def _low(cut: Cut) -> _Segment:
    assert cut.low is not None
    below = cut.low - (Decimal("0.01") if cut.guess.field.type.kind in ("percent", "money") else Decimal(1))
    least = Decimal(str(cut.guess.column.low))
    return _numeric(cut, "low", "<", cut.low, "about a fifth of the rows have less", max(below, least))


def _numeric(cut: Cut, word: str, sign: str, limit: Decimal, why: str, value: Decimal) -> _Segment:
    field = cut.guess.field
    title = f"{word.capitalize()} {in_words(field.name)}"
    known = f"{written(field.name)} is known and " if field.optional else ""
    return _Segment(
        f"{word}_{field.name}",
        title,
        f"{known}{written(field.name)} {sign} {literal(limit, field.type)}",
        why,
        (_given(cut.guess, literal(value, field.type)),),
        (_given(cut.guess, literal(cut.middle, field.type)),),
    )


def _of_list(listed: Choice) -> _Segment:
    field = listed.guess.field
    known = f"{written(field.name)} is known and " if field.optional else ""
    return _Segment(
        identifier(f"{field.name} {listed.value}", (), field.name),
        f"{in_words(field.name).capitalize()} {listed.value}",
        f"{known}{written(field.name)} is {text_wording(listed.value)}",
        f"{listed.share:.0%} of the rows",
        (_given(listed.guess, text_wording(listed.value)),),
        (_given(listed.guess, text_wording(listed.other)),),
    )


def _of_flag(guess: Guess) -> _Segment:
    name, called = guess.field.name, in_words(guess.field.name)
    given, passed = _given(guess, "true"), _given(guess, "false")
    return _Segment(f"with_{name}", called.capitalize(), written(name), "a yes or no", (given,), (passed,))


def _new(segmentation: str) -> _Segment:
    """What can be asked of any table: whether a row was there in the run before."""
    return _Segment(
        "newcomers",
        "Not there in the run before",
        f"previous {segmentation} is missing",
        "no column gave a limit to cut by",
        (),
        (f"previous {segmentation} others",),
    )


def _given(guess: Guess, value: str) -> str:
    return f"{written(guess.field.name)} {value}"


def _named_apart(segments: Sequence[_Segment]) -> list[_Segment]:
    named: list[_Segment] = []
    for segment in segments:
        name = unique(segment.name, {*(each.name for each in named), "others"})
        named.append(_Segment(name, segment.title, segment.condition, segment.why, segment.given, segment.passed))
    return named


def _segmentation(name: str, root: TableGuess, segments: Sequence[_Segment]) -> str:
    lines = [
        comment(f"{EDIT}: the names, the limits, the order; whoever fits two segments is put into the earlier one."),
        f'segmentation {name} "A first segmentation" of {root.name}\n  first match wins\n',
    ]
    for segment in segments:
        lines.append(f"\n  {comment(f'guess: {segment.why}')}")
        lines.append(f"  segment {segment.name} {text_wording(segment.title)}\n    when {segment.condition}\n")
    lines.append('\n  otherwise others "All others"\n')
    return "".join(lines)


# -- measures and tests ------------------------------------------------------------------------------------------------


def _measures(
    numbers: Sequence[Cut], lets: Sequence[_Let], found: Outcome | None, root: TableGuess, taken: set[str]
) -> list[str]:
    """How things turned out, where a column tells, then averages of what segments are cut by."""
    said: list[tuple[str, str, str, str]] = []
    if found is not None:
        better = " lower is better" if found.bad else ""
        said.append((found.name, found.title, f"share where {found.condition}", better))
    for cut in numbers[:1]:
        field = cut.guess.field
        title = f"Average {in_words(field.name)}"
        said.append((f"average_{field.name}", title, f"average of {written(field.name)}", ""))
    if lets:
        name, title = lets[-1].name, lets[-1].title
        said.append((f"average_{name}", f"Average {title[:1].lower()}{title[1:]}", f"average of {name}", ""))
    if not said:
        return []
    why = "" if found is None else f" guess: `{found.field}` is {found.why}."
    lines = [comment(f"{EDIT}: what the segments are judged by.{why}")]
    for name, title, value, better in said:
        apart = unique(name, taken)
        taken.add(apart)
        lines.append(f"measure {apart} {text_wording(title)} of {root.name}{better} = {value}\n")
    return ["".join(lines)]


def _tests(segmentation: str, segments: Sequence[_Segment], as_of: dt.date) -> list[str]:
    """A test for each segment and one for who fits none: the rows given pass all earlier segments by."""
    tests = [comment(f"{EDIT}: made-up rows and where they must land; `segwright test` runs them.")]
    for segment in segments:
        own = {_about(words): words for words in segment.given}
        others = [words for each in segments for words in each.passed if _about(words) not in own]
        if not segment.given:
            others = [words for words in others if words not in segment.passed]
        title = f"{segment.title} lands in `{segment.name}`"
        tests.append(_test(title, [*own.values(), *others], segmentation, segment.name, as_of))
    passed = [words for each in segments for words in each.passed]
    tests.append(_test("who fits none of them is among the others", passed, segmentation, "others", as_of))
    return tests


def _about(words: str) -> tuple[str, bool]:
    """What a given value is of: a field, or a row of events, which may be called alike."""
    name, _, value = words.partition(" ")
    return name, value.startswith("(")


def _test(title: str, given: Sequence[str], segmentation: str, segment: str, as_of: dt.date) -> str:
    told = ", ".join(dict.fromkeys(given))
    given_line = f"  given {told}\n" if told else ""
    return f"test {text_wording(title)} as of {as_of.isoformat()}\n{given_line}  expect {segmentation} is {segment}\n"
