"""The words that columns are called by, in English, Dutch, German and French, and what they tell.

Words of four letters and fewer must stand on their own in a name; longer ones may be part of a longer word, as Dutch
and German compound them (`geboortedatum`, `Kundennummer`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

Words = frozenset[str]

SHORT = 4

KEY: Words = frozenset(
    {"id", "key", "nr", "no", "num", "number", "code", "uuid", "guid", "nummer", "numero", "sleutel"}
)
SHARE: Words = frozenset(
    {"pct", "perc", "percent", "percentage", "rate", "ratio", "share", "util", "utilisation", "utilization", "prob"}
    | {"probability", "pd", "lgd", "ltv", "dti", "apr", "margin", "yield", "discount", "prozent", "anteil", "quote"}
    | {"aandeel", "kans", "korting", "taux", "wahrscheinlichkeit", "debt_to_income", "loan_to_value", "interest_rate"}
)
MONEY: Words = frozenset(
    {
        "amount",
        "amt",
        "balance",
        "income",
        "salary",
        "wage",
        "price",
        "cost",
        "costs",
        "fee",
        "fees",
        "revenue",
        "sales",
    }
    | {"spend", "spent", "payment", "paid", "principal", "debt", "loan", "credit_limit", "limit", "premium", "turnover"}
    | {"value", "clv", "ltv_eur", "eur", "usd", "gbp", "chf", "money", "cash", "deposit", "saving", "savings", "charge"}
    | {"bedrag", "saldo", "inkomen", "salaris", "prijs", "kosten", "omzet", "premie", "schuld", "waarde", "betaald"}
    | {"betrag", "einkommen", "gehalt", "preis", "umsatz", "kontostand", "schulden", "wert", "guthaben", "beitrag"}
    | {"montant", "solde", "revenu", "salaire", "prix", "prime", "valeur", "instalment", "installment", "termijn"}
)
NO_MONEY: Words = frozenset(
    {"count", "number", "num", "nr", "no", "days", "months", "years", "aantal", "anzahl", "term", "code", "id", "type"}
    | {"score", "rank", "grade", "flag", "status", "kind", "class", "category", "rate", "accounts", "lines", "dagen"}
    | {"maanden", "opportunities", "purpose", "title", "date", "month", "day", "year", "on", "at", "total_accounts"}
)
DATE: Words = frozenset(
    {"date", "on", "at", "time", "timestamp", "day", "month", "datum", "tijd", "tijdstip", "dag", "zeit", "tag"}
    | {"jour", "heure", "dt", "since", "sinds", "moment", "dob"}
)
FLAG: Words = frozenset(
    {"is", "has", "was", "flag", "ind", "indicator", "active", "churn", "churned", "default", "defaulted", "consent"}
    | {"opt_in", "optin", "bought", "subscribed", "enabled", "actief", "toestemming", "heeft", "aktiv", "hat", "ist"}
    | {"einwilligung", "est", "actif", "consentement", "plan", "do_not_call", "do_not_mail", "deleted", "verified"}
)
CONSENT: Words = frozenset({"consent", "opt_in", "optin", "toestemming", "einwilligung", "consentement"})
BAD: Words = frozenset(
    {"default", "defaulted", "charged_off", "chargeoff", "written_off", "write_off", "late", "arrears", "overdue"}
    | {"past_due", "delinquent", "bad", "churn", "churned", "lapsed", "cancelled", "canceled", "fraud", "lost"}
    | {"wanbetaling", "achterstand", "opgezegd", "oninbaar", "ausfall", "verzug", "gekundigt", "defaut", "resilie"}
)
HAPPENED: Words = BAD | frozenset(
    {"purchase", "purchased", "bought", "converted", "conversion", "response", "responded", "subscribed", "target"}
    | {"outcome", "renewed", "repaid", "gekocht", "aankoop", "verlengd", "gekauft", "achete", "label"}
)
"""How things turned out, by the words of names and values; `BAD` of these is what nobody wants."""
STATUS: Words = frozenset({"status", "state", "standing", "result", "stage", "zustand", "statut", "toestand"})
AGE: Words = frozenset({"age", "leeftijd", "alter"})
SCORE: Words = frozenset({"score", "fico", "rating"})
RANKS_HIGH: Words = frozenset(
    {
        "balance",
        "income",
        "score",
        "revenue",
        "spend",
        "spent",
        "value",
        "clv",
        "turnover",
        "utilisation",
        "utilization",
    }
    | {"debt", "saldo", "inkomen", "omzet", "waarde", "einkommen", "umsatz", "revenu", "solde", "tenure", "amount"}
    | {"debt_to_income", "premium", "premie", "limit", "sales", "bedrag", "salary", "probability"}
)
EVENTS: Words = frozenset(
    {"payment", "transaction", "order", "purchase", "login", "logon", "contact", "visit", "call", "event", "claim"}
    | {"pull", "survey", "booking", "click", "session", "complaint", "instalment", "installment", "invoice", "log"}
    | {
        "history",
        "ticket",
        "betaling",
        "transactie",
        "bestelling",
        "aankoop",
        "bezoek",
        "boeking",
        "klacht",
        "storting",
    }
    | {"zahlung", "bestellung", "kauf", "besuch", "buchung", "paiement", "commande", "achat", "visite", "factuur"}
)
THINGS: Words = frozenset(
    {"account", "loan", "contract", "policy", "policies", "product", "card", "mortgage", "subscription", "address"}
    | {"rekening", "lening", "polis", "hypotheek", "abonnement", "konto", "kredit", "vertrag", "compte", "contrat"}
)

PERSONAL: dict[str, Words] = {
    "an e-mail address": frozenset({"email", "mail_address", "mailadres", "e_mail", "courriel"}),
    "a phone number": frozenset(
        {"phone", "telephone", "mobile", "msisdn", "fax", "telefoon", "mobiel", "telefon", "handy", "tel", "gsm"}
        | {"phone_number", "telefoonnummer"}
    ),
    "a bank account number": frozenset(
        {"iban", "bankrekening", "rekeningnummer", "bank_account", "kontonummer", "bic"}
    ),
    "a card number": frozenset({"card_number", "kaartnummer", "kartennummer", "pan"}),
    "a national number": frozenset(
        {"bsn", "sofi", "sofinummer", "ssn", "social_security", "national_id", "nino", "rijksregister", "nir"}
        | {"steuernummer", "sozialversicherung", "burgerservicenummer", "tax_id", "tin"}
    ),
    "a passport or licence number": frozenset({"passport", "paspoort", "reisepass", "passeport", "rijbewijs"}),
    "a name of a person": frozenset(
        {"first_name", "last_name", "firstname", "lastname", "surname", "full_name", "fullname", "forename", "initials"}
        | {
            "given_name",
            "family_name",
            "middle_name",
            "maiden_name",
            "customer_name",
            "client_name",
            "naam",
            "achternaam",
        }
        | {"voornaam", "voorletters", "tussenvoegsel", "klantnaam", "vorname", "nachname", "familienname", "nom"}
        | {"prenom", "contact_name", "person_name", "borrower_name", "username", "user_name", "gebruikersnaam"}
    ),
    "an address": frozenset(
        {"address", "street", "house_number", "housenumber", "adres", "straat", "huisnummer", "strasse", "hausnummer"}
        | {"adresse", "rue", "straatnaam", "anschrift"}
    ),
    "a postcode": frozenset({"postcode", "postal_code", "zip", "zipcode", "zip_code", "plz", "postleitzahl"}),
    "a place on the map": frozenset({"latitude", "longitude", "lat", "lon", "lng", "gps"}),
    "an address on the internet": frozenset({"ip", "ip_address", "ipadres", "device_id", "cookie", "mac_address"}),
    "a birth date": frozenset({"birth", "dob", "geboorte", "geboortedatum", "geburt", "naissance", "birthday", "born"}),
}
"""What identifies a person (GDPR, art. 4(1)), by the words that columns for it are called by."""

ART_9 = "GDPR art. 9"
ECOA = "15 U.S.C. 1691"

PROTECTED: dict[str, tuple[Words, str]] = {
    "sex or gender": (
        frozenset({"gender", "sex", "geslacht", "geschlecht", "sexe", "sekse", "salutation", "aanhef", "anrede"}),
        ECOA,
    ),
    "ethnicity or race": (
        frozenset({"ethnicity", "ethnic", "race", "etniciteit", "ethnie", "skin_colour", "skin_color", "afkomst"}),
        f"{ART_9}, {ECOA}",
    ),
    "religion": (
        frozenset({"religion", "religious", "geloof", "godsdienst", "konfession", "church", "religie"}),
        f"{ART_9}, {ECOA}",
    ),
    "nationality or origin": (
        frozenset(
            {"nationality", "nationaliteit", "nationalite", "national_origin", "citizenship", "birth_country"}
            | {"country_of_birth", "geboorteland", "staatsangehorigkeit", "birthplace", "geboorteplaats"}
        ),
        ECOA,
    ),
    "marital status": (
        frozenset(
            {"marital", "marital_status", "civil_status", "burgerlijke_staat", "burgerlijkestaat", "familienstand"}
            | {"married", "gehuwd", "huwelijk", "etat_civil"}
        ),
        ECOA,
    ),
    "health or disability": (
        frozenset(
            {"disability", "disabled", "health", "diagnosis", "handicap", "gezondheid", "behinderung", "invalide"}
        ),
        ART_9,
    ),
    "political opinion": (frozenset({"political", "politics", "party_member", "politiek"}), ART_9),
    "trade union membership": (frozenset({"union_member", "trade_union", "vakbond", "gewerkschaft"}), ART_9),
    "sexual orientation": (frozenset({"orientation", "sexual_orientation", "geaardheid"}), ART_9),
    "a birth date, so an age": (
        frozenset({"birth_date", "birthdate", "date_of_birth", "dob", "geboortedatum", "geburtsdatum", "birthday"})
        | frozenset({"date_naissance", "birth_year", "year_of_birth", "geboortejaar", "geburtsjahr", "birth"}),
        ECOA,
    ),
    "public assistance": (frozenset({"public_assistance", "welfare", "bijstand", "sozialhilfe"}), ECOA),
}
"""What decides nothing: special categories of personal data, and what a creditor may not discriminate by. With each
where that stands."""

MISSING: Words = frozenset(
    {"", "n/a", "na", "#n/a", "n.a.", "null", "none", "nil", "nan", "-", "--", "---", "?", ".", "unk", "unknown"}
    | {
        "missing",
        "not available",
        "not applicable",
        "onbekend",
        "n.v.t.",
        "nvt",
        "unbekannt",
        "k.a.",
        "inconnu",
        "<na>",
    }
)
"""What stands in a column for no value, in lower case."""


@cache
def parts(name: str) -> tuple[str, ...]:
    """The words of a name in lower case, without accents: `CustomerID`, `customer_id` and `customer id` alike."""
    bare = "".join(sign for sign in unicodedata.normalize("NFD", name) if not unicodedata.combining(sign))
    apart = re.sub(r"([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])", r"\1\3 \2", bare)
    return tuple(word.lower() for word in re.split(r"[^0-9A-Za-z]+", apart) if word)


def tells(name: str, words: Iterable[str]) -> bool:
    """Whether a name holds one of the words: whole, or the longer ones inside a compound."""
    own = parts(name)
    joined = f"_{'_'.join(own)}_"
    return any(f"_{word}_" in joined or (len(word) > SHORT and _within(word, own)) for word in words)


def _within(word: str, own: tuple[str, ...]) -> bool:
    """Whether a long word begins or ends a longer one: `geboortedatum` tells of `geboorte` and `datum`."""
    return any((part.startswith(word) or part.endswith(word)) for part in own if len(part) > len(word))


def personal_by_name(name: str) -> str | None:
    """What a column of that name holds that identifies a person; None where the name does not tell."""
    return next((what for what, words in PERSONAL.items() if tells(name, words)), None)


def is_called_name(name: str) -> bool:
    """Whether a column is called just `name`: of whom or what does not show, so it is taken for a person's."""
    return name.casefold() in ("name", "names")


def protected_by_name(name: str) -> tuple[str, str] | None:
    """What a column of that name holds that may decide nothing, and where that stands; None where it does not tell."""
    return next(((what, where) for what, (words, where) in PROTECTED.items() if tells(name, words)), None)
