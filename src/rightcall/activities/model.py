"""One processing activity: what is done for one purpose, as Art. 30(1) of the GDPR wants it recorded; what is declared beside.

Everything but recipients and who answers for it comes from what runs. What Art. 30 asks for and nobody has said is a gap, and the
record names it: it is never left out quietly.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from rightcall.actors import Actor, Role
from rightcall.controllers.model import Controller
from rightcall.holdings.uses.model import UseAct
from rightcall.ids import PurposeId, RecipientId, ResponsibleId, StatementId
from rightcall.purposes.model import Purpose


class Capacity(StrEnum):
    """Who answers for the processing beside the controller: Art. 30(1)(a)."""

    DPO = "dpo"
    REPRESENTATIVE = "representative"
    JOINT_CONTROLLER = "joint_controller"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewResponsible:
    """`name` and `contact` are to be published: an office's rather than a person's."""

    capacity: Capacity
    name: str
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Responsible:
    id: ResponsibleId
    capacity: Capacity
    name: str
    contact: str
    declared_at: datetime
    ended_at: datetime | None


class RecipientKind(StrEnum):
    """Art. 4(7) to (9)."""

    PROCESSOR = "processor"
    JOINT_CONTROLLER = "joint_controller"
    CONTROLLER = "controller"
    AUTHORITY = "authority"


class Safeguard(StrEnum):
    """What lets data go to a third country: GDPR Art. 45 to 49."""

    ADEQUACY = "adequacy_decision"
    STANDARD_CLAUSES = "standard_contractual_clauses"
    BINDING_RULES = "binding_corporate_rules"
    CODE_OR_CERTIFICATE = "code_or_certificate"
    DEROGATION = "derogation"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRecipient:
    """An organisation that receives data. `country` in the two letters of ISO 3166, where it processes the data. `language`: in
    which it is written to (BCP 47); None is the controller's."""

    name: str
    kind: RecipientKind
    country: str
    purposes: tuple[PurposeId, ...]
    safeguard: Safeguard | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    id: RecipientId
    name: str
    kind: RecipientKind
    country: str
    purposes: tuple[PurposeId, ...]
    safeguard: Safeguard | None
    language: str | None
    declared_by: Actor
    declared_at: datetime
    ended_at: datetime | None
    statement: StatementId


class Standing(StrEnum):
    """Whether anything runs for the purpose: a review is in force, none is, or it has ended and something is still kept."""

    RUNS = "runs"
    RESTS = "rests"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is held for a purpose in one place. `system` is a system's name, None for Rightcall itself; `category` a DPV term.
    `people` 0: of nobody that is known."""

    system: str | None
    category: str
    items: int
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UseMade:
    """How often the act was done for the purpose, by a role, since `Record.uses_since`."""

    act: UseAct
    role: Role
    times: int


class Missing(StrEnum):
    """What the record should say and cannot."""

    NO_DPO = "no_dpo"
    NO_SAFEGUARD = "no_safeguard"
    UNDECLARED_CATEGORY = "undeclared_category"
    GRAVE_CATEGORY = "grave_category"
    NOTHING_HELD = "nothing_held"
    HELD_AFTER_END = "held_after_end"
    UNDECLARED_ROLE = "undeclared_role"
    UNDECLARED_SHARING = "undeclared_sharing"
    NO_PURPOSE = "no_purpose"
    NOT_KNOWN = "not_known"
    NOT_COUNTED = "not_counted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """`about`: the term, role, country or system that is meant, where one is; of what is not known all of it, in words."""

    missing: Missing
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """`languages`: in which people are asked. `transfers`: the recipients outside the area of the controller's law."""

    purpose: Purpose
    standing: Standing
    review_until: date | None
    languages: tuple[str, ...]
    kept: tuple[Kept, ...]
    recipients: tuple[Recipient, ...]
    transfers: tuple[Recipient, ...]
    uses: tuple[UseMade, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Art. 32(1), by what this deployment runs on, and not by what anyone wrote of it."""

    key_service: str
    epoch: int
    epoch_days: int
    database: str
    objects: str
    people: Mapping[Role, int]
    tokens: Mapping[Role, int]
    ledger_size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """`nobodys`: what was found in other systems and is linked to nobody, so that it stands in no activity. `counted_at`: when
    what is kept and how it was used was counted (`counting`); None where much is there and nobody counted it yet. `digest` is the
    SHA-256 over everything but the moment and the length of the ledger: the same state says the same."""

    controller: Controller
    responsible: tuple[Responsible, ...]
    activities: tuple[Activity, ...]
    unpurposed: tuple[Kept, ...]
    nobodys: tuple[Kept, ...]
    measures: Measures
    gaps: tuple[Gap, ...]
    uses_since: datetime | None
    counted_at: datetime | None
    at: datetime
    digest: bytes
