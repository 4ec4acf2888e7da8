"""Sentences of ours that name a command, as the console says them: with the room in which the same is done. Whoever may not go
there is told its name, and that it is for others."""

import re
from collections.abc import Mapping

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from rightcall.console.door import Inside
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
_ROOMS = {room.place: room for rooms in ROOMS.values() for room in rooms}
_COMMAND = re.compile(r"`(rightcall (\w+)[^`]*)`")


@pass_context
def steered(context: Context, sentence: str) -> Markup:
    """Everything else in it is escaped."""
    inside, said, end = context.get("inside"), Markup(), 0
    for found in _COMMAND.finditer(sentence):
        said += escape(sentence[end : found.start()]) + _way(context["tongue"], inside, found[1], found[2])
        end = found.end()
    return said + escape(sentence[end:])


def _way(tongue: Tongue, inside: Inside | None, command: str, word: str) -> Markup:
    room = _ROOMS.get(PLACES.get(word, ""))
    if room is None:
        return Markup("<code>{}</code>").format(command)
    name = tongue.words.gettext(room.name)
    if inside is None or not inside.may(room.deed):
        return Markup("<strong>{}</strong> ({})").format(name, tongue.words.gettext("for other roles"))
    return Markup('<a href="{}">{}</a>').format(room.place, name)
