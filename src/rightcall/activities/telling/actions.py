"""Who received a person's data is told that it was erased (GDPR Art. 19). Rightcall writes the letter; a person sends it, says
so, and enters what came back.

A letter has to say whose data it is, and by then nobody here knows. So what the person was known by is sealed, before their key
goes, under a key that is the erasure's own. It is destroyed as soon as the last recipient was told; until then the certificate
says that it is kept because the law demands it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from uuid import UUID

from rightcall.activities import actions as activities
from rightcall.activities.model import Recipient
from rightcall.activities.telling import store
from rightcall.activities.telling.letters import Letter, keepers_letter_of, letter_of
from rightcall.activities.telling.model import Answer, Notice
from rightcall.activities.telling.statements import (
    LettersForgotten,
    RecipientAnswered,
    RecipientsToTell,
    RecipientTold,
)
from rightcall.activities.telling.unasked import take_note
from rightcall.actors import Actor
from rightcall.canonical import Json, canonical_json, parse_json
from rightcall.clock import Clock
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.discovery.systems import actions as systems
from rightcall.erasure import actions as erasures
from rightcall.erasure.elsewhere import actions as elsewhere
from rightcall.erasure.elsewhere.model import OpenPlace, PlaceState
from rightcall.erasure.model import Erasure
from rightcall.errors import Conflict, NotFound, Tampered
from rightcall.ids import ErasureId, PurposeId, RecipientId, SubjectId, SystemId, new_id
from rightcall.ledger.actions import append
from rightcall.personal import Personal
from rightcall.purposes import actions as purposes
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import Identifier, IdentifierKind
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

_WHO = "activities.letters"
_PAGE = 500


def keep_letters(tx: Transaction, vault: Vault, clock: Clock, *, erasure: ErasureId, subject: SubjectId) -> bool:
    """To be called before the person's key goes. Nothing is kept where this controller gives data to nobody. Again changes
    nothing."""
    if not activities.recipients(tx) or store.is_begun(tx, erasure):
        return False
    known = subjects.identifiers_of(tx, vault, subject)
    if isinstance(known, Dark):
        return False
    who: Json = [[each.kind.value, each.value.reveal("write to recipients of an erasure")] for each in known]
    key = SubjectId(new_id())
    vault.create_subject(tx, key)
    store.insert_letters(tx, erasure, key, vault.seal_value(tx, key, canonical_json(who), _WHO))
    erasures.begin(tx, clock, erasure=erasure, subject=subject)
    erasures.keep_for_recipients(tx, erasure=erasure, count=len(known))
    return True


def plan(tx: Transaction, vault: Vault, clock: Clock, *, erasure: ErasureId) -> int:
    """Who is to be told of it: whoever receives, or received, data for a purpose that something of the person was held for,
    whichever of their subjects that was. Each is told once, of the whole person. How many; again changes nothing."""
    whole, new = erasures.whole(tx, erasure), Counter[ErasureId]()
    recipients = activities.recipients(tx)
    for part in whole:
        held = frozenset(store.purposes_of(tx, part.subject))
        for each in recipients:
            common = [purpose for purpose in each.purposes if purpose in held]
            if common and (on := _noted(tx, clock, whole, part, each.id, common)) is not None:
                new[on] += 1
    for id, many in new.items():
        append(tx, RecipientsToTell(at=clock.now(), controller=tx.of, erasure=id, recipients=many))
    _forget_if_told(tx, vault, clock, whole)
    return sum(len(store.notices(tx, each.id)) for each in whole)


def _noted(
    tx: Transaction, clock: Clock, whole: Sequence[Erasure], part: Erasure, to: RecipientId, purposes: Sequence[PurposeId]
) -> ErasureId | None:
    """Under the id that the whole is known by; under the part's own where it joined the person after the recipient was told. None
    where they are to be told of it, or were, already."""
    known = [each for one in whole for each in store.notices(tx, one.id) if each.recipient == to]
    for each in known:
        if each.told_at is None:
            store.widen_notice(tx, each, [*each.purposes, *(one for one in purposes if one not in each.purposes)])
    if any(each.told_at is None or each.planned_at >= part.begun_at for each in known):
        return None
    on = part.id if known else whole[0].id
    store.insert_notice(tx, on, to, purposes, clock.now())
    return on


def notices(tx: Transaction, erasure: ErasureId) -> list[tuple[Recipient, Notice]]:
    """Each with who it is."""
    known = {each.id: each for each in activities.recipients(tx)}
    return [(known[each.recipient], each) for each in store.notices(tx, erasure)]


def letter(tx: Transaction, vault: Vault, clock: Clock, *, erasure: ErasureId, recipient: RecipientId) -> str:
    """The words to be sent to one recipient. Conflict once everybody was told: then nobody knows any more whom it was about."""
    to, notice = notice_of(tx, erasure, recipient)
    whole = erasures.whole(tx, notice.erasure)
    if all(store.letters(tx, each.id) is None for each in whole):
        raise Conflict(
            "Every recipient was told, so what letters are written from is destroyed: nobody knows any more whom this was about."
        )
    who = [(each.kind.value, each.value.reveal("write to recipients of an erasure")) for each in _known_by(tx, vault, whole)]
    of = purposes.titles(tx)
    return letter_of(controllers.get(tx), to, whole[0].id, who, [of[each] for each in notice.purposes if each in of], clock.now())


def keepers_letter(tx: Transaction, vault: Vault, clock: Clock, *, erasure: ErasureId, system: SystemId) -> Letter:
    """To those who look after a system in which nothing is deleted from here: what of the person to delete, and where each lies.
    Conflict where we erase there ourselves, and once they were told: then nobody knows any more where it lay."""
    root = erasures.get(tx, erasure).root
    outside = erasures.outside(tx, root, system)
    untold = [each for each in outside if each.told_at is None] or outside
    found = [place for each in untold for place in _places(tx, vault, each.erasure, system)]
    return keepers_letter_of(controllers.get(tx), systems.get(tx, system), root, found, clock.now())


def _places(tx: Transaction, vault: Vault, erasure: ErasureId, system: SystemId) -> Iterator[OpenPlace]:
    last = None
    while page := elsewhere.places(tx, vault, erasure=erasure, system=system, after=last, limit=_PAGE):
        yield from (each for each in page if each.state is PlaceState.OUTSIDE)
        last = page[-1].holding


def known_by(tx: Transaction, vault: Vault, *, erasure: ErasureId) -> list[Identifier]:
    """What the whole person was known by to recipients. Nothing once everybody was told."""
    return _known_by(tx, vault, erasures.whole(tx, erasure))


def kept_of(tx: Transaction, vault: Vault, erasure: ErasureId) -> list[Identifier]:
    """The same of the one subject that this erasure is of."""
    kept = store.letters(tx, erasure)
    opened = None if kept is None else vault.open_value(tx, kept[0], kept[1], _WHO)
    if opened is None or isinstance(opened, Dark):
        return []
    return [Identifier(kind=IdentifierKind(kind), value=Personal(value)) for kind, value in _who(opened)]


def _known_by(tx: Transaction, vault: Vault, whole: Sequence[Erasure]) -> list[Identifier]:
    return list(dict.fromkeys(identifier for each in whole for identifier in kept_of(tx, vault, each.id)))


def _who(opened: bytes) -> list[tuple[str, str]]:
    told = parse_json(opened)
    if not isinstance(told, Sequence):
        raise Tampered("What letters are written from does not have its form. Stop, and tell the DPO.")
    pairs = []
    for each in told:
        match each:
            case [str(kind), str(value)]:
                pairs.append((kind, value))
            case _:
                raise Tampered("What letters are written from does not have its form. Stop, and tell the DPO.")
    return pairs


def tell(tx: Transaction, vault: Vault, clock: Clock, *, erasure: ErasureId, recipient: RecipientId, by: Actor) -> Notice:
    """Somebody says that the letter went out. Once all have, what letters are written from is destroyed. Again changes
    nothing."""
    _, notice = notice_of(tx, erasure, recipient)
    of = notice.erasure
    if store.was_told(tx, notice, at=clock.now(), by=by):
        said = RecipientTold(at=clock.now(), controller=tx.of, erasure=of, recipient=recipient, actor=by.id, role=by.role)
        append(tx, said)
        take_note(tx, clock, of)
        _forget_if_told(tx, vault, clock, erasures.whole(tx, of))
    return notice_of(tx, erasure, recipient)[1]


def answer(tx: Transaction, clock: Clock, *, erasure: ErasureId, recipient: RecipientId, answer: Answer, by: Actor) -> Notice:
    """What the recipient said. Another answer later replaces it here, and both stand in the ledger. Conflict before it was
    told."""
    _, notice = notice_of(tx, erasure, recipient)
    if notice.told_at is None:
        raise Conflict("This recipient was not told yet. Send the letter, say so, and enter the answer then.")
    if notice.answer is not answer:
        store.answered(tx, notice, answer, at=clock.now(), by=by)
        said = RecipientAnswered(
            at=clock.now(),
            controller=tx.of,
            erasure=notice.erasure,
            recipient=recipient,
            answer=answer,
            actor=by.id,
            role=by.role,
        )
        append(tx, said)
    return notice_of(tx, erasure, recipient)[1]


def forget_again(tx: Transaction, vault: Vault, clock: Clock, erasure: UUID) -> bool:
    """A restored database knows whom an erasure was about, though everybody was told: it goes again. True where there was one."""
    kept = store.letters(tx, ErasureId(erasure))
    if kept is None:
        return False
    _forget(tx, vault, clock, ErasureId(erasure))
    return True


def _forget_if_told(tx: Transaction, vault: Vault, clock: Clock, whole: Sequence[Erasure]) -> None:
    """A letter tells of the whole person, so what it is written from goes once nobody is to be told of any part."""
    if all(notice.told_at is not None for each in whole for notice in store.notices(tx, each.id)):
        for each in whole:
            _forget(tx, vault, clock, each.id)


def _forget(tx: Transaction, vault: Vault, clock: Clock, erasure: ErasureId) -> None:
    kept = store.letters(tx, erasure)
    if kept is None:
        return
    vault.destroy_subject(tx, kept[0])
    store.forget_letters(tx, erasure)
    store.forget_told(tx, erasure)
    erasures.keep_for_recipients(tx, erasure=erasure, count=0)
    erasures.settled_elsewhere(tx, vault, erasure=erasure)
    append(tx, LettersForgotten(at=clock.now(), controller=tx.of, erasure=erasure))


def notices_of_person(tx: Transaction, erasure: ErasureId) -> list[tuple[Recipient, Notice]]:
    """Of the whole person; those of this erasure itself first, then those that are still to be told."""
    found = [pair for each in erasures.whole(tx, erasure) for pair in notices(tx, each.id)]
    return sorted(found, key=lambda pair: (pair[1].erasure != erasure, pair[1].told_at is not None))


def notice_of(tx: Transaction, erasure: ErasureId, recipient: RecipientId) -> tuple[Recipient, Notice]:
    """Of the person, whichever of their erasures is named. NotFound where it is not to be told."""
    for to, notice in notices_of_person(tx, erasure):
        if to.id == recipient:
            return to, notice
    raise NotFound("This recipient is not to be told of this erasure. Look at the erasure to see who is.")


untold = store.untold
purposes_of = store.purposes_of
