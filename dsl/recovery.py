"""Going on after words that do not fit: on to the next place where something begins that the parser knows.

What was begun and does not reach that place is forgotten; what is complete is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .lexer import AFTER_OPERANDS, names_a_field
from .parsing import Parsing
from .tokens import Token

LISTS = {
    *("declarations", "fields", "tail", "header", "segments", "segment_items", "score_items", "bins"),
    *("policy_items", "fairness_parts", "test_items", "test_cells", "cells"),
}
"""What the parser can always go back to: lists, which are complete after any of their items."""


def recover(p: Parsing) -> None:
    """Skip to the next place where the parser can go on, back in a list that it was reading."""
    damaged = p.token().start
    stuck = p.at
    new_line = p.starts_line(p.at) and p.word() not in AFTER_OPERANDS and p.token().kind in ("WORD", "QUOTED")
    while True:
        for kind in _begins(p, p.at):
            # What stands before is taken for complete where a new line begins with some word, and a field always.
            whole = (new_line or kind == "FIELD") and p.accepts(kind)
            height = len(p.states) if whole else _landing(p, kind)
            if height is not None and (p.at > stuck or p.tokens[p.at].text.islower() or kind in ("FIELD", "$END")):
                _go_back(p, height, damaged)
                return
        p.at += 1


def _go_back(p: Parsing, height: int, damaged: int) -> None:
    lost_from = p.starts[height] if height < len(p.states) else damaged
    at = p.at - 1
    while at >= 0 and p.tokens[at].start >= lost_from:
        if p.tokens[at].kind in ("WORD", "QUOTED"):
            p.broken.add(p.tokens[at].text)
        at -= 1
    p.build.damage.append(damaged)
    del p.states[height:], p.values[height:], p.starts[height:], p.ends[height:]


def _landing(p: Parsing, kind: str) -> int | None:
    """How high the stack may stay so that the terminal fits and nothing unfinished is taken for finished."""
    for height in range(len(p.states), 0, -1):
        state = p.states[height - 1]
        action = p.tables.actions[state].get(kind)
        if action is None:
            continue
        is_list = p.tables.symbols[state] in LISTS or height == 1
        begins_list = action < 0 and p.tables.rules[-1 - action].size == 0
        if (begins_list or is_list) and p.accepts(kind, height=height):
            return height
    return None


# -- where something begins --------------------------------------------------------------------------------------

Sign = Callable[[Parsing, int], bool]
"""Whether the word at a position looks like the begin of what it is the keyword of."""


def _then(*words: str) -> Sign:
    return lambda p, at: _after(p, at).text.lower() in words


def _then_kind(*kinds: str) -> Sign:
    return lambda p, at: _after(p, at).kind in kinds


def _after(p: Parsing, at: int) -> Token:
    return p.tokens[min(at + 1, len(p.tokens) - 1)]


def _named(*words: str) -> Sign:
    """A name follows, and one of these words or signs or a title after it."""

    def sign(p: Parsing, at: int) -> bool:
        after = _after(p, at + 1)
        if _after(p, at).kind not in ("WORD", "QUOTED"):
            return False
        return after.kind == "STRING" or after.text.lower() in words

    return sign


def _begins_target(p: Parsing, at: int) -> bool:
    """`target prime_digital default_rate at`, where each of the two names may have two parts."""
    words = [token.text for token in p.tokens[at + 3 : at + 8]]
    return any(word in ("at", ">=", "<=", ">", "<", "=", "above", "below") for word in words[::2])


def _not_after(*words: str) -> Sign:
    return lambda p, at: at == 0 or p.tokens[at - 1].text.lower() not in words


def _always(_p: Parsing, _at: int) -> bool:
    return True


def _begins_segment(p: Parsing, at: int) -> bool:
    return _then_kind("WORD", "QUOTED")(p, at) and _not_after("each")(p, at)


DECLARATIONS: Mapping[str, Sign] = {
    "use": _then_kind("STRING"),
    "purposes": _then_kind("WORD", "QUOTED"),
    "table": _named("key", "of"),
    "events": _named("of"),
    "freshness": _named("within"),
    "parameter": _named("="),
    "let": _named("=", "of"),
    "decision": _named("of", "first", "unique", "|"),
    "scorecard": _named("of", "starts", "by", "when"),
    "segmentation": _named("of", "first", "overlapping", "purpose"),
    "measure": _named("of", "=", "lower", "higher"),
    "measures": _then("by", "at"),
    "target": _begins_target,
    "policy": _then("hide", "fairness"),
    "experiment": _named("on"),
    "guarantee": _then_kind("STRING"),
    "test": _then_kind("STRING"),
}

_PARTS: Mapping[str, Sign] = {
    "segment": _begins_segment,
    "otherwise": _then_kind("WORD", "QUOTED"),
    "when": _not_after("missing", "true", "false", "case"),
    "unless": _always,
    "needs": _then("consent"),
    "reason": _named(),
    "reasons": _then("from"),
    "until": _then_kind("ISO_DATE"),
    "first": _then("match"),
    "overlapping": _always,
    "purpose": _then_kind("WORD", "QUOTED"),
    "owner": _then_kind("STRING"),
    "refresh": _then("every"),
    "review": _then("every"),
    "each": _then("segment"),
    "by": Parsing.starts_line,
    "given": _always,
    "expect": _always,
    "hide": _then("groups"),
    "fairness": _then("across"),
    "across": _always,
    "favourable": _always,
    "unfavourable": _always,
    "ratio": _then("at"),
}


def begins_declaration(p: Parsing, at: int) -> bool:
    """Whether a declaration begins at a token, as far as the words after it tell."""
    token = p.tokens[min(at, len(p.tokens) - 1)]
    sign = DECLARATIONS.get(token.text.lower()) if token.kind == "WORD" else None
    return sign is not None and sign(p, at)


def may_begin_declaration(p: Parsing, at: int) -> bool:
    """Whether a declaration, perhaps a wrong one, seems to begin at a token: so its place in the line tells too."""
    token = p.tokens[at]
    is_keyword = token.kind == "WORD" and token.text.lower() in DECLARATIONS
    return begins_declaration(p, at) or (is_keyword and p.starts_line(at))


def begins_part(p: Parsing, at: int) -> bool:
    """Whether a part of a declaration (`segment`, `when`, …) seems to begin at a token."""
    token = p.tokens[min(at, len(p.tokens) - 1)]
    sign = _PARTS.get(token.text.lower()) if token.kind == "WORD" else None
    return sign is not None and sign(p, at)


def begins_something_else(p: Parsing, kind: str) -> bool:
    """Whether a word that would be read as a name is the keyword of what comes next: as a name it would not fit."""
    if kind != "NAME" or not (begins_declaration(p, p.at) or begins_part(p, p.at)):
        return False
    return not p.reads_on(tokens=2)


def _reads_rows(p: Parsing) -> bool:
    return any(p.tables.symbols[state] in ("cells", "test_cells") for state in p.states)


def _is_head(p: Parsing, at: int) -> bool:
    """Whether a line of bars is the head of a table: where the head is lost, its rows mean nothing."""
    line = [at]
    while line[-1] + 1 < len(p.tokens) and not p.starts_line(line[-1] + 1):
        line.append(line[-1] + 1)
    return any(p.tokens[number].kind == "=>" for number in line)


def _begins(p: Parsing, at: int) -> list[str]:
    """The terminals that a token could be if something began with it."""
    token = p.tokens[at]
    if token.kind == "$END":
        return ["$END"]
    if token.kind == "|" and p.starts_line(at):
        return ["|"] if _reads_rows(p) or _is_head(p, at) else []
    if names_a_field(p.tokens, at):
        return ["FIELD"]
    word = token.text.lower()
    if may_begin_declaration(p, at) or begins_part(p, at):
        return [word]
    if token.kind == "WORD" and word == "from" and p.tokens[at + 1].kind == "ISO_DATE":
        return ["_FROM_DATE"]
    if token.kind == "WORD" and word == "at" and p.tokens[at + 1].text == "most":
        return ["_AT_MOST_EACH"]
    return []
