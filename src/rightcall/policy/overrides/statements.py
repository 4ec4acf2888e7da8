"""What the ledger says of overrides: which rule, by its digest, until when, by which token; never why in words, never a name."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.ids import CallId, OverrideId, PurposeId
from rightcall.ledger.model import Commitment, Digest, Statement
from rightcall.policy.overrides.model import Category


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideGiven(Statement):
    """`rule` is the digest of the rule as it was, `rule_set` of all rules. `said` binds name and reason, which are sealed."""

    KIND: ClassVar[str] = "policy.override_given"
    override: OverrideId
    rule: Digest
    rule_set: Digest
    purpose: PurposeId | None
    call: CallId | None
    category: Category
    until: datetime
    said: Commitment
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideEnded(Statement):
    """Before its time. One that ends by itself says nothing more than `until` did."""

    KIND: ClassVar[str] = "policy.override_ended"
    override: OverrideId
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideForgotten(Statement):
    """The key of its name and reason is destroyed, and must not come back with a backup."""

    KIND: ClassVar[str] = "policy.override_forgotten"
    override: OverrideId
    actor: UUID
    role: Role
