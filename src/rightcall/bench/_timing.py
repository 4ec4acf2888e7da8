"""How long something takes."""

import time
from collections.abc import Callable, Sequence


def seconds_of(deed: Callable[[], object]) -> float:
    began = time.perf_counter()
    deed()
    return time.perf_counter() - began


def percentile_ms(seconds: Sequence[float], percent: int) -> float:
    """The one below which so many of a hundred lie."""
    ordered = sorted(seconds)
    return round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] * 1000, 2)
