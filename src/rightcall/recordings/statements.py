"""What the recordings room writes to the ledger: openings and cuts, pauses and when they held, who came and went."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from rightcall.actors import PartyRole, Role
from rightcall.ids import CallId, HoldingId, PartyId, PurposeId, RecorderId, StreamId, VerdictId
from rightcall.ledger.model import Commitment, Digest, Statement
from rightcall.policy.model import PauseReason, Preference
from rightcall.recordings.model import Cut, EndReason


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionArrived(Statement):
    """A recording client offered a call. Nothing is captured by that."""

    KIND: ClassVar[str] = "recordings.session_arrived"
    call: CallId
    recorder: RecorderId


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyJoined(Statement):
    """Somebody takes part from now on, and has said yes to nothing yet."""

    KIND: ClassVar[str] = "recordings.party_joined"
    call: CallId
    party: PartyId
    party_role: PartyRole


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyLeft(Statement):
    KIND: ClassVar[str] = "recordings.party_left"
    call: CallId
    party: PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyMarked(Statement):
    """Somebody said of a party what rules weigh: its age, distress, where it lives. What was said is not in the ledger."""

    KIND: ClassVar[str] = "recordings.party_marked"
    call: CallId
    party: PartyId
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceStated(Statement):
    """The party's phone told us its wish (RFC 7866). `off` and `pause` close the gates; no wish ever opens one."""

    KIND: ClassVar[str] = "recordings.preference_stated"
    call: CallId
    party: PartyId
    preference: Preference


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOpened(Statement):
    """A gate was opened: for this stream, for these purposes, by these verdicts."""

    KIND: ClassVar[str] = "recordings.take_opened"
    call: CallId
    stream: StreamId
    take: HoldingId
    party: PartyId | None
    purposes: tuple[PurposeId, ...]
    verdicts: tuple[VerdictId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeCut(Statement):
    KIND: ClassVar[str] = "recordings.take_cut"
    call: CallId
    stream: StreamId
    take: HoldingId
    reason: Cut


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeFinished(Statement):
    """The sealed bytes are in the store. `complete` False: they were cut off, by a power loss say."""

    KIND: ClassVar[str] = "recordings.take_finished"
    call: CallId
    take: HoldingId
    packets: int
    sealed_length: int
    complete: bool
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused(Statement):
    """Somebody asked that nothing be captured. It holds from `PauseHeld` on."""

    KIND: ClassVar[str] = "recordings.paused"
    call: CallId
    reason: PauseReason
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseHeld(Statement):
    """The recorder confirmed it. `last_packet_at`: the last packet that was kept before."""

    KIND: ClassVar[str] = "recordings.pause_held"
    call: CallId
    held_at: datetime
    last_packet_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Statement):
    """Somebody ended the pause for this reason. Where there are others, nothing is captured yet."""

    KIND: ClassVar[str] = "recordings.resumed"
    call: CallId
    reason: PauseReason
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class CardDataMarked(Statement):
    """Somebody said that card data, or what authenticates a card, was given in this stretch: nobody hears or exports it."""

    KIND: ClassVar[str] = "recordings.card_data_marked"
    call: CallId
    since: datetime
    until: datetime | None
    card_data: bool
    authentication_data: bool
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOver(Statement):
    KIND: ClassVar[str] = "recordings.session_over"
    call: CallId
    reason: EndReason


@dataclass(frozen=True, slots=True, kw_only=True)
class VconExported(Statement):
    """A call left the house as a vCon by this verdict on the call, with the sound of these takes."""

    KIND: ClassVar[str] = "recordings.vcon_exported"
    call: CallId
    verdict: VerdictId
    takes: tuple[HoldingId, ...]
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class VconReceived(Statement):
    """Somebody else's vCon came, and these holdings were kept of it by these verdicts. `call` is None where nothing was.
    `signed_by`: of the certificate that vouched for it; None where none that is trusted did."""

    KIND: ClassVar[str] = "recordings.vcon_received"
    vcon: UUID
    call: CallId | None
    kept: tuple[HoldingId, ...]
    verdicts: tuple[VerdictId, ...]
    signed_by: Digest | None
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyAttributed(Statement):
    """A party was taken for one subject and is another: their commitments die with their keys."""

    KIND: ClassVar[str] = "recordings.party_attributed"

    call: CallId
    party: PartyId
    was: Commitment
    subject: Commitment
    grants: int
    choices: int
    actor: UUID
    role: Role
