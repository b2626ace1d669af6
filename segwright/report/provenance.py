"""Where the run came from: everything that its manifest records, as tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..runtime.observed.records import Unobserved
from .language import Language
from .material import Material, count_text


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of provenance. `numbers` are the columns aligned to the right, `codes` those in letters of one width."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    codes: frozenset[int] = frozenset()


def provenance(material: Material, language: Language) -> list[Sheet]:
    """The run itself, then parameters, inputs, columns, assignments, cut-points, timings: what is empty is left out."""
    sheets = [
        Sheet(language.say("provenance.run"), (), tuple(_run(material, language)), codes=frozenset({1})),
        _parameters(material, language),
        _inputs(material, language),
        _columns(material, language),
        _assignments(material, language),
        _cut_points(material, language),
        _timings(material, language),
    ]
    return [sheet for sheet in sheets if sheet.rows]


def _run(material: Material, language: Language) -> Iterator[tuple[str, str]]:
    manifest, say = material.manifest, language.say
    rules = manifest.rules
    git = say("provenance.no_git")
    if manifest.git is not None:
        git = f"{manifest.git.commit} ({say('provenance.dirty' if manifest.git.dirty else 'provenance.clean')})"
    engine = manifest.engine
    settings = say("provenance.settings", threads=engine.threads, memory=engine.memory_limit)
    yield say("provenance.project"), manifest.project
    yield say("provenance.folder"), material.run
    yield say("provenance.as_of"), manifest.as_of.isoformat()
    yield say("provenance.started"), language.moment(manifest.started)
    yield say("provenance.logic"), manifest.logic_hash
    yield say("provenance.text"), manifest.text_hash
    yield say("provenance.integrity"), material.integrity
    if rules is not None:
        yield say("provenance.rules_from"), ", ".join(rules.files) or say("provenance.none")
    yield say("provenance.git"), git
    yield say("provenance.engine"), f"{engine.name} {engine.version}; {settings}"
    yield say("provenance.versions"), f"segwright {engine.segwright}, Python {engine.python}"
    yield say("provenance.previous"), ", ".join(manifest.previous_runs) or say("provenance.none")


def _parameters(material: Material, language: Language) -> Sheet:
    titles = {each.name: each.title or "" for each in material.program.parameters}
    header = tuple(language.say(f"provenance.{key}") for key in ("parameter", "value", "meaning"))
    rows = tuple((name, value, titles.get(name, "")) for name, value in material.manifest.parameters.items())
    return Sheet(language.say("provenance.parameters"), header, rows, codes=frozenset({0}))


def _inputs(material: Material, language: Language) -> Sheet:
    keys = ("table", "place", "rows", "bytes", "files", "time", "complete_to", "fingerprint")
    rows = tuple(
        (
            each.table,
            f"{each.place} ({each.format})",
            count_text(each.rows, language),
            language.number(each.bytes),
            language.number(each.files),
            each.time,
            "" if each.complete_to is None else each.complete_to.isoformat(),
            f"{each.sha256} ({language.say(f'provenance.{each.hashed}')})",
        )
        for each in material.manifest.inputs
    )
    header = tuple(language.say(f"provenance.{key}") for key in keys)
    return Sheet(language.say("provenance.inputs"), header, rows, frozenset({2, 3, 4}), frozenset({7}))


def _columns(material: Material, language: Language) -> Sheet:
    header = tuple(language.say(f"provenance.{key}") for key in ("table", "column", "read_by"))
    rows = tuple(
        (
            each.table,
            each.field if each.field == each.column else f"{each.field} ({each.column})",
            ", ".join(each.read_by) or language.say("provenance.keys_only"),
        )
        for each in material.manifest.columns
    )
    return Sheet(language.say("provenance.columns"), header, rows)


def _assignments(material: Material, language: Language) -> Sheet:
    header = tuple(language.say(f"provenance.{key}") for key in ("file", "segmentation", "content"))
    rows = tuple(
        (assigned.file, name, each.content_hash)
        for assigned in material.manifest.assignments.values()
        for name, each in assigned.segmentations.items()
    )
    return Sheet(language.say("provenance.assignments"), header, rows, codes=frozenset({2}))


def _cut_points(material: Material, language: Language) -> Sheet:
    header = (language.say("provenance.relative"), language.say("provenance.value"))
    missing = language.say("outcomes.missing")
    rows = tuple(
        (key, ", ".join(missing if value is None else value for value in values))
        for key, values in material.manifest.cut_points.items()
    )
    return Sheet(language.say("provenance.cut_points"), header, rows)


def _timings(material: Material, language: Language) -> Sheet:
    header = (language.say("provenance.stage"), language.say("provenance.seconds"))
    rows = tuple((stage, language.number(seconds, 2)) for stage, seconds in material.manifest.timings.items())
    return Sheet(language.say("provenance.timings"), header, rows, frozenset({1}))


def unobserved_words(why: Unobserved, language: Language) -> str:
    """Why the run could not be observed again."""
    names = ", ".join(f"`{name}`" for name in why.names)
    match why.why:
        case "failed":
            return language.say("unobserved.failed", words=why.words)
        case "previous gone":
            return language.say("unobserved.previous_gone", names=names)
        case kind:
            return language.say(f"unobserved.{kind}", names=names)
