"""What an SRC's INVITE carries: SDP (RFC 8866) and recording metadata (RFC 7865) in one multipart body (RFC 7866)."""

from collections.abc import Sequence
from uuid import uuid4
from xml.etree import ElementTree

from rightcall.testcall.model import Direction, Leg
from rightcall.testcall.rtp import EVENTS, PCMU

_NAMESPACE = "urn:ietf:params:xml:ns:recording:1"
_BOUNDARY = "rightcall-testcall"
CONTENT_TYPE = f"multipart/mixed;boundary={_BOUNDARY}"


def sdp(host: str, legs: Sequence[tuple[Leg, int]], direction: Direction, version: int) -> str:
    """One m-line a leg, each with its label, all with the same direction."""
    lines = ["v=0", f"o=- 1 {version} IN IP4 {host}", "s=-", f"c=IN IP4 {host}", "t=0 0"]
    for leg, port in legs:
        lines += [
            f"m=audio {port} RTP/AVP {PCMU} {EVENTS}",
            f"a=rtpmap:{PCMU} PCMU/8000",
            f"a=rtpmap:{EVENTS} telephone-event/8000",
            f"a=fmtp:{EVENTS} 0-15",
            "a=ptime:20",
            f"a=label:{leg.label}",
            f"a={direction.value}",
        ]
    return "\r\n".join(lines) + "\r\n"


def metadata(session: str, group: str, legs: Sequence[Leg]) -> str:
    """Who is on the call and who speaks on which label. Ids are stable for as long as session and labels are."""
    recording = ElementTree.Element("recording", {"xmlns": _NAMESPACE})
    ElementTree.SubElement(recording, "datamode").text = "complete"
    ElementTree.SubElement(recording, "group", {"group_id": group})
    session_element = ElementTree.SubElement(recording, "session", {"session_id": session})
    ElementTree.SubElement(session_element, "group-ref").text = group
    for leg in legs:
        participant = ElementTree.SubElement(recording, "participant", {"participant_id": leg.person.ref})
        name_id = ElementTree.SubElement(participant, "nameID", {"aor": leg.person.aor})
        ElementTree.SubElement(name_id, "name").text = leg.person.name
    for leg in legs:
        stream = ElementTree.SubElement(recording, "stream", {"stream_id": f"s{leg.label}", "session_id": session})
        ElementTree.SubElement(stream, "label").text = leg.label
    for leg in legs:
        ElementTree.SubElement(recording, "participantsessionassoc", {"participant_id": leg.person.ref, "session_id": session})
    for leg in legs:
        association = ElementTree.SubElement(recording, "participantstreamassoc", {"participant_id": leg.person.ref})
        ElementTree.SubElement(association, "send").text = f"s{leg.label}"
        for other in legs:
            if other is not leg:
                ElementTree.SubElement(association, "recv").text = f"s{other.label}"
    return '<?xml version="1.0" encoding="UTF-8"?>\r\n' + ElementTree.tostring(recording, encoding="unicode")


def multipart(description: str, recording: str) -> str:
    return (
        f"--{_BOUNDARY}\r\nContent-Type: application/sdp\r\n\r\n{description}\r\n"
        f"--{_BOUNDARY}\r\nContent-Type: application/rs-metadata+xml\r\nContent-Disposition: recording-session\r\n\r\n"
        f"{recording}\r\n--{_BOUNDARY}--\r\n"
    )


def fresh_id() -> str:
    return uuid4().hex


def answered_targets(description: str) -> dict[str, tuple[str, int]]:
    """Label to address and port, from the recorder's SDP answer. A refused m-line (port 0) is left out."""
    session_host = host = ""
    port = 0
    targets: dict[str, tuple[str, int]] = {}
    in_media = False
    for line in description.replace("\r\n", "\n").split("\n"):
        if line.startswith("c=IN IP4 "):
            host = line.removeprefix("c=IN IP4 ").strip()
            session_host = session_host if in_media else host
        elif line.startswith("m="):
            in_media, host, port = True, session_host, int(line.split(" ")[1])
        elif line.startswith("a=label:") and port:
            targets[line.removeprefix("a=label:").strip()] = (host, port)
    return targets
