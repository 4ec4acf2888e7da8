"""The map's deeds: nothing is held, used or let go of without its statement in the same transaction.

Deleting bytes lies outside the database and so is not a deed here: a procedure does it, and says `dispose` once it is confirmed.
Whether a use is allowed is for the policy to say before; `used` writes down that it happened.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from rightcall.actors import Actor
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, NotFound
from rightcall.holdings import store
from rightcall.holdings.categories import Category
from rightcall.holdings.counted import store as counted
from rightcall.holdings.foreign import actions as foreign
from rightcall.holdings.holds import store as holds
from rightcall.holdings.model import (
    Disposal,
    Holding,
    HoldingKind,
    KeptFor,
    NewForeign,
    NewHolding,
    Registered,
    Remnants,
)
from rightcall.holdings.places import Place
from rightcall.holdings.rules import ids_root
from rightcall.holdings.statements import (
    HoldingCompleted,
    HoldingRecorded,
    HoldingsDisposed,
)
from rightcall.holdings.terms import store as term_store
from rightcall.ids import CallId, HoldingId, PurposeId, StatementId, SubjectId, SystemId
from rightcall.ledger import actions as ledger
from rightcall.ledger.model import Digest
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark
from rightcall.vault.quarantine import actions as quarantine


def record(tx: Transaction, clock: Clock, new: NewHolding) -> Holding:
    """From now on this is held. NotFound where it is made from something that is not on the map. What is made from others opens
    only while every grant that they need does: lock it before."""
    origins = store.generations(tx, new.provenance.derived_from)
    if len(origins) != len(set(new.provenance.derived_from)):
        raise NotFound("This holding is made from one that is not on the map. Record that one first.")
    generation = 1 + max(origins.values()) if origins else 0
    statement = ledger.append(tx, _recorded(tx, clock, new))
    made_at = new.provenance.at
    store.insert_holding(tx, new, made_at=made_at, generation=generation, statement=statement)
    if origins:
        store.insert_derivations(tx, new.id, generation, origins, new.provenance.parts)
        quarantine.bind_origins(tx, new.id, purposes=[term.purpose for term in new.terms], origins=list(origins))
    return _holding(new, made_at, statement)


def register(tx: Transaction, vault: Vault, clock: Clock, batch: Sequence[NewForeign]) -> Registered:
    """From now on these, which other systems keep, are on the map; see `foreign.actions`."""
    return foreign.register(tx, vault, clock, batch)


def vanish(tx: Transaction, clock: Clock, holdings: Sequence[HoldingId], *, by: Actor) -> int:
    """These are not any more where another system kept them, as a scan saw. How many were there until now."""
    return foreign.vanish(tx, clock, holdings, by=by)


def unlink(tx: Transaction, clock: Clock, holdings: Sequence[HoldingId], *, of: SubjectId, by: Actor) -> int:
    """These, which other systems keep, stood at a person whom they are not about. How many."""
    return foreign.unlink(tx, clock, holdings, of=of, by=by)


def reassign(tx: Transaction, vault: Vault, clock: Clock, holdings: Sequence[HoldingId], *, to: SubjectId, by: Actor) -> int:
    """These, which other systems keep, turned out to be about another person. How many were not that one's before."""
    return foreign.reassign(tx, vault, clock, holdings, to=to, by=by)


def describe(tx: Transaction, clock: Clock, batch: Sequence[NewForeign], *, by: Actor) -> int:
    """What other systems keep is for this, and until then, from now on; see `foreign.actions`."""
    return foreign.describe(tx, clock, batch, by=by)


def places(tx: Transaction, vault: Vault, found: Sequence[Holding]) -> dict[HoldingId, Place | Dark]:
    """Where each lies, with what is sealed of it. Dark where its person was erased."""
    return foreign.places(tx, vault, found)


def complete(tx: Transaction, clock: Clock, holding: HoldingId, *, sealed_length: int, complete: bool, sha256: bytes) -> None:
    """Its sealed bytes are in the object store. Said again alike is fine; said otherwise is a Conflict."""
    at = clock.now()
    if not store.complete_holding(tx, holding, sealed_length=sealed_length, complete=complete, sha256=sha256, at=at):
        known = get(tx, holding)
        if (known.sealed_length, known.complete, known.sha256) == (sealed_length, complete, sha256):
            return
        raise Conflict("This holding is finished already, with other bytes, or is gone. Nothing was changed.")
    sealed = Digest(sha256)
    ledger.append(
        tx,
        HoldingCompleted(
            at=at,
            controller=tx.of,
            holding=holding,
            sealed=sealed,
            sealed_length=sealed_length,
            complete=complete,
        ),
    )


def get(tx: Transaction, holding: HoldingId) -> Holding:
    found = store.holdings(tx, [holding]).get(holding)
    if found is None:
        raise NotFound("There is no such holding here. List the person's holdings to find its id.")
    return found


def of_ids(tx: Transaction, wanted: Sequence[HoldingId]) -> dict[HoldingId, Holding]:
    """Those of these that are on the map."""
    return store.holdings(tx, wanted)


def of_subject(tx: Transaction, subject: SubjectId, *, after: HoldingId | None = None, limit: int | None = None) -> list[Holding]:
    """All that is held about one subject, newest first; a page of it with `limit`, and the next with the last one as `after`."""
    return store.holdings_of_subjects(tx, [subject], after, limit)


def of_person(
    tx: Transaction, subjects: Sequence[SubjectId], *, after: HoldingId | None = None, limit: int | None = None
) -> list[Holding]:
    """The same of a person who is several subjects (`subjects.joining.person`), newest first over all of them."""
    return store.holdings_of_subjects(tx, subjects, after, limit)


def count_of_person(tx: Transaction, subjects: Sequence[SubjectId]) -> int:
    """How many `of_person` has in all."""
    return sum(counted.held(tx, each) for each in subjects)


def systems_with(tx: Transaction, subjects: Sequence[SubjectId], category: Category) -> list[SystemId]:
    """The other systems in which something of this category about these subjects is there."""
    return store.systems_with(tx, subjects, category)


def alike_in(tx: Transaction, subjects: Sequence[SubjectId], system: SystemId, category: Category) -> list[Holding]:
    """What of this category about these subjects is there in that system, however much they have."""
    return store.alike_in(tx, subjects, system, category)


def ours_there(tx: Transaction, subject: SubjectId) -> list[HoldingId]:
    """What of ours about a person is not disposed of, whether its locks open or not."""
    return store.ours_there(tx, subject)


def count_of_subject(tx: Transaction, subject: SubjectId) -> dict[HoldingKind, int]:
    """How much we keep, or kept, about a person."""
    return counted.by_kind(tx, subject)


def count_elsewhere(tx: Transaction, subject: SubjectId) -> int:
    """How much other systems keep about a person now, as far as the map knows."""
    return sum(counted.elsewhere(tx, subject).values())


def elsewhere_by_system(tx: Transaction, subject: SubjectId) -> dict[SystemId, int]:
    """The same, of each system in which anything lies."""
    return counted.elsewhere(tx, subject)


def count_gone_elsewhere(tx: Transaction, subject: SubjectId) -> dict[tuple[SystemId, HoldingKind], int]:
    """How much each other system kept about a person and was confirmed gone from there."""
    return counted.gone_elsewhere(tx, subject)


def of_call(tx: Transaction, call: CallId) -> list[Holding]:
    """All that is held of a call, in order."""
    return store.holdings_of_call(tx, call)


def past_term(
    tx: Transaction, day: date, *, after: tuple[date, HoldingId] | None = None, limit: int = 1000
) -> list[tuple[date, Remnants]]:
    """What of ours may be kept for no purpose any more on `day`, and is not disposed of: with its last day, the longest over
    first, those that lie together as one. `after` is the last one of the page before, and `limit` counts each. What a hold keeps
    is among them."""
    return term_store.past_term(tx, day, after, limit)


def readable_after(tx: Transaction, after: HoldingId | None, limit: int) -> list[HoldingId]:
    """A page of what we keep the whole bytes of, in the order of ids."""
    return term_store.readable_after(tx, after, limit)


def kept_for(
    tx: Transaction, purpose: PurposeId, *, after: tuple[date, HoldingId] | None = None, looked_at: int = 1000
) -> tuple[list[tuple[HoldingId, datetime]], tuple[date, HoldingId] | None]:
    """What of ours is kept for this purpose among the next `looked_at`, with when each was made; and behind which one to go on,
    None after the last."""
    return term_store.kept_for(tx, purpose, after, looked_at)


def kept_of(tx: Transaction, subject: SubjectId, purpose: PurposeId, today: date) -> list[KeptFor]:
    """What is there about one person for this purpose, by us and by other systems, on `today` and longer."""
    return store.kept_of(tx, subject, purpose, today)


def keep_until(tx: Transaction, purpose: PurposeId, last_days: Mapping[HoldingId, date]) -> list[HoldingId]:
    """The map says a sooner day; the locks are the vault's to move, in the same transaction. Those that had a later one."""
    return term_store.keep_until(tx, purpose, last_days) if last_days else []


def to_dispose(tx: Transaction, subject: SubjectId, *, limit: int = 1000) -> list[Holding]:
    """What of ours is left to delete of an erased person: neither disposed nor held. An empty list: nothing is left."""
    return store.disposable_holdings(tx, subject, limit)


def attribute(tx: Transaction, call: CallId, *, of: SubjectId, to: SubjectId) -> int:
    """What is held of one person from this call is another's. Its keys are the vault's to move, before. How many."""
    return store.attribute(tx, call, of=of, to=to)


def made_from(tx: Transaction, holding: HoldingId) -> list[HoldingId]:
    """Everything that was made from it, directly or over others."""
    return store.made_from(tx, holding)


def readable(tx: Transaction, vault: Vault, holding: Holding) -> dict[PurposeId, Dark | None]:
    """For each purpose it is kept for: None where it can be read, or why not. Asked of the keys, each time anew. On what another
    system keeps there is no lock of ours."""
    if not holding.is_ours:
        return dict.fromkeys(holding.purposes)
    keys = vault.unlock_all(tx, [(holding.id, purpose) for purpose in holding.purposes])
    return {purpose: key if isinstance(key, Dark) else None for (_, purpose), key in keys.items()}


def quarantined(tx: Transaction, holding: Holding) -> frozenset[PurposeId]:
    """The purposes for which a yes that it needs, or that what it was made from needs, is void. What is gone is in none."""
    if holding.disposed_at is not None or not (holding.is_ours or holding.provenance.derived_from):
        return frozenset()
    return frozenset(quarantine.withheld_for(tx, holding.id))


def dispose(tx: Transaction, clock: Clock, holdings: Sequence[HoldingId], *, by: Actor, confirmed: Disposal) -> int:
    """Their bytes are confirmed gone: one statement for all; how many were not disposed before. Conflict while a hold keeps one:
    lift the hold first."""
    if holds.held_among(tx, holdings):
        raise Conflict("A hold keeps this holding. Lift the hold first; then it can go.")
    at = clock.now()
    gone = store.dispose_holdings(tx, holdings, at)
    if gone:
        root = ids_root(gone)
        said = HoldingsDisposed(
            at=at, controller=tx.of, count=len(gone), root=root, confirmed=confirmed, actor=by.id, role=by.role
        )
        ledger.append(tx, said)
    return len(gone)


def _holding(new: NewHolding, made_at: datetime, statement: StatementId) -> Holding:
    return Holding(
        id=new.id,
        subject=new.subject,
        kind=new.kind,
        call=new.call,
        stream=new.stream,
        terms=new.terms,
        made_at=made_at,
        mediatype=new.mediatype,
        provenance=new.provenance,
        object_key=new.object_key,
        sealed_length=None,
        complete=None,
        sha256=None,
        disposed_at=None,
        statement=statement,
    )


def _recorded(tx: Transaction, clock: Clock, new: NewHolding) -> HoldingRecorded:
    return HoldingRecorded(
        at=clock.now(),
        controller=tx.of,
        holding=new.id,
        kind_of_holding=new.kind,
        call=new.call,
        stream=new.stream,
        purposes=tuple(term.purpose for term in new.terms),
        last_days=new.last_days,
        source=new.provenance.source,
        basis=new.basis,
        derived_from=new.provenance.derived_from,
        actor=new.provenance.actor.id,
        role=new.provenance.actor.role,
    )
