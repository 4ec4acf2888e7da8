"""A session recording client for tests, on one UDP socket: it says exactly what a test wants, and reads what comes back."""

import itertools
import json
import re
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.adapters.sip.fakes import SETTINGS

ROOT = Path(__file__).parents[3]
START_SECONDS = 60.0
_numbers = itertools.count(1)


class Recorder:
    """The process of `srs.py`. Use as a context manager."""

    def __init__(self, **wanted: Any) -> None:
        self._wanted = wanted
        self.events: list[dict[str, Any]] = []
        self._known: set[str] = set()
        self._past: set[str] = set()
        self._news = threading.Condition()

    def __enter__(self) -> "Recorder":
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.adapters.sip.srs", json.dumps(self._wanted)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._log: list[str] = []
        self._readers = [threading.Thread(target=self._listen), threading.Thread(target=self._read_log)]
        for reader in self._readers:
            reader.start()
        try:
            self.port: int = self.wait_for("listening", START_SECONDS)["port"]
        except AssertionError:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(timeout=20)
        for reader in self._readers:
            reader.join()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()

    @property
    def log(self) -> str:
        """Everything it wrote to the log and to the screen."""
        return "".join(self._log)

    def do(self, order: str, **more: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": order} | more) + "\n")
        self.process.stdin.flush()
        if order in SETTINGS:
            self.wait_for("set")

    def reset(self) -> None:
        """Nothing fails, nothing has happened. A call of before may end only now: nobody is told of it any more."""
        self.do("reset")
        self.wait_for("reset")
        with self._news:
            self._past |= self._known
            self.events.clear()

    def wait_for(self, name: str, seconds: float = 15.0, **like: Any) -> dict[str, Any]:
        """The first event of that name (and those facts) that nobody has taken yet."""
        deadline = time.monotonic() + seconds
        with self._news:
            while True:
                for event in self.events:
                    if event["event"] == name and all(event.get(key) == value for key, value in like.items()):
                        self.events.remove(event)
                        return event
                if not self._news.wait(deadline - time.monotonic()):
                    raise AssertionError(f"no event {name}; there were {self.events}; log: {self.log[-2000:]}")

    def heard(self, name: str, *, call: str | None = None) -> list[dict[str, Any]]:
        """Of one call where it is given."""
        with self._news:
            return [event for event in self.events if event["event"] == name and call in (None, event["call"])]

    def wait_for_log(self, word: str, seconds: float = 15.0) -> None:
        deadline = time.monotonic() + seconds
        while word not in self.log:
            assert time.monotonic() < deadline, f"{word} was not logged"
            time.sleep(0.02)

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            event = json.loads(line)
            call = event.get("call")
            with self._news:
                if call not in self._past:
                    self.events.append(event)
                if call is not None:
                    self._known.add(call)
                self._news.notify_all()

    def _read_log(self) -> None:
        assert self.process.stderr is not None
        self._log.extend(self.process.stderr)


@dataclass
class Reply:
    code: int
    head: str
    body: str

    def header(self, name: str) -> str | None:
        found = re.search(rf"^{name}:\s*(.*)$", self.head, re.IGNORECASE | re.MULTILINE)
        return found[1].strip() if found else None

    @property
    def to_tag(self) -> str:
        found = re.search(r"tag=([^;\s]+)", self.header("To") or "")
        assert found is not None
        return found[1]


@dataclass
class Phone:
    port: int
    timeout: float = 10.0
    line: socket.socket = field(init=False)
    _taken: set[tuple[str, str]] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self.line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.line.bind(("127.0.0.1", 0))
        self.line.settimeout(self.timeout)
        self.own = self.line.getsockname()[1]

    def __enter__(self) -> "Phone":
        return self

    def __exit__(self, *_: object) -> None:
        self.line.close()

    def send(self, data: bytes) -> None:
        self.line.sendto(data, ("127.0.0.1", self.port))

    def receive(self) -> str:
        return self.line.recv(65_535).decode()

    def reply(self, *, over: int = 100, sequence: str | None = None, call_id: str | None = None) -> Reply:
        """The next answer with a code above `over`, other messages passed by: to that request of that dialog where given."""
        while True:
            text = self.receive()
            if text.startswith("SIP/2.0 "):
                head, _, body = text.partition("\r\n\r\n")
                answer = Reply(code=int(head.split()[1]), head=head, body=body)
                ours = sequence in (None, answer.header("CSeq")) and call_id in (None, answer.header("Call-ID"))
                if answer.code > over and ours:
                    return answer

    def request(self, method: str) -> str:
        """The next request of the recorder's. One that it sends again, since our answer came after half a second, is none."""
        while True:
            text = self.receive()
            branch = re.search(r"^Via:.*?;branch=([^;\s]+)", text, re.MULTILINE)
            if text.startswith(f"{method} ") and branch is not None and (method, branch[1]) not in self._taken:
                self._taken.add((method, branch[1]))
                return text

    def answer(self, request: str, code: int, *headers: str, body: str = "") -> None:
        kept = [
            line for line in request.partition("\r\n\r\n")[0].split("\r\n")[1:] if re.match(r"(Via|From|To|Call-ID|CSeq):", line)
        ]
        if body:
            headers = (*headers, "Content-Type: application/sdp")
        lines = [f"SIP/2.0 {code} Well", *kept, *headers, f"Content-Length: {len(body)}"]
        self.send(("\r\n".join(lines) + "\r\n\r\n" + body).encode())


class Dialog:
    """One call as the client sees it."""

    def __init__(self, phone: Phone, called: str = "srs") -> None:
        number = next(_numbers)
        self.phone = phone
        self.called = called
        self.call_id = f"call-{number}-{time.monotonic_ns()}"
        self.tag = f"t{number}"
        self.to_tag = ""
        self.sequence = 0
        self.branch = ""
        self.target = f"sip:{called}@127.0.0.1:{phone.port}"
        self.routes: list[str] = []

    def write(
        self, method: str, *headers: str, body: bytes = b"", sequence: int | None = None, branch: str | None = None
    ) -> bytes:
        if sequence is None:
            self.sequence += 1
            sequence = self.sequence
        self.branch = branch or f"z9hG4bK{self.call_id}-{sequence}-{method}"
        to = f"<sip:{self.called}@127.0.0.1>" + (f";tag={self.to_tag}" if self.to_tag else "")
        lines = [
            f"{method} {self.target} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{self.phone.own};branch={self.branch}",
            *(f"Route: {route}" for route in self.routes),
            f"From: <sip:src@127.0.0.1:{self.phone.own}>;tag={self.tag}",
            f"To: {to}",
            f"Call-ID: {self.call_id}",
            f"CSeq: {sequence} {method}",
            "Max-Forwards: 70",
            f"Contact: <sip:src@127.0.0.1:{self.phone.own}>;+sip.src",
            *headers,
            f"Content-Length: {len(body)}",
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + body

    def say(self, method: str, *headers: str, body: bytes = b"") -> Reply:
        """Send it and wait for the final answer."""
        self.phone.send(self.write(method, *headers, body=body))
        return self.phone.reply(over=199, sequence=f"{self.sequence} {method}", call_id=self.call_id)

    def invite(self, body: bytes, *headers: str, kind: str = "multipart/mixed;boundary=b") -> Reply:
        """INVITE and, where it is answered, ACK."""
        answer = self.say("INVITE", f"Content-Type: {kind}", "Require: siprec", *headers, body=body)
        self.to_tag = answer.to_tag
        if answer.code < 300:
            self.target = (answer.header("Contact") or "")[1:].partition(">")[0]
            self.routes = re.findall(r"^Record-Route: (.*?)\r?$", answer.head, re.MULTILINE)[::-1]
        self.acknowledge(answer)
        return answer

    def acknowledge(self, answer: Reply) -> None:
        branch = None if answer.code < 300 else self.branch
        self.phone.send(self.write("ACK", sequence=self.sequence, branch=branch))


def sdp(*media: str, session: str = "") -> str:
    return "v=0\r\no=a 1 1 IN IP4 127.0.0.1\r\ns=-\r\n" + session + "t=0 0\r\n" + "".join(media)


def audio(port: int, label: str | None, *attributes: str, profile: str = "RTP/AVP", formats: str = "0 101") -> str:
    lines = [f"m=audio {port} {profile} {formats}", "c=IN IP4 127.0.0.1"]
    lines += [f"a=label:{label}"] if label is not None else []
    lines += ["a=rtpmap:0 PCMU/8000", "a=rtpmap:101 telephone-event/8000", *(attributes or ("a=sendonly",))]
    return "\r\n".join(lines) + "\r\n"


def multipart(sdp_text: str | None, xml: str | None = None) -> bytes:
    parts = []
    if sdp_text is not None:
        parts.append(f"--b\r\nContent-Type: application/sdp\r\n\r\n{sdp_text}\r\n")
    if xml is not None:
        parts.append(
            "--b\r\nContent-Type: application/rs-metadata+xml\r\nContent-Disposition: recording-session\r\n\r\n" + xml + "\r\n"
        )
    return ("".join(parts) + "--b--\r\n").encode()


def metadata(*, mode: str = "complete", group: str | None = None, agent: str = "sip:agent7@energy.example") -> str:
    """Ada on label 1, the agent on label 2, in the RFC's own dialect."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<recording xmlns="urn:ietf:params:xml:ns:recording:1">
  <datamode>{mode}</datamode>
  <session session_id="s1">{f"<group-ref>{group}</group-ref>" if group else ""}</session>
  <participant participant_id="p1"><nameID aor="sip:ada@caller.example"><name>Ada Planted-Lovelace</name></nameID></participant>
  <participant participant_id="p2"><nameID aor="{agent}"/></participant>
  <stream stream_id="x1" session_id="s1"><label>1</label></stream>
  <stream stream_id="x2" session_id="s1"><label>2</label></stream>
  <participantstreamassoc participant_id="p1"><send>x1</send><recv>x2</recv></participantstreamassoc>
  <participantstreamassoc participant_id="p2"><send>x2</send><recv>x1</recv></participantstreamassoc>
</recording>"""


def siprec(*attributes: str, group: str | None = None) -> bytes:
    return multipart(sdp(audio(40_000, "1", *attributes), audio(40_002, "2", *attributes)), metadata(group=group))
