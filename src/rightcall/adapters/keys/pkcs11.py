"""The key service in a hardware security module, through PKCS#11 (OASIS, version 2.40): epoch keys never leave it.

Keys are AES-256, sensitive and not extractable; the token wraps with CKM_AES_GCM and knows them by label. Keys are looked up at
each use, so a key that another process destroyed stops opening here at once. Make it after forking: PKCS#11 forbids sharing a
library across a fork. Calls of one process go to the library one at a time, since the binding starts it without locking and then
lets other threads run; processes do not wait for each other.
"""

import contextlib
import secrets
import threading
from collections.abc import Iterator
from typing import Protocol, cast
from urllib.parse import parse_qs

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, ObjectClass
from pkcs11 import exceptions as told

from rightcall.errors import KeysGone, NotConfigured, Tampered
from rightcall.ids import new_id
from rightcall.vault.model import Dark, DarkReason

_VERSION = b"\x02"
_NONCE_BYTES = 12
_TAG_BITS = 128
_PREFIX = "pkcs11:"
_WRONG_SETTINGS = (told.PinIncorrect, told.PinInvalid, told.PinLenRange, told.PinExpired, told.PinLocked, told.NoSuchToken)
# What tokens say to a ciphertext that fails to authenticate; SoftHSM says only that something went wrong.
_ONE_AT_A_TIME = threading.RLock()  # the library is one for the whole process, whatever tokens are opened with it
_MAYBE_TAMPERED = (
    told.EncryptedDataInvalid,
    told.EncryptedDataLenRange,
    told.GeneralError,
    told.FunctionFailed,
    told.DataInvalid,
)


def parse_address(setting: str) -> tuple[str, str]:
    """`pkcs11:<module path>?token=<label>` as (module path, label)."""
    path, _, query = setting.removeprefix(_PREFIX).partition("?")
    label = parse_qs(query).get("token", [""])[0]
    if not setting.startswith(_PREFIX) or not path or not label:
        raise NotConfigured("Give the key service as pkcs11:<path of the module>?token=<label of the token>.")
    return path, label


class _AesKey(Protocol):
    """What `python-pkcs11` gives for a key in the token that may encrypt and decrypt."""

    def __getitem__(self, attribute: Attribute) -> object: ...

    def encrypt(self, data: bytes, *, mechanism: Mechanism, mechanism_param: object) -> bytes: ...

    def decrypt(self, data: bytes, *, mechanism: Mechanism, mechanism_param: object) -> bytes: ...

    def destroy(self) -> None: ...


class Token:
    """Implements `vault.ports.KeyService` on one token."""

    def __init__(self, module: str, label: str, pin: bytes) -> None:
        self._current: pkcs11.Session | None = None
        with _ONE_AT_A_TIME, _translated():
            self._token = _token(module, label)
            self._first = _log_in(self._token, pin)

    def __repr__(self) -> str:
        return "Token()"

    def close(self) -> None:
        with _ONE_AT_A_TIME, _translated():
            self._first.close()

    def create(self, family: str) -> str:
        name = f"{family}.{new_id()}"
        template = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False, Attribute.PRIVATE: True}
        uses = MechanismFlag.ENCRYPT | MechanismFlag.DECRYPT
        with self._session() as session:
            key = session.generate_key(KeyType.AES, 256, label=name, store=True, capabilities=uses, template=template)
            if key[Attribute.EXTRACTABLE] or not key[Attribute.SENSITIVE]:
                key.destroy()
                raise NotConfigured("The token would let an epoch key out. Use a token that keeps sensitive keys inside.")
        return name

    def names(self, family: str) -> list[str]:
        with self._session() as session:
            labels = [key[Attribute.LABEL] for key in session.get_objects({Attribute.CLASS: ObjectClass.SECRET_KEY})]
        return sorted(label for label in labels if label.startswith(f"{family}."))

    def wrap(self, key: str, secret: bytes, context: bytes) -> bytes:
        with self._session() as session:
            found = _find(session, key)
            if not found:
                raise KeysGone("The token no longer has the key that is to be used. If a new epoch just began, try again.")
            return _encrypt(found[0], secret, context)

    def unwrap(self, key: str, blob: bytes, context: bytes) -> bytes | Dark:
        with self._session() as session:
            found = _find(session, key)
            if not found:
                return Dark(reason=DarkReason.EPOCH_GONE)
            try:
                return _decrypt(found[0], blob, context)
            except _MAYBE_TAMPERED as error:
                _still_works(found[0], error)
                raise Tampered("A wrapped key is not the one that the token wrapped. Stop, and tell the DPO.") from None

    def destroy(self, key: str) -> None:
        with self._session() as session:
            for found in _find(session, key):
                found.destroy()
        with _ONE_AT_A_TIME, _translated(), self._token.open() as fresh:
            if _find(fresh, key):
                raise KeysGone("The token still has a key that it was told to destroy. It is not destroyed: check the token.")

    @contextlib.contextmanager
    def _session(self) -> Iterator[pkcs11.Session]:
        """The working session; a new one after an error, since the old one may be in the middle of something."""
        with _ONE_AT_A_TIME, _translated():
            session = self._current
            if session is None:
                session = self._current = self._token.open(rw=True)
            try:
                yield session
            except told.PKCS11Error:
                self._current = None
                raise


def token_at(setting: str, pin: bytes) -> Token:
    """The token that the setting names, logged in."""
    module, label = parse_address(setting)
    return Token(module, label, pin)


def _token(module: str, label: str) -> pkcs11.Token:
    try:
        library = pkcs11.lib(module)
    except (told.PKCS11Error, RuntimeError, OSError) as error:
        raise NotConfigured("The PKCS#11 module cannot be loaded. Check its path in the setting KEY_SERVICE.") from error
    token: pkcs11.Token = library.get_token(token_label=label)
    return token


def _log_in(token: pkcs11.Token, pin: bytes) -> pkcs11.Session:
    """PKCS#11 logs in the process, not the session: this session, kept open, keeps all of the process's sessions logged in."""
    try:
        return token.open(rw=True, user_pin=pin.decode())
    except told.UserAlreadyLoggedIn:
        return token.open(rw=True)


def _find(session: pkcs11.Session, name: str) -> list[_AesKey]:
    return cast(list[_AesKey], list(session.get_objects({Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.LABEL: name})))


def _encrypt(key: _AesKey, secret: bytes, context: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    parameters = pkcs11.GCMParams(nonce, context, _TAG_BITS)
    return _VERSION + nonce + key.encrypt(secret, mechanism=Mechanism.AES_GCM, mechanism_param=parameters)


def _decrypt(key: _AesKey, blob: bytes, context: bytes) -> bytes:
    if len(blob) < 1 + _NONCE_BYTES + _TAG_BITS // 8 or blob[:1] != _VERSION:
        raise Tampered("A wrapped key has no valid form. Stop, and tell the DPO.")
    parameters = pkcs11.GCMParams(blob[1 : 1 + _NONCE_BYTES], context, _TAG_BITS)
    return key.decrypt(blob[1 + _NONCE_BYTES :], mechanism=Mechanism.AES_GCM, mechanism_param=parameters)


def _still_works(key: _AesKey, doubt: told.PKCS11Error) -> None:
    """Tells a wrong blob from a sick token: a token that still opens what it wraps was right to refuse."""
    if _decrypt(key, _encrypt(key, b"self-test", b""), b"") != b"self-test":
        raise KeysGone("The token does not open what it wraps. Check the token.") from doubt


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except _WRONG_SETTINGS as error:
        raise NotConfigured("The token cannot be opened. Check its label in KEY_SERVICE and the PIN in PIN_FILE.") from error
    except told.PKCS11Error as error:
        raise KeysGone("The token does not answer. Nothing was changed. Check that it is attached, then try again.") from error
