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
import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from rightcall.canonical import sha256
from rightcall.personal import Personal
from rightcall.requests.drp.model import Envelope, Exercise, Why
from rightcall.requests.model import DenialGround, RequestKind

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
_SIGNATURE = 64
_KEY = 32
_LONGEST = timedelta(days=1)
_MOST_TEXT = 200


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


def document_of(message: bytes) -> Mapping[str, object] | None:
    """A JSON object, or None."""
    try:
        document = json.loads(message.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def envelope_of(message: bytes, *, agent: str, business: str, now: datetime) -> Envelope | Why:
    """Steps 3 to 8."""
    document = document_of(message)
    if document is None:
        return Why.NOT_THE_FORM
    texts = [_text(document, name) for name in ("agent-id", "business-id", "drp.version")]
    issued, expires = _instant(document, "issued-at"), _instant(document, "expires-at")
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


def exercise_of(message: bytes, envelope: Envelope) -> Exercise | Why:
    """What is asked, of whom as far as the agent verified it."""
    document = document_of(message)
    exercise = None if document is None else _text(document, "exercise")
    if document is None or exercise is None:
        return Why.NOT_THE_FORM
    if exercise not in KINDS:
        return Why.UNSUPPORTED
    return Exercise(
        envelope=envelope,
        exercise=exercise,
        regime=_text(document, "regime"),
        agent_request=_text(document, "agent-request-id"),
        email=_verified(document, "email"),
        phone=_verified(document, "phone_number"),
    )


def _verified(document: Mapping[str, object], name: str) -> Personal[str] | None:
    value = _text(document, name)
    return Personal(value) if value is not None and document.get(f"{name}_verified") is True else None


def _text(document: Mapping[str, object], name: str) -> str | None:
    value = document.get(name)
    return value if isinstance(value, str) and 0 < len(value) <= _MOST_TEXT else None


def _instant(document: Mapping[str, object], name: str) -> datetime | None:
    """One without a zone says no instant."""
    text = _text(document, name)
    try:
        found = None if text is None else datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _decoded(text: bytes) -> bytes | None:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
