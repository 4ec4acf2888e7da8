"""One recording session: a SIP dialog from INVITE to BYE, as the recording server (SRS) sees it (RFC 7866, section 7).

Lives in the signalling loop. What may take time (the `Calls` port) is done elsewhere, one deed at a time and in order, and its
outcome comes back into the loop. Whatever arrives meanwhile is answered or waits.
"""

import hashlib
import logging
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Protocol, TypeVar

from rightcall.adapters.sip import sdp
from rightcall.adapters.sip.alive import Alive, Answered
from rightcall.adapters.sip.answers import agreed, declined_by, refuse, refuse_for
from rightcall.adapters.sip.incoming import Known, answered, incoming, learn
from rightcall.adapters.sip.message import Response
from rightcall.adapters.sip.peer import Peer
from rightcall.adapters.sip.ports import Accepted, Calls, Declined, Flow, Incoming, Receiver, Why
from rightcall.adapters.sip.stack import Headers, Outgoing, Stack, Transaction
from rightcall.adapters.sip.states import DialogState, moved
from rightcall.adapters.sip.submitted import Submitted
from rightcall.adapters.sip.timer import SessionTimer, negotiate
from rightcall.errors import Breach, Malformed, Outage, RightcallError
from rightcall.ids import CallId

_log = logging.getLogger(__name__)
_T = TypeVar("_T")
_GLARE_SECONDS = 2.0
_SHORTEST_WAIT, _LONGEST_WAIT = 0.25, 60.0


class Desk(Protocol):
    """What a session needs from the user agent."""

    stack: Stack
    calls: Calls
    contact: str
    keepalive_seconds: float
    least_session_seconds: int

    def work(self, deed: Callable[[], _T], then: Callable[[_T | RightcallError], None]) -> None: ...
    def forget(self, session: "Session") -> None: ...
    def closed(self, session: "Session") -> None: ...
    def called_by_stranger(self, session: "Session") -> None: ...


class Session:
    """`begin` it with its INVITE. `call` is known from the answer on."""

    def __init__(self, desk: Desk, transaction: Transaction, *, tag: str, source: str, known: Known) -> None:
        self._desk = desk
        self.peer = Peer(transaction.request, transaction.source, tag)
        self.source = source
        self.called = transaction.request.called
        self.state = DialogState.ARRIVING
        self.call: CallId | None = None
        self._known = known
        self._house = Submitted()
        self._receivers: dict[int, Receiver] = {}
        self._address = ""
        self._identity = int.from_bytes(hashlib.sha256(tag.encode()).digest()[:4], "big")
        self._version = 0
        self._said = b""
        self._pending: Transaction | None = None
        self._asking = False
        self._alive = Alive(
            self,
            contact=desk.contact,
            every_seconds=desk.keepalive_seconds,
            takes_updates="update" in transaction.request.tokens("allow"),
        )
        self._alarms: dict[str, Callable[[], None]] = {}
        self._queue: deque[Callable[[], None]] = deque()
        self._busy = False

    # -- arriving

    def begin(self, transaction: Transaction, timer: SessionTimer | None) -> None:
        self._pending = transaction
        transaction.on_cancel = self._cancelled
        transaction.on_ack = self._acknowledged
        transaction.respond(100, "Trying")
        arrived = self._incoming(self._known)
        self._do(lambda: self._desk.calls.arrived(arrived), lambda outcome: self._arrived(transaction, timer, outcome))

    def _arrived(
        self, transaction: Transaction, timer: SessionTimer | None, outcome: Accepted | Declined | RightcallError
    ) -> None:
        if isinstance(outcome, Accepted):
            self.call = outcome.call
        if self.state is DialogState.OVER:
            self._close(Why.CANCELLED)
            return
        if isinstance(outcome, Accepted):
            self.state = moved(self.state, DialogState.ANSWERED)
            self._house.begun(self._known)
            self._take(outcome)
            self._agree(transaction, timer, with_sdp=True)
            self._alive.refreshed(timer)
            return
        declined = outcome if isinstance(outcome, Declined) else declined_by(outcome)
        if declined.code == 403:
            self._desk.called_by_stranger(self)
        refuse(transaction, declined)
        self._over(Why.REFUSED)

    def _cancelled(self) -> None:
        if self.state is DialogState.ARRIVING:
            self._over(Why.CANCELLED)

    def _acknowledged(self) -> None:
        if self.state is DialogState.ANSWERED:
            self.state = moved(self.state, DialogState.CONFIRMED)
            self._alive.ask()

    # -- changing

    def amend(self, transaction: Transaction) -> None:
        """A re-INVITE or UPDATE."""
        if self._pending is not None and not self._pending.final:
            refuse(transaction, Declined(code=500, phrase="The request before this one is not answered yet.", retry_after=1))
            return
        if self._asking:
            transaction.respond(491, "Request Pending")
            return
        try:
            known, with_sdp = learn(self._known, transaction.request)
            timer = negotiate(transaction.request, self._desk.least_session_seconds)
        except Malformed as error:
            refuse_for(transaction, error)
            return
        self._pending = transaction
        self.peer.retarget(transaction.request)
        with_sdp = with_sdp or transaction.request.method == "INVITE"
        if self._house.holds(known):
            self._known = known
            self._alive.refreshed(timer)
            self._agree(transaction, timer, with_sdp=with_sdp)
            return
        self._change(transaction, known, timer, with_sdp)

    def _change(self, transaction: Transaction, known: Known, timer: SessionTimer | None, with_sdp: bool) -> None:
        if transaction.request.method == "INVITE":
            transaction.respond(100, "Trying")
        self._submit(known, lambda outcome: self._changed(transaction, known, timer, with_sdp, outcome))

    def _changed(
        self,
        transaction: Transaction,
        known: Known,
        timer: SessionTimer | None,
        with_sdp: bool,
        outcome: Accepted | Declined | RightcallError,
    ) -> None:
        if self.state is DialogState.OVER:
            return
        if transaction.final:
            self._take_back()
            return
        if not isinstance(outcome, Accepted):
            refuse(transaction, outcome if isinstance(outcome, Declined) else declined_by(outcome))
            return
        self._known = known
        self._take(outcome)
        self._alive.refreshed(timer)
        self._agree(transaction, timer, with_sdp=with_sdp)

    def _take_back(self, wait: float = _SHORTEST_WAIT) -> None:
        """A cancelled change is undone, until that holds. What the other side says later comes first, and once the house has it,
        nothing is left to undo."""
        if self.state is DialogState.OVER or self._house.holds(self._known):
            return
        if self._house.under_way:
            self.alarm("take back", wait, self._take_back)
        else:
            self._submit(self._known, lambda outcome: self._taken_back(wait, outcome))

    def _taken_back(self, wait: float, outcome: Accepted | Declined | RightcallError) -> None:
        if isinstance(outcome, Accepted):
            self._take(outcome)
        elif self.state is not DialogState.OVER:
            _log.warning("a cancelled change could not be taken back; trying again", extra={"call": str(self.call)})
            self.alarm("take back", wait, lambda: self._take_back(min(wait * 2, _LONGEST_WAIT)))

    # -- asking to open

    def reoffer(self, wanted: Mapping[int, bool]) -> None:
        """Offer to receive (or not) on each stream of `wanted`, where that is not what was answered last."""
        receivers = {index: replace(one, open=wanted.get(index, one.open)) for index, one in self._receivers.items()}
        if receivers != self._receivers:
            self._offer(receivers, "reoffer", lambda: self.reoffer(wanted))

    def move(self, address: str, ports: Mapping[int, int]) -> None:
        """The recorder listens elsewhere now. A client that takes no requests learns it with its own next one."""
        self._address = address
        receivers = {index: replace(one, port=ports.get(index, one.port)) for index, one in self._receivers.items()}
        self._offer(receivers, "move", lambda: self.move(address, ports))

    def _offer(self, receivers: dict[int, Receiver], name: str, again: Callable[[], None]) -> None:
        if self._alive.deaf or self.state is DialogState.OVER:
            self._learn_ports(receivers)
        elif self._may_offer():
            self._invite(receivers, partial(self._offered, receivers, partial(self.alarm, name, _GLARE_SECONDS, again)))
        else:
            self.alarm(name, _GLARE_SECONDS / 10, again)

    def _may_offer(self) -> bool:
        return self.confirmed and not self._asking and (self._pending is None or self._pending.final)

    def _invite(self, receivers: dict[int, Receiver], then: Answered) -> None:
        def answered_with(code: int, answer: Response | None) -> None:
            self._asking = False
            if self.state is not DialogState.OVER:
                then(code, answer)
                if code < 300 and answer is not None:
                    self._learn_answer(answer)

        self._asking = True
        self.send("INVITE", self._alive.headers(), self._description(receivers), answered_with)

    def _offered(self, receivers: dict[int, Receiver], glare: Callable[[], None], code: int, answer: Response | None) -> None:
        if code == 491:
            glare()
        elif code >= 300 or answer is None:
            self._alive.refused()
            self._learn_ports(receivers)
            _log.info("the recording client does not take requests", extra={"call": str(self.call), "code": code})
        else:
            self._receivers = receivers
            self._alive.agreed(answer)

    def _learn_ports(self, receivers: dict[int, Receiver]) -> None:
        """Where we listen does not depend on their answer; what they send does."""
        self._receivers = {index: replace(receivers[index], open=one.open) for index, one in self._receivers.items()}

    def _learn_answer(self, answer: Response) -> None:
        """The client's answer to our offer may bring new addresses."""
        known = answered(self._known, answer)
        if known is not None and not self._house.holds(known):
            self._submit(known, lambda outcome: self._learnt(known, outcome))

    def _learnt(self, known: Known, outcome: Accepted | Declined | RightcallError) -> None:
        if isinstance(outcome, Accepted):
            self._known = known
            self._take(outcome)

    # -- alive or dead

    @property
    def confirmed(self) -> bool:
        return self.state is DialogState.CONFIRMED

    def suspect(self) -> None:
        """No sound comes. Where we asked for none, or it holds, that is right."""
        sends = any(media.usable and media.flow is Flow.SENDING for media in (self._known.offer or sdp.NOTHING).media)
        if self.confirmed and sends and all(one.open for one in self._receivers.values()):
            self._alive.suspect()

    def restate(self, then: Answered) -> None:
        """A re-INVITE that says what was agreed last."""
        if self._may_offer():
            self._invite(self._receivers, then)
        else:
            self.alarm("restate", _GLARE_SECONDS / 10, lambda: self.restate(then))

    # -- ending

    def hang_up(self, transaction: Transaction) -> None:
        """Their BYE."""
        transaction.respond(200, "OK")
        self._over(Why.HANGUP)

    def end(self, why: Why, *, bye: bool) -> None:
        """Ours."""
        bye = bye and self.state in (DialogState.ANSWERED, DialogState.CONFIRMED)
        self._over(why)
        if bye:
            self.send("BYE", [], None, lambda _code, _answer: None)

    def _over(self, why: Why) -> None:
        if self.state is not DialogState.OVER:
            self.state = moved(self.state, DialogState.OVER)
            for cancel in self._alarms.values():
                cancel()
            self._alarms.clear()
            if self._pending is not None:
                self._pending.respond(487, "Request Terminated")
            self._desk.forget(self)
            self._close(why)

    def _close(self, why: Why, wait: float = _SHORTEST_WAIT) -> None:
        call = self.call
        if call is None:
            if not self._busy:
                self._desk.closed(self)
            return
        self._do(lambda: self._desk.calls.ended(call, why), lambda outcome: self._closed(why, wait, outcome))

    def _closed(self, why: Why, wait: float, outcome: RightcallError | None) -> None:
        if isinstance(outcome, Outage):
            _log.warning("the end of a call could not be noted; trying again", extra={"call": str(self.call)})
            self._desk.stack.later(wait, lambda: self._close(why, min(wait * 2, _LONGEST_WAIT)))
            return
        if isinstance(outcome, Breach):
            _log.error("the end of a call broke an invariant", extra={"call": str(self.call)})
        self._desk.closed(self)

    # -- plumbing

    def _incoming(self, known: Known) -> Incoming:
        return incoming(known, source=self.source, called=self.called, dialog=self.peer.name)

    def _submit(self, known: Known, then: Callable[[Accepted | Declined | RightcallError], None]) -> None:
        call, changed = self.call, self._incoming(known)
        if call is None:
            raise Breach("A change came before the call was taken. Tell the DPO.")
        number = self._house.asked()

        def come_back(outcome: Accepted | Declined | RightcallError) -> None:
            self._house.answered(number, known if isinstance(outcome, Accepted) else None)
            then(outcome)

        self._do(lambda: self._desk.calls.changed(call, changed), come_back)

    def _do(self, deed: Callable[[], _T], then: Callable[[_T | RightcallError], None]) -> None:
        def come_back(outcome: _T | RightcallError) -> None:
            self._busy = False
            then(outcome)
            self._next()

        self._queue.append(lambda: self._desk.work(deed, come_back))
        self._next()

    def _next(self) -> None:
        if not self._busy and self._queue:
            self._busy = True
            self._queue.popleft()()

    def _take(self, accepted: Accepted) -> None:
        self._address = accepted.address
        self._receivers = {receiver.index: receiver for receiver in accepted.receivers}

    def _agree(self, transaction: Transaction, timer: SessionTimer | None, *, with_sdp: bool) -> None:
        headers = agreed(transaction.request, self._desk.contact, timer)
        body = self._description(self._receivers) if with_sdp else None
        transaction.on_no_ack = lambda: self.end(Why.NO_ACK, bye=True)
        transaction.respond(200, "OK", headers, body, self.peer.tag)

    def _description(self, receivers: Mapping[int, Receiver]) -> bytes:
        """Its version grows only when it says something new (RFC 3264, section 8)."""
        ours = {index: sdp.Receive(port=one.port, open=one.open, srtp=one.srtp) for index, one in receivers.items()}
        offer = self._known.offer or sdp.NOTHING

        def write() -> bytes:
            return sdp.answer(offer, ours, address=self._address, session=self._identity, version=self._version)

        if write() != self._said:
            self._version += 1
        self._said = write()
        return self._said

    def send(self, method: str, headers: Headers, body: bytes | None, then: Answered) -> None:
        outgoing: Outgoing = self.peer.request(method, headers, body)
        self._desk.stack.send(outgoing, then)

    def disarm(self, name: str) -> None:
        before = self._alarms.pop(name, None)
        if before is not None:
            before()

    def alarm(self, name: str, seconds: float, deed: Callable[[], None]) -> None:
        self.disarm(name)

        def ring() -> None:
            self._alarms.pop(name, None)
            deed()

        self._alarms[name] = self._desk.stack.later(seconds, ring)
