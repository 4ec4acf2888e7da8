"""Making and reading controllers."""

from dataclasses import replace

from rightcall.clock import Clock
from rightcall.controllers import store
from rightcall.controllers.model import ON_RECORD_AT_LEAST, Controller, NewController
from rightcall.controllers.rules import checked, checked_remembering, checked_zone
from rightcall.database.connection import Transaction
from rightcall.design.tongues import marked
from rightcall.errors import NotFound
from rightcall.ids import ControllerId, new_id
from rightcall.languages import canonical_language


def create(system_tx: Transaction, clock: Clock, new: NewController) -> Controller:
    """In a system transaction: a controller cannot make another."""
    valid = checked(new)
    id, at = ControllerId(new_id()), clock.now()
    store.insert(system_tx, id, valid, at)
    return Controller(
        id=id,
        name=valid.name,
        address=valid.address,
        contact=valid.contact,
        jurisdictions=valid.jurisdictions,
        created_at=at,
        zone=valid.zone,
        language=valid.language,
    )


def set_zone(system_tx: Transaction, controller: ControllerId, zone: str) -> Controller:
    """Where its pages tell moments from now on. What is stored stays as it is: every moment is kept in UTC."""
    valid = checked_zone(zone)
    found = by_id(system_tx, controller)
    store.set_zone(system_tx, controller, valid)
    return replace(found, zone=valid)


def set_language(system_tx: Transaction, controller: ControllerId, language: str) -> Controller:
    """In which language its register, its reviews and its rules are written. Pages in others mark their words as of this one."""
    valid = canonical_language(language)
    found = by_id(system_tx, controller)
    store.set_language(system_tx, controller, valid)
    return replace(found, language=valid)


def remember(system_tx: Transaction, controller: ControllerId, days: int) -> Controller:
    """For so many days after something went it is known from now on that it was. What is forgotten stays forgotten."""
    valid = checked_remembering("What is gone is remembered", days)
    found = by_id(system_tx, controller)
    store.set_remembering(system_tx, controller, valid)
    return replace(found, remember_days=valid)


def keep_on_record(system_tx: Transaction, controller: ControllerId, days: int) -> Controller:
    """For so many days after a call it stays on record from now on, with what was asked, chosen and decided in it, and a request
    after its answer. What is forgotten stays forgotten."""
    valid = checked_remembering("Calls and requests stay on record", days, at_least=ON_RECORD_AT_LEAST)
    found = by_id(system_tx, controller)
    store.set_on_record(system_tx, controller, valid)
    return replace(found, on_record_days=valid)


def get(tx: Transaction) -> Controller:
    """The controller of this transaction."""
    return _found(store.by_id(tx, tx.of))


def by_id(system_tx: Transaction, controller: ControllerId) -> Controller:
    return _found(store.by_id(system_tx, controller))


def all_ids(system_tx: Transaction) -> list[ControllerId]:
    return store.all_ids(system_tx)


def _found(controller: Controller | None) -> Controller:
    if controller is None:
        raise NotFound(marked("There is no such company here. Look at the address again, or begin at the first page."))
    return controller
