"""The policy of a project: from how many people on a group is shown, and what is watched for fairness."""

from __future__ import annotations

from collections.abc import Sequence

from .. import program as p
from .. import syntax as s
from ..diagnostics import Label
from ..outcomes import Fairness, Policy, SegmentName
from ..types import PERCENT, Value
from .declared import declaration_labels, field_of
from .lets import row_table
from .literals import literal_value, type_wording
from .names import Names, Scope
from .ranges import contains
from .references import reference
from .segment_names import segment_names, table_of

_GROUPING = ("text", "boolean", "integer")


def checked_policy(declarations: Sequence[s.Policy], names: Names) -> Policy:
    """All policies together, as far as they could be checked."""
    hidden: list[s.HideBelow] = []
    fairness: list[Fairness] = []
    for declaration in declarations:
        for item in declaration.items:
            match item:
                case s.HideBelow():
                    hidden.append(item)
                case s.Fairness():
                    checked = _fairness(item, names)
                    fairness.extend([] if checked is None else [checked])
    return Policy(_hide_below(hidden, names), tuple(fairness))


def _hide_below(said: Sequence[s.HideBelow], names: Names) -> int | None:
    for again in said[1:]:
        names.problems.error(
            "SEG881",
            again.span,
            "from how many rows on a group is shown is said twice",
            labels=[Label(said[0].span, "said here already")],
        )
    if not said:
        return None
    minimum = said[0].minimum
    if not minimum.whole or minimum.value < 2:
        names.problems.error(
            "SEG880",
            minimum.span,
            "a group is hidden below a whole number of rows, at least 2: below 1 or 0 there is nobody to hide",
        )
        return None
    return int(minimum.value)


# -- fairness --------------------------------------------------------------------------------------------------------


def _fairness(item: s.Fairness, names: Names) -> Fairness | None:
    favourable = segment_names(item.favourable, names)
    unfavourable = segment_names(item.unfavourable, names)
    ratio = _ratio(item, names)
    if not item.across:
        names.problems.error("SEG882", item.span, "across which field? Say it with `across`, as in `across gender`")
    if favourable is None or unfavourable is None:
        return None
    _check_both_ways(item, favourable, unfavourable, names)
    refs = (*item.favourable, *item.unfavourable)
    table = table_of((*favourable, *unfavourable), refs, names) if refs else _only_table(item, names)
    if table is None:
        return None
    across = [_across(ref, table, names) for ref in item.across]
    fields = tuple(ref for ref in across if ref is not None)
    reference_value = _reference(item, fields, names)
    return Fairness(fields, favourable, unfavourable, ratio, reference_value, item.span)


def _check_both_ways(
    item: s.Fairness, favourable: tuple[SegmentName, ...], unfavourable: tuple[SegmentName, ...], names: Names
) -> None:
    for segment, ref in zip(unfavourable, item.unfavourable, strict=True):
        if segment in favourable:
            names.problems.error(
                "SEG883",
                ref.span,
                f"`{ref.text}` is called favourable and unfavourable",
                labels=[Label(item.favourable[favourable.index(segment)].span, "favourable here")],
            )
    if not item.favourable and not item.unfavourable:
        asked = "the ratio of what?" if item.ratio is not None else "fairness of what?"
        names.problems.error(
            "SEG882",
            item.span if item.ratio is None else item.ratio.span,
            f"{asked} Say which segments are `favourable` or `unfavourable`",
        )


def _only_table(item: s.Fairness, names: Names) -> str | None:
    if not item.across:
        return None
    table = row_table(item.across[0].parts[0], None, "fairness", names)
    return None if table is None else table.name


def _ratio(item: s.Fairness, names: Names) -> float | None:
    if item.ratio is None:
        return None
    share = literal_value(item.ratio, PERCENT, names.problems)
    if not isinstance(share, float):
        return None
    if not 0 < share <= 1:
        names.problems.error(
            "SEG884", item.ratio.span, "a ratio of two groups lies above 0% and goes up to 100%, where both fare alike"
        )
        return None
    return share


def _across(ref: s.Ref, table: str, names: Names) -> p.FieldRef | None:
    scope = Scope(names, table, "guarantee", "fairness")
    found = reference(ref, scope)
    if found is None:
        return None
    if not isinstance(found, p.FieldRef):
        names.problems.error("SEG885", ref.span, f"fairness is looked at across a field, and `{ref.text}` is none")
        return None
    if found.type.kind not in _GROUPING:
        names.problems.error(
            "SEG885",
            ref.span,
            f"`{ref.text}` is {type_wording(found.type)}, which does not put people into groups that can be compared",
            labels=declaration_labels(found, scope),
        )
        return None
    field = field_of(found, scope)
    if field.personal:
        names.problems.error(
            "SEG885",
            ref.span,
            f"`{ref.text}` is personal, and its groups would show its values",
            labels=[Label(field.span, "personal by its declaration")],
            hints=["`protected` alone keeps a field out of every segment and every explanation"],
        )
        return None
    if not field.protected:
        names.problems.warning(
            "SEG886",
            ref.span,
            f"`{ref.text}` is not protected, so segments may be decided by it",
            labels=[Label(field.span, "declared here, without `protected`")],
        )
    return found


def _reference(item: s.Fairness, across: tuple[p.FieldRef, ...], names: Names) -> Value | None:
    if item.reference is None:
        return None
    if len(item.across) > 1:
        names.problems.error(
            "SEG887",
            item.reference.span,
            "a reference is a value of one field, and several fields stand here: give each a `fairness` of its own",
            labels=[Label(ref.span, "this field") for ref in item.across],
        )
        return None
    for ref in across:
        scope = Scope(names, ref.table, "guarantee", "fairness")
        labels, field = declaration_labels(ref, scope), field_of(ref, scope)
        value = literal_value(item.reference, ref.type, names.problems, field.name, labels)
        if value is None or field.domain is None or contains(field.domain, value):
            return value
        names.problems.error("SEG887", item.reference.span, f"`{field.name}` never has this value", labels=labels)
    return None
