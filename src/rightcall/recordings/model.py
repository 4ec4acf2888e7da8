"""What is captured of a call, what is not, and by whose word. Speaks the words of SIPREC (RFC 7865, 7866) where it has them.

A take is one stretch of one stream under one fixed set of purposes and of yeses, sealed under a key of its own: one holding.
When the set changes, the take is cut and another opened, so that no take ever serves a purpose that it was not opened for.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from rightcall.actors import Actor, PartyRole
from rightcall.calls.model import Trunk
from rightcall.ids import CallId, ControllerId, HoldingId, PartyId, PurposeId, RecorderId, StatementId, StreamId, VerdictId
from rightcall.personal import Personal
from rightcall.policy.model import PauseReason, Preference, Verdict
from rightcall.recordings.packets import StoredPacket
from rightcall.recordings.states import State
from rightcall.vault.model import ContentKey

STORED_MEDIATYPE = "application/vnd.rightcall.rtp"


class Direction(StrEnum):
    """Whether the recording client sends sound on a stream now. Both ways of holding (RFC 3264, c=0.0.0.0) are `held`."""

    SENDING = "sending"
    HELD = "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Codec:
    """One RTP payload type of a stream, as offered. `name` as in the registry, e.g. PCMU, PCMA, G722, opus, telephone-event."""

    payload_type: int
    name: str
    clock_rate: int
    channels: int = 1
    fmtp: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivingParty:
    """A participant of the metadata. `ref` is its id there, the same for the whole session. `role` follows from the trunk's list
    of the controller's own people."""

    ref: str
    aor: Personal[str]
    name: Personal[str] | None
    role: PartyRole


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivingStream:
    """One m-line. `party_ref` is who speaks on it; None where several do, or nobody says: then everybody must have said yes."""

    label: str
    party_ref: str | None
    codecs: tuple[Codec, ...]
    direction: Direction = Direction.SENDING


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What the recording client says of a call. `complete` False is a partial update: what it does not name stays as it was."""

    trunk: Trunk
    group: str | None
    session: str
    parties: tuple[ArrivingParty, ...]
    streams: tuple[ArrivingStream, ...]
    preference: Preference | None = None
    complete: bool = True


class EndReason(StrEnum):
    """`lost`: the recording client, or our own recorder, is gone without a word."""

    HUNG_UP = "hung_up"
    LOST = "lost"
    REFUSED = "refused"
    SHUT_DOWN = "shut_down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The recording session of a call, in the state table of `states.py`.

    `version` grows with everything that may move a gate. A pause holds once a recorder has settled `pause_version` or later.
    `pauses`: everybody's reason for it; nothing is captured before the last of them is ended. `paused_at` is since the first.
    """

    call: CallId
    recorder: RecorderId
    state: State
    pauses: frozenset[PauseReason]
    paused_at: datetime | None
    pause_held_at: datetime | None
    pause_version: int | None
    version: int
    opened_at: datetime
    ended_at: datetime | None

    @property
    def pause(self) -> PauseReason | None:
        """The strictest of the reasons."""
        return next((reason for reason in PauseReason if reason in self.pauses), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """`party` None: several speak on it. `label` is the blind of the SDP label, `why` the present reason for a closed gate."""

    id: StreamId
    call: CallId
    party: PartyId | None
    label: bytes = field(repr=False)
    codecs: tuple[Codec, ...]
    held: bool
    gone_at: datetime | None
    why: "Why | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """`by_label` finds each stream of the arrival under the label that the arrival gave it; `by_ref` each party likewise."""

    session: Session
    streams: tuple[Stream, ...]
    by_label: dict[str, StreamId]
    by_ref: dict[str, PartyId]


class Why(StrEnum):
    """Why a gate is closed. Also the reason of a cut."""

    NO_YES = "no_yes"
    PREFERENCE = "preference"
    PAUSED = "paused"
    HELD = "held"
    RULES = "rules"
    STREAM_GONE = "stream_gone"
    OVER = "over"


class Cut(StrEnum):
    """Why a take ended. `changed`: other purposes or other yeses; the next take goes on at once."""

    CHANGED = "changed"
    NO_YES = "no_yes"
    PREFERENCE = "preference"
    PAUSED = "paused"
    HELD = "held"
    RULES = "rules"
    STREAM_GONE = "stream_gone"
    OVER = "over"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """`id` is the holding's; `locks` the digest of the purposes and grants it serves. Finished: its bytes are in the store.
    `cut_at` is the instant of the decision; `last_at` may be a moment later, until the recorder had heard of it."""

    id: HoldingId
    call: CallId
    stream: StreamId
    party: PartyId | None
    purposes: tuple[PurposeId, ...]
    locks: bytes = field(repr=False)
    codecs: tuple[Codec, ...]
    object_key: str
    opened_at: datetime
    cut_at: datetime | None
    cut_reason: Cut | None
    packets: int | None = None
    first_at: datetime | None = None
    last_at: datetime | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What the media process applies to one stream: `take` None is closed, and `why` says so. `key` is there for a take that was
    opened by this very settling; one that was open before keeps the key the media process has."""

    stream: StreamId
    take: HoldingId | None
    key: ContentKey | None = field(default=None, repr=False)
    object_key: str | None = None
    mediatype: str = STORED_MEDIATYPE
    opened_at: datetime | None = None
    why: Why | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """Every stream of the call, each with its gate. `over`: the session has ended; all are closed."""

    call: CallId
    version: int
    gates: tuple[Gate, ...]
    over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One live session of a recorder. The recorder settles anew where `version` is not the one it last applied."""

    controller: ControllerId
    call: CallId
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """A take whose bytes never reached the store: the recorder looks for its spool file, or says that it is lost."""

    controller: ControllerId
    call: CallId
    take: HoldingId
    recorder: RecorderId
    object_key: str
    opened_at: datetime
    cut_at: datetime | None


class Happening(StrEnum):
    """What the timeline tells. Kept in every case, also where no sound is. `muted` and `unmuted` come from vCons of others: a
    pause of ours is for everybody."""

    ARRIVED = "arrived"
    JOINED = "joined"
    LEFT = "left"
    PREFERRED = "preferred"
    MARKED = "marked"
    ASKED = "asked"
    CHOSE = "chose"
    OPENED = "opened"
    CUT = "cut"
    CLOSED = "closed"
    PAUSED = "paused"
    PAUSE_HELD = "pause_held"
    RESUMED = "resumed"
    HELD = "held"
    UNHELD = "unheld"
    MUTED = "muted"
    UNMUTED = "unmuted"
    KEPT = "kept"
    WENT_DARK = "went_dark"
    LOST = "lost"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """`reason` is the value of an enum of this house (a pause reason, a cut, an answer), never free text."""

    at: datetime
    kind: Happening
    party: PartyId | None = None
    purpose: PurposeId | None = None
    stream: StreamId | None = None
    take: HoldingId | None = None
    by: Actor | None = None
    reason: str | None = None
    statement: StatementId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardMark:
    """Somebody's word that card data, or what authenticates a card, was given in this stretch. `until` None: to the end."""

    id: UUID
    call: CallId
    since: datetime
    until: datetime | None
    card_data: bool
    authentication_data: bool
    marked_at: datetime
    by: Actor
    statement: StatementId


@dataclass(frozen=True, slots=True, kw_only=True)
class CallState:
    """Everything about the capture of one call as it stands."""

    session: Session
    streams: tuple[Stream, ...]
    takes: tuple[Take, ...]

    @property
    def open_takes(self) -> tuple[Take, ...]:
        return tuple(take for take in self.takes if take.cut_at is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The verdict is no. Nothing was opened; the verdict says what would make it right, and can be looked up by its id."""

    id: VerdictId
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A stretch of a take as it was received: from `start_ms` after the take was opened, up to `end_ms` or its last packet.
    `cut_short`: the sealed file was cut off, and what is missing is missing at the end."""

    codecs: tuple[Codec, ...]
    packets: tuple[StoredPacket, ...] = field(repr=False)
    start_ms: int
    end_ms: int | None
    cut_short: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """Something that can be played anywhere. In memory only: it is never written to a disk of ours."""

    mediatype: str
    body: bytes = field(repr=False)
    duration_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """The verdict was yes, the use is on the record, and this is what was opened."""

    take: HoldingId
    purpose: PurposeId
    verdict: Verdict
    recorded: Recorded
