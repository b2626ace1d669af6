"""The page as a browser shows it: wide, narrow, dark and printed."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from report.browser import Browser, opened
from report.made_up import made_up
from report.projects import RULES, customers, write_project
from report.test_page import EVIL

import segwright as sw
from segwright.runtime.outcomes.records import OUTCOMES


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened() as found:
        yield found


@pytest.fixture(scope="module", params=["en", "nl"])
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report whose names and words hold script."""
    rules = RULES.replace('"Prime"', f'"Prime {EVIL}"').replace('"Bureau score"', f'"{EVIL}"')
    rules = rules.replace('"branch"', f'"{EVIL}"')
    folder = write_project(tmp_path_factory.mktemp("browser"), rules, evil_rows())
    run = sw.open(folder).run()
    (run.folder / OUTCOMES).write_text(made_up(f"Rate {EVIL}", EVIL).model_dump_json(), encoding="utf-8")
    run.report(folder / "report.html", language=request.param)
    return folder / "report.html"


def evil_rows():

    return customers().with_columns(pl.col("channel").replace("branch", EVIL))


@pytest.mark.parametrize("width, dark", [(1280, False), (390, False), (1280, True)])
def test_it_is_drawn_without_a_word_and_without_a_request(browser: Browser, page: Path, width: int, dark: bool) -> None:
    browser.open(page, width, dark=dark)
    assert browser.said() == []
    assert browser.asked_for() == [page.as_uri()]
    charts = browser.value("document.querySelectorAll('[data-chart]').length")
    assert charts >= 12
    assert browser.value("document.querySelectorAll('[data-chart] svg').length") == charts
    empty = "[...document.querySelectorAll('[data-chart] svg')].filter(s => s.getBBox().width < 80).length"
    assert browser.value(empty) == 0
    # Nothing but tables in their own scrolling regions may be wider than the screen.
    assert browser.value("document.documentElement.scrollWidth") <= width
    assert len(browser.picture()) > 20_000


def test_script_in_names_does_nothing(browser: Browser, page: Path) -> None:
    browser.open(page, 1280)
    assert browser.value("document.querySelectorAll('img, iframe, object, embed, link').length") == 0
    runs = "[...document.scripts].filter(s => s.type !== 'application/json').length"
    assert browser.value(runs) == 1
    assert browser.value("document.body.innerText.includes('{{7*7}}')") is True
    assert browser.value("document.body.innerText.includes('<script>alert(1)')") is True


def test_it_is_dark_where_that_is_asked(browser: Browser, page: Path) -> None:
    background = "getComputedStyle(document.body).backgroundColor"
    browser.open(page, 1280)
    light = browser.value(background)
    browser.open(page, 1280, dark=True)
    assert (light, browser.value(background)) == ("rgb(255, 255, 255)", "rgb(20, 24, 28)")


CONTRAST = """
(() => {
  const parts = (colour) => {
    const numbers = colour.match(/[\\d.]+/g).map(Number);
    return colour.startsWith("color(srgb") ? numbers.map((v, at) => (at < 3 ? 255 * v : v)) : numbers;
  };
  const lightness = ([r, g, b]) => {
    const linear = (v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    const [x, y, z] = [r, g, b].map((v) => linear(v / 255));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const found = parts(getComputedStyle(at).backgroundColor);
      if (found.length === 3 || found[3] === 1) return found;
    }
    return [255, 255, 255];
  };
  const poor = new Set();
  for (const element of document.querySelectorAll("body *")) {
    const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!text || !element.checkVisibility() || ["SCRIPT", "STYLE"].includes(element.tagName)) continue;
    const style = getComputedStyle(element);
    const colour = element.closest("svg") ? style.fill : style.color;
    if (!colour.startsWith("rgb")) continue;
    const [one, two] = [lightness(parts(colour)), lightness(behind(element))].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (two + 0.05);
    const halo = style.stroke && style.stroke !== "none";
    if (ratio < 4.5 && !halo) poor.add(`${element.tagName} ${element.textContent.slice(0, 40)} ${ratio.toFixed(2)}`);
  }
  return [...poor];
})()
"""


@pytest.mark.parametrize("dark", [False, True])
def test_every_word_stands_out_from_what_is_behind_it(browser: Browser, page: Path, dark: bool) -> None:
    # WCAG 2.2, success criterion 1.4.3 (AA): 4.5 to 1.
    browser.open(page, 1280, dark=dark)
    assert browser.value(CONTRAST) == []


def test_it_can_be_read_without_seeing_it(browser: Browser, page: Path) -> None:
    browser.open(page, 1280)
    named = "document.querySelectorAll('[role=img]:not([aria-label]), [role=region]:not([aria-label])').length"
    assert browser.value(named) == 0
    table = "(chart) => chart.closest('section').querySelector('details table')"
    assert browser.value(f"[...document.querySelectorAll('[data-chart]')].every({table})") is True
    assert browser.value("document.querySelectorAll('h1').length") == 1
    stuck = "[...document.querySelectorAll('.scroll')].filter(e => e.tabIndex !== 0).length"
    assert browser.value(stuck) == 0


def test_it_can_be_printed(browser: Browser, page: Path) -> None:
    browser.open(page, 1280)
    pdf = browser.pdf()
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") > 5
    assert browser.said() == []
