"""What checking makes of sound rules: the Program and its promises."""

import datetime as dt
from decimal import Decimal

from segwright.dsl import program as p
from segwright.dsl.check import check
from segwright.dsl.parse import parse
from segwright.dsl.source import Source
from segwright.dsl.types import INTEGER, NUMBER, PERCENT, Length, Type


def program(*texts: str) -> p.Program:
    documents = []
    for number, text in enumerate(texts):
        document, found = parse(Source(f"{number}.seg", text))
        assert found == ()
        documents.append(document)
    checked = check(documents)
    assert checked.program is not None, checked.diagnostics
    return checked.program


CUSTOMERS = """
table customers "Borrowers" key customer_id
  customer_id integer
  income      money
  blocked     boolean
"""


def test_files_come_in_order_of_name_and_declarations_in_any_order() -> None:
    rules = program(
        "segmentation s of customers first match wins segment a when rich otherwise b let rich = income > limit",
        "parameter limit = 5_000" + CUSTOMERS,
    )
    assert [table.name for table in rules.tables] == ["customers"]
    assert rules.let("customers", "rich").value == p.Call(
        "greater.money",
        (
            p.FieldRef("customers", "income", Type("money", 2)),
            p.Call("money_from.integer", (p.ParameterRef("limit", INTEGER),), Type("money", 2)),
        ),
        Type("boolean"),
    )


def test_lets_and_segmentations_stand_after_what_they_need() -> None:
    rules = program(
        CUSTOMERS
        + """
segmentation third of customers first match wins segment a when of_second otherwise b
let of_second = second is a
segmentation second of customers first match wins segment a when double > 3 otherwise b
let double = single * 2
let single = income + 1
"""
    )
    assert [let.name for let in rules.lets] == ["single", "double", "of_second"]
    assert [each.name for each in rules.segmentations] == ["second", "third"]


def test_clauses_are_numbered_and_hold_the_headers_exceptions_first() -> None:
    rules = program(
        """
purposes marketing, service
table customers key customer_id
  customer_id integer
  x           integer
  a           boolean
  b           boolean
  agreed      boolean optional consent for marketing, service
table crm of customers by customer_id
  customer_id integer
  wants_mail  boolean consent for marketing
segmentation s "Title" of customers
  unless a
  first match wins
  needs consent for marketing
  purpose service, marketing
  review every 1 year, last reviewed 2026-01-15
  refresh every 2 months
  each segment at least 500 customers
  owner "risk"
  segment one "One"
    when x = 1
    from 2026-01-01
    unless b
    reason R1 "First"
    when x = 2
    until 2026-12-31
    reason R2 "Second"
  segment two
    when x = 3
    needs consent for service
  otherwise rest
    reason R3 "Third"
"""
    )
    (s,) = rules.segmentations
    one, two = s.segments
    assert [(clause.number, len(clause.unless)) for segment in s.segments for clause in segment.clauses] == [
        (1, 2),
        (2, 1),
        (3, 1),
    ]
    assert one.clauses[0].unless == (
        p.FieldRef("customers", "a", Type("boolean")),
        p.FieldRef("customers", "b", Type("boolean")),
    )
    assert s.otherwise_clause == 4
    marketing = (
        "marketing",
        (
            p.FieldRef("customers", "agreed", Type("boolean")),
            p.FieldRef("crm", "wants_mail", Type("boolean")),
        ),
    )
    assert [(each.purpose, each.fields) for each in one.consent] == [marketing]
    assert [(each.purpose, each.fields) for each in two.consent] == [
        marketing,
        ("service", (p.FieldRef("customers", "agreed", Type("boolean")),)),
    ]
    assert one.reasons == (p.Reason("R1", "First"), p.Reason("R2", "Second"))
    assert (one.valid_from, one.valid_until) == (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    assert s.otherwise is not None
    assert (s.otherwise.clauses, s.otherwise.consent, s.otherwise.reasons) == ((), (), (p.Reason("R3", "Third"),))
    assert (s.title, s.exclusive, s.purposes, s.owner) == ("Title", True, ("service", "marketing"), "risk")
    assert (s.refresh_every, s.review_every) == (Length(2, "month"), Length(1, "year"))
    assert (s.last_reviewed, s.minimum_size) == (dt.date(2026, 1, 15), 500)


def test_consent_of_a_child_is_also_its_parents() -> None:
    rules = program(
        """
purposes marketing
table customers key customer_id
  customer_id integer
  agreed      boolean consent for marketing
table accounts of customers by customer_id key account_id
  account_id  integer
  customer_id integer
  mailings    boolean consent for marketing
segmentation s of accounts
  overlapping
  needs consent for marketing
  segment a when account_id > 0
"""
    )
    (consent,) = rules.segmentations[0].segments[0].consent
    assert [(ref.table, ref.field) for ref in consent.fields] == [("accounts", "mailings"), ("customers", "agreed")]


def test_the_four_kinds_of_table() -> None:
    rules = program(
        """
table customers key customer_id at taken_on
  customer_id integer
  taken_on    date
table crm of customers by customer_id
  customer_id integer
table accounts of customers by customer_id key account_id
  account_id  text
  customer_id integer optional
events payments of accounts by account_id at paid_at known at booked_on then sequence
  account_id  text
  paid_at     timestamp
  booked_on   date
  sequence    integer
freshness payments within 35 days
"""
    )
    assert [
        (table.role, table.parent, table.by, table.key, table.at, table.known_at, table.then) for table in rules.tables
    ] == [
        ("root", None, None, "customer_id", "taken_on", None, None),
        ("attached", "customers", "customer_id", None, None, None, None),
        ("child", "customers", "customer_id", "account_id", None, None, None),
        ("events", "accounts", "account_id", None, "paid_at", "booked_on", "sequence"),
    ]
    assert rules.freshness == (p.Freshness("payments", Length(35, "day")),)


def test_how_columns_are_kept() -> None:
    (table,) = program(
        """
purposes credit_risk
table t key k
  k      integer
  share  percent in points missing when 999, 998.5 from 0% to 100% for credit_risk
  day    date written "%b-%Y" missing when "n/a"
  bought boolean true when "Yes", "Y" false when "No" others missing
  kind   one of "a", "b" others missing personal "The kind"
  score  integer missing when 0 (300..850]
  amount money(4) from 0.5 as "AMT"
  seen   timestamp from 2020-01-01 to 2020-12-31
  since_ timestamp (2020-01-01..)
"""
    ).tables
    fields = {field.name: field for field in table.fields}
    assert fields["share"].domain == p.Domain(0.0, 1.0)
    assert fields["share"].mapping == p.Mapping(in_points=True, missing_codes=(999, Decimal("998.5")))
    assert fields["share"].purposes == ("credit_risk",)
    assert fields["day"].mapping == p.Mapping(written="%b-%Y", missing_codes=("n/a",))
    assert fields["bought"].mapping == p.Mapping(true_codes=("Yes", "Y"), false_codes=("No",), others_missing=True)
    assert fields["kind"].type == Type("text", choices=("a", "b"))
    assert (fields["kind"].title, fields["kind"].personal) == ("The kind", True)
    assert fields["score"].domain == p.Domain(300, 850, low_included=False)
    assert (fields["amount"].column, fields["amount"].domain) == ("AMT", p.Domain(Decimal("0.5000"), None))
    # whole days, as where a timestamp is compared with a date
    assert fields["seen"].domain == p.Domain(dt.datetime(2020, 1, 1), dt.datetime(2021, 1, 1), high_included=False)
    assert fields["since_"].domain == p.Domain(dt.datetime(2020, 1, 2), None)
    optional = {name for name, field in fields.items() if field.optional}
    assert optional == {"share", "day", "bought", "kind", "score"}


def test_parameters_have_the_type_of_their_value_and_ends() -> None:
    rules = program(
        """
parameter a = 720 from 600 to 800
parameter b = 1 from 0.5 to 2
parameter c = 30% from 10% to 50%
parameter d = 3 months from 1 month to 6 months "Look back"
"""
    )
    assert rules.parameters == (
        p.Parameter("a", None, INTEGER, 720, p.Domain(600, 800)),
        p.Parameter("b", None, NUMBER, 1.0, p.Domain(0.5, 2.0)),
        p.Parameter("c", None, PERCENT, 0.3, p.Domain(0.1, 0.5)),
        p.Parameter(
            "d", "Look back", Type("duration"), Length(3, "month"), p.Domain(Length(1, "month"), Length(6, "month"))
        ),
    )


def test_no_documents_make_an_empty_program() -> None:
    assert check([]).program == p.Program((), (), (), (), (), ())


def test_notes_wait_until_nothing_is_wrong() -> None:
    rules = "parameter unused = 3" + CUSTOMERS
    document, _ = parse(Source("rules.seg", rules))
    assert [found.severity for found in check([document]).diagnostics] == ["note"]
    document, _ = parse(Source("rules.seg", rules + "let wrong = incom > 3"))
    checked = check([document])
    assert [found.severity for found in checked.diagnostics] == ["error"]
    assert checked.program is None


def test_what_did_not_parse_is_not_called_unknown() -> None:
    document, found = parse(Source("rules.seg", CUSTOMERS + "let rich of = > 3\nlet both = rich and income > 3\n"))
    assert found != ()
    assert check([document]).diagnostics == ()
