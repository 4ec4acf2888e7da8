"""Issued documents, without their proofs: those are made anew each time from the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rightcall.actors import Role
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.evidence.attestation import AttestationId
from rightcall.evidence.model import CertificateId, Grade, Handed, HandedOut, Opening
from rightcall.ids import ChoiceId, ReceiptId, RequestId, StatementId, SubjectId, new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedReceipt:
    id: ReceiptId
    statement: StatementId
    document: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCertificate:
    id: CertificateId
    statement: StatementId
    grade: Grade
    document: bytes
    disposals: tuple[StatementId, ...]
    opening: Opening


def insert_receipt(tx: Transaction, issued: IssuedReceipt, choice: ChoiceId, issued_at: datetime) -> bool:
    """False where another transaction issued the receipt of this choice first."""
    return bool(
        sql.execute(
            tx,
            """
            INSERT INTO receipts (controller, receipt, choice, statement_id, document, issued_at)
            VALUES (%(controller)s, %(receipt)s, %(choice)s, %(issue)s, %(document)s, %(issued_at)s)
            ON CONFLICT (controller, choice) DO NOTHING
            """,
            controller=tx.of,
            receipt=issued.id,
            choice=choice,
            issue=issued.statement,
            document=issued.document,
            issued_at=issued_at,
        )
    )


def receipt_of_choice(tx: Transaction, choice: ChoiceId) -> IssuedReceipt | None:
    row = sql.maybe_row(
        tx,
        """
        SELECT receipt, statement_id, document FROM receipts
        WHERE controller = %(controller)s AND choice = %(choice)s
        """,
        controller=tx.of,
        choice=choice,
    )
    if row is None:
        return None
    return IssuedReceipt(id=row["receipt"], statement=row["statement_id"], document=bytes(row["document"]))


def insert_handed_out(tx: Transaction, handed: HandedOut) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO receipts_handed_out (controller, handing, choice, what, role, at)
        VALUES (%(controller)s, %(id)s, %(choice)s, %(what)s, %(role)s, %(at)s)
        """,
        controller=tx.of,
        id=new_id(),
        choice=handed.choice,
        what=handed.what,
        role=handed.role,
        at=handed.at,
    )


def handed_out(tx: Transaction, choices: Sequence[ChoiceId]) -> list[HandedOut]:
    rows = sql.all_rows(
        tx,
        """
        SELECT choice, what, role, at FROM receipts_handed_out
        WHERE controller = %(controller)s AND choice = ANY(%(choices)s) ORDER BY at, handing
        """,
        controller=tx.of,
        choices=list(choices),
    )
    return [HandedOut(choice=row["choice"], what=Handed(row["what"]), role=Role(row["role"]), at=row["at"]) for row in rows]


def insert_certificate(tx: Transaction, issued: IssuedCertificate, request: RequestId | None, issued_at: datetime) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO certificates
            (controller, certificate, request, statement_id, grade, document, disposals, subject, salt, issued_at)
        VALUES (%(controller)s, %(certificate)s, %(request)s, %(issue)s, %(grade)s, %(document)s, %(disposals)s,
                %(subject)s, %(salt)s, %(issued_at)s)
        """,
        controller=tx.of,
        certificate=issued.id,
        request=request,
        issue=issued.statement,
        grade=issued.grade,
        document=issued.document,
        disposals=list(issued.disposals),
        subject=issued.opening.subject,
        salt=issued.opening.salt,
        issued_at=issued_at,
    )


def certificate(tx: Transaction, certificate: CertificateId) -> IssuedCertificate | None:
    row = sql.maybe_row(
        tx,
        """
        SELECT certificate, statement_id, grade, document, disposals, subject, salt FROM certificates
        WHERE controller = %(controller)s AND certificate = %(certificate)s
        """,
        controller=tx.of,
        certificate=certificate,
    )
    if row is None:
        return None
    return IssuedCertificate(
        id=row["certificate"],
        statement=row["statement_id"],
        grade=Grade(row["grade"]),
        document=bytes(row["document"]),
        disposals=tuple(row["disposals"]),
        opening=Opening(subject=row["subject"], salt=bytes(row["salt"])),
    )


def certificates_of_subject(tx: Transaction, subject: SubjectId) -> list[CertificateId]:
    rows = sql.all_rows(
        tx,
        """
        SELECT certificate FROM certificates
        WHERE controller = %(controller)s AND subject = %(subject)s ORDER BY issued_at, certificate
        """,
        controller=tx.of,
        subject=subject,
    )
    return [row["certificate"] for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedAttestation:
    id: AttestationId
    statement: StatementId
    document: bytes


def insert_attestation(tx: Transaction, issued: IssuedAttestation, at: datetime) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO attestations (controller, attestation, statement_id, document, issued_at)
        VALUES (%(controller)s, %(attestation)s, %(issue)s, %(document)s, %(at)s)
        """,
        controller=tx.of,
        attestation=issued.id,
        issue=issued.statement,
        document=issued.document,
        at=at,
    )


def attestation(tx: Transaction, attestation: AttestationId) -> IssuedAttestation | None:
    row = sql.maybe_row(
        tx,
        """
        SELECT attestation, statement_id, document FROM attestations
        WHERE controller = %(controller)s AND attestation = %(attestation)s
        """,
        controller=tx.of,
        attestation=attestation,
    )
    if row is None:
        return None
    return IssuedAttestation(id=row["attestation"], statement=row["statement_id"], document=bytes(row["document"]))
