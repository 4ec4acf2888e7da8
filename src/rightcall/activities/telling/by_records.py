"""Recipients that could be asked only by what records of other systems tell: of somebody who never called, chose or wrote.
Whether they are is a person's word, for each recipient (docs/adr/0067-asked-by-a-persons-word.md).

What records tell is read once (`reading`), sealed under the key of the erasure's letters, and destroyed with it as soon as the
last recipient was told.
"""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from rightcall.activities.model import Recipient
from rightcall.activities.telling import actions as telling
from rightcall.activities.telling import store
from rightcall.activities.telling.model import Notice, Said, Teller, Told, WhyNot, Word
from rightcall.activities.telling.statements import RecipientWordSaid
from rightcall.activities.telling.unasked import take_note
from rightcall.actors import Actor
from rightcall.canonical import Json, canonical_json, parse_json
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.discovery.linking.model import LinkState
from rightcall.erasure import actions as erasures
from rightcall.errors import Conflict, Malformed, Tampered
from rightcall.ids import ErasureId, RecipientId, SystemId
from rightcall.ledger.actions import append
from rightcall.personal import Personal
from rightcall.subjects.model import Identifier, IdentifierKind
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

_TOLD = "activities.told_by_records"


def is_kept(tx: Transaction, erasure: ErasureId) -> bool:
    """Whether it was looked into what records tell."""
    return store.told(tx, erasure) is not None


def keep(tx: Transaction, vault: Vault, *, erasure: ErasureId, told: Sequence[Told], unread: int) -> bool:
    """Before the person's key goes, and after their letters are kept. False where there are no letters, or it was done before."""
    letters = store.letters(tx, erasure)
    if letters is None:
        return False
    sealed = vault.seal_value(tx, letters[0], canonical_json([_written(each) for each in told]), _TOLD)
    if not store.insert_told(tx, erasure, sealed, unread):
        return False
    count = len(telling.kept_of(tx, vault, erasure)) + len(told)
    erasures.keep_for_recipients(tx, erasure=erasure, count=count)
    return True


def told_of(tx: Transaction, vault: Vault, *, erasure: ErasureId) -> list[Told]:
    """What records told of the whole person; nothing where none was read, and once every recipient was told."""
    return [told for each in erasures.whole(tx, erasure) for told in _told_of(tx, vault, each.id)]


def _told_of(tx: Transaction, vault: Vault, erasure: ErasureId) -> list[Told]:
    letters, kept = store.letters(tx, erasure), store.told(tx, erasure)
    if letters is None or kept is None or kept[0] is None:
        return []
    opened = vault.open_value(tx, letters[0], kept[0], _TOLD)
    return [] if isinstance(opened, Dark) else _read(opened)


def unread(tx: Transaction, erasure: ErasureId) -> int:
    """How many places of the person's records could not be read, or said something else by then."""
    found = [store.told(tx, each.id) for each in erasures.whole(tx, erasure)]
    return sum(kept[1] for kept in found if kept is not None)


def put_in_doubt(tx: Transaction, clock: Clock, *, erasure: ErasureId, recipients: Sequence[RecipientId]) -> int:
    """A person has to say whether these are asked by what records tell. How many are new; again changes nothing."""
    many = store.put_in_doubt(tx, erasure, recipients, clock.now()) if recipients else 0
    if many:
        take_note(tx, clock, erasure)
    return many


def say(
    tx: Transaction,
    clock: Clock,
    *,
    erasure: ErasureId,
    recipient: RecipientId,
    word: Word,
    why_not: WhyNot | None,
    chosen: Collection[int],
    by: Actor,
) -> tuple[Recipient, Notice]:
    """A person's word, for good: what was asked cannot be taken back, and who is not asked is told by letter. The same again
    changes nothing; Conflict where nobody asked, another word was said, or the recipient was told."""
    to, notice = telling.notice_of(tx, erasure, recipient)
    said = Said(word=word, why_not=why_not, chosen=tuple(sorted(set(chosen))), at=clock.now(), by=by)
    _check(said)
    if notice.said is not None and (notice.said.word, notice.said.why_not, notice.said.chosen) == (
        word,
        why_not,
        said.chosen,
    ):
        return to, notice
    if not store.say(tx, notice, said):
        raise Conflict(_over(notice))
    append(
        tx,
        RecipientWordSaid(
            at=said.at,
            controller=tx.of,
            erasure=notice.erasure,
            recipient=recipient,
            word=word,
            why_not=why_not,
            actor=by.id,
            role=by.role,
        ),
    )
    take_note(tx, clock, notice.erasure)
    return telling.notice_of(tx, erasure, recipient)


def _check(said: Said) -> None:
    if said.word is Word.ASK and not said.chosen:
        raise Malformed("Choose by which of what the records tell it is asked: at least one.")
    if said.word is Word.ASK and said.why_not is not None:
        raise Malformed("A reason goes with a recipient that is not asked, and not with one that is.")
    if said.word is Word.DO_NOT and (said.why_not is None or said.chosen):
        raise Malformed("Say why it is not asked, and choose nothing to ask it by.")


def _over(notice: Notice) -> str:
    if notice.in_doubt_at is None:
        return "There is nothing to say of this recipient: it is told by letter, or asked by what the person gave themselves."
    if notice.said is None:
        return "This recipient was told meanwhile. There is nothing left to say."
    return "The word on this recipient was said, and stands: it is asked, or it is told by letter."


def _written(told: Told) -> Json:
    return {
        "kind": told.identifier.kind.value,
        "value": told.identifier.value.reveal("keep what records tell for a person's word"),
        "others": told.others,
        "records": told.records,
        "tellers": [
            {
                "record": str(each.record),
                "system": str(each.system),
                "object": each.object,
                "row": each.row,
                "state": each.state.value,
                "score": each.score,
                "by_person": each.by_person,
                "says": list(each.says),
            }
            for each in told.tellers
        ],
    }


def _read(opened: bytes) -> list[Told]:
    try:
        document = parse_json(opened)
        if not isinstance(document, Sequence):
            raise TypeError
        return [_told(each) for each in document if isinstance(each, Mapping)]
    except (KeyError, TypeError, ValueError) as error:
        raise Tampered("What records told does not have its form. Stop, and tell the DPO.") from error


def _told(each: Mapping[str, Json]) -> Told:
    match each:
        case {"kind": str(kind), "value": str(value), "others": int(others), "records": int(records), "tellers": [*tellers]}:
            return Told(
                identifier=Identifier(kind=IdentifierKind(kind), value=Personal(value)),
                others=others,
                records=records,
                tellers=tuple(_teller(one) for one in tellers),
            )
    raise TypeError


def _teller(each: Json) -> Teller:
    match each:
        case {
            "record": str(record),
            "system": str(system),
            "object": str() | None as object,
            "row": str() | None as row,
            "state": str(state),
            "score": int() | float() as score,
            "by_person": bool(by_person),
            "says": [*says],
        }:
            return Teller(
                record=UUID(record),
                system=SystemId(UUID(system)),
                object=object,
                row=row,
                state=LinkState(state),
                score=float(score),
                by_person=by_person,
                says=tuple(str(one) for one in says),
            )
    raise TypeError


count_waiting = store.count_waiting_for_word
