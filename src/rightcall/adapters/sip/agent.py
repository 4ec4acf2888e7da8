"""The SIP user agent of the recorder: a session recording server (SRS, RFC 7866) on one UDP port.

Every request gets its answer here: new calls and those that belong to a session, and everything a recorder does not do. It holds
no rule about consent; `Calls` decides. It never blocks: what may take time runs in worker threads.
"""

import logging
import secrets
import signal
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import TypeVar

from rightcall.adapters.sip.answers import RETRY_SECONDS, capabilities, contact, refuse, refuse_for, unsupported
from rightcall.adapters.sip.incoming import Known, learn
from rightcall.adapters.sip.limits import Limits, Strangers
from rightcall.adapters.sip.message import Request, tag_of
from rightcall.adapters.sip.ports import STRANGER, Calls, Declined, Why
from rightcall.adapters.sip.quiet import report
from rightcall.adapters.sip.session import Session
from rightcall.adapters.sip.stack import Stack, Transaction
from rightcall.adapters.sip.timer import LEAST_SECONDS, negotiate
from rightcall.errors import Breach, Malformed, RightcallError
from rightcall.ids import CallId

_log = logging.getLogger(__name__)
_T = TypeVar("_T")
SOURCE_HEADER = "x-rightcall-source"
_BUSY = Declined(code=503, phrase="The recorder is full. Try another, or again in a moment.", retry_after=RETRY_SECONDS)
_NOTHING = Declined(code=488, phrase="No m=audio line here can be received: RTP/AVP, or RTP/SAVP with an a=crypto we know.")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSettings:
    """`public` is the host and port for Contact; `proxies` are believed when they say where a request came from."""

    address: tuple[str, int]
    public: tuple[str, int] | None = None
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    limits: Limits = field(default_factory=Limits)
    keepalive_seconds: float = 60.0
    least_session_seconds: int = LEAST_SECONDS
    shutdown_seconds: float = 5.0
    workers: int = 8


@dataclass(slots=True)
class Counts:
    """For metrics: how many requests of which sort, and what became of them."""

    invites: int = 0
    accepted: int = 0
    refused: int = 0
    strangers: int = 0
    jobs: int = 0


class UserAgent:
    """`run` blocks until `stop`, in the main thread. `reoffer`, `move` and `stop` may be called from any thread."""

    def __init__(self, settings: AgentSettings, calls: Calls) -> None:
        self._settings = settings
        self.calls = calls
        self.counts = Counts()
        self.keepalive_seconds = settings.keepalive_seconds
        self.least_session_seconds = settings.least_session_seconds
        self.stack = Stack(settings.address, public=settings.public, limits=settings.limits, on_request=self._asked)
        self.contact = contact(self.stack.address)
        self._workers = ThreadPoolExecutor(settings.workers, thread_name_prefix="calls")
        self._sessions: dict[tuple[str, str], Session] = {}
        self._callers: dict[tuple[str, str], Session] = {}
        self._closing: set[Session] = set()
        self._strangers = Strangers(settings.limits.strangers_seconds)
        self._stopping = False

    @property
    def address(self) -> tuple[str, int]:
        return self.stack.address

    def run(self, *, signals: bool = True) -> None:
        if signals:
            self.stack.on_signal(signal.SIGTERM, self._stop)
            self.stack.on_signal(signal.SIGINT, self._stop)
        try:
            self.stack.run()
        finally:
            self._workers.shutdown(wait=False, cancel_futures=True)
            self.stack.close()

    def stop(self) -> None:
        """Hang up every call, note their ends, and return from `run`."""
        self.stack.call_soon(self._stop)

    def reoffer(self, call: CallId, wanted: Mapping[int, bool]) -> None:
        """Ask the client of `call` to send (True) or not to send (False) on each stream, by place in the SDP."""
        self.stack.call_soon(self._reoffer, call, dict(wanted))

    def move(self, call: CallId, address: str, ports: Mapping[int, int]) -> None:
        """Ask the client of `call` to send its streams, by place in the SDP, to other ports."""
        self.stack.call_soon(self._move, call, address, dict(ports))

    def hang_up(self, call: CallId, why: Why) -> None:
        """End `call` from our side."""
        self.stack.call_soon(self._hang_up, call, why)

    def suspect(self, call: CallId) -> None:
        """`call` should send sound and does not: find out whether its client is still there."""
        self.stack.call_soon(self._suspect, call)

    # -- for sessions

    def work(self, deed: Callable[[], _T], then: Callable[[_T | RightcallError], None]) -> None:
        self.counts.jobs += 1

        def done(outcome: _T | RightcallError) -> None:
            self.counts.jobs -= 1
            then(outcome)

        def attempt() -> None:
            outcome: _T | RightcallError
            try:
                outcome = deed()
            except RightcallError as error:
                outcome = error
            except Exception:  # noqa: BLE001 - a worker's top loop: the call is refused, the others go on
                report()
                outcome = Breach("The recorder stumbled over this call. Its log says where.")
            self.stack.call_soon(done, outcome)

        self._workers.submit(attempt)

    def forget(self, session: Session) -> None:
        self._sessions.pop((session.peer.call_id, session.peer.tag), None)
        self._callers.pop((session.peer.call_id, session.peer.remote_tag), None)
        self._closing.add(session)

    def closed(self, session: Session) -> None:
        self._closing.discard(session)

    def called_by_stranger(self, session: Session) -> None:
        self.counts.strangers += 1
        _log.warning("a call was declined: no trunk fits the address that it came from and the number that it called")
        self._strangers.note(session.source, session.called or "", time.monotonic())

    # -- requests

    def _asked(self, transaction: Transaction) -> None:
        request = transaction.request
        missing = unsupported(request)
        if missing:
            transaction.respond(420, "Bad Extension", [("Unsupported", ", ".join(missing))])
        elif (ours := tag_of(request.first("to") or "")) is not None:
            self._within(transaction, self._sessions.get((request.call_id, ours)))
        elif request.method == "INVITE":
            self._invited(transaction)
        elif request.method == "OPTIONS":
            transaction.respond(200, "OK", capabilities(self.contact))
        elif request.method in ("BYE", "UPDATE"):
            transaction.respond(481, "Call/Transaction Does Not Exist")
        else:
            refuse(transaction, Declined(code=405, phrase=""))

    def _within(self, transaction: Transaction, session: Session | None) -> None:
        request = transaction.request
        if session is None or tag_of(request.first("from") or "") != session.peer.remote_tag:
            transaction.respond(481, "Call/Transaction Does Not Exist")
            return
        if request.sequence <= session.peer.remote_sequence:
            refuse(transaction, Declined(code=500, phrase="CSeq must grow within a dialog."))
            return
        session.peer.remote_sequence = request.sequence
        if request.method == "BYE":
            session.hang_up(transaction)
        elif request.method in ("INVITE", "UPDATE"):
            session.amend(transaction)
        elif request.method == "OPTIONS":
            transaction.respond(200, "OK", capabilities(self.contact))
        else:
            refuse(transaction, Declined(code=405, phrase=""))

    def _invited(self, transaction: Transaction) -> None:
        request, source = transaction.request, self._source(transaction)
        self.counts.invites += 1
        if (request.call_id, tag_of(request.first("from") or "") or "") in self._callers:
            transaction.respond(482, "Loop Detected")
            return
        declined = self._reason_against(request, source)
        if declined is not None:
            self.counts.refused += 1
            refuse(transaction, declined)
            return
        try:
            known, _ = learn(Known(), request)
            timer = negotiate(request, self.least_session_seconds)
        except Malformed as error:
            self.counts.refused += 1
            refuse_for(transaction, error)
            return
        if known.offer is None or not any(media.usable for media in known.offer.media):
            self.counts.refused += 1
            refuse(transaction, _NOTHING if known.offer is not None else Declined(code=488, phrase="Send an SDP offer."))
            return
        self.counts.accepted += 1
        session = Session(self, transaction, tag=secrets.token_hex(16), source=source, known=known)
        self._sessions[(session.peer.call_id, session.peer.tag)] = session
        self._callers[(session.peer.call_id, session.peer.remote_tag)] = session
        session.begin(transaction, timer)

    def _reason_against(self, request: Request, source: str) -> Declined | None:
        if self._stopping or len(self._sessions) >= self._settings.limits.calls or self.counts.jobs >= self._settings.limits.jobs:
            return _BUSY
        if self._strangers.knows(source, request.called or "", time.monotonic()):
            self.counts.strangers += 1
            return STRANGER
        return None

    def _source(self, transaction: Transaction) -> str:
        """Where the call came from: a proxy of ours says it in a header, from others that header means nothing."""
        source = transaction.source[0].strip("[]")
        said = transaction.request.first(SOURCE_HEADER)
        if said is not None and any(ip_address(source) in network for network in self._settings.proxies):
            try:
                return str(ip_address(said.strip("[]")))
            except ValueError:
                return source
        return source

    # -- in the loop

    def _reoffer(self, call: CallId, wanted: Mapping[int, bool]) -> None:
        for session in list(self._sessions.values()):
            if session.call == call:
                session.reoffer(wanted)

    def _move(self, call: CallId, address: str, ports: Mapping[int, int]) -> None:
        for session in list(self._sessions.values()):
            if session.call == call:
                session.move(address, ports)

    def _hang_up(self, call: CallId, why: Why) -> None:
        for session in list(self._sessions.values()):
            if session.call == call:
                session.end(why, bye=True)

    def _suspect(self, call: CallId) -> None:
        for session in list(self._sessions.values()):
            if session.call == call:
                session.suspect()

    def _stop(self) -> None:
        if self._stopping:
            return
        self._stopping = True
        for session in list(self._sessions.values()):
            session.end(Why.SHUTDOWN, bye=True)
        self._wait_for_ends(time.monotonic() + self._settings.shutdown_seconds)

    def _wait_for_ends(self, deadline: float) -> None:
        if self._closing and time.monotonic() < deadline:
            self.stack.later(0.05, lambda: self._wait_for_ends(deadline))
            return
        if self._closing:
            _log.error("some calls' ends could not be noted before the end", extra={"calls": len(self._closing)})
        self.stack.stop()
