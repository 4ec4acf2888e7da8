"""Who looked at a person, in words for people."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from rightcall.actors import Role
from rightcall.holdings import saying
from rightcall.holdings.uses.model import PLACE_FIELD, UseAct

_MOST = 10
DONE: Mapping[UseAct, str] = {
    UseAct.READ: "read",
    UseAct.PLAY: "listened to",
    UseAct.EXPORT: "handed out as a file",
    UseAct.PLAY_HELD: "listened to, by a hold",
    UseAct.TRANSCRIBE: "written down from sound",
    UseAct.ANALYSE: "analysed",
    UseAct.TRAIN_MODEL: "used to train a model",
    UseAct.SHARE: "passed on",
    UseAct.CAPTURE: "recorded",
    UseAct.ERASE: "erased",
}


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
