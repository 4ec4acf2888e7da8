"""What evidence says in the ledger: that a document was issued, whose digest binds every byte of it; that evidence was seen."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.evidence.attestation import AttestationId, ShownBy
from rightcall.evidence.model import CertificateId, Grade, Handed
from rightcall.ids import ChoiceId, ReceiptId, RequestId, StatementId
from rightcall.ledger.model import Commitment, Digest, Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptIssued(Statement):
    """`digest` is the SHA-256 of the receipt's canonical form without its proofs; `made` the statement of the choice."""

    KIND: ClassVar[str] = "evidence.receipt"

    receipt: ReceiptId
    choice: ChoiceId
    made: StatementId
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateIssued(Statement):
    """`destroyed` and `remaining` are numbers of holdings and things; `digest` as in `ReceiptIssued`."""

    KIND: ClassVar[str] = "evidence.certificate"

    certificate: CertificateId
    request: RequestId | None
    subject: Commitment
    grade: Grade
    destroyed: int
    remaining: int
    backups_until: date | None
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestationIssued(Statement):
    """Whether anything is `held` under an identifier that only the asker can show it to be about; `digest` as in
    `ReceiptIssued`."""

    KIND: ClassVar[str] = "evidence.attestation"

    attestation: AttestationId
    identifier: Commitment
    held: bool
    shown_by: ShownBy
    actor: UUID
    role: Role
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptHandedOut(Statement):
    """Somebody who works here was handed what the person of a choice is known by: its receipt, or the link to it."""

    KIND: ClassVar[str] = "evidence.handed_out"

    choice: ChoiceId
    what: Handed
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceShown(Statement):
    """Somebody was handed the evidence of a choice."""

    KIND: ClassVar[str] = "evidence.shown"

    choice: ChoiceId
    actor: UUID
    role: Role
