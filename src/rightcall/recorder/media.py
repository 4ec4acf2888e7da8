"""The media process: receives what is said, keeps what may be kept, sealed, and nothing else.

It can be killed at any moment: gates are closed while nobody holds them, what was sealed stays readable to its last whole chunk,
and the next start stores it. It never decides: see `recordings.settling`. The calls themselves go on without it.
"""

import asyncio
import contextlib
import ipaddress
import logging
import signal
from dataclasses import dataclass
from pathlib import Path

import uvloop

from rightcall.adapters.control.messages import Welcome
from rightcall.adapters.control.model import RecorderRole
from rightcall.adapters.control.own_files import control_secret, own_id
from rightcall.adapters.control.server import ControlServer
from rightcall.adapters.rtp.kept import KeptPorts
from rightcall.adapters.rtp.ports import PortPool
from rightcall.adapters.rtp.receiver import Receiver
from rightcall.adapters.rtp.spool import Spool
from rightcall.clock import Clock
from rightcall.database.connection import Database
from rightcall.errors import NotConfigured, RightcallError
from rightcall.holdings.ports import Objects
from rightcall.pauses import look_seldom
from rightcall.recorder.media_calls import Gatekeeper
from rightcall.recorder.media_database import DatabaseDecisions
from rightcall.recorder.media_desk import Desk
from rightcall.recorder.media_figures import MediaFigures
from rightcall.recorder.media_journal import KeyJournal
from rightcall.recorder.media_ports import Decisions
from rightcall.recorder.media_process import harden
from rightcall.recorder.media_recovery import recover
from rightcall.recorder.media_takes import Finisher
from rightcall.recorder.media_watch import Watch
from rightcall.recordings.tools import Tools

_log = logging.getLogger(__name__)
_LAST_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaPlace:
    """Where the process listens and writes. `control` with port 0 takes any free one; `rtp_public` is what SDP answers say."""

    data: Path
    control: str
    rtp: str
    rtp_public: str | None
    first_port: int
    last_port: int


def run(place: MediaPlace, *, database: Database, tools: Tools, objects: Objects) -> None:
    """Until SIGTERM or SIGINT; every take is then cut and finished."""
    check(place)
    harden()
    recorder = own_id(place.data, RecorderRole.MEDIA)
    uvloop.run(serve(place, DatabaseDecisions(database, tools, recorder), objects, tools.clock))


def check(place: MediaPlace) -> None:
    """What SDP answers say has to be an address that can be sent to: to all recording clients, 0.0.0.0 means "on hold"."""
    try:
        said = ipaddress.ip_address(place.rtp_public or place.rtp)
    except ValueError as error:
        raise NotConfigured("RIGHTCALL_RTP and RIGHTCALL_RTP_PUBLIC are IP addresses, such as 192.0.2.10.") from error
    if said.is_unspecified:
        raise NotConfigured(
            "RIGHTCALL_RTP is every address of this machine. Set RIGHTCALL_RTP_PUBLIC to the one clients send to."
        )


async def serve(place: MediaPlace, decisions: Decisions, objects: Objects, clock: Clock) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    spool = Spool(place.data / "spool")
    figures = MediaFigures()
    finisher = Finisher(decisions, objects, spool)
    recorder = own_id(place.data, RecorderRole.MEDIA)
    await recover(decisions, finisher, spool, recorder, stop)
    welcome = Welcome(recorder=recorder, started_at=clock.now())
    desks: list[Desk] = []
    kept = KeptPorts(place.data / "rtp-ports")
    receiver = Receiver(
        place.rtp,
        PortPool(place.first_port, place.last_port, left=kept.left),
        heard=lambda stream, digit: desks[0].heard(stream, digit),
        failed=lambda stream: desks[0].disk_failed(stream),
        kept=kept,
    )
    gates = Gatekeeper(receiver, spool, finisher, clock, figures)
    journal = KeyJournal(place.data / "keypad")
    desk = Desk(welcome, decisions, gates, finisher, journal, clock, public_address=place.rtp_public or place.rtp)
    desks.append(desk)
    server = ControlServer(desk.answer, welcome, control_secret(place.data))
    address = await server.start(place.control)
    watch = Watch(desk, decisions, receiver, finisher, figures, address)
    look_seldom()
    receiver.attach(loop)
    watching = loop.create_task(watch.run())
    stopping = loop.create_task(stop.wait())
    _log.info("media recorder takes orders", extra={"recorder": welcome.recorder, "address": address})
    try:
        await asyncio.wait({watching, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (watching, stopping):
            task.cancel()
        await server.stop()
        kept.leave()
        await desk.close()
        watch.close()
        receiver.detach(loop)
        left = await finisher.settle_down(_LAST_SECONDS)
        await _leave(decisions)
        spool.close()
        _log.info("media recorder ends", extra={"left_for_the_next_start": left})
    if watching.done() and not watching.cancelled():
        watching.result()


async def _leave(decisions: Decisions) -> None:
    with contextlib.suppress(RightcallError):
        await asyncio.get_running_loop().run_in_executor(None, decisions.leave)
