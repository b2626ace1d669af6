"""Fairness and contact pressure."""

from __future__ import annotations

from dataclasses import dataclass

from ..dsl.types import Kind
from ..runtime.outcomes.records import FairnessRecord, GroupRecord
from .charts import columns, rates
from .flows import ChartBlock
from .language import Language
from .material import Material, count_text
from .wording import finding, group_words


@dataclass(frozen=True, slots=True)
class FairnessBlock:
    """`kept`: whether the ratio keeps its limit; `spoken`: the language of the message."""

    chart: ChartBlock
    segments: str
    ratio: str
    kept: bool | None
    message: str
    spoken: str
    drivers: tuple[tuple[str, ...], ...]
    driver_header: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fairness:
    blocks: tuple[FairnessBlock, ...]
    proxies: tuple[tuple[str, ...], ...]


def fairness(material: Material, language: Language) -> Fairness:
    """Every comparison that the run recorded, then what tells the groups."""
    blocks: list[FairnessBlock] = []
    proxies: list[tuple[str, ...]] = []
    for table in material.tables():
        outcomes = material.outcomes_of(table)
        if outcomes is None:
            continue
        for number, each in enumerate(outcomes.fairness):
            blocks.append(_block(material, language, table, each, f"fairness-{table}-{number}"))
        for each in sorted(outcomes.proxies, key=lambda proxy: -proxy.association):
            chance = "" if each.p is None else _chance(each.p, language)
            titles = (material.field_title(table, each.protected), material.field_title(table, each.field))
            proxies.append((*titles, language.number(each.association, 3), chance, count_text(each.n, language)))
    return Fairness(tuple(blocks), tuple(proxies))


def _chance(p: float, language: Language) -> str:
    return f"< {language.number(0.001, 3)}" if p < 0.001 else language.number(p, 3)


def _block(material: Material, language: Language, table: str, found: FairnessRecord, id: str) -> FairnessBlock:
    field, kind = material.field_title(table, found.field), material.field_kind(table, found.field)
    shown = [each for each in found.groups if each.rate is not None]
    points = [
        {
            "label": group_words(each.value, kind, language),
            "rate": each.rate,
            "low": each.low,
            "high": each.high,
            "said": language.percent(each.rate or 0.0),
        }
        for each in shown
    ]
    highest = max((each.rate or 0.0 for each in shown), default=None)
    limit = None if highest is None or found.direction == "unfavourable" else highest * found.limit
    limit_said = language.percent(found.limit, 0)
    said = "; ".join(language.say("fairness.point", at=point["label"], value=point["said"]) for point in points)
    reference = group_words(found.reference, kind, language) if found.reference is not None else ""
    header = tuple(
        language.say(f"fairness.{key}", reference=reference)
        if key == "to_reference"
        else language.say(f"fairness.{key}")
        for key in ("group", "n", "selected", "rate", "interval", "to_reference", "p")
    )
    chart = ChartBlock(
        id,
        language.say(f"fairness.{found.direction}", field=field),
        language.say("fairness.alt", field=field, points=said),
        rates(points, limit, limit_said),
        header,
        tuple(_group(each, kind, language) for each in found.groups),
        language.say("fairness.line") if limit is not None else None,
    )
    values = list(dict.fromkeys(value for driver in found.drivers for value in driver.rates))
    return FairnessBlock(
        chart=chart,
        segments=language.say(
            "fairness.segments",
            segments=", ".join(material.segment_title(found.segmentation, each) for each in found.segments),
        ),
        ratio=language.say("fairness.ratio_unknown")
        if found.ratio is None
        else language.say("fairness.ratio", ratio=language.percent(found.ratio), limit=limit_said),
        kept=found.four_fifths,
        message=" ".join(finding(each, language, kind) for each in found.said) or found.message,
        spoken=language.name if found.said else "en",
        drivers=tuple(
            (
                material.segment_title(found.segmentation, driver.segment),
                str(driver.clause),
                driver.condition,
                *(_rate(driver.rates.get(value), language) for value in values),
                "" if driver.ratio is None else language.percent(driver.ratio),
            )
            for driver in found.drivers
        ),
        driver_header=(
            language.say("outcomes.segment"),
            language.say("fairness.clause"),
            language.say("fairness.driver"),
            *(group_words(value, kind, language) for value in values),
            language.say("fairness.driver_ratio"),
        ),
    )


def _rate(rate: float | None, language: Language) -> str:
    return language.say("outcomes.hidden") if rate is None else language.percent(rate)


def _group(group: GroupRecord, kind: Kind, language: Language) -> tuple[str, ...]:
    if group.hidden or group.rate is None:
        word = language.say("outcomes.hidden" if group.hidden else "outcomes.missing")
        return (group_words(group.value, kind, language), count_text(group.n, language), word, word, "", "", "")
    interval = (
        ""
        if group.low is None or group.high is None
        else f"{language.percent(group.low)} – {language.percent(group.high)}"
    )
    small = f" ({language.say('outcomes.small')})" if group.small else ""
    ratio = "" if group.ratio is None else language.percent(group.ratio)
    if group.ratio is not None and group.ratio_low is not None and group.ratio_high is not None:
        ratio += f" ({language.percent(group.ratio_low)} – {language.percent(group.ratio_high)})"
    return (
        group_words(group.value, kind, language) + small,
        count_text(group.n, language),
        count_text(group.selected, language),
        language.percent(group.rate),
        interval,
        ratio,
        "" if group.p is None else _chance(group.p, language),
    )


def contact(material: Material, language: Language) -> list[ChartBlock]:
    """In how many segments of each overlapping segmentation the rows are."""
    blocks: list[ChartBlock] = []
    for table in material.tables():
        outcomes = material.outcomes_of(table)
        for name, found in (outcomes.contact if outcomes else {}).items():
            title = material.segmentation_title(name)
            said = {number: count_text(count, language) for number, count in sorted(found.counts.items())}
            bars = [
                {"label": str(number), "rows": found.counts[number] or 0, "said": text} for number, text in said.items()
            ]
            points = "; ".join(language.say("contact.point", at=number, value=text) for number, text in said.items())
            cap = None
            if found.cap is not None:
                cap = language.say("contact.cap", cap=found.cap, capped=count_text(found.capped, language))
            blocks.append(
                ChartBlock(
                    f"contact-{name}",
                    language.say("contact.caption", title=title),
                    language.say("contact.alt", title=title, points=points),
                    columns(bars, language.say("contact.segments")) if any(found.counts.values()) else None,
                    (language.say("contact.segments"), language.say("contact.rows")),
                    tuple((str(number), text) for number, text in said.items()),
                    cap,
                )
            )
    return blocks
