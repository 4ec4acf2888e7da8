"""How one key is put under another: HKDF-SHA-256 to derive, AES-256-GCM to wrap, a context to bind.

Every context names its sort, the controller and everything that says which row a blob belongs to, each part with its length.
So a blob moved to another row, purpose, subject or controller does not open: it is `Tampered`.
Pure: no database, no key service.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import date
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from rightcall.errors import Tampered
from rightcall.ids import ControllerId
from rightcall.vault.model import KEY_BYTES

_VERSION = b"\x01"
_NONCE_BYTES = 12
_TAG_BYTES = 16


def new_secret() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def context(sort: str, controller: ControllerId, *parts: UUID | date | str | int) -> bytes:
    """Unambiguous bytes for "this sort of thing, of this controller, at this place"."""
    words = [b"rightcall.vault.v1", sort.encode(), controller.bytes, *(_bytes_of(part) for part in parts)]
    return b"".join(len(word).to_bytes(4, "big") + word for word in words)


def derive(*secret_parts: bytes, info: bytes) -> bytes:
    """One key from several of `KEY_BYTES` each: useless unless all of them are there."""
    if not secret_parts or any(len(part) != KEY_BYTES for part in secret_parts):
        raise ValueError("keys of exactly 32 bytes, at least one")
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(b"".join(secret_parts))


def wrap(key: bytes, secret: bytes, bound_to: bytes) -> bytes:
    """version (1 byte) || nonce (12) || ciphertext and tag."""
    return wrapper(key, bound_to)(secret)


def wrapper(key: bytes, bound_to: bytes) -> Callable[[bytes], bytes]:
    """`wrap` for many under one key and context, which is made ready once. Not kept for longer than a deed."""
    cipher = AESGCM(key)

    def put_under(secret: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return _VERSION + nonce + cipher.encrypt(nonce, secret, bound_to)

    return put_under


def unwrap(key: bytes, blob: bytes, bound_to: bytes) -> bytes:
    """What `wrap` was given; `Tampered` for any other key, blob or context."""
    if len(blob) < 1 + _NONCE_BYTES + _TAG_BYTES or blob[:1] != _VERSION:
        raise Tampered("A wrapped key in the database has no valid form. Stop, and tell the DPO.")
    try:
        return AESGCM(key).decrypt(blob[1 : 1 + _NONCE_BYTES], blob[1 + _NONCE_BYTES :], bound_to)
    except InvalidTag:
        raise Tampered("A wrapped key in the database is not the one that was put there. Stop, and tell the DPO.") from None


def keyed_hash(key: bytes, value: bytes) -> bytes:
    """HMAC-SHA-256: 32 bytes that tell nothing without the key."""
    return hmac.new(key, value, hashlib.sha256).digest()


def _bytes_of(part: UUID | date | str | int) -> bytes:
    if isinstance(part, UUID):
        return part.bytes
    if isinstance(part, date):
        return part.isoformat().encode()
    return str(part).encode()
