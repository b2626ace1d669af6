"""Requests to stop (Ctrl-C, SIGTERM): they leave by way of an exception, so that everything is tidied up.

The exception may come up in the midst of a library that swallows it, as Polars does at times while a query is built.
So what was asked is remembered, and raised again at the next `heed`.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_DEFAULTS = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}
_asked: list[int] = []


@contextmanager
def stoppable() -> Iterator[None]:
    """Within it a request to stop raises `KeyboardInterrupt`, which leaves as `SystemExit` with 143 after SIGTERM.

    Signals for which the program has a handler of its own are left to that. Python gives signals to the main thread
    alone, so in others nothing changes."""
    main = threading.current_thread() is threading.main_thread()
    ours = [sign for sign, default in _DEFAULTS.items() if main and signal.getsignal(sign) == default]
    for sign in ours:
        signal.signal(sign, _stop)
    try:
        yield
    except KeyboardInterrupt:
        if signal.SIGTERM in _asked:
            raise SystemExit(128 + signal.SIGTERM) from None
        raise
    finally:
        for sign in ours:
            signal.signal(sign, _DEFAULTS[sign])
        if ours:
            _asked.clear()


def heed() -> None:
    """Raises `KeyboardInterrupt` where somebody asked to stop."""
    if _asked:
        raise KeyboardInterrupt


def _stop(number: int, _frame: FrameType | None) -> None:
    _asked.append(number)
    raise KeyboardInterrupt
