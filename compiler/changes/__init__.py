"""What changed between two checked programs."""

from .changes import changes_between
from .matching import renames_between
from .records import Change, Changes, ClausePair, Renames
from .renaming import in_new_words
from .texts import text_changes

__all__ = [
    "Change",
    "Changes",
    "ClausePair",
    "Renames",
    "changes_between",
    "in_new_words",
    "renames_between",
    "text_changes",
]
