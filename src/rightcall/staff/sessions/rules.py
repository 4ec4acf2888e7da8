"""When a session is over. Pure."""

from datetime import datetime, timedelta

from rightcall.staff.sessions.model import Limits, Session

KEPT = timedelta(days=90)
"""How long the log of who was signed in is kept."""
TOUCHED = timedelta(minutes=1)
"""What is seen within a minute of the last time is not written down again."""


def is_over(session: Session, limits: Limits, now: datetime) -> bool:
    """By being ended, by its own last instant, or by the limits as they are now: a limit made shorter counts at once."""
    if session.ended_at is not None or now >= session.expires_at:
        return True
    return now - session.signed_in_at >= limits.longest or now - session.seen_at >= limits.idle


def is_to_touch(session: Session, limits: Limits, now: datetime) -> bool:
    return now - session.seen_at >= min(TOUCHED, limits.idle / 4)
