"""The signed and the encrypted form of a vCon (draft-ietf-vcon-vcon-core-04, sections 5 and 6; RFC 7515, 7516).

Signed: a general JWS whose payload is the vCon, with the certificates in `x5c` of the unprotected header, where the draft wants
them. Encrypted: the signed form inside a general JWE; opening one is in unsealing.py.
What is read must be signed by somebody whom the reader was told to trust: a certificate that comes with the document says who
signed it, never that they are to be believed.
"""

import contextlib
import zlib
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID
from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from rightcall.canonical import Json, canonical_json, parse_json
from rightcall.errors import Malformed, NotConfigured, Tampered

Certificates: TypeAlias = Sequence[x509.Certificate]
_ALGORITHMS = ("ES256", "ES384", "RS256", "PS256", "EdDSA", "Ed25519")
_KEY_WRAP, _CONTENT = "RSA-OAEP", "A256CBC-HS512"
_MAX_SIGNATURES = 8
MOST_BYTES = 128 << 20  # of a vCon that is read: an hour of two streams of G.711, signed, is 100 MB
_MOST_VALUES = 1_000_000  # each takes far more room once it is read than in the text


class _Jws(jws.JWSRegistry):
    """A chain of certificates and an hour of sound do not fit the library's own limits."""

    max_header_length = 64 * 1024
    max_payload_length = 1 << 30


class _Jwe(jwe.JWERegistry):
    max_ciphertext_length = 3 << 29


@dataclass(frozen=True, slots=True, kw_only=True)
class VconSigner:
    """Who signs our vCons: a P-256 key and its certificates, the key's own first."""

    key: EllipticCurvePrivateKey = field(repr=False)
    chain: tuple[x509.Certificate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What was signed, and the certificate whose key signed it."""

    vcon: Json
    by: x509.Certificate

    @property
    def fingerprint(self) -> bytes:
        """SHA-256 of the certificate."""
        return fingerprint(self.by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unvouched:
    """A vCon for which nobody trusted vouches: unsigned, or signed by somebody unknown."""

    vcon: Json
    was_signed: bool


def fingerprint(certificate: x509.Certificate) -> bytes:
    """SHA-256 of it."""
    return certificate.fingerprint(hashes.SHA256())


def trusted_in(file: Path | None) -> tuple[x509.Certificate, ...]:
    """The certificates in `file`; nobody's without one. NotConfigured where it cannot be read."""
    if file is None:
        return ()
    try:
        return tuple(x509.load_pem_x509_certificates(file.read_bytes()))
    except (OSError, ValueError) as error:
        raise NotConfigured(f"The certificates in {file.name} cannot be read. Give those who are trusted as PEM.") from error


def signer_from(key_pem: bytes, certificates_pem: bytes) -> VconSigner:
    try:
        key = load_pem_private_key(key_pem, password=None)
        chain = tuple(x509.load_pem_x509_certificates(certificates_pem))
    except ValueError as error:
        raise NotConfigured("The key or the certificates that sign vCons cannot be read. Give both as PEM.") from error
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise NotConfigured("vCons are signed with a P-256 key. Make one, and a certificate for it.")
    if chain[0].public_key() != key.public_key():
        raise NotConfigured("The first certificate is not that of the key that signs vCons. Put it first.")
    return VconSigner(key=key, chain=chain)


def new_signer(name: str, at: datetime, *, days: int = 3650) -> tuple[bytes, bytes]:
    """A new key and a certificate that it signed itself, both as PEM: for those who have no certificate of their own."""
    key = generate_private_key(SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(minutes=5))
        .not_valid_after(at + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem, certificate.public_bytes(Encoding.PEM)


def sign(vcon: Json, signer: VconSigner) -> Json:
    """The general JWS."""
    open_header: dict[str, Any] = {"x5c": [b64encode(each.public_bytes(Encoding.DER)).decode() for each in signer.chain]}
    if isinstance(vcon, dict) and "uuid" in vcon:
        open_header["uuid"] = vcon["uuid"]
    pem = signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    signed = jws.serialize_json(
        [{"protected": {"alg": "ES256", "cty": "application/vcon"}, "header": open_header}],
        canonical_json(vcon),
        ECKey.import_key(pem),
        registry=_registry(),
    )
    return _plain(signed)


def encrypt(signed: Json, recipient: x509.Certificate) -> Json:
    """The general JWE of a signed vCon, for the RSA key of one recipient."""
    pem = recipient.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    try:
        key = RSAKey.import_key(pem)
        sealed = jwe.GeneralJSONEncryption({"enc": _CONTENT, "cty": "application/vcon"}, canonical_json(signed))
        sealed.add_recipient({"alg": _KEY_WRAP}, key)
        return _plain(jwe.encrypt_json(sealed, None, registry=_Jwe(algorithms=[_KEY_WRAP, _CONTENT])))
    except (JoseError, ValueError) as error:
        raise Malformed("A vCon is encrypted for a certificate with an RSA key of 2048 bits or more. Give one.") from error


def verify(signed: Json, trusted: Certificates, at: datetime) -> Signed:
    """The vCon inside, once one of its signatures is that of a trusted certificate, or of one that a trusted one issued.

    1. Read the chain in `x5c`; without one, only the trusted certificates themselves can have signed. 2. Follow it to a trusted
    certificate; every one is in force at `at`. 3. Check the signature with the key of the first. 4. The payload may be gzip; a
    `uuid` in the header is that of the vCon. Malformed where it is no signed vCon; Tampered where no signature is good.
    """
    signatures = signed.get("signatures") if isinstance(signed, dict) else None
    if not isinstance(signatures, list) or not 0 < len(signatures) <= _MAX_SIGNATURES:
        raise Malformed("This is no signed vCon: it is a general JWS with one to eight signatures.")
    for signature in signatures:
        for certificate in _signers(signature, trusted, at):
            payload = _verified(signed, signature, certificate)
            if payload is not None:
                return Signed(vcon=_told_alike(unpacked(payload), signature), by=certificate)
    raise Tampered("No signature of this vCon is good and from somebody trusted. Do not use it; ask its sender.")


def unwrap(document: Json, trusted: Certificates, at: datetime) -> Signed | Unvouched:
    """A vCon as it comes, told apart by its members (section 5.4): signed by somebody trusted, or vouched for by nobody.

    Tampered where a trusted certificate is named and its signature is not good; Malformed where it is encrypted.
    """
    if isinstance(document, dict) and "ciphertext" in document:
        raise Malformed("This vCon is encrypted. Decrypt it with the key that it is for, and give the signed vCon inside.")
    if not isinstance(document, dict) or not {"payload", "signatures"} <= document.keys():
        return Unvouched(vcon=document, was_signed=False)
    signatures = document["signatures"] if isinstance(document["signatures"], list) else []
    claims_trust = any(_chain_is_told(each) and _signers(each, trusted, at) for each in signatures[:_MAX_SIGNATURES])
    try:
        return verify(document, trusted, at)
    except Tampered:
        if claims_trust:
            raise
        return Unvouched(vcon=payload_of(document), was_signed=True)


def payload_of(signed: Json) -> Json:
    """What a signed vCon says, whoever signed it: for those who trust nobody about it. Malformed where it is none."""
    payload = signed.get("payload") if isinstance(signed, dict) else None
    if not isinstance(payload, str):
        raise Malformed("This is no signed vCon: it is a general JWS with one to eight signatures.")
    try:
        return unpacked(_decoded(payload))
    except ValueError as error:
        raise Malformed("The payload of this signed vCon is not base64url.") from error


def _chain_is_told(signature: Json) -> bool:
    try:
        return bool(_chain(signature))
    except (ValueError, Malformed):
        return False


def _signers(signature: Json, trusted: Certificates, at: datetime) -> list[x509.Certificate]:
    """Whose key may have made this signature and is trusted."""
    try:
        chain = _chain(signature)
    except (ValueError, Malformed):
        return []
    if not chain:
        return [anchor for anchor in trusted if _in_force(anchor, at)]
    return chain[:1] if _is_trusted(chain, trusted, at) else []


def _verified(signed: Json, signature: Json, certificate: x509.Certificate) -> bytes | None:
    try:
        alone: Any = {"payload": signed["payload"], "signatures": [signature]}  # type: ignore[index,call-overload]  # a dict, or KeyError
        payload: bytes | None = jws.deserialize_json(alone, _public(certificate), registry=_registry()).payload
    except (JoseError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return payload


def _registry() -> _Jws:
    """The draft puts a `uuid` among the header parameters, which the library does not know."""
    return _Jws(algorithms=list(_ALGORITHMS), strict_check_header=False)


def unpacked(payload: bytes) -> Json:
    """JSON, or gzip of it: told by its first two bytes (RFC 1952), and never more than is taken unpacked."""
    if not payload.startswith(b"\x1f\x8b"):
        return _bounded(payload)
    unpacking = zlib.decompressobj(wbits=31)
    try:
        plain = unpacking.decompress(payload, MOST_BYTES)
    except zlib.error as error:
        raise Malformed("This vCon is packed as gzip, and does not unpack. Ask its sender for it again.") from error
    if not unpacking.eof:
        raise Malformed("This packed vCon is cut off, or too large unpacked. Ask its sender for a smaller one.")
    return _bounded(plain)


def _bounded(text: bytes) -> Json:
    if sum(map(text.count, (b"[", b"{", b","))) > _MOST_VALUES:
        raise Malformed(f"This vCon has more than {_MOST_VALUES:,} values in it. Send the conversation in parts.")
    return parse_json(text)


def _told_alike(vcon: Json, signature: Json) -> Json:
    header = signature.get("header") if isinstance(signature, dict) else None
    told = header.get("uuid") if isinstance(header, dict) else None
    if told is not None and (not isinstance(vcon, dict) or told != vcon.get("uuid")):
        raise Tampered("The header of this signed vCon names another uuid than the vCon inside. Do not use it; ask its sender.")
    return vcon


def _chain(signature: Json) -> list[x509.Certificate]:
    """From the unprotected header, where the draft has it, or the protected one: the chain proves itself."""
    if not isinstance(signature, dict):
        return []
    protected = parse_json(_decoded(str(signature.get("protected", ""))) or b"{}")
    for header in (signature.get("header"), protected):
        if isinstance(header, dict) and isinstance(found := header.get("x5c"), list):
            return [x509.load_der_x509_certificate(b64decode(str(each), validate=True)) for each in found]
    return []


def _is_trusted(chain: list[x509.Certificate], trusted: Certificates, at: datetime) -> bool:
    for place, certificate in enumerate(chain):
        if not _in_force(certificate, at):
            return False
        if place and not _issued(chain[place - 1], certificate, below=place - 1):
            return False
        if certificate in trusted:
            return True
        if any(_issued(certificate, anchor, below=place) and _in_force(anchor, at) for anchor in trusted):
            return True
    return False


def _in_force(certificate: x509.Certificate, at: datetime) -> bool:
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def _issued(certificate: x509.Certificate, issuer: x509.Certificate, *, below: int) -> bool:
    """Whether `issuer` is a certification authority that may have `below` others under it (RFC 5280, section 4.2.1.9), and signed
    `certificate`. Where it says what its key is for, signing certificates is in it."""
    try:
        constraints = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value
        certificate.verify_directly_issued_by(issuer)
    except (x509.ExtensionNotFound, x509.DuplicateExtension, InvalidSignature, ValueError, TypeError):
        return False
    depth = constraints.path_length
    return constraints.ca and (depth is None or below <= depth) and _may_issue(issuer)


def _may_issue(issuer: x509.Certificate) -> bool:
    try:
        return issuer.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign
    except x509.ExtensionNotFound:
        return True


def _public(certificate: x509.Certificate) -> ECKey | RSAKey | OKPKey:
    pem = certificate.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for kind in (ECKey, RSAKey, OKPKey):
        with contextlib.suppress(JoseError, ValueError):
            return kind.import_key(pem)
    raise ValueError("a key of no kind that signs vCons")


def _decoded(text: str) -> bytes:
    return b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _plain(document: object) -> Json:
    """The library's typed dictionaries as a plain document."""
    return parse_json(canonical_json(document))  # type: ignore[arg-type]  # JSON by its making
