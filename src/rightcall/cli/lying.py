"""Where findings lie, for a command: counted by place, and by row and file for a purpose. Never a value."""

from collections import Counter
from collections.abc import Sequence

from rightcall.api.forms import Items
from rightcall.api.scans import Asked, FindingShape, Whose, page_of
from rightcall.cli.words import printable
from rightcall.database.connection import Transaction
from rightcall.discovery.findings.model import Wanted
from rightcall.discovery.systems.model import RegisteredSystem
from rightcall.errors import Breach
from rightcall.ids import FindingId
from rightcall.wiring import House


def some_findings(
    tx: Transaction,
    house: House,
    system: RegisteredSystem,
    wanted: Wanted,
    asked: Asked | None,
    after: FindingId | None,
    limit: int,
) -> Items[FindingShape]:
    """A page of a whole system's, which is answered person by person."""
    page = page_of(tx, house.tools, system, wanted, asked, after=after, limit=limit)
    if not isinstance(page, Items):
        raise Breach("A verdict on one person was given where nobody was asked for. Stop, and tell the DPO.")
    return page


def lines_of(found: Sequence[FindingShape]) -> list[str]:
    """Each place once, with how many of what lie there, in the order of the findings."""
    counted = Counter((_place(each), each.type) for each in found)
    return [printable(f"{number:>6,}  {type:<20}  {place}") for (place, type), number in counted.items()]


def _place(each: FindingShape) -> str:
    if each.whose is Whose.ERASED:
        return "of a person who was erased: nobody knows where"
    object = each.name or (f"object {each.object}" if each.object else "dark")
    parts = [object, *([f"row {each.row}"] if each.row else []), *([f"field {each.field}"] if each.field else [])]
    return ", ".join(parts) + ("" if each.shown or each.whose is Whose.NOBODY else "  (of somebody)")
