"""The SIP library behind a plain face: requests come in, answers go out, timers run, and everything happens in one loop.

Of `sippy` only the transaction layer is used (RFC 3261, section 17: retransmissions, CANCEL, ACK). It is given a copy of each
message that holds no more than the headers a transaction needs, each checked first: its own reading of bodies and odd headers
raises where it should answer.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVarTuple

from sippy.Core.EventDispatcher import ED2
from sippy.ESipHeaderCSV import ESipHeaderCSV
from sippy.ESipHeaderIgnore import ESipHeaderIgnore
from sippy.Exceptions.SipParseError import SipParseError
from sippy.MsgBody import MsgBody
from sippy.SipCallId import SipCallId
from sippy.SipContact import SipContact
from sippy.SipContentType import SipContentType
from sippy.SipFrom import SipFrom
from sippy.SipGenericHF import SipGenericHF
from sippy.SipHeader import SipHeader
from sippy.SipRecordRoute import SipRecordRoute
from sippy.SipRequest import SipRequest
from sippy.SipRoute import SipRoute
from sippy.SipTo import SipTo
from sippy.SipTransactionManager import SipTransactionManager
from sippy.SipURL import SipURL
from sippy.SipVia import SipVia
from sippy.Time.Timeout import Timeout
from sippy.Udp_server import Udp_server_opts

from rightcall.adapters.sip.limits import Limits
from rightcall.adapters.sip.message import Refused, Request, Response, Unanswerable, read, refusal, tag_of
from rightcall.adapters.sip.quiet import NoLog, hush, report
from rightcall.adapters.sip.transport import UdpPort, bracketed

PRODUCT = "rightcall"
_UNREADABLE = "sip:unreadable.invalid"
# What the library raises on what it cannot read; it has no errors of its own for most of it.
_LIBRARY_ERRORS = (ValueError, LookupError, AttributeError, NameError, TypeError, ESipHeaderCSV, ESipHeaderIgnore, SipParseError)
_Given = TypeVarTuple("_Given")
Headers = Sequence[tuple[str, str]]


class Transaction:
    """A request that waits for its final answer. `source` is the address of the last hop."""

    __slots__ = ("_inner", "_plain", "_stack", "final", "on_ack", "on_cancel", "on_no_ack", "request", "source")

    def __init__(self, stack: "Stack", inner: Any, plain: Any, request: Request, source: tuple[str, int]) -> None:
        self._stack = stack
        self._inner = inner
        self._plain = plain
        self.request = request
        self.source = source
        self.final = False
        self.on_cancel: Callable[[], None] | None = None
        self.on_ack: Callable[[], None] | None = None
        self.on_no_ack: Callable[[], None] | None = None

    def respond(self, code: int, phrase: str, headers: Headers = (), body: bytes | None = None, tag: str | None = None) -> None:
        """Send an answer; after a final one (or a CANCEL) further ones go nowhere."""
        if self.final:
            return
        answer = self._plain.genResponse(code, phrase, server=PRODUCT)
        if tag is not None:
            answer.getHFBody("to").setTag(tag)
        answer.appendHeaders([_header(name, value) for name, value in headers])
        if body is not None:
            answer.setBody(_sdp(body))
        self.final = code >= 200
        self._stack.send_answer(answer, self._inner, self._acked)

    def _acked(self, _: Any) -> None:
        if self.on_ack is not None:
            self.on_ack()

    def unacked(self) -> None:
        if self.on_no_ack is not None:
            self.on_no_ack()

    def cancelled(self, *_: Any) -> None:
        self.final = True
        if self.on_cancel is not None:
            self.on_cancel()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A request within a dialog. `routes` is the dialog's route set, nearest proxy first; `hop` is where it is sent."""

    method: str
    uri: str = field(repr=False)
    from_: str = field(repr=False)
    to: str = field(repr=False)
    call_id: str
    sequence: int
    routes: tuple[str, ...]
    hop: tuple[str, int]
    headers: Headers = field(default=(), repr=False)
    body: bytes | None = field(default=None, repr=False)


class Stack:
    """One UDP port and its transactions. Only `call_soon` may be called from other threads."""

    def __init__(
        self,
        address: tuple[str, int],
        *,
        public: tuple[str, int] | None,
        limits: Limits,
        on_request: Callable[[Transaction], None],
    ) -> None:
        hush()
        self._on_request = on_request
        configuration = {
            "_sip_address": bracketed(address[0]),
            "_sip_port": address[1],
            "_sip_logger": NoLog(),
            "_rightcall_limits": limits,
            "_rightcall_public": public,
        }
        self._manager = _Manager(configuration, self._arrived)

    @property
    def address(self) -> tuple[str, int]:
        """What we call ourselves in Contact."""
        said: tuple[str, int] = self._port().said
        return said

    def run(self) -> None:
        """Until `stop`."""
        ED2.loop()

    def stop(self) -> None:
        ED2.breakLoop()

    def close(self) -> None:
        self._manager.shutdown()

    def call_soon(self, deed: Callable[[*_Given], None], *given: *_Given) -> None:
        ED2.callFromThread(deed, *given)

    def later(self, seconds: float, deed: Callable[[], None]) -> Callable[[], None]:
        """Run `deed` once; the answer cancels it."""
        timer = Timeout(deed, seconds, 1)

        def cancel() -> None:
            if timer.cb_func is not None:
                timer.cancel()

        return cancel

    def on_signal(self, number: int, deed: Callable[[], None]) -> None:
        ED2.regSignal(number, deed)

    def send_answer(self, answer: Any, inner: Any, acked: Callable[[Any], None]) -> None:
        self._manager.sendResponse(answer, inner, ack_cb=acked)

    def send(self, outgoing: Outgoing, on_answer: Callable[[int, Response | None], None]) -> None:
        """`on_answer` hears final answers alone: with no message, 408 where none came and 500 where nothing could be sent.

        A 2xx to INVITE is acknowledged.
        """
        try:
            request = _request(outgoing)
            self._manager.newTransaction(request, resp_cb=lambda answer: self._answered(answer, outgoing, on_answer))
        except _LIBRARY_ERRORS:
            report()
            self.later(0.0, lambda: on_answer(500, None))

    def _answered(self, answer: Any, outgoing: Outgoing, on_answer: Callable[[int, Response | None], None]) -> None:
        code = int(answer.getSCode()[0])
        if code < 200:
            return
        current = self._manager.current
        if outgoing.method == "INVITE" and code < 300:
            # The library takes the way of the ACK from the answer; within a dialog it is the dialog's own.
            answer.appendHeaders(
                [SipHeader(name="record-route", body=_parsed(SipRecordRoute(route))) for route in outgoing.routes[::-1]]
            )
        on_answer(code, current if isinstance(current, Response) else None)

    def _arrived(self, plain: Any, inner: Any) -> tuple[None, Callable[..., None], Callable[[], None]]:
        current = self._manager.current
        if not isinstance(current, Request):
            raise TypeError("a request without its message")
        host, port = plain.getSource()
        transaction = Transaction(self, inner, plain, current, (host, port))
        self._on_request(transaction)
        return None, transaction.cancelled, transaction.unacked

    def _port(self) -> UdpPort:
        port: UdpPort = next(iter(self._manager.l4r.cache_l2s.values()))
        return port


class _Manager(SipTransactionManager):  # type: ignore[misc]  # the library has no types
    """The library's transactions, fed with checked copies. `current` is the whole message being dealt with."""

    model_udp_server = (UdpPort, Udp_server_opts)

    def __init__(self, configuration: dict[str, Any], on_request: Callable[..., Any]) -> None:
        self.current: Request | Response | None = None
        super().__init__(configuration, on_request)

    def handleIncoming(self, data: bytes, remote: Any, server: Any, at: Any) -> None:
        try:
            message = read(data)
            plain = _plain(message)
        except Refused as refused:
            server.send_to(refusal(refused, 400, "Bad Request"), remote.address)
            return
        except Unanswerable:
            return
        self.current = message
        try:
            super().handleIncoming(plain, remote, server, at)
        finally:
            self.current = None


def _request(outgoing: Outgoing) -> Any:
    request = SipRequest(
        method=outgoing.method,
        ruri=SipURL(outgoing.uri),
        sipver="SIP/2.0",
        to=_parsed(SipTo(_address(outgoing.to, SipTo))),
        fr0m=_parsed(SipFrom(_address(outgoing.from_, SipFrom))),
        cseq=outgoing.sequence,
        callid=SipCallId(outgoing.call_id),
        routes=[_parsed(SipRoute(route)) for route in outgoing.routes],
        target=(outgoing.hop, "udp"),
        user_agent=PRODUCT,
    )
    request.appendHeaders([_header(name, value) for name, value in outgoing.headers])
    if outgoing.body is not None:
        request.setBody(_sdp(outgoing.body))
    return request


def _plain(message: Request | Response) -> bytes:
    """What the library may see of `message`. Raises `Unanswerable` where not even a Via can be read."""
    if isinstance(message, Request):
        start = f"{message.method} {message.uri if readable_uri(message.uri) else _UNREADABLE} SIP/2.0"
        more = [f"Record-Route: {value}" for value in message.all("record-route")]
    else:
        start = f"SIP/2.0 {message.code} -"
        more = [f"Contact: {value}" for value in message.all("contact")[:1] if _reads(_contact, value)]
    lines = [start, *_vias(message)]
    lines.append(f"From: {_address(message.first('from') or '', SipFrom)}")
    lines.append(f"To: {_address(message.first('to') or '', SipTo)}")
    lines.append(f"Call-ID: {message.call_id}")
    lines.append(f"CSeq: {' '.join((message.first('cseq') or '').split())}")
    return ("\r\n".join(lines + more) + "\r\n\r\n").encode("utf-8", errors="replace")


def _vias(message: Request | Response) -> list[str]:
    values = [part.strip() for value in message.all("via") for part in value.split(",")]
    if not values or len(values) > 32 or not all(_reads(_via, value) for value in values):
        raise Unanswerable("A Via cannot be read.")
    if isinstance(message, Request):
        # Only we may say where the message came from; believing the sender would let it aim our answers at others.
        values[0] = re.sub(r";\s*received\s*=?[^;]*", "", values[0], flags=re.IGNORECASE)
    return [f"Via: {value}" for value in values]


def _address(value: str, kind: Any) -> str:
    """`value`, or where the library cannot read it (a tel: address, say) a stand-in with the same tag."""
    if _reads(lambda text: _parsed(kind(text)).getTag(), value):
        return value
    tag = tag_of(value)
    return f"<{_UNREADABLE}>" + (f";tag={tag}" if tag else "")


def _contact(value: str) -> object:
    return _parsed(SipContact(value)).getUrl().getTAddr()


def _via(value: str) -> object:
    return _parsed(SipVia(value)).getTAddr()


def _reads(read_by_library: Callable[[str], object], value: str) -> bool:
    try:
        read_by_library(value)
    except _LIBRARY_ERRORS:
        return False
    return True


def readable_uri(value: str) -> bool:
    """Whether an address such as a Contact's can be the target of our requests."""
    return _reads(lambda text: SipURL(text).getTAddr(), value)


def uri_in(value: str) -> str | None:
    """The bare URI in a Contact, Route or From value."""
    found = re.search(r"<([^<>\s]+)>", value)
    uri = found[1] if found else value.partition(";")[0].strip()
    return uri if readable_uri(uri) else None


def hop_in(uri: str) -> tuple[str, int]:
    """Host and port that requests to `uri` go to, before any look-up."""
    (host, port), _ = SipURL(uri).getTAddr()
    return host, int(port)


def _parsed(body: Any) -> Any:
    if not body.parsed:
        body.parse()
    return body


class _Plain(SipGenericHF):  # type: ignore[misc]  # the library has no types
    """A header that is sent as it is."""

    def getCanName(self, name: str, *_: object, **__: object) -> str:
        return "-".join(word.capitalize() for word in name.split("-"))


def _header(name: str, value: str) -> Any:
    return SipHeader(name=name.lower(), body=_Plain(value, name.lower()))


def _sdp(body: bytes) -> Any:
    kind = SipContentType("application/sdp")
    kind.parse()
    return MsgBody(body.decode("ascii", errors="replace"), kind)
