"""How long a visit lasts: in proportion to what lies open in it, on a telephone that somebody may put down. Pure."""

from datetime import datetime, timedelta

from rightcall.requests.visits.model import Visit

IDLE = timedelta(minutes=20)
LONGEST = timedelta(hours=1)
SEEN_EVERY = timedelta(minutes=1)
KEPT = timedelta(days=1)


def is_open(visit: Visit, now: datetime) -> bool:
    return visit.ended_at is None and now < visit.seen_at + IDLE and now < visit.begun_at + LONGEST


def is_worth_writing(visit: Visit, now: datetime) -> bool:
    """Whether it has been a while since it was written down that a page was asked for."""
    return now >= visit.seen_at + SEEN_EVERY
