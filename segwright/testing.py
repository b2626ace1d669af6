"""The tests of checked rule files: which ones are meant, and what became of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from .dsl.check.suggest import suggest
from .dsl.project import CheckedFiles
from .project import RulesError
from .runtime.errors import SettingsError

if TYPE_CHECKING:
    from .dsl.outcomes import Test
    from .runtime.testing.results import TestResults


def run_tests_of(
    rules: CheckedFiles,
    *,
    files: Collection[str] | None = None,
    words: str | None = None,
    engine: str | None = None,
    report: Callable[[int, int], None] | None = None,
) -> TestResults:
    """Run the tests of checked rules: of some files only, as they are shown; those with all of `words` in their title;
    on one engine. `report` is told how many cases are done, of how many.

    Raises `RulesError` where the rules have errors, `SettingsError` for an engine that there is not and for words that
    no title has, `EngineError` where an engine fails."""
    from .runtime.testing.engines import ENGINES
    from .runtime.testing.run import run_tests

    if engine is not None and engine not in ENGINES:
        near = suggest(engine, ENGINES)
        listed = f"did you mean `{near}`?" if near else "there are " + ", ".join(f"`{name}`" for name in ENGINES)
        raise SettingsError(f"there is no engine `{engine}`; {listed}")
    if rules.program is None:
        raise RulesError(rules)
    named = [test for test in rules.program.tests if files is None or test.span.file in files]
    chosen = [test for test in named if words is None or _has(test, words)]
    if named and not chosen:
        raise SettingsError(f"no test has `{words}` in its title")
    return run_tests(rules.program, chosen, None if engine is None else [engine], report)


def together(results: Sequence[TestResults]) -> TestResults:
    """The results of several projects as one."""
    from .runtime.testing.results import TestResults

    return TestResults(
        tuple(case for each in results for case in each.cases),
        tuple(dict.fromkeys(engine for each in results for engine in each.engines)),
        sum(each.seconds for each in results),
    )


def _has(test: Test, words: str) -> bool:
    return all(word in test.title.casefold() for word in words.casefold().split())
