"""`rightcall serve` as a user starts it: a fresh folder, the embedded database, the API; killed, restarted, ended."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from rightcall.cli.roles import ProcessRole
from rightcall.cli.serve import claim
from rightcall.errors import Conflict

PATIENCE = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(data: Path, http: str) -> Iterator["subprocess.Popen[str]"]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RIGHTCALL_")}
    with (data.parent / "log").open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "rightcall", "serve", "--data", str(data), "--http", http, "--roles", "web"],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=environment,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def answering(http: str) -> dict[str, object]:
    """The health of the API, once it answers at all."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            said: dict[str, object] = httpx.get(f"http://{http}/health", timeout=2.0, trust_env=False).json()
        except httpx.TransportError:
            assert time.monotonic() < deadline, "it never answered"
            time.sleep(0.1)
        else:
            return said


def lines(data: Path) -> list[dict[str, object]]:
    """The log's JSON lines; what is said to a person in plain words is left out."""
    return [json.loads(line) for line in (data.parent / "log").read_text().splitlines() if line.startswith("{")]


def rightcall(*words: str) -> str:
    """A command that must succeed; its standard output."""
    done = subprocess.run([sys.executable, "-P", "-m", "rightcall", *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def child_of(pid: int) -> int:
    """The web process: the supervisor's child that is Python."""
    for status in Path("/proc").glob("[0-9]*/status"):
        text = status.read_text()
        if f"\nPPid:\t{pid}\n" in text and text.startswith("Name:\tpython"):
            return int(status.parent.name)
    raise AssertionError("there is no web process")


def test_a_fresh_start_a_killed_process_and_an_orderly_end(tmp_path: Path) -> None:
    data, http = tmp_path / "data", f"127.0.0.1:{free_port()}"
    with serving(data, http) as process:
        said = answering(http)
        assert (said["database"], said["keys"], said["recorder"]) == ("well", "well", "away")
        assert stat.S_IMODE((data / "passphrase").stat().st_mode) == 0o600
        assert stat.S_IMODE(data.stat().st_mode) == 0o700
        link = rightcall("staff", "create", "--role", "dpo", "--data", str(data)).split()[-1]
        assert link.startswith(f"http://localhost:{http.rpartition(':')[2]}/sign-up/"), "where it runs, not where it would"
        assert httpx.get(link.replace("localhost", "127.0.0.1"), trust_env=False).status_code == 200
        first = child_of(process.pid)
        os.kill(first, signal.SIGKILL)
        deadline = time.monotonic() + PATIENCE
        while not any("started again" in str(line["message"]) for line in lines(data)):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        answering(http)
        assert child_of(process.pid) != first
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
        assert process.stdout is not None
        assert "every process in order" in process.stdout.read()
    plain = (tmp_path / "log").read_text()
    assert "A passphrase was made" in plain
    assert (data / "passphrase").read_text().strip() not in plain
    assert not (data / "database" / "files" / "postmaster.pid").exists()
    key = rightcall("ledger", "key", "--data", str(data))
    assert key.startswith("rightcall.local/ledger+")
    rightcall("epoch", "rotate", "--data", str(data))
    assert rightcall("ledger", "key", "--data", str(data)) == key
    assert {line["process"] for line in lines(data)} == {"supervisor", "web"}


def test_a_second_start_on_the_same_folder_is_refused_unless_its_roles_are_others(tmp_path: Path) -> None:
    data, http = tmp_path / "data", f"127.0.0.1:{free_port()}"
    with serving(data, http) as process:
        answering(http)
        with serving(data, f"127.0.0.1:{free_port()}") as second:
            assert second.wait(PATIENCE) == 2
        said = (tmp_path / "log").read_text()
        assert "Rightcall already runs on this folder" in said
        with pytest.raises(Conflict), claim(data, [ProcessRole.WORKER, ProcessRole.WEB]):
            pass
        with claim(data, [ProcessRole.WORKER, ProcessRole.MEDIA]):
            pass
        process.kill()
        process.wait()
    with claim(data, [ProcessRole.WEB]):
        pass


def test_a_lost_passphrase_refuses_to_start(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "keys").write_bytes(b"keys of before")
    with serving(data, f"127.0.0.1:{free_port()}") as process:
        assert process.wait(PATIENCE) == 2
    assert "Put it back" in (tmp_path / "log").read_text()
    assert not (data / "passphrase").exists()
