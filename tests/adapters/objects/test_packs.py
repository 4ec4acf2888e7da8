"""What lies together in a folder: as many files as minutes, nothing left of what went, and nothing lost beside it, whoever is
killed and whenever."""

import errno
import fcntl
import multiprocessing
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from rightcall.adapters.objects import packs
from rightcall.adapters.objects.store import Objects
from rightcall.errors import Malformed, NotFound, ObjectsGone, Tampered
from rightcall.holdings.together import key_of, lies_with
from rightcall.ids import ControllerId, HoldingId, new_id

DAY = date(2031, 11, 27)
CONTROLLER = ControllerId(UUID("019a0000-0000-7000-8000-000000000001"))
MINUTE = 0x01980000_0000
"""One of July 2025, in milliseconds."""
HEAD, RECORD = 32, 28
"""Bytes of what stands before all, and before each."""


def key(nth: int, *, minute: int = 0) -> str:
    holding = HoldingId(UUID(int=(MINUTE + minute * 60_000) << 80 | 7 << 76 | 2 << 62 | nth))
    return key_of(CONTROLLER, holding, DAY)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "objects"


@pytest.fixture
def objects(root: Path) -> Objects:
    return Objects(f"file://{root}")


@pytest.fixture
def put(objects: Objects, tmp_path: Path) -> Callable[[str, bytes], None]:
    def put(key: str, content: bytes) -> None:
        (tmp_path / "sealed").write_bytes(content)
        objects.put_file(key, tmp_path / "sealed")

    return put


class Killed:
    """Stops a deed before its nth call that changes a file, as `kill -9` does: nothing after it is done, nothing is put right."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch

    @contextmanager
    def at(self, nth: int) -> Iterator[None]:
        calls = count()
        with self._patch.context() as stopping:

            def unless_killed(real: Callable[..., Any]) -> Callable[..., Any]:
                def call(*words: Any, **more: Any) -> Any:
                    if next(calls) >= nth:
                        raise KeyboardInterrupt
                    return real(*words, **more)

                return call

            for where, name in (*((os, each) for each in ("pwrite", "sendfile", "ftruncate", "fdatasync")), (Path, "unlink")):
                stopping.setattr(where, name, unless_killed(getattr(where, name)))
            with suppress(KeyboardInterrupt):
                yield


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch) -> Killed:
    return Killed(monkeypatch)


def files(root: Path) -> list[Path]:
    return sorted(each for each in root.rglob("*") if each.is_file())


def read(objects: Objects, key: str) -> bytes:
    return objects.get_range(key, 0, objects.size(key))


def test_what_is_begun_in_one_minute_is_one_file(objects: Objects, root: Path, put: Callable[[str, bytes], None]) -> None:
    kept = {key(nth, minute=minute): os.urandom(50 + nth) for nth in range(300) for minute in range(2)}
    for name, content in kept.items():
        put(name, content)
    assert [(each.suffix, each.stat().st_mode & 0o777) for each in files(root)] == [(".pack", 0o600)] * 2
    assert {name: read(objects, name) for name in kept} == kept
    assert sorted(objects.list("")) == sorted(kept)
    assert sorted(objects.list(f"{CONTROLLER}/{DAY}/")) == sorted(kept)
    assert list(objects.list(f"{new_id()}/")) == []


def test_a_whole_minute_goes_with_its_files_and_a_day_with_its_folder(
    objects: Objects, root: Path, put: Callable[[str, bytes], None]
) -> None:
    kept = [key(nth, minute=minute) for nth in range(5) for minute in range(3)]
    for name in kept:
        put(name, b"sealed")
    first = [name for name in kept if lies_with(name) == lies_with(kept[0])]
    assert objects.delete_all(first) == first
    assert len(files(root)) == 2
    rest = [name for name in kept if name not in first]
    assert sorted(objects.delete_all([*rest, key(9, minute=7)])) == sorted([*rest, key(9, minute=7)])
    assert [each.name for each in root.rglob("*")] == [str(CONTROLLER)]


@pytest.mark.parametrize("size", [40, 3 << 20])
@pytest.mark.parametrize("can_give_back", [True, False])
def test_one_alone_leaves_none_of_its_bytes_and_the_others_whole(
    objects: Objects,
    root: Path,
    put: Callable[[str, bytes], None],
    monkeypatch: pytest.MonkeyPatch,
    size: int,
    can_give_back: bool,
) -> None:
    if not can_give_back:
        monkeypatch.setattr(packs, "_give_back", lambda *_: False)
    before, going, behind = (os.urandom(size) for _ in range(3))
    for nth, content in enumerate((before, going, behind)):
        put(key(nth), content)
    objects.delete(key(1))
    objects.delete(key(1))
    [pack] = files(root)
    left = pack.read_bytes()
    assert going[:40] not in left
    assert len(left) == HEAD + 3 * (RECORD + size)
    assert [read(objects, key(nth)) for nth in (0, 2)] == [before, behind]
    with pytest.raises(NotFound):
        objects.size(key(1))
    put(key(1), b"again")
    assert read(objects, key(1)) == b"again"


def test_blocks_of_what_is_large_are_given_back(objects: Objects, root: Path, put: Callable[[str, bytes], None]) -> None:
    for nth in range(2):
        put(key(nth), os.urandom(4 << 20))
    [pack] = files(root)
    before = pack.stat().st_blocks
    objects.delete(key(0))
    if not packs._give_back(os.open(pack, os.O_RDWR), 0, 4096):
        pytest.fail("this file system cannot give blocks back: run the tests on ext4, xfs, btrfs or tmpfs")
    assert pack.stat().st_blocks < before * 0.6


def test_the_same_name_takes_the_newer_bytes_and_nothing_is_left_of_the_older(
    objects: Objects, root: Path, put: Callable[[str, bytes], None]
) -> None:
    put(key(0), b"the older ones")
    put(key(0), b"newer")
    assert read(objects, key(0)) == b"newer"
    assert all(b"older" not in each.read_bytes() for each in files(root))
    assert list(objects.list("")) == [key(0)]


@pytest.mark.parametrize("nth", range(6))
def test_whoever_is_killed_while_putting_puts_again_and_nothing_of_it_outlives_its_deletion(
    objects: Objects, root: Path, put: Callable[[str, bytes], None], killed: Killed, nth: int
) -> None:
    """At each call that changes something. What was half put is cut off by who comes next, or goes with what has its name."""
    put(key(0), b"of somebody before")
    with killed.at(nth):
        put(key(1), b"HALF WAY " * 20)
    put(key(2), b"of somebody behind")
    put(key(1), b"WHOLE")
    assert read(objects, key(1)) == b"WHOLE"
    assert sorted(objects.list("")) == [key(nth) for nth in range(3)]
    objects.delete(key(1))
    [pack] = files(root)
    assert not re.search(b"HALF|WHOLE", pack.read_bytes())
    assert [read(objects, key(nth)) for nth in (0, 2)] == [b"of somebody before", b"of somebody behind"]
    objects.delete_all([key(nth) for nth in range(3)])
    assert files(root) == []


@pytest.mark.parametrize("nth", range(6))
@pytest.mark.parametrize("whole", [True, False])
def test_whoever_is_killed_while_letting_go_lets_go_again_and_of_nobody_elses(
    objects: Objects, root: Path, put: Callable[[str, bytes], None], killed: Killed, nth: int, whole: bool
) -> None:
    """Somebody else's comes between, where the one who is to go lay."""
    if not whole:
        put(key(0), b"of somebody before")
    put(key(1), b"GOING " * 20)
    with killed.at(nth):
        objects.delete(key(1))
    put(key(2), b"of somebody behind, who is longer than the one before " * 9)
    objects.delete(key(1))
    assert b"GOING" not in b"".join(each.read_bytes() for each in files(root))
    assert read(objects, key(2)) == b"of somebody behind, who is longer than the one before " * 9
    assert sorted(objects.list("")) == [key(2)] if whole else [key(0), key(2)]


def test_nothing_stays_of_what_the_disk_has_no_room_for(
    objects: Objects, root: Path, put: Callable[[str, bytes], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(to: int, source: int, offset: int, count: int) -> int:
        if offset:
            raise OSError(errno.ENOSPC, "no space left on device")
        return sendfile(to, source, offset, count // 2)

    put(key(0), b"before")
    [pack] = files(root)
    size, sendfile = pack.stat().st_size, os.sendfile
    with monkeypatch.context() as small:
        small.setattr(os, "sendfile", full)
        with pytest.raises(ObjectsGone):
            put(key(1), b"too much")
    assert pack.stat().st_size == size
    put(key(2), b"behind")
    assert [read(objects, key(nth)) for nth in (0, 2)] == [b"before", b"behind"]


def test_what_is_there_still_is_not_told_as_gone(
    objects: Objects,
    root: Path,
    put: Callable[[str, bytes], None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for nth in range(2):
        put(key(nth), b"sealed")
    put(key(9, minute=1), b"sealed")
    for what, name, names in ((packs, "_clear", [key(0)]), (Path, "unlink", [key(0), key(1)])):
        with monkeypatch.context() as lying:
            lying.setattr(what, name, lambda *_, **__: None)
            assert objects.delete_all(names) == []
            with pytest.raises(ObjectsGone, match="Nothing is confirmed"):
                objects.delete(names[0] if what is packs else key(9, minute=1))
    assert "does not let go" in caplog.text
    assert sorted(objects.list("")) == [key(1), key(9, minute=1)], "what is half gone is handed to nobody"
    objects.delete(key(0))
    assert read(objects, key(1)) == b"sealed"
    assert sum(each.read_bytes().count(b"sealed") for each in files(root)) == 2


def test_a_damaged_file_is_told_as_that_and_keeps_no_other_from_going(
    objects: Objects, root: Path, put: Callable[[str, bytes], None]
) -> None:
    for nth in range(3):
        put(key(nth), b"sealed")
    put(key(3, minute=1), b"sealed")
    pack = next(each for each in files(root) if each.name.startswith(lies_with(key(0)).rpartition("/")[2]))
    whole = pack.read_bytes()
    second = HEAD + RECORD + 6
    for damaged in (
        b"X" + whole[1:],
        whole[:second] + b"X" + whole[second + 1 :],
        whole[: second + 16] + b"X" * 8 + whole[second + 24 :],
    ):
        pack.write_bytes(damaged)
        packs._remembered.clear()
        assert objects.delete_all([key(0), key(1), key(2)]) == []
        with pytest.raises(Tampered, match="Put"):
            put(key(4), b"sealed")
        assert pack.read_bytes() == damaged, "nothing is made worse"
    whole_place, whole_id = key(3, minute=1).rsplit("/", 1)
    places = {lies_with(key(0)): [HoldingId(UUID(key(0).rpartition("/")[2]))], whole_place: [HoldingId(UUID(whole_id))]}
    assert [str(each) for each in objects.delete_together(places)] == [whole_id]
    assert objects.delete_all([key(0), key(3, minute=1)]) == [key(3, minute=1)]
    pack.write_bytes(whole)
    packs._remembered.clear()
    assert read(objects, key(2)) == b"sealed"


def test_a_file_that_was_put_back_from_a_backup_is_read_anew(
    objects: Objects, root: Path, put: Callable[[str, bytes], None]
) -> None:
    """In the place of a newer one, with what lay elsewhere in it."""
    put(key(0), b"first")
    [pack] = files(root)
    before = pack.read_bytes()
    objects.delete(key(0))
    for nth in (1, 2, 0):
        put(key(nth), b"later %d" % nth)
    assert read(objects, key(0)) == b"later 0"
    pack.write_bytes(before)
    assert read(objects, key(0)) == b"first"
    assert list(objects.list("")) == [key(0)]


def test_what_was_seen_before_it_was_cut_off_again_misleads_nobody(
    objects: Objects, put: Callable[[str, bytes], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another one looked while the disk said that it has no room; what came then lies otherwise."""
    put(key(0), b"before")
    sync = os.fdatasync

    def full(pack: int) -> None:
        assert objects.size(key(1)) == 50
        monkeypatch.setattr(os, "fdatasync", sync)
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(os, "fdatasync", full)
    with pytest.raises(ObjectsGone):
        put(key(1), b"x" * 50)
    for nth, size in ((2, 7), (3, 900), (4, 3)):
        put(key(nth), bytes([nth]) * size)
    for _ in range(2):
        assert {name: len(read(objects, name)) for name in objects.list("")} == {key(0): 6, key(2): 7, key(3): 900, key(4): 3}
        packs._remembered.clear()


def test_what_is_let_go_of_while_it_is_read_is_not_there(
    objects: Objects, put: Callable[[str, bytes], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is handed zeros for what somebody said."""
    put(key(0), b"sealed " * 9)
    put(key(1), b"of somebody else")
    found = packs._find

    def while_it_goes(pack: int, id: bytes) -> object:
        where = found(pack, id)
        monkeypatch.setattr(packs, "_find", found)
        monkeypatch.setattr(packs, "_is_clear", _stops)
        with suppress(KeyboardInterrupt):
            objects.delete(key(0))
        return where

    monkeypatch.setattr(packs, "_find", while_it_goes)
    with pytest.raises(NotFound):
        objects.get_range(key(0), 0, 9)
    with pytest.raises(NotFound):
        objects.size(key(0))
    assert list(objects.list("")) == [key(1)]


def _stops(*_: object) -> bool:
    raise KeyboardInterrupt


def test_nothing_that_leads_elsewhere_is_followed(
    objects: Objects, root: Path, tmp_path: Path, put: Callable[[str, bytes], None]
) -> None:
    put(key(0), b"sealed")
    [pack] = files(root)
    pack.rename(tmp_path / "elsewhere")
    pack.symlink_to(tmp_path / "elsewhere")
    before = (tmp_path / "elsewhere").read_bytes()
    with pytest.raises(ObjectsGone):
        put(key(1), b"sealed")
    assert objects.delete_all([key(0)]) == []
    assert (tmp_path / "elsewhere").read_bytes() == before


def test_what_is_put_and_what_went_is_on_the_disk_before_anybody_is_told(
    objects: Objects, root: Path, put: Callable[[str, bytes], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As far as a disk can be asked: after the last change of a file, that file was flushed; and each folder that got a name."""
    done: list[tuple[str, int]] = []

    def noting(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(descriptor: int, *rest: Any) -> Any:
            done.append((name, os.fstat(descriptor).st_ino))
            return real(descriptor, *rest)

        return call

    for name in ("pwrite", "sendfile", "ftruncate", "fdatasync", "fsync"):
        monkeypatch.setattr(os, name, noting(name, getattr(os, name)))
    put(key(0), b"sealed")
    [pack] = files(root)
    for folder in (pack.parent, pack.parent.parent, root):
        assert ("fsync", folder.stat().st_ino) in done
    assert _flushed_last(done, pack)
    done.clear()
    put(key(1), b"sealed")
    assert _flushed_last(done, pack)
    done.clear()
    objects.delete(key(0))
    syncs = [name for name, ino in done if ino == pack.stat().st_ino]
    assert syncs == ["pwrite", "pwrite", "fdatasync", "pwrite", "fdatasync"], "the bytes are gone before the record says so"
    done.clear()
    above = pack.parent.parent.stat().st_ino
    objects.delete(key(1))
    assert done[-1] == ("fsync", above)


def _flushed_last(done: list[tuple[str, int]], file: Path) -> bool:
    return [name for name, ino in done if ino == file.stat().st_ino][-1] == "fdatasync"


def test_names_are_ids(objects: Objects, put: Callable[[str, bytes], None]) -> None:
    together = lies_with(key(0))
    for name in ("somebody", "0" * 32, "00000000-0000-0000-0000-000000000000", str(new_id())[:-2], ".."):
        with pytest.raises(Malformed):
            put(f"{together}/{name}", b"sealed")
    with pytest.raises(Malformed):
        put(f"../{together.partition('/')[2]}/{new_id()}", b"sealed")
    assert list(objects.list("")) == []


def test_a_file_that_goes_while_somebody_waits_for_it_is_made_anew(
    objects: Objects, put: Callable[[str, bytes], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(key(0), b"sealed")
    waited: list[bool] = []

    def after_another(descriptor: int, how: int) -> None:
        if not waited:
            waited.append(True)
            objects.delete(key(0))
        flock(descriptor, how)

    flock = fcntl.flock
    monkeypatch.setattr(fcntl, "flock", after_another)
    put(key(1), b"came meanwhile")
    assert waited
    assert read(objects, key(1)) == b"came meanwhile"


def _puts_and_lets_go(url: str, folder: Path, lane: int) -> None:
    """A process: each of its own is put, read back, and every other one let go of at once, so that folders come and go."""
    objects = Objects(url)
    for nth in range(60):
        (folder / str(lane)).write_bytes(content := f"{lane} {nth} ".encode() * 9)
        objects.put_file(name := key(lane << 16 | nth, minute=nth % 2), folder / str(lane))
        assert read(objects, name) == content
        if nth % 5:
            assert objects.delete_all([name]) == [name]


def test_nothing_is_lost_while_other_processes_put_and_let_go(objects: Objects, root: Path, tmp_path: Path) -> None:
    apart = multiprocessing.get_context("spawn")
    lanes = [apart.Process(target=_puts_and_lets_go, args=(f"file://{root}", tmp_path, lane)) for lane in range(1, 5)]
    for each in lanes:
        each.start()
    for each in lanes:
        each.join()
    assert [each.exitcode for each in lanes] == [0] * 4
    left = {
        key(lane << 16 | nth, minute=nth % 2): f"{lane} {nth} ".encode() * 9 for lane in range(1, 5) for nth in range(0, 60, 5)
    }
    assert {name: read(objects, name) for name in objects.list("")} == left


class Together(RuleBasedStateMachine):
    """Beside a dictionary, whatever the order."""

    keys = Bundle("keys")

    @initialize()
    def begin(self) -> None:
        self.place = Path(os.environ["PACKS_TRIED_IN"]) / str(new_id())
        self.place.mkdir()
        self.objects = Objects(f"file://{self.place}/objects")
        self.model: dict[str, bytes] = {}

    @rule(target=keys, nth=st.integers(1, 6), minute=st.integers(0, 1), content=st.binary(min_size=1, max_size=90))
    def put(self, nth: int, minute: int, content: bytes) -> str:
        (self.place / "sealed").write_bytes(content)
        self.objects.put_file(name := key(nth, minute=minute), self.place / "sealed")
        self.model[name] = content
        return name

    @rule(names=st.lists(keys, max_size=5))
    def let_go(self, names: list[str]) -> None:
        assert set(self.objects.delete_all(names)) == set(names)
        for name in names:
            self.model.pop(name, None)

    @rule(name=keys, start=st.integers(0, 99), length=st.integers(0, 99))
    def part(self, name: str, start: int, length: int) -> None:
        if name in self.model:
            assert self.objects.get_range(name, start, length) == self.model[name][start : start + length]

    @invariant()
    def the_same_is_there(self) -> None:
        if hasattr(self, "model"):
            assert {name: read(self.objects, name) for name in self.objects.list("")} == self.model


def test_whatever_the_order_it_is_as_a_dictionary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACKS_TRIED_IN", str(tmp_path))
    case = Together.TestCase
    case.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
    case("runTest").runTest()


def test_what_begins_in_one_minute_and_ends_on_one_day_lies_together() -> None:
    names = [key(nth, minute=nth % 4) for nth in range(50)]
    assert {name.rpartition("/")[0] for name in names} == {lies_with(name) for name in names}
    assert lies_with(f"{CONTROLLER}/{new_id()}") != lies_with(f"{CONTROLLER}/{new_id()}")
    assert key(1) == f"{CONTROLLER}/2031-11-27/20250712T1857/01980000-0000-7000-8000-000000000001"
