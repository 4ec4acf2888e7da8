"""The embedded server leaves nothing behind outside its folder."""

from pathlib import Path

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
