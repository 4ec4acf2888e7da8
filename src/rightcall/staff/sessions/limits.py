"""How long sessions of this deployment last."""

from datetime import timedelta

from rightcall.settings import Settings
from rightcall.staff.sessions.model import Limits


def limits_of(settings: Settings) -> Limits:
    return Limits(
        idle=timedelta(minutes=settings.session_idle_minutes),
        longest=timedelta(hours=settings.session_hours),
    )
