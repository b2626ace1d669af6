"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

_NEW_FILE = 0o666


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
