"""Asking one processor one thing, in rounds: ask or look how far it is, write down what it said. One round is one procedure, and
ends: a processor that is down for days holds up nothing. The worker's housekeeping begins the next one when it is due."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from uuid import UUID

from rightcall.activities.processors import asking, ordering
from rightcall.activities.processors.model import Heard, Order, OrderId, Trouble
from rightcall.activities.processors.ports import Outbound
from rightcall.canonical import Json
from rightcall.clock import Clock
from rightcall.database.connection import Database
from rightcall.ids import ControllerId, ErasureId
from rightcall.procedures.ports import Steps
from rightcall.vault.actions import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """The procedures `ask_processor` and `order_erasure`. `after`: so long a processor may fail before a person has to look."""

    database: Database
    vault: Vault
    clock: Clock
    outbound: Outbound
    after: timedelta

    def __call__(self, steps: Steps, *arguments: str) -> Json:
        """One round of one order. What is sent tells of a person, so it is made and read in one step and kept in none."""
        controller, order, round = ControllerId(UUID(arguments[0])), OrderId(UUID(arguments[1])), int(arguments[2])
        return steps.run("ask", partial(self._ask, controller, order, round))

    def order(self, steps: Steps, *arguments: str) -> Json:
        """Whoever is to be told of an erasure and takes it this way."""
        controller, erasure = ControllerId(UUID(arguments[0])), ErasureId(UUID(arguments[1]))
        return steps.run("order", partial(self._order, controller, erasure))

    def _order(self, controller: ControllerId, erasure: ErasureId) -> int:
        with self.database.transaction(controller) as tx:
            return ordering.order_erasure(tx, self.vault, self.clock, erasure=erasure)

    def _ask(self, controller: ControllerId, order: OrderId, round: int) -> bool:
        with self.database.transaction(controller) as tx:
            call = asking.prepare(tx, self.vault, self.outbound, order, round)
        if call is None:
            return False
        asked = call if isinstance(call, Order) else call.order
        said = Trouble.RETIRED if isinstance(call, Order) else self._converse(controller, call)
        with self.database.transaction(controller) as tx:
            return asking.end_round(tx, self.vault, self.clock, asked, said, after=self.after)

    def _converse(self, controller: ControllerId, call: asking.Call) -> Heard | Trouble:
        valid = self._with_valid_certificate(controller, call)
        return Trouble.BAD_CERTIFICATE if valid is None else asking.converse(self.outbound, valid)

    def _with_valid_certificate(self, controller: ControllerId, call: asking.Call) -> asking.Call | None:
        """A processor renews its certificate now and then. None where the one we know is over and there is no better one."""
        is_over = asking.is_certificate_over(self.outbound, self.clock, call)
        if not is_over and call.order.trouble is not Trouble.BAD_SIGNATURE:
            return call
        found = asking.certificate_again(self.outbound, self.clock, call)
        if found is None:
            return None if is_over else call
        with self.database.transaction(controller) as tx:
            asking.renew(tx, self.clock, call.processor, found)
        return replace(call, processor=replace(call.processor, certificate=found))
