"""Why a run stops on its data: the same kinds that hand-worked cases name."""

from __future__ import annotations


class DataError(Exception):
    """The data does not allow an answer; `kind` is how a `.case` file calls it."""

    kind = "data"


class TieError(DataError):
    """`first` or `latest` asks for rows that tie in time (and in the declared order) and differ."""

    kind = "tie"


class OverflowError_(DataError):
    """An integer beyond 64 bits, money beyond 18 digits, an exact sum beyond what its type holds."""

    kind = "overflow"


class DuplicateKey(DataError):
    """Two rows with one key, or two snapshots of a key at one time."""

    kind = "duplicate key"


class DuplicateRow(DataError):
    """A second row of an attached table for one row of its parent."""

    kind = "duplicate row"


class MissingValue(DataError):
    """Nothing in a field that is not optional."""

    kind = "missing value"


class WrongValue(DataError):
    """A value outside the domain, not on the list, or not of the type."""

    kind = "value"
