"""What a column becomes: one file for each oddity that real files have."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
from starting.begun import Begun, begin, rows

from segwright.dsl.program import Domain, Field
from segwright.render.starting import as_text


def started(tmp_path: Path, columns: dict[str, list[str]], separator: str = ",", name: str = "people.csv") -> Begun:
    """A project from a CSV file with these columns and a key before them."""
    count = max(map(len, columns.values()))
    lines = [separator.join(["person_id", *columns])]
    for at in range(count):
        cells = [values[at % len(values)] for values in columns.values()]
        lines.append(separator.join([str(at + 1), *cells]))
    file = tmp_path / name
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return begin(tmp_path / "project", file)


def field(tmp_path: Path, name: str, values: list[str], separator: str = ",") -> Field:
    """What a column of that name with these values, repeated to sixty rows, becomes."""
    repeated = (values * 60)[: max(60, len(values))]
    begun = started(tmp_path, {name: repeated}, separator)
    return next(each for each in begun.fields("people").values() if each.column == name)


def test_a_semicolon_separates(tmp_path: Path) -> None:
    found = field(tmp_path, "orders", ["3", "5", "8"], separator=";")
    assert (str(found.type), found.optional, found.domain) == ("integer", False, Domain(0, None))


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(b"\xef\xbb\xbfperson_id,age\n1,30\n2,40\n")
    begun = begin(tmp_path / "project", file)
    assert list(begun.fields("people")) == ["person_id", "age"]
    assert begun.program.table("people").key == "person_id"


def test_numbers_with_a_decimal_comma_stay_text_and_are_told(tmp_path: Path) -> None:
    begun = started(tmp_path, {"saldo": [f"{number},50" for number in range(60)]}, separator=";")
    assert str(begun.fields("people")["saldo"].type) == "text"
    assert "decimal comma" in begun.said("people", "saldo")


def test_dates_in_other_forms(tmp_path: Path) -> None:
    forms = {
        "%d-%m-%Y": ["31-12-2020", "01-02-2021"],
        "%d/%m/%Y": ["31/12/2020", "01/02/2021"],
        "%m/%d/%Y": ["12/31/2020", "02/01/2021"],
        "%d.%m.%Y": ["31.12.2020"],
        "%b-%Y": ["Mar-2018", "Jan-2019"],
        "%Y%m%d": ["20201231", "20210201"],
        "%d %B %Y": ["31 December 2020"],
        None: ["2020-12-31", "2021-02-01"],
    }
    begun = started(tmp_path, {f"date_{at}": values for at, values in enumerate(forms.values())})
    fields = list(begun.fields("people").values())[1:]
    assert [each.mapping.written for each in fields] == list(forms)
    assert {str(each.type) for each in fields} == {"date"}


def test_where_day_and_month_could_be_either_the_comment_says_so(tmp_path: Path) -> None:
    begun = started(tmp_path, {"opened_on": ["03-04-2020", "05-06-2021"] * 30})
    assert begun.fields("people")["opened_on"].mapping.written == "%d-%m-%Y"
    assert "`%m-%d-%Y` would fit as well" in begun.said("people", "opened_on")


def test_times_with_zones(tmp_path: Path) -> None:
    found = field(tmp_path, "seen_at", ["2026-01-31T23:30:00+02:00", "2026-02-01 08:00:00Z"])
    assert (str(found.type), found.mapping.written) == ("timestamp", None)


def test_yes_and_no(tmp_path: Path) -> None:
    pairs = [("Y", "N"), ("J", "N"), ("ja", "nee"), ("Yes", "No")]
    begun = started(tmp_path, {f"news_{at}": [*pair, pair[1]] * 20 for at, pair in enumerate(pairs)})
    fields = list(begun.fields("people").values())[1:]
    assert {str(each.type) for each in fields} == {"boolean"}
    assert [(*each.mapping.true_codes, *each.mapping.false_codes) for each in fields] == pairs


def test_one_and_zero_are_yes_and_no_only_where_the_name_says_so(tmp_path: Path) -> None:
    begun = started(tmp_path, {"is_active": ["1", "0", "1"], "children": ["0", "1", "0"] * 20})
    fields = begun.fields("people")
    assert (str(fields["is_active"].type), fields["is_active"].mapping.true_codes) == ("boolean", (1,))
    assert str(fields["children"].type) == "integer"
    assert "if it is a yes or no" in begun.said("people", "children")


def test_true_and_false(tmp_path: Path) -> None:
    found = field(tmp_path, "newsletter", ["true", "FALSE"])
    assert (str(found.type), found.mapping.true_codes) == ("boolean", ())


def test_empty_cells_make_a_field_optional_and_their_share_is_told(tmp_path: Path) -> None:
    begun = started(tmp_path, {"orders": ["3", "", "8", "9"] * 15})
    assert begun.fields("people")["orders"].optional
    assert "25.0% missing" in begun.said("people", "orders")


def test_words_for_missing(tmp_path: Path) -> None:
    words = ["N/A", "UNK", "onbekend", "-", "null"]
    begun = started(tmp_path, {f"orders_{at}": ["3", "5", word, "8"] * 15 for at, word in enumerate(words)})
    fields = list(begun.fields("people").values())[1:]
    assert {str(each.type) for each in fields} == {"integer"}
    assert [each.mapping.missing_codes for each in fields] == [(word,) for word in words]
    assert all(each.optional for each in fields)


def test_codes_far_from_the_rest_stand_for_missing(tmp_path: Path) -> None:
    begun = started(tmp_path, {"visits": [*map(str, range(1, 50)), "999", "999", "-1", "-1"]})
    found = begun.fields("people")["visits"]
    assert found.mapping.missing_codes == (-1, 999)
    assert found.domain == Domain(0, None)
    assert "999 in 2 rows taken for missing" in begun.said("people", "visits")


def test_numbers_of_a_key_are_no_codes(tmp_path: Path) -> None:
    assert field(tmp_path, "branch_code", ["1", "2", "3", "4", "999"]).mapping.missing_codes == ()


def test_a_zero_that_belongs_to_the_others_is_no_code(tmp_path: Path) -> None:
    assert field(tmp_path, "visits", ["0", "1", "2", "3", "4"]).mapping.missing_codes == ()


def test_dates_at_the_end_of_time_stand_for_missing(tmp_path: Path) -> None:
    found = field(tmp_path, "closed_on", ["2020-12-31", "9999-12-31", "2021-02-01"])
    assert (str(found.type), found.mapping.missing_codes) == ("date", (dt.date(9999, 12, 31),))


def test_shares_of_one_and_of_a_hundred(tmp_path: Path) -> None:
    shares = [f"0.{number:02}" for number in range(60)]
    points = [f"{number}.5" for number in range(60)]
    begun = started(tmp_path, {"utilisation": [*shares[:-1], "1.2"], "interest_rate": points, "ltv": shares})
    fields = begun.fields("people")
    assert [(str(each.type), each.mapping.in_points) for each in fields.values()][1:] == [
        ("percent", False),
        ("percent", True),
        ("percent", False),
    ]
    assert fields["utilisation"].domain == Domain(0.0, None)
    assert fields["ltv"].domain == Domain(0.0, 1.0)


def test_money_is_named_so_and_has_two_decimals_at_most(tmp_path: Path) -> None:
    cents = [f"{number}.25" for number in range(60)]
    finer = [f"{number}.125" for number in range(60)]
    begun = started(tmp_path, {"balance": cents, "weight": cents, "price": finer, "income": ["1000", "2500"] * 30})
    kinds = [str(each.type) for each in begun.fields("people").values()][1:]
    assert kinds == ["money", "number", "number", "money"]


def test_few_texts_are_a_closed_list_and_many_are_not(tmp_path: Path) -> None:
    begun = started(
        tmp_path,
        {"channel": ["app", "web", 'he said ""hi""'] * 20, "remark": [f"text {at}" for at in range(60)]},
    )
    fields = begun.fields("people")
    assert fields["channel"].type.choices == ("app", 'he said ""hi""', "web")
    assert str(fields["remark"].type) == "text"


def test_a_few_rows_make_no_list(tmp_path: Path) -> None:
    begun = started(tmp_path, {"channel": ["app", "web", "app"]})
    assert begun.fields("people")["channel"].type.choices is None


def test_digits_with_leading_zeros_stay_text(tmp_path: Path) -> None:
    begun = started(tmp_path, {"branch": [f"{number:04}" for number in range(60)]})
    assert str(begun.fields("people")["branch"].type) == "text"
    assert "leading zeros" in begun.said("people", "branch")


def test_very_long_texts(tmp_path: Path) -> None:
    assert str(field(tmp_path, "story", ["x" * 100_000, "y" * 5]).type) == "text"


def test_one_number_that_is_none_makes_text_and_is_told(tmp_path: Path) -> None:
    begun = started(tmp_path, {"visits": [*map(str, range(1, 100)), "12O"]})
    assert str(begun.fields("people")["visits"].type) == "text"
    assert "no integer: 1 row would not fit, such as " in begun.said("people", "visits")


def test_a_column_that_holds_nothing(tmp_path: Path) -> None:
    begun = started(tmp_path, {"empty": [""] * 3, "age": ["30", "40", "50"]})
    found = begun.fields("people")["empty"]
    assert (str(found.type), found.optional) == ("text", True)
    assert begun.said("people", "empty") == "nothing in it"


def test_rare_values_that_a_sample_misses_are_seen(tmp_path: Path) -> None:
    """The proposal rests on a sample, what is written on every row: one odd value among half a million is one."""
    file = tmp_path / "people.parquet"
    duckdb.sql(
        f"""COPY (SELECT i AS person_id, CASE WHEN i = 400_000 THEN 'rare' ELSE 'app' END AS channel,
        CASE WHEN i = 400_001 THEN 0.125 ELSE i % 5000 / 100 END AS balance FROM range(500_000) AS r(i)) TO '{file}'"""
    )
    begun = begin(tmp_path / "project", file)
    fields = begun.fields("people")
    assert fields["channel"].type.choices == ("app", "rare")
    assert str(fields["balance"].type) == "number"
    assert "no money: 1 row would not fit" in begun.said("people", "balance")


def test_what_is_in_the_way_of_a_number_is_named(tmp_path: Path) -> None:
    lines = [f"{at},{at % 90}.50,2026-01-{1 + at % 28:02}" for at in range(1, 201)]
    (tmp_path / "loans.csv").write_text(rows("loan_id balance paid_on", *lines, "Total,9_999,"), encoding="utf-8")
    begun = begin(tmp_path / "project", tmp_path / "loans.csv")
    assert begun.said("loans", "loan_id") == 'no integer: 1 row would not fit, such as "Total"'
    assert begun.said("loans", "balance") == 'no money: 1 row would not fit, such as "9_999"'
    shown = as_text(begun.started, ())
    assert '  kept as text: `loans.loan_id`: no integer: 1 row would not fit, such as "Total"\n' in shown


def test_numbers_with_commas_and_signs_are_told(tmp_path: Path) -> None:
    lines = [f'{at},"{at},{100 + at}.50","${at},000",{at % 90}.5%' for at in range(1, 201)]
    (tmp_path / "loans.csv").write_text(rows("loan_id balance cap used", *lines), encoding="utf-8")
    begun = begin(tmp_path / "project", tmp_path / "loans.csv")
    for field in ("balance", "cap", "used"):
        assert begun.said("loans", field).startswith('numbers such as "')
    assert begun.said("loans", "loan_id") == "seen 1 to 200"


def test_what_is_in_the_way_is_not_shown_where_it_may_tell_of_a_person(tmp_path: Path) -> None:
    lines = [f"{at},{at % 90}" for at in range(1, 201)]
    (tmp_path / "loans.csv").write_text(rows("loan_id visits", *lines, "201,ann@x.example"), encoding="utf-8")
    begun = begin(tmp_path / "project", tmp_path / "loans.csv")
    assert begun.said("loans", "visits") == "no integer: 1 row would not fit"
