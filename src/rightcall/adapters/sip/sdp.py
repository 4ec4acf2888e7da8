"""The session description (RFC 8866): reading what a session recording client offers, and writing our answer to it.

Pure. The answer keeps to what recorders are found to need: every m-line is answered, in order, recvonly or inactive; labels are
echoed (some clients send nothing for lack of it); every offered codec stays, telephone-event too (others drop the recording).
SRTP by SDES (RFC 4568) where the offer has it. Everything that is not RTP over UDP, and DTLS-SRTP, is answered with port 0.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rightcall.adapters.sip.ports import Codec, Flow, Preference, Srtp
from rightcall.errors import Malformed

MAX_SDP = 32_768
MAX_LINES = 1_000
MAX_STREAMS = 32
MAX_FORMATS = 64
# Suites that the receiver can undo, by the number of key and salt bytes.
SUITES = {"AES_CM_128_HMAC_SHA1_80": 30, "AES_CM_128_HMAC_SHA1_32": 30}
_PLAIN = ("RTP/AVP", "RTP/AVPF")
_SECURE = ("RTP/SAVP", "RTP/SAVPF")
_DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")
_NOWHERE = ("0.0.0.0", "::")  # noqa: S104 - an address that means "on hold", not one to listen on
# RFC 3551, tables 4 and 5: the static types met in calls. 9 is G.722, whose clock rate is 8000 by historical error.
_STATIC = {
    0: ("PCMU", 8000),
    3: ("GSM", 8000),
    4: ("G723", 8000),
    5: ("DVI4", 8000),
    7: ("LPC", 8000),
    8: ("PCMA", 8000),
    9: ("G722", 8000),
    13: ("CN", 8000),
    15: ("G728", 8000),
    18: ("G729", 8000),
}
_LABEL = re.compile(r"[!-~]{1,64}")
_ADDRESS = re.compile(r"[0-9A-Za-z.:-]{1,255}")
_INLINE = re.compile(r"inline:([A-Za-z0-9+/]{16,128}={0,2})(?:\||$)")
# RFC 4568, section 6.3: session parameters that change nothing for us. A KDR of 0 derives keys once, which we do; the window
# size is a hint; one with a minus, which no known parameter has, may be passed over by whoever does not know it.
_HARMLESS = re.compile(r"KDR=0{1,2}|WSH=[0-9]{2,}|-.+", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """One m-line as offered. `formats` and `attributes` are kept as written, for the answer."""

    kind: str
    port: int
    protocol: str
    formats: tuple[str, ...]
    codecs: tuple[Codec, ...]
    address: str
    label: str | None
    direction: str
    crypto: tuple[Srtp, ...]
    preference: Preference | None
    mappings: tuple[str, ...] = field(repr=False)

    @property
    def flow(self) -> Flow:
        """Held: no sound will come. Some clients say it by a=inactive, some by the address 0.0.0.0 alone."""
        if self.port == 0 or self.direction in ("recvonly", "inactive") or self.address in _NOWHERE:
            return Flow.HELD
        return Flow.SENDING

    @property
    def secure(self) -> bool:
        return self.protocol in _SECURE

    @property
    def usable(self) -> bool:
        """Whether we can receive it: audio in RTP over UDP, with a key we understand where it is encrypted."""
        return self.kind == "audio" and self.port != 0 and (self.protocol in _PLAIN or (self.secure and bool(self.crypto)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    media: tuple[Media, ...]
    preference: Preference | None


NOTHING = Offer(media=(), preference=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receive:
    """Our side of one m-line."""

    port: int
    open: bool
    srtp: Srtp | None = None


def parse(data: bytes) -> Offer:
    """The offer in `data`. Raises `Malformed`."""
    if len(data) > MAX_SDP:
        raise Malformed("The SDP is too large.")
    lines = [line.rstrip() for line in re.split(r"\r\n|\n|\r", data.decode("utf-8", errors="replace"))]
    lines = [line for line in lines if line]
    if len(lines) > MAX_LINES:
        raise Malformed("The SDP has too many lines.")
    if not lines or not re.fullmatch(r"v=0\s*", lines[0]):
        raise Malformed("The SDP does not begin with v=0.")
    if any(len(line) < 2 or line[1] != "=" for line in lines):
        raise Malformed("A line of the SDP is not of the form x=value.")
    session, sections = _sections(lines)
    if not sections:
        raise Malformed("The SDP has no m= line.")
    attributes = _attributes(session)
    direction = _direction(attributes, "sendrecv")
    address = _address(session)
    return Offer(
        media=tuple(_media(section, address, direction) for section in sections),
        preference=_preference(attributes),
    )


def answer(
    offer: Offer,
    receivers: Mapping[int, Receive],
    *,
    address: str,
    session: int,
    version: int,
) -> bytes:
    """Our answer. `receivers` by place of the m-line; a line without one is refused with port 0."""
    family = "IP6" if ":" in address else "IP4"
    lines = ["v=0", f"o=rightcall {session} {version} IN {family} {address}", "s=-", f"c=IN {family} {address}", "t=0 0"]
    for index, media in enumerate(offer.media):
        lines += _answered(media, receivers.get(index))
    return ("\r\n".join(lines) + "\r\n").encode("ascii", errors="replace")


def _answered(media: Media, receiver: Receive | None) -> list[str]:
    port = receiver.port if receiver is not None and media.usable else 0
    lines = [f"m={media.kind} {port} {media.protocol} {' '.join(media.formats)}"]
    if media.label is not None:
        lines.append(f"a=label:{media.label}")
    if port == 0 or receiver is None:
        return [*lines, "a=inactive"]
    lines += media.mappings
    if media.secure and receiver.srtp is not None:
        lines.append(f"a=crypto:{receiver.srtp.tag} {receiver.srtp.suite} inline:{receiver.srtp.key}")
    return [*lines, "a=recvonly" if receiver.open and media.flow is Flow.SENDING else "a=inactive"]


def _sections(lines: list[str]) -> tuple[list[str], list[list[str]]]:
    session: list[str] = []
    sections: list[list[str]] = []
    for line in lines:
        if line.startswith("m="):
            sections.append([line])
        elif sections:
            sections[-1].append(line)
        else:
            session.append(line)
    if len(sections) > MAX_STREAMS:
        raise Malformed("The SDP has too many m= lines.")
    return session, sections


def _media(section: list[str], address: str, direction: str) -> Media:
    words = section[0][2:].split()
    if len(words) < 4 or not _is_token(words[0]) or not _is_token(words[2]):
        raise Malformed("An m= line is not of the form m=audio PORT PROTOCOL FORMATS.")
    port = words[1].partition("/")[0]
    if not re.fullmatch(r"[0-9]{1,5}", port, re.ASCII) or int(port) > 65_535:
        raise Malformed("An m= line has no valid port.")
    formats = tuple(words[3 : 3 + MAX_FORMATS])
    if not all(_is_token(word) for word in formats):
        raise Malformed("An m= line has a format that is not a word.")
    attributes = _attributes(section)
    mappings = [f"a={name}:{value}" for name, value in attributes if name in ("rtpmap", "fmtp", "ptime", "maxptime")]
    return Media(
        kind=words[0].lower(),
        port=int(port),
        protocol=words[2].upper(),
        formats=formats,
        codecs=_codecs(formats, attributes),
        address=_address(section) or address,
        label=next((value for name, value in attributes if name == "label" and _LABEL.fullmatch(value)), None),
        direction=_direction(attributes, direction),
        crypto=_crypto(attributes),
        preference=_preference(attributes),
        mappings=tuple(line for line in mappings if line.isascii() and line.isprintable()),
    )


def _is_token(word: str) -> bool:
    return len(word) <= 64 and word.isascii() and word.isprintable()


def _attributes(lines: Iterable[str]) -> list[tuple[str, str]]:
    found = []
    for line in lines:
        if line.startswith("a="):
            name, _, value = line[2:].partition(":")
            found.append((name.strip().lower(), value.strip()))
    return found


def _direction(attributes: list[tuple[str, str]], default: str) -> str:
    return next((name for name, _ in attributes if name in _DIRECTIONS), default)


def _address(lines: list[str]) -> str:
    """The address of a c= line, empty where there is none. A c= that cannot be read is an error: it decides about hold."""
    line = next((line for line in lines if line.startswith("c=")), None)
    if line is None:
        return ""
    words = line[2:].split()
    if len(words) != 3 or words[0].upper() != "IN" or words[1].upper() not in ("IP4", "IP6"):
        raise Malformed("A c= line is not of the form c=IN IP4 ADDRESS.")
    address = words[2].partition("/")[0]
    if not _ADDRESS.fullmatch(address):
        raise Malformed("A c= line has no valid address.")
    return address


def _codecs(formats: tuple[str, ...], attributes: list[tuple[str, str]]) -> tuple[Codec, ...]:
    maps, parameters = _by_type(attributes, "rtpmap"), _by_type(attributes, "fmtp")
    codecs: list[Codec] = []
    for word in formats:
        if not re.fullmatch(r"[0-9]{1,3}", word, re.ASCII) or int(word) > 127:
            continue
        number = int(word)
        if all(codec.payload_type != number for codec in codecs):
            codecs.append(_codec(number, maps.get(number), parameters.get(number)))
    return tuple(codecs)


def _codec(number: int, mapping: str | None, fmtp: str | None) -> Codec:
    found = re.fullmatch(r"([!-.0-~]{1,64})/([0-9]{1,7})(?:/([0-9]{1,2}))?", mapping or "", re.ASCII)
    if found is not None and int(found[2]) > 0:
        return Codec(payload_type=number, name=found[1], clock_rate=int(found[2]), channels=max(1, int(found[3] or 1)), fmtp=fmtp)
    name, rate = _STATIC.get(number, ("unknown", 8000))
    return Codec(payload_type=number, name=name, clock_rate=rate, fmtp=fmtp)


def _by_type(attributes: list[tuple[str, str]], wanted: str) -> dict[int, str]:
    found: dict[int, str] = {}
    for name, value in attributes:
        number, _, rest = value.partition(" ")
        if name == wanted and re.fullmatch(r"[0-9]{1,3}", number, re.ASCII):
            found.setdefault(int(number), rest.strip()[:512])
    return found


def _crypto(attributes: list[tuple[str, str]]) -> tuple[Srtp, ...]:
    """The keys we understand, in the offer's order. Keys with an index (MKI) are left out, and so are those with session
    parameters that we do not follow: packets neither encrypted nor authenticated, keys derived anew, error correction."""
    found = []
    for name, value in attributes:
        words = value.split()
        if name != "crypto" or len(words) < 3 or not re.fullmatch(r"[0-9]{1,9}", words[0], re.ASCII):
            continue
        if not all(_HARMLESS.fullmatch(word) for word in words[3:]):
            continue
        suite, key = words[1].upper(), _INLINE.match(words[2])
        if suite in SUITES and key is not None and ";" not in words[2] and not _has_index(words[2]):
            found.append(Srtp(tag=int(words[0]), suite=suite, key=key[1]))
    return tuple(item for item in found if len(item.key.rstrip("=")) * 3 // 4 == SUITES[item.suite])


def _has_index(parameters: str) -> bool:
    return re.search(r"\|[0-9]+:[0-9]+", parameters) is not None


def _preference(attributes: list[tuple[str, str]]) -> Preference | None:
    for name, value in attributes:
        if name == "recordpref" and value.lower() in tuple(Preference):
            return Preference(value.lower())
    return None
