"""Opening an encrypted vCon with the key that it is for (draft-ietf-vcon-vcon-core-04, section 5.3; RFC 7516, section 5.2).

The draft has one way: a content key under RSA-OAEP, the content under A256CBC-HS512 (RFC 7518, sections 4.3 and 5.2). It is
opened here and not by the library that encrypts: that one writes the protected header anew before it checks, so that what others
wrote with a space in it does not open. What is inside is a signed vCon, to be verified like any other.
"""

from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hmac import compare_digest

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from rightcall.canonical import Json, parse_json
from rightcall.errors import Malformed, NotConfigured, Tampered
from rightcall.recordings.envelope import unpacked

_ALGORITHMS = {"alg": "RSA-OAEP", "enc": "A256CBC-HS512"}
_MOST_RECIPIENTS = 8
_HALF = 32  # of the content key, in bytes: the first for the tag, the second for the content


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sealed:
    """`authenticated` is what the tag covers beside the content, as it came; `keys` the content key, once for each recipient."""

    authenticated: bytes
    iv: bytes
    content: bytes
    tag: bytes
    keys: tuple[bytes, ...]


def is_encrypted(document: Json) -> bool:
    return isinstance(document, dict) and "ciphertext" in document


def decrypt(document: Json, key_pem: bytes) -> Json:
    """The signed vCon inside. Malformed where it is not encrypted as the draft has it; Tampered where it does not open with this
    key; NotConfigured where that is no RSA key."""
    key, sealed = _key_from(key_pem), _parsed(document)
    for wrapped in sealed.keys:
        plain = _opened(sealed, wrapped, key)
        if plain is not None:
            return unpacked(plain)
    raise Tampered("This encrypted vCon does not open with this key. Check whom it is for, or ask its sender for it again.")


def _key_from(pem: bytes) -> RSAPrivateKey:
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise NotConfigured("The key for an encrypted vCon cannot be read. Give it as PEM, without a passphrase.") from error
    if not isinstance(key, RSAPrivateKey):
        raise NotConfigured("An encrypted vCon opens with an RSA key. Give the one whose certificate its sender had.")
    return key


def _parsed(document: Json) -> _Sealed:
    """The general form, and the flattened one of a single recipient."""
    if not isinstance(document, dict) or not is_encrypted(document):
        raise Malformed("This vCon is not encrypted. Leave the key out.")
    protected, aad = str(document.get("protected", "")), document.get("aad")
    recipients = document.get("recipients", [document])
    if not isinstance(recipients, list) or not 0 < len(recipients) <= _MOST_RECIPIENTS:
        raise Malformed(f"An encrypted vCon is for one to {_MOST_RECIPIENTS} recipients.")
    told = (_header(protected), document.get("unprotected"))
    return _Sealed(
        authenticated=(protected if aad is None else f"{protected}.{aad}").encode(),
        iv=_decoded(document.get("iv")),
        content=_decoded(document.get("ciphertext")),
        tag=_decoded(document.get("tag")),
        keys=tuple(_decoded(each.get("encrypted_key")) for each in recipients if isinstance(each, dict) and _is_ours(told, each)),
    )


def _header(protected: str) -> Json:
    return parse_json(_decoded(protected)) if protected else {}


def _is_ours(told: Sequence[Json], recipient: Mapping[str, Json]) -> bool:
    """Whether the headers name the draft's algorithms, and nothing that has to be understood or unpacked besides."""
    headers = [each for each in (*told, recipient.get("header")) if isinstance(each, dict)]
    names = [name for each in headers for name in each]
    found = {name: value for each in headers for name, value in each.items()}
    is_plain = len(names) == len(set(names)) and not {"crit", "zip"} & found.keys()
    return is_plain and all(found.get(name) == value for name, value in _ALGORITHMS.items())


def _opened(sealed: _Sealed, wrapped: bytes, key: RSAPrivateKey) -> bytes | None:
    """1. Unwrap the content key. 2. Check the tag, over header, vector, content and the header's length in bits. 3. Decrypt."""
    try:
        both = key.decrypt(wrapped, OAEP(MGF1(hashes.SHA1()), hashes.SHA1(), None))  # noqa: S303 - what RSA-OAEP means in a JWE
    except ValueError:
        return None
    if len(both) != 2 * _HALF:
        return None
    mac = HMAC(both[:_HALF], hashes.SHA512())
    length = (len(sealed.authenticated) * 8).to_bytes(8, "big")
    for part in (sealed.authenticated, sealed.iv, sealed.content, length):
        mac.update(part)
    if not compare_digest(mac.finalize()[:_HALF], sealed.tag):
        return None
    return _decrypted(both[_HALF:], sealed)


def _decrypted(key: bytes, sealed: _Sealed) -> bytes | None:
    try:
        decryptor = Cipher(AES(key), CBC(sealed.iv)).decryptor()
        padded = decryptor.update(sealed.content) + decryptor.finalize()
        unpadder = PKCS7(AES.block_size).unpadder()
        return unpadder.update(padded) + unpadder.finalize()
    except ValueError:
        return None


def _decoded(text: Json) -> bytes:
    try:
        return b64decode(str(text) + "=" * (-len(str(text)) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise Malformed("A part of this encrypted vCon is not base64url.") from error
