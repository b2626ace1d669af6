"""Personal values, and whether conditions on them are true, never come out: not in files, not on any stream."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from face.conftest import Answer, Folder, Segwright

import segwright as sw
from segwright.compiler.plan_from_program import plan_from_program
from segwright.runtime.explanation import Explanation, Step

# Personal data, as nothing else reads: names, numbers and dates that stand nowhere in the rules.
SECRETS = ("Zaphod", "zaphod", "Beeblebrox", "918273", "91.8273", "1911-11", "Nov-1911", "Arcturus", "77665544")

RULES = """
purposes marketing
table customers key customer_id
  customer_id integer
  age         integer
  agreed      boolean optional consent for marketing
  email       text personal
  surname     text optional personal
  born_on     date from 1900-01-01 optional personal
  born_in     date written "%b-%Y" optional personal
  wealth      money from 0 optional personal
  illness     one of "flu", "cold", "Arcturus" optional personal
  phone       integer optional personal
  weight      number optional personal
  vip         boolean personal

table crm of customers by customer_id
  customer_id integer
  remark      text optional personal
  calls       integer

table relatives of customers by customer_id key relative_id
  relative_id integer
  customer_id integer
  first_name  text personal
  years       integer

events visits of customers by customer_id at visited_on
  customer_id integer
  visited_on  date
  place       text personal
  cost        money personal
  minutes     integer

let wealthy    = wealth > 500_000
let wealth2    = wealth * 2
let name       = surname
let has_name   = surname is known
let years_old  = years since born_on
let costs      = sum of cost from visits ever
let far_away   = count of visits where place starts with "B" in last 12 months
let kin        = (count of relatives where first_name contains "B")
let anybody    = (any relatives where years > 30)
let long_visit = max of minutes from visits ever
let last_place = latest of place from visits ever
let heavy      = weight / 2 > 40

segmentation risk of customers
  first match wins
  segment rich     when wealthy and age > 30
  segment richer   when wealth2 > 1_000_000 or age > 60
  segment named    when name starts with "B" and age > 30
  segment ill      when illness is "flu" and age > 10
                   when age > 90
  segment old      when born_on < 1920-01-01
  segment older    when born_in < 1920-01-01 unless vip
  segment costly   when costs > 100_000
  segment far      when far_away > 0
  segment related  when kin > 0
  segment remarked when crm.remark contains "eeb"
  segment placed   when last_place is known and last_place != "Rome"
  segment heavies  when heavy
  segment called   when phone between 1 and 5 or crm.calls > 100
  segment nameless when not has_name
  segment aged     when years_old > 200
  segment kin_aged when anybody
  segment visitor  when long_visit > 1_000
  otherwise rest

segmentation mail of customers
  overlapping
  purpose marketing
  needs consent for marketing
  segment known_mail when email is known
  segment vips       when vip or email starts with "z"
  segment not_old    when risk is not old
"""

CUSTOMERS = """
customer_id age agreed email surname    born_on    born_in  wealth    illness  phone    weight  vip
1           31  true   zaphod@x.org Beeblebrox 1911-11-11 Nov-1911 918273.00 Arcturus 77665544 91.8273 true
2           31  true   zaphod@y.org Beeblebrox 1911-11-12 Nov-1911 918273.00 Arcturus 77665544 91.8273 true
3           20  true   zaphod@z.org Zaphod     -          -        -         -        -        -       false
4           5   -      zaphod@q.org -          -          -        91.82     -        -        -       false
5           95  false  zaphod@r.org -          1911-11-13 Nov-1911 91.82     flu      77665544 91.8273 false
"""


@pytest.fixture
def clinic(folder: Folder) -> Folder:
    folder.rules(RULES)
    folder.table("customers", CUSTOMERS)
    folder.table("crm", "customer_id remark calls\n1 Zaphod-Beeblebrox 3\n3 Zaphod 5")
    folder.table("relatives", "relative_id customer_id first_name years\n1 1 Beeblebrox 40\n2 4 Zaphod 50")
    folder.table(
        "visits",
        """
        customer_id visited_on place      cost      minutes
        1           2026-08-01 Beeblebrox 918273.00 10
        5           2026-08-02 Zaphod     918273.00 20
        4           2026-08-03 Beeblebrox 91.82     30
        """,
    )
    folder.settings()
    return folder


def leaks(*texts: str) -> list[str]:
    """The secrets in some texts, without the `one of` of the rules."""
    text = "\n".join(texts).replace('"flu", "cold", "Arcturus"', "")
    return [secret for secret in SECRETS if secret in text]


def said(answer: Answer) -> str:
    return f"{answer.out}\n{answer.err}"


def written(folder: Path, *, without: Iterable[str] = ()) -> Iterator[str]:
    """Everything in the files of a run folder as text, but for some columns of assignments."""
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".parquet":
            with duckdb.connect() as con:
                left_out = ", ".join(f'"{name}"' for name in without)
                query = f"SELECT * {f'EXCLUDE ({left_out})' if left_out else ''} FROM '{path}'"
                yield "\n".join(str(row) for row in con.execute(query).fetchall())
                metadata = con.execute("SELECT * FROM parquet_metadata($1)", [str(path)])
                names = [column[0] for column in metadata.description or ()]
                at = names.index("path_in_schema")
                yield "\n".join(str(row) for row in metadata.fetchall() if row[at] not in without)
        elif path.is_file():
            yield path.read_text(encoding="utf-8")


# -- what runs write -------------------------------------------------------------------------------------------------


def test_nothing_personal_in_a_run(clinic: Folder, segwright: Segwright) -> None:
    answer = segwright("run", clinic.path, "--evidence", "--values", "--sorted")
    assert answer.code == 0, answer.err
    (run,) = (clinic.path / "runs").iterdir()
    # The compiled rules hold what the rules say: the list of illnesses, every word of which may be a value.
    rules = (run / "ruleset.json").read_text(encoding="utf-8")
    assert leaks(rules.replace('"Arcturus"', "")) == []
    (run / "ruleset.json").unlink()
    assert leaks(said(answer), *written(run)) == []
    with duckdb.connect() as con:
        names = [row[0] for row in con.execute(f"DESCRIBE FROM '{run / 'assignments.parquet'}'").fetchall()]
    assert names == [
        "customer_id", "risk", "risk_clause", "mail", "evidence_true_0", "evidence_known_0",
        "age", "crm.calls", "years_old", "anybody", "long_visit", "agreed",
    ]  # fmt: skip
    assert segwright("run", clinic.path, "--format", "json").code == 0


def test_no_evidence_of_personal_conditions(clinic: Folder) -> None:
    project = sw.open(clinic.path)
    run = project.run(evidence=True)
    assert project.rules.program is not None
    (population,) = plan_from_program(project.rules.program).populations
    personal = [condition.number for condition in population.conditions if condition.personal]
    open_ones = [condition.number for condition in population.conditions if not condition.personal]
    assert len(personal) == 15
    rows = run.assignments.project("evidence_true_0, evidence_known_0").fetchall()
    assert [number for number in personal for row in rows for word in row if word >> number & 1] == []
    assert [number for number in open_ones if not any(row[1] >> number & 1 for row in rows)] == []


# -- explanations ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [[], ["--details"], ["--format", "json"], ["-s", "mail", "--details"]])
def test_nothing_personal_in_an_explanation(clinic: Folder, segwright: Segwright, words: list[str]) -> None:
    assert segwright("run", clinic.path).code == 0
    for key in range(1, 6):
        for more in ([], ["--run", "latest"]):
            answer = segwright("explain", clinic.path, key, *words, *more)
            assert answer.code == 0, answer.err
            assert leaks(said(answer)) == []


def steps(found: Explanation) -> Iterator[Step]:
    waiting = [
        step
        for segmentation in found.segmentations
        for segment in segmentation.segments
        for clause in segment.clauses
        for step in (clause.when, *clause.unless)
    ]
    while waiting:
        step = waiting.pop()
        yield step
        waiting.extend(step.parts)


PERSONAL = re.compile(
    r"wealth|illness|born|vip|costs|far_away|kin >|remark|weight|phone|(name|last_place|email)(?! is (known|missing))"
)


def test_the_truth_of_personal_conditions_is_hidden(clinic: Folder) -> None:
    hidden: set[str] = set()
    for key in range(1, 6):
        for step in steps(sw.open(clinic.path).explain(key)):
            told = step.condition
            if told is not None and told.truth == "hidden":
                hidden.add(told.text)
                assert (step.truth, told.values, told.because, told.missing, told.distance) == (
                    "hidden", (), None, (), None,
                )  # fmt: skip
            elif told is not None:
                assert not PERSONAL.search(told.text), told
            elif any(part.truth == "hidden" for part in step.parts):
                assert step.truth == "hidden"
    assert hidden == {
        "wealth > 500000.00", "wealth2 > 1000000.00", 'name starts with "B"', 'illness = "flu"', "born_on < 1920-01-01",
        "born_in < 1920-01-01", "vip", "costs > 100000.00", "far_away > 0", "kin > 0", 'crm.remark contains "eeb"',
        'last_place != "Rome"', "weight / 2 > 40", "phone between 1 and 5", 'email starts with "z"',
    }  # fmt: skip


def test_what_a_clause_with_a_personal_condition_came_to_is_hidden(clinic: Folder) -> None:
    found = sw.open(clinic.path).explain(4)
    risk, mail = found.segmentations
    by_name = {segment.name: segment for segment in (*risk.segments, *mail.segments)}
    assert risk.assigned == ("far",)
    assert by_name["rich"].outcome == "not shown"
    assert by_name["ill"].outcome == "not shown"
    assert by_name["far"].outcome == "assigned"
    for name in ("rich", "richer", "named", "old", "older", "costly", "far"):
        (clause,) = by_name[name].clauses
        assert (clause.holds, clause.kept_out_by, clause.alone) == (None, (), False)
    first, second = by_name["ill"].clauses
    assert (first.holds, second.holds) == (None, False)
    assert [each.text for each in second.kept_out_by] == ["age > 90"]


def test_a_segment_that_a_personal_condition_gave(clinic: Folder, segwright: Segwright) -> None:
    out = segwright("explain", clinic.path, 4, "-s", "risk").out
    assert out.splitlines()[2:5] == [
        "risk: far, clause 9",
        "    by a clause that asks for personal data, which is not shown",
        "  tried before, and what kept the row out",
    ]
    told = [line.split(maxsplit=3) for line in out.splitlines()]
    assert ["rich", "asks", "for", "personal data: not shown"] in told
    assert ["ill,", "clause", "5", "✗ age > 90   is 5, 85 below 90"] in told


def test_whether_a_personal_value_is_there_may_be_told(clinic: Folder, segwright: Segwright) -> None:
    clinic.rules("""
    table customers key customer_id
      customer_id integer
      surname     text optional personal
      born_on     date optional personal
    let years_old = years since born_on
    segmentation s of customers
      first match wins
      segment adults when years_old >= 200
      segment named  when surname is known
      otherwise rest
    """)
    for name in ("crm", "relatives", "visits"):
        (clinic.path / f"{name}.csv").unlink()
    clinic.settings()
    five = segwright("explain", clinic.path, 5, "--details").out
    three = segwright("explain", clinic.path, 3, "--details").out
    # Born on 1911-11-13: 114 on 2026-09-01; how many years ago that is may be told, the date may not.
    assert "    adults     ✗ years_old >= 200   is 114, 86 below 200\n" in five
    assert "    named      ✗ surname is known   is missing\n" in five
    assert "years since born_on (born_on is personal, not shown)" in five
    assert "    ✓ surname is known   is personal, not shown\n" in three
    assert "    adults     ? years_old >= 200   unknown because born_on is missing\n" in three
    assert leaks(five, three) == []


def test_a_child_reads_its_parents_personal_fields(clinic: Folder, segwright: Segwright) -> None:
    clinic.rules(
        "segmentation kinship of relatives\n  first match wins\n"
        '  segment named when customers.surname starts with "B" and years > 30\n'
        "  segment alike when first_name = customers.surname\n"
        "  segment known when customers.surname is known\n  otherwise rest\n",
        "kinship.seg",
    )
    one = segwright("explain", clinic.path, 1, "-s", "kinship", "--details")
    two = segwright("explain", clinic.path, 2, "-s", "kinship", "--format", "json")
    assert "kinship: named, clause 1\n    by a clause that asks for personal data, which is not shown\n" in one.out
    assert leaks(said(one), said(two)) == []
    named, alike, known, _ = json.loads(two.out)["segmentations"][0]["segments"]
    assert (named["outcome"], alike["outcome"], known["outcome"]) == ("not shown", "not shown", "not assigned")


# -- purposes and consent --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "old, new, code",
    [
        ("surname     text optional personal", "surname     text optional for marketing", "SEG601"),
        ("email       text personal", "email       text for risk", "SEG602"),
        ("age         integer", "age         integer protected", "SEG600"),
        ("when age > 90", "when agreed", "SEG603"),
    ],
)
def test_what_the_rules_may_not_read_is_not_read(
    clinic: Folder, segwright: Segwright, old: str, new: str, code: str
) -> None:
    assert old in RULES
    clinic.rules(RULES.replace(old, new).replace("purposes marketing", "purposes marketing, risk"))
    for words in (["run", clinic.path], ["explain", clinic.path, 1]):
        answer = segwright(*words)
        assert (answer.code, answer.out) == (1, "")
        assert f"error[{code}]" in answer.err
    assert not (clinic.path / "runs").exists()


# -- errors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "file, old, new",
    [
        ("customers", "1911-11-11", "1811-11-11"),  # outside the domain
        ("customers", "1911-11-11", "Beeblebrox"),  # no date
        ("customers", "Nov-1911", "Zaphod-1911"),  # not as it is written
        ("customers", "918273.00", "-918273.00"),
        ("customers", "918273.00", "918273.001"),  # a third decimal
        ("customers", "918273.00", "918273182736451827364"),  # too large for money
        ("customers", "Arcturus", "Arcturus-flu"),  # not on the list
        ("customers", "77665544", "77665544.5"),
        ("customers", "77665544", "7766554477665544776655"),
        ("customers", "91.8273", "91.8273kg"),
        ("customers", "true\n2", "Zaphod\n2"),  # no boolean
        ("customers", "zaphod@x.org", ""),  # not optional
        ("customers", "zaphod@x.org", '"zaphod@x.org'),  # a quotation mark that is never closed
        ("customers", "zaphod@x.org", "zaphod@x.org,Zaphod"),  # a cell too many
        ("customers", "zaphod@x.org", "zaphod@x.org\udcff"),  # not UTF-8
        ("customers", "1,31", "1,thirty"),  # something wrong in a row with personal data
        ("customers", "email,surname", "e_mail,surname"),  # a column that is not there
        ("crm", "3\n", "3\n1,Zaphod-Beeblebrox,4\n"),  # a second row where one is allowed
        ("relatives", "2,4", "1,4"),  # a key that occurs twice
        ("visits", "91.82", "x91.82"),
        ("visits", "2026-08-03,Beeblebrox", "2026-08-03,Beeblebrox,91.82,5\n4,2026-08-03,Zaphod"),  # a tie
    ],
)
def test_nothing_personal_in_what_is_said_of_broken_data(
    clinic: Folder, segwright: Segwright, file: str, old: str, new: str
) -> None:
    path = clinic.path / f"{file}.csv"
    before = path.read_text(encoding="utf-8")
    assert old in before
    path.write_text(before.replace(old, new, 1), encoding="utf-8", errors="surrogateescape")
    for words in (["run", clinic.path], ["explain", clinic.path, 1], ["run", clinic.path, "--format", "json"]):
        answer = segwright(*words)
        assert answer.code == 3, said(answer)
        assert leaks(said(answer)) == []
        assert answer.out == ""
    assert not (clinic.path / "runs").exists()


def test_nothing_personal_in_the_details_of_an_error(clinic: Folder) -> None:
    path = clinic.path / "customers.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("1911-11-1", "1811-11-1"), encoding="utf-8")
    with pytest.raises(sw.RunError) as caught:
        sw.open(clinic.path).run()
    details = json.dumps(caught.value.as_json())
    assert leaks(details) == []
    assert "1811" not in details
    assert '"keys": ["1", "2", "5"]' in details


def test_overflow_on_personal_numbers(clinic: Folder, segwright: Segwright) -> None:
    path = clinic.path / "customers.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("918273.00", "9182739182739182.00"), encoding="utf-8")
    for words in (["run", clinic.path], ["explain", clinic.path, 1]):
        answer = segwright(*words)
        assert (answer.code, leaks(said(answer))) == (3, [])
        assert "let `wealth2` is too large for some row" in answer.err


@pytest.mark.parametrize("ending", ["json", "parquet"])
def test_other_formats(clinic: Folder, segwright: Segwright, ending: str) -> None:
    settings = clinic.path / "segwright.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("customers.csv", f"customers.{ending}"), encoding="utf-8"
    )
    file = clinic.path / f"customers.{ending}"
    with duckdb.connect() as con:
        rows = f"FROM read_csv('{clinic.path / 'customers.csv'}', all_varchar = true)"
        con.execute(f"COPY ({rows}) TO '{file}' (FORMAT {ending})")
    answer = segwright("run", clinic.path)
    assert leaks(said(answer)) == []
    if ending == "json":
        file.write_text(file.read_text(encoding="utf-8").replace('"Beeblebrox"', '"Beeblebrox', 1), encoding="utf-8")
    else:
        content = file.read_bytes()
        at = content.index(b"Beeblebrox")
        file.write_bytes(content[:at] + b"\xff" * 300 + content[at + 300 :])
    answer = segwright("run", clinic.path)
    assert answer.code in (3, 4)
    assert leaks(said(answer)) == []


# -- personal keys ---------------------------------------------------------------------------------------------------

KEYED = """
table people key passport
  passport text personal
  age      integer from 18 to 120
table notes of people by passport
  passport text personal
  stars    integer optional
events trips of people by passport at gone_on
  passport text personal
  gone_on  date
  miles    integer
let miles = sum of miles from trips ever
let first_trip = first of miles from trips ever
segmentation s of people
  first match wins
  segment far    when miles > 1_000 and age < 110
  segment starry when notes.stars > 3
  segment early  when first_trip > 5
  otherwise near
"""


TRIPS = "passport gone_on miles\nBeeblebrox 2026-01-01 700\nZaphod 2026-01-02 1001\nArcturus 2026-01-03 5"


@pytest.fixture
def travellers(folder: Folder) -> Folder:
    folder.rules(KEYED)
    folder.table("people", "passport age\nBeeblebrox 40\nZaphod 50")
    folder.table("notes", "passport stars\nBeeblebrox 5")
    folder.table("trips", TRIPS)
    folder.settings()
    return folder


def test_a_personal_key(travellers: Folder, segwright: Segwright) -> None:
    answer = segwright("run", travellers.path, "--evidence", "--values")
    assert answer.code == 0, answer.err
    (run,) = (travellers.path / "runs").iterdir()
    assert leaks(said(answer), *written(run, without=["passport"])) == []
    assert "1 row of `trips` belongs to no row of `people`" in answer.out
    for words in (["--details"], ["--format", "json"], ["--run", "latest"]):
        answer = segwright("explain", travellers.path, "Beeblebrox", *words)
        assert (answer.code, leaks(said(answer))) == (0, []), answer.err
    # The key makes nothing personal that is joined by it.
    out = segwright("explain", travellers.path, "Beeblebrox").out
    assert out.startswith("people row with a personal key, as of 2026-09-01\n\ns: starry, clause 2\n")
    assert "    ✓ notes.stars > 3   is 5\n" in out
    assert "    far     ✗ miles > 1000   is 700, 300 below 1000\n" in out
    assert leaks(said(segwright("explain", travellers.path, "Arcturus"))) == []


@pytest.mark.parametrize(
    "file, more",
    [
        ("people", "Zaphod,60\n"),
        ("people", "Arcturus,6\n"),
        ("people", "Arcturus,old\n"),
        ("people", ",60\n"),
        ("notes", "Beeblebrox,4\n"),
        ("notes", "Zaphod,four\n"),
        ("trips", "Beeblebrox,2026-01-01,701\n"),
        ("trips", "Zaphod,2026-13-01,701\n"),
        ("trips", "Zaphod,2026-01-01,9223372036854775807\n"),
    ],
)
def test_broken_data_with_a_personal_key(travellers: Folder, segwright: Segwright, file: str, more: str) -> None:
    with (travellers.path / f"{file}.csv").open("a", encoding="utf-8") as opened:
        opened.write(more)
    for words in (["run", travellers.path], ["explain", travellers.path, "Zaphod"]):
        answer = segwright(*words)
        assert (answer.code, leaks(said(answer))) == (3, []), answer.err


# -- faults ----------------------------------------------------------------------------------------------------------


def test_a_fault_of_ours_repeats_no_data(clinic: Folder, segwright: Segwright, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ValueError("Zaphod Beeblebrox")

    monkeypatch.delenv("SEGWRIGHT_DEBUG", raising=False)
    monkeypatch.setattr("segwright.runtime.run.assigned", fail)
    answer = segwright("run", clinic.path)
    assert (answer.code, answer.out, leaks(answer.err)) == (4, "", [])
    assert re.fullmatch(
        r"fault: segwright stopped on something that it does not handle, at test_privacy_of_output\.py:\d+\. "
        r"This is our mistake: please report it, with what SEGWRIGHT_DEBUG=1 shows\.\n",
        answer.err,
    )
    assert not (clinic.path / "runs").exists()
