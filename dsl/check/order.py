"""In which order lets and segmentations are needed, and segmentations that need themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .. import program as p
from ..diagnostics import Label, Problems
from ..source import Span
from ..walk import conditions, walk

Declared = p.Let | p.Segmentation


def in_order(
    lets: Sequence[p.Let], segmentations: Sequence[p.Segmentation], problems: Problems
) -> tuple[tuple[p.Let, ...], tuple[p.Segmentation, ...]]:
    """Both in an order in which each needs only what stands before it, else as written. A circle through a
    segmentation is reported once and then cut (lets in a circle of their own have been reported before)."""
    by_name: dict[str, Declared] = {each.name: each for each in [*lets, *segmentations]}
    done: dict[str, Declared] = {}
    for start in by_name.values():
        _visit(start, by_name, done, problems)
    ordered = list(done.values())
    return (
        tuple(each for each in ordered if isinstance(each, p.Let)),
        tuple(each for each in ordered if isinstance(each, p.Segmentation)),
    )


def needs(declared: Declared) -> Iterator[tuple[str, Span]]:
    """The lets and segmentations that a let or segmentation reads directly, with the words that say so."""
    for expr in (declared.value,) if isinstance(declared, p.Let) else conditions(declared):
        for part in walk(expr):
            match part:
                case p.LetRef(name=name, span=span):
                    yield name, span
                case p.SegmentIs(segmentation=name, span=span) | p.SegmentIncludes(segmentation=name, span=span):
                    yield name, span
                case _:
                    pass
    if isinstance(declared, p.Segmentation):
        yield from ((name, segment.span) for segment in declared.all_segments for name in segment.reasons_from)


def _visit(start: Declared, by_name: dict[str, Declared], done: dict[str, Declared], problems: Problems) -> None:
    """Depth first, without recursion: a chain of lets may be longer than Python's stack."""
    if start.name in done:
        return
    path: list[tuple[Declared, Iterator[tuple[str, Span]]]] = [(start, needs(start))]
    came_by: dict[str, Span] = {start.name: start.span}
    while path:
        at, left = path[-1]
        following = next(left, None)
        if following is None:
            done[at.name] = at
            del came_by[at.name]
            path.pop()
            continue
        name, span = following
        if name in came_by:
            chain = list(came_by)
            circle = chain[chain.index(name) :]
            _report([by_name[each] for each in circle], [*(came_by[each] for each in circle[1:]), span], problems)
        elif name in by_name and name not in done:
            came_by[name] = span
            path.append((by_name[name], needs(by_name[name])))


def _report(circle: list[Declared], references: list[Span], problems: Problems) -> None:
    """`references[i]` is where `circle[i]` asks for the next one. Told from the first segmentation on."""
    first = next((at for at, each in enumerate(circle) if isinstance(each, p.Segmentation)), 0)
    circle, references = circle[first:] + circle[:first], references[first:] + references[:first]
    chain = ", which needs ".join(f"`{each.name}`" for each in [*circle[1:], circle[0]])
    problems.error(
        "SEG514",
        references[0],
        f"`{circle[0].name}` needs {chain}: a segmentation cannot be decided by itself"
        if len(circle) > 1
        else f"`{circle[0].name}` asks for itself while it is being decided",
        labels=[Label(reference, "and this") for reference in references[1:]],
        hints=[f"`previous {circle[0].name}` asks for the segment in the run before this one"],
    )
