"""The key that signs our vCons (P-256, ES256), in a file, wrapped by a key of its own in the key service; with its certificate.

Where nobody gave a certificate, one is made that the key signed itself: it shows that two vCons came from the same house.
"""

import base64
import binascii
import json
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import Certificate, load_pem_x509_certificate

from rightcall.adapters.files import write_once
from rightcall.canonical import canonical_json
from rightcall.errors import KeysGone, Tampered
from rightcall.recordings.envelope import VconSigner, new_signer, signer_from
from rightcall.vault.model import Dark
from rightcall.vault.ports import KeyService

_FAMILY = "vcon"
_NAME = "Rightcall vCon signer"


def vcon_signer(file: Path, keys: KeyService, at: datetime) -> VconSigner:
    """The signer in `file`; made, with a new key and certificate, where there is none. `KeysGone` where its key is away."""
    if not file.exists():
        _make(file, keys, at)
    certificate, key, wrapped = _read(file)
    scalar = keys.unwrap(key, wrapped, _bound_to(certificate))
    if isinstance(scalar, Dark):
        raise KeysGone("The key service no longer has the key that wraps the vCon signing key. Give back the right one.")
    private = derive_private_key(int.from_bytes(scalar, "big"), SECP256R1())
    if private.public_key() != certificate.public_key():
        raise Tampered("The vCon signing key is not that of its certificate. Stop, and tell the DPO.")
    return VconSigner(key=private, chain=(certificate,))


def _bound_to(certificate: Certificate) -> bytes:
    public = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return canonical_json({"purpose": "rightcall vcon signer", "public": public.hex()})


def _make(file: Path, keys: KeyService, at: datetime) -> None:
    pem, certificate_pem = new_signer(_NAME, at)
    signer = signer_from(pem, certificate_pem)
    scalar = signer.key.private_numbers().private_value.to_bytes(32, "big")
    key = keys.create(_FAMILY)
    wrapped = keys.wrap(key, scalar, _bound_to(signer.chain[0]))
    document = {"certificate": certificate_pem.decode(), "key": key, "wrapped": base64.b64encode(wrapped).decode()}
    if not write_once(file, json.dumps(document, indent=1).encode()):
        keys.destroy(key)


def _read(file: Path) -> tuple[Certificate, str, bytes]:
    try:
        document = json.loads(file.read_bytes())
        certificate = load_pem_x509_certificate(str(document["certificate"]).encode())
        return certificate, str(document["key"]), base64.b64decode(document["wrapped"], validate=True)
    except (OSError, ValueError, KeyError, TypeError, binascii.Error) as error:
        raise Tampered("The vCon signer's file has no valid form. Stop, keep it as it is, and tell the DPO.") from error
