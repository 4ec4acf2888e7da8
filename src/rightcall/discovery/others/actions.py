"""Whose it is that stands in the records of a person: values and names of others whom these tell of."""

from collections.abc import Sequence

from rightcall.actors import SYSTEM
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.discovery.linking.actions import ONES_OWN, called
from rightcall.discovery.linking.clues import ClueKind
from rightcall.discovery.others import store
from rightcall.discovery.others.rules import names_of_others
from rightcall.holdings import actions as on_map
from rightcall.ids import FindingId, HoldingId, SubjectId
from rightcall.subjects import joining
from rightcall.vault.actions import Vault

_OF_A_PERSON = (ClueKind.DATE_OF_BIRTH, ClueKind.POSTCODE_HOUSE, ClueKind.STREET)
"""What is asked of only where a record tells of somebody else: alone, another address is one that they had before."""


def of_others(
    tx: Transaction, vault: Vault, person: Sequence[SubjectId], found: Sequence[HoldingId] | None = None
) -> frozenset[HoldingId]:
    """Of all that was found as this person's, or of these alone: what is somebody else's whom a text about the person tells of,
    such as the name and the address of whom to ring instead. Values by nothing but where else each stands: what is a field of its
    own is whose that is, and so is what they told us; what stands in the midst of a text is theirs where they have none other of
    its kind. Names by `rules`."""
    asked = None if found is None else [FindingId(each) for each in found]
    names = store.names_of(tx, person, asked)
    beside = store.beside(tx, list({each.record for each in names}), person)
    values = set(store.of_others(tx, person, ONES_OWN, None if asked is None else [*asked, *(each for each, _, _ in beside)]))
    tell = {record for finding, record, is_anothers in beside if is_anothers or finding in values}
    whole = {blind for each in names for blind in each.clues.get(ClueKind.NAME_FULL, ())}
    known = store.names_known_to_others(tx, list(whole), person)
    others = names_of_others(names, called(tx, vault, person), known_to_others=known, tell_of_others=tell)
    tell |= {each.record for each in names if each.finding in others}
    in_these = [finding for finding, record, _ in beside if record in tell]
    every = {*values, *others, *store.of_others(tx, person, _OF_A_PERSON, in_these)}
    return frozenset(HoldingId(each) for each in (every if asked is None else every.intersection(asked)))


def leave_others(tx: Transaction, vault: Vault, clock: Clock, subject: SubjectId) -> int:
    """What is somebody else's is nobody's again, before the person is erased: it stays where it lies. How much that was."""
    person = joining.person(tx, subject) or (subject,)
    found = sorted(of_others(tx, vault, person))
    store.leave(tx, [FindingId(each) for each in found])
    return sum(on_map.unlink(tx, clock, found, of=each, by=SYSTEM) for each in person) if found else 0
