"""Sentences of ours that name a command, as the console says them: with the room in which the same is done."""

import re
from collections.abc import Mapping

from markupsafe import Markup, escape

from rightcall.console.places import ROOMS
from rightcall.design.tongues import Tongue

PLACES: Mapping[str, str] = {
    "activities": "/console/record",
    "backups": "/console/backups",
    "breach": "/console/breaches",
    "concern": "/console/concerns",
    "erasure": "/console/erasures",
    "held": "/console/people",
    "hold": "/console/holds",
    "joins": "/console/joins",
    "links": "/console/links",
    "notice": "/console/notices",
    "override": "/console/overrides",
    "procedures": "/console/system",
    "register": "/console/purposes",
    "requests": "/console/requests",
    "review": "/console/reviews",
    "rules": "/console/rules",
    "safety": "/console/weaknesses",
    "staff": "/console/staff",
    "system": "/console/systems",
    "terms": "/console/terms",
    "token": "/console/staff",
}
"""By a command's first word. What is not here is done by command alone, and is shown as one."""
_NAMES = {room.place: room.name for rooms in ROOMS.values() for room in rooms}
_COMMAND = re.compile(r"`(rightcall (\w+)[^`]*)`")


def steered(tongue: Tongue, sentence: str) -> Markup:
    """Everything else in it is escaped."""
    said, end = Markup(), 0
    for found in _COMMAND.finditer(sentence):
        said += escape(sentence[end : found.start()]) + _way(tongue, found[1], found[2])
        end = found.end()
    return said + escape(sentence[end:])


def _way(tongue: Tongue, command: str, room: str) -> Markup:
    place = PLACES.get(room)
    if place is None:
        return Markup("<code>{}</code>").format(command)
    return Markup('<a href="{}">{}</a>').format(place, tongue.words.gettext(_NAMES[place]))
