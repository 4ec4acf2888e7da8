"""An authority for tests, and certificates by it; and a processor in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_NO_USAGE = {
    "content_commitment": False,
    "key_encipherment": False,
    "data_encipherment": False,
    "key_agreement": False,
    "encipher_only": False,
    "decipher_only": False,
}


def named(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


class Authority:
    def __init__(self) -> None:
        self.key = generate_private_key(SECP256R1())
        self.certificate = self._made(named("Authority"), self.key, named("Authority"), is_authority=True)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def certify(
        self,
        key: EllipticCurvePrivateKey,
        domain: str = "localhost",
        *,
        self_signed: bool = False,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> bytes:
        issuer = named(domain) if self_signed else self.certificate.subject
        made = self._made(
            named(domain), key, issuer, domain=domain, by=key if self_signed else self.key, since=since, until=until
        )
        return made.public_bytes(Encoding.PEM)

    def _made(
        self,
        subject: x509.Name,
        key: EllipticCurvePrivateKey,
        issuer: x509.Name,
        *,
        domain: str | None = None,
        by: EllipticCurvePrivateKey | None = None,
        is_authority: bool = False,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> x509.Certificate:
        signer, now = by or self.key, datetime(2020, 1, 1, tzinfo=UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(since or now)
            .not_valid_after(until or now + timedelta(days=3650 * 3))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(
                x509.KeyUsage(digital_signature=True, key_cert_sign=is_authority, crl_sign=is_authority, **_NO_USAGE),
                critical=True,
            )
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        )
        if domain is not None:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(domain)]), critical=False)
            builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        return builder.sign(signer, SHA256())


@dataclass(frozen=True, slots=True)
class Peer:
    """A processor that runs. `folder`: its key and certificates."""

    port: int
    folder: Path
    authority: Authority
    key: EllipticCurvePrivateKey

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}/v2"

    def behaves(self, behaviour: str = "well", **more: Any) -> None:
        self._put("/behave", {"behaviour": behaviour, **more})

    def asked(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = httpx.get(f"http://localhost:{self.port}/asked", trust_env=False).json()
        return found

    def signed(self, body: dict[str, Any], *, forged: bool = False) -> tuple[bytes, str]:
        told = self._put("/sign", {"body": body, "forged": forged})
        return told["body"].encode(), told["signature"]

    def _put(self, path: str, said: dict[str, Any]) -> dict[str, Any]:
        answer = httpx.put(f"http://localhost:{self.port}{path}", content=json.dumps(said), trust_env=False)
        found: dict[str, Any] = answer.json()
        return found


@contextmanager
def running(folder: Path) -> Iterator[Peer]:
    authority, key = Authority(), generate_private_key(SECP256R1())
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "cert.pem").write_bytes(authority.certify(key))
    program = Path(__file__).with_name("processor_process.py")
    with subprocess.Popen([sys.executable, "-P", str(program), str(folder)], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Peer(int(process.stdout.readline()), folder, authority, key)
        finally:
            process.terminate()
