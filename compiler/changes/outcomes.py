"""What differs in what segments are judged by and held to."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, TypeVar

from ...dsl import outcomes as o
from ...dsl import program as p
from ...dsl.builtins import BY_NAME
from ...dsl.source import Span
from ...dsl.wording import percent_wording, text_wording, value_wording, wording, written
from ..ruleset import sorted_fairness
from .data import of_titles
from .differences import Difference, differences, sentence
from .nodes import encoded
from .records import Change

_Item = TypeVar("_Item")


def of_measures(old: o.Measure, new: o.Measure) -> list[Difference]:
    """The differences of two measures."""
    found = of_titles(old.title, new.title)
    if old.table != new.table:
        text = f"is now of `{new.table}`, not of `{old.table}`"
        found.append(Difference("definition", text, old.table, new.table, old.span, new.span))
    if old.better != new.better:
        one, other = (None if each is None else f"{each} is better" for each in (old.better, new.better))
        text = f"says {other or 'neither higher nor lower is better'} now"
        found.append(Difference("watch", text, one, other, old.span, new.span))
    if encoded(old.value) != encoded(new.value):
        told = differences(old.value, new.value, new.table)
        whole = Difference("definition", "is reckoned otherwise", None, None, old.span, new.span)
        found += told or ([] if wording(old.value, old.table) == wording(new.value, new.table) else [whole])
    return found


# -- what is watched ---------------------------------------------------------------------------------------------------


def of_what_is_watched(before: p.Program, after: p.Program) -> Iterator[Change]:
    """All changes of freshness, periods and horizons of measures, targets, policy, experiments and guarantees."""
    yield from _of_freshness(before, after)
    yield from _of_sets(before, after)
    yield from _of_targets(before, after)
    yield from _of_policy(before, after)
    yield from _of_experiments(before, after)
    yield from _of_guarantees(before, after)


def _both(
    old: Sequence[_Item], new: Sequence[_Item], key: Callable[[_Item], Hashable]
) -> Iterator[tuple[_Item | None, _Item | None]]:
    """Items by what they are about, those of the new program first; several about the same thing in order, those that
    say the same put together first."""
    left = list(old)
    taken: dict[int, _Item] = {}
    for same in (encoded, key):
        for at, item in enumerate(new):
            found = None if at in taken else next((each for each in left if same(each) == same(item)), None)
            if found is not None:
                taken[at] = found
                left.remove(found)
    for at, item in enumerate(new):
        yield taken.get(at), item
    for item in left:
        yield item, None


def _watched(
    what: str,
    name: str,
    within: str | None,
    text: str,
    words: tuple[str | None, str | None],
    spans: tuple[Span | None, Span | None],
) -> Change:
    return Change("watch", what, name, within, text, *words, *spans)


def _spans(old: Any, new: Any) -> tuple[Span | None, Span | None]:
    return None if old is None else old.span, None if new is None else new.span


def _of_freshness(before: p.Program, after: p.Program) -> Iterator[Change]:
    for old, new in _both(before.freshness, after.freshness, lambda each: each.table):
        one, other = (None if each is None else f"within {each.within}" for each in (old, new))
        table = (old or new or before.freshness[0]).table
        if one != other:
            text = _moved(f"freshness of `{table}`", one, other)
            yield _watched("freshness", table, None, text, (one, other), _spans(old, new))


def _moved(name: str, one: str | None, other: str | None) -> str:
    if one is None:
        return f"{name} is new: {other}"
    return f"{name} is gone: it was {one}" if other is None else f"{name} is now {other}, not {one}"


def _of_sets(before: p.Program, after: p.Program) -> Iterator[Change]:
    """The periods and the horizons of measures."""
    for old, new in _both(before.measures_by, after.measures_by, lambda each: (each.period, each.table)):
        one, other = (
            None if each is None else f"by {each.period} of {wording(each.of, each.table)}" for each in (old, new)
        )
        name = (old or new or before.measures_by[0]).period
        if one != other:
            text = _moved(f"`measures by {name}`", one, other)
            yield _watched("measure", f"by {name}", None, text, (one, other), _spans(old, new))
    for length in after.measures_at:
        if length not in before.measures_at:
            yield _watched(
                "measure",
                f"at {length}",
                None,
                f"measures are also told at {length}",
                (None, str(length)),
                _spans(None, None),
            )
    for length in before.measures_at:
        if length not in after.measures_at:
            text = f"measures are no longer told at {length}"
            yield _watched("measure", f"at {length}", None, text, (str(length), None), _spans(None, None))


def _of_targets(before: p.Program, after: p.Program) -> Iterator[Change]:
    def about(target: o.Target) -> Hashable:
        return target.of, target.measure, target.comparison in ("less", "at_most")

    for old, new in _both(before.targets, after.targets, about):
        one, other = (None if each is None else _limit(each, of) for each, of in ((old, before), (new, after)))
        target = new or old
        if target is None or one == other:
            continue
        name = "size" if target.measure is None else f"`{target.measure}`"
        text = _moved(f"target of {name} for `{target.of.segment}`", one, other)
        of = target.of
        yield _watched("target", of.segment, of.segmentation, text, (one, other), _spans(old, new))


def _limit(target: o.Target, program: p.Program) -> str:
    table = program.segmentation(target.of.segmentation).table
    words = BY_NAME[target.comparison].name.replace("_", " ")
    said = {"less": "below", "greater": "above", "equal": "exactly", "not equal": "not"}.get(words, words)
    return f"{said} {wording(target.value, table)}"


def _of_policy(before: p.Program, after: p.Program) -> Iterator[Change]:
    if before.policy.hide_below != after.policy.hide_below:
        one, other = (
            None if each.policy.hide_below is None else f"below {each.policy.hide_below}" for each in (before, after)
        )
        if other is None:
            text = f"groups {one} are no longer hidden"
        else:
            text = f"groups {other} are now hidden" + ("" if one is None else f", not those {one}")
        yield _watched("policy", "hide groups", None, text, (one, other), (None, None))
    olds, news = ([sorted_fairness(each) for each in program.policy.fairness] for program in (before, after))
    for old, new in _both(olds, news, lambda each: (_across(each), each.favourable, each.unfavourable)):
        one, other = (None if each is None else _fairness(each) for each in (old, new))
        if one != other:
            text = _moved("a fairness rule", *(None if each is None else f"`{each}`" for each in (one, other)))
            yield _watched("policy", "fairness", None, text, (one, other), _spans(old, new))


def _across(fairness: o.Fairness) -> Hashable:
    return tuple((ref.table, ref.field) for ref in fairness.across)


def _fairness(fairness: o.Fairness) -> str:
    """`fairness across gender favourable prime ratio at least 80%`."""
    words = ["fairness across", ", ".join(written(ref.field) for ref in fairness.across)]
    for word, segments in (("favourable", fairness.favourable), ("unfavourable", fairness.unfavourable)):
        if segments:
            words += [word, ", ".join(written(of.segment) for of in segments)]
    if fairness.ratio is not None:
        words += ["ratio at least", percent_wording(fairness.ratio)]
    if fairness.reference is not None:
        words += ["against", value_wording(fairness.reference, fairness.across[0].type)]
    return " ".join(words)


def _of_experiments(before: p.Program, after: p.Program) -> Iterator[Change]:
    for old, new in _both(before.experiments, after.experiments, lambda each: each.name):
        experiment = new or old
        if experiment is None:
            continue
        name = experiment.name
        one, other = (None if each is None else _experiment(each) for each in (old, new))
        if one != other:
            text = _moved(f"experiment `{name}`", *(None if each is None else f"`{each}`" for each in (one, other)))
            yield _watched("experiment", name, None, text, (one, other), _spans(old, new))
        if old is not None and new is not None:
            titles = [*of_titles(old.title, new.title)]
            for was, now in zip(old.arms, new.arms, strict=False):
                titles += of_titles(was.title, now.title) if was.name == now.name else []
            for each in titles:
                text = sentence(f"experiment `{name}`", each.text)
                yield Change("title", "experiment", name, None, text, each.before, each.after, old.span, new.span)


def _experiment(experiment: o.Experiment) -> str:
    """`on subprime arms treated 90%, control 10% success default_rate`."""
    on = ", ".join(sorted(f"{written(of.segmentation)}.{written(of.segment)}" for of in experiment.on))
    arms = ", ".join(f"{written(arm.name)} {percent_wording(arm.share)}" for arm in experiment.arms)
    success = ", ".join(sorted(map(written, experiment.success)))
    return f"on {on} arms {arms}" + (f" success {success}" if success else "")


def _of_guarantees(before: p.Program, after: p.Program) -> Iterator[Change]:
    untitled = list(after.guarantees)
    left: list[o.Guarantee] = []
    for old in before.guarantees:  # the same promise under another title
        same = next((new for new in untitled if _promise(new, after) == _promise(old, before)), None)
        if same is None:
            left.append(old)
            continue
        untitled.remove(same)
        if old.title != same.title:
            text = f"the text of guarantee {text_wording(old.title)} is now {text_wording(same.title)}"
            one, other = text_wording(old.title), text_wording(same.title)
            yield Change("title", "guarantee", same.title, None, text, one, other, old.span, same.span)
    for old, new in _both(left, untitled, lambda each: each.title):
        guarantee = new or old
        if guarantee is None:
            continue
        one, other = (None if each is None else _promise(each, of) for each, of in ((old, before), (new, after)))
        said = (None if each is None else f"`{each}`" for each in (one, other))
        text = _moved(f"guarantee {text_wording(guarantee.title)}", *said)
        yield _watched("guarantee", guarantee.title, None, text, (one, other), _spans(old, new))


def _promise(guarantee: o.Guarantee, program: p.Program) -> str:
    """`no prime where credit_score is missing`."""
    of = guarantee.of
    words = f"{guarantee.kind} {written(of.segmentation)}.{written(of.segment)}"
    if guarantee.condition is None:
        return words
    return f"{words} where {wording(guarantee.condition, program.segmentation(of.segmentation).table)}"
