"""Which expressions can be missing."""

import pytest
from expressions import DATA, checked

from segwright.dsl.check.missing import can_be_missing
from segwright.dsl.check.names import Names
from segwright.dsl.diagnostics import Problems


@pytest.mark.parametrize(
    "expr, can_be",
    [
        ("age", False),
        ("products", True),
        ("crm.do_not_call", True),
        ("tenure", False),
        ("ending", True),
        ("age + products", True),
        ("age + 1", False),
        ("income * 2", False),
        ("income / 2", True),
        ("rate + 1", True),  # perhaps not finite
        ("-rate", False),
        ("products default 1", False),
        ("products is missing", False),
        ("products > 3", True),
        ("age > 3", False),
        ("income between 1 and bonus", True),
        ("age is one of (3, 4)", False),
        ("not (products > 3)", True),
        ("hardship and waived", True),
        ("worth is standard", False),
        ("crm is known", False),
        ("count of payments where days_late > 3 ever", False),
        ("any payments ever", False),
        ("sum of days_late from payments ever", False),
        ("distinct count of days_late from payments ever", False),
        ("max of amount from payments ever", True),
        ("average of amount from payments ever", True),
        ("latest of paid_on from payments ever", True),
        ("trend per month of amount from payments ever", True),
        ("days since (closed_on default 2020-01-01)", False),
        ("note starts with own", True),
    ],
)
def test_what_can_be_missing(expr: str, can_be: bool) -> None:
    program, problems, _ = checked(expr)
    assert program is not None, problems
    names = Names(
        Problems(),
        tables={table.name: table for table in program.tables},
        let=lambda table, name: program.let(table, name.text),
    )
    assert can_be_missing(program.let("customers", "it").value, names) is can_be


def test_looking_through_lets_that_read_each_other_twice_takes_no_time() -> None:
    lets = "".join(f"let a{n + 1} = a{n} + a{n}\n" for n in range(60))
    _, problems, _ = checked("a60 is missing", data=f"{DATA}let a0 = age\n{lets}")
    assert [each.code for each in problems] == ["SEG751"]
