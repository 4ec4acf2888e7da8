"""A request for a copy that is ready: processors that receive the person's data, and take such requests, are asked for theirs."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from rightcall.activities.processors import ordering as processors
from rightcall.activities.processors.model import OrderKind
from rightcall.canonical import Json
from rightcall.clock import Clock
from rightcall.database.connection import Database, Transaction
from rightcall.ids import ControllerId, RequestId
from rightcall.procedures.ports import Steps
from rightcall.requests import actions
from rightcall.requests.model import Request, RequestKind, Stage
from rightcall.vault.actions import Vault

_KINDS = {RequestKind.ACCESS: OrderKind.ACCESS, RequestKind.PORTABILITY: OrderKind.PORTABILITY}


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyOrders:
    """The procedure `order_copies`."""

    database: Database
    vault: Vault
    clock: Clock

    def __call__(self, steps: Steps, *arguments: str) -> Json:
        controller, request = ControllerId(UUID(arguments[0])), RequestId(UUID(arguments[1]))
        return steps.run("order", partial(self._order, controller, request))

    def _order(self, controller: ControllerId, request: RequestId) -> int:
        with self.database.transaction(controller) as tx:
            found = actions.find(tx, request)
            return 0 if found is None else order_copies(tx, self.vault, self.clock, found)


def order_copies(tx: Transaction, vault: Vault, clock: Clock, request: Request) -> int:
    """How many were to be asked that were not before. Of what is answered nobody is asked any more."""
    if request.stage is Stage.ANSWERED or request.kind not in _KINDS:
        return 0
    return processors.order_copies(
        tx,
        vault,
        clock,
        request=request.id,
        kind=_KINDS[request.kind],
        subject=request.subject,
        at=request.received_at,
    )
