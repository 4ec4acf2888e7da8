"""The embedded server leaves nothing behind outside its folder."""

import contextlib
import os
import signal
import time
from pathlib import Path

import psycopg
import pytest

from rightcall.database import embedded
from rightcall.database.embedded import ensure_running
from rightcall.errors import DatabaseGone


def test_the_folder_of_its_socket_goes_when_it_stops(tmp_path: Path) -> None:
    server = ensure_running(tmp_path / "database")
    assert list(server.sockets.iterdir())
    other = ensure_running(tmp_path / "database")
    other.stop()
    assert list(server.sockets.iterdir())
    server.stop()
    assert not server.sockets.exists()
    again = ensure_running(tmp_path / "database")
    again.stop()
    assert again.sockets == server.sockets
    assert not again.sockets.exists()


def test_a_start_that_fails_leaves_no_server_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def planted(url: str) -> None:
        raise DatabaseGone("planted")

    monkeypatch.setattr(embedded, "_create_database", planted)
    with pytest.raises(DatabaseGone, match="planted"):
        ensure_running(tmp_path / "database")
    assert (tmp_path / "database" / "files").exists()
    assert not (tmp_path / "database" / "files" / "postmaster.pid").exists()


def test_what_was_committed_is_there_after_a_crash_and_nothing_that_makes_it_last_is_off(tmp_path: Path) -> None:
    server = ensure_running(tmp_path / "database")
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 100000) AS n")
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            assert connection.execute("SELECT current_setting(%s)", (name,)).fetchone() == ("on",)
    assert server.process is not None
    killed = [server.process.pid, *_children(server.process.pid)]
    for each in killed:
        with contextlib.suppress(ProcessLookupError):  # they go by themselves once the first is gone
            os.kill(each, signal.SIGKILL)
    server.process.wait(timeout=20)
    while any(map(_has_memory, killed)):
        time.sleep(0.01)
    again = ensure_running(tmp_path / "database")
    with psycopg.connect(again.url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (100000,)
    again.stop()


def _children(process: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()]


def _has_memory(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes() != b""
    except FileNotFoundError:
        return False
