"""`segwright explain-code`: what a diagnostic means."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from ..runtime.errors import SettingsError
from .command import EXIT_DONE, Command
from .output import print_text


def _declare(parser: ArgumentParser) -> None:
    parser.add_argument("code", nargs="?", metavar="SEGnnn", help="A code, as messages show it.")


def _explain_code(given: Namespace) -> int:
    from ..dsl.check.suggest import suggest
    from ..dsl.pages import all_codes, page

    if given.code is None:
        raise SettingsError("which code? `segwright explain-code SEG203`")
    text = page(given.code.upper())
    if text is None:
        near = suggest(given.code.upper(), all_codes())
        raise SettingsError(f"there is no code `{given.code}`" + (f"; did you mean `{near}`?" if near else ""))
    print_text(text.rstrip() + "\n")
    return EXIT_DONE


EXPLAIN_CODE = Command(
    name="explain-code",
    usage="SEGnnn",
    summary="Say what a diagnostic means, with a wrong and a mended example.",
    examples=("explain-code SEG203",),
    declare=_declare,
    run=_explain_code,
)
