"""What commands write: results to standard output, everything else to standard error."""

from __future__ import annotations

import json
import os
import shutil
import sys
from typing import Any, TextIO

from ..render.text import plain


def print_text(text: str) -> None:
    """Text as it stands, in colours only on a terminal."""
    _write(sys.stdout, text)


def print_json(data: Any) -> None:
    """Data as JSON, in ASCII where standard output cannot take more."""
    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    _write(sys.stdout, json.dumps(data, ensure_ascii=not unicode, indent=2) + "\n")


def print_exactly(text: str) -> None:
    """Text for other programs, in UTF-8, every sign of it as it stands."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.buffer.flush()


def print_aside(text: str) -> None:
    """A line or more to standard error."""
    _write(sys.stderr, text)


def columns() -> int | None:
    """How wide the terminal is; None where standard output is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def _write(stream: TextIO, text: str) -> None:
    said = text if _has_colours(stream) else plain(text)
    encoding = stream.encoding or "utf-8"
    stream.write(said.encode(encoding, errors="backslashreplace").decode(encoding))
    stream.flush()


def _has_colours(stream: TextIO) -> bool:
    if not stream.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.platform != "win32" or "WT_SESSION" in os.environ
