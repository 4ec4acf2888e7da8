"""Issuing: a document is written down with a statement that binds its digest, and handed out once the ledger has signed it.

So the first call of `receipt` answers `NotYet`, and a later one the file. The proofs in it are made anew each time.
"""

from collections.abc import Iterable, Sequence

from rightcall.actors import Actor
from rightcall.calls import actions as calls
from rightcall.canonical import Json, canonical_json, parse_json, sha256
from rightcall.clock import Clock
from rightcall.consent import actions as consent
from rightcall.consent.evidence import evidence_of
from rightcall.consent.model import Choice
from rightcall.consent.rules import evidence_bytes
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.errors import Breach, NotFound
from rightcall.evidence import store
from rightcall.evidence.certificates import certificate_of, destroyed_count, grade_of, remaining_count
from rightcall.evidence.graded import Graded, fault_in
from rightcall.evidence.model import Certificate, CertificateId, Erasure, Opening, Receipt
from rightcall.evidence.receipts import Registered, receipt_of
from rightcall.evidence.statements import CertificateIssued, EvidenceShown, ReceiptIssued
from rightcall.evidence.vocabulary import PROOFS, stated
from rightcall.ids import ChoiceId, ReceiptId, StatementId, SubjectId, new_id
from rightcall.ledger import actions as ledger
from rightcall.ledger.checkpoint import VerifierKey
from rightcall.ledger.model import Digest, NotYet
from rightcall.purposes import actions as purposes
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark


def receipt(
    tx: Transaction,
    vault: Vault,
    clock: Clock,
    choice: ChoiceId,
    *,
    key: VerifierKey,
    locations: Sequence[str] = (),
) -> Receipt | NotYet | Dark:
    """The receipt of a choice, whatever the answer. Issued on the first call; the same one ever after.

    `key` is the ledger's present key; `locations` where data is kept, as ISO 3166 codes, if not in the controller's own
    jurisdictions. Dark once the person is erased: then nobody can show any more whose choice it was.
    """
    made = consent.choice(tx, choice)
    history = [each for each in consent.history(tx, made.party, made.purpose) if each.sequence <= made.sequence]
    opening = _opening(tx, vault, history)
    if isinstance(opening, Dark):
        return opening
    issued = store.receipt_of_choice(tx, choice) or _issue_receipt(tx, clock, history, tuple(locations))
    events = proofs_of(tx, [each.statement for each in history])
    issue = proofs_of(tx, [issued.statement])
    if isinstance(events, NotYet) or isinstance(issue, NotYet):
        return events if isinstance(events, NotYet) else NotYet(statement=issued.statement)
    file = with_proofs(issued.document, {"key": key.text, "issued": issue[0], "events": events, "opening": opening})
    return Receipt(id=issued.id, choice=choice, file=file)


def show_evidence(tx: Transaction, vault: Vault, clock: Clock, choice: ChoiceId, *, by: Actor) -> bytes | Dark:
    """The bytes that the ledger's commitment to the evidence is over, for `verify` to hold against a receipt; and that they were
    shown. Dark once the person is erased. NotFound where the ledger committed to none: the answer came while the key service was
    away."""
    answered = consent.choice(tx, choice)
    if answered.evidence_commitment is None:
        raise NotFound("No evidence was kept of this answer: it was written down while the key service was away.")
    evidence = evidence_of(tx, vault, answered)
    if isinstance(evidence, Dark):
        return evidence
    ledger.append(tx, EvidenceShown(at=clock.now(), controller=tx.of, choice=choice, actor=by.id, role=by.role))
    return evidence_bytes(evidence)


def certify(tx: Transaction, clock: Clock, erasure: Erasure, opening: Opening, graded: Graded) -> CertificateId:
    """Write down what an erasure did. `opening` is `Opening.fresh(subject)`, whose commitment `erasure` carries.

    NotFound where the ledger does not have one of the disposals: nothing is certified that it does not have. It is of no earlier
    instant than they are, though the clock may have been set back since.
    """
    if opening.commitment != erasure.subject:
        raise Breach("This certificate's commitment does not open to this subject. Nothing was certified.")
    fault = fault_in(graded.copies, erasure.remains, erasure.backups_until)
    if fault is not None:
        raise Breach(f"This certificate would contradict itself. Nothing was certified. {fault}")
    at = max(clock.now(), *(ledger.said_at(tx, disposal.statement) for disposal in erasure.disposals))
    id, statement = CertificateId(new_id()), StatementId(new_id())
    document = canonical_json(certificate_of(id, at, erasure, controllers.get(tx), graded))
    grade = grade_of(erasure.remains, has_backups=erasure.backups_until is not None)
    issued = store.IssuedCertificate(
        id=id,
        statement=statement,
        grade=grade,
        document=document,
        disposals=tuple(each.statement for each in erasure.disposals),
        opening=opening,
    )
    store.insert_certificate(tx, issued, erasure.request, at)
    ledger.append(
        tx,
        CertificateIssued(
            at=at,
            controller=tx.of,
            certificate=id,
            request=erasure.request,
            subject=erasure.subject,
            grade=grade,
            destroyed=destroyed_count(erasure),
            remaining=remaining_count(erasure),
            backups_until=erasure.backups_until,
            digest=Digest(sha256(document)),
        ),
        id=statement,
    )
    return id


def certificate(tx: Transaction, id: CertificateId, *, key: VerifierKey) -> Certificate | NotYet:
    """The certificate with its proofs, once the ledger has signed all of it."""
    issued = store.certificate(tx, id)
    if issued is None:
        raise NotFound("There is no such certificate.")
    issue = proofs_of(tx, [issued.statement])
    acts = proofs_of(tx, issued.disposals)
    if isinstance(acts, NotYet) or isinstance(issue, NotYet):
        return acts if isinstance(acts, NotYet) else NotYet(statement=issued.statement)
    proofs: dict[str, Json] = {
        "key": key.text,
        "issued": issue[0],
        "disposals": acts,
        "opening": issued.opening.salt.hex(),
        "subject": str(issued.opening.subject),
    }
    return Certificate(id=id, grade=issued.grade, file=with_proofs(issued.document, proofs), proof=issue[0])


def certificates_of(tx: Transaction, subject: SubjectId) -> list[CertificateId]:
    return store.certificates_of_subject(tx, subject)


def _issue_receipt(tx: Transaction, clock: Clock, history: Sequence[Choice], locations: tuple[str, ...]) -> store.IssuedReceipt:
    choice, at, statement = history[-1], clock.now(), StatementId(new_id())
    controller = controllers.get(tx)
    registered = Registered(
        controller=controller,
        purpose=purposes.get(tx, choice.purpose),
        notice=None if choice.notice is None else purposes.notice(tx, choice.notice),
        locations=locations or controller.jurisdictions,
    )
    id = ReceiptId(new_id())
    document = canonical_json(receipt_of(id, at, history, registered))
    issued = store.IssuedReceipt(id=id, statement=statement, document=document)
    if not store.insert_receipt(tx, issued, choice.id, at):
        first = store.receipt_of_choice(tx, choice.id)
        if first is None:
            raise Breach("A receipt is there and cannot be read. Tell the DPO.")
        return first
    digest = Digest(sha256(document))
    ledger.append(
        tx,
        ReceiptIssued(at=at, controller=tx.of, receipt=id, choice=choice.id, made=choice.statement, digest=digest),
        id=statement,
    )
    return issued


def _opening(tx: Transaction, vault: Vault, history: Sequence[Choice]) -> str | Dark | None:
    """The salt of the newest commitment to the person; None where every state was written down while the key service was away."""
    bound = [each for each in history if each.subject_commitment is not None]
    opening = vault.opening(tx, calls.party(tx, history[-1].party).subject, (bound or history)[-1].statement)
    if isinstance(opening, Dark):
        return opening
    return opening.hex() if bound else None


def proofs_of(tx: Transaction, statements: Iterable[StatementId]) -> list[str] | NotYet:
    texts = []
    for statement in statements:
        found = ledger.inclusion(tx, statement)
        if isinstance(found, NotYet):
            return found
        texts.append(found.text)
    return texts


def with_proofs(document: bytes, proofs: dict[str, Json]) -> bytes:
    read = parse_json(document)
    if not isinstance(read, dict):
        raise Breach("An issued document cannot be read. Tell the DPO.")
    return canonical_json({**read, PROOFS: stated(proofs)})
