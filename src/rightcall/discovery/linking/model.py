"""Whose a record is: what was compared, how sure that makes us, and what became of it. No value is in any of these, only blinds.

A record is what was said of one thing: a row, a message, a short document, a call. Its clues are the blinds of all that was found
in it. A link says that a record is about a subject.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from rightcall.actors import Actor
from rightcall.discovery.linking.clues import ClueKind
from rightcall.ids import FindingId, LinkId, ScanId, SubjectId, SystemId

Blinds = Mapping[ClueKind, frozenset[bytes]]


class Aspect(StrEnum):
    """What two descriptions of people are compared in."""

    CUSTOMER_ID = "customer_id"
    NATIONAL_ID = "national_id"
    EMAIL = "email"
    ACCOUNT = "account"
    TEL = "tel"
    DATE_OF_BIRTH = "date_of_birth"
    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    GENERATION = "generation"
    ADDRESS = "address"


class Outcome(StrEnum):
    """`in_part`: an initial that fits, or one of two that is called junior or senior."""

    AGREES = "agrees"
    IN_PART = "in_part"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """`bits`: how much more likely this is of one person than of two strangers, as a power of two; below zero it speaks against.
    `household`: the same against two people of one household. `others`: how many besides the one whom it is compared with were
    known to have what agrees; None where that was not counted."""

    aspect: Aspect
    outcome: Outcome
    bits: float
    household: float
    others: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A subject whom a record may be about. `score`: the probability that it is, among all whom it may be about."""

    subject: SubjectId
    score: float
    compared: tuple[Compared, ...]

    def outcome(self, aspect: Aspect) -> Outcome | None:
        return next((each.outcome for each in self.compared if each.aspect is aspect), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """`ours`: the system is registered as one whose people are the controller's, so somebody new in it is a new subject. `row`:
    where a column of its own says by an id whose row it is, what is told outside the cells in which the ids of others stand."""

    id: UUID
    system: SystemId
    ours: bool
    clues: Blinds
    row: Blinds = field(default_factory=dict)

    def blinds(self, kind: ClueKind) -> frozenset[bytes]:
        return self.clues.get(kind, frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class Certain:
    """An identifier that is one person's says so, and nothing speaks against it."""

    weighed: Weighed


@dataclass(frozen=True, slots=True, kw_only=True)
class Likely:
    weighed: Weighed


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubtful:
    """A person has to say which of these it is, if any; the likeliest first."""

    among: tuple[Weighed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """It has an identifier that nobody has."""


class Unlinked(StrEnum):
    """Why a record stays with nobody. `no_identifier`: a name or an address alone tells nobody. `several_people`: it speaks of
    more than one. `shared`: what identifies it is that of more people than share one, or of somebody whom nothing tells from this
    one. `not_ours`: somebody unknown, in a system whose people are not the controller's."""

    NO_CLUE = "no_clue"
    NO_IDENTIFIER = "no_identifier"
    SEVERAL_PEOPLE = "several_people"
    SHARED = "shared"
    NOT_OURS = "not_ours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nobody:
    why: Unlinked


Decision = Certain | Likely | Doubtful | Newcomer | Nobody


class LinkState(StrEnum):
    """`certain` and `likely` stand. `doubtful` waits for a person, and so does `undone` unless its record is linked to another by
    now. `refused`: a person said no. `over`: no question any more. What comes after which, `decisions.states` says."""

    CERTAIN = "certain"
    LIKELY = "likely"
    DOUBTFUL = "doubtful"
    REFUSED = "refused"
    UNDONE = "undone"
    OVER = "over"


class LinkReason(StrEnum):
    """Why it was decided so. `says_otherwise`: the record says something else now."""

    PERSON_SAID_SO = "person_said_so"
    SEEN_IN_SOURCE = "seen_in_source"
    OF_THE_HOUSEHOLD = "of_the_household"
    SHARED_CONTACT = "shared_contact"
    SAME_NAME = "same_name"
    WRONG_IN_SOURCE = "wrong_in_source"
    SAYS_OTHERWISE = "says_otherwise"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """`decided_by`: None where nobody had to."""

    id: LinkId
    record: UUID
    system: SystemId
    subject: SubjectId
    state: LinkState
    score: float
    compared: tuple[Compared, ...]
    linked_at: datetime
    decided_by: Actor | None
    decided_at: datetime | None
    reason: LinkReason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundThere:
    """Something found in a linked record. `field`: only where it looks like a name out of a schema. `came_later`: it was found
    after the record was linked; `is_theirs`: it is the person's, by that link. `of_others`: what identifies somebody else who is
    known here, and not this person."""

    finding: FindingId
    type: str
    field: str | None
    came_later: bool
    is_theirs: bool
    of_others: bool


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a run of linking amounts to: records by what became of them. Of what was linked before: so many records
    were `followed`, for they said more, and `findings` of them went to their people; of so many the link is `over`, and what
    became of these is counted with the others."""

    certain: int = 0
    likely: int = 0
    doubtful: int = 0
    new: int = 0
    followed: int = 0
    findings: int = 0
    over: int = 0
    unlinked: dict[Unlinked, int] = field(default_factory=dict)

    def count(self, decision: Decision) -> None:
        match decision:
            case Certain():
                self.certain += 1
            case Likely():
                self.likely += 1
            case Doubtful():
                self.doubtful += 1
            case Newcomer():
                self.new += 1
            case Nobody(why=why):
                self.unlinked[why] = self.unlinked.get(why, 0) + 1

    @property
    def records(self) -> int:
        return self.certain + self.likely + self.doubtful + self.new + sum(self.unlinked.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundIn:
    """Which scan saw it first, in which record; `link` says whose that is. `of_another`: it is of somebody else of whom the
    record tells too."""

    scan: ScanId
    record: UUID
    link: LinkId | None
    of_another: bool
