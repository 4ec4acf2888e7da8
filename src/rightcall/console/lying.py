"""Where a thing lies, as far as it may be named: down to the field and the characters."""

from collections.abc import Sequence

from rightcall.database.connection import Transaction
from rightcall.discovery.findings.naming import names_of
from rightcall.holdings.places import Place
from rightcall.ids import ObjectId
from rightcall.recordings.held import Held
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark
from rightcall.vault.saying import CAUSES


def objects_of(tx: Transaction, vault: Vault, found: Sequence[Held]) -> dict[ObjectId, str]:
    """What the objects that these lie in are called: tables, and files about many. The name of another may tell of somebody."""
    return names_of(tx, vault, [each.place for each in found if isinstance(each.place, Place)])


def spot(held: Held) -> list[tuple[str, str]]:
    """All of its place, with what of it is sealed, opened; or why it is dark."""
    if isinstance(held.place, Dark):
        return [("dark", CAUSES[held.place.reason])]
    place = held.place
    told = (("object", place.object_name), ("row", place.row), ("path", place.path))
    opened = [(word, value.reveal("show where something lies")) for word, value in told if value is not None]
    field = [("field", place.field)] if place.field else []
    return [*opened, *field, *([("characters", f"{place.start} to {place.end}")] if place.start is not None else [])]
