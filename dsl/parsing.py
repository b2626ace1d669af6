"""The state of one parse: the tokens, the parser's stack, and what is asked of them.

The stack holds, for each symbol recognised so far, the state after it, its value, and where it starts and ends.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .diagnostics import Fix, Label
from .lexer import terminal
from .nodes import Build
from .source import Source, Span
from .tables import Tables
from .tokens import Token


@dataclass(slots=True)
class Parsing:
    """One parse under way; `at` is the number of the token that comes next."""

    source: Source
    tables: Tables
    build: Build
    tokens: list[Token]
    at: int = 0
    states: list[int] = field(default_factory=lambda: [0])
    values: list[Any] = field(default_factory=lambda: [None])
    starts: list[int] = field(default_factory=lambda: [0])
    ends: list[int] = field(default_factory=lambda: [0])
    broken: set[str] = field(default_factory=set)
    put_in_until: int = 0
    """Tokens before this number were put in or changed here: if one of them does not fit, that has been reported."""
    mended_at: dict[int, int] = field(default_factory=dict)
    """How often the text was mended at a place, so that no two ways of mending undo each other for ever."""

    # -- what stands there ---------------------------------------------------------------------------------------

    def token(self, ahead: int = 0) -> Token:
        """The token that comes next, or one after it (the end of the file after all others); -1: the one before."""
        return self.tokens[max(0, min(self.at + ahead, len(self.tokens) - 1))]

    def word(self, ahead: int = 0) -> str:
        """The word that comes next or after it, in lower case; "" where there is none, or one in backquotes."""
        token = self.token(ahead)
        return token.text.lower() if token.kind == "WORD" else ""

    def adjacent(self, ahead: int = 0) -> bool:
        """Whether nothing stands between a token and the one after it."""
        return self.token(ahead).end == self.token(ahead + 1).start

    def starts_line(self, at: int) -> bool:
        """Whether the token of that number is the first in its line."""
        return at == 0 or "\n" in self.source.text[self.tokens[at - 1].end : self.tokens[at].start]

    def span(self, first: int = 0, last: int | None = None) -> Span:
        """From the token so many ahead to another."""
        start = self.token(first)
        return Span(self.source.name, start.start, self.token(first if last is None else last).end)

    def before(self) -> Span:
        """The last token before the next one that stands in the text."""
        at = self.at - 1
        while at > 0 and self.tokens[at].start == self.tokens[at].end:
            at -= 1
        token = self.tokens[max(at, 0)]
        return Span(self.source.name, token.start, token.end)

    # -- what the parser accepts ---------------------------------------------------------------------------------

    def top(self, depth: int = 0) -> str:
        """The symbol on top of the stack or so many below it; "" below the bottom."""
        return self.tables.symbols[self.states[-1 - depth]] if depth < len(self.states) else ""

    def accepts(self, *terminals: str, height: int | None = None) -> bool:
        """Whether these terminals can come next, one after the other, on the stack up to a height."""
        states = self.states[:height]
        return all(self._shift(states, kind) for kind in terminals)

    def fits(self) -> bool:
        """Whether the next token can come next."""
        return self._shift_token(self.states[:], self.at)

    def reads_on(self, *put_in: str, tokens: int = 2, skip: int = 0, height: int | None = None) -> bool:
        """Whether the next few tokens fit if these terminals came before them, on the stack up to a height;
        `skip` of them are not looked at."""
        states = self.states[:height]
        first, end = self.at + skip, min(self.at + skip + tokens, len(self.tokens))
        return all(self._shift(states, kind) for kind in put_in) and all(
            self._shift_token(states, at) for at in range(first, end)
        )

    def _shift(self, states: list[int], kind: str) -> bool:
        """Put a terminal on a stack of states, if it fits."""
        actions = self.tables.actions
        while (action := actions[states[-1]].get(kind)) is not None and action < 0:
            if self._reduce(states, action):
                return kind == "$END"
        if action is None:
            return False
        states.append(action)
        return True

    def _shift_token(self, states: list[int], at: int) -> bool:
        """Put a token on a stack of states, if it fits. Which terminal it is may change with each symbol that is made
        of those before it: `segment money` is a field's name and its type only where a field can stand."""
        actions = self.tables.actions
        while True:
            row = actions[states[-1]]
            kind = terminal(self.tokens, at, row)
            action = row.get(kind)
            if action is None:
                return False
            if action >= 0:
                states.append(action)
                return True
            if self._reduce(states, action):
                return kind == "$END"

    def _reduce(self, states: list[int], action: int) -> bool:
        """Apply a rule to a stack of states; True where that completes the document."""
        rule = self.tables.rules[-1 - action]
        if rule.result == "document":
            return True
        if rule.size:
            del states[-rule.size :]
        states.append(self.tables.gotos[states[-1]][rule.result])
        return False

    def begins_clause(self) -> bool:
        """Whether a clause of a segment can come next, and no condition is being read that it would end."""
        after_name = self.top(1 if self.top() == "NAME" else 2) in ("segment", "otherwise")
        return (self.top() == "segment_items" or after_name) and self.accepts("when")

    def accepted(self) -> dict[str, int]:
        """The terminals that can come next."""
        row = self.tables.actions[self.states[-1]]
        return {kind: action for kind, action in row.items() if self.accepts(kind)}

    def kind(self) -> str:
        """The terminal that the next token is."""
        return terminal(self.tokens, self.at, self.tables.actions[self.states[-1]])

    # -- mending -------------------------------------------------------------------------------------------------

    def take_back(self, count: int) -> int:
        """Take the last tokens off the stack again, none of which was made into anything yet; where they start."""
        start = self.starts[-count]
        del self.states[-count:], self.values[-count:], self.starts[-count:], self.ends[-count:]
        return start

    def put(self, instead_of: int, *tokens: Token) -> None:
        """Put tokens in the place of the next ones."""
        self.tokens[self.at : self.at + instead_of] = tokens
        self.put_in_until = max(self.put_in_until, self.at + len(tokens))

    def report(
        self,
        code: str,
        span: Span,
        message: str,
        *,
        fixes: tuple[Fix, ...] = (),
        labels: tuple[Label, ...] = (),
        hints: tuple[str, ...] = (),
    ) -> None:
        """Record a problem."""
        self.build.problems.error(code, span, message, fixes=fixes, labels=labels, hints=hints)
