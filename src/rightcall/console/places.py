"""Where the console leads to: its rooms, and which addresses somebody may be sent on to."""

import re
from dataclasses import dataclass

from rightcall.actors import Role
from rightcall.console.door import Inside
from rightcall.staff.model import Deed

HOME = "/console"
CALLED = {role: "DPO" if role is Role.DPO else role.value for role in Role}
"""Roles as people say them."""

_OURS = re.compile(r"/console(?:/[A-Za-z0-9_.~-]+)*(?:\?[A-Za-z0-9_.~=&%-]*)?")


@dataclass(frozen=True, slots=True)
class Room:
    """Shown to whoever may do `deed`."""

    name: str
    place: str
    deed: Deed


ROOMS = (
    Room("Staff", "/console/staff", Deed.SEE_STAFF),
    Room("Your account", "/console/me", Deed.KEEP_ACCOUNT),
)


def rooms_for(inside: Inside) -> list[Room]:
    return [room for room in ROOMS if inside.may(room.deed)]


def safe(then: str) -> str:
    """`then` where it is a page of the console, else the first one: nobody is sent elsewhere from here."""
    return then if len(then) <= 500 and _OURS.fullmatch(then) else HOME
