"""E-mail addresses that stand in records of many different people: the company's own mailbox, in the heads of all its letters.
They are seen among the records at hand, before any of these is linked, so that it does not matter which comes first.

Whose a record is here, its name says, else its customer id, else the other address in it: a letter goes from one to the other.
Where all that is told is addresses, that with the most others is taken for the mailbox, then the next among those that are left.
"""

from collections.abc import Sequence

from rightcall.discovery.linking.clues import ClueKind
from rightcall.discovery.linking.model import Record
from rightcall.discovery.linking.rules import MOST_HOLDERS

_MOST_ADDRESSES = 4
"""A record with more is a list of people, and tells of no mailbox."""


def mailboxes(records: Sequence[Record]) -> frozenset[bytes]:
    """Addresses that stand in records of more people than share one."""
    people: dict[bytes, set[bytes]] = {}
    for record in records:
        addresses = record.blinds(ClueKind.EMAIL)
        if len(addresses) <= _MOST_ADDRESSES:
            for each in addresses:
                people.setdefault(each, set()).update(_whose(record, each))
    found = set[bytes]()
    while (largest := max(people, key=lambda each: (len(people[each]), each), default=None)) is not None:
        if len(people.pop(largest)) <= MOST_HOLDERS:
            break
        found.add(largest)
        for others in people.values():
            others.discard(largest)
    return frozenset(found)


def _whose(record: Record, address: bytes) -> frozenset[bytes]:
    names = record.blinds(ClueKind.NAME_FULL)
    if len(names) == 1:
        return names
    if len(record.blinds(ClueKind.NAME_GIVEN)) > 1:
        return frozenset()
    return record.blinds(ClueKind.CUSTOMER_ID) or record.blinds(ClueKind.EMAIL) - {address}
