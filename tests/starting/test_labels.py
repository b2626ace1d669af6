"""What is proposed as personal and as protected, by names and values; the first segmentation uses neither."""

from __future__ import annotations

from pathlib import Path

import pytest
from starting.begun import begin

from segwright.starting import texts
from segwright.starting.words import personal_by_name, protected_by_name, tells


@pytest.mark.parametrize(
    "name",
    [
        *("email", "e_mail", "EmailAddress", "customer_email", "mailadres", "phone", "telefoonnummer", "Mobile", "GSM"),
        *("iban", "IBAN_NR", "bsn", "BSN", "first_name", "lastName", "achternaam", "Nachname", "nom", "voorletters"),
        *(
            "street",
            "straat",
            "Hausnummer",
            "postcode",
            "zip_code",
            "PLZ",
            "birth_date",
            "geboortedatum",
            "Geburtsdatum",
        ),
        *("ip_address", "latitude", "passport_no", "social_security_number"),
    ],
)
def test_names_of_personal_columns(name: str) -> None:
    assert personal_by_name(name) is not None


@pytest.mark.parametrize(
    "name",
    [
        *("amount", "product_name", "shipping", "sexton", "tripadvisor", "nominal", "channel", "region", "company"),
        *("emission", "balance", "telling", "horse_race_bets_x", "panel", "customer_id", "birds"),
    ],
)
def test_names_of_other_columns(name: str) -> None:
    assert personal_by_name(name) is None


@pytest.mark.parametrize(
    "name, article",
    [
        ("gender", "15 U.S.C. 1691"),
        ("Geslacht", "15 U.S.C. 1691"),
        ("SEX", "15 U.S.C. 1691"),
        ("ethnicity", "GDPR art. 9, 15 U.S.C. 1691"),
        ("religion", "GDPR art. 9, 15 U.S.C. 1691"),
        ("nationaliteit", "15 U.S.C. 1691"),
        ("marital_status", "15 U.S.C. 1691"),
        ("Familienstand", "15 U.S.C. 1691"),
        ("date_of_birth", "15 U.S.C. 1691"),
        ("geboortedatum", "15 U.S.C. 1691"),
        ("disability", "GDPR art. 9"),
        ("trade_union", "GDPR art. 9"),
    ],
)
def test_names_of_protected_columns(name: str, article: str) -> None:
    found = protected_by_name(name)
    assert found is not None
    assert found[1] == article


@pytest.mark.parametrize("name", ["sextant", "trace", "gendarme", "middlesex_branch", "tracer", "age_band"])
def test_names_that_only_look_protected(name: str) -> None:
    assert protected_by_name(name) is None


def test_short_words_stand_alone_and_long_ones_in_compounds() -> None:
    assert tells("customer_id", {"id"})
    assert not tells("paid", {"id"})
    assert tells("geboortedatum", {"datum"})
    assert not tells("stratum", {"rat"})


# -- check digits, from the standards' own examples ------------------------------------------------------------------


def test_a_bank_account_number_has_the_right_check_digits() -> None:
    assert texts.is_iban("GB82 WEST 1234 5698 7654 32")
    assert texts.is_iban("NL91ABNA0417164300")
    assert not texts.is_iban("NL92ABNA0417164300")


def test_a_dutch_number_passes_the_eleven_test() -> None:
    # 1·9 + 1·8 + 1·7 + 2·6 + 2·5 + 2·4 + 3·3 + 3·2 - 3 = 66 = 6 × 11
    assert texts.is_bsn("111222333")
    assert not texts.is_bsn("111222334")
    assert not texts.is_bsn("000000000")


def test_a_card_number_passes_luhns_formula() -> None:
    assert texts.is_card("4111 1111 1111 1111")
    assert not texts.is_card("4111 1111 1111 1112")


def bsn(number: int) -> str:
    """The number of nine digits that passes the eleven-test and starts with eight given ones, if there is one."""
    return next((text for last in range(10) if texts.is_bsn(text := f"{number}{last}")), "")


# -- in a project ----------------------------------------------------------------------------------------------------


def test_what_the_values_look_like_counts_where_the_name_does_not_tell(tmp_path: Path) -> None:
    numbers = [found for number in range(12345670, 12345800) if (found := bsn(number))][:60]
    lines = [
        f"{at},a{at}@example.com,{numbers[at]},+31 6 1234 {at:04},10.0.0.{at},{1000 + at} AB,{at * 3}"
        for at in range(60)
    ]
    file = tmp_path / "people.csv"
    file.write_text("\n".join(["id,contact,x2,x3,x4,x5,orders", *lines]) + "\n", encoding="utf-8")
    begun = begin(tmp_path / "project", file)
    fields = begun.fields("people")
    assert {name for name, field in fields.items() if field.personal} == {"contact", "x2", "x3", "x4", "x5"}
    assert "100% of the values look like an e-mail address" in begun.said("people", "contact")
    assert "look like a national number" in begun.said("people", "x2")


def test_the_first_segmentation_reads_nothing_personal_or_protected(tmp_path: Path) -> None:
    names = "id,gender,birth_date,religion,email,latitude,age,balance,channel"
    lines = [
        f"{at},{'FMX'[at % 3]},19{50 + at % 40}-01-01,{'abc'[at % 3]},p{at}@x.org,5{at % 3}.{at},{at},{at * 11},web"
        for at in range(20, 90)
    ]
    file = tmp_path / "people.csv"
    file.write_text("\n".join([names, *lines]) + "\n", encoding="utf-8")
    begun = begin(tmp_path / "project", file)
    fields = begun.fields("people")
    assert {name for name, field in fields.items() if field.protected} == {"gender", "birth_date", "religion"}
    assert {name for name, field in fields.items() if field.personal} == {"birth_date", "email", "latitude"}
    rules = begun.started.files["segments.seg"]
    assert "balance" in rules
    for name in ("gender", "birth_date", "religion", "email", "latitude", "age"):
        assert name not in rules.replace("average", "").replace("Average", "")


def test_few_addresses_are_no_closed_list(tmp_path: Path) -> None:
    lines = [f"{at},p{at % 3}@secret.org,Ann{at % 3}" for at in range(60)]
    file = tmp_path / "people.csv"
    file.write_text("\n".join(["id,handled_by,name", *lines]) + "\n", encoding="utf-8")
    begun = begin(tmp_path / "project", file)
    assert {name for name, field in begun.fields("people").items() if field.personal} == {"handled_by", "name"}
    assert "secret" not in "".join(begun.started.files.values())
    assert "Ann" not in "".join(begun.started.files.values())


def test_no_value_of_a_personal_or_protected_field_is_told(tmp_path: Path) -> None:
    lines = [f"{at},p{at}@secret.org,{1950 + at % 40}-03-0{1 + at % 9},5{at % 3}.12345" for at in range(60)]
    file = tmp_path / "people.csv"
    file.write_text("\n".join(["id,email,birth_date,latitude", *lines]) + "\n", encoding="utf-8")
    begun = begin(tmp_path / "project", file)
    written = "\n".join(begun.started.files.values())
    assert "secret" not in written
    assert "1950" not in written
    assert "12345" not in written
