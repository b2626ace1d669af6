"""Data that breaks its contract: what is said of it, and that nothing is written."""

import pytest
from runtime.projects import Project, sentences

CUSTOMERS = """
table customers key customer_id
  customer_id   integer
  age           integer from 18 to 120
  channel       one of "app", "web"
  income        money optional
  since         date
  plan          boolean true when "Y" false when "N"
  seen          date written "%b-%Y" optional
  unread        integer
segmentation risk of customers
  first match wins
  segment old
    when age > 60 and channel is "app" and income is known and income > 10
  segment new
    when since > 2026-01-01 and plan and seen is known and seen > 2026-01-01
  otherwise other
"""
COLUMNS = "customer_id, age, channel, income, since, plan, seen, unread"
GOOD = "(1, 40, 'app', 12.5, DATE '2020-01-01', 'Y', 'Mar-2018', NULL)"


def customers(project: Project, *rows: str, rules: str = CUSTOMERS) -> None:
    project.rules(rules)
    project.table("customers", ", ".join([GOOD, *rows]), COLUMNS)


def row(key: int, **values: str) -> str:
    good = {
        "age": "40",
        "channel": "'app'",
        "income": "12.5",
        "since": "DATE '2020-01-01'",
        "plan": "'Y'",
        "seen": "NULL",
        "unread": "1",
    }
    return f"({key}, {', '.join((good | values).values())})"


@pytest.mark.usefixtures("on_every_engine")
def test_what_keeps_the_contract_runs(project: Project) -> None:
    customers(project, row(2, age="61", income="NULL"))
    run = project.run()
    assert project.assigned(run) == [(1, "other", 3), (2, "other", 3)]
    assert run.manifest.notes == []


@pytest.mark.parametrize(
    "bad, sentence",
    [
        ({"age": "NULL"}, "`age`: 1 row has no value, and the field is not `optional`; customer_id 7"),
        ({"age": "121"}, '`age`: 1 row lies outside `from 18 to 120` (found "121"); customer_id 7'),
        ({"channel": "'App'"}, '`channel`: 1 row holds none of "app", "web" (found "App"); customer_id 7'),
        ({"channel": "''"}, '`channel`: 1 row holds none of "app", "web" (found ""); customer_id 7'),
        (
            {"plan": "'?'"},
            '`plan`: 1 row holds a code that stands for neither true nor false (found "?"); customer_id 7',
        ),
        ({"seen": "'2018'"}, '`seen`: 1 row cannot be read as date written "%b-%Y" (found "2018"); customer_id 7'),
        (
            {"since": "DATE '10000-01-01'"},
            '`since`: 1 row holds a date outside the years 1 to 9999 (found "10000-01-01"); customer_id 7',
        ),
    ],
)
def test_one_bad_value(project: Project, bad: dict[str, str], sentence: str) -> None:
    customers(project, row(7, **bad))
    (violation,) = project.violations()
    assert violation.sentence == sentence
    assert (violation.table, violation.count, violation.keys) == ("customers", 1, ("7",))
    assert violation.field == sentence.split("`")[1]


@pytest.mark.parametrize(
    "income, words",
    [
        ("1.005::DOUBLE", "holds money with more than 2 decimal places"),
        ("1e17::DOUBLE", "holds a number too large for money"),
    ],
)
def test_money_from_a_floating_point_column(project: Project, income: str, words: str) -> None:
    project.rules(CUSTOMERS)
    project.table("customers", f"(1, 40, 'app', {income}, DATE '2020-01-01', 'Y', NULL, 1)", COLUMNS)
    (violation,) = project.violations()
    assert words in violation.sentence


def test_a_fraction_and_a_time_of_day(project: Project) -> None:
    project.rules(CUSTOMERS)
    project.table("customers", "(1, 40.5::DOUBLE, 'app', 1, TIMESTAMP '2020-01-01 10:00', 'Y', NULL, 1)", COLUMNS)
    assert sentences(project.violations()) == [
        '`age`: 1 row holds a number that is not whole (found "40.5"); customer_id 1',
        '`since`: 1 row holds a date with a time of day (found "2020-01-01 10:00:00"); customer_id 1',
    ]


def test_the_first_keys_in_order_and_the_most_frequent_values(project: Project) -> None:
    bad = [row(100 - number, age="17" if number < 4 else "130") for number in range(7)]
    customers(project, *bad)
    (violation,) = project.violations()
    assert violation.count == 7
    assert violation.keys == ("94", "95", "96", "97", "98")
    assert violation.sentence == (
        '`age`: 7 rows lie outside `from 18 to 120` (found "17", "130"); first customer_id 94, 95, 96, 97, 98'
    )


def test_five_keys_are_all_there_are(project: Project) -> None:
    customers(project, *(row(key, age="17") for key in range(2, 7)), row(7))
    (violation,) = project.violations()
    assert violation.sentence.endswith("; customer_id 2, 3, 4, 5, 6")


@pytest.mark.usefixtures("on_every_engine")
def test_everything_wrong_is_told_at_once(project: Project) -> None:
    rules = (
        CUSTOMERS
        + """
    events payments of customers by customer_id at paid_on
      customer_id integer
      paid_on     date
      amount      money
    segmentation pays of customers
      first match wins
      segment much when sum of amount from payments ever > 100
      otherwise little
    """
    )
    customers(project, row(2, age="1"), row(3, channel="NULL"), row(3), rules=rules)
    project.table("payments", "(1, NULL, 5), (NULL, DATE '2026-01-01', 5)", "customer_id, paid_on, amount")
    found = project.violations()
    assert [(each.table, each.field, each.kind, each.count) for each in found] == [
        ("customers", "age", "value", 1),
        ("customers", "channel", "missing value", 1),
        ("customers", "customer_id", "duplicate key", 1),
        ("payments", "customer_id", "missing value", 1),
        ("payments", "paid_on", "missing value", 1),
    ]
    assert found[3].row_numbers == (2,)  # a row without the customer's key is told by its number
    assert found[3].sentence.endswith("; row 2")
    assert found[4].keys == ("1",)


def test_only_what_is_read_is_checked(project: Project) -> None:
    customers(project, row(2, unread="NULL"))
    assert "unread" not in [column.field for column in project.run().manifest.columns]


@pytest.mark.usefixtures("on_every_engine")
def test_personal_keys_and_values_are_never_told(project: Project) -> None:
    project.rules("""
    table customers key email
      email  text personal
      age    integer from 18 to 120
      phone  one of "yes", "no" personal
      gender one of "f", "m" protected
    segmentation risk of customers
      first match wins
      segment old when age > 60
      segment reached when phone is known
      otherwise other
    """)
    rows = "('a@x', 17, 'yes', 'q'), ('b@x', 30, '0612345678', 'f'), ('a@x', 40, 'no', 'f'), (NULL, 40, 'no', 'f')"
    project.table("customers", rows, "email, age, phone, gender")
    found = project.violations()
    assert sentences(found) == [
        "`email`: 1 row has no value, and the field is not `optional`; row 4",
        '`age`: 1 row lies outside `from 18 to 120` (found "17"); row 1',
        '`phone`: 1 row holds none of "yes", "no"; row 2',
        "`email`: 1 key occurs in more than one row; row 3",
    ]
    assert not any("@" in sentence or "06" in sentence for sentence in sentences(found))


# -- keys ------------------------------------------------------------------------------------------------------------

KEYED = """
table customers key customer_id
  customer_id {type}
table crm of customers by customer_id
  customer_id {type}
  calls       integer
table accounts of customers by customer_id key account_id
  account_id  {type}
  customer_id {type}
events logins of customers by customer_id at day
  customer_id {type}
  day         date
segmentation s of customers
  first match wins
  segment called when crm.calls > 0
  segment lends  when count of accounts > 0 and count of logins ever > 0
  otherwise other
"""
KEYS = {
    # close together, far apart, with negative ones, text
    "dense": ("integer", ["1", "2", "3", "4", "5"]),
    "sparse": ("integer", ["1", "2000000000000", "-9223372036854775808", "9223372036854775807", "5"]),
    "text": ("text", ["'a'", "'A'", "''", "' a'", "'é'"]),
}


@pytest.mark.usefixtures("on_every_engine")
@pytest.mark.parametrize("kind", KEYS)
def test_keys_that_are_unique_and_rows_without_parent(project: Project, kind: str) -> None:
    type, (a, b, c, d, e) = KEYS[kind]
    project.rules(KEYED.format(type=type))
    project.table("customers", f"({a}), ({c}), ({d})", "customer_id")
    project.table("crm", f"({a}, 1), ({b}, 1)", "customer_id, calls")
    project.table("accounts", f"({a}, {c}), ({b}, {c}), ({c}, {e})", "account_id, customer_id")
    project.table(
        "logins", f"({e}, DATE '2026-01-01'), ({e}, DATE '2027-01-01'), ({c}, DATE '2026-01-01')", "customer_id, day"
    )
    run = project.run()
    assert [(note.kind, note.of, note.count) for note in run.manifest.notes] == [
        ("orphans", "crm", 1),
        ("orphans", "accounts", 1),
        ("orphans", "logins", 2),
    ]
    assert run.manifest.notes[2].message == "2 rows of `logins` belong to no row of `customers` and are ignored"
    assert sorted(row[1] for row in project.assigned(run)) == ["called", "lends", "other"]


@pytest.mark.parametrize("kind", KEYS)
def test_keys_that_are_not_unique(project: Project, kind: str) -> None:
    type, (a, b, c, d, e) = KEYS[kind]
    project.rules(KEYED.format(type=type))
    project.table("customers", f"({a}), ({b}), ({a}), ({a}), ({c}), ({c})", "customer_id")
    project.table("crm", f"({a}, 1), ({c}, 1), ({c}, 1), ({d}, 1), ({d}, 1)", "customer_id, calls")  # two orphans
    project.table("accounts", f"({a}, {c}), ({b}, {c}), ({b}, {e})", "account_id, customer_id")
    project.table("logins", f"({a}, DATE '2026-01-01'), ({a}, DATE '2026-01-01')", "customer_id, day")
    found = project.violations()
    assert [(each.table, each.field, each.kind, each.count) for each in found] == [
        ("customers", "customer_id", "duplicate key", 2),
        ("crm", "customer_id", "duplicate row", 1),
        ("accounts", "account_id", "duplicate key", 1),
    ]
    assert found[0].sentence.startswith("`customer_id`: 2 keys occur in more than one row; customer_id ")
    assert found[1].sentence.startswith(
        "`customer_id`: 1 row of `customers` has more than one row here, at most one is allowed; customer_id "
    )


@pytest.mark.usefixtures("on_every_engine")
def test_columns_may_be_called_as_anything(project: Project) -> None:
    project.rules("""
    table t key id
      id   integer as "bits"
      more integer as "c0"
    events e of t by k at c2
      k  integer as "c0"
      c2 date as "k"
      k2 integer as "bits"
    segmentation s of t
      first match wins
      segment a when (max of k2 from e ever) default 0 > more
      otherwise b
    """)
    project.table("t", "(1, 5), (3, 5)", "bits, c0")
    project.table("e", "(1, DATE '2026-01-01', 6), (2, DATE '2026-01-01', 6)", "c0, k, bits")
    run = project.run()
    assert project.assigned(run) == [(1, "a", 1), (3, "b", 2)]
    assert [(note.of, note.count) for note in run.manifest.notes] == [("e", 1)]


SNAPSHOTS = """
table customers key customer_id at day
  customer_id integer
  day         date
  age         integer
events logins of customers by customer_id at day
  customer_id integer
  day         date
segmentation s of customers
  first match wins
  segment old when age > 60
  segment seen when any logins ever
  otherwise other
"""


@pytest.mark.usefixtures("on_every_engine")
def test_snapshots_are_unique_by_key_and_time(project: Project) -> None:
    project.rules(SNAPSHOTS)
    days = (
        "(1, DATE '2026-01-01', 50), (1, DATE '2026-02-01', 61), (2, DATE '2026-01-01', 1), (1, DATE '2027-01-01', 1)"
    )
    project.table("customers", days, "customer_id, day, age")
    project.table("logins", "(1, DATE '2026-01-01'), (3, DATE '2026-01-01')", "customer_id, day")
    run = project.run()
    assert project.assigned(run) == [(1, "old", 1), (2, "other", 3)]
    assert [(note.of, note.count) for note in run.manifest.notes] == [("logins", 1)]


def test_two_snapshots_at_one_time(project: Project) -> None:
    project.rules(SNAPSHOTS)
    days = "(1, DATE '2026-01-01', 50), (1, DATE '2026-01-01', 50), (2, DATE '2026-01-01', 1)"
    project.table("customers", days, "customer_id, day, age")
    project.table("logins", "(1, DATE '2026-01-01')", "customer_id, day")
    (found,) = project.violations()
    assert (found.kind, found.count, found.keys) == ("duplicate key", 1, ("1 at 2026-01-01",))
    assert found.sentence == (
        "`customer_id` and `day`: 1 pair occurs in more than one row; customer_id 1 at 2026-01-01"
    )


@pytest.mark.usefixtures("on_every_engine")
def test_a_snapshot_of_the_future_is_no_parent_yet(project: Project) -> None:
    project.rules(SNAPSHOTS)
    project.table("customers", "(1, DATE '2026-01-01', 50), (2, DATE '2026-09-02', 50)", "customer_id, day, age")
    project.table("logins", "(2, DATE '2026-01-01')", "customer_id, day")
    run = project.run()
    assert [(note.kind, note.of, note.count) for note in run.manifest.notes] == [("orphans", "logins", 1)]


# -- notes -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("on_every_engine")
def test_what_others_missing_takes_out_is_counted(project: Project) -> None:
    project.rules("""
    table customers key customer_id
      customer_id integer
      age         integer from 18 to 120 others missing
      work        one of "paid", "none" others missing
    segmentation s of customers
      first match wins
      segment old when age is known and age > 60
      segment works when work is "paid"
      otherwise other
    """)
    project.table("customers", "(1, 17, 'paid'), (2, 200, '?'), (3, 61, NULL)", "customer_id, age, work")
    run = project.run()
    assert [(note.kind, note.message, note.count) for note in run.manifest.notes] == [
        ("others missing", "2 values of `age` in `customers` lie outside their declaration and are read as missing", 2),
        ("others missing", "1 value of `work` in `customers` lies outside its declaration and is read as missing", 1),
    ]
    assert project.assigned(run) == [(1, "works", 2), (2, "other", 3), (3, "old", 1)]


@pytest.mark.usefixtures("on_every_engine")
def test_empty_tables(project: Project) -> None:
    project.rules(KEYED.format(type="integer"))
    project.query("customers", "SELECT 1::BIGINT AS customer_id WHERE false")
    project.query("crm", "SELECT 1 AS customer_id, 1 AS calls WHERE false")
    project.query("accounts", "SELECT 1 AS account_id, 1 AS customer_id WHERE false", "csv")
    project.file("logins", "[]", "json")
    run = project.run()
    assert project.assigned(run) == []
    assert [(note.kind, note.of) for note in run.manifest.notes] == [
        ("no rows", "customers"),
        ("no rows", "crm"),
        ("no rows", "accounts"),
        ("no rows", "logins"),
    ]
    record = run.manifest.assignments["customers"].segmentations["s"]
    assert record.segments["other"].count == 0
    assert record.segments["other"].share is None


FRESH = """
table customers key customer_id
  customer_id integer
events logins of customers by customer_id at day known at told
  customer_id integer
  day         timestamp
  told        date
freshness logins within 7 days
segmentation s of customers
  first match wins
  segment seen when any logins ever
  otherwise other
"""


@pytest.mark.usefixtures("on_every_engine")
@pytest.mark.parametrize(
    "day, told, message",
    [
        ("2026-08-25 23:59", "2026-08-26", None),
        (
            "2026-08-24 23:59",
            "2026-08-26",
            "`logins` is not fresh: the latest visible row is of 2026-08-24, expected within 7 days before 2026-09-01",
        ),
        (
            "2026-08-30 00:00",
            "2026-09-02",
            "`logins` is not fresh: there is no visible row, expected within 7 days before 2026-09-01",
        ),
    ],
)
def test_freshness(project: Project, day: str, told: str, message: str | None) -> None:
    project.rules(FRESH)
    project.table("customers", "(1)", "customer_id")
    rows = f"(1, TIMESTAMP '{day}', DATE '{told}'), (1, TIMESTAMP '2026-09-02 00:00', DATE '2026-09-02')"
    project.table("logins", rows, "customer_id, day, told")
    assert [note.message for note in project.run().manifest.notes] == ([] if message is None else [message])


@pytest.mark.parametrize("kind, key", [("integer", "1"), ("text", "'a'")])
def test_events_that_are_only_watched_for_being_fresh(project: Project, kind: str, key: str) -> None:
    """No rule reads `logins`, so nothing of it is read but its times."""
    project.rules(
        f"""
table customers key customer_id
  customer_id {kind}
events logins of customers by customer_id at day
  customer_id {kind}
  day date
freshness logins within 7 days
segmentation value of customers
  first match wins
  segment known when customer_id is known
  otherwise rest
""".replace("customer_id is known", "customer_id = " + ("1" if kind == "integer" else '"a"'))
    )
    project.table("customers", f"({key})", "customer_id")
    project.table("logins", f"({key}, DATE '2026-08-30')", "customer_id, day")
    manifest = project.run().manifest
    assert manifest.notes == []
    assert [each.field for each in manifest.columns if each.table == "logins"] == ["day"]
