"""The parse tables of `grammar.lark`, made once and kept beside it as `tables.json`.

`python -m segwright.dsl.tables` writes the file. It is read without Lark; when it does not belong to the grammar
that lies beside it, the tables are made in memory. Lark turns the grammar into LALR(1) states; they are numbered
here in the order in which they are reached, so that the same grammar gives the same file.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

GRAMMAR = Path(__file__).with_name("grammar.lark")
TABLES = Path(__file__).with_name("tables.json")


@dataclass(frozen=True, slots=True)
class Rule:
    """One alternative of the grammar.

    `result` is what it makes, `size` how many symbols it takes, `action` the function of `build.py` that makes it
    ("" where the one value is handed on); `takes` says which of the symbols' values the function gets (-1: None)."""

    result: str
    size: int
    action: str
    takes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tables:
    """LALR(1) tables.

    `actions[state][terminal]` is n ≥ 0 to go to state n, or -1 - r to apply `rules[r]`; `gotos[state][nonterminal]`
    the state after a rule; `symbols[state]` the symbol that leads into the state. State 0 is the start; the text is
    complete when a rule makes `start`. `conflicts` are the places where the grammar allowed two actions."""

    actions: tuple[dict[str, int], ...]
    gotos: tuple[dict[str, int], ...]
    symbols: tuple[str, ...]
    rules: tuple[Rule, ...]
    conflicts: tuple[str, ...]


def grammar_hash(grammar: str) -> str:
    """The fingerprint under which tables are kept."""
    return f"{zlib.crc32(grammar.encode()):08x}"


@cache
def load_tables() -> Tables:
    """The tables of the grammar beside this file."""
    grammar = GRAMMAR.read_text(encoding="utf-8")
    try:
        kept = json.loads(TABLES.read_bytes())
    except FileNotFoundError:
        return make_tables(grammar)
    return tables_from_json(kept) if kept["grammar"] == grammar_hash(grammar) else make_tables(grammar)


def make_tables(grammar: str) -> Tables:
    """Tables made from the grammar's text (about two seconds).

    Raises Lark's GrammarError for a grammar that is not LALR(1)."""
    from lark.common import ParserConf
    from lark.lexer import PatternStr
    from lark.load_grammar import load_grammar
    from lark.parsers.lalr_analysis import LALR_Analyzer

    loaded, _ = load_grammar(grammar, str(GRAMMAR.name), [], False)
    terminals, rules, _ = loaded.compile(["document"], "*")
    written = {t.name: t.pattern.value for t in terminals if isinstance(t.pattern, PatternStr)}
    analyzer = LALR_Analyzer(ParserConf(rules, {}, ["document"]))
    analyzer.compute_lr0_states()
    analyzer.compute_reads_relations()
    analyzer.compute_includes_lookback()
    analyzer.compute_lookaheads()
    analyzer.compute_lalr1_states()

    conflicts = sorted(
        {
            f"{rule.origin.name} before {written.get(symbol.name, symbol.name)}"
            for state in analyzer.lr0_itemsets
            for symbol, candidates in state.lookaheads.items()
            if symbol in state.transitions
            for rule in candidates
        }
    )
    number = {rule: at for at, rule in enumerate(rules)}
    start = analyzer.lr0_start_states["document"]
    order = [start]
    found = {start: 0}
    symbols = [""]
    for state in order:
        for symbol in sorted(state.transitions, key=lambda s: (s.is_term, s.name)):
            following = state.transitions[symbol]
            if following not in found:
                found[following] = len(order)
                order.append(following)
                symbols.append(written.get(symbol.name, symbol.name))
    actions: list[dict[str, int]] = []
    gotos: list[dict[str, int]] = []
    for state in order:
        row = {
            written.get(symbol.name, symbol.name): -1 - number[rule]
            for symbol, candidates in state.lookaheads.items()
            for rule in candidates
            if rule in number
        }
        row |= {written.get(s.name, s.name): found[t] for s, t in state.transitions.items() if s.is_term}
        actions.append(dict(sorted(row.items())))
        gotos.append(dict(sorted((str(s.name), found[t]) for s, t in state.transitions.items() if not s.is_term)))
    return Tables(tuple(actions), tuple(gotos), tuple(symbols), tuple(_rule(rule) for rule in rules), tuple(conflicts))


def _rule(rule: object) -> Rule:
    """What the driver needs of one of Lark's rules."""
    from lark.grammar import Rule as LarkRule

    assert isinstance(rule, LarkRule)
    takes: list[int] = []
    position = 0
    # Lark marks the places of `[x]` that were left out with True, before or between the symbols that are there.
    for left_out in rule.options.empty_indices or (False,) * len(rule.expansion):
        if left_out:
            takes.append(-1)
            continue
        symbol = rule.expansion[position]
        if rule.options.keep_all_tokens or not (symbol.is_term and getattr(symbol, "filter_out", False)):
            takes.append(position)
        position += 1
    handed_on = rule.options.expand1 and rule.alias is None and len(takes) == 1
    action = "" if handed_on else rule.alias or rule.origin.name
    return Rule(str(rule.origin.name), len(rule.expansion), str(action), tuple(takes))


def json_from_tables(tables: Tables, grammar: str) -> str:
    """The contents of `tables.json`: equal rows once, states by the number of their row."""
    rows: dict[str, int] = {}

    def shared(row: dict[str, int]) -> int:
        return rows.setdefault(json.dumps(row, separators=(",", ":"), ensure_ascii=False), len(rows))

    states = [[shared(row), shared(goto)] for row, goto in zip(tables.actions, tables.gotos, strict=True)]
    parts = {
        "grammar": json.dumps(grammar_hash(grammar)),
        "conflicts": json.dumps(tables.conflicts),
        "rules": "[\n" + ",\n".join(json.dumps([r.result, r.size, r.action, *r.takes]) for r in tables.rules) + "\n]",
        "symbols": json.dumps(tables.symbols, ensure_ascii=False),
        "states": json.dumps(states, separators=(",", ":")),
        "rows": "[\n" + ",\n".join(rows) + "\n]",
    }
    return "{\n" + ",\n".join(f'"{name}": {text}' for name, text in parts.items()) + "\n}\n"


def tables_from_json(kept: dict[str, Any]) -> Tables:
    """The inverse of `json_from_tables`, from what `json.loads` gives."""
    rows = kept["rows"]
    return Tables(
        actions=tuple(rows[actions] for actions, _ in kept["states"]),
        gotos=tuple(rows[gotos] for _, gotos in kept["states"]),
        symbols=tuple(kept["symbols"]),
        rules=tuple(Rule(result, size, action, tuple(takes)) for result, size, action, *takes in kept["rules"]),
        conflicts=tuple(kept["conflicts"]),
    )


if __name__ == "__main__":
    text = GRAMMAR.read_text(encoding="utf-8")
    TABLES.write_text(json_from_tables(make_tables(text), text), encoding="utf-8")
