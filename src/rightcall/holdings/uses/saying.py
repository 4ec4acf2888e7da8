"""Who looked at a person, in words for people."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from rightcall.actors import Role
from rightcall.holdings import saying
from rightcall.holdings.uses.model import PLACE_FIELD

_MOST = 10


def moment(at: datetime) -> str:
    """25 Nov 2026 14:02"""
    return f"{saying.day(at)} {at:%H:%M}"


def look(*, at: datetime, role: Role, by: UUID, purpose: str, fields: Sequence[str], refused: bool) -> str:
    """25 Nov 2026 14:02 by the DPO 01a1… for care: where things lie"""
    what = "where things lie" if PLACE_FIELD.text in fields else ", ".join(fields) or "the person"
    return f"{moment(at)} by {saying.ROLES[role]} {by} for {purpose}: {what}{', refused' if refused else ''}"


def often(number: int) -> str:
    """once, 12 times"""
    return "once" if number == 1 else f"{number:,} times"


def newest(looks: Sequence[str]) -> list[str]:
    """The first few of them, and how many there are besides."""
    more = len(looks) - _MOST
    before = [f"and {often(more)} before"] if more > 0 else []
    return [*looks[:_MOST], *before]
