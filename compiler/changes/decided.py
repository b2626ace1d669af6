"""What differs between two lets, decisions or scorecards."""

from __future__ import annotations

from collections.abc import Sequence

from ...dsl import program as p
from ...dsl.cell_wording import cell_wording
from ...dsl.source import Span
from ...dsl.wording import text_wording, wording
from .conditions import shape
from .differences import Difference, differences
from .order import moved


def what_of(let: p.Let) -> str:
    """The language's word for it."""
    match let.value:
        case p.Choice():
            return "decision"
        case p.Score():
            return "scorecard"
        case _:
            return "let"


def of_lets(old: p.Let, new: p.Let) -> list[Difference]:
    """The differences of what two lets, decisions or scorecards of one table say."""
    match old.value, new.value:
        case p.Choice() as one, p.Choice() as other:
            return _of_decisions(one, other, new.table)
        case p.Score() as one, p.Score() as other:
            return _of_scorecards(one, other, new.table)
        case _ if what_of(old) != what_of(new):
            text = f"is now a {what_of(new)}, not a {what_of(old)}"
            return [Difference("definition", text, None, None, old.span, new.span)]
        case _:
            return differences(old.value, new.value, new.table)


# -- decisions ---------------------------------------------------------------------------------------------------------


def _of_decisions(old: p.Choice, new: p.Choice, table: str) -> list[Difference]:
    found: list[Difference] = []
    if old.unique != new.unique:
        one, other = (("first", "unique")[each.unique] for each in (old, new))
        found.append(_plain(f"is now `{other}`, not `{one}`", one, other, old.span, new.span))
    looked = [[wording(each, table) for each in choice.inputs] for choice in (old, new)]
    if sorted(looked[0]) != sorted(looked[1]):
        found += [
            _plain(f"also looks at `{each}`", None, each, old.span, new.span)
            for each in looked[1]
            if each not in looked[0]
        ]
        found += [
            _plain(f"no longer looks at `{each}`", each, None, old.span, new.span)
            for each in looked[0]
            if each not in looked[1]
        ]
    found += _of_rows(old, new, table)
    one, other = (_result(each.otherwise, table) for each in (old, new))
    if one != other:
        found.append(_plain(f"otherwise {_or_nothing(other)}, not {_or_nothing(one)}", one, other, old.span, new.span))
    if not found and (old.type, looked[0]) != (new.type, looked[1]):
        found.append(_plain("lists its columns or its results in another order", None, None, old.span, new.span))
    return found


def _result(result: p.Expr | None, table: str) -> str | None:
    return None if result is None else wording(result, table)


def _or_nothing(words: str | None) -> str:
    return "nothing" if words is None else words


def _of_rows(old: p.Choice, new: p.Choice, table: str) -> list[Difference]:
    pairs = _paired_rows(old, new, table)
    found: list[Difference] = []
    for at, row in enumerate(old.rows):
        if at not in pairs.values():
            words = _row(row, old, table)
            found.append(Difference("definition", f"the row {words} is gone", words, None, row.span, None))
    for at, row in enumerate(new.rows):
        if at in pairs:
            found += _of_row(old.rows[pairs[at]], row, old, new, table)
        else:
            words = _row(row, new, table)
            found.append(Difference("definition", f"the row {words} is new", None, words, None, row.span))
    for at, over, above in moved([pairs[at] for at in range(len(new.rows)) if at in pairs]):
        row, passed = old.rows[at], old.rows[over]
        where = "above" if above else "below"
        text = f"the row {_row(row, old, table)} now stands {where} the row {_row(passed, old, table)}"
        idle = new.unique and old.unique
        text += ", which changes nothing since at most one row can hold" if idle else ""
        now = next(new.rows[there] for there, was in pairs.items() if was == at)
        found.append(Difference("order", text, None, None, row.span, now.span, moves=not idle))
    return found


def _paired_rows(old: p.Choice, new: p.Choice, table: str) -> dict[int, int]:
    """For rows of the new decision the old row that each was: with the same cells and result, with the same cells, with
    the same cells but for values and the same result, then those that alone are left with a result."""
    found: dict[int, int] = {}
    for said in (_whole, _cells, _shape, _outcome):
        left = [at for at in range(len(old.rows)) if at not in found.values()]
        for at, row in enumerate(new.rows):
            key = said(row, new, table)
            same = [each for each in left if said(old.rows[each], old, table) == key]
            rivals = [
                each for each in range(len(new.rows)) if each not in found and said(new.rows[each], new, table) == key
            ]
            if at not in found and same and (said is _whole or len(same) == 1 == len(rivals)):
                found[at] = same[0]
                left.remove(same[0])
    return found


def _whole(row: p.Row, choice: p.Choice, table: str) -> object:
    return _cells(row, choice, table), wording(row.result, table)


def _cells(row: p.Row, choice: p.Choice, table: str) -> object:
    return sorted((wording(of, table), wording(cell, table)) for of, cell in zip(choice.inputs, row.cells, strict=True))


def _shape(row: p.Row, choice: p.Choice, table: str) -> object:
    cells = zip(choice.inputs, row.cells, strict=True)
    return sorted((wording(of, table), shape(cell, table)) for of, cell in cells), wording(row.result, table)


def _outcome(row: p.Row, _choice: p.Choice, table: str) -> object:
    return wording(row.result, table)


def _row(row: p.Row, choice: p.Choice, table: str) -> str:
    """`>= 720, < 30% => "A"`."""
    cells = [cell_wording(cell, of, table) for of, cell in zip(choice.inputs, row.cells, strict=True)]
    return f"`{', '.join(cells)} => {wording(row.result, table)}`"


def _of_row(old: p.Row, new: p.Row, before: p.Choice, after: p.Choice, table: str) -> list[Difference]:
    if _cells(old, before, table) == _cells(new, after, table):
        one, other = wording(old.result, table), wording(new.result, table)
        if one == other:
            return []
        text = f"the row {_row(old, before, table)} now gives {other}"
        return [Difference("definition", text, one, other, old.result.span, new.result.span)]
    one, other = _row(old, before, table), _row(new, after, table)
    kind = "cut-off" if _shape(old, before, table) == _shape(new, after, table) else "definition"
    return [Difference(kind, f"the row {one} is now {other}", one, other, old.span, new.span)]


# -- scorecards --------------------------------------------------------------------------------------------------------


def _of_scorecards(old: p.Score, new: p.Score, table: str) -> list[Difference]:
    found: list[Difference] = []
    if old.start != new.start:
        text = f"starts at {new.start} points, not at {old.start}"
        found.append(_plain(text, str(old.start), str(new.start), old.span, new.span))
    olds = [_characteristic(each, table) for each in old.characteristics]
    news = [_characteristic(each, table) for each in new.characteristics]
    pairs = _paired_characteristics(olds, news, old, new, table)
    for at, each in enumerate(old.characteristics):
        if at not in pairs.values():
            found.append(Difference("definition", f"no longer gives points {olds[at]}", olds[at], None, each.span))
    for at, each in enumerate(new.characteristics):
        if at not in pairs:
            text = f"also gives points {news[at]}"
            found.append(Difference("definition", text, None, news[at], None, each.span))
        else:
            found += _of_characteristic(old.characteristics[pairs[at]], each, table)
    for at, over, above in moved([pairs[at] for at in range(len(news)) if at in pairs]):
        text = f"points {olds[at]} now stand {'above' if above else 'below'} those {olds[over]}: the score stays"
        now = next(new.characteristics[there] for there, was in pairs.items() if was == at)
        found.append(Difference("order", text, None, None, old.characteristics[at].span, now.span, moves=False))
    return found


def _characteristic(of: p.Characteristic, table: str) -> str:
    return f"when `{wording(of.bins[0].when, table)}`" if of.by is None else f"by `{wording(of.by, table)}`"


def _paired_characteristics(
    olds: Sequence[str], news: Sequence[str], old: p.Score, new: p.Score, table: str
) -> dict[int, int]:
    found: dict[int, int] = {}
    for at, said in enumerate(news):
        same = [was for was, other in enumerate(olds) if other == said and was not in found.values()]
        if same:
            found[at] = same[0]
    for at, each in enumerate(new.characteristics):
        if at in found or each.by is not None:
            continue
        likely = [
            was
            for was, other in enumerate(old.characteristics)
            if was not in found.values() and other.by is None
            if shape(other.bins[0].when, table) == shape(each.bins[0].when, table)
        ]
        if len(likely) == 1:
            found[at] = likely[0]
    return found


def _of_characteristic(old: p.Characteristic, new: p.Characteristic, table: str) -> list[Difference]:
    if new.by is None or old.by is None:
        name = f"points when `{wording(new.bins[0].when, table)}`"
        asked = differences(old.bins[0].when, new.bins[0].when, table)
        return [*asked, *_of_bin(old.bins[0], new.bins[0], name)]
    by = wording(new.by, table)
    olds = [cell_wording(bin.when, old.by, table, "otherwise") for bin in old.bins]
    news = [cell_wording(bin.when, new.by, table, "otherwise") for bin in new.bins]
    pairs = _paired_bins(old, new, olds, news, table)
    found: list[Difference] = []
    for at, bin in enumerate(old.bins):
        if at not in pairs.values():
            words = f"{olds[at]} {bin.points:+}"
            found.append(Difference("definition", f"`{by}`: the bin `{words}` is gone", words, None, bin.span))
    for at, bin in enumerate(new.bins):
        if at not in pairs:
            words = f"{news[at]} {bin.points:+}"
            found.append(Difference("definition", f"`{by}`: the bin `{words}` is new", None, words, None, bin.span))
            continue
        was = old.bins[pairs[at]]
        if olds[pairs[at]] != news[at]:
            kind = "cut-off" if shape(was.when, table) == shape(bin.when, table) else "definition"
            text = f"`{by}`: the bin `{olds[pairs[at]]}` is now `{news[at]}`"
            found.append(Difference(kind, text, olds[pairs[at]], news[at], was.span, bin.span))
        found += _of_bin(was, bin, f"`{by}` {news[at]}")
    for at, over, above in moved([pairs[at] for at in range(len(news)) if at in pairs]):
        where = "above" if above else "below"
        text = f"`{by}`: the bin `{olds[at]}` now stands {where} `{olds[over]}`, and no points change"
        now = next(new.bins[there] for there, was in pairs.items() if was == at)
        found.append(Difference("order", text, None, None, old.bins[at].span, now.span, moves=False))
    return found


def _paired_bins(
    old: p.Characteristic, new: p.Characteristic, olds: Sequence[str], news: Sequence[str], table: str
) -> dict[int, int]:
    """For new bins the old one: with the same words, else the only one left with the same points or the same shape."""
    found: dict[int, int] = {}
    for at, said in enumerate(news):
        if said in olds and olds.index(said) not in found.values():
            found[at] = olds.index(said)
    for key in (lambda bin: bin.points, lambda bin: shape(bin.when, table)):
        for at, bin in enumerate(new.bins):
            free = [was for was in range(len(olds)) if was not in found.values()]
            same = [was for was in free if key(old.bins[was]) == key(bin)]
            rivals = [each for each in range(len(news)) if each not in found and key(new.bins[each]) == key(bin)]
            if at not in found and len(same) == 1 == len(rivals):
                found[at] = same[0]
    return found


def _of_bin(old: p.Bin, new: p.Bin, name: str) -> list[Difference]:
    found: list[Difference] = []
    if old.points != new.points:
        text = f"{name}: {new.points:+} points, not {old.points:+}"
        found.append(Difference("definition", text, f"{old.points:+}", f"{new.points:+}", old.span, new.span))
    if old.reason != new.reason:
        one, other = reason_words(old.reason), reason_words(new.reason)
        text = f"{name}: the reason is now {_or_nothing(other)}, not {_or_nothing(one)}"
        found.append(Difference("definition", text, one, other, old.span, new.span, moves=False))
    return found


def reason_words(reason: p.Reason | None) -> str | None:
    """`F01 "Fraud model above the alert level"`."""
    return None if reason is None else f"{reason.code} {text_wording(reason.text)}"


def _plain(text: str, before: str | None, after: str | None, then: Span, now: Span) -> Difference:
    return Difference("definition", text, before, after, then, now)
