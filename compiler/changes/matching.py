"""Which declaration of the old program is which of the new one.

First by name. What is left on both sides is the same where it says the same: once what is known already has its new
name, and everything else is called by what it says. Where two say the same, where they are used tells them apart. Last
come those that say nearly the same, where only one fits (`similar.py`). Each find may lead to others, so all of it is
repeated until nothing is found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ...dsl import program as p
from .nodes import Node, NodeKind, contents, nodes_of, uses, words_of
from .records import Renames
from .renaming import renamed
from .similar import Sides, similar

Matches = dict[Node, Node]
"""Node of the old program → node of the new one."""

_Labels = tuple[dict[Node, str], dict[Node, str]]
"""What each node of the old and of the new program is called while they are compared."""

_SAY_TOO_LITTLE: frozenset[NodeKind] = frozenset({"purpose", "parameter"})
"""What is the same only where it is also used in one place."""


def renames_between(before: p.Program, after: p.Program) -> Renames:
    """What was renamed from the one program to the other, where it is plain to see."""
    search = _Search(before, after)
    while search.by_name() or search.by_content() or search.by_likeness():
        pass
    return _renames(search.matches)


def _renames(matches: Matches) -> Renames:
    found = {old: new for old, new in matches.items() if old.name != new.name}

    def plain(kind: NodeKind) -> dict[str, str]:
        return {old.name: new.name for old, new in found.items() if old.kind == kind}

    def scoped(kind: NodeKind) -> dict[tuple[str, str], str]:
        return {(new.scope, old.name): new.name for old, new in found.items() if old.kind == kind}

    return Renames(
        plain("table"),
        scoped("field"),
        plain("parameter"),
        scoped("let"),
        plain("segmentation"),
        scoped("segment"),
        plain("measure"),
        plain("purpose"),
        plain("experiment"),
    )


@dataclass(slots=True)
class _Group:
    """What is left of one kind in one scope, in order of declaration."""

    before: list[Node]
    after: list[Node]


@dataclass(slots=True)
class _Search:
    before: p.Program
    after: p.Program
    matches: Matches = field(default_factory=dict)
    nodes: tuple[tuple[Node, ...], tuple[Node, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self.nodes = nodes_of(self.before), nodes_of(self.after)

    def by_name(self) -> bool:
        """Those that have the same name in the same scope; whether there were any."""
        there, taken = set(self.nodes[1]), set(self.matches.values())
        found = False
        for node in self.nodes[0]:
            scope = self._scope(node)
            if node in self.matches or scope is None:
                continue
            same = Node(node.kind, scope, node.name)
            if same in there and same not in taken:
                self.matches[node] = same
                found = True
        return found

    def _scope(self, node: Node) -> str | None:
        """The scope of an old node in the new program, None where that is not known."""
        match node.kind:
            case "field" | "let":
                scope = self.matches.get(Node("table", "", node.scope))
            case "segment":
                scope = self.matches.get(Node("segmentation", "", node.scope))
            case _:
                return ""
        return None if scope is None else scope.name

    def _groups(self) -> list[_Group]:
        """What is left on both sides."""
        taken = set(self.matches.values())
        groups: dict[tuple[str, str], _Group] = {}
        for node in self.nodes[0]:
            scope = self._scope(node)
            if node not in self.matches and scope is not None:
                groups.setdefault((node.kind, scope), _Group([], [])).before.append(node)
        for node in self.nodes[1]:
            if node not in taken and (node.kind, node.scope) in groups:
                groups[node.kind, node.scope].after.append(node)
        return [group for group in groups.values() if group.after]

    # -- by what they say ----------------------------------------------------------------------------------------------

    def by_content(self) -> bool:
        """Those that say the same; whether there were any."""
        groups = self._groups()
        if not groups:
            return False
        labels = self._labels()
        alike = [same for group in groups for same in _alike(group, labels)]
        plain = [
            (same.before[0], same.after[0])
            for same in alike
            if len(same.before) == len(same.after) == 1 and same.before[0].kind not in _SAY_TOO_LITTLE
        ]
        found = plain or self._told_by_use([same for same in alike if same.before and same.after], labels)
        self.matches.update(found)
        return bool(found)

    def _labels(self) -> _Labels:
        """What each node is called by both sides: its new name where that is known, else what it says, in such words.
        What each says is refined until that tells no more of them apart."""
        labels = self._known(0), self._known(1)
        told = 0
        while True:
            said = self._contents(0, labels[0]), self._contents(1, labels[1])
            labels = {**said[0], **self._known(0, False)}, {**said[1], **self._known(1, False)}
            now = len({*labels[0].values(), *labels[1].values()})
            if now <= told:
                return labels
            told = now

    def _contents(self, side: int, labels: Mapping[Node, str]) -> dict[Node, str]:
        program = (self.before, self.after)[side]
        said = contents(self.nodes[side], renamed(program, words_of(labels)))
        return {node: f"{node.kind} {content}" for node, content in said.items()}

    def _known(self, side: int, unknown: bool = True) -> dict[Node, str]:
        names = {old: new.name for old, new in self.matches.items()}
        if side:
            names = dict(zip(self.matches.values(), names.values(), strict=True))
        return {**{node: f"{node.kind} ?" for node in self.nodes[side]}, **names} if unknown else names

    def _told_by_use(self, alike: list[_Group], labels: _Labels) -> Matches:
        """Of those that say the same, those that are used in the same places. Where several are, they are alike in
        every way, and the first is taken for the first."""
        uses = (_Uses(self.before, labels[0]), _Uses(self.after, labels[1]))
        found: Matches = {}
        in_doubt: Matches = {}
        for group in alike:
            used = [_key(uses[0].of(node)) for node in group.before]
            using = [_key(uses[1].of(node)) for node in group.after]
            for old, key in zip(group.before, used, strict=True):
                fits = [new for new, other in zip(group.after, using, strict=True) if other == key]
                if len(fits) == 1 == used.count(key):
                    found[old] = fits[0]
                elif fits and len(fits) == used.count(key) and not in_doubt:
                    in_doubt[old] = fits[0]
        return found or in_doubt

    # -- by what is nearly the same ------------------------------------------------------------------------------------

    def by_likeness(self) -> bool:
        """The first that is nearly the same as another and as no other; whether there was one."""
        groups = self._groups()
        if not groups:
            return False
        labels = self._labels()
        sides = Sides(self.before, self.after, renamed(self.before, words_of(labels[0])))
        uses = (_Uses(self.before, labels[0]), _Uses(self.after, labels[1]))
        for group in groups:
            found = similar(
                group.before,
                group.after,
                sides,
                lambda old, new: (uses[0].of(old) & uses[1].of(new)).total(),
            )
            if found:
                self.matches.update([found])
                return True
        return False


@dataclass(slots=True)
class _Uses:
    """Where what is not known yet is named, every node having its label for its name."""

    program: p.Program
    labels: Mapping[Node, str]
    _plain: list[str] = field(init=False)
    _found: dict[Node, Counter[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._plain = uses(renamed(self.program, words_of(self.labels)))

    def of(self, node: Node) -> Counter[str]:
        """The places in which a node is named, and how often there is one that says the same."""
        if node not in self._found:
            marked = uses(renamed(self.program, words_of({**self.labels, node: "this one"})))
            named = (there for there, plain in zip(marked, self._plain, strict=True) if there != plain)
            self._found[node] = Counter(named)
        return self._found[node]


def _alike(group: _Group, labels: _Labels) -> Iterator[_Group]:
    """The nodes of a group that say the same, together."""
    found: dict[str, _Group] = {}
    for node in group.before:
        found.setdefault(labels[0][node], _Group([], [])).before.append(node)
    for node in group.after:
        found.setdefault(labels[1][node], _Group([], [])).after.append(node)
    yield from found.values()


def _key(uses: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(uses.items()))
