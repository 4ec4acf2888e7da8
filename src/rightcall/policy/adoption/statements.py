"""What the ledger says of house rules: drafted, replayed, signed, adopted, withdrawn; by which digests, and by whom."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.ids import AdoptionId, DraftId, ReplayId
from rightcall.ledger.model import Digest, Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesDrafted(Statement):
    """`house` is the digest of the proposed rules, `scenarios` of the texts of their scenarios."""

    KIND: ClassVar[str] = "policy.rules_drafted"
    draft: DraftId
    house: Digest
    scenarios: Digest
    builds_on: AdoptionId | None
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayAsked(Statement):
    """Somebody wants to see what the draft would change of the verdicts since that day."""

    KIND: ClassVar[str] = "policy.replay_asked"
    draft: DraftId
    since: date
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesReplayed(Statement):
    """`rule_set`: all rules that were tried. `changed` of `verdicts` would be answered otherwise."""

    KIND: ClassVar[str] = "policy.rules_replayed"
    draft: DraftId
    replay: ReplayId
    rule_set: Digest
    since: datetime
    until: datetime
    verdicts: int
    changed: int
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesSigned(Statement):
    """One of the two yeses that an adoption needs."""

    KIND: ClassVar[str] = "policy.rules_signed"
    draft: DraftId
    house: Digest
    rule_set: Digest
    replay: ReplayId
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesAdopted(Statement):
    """Two people in different roles said yes: `actor` last."""

    KIND: ClassVar[str] = "policy.rules_adopted"
    adoption: AdoptionId
    draft: DraftId
    house: Digest
    rule_set: Digest
    replay: ReplayId
    in_force_at: datetime
    first_actor: UUID
    first_role: Role
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftWithdrawn(Statement):
    """The draft can no longer be signed."""

    KIND: ClassVar[str] = "policy.draft_withdrawn"
    draft: DraftId
    actor: UUID
    role: Role
