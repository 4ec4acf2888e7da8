"""The purposes to choose from before something of a person is read: those that may be used first, the others marked."""

from rightcall.console.door import Inside
from rightcall.database.connection import Transaction
from rightcall.purposes import actions as purposes
from rightcall.reviews import standing as reviews_standing

UNREVIEWED = "no review of it is in force: the answer will be no"


def usable(tx: Transaction, who: Inside) -> list[tuple[str, str, bool]]:
    """Each with its words, the company's own."""
    active, house = purposes.active(tx), who.house
    runs = reviews_standing.reviewed(tx, house.clock, house.rules)
    ordered = sorted(active, key=lambda each: each.id not in runs)
    return [(str(each.id), each.title if each.id in runs else f"{each.title} ({UNREVIEWED})", True) for each in ordered]
