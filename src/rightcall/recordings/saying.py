"""What happened to the capture of a call, in words."""

from collections.abc import Mapping

from rightcall.recordings.model import Happening

HAPPENED: Mapping[str, str] = {
    Happening.ARRIVED: "call arrived",
    Happening.JOINED: "joined",
    Happening.LEFT: "left",
    Happening.PREFERRED: "their preference came with the call",
    Happening.MARKED: "marked",
    Happening.ASKED: "was asked",
    Happening.CHOSE: "answered",
    Happening.OPENED: "recording on",
    Happening.CUT: "recording off",
    Happening.CLOSED: "not recorded",
    Happening.PAUSED: "pause asked for",
    Happening.PAUSE_HELD: "pause holds",
    Happening.RESUMED: "resumed",
    Happening.HELD: "put on hold",
    Happening.UNHELD: "taken off hold",
    Happening.MUTED: "muted",
    Happening.UNMUTED: "no longer muted",
    Happening.KEPT: "kept",
    Happening.WENT_DARK: "its key destroyed",
    Happening.LOST: "the client was lost",
    Happening.ENDED: "call ended",
}
_WHY: Mapping[str, str] = {
    "no_yes": "no yes",
    "over": "call over",
    "hung_up": "hung up",
    "granted": "yes",
    "refused": "no",
    "withdrawn": "taken back",
}


def why(reason: str) -> str:
    """`reason`: the value of an enum of this house."""
    return _WHY.get(reason, reason.replace("_", " "))
