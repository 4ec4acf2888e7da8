"""Whatever is changed in a file, the check finds it: every byte, every claim, every proof. And it needs nothing but the file."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rightcall.canonical import canonical_json
from rightcall.consent.model import Answer, Choice
from rightcall.evidence.model import FileKind, Ground, KeyFrom, Refuted, Remainder, Verified
from rightcall.evidence.receipt_holder import holder_of
from rightcall.evidence.verify import render_plain, verify
from rightcall.evidence.vocabulary import PROOFS
from rightcall.ids import ControllerId, RequestId
from rightcall.ledger.checkpoint import Checkpoint, checkpoint_text, key_of, open_note, parse_checkpoint, sign_note
from rightcall.ledger.proof import parse_proof, proof_text
from tests.evidence.fakes import (
    EVIDENCE,
    KEY,
    SUBJECT,
    Change,
    Json,
    a_certificate,
    a_choice,
    a_receipt,
    at,
    choice_leaf,
    put,
    read,
)
from tests.ledger.fakes import OTHER_SIGNER, SIGNER, proof_of

RECORD = "dpv:hasRecordOfActivity"
EVENT = (RECORD, "dpv:hasConsentStatus", 0)
GRANTED = a_choice(1, Answer.GRANTED)
WITHDRAWN = a_choice(2, Answer.WITHDRAWN)
PROOF = proof_text(proof_of([b"x", choice_leaf(GRANTED), b"z"], 1)).encode()
REFUSED_UNASKED = a_choice(1, Answer.REFUSED, notice=None)
HELD = Remainder(ground=Ground.HOLD, count=1, until=date(2027, 1, 31))
FIRST_FORMAT = Path(__file__).parent / "first_format"
SECOND_FORMAT = Path(__file__).parent / "second_format"
THIRD_FORMAT = Path(__file__).parent / "third_format"
FOURTH_FORMAT = Path(__file__).parent / "fourth_format"
FILES = {
    "granted": a_receipt(GRANTED),
    "withdrawn": a_receipt(GRANTED, WITHDRAWN),
    "refused without a notice": a_receipt(REFUSED_UNASKED),
    "certificate": a_certificate(request=RequestId(UUID(int=77))),
    "certificate with remains": a_certificate(HELD, backups_until=date(2026, 11, 30)),
    "proof": PROOF,
    **{f"first format, {file.stem}": file.read_bytes() for file in sorted(FIRST_FORMAT.glob("*.json"))},
    **{f"second format, {file.stem}": file.read_bytes() for file in sorted(SECOND_FORMAT.glob("*.json"))},
    **{f"third format, {file.stem}": file.read_bytes() for file in sorted(THIRD_FORMAT.glob("*.json"))},
    **{f"fourth format, {file.stem}": file.read_bytes() for file in sorted(FOURTH_FORMAT.glob("*.json"))},
}


@pytest.mark.parametrize("name", FILES)
def test_what_is_whole_is_proved(name: str) -> None:
    found = verify(FILES[name], KEY.text)
    assert isinstance(found, Verified), found
    assert [step.number for step in found.steps] == list(range(1, len(found.steps) + 1))
    assert found.key_from is KeyFrom.YOU


@pytest.mark.parametrize(
    ("name", "every"),
    [
        ("granted", 1),
        ("certificate", 1),
        ("proof", 1),
        ("withdrawn", 5),
        ("refused without a notice", 5),
        ("certificate with remains", 5),
    ],
)
def test_every_flipped_byte_is_found(name: str, every: int) -> None:
    """In one file of each kind every byte, in their variants every fifth."""
    file = FILES[name]
    for place in range(0, len(file), every):
        bent = file[:place] + bytes([file[place] ^ 1 << place % 8]) + file[place + 1 :]
        assert isinstance(verify(bent, KEY.text), Refuted), place


@pytest.mark.parametrize("name", ["granted", "certificate"])
def test_every_flipped_byte_of_the_key_is_found_without_a_key_too(name: str) -> None:
    """The key in the file is bound as well: a file that names another key is not signed by it."""
    file = FILES[name]
    start = file.index(KEY.text.encode())
    for place in range(start, start + len(KEY.text)):
        bent = file[:place] + bytes([file[place] ^ 1 << (place + 3) % 8]) + file[place + 1 :]
        assert isinstance(verify(bent), Refuted), place


@pytest.mark.parametrize("name", FILES)
def test_what_is_cut_off_or_added_to_is_not_proved(name: str) -> None:
    file = FILES[name]
    for bent in (file[:-1], file[1:], file + b"\n", b" " + file, file + file, b""):
        assert isinstance(verify(bent, KEY.text), Refuted)


def test_what_was_issued_in_the_first_format_is_still_proved() -> None:
    """Files as they were handed out before the second format; `FILES` has them too, so every forgery above and below is tried."""
    files = sorted(FIRST_FORMAT.glob("*.json"))
    assert len(files) == 5
    for file in files:
        found = verify(file.read_bytes(), KEY.text)
        assert isinstance(found, Verified), found
        assert read(file.read_bytes())["dct:conformsTo"] != read(FILES["granted"])["dct:conformsTo"]


@pytest.mark.parametrize(
    "name", ["granted", "certificate", "first format, receipt-granted", "first format, certificate-complete"]
)
@pytest.mark.parametrize("number", [0, 3, 22])
def test_a_format_that_is_not_known_is_refused_and_it_is_said_why(name: str, number: int) -> None:
    document = read(FILES[name])
    put("dct:conformsTo", value=["https://w3id.org/dpv/schema/dpv-27560#receipt", f"urn:rightcall:receipt-{number}"])(document)
    found = verify(canonical_json(document), KEY.text)
    assert isinstance(found, Refuted)
    assert "newer version of Rightcall" in found.reason


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("granted", "first format, receipt-granted"),
        ("certificate", "first format, certificate-complete"),
        ("certificate", "second format, certificate-complete"),
    ],
)
def test_no_document_is_in_the_form_of_one_format_and_named_as_another(one: str, other: str) -> None:
    for named, formed in ((one, other), (other, one)):
        document = read(FILES[formed])
        put("dct:conformsTo", value=read(FILES[named])["dct:conformsTo"])(document)
        found = verify(canonical_json(document), KEY.text)
        assert isinstance(found, Refuted)
        assert found.steps == ()


def claims(document: Json, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The place of every single value."""
    if isinstance(document, dict):
        return [place for name, value in document.items() for place in claims(value, (*path, name))]
    if isinstance(document, list):
        return [place for number, value in enumerate(document) for place in claims(value, (*path, number))]
    return [path]


@pytest.mark.parametrize("name", [name for name in FILES if name != "proof"])
def test_every_claim_is_bound_to_the_ledger(name: str) -> None:
    """Each value, changed to another that fits its place or to none, in a file in canonical form."""
    _check_bound(FILES[name])


def test_every_claim_of_a_copy_for_the_file_is_bound_and_it_shows_nobody() -> None:
    copy = read(FILES["granted"])
    copy[PROOFS].pop("opening")
    told = verify(canonical_json(copy), KEY.text)
    assert isinstance(told, Verified)
    assert any("does not show who did" in each.says for each in told.steps)
    assert isinstance(verify(canonical_json(copy), KEY.text, evidence=b"{}"), Refuted)
    whose = ControllerId(UUID(str(copy["dct:publisher"]).removeprefix("urn:uuid:")))
    assert holder_of(FILES["granted"], KEY.text, whose) is not None
    assert holder_of(canonical_json(copy), KEY.text, whose) is None
    _check_bound(canonical_json(copy))


def _check_bound(file: bytes) -> None:
    for place in claims(read(file)):
        old = at(read(file), *place)
        for new in (None, "", 7, not old if isinstance(old, bool) else f"{old}x", _another(old)):
            document = read(file)
            put(*place, value=new)(document)
            is_copy = (place, new) == ((PROOFS, "opening"), None)  # of the first format, in which a null was written
            if document != read(file) and not is_copy:
                assert isinstance(verify(canonical_json(document), KEY.text), Refuted), (place, new)


def _another(old: Json) -> Json:
    """Something of the same look: an id, an instant, a digest, a number with one digit changed."""
    if isinstance(old, bool):
        return not old
    if isinstance(old, int):
        return old + 1
    if isinstance(old, str):
        for number, letter in enumerate(reversed(old)):
            if letter.isdigit():
                place = len(old) - 1 - number
                return old[:place] + str((int(letter) + 1) % 10) + old[place + 1 :]
    return "another"


FORGED_DOCUMENTS: dict[str, Change] = {
    "a no for a yes": lambda document: (
        put(*EVENT, "@type", value="dpv:ConsentRefused")(document),
        at(document, *EVENT).pop("dpv:hasLegalBasis"),
        document[RECORD].pop("dpv:hasLegalBasis"),
        put(*EVENT, "dct:valid", value="rightcall:UntilNextChoice")(document),
    ),
    "another validity": put(*EVENT, "dct:valid", value="rightcall:UntilNextChoice"),
    "another instant": put(*EVENT, "dct:date", value="2026-11-23T09:31:00.008Z"),
    "another statement": put(*EVENT, "@id", value=f"urn:uuid:{UUID(int=999)}"),
    "another choice": put(*EVENT, "dct:identifier", value=str(UUID(int=999))),
    "another call": put(*EVENT, "rightcall:call", value=f"urn:uuid:{UUID(int=999)}"),
    "another party": put(*EVENT, "rightcall:party", value=f"urn:uuid:{UUID(int=999)}"),
    "another channel": put(*EVENT, "rightcall:channel", value="web"),
    "another kind of evidence": put(*EVENT, "rightcall:evidenceKind", value="form_sent"),
    "another hand": put(*EVENT, "dpv:isImplementedByEntity", "@id", value=f"urn:uuid:{UUID(int=999)}"),
    "another role": put(*EVENT, "rightcall:role", value="dpo"),
    "another notice": put(*EVENT, "rightcall:notice", value=f"urn:uuid:{UUID(int=999)}"),
    "no notice": lambda document: at(document, *EVENT).pop("rightcall:notice"),
    "no digest": lambda document: at(document, *EVENT).pop("rightcall:noticeDigest"),
    "no legal basis": lambda document: document[RECORD].pop("dpv:hasLegalBasis"),
    "no keypad": lambda document: at(document, RECORD, "dpv:hasNotice", "rightcall:document").pop("keypad"),
    "another digest": put(*EVENT, "rightcall:noticeDigest", value="00" * 32),
    "another order": put(*EVENT, "rightcall:sequence", value=2),
    "another record": put(RECORD, "@id", value=f"urn:uuid:{UUID(int=999)}"),
    "another record's id": put(RECORD, "dct:identifier", value=str(UUID(int=999))),
    "another language": put(RECORD, "dct:language", value="da"),
    "another person": put(RECORD, "dpv:hasDataSubject", "dct:identifier", value=str(UUID(int=999))),
    "another person's name": put(RECORD, "dpv:hasDataSubject", "@id", value=f"urn:uuid:{UUID(int=999)}"),
    "another company": put(RECORD, "dpv:hasDataController", "@id", value=f"urn:uuid:{UUID(int=999)}"),
    "another company's id": put(RECORD, "dpv:hasDataController", "dct:identifier", value=str(UUID(int=999))),
    "another publisher": put("dct:publisher", value=f"urn:uuid:{UUID(int=999)}"),
    "another purpose": put(RECORD, "dpv:hasProcess", "dpv:hasPurpose", "@id", value=f"urn:uuid:{UUID(int=999)}"),
    "other words": put(RECORD, "dpv:hasNotice", "rightcall:document", "text", value="Stay on the line if you agree."),
    "other words' language": put(RECORD, "dpv:hasNotice", "rightcall:document", "language", value="da"),
    "another version": put(RECORD, "dpv:hasNotice", "rightcall:document", "version", value=3),
    "another digest of the notice": put(RECORD, "dpv:hasNotice", "rightcall:digest", value="00" * 32),
    "another notice's id": put(RECORD, "dpv:hasNotice", "dct:identifier", value=str(UUID(int=999))),
    "no notice played": put(RECORD, "dpv:hasNotice", value={"@type": "dpv:ConsentNotice", "rightcall:played": False}),
    "another id": put("dct:identifier", value=str(UUID(int=999))),
    "another issue": put("dct:created", value="2026-11-23T10:30:00.001Z"),
}


@pytest.mark.parametrize("name", FORGED_DOCUMENTS)
def test_a_receipt_that_was_issued_falsely_is_refuted_by_the_choice_itself(name: str) -> None:
    """Its digest is in the ledger, so step 3 holds: what refutes it is the leaf of the choice."""
    found = verify(a_receipt(GRANTED, change=FORGED_DOCUMENTS[name]), KEY.text)
    assert isinstance(found, Refuted)
    assert len(found.steps) >= 2


@pytest.mark.parametrize(
    ("history", "played"),
    [
        ((GRANTED,), True),
        ((a_choice(1, Answer.REFUSED),), False),
        ((GRANTED, a_choice(2, Answer.WITHDRAWN)), True),
        ((a_choice(1, Answer.REFUSED), a_choice(2, Answer.REFUSED)), False),
        ((a_choice(1, Answer.REFUSED), a_choice(2, Answer.GRANTED)), True),
    ],
)
def test_a_notice_was_played_only_where_an_ask_says_so(history: tuple[Choice, ...], played: bool) -> None:
    document = json.loads(a_receipt(*history))
    assert document[RECORD]["dpv:hasNotice"]["rightcall:played"] is played
    assert document[RECORD]["dpv:hasNotice"]["rightcall:document"]["text"]
    assert isinstance(verify(a_receipt(*history), KEY.text), Verified)
    lie = put(RECORD, "dpv:hasNotice", "rightcall:played", value=not played)
    assert isinstance(verify(a_receipt(*history, change=lie), KEY.text), Refuted)


@pytest.mark.parametrize(
    ("answer", "change"),
    [
        (Answer.REFUSED, put(RECORD, "dpv:hasLegalBasis", value="eu-gdpr:A6-1-a")),
        (Answer.REFUSED, put(*EVENT, "dpv:hasLegalBasis", value="dpv:ExpressedConsent")),
        (Answer.GRANTED, lambda document: at(document, *EVENT).pop("dpv:hasLegalBasis")),
        (Answer.GRANTED, put(*EVENT, "rightcall:eventType", value="dpv:ImpliedConsent")),
        (Answer.GRANTED, put(*EVENT, "dpv:hasLegalBasis", value="dpv:ImpliedConsent")),
    ],
)
def test_only_a_yes_is_a_legal_basis_and_it_is_said_expressly(answer: Answer, change: Change) -> None:
    assert isinstance(verify(a_receipt(a_choice(1, answer)), KEY.text), Verified)
    assert isinstance(verify(a_receipt(a_choice(1, answer), change=change), KEY.text), Refuted)


@pytest.mark.parametrize(
    "change",
    [
        put("kind", value="consent.asked"),
        put("controller", value=str(UUID(int=999))),
        put("subject", value="00" * 32),
        put("digest", value=None),
        put("answer", value="refused"),
        put("at", value=1),
        put("at", value="1"),
        put("at", value=9 * 10**15),
        put("sequence", value=True),
        lambda leaf: leaf.pop("channel"),
    ],
)
def test_a_receipt_over_another_leaf_is_refuted(change: Change) -> None:
    assert isinstance(verify(a_receipt(GRANTED, change_last_leaf=change), KEY.text), Refuted)


@pytest.mark.parametrize(
    "change",
    [
        put("kind", value="evidence.certificate"),
        put("receipt", value=str(UUID(int=999))),
        put("choice", value=str(UUID(int=999))),
        put("made", value=str(UUID(int=999))),
        put("digest", value="00" * 32),
        put("at", value=1),
    ],
)
def test_a_receipt_with_another_issue_is_refuted(change: Change) -> None:
    assert isinstance(verify(a_receipt(GRANTED, change_issue=change), KEY.text), Refuted)


def test_no_past_state_can_be_left_out() -> None:
    whole = a_receipt(GRANTED, WITHDRAWN)
    assert isinstance(verify(whole, KEY.text), Verified)
    assert isinstance(verify(a_receipt(WITHDRAWN), KEY.text), Refuted)
    document = read(whole)
    document[PROOFS]["events"].pop(0)
    assert isinstance(verify(canonical_json(document), KEY.text), Refuted)


def test_states_in_another_order_are_refuted() -> None:
    assert isinstance(verify(a_receipt(WITHDRAWN, GRANTED), KEY.text), Refuted)


FORGED_CERTIFICATES: dict[str, Change] = {
    "a better grade": put("rightcall:grade", value="complete"),
    "fewer remains": put("rightcall:remains", value=[]),
    "remains for a shorter time": put("rightcall:backupsUntil", value="2026-11-01"),
    "another commitment": put("rightcall:subjectCommitment", value="00" * 32),
    "more destroyed": put("rightcall:destroyed", 0, "rightcall:count", value=9),
    "another act": put("rightcall:disposals", 0, "@id", value=f"urn:uuid:{UUID(int=999)}"),
    "the same act twice": put("rightcall:disposals", 1, "@id", value=f"urn:uuid:{UUID(int=400)}"),
    "one act less": lambda document: document["rightcall:disposals"].pop(),
    "another request": put("rightcall:request", value=f"urn:uuid:{UUID(int=999)}"),
    "another company": put("dpv:hasDataController", "@id", value=f"urn:uuid:{UUID(int=999)}"),
    "another company's id": put("dpv:hasDataController", "dct:identifier", value=str(UUID(int=999))),
    "another publisher": put("dct:publisher", value=f"urn:uuid:{UUID(int=999)}"),
    "another issue": put("dct:created", value="2026-11-23T11:30:00.001Z"),
    "no such day": put("rightcall:remains", 0, "rightcall:until", value="2027-02-31"),
}


@pytest.mark.parametrize("name", FORGED_CERTIFICATES)
def test_a_certificate_that_was_issued_falsely_is_refuted(name: str) -> None:
    file = a_certificate(HELD, backups_until=date(2026, 11, 30), change=FORGED_CERTIFICATES[name])
    found = verify(file, KEY.text)
    assert isinstance(found, Refuted)
    assert len(found.steps) >= 3


@pytest.mark.parametrize("act", range(3))
@pytest.mark.parametrize(
    "change",
    [
        put("kind", value="consent.choice"),
        put("controller", value=str(UUID(int=999))),
        put("id", value=str(UUID(int=999))),
        put("at", value=2 * 10**12),
    ],
)
def test_a_certificate_rests_only_on_earlier_acts_of_destruction_by_the_same_company(act: int, change: Change) -> None:
    assert isinstance(verify(a_certificate(change_act=change, act=act), KEY.text), Refuted)


@pytest.mark.parametrize(
    ("act", "change"),
    [
        (0, put("subject", value="00" * 32)),
        (0, put("erasure", value=str(UUID(int=999)))),
        (1, put("erasure", value=str(UUID(int=999)))),
        (0, put("kind", value="consent.grant_destroyed")),
        (1, put("kind", value="holdings.batch_disposed")),
        (2, put("kind", value="retention.term_ended")),
        (2, put("epoch", value=4)),
    ],
)
def test_a_certificate_rests_on_the_acts_that_its_grade_needs(act: int, change: Change) -> None:
    """This person's key destroyed, confirmed, and a later epoch: another person's, or an earlier one, is not enough."""
    assert isinstance(verify(a_certificate(change_act=change, act=act), KEY.text), Refuted)


@pytest.mark.parametrize(
    ("name", "value"),
    [("grade", "partial"), ("destroyed", 9), ("remaining", 9), ("backups_until", "2027-01-01"), ("subject", "00" * 32)],
)
def test_a_certificate_says_what_its_statement_says(name: str, value: Json) -> None:
    assert isinstance(verify(a_certificate(change_issue=put(name, value=value)), KEY.text), Refuted)


def test_a_file_that_names_another_key_than_yours_is_refuted() -> None:
    assert isinstance(verify(a_receipt(signer=OTHER_SIGNER), KEY.text), Refuted)
    assert isinstance(verify(a_receipt(signer=OTHER_SIGNER), key_of(OTHER_SIGNER).text), Verified)


def test_a_signature_by_another_key_under_your_key_is_refuted() -> None:
    document = read(a_receipt(signer=OTHER_SIGNER))
    document[PROOFS]["key"] = KEY.text
    assert isinstance(verify(canonical_json(document), KEY.text), Refuted)


def test_proofs_may_be_from_different_times_but_not_from_different_ledgers() -> None:
    ours = read(a_receipt(GRANTED))
    later = proof_of([b"a", choice_leaf(GRANTED)], 1)
    assert parse_proof(ours[PROOFS]["events"][0]).checkpoint != later.checkpoint
    ours[PROOFS]["events"][0] = proof_text(later)
    assert isinstance(verify(canonical_json(ours), KEY.text), Verified)
    head = parse_checkpoint(open_note(later.checkpoint, KEY)).head
    elsewhere = sign_note(checkpoint_text(Checkpoint(origin="ledger.example/other", head=head)), SIGNER)
    ours[PROOFS]["events"][0] = proof_text(replace(later, checkpoint=elsewhere))
    found = verify(canonical_json(ours), KEY.text)
    assert isinstance(found, Refuted)
    assert "different ledgers" in found.reason


def test_without_a_key_it_says_what_that_means() -> None:
    found = verify(FILES["granted"])
    assert isinstance(found, Verified)
    assert found.key_from is KeyFrom.THE_FILE
    assert any("whole, not who made it" in line for line in render_plain(found))
    assert not any("whole, not who made it" in line for line in render_plain(verify(FILES["granted"], KEY.text)))


def test_a_bare_proof_needs_a_key() -> None:
    found = verify(PROOF)
    assert isinstance(found, Refuted)
    assert found.kind is FileKind.PROOF
    assert "key" in found.reason


@pytest.mark.parametrize("key", ["", "nonsense", KEY.text[:-2], KEY.text + "x"])
def test_a_key_that_cannot_be_read_refutes(key: str) -> None:
    assert isinstance(verify(FILES["granted"], key), Refuted)


def test_evidence_is_held_against_the_ledger_where_it_is_given() -> None:
    found = verify(FILES["granted"], KEY.text, evidence=EVIDENCE)
    assert isinstance(found, Verified)
    assert any("evidence" in step.says for step in found.steps)
    assert isinstance(verify(FILES["granted"], KEY.text, evidence=EVIDENCE + b" "), Refuted)


def test_what_it_prints_is_plain() -> None:
    lines = render_plain(verify(FILES["withdrawn"], KEY.text))
    assert lines[0].startswith("1. ")
    assert "PROVED." in lines
    assert not any("WHOSE" in line for line in lines)
    assert any("a yes taken back" in line and "2026-11-23T09:32:00.007Z" in line for line in lines)
    assert any("Before that" in line and "yes" in line for line in lines)
    lines = render_plain(verify(FILES["certificate with remains"], KEY.text))
    assert any(line.startswith("Partial") for line in lines)
    assert any("until the end of 2027-01-31" in line for line in lines)
    assert any("2026-11-30" in line for line in lines)
    assert render_plain(verify(b"{}", KEY.text))[-1].startswith("NOT PROVED. ")
    assert render_plain(verify(b"{", KEY.text))[-1] == "NOT PROVED. This is not valid JSON."


def test_without_a_key_the_caveat_comes_first_and_nothing_is_called_proved() -> None:
    lines = render_plain(verify(FILES["granted"]))
    assert not any("PROVED" in line for line in lines)
    verdict = next(number for number, line in enumerate(lines) if line.startswith("WHOLE, BUT WHOSE?"))
    caveat = next(number for number, line in enumerate(lines) if "nobody vouches" in line)
    said = next(number for number, line in enumerate(lines) if "the answer to" in line)
    assert caveat < verdict < said
    assert any(KEY.text in line for line in lines[:verdict])


def test_one_is_not_told_as_several() -> None:
    lines = render_plain(verify(FILES["granted"], KEY.text))
    assert any("its one state" in line for line in lines)
    assert not any("all 1 " in line for line in lines)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_refuted_and_nothing_raises(file: bytes) -> None:
    for given_file in (file, b"c2sp.org/tlog-proof@v1\n" + file, b'{"@type":"dpv:ConsentReceipt",' + file):
        assert isinstance(verify(given_file, KEY.text), Refuted)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**50), 2**50)
    | st.text(max_size=5)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_anything_anywhere_in_a_document_is_refuted_and_nothing_raises(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([name for name in FILES if name != "proof"]))
    document = read(FILES[name])
    place = data.draw(st.sampled_from(claims(document)))
    depth = data.draw(st.integers(1, len(place)))
    put(*place[:depth], value=data.draw(json_values))(document)
    if document != read(FILES[name]):
        assert isinstance(verify(canonical_json(document), KEY.text), Refuted)


@pytest.mark.parametrize(
    "file", [b"[" * 100_000, b'{"a":' * 100_000, b'{"a":"\\ud800"}', b'{"a":1e999}', b'{"@type":[]}', b"null"]
)
def test_hostile_json_is_refuted(file: bytes) -> None:
    assert isinstance(verify(file, KEY.text), Refuted)


def test_it_runs_where_there_is_no_database() -> None:
    check = (
        "import sys; import rightcall.evidence.verify;"
        "bad = [n for n in sys.modules if n.startswith(('psycopg', 'rightcall.database', 'rightcall.adapters', 'sqlalchemy'))"
        " or n.startswith('rightcall.') and n.endswith(('.store', '.actions'))];"
        "sys.exit(repr(bad) if bad else 0)"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_person_is_an_opaque_id_and_nothing_else() -> None:
    assert str(SUBJECT).encode() in FILES["granted"]
    assert b"key_pressed" in FILES["granted"]
    assert EVIDENCE not in FILES["granted"]
