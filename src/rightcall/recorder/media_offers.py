"""From what signalling negotiated to what the receiver believes. An offer that cannot be read is refused whole."""

import ipaddress

from rightcall.adapters.control.messages import SrtpKey, StreamOffer
from rightcall.adapters.rtp.ears import HEARD
from rightcall.adapters.rtp.srtp import Opener, new_key
from rightcall.adapters.rtp.stream import Terms
from rightcall.errors import Malformed

_EVENTS = "telephone-event"


def terms_of(offer: StreamOffer) -> Terms:
    if any(not 0 <= codec.payload_type <= 127 for codec in offer.codecs):
        raise Malformed("An RTP payload type is a number from 0 to 127. Correct the offer's rtpmap lines.")
    try:
        remote = None if offer.remote is None else str(ipaddress.ip_address(offer.remote))
        networks = tuple(str(ipaddress.ip_network(network, strict=False)) for network in offer.networks)
    except ValueError as error:
        raise Malformed("An offer's address or a trunk's network is no IP address. Correct it.") from error
    return Terms(
        payload_types=frozenset(codec.payload_type for codec in offer.codecs),
        events=frozenset(codec.payload_type for codec in offer.codecs if codec.name.lower() == _EVENTS),
        sounds=tuple(
            (codec.payload_type, codec.name.upper()) for codec in offer.codecs if (codec.name.upper(), codec.clock_rate) in HEARD
        ),
        remote=remote,
        port=offer.port,
        networks=networks,
        held=offer.held,
    )


def opener_of(key: SrtpKey | None) -> Opener | None:
    return None if key is None else Opener(key.suite, key.key)


def own_key_for(key: SrtpKey | None) -> SrtpKey | None:
    return None if key is None else SrtpKey(suite=key.suite, key=new_key(key.suite))
