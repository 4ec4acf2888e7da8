"""The client side of one SIPREC dialog over UDP, TCP or TLS (RFC 3261, RFC 7866): INVITE, re-INVITE, BYE, with retransmissions.

No more than an SRC needs. Requests from the recorder's side (OPTIONS, a re-INVITE on a yes) are answered 200.
"""

import contextlib
import re
import secrets
import socket
import threading
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue

from rightcall.errors import Mistake, RecorderGone
from rightcall.testcall.secured import SecuredLine

_T1 = 0.5
_PATIENCE_SECONDS = 16.0
_QUOTED = re.compile(r'"([^"]*)"')
_LENGTH = re.compile(rb"(?im)^(?:content-length|l)\s*:\s*(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What the recorder answered."""

    status: int
    phrase: str
    headers: dict[str, list[str]]
    body: str


class Refused(Mistake):
    """The recorder said no to the call; the status, phrase and reason (its Warning, RFC 3261, section 20.43) are its own."""

    def __init__(self, response: Response) -> None:
        reason = _QUOTED.search(response.headers.get("warning", [""])[0])
        because = f" {reason[1]}" if reason else ""
        super().__init__(f"The recorder answered {response.status} {response.phrase}.{because}")
        self.response = response


@dataclass(slots=True)
class Wire:
    """A datagram socket or a stream, with whole messages in and out. `trusted` is for TLS: certificates (PEM) to believe."""

    transport: str
    target: tuple[str, int]
    trusted: Path | None = None
    line: socket.socket | SecuredLine = field(init=False)
    _rest: bytes = b""

    def __post_init__(self) -> None:
        plain = socket.socket(socket.AF_INET, socket.SOCK_DGRAM if self.transport == "UDP" else socket.SOCK_STREAM)
        try:
            plain.connect(self.target)
            self.line = SecuredLine(plain, self.target[0], self.trusted) if self.transport == "TLS" else plain
        except OSError as error:
            plain.close()
            raise RecorderGone(f"Nobody answers SIP over {self.transport} there. Check host, port and firewall.") from error
        except Mistake:
            plain.close()
            raise

    def send(self, message: str) -> None:
        try:
            self.line.sendall(message.encode())
        except OSError as error:
            raise RecorderGone("The recorder's SIP address does not take our message. Check that it runs.") from error

    def close(self) -> None:
        """Shut down first: closing alone does not wake the thread that reads."""
        with contextlib.suppress(OSError):
            self.line.shutdown(socket.SHUT_RDWR)
        self.line.close()

    def receive(self) -> str | None:
        """The next whole message; None where the other side is gone."""
        try:
            if self.transport == "UDP":
                return self._next_datagram().decode("utf-8", "replace")
            return self._next_in_stream()
        except OSError:
            return None

    def _next_datagram(self) -> bytes:
        """A port that nobody has yet may have somebody by the next retransmission."""
        while True:
            with contextlib.suppress(ConnectionRefusedError):
                return self.line.recv(65535)

    def _next_in_stream(self) -> str | None:
        while True:
            head, blank, rest = self._rest.partition(b"\r\n\r\n")
            length = _LENGTH.search(head)
            wanted = int(length.group(1)) if length else 0
            if blank and len(rest) >= wanted:
                self._rest = rest[wanted:]
                return (head + blank + rest[:wanted]).decode("utf-8", "replace")
            more = self.line.recv(65535)
            if not more:
                return None
            self._rest += more


class Dialog:
    """One call to the recorder. Not thread-safe: one thread drives it, another only reads the wire."""

    def __init__(self, target: tuple[str, int], *, transport: str = "UDP", trusted: Path | None = None) -> None:
        self._wire = Wire(transport, target, trusted)
        host, port = self._wire.line.getsockname()[:2]
        self.host: str = host
        self._contact = f"<sip:src@{host}:{port}{'' if transport == 'UDP' else f';transport={transport.lower()}'}>;+sip.src"
        self._via = f"SIP/2.0/{transport} {host}:{port};rport"
        self._remote = f"sip:srs@{target[0]}:{target[1]}"
        self._uri = self._remote
        self._call_id = secrets.token_hex(16)
        self._tag = secrets.token_hex(8)
        self._to = f"<{self._remote}>"
        self._routes: list[str] = []
        self._sequence = 0
        self._answers: Queue[Response] = Queue()
        self._reader = threading.Thread(target=self._read, name="sip", daemon=True)
        self._reader.start()

    def invite(self, body: str, content_type: str) -> Response:
        """INVITE or, once the dialog stands, re-INVITE; acknowledged. `Refused` on a final answer that is not 2xx."""
        branch = self._request("INVITE", body, content_type, ("Require: siprec", "Accept: application/sdp"))
        answer = self._final_answer("INVITE", branch, body, content_type)
        if answer.status >= 300:
            self._send("ACK", branch, "", None, ())
            raise Refused(answer)
        self._adopt(answer)
        self._send("ACK", _branch(), "", None, ())
        return answer

    def bye(self) -> Response:
        branch = self._request("BYE", "", None, ())
        answer = self._final_answer("BYE", branch, "", None)
        self.close()
        return answer

    def close(self) -> None:
        """Without a word, as a dead SRC would."""
        self._wire.close()
        self._reader.join(timeout=2)

    def _request(self, method: str, body: str, content_type: str | None, extra: tuple[str, ...]) -> str:
        self._sequence += 1
        branch = _branch()
        self._send(method, branch, body, content_type, extra)
        return branch

    def _final_answer(self, method: str, branch: str, body: str, content_type: str | None) -> Response:
        """Waits, sending again over UDP until anything is heard (RFC 3261, section 17.1.1.2)."""
        waited, pause, heard = 0.0, _T1, False
        while waited < _PATIENCE_SECONDS:
            try:
                answer = self._answers.get(timeout=pause)
            except Empty:
                waited += pause
                pause = min(pause * 2, 4.0)
                if not heard and self._wire.transport == "UDP":
                    extra = ("Require: siprec", "Accept: application/sdp") if method == "INVITE" else ()
                    self._send(method, branch, body, content_type, extra)
                continue
            if answer.headers.get("cseq", [""])[0] != f"{self._sequence} {method}":
                continue
            if answer.status >= 200:
                return answer
            heard = True
        raise RecorderGone(f"The recorder did not answer {method} in {_PATIENCE_SECONDS:.0f} seconds.")

    def _adopt(self, answer: Response) -> None:
        self._to = answer.headers["to"][0]
        contact = re.search(r"<([^>]+)>", answer.headers.get("contact", [""])[0])
        self._uri = contact.group(1) if contact else self._remote
        self._routes = list(reversed(answer.headers.get("record-route", [])))

    def _send(self, method: str, branch: str, body: str, content_type: str | None, extra: tuple[str, ...]) -> None:
        lines = [
            f"{method} {self._uri} SIP/2.0",
            f"Via: {self._via};branch={branch}",
            "Max-Forwards: 70",
            *(f"Route: {route}" for route in self._routes),
            f"From: <sip:src@{self.host}>;tag={self._tag}",
            f"To: {self._to}",
            f"Call-ID: {self._call_id}",
            f"CSeq: {self._sequence} {method}",
            f"Contact: {self._contact}",
            "User-Agent: rightcall-testcall",
            *extra,
            *([f"Content-Type: {content_type}"] if content_type else []),
            f"Content-Length: {len(body.encode())}",
        ]
        self._wire.send("\r\n".join(lines) + "\r\n\r\n" + body)

    def _read(self) -> None:
        while (message := self._wire.receive()) is not None:
            if message.startswith("SIP/2.0 "):
                self._answers.put(_response(message))
            elif message.strip() and not message.startswith("ACK "):
                self._wire.send(_ok(message, self._contact))


def _branch() -> str:
    return "z9hG4bK" + secrets.token_hex(8)


def _headers(head: str) -> dict[str, list[str]]:
    headers: dict[str, list[str]] = {}
    for line in head.split("\r\n")[1:]:
        name, _, value = line.partition(":")
        headers.setdefault(name.strip().lower(), []).append(value.strip())
    return headers


def _response(message: str) -> Response:
    head, _, body = message.partition("\r\n\r\n")
    _, status, phrase = head.split("\r\n", 1)[0].split(" ", 2)
    return Response(status=int(status), phrase=phrase, headers=_headers(head), body=body)


def _ok(request: str, contact: str) -> str:
    head, _, _ = request.partition("\r\n\r\n")
    copied = [line for line in head.split("\r\n")[1:] if line.lower().startswith(("via:", "from:", "to:", "call-id:", "cseq:"))]
    return "\r\n".join(["SIP/2.0 200 OK", *copied, f"Contact: {contact}", "Content-Length: 0"]) + "\r\n\r\n"
