"""Purposes: declared once, named by fields and segmentations."""

from __future__ import annotations

from collections.abc import Sequence

from .. import syntax as s
from .names import Names
from .namespace import unrepeated
from .suggest import did_you_mean


def declare_purposes(declarations: Sequence[s.Purposes], names: Names) -> None:
    """Fill `names.purposes`."""
    written = [name for declaration in declarations for name in declaration.names]
    for name in unrepeated(written, names.problems, "SEG102", "among the purposes"):
        names.purposes[name.text] = name.span


def known_purposes(written: Sequence[s.Name], names: Names, where: str) -> tuple[str, ...]:
    """The declared purposes of a list, after reporting what is not declared or stands twice."""
    known: list[str] = []
    for name in unrepeated(written, names.problems, "SEG102", where):
        if name.text in names.purposes:
            known.append(name.text)
        elif name.text not in names.broken:
            names.problems.error(
                "SEG101",
                name.span,
                f"no purpose is called `{name.text}`",
                fixes=did_you_mean(name, names.purposes),
                hints=[_declared(names)],
            )
    return tuple(known)


def _declared(names: Names) -> str:
    if not names.purposes:
        return "declare it first: `purposes credit_risk, marketing`"
    return "the project's purposes are " + ", ".join(f"`{purpose}`" for purpose in names.purposes)
