"""The catalogue of diagnostics is made from their pages, and holds all of them."""

from pathlib import Path

from segwright.dsl.catalogue import catalogue
from segwright.dsl.pages import all_codes, page


def test_the_published_catalogue_is_the_one_that_the_pages_make(repository: Path) -> None:
    published = (repository / "docs" / "diagnostics.md").read_text(encoding="utf-8")
    assert published == catalogue(), "renew it: python -m segwright.dsl.catalogue > docs/diagnostics.md"


def test_every_page_is_in_it_with_its_examples() -> None:
    written = catalogue()
    for code in all_codes():
        text = page(code) or ""
        assert written.count(f'<a id="{code}"></a>') == 1
        assert written.count(f"### {text.partition(chr(10))[0].removeprefix('# ')}\n") == 1
        for block in text.split("```")[1::2]:
            assert block in written
