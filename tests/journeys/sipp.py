"""A real SIP client, sipp, as the recording client: scenarios of ours that go on step by step, each when the test says so.

Every step waits for a nudge, a SIP INFO to sipp's own port, so that no scenario needs to guess how long the rest takes. Sound is
sipp's RTP stream of a file on the first m-line; the second is the agent's, who says nothing.
"""

import contextlib
import itertools
import secrets
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from tests.journeys.deployment import free_port

_HEAD = """Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:src@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:srs@[remote_ip]:[remote_port]>{tag}
Call-ID: [call_id]
CSeq: {sequence} {method}
Max-Forwards: 70
Contact: <sip:src@[local_ip]:[local_port]>;+sip.src
"""
_SDP = """v=0
o=src 1 {version} IN IP4 [local_ip]
s=-
c=IN IP4 {address}
t=0 0
m=audio [rtpstream_audio_port] RTP/AVP 0 101
a=label:1
a=rtpmap:0 PCMU/8000
a=rtpmap:101 telephone-event/8000
a={direction}
m=audio [auto_media_port] RTP/AVP 0 101
a=label:2
a=rtpmap:0 PCMU/8000
a=rtpmap:101 telephone-event/8000
a={direction}
"""
_METADATA = """<?xml version="1.0" encoding="UTF-8"?>
<recording xmlns="urn:ietf:params:xml:ns:recording:1">
  <datamode>complete</datamode>
  <group group_id="{group}"/>
  <session session_id="s-[call_id]"><group-ref>{group}</group-ref></session>
  <participant participant_id="p1"><nameID aor="{caller}"><name>Caller</name></nameID></participant>
  <participant participant_id="p2"><nameID aor="sip:agent7@energy.example"/></participant>
  <stream stream_id="x1" session_id="s-[call_id]"><label>1</label></stream>
  <stream stream_id="x2" session_id="s-[call_id]"><label>2</label></stream>
  <participantsessionassoc participant_id="p1" session_id="s-[call_id]"/>
  <participantsessionassoc participant_id="p2" session_id="s-[call_id]"/>
  <participantstreamassoc participant_id="p1"><send>x1</send><recv>x2</recv></participantstreamassoc>
  <participantstreamassoc participant_id="p2"><send>x2</send><recv>x1</recv></participantstreamassoc>
</recording>
"""


@dataclass(frozen=True, slots=True)
class Offer:
    """A re-INVITE. `answered`: what every m-line of the answer must say."""

    direction: str = "sendonly"
    address: str = "[local_ip]"
    answered: str = "recvonly"


@dataclass(frozen=True, slots=True)
class Play:
    """Goes on with the sound of another file, again and again."""

    file: str


HOLD = Offer(direction="inactive", answered="inactive")
OLD_HOLD = Offer(address="0.0.0.0", answered="inactive")  # noqa: S104 - RFC 3264, section 8.4: the older way to hold
UNHOLD = Offer()


@dataclass(slots=True)
class Sipp:
    """One call, while it is on."""

    process: "subprocess.Popen[bytes]"
    folder: Path
    port: int
    call_id: str
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def nudge(self) -> None:
        """On to the next step."""
        number = next(self._numbers) + 1
        head = (
            f"INFO sip:src@127.0.0.1:{self.port} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK{secrets.token_hex(8)}\r\n"
            f"From: <sip:nudge@127.0.0.1>;tag=n{number}\r\nTo: <sip:src@127.0.0.1>\r\nCall-ID: {self.call_id}\r\n"
            f"CSeq: {number} INFO\r\nContent-Length: 0\r\n\r\n"
        )
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            out.sendto(head.encode(), ("127.0.0.1", self.port))

    def ended(self) -> None:
        """Waits for sipp's own verdict; fails with its words where the call did not go as the scenario says."""
        try:
            code = self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            code = None
        assert code == 0, self.words()

    def words(self) -> str:
        return "".join(file.read_text(errors="replace") for file in self.folder.glob("*.log"))[-4000:]


@contextmanager
def sipp(
    folder: Path, sip: tuple[str, int], steps: Sequence[Offer | Play] = (), *, caller: str, group: str, source: str = "127.0.0.1"
) -> Iterator[Sipp]:
    """INVITE; sound from `sound.ulaw`; each of `steps` after a nudge; BYE after the last nudge."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "scenario.xml").write_text(_scenario(steps, caller, group))
    port, call_id = free_port(socket.SOCK_DGRAM), secrets.token_hex(12)
    command = ["sipp", f"{sip[0]}:{sip[1]}", "-sf", "scenario.xml", "-m", "1", "-i", source, "-p", str(port), "-nostdin"]
    command += ["-cid_str", call_id, "-timeout", "100", "-recv_timeout", "90000", "-trace_err", "-error_file", "errors.log"]
    command += ["-min_rtp_port", str(free_port(socket.SOCK_DGRAM))]
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
    try:
        yield Sipp(process, folder, port, call_id)
    finally:
        if process.poll() is None:
            process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)


def _scenario(steps: Sequence[Offer | Play], caller: str, group: str) -> str:
    parts = [_invite(1, Offer(), caller, group), _play("sound.ulaw")]
    sequence = 1
    for step in steps:
        parts.append('<recv request="INFO"/>')
        if isinstance(step, Play):
            parts.append(_play(step.file))
        else:
            sequence += 1
            parts.append(_invite(sequence, step, caller, group))
    parts += ['<recv request="INFO"/>', _send("BYE", sequence + 1), '<recv response="200"/>']
    return '<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="journey">\n' + "\n".join(parts) + "\n</scenario>\n"


def _invite(sequence: int, offer: Offer, caller: str, group: str) -> str:
    description = _SDP.format(version=sequence, address=offer.address, direction=offer.direction)
    recording = _METADATA.format(group=group, caller=escape(caller))
    body = (
        f"--b\nContent-Type: application/sdp\n\n{description}--b\nContent-Type: application/rs-metadata+xml\n"
        f"Content-Disposition: recording-session\n\n{recording}--b--\n"
    )
    answer = f'<ereg regexp="a={offer.answered}[^z]*a={offer.answered}" search_in="msg" check_it="true" assign_to="a{sequence}"/>'
    return "\n".join(
        [
            _send("INVITE", sequence, "Require: siprec\nContent-Type: multipart/mixed;boundary=b\n", body),
            '<recv response="100" optional="true"/>',
            f'<recv response="200" rrs="true"><action>{answer}</action></recv>',
            _send("ACK", sequence),
            f'<Reference variables="a{sequence}"/>',
        ]
    )


def _send(method: str, sequence: int, more: str = "", body: str = "") -> str:
    inside = sequence > 1 or method != "INVITE"
    target = "[next_url]" if inside else "sip:srs@[remote_ip]:[remote_port]"
    head = _HEAD.format(tag="[peer_tag_param]" if inside else "", sequence=sequence, method=method)
    again = "" if method == "ACK" else ' retrans="500"'
    return f"<send{again}><![CDATA[\n{method} {target} SIP/2.0\n{head}{more}Content-Length: [len]\n\n{body}]]></send>"


def _play(file: str) -> str:
    return f'<nop><action><exec rtp_stream="{file},-1,0,PCMU/8000"/></action></nop>'


def invite_message(address: str, port: int, body: bytes, content_type: str, **changed: str) -> bytes:
    """One whole INVITE as it is on the wire, from a client at `address`; `changed` are headers that are other than usual."""
    headers = {
        "Via": f"SIP/2.0/UDP {address}:{port};rport;branch=z9hG4bK{secrets.token_hex(8)}",
        "From": f"<sip:src@{address}>;tag={secrets.token_hex(4)}",
        "To": "<sip:srs@127.0.0.1>",
        "Call-ID": secrets.token_hex(12),
        "CSeq": "1 INVITE",
        "Max-Forwards": "70",
        "Contact": f"<sip:src@{address}:{port}>;+sip.src",
        "Require": "siprec",
        "Content-Type": content_type,
        "Content-Length": str(len(body)),
    } | changed
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"INVITE sip:srs@127.0.0.1 SIP/2.0\r\n{head}\r\n".encode() + body
