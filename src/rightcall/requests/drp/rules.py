"""Reading a signed message, step by step in the order of the Data Rights Protocol, section 3.07:

1. it decodes from base64;
2. the signature before it is by the key of the agent whose token came with it;
3. `agent-id` is that agent's;
4. `business-id` is ours;
5. `issued-at` is over;
6. `expires-at` is not. Two of our own follow: 7. it is not valid for longer than a day; 8. we speak that version.

That a message was taken before is looked up afterwards (`actions`). Pure: bytes and an instant in; out, what it says or why not.
"""

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from rightcall.canonical import canonical_json, sha256
from rightcall.messages import instant_in, object_in, text_in
from rightcall.personal import Personal
from rightcall.requests.drp.model import Envelope, Exercise, Told, Why
from rightcall.requests.model import DenialGround, RequestKind

Networks: TypeAlias = tuple[IPv4Network | IPv6Network, ...]
"""Of our own machines, in which an agent may be called back all the same."""
VERSIONS = frozenset({"0.9.3", "0.9.4", "1.0"})
KINDS: Mapping[str, RequestKind] = {
    "access": RequestKind.ACCESS,
    "access:categories": RequestKind.ACCESS,
    "access:specific": RequestKind.ACCESS,
    "deletion": RequestKind.ERASURE,
    "sale:opt_out": RequestKind.OBJECTION,
    "sale:opt-out": RequestKind.OBJECTION,
}
"""Opting in is not here: a yes is given by the person, to a notice, and by nobody for them."""
REASONS: Mapping[DenialGround, str] = {
    DenialGround.IDENTITY_IN_DOUBT: "insuf_verification",
    DenialGround.NO_MANDATE: "insuf_verification",
    DenialGround.MANIFESTLY_UNFOUNDED: "too_many_requests",
}
PER_HOUR = 300
REMEMBERED = timedelta(days=7)
"""So long after it has expired a message is known: a clock that is set back makes none good again."""
_ENVELOPE = frozenset({"agent-id", "business-id", "issued-at", "expires-at"})
_ASKS = frozenset({"exercise", "reason"})
"""What a message has that exercises a right, or takes that back."""
_SIGNATURE = 64
_KEY = 32
_LONGEST = timedelta(days=1)
_MOST_TEXT = 200
_MOST_URL = 1000
_DISGUISES = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"), ip_network("2002::/16"), ip_network("2001::/32"))
"""IPv6 addresses that carry an IPv4 address, which a gateway on the way may follow to anywhere."""


def key_of(text: str) -> bytes | None:
    """The 32 bytes of a public key in base64; None where it is none."""
    raw = _decoded(text.encode())
    return raw if raw is not None and len(raw) == _KEY else None


def message_of(body: bytes, key: bytes) -> bytes | Why:
    """Steps 1 and 2: what was signed."""
    raw = _decoded(body)
    if raw is None or len(raw) <= _SIGNATURE:
        return Why.NOT_BASE64
    signature, message = raw[:_SIGNATURE], raw[_SIGNATURE:]
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return Why.BAD_SIGNATURE
    return message


def envelope_of(message: bytes, *, agent: str, business: str, now: datetime) -> Envelope | Why:
    """Steps 3 to 8."""
    document = object_in(message)
    if document is None:
        return Why.NOT_THE_FORM
    texts = [text_in(document, name, _MOST_TEXT) for name in ("agent-id", "business-id", "drp.version")]
    issued, expires = instant_in(document, "issued-at"), instant_in(document, "expires-at")
    named, to, version = texts
    if named is None or to is None or version is None or issued is None or expires is None:
        return Why.NOT_THE_FORM
    if named != agent:
        return Why.OTHER_AGENT
    if to != business:
        return Why.OTHER_BUSINESS
    if issued > now:
        return Why.NOT_YET
    if expires <= now:
        return Why.EXPIRED
    if expires - issued > _LONGEST:
        return Why.TOO_LONG
    if version not in VERSIONS:
        return Why.VERSION
    return Envelope(agent=named, business=to, issued_at=issued, expires_at=expires, version=version, digest=sha256(message))


def is_key_setup(message: bytes) -> bool:
    """It asks for nothing else: whoever has come by another message that the agent signed is no agent by that."""
    document = object_in(message)
    return document is not None and _ASKS.isdisjoint(document)


def revocation_of(message: bytes, *, agent: str, business: str, now: datetime) -> Envelope | Why | None:
    """None where it has no envelope, which the protocol asks of none (section 2.04). What it has is held against it."""
    document = object_in(message)
    if document is None:
        return Why.NOT_THE_FORM
    if _ENVELOPE.isdisjoint(document):
        return None
    return envelope_of(message, agent=agent, business=business, now=now)


def exercise_of(message: bytes, envelope: Envelope, inner: Networks) -> Exercise | Why:
    """What is asked, of whom as far as the agent verified it. One that is to be told where we call nobody is refused: it would
    wait for a word that never comes."""
    document = object_in(message)
    exercise = None if document is None else text_in(document, "exercise", _MOST_TEXT)
    if document is None or exercise is None:
        return Why.NOT_THE_FORM
    if exercise not in KINDS:
        return Why.UNSUPPORTED
    callback = document.get("status_callback")
    if callback is not None and not (isinstance(callback, str) and is_callback(callback, inner)):
        return Why.CALLBACK
    return Exercise(
        envelope=envelope,
        exercise=exercise,
        regime=text_in(document, "regime", _MOST_TEXT),
        agent_request=text_in(document, "agent-request-id", _MOST_TEXT),
        callback=callback,
        email=_verified(document, "email"),
        phone=_verified(document, "phone_number"),
    )


def is_callback(url: str, inner: Networks) -> bool:
    """Whether it reads as an address that may be called. Where a name leads is looked at when it is called."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or len(url) > _MOST_URL or not url.isascii() or not url.isprintable() or " " in url or port == 0:
        return False
    if parts.username is not None or parts.password is not None or parts.fragment:
        return False
    try:
        address = ip_address(host)
    except ValueError:
        return parts.scheme == "https"
    return may_be_called(address, parts.scheme, inner)


def may_be_called(address: IPv4Address | IPv6Address, scheme: str, inner: Networks) -> bool:
    """Anybody can reach it, over TLS; or it lies in one of `inner`, and without TLS only on this machine."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if scheme != "https" and not (scheme == "http" and address.is_loopback):
        return False
    if any(address in each for each in inner):
        return True
    return address.is_global and not address.is_multicast and not any(address in each for each in _DISGUISES)


def status_of(told: Told, verification_url: str | None) -> dict[str, str]:
    """The form of section 3.03. What is not known is left out. `verification_url`: our page where a person shows who they are."""
    waits = told.expires_on is not None
    said = {
        "request_id": str(told.id),
        "received_at": told.received_at.isoformat(),
        "expected_by": told.expected_on.isoformat(),
        "status": told.status.value,
        "reason": told.reason,
        "agent_request_id": told.agent_request,
        "processing_details": told.details,
        "user_verification_url": verification_url if waits else None,
        "expires_at": None if told.expires_on is None else datetime.combine(told.expires_on, time.max, UTC).isoformat(),
    }
    return {name: value for name, value in said.items() if value is not None}


def digest_of(told: Told) -> bytes:
    """By which it is known whether there is anything new to tell."""
    return sha256(canonical_json(dict(status_of(told, None))))


def _verified(document: Mapping[str, object], name: str) -> Personal[str] | None:
    value = text_in(document, name, _MOST_TEXT)
    return Personal(value) if value is not None and document.get(f"{name}_verified") is True else None


def _decoded(text: bytes) -> bytes | None:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
