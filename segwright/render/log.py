"""The history of meaning of a project, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .changes.form import form_said
from .changes.words import listed
from .text import plural, style, visible

if TYPE_CHECKING:
    from ..compiler.changes.records import Change
    from ..runtime.history.log import Entry, History
    from ..runtime.history.sizes import Size, Sizes

FORMAT = 1
FEW = 12
"""Changes of one commit that text shows."""


def as_json(history: History, sizes: Mapping[str, Sizes], notes: Sequence[str], *, every: bool) -> dict[str, Any]:
    """`{"format", "project", "commits", "left_out", "looked_at", "shallow", "notes"}`; docs/history.md tells what the
    keys mean."""
    shown = [entry for entry in history.entries if every or _is_told(entry)]
    return {
        "format": FORMAT,
        "project": history.project,
        "commits": [_entry(entry, sizes.get(entry.commit.hash)) for entry in shown],
        "left_out": len(history.entries) - len(shown),
        "looked_at": history.looked_at,
        "shallow": history.cut,
        "notes": list(notes),
    }


def as_text(history: History, sizes: Mapping[str, Sizes], notes: Sequence[str], *, every: bool) -> str:
    """A paragraph for each commit that changed the meaning or broke the rules (for `every` one, where it is asked for),
    then what was left out."""
    shown = [entry for entry in history.entries if every or _is_told(entry)]
    what = "what changed in the rules" if every else "what changed the meaning of the rules"
    lines = [style(f"{history.project}: {what}, newest first", bold=True)]
    for entry in shown:
        lines += ["", *_paragraph(entry, sizes.get(entry.commit.hash), cut=history.cut)]
    return "\n".join([*lines, "", *_end(history, len(history.entries) - len(shown), notes)]) + "\n"


def _is_told(entry: Entry) -> bool:
    return entry.kind != "same meaning"


# -- text ----------------------------------------------------------------------------------------------------------


def _paragraph(entry: Entry, sizes: Sizes | None, *, cut: bool) -> Iterator[str]:
    commit = entry.commit
    yield (
        f"{style(commit.hash[:7], 'yellow')}  {commit.at.date()}  {style(visible(commit.subject), bold=True)}"
        f"  {style(visible(commit.author), dim=True)}"
    )
    if entry.moved_from is not None:
        yield f"  the project moved from `{entry.moved_from}` to `{entry.place}`"
    match entry.kind:
        case "broken":
            yield f"  {style('the rules do not check', 'red')}"
            yield from (f"    {visible(line)}" for problem in entry.problems for line in problem.split("\n"))
        case "first":
            yield "  the oldest version of the rules that is here" if cut else "  the first version of the rules"
        case "meaning":
            yield from _changes([each for each in entry.changes if each.meaning], commit.hash[:7])
            form = form_said([each for each in entry.changes if not each.meaning])
            if form:
                yield f"  beside that, the meaning left alone: {form}"
        case "same meaning":
            yield f"  leaves the meaning alone: {', '.join(_why(entry))}"
    if entry.settings_changed and entry.kind == "meaning":
        yield "  other settings"
    if sizes is not None:
        yield from _sizes(sizes)


def _changes(changes: Sequence[Change], commit: str) -> Iterator[str]:
    if not changes:
        yield "  the rules mean something else"
    yield from (f"  - {visible(each.message)}" for each in changes[:FEW])
    if changes[FEW:]:
        yield f"  - and {plural(len(changes) - FEW, 'more change')}: `segwright diff {commit}~1..{commit}` tells them"


def _why(entry: Entry) -> list[str]:
    """What a commit that left the meaning alone did."""
    said = [form_said(entry.changes)] if entry.changes else []
    if entry.moved_from is not None:
        said.append("another folder")
    if entry.settings_changed:
        said.append("other settings")
    if entry.mends:
        said.append("the rules check again")
    return said or ["layout or comments"]


def _sizes(sizes: Sizes) -> Iterator[str]:
    same = [name for name, segments in sizes.segmentations.items() if sizes.before is not None and _same(segments)]
    for name, segments in sizes.segmentations.items():
        if name in same:
            continue
        told = ", ".join(
            f"{segment} {_size(size, compared=sizes.before is not None)}" for segment, size in segments.items()
        )
        yield f"  {name}: {told}"
    if same:
        yield f"  {listed(same)}: every segment as large as before"
    between = f", {sizes.steps:,} changes of meaning earlier" if sizes.steps > 1 else ""
    against = "" if sizes.before is None else f", against {sizes.before}{between}"
    yield style(f"  (run {sizes.run}{against})", dim=True)
    if sizes.before_as_of is not None and sizes.before_as_of != sizes.as_of:
        yield style(
            f"  (as of {sizes.as_of} and {sizes.before_as_of}: part of the difference may be the data's)", dim=True
        )


def _same(segments: Mapping[str, Size]) -> bool:
    """Whether all sizes are shown and as before."""
    return all(not size.hidden and size.now == size.before for size in segments.values())


def _size(size: Size, *, compared: bool) -> str:
    """`11 (+3)`, `4 (new)`, `gone (was 9)`."""
    if size.hidden:
        return "hidden"
    if size.now is None:
        return f"gone (was {size.before:,})"
    if not compared:
        return f"{size.now:,}"
    if size.before is None:
        return f"{size.now:,} (new)"
    return f"{size.now:,}" + (f" ({size.now - size.before:+,})" if size.now != size.before else "")


def _end(history: History, left_out: int, notes: Sequence[str]) -> Iterator[str]:
    touched = len(history.entries)
    if touched == 0:
        yield f"none of {plural(history.looked_at, 'commit')} has the project"
    else:
        yield style(f"{plural(history.looked_at, 'commit')} looked at, {touched:,} of them touched the rules", dim=True)
    if left_out:
        verb = "leaves" if left_out == 1 else "leave"
        yield style(f"{plural(left_out, 'commit')} that {verb} the meaning alone: `--all` shows them", dim=True)
    if history.cut:
        yield "this is a shallow clone: older commits are not here; `git fetch --unshallow` gets them"
    yield from (f"{style('note', 'cyan')}: {visible(note)}" for note in notes)


# -- JSON ----------------------------------------------------------------------------------------------------------


def _entry(entry: Entry, sizes: Sizes | None) -> dict[str, Any]:
    return {
        "commit": entry.commit.hash,
        "date": entry.commit.at.isoformat(),
        "author": entry.commit.author,
        "subject": entry.commit.subject,
        "kind": entry.kind,
        "folder": entry.place.as_posix(),
        "moved_from": None if entry.moved_from is None else entry.moved_from.as_posix(),
        "logic_hash": None if entry.rules is None else entry.rules.logic_hash,
        "text_hash": None if entry.rules is None else entry.rules.text_hash,
        "changes": [_change(each) for each in entry.changes],
        "settings_changed": entry.settings_changed,
        "mends": entry.mends,
        "problems": list(entry.problems),
        "sizes": None if sizes is None else _sizes_data(sizes),
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "meaning": change.meaning,
        "what": change.what,
        "name": change.name,
        "within": change.within,
        "message": change.message,
        "before": change.before,
        "after": change.after,
    }


def _sizes_data(sizes: Sizes) -> dict[str, Any]:
    return {
        "run": sizes.run,
        "as_of": sizes.as_of.isoformat(),
        "before": sizes.before,
        "changes_between": None if sizes.before is None else sizes.steps,
        "before_as_of": None if sizes.before_as_of is None else sizes.before_as_of.isoformat(),
        "segmentations": {
            name: {
                segment: {"now": size.now, "before": size.before, "hidden": size.hidden}
                for segment, size in segments.items()
            }
            for name, segments in sizes.segmentations.items()
        },
    }
