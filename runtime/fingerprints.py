"""Fingerprints of inputs: by content, never by name of machine, path or time of change.

Up to 64 MiB, every byte of an input's files is hashed (SHA-256). Larger inputs are *sampled*: of each file its size,
its first and last 64 KiB (for Parquet: where statistics and offsets of every column lie) and 62 pieces of 4 KiB
spread evenly between. What is hashed of the files, in order of their names, is hashed together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

WHOLE = 64 * 1024 * 1024
_END = 64 * 1024
_PIECE = 4 * 1024
_PIECES = 62


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """How many files and bytes, and their hash."""

    files: int
    bytes: int
    sha256: str
    hashed: Literal["whole", "sampled"]


def fingerprint(files: Sequence[Path]) -> Fingerprint:
    """The fingerprint of the files of one input; raises `OSError` where one cannot be read."""
    sizes = [file.stat().st_size for file in files]
    whole = sum(sizes) <= WHOLE
    together = hashlib.sha256()
    for file, size in zip(files, sizes, strict=True):
        together.update(f"{size}:".encode())
        together.update(_digest(file) if whole else _sampled(file, size))
    return Fingerprint(len(files), sum(sizes), together.hexdigest(), "whole" if whole else "sampled")


def _digest(file: Path) -> bytes:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").digest()


def _sampled(file: Path, size: int) -> bytes:
    if size <= 2 * _END + _PIECES * _PIECE:
        return _digest(file)
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        digest.update(opened.read(_END))
        for number in range(1, _PIECES + 1):
            opened.seek(_END + (size - 2 * _END) * number // (_PIECES + 1))
            digest.update(opened.read(_PIECE))
        opened.seek(size - _END)
        digest.update(opened.read(_END))
    return digest.digest()
