"""Reading what is given, and checking it: the statements at the head of the source.

Unchecked, a field is one look into the row. Checked, a test for what it mostly is stands behind that look, and whatever
is anything else goes to a function of `accept.py`, which gives the canonical value or refuses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import itemgetter

from ...dsl.program import Domain
from ...dsl.types import Type, Value
from .accept import acceptor, previous_acceptor, value_acceptor
from .places import Given, Place, names_of
from .support import DIGITS, LEAST, MOST, STEPS
from .writer import Lines, Writer, indented

MANY_NAMES = 4
"""From so many names on they are looked up together."""


def read_place(writer: Writer, place: Place) -> Lines:
    """The statements that read a row and what is nested in it."""
    if writer.checked:
        named = _unless_counted(place, list(_names(writer, place)))
        return [*named, *_reads(writer, place, all_there=False), *_checks(writer, place)]
    return _reads(writer, place, all_there=False)


def read_root(writer: Writer) -> Lines:
    """The statements that read the row that is decided about. Checked, one that has all names and no other is told by
    their number."""
    place = writer.root
    if not writer.checked:
        return _reads(writer, place, all_there=False)
    counted = _count(place)
    lists = [f"{each.variable} = {place.row}.get({table!r})" for table, each in place.lists.items()]
    there = indented(_reads(writer, place, all_there=True, lists=False) or ["pass"])
    each = indented([*_names(writer, place), *_reads(writer, place, all_there=False, lists=False)])
    if any(place.field_named(name).optional for name in place.fields):
        # A name that is not read may stand in for one that may be missing, and the number is the same.
        reads = [f"counted = len({place.row}) == {counted}", "if counted:", "    try:", *indented(there)]
        reads += ["    except KeyError:", "        counted = False", "if not counted:", *each]
    else:
        reads = [f"if len({place.row}) == {counted}:", *there, "else:", *each]
    return [*lists, *reads, *_checks(writer, place)]


def _count(place: Place) -> str:
    """How many names there are where each that is read is given, and nothing else."""
    fixed = len(place.fields) + len(place.attached) + len(place.given) + bool(place.previous)
    fixed += (place.parent is not None) + sum(1 for each in place.lists.values() if not each.names)
    counted = str(fixed)
    for each in place.lists.values():
        if each.names:
            counted = f"{counted} + (1 if {each.variable} is not None else {len(each.names)})"
    return counted


def _unless_counted(place: Place, tests: Lines) -> Lines:
    """The tests of names, only where their number does not tell: all that are read are there, so there is no other."""
    nested = place.attached or place.given or place.lists or place.previous or place.parent is not None
    if nested or not place.fields or any(place.field_named(name).optional for name in place.fields):
        return tests
    return [f"if len({place.row}) != {len(place.fields)}:", *indented(tests)]


def _names(writer: Writer, place: Place) -> Iterator[str]:
    """Refuse names that nobody knows, and what is given twice."""
    known = writer.constant(frozenset(names_of(place)).issuperset, "names")
    yield f"if not {known}({place.row}.keys()):"
    yield "    raise Refused('names')"
    for listing in place.lists.values():
        if listing.names:
            names = writer.constant(frozenset(listing.names), "names")
            yield f"if {listing.variable} is not None and not {names}.isdisjoint({place.row}):"
            yield "    raise Refused('names')"


def _reads(writer: Writer, place: Place, *, all_there: bool, lists: bool = True) -> Lines:
    row = place.row
    lines: Lines = []
    looked_up: dict[str, str] = {}
    for name, variable in place.fields.items():
        if place.field_named(name).optional and not all_there:
            lines.append(f"{variable} = {row}.get({name!r})")
        else:
            looked_up[name] = variable
    looked_up |= {name: given.variable for name, given in place.given.items()}
    lines += _looked_up(writer, row, looked_up)
    for table, inner in place.attached.items():
        lines.append(f"{inner.row} = {row}[{table!r}]")
        read = read_place(writer, inner)
        if read:
            missing = [f"    {variable} = None" for variable in inner.fields.values()]
            lines += [f"if {inner.row} is not None:", *indented(read)]
            lines += ["else:", *missing] if missing else []
    if place.parent is not None:
        lines.append(f"{place.parent.row} = {row}[{place.parent.table.name!r}]")
        lines += read_place(writer, place.parent)
    if place.previous:
        before = writer.fresh("previous")
        lines.append(f"{before} = {row}['previous'] or {{}}")
        for segmentation, variable in place.previous.items():
            lines.append(f"{variable} = {before}.get({segmentation!r})")
            if writer.checked:
                accept = writer.constant(previous_acceptor(), "accept")
                lines += [f"if {variable} is not None:", f"    {variable} = {accept}({variable})"]
        if writer.checked:
            known = writer.constant(place.before, "names")
            lines += [f"if not {before}.keys() <= {known}:", "    raise Refused('names')"]
    for table, listing in place.lists.items():
        if lists:
            may_lack = bool(listing.names)
            lines.append(
                f"{listing.variable} = {row}.get({table!r})" if may_lack else f"{listing.variable} = {row}[{table!r}]"
            )
        if listing.names:
            # A feature that two lists are reckoned into is read where either is not given.
            lines.append(f"if {listing.variable} is None:")
            variables = {name: given.variable for name, given in listing.names.items()}
            lines += indented(_looked_up(writer, row, variables))
            for given in listing.names.values() if writer.checked else ():
                lines += indented(_check_given(writer, given))
        if writer.checked:
            test = f"type({listing.variable}) is not list and type({listing.variable}) is not tuple"
            lines += [f"{'elif' if listing.names else 'if'} {test}:", "    raise Refused('rows')"]
    return lines


def _looked_up(writer: Writer, row: str, variables: Mapping[str, str]) -> Lines:
    """The statements that look up names. Checked, where all are needed whatever is decided, many at once."""
    if not writer.checked or len(variables) < MANY_NAMES:
        return [f"{variable} = {row}[{name!r}]" for name, variable in variables.items()]
    look_up = writer.constant(itemgetter(*variables), "look_up")
    return [f"{', '.join(variables.values())} = {look_up}({row})"]


def _checks(writer: Writer, place: Place) -> Lines:
    lines: Lines = []
    for name, variable in place.fields.items():
        field = place.field_named(name)
        lines += _check(
            writer,
            field.type,
            field.domain,
            variable,
            writer.constant(acceptor(field), "accept"),
            nullable=field.optional,
        )
    for given in place.given.values():
        lines += _check_given(writer, given)
    return lines


def _check_given(writer: Writer, given: Given) -> Lines:
    accept = writer.constant(value_acceptor(given.type, None), "accept")
    return _check(writer, given.type, None, given.variable, accept, nullable=given.nullable)


def _check(writer: Writer, type: Type, domain: Domain | None, variable: str, accept: str, *, nullable: bool) -> Lines:
    usual, rounded = _usual(writer, type, domain, variable)
    otherwise = [f"    {variable} = {accept}({variable})"]
    start = f"if {variable} is not None and not" if nullable else "if not"
    if rounded is None:
        return [f"{start} ({usual}):", *otherwise]
    there = f"if {variable} is not None:" if nullable else None
    lines = [f"if {usual}:", f"    {variable} = {rounded}", "else:", *otherwise]
    return lines if there is None else [there, *indented(lines)]


def _usual(writer: Writer, type: Type, domain: Domain | None, x: str) -> tuple[str, str | None]:
    """The test for the values that need no conversion, and how they are rounded, if they are."""
    match type.kind:
        case "integer":
            return f"type({x}) is int and {_within(writer, domain, x, (str(LEAST), str(MOST)))}", None
        case "number":
            return f"type({x}) is float and {_within(writer, domain, x, ('-INFINITE', 'INFINITE'), strict=True)}", None
        case "percent":
            if domain is not None and not (domain.low_included and domain.high_included):
                return "False", None  # rounding may lead out of it
            test = f"type({x}) is float and {_within(writer, domain, x, ('-1e9', '1e9'), strict=True)}"
            return test, f"({x} * 1e9 + 0.5) // 1.0 / 1e9"
        case "money":
            scale = type.scale or 0
            step = writer.literal(STEPS[scale])
            test = f"type({x}) is Decimal and same_quantum({x}, {step}) and {x}.adjusted() < {DIGITS - scale}"
            within = _within(writer, domain, x, None)
            return test if within == "True" else f"{test} and {within}", None
        case "text" if type.choices is not None:
            return f"type({x}) is str and {x} in {writer.constant(frozenset(type.choices), 'choices')}", None
        case "text":
            return f"type({x}) is str", None
        case "boolean":
            return f"({x} is True or {x} is False)", None
        case "date":
            within = _within(writer, domain, x, None)
            return f"type({x}) is date" + ("" if within == "True" else f" and {within}"), None
        case "timestamp":
            within = _within(writer, domain, x, None)
            test = f"type({x}) is datetime and {x}.tzinfo is None"
            return test if within == "True" else f"{test} and {within}", None
        case "duration":
            raise ValueError("no field is a duration")


def _within(
    writer: Writer, domain: Domain | None, x: str, limits: tuple[str, str] | None, *, strict: bool = False
) -> str:
    low = high = None
    if domain is not None:
        low = _end(writer, domain.low, "<=" if domain.low_included else "<")
        high = _end(writer, domain.high, "<=" if domain.high_included else "<")
    if limits is not None:
        low = low or (limits[0], "<" if strict else "<=")
        high = high or (limits[1], "<" if strict else "<=")
    before = f"{low[0]} {low[1]} " if low else ""
    after = f" {high[1]} {high[0]}" if high else ""
    return f"{before}{x}{after}" if low or high else "True"


def _end(writer: Writer, end: Value | None, sign: str) -> tuple[str, str] | None:
    return None if end is None else (writer.literal(end), sign)
