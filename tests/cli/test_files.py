"""What a command writes into a file that was asked for is for whoever asked, and is there whole or not at all."""

import os
import stat
import threading
from pathlib import Path

import pytest

from rightcall.cli.words import write_file
from rightcall.errors import NotConfigured


def test_it_is_for_one_account_alone_whatever_was_there(tmp_path: Path) -> None:
    before, linked = tmp_path / "before.html", tmp_path / "linked.html"
    before.write_text("old")
    before.chmod(0o644)
    linked.symlink_to(before)
    was = os.umask(0)
    try:
        for file in (tmp_path / "new.html", before, linked):
            write_file(file, f"Ada, {file.name}")
            assert file.read_text() == f"Ada, {file.name}"
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
    finally:
        os.umask(was)
    assert linked.is_symlink()
    assert len(list(tmp_path.iterdir())) == 3, "no draft is left"


def test_what_cannot_be_written_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    file = tmp_path / "kept.html"
    file.write_text("old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotConfigured, match="No space left"):
        write_file(file, "new")
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]
    for wrong in (tmp_path, tmp_path / "nowhere" / "x.html"):
        with pytest.raises(NotConfigured, match="Choose another"):
            write_file(wrong, "new")


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    pipe, got = tmp_path / "pipe", list[str]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.append(pipe.read_text()))
    reader.start()
    write_file(pipe, "words")
    reader.join(10)
    assert got == ["words"]
