"""Fields: types, domains, how a column is kept, and the labels of privacy and purpose."""

from __future__ import annotations

from .. import program as p
from .. import syntax as s
from ..diagnostics import Label, Problems
from ..labels import labels_of_field
from ..types import Type
from .literals import type_wording
from .mapping import checked_mapping
from .names import Names
from .purposes import known_purposes
from .ranges import domain_of


def checked_fields(declaration: s.TableDecl, names: Names) -> tuple[p.Field, ...]:
    """The fields of a table; of two with one name the first."""
    table = declaration.name.text
    first: dict[str, s.Name] = {}
    columns: dict[str, p.Field] = {}
    fields: list[p.Field] = []
    for written in declaration.fields:
        name = written.name.text
        if name in first:
            names.problems.error(
                "SEG309",
                written.name.span,
                f"`{table}` has a field `{name}` already",
                labels=[Label(first[name].span, "declared here first")],
            )
            continue
        first[name] = written.name
        field = _field(written, names)
        fields.append(field)
        # Engines find a column whatever the case of its letters, so that is what a label must hold for.
        other = columns.setdefault(field.column.casefold(), field)
        if other is not field and labels_of_field(other) != labels_of_field(field):
            names.problems.error(
                "SEG321",
                written.name.span,
                f"`{name}` and `{other.name}` are one column, `{field.column}`, and must carry the same labels "
                "(`protected`, `personal`, `consent`, `for`)",
                labels=[Label(other.span, f"`{other.name}` reads the same column with other labels")],
            )
    return tuple(fields)


def _field(written: s.FieldDecl, names: Names) -> p.Field:
    problems = names.problems
    type = _type(written.type, problems)
    modifiers = _once_each(written, problems)
    domain: p.Domain | None = None
    column = written.name.text
    protected: s.Protected | None = None
    consent: tuple[str, ...] = ()
    purposes: tuple[str, ...] | None = None
    for modifier in modifiers:
        match modifier:
            case s.Domain(range=range):
                domain = _domain(range, written, type, problems)
            case s.As(column=text):
                column = text.value
            case s.Protected():
                protected = modifier
            case s.ConsentFor():
                if type.kind != "boolean":
                    _misfit(modifier, "consent for", "a boolean", written, type, problems)
                consent = known_purposes(modifier.purposes, names, "in this list")
            case s.PurposeLimit():
                limit = known_purposes(modifier.purposes, names, "in this list")
                purposes = limit if names.purposes.keys() >= set(limit) else None
            case _:
                pass  # optional and personal are asked for below, the rest is the mapping
    mapping = checked_mapping(written, modifiers, type, problems)
    for modifier in modifiers:
        if isinstance(modifier, s.ConsentFor) and protected is not None:
            problems.error(
                "SEG322",
                modifier.span,
                f"`{written.name.text}` cannot be `protected` and carry consent: "
                "consent decides, and what is protected must not",
                labels=[Label(protected.span, "protected by this word")],
            )
    return p.Field(
        name=written.name.text,
        title=written.title.value if written.title else None,
        type=type,
        column=column,
        optional=any(isinstance(modifier, s.Optional | s.MissingWhen | s.OthersMissing) for modifier in modifiers),
        domain=domain,
        mapping=mapping,
        protected=protected is not None,
        personal=any(isinstance(modifier, s.Personal) for modifier in modifiers),
        consent=consent,
        purposes=purposes,
        span=written.name.span,
    )


def _type(written: s.TypeExpr, problems: Problems) -> Type:
    if written.word == "one of":
        first: dict[str, s.Text] = {}
        for choice in written.choices:
            if choice.value in first:
                problems.error(
                    "SEG315",
                    choice.span,
                    f'`"{choice.value}"` stands twice on the list',
                    labels=[Label(first[choice.value].span, "here already")],
                )
            first.setdefault(choice.value, choice)
        return Type("text", choices=tuple(first))
    if written.word == "money":
        return Type("money", 2 if written.scale is None else written.scale)
    return Type(written.word)


def _once_each(written: s.FieldDecl, problems: Problems) -> list[s.Modifier]:
    """The modifiers, each kind once; a repeated one is reported."""
    first: dict[object, s.Modifier] = {}
    for modifier in written.modifiers:
        kind = (type(modifier), modifier.truth) if isinstance(modifier, s.TruthWhen) else type(modifier)
        if kind in first:
            problems.error(
                "SEG310",
                modifier.span,
                f"`{written.name.text}` says this twice; one of them has to go",
                labels=[Label(first[kind].span, "said here already")],
            )
        first.setdefault(kind, modifier)
    return list(first.values())


def _domain(range: s.Range, written: s.FieldDecl, type: Type, problems: Problems) -> p.Domain | None:
    if type.kind in ("text", "boolean"):
        hint = ["a text that can have certain values only is `one of` them"] if type.kind == "text" else []
        problems.error(
            "SEG311",
            range.span,
            f"`{written.name.text}` is {type_wording(type)}: only numbers and dates lie in a range",
            hints=hint,
        )
        return None
    return domain_of(range, type, problems, subject=written.name.text)


def _misfit(
    modifier: s.Modifier, words: str, wanted: str, written: s.FieldDecl, type: Type, problems: Problems
) -> None:
    problems.error(
        "SEG311",
        modifier.span,
        f"`{words}` belongs to {wanted}, and `{written.name.text}` is {type_wording(type)}",
    )
