"""When an epoch is over."""

from datetime import datetime, timedelta


def epoch_is_due(begun_at: datetime, now: datetime, days: int) -> bool:
    """Whether a new epoch key should replace the present one."""
    return now - begun_at >= timedelta(days=days)
