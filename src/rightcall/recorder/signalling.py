"""The signalling process: SIPREC recording sessions come in, and the house hears of them.

A process of its own with a loop of its own, in the main thread. It holds no sound and no key of a holding. It can be killed at
any moment: the phone calls go on, and the next start ends the recording sessions that the killed process had.
"""

import logging
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from rightcall.adapters.control.gates import ControlGates
from rightcall.adapters.control.model import RecorderRole
from rightcall.adapters.control.own_files import own_id
from rightcall.adapters.sip.agent import AgentSettings, UserAgent
from rightcall.adapters.sip.limits import Limits
from rightcall.adapters.sip.timer import LEAST_SECONDS
from rightcall.database.connection import Database
from rightcall.pauses import look_seldom
from rightcall.recorder.signalling_calls import RecordedCalls
from rightcall.recorder.signalling_journal import Journal
from rightcall.recorder.signalling_media import MediaLines
from rightcall.recorder.signalling_watch import Watch
from rightcall.recordings.tools import Tools
from rightcall.settings import host_and_port

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignallingPlace:
    """Where the process listens. `sip_public` is HOST[:PORT] for Contact; `proxies` are believed about where calls come from."""

    data: Path
    sip: str
    sip_public: str | None = None
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    keepalive_seconds: float = 60.0
    least_session_seconds: int = LEAST_SECONDS
    limits: Limits = field(default_factory=Limits)


def run(place: SignallingPlace, *, database: Database, tools: Tools, gates: ControlGates) -> None:
    """Until SIGTERM or SIGINT; every call is then hung up and its end noted."""
    media = MediaLines(database, gates)
    calls = RecordedCalls(database, tools, media, Journal(place.data / "signalling"))
    agent = UserAgent(_settings(place), calls)
    host, port = agent.address
    address = f"{host}:{port}"
    watch = Watch(
        database,
        calls,
        media,
        agent,
        recorder=own_id(place.data, RecorderRole.SIGNALLING),
        address=address,
    )
    _log.info("signalling listens", extra={"address": address})
    watch.start()
    look_seldom()
    try:
        agent.run()
    finally:
        watch.stop()
        _log.info("signalling ends")


def _settings(place: SignallingPlace) -> AgentSettings:
    address = host_and_port(place.sip)
    return AgentSettings(
        address=address,
        public=_public(place.sip_public, address[1]),
        proxies=place.proxies,
        limits=place.limits,
        keepalive_seconds=place.keepalive_seconds,
        least_session_seconds=place.least_session_seconds,
    )


def _public(said: str | None, port: int) -> tuple[str, int] | None:
    if said is None:
        return None
    host, colon, given = said.rpartition(":")
    if colon and given.isdigit() and not said.endswith("]"):
        return host, int(given)
    return said, port
