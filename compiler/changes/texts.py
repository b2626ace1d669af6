"""What changed in the texts of rule files alone: layout, comments, where declarations stand, tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...dsl import program as p
from ...dsl import syntax as s
from ...dsl.outcomes import Test
from ...dsl.project import CheckedFiles
from ...dsl.source import Source, Span
from ...dsl.wording import text_wording
from .changes import changes_between
from .matching import renames_between
from .nodes import encoded
from .order import moved
from .records import Change, Kind
from .renaming import tests_in_new_words

_Key = tuple[str, str, int]
"""A declaration: the language's word for it, its name, and which of several of that name it is, from 0."""


@dataclass(frozen=True, slots=True)
class _File:
    """A rule file; `declared` without `use`."""

    name: str
    source: Source
    document: s.Document
    declared: dict[_Key, s.Declaration]

    def words(self, span: Span) -> str:
        """The text of a place without comments, line by line, without blanks at ends of lines and blank lines."""
        inside = [each.span for each in self.document.comments if span.start <= each.span.start < span.end]
        parts, at = [], span.start
        for comment in inside:
            parts.append(self.source.text[at : comment.start])
            at = comment.end
        lines = "".join([*parts, self.source.text[at : span.end]]).splitlines()
        return "\n".join(line.rstrip() for line in lines if line.strip())


def text_changes(before: CheckedFiles, after: CheckedFiles) -> tuple[Change, ...]:
    """What changed in the files, but for what `changes_between` tells of their programs: all of it without a change of
    meaning. Tests are compared where both sides have a program, in words of the new one."""
    olds, news = _files(before), _files(after)
    found: list[Change] = []
    for old, new in _paired(olds, news):
        if old.name != new.name:
            text = f"file {_file(old.name)} is now called {_file(new.name)}"
            found.append(Change("renamed", "file", new.name, None, text, old.name, new.name))
        found += _of_file(old, new)
    found += _elsewhere(olds, news)
    if before.program is not None and after.program is not None:
        found += _of_tests(before.program, after.program)
        if not found:
            found += _other_words(olds, news, before.program, after.program)
    return tuple(found)


# -- files -------------------------------------------------------------------------------------------------------------


def _files(checked: CheckedFiles) -> dict[str, _File]:
    found: dict[str, _File] = {}
    for document in checked.documents:
        declared: dict[_Key, s.Declaration] = {}
        counts: Counter[tuple[str, str]] = Counter()
        for each in document.declarations:
            if not isinstance(each, s.Use):
                word, name = _called(each)
                declared[word, name, counts[word, name]] = each
                counts[word, name] += 1
        found[document.file] = _File(document.file, checked.sources[document.file], document, declared)
    return found


def _paired(olds: dict[str, _File], news: dict[str, _File]) -> list[tuple[_File, _File]]:
    """Files of one name, and those of another name that declare the same, where only one does."""
    pairs = [(olds[name], new) for name, new in news.items() if name in olds]
    left = [old for name, old in olds.items() if name not in news]
    for name, new in news.items():
        same = [old for old in left if name not in olds and new.declared and old.declared == new.declared]
        if len(same) == 1:
            left.remove(same[0])
            pairs.append((same[0], new))
    return pairs


def _called(declaration: s.Declaration) -> tuple[str, str]:
    """The language's word for a declaration, and its name."""
    match declaration:
        case s.Use(path=path):
            return "use", path.value
        case s.Purposes():
            return "purposes", ""
        case s.TableDecl(name=name):
            return "table", name.text
        case s.Freshness(table=table):
            return "freshness", table.text
        case s.Parameter(name=name):
            return "parameter", name.text
        case s.Let(name=name):
            return "let", name.text
        case s.DecisionTable(name=name):
            return "decision", name.text
        case s.Scorecard(name=name):
            return "scorecard", name.text
        case s.Segmentation(name=name):
            return "segmentation", name.text
        case s.Measure(name=name):
            return "measure", name.text
        case s.MeasuresBy():
            return "measures by", ""
        case s.MeasuresAt():
            return "measures at", ""
        case s.Target(segment=segment):
            return "target", ".".join(part.text for part in segment.parts)
        case s.Policy():
            return "policy", ""
        case s.Experiment(name=name):
            return "experiment", name.text
        case s.Guarantee(title=title) | s.Test(title=title):
            return ("guarantee" if isinstance(declaration, s.Guarantee) else "test"), title.value


def _said(key: _Key) -> str:
    word, name, _ = key
    if not name:
        return f"`{word}`"
    return f"{word} {text_wording(name)}" if word in ("guarantee", "test") else f"{word} `{name}`"


def _file(name: str) -> str:
    return f"`{name}`"


def _of_file(old: _File, new: _File) -> Iterator[Change]:
    yield from _comments(old, new)
    yield from _order(old, new)
    kept = [(old.declared[key], each) for key, each in new.declared.items() if old.declared.get(key) == each]
    span = next((two.span for one, two in kept if old.words(one.span) != new.words(two.span)), None)
    if span is not None:
        yield _change("layout", new.name, f"{_file(new.name)} is laid out otherwise", span)
    elif _same_words(old, new) and old.source.text != new.source.text:
        yield _change("layout", new.name, f"{_file(new.name)} has other blanks or line breaks", None)


def _same_words(old: _File, new: _File) -> bool:
    """Whether both declare the same in one order and have the same comments."""
    comments = ([each.text for each in file.document.comments] for file in (old, new))
    return old.document.declarations == new.document.declarations and next(comments) == next(comments)


def _change(kind: Kind, file: str, text: str, now: Span | None) -> Change:
    return Change(kind, "file", file, None, text, None, None, None, now)


def _comments(old: _File, new: _File) -> Iterator[Change]:
    one, other = ([each.text for each in file.document.comments] for file in (old, new))
    if one == other:
        return
    came, went = Counter(other) - Counter(one), Counter(one) - Counter(other)
    counts = [f"{count.total()} {word}" for count, word in ((came, "new"), (went, "gone")) if count]
    text = f"comments in {_file(new.name)}: " + (" and ".join(counts) or "in another order")
    now = next((each.span for each in new.document.comments if each.text in came), None)
    yield _change("comments", new.name, text, now)


# -- order -------------------------------------------------------------------------------------------------------------


def _order(old: _File, new: _File) -> Iterator[Change]:
    kept = [key for key in old.declared if key in new.declared]
    order = [kept.index(key) for key in new.declared if key in old.declared]
    for item, passed, above in moved(order):
        where = "before" if above else "after"
        text = f"{_said(kept[item])} now stands {where} {_said(kept[passed])}, which decides nothing"
        yield _change("declaration order", new.name, text, new.declared[kept[item]].span)
    for key in kept:
        one, other = old.declared[key], new.declared[key]
        listed = _listed(one), _listed(other)
        if listed[0] != listed[1] and sorted(listed[0]) == sorted(listed[1]):
            things = "fields" if key[0] == "table" else "names"
            text = f"the {things} of {_said(key)} stand in another order, which decides nothing"
            yield _change("declaration order", new.name, text, other.span)


def _listed(declaration: s.Declaration) -> list[str]:
    """The names that a declaration lists in an order that decides nothing."""
    match declaration:
        case s.TableDecl(fields=fields):
            return [each.name.text for each in fields]
        case s.Purposes(names=names):
            return [each.text for each in names]
        case _:
            return []


def _elsewhere(olds: dict[str, _File], news: dict[str, _File]) -> Iterator[Change]:
    """Declarations that left one file for another."""
    pairs = _paired(olds, news)
    before = {new.name: old for old, new in pairs}
    after = {old.name: new for old, new in pairs}
    left = {
        key: old
        for old in olds.values()
        for key in old.declared
        if old.name not in after or key not in after[old.name].declared
    }
    for new in news.values():
        for key, each in new.declared.items():
            if key in left and (new.name not in before or key not in before[new.name].declared):
                text = f"{_said(key)} now stands in {_file(new.name)}, not in {_file(left[key].name)}"
                yield _change("declaration order", new.name, text, each.span)


def _other_words(
    olds: dict[str, _File], news: dict[str, _File], before: p.Program, after: p.Program
) -> Iterator[Change]:
    """What is written with other words or in another order and means the same."""
    if changes_between(before, after).changes:
        return
    for old, new in _paired(olds, news):
        if old.source.text != new.source.text:
            other = next((each for key, each in new.declared.items() if old.declared.get(key) != each), None)
            text = f"{_file(new.name)} says the same in another way"
            yield _change("layout", new.name, text, None if other is None else other.span)


# -- tests -------------------------------------------------------------------------------------------------------------


def _of_tests(before: p.Program, after: p.Program) -> Iterator[Change]:
    olds = _by_title(tests_in_new_words(before, renames_between(before, after)))
    news = _by_title(after.tests)
    for key, new in news.items():
        old = olds.get(key)
        if old is None:
            yield _of_test(new.title, "is new", None, new.span)
        elif encoded(old) != encoded(new):
            yield _of_test(new.title, "changed", old.span, new.span)
    for key, old in olds.items():
        if key not in news:
            yield _of_test(old.title, "is gone", old.span, None)


def _by_title(tests: Sequence[Test]) -> dict[tuple[str, int], Test]:
    counts: Counter[str] = Counter()
    found: dict[tuple[str, int], Test] = {}
    for test in tests:
        found[test.title, counts[test.title]] = test
        counts[test.title] += 1
    return found


def _of_test(title: str, text: str, then: Span | None, now: Span | None) -> Change:
    return Change("tests", "test", title, None, f"test {text_wording(title)} {text}", None, None, then, now)
