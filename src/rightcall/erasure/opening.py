"""That a person opened what was shut, since nobody knows whether what was let go is in it again: said in the ledger on behalf of
each controller. Deliberately elsewhere: what shuts it (`adapters.shut`)."""

from rightcall.clock import Clock
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Database
from rightcall.erasure.model import Missing
from rightcall.erasure.statements import OpenedAnyway
from rightcall.ledger.actions import append


def opened_anyway(database: Database, clock: Clock, *, missing: Missing, lost: int) -> None:
    """In transactions of each controller's own."""
    with database.system() as tx:
        owners = controllers.all_ids(tx)
    for owner in owners:
        with database.transaction(owner) as tx:
            append(tx, OpenedAnyway(at=clock.now(), controller=owner, missing=missing, lost=lost))
