"""The repository speaks of the product only and works on anybody's machine."""

import re
import subprocess
from pathlib import Path

import pytest

MACHINE_PATH = re.compile(r"(?<![\w.:/])(/(work|tmp|root|home|opt|Users|var/folders)\b|[A-Z]:\\Users)")
REGISTRY = re.compile(
    r"\b(pypi\.(org|python\.org)|pythonhosted\.org|npmjs\.(org|com)|anaconda\.org|crates\.io|proxy\.golang\.org"
    r"|deb\.debian\.org|repo\.maven\.apache\.org|rubygems\.org)\b"
)
LOCK_FILE = re.compile(r"(.*[.-]lock(\.\w+)?|pylock(\..+)?\.toml|npm-shrinkwrap\.json)", re.IGNORECASE)


@pytest.fixture(scope="module")
def files(repository: Path) -> list[Path]:
    """Every file of the repository that is not ignored, committed yet or not."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(listing, cwd=repository, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("these sources are no git checkout")
    paths = [repository / name for name in done.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def matches(files: list[Path], repository: Path, pattern: re.Pattern[str]) -> list[str]:
    """`file:line: words` for each match in a text file."""
    return [
        f"{path.relative_to(repository).as_posix()}:{number}: {match.group()}"
        for path in files
        if path.suffix != ".parquet"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for match in pattern.finditer(line)
    ]


def test_the_listing_is_of_this_repository(files: list[Path], repository: Path) -> None:
    assert {repository / "pyproject.toml", repository / "dsl" / "__init__.py"} <= set(files)


def test_no_text_holds_a_path_of_a_machine(files: list[Path], repository: Path) -> None:
    assert matches(files, repository, MACHINE_PATH) == []


def test_no_text_holds_the_host_of_a_registry(files: list[Path], repository: Path) -> None:
    assert matches(files, repository, REGISTRY) == []


def test_there_is_no_lock_file(files: list[Path]) -> None:
    assert [path.name for path in files if LOCK_FILE.fullmatch(path.name)] == []


def test_the_patterns_find_what_they_look_for(tmp_path: Path) -> None:
    file = tmp_path / "text.md"
    file.write_text("\n".join(["see /" + "home/ann/x", "a/home", "from py" + "pi.org", "mypypi organ"]), "utf-8")
    assert matches([file], tmp_path, MACHINE_PATH) == ["text.md:1: /" + "home"]
    assert matches([file], tmp_path, REGISTRY) == ["text.md:3: py" + "pi.org"]
    locks = ["uv.lock", "package-lock.json", "pylock.dev.toml", "block.py", "clock"]
    assert [name for name in locks if LOCK_FILE.fullmatch(name)] == locks[:3]
