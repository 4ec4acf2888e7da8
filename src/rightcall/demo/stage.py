"""Everything the demo stands on: a fresh folder, a running Rightcall, tokens, and a look at the disk."""

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx

from rightcall.actors import Role
from rightcall.demo.outside.server import Outside
from rightcall.demo.patience import Patience
from rightcall.demo.people import NORTHWIND, taken_in
from rightcall.errors import Conflict, Outage
from rightcall.settings import load_settings
from rightcall.testcall.desk import Desk

ROOTS = "RIGHTCALL_SCAN_ROOTS"
_PORTS_TRIED = 3
_STOP_SECONDS = 120.0
_ANSWER_SECONDS = 60.0
_SIGNS_OF_LIFE = ("/health", "/api/v1/purposes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where the demo plays."""

    folder: Path
    http: str
    sip: tuple[str, int]
    agent: Desk
    supervisor: Desk
    dpo: Desk
    patience: Patience
    outside: Outside

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def proofs(self) -> Path:
        return self.folder / "proofs"

    def kept_files(self) -> dict[Path, int]:
        """Every file in which sound could be kept, with its size: the object store and the recorder's spool."""
        files = [*(self.data / "objects").rglob("*"), *(self.data / "spool").glob("*.sealed")]
        return {file: file.stat().st_size for file in files if file.is_file()}

    def kept_since(self, before: dict[Path, int]) -> list[Path]:
        """The files in which sound could be kept that are new since then, or grew."""
        return [file for file, size in self.kept_files().items() if size > before.get(file, 0)]

    def finds(self, needle: bytes) -> list[str]:
        """The files of the whole data folder, database and logs included, that hold these very bytes."""
        return [str(file) for file in self.data.rglob("*") if file.is_file() and needle in file.read_bytes()]


def command(stage_data: Path, *words: str) -> str:
    """One `rightcall` command, as a user would type it; its standard output."""
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", "rightcall", *words, "--data", str(stage_data)], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise Outage(f"`rightcall {' '.join(words)}` ended with {done.returncode}: {done.stderr.strip()[-400:]}")
    return done.stdout


def offline(*words: str) -> tuple[int, str]:
    """A command that needs no deployment, run in a process that has none: exit code and output."""
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", "rightcall", *words], capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"]}
    )
    return done.returncode, done.stdout + done.stderr


_OURS = ".made-by-the-demo"
"""Lies in its folder from the first moment on, so that a demo that failed at its start stands in nobody's way."""


def make_fresh(folder: Path) -> Path:
    """The data folder in a folder with nothing else in it; an earlier demo there is removed."""
    if folder.exists():
        _clear(folder)
    data = folder / "data"
    data.mkdir(parents=True, mode=0o700)
    (folder / _OURS).touch()
    (folder / "proofs").mkdir()
    return data


@contextmanager
def set_up(folder: Path, register: Path, outside: Outside, patience: Patience, *, wanted: int) -> Iterator[Stage]:
    """A Rightcall that runs in a folder that was made fresh; ended in order afterwards. `wanted`: its port, where it is free."""
    data = folder / "data"
    command(data, "register", "apply", str(register))
    tokens = taken_in(load_settings(data=data), outside.town)
    with _served(folder, tokens[Role.AGENT], outside, patience, wanted) as (http, sip):
        host, _, port = sip.rpartition(":")
        outside.town.rightcall = f"http://localhost:{http.rpartition(':')[2]}"
        desks = {
            role.value: Desk(f"http://{http}", token, timeout_seconds=_ANSWER_SECONDS, again=patience.again)
            for role, token in tokens.items()
        }
        try:
            yield Stage(folder=folder, http=http, sip=(host, int(port)), patience=patience, outside=outside, **desks)
        finally:
            for desk in desks.values():
                desk.close()


@contextmanager
def _served(folder: Path, token: str, outside: Outside, patience: Patience, wanted: int) -> Iterator[tuple[str, str]]:
    """Where HTTP and SIP are answered. Somebody else may take a port between the look and the start; then others are tried."""
    for _ in range(_PORTS_TRIED):
        http, sip = free(wanted, socket.SOCK_STREAM), free(5070, socket.SOCK_DGRAM)
        server = _begun(folder, http, sip, outside)
        try:
            if patience.until(partial(_is_up, http, token, server), "Rightcall to begin") and _runs(server):
                yield http, sip
                return
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=_STOP_SECONDS)
    raise Outage(f"Rightcall did not become healthy at {http}. Its own words are in {folder / 'log'}.")


def _begun(folder: Path, http: str, sip: str, outside: Outside) -> subprocess.Popen[bytes]:
    words = ["setpriv", "--pdeathsig", "TERM", sys.executable, "-m", "rightcall", "serve", "--data", str(folder / "data")]
    words += ["--http", http, "--sip", sip]
    roots = f"{outside.town.companies[NORTHWIND]}={folder / 'elsewhere'}"
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - our own words
            words, stdout=log, stderr=log, start_new_session=True, env=dict(os.environ) | outside.settings | {ROOTS: roots}
        )


def _clear(folder: Path) -> None:
    """Only what an earlier demo made, and not while it runs."""
    with contextlib.suppress(FileNotFoundError), (folder / "data" / "lock-web").open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(f"A Rightcall runs in {folder}. End it first, or name another folder with --folder.") from None
    is_ours = (folder / _OURS).exists() or (folder / "data" / "database").exists()
    if not is_ours and any(folder.iterdir()):
        raise Conflict(f"{folder} is there and was not made by the demo. Move it away, or name another folder with --folder.")
    shutil.rmtree(folder)


def free(wanted: int, kind: socket.SocketKind) -> str:
    """The usual port, else any free one."""
    for port in (wanted, 0):
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return f"127.0.0.1:{probe.getsockname()[1]}"
    raise Outage("No port is free on this machine.")


def _runs(server: subprocess.Popen[bytes]) -> bool:
    return server.poll() is None


def _is_up(http: str, token: str, server: subprocess.Popen[bytes]) -> bool:
    """It ended, or it is healthy, and ours: another Rightcall on that address would not know the token."""
    own = {"Authorization": f"Bearer {token}"}
    try:
        asked = [httpx.get(f"http://{http}{path}", headers=own, timeout=5.0, trust_env=False) for path in _SIGNS_OF_LIFE]
    except httpx.HTTPError:
        return not _runs(server)
    return not _runs(server) or all(answer.status_code == 200 for answer in asked)
