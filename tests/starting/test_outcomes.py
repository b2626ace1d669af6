"""What the segments of a new project are judged by."""

from __future__ import annotations

from pathlib import Path

from starting.begun import begin, rows


def measures(folder: Path, header: str, *lines: str) -> dict[str, str]:
    """The measures that are proposed for customers, by name as they are written on one line."""
    data = folder / "customers.csv"
    data.write_text(rows(header, *lines), encoding="utf-8")
    text = begin(folder / "project", data).started.files["segments.seg"]
    said = " ".join(text.partition("judged by")[2].partition("# EDIT ME")[0].split()).split("measure ")[1:]
    return {each.split(" ", 1)[0]: each.split(" ", 1)[1].strip() for each in said}


def test_a_yes_or_no_that_is_called_an_outcome_comes_first(tmp_path: Path) -> None:
    lines = [f"{at},{at % 97 * 10},{'YN'[at % 2]},{'YN'[at % 3 == 0]}" for at in range(1, 201)]
    assert list(measures(tmp_path, "customer_id balance app_user defaulted", *lines).items()) == [
        ("share_defaulted", '"Defaulted" of customers lower is better = share where defaulted'),
        ("average_balance", '"Average balance" of customers = average of balance'),
    ]


def test_a_status_with_values_that_sound_bad_is_an_outcome(tmp_path: Path) -> None:
    status = ("current", "late 30 days", "charged off")
    lines = [f"{at},{status[at % 3]}" for at in range(1, 201)]
    assert measures(tmp_path, "customer_id loan_status", *lines) == {
        "bad_loan_status": '"Bad loan status" of customers lower is better '
        '= share where loan_status is one of ("charged off", "late 30 days")'
    }


def test_no_measure_repeats_what_a_segment_asks(tmp_path: Path) -> None:
    lines = [f"{at},{('app', 'web', 'branch')[at % 3]},{'YN'[at % 2]}" for at in range(1, 201)]
    assert measures(tmp_path, "customer_id channel app_user", *lines) == {
        "share_app_user": '"App user" of customers = share where app_user'
    }
    (tmp_path / "other").mkdir()
    assert measures(tmp_path / "other", "customer_id app_user", *(f"{at},{'YN'[at % 2]}" for at in range(1, 99))) == {}


def test_what_is_protected_is_no_outcome(tmp_path: Path) -> None:
    lines = [f"{at},{at % 97 * 10},{'YN'[at % 2]}" for at in range(1, 201)]
    assert list(measures(tmp_path, "customer_id balance married", *lines)) == ["average_balance"]
