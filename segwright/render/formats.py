"""Problems in the formats of build servers, chosen by name."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ..dsl.diagnostics import Diagnostic
from ..dsl.source import Source
from .github import as_github
from .gitlab import as_gitlab
from .sarif import as_sarif

Format = Callable[[Sequence[Diagnostic], Mapping[str, Source], Path], str]
"""Problems, the texts that they speak of, and the top of the repository, as text."""


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


FORMATS: Mapping[str, Format] = {
    "github": as_github,
    "gitlab": lambda diagnostics, sources, top: _json(as_gitlab(diagnostics, sources, top)),
    "sarif": lambda diagnostics, sources, top: _json(as_sarif(diagnostics, sources, top)),
}
