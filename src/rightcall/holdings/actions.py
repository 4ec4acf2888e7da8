"""The map's deeds: nothing is held, used, held longer or let go of without its statement in the same transaction.

Deleting bytes lies outside the database and so is not a deed here: a procedure does it, and says `dispose` once it is confirmed.
Whether a use is allowed is for the policy to say before; `used` writes down that it happened.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from rightcall.actors import SYSTEM, Actor
from rightcall.clock import Clock, day_of
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, NotFound
from rightcall.holdings import store
from rightcall.holdings.categories import Category
from rightcall.holdings.foreign import actions as foreign
from rightcall.holdings.holds import store as holds_store
from rightcall.holdings.model import (
    Disposal,
    Hold,
    Holding,
    HoldingKind,
    HoldName,
    HoldReason,
    NewForeign,
    NewHolding,
    Registered,
    Remnant,
    Slice,
)
from rightcall.holdings.places import Place
from rightcall.holdings.rules import check_hold, check_prolonging, ids_root
from rightcall.holdings.statements import (
    HoldingCompleted,
    HoldingRecorded,
    HoldingsDisposed,
    HoldLifted,
    HoldPlaced,
    HoldProlonged,
)
from rightcall.ids import CallId, HoldId, HoldingId, PurposeId, StatementId, SubjectId, SystemId, new_id
from rightcall.ledger import actions as ledger
from rightcall.ledger.model import Digest
from rightcall.vault.actions import Vault
from rightcall.vault.model import ContentKey, Dark, DarkReason
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


def of_subject(tx: Transaction, subject: SubjectId, *, after: HoldingId | None = None, limit: int | None = None) -> list[Holding]:
    """All that is held about one subject, newest first; a page of it with `limit`, and the next with the last one as `after`."""
    return store.holdings_of_subjects(tx, [subject], after, limit)


def of_person(
    tx: Transaction, subjects: Sequence[SubjectId], *, after: HoldingId | None = None, limit: int | None = None
) -> list[Holding]:
    """The same of a person who is several subjects (`subjects.joining.person`), newest first over all of them."""
    return store.holdings_of_subjects(tx, subjects, after, limit)


def systems_with(tx: Transaction, subjects: Sequence[SubjectId], category: Category) -> list[SystemId]:
    """The other systems in which something of this category about these subjects is there."""
    return store.systems_with(tx, subjects, category)


def count_of_subject(tx: Transaction, subject: SubjectId) -> dict[HoldingKind, int]:
    """How much we keep, or kept, about a person."""
    return store.count_of_subject(tx, subject)


def count_elsewhere(tx: Transaction, subject: SubjectId) -> int:
    """How much other systems keep about a person now, as far as the map knows."""
    return store.count_elsewhere(tx, subject)


def count_gone_elsewhere(tx: Transaction, subject: SubjectId) -> dict[HoldingKind, int]:
    """How much other systems kept about a person and was confirmed gone from there."""
    return store.count_gone_elsewhere(tx, subject)


def of_call(tx: Transaction, call: CallId) -> list[Holding]:
    """All that is held of a call, in order."""
    return store.holdings_of_call(tx, call)


def past_term(
    tx: Transaction, day: date, *, after: tuple[date, HoldingId] | None = None, limit: int = 1000
) -> list[tuple[date, Remnant]]:
    """What of ours may be kept for no purpose any more on `day`, and is not disposed of: with its last day, the longest over
    first. `after` is the last one of the page before. What a hold keeps is among them."""
    return store.past_term(tx, day, after, limit)


def kept_for(
    tx: Transaction, purpose: PurposeId, *, after: tuple[date, HoldingId] | None = None, looked_at: int = 1000
) -> tuple[list[tuple[HoldingId, datetime]], tuple[date, HoldingId] | None]:
    """What of ours is kept for this purpose among the next `looked_at`, with when each was made; and behind which one to go on,
    None after the last."""
    return store.kept_for(tx, purpose, after, looked_at)


def keep_until(tx: Transaction, purpose: PurposeId, last_days: Mapping[HoldingId, date]) -> list[HoldingId]:
    """The map says a sooner day; the locks are the vault's to move, in the same transaction. Those that had a later one."""
    return store.keep_until(tx, purpose, last_days) if last_days else []


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
    return {
        purpose: key if isinstance(key := vault.unlock_content(tx, holding=holding.id, purpose=purpose), Dark) else None
        for purpose in holding.purposes
    }


def quarantined(tx: Transaction, holding: Holding) -> frozenset[PurposeId]:
    """The purposes for which a yes that it needs, or that what it was made from needs, is void. What is gone is in none."""
    if holding.disposed_at is not None or not (holding.is_ours or holding.provenance.derived_from):
        return frozenset()
    return frozenset(quarantine.withheld_for(tx, holding.id))


def dispose(tx: Transaction, clock: Clock, holding: HoldingId, *, by: Actor, confirmed: Disposal) -> None:
    """Its bytes are confirmed gone. Again is fine. Conflict while a hold keeps it: lift the hold first."""
    if not dispose_all(tx, clock, [holding], by=by, confirmed=confirmed):
        get(tx, holding)


def dispose_all(tx: Transaction, clock: Clock, holdings: Sequence[HoldingId], *, by: Actor, confirmed: Disposal) -> int:
    """The same for many at once, with one statement; how many were not disposed before."""
    if held_among(tx, holdings):
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


def place_hold(
    tx: Transaction,
    vault: Vault,
    clock: Clock,
    *,
    name: HoldName,
    reason: HoldReason,
    owner: Actor,
    until: date,
    slices: Sequence[Slice],
) -> Hold:
    """Keep these slices, and nothing else, though their locks may go. Conflict where one can no longer be read, and where the
    name is taken: a lifted hold keeps its name."""
    at = clock.now()
    check_hold(slices, store.holdings(tx, [each.holding for each in slices]), until, day_of(at))
    identity = HoldId(new_id())
    for each in slices:
        vault.hold(tx, hold=identity, holding=each.holding, purpose=each.purpose)
    ordered = tuple(sorted(slices, key=lambda each: each.holding))
    statement = ledger.append(
        tx,
        HoldPlaced(
            at=at,
            controller=tx.of,
            hold=identity,
            reason=reason,
            until=until,
            holdings=tuple(each.holding for each in ordered),
            purposes=tuple(each.purpose for each in ordered),
            actor=owner.id,
            role=owner.role,
        ),
    )
    hold = Hold(
        id=identity,
        name=name,
        reason=reason,
        owner=owner,
        placed_at=at,
        until=until,
        slices=ordered,
        lifted_at=None,
        statement=statement,
    )
    if not holds_store.insert(tx, hold):
        raise Conflict("There is or was a hold with this name. Look at the holds, or name this one by another file reference.")
    return hold


def lift_hold(tx: Transaction, vault: Vault, clock: Clock, hold: HoldId, *, by: Actor) -> Hold:
    """The reason is over: what no other lock opens is dark from the commit on. Again is fine."""
    at = clock.now()
    if holds_store.lift(tx, hold, at):
        _released(tx, vault, hold, at, by)
    return get_hold(tx, hold)


def holds_over(tx: Transaction, clock: Clock) -> list[HoldId]:
    """The holds whose last day is over and that were not lifted yet."""
    return holds_store.over(tx, day_of(clock.now()))


def end_hold(tx: Transaction, vault: Vault, clock: Clock, hold: HoldId) -> bool:
    """Lifts it if its last day is over, whatever anyone thought a moment ago. True where this did it; again changes nothing."""
    at = clock.now()
    if not holds_store.lift(tx, hold, at, over_on=day_of(at)):
        return False
    _released(tx, vault, hold, at, SYSTEM)
    return True


def prolong_hold(tx: Transaction, clock: Clock, hold: HoldId, *, until: date, by: Actor) -> Hold:
    """The reason lasts longer. Conflict where the hold has ended: nothing brings back what is dark."""
    at = clock.now()
    check_prolonging(get_hold(tx, hold), until, day_of(at))
    if not holds_store.prolong(tx, hold, until):
        raise Conflict("This hold was changed just now. Look at it again.")
    ledger.append(tx, HoldProlonged(at=at, controller=tx.of, hold=hold, until=until, actor=by.id, role=by.role))
    return get_hold(tx, hold)


def unlock_held(tx: Transaction, vault: Vault, clock: Clock, hold: Hold, holding: HoldingId) -> ContentKey | Dark:
    """The key of a held slice. Dark after the hold's last day, whether or not anyone has destroyed its key yet."""
    if hold.lifted_at is None and not hold.keeps(day_of(clock.now())):
        return Dark(reason=DarkReason.TERM_OVER)
    return vault.unlock_held(tx, hold=hold.id, holding=holding)


def is_held(tx: Transaction, clock: Clock, holding: HoldingId) -> bool:
    """Whether some hold keeps it still, so that the DPO can read it whatever became of its own locks."""
    today = day_of(clock.now())
    return any(hold.keeps(today) for hold in holds_store.standing(tx, [holding]))


def held_among(tx: Transaction, holdings: Sequence[HoldingId]) -> set[HoldingId]:
    """Those of these that some hold keeps that was not lifted, so that they cannot go."""
    return holds_store.held_among(tx, holdings)


def get_hold(tx: Transaction, hold: HoldId) -> Hold:
    found = holds_store.by_id(tx, hold)
    if found is None:
        raise NotFound("There is no such hold here. List the holds to see their ids.")
    return found


def holds(tx: Transaction, of: Sequence[HoldingId] | None = None) -> list[Hold]:
    """The holds that stand, of these holdings or all, the next to end first."""
    return holds_store.standing(tx, of)


def _released(tx: Transaction, vault: Vault, hold: HoldId, at: datetime, by: Actor) -> None:
    vault.release_hold(tx, hold)
    ledger.append(tx, HoldLifted(at=at, controller=tx.of, hold=hold, actor=by.id, role=by.role))


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
