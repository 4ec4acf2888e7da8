"""How long after a withdrawal is acknowledged a packet is still stored, while every call of the recorder sends sound.

Everything is real: the embedded PostgreSQL, the media process with its sockets and files, the control line, 50 packets a second
on each stream. A withdrawal is written and committed, the recorder is asked to settle, and its answer is the acknowledgement. The
figure is the last stored packet of the call less that moment: negative where the gate closed before anyone was told so.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rightcall.actors import SYSTEM, PartyRole
from rightcall.adapters.control.messages import Allocate, CodecOffer, StreamOffer
from rightcall.adapters.control.model import RecorderRole
from rightcall.adapters.control.own_files import own_id
from rightcall.adapters.control.registry import alive
from rightcall.bench._company import COMPANY, TRAINING, TRUNK
from rightcall.bench.recorder import load_program, on_core
from rightcall.bench.review import review
from rightcall.calls import actions as calls
from rightcall.calls.model import Trunk
from rightcall.consent import actions as consent
from rightcall.consent.model import Answer, Channel, Evidence, EvidenceKind, NewChoice
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.errors import Outage
from rightcall.ids import CallId, ControllerId, PartyId, RecorderId
from rightcall.personal import Personal
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import NewNotice, Notice
from rightcall.recordings import actions as recordings
from rightcall.recordings.model import Arrival, Arrived, ArrivingParty, ArrivingStream, Codec
from rightcall.settings import Settings
from rightcall.wiring import House, open_house

_FIRST_PORT = 16000
_HOST = "127.0.0.1"
_PCMU = Codec(payload_type=0, name="PCMU", clock_rate=8000)
_PATIENCE_SECONDS = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    call: CallId
    customer: PartyId


def run(calls: int = 1000, withdrawals: int = 200, *, folder: Path | None = None) -> dict[str, object]:
    """About `withdrawals` of the `calls`, spread over them, one after the other."""
    with tempfile.TemporaryDirectory(prefix="rightcall-bench-", dir=folder) as scratch, load_program() as program:
        settings = settings_for(Path(scratch), calls)
        with open_house(settings) as house, media(house):
            stage = Stage(house)
            began = time.monotonic()
            live = [stage.ring(number) for number in range(calls)]
            set_up_seconds = time.monotonic() - began
            with sound(program, 2 * calls):
                acknowledged = {each.call: stage.withdraw(each) for each in live[:: max(1, calls // withdrawals)]}
            after_ms = sorted(_after(stage, call, at) for call, at in acknowledged.items())
    return {
        "bench": "gate",
        "calls": calls,
        "withdrawals": len(after_ms),
        "calls_set_up_per_second": round(calls / set_up_seconds, 1),
        "last_stored_packet_after_ack_ms_p50": after_ms[len(after_ms) // 2],
        "last_stored_packet_after_ack_ms_p99": after_ms[min(len(after_ms) - 1, len(after_ms) * 99 // 100)],
        "last_stored_packet_after_ack_ms_max": after_ms[-1],
        "ack_ms_p50": stage.percentile(50),
        "ack_ms_p99": stage.percentile(99),
        "goal_ms_p99": 20,
    }


class Stage:
    """One controller, one purpose, one notice, and the calls that come in by one trunk."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.recorder = own_id(house.settings.data, RecorderRole.MEDIA)
        self.took_ms: list[float] = []
        with house.database.system() as tx:
            self.controller: ControllerId = controllers.create(tx, house.clock, COMPANY).id
            self.trunk: Trunk = calls.add_trunk(tx, house.clock, self.controller, TRUNK)
        self.notice: Notice = house.database.run(self.controller, self._publish)

    def ring(self, number: int) -> Live:
        """A call arrives, gets its ports, and the customer says yes."""
        house = self.house
        arrived = house.database.run(
            self.controller, lambda tx: recordings.arrive(tx, house.tools, _arrival(self.trunk, number), recorder=self.recorder)
        )
        call, customer = arrived.session.call, arrived.by_ref["customer"]
        house.recorders.client(self.recorder).allocate(_allocate(self.controller, arrived))
        house.database.run(self.controller, lambda tx: self._choose(tx, call, customer, Answer.GRANTED))
        house.gates.settle(self.controller, call)
        return Live(call=call, customer=customer)

    def withdraw(self, live: Live) -> datetime:
        """When it was acknowledged."""
        self.house.database.run(self.controller, lambda tx: self._choose(tx, live.call, live.customer, Answer.WITHDRAWN))
        began = time.monotonic()
        self.house.gates.settle(self.controller, live.call)
        at = self.house.clock.now()
        self.took_ms.append(1000 * (time.monotonic() - began))
        return at

    def last_stored(self, call: CallId) -> datetime:
        """Of all takes of the call, once all are in the store."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < end:
            with self.house.database.transaction(self.controller) as tx:
                takes = recordings.call_state(tx, call).takes
            if takes and all(take.finished_at is not None for take in takes):
                return _last(take.last_at for take in takes)
            time.sleep(0.1)
        raise Outage("The takes of the measured calls were not finished in time.")

    def percentile(self, percent: int) -> float:
        ordered = sorted(self.took_ms)
        return round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 1)

    def _publish(self, tx: Transaction) -> Notice:
        purpose = purposes.create_purpose(tx, self.house.clock, TRAINING, by=SYSTEM)
        text = "May we record this call to train our agents? You can change your mind at any moment."
        new = NewNotice(purpose=purpose.id, language="en", text=text)
        published = purposes.publish_notice(tx, self.house.clock, new, by=SYSTEM)
        review(tx, self.house, purpose.id)
        return published

    def _choose(self, tx: Transaction, call: CallId, customer: PartyId, answer: Answer) -> None:
        house = self.house
        recordings.touch(tx, call)
        ask = None
        if answer is Answer.GRANTED:
            ask = consent.ask(tx, house.clock, call=call, party=customer, notice=self.notice.id, by=SYSTEM).id
        new = NewChoice(
            call=call,
            party=customer,
            purpose=self.notice.purpose,
            answer=answer,
            notice=self.notice.id,
            language="en",
            channel=Channel.API,
            by=SYSTEM,
            evidence=Evidence(kind=EvidenceKind.REFERENCE, detail=Personal("bench")),
            ask=ask,
        )
        consent.choose(tx, house.vault, house.clock, new)


def settings_for(folder: Path, calls: int) -> Settings:
    ports = f"{_FIRST_PORT}-{_FIRST_PORT + 4 * calls + 1}"
    return Settings.model_validate({"data": folder / "data", "rtp_ports": ports, "log_level": "warning"})


def _arrival(trunk: Trunk, number: int) -> Arrival:
    customer = ArrivingParty(
        ref="customer", aor=Personal(f"sip:caller{number}@caller.example"), name=None, role=PartyRole.CUSTOMER
    )
    agent = ArrivingParty(ref="agent", aor=Personal("sip:agent7@energy.example"), name=None, role=PartyRole.AGENT)
    streams = tuple(
        ArrivingStream(label=label, party_ref=ref, codecs=(_PCMU,)) for label, ref in (("1", "customer"), ("2", "agent"))
    )
    return Arrival(trunk=trunk, group=None, session=f"bench-{number}", parties=(customer, agent), streams=streams)


def _allocate(controller: ControllerId, arrived: Arrived) -> Allocate:
    codec = CodecOffer(payload_type=0, name="PCMU", clock_rate=8000)
    offers = tuple(StreamOffer(stream=each.id, codecs=(codec,), networks=(_HOST,)) for each in arrived.streams)
    return Allocate(controller=controller, call=arrived.session.call, streams=offers)


def told_to(house: House) -> dict[str, str]:
    """The environment of a process of the same house."""
    told = {f"RIGHTCALL_{name.upper()}": str(value) for name, value in house.settings.model_dump().items() if value}
    return {**os.environ, **told, "RIGHTCALL_DATABASE_URL": house.database.url}


@contextmanager
def media(house: House) -> Iterator[None]:
    """The media process as `rightcall serve` starts it, on the first core."""
    command = [sys.executable, "-P", "-m", "rightcall", "role", "media", "--parent", str(os.getpid())]
    process = subprocess.Popen(on_core(0, command), env=told_to(house))  # noqa: S603 - our own words
    try:
        _wait_for_it(house, own_id(house.settings.data, RecorderRole.MEDIA))
        yield
    finally:
        process.terminate()
        process.wait(60)


def _wait_for_it(house: House, recorder: RecorderId) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < end:
        with house.database.system() as tx:
            if any(each.recorder == recorder for each in alive(tx, RecorderRole.MEDIA)):
                return
        time.sleep(0.1)
    raise Outage("The media process did not start. Are the ports from 16000 on free?")


@contextmanager
def sound(program: str, streams: int) -> Iterator[None]:
    command = [program, "send", _HOST, str(_FIRST_PORT), str(streams), "3600"]
    sender = subprocess.Popen(on_core(1, command), stdout=subprocess.DEVNULL)  # noqa: S603 - our own words
    try:
        time.sleep(3)
        yield
    finally:
        sender.terminate()
        sender.wait(10)


def _last(moments: Iterable[datetime | None]) -> datetime:
    heard = [moment for moment in moments if moment is not None]
    if not heard:
        raise Outage("A measured call got no sound. Are the ports from 16000 on free?")
    return max(heard)


def _after(stage: Stage, call: CallId, acknowledged_at: datetime) -> float:
    return round((stage.last_stored(call) - acknowledged_at).total_seconds() * 1000, 1)
