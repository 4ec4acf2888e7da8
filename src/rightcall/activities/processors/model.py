"""A processor that is asked by OpenDSR, and one thing that it was asked.

Version 2.0, after the published text of the specification: discovery, requests, their status, callbacks.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from rightcall.actors import Actor
from rightcall.errors import Outage
from rightcall.ids import RecipientId, SubjectId
from rightcall.personal import Personal

OrderId = NewType("OrderId", UUID)
"""A UUID of version 4, as the protocol wants it."""


class ProcessorGone(Outage):
    """It does not answer, or with too much."""


class NotFetched(StrEnum):
    """Why a copy that a processor offers is not taken. `other_place`: it lies elsewhere than where the processor is registered.
    `not_given`: it is not handed out there, or nobody answers. `too_large`, `too_slow`: more than is waited for. `broke_off`: it
    ended before its end. `other_kind`: no file that is data and nothing else. `retired`: nobody knows any more how to get in."""

    OTHER_PLACE = "other_place"
    NOT_GIVEN = "not_given"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    BROKE_OFF = "broke_off"
    OTHER_KIND = "other_kind"
    RETIRED = "retired"


class CopyRefused(Outage):
    """A copy that a processor offers is not taken, and why."""

    def __init__(self, why: NotFetched) -> None:
        super().__init__("The copy that a processor offers was not taken. Ask the processor for it in another way.")
        self.why = why


class OrderKind(StrEnum):
    """What a processor can be asked."""

    ERASURE = "erasure"
    ACCESS = "access"
    PORTABILITY = "portability"


class OrderState(StrEnum):
    """`to_ask`: it has not taken it yet. Then what it says itself: `pending`, `in_progress`, `completed`, `cancelled`.
    `by_letter`: a person told it in another way."""

    TO_ASK = "to_ask"
    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    BY_LETTER = "by_letter"


class Trouble(StrEnum):
    """What is wrong with the last answer. `refused`: it does not take the request. `bad_signature`: not by the certificate of its
    domain. `wrong_domain`: signed for another. `not_ours`: about another request than ours, or not what we sent. `contradicts`:
    it called back that it is done, and says otherwise when it is asked. `overdue`: it is past the day that it named itself, or
    past ninety days.
    `nobody`: by what the person is known to it, nobody knows any more. `retired`: nor how to get in."""

    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    NOT_THE_FORM = "not_the_form"
    BAD_SIGNATURE = "bad_signature"
    BAD_CERTIFICATE = "bad_certificate"
    WRONG_DOMAIN = "wrong_domain"
    NOT_OURS = "not_ours"
    CONTRADICTS = "contradicts"
    OVERDUE = "overdue"
    CANCELLED = "cancelled"
    NOBODY = "nobody"
    RETIRED = "retired"


class Refusal(StrEnum):
    """Why a callback is refused, in the order in which it is looked at (section 8.8). The caller is not told which."""

    UNKNOWN_DOMAIN = "unknown_domain"
    BAD_SIGNATURE = "bad_signature"
    NOT_THE_FORM = "not_the_form"
    OTHER_AUDIENCE = "other_audience"
    UNKNOWN_REQUEST = "unknown_request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where it is, and what it knows us by: the whole header `Authorization`, or none."""

    url: Personal[str]
    authorization: Personal[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a processor says of itself in its discovery document. `identities`: pairs of type and format."""

    version: str
    identities: tuple[tuple[str, str], ...]
    kinds: frozenset[OrderKind]
    certificate_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Processor:
    """`certificate`: PEM, checked when it was registered. `key`: of the vault, seals its address."""

    recipient: RecipientId
    domain: str
    offer: Offer
    certificate: bytes
    key: SubjectId
    registered_by: Actor
    registered_at: datetime
    checked_at: datetime
    retired_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """`asked_for`: the erasure, or the person's request. `subject`: whose copy it is; None of an erasure. `called_back`: what the
    processor said by itself; it counts once it says the same when asked."""

    id: OrderId
    recipient: RecipientId
    kind: OrderKind
    asked_for: UUID
    subject: SubjectId | None
    submitted_at: datetime
    state: OrderState
    called_back: OrderState | None
    round: int
    due_at: datetime | None
    failures: int
    failing_since: datetime | None
    trouble: Trouble | None
    escalated_at: datetime | None
    accepted_at: datetime | None
    expected_at: datetime | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back, unread."""

    status: int
    body: bytes = field(repr=False)
    domain: str
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A copy on its way, piece by piece; `mediatype` as the processor calls it, without parameters. CopyRefused while it comes,
    where it is larger or slower than is taken, or breaks off."""

    mediatype: str
    chunks: Iterator[bytes] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a processor said, once its signature held. `results`: where it put a copy."""

    order: OrderId
    state: OrderState
    expected_at: datetime | None
    results: Personal[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How many orders are open, and how many of these a person has to look at."""

    orders: int
    escalated: int
