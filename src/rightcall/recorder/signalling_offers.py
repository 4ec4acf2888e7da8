"""From SIP's words to the house's: who is whose, what a stream is, where its sound goes.

Pure. The controller's own people are told by the trunk's patterns alone; whoever matches none is a customer, whose yes is needed.
"""

import base64
import binascii
import ipaddress
import re

from rightcall.actors import PartyRole
from rightcall.adapters.control.messages import Allocated, CodecOffer, SrtpKey, StreamOffer, StreamPorts
from rightcall.adapters.sip.ports import Flow, Incoming, IncomingParty, IncomingStream, Receiver, Srtp, Why
from rightcall.calls.model import Trunk
from rightcall.errors import Malformed, RecorderGone
from rightcall.ids import StreamId
from rightcall.personal import Personal
from rightcall.policy.model import Preference
from rightcall.recordings.model import Arrival, ArrivingParty, ArrivingStream, Codec, Direction, EndReason
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import from_address

REASONS = {
    Why.HANGUP: EndReason.HUNG_UP,
    Why.CANCELLED: EndReason.HUNG_UP,
    Why.NO_ACK: EndReason.LOST,
    Why.TIMER: EndReason.LOST,
    Why.UNREACHABLE: EndReason.LOST,
    Why.REFUSED: EndReason.REFUSED,
    Why.SHUTDOWN: EndReason.SHUT_DOWN,
}
_HOST = re.compile(r"sips?:(?:[^@]*@)?(\[[^\]]+\]|[^:;?>]+)", re.IGNORECASE)


def arrival(trunk: Trunk, incoming: Incoming) -> Arrival:
    return Arrival(
        trunk=trunk,
        group=incoming.group,
        session=incoming.session,
        parties=tuple(_party(trunk, party) for party in incoming.parties),
        streams=tuple(_stream(stream) for stream in incoming.streams),
        preference=None if incoming.preference is None else Preference(incoming.preference.value),
    )


def role_of(trunk: Trunk, aor: Personal[str]) -> PartyRole:
    """Agent where a domain or a number prefix of the trunk's matches, else customer."""
    text = aor.reveal("tell the controller's own people").strip().lower()
    host = _HOST.search(text)
    numbers = [
        identifier.value.reveal("tell the controller's own people")
        for identifier in from_address(aor, trunk.default_region)
        if identifier.kind is IdentifierKind.TEL
    ]
    for pattern in trunk.staff:
        if pattern.startswith("+"):
            if any(number.startswith(pattern) for number in numbers):
                return PartyRole.AGENT
        elif host is not None and (host[1] == pattern or host[1].endswith(f".{pattern}")):
            return PartyRole.AGENT
    return PartyRole.CUSTOMER


def stream_offers(trunk: Trunk, incoming: Incoming, by_label: dict[str, StreamId]) -> tuple[StreamOffer, ...]:
    """What the media process is told of each stream."""
    return tuple(_offer(trunk, stream, by_label[stream.label]) for stream in incoming.streams)


def receivers(
    incoming: Incoming,
    by_label: dict[str, StreamId],
    allocated: Allocated,
    open_streams: frozenset[StreamId] | None,
) -> tuple[Receiver, ...]:
    """One for each stream; `open_streams` None means all."""
    ports = {port.stream: port for port in allocated.streams}
    found = []
    for stream in incoming.streams:
        identity = by_label[stream.label]
        if identity not in ports:
            raise RecorderGone("The media recorder gave no port for a stream. Try again.")
        is_open = open_streams is None or identity in open_streams
        found.append(_receiver(stream, ports[identity], is_open))
    return tuple(found)


def _party(trunk: Trunk, party: IncomingParty) -> ArrivingParty:
    return ArrivingParty(ref=party.ref, aor=party.aor, name=party.name, role=role_of(trunk, party.aor))


def _stream(stream: IncomingStream) -> ArrivingStream:
    return ArrivingStream(
        label=stream.label,
        party_ref=stream.party,
        codecs=tuple(
            Codec(
                payload_type=codec.payload_type,
                name=codec.name,
                clock_rate=codec.clock_rate,
                channels=codec.channels,
                fmtp=codec.fmtp,
            )
            for codec in stream.codecs
        ),
        direction=Direction.SENDING if stream.flow is Flow.SENDING else Direction.HELD,
    )


def _offer(trunk: Trunk, stream: IncomingStream, identity: StreamId) -> StreamOffer:
    return StreamOffer(
        stream=identity,
        codecs=tuple(
            CodecOffer(payload_type=codec.payload_type, name=codec.name, clock_rate=codec.clock_rate) for codec in stream.codecs
        ),
        remote=_address(stream.address),
        port=stream.port,
        networks=trunk.sources,
        held=stream.flow is Flow.HELD,
        srtp=_key(stream.srtp[0]) if stream.srtp else None,
    )


def _address(said: str) -> str | None:
    """None for a name, and for the address that means "on hold"."""
    try:
        address = ipaddress.ip_address(said)
    except ValueError:
        return None
    return None if address.is_unspecified else str(address)


def _key(srtp: Srtp) -> SrtpKey:
    try:
        key = base64.b64decode(srtp.key + "=" * (-len(srtp.key) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed("The key of an a=crypto line is not base64.") from error
    return SrtpKey(suite=srtp.suite, key=key)


def _receiver(stream: IncomingStream, ports: StreamPorts, is_open: bool) -> Receiver:
    ours = None
    if stream.srtp:
        if ports.srtp is None:
            raise RecorderGone("The media recorder gave no key for an encrypted stream. Try again.")
        key = base64.b64encode(ports.srtp.key).decode("ascii")
        ours = Srtp(tag=stream.srtp[0].tag, suite=ports.srtp.suite, key=key)
    return Receiver(index=stream.index, port=ports.rtp, open=is_open, srtp=ours)
