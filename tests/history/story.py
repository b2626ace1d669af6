"""The story of a small project: a git repository of fourteen commits, whose every effect was worked out by hand.

The project `loans` lies in the folder `loans` of the repository. Its data (thirty customers, thirty-eight payments)
lies beside the rules and is not kept in git, as in practice; it has every column from the start. The as-of date is
2026-09-01. Each commit has a tag, by which tests name it:

| tag | what changed | who moves (segmentation `value`) |
|---|---|---|
| first | the first version: prime, affluent, young, otherwise standard | |
| cut-off | `prime_score` from 720 to 700 | 7 standard → prime, 8 young → prime, 9 affluent → prime |
| renamed | let `late` → `late_6m`, segment `affluent` → `wealthy` | nobody |
| reformatted | layout of every file as `segwright fmt` writes it, comments | nobody |
| reordered | `young` before `wealthy`: who is both is now young | 19 and 20 wealthy → young |
| rearranged | lets, parameter and fields stand in another order | nobody |
| new-segment | `senior`, age 65 or more, before `wealthy` | 21, 22 wealthy → senior; 23, 24 standard → senior |
| swapped | `senior` before `young`: nobody can be both | nobody; the clauses are numbered otherwise |
| new-feature | `wealthy` also asks `paid_3m > 0`, a sum over payments | 16, 17 wealthy → standard |
| new-field | field `has_app`; `young` also asks for it | 12, 27 young → standard; 20 young → wealthy |
| titles | titles of the table, of a let, of the segmentation and of segments; owner | nobody |
| watched | `outcomes.seg`: a measure, a target, groups below 2 hidden | nobody |
| broken | `age` is misspelt as `aeg` in `senior`: the rules do not check | |
| mended | as `watched` | nobody |

Edges that a slip would show: 17 paid last on 2026-06-01, the day before the last three months begin; 18 paid on the
as-of date, and the day after; 13 was 75 days late on 2026-03-01, the day before the last six months begin; 12 was 60
days late on the day that they begin; 4, 14 and 30 were exactly 30 days late, which is not late; 27 has an income of a
cent below the limit; 25 is 64 and 23 is 65; 16, 20, 24 and 29 have no score.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FIRST = "first"
CUT_OFF = "cut-off"
RENAMED = "renamed"
REFORMATTED = "reformatted"
REORDERED = "reordered"
REARRANGED = "rearranged"
NEW_SEGMENT = "new-segment"
SWAPPED = "swapped"
NEW_FEATURE = "new-feature"
NEW_FIELD = "new-field"
TITLES = "titles"
WATCHED = "watched"
BROKEN = "broken"
MENDED = "mended"

AS_OF = "2026-09-01"

CUSTOMERS = """\
customer_id,age,income,score,has_app
1,45,50000,750,true
2,28,40000,720,false
3,70,80000,800,true
4,35,30000,735,true
5,52,61000,790,false
6,41,45000,760,true
7,33,48000,700,true
8,26,35000,710,true
9,50,75000,719,false
10,38,42000,705,true
11,47,66000,780,true
12,29,39000,740,false
13,60,52000,725,true
14,36,33000,722,false
15,44,60000,650,true
16,55,90000,,true
17,39,72000,690,false
18,48,64000,640,true
19,27,62000,680,true
20,24,70000,,false
21,66,85000,600,false
22,72,60000,699,true
23,65,20000,610,true
24,80,25000,,false
25,64,30000,655,true
26,19,18000,580,true
27,29,59999.99,620,false
28,30,31000,600,true
29,57,55000,,false
30,42,47000,685,true
"""

PAYMENTS = """\
customer_id,paid_on,amount,days_late
1,2026-08-01,500,0
1,2026-07-01,500,0
2,2026-08-03,300,5
3,2026-06-15,900,0
4,2026-08-10,250,12
4,2026-05-10,250,30
5,2026-07-20,600,0
6,2026-08-30,450,3
7,2026-08-05,400,0
7,2026-04-05,400,10
8,2026-07-15,200,0
9,2026-08-12,700,0
10,2026-05-10,350,45
10,2026-08-10,350,0
11,2026-08-20,800,31
11,2026-07-20,800,0
12,2026-03-02,150,60
13,2026-03-01,300,75
13,2026-08-01,300,0
14,2026-06-30,220,30
15,2026-08-15,600,0
17,2026-06-01,650,0
18,2026-09-01,500,8
18,2026-09-02,500,50
19,2026-08-02,300,0
20,2026-08-25,350,20
21,2026-07-07,400,0
22,2026-02-01,300,40
23,2026-08-08,120,0
25,2026-07-01,150,0
25,2026-08-01,150,14
26,2026-08-19,90,0
27,2026-06-20,110,29
28,2026-07-01,180,90
28,2026-08-01,180,0
29,2026-05-05,260,0
30,2026-08-28,240,30
30,2026-07-28,240,0
"""

MEMBERS: Mapping[str, Mapping[str, frozenset[int]]] = {
    FIRST: {
        "prime": frozenset({1, 2, 3, 4, 5, 6, 13, 14}),
        "affluent": frozenset({9, 11, 15, 16, 17, 18, 19, 20, 21, 22}),
        "young": frozenset({8, 12, 26, 27}),
        "standard": frozenset({7, 10, 23, 24, 25, 28, 29, 30}),
    },
    CUT_OFF: {
        "prime": frozenset({1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 14}),
        "affluent": frozenset({11, 15, 16, 17, 18, 19, 20, 21, 22}),
        "young": frozenset({12, 26, 27}),
        "standard": frozenset({10, 23, 24, 25, 28, 29, 30}),
    },
    RENAMED: {
        "prime": frozenset({1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 14}),
        "wealthy": frozenset({11, 15, 16, 17, 18, 19, 20, 21, 22}),
        "young": frozenset({12, 26, 27}),
        "standard": frozenset({10, 23, 24, 25, 28, 29, 30}),
    },
    REORDERED: {
        "prime": frozenset({1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 14}),
        "young": frozenset({12, 19, 20, 26, 27}),
        "wealthy": frozenset({11, 15, 16, 17, 18, 21, 22}),
        "standard": frozenset({10, 23, 24, 25, 28, 29, 30}),
    },
    NEW_SEGMENT: {
        "prime": frozenset({1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 14}),
        "young": frozenset({12, 19, 20, 26, 27}),
        "senior": frozenset({21, 22, 23, 24}),
        "wealthy": frozenset({11, 15, 16, 17, 18}),
        "standard": frozenset({10, 25, 28, 29, 30}),
    },
    NEW_FEATURE: {
        "prime": frozenset({1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 14}),
        "senior": frozenset({21, 22, 23, 24}),
        "young": frozenset({12, 19, 20, 26, 27}),
        "wealthy": frozenset({11, 15, 18}),
        "standard": frozenset({10, 16, 17, 25, 28, 29, 30}),
    },
    NEW_FIELD: {
        "prime": frozenset({1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 14}),
        "senior": frozenset({21, 22, 23, 24}),
        "young": frozenset({19, 26}),
        "wealthy": frozenset({11, 15, 18, 20}),
        "standard": frozenset({10, 12, 16, 17, 25, 27, 28, 29, 30}),
    },
}
"""Who is in which segment at each commit that changed it; at the others as at the one before."""

_SETTINGS = f"""\
[project]
name = "loans"

[data]
customers = "data/customers.csv"
payments = "data/payments.csv"

[run]
as_of = {AS_OF}
"""

# -- the files, commit by commit -----------------------------------------------------------------------------------

_DATA_UNTIDY = """\
table customers key customer_id
  customer_id integer
  age integer from 18 to 100
  income money
  score integer from 300 to 850 optional

events payments of customers by customer_id at paid_on
  customer_id integer
  paid_on date
  amount money
  days_late integer from 0
"""

_DATA = """\
# One row for each borrower.
table customers key customer_id
  customer_id  integer
  age          integer from 18 to 100
  income       money
  score        integer from 300 to 850 optional

events payments of customers by customer_id at paid_on
  customer_id  integer
  paid_on      date
  amount       money
  days_late    integer from 0
"""

_DATA_REARRANGED = """\
# One row for each borrower.
table customers key customer_id
  customer_id  integer
  score        integer from 300 to 850 optional
  age          integer from 18 to 100
  income       money

events payments of customers by customer_id at paid_on
  customer_id  integer
  paid_on      date
  amount       money
  days_late    integer from 0
"""

_DATA_WITH_APP = _DATA_REARRANGED.replace("  income       money\n", "  income       money\n  has_app      boolean\n")

_DATA_TITLED = _DATA_WITH_APP.replace("table customers key", 'table customers "Borrowers" key')

_TEST = """
test "a late payer is not prime" as of 2026-09-01
  given age 40, income 30_000, score 780,
        payments (paid_on 2026-08-01, amount 100, days_late 45)
  expect value is standard
"""

_TEST_UNTIDY = """
test "a late payer is not prime" as of 2026-09-01
  given age 40, income 30_000, score 780, payments (paid_on 2026-08-01, amount 100, days_late 45)
  expect value is standard
"""

_RULES_FIRST = f"""\
use "data.seg"
parameter prime_score = 720 from 600 to 800
let late = count of payments where days_late > 30 in last 6 months
let well_off = income >= 60_000
segmentation value of customers
  first match wins
  segment prime
    when score >= prime_score and late = 0
  segment affluent
    when well_off
  segment young
    when age < 30
  otherwise standard
{_TEST_UNTIDY}"""

_RULES_CUT_OFF = _RULES_FIRST.replace("prime_score = 720", "prime_score = 700")

_RULES_RENAMED = (
    _RULES_CUT_OFF.replace("let late =", "let late_6m =")
    .replace("and late = 0", "and late_6m = 0")
    .replace("segment affluent", "segment wealthy")
)

_RULES_REFORMATTED = f"""\
use "data.seg"

# What the bureau calls good.
parameter prime_score = 700 from 600 to 800

let late_6m  = count of payments where days_late > 30 in last 6 months
let well_off = income >= 60_000

segmentation value of customers
  first match wins

  segment prime   when score >= prime_score and late_6m = 0

  segment wealthy when well_off

  segment young   when age < 30

  otherwise standard
{_TEST}"""

_RULES_REORDERED = _RULES_REFORMATTED.replace(
    "  segment wealthy when well_off\n\n  segment young   when age < 30\n",
    "  segment young   when age < 30\n\n  segment wealthy when well_off\n",
)

_RULES_REARRANGED = _RULES_REORDERED.replace(
    """\
# What the bureau calls good.
parameter prime_score = 700 from 600 to 800

let late_6m  = count of payments where days_late > 30 in last 6 months
let well_off = income >= 60_000
""",
    """\
let well_off = income >= 60_000
let late_6m  = count of payments where days_late > 30 in last 6 months

# What the bureau calls good.
parameter prime_score = 700 from 600 to 800
""",
)

_YOUNG = "  segment young   when age < 30\n\n"
_SENIOR = "  segment senior  when age >= 65\n\n"

_RULES_NEW_SEGMENT = _RULES_REARRANGED.replace(_YOUNG, _YOUNG + _SENIOR)

_RULES_SWAPPED = _RULES_NEW_SEGMENT.replace(_YOUNG + _SENIOR, _SENIOR + _YOUNG)

_RULES_NEW_FEATURE = _RULES_SWAPPED.replace(
    "in last 6 months\n", "in last 6 months\nlet paid_3m  = sum of amount from payments in last 3 months\n"
).replace("when well_off\n", "when well_off and paid_3m > 0\n")

_RULES_NEW_FIELD = _RULES_NEW_FEATURE.replace("when age < 30\n", "when age < 30 and has_app\n")

_RULES_TITLES = (
    _RULES_NEW_FIELD.replace("let well_off = ", 'let well_off "Well off" = ')
    .replace("let late_6m  = ", "let late_6m             = ")
    .replace("let paid_3m  = ", "let paid_3m             = ")
    .replace("segmentation value of", 'segmentation value "Value" of')
    .replace("first match wins\n", 'first match wins\n  owner "portfolio"\n')
    .replace("segment prime   when", 'segment prime   "Prime borrowers" when')
    .replace("segment senior  when", "segment senior                    when")
    .replace("segment young   when", "segment young                     when")
    .replace("segment wealthy when", "segment wealthy                   when")
    .replace("otherwise standard\n", 'otherwise standard "All others"\n')
)

_OUTCOMES = """\
measure late_rate "Late payers" lower is better = share where late_6m > 0

target standard  late_rate at most 50%

policy
  hide groups below 2
"""

_RULES_BROKEN = _RULES_TITLES.replace("when age >= 65", "when aeg >= 65")


@dataclass(frozen=True, slots=True)
class Told:
    """One commit: its tag, its subject, and the files that it writes, by their path from the top."""

    tag: str
    subject: str
    files: Mapping[str, str]


_RULES, _FIELDS, _OUTCOME_FILE = "loans/loans.seg", "loans/data.seg", "loans/outcomes.seg"

COMMITS: tuple[Told, ...] = (
    Told(
        FIRST,
        "The first rules for loans",
        {
            ".gitignore": "loans/data/\nloans/runs/\n",
            "README.md": "Rules of the loans department.\n",
            "loans/segwright.toml": _SETTINGS,
            _FIELDS: _DATA_UNTIDY,
            _RULES: _RULES_FIRST,
        },
    ),
    Told(CUT_OFF, "Prime begins at 700", {_RULES: _RULES_CUT_OFF}),
    Told(RENAMED, "Clearer names", {_RULES: _RULES_RENAMED}),
    Told(REFORMATTED, "Layout and comments", {_RULES: _RULES_REFORMATTED, _FIELDS: _DATA}),
    Told(REORDERED, "The young come before the wealthy", {_RULES: _RULES_REORDERED}),
    Told(REARRANGED, "Declarations in another order", {_RULES: _RULES_REARRANGED, _FIELDS: _DATA_REARRANGED}),
    Told(NEW_SEGMENT, "A segment for seniors", {_RULES: _RULES_NEW_SEGMENT}),
    Told(SWAPPED, "Seniors stand before the young", {_RULES: _RULES_SWAPPED}),
    Told(NEW_FEATURE, "The wealthy have paid lately", {_RULES: _RULES_NEW_FEATURE}),
    Told(NEW_FIELD, "The young have the app", {_RULES: _RULES_NEW_FIELD, _FIELDS: _DATA_WITH_APP}),
    Told(TITLES, "Titles and an owner", {_RULES: _RULES_TITLES, _FIELDS: _DATA_TITLED}),
    Told(WATCHED, "A target for the standard segment", {_OUTCOME_FILE: _OUTCOMES}),
    Told(BROKEN, "Seniors, in a hurry", {_RULES: _RULES_BROKEN}),
    Told(MENDED, "Seniors, mended", {_RULES: _RULES_TITLES}),
)

PEOPLE = "Ada Analyst <ada@example.com>"
_BEGUN = 1_767_607_200
"""2026-01-05 10:00 UTC; the commits are a week apart."""
_WEEK = 7 * 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Story:
    """The repository: its top, the folder of its project, and the commits in full by tag, oldest first."""

    folder: Path
    project: Path
    commits: Mapping[str, str]

    def shown(self, tag: str) -> str:
        """The commit as people are shown it."""
        return self.commits[tag][:7]

    def git(self, *words: str) -> str:
        """What git says; fails where git does."""
        return git(self.folder, *words)

    def commit(self, files: Mapping[str, str | None], subject: str) -> str:
        """Write files (None: take one away) by their path from the top and commit them; the commit in full."""
        for name, text in files.items():
            file = self.folder / name
            if text is None:
                file.unlink()
            else:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8", newline="")
        self.git("add", "--all", "--", *files)
        self.git("commit", "--quiet", "--no-verify", "-m", subject)
        return self.git("rev-parse", "HEAD").strip()

    def check_out_as_on_windows(self) -> None:
        """The rule files with the line ends of Windows, which git takes for the same."""
        self.git("config", "core.autocrlf", "true")
        for file in self.project.glob("*.seg"):
            file.unlink()
        self.git("-c", "core.autocrlf=true", "checkout", "--quiet", "--", ".")
        assert b"\r\n" in (self.project / "loans.seg").read_bytes()


def members_at(tag: str) -> Mapping[str, frozenset[int]]:
    """Who is in which segment at a commit; that of `broken` are those of the commit before."""
    found: Mapping[str, frozenset[int]] = {}
    for told in COMMITS:
        found = MEMBERS.get(told.tag, found)
        if told.tag == tag:
            return found
    raise KeyError(tag)


def segment_of(tag: str, customer: int) -> str:
    """The segment that a customer is in at a commit."""
    return next(segment for segment, keys in members_at(tag).items() if customer in keys)


def git(folder: Path, *words: str, data: bytes | None = None) -> str:
    """What git says, whatever the user's own settings, on a day of its own; fails where git does."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    dates = {f"GIT_{who}_DATE": f"{_BEGUN + _WEEK * len(COMMITS)} +0000" for who in ("AUTHOR", "COMMITTER")}
    name, _, address = PEOPLE.removesuffix(">").partition(" <")
    people = {
        f"GIT_{who}_{what}": said
        for who in ("AUTHOR", "COMMITTER")
        for what, said in (("NAME", name), ("EMAIL", address))
    }
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(
        ["git", "-C", str(folder), "-c", "core.autocrlf=false", *words],
        input=data,
        capture_output=True,
        env=kept | dates | people | alone,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def tell(folder: Path, *, data: bool = True, commits: Sequence[Told] = COMMITS) -> Story:
    """Build the repository in `folder`, which is made; the last commit is checked out, on the branch `main`.

    Hashes are the same on every machine. Without `data`, the project's data is not written."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch=main", "--object-format=sha1")
    git(
        folder, "fast-import", "--quiet", "--date-format=raw", data=b"".join(map(_stream, range(len(commits)), commits))
    )
    git(folder, "reset", "--quiet", "--hard", "main")
    listed = git(folder, "for-each-ref", "--format=%(refname:short) %(objectname)", "refs/tags").split("\n")
    found = dict(line.split(" ") for line in listed if line)
    project = folder / "loans"
    if data:
        (project / "data").mkdir()
        (project / "data" / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
        (project / "data" / "payments.csv").write_text(PAYMENTS, encoding="utf-8")
    return Story(folder, project, {told.tag: found[told.tag] for told in commits})


def _stream(number: int, told: Told) -> bytes:
    """A commit as `git fast-import` takes it."""
    who = f"{PEOPLE} {_BEGUN + number * _WEEK} +0000"
    message = told.subject.encode() + b"\n"
    head = f"commit refs/heads/main\nmark :{number + 1}\nauthor {who}\ncommitter {who}\ndata {len(message)}\n"
    parts = [head.encode(), message]
    if number:
        parts.append(f"from :{number}\n".encode())
    for name, text in told.files.items():
        content = text.encode()
        parts += [f"M 100644 inline {name}\ndata {len(content)}\n".encode(), content, b"\n"]
    parts.append(f"\nreset refs/tags/{told.tag}\nfrom :{number + 1}\n\n".encode())
    return b"".join(parts)
