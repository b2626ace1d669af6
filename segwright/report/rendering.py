"""The page: material and a language in, HTML out."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

import vl_convert
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from ..render.show import facts_of
from ..render.show.blocks import Block, Graph, Grid, Heading, Items, Paragraph
from ..render.show.page import page_of
from ..runtime.observed.records import Unobserved, rounded_to
from .charts import VEGA_LITE, settings
from .fair import contact, fairness
from .flows import flows
from .language import Language
from .material import Material, count_text
from .outcome_table import outcome_tables
from .over_time import series
from .provenance import provenance, unobserved_words
from .spread import distributions
from .standing import VERDICTS, standing_of

_PAGE = Path(__file__).parent / "page"
MOST_ACROSS = 11
"""Columns of a table of overlaps that an upright page holds in print."""


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A block of the rules, with the name of its kind."""

    kind: str
    of: Block


def html(material: Material, language: Language) -> str:
    """The whole page. Everything that comes from rules or data is escaped, in HTML as in the data of charts; the only
    script that may run is the one whose hash the page's policy names, and nothing may be loaded."""
    environment = Environment(
        loader=FileSystemLoader(_PAGE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    script = vl_convert.javascript_bundle((_PAGE / "charts.js").read_text(encoding="utf-8"), vl_version=VEGA_LITE)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    found = _content(material, language)
    return environment.get_template("report.html.jinja").render(
        **found,
        say=language.say,
        language=language,
        verdicts=VERDICTS,
        is_number=_is_number,
        rounded_to=rounded_to,
        in_code=_in_code,
        contents=_contents(found, language),
        settings=settings(language),
        # Neither of these holds anything of the rules or the data.
        style=Markup((_PAGE / "style.css").read_text(encoding="utf-8")),
        script=Markup(script),
        script_hash=f"sha256-{digest}",
    )


def _content(material: Material, language: Language) -> dict[str, object]:
    tables = outcome_tables(material, language)
    unobserved = unobserved_words(material.observed, language) if isinstance(material.observed, Unobserved) else None
    observed = [material.observed_of(table) for table in material.tables()]
    facts, found = facts_of(material.program), flows(material, language)
    return {
        "manifest": material.manifest,
        "run": material.run,
        "made": material.made,
        "version": material.version,
        "rows": {table.table: table.everybody.count for table in tables},
        "has_outcomes": material.outcomes is not None,
        "tables": tables,
        "standing": standing_of(material, language),
        "series": series(material, language),
        "unobserved": unobserved,
        "too_small": [
            language.say("unobserved.too_small", k=count_text(each.hidden_below, language))
            for each in observed
            if each is not None and each.too_small
        ],
        "hidden_below": material.program.policy.hide_below,
        "flows": found,
        "wide_overlaps": any(len(each.matrix.columns) > MOST_ACROSS for each in found if each.matrix),
        "contact": contact(material, language),
        "spread": distributions(material, language),
        "fairness": fairness(material, language),
        "notes": [(each.kind, each.of, each.message) for each in material.manifest.notes],
        "rules": [shown for block in page_of(facts, graphs=False) if (shown := _shown(block)) is not None],
        "provenance": provenance(material, language),
    }


def _contents(found: dict[str, object], language: Language) -> list[tuple[str, str]]:
    """The sections that the page has."""
    sections = [
        ("outcomes", "outcomes", True),
        ("standing", "standing", found["has_outcomes"]),
        ("over-time", "horizons", found["series"]),
        ("funnels", "funnel", True),
        ("gains", "gain", found["flows"]),
        ("overlaps", "overlap", found["flows"]),
        ("contact", "contact", found["contact"]),
        ("spread", "spread", found["spread"]),
        ("fairness", "fairness", found["has_outcomes"]),
        ("quality", "quality", True),
        ("rules", "rules", True),
        ("provenance", "provenance", True),
    ]
    return [(id, language.say(f"{key}.heading")) for id, key, there in sections if there]


def _shown(block: Block) -> ShownBlock | None:
    match block:
        case Heading():
            return ShownBlock("heading", block)
        case Paragraph():
            return ShownBlock("paragraph", block)
        case Items():
            return ShownBlock("items", block)
        case Grid():
            return ShownBlock("grid", block)
        case Graph():
            return None
        case _:
            assert_never(block)


def _in_code(said: str) -> Markup:
    """A sentence whose names in backquotes are set as names."""
    return Markup(re.sub(r"`([^`]*)`", r"<code>\1</code>", str(escape(said))))


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[<≤≥−\d.,% –()]*\d[\d.,% –()−]*", text) is not None
