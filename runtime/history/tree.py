"""The files of a commit, read from git's objects as if they were checked out in place: paths are those that the files
have, or would have, on the disk."""

from __future__ import annotations

import errno
import fnmatch
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from ...dsl.files import Files
from .repository import ReadObject

_LINKS = 40
"""Links that may lead to each other before they are taken for a circle."""

TREE, LINK, SUBMODULE = "40000", "120000", "160000"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file, folder, link or submodule: its mode as git writes it, and the object that holds it."""

    mode: str
    object: str


@dataclass(frozen=True, slots=True)
class Trees:
    """Folders that were read, by their object: most of them are the same in most commits. `searched` are the folders
    below them that hold a file of a name."""

    read: ReadObject
    known: dict[str, Mapping[str, Entry]] = field(default_factory=dict)
    searched: dict[tuple[str, str], tuple[PurePosixPath, ...]] = field(default_factory=dict)

    def entries(self, tree: str) -> Mapping[str, Entry]:
        """What lies in a folder, by name; `tree` is an object, or a name such as `<commit>^{tree}`."""
        found = self.known.get(tree)
        if found is None:
            object = self.read(tree)
            found = self.known[tree] = dict(_entries(object.content, len(object.hash) // 2))
        return found


@dataclass(frozen=True, slots=True)
class Tree:
    """The files of a commit. `root` is the object of its topmost folder, `top` where that lies on the disk."""

    trees: Trees
    root: str
    top: Path


@dataclass(frozen=True, slots=True)
class Place:
    """Where a path leads, links followed: its parts from the top of the repository, and what lies there; None where
    nothing does."""

    parts: tuple[str, ...]
    entry: Entry | None


def find(tree: Tree, path: Path) -> Place:
    """What lies at an absolute path; raises `OSError` where it leads out of the repository, through a file, into a
    submodule, or round in a circle."""
    return _find(tree, _parts_below(tree, path))


def files_of(tree: Tree) -> Files:
    """The files of the commit for whoever reads rules."""

    def read(path: Path) -> bytes:
        entry = find(tree, path).entry
        if entry is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
        if entry.mode == TREE:
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if entry.mode == SUBMODULE:
            raise _submodule(path)
        return tree.trees.read(entry.object).content

    def resolve(path: Path) -> Path:
        try:
            return tree.top.joinpath(*find(tree, path).parts)
        except OSError:  # reading it says why
            return Path(os.path.normpath(path))

    def beside(path: Path) -> list[str]:
        try:
            entry = find(tree, path.parent).entry
        except OSError:
            return []
        return list(tree.trees.entries(entry.object)) if entry is not None and entry.mode == TREE else []

    return Files(read, resolve, beside)


def matching_in(tree: Tree, folder: Path, pattern: str) -> list[Path]:
    """The files below a folder of the commit that a pattern matches, as `Path.glob` would find them there."""
    place = find(tree, folder)
    if place.entry is None or place.entry.mode != TREE:
        return []
    parts = tuple(part for part in PurePosixPath(pattern.replace("\\", "/") if os.sep == "\\" else pattern).parts)
    return sorted(dict.fromkeys(folder.joinpath(*found) for found in _matching(tree, place, (), parts)))


def folders_with(tree: Tree, name: str) -> tuple[PurePosixPath, ...]:
    """Every folder of the commit that holds a file of that name, from the top, in order; links are not followed."""
    return _folders_with(tree.trees, tree.root, name)


# -- how -----------------------------------------------------------------------------------------------------------


def _entries(content: bytes, size: int) -> Iterator[tuple[str, Entry]]:
    """The entries of a tree object: `mode name NUL object`, the object in so many bytes."""
    at = 0
    while at < len(content):
        end = content.index(b"\0", at)
        mode, _, name = content[at:end].partition(b" ")
        yield os.fsdecode(name), Entry(mode.decode(), content[end + 1 : end + 1 + size].hex())
        at = end + 1 + size


def _parts_below(tree: Tree, path: Path) -> tuple[str, ...]:
    parts, top = path.parts, tree.top.parts
    if parts[: len(top)] != top:
        raise _outside(path)
    return parts[len(top) :]


def _find(tree: Tree, path: Iterable[str]) -> Place:
    waiting = list(reversed([*path]))
    # Where we are: the name and the entry of each folder on the way, the topmost first.
    names: list[str] = []
    entries = [Entry(TREE, tree.root)]
    links = 0
    while waiting:
        part = waiting.pop()
        if part == "..":
            if not names:
                raise _outside(Path(*waiting))
            names.pop()
            entries.pop()
            continue
        if entries[-1].mode == SUBMODULE:
            raise _submodule(Path(*names))
        if entries[-1].mode != TREE:
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), part)
        found = tree.trees.entries(entries[-1].object).get(part)
        if found is None:
            return Place((*names, part, *reversed(waiting)), None)
        if found.mode == LINK:
            links += 1
            target = PurePosixPath(os.fsdecode(tree.trees.read(found.object).content))
            if links > _LINKS:
                raise OSError(errno.ELOOP, "its links lead in a circle", part)
            if target.is_absolute():
                raise _outside(Path(target))
            waiting += reversed(target.parts)
            continue
        names.append(part)
        entries.append(found)
    return Place(tuple(names), entries[-1])


def _matching(tree: Tree, place: Place, below: tuple[str, ...], pattern: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The parts, from where the pattern begins, of every file that it matches in a folder."""
    if place.entry is None:
        return
    if not pattern:
        if place.entry.mode not in (TREE, SUBMODULE):
            yield below
        return
    if place.entry.mode != TREE:
        return
    part, *others = pattern
    entries = tree.trees.entries(place.entry.object)
    if part == "**":
        yield from _matching(tree, place, below, tuple(others))
        for name, entry in entries.items():
            if entry.mode == TREE:
                yield from _matching(tree, Place((*place.parts, name), entry), (*below, name), pattern)
        return
    wanted = re.compile(fnmatch.translate(part))
    for name, entry in entries.items():
        if wanted.match(name):
            yield from _matching(tree, _followed(tree, place, name, entry), (*below, name), tuple(others))


def _followed(tree: Tree, place: Place, name: str, entry: Entry) -> Place:
    parts = (*place.parts, name)
    if entry.mode != LINK:
        return Place(parts, entry)
    try:
        return _find(tree, parts)
    except OSError:  # a link that leads nowhere is no file
        return Place(parts, None)


def _folders_with(trees: Trees, object: str, name: str) -> tuple[PurePosixPath, ...]:
    found = trees.searched.get((object, name))
    if found is None:
        entries = trees.entries(object)
        here = name in entries and entries[name].mode not in (TREE, SUBMODULE)
        below = [
            folder / deeper
            for folder, entry in entries.items()
            if entry.mode == TREE
            for deeper in _folders_with(trees, entry.object, name)
        ]
        found = trees.searched[object, name] = (*([PurePosixPath()] if here else []), *below)
    return found


def _outside(path: Path) -> OSError:
    return OSError(errno.EXDEV, "it lies outside the git repository", str(path))


def _submodule(path: Path) -> OSError:
    return OSError(errno.EXDEV, "it lies in a submodule, which another repository keeps", str(path))
