"""What came from elsewhere as a vCon and is kept here: which document, signed by whom, and each recording in it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from rightcall.actors import Actor
from rightcall.ids import CallId, HoldingId, PartyId, PurposeId, StatementId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedVcon:
    """`id` is the vCon's own uuid; `signed_by` the SHA-256 of the certificate that vouched for it. `call` None: it is on
    record no more, and the same vCon sent again brings nothing back."""

    id: UUID
    content: bytes = field(repr=False)
    signed_by: bytes
    call: CallId | None
    received_at: datetime
    by: Actor
    statement: StatementId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedSound:
    """`id` is the holding's; `dialog` its place in the vCon. `party` None: several are heard on it. `duration_ms` None: it was
    not told."""

    id: HoldingId
    vcon: UUID
    dialog: int
    call: CallId
    party: PartyId | None
    purposes: tuple[PurposeId, ...]
    started_at: datetime
    duration_ms: int | None
