"""What lies together in a folder: as many files as minutes, nothing left of what went, and nothing lost beside it."""

import fcntl
import os
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from rightcall.adapters.objects import packs
from rightcall.adapters.objects.store import Objects
from rightcall.errors import Malformed, NotFound, ObjectsGone
from rightcall.holdings.together import key_of, lies_with
from rightcall.ids import ControllerId, HoldingId, new_id

DAY = date(2031, 11, 27)
CONTROLLER = ControllerId(new_id())
MINUTE = 0x01980000_0000
"""One of July 2025, in milliseconds."""


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


def files(root: Path) -> list[Path]:
    return sorted(each for each in root.rglob("*") if each.is_file())


def read(objects: Objects, key: str) -> bytes:
    return objects.get_range(key, 0, objects.size(key))


def test_what_is_begun_in_one_minute_is_one_file_and_its_index(
    objects: Objects, root: Path, put: Callable[[str, bytes], None]
) -> None:
    kept = {key(nth, minute=minute): os.urandom(50 + nth) for nth in range(300) for minute in range(2)}
    for name, content in kept.items():
        put(name, content)
    assert [each.suffix for each in files(root)] == [".index", ".pack"] * 2
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
    assert len(files(root)) == 4
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
    pack = next(each for each in files(root) if each.suffix == ".pack").read_bytes()
    assert pack == before + bytes(size) + behind
    assert [read(objects, key(nth)) for nth in (0, 2)] == [before, behind]
    with pytest.raises(NotFound):
        objects.size(key(1))
    put(key(1), b"again")
    assert read(objects, key(1)) == b"again"


def test_blocks_of_what_is_large_are_given_back(objects: Objects, root: Path, put: Callable[[str, bytes], None]) -> None:
    for nth in range(2):
        put(key(nth), os.urandom(4 << 20))
    pack = next(each for each in files(root) if each.suffix == ".pack")
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


def test_whoever_is_killed_while_putting_has_put_nothing_and_puts_again(
    objects: Objects, put: Callable[[str, bytes], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(key(0), b"before")
    with monkeypatch.context() as killed:
        killed.setattr(packs._Held, "_write", _fails)
        with pytest.raises(ObjectsGone):
            put(key(1), b"half way")
    assert list(objects.list("")) == [key(0)]
    put(key(1), b"whole")
    put(key(2), b"behind it")
    assert [read(objects, key(nth)) for nth in range(3)] == [b"before", b"whole", b"behind it"]
    objects.delete_all([key(nth) for nth in range(3)])
    assert list(objects.list("")) == []


def test_whoever_is_killed_after_putting_again_leaves_nothing_of_the_older(
    objects: Objects, root: Path, put: Callable[[str, bytes], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(key(0), b"the older ones")
    put(key(5), b"of somebody else")
    with monkeypatch.context() as killed:
        killed.setattr(packs._Held, "let_go", _fails)
        with pytest.raises(ObjectsGone):
            put(key(0), b"newer")
    assert read(objects, key(0)) == b"newer"
    objects.delete(key(0))
    assert list(objects.list("")) == [key(5)]
    assert all(b"older" not in each.read_bytes() for each in files(root))


def test_whoever_is_killed_while_letting_go_lets_go_again(
    objects: Objects, root: Path, put: Callable[[str, bytes], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for nth in range(3):
        put(key(nth), b"sealed %d" % nth)
    with monkeypatch.context() as killed:
        killed.setattr(packs, "_is_clear", _fails)
        with pytest.raises(ObjectsGone):
            objects.delete_all([key(0), key(1)])
    objects.delete_all([key(0), key(1)])
    assert list(objects.list("")) == [key(2)]
    with monkeypatch.context() as killed:
        killed.setattr(Path, "unlink", _unlinks_packs_alone)
        with pytest.raises(ObjectsGone):
            objects.delete(key(2))
    with pytest.raises(NotFound):
        objects.get_range(key(2), 0, 1)
    objects.delete(key(2))
    assert files(root) == []


def test_what_is_there_still_is_not_told_as_gone(
    objects: Objects, put: Callable[[str, bytes], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for nth in range(2):
        put(key(nth), b"sealed")
    for what, name in ((packs, "_clear"), (Path, "unlink")):
        with monkeypatch.context() as lying:
            lying.setattr(what, name, lambda *_, **__: None)
            with pytest.raises(ObjectsGone, match="Nothing is confirmed"):
                objects.delete_all([key(0)] if what is packs else [key(0), key(1)])
    assert [read(objects, key(nth)) for nth in range(2)] == [b"sealed"] * 2


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


def test_an_id_is_found_where_one_stands_alone(objects: Objects, put: Callable[[str, bytes], None]) -> None:
    """The end of one and the beginning of its place look like another's."""
    put(key(1), b"sealed")
    alike = UUID(bytes=UUID(key(1).rpartition("/")[2]).bytes[8:] + bytes(8))
    with pytest.raises(NotFound):
        objects.size(f"{lies_with(key(1))}/{alike}")


def test_nothing_is_lost_while_others_put_and_let_go(objects: Objects, root: Path, tmp_path: Path) -> None:
    """Three put, one lets go of all that it sees there: the file is unlinked again and again under those who wait for it."""
    told: list[str] = []
    over = threading.Event()

    def putting(lane: int) -> None:
        for nth in range(150):
            file = tmp_path / f"{lane}-{nth}"
            file.write_bytes(f"{lane}-{nth}".encode())
            objects.put_file(name := key(lane << 16 | nth), file)
            told.append(name)

    gone: set[str] = set()

    def letting_go() -> None:
        while not over.is_set():
            gone.update(objects.delete_all(told[:]))

    lanes = [threading.Thread(target=putting, args=(lane,)) for lane in range(1, 4)]
    last = threading.Thread(target=letting_go)
    for each in (*lanes, last):
        each.start()
    for each in lanes:
        each.join()
    over.set()
    last.join()
    assert len(told) == 450
    assert set(objects.list("")) == set(told) - gone
    for name in set(told) - gone:
        nth = int(name[-12:], 16)
        assert read(objects, name) == f"{nth >> 16}-{nth & 0xFFFF}".encode()
    objects.delete_all(told)
    assert files(root) == []


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


def _fails(*_: object, **__: object) -> None:
    raise OSError("the machine stops here")


def _unlinks_packs_alone(path: Path, **_: object) -> None:
    if path.suffix != ".pack":
        raise OSError("the machine stops here")
    os.unlink(path)
