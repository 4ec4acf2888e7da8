"""Names of objects and places in them, sealed with the key of their system. Each is bound to the row that it stands in."""

from collections.abc import Sequence

from rightcall.canonical import canonical_json, parse_json
from rightcall.database.connection import Transaction
from rightcall.discovery.findings.rules import inner_name
from rightcall.discovery.model import Found
from rightcall.discovery.ports import Spot
from rightcall.errors import Tampered
from rightcall.ids import FindingId, ObjectId, SubjectId
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark


def name_context(object: ObjectId) -> str:
    return f"discovery.object.{object}"


def spot_context(finding: FindingId) -> str:
    return f"discovery.spot.{finding}"


def spot_bytes(found: Found, name: str) -> bytes:
    finding = found.finding
    return canonical_json([inner_name(found, name), found.row, found.field, finding.start, finding.end])


def open_spots(
    tx: Transaction, vault: Vault, key: SubjectId, sealed: Sequence[tuple[FindingId, ObjectId, bytes, bytes]]
) -> list[Spot] | Dark:
    """Of findings, each with its object, its sealed spot and its object's sealed name."""
    values = [pair for id, object, spot, name in sealed for pair in ((name, name_context(object)), (spot, spot_context(id)))]
    opened = vault.open_values(tx, key, values)
    if isinstance(opened, Dark):
        return opened
    return [_spot(name.decode(), place) for name, place in zip(opened[::2], opened[1::2], strict=True)]


def open_names(tx: Transaction, vault: Vault, key: SubjectId, sealed: Sequence[tuple[ObjectId, bytes]]) -> list[str] | Dark:
    opened = vault.open_values(tx, key, [(name, name_context(object)) for object, name in sealed])
    return opened if isinstance(opened, Dark) else [each.decode() for each in opened]


def _spot(name: str, place: bytes) -> Spot:
    match parse_json(place):
        case [None | str() as inner, None | str() as row, None | str() as field, int(start), int(end)]:
            return Spot(object=inner or name, row=row, field=field, start=start, end=end)
    raise Tampered("The place of a finding has no valid form. Stop, and tell the DPO.")
