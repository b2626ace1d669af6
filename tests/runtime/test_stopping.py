"""Requests to stop are heeded, also where something swallows the exception that they raise."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator

import pytest

from segwright.runtime.stopping import heed, stoppable

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals differ")


@pytest.fixture(autouse=True)
def _a_program_without_handlers_of_its_own() -> Iterator[None]:
    """Whatever ran in this process before may have left some."""
    defaults = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}
    kept = {sign: signal.signal(sign, default) for sign, default in defaults.items()}
    yield
    for sign, handler in kept.items():
        if handler is not None:  # None: one that no Python program set
            signal.signal(sign, handler)


@pytest.mark.parametrize("sign, error", [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit)])
def test_what_is_swallowed_is_raised_again(sign: signal.Signals, error: type[BaseException]) -> None:
    before = signal.getsignal(sign)
    with pytest.raises(error) as caught:
        _swallow_and_heed(sign)
    if error is SystemExit:
        assert isinstance(caught.value, SystemExit)
        assert caught.value.code == 128 + sign
    assert signal.getsignal(sign) == before
    heed()  # nothing is left of it


def _swallow_and_heed(sign: signal.Signals) -> None:
    with stoppable():
        with contextlib.suppress(BaseException):
            signal.raise_signal(sign)
        heed()


def test_nothing_is_raised_where_nobody_asks() -> None:
    with stoppable():
        heed()


def test_a_handler_of_the_programs_own_is_left_alone() -> None:
    asked: list[int] = []
    kept = signal.signal(signal.SIGTERM, lambda number, _frame: asked.append(number))
    try:
        with stoppable():
            signal.raise_signal(signal.SIGTERM)
            heed()
    finally:
        signal.signal(signal.SIGTERM, kept)
    assert asked == [signal.SIGTERM]


def test_other_threads_than_the_main_one() -> None:
    found: list[BaseException] = []

    def work() -> None:
        try:
            with stoppable():
                heed()
        except BaseException as problem:  # noqa: BLE001 - a thread tells nobody
            found.append(problem)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == []
