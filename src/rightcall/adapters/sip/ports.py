"""What signalling needs from the rest of the house: one port, `Calls`, and the plain values that cross it.

Signalling knows SIP and nothing of consent, keys or storage. It says what arrived; the port answers which ports receive the
sound, or with a refusal. Nobody's number, name or address leaves these values unmasked.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from rightcall.ids import CallId
from rightcall.personal import Personal


class Flow(StrEnum):
    """Whether the session recording client sends sound on a stream now."""

    SENDING = "sending"
    HELD = "held"


class Preference(StrEnum):
    """A recording preference that a party stated (RFC 7866, `a=recordpref`)."""

    ON = "on"
    OFF = "off"
    PAUSE = "pause"
    NOPREFERENCE = "nopreference"


class Why(StrEnum):
    """Why a call ended, as signalling saw it."""

    HANGUP = "hangup"
    CANCELLED = "cancelled"
    NO_ACK = "no_ack"
    TIMER = "timer"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    SHUTDOWN = "shutdown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Codec:
    """One RTP payload type of a stream, as offered. Static types without an rtpmap are filled in from RFC 3551."""

    payload_type: int
    name: str
    clock_rate: int
    channels: int = 1
    fmtp: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Srtp:
    """An SDES key (RFC 4568): suite, and the key and salt in base64. A secret: never printed."""

    tag: int
    suite: str
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingParty:
    """A participant. `ref` is the participant's id in the metadata; it stays the same for the whole recording session."""

    ref: str
    aor: Personal[str]
    name: Personal[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingStream:
    """One m-line. `index` is its place in the SDP and never changes, `label` differs from all others. `party` is the ref of the
    one who speaks on it; None where several do, or nobody says who."""

    index: int
    label: str
    party: str | None
    codecs: tuple[Codec, ...]
    flow: Flow
    address: str
    port: int
    srtp: tuple[Srtp, ...] = ()
    preference: Preference | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What an INVITE or UPDATE says, after all earlier ones were taken into account.

    `source` is the address the request came from (the proxy's, where one is trusted to say it: the client's). `called` is the
    user part of the request's address. `dialog` names the SIP dialog and is the same in all requests of one call.
    `streams` holds only what we can receive; m-lines of other sorts are answered by signalling itself.
    """

    source: str
    called: Personal[str] | None
    dialog: str
    session: str
    group: str | None
    parties: tuple[IncomingParty, ...]
    streams: tuple[IncomingStream, ...]
    preference: Preference | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Where the sound of stream `index` goes. `open` False: answered inactive, until `UserAgent.reoffer`."""

    index: int
    port: int
    open: bool = True
    srtp: Srtp | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """`address` is what the SDP answer says; one receiver for each stream of the `Incoming`."""

    call: CallId
    address: str
    receivers: tuple[Receiver, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """A final SIP answer other than yes. `phrase` says what to do about it and holds no personal data."""

    code: int
    phrase: str
    retry_after: int | None = None


STRANGER = Declined(code=403, phrase="No trunk takes calls from this address to this number. Add one in Rightcall.")


class Calls(Protocol):
    """Called from worker threads, never twice at once for one dialog; may block for seconds.

    Every method may raise `rightcall.errors.Outage`: nothing was done, or it was done and the answer was lost; signalling
    cannot tell. Each is therefore safe to repeat.
    """

    def arrived(self, incoming: Incoming) -> Accepted | Declined:
        """A new call. What a raised error leaves behind the port itself lets go of; the client hears 503 and may come again."""
        ...

    def changed(self, call: CallId, incoming: Incoming) -> Accepted | Declined:
        """The same call after a re-INVITE or UPDATE. A refusal leaves the call as it was."""
        ...

    def ended(self, call: CallId, why: Why) -> None:
        """The call is over. Repeated until it returns; ending an ended call does nothing."""
        ...
