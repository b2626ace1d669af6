"""The one wording of expressions: what it says, and that it says the same when it is read again."""

from generators.programs import Generated, programs
from hypothesis import given

from segwright.dsl.check import check
from segwright.dsl.parse import parse
from segwright.dsl.program import Expr, Program
from segwright.dsl.source import Source
from segwright.dsl.walk import conditions
from segwright.dsl.wording import wording


def program_of(text: str) -> Program:
    document, problems = parse(Source("rules.seg", text))
    checked = check([document])
    assert not problems
    assert checked.program is not None, checked.diagnostics
    return checked.program


def expressions(program: Program) -> list[tuple[str, Expr]]:
    """Every expression of a program with the table that it stands over."""
    lets = [(let.table, let.value) for let in program.lets]
    asked = [(found.table, condition) for found in program.segmentations for condition in conditions(found)]
    return lets + asked


@given(programs())
def test_wording_read_again_is_the_same_expression(generated: Generated) -> None:
    first = expressions(program_of(generated.text))
    again = "\n".join(
        f"let again_{number} of {table} = {wording(expr, table)}" for number, (table, expr) in enumerate(first)
    )
    second = program_of(f"{generated.text}\n{again}\n")
    for number, (table, expr) in enumerate(first):
        assert second.let(table, f"again_{number}").value == expr
