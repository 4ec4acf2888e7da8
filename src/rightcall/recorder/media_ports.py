"""What the media process needs from the rest: decisions, and a place to report to. All of it blocks, and is called in threads.

Every method raises `Outage` where the world fails, and may be repeated: the answer that never came may be that of a deed done.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from rightcall.adapters.rtp.spool import SealedFile
from rightcall.consent.model import Answer, OpenKeys
from rightcall.ids import CallId, ControllerId, HoldingId, PartyId, StreamId
from rightcall.recordings.model import Changed, Settlement, Unfinished
from rightcall.recordings.ports import Settled


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A settlement, and for which streams keypad questions are pending, which ones and for which party."""

    settlement: Settlement
    pending: dict[StreamId, "Pending"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """`questions`: the keys of each question that is open, and of each whose yes may still be taken back."""

    party: PartyId
    questions: tuple[OpenKeys, ...]

    def after(self, digit: str, at: datetime) -> "Pending | None":
        """What is pending once the key has answered its question at `at`; None where it answers none. A yes leaves its question's
        no key pending: contradictory keys are no yes."""
        for index, each in enumerate(self.questions):
            answer = each.meaning(digit) if at < each.until else None
            if answer is not None:
                left = (each.after_yes(at),) if answer is Answer.GRANTED else ()
                return replace(self, questions=(*self.questions[:index], *left, *self.questions[index + 1 :]))
        return None

    def is_over(self, at: datetime) -> bool:
        return all(at >= each.until for each in self.questions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What is known of a take beside its bytes. `abandoned`: it ended here before the decision to end it was read."""

    packets: int
    first_at: datetime | None
    last_at: datetime | None
    abandoned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """A key that was heard while a question was pending, and when. The digit is nobody's to read in a log."""

    id: UUID
    party: PartyId
    digit: str = field(repr=False)
    at: datetime


class Decisions(Protocol):
    def settle(self, controller: ControllerId, call: CallId) -> Decision:
        """What may be kept of the call, decided and committed now. NotFound where the call has no recording session."""
        ...

    def version(self, controller: ControllerId, call: CallId) -> int:
        """Of the call's session as it is now; 0 where it has none. For a call that has no gate here, and so holds anything."""
        ...

    def report(self, controller: ControllerId, call: CallId, settled: Settled) -> None:
        """Since when a pause holds. Said by the process that holds it, whether or not someone waits for it."""
        ...

    def press(self, controller: ControllerId, call: CallId, key: Pressed, *, shut_at: Callable[[], datetime | None]) -> None:
        """A key that a party pressed while a question was pending. Nothing is kept of one without a meaning, nor of one that was
        pressed during a pause. Safe to repeat after an Outage: a key that was taken has no meaning any more. `shut_at`: since
        when the call's gates are closed because it could not be reported, asked once it is: that can take long."""
        ...

    def finish(self, controller: ControllerId, take: HoldingId, file: SealedFile, written: Written) -> None:
        """The bytes are in the object store, confirmed."""
        ...

    def abandon(self, controller: ControllerId, take: HoldingId, *, found: bool) -> None:
        """The take is not being written any more. `found` False: it has no bytes here. Fine for one that is over already."""
        ...

    def beat(self, address: str) -> list[Changed]:
        """This process lives and takes orders at `address`. Answers every live session of it, with its version."""
        ...

    def unfinished(self) -> list[Unfinished]:
        """Takes of this recorder whose bytes are not known to be in the store."""
        ...

    def leave(self) -> None:
        """This process takes no more orders."""
        ...
