"""What an erasure has to do in other systems: planned before the person's key is destroyed, kept up to date, told.

The deeds here change the book alone. Going to another system lies outside the database: `errand` does that, step by step
(`erasure.letting_go`). Deliberately elsewhere: what we keep ourselves (`erasure.disposal`), and the certificate.
"""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from rightcall.actors import SYSTEM, Actor
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.discovery.systems import actions as systems
from rightcall.erasure import store as erasure_store
from rightcall.erasure.elsewhere import rules
from rightcall.erasure.elsewhere.books import store as book_store
from rightcall.erasure.elsewhere.errands import store as errand_store
from rightcall.erasure.elsewhere.model import OPEN, Book, Errand, KeeperSaid, OpenPlace, PlaceState, Remains
from rightcall.erasure.elsewhere.places import store as place_store
from rightcall.erasure.elsewhere.statements import (
    ElsewhereConfirmed,
    ElsewherePlanned,
    ErrandEscalated,
    KeeperAnswered,
    KeeperTold,
    PlacesForgotten,
)
from rightcall.errors import Conflict, NotFound
from rightcall.holdings import actions as holdings
from rightcall.holdings.foreign import actions as foreign
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.model import Disposal
from rightcall.ids import ErasureId, HoldingId, StatementId, SubjectId, SystemId, new_id
from rightcall.ledger.actions import append
from rightcall.subjects.joining import actions as joining
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

_SALT = "erasure.signs"


def keep_places(tx: Transaction, vault: Vault, *, erasure: ErasureId, subject: SubjectId) -> None:
    """To be called where the person's key is destroyed, in the same transaction and before: where their things lie elsewhere can
    be opened from now on with a key of this erasure, and nothing else of theirs can. In the same time however much there is."""
    key = SubjectId(new_id())
    vault.create_subject(tx, key)
    salt = secrets.token_bytes(32)
    sealed_salt = vault.seal_value(tx, key, salt, _SALT)
    book_store.insert_book(tx, erasure, subject, key, foreign.keep_places(tx, vault, subject, under=key), sealed_salt)


def keep_signs(tx: Transaction, vault: Vault, *, erasure: ErasureId) -> None:
    """To be called before the person's findings are forgotten, in the same transaction. Again finds none."""
    book = book_store.book_for_update(tx, erasure)
    if book is not None and book.key is not None:
        place_store.keep_signs(tx, erasure, book.subject, salt_of(tx, vault, book))


def plan(tx: Transaction, vault: Vault, clock: Clock, *, erasure: ErasureId) -> bool:
    """The next part of the plan: all that other systems keep about the person, and what was made from theirs. True where there is
    more. The set is settled: nothing of an erased person is put on the map, and nothing is taken from them."""
    book = book_store.book_for_update(tx, erasure)
    if book is None or book.planned_at is not None:
        return False
    others = _of_others(tx, book.subject)
    wanted = {*errand_store.systems_with(tx, book.subject), *others.values()}
    if not wanted:
        _forget(tx, vault, clock, book, is_said=False)
        book_store.delete_book(tx, erasure)
        return False
    erasable = _erasable(tx)
    errand_store.insert_errands(tx, erasure, {system: system in erasable for system in wanted}, clock.now())
    if place_store.plan_places(tx, erasure, book.subject):
        return True
    place_store.insert_others(tx, erasure, others)
    errands = errand_store.errands(tx, erasure)
    is_open = any(each.open for each in errands)
    book_store.was_planned(tx, erasure, at=clock.now(), is_open=is_open)
    append(tx, _planned(tx, clock, erasure, errands))
    if not is_open and not any(_needs_places(each) for each in errands):
        _forget(tx, vault, clock, book)
    return False


def _planned(tx: Transaction, clock: Clock, erasure: ErasureId, errands: Sequence[Errand]) -> ElsewherePlanned:
    return ElsewherePlanned(
        at=clock.now(),
        controller=tx.of,
        erasure=erasure,
        systems=sum(1 for each in errands if each.open),
        places=sum(each.open for each in errands),
        outside=sum(each.count(PlaceState.OUTSIDE) for each in errands),
        of_another=sum(each.count(PlaceState.OF_ANOTHER) for each in errands),
    )


def _of_others(tx: Transaction, subject: SubjectId) -> Mapping[HoldingId, SystemId]:
    """What other systems keep that was made from the person's data and is about somebody else who is still there."""
    person = {subject, *joining.person(tx, subject)}
    return {
        each.id: each.place.system for each in foreign.made_of(tx, subject) if each.subject not in person and each.place.system
    }


def _erasable(tx: Transaction) -> frozenset[SystemId]:
    return frozenset(each.id for each in systems.systems(tx) if each.is_erasable and each.retired_at is None)


def refresh(tx: Transaction, clock: Clock, *, erasure: ErasureId) -> None:
    """What a hold keeps meanwhile stays, what none keeps any more is to go; and what can be erased in now is. Where something is
    open again, not all is settled any more."""
    erasable = _erasable(tx)
    for each in errand_store.errands(tx, erasure):
        if (each.system in erasable) != each.is_erasable:
            errand_store.may_be_erased_in(tx, erasure, each.system, is_erasable=each.system in erasable, due_at=clock.now())
    place_store.hold_and_release(tx, erasure, _held(tx))
    if any(each.open for each in errand_store.errands(tx, erasure)):
        book_store.unsettle(tx, erasure)


def _held(tx: Transaction) -> list[HoldingId]:
    return [slice.holding for hold in holds.standing(tx) for slice in hold.slices]


def due_errands(tx: Transaction, clock: Clock, *, erasure: ErasureId, round: int) -> list[SystemId]:
    """The systems to go to in this round. None where the round is over."""
    book = book_store.book_for_update(tx, erasure)
    if book is None or book.round != round or book.key is None:
        return []
    refresh(tx, clock, erasure=erasure)
    now, errands = clock.now(), errand_store.errands(tx, erasure)
    return [each.system for each in errands if each.is_erasable and each.open and (each.due_at is None or each.due_at <= now)]


def opened(tx: Transaction, vault: Vault, book: Book, found: Sequence[OpenPlace]) -> list[OpenPlace] | Dark:
    """With where exactly each lies."""
    kept = book_store.kept_places(tx, book.erasure)
    if book.key is None or kept is None:
        raise Conflict("Where this lay is forgotten, since nobody needed it any more. Nothing is left to do there.")
    places = foreign.kept_places(tx, vault, [each.holding for each in found], kept, of=book.subject, under=book.key)
    if isinstance(places, Dark):
        return places
    return [replace(each, spot=rules.spot_of(places[each.holding])) if each.holding in places else each for each in found]


def salt_of(tx: Transaction, vault: Vault, book: Book) -> bytes:
    """What signs are hashed with. Conflict once it is destroyed."""
    sealed = book_store.sealed_salt(tx, book.erasure)
    salt = None if sealed is None or book.key is None else vault.open_value(tx, book.key, sealed, _SALT)
    if salt is None or isinstance(salt, Dark):
        raise Conflict("Where this lay is forgotten, since nobody needed it any more. Nothing is left to do there.")
    return salt


def end_errand(
    tx: Transaction, clock: Clock, *, erasure: ErasureId, system: SystemId, round: int, is_unreachable: bool, after: timedelta
) -> None:
    """What came of this round, when it is tried again, and whether a person has to look. Again changes nothing."""
    errand = errand_of(tx, erasure, system)
    now = clock.now()
    trouble = rules.trouble_of(errand.places, is_unreachable=is_unreachable, is_seen_again=errand.is_seen_again)
    is_escalated = trouble is not None and rules.needs_a_person(
        trouble, failing_since=errand.failing_since or now, now=now, after=after
    )
    due_at = None if trouble is None else now + rules.pause(errand.failures + 1, is_escalated=is_escalated)
    ended = errand_store.end_errand(tx, errand, round=round, trouble=trouble, at=now, due_at=due_at, is_escalated=is_escalated)
    if ended and is_escalated and errand.escalated_at is None:
        append(tx, ErrandEscalated(at=now, controller=tx.of, erasure=erasure, system=system))


def end_round(tx: Transaction, vault: Vault, clock: Clock, *, erasure: ErasureId, round: int) -> bool:
    """True where all that was to go elsewhere is confirmed gone now and was not before: then it is said, and to be certified."""
    book = book_store.book_for_update(tx, erasure)
    if book is None:
        return False
    if book.round == round:
        # Once it is forgotten where things lay, nothing can be tried again: a scan that sees them no more ends it.
        again = None if book.key is None else _next(errand_store.errands(tx, erasure), clock.now())
        book_store.end_round(tx, erasure, round, again)
    return _settle(tx, vault, clock, book)


def _next(errands: Sequence[Errand], now: datetime) -> datetime | None:
    """Daily where a hold keeps something, to see whether it still does."""
    days = [each.due_at or now for each in errands if each.is_erasable and each.open]
    if any(each.count(PlaceState.HELD) for each in errands):
        days.append(now + timedelta(days=1))
    return min(days, default=None)


def _settle(tx: Transaction, vault: Vault, clock: Clock, book: Book) -> bool:
    errands = errand_store.errands(tx, book.erasure)
    if any(each.open for each in errands):
        return False
    is_new = book.settled_at is None
    if is_new:
        said = ElsewhereConfirmed(
            at=clock.now(),
            controller=tx.of,
            erasure=erasure_store.root_of(tx, book.erasure),
            confirmed=sum(each.count(PlaceState.CONFIRMED) for each in errands),
            held=sum(each.count(PlaceState.HELD) for each in errands),
        )
        book_store.settle(tx, book.erasure, at=clock.now(), statement=append(tx, said))
    if not any(_needs_places(each) for each in errands):
        _forget(tx, vault, clock, book)
    return is_new


def _needs_places(errand: Errand) -> bool:
    """Whether somebody may still have to know where something lies."""
    return bool(errand.count(PlaceState.HELD)) or bool(errand.count(PlaceState.OUTSIDE) and errand.told_at is None)


def _forget(tx: Transaction, vault: Vault, clock: Clock, book: Book, *, is_said: bool = True) -> None:
    if book.key is None:
        return
    vault.destroy_subject(tx, book.key)
    book_store.forget_key(tx, book.erasure)
    if is_said:
        append(tx, PlacesForgotten(at=clock.now(), controller=tx.of, erasure=book.erasure))


def forget_again(tx: Transaction, vault: Vault, clock: Clock, *, erasure: ErasureId) -> bool:
    """A restored database has the key that opens where things lay, though all of it was confirmed gone: it goes again, and what
    was confirmed is confirmed. True where there was one."""
    book = book_store.book_for_update(tx, erasure)
    if book is None or book.key is None:
        return False
    gone = place_store.all_confirmed(tx, erasure)
    if gone:
        holdings.dispose(tx, clock, gone, by=SYSTEM, confirmed=Disposal.OTHER_SYSTEM_CONFIRMED)
    if book.planned_at is None:
        book_store.was_planned(tx, erasure, at=clock.now(), is_open=True)
    _settle(tx, vault, clock, book)
    _forget(tx, vault, clock, book)
    return True


def errand_of(tx: Transaction, erasure: ErasureId, system: SystemId) -> Errand:
    found = next((each for each in errand_store.errands(tx, erasure) if each.system == system), None)
    if found is None:
        raise NotFound("This erasure has nothing to do in that system. Look at the erasure to see in which it has.")
    return found


def check_outside(tx: Transaction, erasure: ErasureId, system: SystemId) -> None:
    """Conflict where the system is erased in by ourselves."""
    if not errand_of(tx, erasure, system).count(PlaceState.OUTSIDE):
        raise Conflict("This system is erased in by Rightcall itself: nobody needs to be told. See its state.")


def places(
    tx: Transaction, vault: Vault, *, erasure: ErasureId, system: SystemId, after: HoldingId | None, limit: int
) -> list[OpenPlace]:
    """For whoever has to tell or to mend it: what is open or out of reach there, and where. Conflict once it is forgotten."""
    errand_of(tx, erasure, system)
    book = book_store.book_for_update(tx, erasure)
    if book is None:
        raise NotFound("This erasure has nothing to do elsewhere.")
    states = OPEN | {PlaceState.OUTSIDE}
    found = opened(tx, vault, book, place_store.next_places(tx, erasure, system, states, limit, after))
    if isinstance(found, Dark):
        raise Conflict("Where this lay cannot be opened any more.")
    return found


def try_now(tx: Transaction, clock: Clock, *, erasure: ErasureId, system: SystemId | None = None) -> None:
    """Whatever the pause: it is gone on with at once, as where a hold was lifted."""
    if system is not None:
        errand_of(tx, erasure, system)
    refresh(tx, clock, erasure=erasure)
    errand_store.try_now(tx, erasure, system, clock.now())
    book_store.make_due(tx, erasure, clock.now())


def see_to(tx: Transaction, clock: Clock, *, erasure: ErasureId, system: SystemId | None = None) -> None:
    """A person has mended something, or has looked at what a scan found elsewhere: the same, and that rings no more."""
    try_now(tx, clock, erasure=erasure, system=system)
    errand_store.was_looked_at(tx, erasure, system, clock.now())


def go_on(tx: Transaction, clock: Clock, *, erasure: ErasureId) -> None:
    """A round begins at once, though there may be nothing left to do but to certify."""
    book_store.make_due(tx, erasure, clock.now())


def tell(tx: Transaction, vault: Vault, clock: Clock, *, erasure: ErasureId, system: SystemId, by: Actor) -> Errand:
    """Those who look after a system out of reach were told what to let go of: by whom, and when. Again changes nothing. Conflict
    where the system is erased in by ourselves."""
    check_outside(tx, erasure, system)
    if errand_store.was_told(tx, erasure, system, at=clock.now(), by=by):
        append(
            tx,
            KeeperTold(at=clock.now(), controller=tx.of, erasure=erasure, system=system, actor=by.id, role=by.role),
        )
        book = book_store.book_for_update(tx, erasure)
        if book is not None:
            _settle(tx, vault, clock, book)
    return errand_of(tx, erasure, system)


def answered(tx: Transaction, clock: Clock, *, erasure: ErasureId, system: SystemId, answer: KeeperSaid, by: Actor) -> Errand:
    """What those who look after a system out of reach said. Another answer later replaces it here, and both stand in the ledger.
    It makes nothing gone: whether it is shows when the system is scanned again. Conflict before they were told."""
    check_outside(tx, erasure, system)
    errand = errand_of(tx, erasure, system)
    if errand.told_at is None:
        raise Conflict(
            "Those who look after this system were not told yet. Send the letter, say so, and enter their answer then."
        )
    if errand.answer is not answer:
        at = clock.now()
        errand_store.keeper_said(tx, erasure, system, answer, at=at, by=by)
        said = KeeperAnswered(at=at, controller=tx.of, erasure=erasure, system=system, answer=answer, actor=by.id, role=by.role)
        append(tx, said)
    return errand_of(tx, erasure, system)


def is_settled(tx: Transaction, subject: SubjectId) -> bool:
    """Whether nothing of this erased person is left to be let go of elsewhere, and all that was is confirmed gone."""
    return all(each.settled_at is not None for each in book_store.books_of(tx, subject))


def settled(tx: Transaction, erasure: ErasureId) -> list[StatementId]:
    """What the ledger says of it; nothing while something is open, or there was nothing elsewhere."""
    found = book_store.book_for_update(tx, erasure)
    return [] if found is None or found.settled is None else [found.settled]


def is_gone(tx: Transaction, clock: Clock, gone: Sequence[HoldingId]) -> None:
    """It is confirmed, and written down as gone but for what a hold keeps."""
    held = {slice.holding for hold in holds.standing(tx, gone) for slice in hold.slices} if gone else set()
    ours = [holding for holding in gone if holding not in held]
    holdings.dispose(tx, clock, ours, by=SYSTEM, confirmed=Disposal.OTHER_SYSTEM_CONFIRMED)


def remains(tx: Transaction, subject: SubjectId, *, held: Mapping[SystemId, int]) -> Remains:
    """What other systems kept and keep still, as far as is known. What no plan knows of is not confirmed either, and what a scan
    saw again is not gone. `held`: so many of it a hold keeps now."""
    errands = [each for book in book_store.books_of(tx, subject) for each in errand_store.errands(tx, book.erasure)]
    outside, open = Counter[SystemId](), Counter[SystemId]()
    for each in errands:
        outside[each.system] += each.count(PlaceState.OUTSIDE)
        open[each.system] += each.open
    unknown = Counter(holdings.elsewhere_by_system(tx, subject))
    unknown.subtract(held)
    unknown.subtract(outside)
    gone = Counter(holdings.count_gone_elsewhere(tx, subject))
    gone.subtract(place_store.back(tx, subject))
    told = {each.system: each.told_at for each in errands}
    return Remains(
        gone=+gone,
        unconfirmed=open | unknown,
        outside={system: (number, told[system]) for system, number in (+outside).items()},
        of_another={each.system: count for each in errands if (count := each.count(PlaceState.OF_ANOTHER))},
    )


book = book_store.book_for_update
books_of = book_store.books_of
errands = errand_store.errands
due = book_store.due
open_books = book_store.open_books
waiting = errand_store.waiting
needing_a_person = errand_store.needing_a_person
