"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from .runtime.errors import EngineError, SettingsError

_NEW_FILE = 0o666


def write_named(target: Path, text: str) -> None:
    """Write text to the file that a user names, in UTF-8, whole or not at all.

    Raises `SettingsError` for a place that is none, and `EngineError` where nothing can be written."""
    if target.is_dir():
        raise SettingsError(f"`{target}` is a folder; name a file to write")
    if not target.parent.is_dir():
        raise SettingsError(f"there is no folder `{target.parent}`")
    try:
        write_whole(target.resolve(), text.encode("utf-8"))
    except OSError as failure:
        why = (failure.strerror or "no such path").lower()
        raise EngineError(f"`{target}` cannot be written: {why}") from failure


def write_whole(target: Path, content: bytes) -> None:
    """Put `content` in place of what is at `target`, whose mode stays; raises `OSError` where that cannot be done, and
    then leaves all as it was."""
    handle, name = tempfile.mkstemp(prefix=".segwright-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        if target.exists():
            shutil.copymode(target, name)
        else:
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(name, _NEW_FILE & ~mask)
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise
