"""Decisions of a scan that need nothing but figures: how long it will take, what a sample says, and whether it says anything."""

import math
from collections.abc import Callable, Mapping

from rightcall.discovery.scans.model import Estimate, ObjectState, Progress, Unit

CONFIDENCE = 0.95
MOST_TAKES = 3
LEAST_SAMPLE = 30
"""Objects that a sample has at least, where there are so many: fewer say next to nothing."""
LEAST_SHARE = 0.05
_STEPS, _MOST_TERMS, _TINY = 60, 10_000, 1e-14


def seconds_left(progress: Progress) -> float | None:
    """By bytes where the source tells sizes, else by objects, from the time that reading them took. What was read of an object
    that is being read counts, up to its size; where that is more than its size, as of what is packed, sizes say nothing. None
    until a share was read that says something: a small object takes its time too, and nothing can be told of great ones by
    that; and none while nobody reads, as where other scans come first: nobody knows for how long."""
    done, taken, left = progress.of(ObjectState.READ), progress.of(ObjectState.TAKEN), progress.left
    if left.objects == 0:
        return 0.0
    if taken.objects == 0:
        return None
    is_larger = taken.bytes > taken.size > 0
    if is_larger and left.objects == taken.objects:
        return None
    seconds, begun, has_sizes = done.seconds, 0, left.size > 0 and not is_larger
    if has_sizes:
        seconds, begun = seconds + taken.seconds, min(taken.bytes, taken.size)
    of_done, of_left = (done.size + begun, left.size - begun) if has_sizes else (done.objects, left.objects)
    if of_done < LEAST_SHARE * (of_done + of_left) or of_done == 0 or seconds <= 0:
        return None
    return seconds * of_left / of_done / taken.objects


def sample_size(objects: int, share: float) -> int:
    return min(objects, max(math.ceil(share * objects), LEAST_SAMPLE))


def says_nothing(progress: Progress) -> str | None:
    """Why the scan as a whole is no answer; None where it is one. That nothing was found counts only where something was read."""
    if progress.of(ObjectState.READ).bytes or progress.of(ObjectState.UNCHANGED).objects:
        return None
    skipped = progress.of(ObjectState.SKIPPED).objects
    if skipped == 0:
        return "There is nothing in this system. Check its address and the rights of its account, then scan again."
    reasons = ", ".join(f"{number} {reason}" for reason, number in sorted(progress.skipped.items()))
    return f"Of {skipped} objects none could be read ({reasons}). See to their rights or formats, then scan again."


def estimates(of: Unit, looked_at: int, with_it: Mapping[str, int]) -> list[Estimate]:
    """For each type, what so many of those that were looked at say of all."""
    found = []
    for type, number in with_it.items():
        least, most = interval(number, looked_at)
        found.append(Estimate(of=of, type=type, looked_at=looked_at, with_it=number, least=least, most=most))
    return found


def interval(hits: int, tries: int) -> tuple[float, float]:
    """Clopper and Pearson's exact interval for a share (Biometrika 26, 1934): never less sure than `CONFIDENCE`."""
    if tries <= 0 or not 0 <= hits <= tries:
        raise ValueError("hits of tries, and at least one try")
    tail = (1 - CONFIDENCE) / 2
    least = 0.0 if hits == 0 else _solved(lambda share: 1 - _at_most(hits - 1, tries, share), tail, rising=True)
    most = 1.0 if hits == tries else _solved(lambda share: _at_most(hits, tries, share), tail, rising=False)
    return least, most


def _at_most(hits: int, tries: int, share: float) -> float:
    """The chance of no more than so many hits."""
    return 1.0 if hits >= tries else _beta(1 - share, tries - hits, hits + 1)


def _beta(x: float, a: float, b: float) -> float:
    """The regularized incomplete beta function, by its continued fraction (DLMF 8.17.22)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(1 - x, b, a)
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(log_front) / (a * _fraction(x, a, b))


def _fraction(x: float, a: float, b: float) -> float:
    """1 + d1/(1 + d2/(1 + …, from the front (Lentz), until it stands."""
    value = top = 1.0
    bottom = 0.0
    for number in range(1, _MOST_TERMS):
        half = number // 2
        if number % 2:
            term = -(a + half) * (a + b + half) * x / ((a + 2 * half) * (a + 2 * half + 1))
        else:
            term = half * (b - half) * x / ((a + 2 * half - 1) * (a + 2 * half))
        bottom = 1 / ((1 + term * bottom) or _TINY)
        top = (1 + term / top) or _TINY
        value *= top * bottom
        if abs(top * bottom - 1) < _TINY:
            break
    return value


def _solved(chance: Callable[[float], float], wanted: float, *, rising: bool) -> float:
    """The share at which the chance is the one that is wanted."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if (chance(middle) < wanted) == rising:
            low = middle
        else:
            high = middle
    return (low + high) / 2
