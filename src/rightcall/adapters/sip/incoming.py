"""From offer and metadata to what arrived: which streams there are, and whose voice is on each.

Pure. Whose voice a stream carries decides whose yes it needs, so it is never guessed: only a label that leads to exactly one
participant counts. A stream without one (no labels, several voices mixed) is one on which anybody may speak: everybody must have
said yes. Where no participant is named at all, each stream belongs to a party of its own whom nobody knows.
"""

import hashlib
from dataclasses import dataclass, field, replace

from rightcall.adapters.sip import multipart
from rightcall.adapters.sip.message import Request, Response
from rightcall.adapters.sip.metadata import Metadata, Participant, merge
from rightcall.adapters.sip.metadata import parse as parse_metadata
from rightcall.adapters.sip.ports import Incoming, IncomingParty, IncomingStream, Preference
from rightcall.adapters.sip.sdp import NOTHING, Offer
from rightcall.adapters.sip.sdp import parse as parse_sdp
from rightcall.errors import Malformed
from rightcall.personal import Personal

_STRICTEST = (Preference.OFF, Preference.PAUSE, Preference.NOPREFERENCE, Preference.ON)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a dialog has said so far."""

    offer: Offer | None = None
    metadata: Metadata | None = field(default=None, repr=False)


def learn(known: Known, request: Request) -> tuple[Known, bool]:
    """What is known after `request`, and whether it brought an SDP. Raises `Malformed`; then nothing was learnt."""
    bodies = multipart.split(request.first("content-type"), request.body, encoding=request.first("content-encoding"))
    offer = parse_sdp(bodies.sdp) if bodies.sdp is not None else known.offer
    metadata = known.metadata
    if bodies.metadata is not None:
        metadata = merge(known.metadata, parse_metadata(bodies.metadata))
    return Known(offer=offer, metadata=metadata), bodies.sdp is not None


def answered(known: Known, answer: Response) -> Known | None:
    """What is known after `answer` to an offer of ours, whose SDP may bring new addresses. None where it says nothing usable."""
    try:
        body = multipart.split(answer.first("content-type"), answer.body).sdp
        said = parse_sdp(body) if body is not None else None
    except Malformed:
        return None
    if said is None or known.offer is None or len(said.media) != len(known.offer.media):
        return None
    media = tuple(
        replace(before, address=after.address, port=after.port, direction=after.direction, crypto=after.crypto or before.crypto)
        for before, after in zip(known.offer.media, said.media, strict=True)
    )
    return replace(known, offer=replace(known.offer, media=media))


def incoming(known: Known, *, source: str, called: str | None, dialog: str) -> Incoming:
    """The whole of what is known, in the form the port takes."""
    offer = known.offer or NOTHING
    voices = _voices(known.metadata)
    named = any(not one.gone for one in known.metadata.participants) if known.metadata else False
    streams = tuple(_stream(index, offer, voices, named) for index, media in enumerate(offer.media) if media.usable)
    stated = {stream.preference for stream in streams} | {offer.preference}
    return Incoming(
        source=source,
        called=Personal(called) if called else None,
        dialog=dialog,
        session=(known.metadata.session if known.metadata else None) or dialog,
        group=known.metadata.group if known.metadata else None,
        parties=_parties(known.metadata, streams, dialog),
        streams=streams,
        preference=next((preference for preference in _STRICTEST if preference in stated), None),
    )


def _voices(metadata: Metadata | None) -> dict[str, str]:
    """Label to the ref of the one participant who sends on it."""
    if metadata is None:
        return {}
    labels: dict[str, list[str]] = {}
    for stream in metadata.streams:
        if stream.label is not None:
            labels.setdefault(stream.label, []).append(stream.id)
    found: dict[str, str] = {}
    for label, ids in labels.items():
        senders = {one.id for one in metadata.participants if not one.gone and set(ids) & set(one.sends)}
        if len(ids) == 1 and len(senders) == 1:
            found[label] = senders.pop()
    return found


def _stream(index: int, offer: Offer, voices: dict[str, str], named: bool) -> IncomingStream:
    media = offer.media[index]
    alone = media.label is not None and sum(other.label == media.label for other in offer.media) == 1
    label = media.label if alone and media.label is not None else f"#{index}"
    return IncomingStream(
        index=index,
        label=label,
        party=voices.get(label, None if named else f"#{index}"),
        codecs=media.codecs,
        flow=media.flow,
        address=media.address,
        port=media.port,
        srtp=media.crypto,
        preference=media.preference or offer.preference,
    )


def _parties(metadata: Metadata | None, streams: tuple[IncomingStream, ...], dialog: str) -> tuple[IncomingParty, ...]:
    present = {one.id: _party(one, dialog) for one in (metadata.participants if metadata else ()) if not one.gone}
    for stream in streams:
        if stream.party is not None and stream.party not in present:
            present[stream.party] = _unknown(stream.party, dialog)
    return tuple(present.values())


def _party(participant: Participant, dialog: str) -> IncomingParty:
    if participant.aor is None:
        return IncomingParty(ref=participant.id, aor=_unknown(participant.id, dialog).aor, name=participant.name)
    return IncomingParty(ref=participant.id, aor=participant.aor, name=participant.name)


def _unknown(ref: str, dialog: str) -> IncomingParty:
    """A party with an address of its own, so that no two strangers are ever taken for one person."""
    digest = hashlib.sha256(f"{dialog}\n{ref}".encode()).hexdigest()[:32]
    return IncomingParty(ref=ref, aor=Personal(f"sip:{digest}@unknown.invalid"), name=None)
