"""Signs the ledger's checkpoints (Ed25519, RFC 8032). The secret lies in a small file, wrapped by a key of its own in the key
service, so that neither the file nor the database nor a backup of them can sign. It is unwrapped for each signature."""

import base64
import binascii
import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.constant_time import bytes_eq

from rightcall.adapters.files import write_once
from rightcall.canonical import canonical_json
from rightcall.errors import KeysGone, NotConfigured, NotFound, Tampered
from rightcall.ledger.checkpoint import VerifierKey
from rightcall.vault.model import Dark
from rightcall.vault.ports import KeyService

_FAMILY = "signer"


class LedgerSigner:
    """Implements `ledger.ports.Signer`."""

    def __init__(self, file: Path, keys: KeyService, name: str) -> None:
        """Reads the signer's file; makes it, with a new key, where there is none."""
        self._keys = keys
        if not file.exists():
            _make(file, keys, name)
        self.name, self.public_key, self._key, self._wrapped = _read(file)
        if self.name != name:
            raise NotConfigured("The signer's file belongs to a ledger of another name. Give back the old LEDGER_ORIGIN.")

    def __repr__(self) -> str:
        return f"LedgerSigner({self.name})"

    def sign(self, message: bytes) -> bytes:
        """64 bytes. `KeysGone` where the key service is away or lost the signer's key; `Tampered` where the file was changed."""
        secret = self._keys.unwrap(self._key, self._wrapped, _bound_to(self.name, self.public_key))
        if isinstance(secret, Dark):
            raise KeysGone("The key service no longer has the key that wraps the ledger's signing key. Give back the right one.")
        private = Ed25519PrivateKey.from_private_bytes(secret)
        if not bytes_eq(private.public_key().public_bytes_raw(), self.public_key):
            raise Tampered("The ledger's signing key is not the one in its file. Stop, and tell the DPO.")
        return private.sign(message)


def published_key(file: Path) -> VerifierKey:
    """The ledger's public key, as its signer's file has it. NotFound where there is none; no key service is asked."""
    if not file.exists():
        raise NotFound("The ledger's key is not in this data folder: put back DATA/ledger-key, as the keys' backup has it.")
    name, public, _, _ = _read(file)
    return VerifierKey(name=name, public_key=public)


def _bound_to(name: str, public_key: bytes) -> bytes:
    return canonical_json({"purpose": "rightcall ledger signer", "name": name, "public": public_key.hex()})


def _make(file: Path, keys: KeyService, name: str) -> None:
    private = Ed25519PrivateKey.generate()
    public, key = private.public_key().public_bytes_raw(), keys.create(_FAMILY)
    wrapped = keys.wrap(key, private.private_bytes_raw(), _bound_to(name, public))
    document = {
        "name": name,
        "public": base64.b64encode(public).decode(),
        "key": key,
        "wrapped": base64.b64encode(wrapped).decode(),
    }
    if not write_once(file, json.dumps(document, indent=1).encode()):
        keys.destroy(key)


def _read(file: Path) -> tuple[str, bytes, str, bytes]:
    try:
        document = json.loads(file.read_bytes())
        public = base64.b64decode(document["public"], validate=True)
        return str(document["name"]), public, str(document["key"]), base64.b64decode(document["wrapped"], validate=True)
    except (OSError, ValueError, KeyError, TypeError, binascii.Error) as error:
        raise Tampered("The ledger signer's file has no valid form. Stop, keep it as it is, and tell the DPO.") from error
