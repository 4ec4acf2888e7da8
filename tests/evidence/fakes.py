"""Ada's call as committed rows, and documents made in memory so that one thing at a time can be forged in them."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from rightcall.actors import Actor, PartyRole, Role
from rightcall.calls import actions as calls
from rightcall.calls.model import Party
from rightcall.canonical import canonical_json, sha256
from rightcall.consent import actions as consent
from rightcall.consent.model import Answer, AskId, Channel, Choice, Evidence, EvidenceKind, GrantOutcome, NewChoice
from rightcall.consent.statements import ChoiceMade
from rightcall.controllers.model import Controller
from rightcall.database.connection import Database
from rightcall.erasure.statements import ErasureConfirmed, SubjectErased
from rightcall.evidence import actions
from rightcall.evidence.certificates import certificate_of, destroyed_count, grade_of, remaining_count
from rightcall.evidence.graded import ALWAYS, Copy, CopyGrade, CopyKind, Graded, Residual, Sanitisation, of_remains
from rightcall.evidence.model import CertificateId, Disposal, Erasure, Opening, Receipt, Remainder
from rightcall.evidence.receipts import Registered, receipt_of
from rightcall.evidence.statements import CertificateIssued, ReceiptIssued
from rightcall.evidence.vocabulary import PROOFS
from rightcall.ids import (
    CallId,
    ChoiceId,
    ControllerId,
    ErasureId,
    GrantId,
    NoticeId,
    PartyId,
    PurposeId,
    ReceiptId,
    RequestId,
    StatementId,
    SubjectId,
)
from rightcall.ledger.actions import Sequencer
from rightcall.ledger.checkpoint import Ed25519Signer, key_of
from rightcall.ledger.codec import leaf_of
from rightcall.ledger.model import Commitment, Digest, Statement
from rightcall.ledger.proof import proof_text
from rightcall.personal import Personal
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Keypad, LawfulBasis, Notice, OnWithdrawal, Purpose
from rightcall.purposes.rules import notice_digest, notice_document
from rightcall.retention.statements import EpochTurned
from rightcall.subjects.actions import identify
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import normalise
from rightcall.vault.actions import Vault
from tests.cast import ADA_NAME, ADA_TEL, MONDAY
from tests.conftest import FixedClock
from tests.ledger.fakes import ORIGIN, SIGNER, proof_of
from tests.purposes.examples import DPO, TRAINING, a_notice

KEY = key_of(SIGNER)
AGENT = Actor(id=UUID(int=70), role=Role.AGENT)
HEARD = Evidence(kind=EvidenceKind.WORDS_HEARD, detail=Personal(f"{ADA_NAME} said: yes"))
Json = Any
Change = Callable[[dict[str, Json]], object]


@dataclass(slots=True)
class World:
    """One call of Ada's, committed step by step, with a sequencer beside it."""

    database: Database
    controller: ControllerId
    vault: Vault
    clock: FixedClock
    ada: Party
    purpose: Purpose
    notice: Notice

    @classmethod
    def begin(cls, database: Database, controller: ControllerId, vault: Vault, clock: FixedClock) -> "World":
        with database.transaction(controller) as tx:
            purpose = purposes.create_purpose(tx, clock, TRAINING, by=DPO)
            notice = purposes.publish_notice(tx, clock, a_notice(purpose.id), by=DPO)
            call = calls.begin(tx, clock)
            subject = identify(
                tx, vault, clock, [normalise(IdentifierKind.TEL, Personal(ADA_TEL), "DK")], name=Personal(ADA_NAME)
            )
            ada = calls.join(tx, clock, call=call.id, subject=subject, role=PartyRole.CUSTOMER)
        return cls(database, controller, vault, clock, ada, purpose, notice)

    def choose(self, answer: Answer, *, with_notice: bool = True) -> Choice:
        self.clock.at += timedelta(seconds=10)
        new = NewChoice(
            call=self.ada.call,
            party=self.ada.id,
            purpose=self.purpose.id,
            answer=answer,
            notice=self.notice.id if with_notice else None,
            language="en" if with_notice else None,
            channel=Channel.VOICE_HEARD_BY_AGENT,
            by=AGENT,
            evidence=HEARD,
        )
        with self.database.transaction(self.controller) as tx:
            if answer is Answer.GRANTED:
                consent.ask(tx, self.clock, call=self.ada.call, party=self.ada.id, notice=self.notice.id, by=AGENT)
            return consent.choose(tx, self.vault, self.clock, new)

    def sign(self) -> None:
        Sequencer(self.database, SIGNER, ORIGIN, self.clock).run_once(1_000_000)

    def receipt(self, choice: Choice) -> Receipt:
        """Issued, signed, handed out."""
        with self.database.transaction(self.controller) as tx:
            actions.receipt(tx, self.vault, self.clock, choice.id, key=KEY)
        self.sign()
        with self.database.transaction(self.controller) as tx:
            receipt = actions.receipt(tx, self.vault, self.clock, choice.id, key=KEY)
        assert isinstance(receipt, Receipt)
        return receipt


CONTROLLER = Controller(
    id=ControllerId(UUID(int=1)),
    name="Example Energy",
    address="1 Example Street, Copenhagen",
    contact="dpo@energy.example",
    jurisdictions=("EU", "DK"),
    created_at=MONDAY,
)
PURPOSE = Purpose(
    id=PurposeId(UUID(int=2)),
    key="training",
    title="Improve how we train agents",
    justification="Agents learn most from real conversations.",
    lawful_basis=LawfulBasis.CONSENT,
    staff_basis=LawfulBasis.LEGITIMATE_INTERESTS,
    data_categories=("pd:VoiceCommunicationRecording",),
    may_use=frozenset({Role.SUPERVISOR}),
    term_days=90,
    dpv_purpose="dpv:PersonnelManagement",
    on_withdrawal=OnWithdrawal.DESTROY,
    created_at=MONDAY,
)
WORDS = "May we record this call to train our agents? Press 1 for yes, 2 for no."
KEYPAD = Keypad(yes="1", no="2")
NOTICE = Notice(
    id=NoticeId(UUID(int=3)),
    purpose=PURPOSE.id,
    language="en",
    version=2,
    text=WORDS,
    digest=notice_digest(notice_document(CONTROLLER.id, PURPOSE.id, "en", 2, WORDS, KEYPAD)),
    keypad=KEYPAD,
    created_at=MONDAY,
)
SUBJECT = SubjectId(UUID(int=4))
SALT = bytes(range(100, 132))
WHO = Opening(subject=SUBJECT, salt=SALT).commitment
EVIDENCE = canonical_json({"kind": "key_pressed", "detail": "1"})


def committed(value: bytes) -> bytes:
    return hmac.new(SALT, value, hashlib.sha256).digest()


def a_choice(sequence: int, answer: Answer, notice: Notice | None = NOTICE) -> Choice:
    return Choice(
        id=ChoiceId(UUID(int=100 + sequence)),
        call=CallId(UUID(int=5)),
        party=PartyId(UUID(int=6)),
        subject=SUBJECT,
        purpose=PURPOSE.id,
        sequence=sequence,
        answer=answer,
        notice=None if notice is None else notice.id,
        notice_digest=None if notice is None else notice.digest,
        language=None if notice is None else notice.language,
        channel=Channel.KEYPAD,
        by=AGENT,
        ask=AskId(UUID(int=300 + sequence)) if answer is Answer.GRANTED else None,
        asked_by=AGENT if answer is Answer.GRANTED else None,
        evidence_kind=EvidenceKind.KEY_PRESSED,
        evidence_commitment=committed(EVIDENCE),
        subject_commitment=WHO.value,
        grant=None,
        outcome=None,
        made_at=MONDAY + timedelta(minutes=sequence, milliseconds=7),
        written_at=MONDAY + timedelta(minutes=sequence, milliseconds=7),
        statement=StatementId(UUID(int=200 + sequence)),
    )


def choice_leaf(choice: Choice) -> bytes:
    made = ChoiceMade(
        at=choice.made_at,
        controller=CONTROLLER.id,
        choice=choice.id,
        call=choice.call,
        party=choice.party,
        party_role=PartyRole.CUSTOMER,
        purpose=choice.purpose,
        sequence=choice.sequence,
        answer=choice.answer,
        notice=choice.notice,
        digest=None if choice.notice_digest is None else Digest(choice.notice_digest),
        channel=choice.channel,
        actor=choice.by.id,
        role=choice.by.role,
        ask=choice.ask,
        asked_by=None if choice.asked_by is None else choice.asked_by.id,
        asked_as=None if choice.asked_by is None else choice.asked_by.role,
        evidence_kind=choice.evidence_kind,
        evidence=Commitment(committed(EVIDENCE)),
        subject=WHO,
        grant=GrantId(UUID(int=8)),
        outcome=GrantOutcome.OPENED,
    )
    return leaf_of(choice.statement, made)


def a_receipt(
    *history: Choice,
    change: Change | None = None,
    change_issue: Change | None = None,
    change_last_leaf: Change | None = None,
    signer: Ed25519Signer = SIGNER,
) -> bytes:
    """A whole receipt in memory. `change` forges the document before it is issued, so that its digest still fits."""
    choices = history or (a_choice(1, Answer.GRANTED),)
    notice = NOTICE if choices[-1].notice else None
    registered = Registered(controller=CONTROLLER, purpose=PURPOSE, notice=notice, locations=("DK",))
    id, at = ReceiptId(UUID(int=300)), MONDAY + timedelta(hours=1)
    document = receipt_of(id, at, choices, registered)
    if change:
        change(document)
    issue = ReceiptIssued(
        at=at,
        controller=CONTROLLER.id,
        receipt=id,
        choice=choices[-1].id,
        made=choices[-1].statement,
        digest=Digest(sha256(canonical_json(document))),
    )
    leaves = [choice_leaf(choice) for choice in choices]
    leaves[-1] = changed(leaves[-1], change_last_leaf)
    leaves.append(changed(leaf_of(StatementId(UUID(int=301)), issue), change_issue))
    texts = [proof_text(proof_of(leaves, index, signer)) for index in range(len(leaves))]
    proofs = {"key": key_of(signer).text, "issued": texts[-1], "events": texts[:-1], "opening": SALT.hex()}
    return canonical_json({**document, PROOFS: proofs})


def graded(remains: tuple[Remainder, ...], until: date | None) -> Graded:
    """Copies of each sort, as they are while backups may open something and after."""
    method = Sanitisation.PURGE if until is None else Sanitisation.CLEAR
    return Graded(
        copies=(
            Copy(kind=CopyKind.ROWS, grade=CopyGrade.KEY_DESTROYED, sanitisation=method),
            Copy(kind=CopyKind.OBJECTS, grade=CopyGrade.BYTES_GONE, count=4, sanitisation=method),
            _wrapped(CopyKind.LOG, until, None),
            _wrapped(CopyKind.BACKUP, until, UUID(int=600)),
            Copy(kind=CopyKind.SYSTEM, grade=CopyGrade.BYTES_GONE, count=2),
            *of_remains(remains),
        ),
        residuals=(*ALWAYS, Residual.STORE_SILENT),
        looked_at=MONDAY,
    )


def _wrapped(kind: CopyKind, until: date | None, backup: UUID | None) -> Copy:
    if until is None:
        return Copy(kind=kind, grade=CopyGrade.KEY_DESTROYED, sanitisation=Sanitisation.PURGE)
    return Copy(kind=kind, grade=CopyGrade.GOES_ON, until=until, epoch=4, backup=backup)


def a_certificate(
    *remains: Remainder,
    backups_until: date | None = None,
    change: Change | None = None,
    change_issue: Change | None = None,
    change_act: Change | None = None,
    act: int = 0,
    request: RequestId | None = None,
) -> bytes:
    opening = Opening(subject=SUBJECT, salt=SALT)
    destroying = _acts(has_turned=backups_until is None)
    acts = [StatementId(UUID(int=400 + number)) for number in range(len(destroying))]
    erasure = Erasure(
        subject=opening.commitment,
        request=request,
        done_at=MONDAY,
        disposals=tuple(Disposal(statement=each) for each in acts),
        destroyed=(("stream", 3), ("transcript", 1)),
        remains=remains,
        backups_until=backups_until,
    )
    id, at = CertificateId(UUID(int=410)), MONDAY + timedelta(hours=2)
    document = certificate_of(id, at, erasure, CONTROLLER, graded(remains, backups_until))
    if change:
        change(document)
    issue = CertificateIssued(
        at=at,
        controller=CONTROLLER.id,
        certificate=id,
        request=request,
        subject=erasure.subject,
        grade=grade_of(remains, has_backups=backups_until is not None),
        destroyed=destroyed_count(erasure),
        remaining=remaining_count(erasure),
        backups_until=backups_until,
        digest=Digest(sha256(canonical_json(document))),
    )
    leaves = [leaf_of(each, statement) for each, statement in zip(acts, destroying, strict=True)]
    leaves[act] = changed(leaves[act], change_act)
    leaves.append(changed(leaf_of(StatementId(UUID(int=411)), issue), change_issue))
    texts = [proof_text(proof_of(leaves, index)) for index in range(len(leaves))]
    proofs = {
        "key": KEY.text,
        "issued": texts[-1],
        "disposals": texts[:-1],
        "opening": SALT.hex(),
        "subject": str(SUBJECT),
    }
    return canonical_json({**document, PROOFS: proofs})


def changed(leaf: bytes, change: Change | None) -> bytes:
    """The leaf with one thing changed, as a ledger would hold it that says something else."""
    if change is None:
        return leaf
    document = read(leaf)
    change(document)
    return canonical_json(document)


def read(file: bytes) -> dict[str, Json]:
    document = json.loads(file)
    assert isinstance(document, dict)
    return document


def put(*path: str | int, value: Json) -> Change:
    """A change that sets one thing deep inside."""

    def change(document: dict[str, Json]) -> None:
        place: Json = document
        for name in path[:-1]:
            place = place[name]
        place[path[-1]] = value

    return change


def at(document: Mapping[str, Json], *path: str | int) -> Json:
    place: Json = document
    for name in path:
        place = place[name]
    return place


def _acts(*, has_turned: bool) -> list[Statement]:
    erasure, at = ErasureId(UUID(int=500)), MONDAY
    acts: list[Statement] = [
        SubjectErased(at=at, controller=CONTROLLER.id, erasure=erasure, subject=WHO, epoch=4, identifiers=2),
        ErasureConfirmed(at=at, controller=CONTROLLER.id, erasure=erasure, disposed=4, held=0),
    ]
    return [*acts, EpochTurned(at=at, controller=CONTROLLER.id, epoch=5, rewrapped=7)] if has_turned else acts
