"""A weakness of a system. It holds no value, and the name of nothing in the system."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from rightcall.actors import Actor
from rightcall.ids import ObjectId, SystemId


class WeaknessKind(StrEnum):
    """Those up to `unknown` are seen of how a system keeps its data, as `discovery.ports.SafetyFact` names them; the others
    follow from what was found in it. `unknown`: the system did not let it be asked."""

    WORLD_READABLE = "world_readable"
    WORLD_WRITABLE = "world_writable"
    SHARED_WITH_GROUP = "shared_with_group"
    UNENCRYPTED_AT_REST = "unencrypted_at_rest"
    PUBLIC_ACCESS = "public_access"
    NO_TLS = "no_tls"
    RIGHTS_BEYOND_READING = "rights_beyond_reading"
    VERSIONS_KEPT = "versions_kept"
    UNKNOWN = "unknown"
    CARD_CODES_KEPT = "card_codes_kept"
    CARDS_IN_CLEAR = "cards_in_clear"
    NATIONAL_IDS_IN_CLEAR = "national_ids_in_clear"
    PERSONAL_DATA_IN_LOGS = "personal_data_in_logs"
    WITHOUT_PURPOSE = "without_purpose"
    PAST_TERM = "past_term"
    UNREGISTERED_COPIES = "unregistered_copies"
    UNUSED_ACCESS = "unused_access"


class Severity(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    VERY_HIGH = "very_high"


class WeaknessState(StrEnum):
    """open ── accept ──> accepted, until its day is over; either ── not seen any more ──> mended ── seen again ──> open."""

    OPEN = "open"
    ACCEPTED = "accepted"
    MENDED = "mended"


class AcceptReason(StrEnum):
    BEING_MENDED = "being_mended"
    SAFE_OTHERWISE = "safe_otherwise"
    RISK_BORNE = "risk_borne"
    NOT_SO = "not_so"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """So many findings in an object, in a field that has a name in a schema; of a copy so many records. `again`: the object, of
    the system `again_in`, that they lie in again."""

    object: ObjectId
    field: str | None = None
    findings: int
    again: ObjectId | None = None
    again_in: SystemId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldIn:
    """Of one type in one field of one object, whose name is sealed: how many findings, and how many of them are nobody's."""

    type: str
    category: str
    object: ObjectId
    sealed_name: bytes
    field: str | None
    findings: int
    nobodys: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A spot by name. `name`, `again_in`: None where it may tell of somebody, as that of a file does, or is dark."""

    spot: Spot
    name: str | None
    again: str | None
    again_in: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """Where an object lies again nearly whole. `object_name`: None where it may tell of somebody."""

    system_name: str
    object: ObjectId
    object_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What one look saw: in how many objects, the evidence in words, and where most of it is."""

    kind: WeaknessKind
    objects: int
    evidence: str
    spots: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Weakness:
    id: UUID
    system: SystemId
    kind: WeaknessKind
    objects: int
    evidence: str
    state: WeaknessState
    first_seen_at: datetime
    last_seen_at: datetime
    accepted_by: Actor | None
    accepted_until: date | None
    reason: AcceptReason | None
    spots: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Of one type: how many findings, in how many objects, and in how many of these that look like logs."""

    type: str
    category: str
    findings: int
    objects: int
    log_objects: int
    spots: tuple[Spot, ...] = ()
    log_spots: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Of `looked_at` records of the object `of`, `again` lie in the object `again_in` of the system `other` too, in so many
    records there (`others`): the same by two or more different things, such as a name and a telephone number. Of records there
    that are the same by fewer things than another is, such as of those in one household, none counts. `is_alike`: both are
    tables, and things lie in the same columns of both."""

    of: ObjectId
    other: SystemId
    again_in: ObjectId
    looked_at: int
    again: int
    others: int
    is_alike: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """So many objects lie again, nearly whole, in a system. `least`: the smallest share of one that does. `other`: its name, None
    for the system itself."""

    other: str | None
    objects: int
    least: float
    spots: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Of so many tokens that may use what lies in a system for a purpose, so many did not in so many days."""

    tokens: int
    unused: int
    days: int
