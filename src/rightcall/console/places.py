"""Where the console leads to: its rooms, and which addresses somebody may be sent on to."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rightcall.actors import Role
from rightcall.console.door import Inside
from rightcall.staff.model import Deed

HOME, DESK = "/console", "/desk"
_OTHERWISE = {Role.DPO: "DPO", Role.SUBJECT: "the person", Role.SYSTEM: "Rightcall"}
CALLED = {role: _OTHERWISE.get(role, role.value) for role in Role}
"""Roles as people say them."""

INSIDE = ("/console", "/desk")
"""Where whoever is not signed in is led to the door, and back again afterwards."""

_OURS = re.compile(r"/(?:console|desk)(?:/[A-Za-z0-9_.~-]+)*(?:\?[A-Za-z0-9_.~=&%-]*)?")


@dataclass(frozen=True, slots=True)
class Room:
    """Shown to whoever may do `deed`."""

    name: str
    place: str
    deed: Deed


ROOMS: Mapping[str, Sequence[Room]] = {
    "Now": (
        Room("The six questions", HOME, Deed.KEEP_ACCOUNT),
        Room("Calls", "/console/calls", Deed.SEE_CALLS),
        Room("Answers", "/console/answers", Deed.SEE_CALLS),
        Room("Agent desk", "/desk", Deed.PAUSE_CALL),
    ),
    "Why?": (
        Room("Purposes", "/console/purposes", Deed.SEE_PURPOSES),
        Room("Reviews", "/console/reviews", Deed.SEE_REVIEWS),
        Room("Notices", "/console/notices", Deed.SEE_PURPOSES),
        Room("Record of processing", "/console/record", Deed.SEE_ACTIVITIES),
    ),
    "What do we hold?": (
        Room("People", "/console/people", Deed.FIND_SUBJECT),
        Room("The data map", "/console/map", Deed.SEE_MAP),
        Room("Systems", "/console/systems", Deed.SEE_SYSTEMS),
        Room("Whose records wait", "/console/links", Deed.SEE_LINKS),
        Room("Who may be one person", "/console/joins", Deed.SEE_LINKS),
    ),
    "Is it stored safely?": (
        Room("Weaknesses", "/console/weaknesses", Deed.SEE_SAFETY),
        Room("Breaches", "/console/breaches", Deed.SEE_BREACHES),
        Room("Backups and drills", "/console/backups", Deed.SEE_PROCEDURES),
    ),
    "Do we need all of it?": (
        Room("What goes, and when", "/console/terms", Deed.SEE_MAP),
        Room("Holds", "/console/holds", Deed.SEE_HOLDINGS),
        Room("Erasures", "/console/erasures", Deed.SEE_REQUESTS),
        Room("Held or not, in writing", "/console/attestations", Deed.VOUCH),
    ),
    "Are we doing the right thing?": (
        Room("Requests", "/console/requests", Deed.SEE_REQUESTS),
        Room("Concerns", "/console/concerns", Deed.SEE_CONCERNS),
        Room("Overrides", "/console/overrides", Deed.SEE_OVERRIDES),
        Room("Parity", "/console/parity", Deed.SEE_PARITY),
        Room("Rules", "/console/rules", Deed.SEE_RULES),
    ),
    "Who did what": (
        Room("What was stopped", "/console/stops", Deed.SEE_USES),
        Room("Access log", "/console/uses", Deed.SEE_USES),
        Room("Ledger", "/console/ledger", Deed.SEE_LEDGER),
        Room("The system itself", "/console/system", Deed.SEE_PROCEDURES),
    ),
    "Who works here": (
        Room("Staff", "/console/staff", Deed.SEE_STAFF),
        Room("Your concerns", "/console/own-concerns", Deed.RAISE_CONCERN),
        Room("Your account", "/console/me", Deed.KEEP_ACCOUNT),
    ),
}
"""By what they answer. Words in English, as catalogues know them."""


def rooms_for(inside: Inside) -> dict[str, list[Room]]:
    """Those that this role may see, without a heading that leads nowhere."""
    shown = {heading: [room for room in rooms if inside.may(room.deed)] for heading, rooms in ROOMS.items()}
    return {heading: rooms for heading, rooms in shown.items() if rooms}


def first_page(role: Role) -> str:
    """Of whoever comes for the first time: an agent takes calls."""
    return DESK if role is Role.AGENT else HOME


def safe(then: str) -> str:
    """`then` where it is a page of the console, else the first one: nobody is sent elsewhere from here."""
    return then if len(then) <= 500 and _OURS.fullmatch(then) else HOME
