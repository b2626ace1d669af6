"""The catalogue of diagnostics: every page of `codes/` as one document, in order, under the kinds of problem.

`python -m segwright.dsl.catalogue` prints it; `docs/diagnostics.md` is what it prints.
"""

from __future__ import annotations

import sys

from .pages import all_codes, page

KINDS: tuple[tuple[int, str], ...] = (
    (0, "How rules are written"),
    (100, "Names and declarations"),
    (150, "Names in expressions"),
    (200, "Types and values"),
    (300, "Tables and fields"),
    (400, "Time and aggregates"),
    (420, "Relative values and the run before"),
    (500, "Segmentations"),
    (600, "Privacy and purposes"),
    (700, "Missing data"),
    (750, "Always true, always false"),
    (800, "Decisions and scorecards"),
    (850, "Measures and what they are held to"),
    (900, "Not in this version"),
    (910, "Tests"),
)
"""From which number on a code is of which kind."""


def catalogue() -> str:
    """The whole document, in Markdown."""
    lines = [
        "# Diagnostics",
        "",
        "Every problem that checking rules can find, by its code. `segwright explain-code SEG203` prints the same on a",
        "terminal. Each example was run: the wrong one gives its code, the right one does not.",
        "",
        "This page is made from `dsl/codes/` by `python -m segwright.dsl.catalogue > docs/diagnostics.md`.",
        "",
    ]
    codes = all_codes()
    kinds = [kind for _, kind in KINDS if any(_kind(code) == kind for code in codes)]
    lines += [f"- [{kind}](#{kind.lower().replace(',', '').replace(' ', '-')})" for kind in kinds]
    for kind in kinds:
        own = [code for code in codes if _kind(code) == kind]
        lines += ["", f"## {kind}", "", *(f"- [{code}](#{code}): {_title(code)}" for code in own)]
        for code in own:
            lines += ["", *_entry(code)]
    return "\n".join(lines) + "\n"


def _title(code: str) -> str:
    return (page(code) or "").partition("\n")[0].removeprefix(f"# {code}: ")


def _kind(code: str) -> str:
    number = int(code.removeprefix("SEG"))
    return next(kind for least, kind in reversed(KINDS) if least <= number)


def _entry(code: str) -> list[str]:
    """A page with its headings two levels down, and an anchor."""
    written = page(code) or ""
    title, _, rest = written.strip("\n").partition("\n")
    body = rest.replace("\n## Wrong\n", "\nWrong:\n").replace("\n## Right\n", "\nRight:\n")
    return [f'<a id="{code}"></a>', "", f"### {title.removeprefix('# ')}", *body.split("\n")]


if __name__ == "__main__":
    sys.stdout.write(catalogue())
