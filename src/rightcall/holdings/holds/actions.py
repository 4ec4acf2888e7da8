"""A hold's life: placed by one, agreed to by another, told to whom it is about, prolonged or lifted, and over by itself.

What it keeps of ours is wrapped under a key of its own. Deliberately elsewhere: deleting it (`retention.procedure`), and letters.
"""

from collections.abc import Sequence
from datetime import date

from rightcall.actors import SYSTEM, Actor, Role
from rightcall.clock import Clock, day_of
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, NotFound
from rightcall.holdings import store as holdings
from rightcall.holdings.holds import store
from rightcall.holdings.holds.model import Hold, HoldName, HoldReason, Law, Longer, Slice, Told, Untold, Waiting, Word
from rightcall.holdings.holds.rules import (
    AGREE_WITHIN,
    DUTY_WITHIN,
    SOON,
    check_ground,
    check_hold,
    check_prolonging,
    check_same_law,
    check_second,
    check_stands,
    waits_for,
)
from rightcall.holdings.holds.statements import HoldAgreed, HoldLifted, HoldPlaced, HoldProlonged, HoldTold, LongerAsked
from rightcall.ids import HoldId, HoldingId, StatementId, SubjectId, VerdictId, new_id
from rightcall.ledger import actions as ledger
from rightcall.subjects.joining import actions as joining
from rightcall.vault.actions import Vault
from rightcall.vault.model import ContentKey, Dark, DarkReason


def place(
    tx: Transaction,
    vault: Vault,
    clock: Clock,
    *,
    name: HoldName,
    reason: HoldReason,
    owner: Actor,
    until: date,
    slices: Sequence[Slice],
    law: Law | None = None,
    untold: Untold | None = None,
    verdict: VerdictId | None = None,
    id: HoldId | None = None,
) -> Hold:
    """Keep these slices, and nothing else, though their locks may go: a week long, until another agrees. On what another system
    keeps there is no lock of ours, and it means that our erasures leave just that alone. Conflict where one can no longer be read
    or is gone, and where the name is taken: a lifted hold keeps its name. `id`: that stretches were sealed for. A
    person names the law of a duty; what the system proposes may wait for one."""
    at = clock.now()
    if owner.role is not Role.SYSTEM:
        check_ground(reason, law)
    identity = id or HoldId(new_id())
    _keep(tx, vault, identity, slices, until, day_of(at))
    hold = Hold(
        id=identity,
        name=name,
        reason=reason,
        law=law,
        untold=untold,
        owner=owner,
        placed_at=at,
        until=until,
        agree_by=day_of(at + (DUTY_WITHIN if owner.role is Role.SYSTEM else AGREE_WITHIN)),
        agreed=None,
        longer=None,
        slices=tuple(sorted(slices, key=lambda each: each.holding)),
        lifted_at=None,
        statement=StatementId(new_id()),
        verdict=verdict,
    )
    ledger.append(tx, _placed(tx, hold), id=hold.statement)
    if not store.insert(tx, hold):
        raise Conflict("There is or was a hold with this name. Look at the holds, or name this one by another file reference.")
    return hold


def _placed(tx: Transaction, hold: Hold) -> HoldPlaced:
    return HoldPlaced(
        at=hold.placed_at,
        controller=tx.of,
        hold=hold.id,
        reason=hold.reason,
        until=hold.until,
        agree_by=hold.agree_by,
        untold=hold.untold,
        holdings=tuple(each.holding for each in hold.slices),
        purposes=tuple(each.purpose for each in hold.slices),
        actor=hold.owner.id,
        role=hold.owner.role,
    )


def _keep(tx: Transaction, vault: Vault, hold: HoldId, slices: Sequence[Slice], until: date, today: date) -> None:
    known = holdings.holdings(tx, [each.holding for each in slices])
    check_hold(slices, known, until, today)
    vault.open_hold(tx, hold)
    for each in slices:
        if known[each.holding].is_ours and each.span is None:
            vault.hold(tx, hold=hold, holding=each.holding, purpose=each.purpose)


def agree(tx: Transaction, clock: Clock, hold: HoldId, *, by: Actor, law: Law | None = None) -> Hold:
    """A second person's yes: to the hold, or to a later day that was asked for. Again is fine. NotAllowed for the role that asked
    it, Conflict where the hold has ended. `law`: of a duty that the system put under a hold without one; Malformed where it is
    left out there, Conflict where the hold has another."""
    found, at = get(tx, hold), clock.now()
    check_stands(found, day_of(at))
    if found.agreed is None:
        check_second(by, found.owner)
        check_same_law(found.law, law)
        check_ground(found.reason, found.law or law)
        store.agree(tx, hold, Word(by=by, at=at), law)
        ledger.append(tx, HoldAgreed(at=at, controller=tx.of, hold=hold, actor=by.id, role=by.role))
    elif found.longer is not None:
        check_second(by, found.longer.by)
        store.prolong(tx, hold)
        said = HoldProlonged(at=at, controller=tx.of, hold=hold, until=found.longer.until, actor=by.id, role=by.role)
        ledger.append(tx, said)
    return get(tx, hold)


def prolong(tx: Transaction, clock: Clock, hold: HoldId, *, until: date, by: Actor) -> Hold:
    """The reason lasts longer: so it does once another agrees, and until then the earlier day counts. Conflict where the hold has
    ended: nothing brings back what is dark."""
    at = clock.now()
    check_prolonging(get(tx, hold), until, day_of(at))
    store.ask_longer(tx, hold, Longer(until=until, by=by))
    ledger.append(tx, LongerAsked(at=at, controller=tx.of, hold=hold, until=until, actor=by.id, role=by.role))
    return get(tx, hold)


def lift(tx: Transaction, vault: Vault, clock: Clock, hold: HoldId, *, by: Actor) -> Hold:
    """The reason is over: what no other lock opens is dark from the commit on. Again is fine."""
    at = clock.now()
    if store.lift(tx, hold, at):
        _released(tx, vault, clock, hold, by)
    return get(tx, hold)


def over(tx: Transaction, clock: Clock) -> list[HoldId]:
    """The holds whose last day is over, or on which nobody agreed in time, and that were not lifted yet."""
    return store.over(tx, day_of(clock.now()))


def end(tx: Transaction, vault: Vault, clock: Clock, hold: HoldId) -> bool:
    """Lifts it if its last day is over, whatever anyone thought a moment ago. True where this did it; again changes nothing."""
    at = clock.now()
    if not store.lift(tx, hold, at, over_on=day_of(at)):
        return False
    _released(tx, vault, clock, hold, SYSTEM)
    return True


def unlock(tx: Transaction, vault: Vault, clock: Clock, hold: Hold, holding: HoldingId) -> ContentKey | Dark:
    """The key of a held slice. Dark after the hold's last day, whether or not anyone has destroyed its key yet. Conflict before
    another has agreed."""
    if hold.keeps(day_of(clock.now())) and hold.agreed is None:
        raise Conflict("This hold waits for a second person's word. Until then it keeps, and opens for nobody.")
    return _unlock(tx, vault, clock, hold, holding)


def unlock_each(tx: Transaction, vault: Vault, clock: Clock, holding: HoldingId) -> list[ContentKey | Dark]:
    """By every hold that was ever placed on it, agreed to or not: for what shows it to nobody."""
    return [_unlock(tx, vault, clock, get(tx, hold), holding) for hold in store.placed_on(tx, holding)]


def _unlock(tx: Transaction, vault: Vault, clock: Clock, hold: Hold, holding: HoldingId) -> ContentKey | Dark:
    if hold.lifted_at is None and not hold.keeps(day_of(clock.now())):
        return Dark(reason=DarkReason.TERM_OVER)
    return vault.unlock_held(tx, hold=hold.id, holding=holding)


def is_held(tx: Transaction, clock: Clock, holding: HoldingId) -> bool:
    """Whether some hold keeps it still, so that the DPO can read it whatever became of its own locks."""
    today = day_of(clock.now())
    return any(hold.keeps(today) for hold in store.standing(tx, [holding]))


held_among = store.held_among
held_between = store.held_between


def get(tx: Transaction, hold: HoldId) -> Hold:
    found = store.by_id(tx, hold)
    if found is None:
        raise NotFound("There is no such hold here. List the holds to see their ids.")
    return found


def named(tx: Transaction, name: HoldName) -> Hold:
    """By its file reference."""
    found = store.by_name(tx, name.text)
    if found is None:
        raise NotFound("There is no hold of that name here. List the holds to see their names.")
    return get(tx, found)


def standing(tx: Transaction, of: Sequence[HoldingId] | None = None) -> list[Hold]:
    """The holds that stand, of these holdings or all, the next to end first."""
    return store.standing(tx, of)


def waiting_for(tx: Transaction, clock: Clock, by: Actor) -> int:
    """How many wait for the word of somebody in this role."""
    today = day_of(clock.now())
    return sum(waits_for(each, by) for each in store.standing(tx, None) if each.keeps(today))


def about(tx: Transaction, hold: HoldId) -> list[Told]:
    """Whom it is about, and when each was told: subjects that are one person are told once."""
    subjects, told = store.about(tx, hold), store.told(tx, hold)
    people = joining.stand_for(tx, [*subjects, *told])
    first_told = {people[each]: at for each, at in told.items()}
    return [Told(subject=each, at=first_told.get(each)) for each in sorted({people[each] for each in subjects})]


def tell(tx: Transaction, clock: Clock, hold: HoldId, subject: SubjectId, *, by: Actor) -> None:
    """The person was told that this is kept, why and until when. Again changes nothing. Conflict where they must not be."""
    found, at, person = get(tx, hold), clock.now(), joining.standing_for(tx, subject)
    check_may_tell(tx, found, person)
    if Told(subject=person, at=None) in about(tx, hold) and store.was_told(tx, hold, person, Word(by=by, at=at)):
        ledger.append(tx, HoldTold(at=at, controller=tx.of, hold=hold, actor=by.id, role=by.role))


def check_may_tell(tx: Transaction, hold: Hold, subject: SubjectId) -> None:
    """NotFound where it is about somebody else; Conflict where they must not be told, or nobody has agreed yet."""
    person = joining.standing_for(tx, subject)
    if all(each.subject != person for each in about(tx, hold.id)):
        raise NotFound("This hold keeps nothing about that person. Look at the hold to see whom it is about.")
    if hold.untold is not None:
        raise Conflict("The hold says that the person must not be told, and why. Lift it, and place one that lets them be told.")
    if hold.agreed is None:
        raise Conflict("Nobody has agreed to this hold yet, so there is nothing to tell. Have it agreed to first.")


def waiting(tx: Transaction, clock: Clock) -> Waiting:
    """What somebody has to do about holds now."""
    today = day_of(clock.now())
    to_agree, ending, untold = store.waiting(tx, today, today + SOON)
    to_tell = sum(each.at is None for hold in untold for each in about(tx, hold))
    return Waiting(to_agree=to_agree, ending=ending, to_tell=to_tell)


def _released(tx: Transaction, vault: Vault, clock: Clock, hold: HoldId, by: Actor) -> None:
    vault.release_hold(tx, hold)
    ledger.append(tx, HoldLifted(at=clock.now(), controller=tx.of, hold=hold, actor=by.id, role=by.role))
