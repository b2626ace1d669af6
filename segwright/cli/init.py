"""`segwright init`: a running project from data files or a database."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from ..runtime.errors import SettingsError
from .command import EXIT_DONE, Command
from .options import add_format
from .output import print_json, print_text
from .progress import shown_progress

NO_DATA = """there is no data to start from; name some, such as
  segwright init --from customers.csv --from payments.parquet
  segwright init scoring --from warehouse.duckdb
Each file becomes a table, a database all of its tables. No data at hand? The projects under `rules/` of Segwright's
repository make their own: copy one and run its `generate.py`"""


def _declare(parser: ArgumentParser) -> None:
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        metavar="FOLDER",
        help="Where the project will lie; made where it is not there. Default: the current folder.",
    )
    parser.add_argument(
        "--from",
        dest="data",
        action="extend",
        nargs="+",
        metavar="DATA",
        help="A file (Parquet, CSV, JSON), a folder of such, or a DuckDB database with all its tables; "
        "`warehouse.duckdb:core.customers` for one of them. The data stays where it is. May be given several times.",
    )
    parser.add_argument("--name", metavar="NAME", help="What the project is called. Default: as its folder.")
    parser.add_argument(
        "--as-of",
        metavar="DATE",
        help="The as-of date in the settings, such as 2026-09-01. Default: the day after the last event, or today.",
    )
    parser.add_argument("--dry-run", action="store_true", help="Write nothing; show what would be written.")
    add_format(parser, ("text", "json"), "For people, or for programs.")


def _init(given: Namespace) -> int:
    if not given.data:
        raise SettingsError(NO_DATA)
    last = given.data[-1]
    if given.folder is None and len(given.data) > 1 and not Path(last).suffix and not Path(last).exists():
        raise SettingsError(f"there is no data at `{last}`; a folder for the project is named before `--from`")
    from ..render.starting import as_json, as_text, files_text
    from ..runtime.binding import as_of_date
    from ..starting.placing import in_the_way, put
    from ..starting.starting import FILES, start

    folder = (given.folder or Path()).absolute()
    as_of = None if given.as_of is None else as_of_date(given.as_of)
    in_the_way(folder, FILES)
    with shown_progress() as progress:
        started = start(given.data, folder, name=given.name, as_of=as_of, report=progress)
    written = () if given.dry_run else put(folder, started.files)
    if given.format == "json":
        print_json(as_json(started, written))
    elif given.dry_run:
        print_text(files_text(started))
    else:
        print_text(as_text(started, written))
    return EXIT_DONE


INIT = Command(
    name="init",
    usage="[FOLDER] --from DATA … [options]",
    summary="Start a project from data files or a database: tables and a first segmentation, every guess explained.",
    examples=(
        "init --from customers.csv --from payments.parquet",
        "init scoring --from warehouse.duckdb",
        "init scoring --from warehouse.duckdb:core.customers warehouse.duckdb:core.payments --name credit-risk",
        "init --from customers.csv --as-of 2026-09-01 --dry-run",
    ),
    declare=_declare,
    run=_init,
)
