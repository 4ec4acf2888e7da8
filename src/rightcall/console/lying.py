"""Where a thing lies, as far as it may be named: down to the field and the characters."""

from collections.abc import Sequence

from rightcall.database.connection import Transaction
from rightcall.discovery.findings import actions as findings
from rightcall.discovery.systems import actions as systems
from rightcall.holdings.places import Place
from rightcall.ids import ObjectId, SystemId
from rightcall.recordings.held import Held
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark
from rightcall.vault.saying import CAUSES


def objects_of(tx: Transaction, vault: Vault, found: Sequence[Held]) -> dict[ObjectId, str]:
    """What the objects that these lie in are called: tables, and files about many. The name of another may tell of somebody."""
    lying: dict[SystemId, list[ObjectId]] = {}
    for each in found:
        place = each.place
        if isinstance(place, Place) and place.system is not None and place.object is not None:
            lying.setdefault(place.system, []).append(place.object)
    known = {each.id: each for each in systems.systems(tx) if each.retired_at is None}
    named = (findings.plain_names(tx, vault, known[system], objects) for system, objects in lying.items() if system in known)
    return {object: name for some in named for object, name in some.items()}


def spot(held: Held) -> list[tuple[str, str]]:
    """All of its place, with what of it is sealed, opened; or why it is dark."""
    if isinstance(held.place, Dark):
        return [("dark", CAUSES[held.place.reason])]
    place = held.place
    told = (("object", place.object_name), ("row", place.row), ("path", place.path))
    opened = [(word, value.reveal("show where something lies")) for word, value in told if value is not None]
    field = [("field", place.field)] if place.field else []
    return [*opened, *field, *([("characters", f"{place.start} to {place.end}")] if place.start is not None else [])]
