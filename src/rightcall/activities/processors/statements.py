"""What asking processors says in the ledger: which, what sort of thing, and what they said. Never of whom."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from rightcall.activities.processors.model import OrderKind, OrderState, Trouble
from rightcall.actors import Role
from rightcall.ids import RecipientId
from rightcall.ledger.model import Digest, Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessorRegistered(Statement):
    """`certificate`: SHA-256 of the certificate that its answers are held against from now on."""

    KIND: ClassVar[str] = "activities.processor_registered"

    recipient: RecipientId
    certificate: Digest
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessorRetired(Statement):
    """How to get in is dark."""

    KIND: ClassVar[str] = "activities.processor_retired"

    recipient: RecipientId
    key: UUID
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlaced(Statement):
    """A processor is to be asked. `asked_for`: an erasure, or a request."""

    KIND: ClassVar[str] = "activities.order_placed"

    order: UUID
    recipient: RecipientId
    kind_of_order: OrderKind
    asked_for: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTaken(Statement):
    """The processor signed that it has it."""

    KIND: ClassVar[str] = "activities.order_taken"

    order: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSettled(Statement):
    """By the processor's signed word: nobody here saw it."""

    KIND: ClassVar[str] = "activities.order_settled"

    order: UUID
    state: OrderState


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEscalated(Statement):
    """A person has to look."""

    KIND: ClassVar[str] = "activities.order_escalated"

    order: UUID
    why: Trouble
