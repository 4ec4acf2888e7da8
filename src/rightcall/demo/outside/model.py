"""Who is at the door, what arrived, and where things are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from rightcall.actors import Role
from rightcall.demo.outside.ringing import Ringing
from rightcall.ids import ControllerId
from rightcall.personal import Personal
from rightcall.requests.codes.rules import HOUR, PER_IDENTIFIER


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody who works at one of the demo's companies. `may`: what they would look at first."""

    sub: str
    name: str
    role: Role
    company: str
    address: str
    may: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A text or an e-mail that Rightcall had sent."""

    came_at: datetime
    kind: str
    to: Personal[str]
    words: Personal[str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Somebody whose own page is worth a look, and why."""

    company: str
    tel: str
    why: str


@dataclass(slots=True)
class Town:
    """Where the demo's people live. `arrived`: told of each letter as it comes. `rightcall`: where its web server is, once it
    runs. `companies`: by name, the first one first. `ringing`: the customer at the telephone. `is_telling`: the story
    goes on."""

    colleagues: Sequence[Colleague]
    arrived: Callable[[Letter], None]
    rightcall: str = ""
    companies: dict[str, ControllerId] = field(default_factory=dict)
    customers: list[Customer] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    ringing: Ringing | None = None
    is_telling: bool = True

    def deliver(self, letter: Letter) -> None:
        self.letters.append(letter)
        self.arrived(letter)

    def codes_left(self, tel: str) -> int:
        """How many more Rightcall sends to this number within the hour."""
        since = datetime.now(UTC) - HOUR
        came = [each for each in self.letters if each.came_at > since and each.to.reveal("count a customer's codes") == tel]
        return max(0, PER_IDENTIFIER - len(came))
