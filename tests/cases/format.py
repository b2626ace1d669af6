"""`.case` files: README.md beside this file says what they hold."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

KINDS = ("tie", "overflow", "duplicate key", "duplicate row", "missing value", "value")


class CaseError(Exception):
    """A `.case` file that is not written as README.md says."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell; an empty one is None instead."""

    text: str
    quoted: bool


Line = dict[str, Cell | None]


@dataclass(frozen=True, slots=True)
class RawTable:
    """The rows of one table. `types` are the DuckDB types that the head names, by column."""

    name: str
    csv: bool
    columns: tuple[str, ...]
    types: dict[str, str]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class PreviousRows:
    """What the run before said in one segmentation: key and segment, as written."""

    segmentation: str
    segments: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ExpectedRows:
    """What every key gets: `key` is the name of the first column, the others are segmentations and `conditions`."""

    as_of: dt.date | None
    key: str
    columns: tuple[str, ...]
    conditions: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ExpectedError:
    """The run stops, and its message contains all the words."""

    as_of: dt.date | None
    kind: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExpectedProblem:
    """A diagnostic: its code and the words underlined."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class ExpectedTest:
    """A `test` of the rules passes, or fails with all the words in what it says. `name` is its title, for a row of a
    table followed by `, row 2`."""

    name: str
    passes: bool
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExpectedMeasures:
    """The figures of one group: of a segment, or of everybody (`segmentation` is `all`). `figures` by measure, None
    where it is missing, `-` where it is not reported; `unknown` by measure, as far as the case says."""

    segmentation: str
    segment: str | None
    figures: dict[str, str | None]
    unknown: dict[str, int]


@dataclass(frozen=True, slots=True)
class Case:
    """One case. `rules` by file name; `parameters` as written."""

    path: Path
    covers: tuple[str, ...]
    as_of: dt.date | None
    parameters: dict[str, str]
    rules: dict[str, str]
    tables: tuple[RawTable, ...]
    previous: tuple[PreviousRows, ...]
    expected: tuple[ExpectedRows | ExpectedError, ...]
    problems: tuple[ExpectedProblem, ...]
    notes: tuple[str, ...]
    tests: tuple[ExpectedTest, ...] = ()
    measures: tuple[ExpectedMeasures, ...] = ()


def read_case(path: Path) -> Case:
    """The case in a file. Raises `CaseError`."""
    head, sections = _sections(path.read_text(encoding="utf-8"))
    values = dict(_head_lines(head))
    unknown = set(values) - {"covers", "as of", "set"}
    if unknown or not values.get("covers"):
        raise CaseError(f"{path.name}: the head has {sorted(values)}; `covers` is needed")
    rules: dict[str, str] = {}
    tables: list[RawTable] = []
    previous: list[PreviousRows] = []
    expected: list[ExpectedRows | ExpectedError] = []
    problems: list[ExpectedProblem] = []
    notes: list[str] = []
    tests: list[ExpectedTest] = []
    measures: list[ExpectedMeasures] = []
    for title, body in sections:
        word, _, rest = title.partition(" ")
        match word, rest:
            case "rules", _:
                rules[rest or "rules.seg"] = body
            case "expect", "problems":
                problems += [_problem(line) for line in _kept(body)]
            case "expect", "notes":
                notes += _kept(body)
            case "expect", "tests":
                tests += [_test(line) for line in _kept(body)]
            case "expect", "measures":
                measures += [_measures(line) for line in _grid(body)[1]]
            case "previous", segmentation if segmentation:
                previous.append(_previous(segmentation, body))
            case "expect", _:
                expected.append(_expected(rest, body))
            case table, ("" | "csv"):
                tables.append(_table(table, rest == "csv", body))
            case _:
                raise CaseError(f"{path.name}: there is no section `--- {title}`")
    if not rules or not (expected or problems or notes or tests or measures):
        raise CaseError(f"{path.name}: a case has rules and expects something")
    return Case(
        path,
        tuple(re.split(r"\s*,\s*", values["covers"])),
        dt.date.fromisoformat(values["as of"]) if "as of" in values else None,
        dict(_parameter(each) for each in re.split(r"\s*,\s*", values.get("set", "")) if each),
        rules,
        tuple(tables),
        tuple(previous),
        tuple(expected),
        tuple(problems),
        tuple(notes),
        tuple(tests),
        tuple(measures),
    )


# -- sections ------------------------------------------------------------------------------------------------------


def _sections(text: str) -> tuple[str, list[tuple[str, str]]]:
    head, *parts = re.split(r"^---[ \t]*", text, flags=re.MULTILINE)
    split = (part.partition("\n") for part in parts)
    return head, [(_without_comment(title).strip(), body) for title, _, body in split]


def _head_lines(head: str) -> Iterator[tuple[str, str]]:
    for line in head.splitlines():
        if line.strip() and not line.startswith("#"):
            name, colon, value = line.partition(":")
            if not colon:
                raise CaseError(f"the head holds `name: value` lines and comments, not `{line}`")
            yield name.strip(), value.strip()


def _parameter(written: str) -> tuple[str, str]:
    name, equals, value = written.partition("=")
    if not equals:
        raise CaseError(f"`set:` holds `name = value`, not `{written}`")
    return name.strip(), value.strip()


def _kept(body: str) -> list[str]:
    """The lines that say something, without comments."""
    return [line for line in (_without_comment(line).strip() for line in body.splitlines()) if line]


def _without_comment(line: str) -> str:
    in_quotes = False
    for at, character in enumerate(line):
        if character == '"' and (at == 0 or line[at - 1] != "\\"):
            in_quotes = not in_quotes
        elif character == "#" and not in_quotes and (at == 0 or line[at - 1].isspace()):
            return line[:at]
    return line


# -- what is expected ------------------------------------------------------------------------------------------------


def _problem(line: str) -> ExpectedProblem:
    found = re.fullmatch(r"(SEG\d+)\s+(.*)", line)
    if found is None:
        raise CaseError(f"a problem is a code and the words underlined, not `{line}`")
    return ExpectedProblem(found[1], found[2])


def _measures(line: Line) -> ExpectedMeasures:
    cells = {name: None if cell is None else cell.text for name, cell in line.items()}
    segmentation, segment = cells.pop("segmentation", None), cells.pop("segment", None)
    if segmentation is None:
        raise CaseError("measures are expected of a `segment` of a `segmentation`, or of `all`")
    counts = {name.removeprefix("unknown "): cell for name, cell in cells.items() if name.startswith("unknown ")}
    figures = {name: cell for name, cell in cells.items() if not name.startswith("unknown ")}
    return ExpectedMeasures(
        segmentation, segment, figures, {name: int(cell) for name, cell in counts.items() if cell not in (None, "-")}
    )


def _expected(title: str, body: str) -> ExpectedRows | ExpectedError:
    found = re.fullmatch(r"(error)?\s*(?:as of (\S+))?", title)
    if found is None:
        raise CaseError(f"there is no section `--- expect {title}`")
    as_of = dt.date.fromisoformat(found[2]) if found[2] else None
    if found[1]:
        kind, *words = _kept(body)
        if kind not in KINDS:
            raise CaseError(f"`{kind}` is no kind of error; there are {', '.join(KINDS)}")
        return ExpectedError(as_of, kind, tuple(words))
    columns, lines = _grid(body)
    conditions = tuple(name[1:-1] for name in columns if name.startswith("`"))
    return ExpectedRows(as_of, columns[0], columns[1:], conditions, lines)


def _test(line: str) -> ExpectedTest:
    name, outcome, *words = (part.strip() for part in line.split("|"))
    if outcome not in ("passes", "fails") or (outcome == "fails") != bool(words):
        raise CaseError(f"`{line}` does not read `title | passes` or `title | fails | words`")
    return ExpectedTest(name, outcome == "passes", tuple(words))


# -- tables ----------------------------------------------------------------------------------------------------------


def _table(name: str, csv: bool, body: str) -> RawTable:
    heads, lines = _grid(body)
    types = {head: head.partition(":")[2].strip() for head in heads if ":" in head}
    names = {head: head.partition(":")[0].strip() for head in heads}
    renamed = tuple({names[head]: cell for head, cell in line.items()} for line in lines)
    return RawTable(name, csv, tuple(names.values()), {names[head]: type_ for head, type_ in types.items()}, renamed)


def _previous(segmentation: str, body: str) -> PreviousRows:
    columns, lines = _grid(body)
    if len(columns) != 2:
        raise CaseError("what the run before said has two columns: the key and the segment")
    rows = [tuple(cell.text if cell else "" for cell in line.values()) for line in lines]
    return PreviousRows(segmentation, tuple((key, segment) for key, segment in rows))


def _grid(body: str) -> tuple[tuple[str, ...], tuple[Line, ...]]:
    lines = _kept(body)
    if not lines:
        raise CaseError("a table starts with a line of column names")
    heads = tuple(cell.text if cell else "" for cell in _cells(lines[0]))
    rows: list[Line] = []
    for line in lines[1:]:
        cells = _cells(line)
        if len(cells) != len(heads):
            raise CaseError(f"there are {len(heads)} columns, but {len(cells)} cells in `{line}`")
        rows.append(dict(zip(heads, cells, strict=True)))
    return heads, tuple(rows)


_CELL = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|`[^`]*`|[^|]*?)\s*(?:\||$)')


def _cells(line: str) -> list[Cell | None]:
    found: list[Cell | None] = []
    at = 0
    while True:
        cell = _CELL.match(line, at)
        if cell is None:
            raise CaseError(f"`{line}` is no line of cells")
        if cell[1] is not None:
            found.append(Cell(re.sub(r"\\(.)", r"\1", cell[1]), quoted=True))
        else:
            text = cell[0].removesuffix("|").strip()
            found.append(Cell(text, quoted=False) if text else None)
        at = cell.end()
        if not cell[0].endswith("|"):
            return found
