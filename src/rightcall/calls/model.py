"""What happened: a call, who took part and when, and the trunk it came by. A call exists also where nothing was recorded."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from rightcall.actors import PartyRole
from rightcall.ids import CallId, ControllerId, PartyId, SubjectId

TrunkId = NewType("TrunkId", UUID)


class Undecided(StrEnum):
    """What the recorder answers while nobody has chosen: take packets and drop them unread, or ask for none."""

    DROP = "drop"
    INACTIVE = "inactive"


class Forbidden(StrEnum):
    """What the recorder answers where recording is forbidden: stay with every gate closed, or decline with this SIP status."""

    STAY = "stay"
    DECLINE_603 = "603"
    NOT_ACCEPTABLE_488 = "488"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTrunk:
    """`sources` are IP networks; `called` the user part of the request URI, None for any; `staff` the domains and number
    prefixes (`+4570…`) of the controller's own people; `default_region` an ISO 3166 code for numbers in national form."""

    name: str
    sources: tuple[str, ...]
    called: str | None = None
    staff: tuple[str, ...] = ()
    undecided: Undecided = Undecided.DROP
    forbidden: Forbidden = Forbidden.STAY
    default_region: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trunk:
    """A way in: which recording clients belong to which controller, and how it wants to be answered."""

    id: TrunkId
    name: str
    sources: tuple[str, ...]
    called: str | None
    staff: tuple[str, ...]
    undecided: Undecided
    forbidden: Forbidden
    default_region: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedTrunk:
    controller: ControllerId
    trunk: Trunk


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`group` is the blind of the recording client's session group: an attended transfer's sessions share it."""

    id: CallId
    trunk: TrunkId | None
    started_at: datetime
    ended_at: datetime | None
    group: bytes | None


class Age(StrEnum):
    """As somebody in the call marked it; nobody guesses it from a voice."""

    ADULT = "adult"
    CHILD = "child"
    UNMARKED = "unmarked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What somebody in the call says of a party. `in_distress`: visibly so. `asks_for_it`: asks by itself to be recorded.
    `residence`: where the party says that it lives, a code such as DE or US-CA."""

    age: Age = Age.UNMARKED
    in_distress: bool = False
    asks_for_it: bool = False
    residence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """`number_place`: the country, in the United States the state, that the party's number belongs to, if one says so.
    `restricted_at`, `objected_at`: since when the person wants what is kept of them to be kept alone, and not to be used on an
    interest of ours; None where they do not. `kept_alone_since`, `objects_since`: since when that counts, because they want it or
    because somebody does who may be the same person."""

    id: PartyId
    call: CallId
    subject: SubjectId
    role: PartyRole
    joined_at: datetime
    left_at: datetime | None
    number_place: str | None = None
    marks: Marks = Marks()
    restricted_at: datetime | None = None
    objected_at: datetime | None = None
    kept_alone_since: datetime | None = None
    objects_since: datetime | None = None
