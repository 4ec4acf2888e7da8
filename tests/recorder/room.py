"""A media process without the process: its parts on a loop, with fakes behind it and a phone in front of it."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

from rightcall.adapters.control.messages import Allocate, Allocated, CodecOffer, Settle, Settled, StreamOffer, Welcome
from rightcall.adapters.rtp.ports import PortPool
from rightcall.adapters.rtp.receiver import Receiver
from rightcall.adapters.rtp.spool import Spool
from rightcall.clock import SystemClock
from rightcall.ids import CallId, ControllerId, HoldingId, RecorderId, StreamId, new_id
from rightcall.recorder.media_calls import Gatekeeper
from rightcall.recorder.media_desk import Desk
from rightcall.recorder.media_figures import MediaFigures
from rightcall.recorder.media_journal import KeyJournal
from rightcall.recorder.media_takes import Finisher
from rightcall.recorder.media_watch import Watch
from rightcall.recordings.packets import unpack_parts
from rightcall.vault.sealing import SealedReader, content_context
from tests.recorder.fakes import FakeCall, FakeDecisions, FakeObjects

HOST = "127.0.0.1"
CODECS = (
    CodecOffer(payload_type=0, name="PCMU", clock_rate=8000),
    CodecOffer(payload_type=101, name="telephone-event", clock_rate=8000),
)


def offer(stream: StreamId, *, held: bool = False) -> StreamOffer:
    return StreamOffer(stream=stream, codecs=CODECS, networks=("127.0.0.1",), held=held)


class Room:
    def __init__(self, folder: Path) -> None:
        self.decisions, self.objects, self.spool = FakeDecisions(), FakeObjects(), Spool(folder / "spool")
        self.recorder = RecorderId(new_id())
        self.clock = SystemClock()
        self.finisher = Finisher(self.decisions, self.objects, self.spool)
        self.receiver = Receiver(
            HOST,
            PortPool(32000, 32999, rest_seconds=0),
            heard=lambda stream, digit: self.desk.heard(stream, digit),
            failed=lambda stream: self.desk.disk_failed(stream),
        )
        self.figures = MediaFigures()
        self.journal = KeyJournal(folder / "keypad")
        self.gates = Gatekeeper(self.receiver, self.spool, self.finisher, self.clock, self.figures)
        self.desk = Desk(
            Welcome(recorder=self.recorder, started_at=self.clock.now()),
            self.decisions,
            self.gates,
            self.finisher,
            self.journal,
            self.clock,
            public_address=HOST,
            patience_seconds=0.3,
        )
        self.watch = Watch(self.desk, self.decisions, self.receiver, self.finisher, self.figures, "127.0.0.1:1")
        self.phone = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.phone.bind((HOST, 0))

    async def ring(self, streams: int = 2) -> tuple[CallId, list[StreamId]]:
        """A call with ports and no yes."""
        call, controller = CallId(new_id()), ControllerId(new_id())
        ids = [StreamId(new_id()) for _ in range(streams)]
        self.decisions.calls[call] = FakeCall(controller, streams=ids)
        order = Allocate(controller=controller, call=call, streams=tuple(offer(stream) for stream in ids))
        assert isinstance(await self.desk.answer(order), Allocated)
        return call, ids

    async def settle(self, call: CallId) -> Settled:
        said = await self.desk.answer(Settle(controller=self.decisions.calls[call].controller, call=call))
        assert isinstance(said, Settled)
        return said

    async def want(self, call: CallId, *streams: StreamId) -> Settled:
        self.decisions.want(call, *streams)
        return await self.settle(call)

    def send(self, stream: StreamId, *packets: bytes) -> None:
        for packet in packets:
            self.phone.sendto(packet, (HOST, self.receiver.streams[stream].port))
            self.receiver.drain()

    def stored(self, take: HoldingId, controller: ControllerId) -> list[bytes]:
        """The packets in the object store under that take."""
        sealed, known = self.objects.kept[str(take)], self.decisions.takes[take]
        assert known.file is not None
        reader = SealedReader(
            known.key.secret,
            content_context(controller, take),
            lambda at, n: sealed[at : at + n],
            len(sealed),
            known.file.complete,
        )
        plain = reader.read(0, reader.plain_length)
        return [record.packet for record in unpack_parts([plain], cut_short=not known.file.complete)]

    async def finished(self) -> None:
        while self.finisher.waiting:
            await asyncio.sleep(0.01)

    async def close(self) -> None:
        self.decisions.let_through.set()
        self.decisions.key_wait.set()
        await self.desk.close()
        await self.finisher.settle_down(5)
        self.receiver.detach(asyncio.get_running_loop())
        self.watch.close()
        self.spool.close()
        self.phone.close()


def in_room(folder: Path, story: Callable[[Room], Awaitable[None]]) -> None:
    """Runs a story on a loop of its own."""

    async def told() -> None:
        room = Room(folder)
        try:
            await story(room)
        finally:
            await room.close()

    asyncio.run(told())
