"""Issuing on a real database and a real ledger: every answer yields a receipt, an erasure a certificate, and both verify."""

from datetime import date
from pathlib import Path

import psycopg
import pytest
from sigstore.errors import VerificationError

from rightcall.adapters.keys.file import KeyFile
from rightcall.canonical import canonical_json, sha256
from rightcall.consent import actions as consent
from rightcall.consent.model import Answer, EvidenceKind
from rightcall.consent.rules import evidence_bytes
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Database
from rightcall.erasure import actions as erasure
from rightcall.errors import Breach, NotFound
from rightcall.evidence import actions, store
from rightcall.evidence.model import (
    Certificate,
    CertificateId,
    Disposal,
    Erasure,
    Grade,
    Ground,
    Opening,
    Receipt,
    Refuted,
    Remainder,
    Verified,
)
from rightcall.evidence.receipts import Registered, receipt_of
from rightcall.evidence.statements import ReceiptIssued
from rightcall.evidence.verify import render_plain, verify
from rightcall.evidence.vocabulary import PROOFS, RECEIPT_FORMATS
from rightcall.ids import ChoiceId, ControllerId, ErasureId, ReceiptId, StatementId, new_id
from rightcall.ledger import actions as ledger
from rightcall.ledger.checkpoint import key_of
from rightcall.ledger.model import Digest, NotYet
from rightcall.ledger.proof import parse_proof
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark, DarkReason
from tests.cast import ADA_NAME, ADA_TEL
from tests.consent.fakes import FailingKeys
from tests.evidence.fakes import HEARD, KEY, Json, World, graded, read
from tests.ledger.fakes import OTHER_SIGNER
from tests.ledger.foreign import foreign_check


@pytest.mark.parametrize("answer", [Answer.GRANTED, Answer.REFUSED])
def test_a_yes_and_a_no_yield_a_receipt_that_verifies(world: World, answer: Answer) -> None:
    receipt = world.receipt(world.choose(answer))
    found = verify(receipt.file, KEY.text)
    assert isinstance(found, Verified), found
    assert {Answer.GRANTED: "yes", Answer.REFUSED: "no"}[answer] in found.says[0]


UNTIL = date(2026, 11, 30)


def test_a_stranger_accepts_the_proofs_in_a_receipt(world: World) -> None:
    world.choose(Answer.GRANTED)
    proofs = read(world.receipt(world.choose(Answer.WITHDRAWN)).file)["rightcall:ledger"]
    for text in (proofs["issued"], *proofs["events"]):
        proof = parse_proof(text)
        assert proof.extra is not None
        foreign_check(proof, proof.extra, KEY)
        with pytest.raises(VerificationError):
            foreign_check(proof, proof.extra + b" ", KEY)


def test_a_withdrawal_yields_a_receipt_with_its_past(world: World) -> None:
    world.choose(Answer.GRANTED)
    found = verify(world.receipt(world.choose(Answer.WITHDRAWN)).file, KEY.text)
    assert isinstance(found, Verified), found
    assert "taken back" in found.says[0]
    assert "Before that" in found.says[1]


def test_a_refusal_that_nobody_asked_for_yields_a_receipt(world: World) -> None:
    receipt = world.receipt(world.choose(Answer.REFUSED, with_notice=False))
    assert isinstance(verify(receipt.file, KEY.text), Verified)
    assert read(receipt.file)["dpv:hasRecordOfActivity"]["dct:language"] == "zxx"


def test_it_is_handed_out_once_the_ledger_has_signed_it(world: World) -> None:
    choice = world.choose(Answer.GRANTED)
    for _ in range(2):
        with world.database.transaction(world.controller) as tx:
            assert isinstance(actions.receipt(tx, world.vault, world.clock, choice.id, key=KEY), NotYet)
    world.sign()
    with world.database.transaction(world.controller) as tx:
        assert isinstance(actions.receipt(tx, world.vault, world.clock, choice.id, key=KEY), Receipt)


def test_a_receipt_is_issued_once_and_stays_as_it_was(world: World) -> None:
    choice = world.choose(Answer.GRANTED)
    first = world.receipt(choice)
    world.choose(Answer.WITHDRAWN)
    again = world.receipt(choice)
    assert again.id == first.id
    ours, theirs = read(first.file), read(again.file)
    del ours["rightcall:ledger"], theirs["rightcall:ledger"]
    assert ours == theirs
    assert isinstance(verify(first.file, KEY.text), Verified)
    assert isinstance(verify(again.file, KEY.text), Verified)


def test_a_receipt_that_lies_here_in_the_first_format_is_handed_out_as_it_was_and_is_proved(world: World) -> None:
    choice = world.choose(Answer.GRANTED)
    id, statement = ReceiptId(new_id()), StatementId(new_id())
    with world.database.transaction(world.controller) as tx:
        controller = controllers.get(tx)
        registered = Registered(
            controller=controller, purpose=world.purpose, notice=world.notice, locations=controller.jurisdictions
        )
        made = receipt_of(id, world.clock.at, consent.history(tx, choice.party, choice.purpose), registered)
        document = canonical_json(in_the_first_format(read(canonical_json(made))))
        store.insert_receipt(tx, store.IssuedReceipt(id=id, statement=statement, document=document), choice.id, world.clock.at)
        issue = ReceiptIssued(
            at=world.clock.at,
            controller=tx.of,
            receipt=id,
            choice=choice.id,
            made=choice.statement,
            digest=Digest(sha256(document)),
        )
        ledger.append(tx, issue, id=statement)
    receipt = world.receipt(choice)
    assert receipt.id == id
    assert read(receipt.file)["dct:conformsTo"] == RECEIPT_FORMATS[1]
    found = verify(receipt.file, KEY.text)
    assert isinstance(found, Verified), found


def in_the_first_format(document: Json) -> Json:
    """The receipt of a yes as it was written before the second format."""
    record = document["dpv:hasRecordOfActivity"]
    record["dpv:hasProcess"]["dpv:hasDataSource"] = "dpv:DataSubject"
    for event in record["dpv:hasConsentStatus"]:
        event["dpv:isImplementedByEntity"]["rightcall:role"] = event.pop("rightcall:role")
        del event["rightcall:eventType"]
    context = read((Path(__file__).parent / "first_format" / "receipt-granted.json").read_bytes())["@context"]
    return {**document, "@context": context, "dct:conformsTo": RECEIPT_FORMATS[1]}


def test_two_at_once_issue_one(world: World) -> None:
    """The second waits for the first to commit, and finds its receipt."""
    choice = world.choose(Answer.GRANTED)
    with world.database.transaction(world.controller) as tx:
        actions.receipt(tx, world.vault, world.clock, choice.id, key=KEY)
    with world.database.transaction(world.controller) as tx:
        history = consent.history(tx, choice.party, choice.purpose)
        issued = actions._issue_receipt(tx, world.clock, history, ())
        count = tx.connection.execute("SELECT count(*) AS n FROM statements WHERE kind = 'evidence.receipt'").fetchone()
    assert count == {"n": 1}
    assert issued.id == world.receipt(choice).id


def test_the_evidence_opens_with_the_receipt(world: World) -> None:
    choice = world.choose(Answer.GRANTED)
    receipt = world.receipt(choice)
    assert isinstance(verify(receipt.file, KEY.text, evidence=evidence_bytes(HEARD)), Verified)
    assert isinstance(verify(receipt.file, KEY.text, evidence=b"{}"), Refuted)
    assert choice.evidence_kind is EvidenceKind.WORDS_HEARD


def test_a_receipt_and_its_row_hold_no_personal_data_and_no_salt(world: World, database_url: str) -> None:
    choice = world.choose(Answer.GRANTED)
    receipt = world.receipt(choice)
    salt = read(receipt.file)["rightcall:ledger"]["opening"]
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT document FROM receipts WHERE receipt = %s", (receipt.id,)).fetchone()
    assert row is not None
    for planted in (ADA_NAME, ADA_TEL, ADA_TEL[3:], "said: yes"):
        assert planted.encode() not in receipt.file
        assert planted.encode() not in row[0]
    assert salt.encode() not in row[0]


def test_an_erased_person_has_no_new_receipt(world: World) -> None:
    choice = world.choose(Answer.GRANTED)
    kept = world.receipt(choice)
    with world.database.transaction(world.controller) as tx:
        world.vault.destroy_subject(tx, choice.subject)
    with world.database.transaction(world.controller) as tx:
        found = actions.receipt(tx, world.vault, world.clock, choice.id, key=KEY)
    assert found == Dark(reason=DarkReason.SUBJECT_ERASED)
    assert isinstance(verify(kept.file, KEY.text), Verified), "what the person kept is still proof"


def test_another_controller_cannot_have_it(world: World, database: Database) -> None:
    choice = world.choose(Answer.GRANTED)
    with database.transaction(ControllerId(new_id())) as tx, pytest.raises(NotFound):
        actions.receipt(tx, world.vault, world.clock, choice.id, key=KEY)
    with database.transaction(world.controller) as tx, pytest.raises(NotFound):
        actions.receipt(tx, world.vault, world.clock, ChoiceId(new_id()), key=KEY)


@pytest.mark.parametrize("said", [[Answer.REFUSED], [Answer.GRANTED, Answer.WITHDRAWN]])
def test_a_no_without_the_key_service_has_a_receipt_that_verifies(world: World, keys: KeyFile, said: list[Answer]) -> None:
    """It has no commitment of its own. Whose it is, the yes before it tells; a bare no tells nobody."""
    failing = FailingKeys(keys)
    world.vault = Vault(failing, world.clock)
    for answer in said:
        failing.fails_before = answer is not Answer.GRANTED
        choice = world.choose(answer)
    failing.fails_before = False
    file = world.receipt(choice).file
    found = verify(file, KEY.text)
    assert isinstance(found, Verified), found
    whose = [step.says for step in found.steps if "whose" in step.says]
    assert [("does not say whose" in says) for says in whose] == [said == [Answer.REFUSED]]
    assert isinstance(verify(file, KEY.text, evidence=b"{}"), Refuted)
    forged = read(file)
    forged[PROOFS]["opening"] = None if len(said) > 1 else "00" * 32
    assert isinstance(verify(canonical_json(forged), KEY.text), Refuted)


def erased(world: World) -> tuple[list[StatementId], Opening]:
    """The statements of a whole erasure, and what opens its commitment."""
    id = ErasureId(new_id())
    world.choose(Answer.GRANTED)
    with world.database.transaction(world.controller) as tx:
        erasure.begin(tx, world.clock, erasure=id, subject=world.ada.subject)
        erasure.destroy(tx, world.vault, world.clock, erasure=id)
        done = erasure.confirm(tx, world.clock, erasure=id)
    assert done is not None
    assert done.destroyed is not None
    assert done.confirmed is not None
    assert done.salt is not None
    return [done.destroyed, done.confirmed], Opening(subject=world.ada.subject, salt=done.salt)


def erasure_of(world: World, acts: list[StatementId], opening: Opening, *remains: Remainder) -> Erasure:
    return Erasure(
        subject=opening.commitment,
        request=None,
        done_at=world.clock.at,
        disposals=tuple(Disposal(statement=act) for act in acts),
        destroyed=(("stream", 2),),
        remains=remains,
        backups_until=UNTIL,
    )


def test_an_erasure_yields_a_certificate_that_verifies(world: World) -> None:
    held = Remainder(ground=Ground.HOLD, count=1, until=date(2027, 1, 31))
    acts, opening = erased(world)
    with world.database.transaction(world.controller) as tx:
        id = actions.certify(tx, world.clock, erasure_of(world, acts, opening, held), opening, graded((held,), UNTIL))
        assert isinstance(actions.certificate(tx, id, key=KEY), NotYet)
    world.sign()
    with world.database.transaction(world.controller) as tx:
        certificate = actions.certificate(tx, id, key=KEY)
        assert actions.certificates_of(tx, world.ada.subject) == [id]
    assert isinstance(certificate, Certificate)
    assert certificate.grade is Grade.PARTIAL
    found = verify(certificate.file, KEY.text)
    assert isinstance(found, Verified), found
    assert any("until the end of 2027-01-31" in line for line in render_plain(found))
    assert isinstance(verify(certificate.file, key_of(OTHER_SIGNER).text), Refuted)
    assert str(world.ada.subject).encode() in certificate.file


def test_a_certificate_opens_the_commitment_of_its_own_erasure_only(world: World) -> None:
    (acts, _), fresh = erased(world), Opening.fresh(world.ada.subject)
    with world.database.transaction(world.controller) as tx:
        id = actions.certify(tx, world.clock, erasure_of(world, acts, fresh), fresh, graded((), UNTIL))
    world.sign()
    with world.database.transaction(world.controller) as tx:
        certificate = actions.certificate(tx, id, key=KEY)
    assert isinstance(certificate, Certificate)
    found = verify(certificate.file, KEY.text)
    assert isinstance(found, Refuted)
    assert "person of each act" in found.reason


def test_the_ledger_names_nobody(world: World) -> None:
    erased(world)
    with world.database.transaction(world.controller) as tx:
        leaves = tx.connection.execute("SELECT leaf FROM statements").fetchall()
    assert any(b"erasure.destroyed" in bytes(row["leaf"]) for row in leaves)
    assert not any(str(world.ada.subject).encode() in bytes(row["leaf"]) for row in leaves)


def test_nothing_is_certified_that_the_ledger_does_not_have(world: World) -> None:
    opening = Opening.fresh(world.ada.subject)
    facts = erasure_of(world, [StatementId(new_id())], opening)
    with world.database.transaction(world.controller) as tx, pytest.raises(NotFound):
        actions.certify(tx, world.clock, facts, opening, graded((), UNTIL))


def test_nothing_is_certified_about_another_person(world: World) -> None:
    acts, opening = erased(world)
    facts = erasure_of(world, acts, opening)
    with world.database.transaction(world.controller) as tx, pytest.raises(Breach):
        actions.certify(tx, world.clock, facts, Opening.fresh(world.ada.subject), graded((), UNTIL))


def test_nothing_is_certified_that_contradicts_itself(world: World) -> None:
    acts, opening = erased(world)
    facts = erasure_of(world, acts, opening)
    with world.database.transaction(world.controller) as tx, pytest.raises(Breach, match="contradict itself"):
        actions.certify(tx, world.clock, facts, opening, graded((), None))


def test_there_is_no_certificate_that_was_not_issued(world: World) -> None:
    with world.database.transaction(world.controller) as tx, pytest.raises(NotFound):
        actions.certificate(tx, CertificateId(new_id()), key=KEY)


@pytest.mark.parametrize("table", ["receipts", "certificates"])
def test_what_was_issued_cannot_be_changed_or_removed(world: World, table: str) -> None:
    for statement in (f"UPDATE {table} SET document = 'x'", f"DELETE FROM {table}"):  # noqa: S608 - our own words
        with pytest.raises(psycopg.errors.InsufficientPrivilege), world.database.transaction(world.controller) as tx:
            tx.connection.execute(statement)
