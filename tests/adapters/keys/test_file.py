"""The key file: what is written is there, what is destroyed is gone, in every process at once."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from rightcall.adapters.keys import file as key_file
from rightcall.adapters.keys.file import Cost, KeyFile
from rightcall.adapters.keys.passphrase import make_secret, read_secret
from rightcall.errors import KeysGone, NotConfigured, Tampered
from rightcall.vault.model import Dark, DarkReason

PASSPHRASE, CHEAP = b"correct horse", Cost(n=16, r=1)
GONE = Dark(reason=DarkReason.EPOCH_GONE)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "keys"


@pytest.fixture
def keys(path: Path) -> KeyFile:
    return KeyFile(path, PASSPHRASE, cost=CHEAP)


def test_a_secret_opens_with_its_key_and_context_only(keys: KeyFile) -> None:
    one, two = keys.create("epoch"), keys.create("epoch")
    blob = keys.wrap(one, b"secret", b"here")
    assert keys.unwrap(one, blob, b"here") == b"secret"
    for key, changed, context in ((two, blob, b"here"), (one, blob, b"there"), (one, blob[:-1] + b"x", b"here")):
        with pytest.raises(Tampered):
            keys.unwrap(key, changed, context)
    assert keys.names("epoch") == sorted([one, two])
    assert keys.names("epo") == []


def test_keys_are_on_the_disk_when_create_returns(keys: KeyFile, path: Path) -> None:
    name = keys.create("epoch")
    blob = keys.wrap(name, b"secret", b"")
    assert KeyFile(path, PASSPHRASE).unwrap(name, blob, b"") == b"secret"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert sorted(each.name for each in path.parent.iterdir()) == ["keys", "keys.lock"]


def test_a_destroyed_key_opens_nothing_and_wraps_nothing(keys: KeyFile, path: Path) -> None:
    name, other = keys.create("epoch"), keys.create("epoch")
    blob, kept = keys.wrap(name, b"secret", b""), keys.wrap(other, b"kept", b"")
    keys.destroy(name)
    keys.destroy(name)
    assert keys.unwrap(name, blob, b"") == GONE
    assert keys.unwrap(other, kept, b"") == b"kept"
    assert name not in path.read_text()
    with pytest.raises(KeysGone):
        keys.wrap(name, b"secret", b"")
    assert KeyFile(path, PASSPHRASE).unwrap(name, blob, b"") == GONE


def test_a_key_destroyed_elsewhere_stops_opening_here_and_a_new_one_opens(keys: KeyFile, path: Path) -> None:
    name = keys.create("epoch")
    blob = keys.wrap(name, b"secret", b"")
    assert keys.unwrap(name, blob, b"") == b"secret"
    script = (
        "import sys; from pathlib import Path; from rightcall.adapters.keys.file import KeyFile\n"
        f"keys = KeyFile(Path(sys.argv[1]), {PASSPHRASE!r}); keys.destroy(sys.argv[2]); print(keys.create('epoch'))"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path), name], capture_output=True, text=True, check=True)
    assert keys.unwrap(name, blob, b"") == GONE
    made = done.stdout.strip()
    assert keys.unwrap(made, keys.wrap(made, b"more", b""), b"") == b"more"


def test_many_writers_lose_no_key_and_readers_see_whole_files(keys: KeyFile, path: Path) -> None:
    kept = keys.create("epoch")
    blob, made, wrong = keys.wrap(kept, b"secret", b""), list[str](), list[object]()

    def write() -> None:
        own = KeyFile(path, PASSPHRASE, cost=CHEAP)
        for _ in range(5):
            made.append(own.create("epoch"))
            own.destroy(own.create("epoch"))

    def read(own: KeyFile) -> None:
        for _ in range(200):
            if (opened := own.unwrap(kept, blob, b"")) != b"secret":
                wrong.append(opened)

    shared = KeyFile(path, PASSPHRASE, cost=CHEAP)
    threads = [threading.Thread(target=write) for _ in range(3)]
    threads += [threading.Thread(target=read, args=(shared,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert keys.names("epoch") == sorted([kept, *made])


def test_a_wrong_passphrase_is_a_mistake_and_an_empty_one_too(keys: KeyFile, path: Path) -> None:
    keys.create("epoch")
    with pytest.raises(NotConfigured, match="passphrase does not open"):
        KeyFile(path, b"wrong horse")
    with pytest.raises(NotConfigured, match="empty"):
        KeyFile(path, b"")


def test_a_changed_file_is_tampered(keys: KeyFile, path: Path) -> None:
    keys.create("epoch")
    whole = json.loads(path.read_text())
    sealed = whole["sealed"]
    flipped = sealed[:8] + ("A" if sealed[8] != "A" else "B") + sealed[9:]
    for changed in (
        {**whole, "sealed": flipped},
        {**whole, "format": "other"},
        {**whole, "scrypt": {**whole["scrypt"], "n": 17}},
    ):
        path.write_text(json.dumps(changed))
        with pytest.raises(Tampered):
            KeyFile(path, PASSPHRASE)
    for junk in (b"", b"[]", b"{", b"\xff"):
        path.write_bytes(junk)
        with pytest.raises(Tampered):
            keys.names("epoch")


def test_a_file_that_asks_for_gigabytes_is_refused(keys: KeyFile, path: Path) -> None:
    keys.create("epoch")
    whole = json.loads(path.read_text())
    path.write_text(json.dumps({**whole, "scrypt": {**whole["scrypt"], "n": 1 << 30}}))
    with pytest.raises(Tampered):
        KeyFile(path, PASSPHRASE)


def test_a_destruction_that_the_disk_did_not_take_is_an_outage(
    keys: KeyFile, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The write says it went well, and the file is the old one still."""
    name = keys.create("epoch")
    monkeypatch.setattr(key_file, "write_anew", lambda *_: None)
    with pytest.raises(KeysGone, match="not destroyed"):
        keys.destroy(name)
    with pytest.raises(KeysGone):
        keys.create("epoch")


def test_a_disk_that_cannot_be_written_changes_nothing(keys: KeyFile, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = keys.create("epoch")
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(KeysGone):
        keys.destroy(name)
    assert path.read_bytes() == before
    monkeypatch.undo()
    keys.destroy(name)


def test_killed_between_writing_and_replacing_the_next_write_goes_on(keys: KeyFile, path: Path) -> None:
    name = keys.create("epoch")
    path.with_name(".keys-0123").write_bytes(b"keys, some of which are destroyed later")
    keys.create("epoch")
    assert name in keys.names("epoch")
    assert {each.name for each in path.parent.iterdir()} == {"keys", "keys.lock"}


def test_no_file_means_no_keys(path: Path) -> None:
    keys = KeyFile(path, PASSPHRASE, cost=CHEAP)
    assert keys.names("epoch") == []
    assert keys.unwrap("epoch.x", b"", b"") == GONE
    assert not path.exists()


def test_nothing_secret_in_its_repr(keys: KeyFile) -> None:
    keys.create("epoch")
    assert repr(keys) == "KeyFile(keys)"


def test_secret_files_are_made_once_and_belong_to_their_owner(tmp_path: Path) -> None:
    path = tmp_path / "new" / "passphrase"
    made = [b""] * 4
    threads = [threading.Thread(target=lambda n=number: made.__setitem__(n, make_secret(path))) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 1
    assert len(made[0]) >= 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["passphrase"]


def test_secret_files_that_others_can_read_or_that_say_nothing_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "passphrase"
    with pytest.raises(NotConfigured):
        read_secret(path)
    path.write_text("\n")
    path.chmod(0o600)
    with pytest.raises(NotConfigured, match="empty"):
        read_secret(path)
    path.write_text("  words  \nmore\n")
    assert read_secret(path) == b"words"
    os.chmod(path, 0o640)
    with pytest.raises(NotConfigured, match="chmod"):
        read_secret(path)
