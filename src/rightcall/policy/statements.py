"""What the rules say in the ledger: that a question was asked, how it was answered, on which facts and by which rules."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.ids import CallId, HoldingId, OverrideId, PurposeId, StreamId, VerdictId
from rightcall.ledger.model import Digest, Statement
from rightcall.policy.model import Act, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictGiven(Statement):
    """`facts` is the SHA-256 of the canonical facts, `rule_set` that of the rules. Facts name nobody. `overrides`: those without
    which it would be another verdict."""

    KIND: ClassVar[str] = "policy.verdict"

    verdict: VerdictId
    act: Act
    outcome: Outcome
    lawful: bool | None
    right: bool | None
    purpose: PurposeId | None
    call: CallId | None
    stream: StreamId | None
    holding: HoldingId | None
    facts: Digest
    rule_set: Digest
    overrides: tuple[OverrideId, ...]
    actor: UUID
    role: Role
