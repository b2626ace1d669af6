"""How a query tells that arithmetic overflowed."""

from __future__ import annotations

import re

_OVERFLOW = re.compile(
    r"Overflow in |is out of range|out of range for the destination type|Could not cast value \S+ to DECIMAL"
)


def is_overflow(message: str) -> bool:
    """Whether the message of a DuckDB error says that a value does not fit in 64 bits, in 18 digits of money, or an
    exact sum in 128 bits: `OutOfRangeException` and `ConversionException` of a query of this package."""
    return _OVERFLOW.search(message) is not None
