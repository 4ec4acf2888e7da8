"""Destroying what opens a person's data, then disposing of the bytes, each confirmed (GDPR Art. 17; NIST SP 800-88).

The keys go first, in one transaction and in the same time whatever the volume: from then on nobody can read anything. The bytes
follow, object by object. Deliberately elsewhere: when it is done (`requests`, `retention`), and the certificate (`certifying`).
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from rightcall.actors import Actor
from rightcall.calls import actions as calls
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.database.walk import Walk
from rightcall.discovery.findings import actions as findings
from rightcall.discovery.joins import actions as joins
from rightcall.discovery.linking import actions as linking
from rightcall.erasure import store
from rightcall.erasure.elsewhere import actions as elsewhere
from rightcall.erasure.elsewhere.model import Errand, KeeperSaid, PlaceState
from rightcall.erasure.model import Erasure
from rightcall.erasure.statements import ErasureConfirmed, SubjectErased
from rightcall.errors import Breach, Conflict, NotFound
from rightcall.evidence.graded import Residual
from rightcall.evidence.model import Opening
from rightcall.holdings import actions as holdings
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.holds.model import Hold
from rightcall.holdings.model import Holding
from rightcall.ids import ErasureId, HoldingId, StatementId, SubjectId, SystemId, new_id
from rightcall.ledger.actions import append
from rightcall.subjects import actions as subjects
from rightcall.subjects.leaving import actions as leaving
from rightcall.vault.actions import Vault


def begin(tx: Transaction, clock: Clock, *, erasure: ErasureId, subject: SubjectId, part_of: ErasureId | None = None) -> Erasure:
    """Write down that this person is to be erased; `part_of`: with the one that stands for them, whose erasure is begun. Again is
    fine; Conflict where the same id names another person's erasure."""
    subjects.get(tx, subject)
    store.insert_erasure(tx, erasure, subject, None if part_of == erasure else part_of, clock.now())
    found = get(tx, erasure)
    if found.subject != subject:
        raise Conflict("This erasure is of another person. Nothing was destroyed. Tell the DPO.")
    return found


def get(tx: Transaction, erasure: ErasureId) -> Erasure:
    found = store.erasure_for_update(tx, erasure)
    if found is None:
        raise NotFound("There is no such erasure of this controller.")
    return found


def find(tx: Transaction, erasure: ErasureId) -> Erasure | None:
    return store.erasure_for_update(tx, erasure)


def whole(tx: Transaction, erasure: ErasureId) -> tuple[Erasure, ...]:
    """All that are one with it, of one person: first the one under whose id they are known."""
    root = get(tx, get(tx, erasure).root)
    return (root, *(get(tx, each) for each in store.parts_of(tx, root.id)))


def as_one(tx: Transaction, erasure: ErasureId) -> Erasure:
    """The whole as one is told of it: destroyed and confirmed when the last part is."""
    found = whole(tx, erasure)
    return replace(
        found[0],
        destroyed_at=_last([each.destroyed_at for each in found]),
        confirmed_at=_last([each.confirmed_at for each in found]),
        disposed=sum(each.disposed for each in found),
        held=sum(each.held for each in found),
        kept_for_recipients=sum(each.kept_for_recipients for each in found),
        doubtful=sum(each.doubtful for each in found),
    )


def is_settled(tx: Transaction, erasure: ErasureId) -> bool:
    """Whether of the whole every key is destroyed, and nothing is left to be let go of elsewhere."""
    found = whole(tx, erasure)
    return all(each.destroyed_at is not None and elsewhere.is_settled(tx, each.subject) for each in found)


def certified_under(tx: Transaction, subject: SubjectId) -> list[SubjectId]:
    """Under which subjects certificates of this one's erasures are: of the one that stood for the person, too."""
    found = [get(tx, each) for each in store.erasures_of(tx, subject)]
    return list(dict.fromkeys([subject, *(get(tx, each.root).subject for each in found)]))


def latest_of(tx: Transaction, subject: SubjectId) -> Erasure | None:
    latest = store.latest_of(tx, subject)
    return None if latest is None else get(tx, latest)


def is_under_way(tx: Transaction, subject: SubjectId, *, but: ErasureId | None = None) -> bool:
    """Whether the person's key is destroyed, and not all that was to go is confirmed gone, here and elsewhere. `but`: by another
    erasure than this one, and what is part of it."""
    latest = _destroyed(tx, subject, but)
    return latest is not None and not _is_whole(tx, latest)


def is_erased(tx: Transaction, subject: SubjectId, *, but: ErasureId | None = None) -> bool:
    """Whether the person's key is destroyed, and all that was to go is confirmed gone. `but`: as above."""
    latest = _destroyed(tx, subject, but)
    return latest is not None and _is_whole(tx, latest)


def unconfirmed(tx: Transaction, clock: Clock, *, since: timedelta) -> list[Erasure]:
    """Those begun at least so long ago that are not confirmed, the oldest first."""
    return [get(tx, id) for id in store.unconfirmed(tx, clock.now() - since)]


def destroy(tx: Transaction, vault: Vault, clock: Clock, *, erasure: ErasureId) -> Erasure:
    """The person's key, and with it every grant, is destroyed; identifiers and name are deleted, but for blinds until
    all is settled (`subjects.leaving`). Where things lie in other systems stays known to the erasure alone (`elsewhere`). In
    the same time whatever is held about them: what grows with that is for `forget`. Again changes nothing.

    The epoch is read after the key is gone, in the same transaction: no copy of the key can lie under a later one.
    """
    found = get(tx, erasure)
    if found.destroyed_at is not None:
        return found
    vault.hold_subject(tx, found.subject)
    if vault.subject_exists(tx, found.subject):
        elsewhere.keep_places(tx, vault, erasure=erasure, subject=found.subject)
    vault.destroy_subject(tx, found.subject)
    epoch = vault.epoch_number(tx)
    leaving.keep(tx, erasure=erasure, subject=found.subject)
    identifiers = subjects.forget_identifiers(tx, found.subject)
    statement, opening, at = StatementId(new_id()), _opening(tx, found), clock.now()
    said = SubjectErased(
        at=at,
        controller=tx.of,
        erasure=found.root,
        subject=opening.commitment,
        epoch=epoch,
        identifiers=identifiers,
        part=None if found.part_of is None else erasure,
    )
    append(tx, said, id=statement)
    store.set_destroyed(
        tx,
        erasure,
        at=at,
        epoch=epoch,
        identifiers=identifiers,
        doubtful=joins.count_doubtful(tx, [found.subject]),
        statement=statement,
        salt=opening.salt,
    )
    if found.part_of is not None and get(tx, found.part_of).epoch is not None:
        store.set_released(tx, found.part_of, epoch=epoch)
    return get(tx, erasure)


def forget(tx: Transaction, vault: Vault, clock: Clock, *, erasure: ErasureId) -> None:
    """After the keys: what was found of the person elsewhere, whose records those are, and what was said of them in calls, tells
    of nobody any more. Again changes nothing."""
    found = get(tx, erasure)
    if found.destroyed_at is None:
        raise Breach("A person is forgotten only after their keys are destroyed. Stop, and tell the DPO.")
    elsewhere.keep_signs(tx, vault, erasure=erasure)
    linking.forget(tx, found.subject)
    findings.forget(tx, found.subject)
    joins.forget(tx, clock, found.subject)
    calls.unmark(tx, found.subject)


def confirm(tx: Transaction, clock: Clock, *, erasure: ErasureId) -> Erasure | None:
    """Everything is confirmed gone but for what a hold keeps. None where something else is left. Again changes nothing."""
    found = get(tx, erasure)
    if found.confirmed_at is not None:
        return found
    if holdings.to_dispose(tx, found.subject, limit=1):
        return None
    held = len(kept_by_holds(tx, found.subject))
    _say_confirmed(tx, clock, found, held)
    return get(tx, erasure)


def confirm_released(tx: Transaction, vault: Vault, clock: Clock, *, erasure: ErasureId) -> bool:
    """A hold was lifted and its slices are gone: say so. True where that was so, and it is to be certified anew.

    Until now a backup could hold the hold's key, so the backups of this epoch count again.
    """
    found = get(tx, erasure)
    held = len(kept_by_holds(tx, found.subject))
    if found.confirmed_at is None or held >= found.held or holdings.to_dispose(tx, found.subject, limit=1):
        return False
    _say_confirmed(tx, clock, found, held)
    store.set_released(tx, found.root, epoch=vault.epoch_number(tx))
    return True


def hold_prolonged(tx: Transaction, *, erasure: ErasureId) -> bool:
    """A hold lasts longer than the certificate tells. True where there is one that is to be certified anew."""
    found = get(tx, get(tx, erasure).root)
    if found.certificate is not None and found.epoch is not None:
        store.set_released(tx, found.id, epoch=found.epoch)
    return found.confirmed_at is not None


def settled_elsewhere(tx: Transaction, vault: Vault, *, erasure: ErasureId) -> None:
    """All that was to go in other systems is confirmed gone, or those who look after one out of reach were told: whoever has a
    certificate gets one that says so. A backup could open where it lay until now, so the backups of this epoch count again."""
    found = get(tx, erasure)
    for each in dict.fromkeys([found.root, *store.certified_of(tx, found.subject)]):
        if get(tx, each).epoch is not None:
            store.set_released(tx, each, epoch=vault.epoch_number(tx))


def reopened(tx: Transaction, *, erasure: ErasureId) -> None:
    """What its certificate says of another system is not so any more: it is certified anew."""
    root = get(tx, get(tx, erasure).root)
    if root.epoch is not None:
        store.set_released(tx, root.id, epoch=root.epoch)


def to_certify_anew(tx: Transaction, *, erasure: ErasureId) -> list[ErasureId]:
    """Erasures of the person that are confirmed whole and have no certificate as things stand."""
    found = get(tx, erasure)
    roots = dict.fromkeys(get(tx, each).root for each in [erasure, *store.uncertified_of(tx, found.subject)])
    return [each for each in roots if get(tx, each).certificate is None and is_confirmed(tx, each)]


def is_confirmed(tx: Transaction, erasure: ErasureId) -> bool:
    """Whether of the whole everything of ours is confirmed gone."""
    return all(each.confirmed_at is not None for each in whole(tx, erasure))


def going_to(tx: Transaction, erasure: ErasureId, system: SystemId) -> list[Errand]:
    """What there is to do in that system: of each subject of the person that had something there, that of this erasure first.
    NotFound where none had."""
    found = [each for part in whole(tx, erasure) for each in elsewhere.errands(tx, part.id) if each.system == system]
    return sorted(found, key=lambda each: each.erasure != erasure) or [elsewhere.errand_of(tx, erasure, system)]


def outside(tx: Transaction, erasure: ErasureId, system: SystemId) -> list[Errand]:
    """Those of them that whoever looks after the system has to do. Conflict where it is erased in by ourselves."""
    found = going_to(tx, erasure, system)
    left = [each for each in found if each.count(PlaceState.OUTSIDE)]
    if not left:
        elsewhere.check_outside(tx, found[0].erasure, system)
    return left


def tell_keeper(tx: Transaction, vault: Vault, clock: Clock, *, erasure: ErasureId, system: SystemId, by: Actor) -> Errand:
    """Those who look after it were told, of the whole person; see `elsewhere.actions.tell`. The certificate tells the day from
    then on."""
    for each in outside(tx, erasure, system):
        elsewhere.tell(tx, vault, clock, erasure=each.erasure, system=system, by=by)
        if each.told_at is None:
            settled_elsewhere(tx, vault, erasure=each.erasure)
            elsewhere.go_on(tx, clock, erasure=each.erasure)
    return going_to(tx, erasure, system)[0]


def keeper_answered(
    tx: Transaction, clock: Clock, *, erasure: ErasureId, system: SystemId, answer: KeeperSaid, by: Actor
) -> Errand:
    """What they said, of the whole person; see `elsewhere.actions.answered`."""
    for each in outside(tx, erasure, system):
        elsewhere.answered(tx, clock, erasure=each.erasure, system=system, answer=answer, by=by)
    return going_to(tx, erasure, system)[0]


def see_to(tx: Transaction, clock: Clock, *, erasure: ErasureId, system: SystemId) -> Errand:
    """A person has mended something; see `elsewhere.actions.see_to`."""
    for each in going_to(tx, erasure, system):
        elsewhere.see_to(tx, clock, erasure=each.erasure, system=system)
    return going_to(tx, erasure, system)[0]


def page(tx: Transaction, walk: Walk, *, limit: int) -> list[Erasure]:
    """All there ever were, each the whole of a person, as one is told of it."""
    return [as_one(tx, each) for each in store.page(tx, walk, limit)]


def unfinished(tx: Transaction) -> list[ErasureId]:
    """Those whose own bytes are not confirmed gone."""
    return store.unfinished(tx)


def keep_for_recipients(tx: Transaction, *, erasure: ErasureId, count: int) -> None:
    """So many identifiers of the person are kept until recipients are told of the erasure (Art. 19); 0 once they were."""
    store.keep_for_recipients(tx, erasure, count)


def leave_unasked(tx: Transaction, *, erasure: ErasureId, unasked: Collection[Residual]) -> bool:
    """Why recipients are not asked of it by what records tell: the certificate says so, and is made anew. False where it was so
    before."""
    if not store.set_unasked(tx, erasure, unasked):
        return False
    reopened(tx, erasure=erasure)
    return True


def kept_and_why(tx: Transaction, *subjects: SubjectId) -> list[tuple[Hold, list[Holding]]]:
    """The holds that keep something of these, who are one person, and what; the next to end first."""
    standing = holds.standing(tx)
    known = holdings.of_ids(tx, [each.holding for hold in standing for each in hold.slices])
    found = [(hold, [known[each.holding] for each in hold.slices]) for hold in standing]
    mine = [(hold, [each for each in kept if each.subject in subjects]) for hold, kept in found]
    return [(hold, kept) for hold, kept in mine if kept]


def kept_by_holds(tx: Transaction, subject: SubjectId) -> dict[HoldingId, date]:
    """What of this person a hold keeps, and until which day."""
    until: dict[HoldingId, date] = {}
    for hold, kept in kept_and_why(tx, subject):
        until |= {each.id: max(hold.ends_on, until.get(each.id, hold.ends_on)) for each in kept}
    return dict(sorted(until.items()))


def _opening(tx: Transaction, erasure: Erasure) -> Opening:
    """One for the whole person, so that one certificate opens all that was said of them."""
    root = get(tx, erasure.root)
    salt = root.salt or root.opening
    if salt is not None:
        return Opening(subject=root.subject, salt=salt)
    fresh = Opening.fresh(root.subject)
    store.set_opening(tx, root.id, fresh.salt)
    return fresh


def _last(moments: Sequence[datetime | None]) -> datetime | None:
    """None while one is to come."""
    there = [each for each in moments if each is not None]
    return max(there) if len(there) == len(moments) else None


def _destroyed(tx: Transaction, subject: SubjectId, but: ErasureId | None) -> Erasure | None:
    found = store.destroyed_of(tx, subject)
    latest = None if found is None else get(tx, found)
    return None if latest is None or latest.root == but else latest


def _is_whole(tx: Transaction, erasure: Erasure) -> bool:
    return erasure.confirmed_at is not None and elsewhere.is_settled(tx, erasure.subject)


def _say_confirmed(tx: Transaction, clock: Clock, erasure: Erasure, held: int) -> None:
    if erasure.destroyed_at is None:
        raise Breach("An erasure is confirmed only after its keys are destroyed. Stop, and tell the DPO.")
    statement = StatementId(new_id())
    at = max(clock.now(), erasure.destroyed_at)
    ours = sum(1 for holding in kept_by_holds(tx, erasure.subject) if holdings.get(tx, holding).is_ours)
    disposed = sum(holdings.count_of_subject(tx, erasure.subject).values()) - ours
    append(
        tx,
        ErasureConfirmed(at=at, controller=tx.of, erasure=erasure.root, disposed=disposed, held=held),
        id=statement,
    )
    store.set_confirmed(tx, erasure.id, at=at, disposed=disposed, held=held, statement=statement)
