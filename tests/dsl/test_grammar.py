"""The grammar: no conflict that changes a meaning, tables that belong to it, and words for everything it accepts."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from segwright.dsl import tables
from segwright.dsl.lexer import KEYWORDS
from segwright.dsl.nodes import ACTIONS
from segwright.dsl.parse import parse
from segwright.dsl.source import Source
from segwright.dsl.syntax import Aggregate, Let, Paren
from segwright.dsl.syntax_errors import in_words
from segwright.dsl.tables import GRAMMAR, TABLES, json_from_tables, load_tables, make_tables

# A window after an aggregate that needs none belongs to that aggregate, the innermost; the other reading would leave
# `any a` without the window that stands right after it.
HARMLESS = ("aggregate before ever", "aggregate before in")


def test_no_conflict_is_resolved_but_the_harmless_one() -> None:
    assert load_tables().conflicts == HARMLESS


def test_a_window_belongs_to_the_innermost_aggregate() -> None:
    text = "let x = (count of a where any b in last 3 months)"
    document, problems = parse(Source("x.seg", text))
    assert problems == ()
    (let,) = document.declarations
    assert isinstance(let, Let)
    assert isinstance(let.value, Paren)
    outer = let.value.inner
    assert isinstance(outer, Aggregate)
    assert isinstance(outer.where, Aggregate)
    assert outer.window is None
    assert outer.where.window is not None


def test_the_kept_tables_belong_to_the_grammar() -> None:
    grammar = GRAMMAR.read_text(encoding="utf-8")
    assert TABLES.read_text(encoding="utf-8") == json_from_tables(make_tables(grammar), grammar)


@pytest.mark.parametrize("kept", [None, '{"grammar": "another"}'])
def test_tables_are_made_where_none_are_kept_for_this_grammar(
    kept: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "tables.json"
    if kept is not None:
        file.write_text(kept, encoding="utf-8")
    monkeypatch.setattr(tables, "TABLES", file)
    assert load_tables.__wrapped__() == load_tables()


def test_parsing_needs_no_parser_generator() -> None:
    program = "import sys; from segwright.dsl.parse import parse; print('lark' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_every_rule_has_its_function_and_every_function_its_rule() -> None:
    assert {rule.action for rule in load_tables().rules} - {""} == set(ACTIONS)


def test_every_keyword_of_the_grammar_is_one() -> None:
    quoted = set(re.findall(r'"([a-z]+)"', re.sub(r"//.*", "", GRAMMAR.read_text(encoding="utf-8"))))
    assert quoted == KEYWORDS


def test_no_message_names_a_terminal() -> None:
    for row in load_tables().actions:
        if row:
            assert not re.search(r"[A-Z]{2}|_[A-Z]|\$", in_words(row)), in_words(row)
