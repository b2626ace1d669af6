"""Groups that add up to a number that is known: which must be hidden."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from math import inf


def leeway(k: int) -> int:
    """By how many people each hidden count can be wrong, at least: the difference between the highest and the lowest
    value that fit what is published, for groups hidden below `k`.

    A sliding protection level (Fischetti and Salazar, Management Science 47(7), 2001: only the width of the interval
    counts). That a group is below k leaves k − 1 values; half of them must remain, since from 1 or from k − 1 there is
    no room on both sides."""
    return max(1, (k - 1) // 2)


def bounds(count: int, k: int) -> tuple[int, float]:
    """Between what a reader may take a hidden `count` to be who knows that it is nought, below k, or neither. Where k
    is 2 that would tell the count itself, so there the reader is taken to know no more than that it is not nought."""
    if count == 0:
        return 0, inf
    if k == 2:
        return 1, inf
    return (1, k - 1) if count < k else (k, inf)


def magnitude(count: int) -> int:
    """What is lost with a count: its power of two. Coarse, so that the choice of what to hide tells little."""
    return count.bit_length()


def hide_in_partition(counts: Sequence[int], also: AbstractSet[int], k: int) -> set[int]:
    """The places in `counts` to hide: those from 1 to k − 1, those of `also`, and as many more, the smallest first, as
    make those hidden at least two, k people or more, and each uncertain by `leeway(k)`. Where that cannot be had, all
    of them, noughts too; then a reader knows nothing but their sum, which must be at least k."""
    hidden = {place for place, count in enumerate(counts) if 0 < count < k} | also
    if not hidden:
        return hidden
    further = [place for place, count in enumerate(counts) if count and place not in hidden]
    further.sort(key=lambda place: (magnitude(counts[place]), place), reverse=True)
    while not _is_safe([counts[place] for place in hidden], k):
        if not further:
            return set(range(len(counts)))
        hidden.add(further.pop())
    return hidden


def _is_safe(hidden: Sequence[int], k: int) -> bool:
    """Counts with a known sum, each within its bounds: the interval of each is what the others leave it."""
    known = sum(hidden)
    if len(hidden) < 2 or known < k:
        return False
    room = [bounds(count, k) for count in hidden]
    return all(
        min(high, known - sum(low for low, _ in others)) - max(low, known - sum(high for _, high in others))
        >= leeway(k)
        for (low, high), others in ((one, room[:place] + room[place + 1 :]) for place, one in enumerate(room))
    )
