"""The control line: orders are answered, strangers and nonsense are shown the door, and nothing unconfirmed looks confirmed."""

import asyncio
import socket
import struct
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rightcall.adapters.control.client import ControlClient
from rightcall.adapters.control.frames import LIMIT, answer_in, frame, length_of, order_in
from rightcall.adapters.control.messages import (
    Allocate,
    Answer,
    CodecOffer,
    Hello,
    Message,
    Order,
    Refused,
    Release,
    Released,
    Settle,
    Settled,
    SrtpKey,
    Status,
    StreamOffer,
    Update,
    Updated,
)
from rightcall.errors import Conflict, DatabaseGone, Malformed, RecorderGone
from rightcall.ids import new_id
from tests.adapters.control.fakes import SECRET, WELCOME, Line

OFFER = StreamOffer(
    stream=new_id(),
    codecs=(CodecOffer(payload_type=0, name="PCMU", clock_rate=8000),),
    remote="192.0.2.1",
    srtp=SrtpKey(suite="AES_CM_128_HMAC_SHA1_80", key=b"k" * 30),
)
ORDERS: list[Order] = [
    Allocate(controller=new_id(), call=new_id(), streams=(OFFER,)),
    Update(call=new_id(), streams=(OFFER,)),
    Settle(controller=new_id(), call=new_id()),
    Release(call=new_id()),
    Status(),
]


@pytest.fixture
def line() -> Iterator[Line]:
    made = Line()
    yield made
    made.close()


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: type(order).__name__)
def test_what_is_said_is_heard(order: Order) -> None:
    said = frame(order)
    assert length_of(said[:4]) == len(said) - 4
    assert order_in(said[4:]) == order


@given(st.binary(max_size=200))
@settings(max_examples=200)
def test_any_bytes_are_an_order_or_malformed(body: bytes) -> None:
    for read in (order_in, answer_in):
        try:
            assert isinstance(read(body), Message)
        except Malformed:
            continue


@pytest.mark.parametrize("length", [0, LIMIT + 1, 0xFFFFFFFF])
def test_impossible_lengths_are_malformed(length: int) -> None:
    with pytest.raises(Malformed):
        length_of(struct.pack("!I", length))


def test_secrets_and_keys_are_never_shown() -> None:
    assert "ssss" not in repr(Hello(secret=SECRET))
    assert "kkkk" not in repr(ORDERS[0])


def test_an_order_is_answered_on_a_line_that_is_kept(line: Line) -> None:
    ours = line.client()
    for _ in range(3):
        assert ours.release(Release(call=new_id())) == Released()
    assert len(line.orders) == 3
    assert len(ours._idle) == 1
    ours.close()


def test_the_wrong_secret_gets_nothing(line: Line) -> None:
    with pytest.raises(RecorderGone):
        line.client(b"x" * 32).release(Release(call=new_id()))
    assert line.orders == []


def _raw(line: Line, *said: bytes) -> bytes:
    """What comes back before the line is closed on us."""
    host, _, port = line.address.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=5) as raw:
        back = b""
        try:
            for part in said:
                raw.sendall(part)
            raw.shutdown(socket.SHUT_WR)
            while part := raw.recv(4096):
                back += part
        except ConnectionError:
            return back
        return back


def test_nothing_is_answered_before_the_secret(line: Line) -> None:
    assert _raw(line, frame(Release(call=new_id()))) == b""
    assert line.orders == []


def test_another_version_is_refused(line: Line) -> None:
    assert _raw(line, frame(Hello(secret=SECRET, protocol=2))) == b""


@given(st.binary(min_size=1, max_size=300))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nonsense_closes_its_line_and_no_other(line: Line, nonsense: bytes) -> None:
    ours = line.client()
    ours.release(Release(call=new_id()))
    hello = frame(Hello(secret=SECRET))
    assert _raw(line, nonsense) == b""
    assert _raw(line, hello, struct.pack("!I", len(nonsense)) + nonsense) == frame(WELCOME)
    assert _raw(line, hello, struct.pack("!I", LIMIT + 1)) == frame(WELCOME)
    assert ours.release(Release(call=new_id())) == Released()
    ours.close()


def test_a_refusal_is_raised_as_what_it_is(line: Line) -> None:
    async def refuse(_: Order) -> Answer:
        raise Conflict("not in this state")

    async def outage(_: Order) -> Answer:
        return Refused(kind="DatabaseGone", message="the database is gone")

    line.desk = refuse
    with pytest.raises(Conflict, match="not in this state"):
        line.client().release(Release(call=new_id()))
    line.desk = outage
    with pytest.raises(DatabaseGone):
        line.client().release(Release(call=new_id()))


def test_an_answer_of_the_wrong_kind_confirms_nothing(line: Line) -> None:
    async def wrong(_: Order) -> Answer:
        return Updated()

    line.desk = wrong
    with pytest.raises(RecorderGone, match="confirmed"):
        line.client().settle(Settle(controller=new_id(), call=new_id()))


def test_a_desk_that_breaks_confirms_nothing(line: Line) -> None:
    async def slow(_: Order) -> Answer:
        await asyncio.sleep(30)
        return Released()

    line.desk = slow
    with pytest.raises(RecorderGone, match="in time"):
        line.client(seconds=0.2).release(Release(call=new_id()))


def test_nobody_there_confirms_nothing(line: Line) -> None:
    ours = line.client()
    line.stop()
    with pytest.raises(RecorderGone, match="reached"):
        ours.release(Release(call=new_id()))
    line.start("127.0.0.1:0")


def test_a_restarted_process_is_found_at_its_new_address(line: Line) -> None:
    asked = []

    def address() -> str:
        asked.append(line.address)
        return line.address

    ours = ControlClient(address, SECRET)
    ours.release(Release(call=new_id()))
    line.stop()
    line.start("127.0.0.1:0")
    assert ours.release(Release(call=new_id())) == Released()
    assert len(asked) == len(set(asked)) == 2
    ours.close()


def test_too_large_an_order_is_not_sent() -> None:
    with pytest.raises(Malformed, match="too large"):
        frame(Hello(secret=bytes(LIMIT)))


def test_instants_come_back_aware() -> None:
    said = Settled(at=WELCOME.started_at, version=3, opened=1, closed=2, holds=True)
    assert answer_in(msgspec.msgpack.encode(said)) == said
