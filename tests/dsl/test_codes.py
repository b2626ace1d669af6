"""Every diagnostic code has a page, and every page tells the truth."""

import re
from pathlib import Path

import pytest

from segwright.dsl.pages import all_codes, page
from segwright.dsl.project import CheckedFiles, check_files

CODE = re.compile(r'"(SEG\d{3})"')
PAGE = re.compile(
    r"# (?P<code>SEG\d{3}): (?P<title>\S.*)\n\n"
    r"(?P<text>(?:\S.*\n\n)+)"
    r"## Wrong\n\n```seg\n(?P<wrong>.*?)```\n\n"
    r"## Right\n\n```seg\n(?P<right>.*?)```\n",
    re.DOTALL,
)


def codes_in_the_sources(repository: Path) -> set[str]:
    return {
        code for file in (repository / "dsl").rglob("*.py") for code in CODE.findall(file.read_text(encoding="utf-8"))
    }


def checked(rules: str, folder: Path) -> CheckedFiles:
    file = folder / "rules.seg"
    file.write_text(rules, encoding="utf-8")
    return check_files([file], folder)


def parts(code: str) -> re.Match[str]:
    text = page(code)
    assert text is not None
    found = PAGE.fullmatch(text)
    assert found is not None, f"the page of {code} is not laid out as the others"
    return found


def test_every_code_has_a_page_and_every_page_a_code(repository: Path) -> None:
    assert sorted(codes_in_the_sources(repository)) == list(all_codes())


@pytest.mark.parametrize("code", all_codes())
def test_the_page_is_of_its_code(code: str) -> None:
    assert parts(code)["code"] == code


@pytest.mark.parametrize("code", all_codes())
def test_the_wrong_example_yields_the_code(code: str, tmp_path: Path) -> None:
    found = checked(parts(code)["wrong"], tmp_path).diagnostics
    assert code in {diagnostic.code for diagnostic in found}


@pytest.mark.parametrize("code", all_codes())
def test_the_right_example_is_right(code: str, tmp_path: Path) -> None:
    files = checked(parts(code)["right"], tmp_path)
    assert [diagnostic.message for diagnostic in files.diagnostics if diagnostic.severity == "error"] == []
    assert code not in {diagnostic.code for diagnostic in files.diagnostics}
    assert files.program is not None
