"""The documents themselves: what ISO/IEC TS 27560 demands is there, and the grade of a certificate follows from what remains."""

import re
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightcall.consent.model import Answer
from rightcall.errors import Malformed
from rightcall.evidence.certificates import grade_of
from rightcall.evidence.model import NOT_READABLE, Disposal, Erasure, Grade, Ground, Opening, Remainder
from rightcall.evidence.receipts import basis_now
from rightcall.evidence.vocabulary import (
    ANSWER_IN_WORDS,
    BASIS,
    GRADE_IN_WORDS,
    GROUND_IN_WORDS,
    REASON_IN_WORDS,
    STATE,
    VALID,
    instant,
)
from rightcall.ids import StatementId
from rightcall.policy.situations import HoldReason
from rightcall.purposes.model import LawfulBasis
from tests.cast import MONDAY
from tests.evidence.fakes import CONTROLLER, NOTICE, PURPOSE, SUBJECT, Json, a_choice, a_receipt, at, read

RECORD = "dpv:hasRecordOfActivity"
# Field of ISO/IEC TS 27560:2023 -> where it is, by the DPV guide's mapping.
MANDATORY: dict[str, tuple[str | int, ...]] = {
    "schema version": ("dct:conformsTo", 0),
    "receipt id": ("dct:identifier",),
    "record id": (RECORD, "dct:identifier"),
    "record schema version": (RECORD, "dct:conformsTo"),
    "pii principal id": (RECORD, "dpv:hasDataSubject", "dct:identifier"),
    "privacy notice": (RECORD, "dpv:hasNotice", "rightcall:document", "text"),
    "language": (RECORD, "dct:language"),
    "purpose": (RECORD, "dpv:hasProcess", "dpv:hasPurpose", "dct:title"),
    "pii information, pii type": (RECORD, "dpv:hasProcess", "dpv:hasPersonalData", 0),
    "pii controllers, party id": (RECORD, "dpv:hasDataController", "dct:identifier"),
    "storage locations": (RECORD, "dpv:hasProcess", "dpv:hasStorageCondition", 0, "dpv:hasLocation", 0),
    "retention period": (RECORD, "dpv:hasProcess", "dpv:hasStorageCondition", 1, "dpv:hasDuration"),
    "jurisdiction": (RECORD, "dpv:hasJurisdiction", 0),
    "recipient third parties": (RECORD, "dpv:hasProcess", "dpv:hasRecipient", 0),
    "withdrawal method": (RECORD, "dpv:hasProcess", "dpv:hasConsentControl", "dpv:hasContact"),
    "party address": (RECORD, "dpv:hasDataController", "dpv:hasAddress"),
    "party name": (RECORD, "dpv:hasDataController", "dpv:hasName"),
    "party contact": (RECORD, "dpv:hasDataController", "dpv:hasContact"),
    "party type": (RECORD, "dpv:hasDataController", "@type", 0),
    "event time": (RECORD, "dpv:hasConsentStatus", 0, "dct:date"),
    "validity duration": (RECORD, "dpv:hasConsentStatus", 0, "dct:valid"),
    "entity id": (RECORD, "dpv:hasConsentStatus", 0, "dpv:isImplementedByEntity", "@id"),
    "event type": (RECORD, "dpv:hasConsentStatus", 0, "rightcall:eventType"),
    "event state": (RECORD, "dpv:hasConsentStatus", 0, "@type"),
    "GDPR: lawful basis": (RECORD, "dpv:hasLegalBasis"),
    "GDPR: collection method": (RECORD, "dpv:hasProcess", "dpv:hasDataSource"),
    "GDPR: rights": (RECORD, "dpv:hasProcess", "dpv:hasRight", 0),
    "GDPR: authority": (RECORD, "dpv:hasProcess", "dpv:hasAuthority", "dpv:hasJurisdiction", 0),
    "GDPR: necessity": (RECORD, "dpv:hasProcess", "dpv:hasNecessity"),
}


@pytest.mark.parametrize("field", MANDATORY)
def test_every_mandatory_field_is_there(field: str) -> None:
    value = at(read(a_receipt()), *MANDATORY[field])
    assert isinstance(value, str)
    assert value


def test_the_reference_says_where_each_field_is() -> None:
    page = (Path(__file__).parents[2] / "docs/reference/receipts.md").read_text(encoding="utf-8")
    of_receipts = page.partition("## A certificate")[0]
    rows = [line.strip("| ").split(" | ") for line in of_receipts.splitlines() if line.startswith("| ")][1:]
    told = {field: re.findall(r"`([^`]+)`", where.split(":hand")[0].split(";")[0].split("`: ")[0] + "`") for field, where in rows}
    places = {field: [each for each in place if isinstance(each, str) and each != RECORD] for field, place in MANDATORY.items()}
    assert told == places


def test_a_receipt_says_what_the_registers_say() -> None:
    record: Json = read(a_receipt())[RECORD]
    assert record["dpv:hasDataController"]["dpv:hasName"] == CONTROLLER.name
    assert record["dpv:hasProcess"]["dpv:hasPurpose"]["@id"] == f"urn:uuid:{PURPOSE.id}"
    assert record["dpv:hasProcess"]["dpv:hasStorageCondition"][1]["dpv:hasDuration"] == "P90D"
    assert record["dpv:hasNotice"]["rightcall:document"]["text"] == NOTICE.text


def test_all_past_states_are_kept_in_order() -> None:
    history = [a_choice(1, Answer.REFUSED), a_choice(2, Answer.GRANTED), a_choice(3, Answer.WITHDRAWN)]
    states = [each["@type"] for each in read(a_receipt(*history))[RECORD]["dpv:hasConsentStatus"]]
    assert states == ["dpv:ConsentRefused", "dpv:ConsentGiven", "dpv:ConsentWithdrawn"]


@pytest.mark.parametrize("answer", Answer)
@pytest.mark.parametrize("basis", LawfulBasis)
def test_consent_is_a_basis_only_where_it_is_given(answer: Answer, basis: LawfulBasis) -> None:
    """What rests on another basis than consent rests on it whatever the answer."""
    rests = basis is not LawfulBasis.CONSENT or answer is Answer.GRANTED
    assert basis_now(basis, answer) == (BASIS[basis] if rests else None)
    assert set(BASIS) == set(LawfulBasis)


def test_every_answer_grade_and_ground_has_its_words() -> None:
    assert set(STATE) == set(VALID) == set(ANSWER_IN_WORDS) == set(Answer)
    assert set(GRADE_IN_WORDS) == set(Grade)
    assert set(GROUND_IN_WORDS) == set(Ground)
    assert set(REASON_IN_WORDS) == set(HoldReason)


def test_even_the_best_grade_speaks_only_of_what_is_held_here() -> None:
    says = GRADE_IN_WORDS[Grade.COMPLETE]
    assert "nothing held" in says
    assert "What left before is out of reach" in says


def test_a_fresh_opening_is_of_its_own_each_time() -> None:
    first, second = Opening.fresh(SUBJECT), Opening.fresh(SUBJECT)
    assert first.commitment != second.commitment
    assert first.commitment == Opening(subject=SUBJECT, salt=first.salt).commitment


def test_instants_are_cut_to_the_millisecond() -> None:
    assert instant(MONDAY + timedelta(microseconds=7999)) == "2026-11-23T09:30:00.007Z"


@given(st.lists(st.sampled_from(Ground), max_size=6), st.booleans())
def test_the_grade_is_the_best_that_is_true(grounds: list[Ground], has_backups: bool) -> None:
    grade = grade_of(tuple(Remainder(ground=ground, count=1) for ground in grounds), has_backups=has_backups)
    readable = set(grounds) - NOT_READABLE
    assert (grade is Grade.UNCONFIRMED) == (Ground.UNCONFIRMED in grounds)
    assert (grade is Grade.PARTIAL) == (bool(readable) and Ground.UNCONFIRMED not in grounds)
    assert (grade is Grade.COMPLETE_AFTER_BACKUPS) == (not readable and has_backups)
    assert (grade is Grade.COMPLETE) == (not readable and not has_backups)


def erasure(
    disposals: tuple[Disposal, ...] = (Disposal(statement=StatementId(UUID(int=1))),),
    destroyed: tuple[tuple[str, int], ...] = (("stream", 1),),
) -> Erasure:
    return Erasure(
        subject=Opening.fresh(SUBJECT).commitment,
        request=None,
        done_at=MONDAY,
        disposals=disposals,
        destroyed=destroyed,
        remains=(),
        backups_until=date(2026, 12, 1),
    )


def test_nothing_is_certified_without_an_act() -> None:
    assert erasure().disposals
    with pytest.raises(Malformed):
        erasure(disposals=())


@pytest.mark.parametrize("destroyed", [(("stream", 0),), (("stream", 1), ("stream", 2))])
def test_what_was_destroyed_is_counted_once_and_only_where_something_was(destroyed: tuple[tuple[str, int], ...]) -> None:
    with pytest.raises(Malformed):
        erasure(destroyed=destroyed)


def test_what_does_not_remain_is_not_listed() -> None:
    with pytest.raises(Malformed):
        Remainder(ground=Ground.HOLD, count=0)
