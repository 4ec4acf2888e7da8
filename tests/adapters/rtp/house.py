"""A receiver on real sockets, a phone before it, a stranger beside it, and what it stored."""

import os
import socket

from rightcall.adapters.rtp import receiver as receiver_module
from rightcall.adapters.rtp.ports import PortPool
from rightcall.adapters.rtp.receiver import Receiver
from rightcall.adapters.rtp.spool import SealedTake, Spool
from rightcall.adapters.rtp.srtp import Opener
from rightcall.adapters.rtp.stream import RtpStream, Terms
from rightcall.ids import ControllerId, HoldingId, StreamId, new_id
from rightcall.recordings.packets import unpack_parts
from rightcall.vault.model import ContentKey
from rightcall.vault.sealing import SealedReader, content_context
from tests.cast import MONDAY

HOST = "127.0.0.1"
CONTROLLER = ControllerId(new_id())
TERMS = Terms(payload_types=frozenset({0, 101}), events=frozenset({101}), sounds=((0, "PCMU"),), networks=("127.0.0.1/32",))


class House:
    """A receiver, a phone and a stranger."""

    def __init__(self, spool: Spool) -> None:
        self.spool = spool
        self.digits: list[str] = []
        self.failed: list[StreamId] = []
        self.receiver = Receiver(
            HOST, PortPool(31000, 31999, rest_seconds=0), heard=lambda _, d: self.digits.append(d), failed=self.failed.append
        )
        self.phone, self.stranger = socket_at(HOST), socket_at("127.0.0.2")
        self.keys: dict[HoldingId, ContentKey] = {}

    def stream(self, terms: Terms = TERMS, opener: Opener | None = None) -> RtpStream:
        return self.receiver.add(StreamId(new_id()), terms, opener)

    def take(self) -> SealedTake:
        key = ContentKey(holding=HoldingId(new_id()), secret=os.urandom(32))
        self.keys[key.holding] = key
        return self.spool.begin(CONTROLLER, key, opened=receiver_module.monotonic_ms(), opened_at=MONDAY)

    def send(self, stream: RtpStream, *packets: bytes, by: socket.socket | None = None) -> None:
        for packet in packets:
            (by or self.phone).sendto(packet, (HOST, stream.port))
            self.receiver.drain()

    def stored(self, stream: RtpStream) -> list[bytes]:
        """Closes the gate and opens the file."""
        take = stream.close()
        assert take is not None
        file = take.store()
        sealed, key = file.path.read_bytes(), self.keys[take.holding]
        reader = SealedReader(
            key.secret, content_context(CONTROLLER, key.holding), lambda at, n: sealed[at : at + n], len(sealed), file.complete
        )
        return [record.packet for record in unpack_parts([reader.read(0, reader.plain_length)])]


def socket_at(address: str, port: int = 0) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind((address, port))
    return made
