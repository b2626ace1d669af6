"""Purposes: declared once, named by fields and segmentations."""

from __future__ import annotations

from collections.abc import Sequence

from .. import syntax as s
from .names import Names
from .namespace import unrepeated
from .suggest import did_you_mean, suggest


def declare_purposes(declarations: Sequence[s.Purposes], names: Names) -> None:
    """Fill `names.purposes`."""
    written = [name for declaration in declarations for name in declaration.names]
    for name in unrepeated(written, names.problems, "SEG102", "among the purposes"):
        names.purposes[name.text] = name.span


def known_purposes(written: Sequence[s.Name], names: Names, where: str) -> tuple[str, ...]:
    """The declared purposes of a list, after reporting what is not declared or stands twice.

    What is not declared counts as what it was probably meant to be, else as declared from here on, so that one mistake
    is one problem and not several."""
    known: list[str] = []
    for name in unrepeated(written, names.problems, "SEG102", where):
        meant = name.text
        if meant not in names.purposes and meant not in names.broken:
            names.problems.error(
                "SEG101",
                name.span,
                f"no purpose is called `{name.text}`",
                fixes=did_you_mean(name, names.purposes),
                hints=[_declared(names)],
            )
            meant = suggest(name.text, names.purposes) or name.text
            if meant == name.text:
                names.broken.add(meant)
        if meant not in known:
            known.append(meant)
    return tuple(known)


def _declared(names: Names) -> str:
    if not names.purposes:
        return "declare it first: `purposes credit_risk, marketing`"
    return "the project's purposes are " + ", ".join(f"`{purpose}`" for purpose in names.purposes)
