"""The embedded server leaves nothing behind outside its folder."""

from pathlib import Path

from rightcall.database.embedded import ensure_running


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
