"""Every use is a use for a purpose: who read what of whom, for which purpose, by which verdict, and how old it was.

A use names fields by their names in a schema and stretches of sound in milliseconds, never what was read. Deliberately elsewhere:
whether a use may be (`policy`), and what follows from all uses together (`ethics.minimisation`).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from rightcall.actors import Actor, Role
from rightcall.errors import Malformed
from rightcall.holdings.model import Holding
from rightcall.holdings.places import is_plain
from rightcall.ids import HoldingId, ObjectId, PurposeId, StatementId, SubjectId, SystemId, VerdictId

MOST_FIELDS = 100


class UseAct(StrEnum):
    """What was done."""

    READ = "read"
    PLAY = "play"
    EXPORT = "export"
    PLAY_HELD = "play_held"
    TRANSCRIBE = "transcribe"
    ANALYSE = "analyse"
    TRAIN_MODEL = "train_model"
    SHARE = "share"
    CAPTURE = "capture"
    ERASE = "erase"


class Ground(StrEnum):
    """What a use was for, beside its purpose. `own_request`: to answer the person's own request; `hold`: by a hold's own key;
    `case`: whoever asked named a case, a dispute say."""

    PURPOSE = "purpose"
    CASE = "case"
    OWN_REQUEST = "own_request"
    HOLD = "hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Milliseconds from the beginning of what was read; `until_ms` None: to its end."""

    from_ms: int = 0
    until_ms: int | None = None

    def __post_init__(self) -> None:
        if self.from_ms < 0 or (self.until_ms is not None and self.until_ms <= self.from_ms):
            raise Malformed("A stretch begins at 0 milliseconds or later, and ends after it begins.")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldName:
    """A field's name as a schema has it. Some systems take values for names of fields, so that what does not look like a name is
    not kept: it may be somebody's."""

    text: str

    def __post_init__(self) -> None:
        if not is_plain(self.text):
            raise Malformed(
                "A field is told by its plain name in the schema, such as date_of_birth or address.city. What does not look like"
                " one may be somebody's, and is not kept here."
            )

    def __str__(self) -> str:
        return self.text


PLACE_FIELD = FieldName(text="place")
"""Rows and names of objects, which may tell of a person: what of a place is sealed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUse:
    """`holding` None: what is read is not on the map, as the names a person is known by. `system` and `object`: where,
    None for Rightcall itself. `made_at`: since when the data is there, None where nobody knows."""

    subject: SubjectId
    holding: HoldingId | None
    purpose: PurposeId
    by: Actor
    act: UseAct
    verdict: VerdictId | None
    ground: Ground = Ground.PURPOSE
    fields: tuple[FieldName, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    system: SystemId | None = None
    object: ObjectId | None = None
    made_at: datetime | None = None

    def __post_init__(self) -> None:
        if len(self.fields) > MOST_FIELDS:
            raise Malformed(f"A use names at most {MOST_FIELDS} fields. Report it as several.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """How often an act was done for a purpose, by a role."""

    purpose: PurposeId
    act: UseAct
    role: Role
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One line of the access log. `age_days`: how old the data was when it was read, in whole days; None where nobody knows.
    `refused`: somebody asked, and the verdict was no; nothing was read."""

    holding: HoldingId | None
    subject: SubjectId
    purpose: PurposeId
    by: Actor
    act: UseAct
    verdict: VerdictId | None
    ground: Ground
    fields: tuple[str, ...]
    stretches: tuple[Stretch, ...]
    system: SystemId | None
    object: ObjectId | None
    age_days: int | None
    refused: bool
    at: datetime
    statement: StatementId


def covers(look: Use, holding: Holding) -> bool:
    """Whether a use that names nothing on the map read this too: of the same person, of what was there then, at that place. Who
    read where things lie read it of all of them; who read by what the person is known read nothing of another system."""
    if look.refused or look.subject != holding.subject or look.at < holding.provenance.at:
        return False
    if look.system is None:
        return PLACE_FIELD.text in look.fields and not holding.is_ours
    place = holding.place
    return (
        look.system == place.system
        and (look.object is None or look.object == place.object)
        and (not look.fields or PLACE_FIELD.text in look.fields or place.field in look.fields)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """Of all lines those that are like this in all that is said; None says nothing. Each has an index to walk along. `holdings`:
    of one of these."""

    act: UseAct | None = None
    purpose: PurposeId | None = None
    role: Role | None = None
    actor: UUID | None = None
    subject: SubjectId | None = None
    holdings: tuple[HoldingId, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """Where a page of uses ended."""

    at: datetime
    statement: StatementId


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What another system reported under an idempotency key: a digest of it, and the lines that were written for it."""

    digest: bytes
    statements: tuple[StatementId, ...]
