"""Sealed as it is written: no plaintext on disk, readable to the last whole chunk, and never silent about what is missing."""

import errno
import os
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rightcall.adapters.rtp import spool as spool_module
from rightcall.adapters.rtp import writing
from rightcall.adapters.rtp.spool import RECORD, RECORD_BYTES, SealedTake, Spool, measure
from rightcall.adapters.rtp.tally import NOTHING, Counted
from rightcall.adapters.rtp.writing import SpoolFailed
from rightcall.errors import Conflict
from rightcall.ids import ControllerId, HoldingId, new_id
from rightcall.recordings.packets import pack, unpack_parts
from rightcall.vault.model import ContentKey
from rightcall.vault.sealing import CHUNK_BYTES, HEADER_BYTES, SealedReader, content_context
from tests.adapters.rtp.fakes import rtp
from tests.cast import MONDAY

CONTROLLER = ControllerId(new_id())
WORDS = b"planted words " * 11


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


def begin(spool: Spool) -> tuple[SealedTake, ContentKey]:
    key = ContentKey(holding=HoldingId(new_id()), secret=os.urandom(32))
    return spool.begin(CONTROLLER, key, opened=1000, opened_at=MONDAY), key


def written(take: SealedTake) -> None:
    """The writing thread has got so far."""
    take.file._ended.clear()
    take._writer.end(take.file)
    take.file.wait(10)


def read_back(path: Path, key: ContentKey, *, complete: bool = True) -> bytes:
    sealed = path.read_bytes()
    reader = SealedReader(
        key.secret, content_context(CONTROLLER, key.holding), lambda at, n: sealed[at : at + n], len(sealed), complete
    )
    return reader.read(0, reader.plain_length)


def test_the_record_written_in_place_is_the_rooms_own() -> None:
    assert RECORD.pack(5, 12) == pack(5, bytes(12))[:RECORD_BYTES]


@given(st.lists(st.integers(0, 2000), max_size=40))
@settings(max_examples=25, deadline=None)
def test_what_was_put_is_what_is_read(tmp_path_factory: pytest.TempPathFactory, sizes: list[int]) -> None:
    spool = Spool(tmp_path_factory.mktemp("data") / "spool")
    take, key = begin(spool)
    packets = [rtp(n, payload=os.urandom(size)) for n, size in enumerate(sizes)]
    for n, packet in enumerate(packets):
        take.put(1000 + 20 * n, packet)
    take.finish()
    file = take.store()
    stored = list(unpack_parts([read_back(file.path, key)]))
    assert [record.packet for record in stored] == packets
    assert [record.milliseconds for record in stored] == [20 * n for n in range(len(packets))]
    assert (file.complete, take.packets, file.length) == (True, len(packets), file.path.stat().st_size)
    spool.close()


def test_nothing_on_disk_or_left_in_memory_is_plain(spool: Spool) -> None:
    take, _ = begin(spool)
    for n in range(300):
        take.put(1000, rtp(n, payload=WORDS))
        assert not any(take.buffer[take.filled :])
    take.finish()
    assert not any(take.buffer)
    take.store()
    assert b"planted" not in take.file.path.read_bytes()
    assert take.file.path.stat().st_mode & 0o777 == 0o600
    assert spool.folder.stat().st_mode & 0o777 == 0o700


def test_a_killed_process_leaves_whole_chunks(spool: Spool) -> None:
    take, key = begin(spool)
    for n in range(300):
        take.put(1000, rtp(n, payload=WORDS))
    written(take)
    with take.file.path.open("ab") as torn:
        torn.write(b"half a chunk")
    file = measure(take.file.path, complete=False)
    stored = list(unpack_parts([read_back(file.path, key, complete=False)], cut_short=True))
    assert not file.complete
    assert 0 < len(stored) < 300
    assert [record.packet for record in stored] == [rtp(n, payload=WORDS) for n in range(len(stored))]
    take.file.close()


@given(st.lists(st.integers(0, 1990), min_size=40, max_size=80), st.integers(0, 3))
@settings(max_examples=40, deadline=None)
def test_a_killed_process_leaves_how_many_packets_there_are_and_when(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], torn: int
) -> None:
    """Wherever the file is cut off, the tally is of what can be read of it; sizes that end a chunk to the byte among them."""
    spool = Spool(tmp_path_factory.mktemp("data") / "spool")
    take, key = begin(spool)
    for n, size in enumerate(sizes):
        take.put(1500 + 20 * n, rtp(n, payload=bytes(size)))
    ends = CHUNK_BYTES - take.filled - RECORD_BYTES - len(rtp(0, payload=b""))
    for n in range(3):
        if 0 <= ends <= 1990:
            take.put(3500 + n, rtp(n, payload=bytes(ends)))
        ends = 1990
    written(take)
    take.file.close()
    os.truncate(take.file.path, max(0, take.file.path.stat().st_size - torn * CHUNK_BYTES))
    file = measure(take.file.path, complete=False)
    stored = list(unpack_parts([read_back(file.path, key, complete=False)], cut_short=True))
    counted = file.counted
    assert counted is not None
    assert counted.packets == len(stored)
    if stored:
        assert [counted.first_ms, counted.last_ms] == [stored[0].milliseconds, stored[-1].milliseconds]
    spool.close()


def test_a_packet_that_ends_a_chunk_to_the_byte_is_counted_with_it(spool: Spool) -> None:
    take, _ = begin(spool)
    half = CHUNK_BYTES // 8 - RECORD_BYTES
    for n in range(8):
        take.put(1010 + n, bytes(half))
    assert take.filled == 0
    written(take)
    take.file.close()
    assert measure(take.file.path, complete=False).counted == Counted(packets=8, first_ms=10, last_ms=17)


def test_a_tally_that_says_too_little_is_not_believed(spool: Spool) -> None:
    take, _ = begin(spool)
    for n in range(300):
        take.put(1000, rtp(n, payload=WORDS))
    written(take)
    take.file.close()
    tally = take.file.path.with_suffix(".count")
    assert tally.stat().st_mode & 0o777 == 0o600
    os.truncate(tally, tally.stat().st_size - 1)
    assert measure(take.file.path, complete=False).counted == NOTHING
    spool.drop(take.holding)
    assert list(spool.folder.glob("[!.]*")) == []


def test_a_file_without_a_whole_header_is_empty(spool: Spool) -> None:
    path = spool.path_of(HoldingId(new_id()))
    path.write_bytes(b"x" * (HEADER_BYTES - 1))
    assert measure(path, complete=False).length == 0


def test_a_full_disk_ends_the_take_and_says_so(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    take, key = begin(spool)
    take.put(1000, rtp(0, payload=bytes(CHUNK_BYTES // 2)))
    real = os.write

    def full(fd: int, data: bytes) -> int:
        if fd != take.file.fd:
            return real(fd, data)
        raise OSError(errno.ENOSPC, "full")

    take.put(1000, rtp(1, payload=bytes(2000)))
    monkeypatch.setattr(os, "write", full)
    with pytest.raises(SpoolFailed, match="make room"):
        _fill(take)
    take.finish()
    monkeypatch.undo()
    file = take.store()
    assert not file.complete
    assert read_back(file.path, key, complete=False) == b""


def _fill(take: SealedTake) -> None:
    for n in range(40):
        take.put(1000, rtp(n, payload=bytes(2000)))
        written(take)


def test_a_disk_that_does_not_keep_up_is_one_that_failed(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    take, key = begin(spool)
    let_through = threading.Event()
    real = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: (let_through.wait(10), real(fd, data))[1])
    monkeypatch.setattr(writing, "MOST_WAITING_BYTES", 3 * CHUNK_BYTES)
    with pytest.raises(SpoolFailed, match="make room"):
        _fill_without_waiting(take)
    let_through.set()
    take.finish()
    file = take.store()
    kept = list(unpack_parts([read_back(file.path, key, complete=False)], cut_short=True))
    assert not file.complete
    assert [each.packet for each in kept] == [rtp(n, payload=bytes(2000)) for n in range(len(kept))]


def _fill_without_waiting(take: SealedTake) -> None:
    for n in range(100):
        take.put(1000, rtp(n, payload=bytes(2000)))


def test_the_receiver_never_waits_for_the_disk(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    take, _ = begin(spool)
    by: set[str] = set()
    real = os.write

    def seen(fd: int, data: bytes) -> int:
        by.add(threading.current_thread().name)
        return real(fd, data)

    monkeypatch.setattr(os, "write", seen)
    _fill_without_waiting(take)
    take.finish()
    take.store()
    assert by == {"spool"}


def test_a_take_that_was_never_opened_leaves_nothing(spool: Spool) -> None:
    take, _ = begin(spool)
    spool.discard(take)
    assert spool.holdings() == []


def test_a_write_in_pieces_is_whole(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    take, key = begin(spool)
    real = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: real(fd, bytes(data[:1000])))
    for n in range(100):
        take.put(1000, rtp(n))
    take.finish()
    file = take.store()
    assert len(list(unpack_parts([read_back(file.path, key)]))) == 100


def test_no_take_starts_on_a_disk_without_room(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool_module, "_free_bytes", lambda _: spool_module.LEAST_FREE_BYTES - 1)
    with pytest.raises(SpoolFailed):
        begin(spool)
    assert spool.holdings() == []


def test_a_take_is_never_opened_twice(spool: Spool) -> None:
    take, key = begin(spool)
    assert spool.holdings() == [key.holding]
    with pytest.raises(Conflict):
        spool.begin(CONTROLLER, key, opened=1000, opened_at=MONDAY)
    take.file.close()
    spool.drop(key.holding)
    assert spool.holdings() == []


def test_two_processes_never_share_a_spool(spool: Spool) -> None:
    with pytest.raises(Conflict, match="--data"):
        Spool(spool.folder)
    spool.close()
    Spool(spool.folder).close()


def test_moments_are_counted_from_the_opening_and_rounded_down(spool: Spool) -> None:
    take, _ = begin(spool)
    assert take.moment(take.last) is None
    assert take.moment(1000) == MONDAY
    take.put(1501, rtp(0))
    take.put(2501, rtp(1))
    moments: list[datetime | None] = [take.moment(take.first), take.moment(take.last)]
    assert moments == [MONDAY + timedelta(milliseconds=500), MONDAY + timedelta(milliseconds=1500)]
    take.file.close()
