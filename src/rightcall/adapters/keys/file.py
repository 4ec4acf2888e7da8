"""The key service for small deployments: one file, sealed under a passphrase (scrypt, RFC 7914; then AES-256-GCM).

The file is replaced as a whole, so it is always either the old one or the new one; a lock file keeps writers apart. Readers look
at the file before each use: a key that another process destroyed stops opening here at once.

The limits of a file: whoever holds a copy of it *and* the passphrase holds the keys that were in it when it was copied. Keep it
out of every backup and off file systems with snapshots; where that cannot be promised, use an HSM (`pkcs11.py`).
"""

import base64
import binascii
import json
import os
import secrets
import threading
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from rightcall.adapters.files import forget_drafts, locked, write_anew
from rightcall.canonical import canonical_json
from rightcall.errors import KeysGone, NotConfigured, Tampered
from rightcall.ids import new_id
from rightcall.vault.model import KEY_BYTES, Dark, DarkReason
from rightcall.vault.wrapping import keyed_hash, new_secret, unwrap, wrap

_FORMAT = "rightcall-keys/1"
_NONCE_BYTES = 12
_MAX_COST = 1 << 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What guessing one passphrase costs. The default takes 64 MiB and about a tenth of a second."""

    n: int = 1 << 16
    r: int = 8
    p: int = 1


USUAL = Cost()


@dataclass(frozen=True, slots=True)
class _Seen:
    """The file as it was last read. Kept open until `let_go`, so that its inode number cannot come to mean another file."""

    mark: tuple[int, int, int, int] | None
    keys: Mapping[str, bytes] = field(repr=False)
    let_go: Callable[[], object] = field(repr=False)


class KeyFile:
    """Implements `vault.ports.KeyService`. No file yet means no keys yet; the first `create` makes it."""

    def __init__(self, path: Path, passphrase: bytes, *, cost: Cost | None = None) -> None:
        """`NotConfigured` at once where the passphrase does not open the file."""
        if not passphrase:
            raise NotConfigured("The passphrase of the key file is empty. Put one into the passphrase file.")
        self._path = path
        self._passphrase = passphrase
        self._cost = cost or USUAL
        self._under: dict[tuple[bytes, Cost], bytes] = {}
        self._guard = threading.RLock()
        self._seen = _Seen(None, {}, lambda: None)
        self._keys()

    def __repr__(self) -> str:
        return f"KeyFile({self._path.name})"

    def create(self, family: str) -> str:
        name = f"{family}.{new_id()}"
        self._change(lambda keys: {**keys, name: new_secret()})
        if name not in self._keys():
            raise KeysGone("The new key is not in the key file after writing it. Check the disk, then try again.")
        return name

    def names(self, family: str) -> list[str]:
        return sorted(name for name in self._keys() if name.startswith(f"{family}."))

    def wrap(self, key: str, secret: bytes, context: bytes) -> bytes:
        found = self._keys().get(key)
        if found is None:
            raise KeysGone("The key file no longer has the key that is to be used. If a new epoch just began, try again.")
        return wrap(found, secret, context)

    def unwrap(self, key: str, blob: bytes, context: bytes) -> bytes | Dark:
        found = self._keys().get(key)
        return Dark(reason=DarkReason.EPOCH_GONE) if found is None else unwrap(found, blob, context)

    def destroy(self, key: str) -> None:
        if key in self._keys():
            self._change(lambda keys: {name: secret for name, secret in keys.items() if name != key})
        if key in self._read():
            raise KeysGone("The key is still in the key file after it was rewritten. It is not destroyed: check the disk.")

    def _keys(self) -> Mapping[str, bytes]:
        """The keys as they are in the file now."""
        seen = self._seen
        return seen.keys if _mark_of(self._path) == seen.mark else self._read()

    def _read(self) -> Mapping[str, bytes]:
        with self._guard:
            try:
                descriptor = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
            except FileNotFoundError:
                if self._seen.mark is not None:
                    raise KeysGone(
                        "The key file was there and is gone. Put it back, or mount its disk, then try again."
                    ) from None
                return self._see(_Seen(None, {}, lambda: None))
            except OSError as error:
                raise KeysGone("The key file cannot be read. Check the disk and its rights, then try again.") from error
            let_go = weakref.finalize(self, os.close, descriptor)
            try:
                with os.fdopen(descriptor, "rb", closefd=False) as file:
                    keys = self._open(file.read())
            except BaseException:
                let_go()
                raise
            return self._see(_Seen(_mark(os.fstat(descriptor)), keys, let_go))

    def _see(self, seen: _Seen) -> Mapping[str, bytes]:
        former, self._seen = self._seen, seen
        former.let_go()
        return seen.keys

    def _open(self, data: bytes) -> dict[str, bytes]:
        header, check, nonce, sealed = _parse(data)
        under = self._derive(*header)
        if not bytes_eq(keyed_hash(under, b"check"), check):
            raise NotConfigured("The passphrase does not open the key file. Point Rightcall at the passphrase it was made with.")
        try:
            plain = AESGCM(under).decrypt(nonce, sealed, _bound_to(*header))
        except InvalidTag:
            raise Tampered("The key file was changed by something other than Rightcall. Stop, and tell the DPO.") from None
        return {name: base64.b64decode(secret) for name, secret in json.loads(plain).items()}

    def _derive(self, salt: bytes, cost: Cost) -> bytes:
        if (salt, cost) not in self._under:
            kdf = Scrypt(salt=salt, length=KEY_BYTES, n=cost.n, r=cost.r, p=cost.p)
            self._under[salt, cost] = kdf.derive(self._passphrase)
        return self._under[salt, cost]

    def _change(self, change: Callable[[Mapping[str, bytes]], dict[str, bytes]]) -> None:
        """Under the lock: read anew, change, replace. The old file or the new one is there whenever we are killed."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self._guard, locked(self._path.with_name(self._path.name + ".lock")):
                data = self._path.read_bytes() if self._path.exists() else None
                salt, cost = (secrets.token_bytes(32), self._cost) if data is None else _parse(data)[0]
                keys = change({} if data is None else self._open(data))
                forget_drafts(self._path)
                write_anew(self._path, self._seal(salt, cost, keys))
                self._read()
        except OSError as error:
            raise KeysGone("The key file could not be written. Nothing was changed. Check the disk, then try again.") from error

    def _seal(self, salt: bytes, cost: Cost, keys: Mapping[str, bytes]) -> bytes:
        under, nonce = self._derive(salt, cost), secrets.token_bytes(_NONCE_BYTES)
        plain = json.dumps({name: base64.b64encode(secret).decode() for name, secret in keys.items()}).encode()
        document = {
            "format": _FORMAT,
            "scrypt": {"n": cost.n, "r": cost.r, "p": cost.p, "salt": base64.b64encode(salt).decode()},
            "check": base64.b64encode(keyed_hash(under, b"check")).decode(),
            "nonce": base64.b64encode(nonce).decode(),
            "sealed": base64.b64encode(AESGCM(under).encrypt(nonce, plain, _bound_to(salt, cost))).decode(),
        }
        return json.dumps(document, indent=1).encode() + b"\n"


def _parse(data: bytes) -> tuple[tuple[bytes, Cost], bytes, bytes, bytes]:
    try:
        document = json.loads(data)
        scrypt = document["scrypt"]
        cost = Cost(n=int(scrypt["n"]), r=int(scrypt["r"]), p=int(scrypt["p"]))
        if document["format"] != _FORMAT or cost.n.bit_count() != 1 or not 2 <= cost.n * cost.r * cost.p <= _MAX_COST:
            raise ValueError("format")
        check, nonce, sealed = (base64.b64decode(document[name], validate=True) for name in ("check", "nonce", "sealed"))
        return (base64.b64decode(scrypt["salt"], validate=True), cost), check, nonce, sealed
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        raise Tampered("The key file has no valid form. Stop, keep it as it is, and tell the DPO.") from None


def _bound_to(salt: bytes, cost: Cost) -> bytes:
    return canonical_json({"format": _FORMAT, "n": cost.n, "r": cost.r, "p": cost.p, "salt": salt.hex()})


def _mark(status: os.stat_result) -> tuple[int, int, int, int]:
    return status.st_dev, status.st_ino, status.st_mtime_ns, status.st_size


def _mark_of(path: Path) -> tuple[int, int, int, int] | None:
    try:
        return _mark(path.stat())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeysGone("The key file cannot be read. Check the disk and its rights, then try again.") from error
