"""Records that are linked to nobody, and have something that a person is known by: too little to link them by itself, too much to
pass over when the person asks for everything about them. Each waits for somebody's word then, as what is doubtful does; also one
that waits for a word on somebody else already, where it tells a number or an address of this person's own."""

from collections.abc import Mapping

from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.discovery.linking import store
from rightcall.discovery.linking.actions import (
    ONES_OWN,
    called,
    digest,
    known_by,
    known_for,
    link_of,
    refused_among,
    with_own_contacts,
)
from rightcall.discovery.linking.clues import ClueKind
from rightcall.discovery.linking.model import LinkState, Record
from rightcall.discovery.linking.records import store as record_store
from rightcall.discovery.linking.rules import weigh
from rightcall.discovery.linking.store import NewLink
from rightcall.ids import SubjectId
from rightcall.subjects.joining import actions as joining
from rightcall.vault.actions import Vault

MOST = 100
"""Records at once: a name that many have is asked of so many, and of the next when these are decided."""
_TELLING = (*ONES_OWN, ClueKind.NAME_FULL)


def ask_about(tx: Transaction, vault: Vault, clock: Clock, subject: SubjectId) -> int:
    """How many wait for a word that did not. Whom somebody said that a record is not about it is not asked of again."""
    top = joining.standing_for(tx, subject)
    theirs = _known(tx, vault, subject, top)
    telling = {blind for kind in _TELLING for blind in theirs.get(kind, ())}
    own = [blind for kind in ONES_OWN for blind in theirs.get(kind, ())]
    person = joining.person(tx, subject) or (subject,)
    wanted = record_store.nobodys_with(tx, list(telling), own, person, MOST) if telling else []
    found = list(record_store.records(tx, wanted).values())
    records = [each for each in with_own_contacts(tx, vault, found) if _has(each, telling)]
    if not records:
        return 0
    said = {each.id: digest(each) for each in records}
    refused, denied = refused_among(tx, records, list(said.values()))
    asked = [each for each in records if (said[each.id], top) not in refused and (each.id, top) not in denied]
    known = known_for(tx, [each.clues for each in asked]).frequencies()
    links = [
        NewLink(link=link_of(each, weighed, LinkState.DOUBTFUL, clock.now()), said=said[each.id])
        for each in asked
        for weighed in weigh(each.clues, {top: theirs}, known, customers_differ=True)
    ]
    store.insert_links(tx, links)
    return len(links)


def _known(tx: Transaction, vault: Vault, subject: SubjectId, top: SubjectId) -> Mapping[ClueKind, frozenset[bytes]]:
    """By what they told us, their name too, and by records that are theirs."""
    found = dict(known_by(tx, [top]).get(top, {}))
    for kind, blinds in called(tx, vault, joining.person(tx, subject) or (subject,)).items():
        found[kind] = found.get(kind, frozenset()) | blinds
    return found


def _has(record: Record, telling: set[bytes]) -> bool:
    return any(blinds & telling for kind, blinds in record.clues.items() if kind in _TELLING)
