"""Reading what a processor says, in the order of the protocol's section 8.8:

1. the domain in its header is the one that was registered;
2. the signature is by that domain's certificate, over the bytes as they came;
3. only then they are read, and have the form;
4. they are about the very request that we sent.

Pure: bytes in; out, what was said or what is wrong with it.
"""

import base64
import binascii
import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from rightcall.activities.processors.model import Heard, Offer, Order, OrderId, OrderKind, OrderState, Refusal, Reply, Trouble
from rightcall.canonical import Json, canonical_json
from rightcall.errors import Malformed
from rightcall.messages import instant_in, object_in, text_in
from rightcall.personal import Personal
from rightcall.subjects.model import Identifier, IdentifierKind

OPEN = frozenset({OrderState.TO_ASK, OrderState.PENDING, OrderState.IN_PROGRESS})
AT_ONCE = frozenset(Trouble) - {Trouble.UNREACHABLE, Trouble.NOT_THE_FORM}
"""What waiting does not mend."""
HAS_IT = frozenset({400, 409})
"""How a processor may answer a request that it took before."""
_OK = range(200, 300)
_AWAY = range(500, 600)
_BUSY = frozenset({408, 425, 429})
_MAJORS = frozenset({"1", "2"})
_PATIENCE = timedelta(days=30)
"""For a processor that names no day."""
_LONGEST = timedelta(days=90)
"""Whatever day it names: the law gives us no longer than that, an extension with it."""
_MOST_TEXT = 2000
_SAID = {
    "pending": OrderState.PENDING,
    "in_progress": OrderState.IN_PROGRESS,
    "completed": OrderState.COMPLETED,
    "cancelled": OrderState.CANCELLED,
}
_TYPES: Mapping[IdentifierKind, tuple[str, ...]] = {
    IdentifierKind.CUSTOMER_ID: ("controller_customer_id",),
    IdentifierKind.EMAIL: ("email",),
    IdentifierKind.TEL: ("phone_number", "mobile_number", "phone"),
    IdentifierKind.SIP: (),
}
"""By which names of the protocol, and of processors that know telephones, each is told."""
_FORMATS = ("sha256", "sha1", "md5", "raw")
"""The first that the processor takes: a hash tells nothing to whoever does not know the person already."""


def offer_of(body: bytes, *, host: str) -> Offer:
    """A discovery document. Malformed where it is none, or its certificate lies at another host."""
    document = object_in(body)
    version = None if document is None else text_in(document, "api_version", _MOST_TEXT)
    url = None if document is None else text_in(document, "processor_certificate", _MOST_TEXT)
    if document is None or version is None or url is None:
        raise Malformed("The processor's /discovery is not a document of OpenDSR. Check the address, with its version.")
    if version.partition(".")[0] not in _MAJORS:
        raise Malformed("The processor speaks another version of OpenDSR than 1 and 2. Ask it for the address of version 2.")
    if _host(url) != host:
        raise Malformed("The processor's certificate lies at another host than its address. It has to be the same.")
    kinds = {each.value for each in OrderKind}.intersection(_texts(document.get("supported_subject_request_types")))
    pairs = []
    for each in _listed(document.get("supported_identities")):
        kind, form = text_in(each, "identity_type", _MOST_TEXT), text_in(each, "identity_format", _MOST_TEXT)
        if kind is not None and form in _FORMATS:
            pairs.append((kind, form))
    if not kinds or not pairs:
        raise Malformed("The processor says of no request, or of no identity, that it takes it. Ask it what it offers.")
    return Offer(version=version, identities=tuple(pairs), kinds=frozenset(map(OrderKind, kinds)), certificate_url=url)


def check_certificate(pem: bytes, *, domain: str, roots: bytes, now: datetime) -> None:
    """Malformed where it is not valid now, not of this domain, or nobody whom we trust stands behind it. Whether it was revoked
    is not looked up."""
    try:
        chain = x509.load_pem_x509_certificates(pem)
        store = Store(x509.load_pem_x509_certificates(roots))
        verifier = PolicyBuilder().store(store).time(now).build_server_verifier(x509.DNSName(domain))
        verifier.verify(chain[0], chain[1:])
    except (ValueError, VerificationError) as error:
        raise Malformed(
            "The processor's certificate does not hold: it has to be valid, for its domain, and by an authority that is trusted"
            " here. See RIGHTCALL_PROCESSOR_CAS."
        ) from error


def is_signed(body: bytes, signature: str, certificate: bytes) -> bool:
    """By the certificate's key, with SHA-256 (FIPS 186-4: RSA or ECDSA)."""
    try:
        raw = base64.b64decode("".join(signature.split()), validate=True)
        key = x509.load_pem_x509_certificates(certificate)[0].public_key()
        match key:
            case RSAPublicKey():
                key.verify(raw, body, PKCS1v15(), SHA256())
            case EllipticCurvePublicKey():
                key.verify(raw, body, ECDSA(SHA256()))
            case _:
                return False
    except (binascii.Error, ValueError, InvalidSignature):
        return False
    return True


def identities_of(known: Sequence[Identifier], takes: Collection[tuple[str, str]]) -> list[dict[str, str]]:
    """By what the processor can find the person; nothing where it takes none of what they are known by."""
    told = []
    for each in known:
        pair = taken_as(each.kind, takes)
        if pair is not None:
            value = _in_form(each.value.reveal("ask a processor"), pair[1])
            told.append({"identity_type": pair[0], "identity_value": value, "identity_format": pair[1]})
    return told


def kinds_of(takes: Collection[tuple[str, str]]) -> frozenset[IdentifierKind]:
    """By what sorts of identifiers the processor can find anybody."""
    return frozenset(kind for kind in _TYPES if taken_as(kind, takes) is not None)


def taken_as(kind: IdentifierKind, takes: Collection[tuple[str, str]]) -> tuple[str, str] | None:
    """Under which name and in which form the processor takes such an identifier; None where it does not."""
    return next(((name, form) for name in _TYPES[kind] for form in _FORMATS if (name, form) in takes), None)


def regulation_of(jurisdictions: Collection[str]) -> str:
    """One of the two that the protocol has."""
    return "ccpa" if jurisdictions and all(each.startswith("US") for each in jurisdictions) else "gdpr"


def body_of(
    order: Order, identities: Sequence[Mapping[str, str]], *, version: str, regulation: str, callback: str | None
) -> bytes:
    said: dict[str, Json] = {
        "regulation": regulation,
        "subject_request_id": str(order.id),
        "subject_request_type": order.kind.value,
        "submitted_time": order.submitted_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "subject_identities": [dict(each) for each in identities],
        "api_version": version,
    }
    if callback is not None:
        said["status_callback_urls"] = [callback]
    return canonical_json(said)


def taken(reply: Reply, order: OrderId, *, domain: str, certificate: bytes, sent: bytes) -> Heard | Trouble:
    """The answer to a request. `sent` has to come back in it: what another made of it is not ours."""
    document = _signed(reply, domain, certificate)
    if isinstance(document, Trouble):
        return document
    if document.get("subject_request_id") != str(order) or _encoded(document.get("encoded_request")) != sent:
        return Trouble.NOT_OURS
    return Heard(order=order, state=OrderState.PENDING, expected_at=instant_in(document, "expected_completion_time"))


def status(reply: Reply, order: OrderId, *, domain: str, certificate: bytes) -> Heard | Trouble:
    """The answer to the question how far it is."""
    document = _signed(reply, domain, certificate)
    if isinstance(document, Trouble):
        return document
    if document.get("subject_request_id") != str(order):
        return Trouble.NOT_OURS
    return _heard(document) or Trouble.NOT_THE_FORM


def callback(reply: Reply, *, domain: str, certificate: bytes, url: str) -> Heard | Refusal:
    """What a processor says by itself. `url`: the address of ours that was given to it. `reply.domain` was looked up by whoever
    found the certificate."""
    if reply.domain != domain or not is_signed(reply.body, reply.signature, certificate):
        return Refusal.BAD_SIGNATURE
    document = object_in(reply.body)
    heard = None if document is None else _heard(document)
    if document is None or heard is None:
        return Refusal.NOT_THE_FORM
    return heard if document.get("status_callback_url") == url else Refusal.OTHER_AUDIENCE


def trouble_of(order: Order, heard: Heard, now: datetime) -> Trouble | None:
    """What is wrong with an answer that has its form."""
    if heard.state is OrderState.CANCELLED:
        return Trouble.CANCELLED
    if order.called_back is OrderState.COMPLETED and heard.state in OPEN:
        return Trouble.CONTRADICTS
    promised = min(order.expected_at or order.submitted_at + _PATIENCE, order.submitted_at + _LONGEST)
    return Trouble.OVERDUE if heard.state in OPEN and promised < now else None


def _signed(reply: Reply, domain: str, certificate: bytes) -> Mapping[str, object] | Trouble:
    if reply.status in _AWAY or reply.status in _BUSY:
        return Trouble.UNREACHABLE
    if reply.status not in _OK:
        return Trouble.REFUSED
    if reply.domain != domain:
        return Trouble.WRONG_DOMAIN
    if not is_signed(reply.body, reply.signature, certificate):
        return Trouble.BAD_SIGNATURE
    return object_in(reply.body) or Trouble.NOT_THE_FORM


def _heard(document: Mapping[str, object]) -> Heard | None:
    state, order = _SAID.get(str(document.get("request_status"))), text_in(document, "subject_request_id", _MOST_TEXT)
    try:
        id = None if order is None else OrderId(UUID(order))
    except ValueError:
        return None
    if state is None or id is None:
        return None
    url = text_in(document, "results_url", _MOST_TEXT)
    return Heard(
        order=id,
        state=state,
        expected_at=instant_in(document, "expected_completion_time"),
        results=None if url is None else Personal(url),
    )


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _in_form(value: str, form: str) -> str:
    if form == "raw":
        return value
    return hashlib.new(form, value.encode(), usedforsecurity=False).hexdigest()


def _encoded(value: object) -> bytes | None:
    try:
        return base64.b64decode(value, validate=True) if isinstance(value, str) else None
    except (binascii.Error, ValueError):
        return None


def _listed(value: object) -> list[Mapping[str, object]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _texts(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
