"""Declaring who receives data and who answers for it; and the record of processing, read from what runs."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from enum import Enum
from uuid import UUID

from rightcall.activities import rules, store
from rightcall.activities.counting import actions as counting
from rightcall.activities.model import (
    Activity,
    Kept,
    Measures,
    NewRecipient,
    NewResponsible,
    Recipient,
    Record,
    Responsible,
    Standing,
    UseMade,
)
from rightcall.activities.statements import RecipientDeclared, RecipientEnded, ResponsibleDeclared, ResponsibleEnded
from rightcall.actors import Actor
from rightcall.canonical import Json, canonical_json, sha256
from rightcall.clock import Clock
from rightcall.controllers import actions as controllers
from rightcall.controllers.model import Controller
from rightcall.database.connection import Transaction
from rightcall.discovery.seen import actions as seeing
from rightcall.discovery.seen.saying import said
from rightcall.discovery.systems import actions as systems
from rightcall.errors import Malformed, NotFound
from rightcall.holdings.map.model import Kept as OnMap
from rightcall.holdings.uses.model import Made
from rightcall.ids import PurposeId, RecipientId, ResponsibleId, SystemId, new_id
from rightcall.ledger import actions as ledger
from rightcall.policy.model import RuleSet
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Purpose
from rightcall.reviews import standing as reviews_standing
from rightcall.reviews.model import InForce


def declare_recipient(tx: Transaction, clock: Clock, new: NewRecipient, *, by: Actor) -> Recipient:
    """Malformed or NotFound where it is not whole. Declared again under the same name is another entry: end the first."""
    valid = rules.checked_recipient(new)
    for purpose in valid.purposes:
        purposes.get(tx, purpose)
    if any(each.name == valid.name and each.ended_at is None for each in store.recipients(tx)):
        raise Malformed("A recipient of that name is declared already. End that one first, where something has changed.")
    at, id = clock.now(), RecipientId(new_id())
    said = RecipientDeclared(
        at=at,
        controller=tx.of,
        recipient=id,
        receives_as=valid.kind,
        purposes=valid.purposes,
        safeguard=valid.safeguard,
        actor=by.id,
        role=by.role,
    )
    recipient = Recipient(
        id=id,
        name=valid.name.strip(),
        kind=valid.kind,
        country=valid.country,
        purposes=valid.purposes,
        safeguard=valid.safeguard,
        language=valid.language,
        declared_by=by,
        declared_at=at,
        ended_at=None,
        statement=ledger.append(tx, said),
    )
    store.insert_recipient(tx, recipient)
    return recipient


def end_recipient(tx: Transaction, clock: Clock, recipient: RecipientId, *, by: Actor) -> Recipient:
    """It receives nothing from now on. Again is fine."""
    found = next((each for each in store.recipients(tx) if each.id == recipient), None)
    if found is None:
        raise NotFound("There is no such recipient here. List the recipients to find its id.")
    at = clock.now()
    if not store.end_recipient(tx, recipient, at):
        return found
    ledger.append(tx, RecipientEnded(at=at, controller=tx.of, recipient=recipient, actor=by.id, role=by.role))
    return replace(found, ended_at=at)


def recipients(tx: Transaction) -> list[Recipient]:
    """Ended ones too, by name."""
    return store.recipients(tx)


def declare_responsible(tx: Transaction, clock: Clock, new: NewResponsible, *, by: Actor) -> Responsible:
    """One more who answers for the processing; there may be several."""
    valid = rules.checked_responsible(new)
    made = Responsible(
        id=ResponsibleId(new_id()),
        capacity=valid.capacity,
        name=valid.name.strip(),
        contact=valid.contact.strip(),
        declared_at=clock.now(),
        ended_at=None,
    )
    store.insert_responsible(tx, made)
    said = ResponsibleDeclared(
        at=made.declared_at, controller=tx.of, responsible=made.id, capacity=made.capacity, actor=by.id, role=by.role
    )
    ledger.append(tx, said)
    return made


def end_responsible(tx: Transaction, clock: Clock, responsible: ResponsibleId, *, by: Actor) -> Responsible:
    """They answer for it no more. Again is fine."""
    found = next((each for each in store.responsibles(tx) if each.id == responsible), None)
    if found is None:
        raise NotFound("Nobody is declared under that id. List those who answer for the processing to find it.")
    at = clock.now()
    if not store.end_responsible(tx, responsible, at):
        return found
    ledger.append(tx, ResponsibleEnded(at=at, controller=tx.of, responsible=responsible, actor=by.id, role=by.role))
    return replace(found, ended_at=at)


def responsibles(tx: Transaction) -> list[Responsible]:
    return store.responsibles(tx)


def record(tx: Transaction, clock: Clock, house_rules: RuleSet, measures: Measures) -> Record:
    """As everything stands now. `house_rules` are the deployment's."""
    at, controller = clock.now(), controllers.get(tx)
    counted = counting.counted(tx, clock)
    kept, used = _kept(tx, () if counted is None else counted.kept), _uses(() if counted is None else counted.used)
    declared = [each for each in store.recipients(tx) if each.ended_at is None]
    standing = reviews_standing.standings(tx, clock, house_rules, purposes.active(tx))
    until = {purpose: each.until for purpose, each in standing.items() if isinstance(each, InForce)}
    activities = tuple(
        _activity(tx, controller, purpose, until.get(purpose.id), None if counted is None else kept, used, declared)
        for purpose in purposes.all_purposes(tx)
        if purpose.ended_at is None or kept.get(purpose.id)
    )
    responsible = tuple(each for each in store.responsibles(tx) if each.ended_at is None)
    unpurposed, others = tuple(kept.get(None, ())), systems.systems(tx)
    names = {each.id: each.name.text for each in others}
    nobodys, unserving = _nobodys(tx, names), {each.name.text for each in others if not each.uses}
    gaps = rules.general_gaps(
        responsible,
        unpurposed,
        purposeless=[each.system for each in nobodys if each.system in unserving],
        not_known=[said(each, names[each.system]) for each in seeing.not_known(tx)],
        is_counted=counted is not None,
    )
    made = Record(
        controller=controller,
        responsible=responsible,
        activities=activities,
        unpurposed=unpurposed,
        nobodys=nobodys,
        measures=measures,
        gaps=tuple(gaps),
        uses_since=None if counted is None else counted.uses_since,
        counted_at=None if counted is None else counted.at,
        at=at,
        digest=b"",
    )
    return replace(made, digest=_digest(made))


def _activity(
    tx: Transaction,
    controller: Controller,
    purpose: Purpose,
    until: date | None,
    all_kept: Mapping[PurposeId | None, Sequence[Kept]] | None,
    all_uses: Mapping[PurposeId, Sequence[UseMade]],
    declared: Sequence[Recipient],
) -> Activity:
    kept, used = tuple((all_kept or {}).get(purpose.id, ())), tuple(all_uses.get(purpose.id, ()))
    given = tuple(each for each in declared if purpose.id in each.purposes)
    transfers = tuple(each for each in given if rules.is_transfer(controller.jurisdictions, each.country))
    ended = purpose.ended_at is not None
    standing = Standing.ENDED if ended else Standing.RESTS if until is None else Standing.RUNS
    return Activity(
        purpose=purpose,
        standing=standing,
        review_until=until,
        languages=tuple(sorted({each.language for each in purposes.current_notices(tx, purpose.id)})),
        kept=kept,
        recipients=given,
        transfers=transfers,
        uses=used,
        gaps=tuple(rules.gaps(purpose, standing, None if all_kept is None else kept, given, transfers, used)),
    )


def _kept(tx: Transaction, counted: Sequence[OnMap]) -> dict[PurposeId | None, list[Kept]]:
    """What is on the map, by purpose; None for what serves none."""
    names = {system.id: system.name.text for system in systems.systems(tx)}
    kept: dict[PurposeId | None, list[Kept]] = defaultdict(list)
    for each in counted:
        system = None if each.system is None else names.get(each.system, str(each.system))
        amount = Kept(system=system, category=each.category.value, items=each.items, people=each.people)
        kept[each.purpose].append(amount)
    return kept


def _nobodys(tx: Transaction, names: Mapping[SystemId, str]) -> tuple[Kept, ...]:
    """What was found and is linked to nobody."""
    return tuple(
        Kept(system=names[system], category=category.value, items=items, people=0)
        for (system, category), items in seeing.nobodys(tx).items()
    )


def _uses(made: Sequence[Made]) -> dict[PurposeId, list[UseMade]]:
    used: dict[PurposeId, list[UseMade]] = defaultdict(list)
    for each in made:
        used[each.purpose].append(UseMade(act=each.act, role=each.role, times=each.times))
    return used


def _digest(record: Record) -> bytes:
    said = asdict(record)
    for moment in ("at", "uses_since", "counted_at", "digest"):
        del said[moment]
    del said["measures"]["ledger_size"]
    return sha256(canonical_json(_plain(said)))


def _plain(value: object) -> Json:
    """What a record is made of, as JSON has it."""
    if isinstance(value, Mapping):
        return {str(_plain(key)): _plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, frozenset):
        return sorted(str(_plain(each)) for each in value)
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, UUID | date | datetime):
        return str(value)
    if isinstance(value, str | int) or value is None:
        return value
    raise TypeError(type(value).__name__)
