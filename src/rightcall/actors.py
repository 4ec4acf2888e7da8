"""Who does a thing. Every deed that is logged names one; the id is never a name or a number that a person is known by."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What somebody may do here; see `staff.rules`. `engineer` and `conserver` are programs, the one that keeps Rightcall running
    and the one that sends vCons; `system` is Rightcall itself."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    REVIEWER = "reviewer"
    DPO = "dpo"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    ENGINEER = "engineer"
    CONSERVER = "conserver"
    SUBJECT = "subject"
    SYSTEM = "system"


class PartyRole(StrEnum):
    """What a party is in one call."""

    CUSTOMER = "customer"
    AGENT = "agent"
    THIRD_PARTY = "third_party"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """`id` is a token's id, a member's, a subject's id, or for the system the id of the process."""

    id: UUID
    role: Role


SYSTEM = Actor(id=UUID(int=0), role=Role.SYSTEM)
