"""Whose it is that stands in the records of a person: values and names of others whom these tell of; and where the records of
others tell of this person."""

from collections.abc import Sequence

from rightcall.actors import SYSTEM
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.discovery.linking.actions import ONES_OWN, called, move_on_map
from rightcall.discovery.linking.clues import ClueKind
from rightcall.discovery.mapping import actions as mapping
from rightcall.discovery.others import store
from rightcall.discovery.others.rules import names_of_others, own_names
from rightcall.discovery.systems import actions as systems
from rightcall.holdings import actions as on_map
from rightcall.ids import FindingId, HoldingId, SubjectId
from rightcall.subjects.joining import actions as joining
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


def find_mentions(tx: Transaction, vault: Vault, clock: Clock, subject: SubjectId) -> int:
    """What stands in the midst of others' records and is this person's by a number, an address or an account that is theirs
    alone, and their whole name beside it, is theirs from now on: it is handed over with what is theirs, and goes with it. The
    rest of such a record stays whose it is. How much that was."""
    person = joining.person(tx, subject) or (subject,)
    found = store.mentions(tx, person, ONES_OWN)
    if not found:
        return 0
    records = {each.record: each.system for each in found}
    whole = own_names(store.names_of(tx, person, []), called(tx, vault, person)).get(ClueKind.NAME_FULL, frozenset())
    alone = whole - store.names_known_to_others(tx, list(whole), person)
    ids = [each.finding for each in found] + store.named_in(tx, list(records), list(alone), person)
    store.take(tx, ids, joining.standing_for(tx, subject))
    move_on_map(tx, vault, clock, list(records), by=SYSTEM)
    for record, system in records.items():
        mapping.map_record(tx, vault, clock, systems.get(tx, system), record)
    return len(ids)
