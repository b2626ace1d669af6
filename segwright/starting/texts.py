"""What values written as text are: numbers, dates in some form, codes for missing, marks of a person."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from .words import MISSING

Counted = Sequence[tuple[str, int]]
"""Values with how often they occur, most frequent first."""

WHOLE = re.compile(r"[+-]?[0-9]+(\.0*)?")
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
LEADING_ZERO = re.compile(r"0[0-9]+")
COMMA = re.compile(r"[€$£]?\s*[+-]?[0-9]{1,3}((\.[0-9]{3})*|[0-9]*),[0-9]+\s*[€$£%]?")
DRESSED = re.compile(r"[€$£]?\s*[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]+)?\s*[€$£%]?")
"""Numbers with a comma for thousands, or with a sign of a currency or `%`."""
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]00:00(:00(\.0+)?)?)?")
MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?"
)

DATE_PATTERNS = (
    *("%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%m/%d/%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y-%m-%d"),
    *("%d-%m-%y", "%d/%m/%y", "%m/%d/%y", "%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d%b%Y"),
    *("%d-%b-%y", "%b-%Y", "%b %Y", "%B %Y", "%Y-%m", "%m/%Y", "%m-%Y"),
)
"""In the order of trust where several fit: the day first, as most of the world writes it."""

MOMENT_PATTERNS = (
    *("%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d.%m.%Y %H:%M:%S"),
    *("%d.%m.%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p"),
    *("%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"),
    *("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S%z", "%Y-%m-%d %H:%M:%S.%f"),
    *("%Y-%m-%dT%H:%M:%S.%f", "%Y%m%d %H:%M:%S", "%d-%b-%Y %H:%M:%S"),
)

MOST = 0.95
"""The share of values that must fit for a reading to be tried; whether all fit is then asked of the data."""


def missing_words(values: Counted) -> tuple[str, ...]:
    """The values that stand for none, as the column writes them."""
    return tuple(value for value, _ in values if value.strip().lower() in MISSING)


def without(values: Counted, codes: Sequence[str]) -> Counted:
    """The other values."""
    return [(value, count) for value, count in values if value not in codes]


def share(values: Counted, fits: Callable[[str], object]) -> float:
    """The share of rows whose value fits; 0 where there is none."""
    total = sum(count for _, count in values)
    return sum(count for value, count in values if fits(value)) / total if total else 0.0


def mostly(values: Counted, pattern: re.Pattern[str]) -> bool:
    """Whether nearly all values match."""
    return share(values, pattern.fullmatch) >= MOST


def patterns_of(values: Counted, patterns: Sequence[str]) -> tuple[str, ...]:
    """The patterns that nearly all values fit, in the order given."""
    first = [value for value, _ in values[:3]]
    tried = [pattern for pattern in patterns if any(moment(value, pattern) for value in first)]
    return tuple(each for each in tried if share(values, lambda value, each=each: moment(value, each)) >= MOST)


def moment(value: str, pattern: str) -> dt.datetime | None:
    """The time that a text in a pattern says; None where it does not fit."""
    try:
        return dt.datetime.strptime(value, pattern)
    except ValueError:
        return None


def numbers(values: Counted) -> list[tuple[Decimal, int]]:
    """The values that are finite numbers, with how often they occur."""
    return [(Decimal(value), count) for value, count in values if NUMBER.fullmatch(value)]


def places(found: Sequence[tuple[Decimal, int]]) -> int:
    """How many decimals the numbers have at most, dust below a millionth left out; 7 for more than six."""
    return max((_places(number) for number, _ in found), default=0)


def _places(number: Decimal) -> int:
    for count in range(7):
        if abs(number - round(number, count)) <= Decimal("0.000001"):
            return count
    return 7


# -- codes for missing -------------------------------------------------------------------------------------------------

_CODE = re.compile(r"-[19]|-?99+|0")
FEW_CODES = 3
NEAR, PEAK = 20, 5
"""How many values next to a code it is compared with, and how many times as often as the middle one of them it occurs,
where it does not lie far away."""


def far_codes(found: Sequence[tuple[Decimal, int]]) -> tuple[int, ...]:
    """Numbers such as 999 and -1 that many rows share and that lie outside all others, so that they are likely to stand
    for no value. 0 has to lie far below the others, -1, -9, -99 … below none that is negative; 99, 999, … further above
    them than they lie apart, or, with three digits and more, be a peak of its own beyond a gap."""
    left = sorted(found)
    total = sum(count for _, count in left)
    codes: list[int] = []
    while len(left) > FEW_CODES and len(codes) < FEW_CODES:
        code = next((each for each in (left[-1], left[0]) if _is_far(each, left, total)), None)
        if code is None:
            break
        codes.append(int(code[0]))
        left.remove(code)
    return tuple(sorted(codes))


def _is_far(each: tuple[Decimal, int], found: Sequence[tuple[Decimal, int]], total: int) -> bool:
    number, count = each
    if number != int(number) or not _CODE.fullmatch(str(int(number))) or count < max(2, total // 1000):
        return False
    others = [other for other, _ in found if other != number]
    low, high = others[0], others[-1]
    if number < low:
        if number < 0:
            return all(other >= 0 or _CODE.fullmatch(str(other)) for other in others)
        return low >= 20 and low * 2 >= high - low
    if number - high > max(high - low, Decimal(10)) and number > 2 * abs(high):
        return True
    near = sorted(other for value, other in found[-NEAR - 1 :] if value != number)
    is_peak = len(near) == NEAR and count >= PEAK * near[NEAR // 2]
    return is_peak and number >= 999 and number - high > max((high - low) / 10, Decimal(10))


# -- marks of a person -------------------------------------------------------------------------------------------------

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
PHONE = re.compile(r"(\+|00|0)[0-9][0-9 ()./-]{6,16}[0-9]")
DUTCH_POSTCODE = re.compile(r"[1-9][0-9]{3} ?[A-Z]{2}")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_IP = re.compile(r"([0-9]{1,3}\.){3}[0-9]{1,3}")
ENOUGH = 0.8
"""The share of values that must carry a mark."""
LEAST = 5
"""Different values that must be there, before what they look like tells anything, unless one tells for sure."""


def is_iban(value: str) -> bool:
    """Whether a text is a bank account number whose check digits are right (ISO 13616: mod 97 of ISO 7064 is 1)."""
    bare = value.replace(" ", "")
    if not _IBAN.fullmatch(bare):
        return False
    digits = "".join(str(int(sign, 36)) for sign in bare[4:] + bare[:4])
    return int(digits) % 97 == 1


def is_bsn(value: str) -> bool:
    """Whether nine digits pass the eleven-test of Dutch citizen service numbers: the sum of the digits with weights
    9, 8, … 2, -1 is a multiple of eleven."""
    digits = value.removesuffix(".0")
    if not re.fullmatch(r"[0-9]{8,9}", digits) or int(digits) == 0:
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(int(digit) * weight for digit, weight in zip(digits.zfill(9), weights, strict=True)) % 11 == 0


def is_card(value: str) -> bool:
    """Whether a text is the number of a payment card whose check digit is right (ISO/IEC 7812: Luhn's formula)."""
    digits = re.sub(r"[ -]", "", value)
    if not re.fullmatch(r"[3-6][0-9]{12,18}", digits):
        return False
    doubled = [int(digit) * (2 if at % 2 else 1) for at, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def _is_phone(value: str) -> bool:
    return PHONE.fullmatch(value) is not None and 9 <= sum(sign.isdigit() for sign in value) <= 15


MARKS: tuple[tuple[str, float, int, Callable[[str], object]], ...] = (
    ("an e-mail address", ENOUGH, 1, EMAIL.fullmatch),
    ("a bank account number", ENOUGH, 1, is_iban),
    ("a card number", ENOUGH, LEAST, is_card),
    ("an address on the internet", ENOUGH, LEAST, _IP.fullmatch),
    ("a postcode", ENOUGH, LEAST, DUTCH_POSTCODE.fullmatch),
    ("a national number", 1.0, 2 * LEAST, is_bsn),
    ("a phone number", ENOUGH, LEAST, _is_phone),
)
"""What values look like, the share of rows that must, how many different ones it takes, and how it is told. Chance
makes one number of nine digits in eleven pass the eleven-test, so all of them must."""


def personal_by_values(values: Counted) -> tuple[str, float] | None:
    """What identifies a person among the values, and the share that looks so; None where too few tell."""
    for what, enough, least, looks in MARKS:
        if len(values) >= least:
            found = share(values, looks)
            if found >= enough:
                return what, found
    return None
