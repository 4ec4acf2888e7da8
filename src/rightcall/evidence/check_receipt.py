"""Checking a receipt: steps 1 to 6 of `verify`."""

import hmac
from collections.abc import Mapping, Sequence

from rightcall.canonical import Json, canonical_json, sha256
from rightcall.consent.model import Answer
from rightcall.errors import Tampered
from rightcall.evidence.checking import (
    Check,
    check_opening,
    check_shape,
    committed,
    in_ledger,
    issued,
    leaf_at,
    maybe_urn,
    moment_of,
    same,
    settle_key,
)
from rightcall.evidence.first_format import FIRST_RECEIPT
from rightcall.evidence.model import FileKind
from rightcall.evidence.saying import Said, said
from rightcall.evidence.shapes import RECEIPT, Reader
from rightcall.evidence.vocabulary import ANSWER_IN_WORDS, BASIS, PROOFS, RECEIPT_FORMATS, STATE, VALID, urn
from rightcall.languages import marked
from rightcall.purposes.model import LawfulBasis

_ANSWERS = {state: answer for answer, state in STATE.items()}


def check_receipt(check: Check, document: Mapping[str, Json], evidence: bytes | None) -> tuple[Said, ...]:
    check.kind = FileKind.RECEIPT
    number = check_shape(document, RECEIPT_FORMATS, {1: FIRST_RECEIPT, 2: RECEIPT}, "the receipt")
    reader = Reader(document)
    record = Reader({"record": document["dpv:hasRecordOfActivity"]})
    check.passed(marked("It is a whole consent receipt (ISO/IEC TS 27560), in the one form it can have."))
    settle_key(check, reader)
    issue = issued(check, reader, "evidence.receipt", "receipt")
    same(issue.text("choice"), reader.text("dpv:hasRecordOfActivity", "dct:identifier"), "The choice that was receipted")
    same(issue.text("at_iso"), reader.text("dct:created"), "The instant of issue")
    leaves = _check_events(check, reader, issue)
    _check_record(reader, leaves[-1])
    if number > 1:
        _check_basis(reader, leaves[-1])
        _check_played(reader, leaves)
    _check_notice(check, reader, leaves[-1])
    _check_person(check, reader, leaves)
    if evidence is not None:
        _check_evidence(check, reader, leaves[-1], evidence)
    return _receipt_says(record, leaves)


def _check_events(check: Check, reader: Reader, issue: Reader) -> list[Reader]:
    """Step 4 for a receipt: every state, each in its own leaf, in their order and with none left out."""
    events = reader.each("dpv:hasRecordOfActivity", "dpv:hasConsentStatus")
    proofs = reader.texts(PROOFS, "events")
    if len(events) != len(proofs):
        raise Tampered("The receipt does not prove each of its states once.")
    leaves = [in_ledger(check, proof)[0] for proof in proofs]
    for place, (event, leaf) in enumerate(zip(events, leaves, strict=True), start=1):
        _check_event(event, leaf, place)
        for name in ("controller", "party", "purpose"):
            same(leaf.text(name), leaves[0].text(name), f"The {name} of each state")
    same(issue.text("made"), leaves[-1].text("id"), "The statement that was receipted")
    same(issue.text("choice"), leaves[-1].text("choice"), "The choice that was receipted")
    if len(leaves) == 1:
        check.passed(marked("The ledger holds the choice, and its one state, as the receipt tells it."))
    else:
        check.passed(
            marked("The ledger holds the choice, and all %(count)s states it has had, as the receipt tells it."),
            count=len(leaves),
        )
    return leaves


def _check_event(event: Reader, leaf: Reader, place: int) -> None:
    answer = _ANSWERS[event.text("@type")]
    same(leaf.text("kind"), "consent.choice", "The kind of the statement")
    claims: dict[str, tuple[Json, Json]] = {
        "The statement": (event.text("@id"), urn(leaf.text("id"))),
        "The choice": (event.text("dct:identifier"), leaf.text("choice")),
        "The answer": (answer.value, leaf.text("answer")),
        "How long it is valid": (event.text("dct:valid"), VALID[answer]),
        "The instant": (event.text("dct:date"), leaf_at(leaf)),
        "The call": (event.text("rightcall:call"), urn(leaf.text("call"))),
        "The party": (event.text("rightcall:party"), urn(leaf.text("party"))),
        "The channel": (event.text("rightcall:channel"), leaf.text("channel")),
        "The kind of evidence": (event.text("rightcall:evidenceKind"), leaf.text("evidence_kind")),
        "Who wrote it down": (event.text("dpv:isImplementedByEntity", "@id"), urn(leaf.text("actor"))),
        "Whose role": (_role(event), leaf.text("role")),
        "The notice": (event.value("rightcall:notice"), maybe_urn(leaf.value("notice"))),
        "The notice's digest": (event.value("rightcall:noticeDigest"), leaf.value("digest")),
        "The order of the states": (event.number("rightcall:sequence"), leaf.number("sequence")),
        "The number of states": (event.number("rightcall:sequence"), place),
    }
    for what, (claimed, held) in claims.items():
        same(claimed, held, what)


def _check_record(reader: Reader, leaf: Reader) -> None:
    """What the record says twice must be one thing, and what it says of the choice is in the leaf."""
    record = "dpv:hasRecordOfActivity"
    controller, subject = leaf.text("controller"), reader.text(record, "dpv:hasDataSubject", "dct:identifier")
    claims = {
        "The record": (reader.text(record, "@id"), urn(leaf.text("choice"))),
        "The publisher": (reader.text("dct:publisher"), urn(controller)),
        "The controller": (reader.text(record, "dpv:hasDataController", "@id"), urn(controller)),
        "The controller's id": (reader.text(record, "dpv:hasDataController", "dct:identifier"), controller),
        "The person": (reader.text(record, "dpv:hasDataSubject", "@id"), urn(subject)),
        "The purpose": (reader.text(record, "dpv:hasProcess", "dpv:hasPurpose", "@id"), urn(leaf.text("purpose"))),
    }
    for what, (claimed, held) in claims.items():
        same(claimed, held, what)


def _check_basis(reader: Reader, leaf: Reader) -> None:
    """Consent is named as the basis where it was given, and nowhere else. The first format named it always."""
    basis = reader.value("dpv:hasRecordOfActivity", "dpv:hasLegalBasis")
    if Answer(leaf.text("answer")) is Answer.GRANTED:
        if basis is None:
            raise Tampered("The receipt names no legal basis for what was agreed to.")
    elif basis == BASIS[LawfulBasis.CONSENT]:
        raise Tampered("The receipt names as its basis a consent that is not there.")


def _role(event: Reader) -> str:
    """Whose role: in the first format of the entity, since then of the event, for one hand may have two roles over time."""
    if event.value("rightcall:role") is not None:
        return event.text("rightcall:role")
    return event.text("dpv:isImplementedByEntity", "rightcall:role")


def _check_notice(check: Check, reader: Reader, leaf: Reader) -> None:
    """Step 5: the notice in the receipt is, to the letter, the one whose digest the choice's leaf has."""
    record = "dpv:hasRecordOfActivity"
    language = reader.text(record, "dct:language")
    told = reader.value(record, "dpv:hasNotice")
    if not isinstance(told, dict) or "rightcall:document" not in told:
        same(leaf.value("notice"), None, "Whether a notice was played")
        same(language, "zxx", "The language")
        check.passed(marked("No notice was played before this answer, and the ledger says the same."))
        return
    notice = Reader({"notice": told})
    document = Reader({"document": notice.value("notice", "rightcall:document")})
    digest = sha256(canonical_json(_whole(document))).hex()
    claims: dict[str, tuple[Json, Json]] = {
        "The notice": (notice.text("notice", "dct:identifier"), leaf.value("notice")),
        "The notice's name": (notice.text("notice", "@id"), maybe_urn(leaf.value("notice"))),
        "The notice's digest": (notice.text("notice", "rightcall:digest"), leaf.value("digest")),
        "The notice's words": (digest, leaf.value("digest")),
        "The notice's purpose": (document.text("document", "purpose"), leaf.text("purpose")),
        "The notice's controller": (document.text("document", "controller"), leaf.text("controller")),
        "The language": (document.text("document", "language"), language),
    }
    for what, (claimed, held) in claims.items():
        same(claimed, held, what)
    check.passed(marked("The words of the notice are those that the choice names in the ledger."))


def _check_played(reader: Reader, leaves: Sequence[Reader]) -> None:
    """The notice was put to the party where one of their answers is to an ask with it. The first format said so of every one."""
    notice = leaves[-1].value("notice")
    asked = any(leaf.value("ask") is not None and leaf.value("notice") == notice for leaf in leaves)
    same(reader.value("dpv:hasRecordOfActivity", "dpv:hasNotice", "rightcall:played"), asked, "Whether the notice was played")


def _whole(document: Reader) -> Json:
    """What the notice's digest is over: with a keypad that is null where there is none."""
    read = document.value("document")
    return {"keypad": None, **read} if isinstance(read, dict) else read


def _check_person(check: Check, reader: Reader, leaves: Sequence[Reader]) -> None:
    """Step 6. A no that was written down while the key service was away has no commitment of its own: then the last state of the
    same party that has one is opened."""
    bound = [leaf for leaf in leaves if leaf.value("subject") is not None]
    if not bound:
        same(reader.value(PROOFS, "opening"), None, "The opening")
        check.passed(marked("No key could be had when this was written down, so the ledger does not say whose it was."))
        return
    if reader.value(PROOFS, "opening") is None:
        check.passed(marked("It is a copy for the file: it proves what was answered, and does not show who did."))
        return
    subject = reader.text("dpv:hasRecordOfActivity", "dpv:hasDataSubject", "dct:identifier")
    check_opening(check, bytes.fromhex(reader.text(PROOFS, "opening")), subject, bound[-1])


def _check_evidence(check: Check, reader: Reader, leaf: Reader, evidence: bytes) -> None:
    if leaf.value("evidence") is None:
        raise Tampered("No key could be had when this was written down, so the ledger committed to no evidence.")
    if reader.value(PROOFS, "opening") is None:
        raise Tampered(
            "Evidence is held against the receipt itself, and this is a copy for the file. Ask the DPO for the receipt."
        )
    if not hmac.compare_digest(committed(bytes.fromhex(reader.text(PROOFS, "opening")), evidence), leaf.text("evidence")):
        raise Tampered(
            "The evidence is not what the ledger committed to, or not in its canonical form: use the file as it was sent."
        )
    check.passed("The evidence is what the ledger committed to when the choice was made.")


def _receipt_says(record: Reader, leaves: Sequence[Reader]) -> tuple[Said, ...]:
    last = leaves[-1]
    purpose = record.text("record", "dpv:hasProcess", "dpv:hasPurpose", "dct:title")
    company = record.text("record", "dpv:hasDataController", "dpv:hasName")
    return (
        said(
            marked("At %(moment)s the answer to %(company)s about the purpose “%(purpose)s” was: %(answer)s."),
            moment=moment_of(last),
            company=company,
            purpose=purpose,
            answer=_answer(last),
        ),
        *(
            said(marked("Before that, at %(moment)s: %(answer)s."), moment=moment_of(leaf), answer=_answer(leaf))
            for leaf in reversed(leaves[:-1])
        ),
    )


def _answer(leaf: Reader) -> Said:
    return said(ANSWER_IN_WORDS[Answer(leaf.text("answer"))])
