"""Who the data is about. A subject is an id; everything it is known by is sealed under the subject's own key.

People are never joined by a guess. Where an identifier is shared and nothing else tells its holders apart, the newcomer
is a subject of its own, marked ambiguous.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from rightcall.actors import Actor
from rightcall.canonical import canonical_json
from rightcall.ids import StatementId, SubjectId
from rightcall.personal import Personal


class IdentifierKind(StrEnum):
    """In the order of how well each tells people apart: a customer id best, a telephone number least."""

    CUSTOMER_ID = "customer_id"
    EMAIL = "email"
    SIP = "sip"
    TEL = "tel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """`value` in the one form that `rules.normalise` gives it: E.164, `sip:user@host`, lower-case e-mail, NFKC customer id."""

    kind: IdentifierKind
    value: Personal[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """`ambiguous`: made because its identifiers were shared, and it could have been any of several people. `joined`: others are
    the same person (`joining.person`). `nobody_since`: records alone had told of them, and since then none does."""

    id: SubjectId
    ambiguous: bool
    split_from: SubjectId | None
    created_at: datetime
    joined: bool = False
    nobody_since: datetime | None = None


class JoinReason(StrEnum):
    """Why two subjects are one person."""

    PERSON_SAID_SO = "person_said_so"
    SEEN_IN_SOURCE = "seen_in_source"
    ENTERED_TWICE = "entered_twice"
    LINKS_AGREE = "links_agree"


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """`subject` is the same person as `into`, from `joined_at` until it is undone."""

    id: StatementId
    subject: SubjectId
    into: SubjectId
    reason: JoinReason
    by: Actor
    joined_at: datetime
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class KnownBy:
    """A subject is known by the value behind `blind`. `kind` is that of an identifier or of a clue."""

    subject: SubjectId
    kind: str
    blind: bytes


def subject_bytes(subject: UUID) -> bytes:
    """What every commitment to a subject is over. The ledger holds such commitments, and never a subject's id."""
    return canonical_json({"subject": str(subject)})


class Limit(StrEnum):
    """`restricted`: what is kept of the person is kept alone. `objected`: it is not used on an interest of the controller's, or a
    public task."""

    RESTRICTED = "restricted"
    OBJECTED = "objected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Which of them stand. `in_doubt`: those that stand only because somebody who may be the same person wants it."""

    restricted: bool
    objected: bool
    in_doubt: frozenset[Limit] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """Since when each of them stands; None where it does not."""

    restricted_at: datetime | None = None
    objected_at: datetime | None = None
