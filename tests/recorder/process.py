"""The media process as it runs in life, beside a house on the same database; a phone; and a call of Ada's to agent seven."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from rightcall.adapters.control.messages import Allocate, Release, StatusReport
from rightcall.adapters.control.model import RecorderRole
from rightcall.adapters.control.own_files import own_id
from rightcall.adapters.control.registry import find
from rightcall.consent import actions as consent
from rightcall.consent.model import Answer, Ask, Channel, Choice, Evidence, EvidenceKind, NewChoice
from rightcall.database.connection import Transaction
from rightcall.errors import RecorderGone
from rightcall.ids import ControllerId, StreamId
from rightcall.personal import Personal
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Keypad, NewNotice, Notice
from rightcall.recordings import actions
from rightcall.recordings.model import Arrival, Arrived, EndReason, Take
from rightcall.recordings.packets import unpack_parts
from rightcall.vault.model import Dark, DarkReason
from rightcall.vault.sealing import SealedReader, content_context
from rightcall.wiring import House
from tests.recorder.room import offer
from tests.recordings.scene import ADA, AGENT, DPO, SEVEN, add_trunk, new_purpose, stream
from tests.reviews.words import reviewed

HOST = "127.0.0.1"
SECONDS = 30.0


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


class Process:
    """`rightcall role media`, as the supervisor starts it."""

    def __init__(self, house: House, log: Path) -> None:
        self._house, self._log = house, log
        self.recorder = own_id(house.settings.data, RecorderRole.MEDIA)
        self.start()

    def start(self) -> None:
        told = {f"RIGHTCALL_{name.upper()}": str(value) for name, value in self._house.settings.model_dump().items() if value}
        told["RIGHTCALL_DATABASE_URL"] = self._house.database.url
        before = self._seen()
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "rightcall", "role", "media", "--parent", str(os.getpid())],
                env={**os.environ, **told},
                stdout=log,
                stderr=log,
            )
        try:
            wait_until(lambda: self._seen() not in (None, before))
        except AssertionError:
            self.kill()
            raise

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(SECONDS)

    @property
    def log(self) -> str:
        return self._log.read_text()

    def _seen(self) -> str | None:
        try:
            with self._house.database.system() as tx:
                return find(tx, self.recorder).address
        except RecorderGone:
            return None


@contextmanager
def database_away(house: House) -> Iterator[None]:
    """Nobody gets a connection to the recorder's database, and those that are there are cut."""
    with psycopg.connect(house.database.url, dbname="postgres", autocommit=True) as admin:
        admin.execute("ALTER DATABASE rightcall_recorder ALLOW_CONNECTIONS false")
        try:
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'rightcall_recorder'")
            yield
        finally:
            admin.execute("ALTER DATABASE rightcall_recorder ALLOW_CONNECTIONS true")


@dataclass
class LiveCall:
    house: House
    controller: ControllerId
    arrived: Arrived
    notice: Notice
    ports: dict[StreamId, int]
    phone: socket.socket

    def run(self, deed: Callable[[Transaction], object]) -> None:
        self.house.database.run(self.controller, deed)

    @property
    def ada(self) -> StreamId:
        return self.arrived.by_label["1"]

    def allocate(self) -> None:
        """As signalling does, at the start and when the media process started anew."""
        call = self.arrived.session.call
        order = Allocate(controller=self.controller, call=call, streams=tuple(offer(each.id) for each in self.arrived.streams))
        given = self.house.recorders.client(self.arrived.session.recorder).allocate(order)
        self.ports = {StreamId(each.stream): each.rtp for each in given.streams}

    def settle(self) -> None:
        """Raises where it does not hold. The process may have read the change by itself before."""
        self.house.gates.settle(self.controller, self.arrived.session.call)

    def ask(self, tx: Transaction) -> Ask:
        call, party = self.arrived.session.call, self.arrived.by_ref["p-ada"]
        actions.touch(tx, call)
        return consent.ask(tx, self.house.clock, call=call, party=party, notice=self.notice.id, by=AGENT)

    def answer(self, answer: Answer) -> None:
        def deed(tx: Transaction) -> None:
            ask = self.ask(tx).id if answer is Answer.GRANTED else None
            actions.touch(tx, self.arrived.session.call)
            consent.choose(
                tx,
                self.house.vault,
                self.house.clock,
                NewChoice(
                    call=self.arrived.session.call,
                    party=self.arrived.by_ref["p-ada"],
                    purpose=self.notice.purpose,
                    answer=answer,
                    notice=self.notice.id,
                    language="en",
                    channel=Channel.VOICE_HEARD_BY_AGENT,
                    by=AGENT,
                    evidence=Evidence(kind=EvidenceKind.WORDS_HEARD, detail=Personal("yes")),
                    ask=ask,
                ),
            )

        self.run(deed)

    def send(self, *packets: bytes) -> None:
        self.send_to(self.ada, *packets)

    def send_to(self, stream: StreamId, *packets: bytes) -> None:
        for packet in packets:
            self.phone.sendto(packet, (HOST, self.ports[stream]))

    def status(self) -> StatusReport:
        return self.house.recorders.client(self.arrived.session.recorder).status()

    def takes(self, stream: StreamId | None = None) -> list[Take]:
        """Of one stream, Ada's where none is named, in order."""
        with self.house.database.transaction(self.controller) as tx:
            state = actions.call_state(tx, self.arrived.session.call)
        return [take for take in state.takes if take.stream == (stream or self.ada)]

    def choices(self) -> list[Choice]:
        """In order."""
        with self.house.database.transaction(self.controller) as tx:
            return consent.choices_of_call(tx, self.arrived.session.call)

    def stored(self, take: Take) -> list[bytes] | DarkReason:
        """The packets in the object store, if they can be read."""
        with self.house.database.transaction(self.controller) as tx:
            key = self.house.vault.unlock_content(tx, holding=take.id, purpose=self.notice.purpose)
        if isinstance(key, Dark):
            return key.reason
        objects = self.house.objects
        size = objects.size(take.object_key)
        reader = SealedReader(
            key.secret,
            content_context(self.controller, take.id),
            lambda at, n: objects.get_range(take.object_key, at, n),
            size,
            False,
        )
        return [each.packet for each in unpack_parts([reader.read(0, reader.plain_length)], cut_short=True)]

    def end(self) -> None:
        self.run(lambda tx: actions.end(tx, self.house.tools, self.arrived.session.call, EndReason.HUNG_UP))
        self.house.recorders.client(self.arrived.session.recorder).release(Release(call=self.arrived.session.call))


def ring(house: House, controller: ControllerId, process: Process, phone: socket.socket) -> LiveCall:
    """The call has arrived and its streams have ports; nobody was asked anything."""
    trunk = add_trunk(house.database, controller)
    arrival = Arrival(
        trunk=trunk,
        group=None,
        session="session-1",
        parties=(ADA, SEVEN),
        streams=(stream("1", "p-ada"), stream("2", "p-seven")),
    )

    def deed(tx: Transaction) -> tuple[Arrived, Notice]:
        purpose = purposes.create_purpose(tx, house.clock, new_purpose("training"), by=DPO)
        notice = purposes.publish_notice(
            tx,
            house.clock,
            NewNotice(
                purpose=purpose.id,
                language="en",
                text="May we record this? Press 1 for yes, 2 for no. You can change your mind at any moment.",
                keypad=Keypad(yes="1", no="2"),
            ),
            by=DPO,
        )
        reviewed(tx, house.clock, purpose.id, house.rules)
        return actions.arrive(tx, house.tools, arrival, recorder=process.recorder), notice

    arrived, notice = house.database.run(controller, deed)
    live = LiveCall(house, controller, arrived, notice, {}, phone)
    live.allocate()
    return live
