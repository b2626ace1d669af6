"""Rule files: reading them, following `use`, and checking all of them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from os.path import relpath
from pathlib import Path

from .check import check, settled
from .check.suggest import suggestion_at
from .diagnostics import Diagnostic, Problems
from .files import ON_DISK, Files
from .parse import parse
from .program import Program
from .source import Source, Span
from .syntax import Document, Text, Use


@dataclass(frozen=True, slots=True)
class RuleFiles:
    """The rule files of a project, read and parsed: those asked for and what they `use`, in order of name.

    `sources` holds every file that a diagnostic speaks of, by the name it is shown under."""

    sources: dict[str, Source]
    documents: tuple[Document, ...]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class CheckedFiles:
    """Rule files and the program that they make, None where an error keeps it from running; all problems of all files,
    in order of file and place."""

    sources: dict[str, Source]
    documents: tuple[Document, ...]
    program: Program | None
    diagnostics: tuple[Diagnostic, ...]


def check_files(paths: Sequence[Path], shown_relative_to: Path, files: Files = ON_DISK) -> CheckedFiles:
    """Read, parse and check rule files; raises nothing. Files are shown by their path relative to the given folder."""
    read = read_rules(paths, shown_relative_to, files)
    checked = check(read.documents)
    diagnostics = settled([*read.diagnostics, *checked.diagnostics])
    sound = not any(diagnostic.severity == "error" for diagnostic in diagnostics)
    return CheckedFiles(read.sources, read.documents, checked.program if sound else None, diagnostics)


def read_rules(paths: Sequence[Path], shown_relative_to: Path, files: Files = ON_DISK) -> RuleFiles:
    """Read and parse rule files and, in turn, what they `use`, each file once; raises nothing."""
    problems = Problems()
    sources: dict[str, Source] = {}
    documents: list[Document] = []
    found: list[Diagnostic] = []
    seen: set[Path] = set()
    waiting: list[tuple[Path, Text | None]] = [(path, None) for path in paths]
    while waiting:
        path, used_at = waiting.pop(0)
        identity = files.resolve(path)
        if identity in seen:
            continue
        source = _read(files, path, _shown(files, path, shown_relative_to), used_at, sources, problems)
        if source is None:
            continue
        seen.add(identity)
        document, of_parsing = parse(source)
        documents.append(document)
        found.extend(of_parsing)
        waiting.extend(
            (path.parent / declaration.path.value, declaration.path)
            for declaration in document.declarations
            if isinstance(declaration, Use)
        )
    if not problems.has_errors():
        _check_not_empty(documents, found, sources, problems)
    documents.sort(key=lambda document: document.file)
    return RuleFiles(sources, tuple(documents), settled([*problems.found, *found]))


def read_file(path: Path, shown_relative_to: Path) -> tuple[Source, tuple[Diagnostic, ...]]:
    """The text of one rule file, without what it uses, and why it cannot be read; raises nothing."""
    problems = Problems()
    sources: dict[str, Source] = {}
    shown = _shown(ON_DISK, path, shown_relative_to)
    _read(ON_DISK, path, shown, None, sources, problems)
    return sources[shown], settled(problems.found)


def _shown(files: Files, path: Path, folder: Path) -> str:
    try:
        return Path(relpath(files.resolve(path), files.resolve(folder))).as_posix()
    except ValueError:  # another drive
        return path.as_posix()


def _read(
    files: Files, path: Path, shown: str, used_at: Text | None, sources: dict[str, Source], problems: Problems
) -> Source | None:
    """The text of a file, None where it cannot be had, which is reported where the file is asked for."""
    try:
        content = files.read(path)
    except (FileNotFoundError, NotADirectoryError):
        _report_absent(files, path, shown, used_at, sources, problems)
        return None
    except IsADirectoryError:
        _report_unreadable(f"`{shown}` is a folder, not a rule file", shown, used_at, sources, problems)
        return None
    except (OSError, ValueError) as failure:  # ValueError: a path that no system can have
        why = failure.strerror.lower() if isinstance(failure, OSError) and failure.strerror else "no such path"
        _report_unreadable(f"`{shown}` cannot be read: {why}", shown, used_at, sources, problems)
        return None
    try:
        source = Source(shown, content.decode("utf-8-sig"))
    except UnicodeDecodeError as failure:
        readable = content.decode("utf-8", errors="replace")
        at = len(content[: failure.start].decode("utf-8"))
        sources[shown] = Source(shown, readable)
        problems.error(
            "SEG107",
            Span(shown, at, at + 1),
            f"`{shown}` is not UTF-8 text: this character cannot be read",
            hints=["save the file as UTF-8"],
        )
        return None
    sources[shown] = source
    return source


def _report_absent(
    files: Files, path: Path, shown: str, used_at: Text | None, sources: dict[str, Source], problems: Problems
) -> None:
    span = _place(shown, used_at, sources)
    beside: list[str] = []
    if used_at is not None:
        beside = [name for name in files.beside(path) if path.suffix in ("", Path(name).suffix)]
    problems.error(
        "SEG106",
        span,
        f"there is no file `{shown}`",
        fixes=suggestion_at(
            span, path.name, sorted(beside), quote=lambda name: f'"{_beside(used_at, name)}"' if used_at else name
        ),
        hints=["the path is relative to the file that it stands in"] if used_at else [],
    )


def _beside(used_at: Text | None, name: str) -> str:
    return name if used_at is None else (Path(used_at.value).parent / name).as_posix()


def _report_unreadable(
    message: str, shown: str, used_at: Text | None, sources: dict[str, Source], problems: Problems
) -> None:
    problems.error("SEG107", _place(shown, used_at, sources), message)


def _place(shown: str, used_at: Text | None, sources: dict[str, Source]) -> Span:
    """Where the file is asked for; for one asked for from outside, the start of it, of which nothing is known."""
    if used_at is not None:
        return used_at.span
    sources.setdefault(shown, Source(shown, ""))
    return Span(shown, 0, 0)


def _check_not_empty(
    documents: Sequence[Document], found: Sequence[Diagnostic], sources: dict[str, Source], problems: Problems
) -> None:
    """A project that says nothing at all is a mistake: a wrong folder, or a file not yet saved."""
    if found or any(not isinstance(each, Use) for document in documents for each in document.declarations):
        return
    if documents:
        file = documents[0].file
        message = f"`{file}` declares nothing" if len(documents) == 1 else "no rule file declares anything"
    else:
        file, message = ".", "there is no rule file"
        sources.setdefault(file, Source(file, ""))
    problems.error(
        "SEG111", Span(file, 0, 0), message, hints=["a first line could be `table customers key customer_id`"]
    )
