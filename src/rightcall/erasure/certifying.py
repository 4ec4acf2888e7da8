"""What a certificate is made of: the facts of one erasure as they stand now.

Certified when everything of ours is confirmed gone, with the last day that a backup's keys still open; again once a later epoch
began and no key from before exists, so that backups are covered too; again when a hold was lifted and its slices are gone; and
again when the last system that kept something has confirmed, or those who look after one out of reach were told.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from rightcall.calls import actions as calls
from rightcall.clock import Clock
from rightcall.consent import actions as consent
from rightcall.copies import actions as copies
from rightcall.database.connection import Transaction
from rightcall.erasure import actions, store
from rightcall.erasure.elsewhere import actions as elsewhere
from rightcall.erasure.elsewhere.model import Remains
from rightcall.erasure.grading import graded_of, remaining_elsewhere
from rightcall.erasure.model import Erasure
from rightcall.errors import Breach
from rightcall.evidence import actions as evidence
from rightcall.evidence.certificates import grade_of
from rightcall.evidence.model import LET_GO, CertificateId, Disposal, Ground, LawSays, Opening, Remainder, WhyKept
from rightcall.evidence.model import Erasure as Facts
from rightcall.holdings import actions as holdings
from rightcall.holdings.holds.model import Hold
from rightcall.holdings.model import HoldingKind
from rightcall.ids import ErasureId, HoldingId, RequestId, StatementId, SystemId
from rightcall.policy import actions as policy
from rightcall.policy.model import Axis
from rightcall.subjects.leaving import actions as leaving
from rightcall.vault.model import Epoch
from rightcall.vault.rules import useless_after


def backups_until(epoch: Epoch, epoch_days: int) -> date:
    """The last day that a key of the present epoch still opens."""
    return useless_after(epoch.begun_at, epoch_days)


def certify(tx: Transaction, clock: Clock, erasure: ErasureId, *, backups_until: date) -> CertificateId | None:
    """The certificate of a confirmed erasure, written once, for all subjects of the person; None while another of these is not
    confirmed. Breach where none is: nothing is certified that did not happen. Where a later epoch has begun meanwhile and the
    ledger says so, backups are covered at once."""
    whole = actions.whole(tx, erasure)
    if whole[0].certificate is not None:
        return whole[0].certificate
    if actions.get(tx, erasure).confirmed_at is not None and not actions.is_confirmed(tx, erasure):
        return None
    return _write(tx, clock, whole, until=backups_until, turned=_turn_after(tx, whole[0]))


def is_first_to_say(tx: Transaction, *, epoch: int, statement: StatementId) -> bool:
    """Whether nobody has said yet for this controller that `epoch` began and no earlier key exists; `statement` will say it."""
    return store.insert_turn(tx, epoch, statement)


def certify_backups(tx: Transaction, clock: Clock, *, epoch: int) -> int:
    """Each certified erasure from before `epoch` is certified anew, now that no key from then exists. How many those were.

    Where a backup of its keys is not confirmed gone, it waits: with that, a backup of the data opens still."""
    statement = store.turn_of(tx, epoch)
    found = [actions.get(tx, erasure) for erasure in store.in_backups(tx, epoch)]
    free = [erasure for erasure in found if not _keys_are_kept(tx, erasure)]
    for erasure in free:
        _write(tx, clock, actions.whole(tx, erasure.id), until=None, turned=statement)
    return len(free)


def _keys_are_kept(tx: Transaction, erasure: Erasure) -> bool:
    """Whether a backup of keys from its epoch or before is not confirmed gone."""
    return erasure.epoch is not None and copies.old_keys(tx, erasure.epoch + 1) > 0


def _turn_after(tx: Transaction, erasure: Erasure) -> StatementId | None:
    if erasure.epoch is None:
        raise Breach("An erasure that destroyed nothing cannot be certified. Tell the DPO.")
    return None if _keys_are_kept(tx, erasure) else store.turn_after(tx, erasure.epoch)


def _write(
    tx: Transaction, clock: Clock, whole: Sequence[Erasure], *, until: date | None, turned: StatementId | None
) -> CertificateId:
    root, acts = whole[0], [act for each in whole for act in _acts(tx, each)]
    if root.salt is None:
        raise Breach("An erasure that destroyed nothing cannot be certified. Tell the DPO.")
    opening = Opening(subject=root.subject, salt=root.salt)
    kept = {each.id: actions.kept_by_holds(tx, each.subject) for each in whole}
    away = {each.id: elsewhere.remains(tx, each.subject, held=_held(tx, kept[each.id])) for each in whole}
    facts = Facts(
        subject=opening.commitment,
        request=RequestId(root.id),
        done_at=max(each.confirmed_at for each in whole if each.confirmed_at is not None),
        disposals=tuple(Disposal(statement=act) for act in [*acts, *([turned] if turned else [])]),
        destroyed=_destroyed(tx, whole, kept, away),
        remains=_together([remainder for each in whole for remainder in _remains(tx, each, kept[each.id], away[each.id])]),
        backups_until=None if turned else until,
    )
    certificate = evidence.certify(tx, clock, facts, opening, graded_of(tx, whole, facts, list(away.values())))
    store.set_certified(tx, root.id, certificate=certificate, turned=turned)
    if grade_of(facts.remains, has_backups=facts.backups_until is not None) in LET_GO:
        for each in whole:
            leaving.settle(tx, each.id)
    return certificate


def _acts(tx: Transaction, erasure: Erasure) -> list[StatementId]:
    if erasure.destroyed is None or erasure.confirmed is None:
        raise Breach("An erasure that is not confirmed cannot be certified. Tell the DPO.")
    return [erasure.destroyed, erasure.confirmed, *elsewhere.settled(tx, erasure.id)]


def _destroyed(
    tx: Transaction,
    whole: Sequence[Erasure],
    kept: Mapping[ErasureId, Mapping[HoldingId, date]],
    away: Mapping[ErasureId, Remains],
) -> tuple[tuple[str, int], ...]:
    counts = Counter[HoldingKind]()
    for each in whole:
        counts.update(holdings.count_of_subject(tx, each.subject))
        counts.subtract(held.kind for holding in kept[each.id] if (held := holdings.get(tx, holding)).is_ours)
        for (_, kind), number in away[each.id].gone.items():
            counts[kind] += number
    return tuple((kind.value, number) for kind, number in sorted(counts.items()) if number > 0)


def _together(remains: Sequence[Remainder]) -> tuple[Remainder, ...]:
    """What remains on the same ground of several subjects of a person is counted once."""
    found: dict[tuple[object, ...], Remainder] = {}
    for each in remains:
        of = (each.ground, each.until, each.holding, each.told_on, each.why)
        found[of] = replace(each, count=each.count + found[of].count) if of in found else each
    return tuple(found.values())


def _held(tx: Transaction, kept: Mapping[HoldingId, date]) -> Counter[SystemId]:
    """What holds keep in other systems."""
    return Counter(system for each in kept if (system := holdings.get(tx, each).place.system) is not None)


def _remains(tx: Transaction, erasure: Erasure, kept: Mapping[HoldingId, date], away: Remains) -> tuple[Remainder, ...]:
    whys = _whys(tx, erasure)
    remains = [
        Remainder(ground=Ground.HOLD, count=1, until=until, holding=holding, why=whys.get(holding))
        for holding, until in kept.items()
    ]
    choices = len(consent.choices_of_subject(tx, erasure.subject))
    timelines = len(calls.of_subject(tx, erasure.subject))
    remains.extend(each for _, each in remaining_elsewhere(away))
    if erasure.kept_for_recipients:
        remains.append(Remainder(ground=Ground.LEGAL_OBLIGATION, count=erasure.kept_for_recipients))
    if erasure.doubtful:
        remains.append(Remainder(ground=Ground.DOUBTFUL, count=erasure.doubtful))
    if choices:
        remains.append(Remainder(ground=Ground.CHOICES, count=choices))
    if timelines:
        remains.append(Remainder(ground=Ground.TIMELINE, count=timelines))
    return tuple(remains)


def _whys(tx: Transaction, erasure: Erasure) -> dict[HoldingId, WhyKept]:
    """Why each thing is kept, by the hold that keeps it longest. A hold that the person must not be told of says no reason."""
    found: dict[HoldingId, WhyKept] = {}
    for hold, kept in sorted(actions.kept_and_why(tx, erasure.subject), key=lambda each: each[0].ends_on):
        for each in kept:
            found.pop(each.id, None)
            if hold.untold is None:
                found[each.id] = _why(tx, hold)
    return found


def _why(tx: Transaction, hold: Hold) -> WhyKept:
    """In the law's words alone: what a house rule says is nobody's ground to keep anything."""
    reasons = () if hold.verdict is None else policy.get(tx, hold.verdict).verdict.reasons
    rules = tuple(LawSays(rule=e.rule, cite=e.ground, says=e.says) for e in reasons if e.axis is Axis.LAW)
    return WhyKept(reason=hold.reason, law=None if hold.law is None else hold.law.text, rules=rules)
