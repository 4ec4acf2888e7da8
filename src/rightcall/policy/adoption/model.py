"""House rules on their way into force: a draft, what its replay showed, who signed, and what was adopted by it.

A draft is texts, and never changes. It is adopted by two people in different roles; the newest adoption whose time has come is in
force. Deliberately elsewhere: what a rule is (policy.model), and setting one aside for a while (policy.overrides).
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from rightcall.actors import Actor, Role
from rightcall.canonical import Json
from rightcall.ids import AdoptionId, DraftId, ReplayId, StatementId
from rightcall.policy.model import RuleSet
from rightcall.policy.overrides.model import Aside
from rightcall.policy.texts import Proposal

SIGNING = frozenset({Role.DPO, Role.SUPERVISOR, Role.REVIEWER})
"""Who may draft house rules and sign them; two of these roles adopt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One person's yes to a draft."""

    by: Actor
    at: datetime
    statement: StatementId


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """`house`: digest of its rules. `builds_on`: the newest adoption when it was made. `in_force_from`: the first day (UTC), None
    for at once. `adoption`: what became of it."""

    id: DraftId
    house: bytes
    proposal: Proposal = field(repr=False)
    builds_on: AdoptionId | None
    in_force_from: date | None
    drafted_at: datetime
    by: Actor
    statement: StatementId
    withdrawn_at: datetime | None
    signatures: tuple[Signature, ...]
    adoption: AdoptionId | None

    @property
    def is_open(self) -> bool:
        """Somebody may still sign it."""
        return self.adoption is None and self.withdrawn_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What a replay of a draft showed. `rule_set`: the digest of all rules that were tried, law and house. `drifted`: verdicts
    that the rules that gave them did not give again."""

    id: ReplayId
    draft: DraftId
    rule_set: bytes
    since: datetime
    until: datetime
    verdicts: int
    changed: int
    left_out: int
    drifted: int
    report: Json
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """`first` and `second` signed; `house` is the digest of the house rules, `rule_set` of all rules as they were then."""

    id: AdoptionId
    draft: DraftId
    house: bytes
    rule_set: bytes
    first: Actor
    second: Actor
    adopted_at: datetime
    in_force_at: datetime
    statement: StatementId


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """By what a question of this controller is decided now. `unreadable`: house rules were adopted and cannot be read with the
    words of today, so what is right cannot be told; then `rules` are the law alone. `kept`: ids of house rules that no adoption
    takes out and nobody overrides."""

    rules: RuleSet
    unreadable: bool
    adoption: AdoptionId | None
    asides: tuple[Aside, ...]
    kept: frozenset[str]


class Changed(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing about a rule that is otherwise; None where there is none."""

    name: str
    was: str | None
    is_now: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """What a proposal does to one rule, in plain words."""

    kind: Changed
    rule: str
    says: str
    parts: tuple[Part, ...]
