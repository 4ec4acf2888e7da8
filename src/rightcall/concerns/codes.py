"""The case code: what a raiser keeps, and the only thing that leads from a person to an anonymous concern.

140 random bits in Crockford's base 32, in groups of four, read aloud without confusion: O is 0, I and L are 1. It is shown once
and never kept. What is kept is a hash to find the concern by; another hash, which is not kept, makes the key that the raiser's
identity is sealed with. The same is done with a token's secret, so that a bearer who lost the code is known by the token alone.
"""

import hashlib
import secrets
from uuid import UUID, uuid4

from rightcall.ids import ConcernId, ControllerId
from rightcall.personal import Personal
from rightcall.vault.wrapping import context, derive, keyed_hash

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS, _GROUP = 7, 4
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def random_id() -> UUID:
    """A random UUID (version 4). Not version 7 as everywhere else, which would tell the millisecond of the raising."""
    return uuid4()


def new_code() -> Personal[str]:
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return Personal("-".join(groups))


def is_code(given: Personal[str]) -> bool:
    plain = _plain(given)
    return len(plain) == _GROUPS * _GROUP and set(plain) <= set(_ALPHABET)


def digest_of(code: Personal[str]) -> bytes:
    """What a concern is found by."""
    return _hash(b"found by", _plain(code))


def key_of_code(code: Personal[str], controller: ControllerId, concern: ConcernId) -> bytes:
    """What opens the raiser's identity, together with the vault."""
    return derive(_hash(b"opened by", _plain(code)), info=context("concern raiser by code", controller, concern))


def key_of_token(secret: Personal[str], controller: ControllerId, concern: ConcernId) -> bytes:
    """The same with the secret of the token that it was raised with."""
    given = _hash(b"opened by token", secret.reveal("open own concern"))
    return derive(given, info=context("concern raiser by token", controller, concern))


def tag_of_token(secret: Personal[str], controller: ControllerId, concern: ConcernId) -> bytes:
    """Equal for the same token and the same concern, and of no use to whoever does not have the token's secret."""
    return keyed_hash(key_of_token(secret, controller, concern), b"tag")


def _plain(code: Personal[str]) -> str:
    return code.reveal("read case code").upper().translate(_READ_AS)


def _hash(use: bytes, text: str) -> bytes:
    return hashlib.sha256(b"rightcall.concerns.v1\0" + use + b"\0" + text.encode("utf-8", "replace")).digest()
