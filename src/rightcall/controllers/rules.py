"""What a controller must say of itself before anything is processed on its behalf (GDPR Art. 13(1)(a))."""

import re
from dataclasses import replace
from functools import cache
from zoneinfo import available_timezones

from rightcall.controllers.model import REMEMBERED_AT_LEAST, REMEMBERED_AT_MOST, NewController
from rightcall.errors import Malformed
from rightcall.languages import canonical_language

_JURISDICTION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


def checked(new: NewController) -> NewController:
    """The same, trimmed, each jurisdiction once; Malformed where something is missing."""
    name, address, contact = new.name.strip(), new.address.strip(), new.contact.strip()
    if not name or not contact:
        raise Malformed("A controller needs a name, and a contact that people can turn to. Give both.")
    jurisdictions = tuple(dict.fromkeys(checked_jurisdiction(code) for code in new.jurisdictions))
    if not jurisdictions:
        raise Malformed("A controller needs at least one jurisdiction, such as EU or DK: the law packs follow from it.")
    return replace(
        new,
        name=name,
        address=address,
        contact=contact,
        jurisdictions=jurisdictions,
        zone=checked_zone(new.zone),
        language=canonical_language(new.language),
    )


def checked_zone(name: str) -> str:
    """As it stands in the IANA database; Malformed where it does not."""
    if name not in _zones():
        raise Malformed("A zone is a name such as Europe/Copenhagen or UTC, as the IANA time zone database has it.")
    return name


@cache
def _zones() -> frozenset[str]:
    """Read from the disk, some hundreds of files."""
    return frozenset(available_timezones())


def checked_remembering(what: str, days: int, *, at_least: int = REMEMBERED_AT_LEAST) -> int:
    """Malformed where that is too short to answer for what was done, or longer than anybody needs it."""
    if not at_least <= days <= REMEMBERED_AT_MOST:
        raise Malformed(
            f"{what} for {at_least} to {REMEMBERED_AT_MOST} days: less is too short to answer for"
            " what was done, and nobody needs it for longer. Give a number of days in between."
        )
    return days


def checked_jurisdiction(code: str) -> str:
    """In capital letters; Malformed where it is no code of a place."""
    jurisdiction = code.strip().upper()
    if not _JURISDICTION.fullmatch(jurisdiction):
        raise Malformed("A jurisdiction is a code of two letters, or two letters and a region: EU, DK, US-CA.")
    return jurisdiction
