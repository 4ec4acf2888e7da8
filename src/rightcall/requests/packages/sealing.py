"""What a package opens with. While it is made, its key lies under the person's own key. When it is handed over, it is wrapped
under what the person is given, a link and a code, and that under the person's key: from then on nobody here opens it, and an
erasure of the person makes it dark for everybody. Link and code go two ways, and neither opens anything without the other.
"""

import base64
import hmac
import secrets
from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

from rightcall.canonical import sha256
from rightcall.database.connection import Transaction
from rightcall.errors import Tampered
from rightcall.holdings.ports import Objects
from rightcall.ids import ControllerId, SubjectId
from rightcall.requests.packages.model import PackageId, Part
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark
from rightcall.vault.sealing import SealedReader
from rightcall.vault.wrapping import context, derive, unwrap, wrap

_MAKING, _HANDED = "requests.packages.making", "requests.packages.handed"
_LINK_BYTES, _CODE_BYTES = 32, 10
_GROUP = 4
_CHUNK = 256 * 1024


def part_context(controller: ControllerId, package: PackageId, number: int, object: UUID) -> bytes:
    return context("package part", controller, package, number, object)


def folder_of(controller: ControllerId, package: PackageId) -> str:
    """In the object store: ids alone."""
    return f"{controller}/packages/{package}/"


def keep(tx: Transaction, vault: Vault, subject: SubjectId, key: bytes) -> bytes:
    return vault.seal_value(tx, subject, key, _MAKING)


def kept(tx: Transaction, vault: Vault, subject: SubjectId, sealed: bytes) -> bytes | Dark:
    return vault.open_value(tx, subject, sealed, _MAKING)


def new_link() -> tuple[str, str]:
    """For the link 256 bits; for the code 80, in groups that one can read out."""
    digits = base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode()
    code = "-".join(digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP))
    return secrets.token_urlsafe(_LINK_BYTES), code


def digest_of(link: str) -> bytes:
    return sha256(b"rightcall/package/link\x00" + link.encode())


def hand(tx: Transaction, vault: Vault, subject: SubjectId, package: PackageId, key: bytes, *, link: str, code: str) -> bytes:
    blob = wrap(_of_both(tx.of, package, link, code), key, _bound_to(tx.of, package))
    return vault.seal_value(tx, subject, blob, _HANDED)


def open_handed(
    tx: Transaction, vault: Vault, subject: SubjectId, package: PackageId, sealed: bytes, *, link: str, code: str
) -> bytes | None:
    """None where the code is wrong, or the person was erased."""
    blob = vault.open_value(tx, subject, sealed, _HANDED)
    if isinstance(blob, Dark):
        return None
    try:
        return unwrap(_of_both(tx.of, package, link, code), blob, _bound_to(tx.of, package))
    except Tampered:
        return None


def plain(code: str) -> str:
    """As it was meant: people write small letters, leave out signs, and take a nought for an O."""
    told = "".join(each for each in code.upper() if each.isalnum())
    return told.replace("0", "O").replace("1", "I").replace("8", "B")


def stream(
    controller: ControllerId, package: PackageId, key: bytes, objects: Objects, parts: Sequence[Part], start: int, end: int
) -> Iterator[bytes]:
    """The file from `start` to before `end`, a chunk at a time; each authenticated, or Tampered."""
    at = 0
    for part in parts:
        first, last = max(start, at) - at, min(end, at + part.plain_length) - at
        at += part.plain_length
        if first >= last:
            continue
        reader = SealedReader(
            key,
            part_context(controller, package, part.number, part.object),
            _fetch(objects, f"{folder_of(controller, package)}{part.object}"),
            part.sealed_length,
            complete=True,
        )
        for begin in range(first, last, _CHUNK):
            yield reader.read(begin, min(_CHUNK, last - begin))


def _fetch(objects: Objects, name: str) -> Callable[[int, int], bytes]:
    return lambda start, length: objects.get_range(name, start, length)


def _of_both(controller: ControllerId, package: PackageId, link: str, code: str) -> bytes:
    """Both are random, so no slow hashing is needed."""
    parts = [hmac.digest(b"rightcall/package", each.encode(), "sha256") for each in (link, plain(code))]
    return derive(*parts, info=context("package key", controller, package))


def _bound_to(controller: ControllerId, package: PackageId) -> bytes:
    return context("package", controller, package)
