"""What hand-worked cases say of measures holds on the reference interpreter and in a run: its manifest and its JSON."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from cases.format import Case, ExpectedMeasures, read_case
from cases.oracle import checked, reference_answers
from cases.product import write_case

import segwright as sw
from segwright.dsl.check.literals import share_of
from segwright.dsl.outcomes import Measure
from segwright.dsl.program import Program
from segwright.dsl.reporting import reported_for
from segwright.dsl.types import Value
from segwright.render.run import as_json
from segwright.runtime.outcomes.records import FigureRecord
from segwright.runtime.reference.interpreter import Assigned
from segwright.runtime.reference.measures import keys_in, measure

CASES = [path for path in sorted((Path(__file__).parent / "cases").rglob("*.case")) if read_case(path).measures]


def name_of(path: Path) -> str:
    return path.stem


def wanted_value(written: str | None, asked: Measure) -> Value | None:
    """The value that a case writes, in the Python form of the measure's type."""
    if written is None:
        return None
    match asked.value.type.kind:
        case "integer":
            return int(written)
        case "number":
            return float(written)
        case "percent":
            return share_of(Decimal(written.removesuffix("%")))
        case "money":
            return Decimal(written)
        case "date":
            return dt.date.fromisoformat(written)
        case _:
            return written


def measure_named(program: Program, name: str) -> Measure:
    return next(each for each in program.measures if each.name == name)


def program_of(case: Case) -> Program:
    program, _, _ = checked(case)
    assert program is not None
    return program


def keys_of(found: Assigned, expected: ExpectedMeasures, table: str) -> list[object]:
    if expected.segmentation == "all":
        return list(found.rows[table])
    return keys_in(found, expected.segmentation, expected.segment or "")


def test_there_are_cases() -> None:
    assert len(CASES) >= 5


@pytest.mark.parametrize("path", CASES, ids=name_of)
def test_reference(path: Path) -> None:
    case = read_case(path)
    program = program_of(case)
    assert case.as_of is not None
    found = reference_answers(case, program, case.as_of)
    for expected in case.measures:
        for name, written in expected.figures.items():
            asked = measure_named(program, name)
            place = f"{name} of {expected.segmentation} {expected.segment}"
            if written == "-":
                assert expected.segmentation not in reported_for(asked, program), place
                continue
            measured = measure(found, asked, keys_of(found, expected, asked.table))
            wanted = wanted_value(written, asked)
            assert (measured.value, type(measured.value)) == (wanted, type(wanted)), place
            if name in expected.unknown:
                assert measured.unknown == expected.unknown[name], place


def recorded(run: sw.Run, asked: Measure, expected: ExpectedMeasures) -> FigureRecord | None:
    """The record of a figure, None where it is not reported."""
    assert run.outcomes is not None
    record = run.outcomes.tables[asked.table].measures[asked.name]
    if expected.segmentation == "all":
        return record.everybody
    return record.segmentations.get(expected.segmentation, {}).get(expected.segment or "")


def plain(value: Value | None) -> object:
    """Money and dates as text."""
    return str(value) if isinstance(value, Decimal | dt.date) else value


@pytest.mark.parametrize("path", CASES, ids=name_of)
def test_product(path: Path, tmp_path: Path) -> None:
    case = read_case(path)
    program = program_of(case)
    write_case(case, program, tmp_path)
    run = sw.open(tmp_path).run(as_of=case.as_of, parameters=case.parameters)
    said = as_json(run.folder, run.manifest, run.outcomes)
    for expected in case.measures:
        for name, written in expected.figures.items():
            asked = measure_named(program, name)
            place = f"{name} of {expected.segmentation} {expected.segment}"
            figure = recorded(run, asked, expected)
            if expected.segmentation == "all":
                shown = said["everybody"][asked.table]["measures"]
            else:
                shown = said["segmentations"][expected.segmentation][expected.segment]["measures"]
            if written == "-":
                assert figure is None, place
                assert name not in shown, place
                continue
            assert figure is not None, place
            wanted = plain(wanted_value(written, asked))
            assert (figure.value, type(figure.value)) == (wanted, type(wanted)), place
            assert shown[name] == wanted, place
            if name in expected.unknown:
                assert figure.unknown == expected.unknown[name], place
