"""The real Kamailio with the configuration that is shipped, on loopback: only what belongs to a site is the test's own."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.adapters.sip.sipp import free_port

SHIPPED = Path(__file__).parents[3] / "deploy" / "kamailio"


def certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(pem)


class Proxy:
    """Use as a context manager. `port` for UDP and TCP, `tls_port` for TLS."""

    def __init__(self, folder: Path, *recorders: int) -> None:
        self.folder = folder
        self.recorders = recorders

    def __enter__(self) -> "Proxy":
        """A port that was free may be taken by the time it is wanted: then others are tried."""
        for _ in range(5):
            self.port, self.tls_port = free_port(socket.SOCK_STREAM), free_port(socket.SOCK_STREAM)
            self._settle_in()
            self._start()
            if self._answers():
                return self
            self.__exit__()
        raise AssertionError(self.log[-3000:])

    def __exit__(self, *_: object) -> None:
        """A child of Kamailio's that was forked a moment ago lets SIGTERM pass, and its parent then waits for it for ever: so all
        of them are asked, until the last has gone."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(timeout=0.5)
            except subprocess.TimeoutExpired:
                continue
            return
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=20)
        raise AssertionError(f"Kamailio did not end: {self.log[-3000:]}")

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    def _settle_in(self) -> None:
        shutil.copy(SHIPPED / "kamailio.cfg", self.folder)
        certificate(self.folder)
        tls = (SHIPPED / "tls.cfg").read_text().replace("/etc/kamailio/tls", str(self.folder))
        (self.folder / "tls.cfg").write_text(tls)
        (self.folder / "dispatcher.list").write_text(
            "".join(f"1 sip:127.0.0.1:{port};transport=udp\n" for port in self.recorders)
        )
        site = (SHIPPED / "site.cfg").read_text().replace("/etc/kamailio", str(self.folder)).replace("192.0.2.10", "127.0.0.1")
        (self.folder / "site.cfg").write_text(site.replace(":5060", f":{self.port}").replace(":5061", f":{self.tls_port}"))

    def _start(self) -> None:
        command = ["kamailio", "-f", str(self.folder / "kamailio.cfg"), "-DD", "-E", "-m", "32", "-M", "8"]
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "-w", str(self.folder), "-Y", str(self.folder)], stdout=log, stderr=log, start_new_session=True
            )

    def _answers(self) -> bool:
        deadline = time.monotonic() + 20
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                for port in (self.port, self.tls_port):
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return True
        return False
