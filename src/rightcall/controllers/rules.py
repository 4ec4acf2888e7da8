"""What a controller must say of itself before anything is processed on its behalf (GDPR Art. 13(1)(a))."""

import re
from dataclasses import replace

from rightcall.controllers.model import NewController
from rightcall.errors import Malformed

_JURISDICTION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


def checked(new: NewController) -> NewController:
    """The same, trimmed, each jurisdiction once; Malformed where something is missing."""
    name, address, contact = new.name.strip(), new.address.strip(), new.contact.strip()
    if not name or not contact:
        raise Malformed("A controller needs a name, and a contact that people can turn to. Give both.")
    jurisdictions = tuple(dict.fromkeys(checked_jurisdiction(code) for code in new.jurisdictions))
    if not jurisdictions:
        raise Malformed("A controller needs at least one jurisdiction, such as EU or DK: the law packs follow from it.")
    return replace(new, name=name, address=address, contact=contact, jurisdictions=jurisdictions)


def checked_jurisdiction(code: str) -> str:
    """In capital letters; Malformed where it is no code of a place."""
    jurisdiction = code.strip().upper()
    if not _JURISDICTION.fullmatch(jurisdiction):
        raise Malformed("A jurisdiction is a code of two letters, or two letters and a region: EU, DK, US-CA.")
    return jurisdiction
