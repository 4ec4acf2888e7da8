"""The form that sealed content has on any disk: C2SP chunked-encryption, Cobblestone-256 (https://c2sp.org/chunked-encryption).

    salt (24) || commitment (32) || chunk 0 || chunk 1 || … || last chunk

Each chunk is 16 KiB of content under AES-256-GCM with a tag of 16 bytes; the last one is always shorter, so a file that was cut
off is told from one that ended. Writing is `cryptography`'s own; reading is ours, since playback seeks and the library's reader
does not. The context binds a file to its controller and holding: bytes put in another holding's place are `Tampered`.
"""

import io
from collections.abc import Callable
from typing import NoReturn

from cryptography.cobblestone import Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from rightcall.errors import Malformed, Tampered
from rightcall.ids import ControllerId, HoldingId
from rightcall.vault.model import KEY_BYTES

HEADER_BYTES = 56
CHUNK_BYTES = 16 * 1024
TAG_BYTES = 16
SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES
_SALT_BYTES = 24
_NONCE_BYTES = 12
_MAX_CHUNKS = 1 << 38
_VERSION = b"rightcall/content/v1"


def content_context(controller: ControllerId, holding: HoldingId) -> bytes:
    """Version, controller, holding: what sealed content is bound to."""
    return _VERSION + controller.bytes + holding.bytes


def sealed_length(plain_length: int) -> int:
    """How many bytes `plain_length` bytes of content take once sealed and finished."""
    return HEADER_BYTES + plain_length + TAG_BYTES * (plain_length // CHUNK_BYTES + 1)


class Sealer:
    """Seals content as it comes. What it returns, put together in order, is the file; a chunk is out as soon as it is full."""

    __slots__ = ("_encryptor",)

    def __init__(self, key: bytes, context: bytes) -> None:
        self._encryptor = Cobblestone256Encryptor(key, context)

    def header(self) -> bytes:
        """The 56 bytes that open the file; empty when they were handed out before."""
        return self._encryptor.update(b"")

    def seal(self, plain: bytes | bytearray | memoryview) -> bytes:
        """Every chunk that is complete with these bytes (before any `header()`: the header too); often nothing."""
        return self._encryptor.update(plain)

    def finish(self) -> bytes:
        """The last, short chunk. A file without it was cut off, and says so to its reader."""
        return self._encryptor.finalize()


def _fetched(fetch: Callable[[int, int], bytes], length: int) -> Callable[[int, int], bytes]:
    content = fetch(0, length)
    return lambda start, size: content[start : start + size]


class SealedReader:
    """Reads any stretch of sealed content, fetching only the chunks it lies in; what has one chunk is fetched once, as a whole.

    `fetch(start, length)` gives exactly those bytes of the sealed file. `complete` is what was recorded when the file was
    closed: a complete file must have its last chunk, else it is `Tampered`. For one recorded as cut off (power, a kill), the
    whole chunks that reached the disk are read and `cut_short` says that the rest is missing.
    """

    __slots__ = ("_aead", "_fetch", "_nonce", "_sealed_length", "cut_short", "plain_length")

    plain_length: int
    cut_short: bool

    def __init__(
        self, key: bytes, context: bytes, fetch: Callable[[int, int], bytes], sealed_length: int, complete: bool
    ) -> None:
        if len(key) != KEY_BYTES:
            raise Malformed("A content key has 32 bytes.")
        self._fetch, self._sealed_length = fetch, sealed_length
        if sealed_length < HEADER_BYTES:
            if complete:
                _not_authentic()
            self.plain_length, self.cut_short = 0, True
            return
        if sealed_length <= HEADER_BYTES + SEALED_CHUNK_BYTES:
            self._fetch = _fetched(fetch, sealed_length)
        self._aead, self._nonce = _open_header(key, context, self._get(0, HEADER_BYTES))
        self._measure(complete)

    def read(self, start: int, length: int) -> bytes:
        """Content from `start`, `length` bytes or fewer where it ends. All of it authenticated, or `Tampered`."""
        if start < 0 or length < 0:
            raise Malformed("A stretch of content starts at 0 or later and has no negative length.")
        end = min(start + length, self.plain_length)
        if start >= end:
            return b""
        first, last = start // CHUNK_BYTES, (end - 1) // CHUNK_BYTES
        at = HEADER_BYTES + first * SEALED_CHUNK_BYTES
        size = min((last - first + 1) * SEALED_CHUNK_BYTES, self._sealed_length - at)
        sealed, chunk = memoryview(self._get(at, size)), memoryview(bytearray(CHUNK_BYTES))
        plain = io.BytesIO(bytes(end - start))
        for number, offset in enumerate(range(0, size, SEALED_CHUNK_BYTES), first):
            filled = self._decrypt_into(number, sealed[offset : offset + SEALED_CHUNK_BYTES], chunk)
            begins = number * CHUNK_BYTES
            plain.write(chunk[max(start - begins, 0) : min(end - begins, filled)])
        return plain.getvalue()

    def _measure(self, complete: bool) -> None:
        """Authenticates the length: the last chunk opens at its number, or the file was recorded as cut off."""
        whole, rest = divmod(self._sealed_length - HEADER_BYTES, SEALED_CHUNK_BYTES)
        if whole >= _MAX_CHUNKS or (complete and rest < TAG_BYTES):
            _not_authentic()
        self.cut_short = rest < TAG_BYTES or not self._ends(whole, rest, complete)
        self.plain_length = whole * CHUNK_BYTES + (0 if self.cut_short else rest - TAG_BYTES)

    def _ends(self, number: int, size: int, complete: bool) -> bool:
        try:
            sealed = self._get(HEADER_BYTES + number * SEALED_CHUNK_BYTES, size)
            self._decrypt_into(number, memoryview(sealed), memoryview(bytearray(size)))
        except Tampered:
            if complete:
                raise
            return False
        return True

    def _get(self, start: int, length: int) -> bytes:
        fetched = self._fetch(start, length)
        if len(fetched) != length:
            _not_authentic()
        return fetched

    def _decrypt_into(self, number: int, sealed: memoryview, plain: memoryview) -> int:
        length = len(sealed) - TAG_BYTES
        try:
            self._aead.decrypt_into((self._nonce ^ number).to_bytes(_NONCE_BYTES, "big"), sealed, None, plain[:length])
        except InvalidTag:
            _not_authentic()
        return length


def _open_header(key: bytes, context: bytes, header: bytes) -> tuple[AESGCM, int]:
    salt, commitment = header[:_SALT_BYTES], header[_SALT_BYTES:]
    info = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\x00" + salt + context
    derived = HKDFExpand(algorithm=SHA512(), length=KEY_BYTES + _NONCE_BYTES + 32, info=info).derive(key)
    if not bytes_eq(derived[KEY_BYTES + _NONCE_BYTES :], commitment):
        _not_authentic()
    return AESGCM(derived[:KEY_BYTES]), int.from_bytes(derived[KEY_BYTES : KEY_BYTES + _NONCE_BYTES], "big")


def _not_authentic() -> NoReturn:
    raise Tampered("Sealed content is not what was sealed, or not all of it. Stop, keep the bytes, and tell the DPO.") from None
