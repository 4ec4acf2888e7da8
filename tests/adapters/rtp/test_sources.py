"""Whose packets are believed: strangers, neighbours, other sources and replays change nothing; on real sockets."""

import socket

import pytest

from rightcall.adapters.rtp.packet import Refusal
from rightcall.adapters.rtp.srtp import Opener, new_key
from rightcall.adapters.rtp.stream import Terms
from tests.adapters.rtp.fakes import rtp
from tests.adapters.rtp.house import HOST, House, socket_at
from tests.adapters.rtp.test_srtp import sender


def test_strangers_are_dropped_and_counted(house: House) -> None:
    stream = house.stream()
    house.send(stream, rtp(0), by=house.stranger)
    stream.open(house.take())
    house.send(stream, rtp(0, payload=b"planted"), by=house.stranger)
    house.send(stream, rtp(1))
    other_port = socket_at(HOST)
    house.send(stream, rtp(2, payload=b"planted"), by=other_port)
    other_port.close()
    assert stream.refused[Refusal.STRANGER] == 3
    assert house.stored(stream) == [rtp(1)]


def test_the_address_of_the_sdp_is_believed_and_no_other(house: House) -> None:
    stream = house.stream(Terms(payload_types=frozenset({0}), remote="127.0.0.2", networks=("127.0.0.0/8",)))
    stream.open(house.take())
    house.send(stream, rtp(0))
    house.send(stream, rtp(1), by=house.stranger)
    stream.agree(Terms(payload_types=frozenset({0}), remote=HOST))
    house.send(stream, rtp(2), by=house.stranger)
    house.send(stream, rtp(3))
    assert house.stored(stream) == [rtp(1), rtp(3)]


def named(source: socket.socket) -> Terms:
    """As an SDP that names this very socket."""
    address, port = source.getsockname()
    return Terms(payload_types=frozenset({0, 101}), events=frozenset({101}), remote=address, port=port)


def test_who_waits_for_the_gate_to_open_is_not_believed(house: House, neighbour: socket.socket) -> None:
    stream = house.stream(named(house.phone))
    house.send(stream, rtp(0))
    house.send(stream, rtp(7, payload=b"planted"), by=neighbour)
    stream.open(house.take())
    house.send(stream, rtp(1, payload=b"planted"), by=neighbour)
    house.send(stream, rtp(1))
    assert stream.refused[Refusal.STRANGER] == 2
    assert house.stored(stream) == [rtp(1)]


def test_who_is_in_the_socket_when_the_gate_opens_is_noted_too(house: House, neighbour: socket.socket) -> None:
    stream = house.stream(named(house.phone))
    house.phone.sendto(rtp(0), (HOST, stream.port))
    stream.open(house.take())
    house.send(stream, rtp(1, payload=b"planted"), by=neighbour)
    house.send(stream, rtp(1))
    assert house.stored(stream) == [rtp(1)]


def test_the_named_source_takes_over_from_whoever_spoke_first(house: House, neighbour: socket.socket) -> None:
    """And begins anew: the neighbour's SSRC and numbers are no measure of it."""
    stream = house.stream(named(house.phone))
    house.send(stream, rtp(0), by=neighbour)
    stream.open(house.take())
    first = rtp(40000, ssrc=9)
    house.send(stream, first, by=neighbour)
    sent = [rtp(n) for n in range(3)]
    house.send(stream, sent[0])
    house.send(stream, rtp(40001, ssrc=9), rtp(1, payload=b"planted"), by=neighbour)
    house.send(stream, sent[1], sent[0], sent[2])
    assert stream.refused == {Refusal.STRANGER: 2, Refusal.REPLAYED: 1}
    assert house.stored(stream) == [first, *sent]


def test_what_is_no_packet_takes_nothing_over(house: House, neighbour: socket.socket) -> None:
    stream = house.stream(named(house.phone))
    stream.open(house.take())
    house.send(stream, rtp(0), by=neighbour)
    house.send(stream, b"no packet at all", rtp(0, payload_type=96))
    house.send(stream, rtp(1), by=neighbour)
    assert house.stored(stream) == [rtp(0), rtp(1)]


def test_another_ssrc_of_the_named_source_waits_its_turn(house: House) -> None:
    stream = house.stream(named(house.phone))
    stream.open(house.take())
    house.send(stream, rtp(0), rtp(50, ssrc=9), rtp(1), rtp(1), rtp(51, ssrc=9))
    assert stream.refused == {Refusal.OTHER_SOURCE: 2, Refusal.REPLAYED: 1}
    assert house.stored(stream) == [rtp(0), rtp(1)]


def test_a_client_that_sends_from_another_port_than_it_names_is_believed(house: House, neighbour: socket.socket) -> None:
    stream = house.stream(named(house.phone))
    house.send(stream, rtp(0), by=neighbour)
    stream.open(house.take())
    house.send(stream, rtp(1), rtp(2), by=neighbour)
    assert house.stored(stream) == [rtp(1), rtp(2)]


@pytest.mark.parametrize("moved", ["address", "port", "nothing"])
def test_a_later_offer_forgets_the_source_where_it_names_another(house: House, neighbour: socket.socket, moved: str) -> None:
    before = named(house.phone)
    after = {"address": named(house.stranger), "port": named(neighbour), "nothing": before}[moved]
    stream = house.stream(before)
    stream.open(house.take())
    house.send(stream, rtp(0))
    stream.agree(after)
    house.send(stream, rtp(1))
    house.send(stream, rtp(2, ssrc=9), by={"address": house.stranger, "port": neighbour, "nothing": house.phone}[moved])
    stored = house.stored(stream)
    assert (
        stored
        == {
            "address": [rtp(0), rtp(2, ssrc=9)],
            "port": [rtp(0), rtp(1), rtp(2, ssrc=9)],
            "nothing": [rtp(0), rtp(1)],
        }[moved]
    )


def test_of_srtp_only_what_is_authentic_is_noted(house: House, neighbour: socket.socket) -> None:
    """A stranger beside a client that sends from another port than it names: neither first nor with the client's own packets."""
    suite = "AES_CM_128_HMAC_SHA1_80"
    key = new_key(suite)
    stream, phone = house.stream(Terms(payload_types=frozenset({0}), remote=HOST, port=9), Opener(suite, key)), sender(suite, key)
    house.send(stream, *(rtp(n) for n in range(70)), by=neighbour)
    assert stream.source is None
    stream.open(house.take())
    house.send(stream, sender(suite, new_key(suite)).protect(rtp(0)), by=neighbour)
    sealed = [phone.protect(rtp(n)) for n in range(3)]
    house.send(stream, sealed[0])
    house.send(stream, sealed[1], by=neighbour)
    house.send(stream, *sealed[1:])
    assert house.stored(stream) == [rtp(0), rtp(1), rtp(2)]


def test_without_address_or_network_nobody_is_believed(house: House) -> None:
    stream = house.stream(Terms(payload_types=frozenset({0})))
    stream.open(house.take())
    house.send(stream, rtp(0))
    assert house.stored(stream) == []


def test_another_ssrc_is_believed_only_once_the_first_is_silent(house: House) -> None:
    stream = house.stream()
    stream.open(house.take())
    kept = [rtp(0), rtp(1), rtp(2)]
    house.send(stream, kept[0], rtp(50, ssrc=9), kept[1], rtp(51, ssrc=9), kept[2])
    assert stream.refused[Refusal.OTHER_SOURCE] == 2
    house.send(stream, rtp(52, ssrc=9), rtp(53, ssrc=9), rtp(54, ssrc=9), rtp(3))
    assert house.stored(stream) == [*kept, rtp(53, ssrc=9), rtp(54, ssrc=9)]


def test_a_replayed_packet_is_stored_once(house: House) -> None:
    stream = house.stream()
    stream.open(house.take())
    house.send(stream, rtp(10), rtp(12), rtp(11), rtp(11), rtp(12), rtp(10))
    assert stream.refused[Refusal.REPLAYED] == 3
    assert house.stored(stream) == [rtp(10), rtp(12), rtp(11)]
