"""Mistakes as people make them: each is reported with what was meant, and read on as if that stood there.

A function looks at the next tokens and the parser's stack. It reports, changes the tokens (and takes tokens that were
not made into anything yet off the stack), and says True; or it does nothing and says False. One that reports and says
False leaves the rest of the construct to be skipped.
"""

from __future__ import annotations

from collections.abc import Callable

from ..lexer import KEYWORDS, UNITS
from ..parsing import Parsing
from .habits import (
    mend_ago,
    mend_and_first,
    mend_and_unless,
    mend_between_brackets,
    mend_between_dash,
    mend_count_distinct,
    mend_like,
    mend_older,
    mend_out_of_place,
    mend_percent_word,
    mend_sum_without_from,
    mend_the,
    mend_title_first,
    mend_title_late,
    mend_top_number,
    mend_within,
    mend_word_order,
    mend_yes_or_no,
)
from .lines import (
    mend_any_cell,
    mend_comma_for_and,
    mend_dash_range,
    mend_dash_range_of_bin,
    mend_given,
    mend_line_mark,
    mend_points,
    mend_segment_sign,
    mend_segment_word,
    mend_two_in_a_cell,
)
from .lists import mend_comma, mend_comma_in_number
from .measures import (
    mend_and_between_horizons,
    mend_argument,
    mend_argument_sign,
    mend_measure_name,
    mend_missing_comma,
)
from .missing import (
    mend_function,
    mend_incomplete_table,
    mend_missing_keyword,
    mend_missing_keyword_after_cells,
    mend_missing_name,
    mend_missing_table,
    mend_missing_text,
    mend_missing_when,
    mend_missing_window,
    mend_name_of_several_words,
    mend_parenthesis,
    mend_small_word,
    mend_unquoted_path,
)
from .operators import (
    NULLS,
    mend_chained_comparison,
    mend_in_list,
    mend_list_without_parentheses,
    mend_missing_left_side,
    mend_null,
    mend_one_of,
    mend_phrase,
    mend_sign,
)
from .words import (
    mend_capitals,
    mend_case,
    mend_doubled,
    mend_duration,
    mend_junk,
    mend_misspelt,
    mend_other_keyword,
    mend_range,
    mend_type,
)

Mend = Callable[[Parsing], bool]

# In the order in which they are tried where the next token does not fit.
_WHERE_NOTHING_FITS: tuple[Mend, ...] = (
    mend_doubled,
    mend_capitals,
    mend_measure_name,
    mend_argument_sign,
    mend_missing_comma,
    mend_argument,
    mend_and_between_horizons,
    mend_out_of_place,
    mend_comma,
    mend_unquoted_path,
    mend_title_first,
    mend_title_late,
    mend_missing_text,
    mend_missing_name,
    mend_missing_table,
    mend_missing_keyword,
    mend_missing_keyword_after_cells,
    mend_line_mark,
    mend_any_cell,
    mend_two_in_a_cell,
    mend_dash_range,
    mend_dash_range_of_bin,
    mend_points,
    mend_segment_sign,
    mend_segment_word,
    mend_sign,
    mend_like,
    mend_percent_word,
    mend_top_number,
    mend_between_dash,
    mend_between_brackets,
    mend_within,
    mend_older,
    mend_the,
    mend_yes_or_no,
    mend_ago,
    mend_and_unless,
    mend_sum_without_from,
    mend_word_order,
    mend_null,
    mend_in_list,
    mend_one_of,
    mend_list_without_parentheses,
    mend_phrase,
    mend_missing_window,
    mend_chained_comparison,
    mend_missing_left_side,
    mend_duration,
    mend_count_distinct,
    mend_function,
    mend_case,
    mend_type,
    mend_range,
    mend_other_keyword,
    mend_missing_when,
    mend_misspelt,
    mend_incomplete_table,
    mend_name_of_several_words,
    mend_parenthesis,
    mend_junk,
    mend_given,
    mend_comma_for_and,
    mend_small_word,
)

# Where the next word would be read as a name although something else was meant.
_WHERE_A_NAME_FITS: tuple[Mend, ...] = (
    mend_and_unless,
    mend_and_first,
    mend_count_distinct,
    mend_yes_or_no,
    mend_missing_table,
    mend_missing_name,
    mend_capitals,
    mend_null,
    mend_phrase,
    mend_in_list,
    mend_missing_left_side,
    mend_comma,
    mend_two_in_a_cell,
)

SUSPICIOUS = {
    *KEYWORDS,
    *NULLS,
    *UNITS,
    *("true", "false", "greater", "more", "larger", "higher", "less", "fewer", "smaller", "equal"),
}
"""Words that are looked at twice before they are taken for names."""

MOST_MENDS_IN_A_PLACE = 3


def mend(p: Parsing, kind: str, accepted: bool) -> bool:
    """Mend what comes next, if it is one of the mistakes known here; whether the parser can go on with new tokens."""
    place = p.token().start
    if p.at < p.put_in_until or p.mended_at.get(place, 0) >= MOST_MENDS_IN_A_PLACE:
        return False
    if accepted and kind == ",":
        mends: tuple[Mend, ...] = (mend_comma,)
    elif accepted and kind == "in":
        mends = (mend_in_list,)
    elif accepted and kind != "NAME":
        mends = (mend_comma_in_number,)
    elif accepted:
        mends = _WHERE_A_NAME_FITS
    else:
        mends = _WHERE_NOTHING_FITS
    found = len(p.build.problems.found)
    for one in mends:
        if one(p):
            p.mended_at[place] = p.mended_at.get(place, 0) + 1
            return True
        if len(p.build.problems.found) > found:
            return False
    return False
