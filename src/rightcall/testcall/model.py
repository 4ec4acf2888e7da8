"""What a test call is made of: the people on it, the sound, and what happens when."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone on the call. `aor` is a SIP or tel URI."""

    ref: str
    aor: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One m-line: who speaks on it, and the label that ties it to the metadata."""

    label: str
    person: Person


class Transport(StrEnum):
    """What carries SIP. The recorder takes UDP; TCP and TLS go through a proxy in front of it."""

    UDP = "UDP"
    TCP = "TCP"
    TLS = "TLS"


class Direction(StrEnum):
    """What the m-lines say. An SRC sends; while it holds it is inactive (RFC 7866, section 7.1.1)."""

    SENDING = "sendonly"
    HELD = "inactive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What went out on one leg."""

    label: str
    packets: int
    octets: int
    digits: int
