"""Public data sets, where they are at hand: what each turns into."""

from __future__ import annotations

from pathlib import Path

from rules.copies import generator
from starting.begun import begin

from segwright.dsl.program import Domain


def test_loans(real_data: Path, tmp_path: Path) -> None:
    begun = begin(tmp_path / "project", real_data / "lending_club_loans.parquet")
    fields = begun.fields("lending_club_loans")
    assert begun.program.table("lending_club_loans").key == "loan_id"
    assert fields["issue_month"].mapping.written == "%b-%Y"
    assert {name for name, field in fields.items() if field.mapping.in_points} == {
        "debt_to_income",
        "debt_to_income_joint",
        "account_never_delinq_percent",
        "interest_rate",
    }
    assert fields["grade"].type.choices == tuple("ABCDEFG")
    assert fields["emp_length"].optional
    assert str(fields["paid_total"].type) == "number"  # 427 of them have more than two decimals
    assert str(fields["paid_principal"].type) == "money"
    assert sum(begun.sizes.values()) == 10_000
    assert [each.name for each in begun.program.measures] == ["bad_loan_status", "average_annual_income"]


def test_insurance(real_data: Path, tmp_path: Path) -> None:
    begun = begin(tmp_path / "project", real_data / "caravan_insurance.parquet")
    fields = begun.fields("caravan_insurance")
    assert len(fields) == 87
    assert fields["Purchase"].mapping.true_codes == ("Yes",)
    assert (str(fields["PPERSAUT"].type), fields["PPERSAUT"].domain) == ("integer", Domain(0, None))
    assert sum(begun.sizes.values()) == 5_822
    assert begun.program.measures[0].name == "share_Purchase"


def test_music(real_data: Path, tmp_path: Path) -> None:
    files = [real_data / f"cdnow_{name}.parquet" for name in ("purchases", "customers")]
    begun = begin(tmp_path / "project", *files)
    purchases = begun.program.table("cdnow_purchases")
    assert (purchases.role, purchases.parent, purchases.at) == ("events", "cdnow_customers", "purchased_on")
    assert begun.started.as_of.isoformat() == "1998-07-01"
    assert sum(begun.sizes.values()) == 23_570


def test_the_projects_own_loans(tmp_path: Path) -> None:
    """Against the rules that were written by hand for the same data."""
    data = tmp_path / "data"
    generator("personal_loans").generate(data, 5_000)
    begun = begin(tmp_path / "project", *sorted(data.glob("*.parquet")))
    found = {t.name: (t.role, t.parent, t.by, t.key, t.at) for t in begun.program.tables}
    assert found == {
        "customers": ("root", None, None, "customer_id", None),
        "crm": ("attached", "customers", "customer_id", None, None),
        "accounts": ("child", "customers", "customer_id", "account_id", None),
        "payments": ("events", "customers", "customer_id", None, "paid_on"),
        "bureau_pulls": ("events", "customers", "customer_id", None, "pulled_on"),
        "logins": ("events", "customers", "customer_id", None, "logged_in_at"),
        "surveys": ("events", "customers", "customer_id", None, "answered_on"),
    }
    fields = begun.fields("customers")
    assert fields["credit_score"].mapping.missing_codes == (0, 999)
    assert fields["employment"].mapping.missing_codes == ("n/a",)
    assert (fields["debt_to_income"].mapping.in_points, fields["utilisation"].mapping.in_points) == (True, False)
    assert fields["last_delinquency"].mapping.written == "%b-%Y"
    assert fields["hardship_plan"].mapping.true_codes == ("Y",)
    assert (fields["gender"].protected, fields["email"].personal) == (True, True)
