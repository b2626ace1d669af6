"""Putting a new project's files where they belong: all of them or none, and never over what is there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import mkdtemp

from ..runtime.errors import EngineError
from .records import InTheWay

KEPT = ".gitignore"
"""A file that may be there already, and then stays as it is."""


def in_the_way(folder: Path, files: Iterable[str]) -> None:
    """Raises `InTheWay` for what is there already: files of these names, or other rule files, which the project would
    take for its own."""
    if folder.exists() and not folder.is_dir():
        raise InTheWay(f"`{folder}` is a file; nothing was written")
    if not folder.is_dir():
        return
    there = {each.name for each in folder.iterdir()}
    names = sorted({name for name in files if name != KEPT} & there | {name for name in there if name.endswith(".seg")})
    if names:
        said = ", ".join(f"`{name}`" for name in names)
        verb = "is" if len(names) == 1 else "are"
        raise InTheWay(
            f"{said} {verb} in `{folder}` already, and nothing is overwritten: name another folder, such as "
            "`segwright init first_try --from …`"
        )


def put(folder: Path, files: Mapping[str, str]) -> tuple[str, ...]:
    """Write the files into the folder, which is made where it is not there, and give the names of those written.

    Raises `InTheWay` or `EngineError`; then all is as it was."""
    in_the_way(folder, files)
    try:
        return _put_new(folder, files) if not folder.exists() else _put_into(folder, files)
    except FileExistsError as failure:
        raise InTheWay(f"`{failure.filename2 or failure.filename}` came into the way; nothing was written") from failure
    except OSError as failure:
        why = (failure.strerror or "no such path").lower()
        raise EngineError(f"`{folder}` cannot be written: {why}; nothing was written") from failure


def _put_new(folder: Path, files: Mapping[str, str]) -> tuple[str, ...]:
    above = folder.parent
    made = [each for each in (above, *above.parents) if not each.exists()]
    above.mkdir(parents=True, exist_ok=True)
    aside = Path(mkdtemp(prefix=".segwright-", dir=above))
    try:
        _write(aside, files)
        os.chmod(aside, 0o777 & ~_mask())
        aside.rename(folder)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        for each in made:
            each.rmdir()
        raise
    return tuple(files)


def _put_into(folder: Path, files: Mapping[str, str]) -> tuple[str, ...]:
    wanted = {name: text for name, text in files.items() if name != KEPT or not (folder / KEPT).exists()}
    aside = Path(mkdtemp(prefix=".segwright-", dir=folder))
    placed: list[Path] = []
    try:
        _write(aside, wanted)
        for name in wanted:
            os.link(aside / name, folder / name)  # unlike a rename, never over what is there
            placed.append(folder / name)
    except BaseException:
        for path in placed:
            path.unlink()
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return tuple(wanted)


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).write_bytes(text.encode("utf-8"))


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
