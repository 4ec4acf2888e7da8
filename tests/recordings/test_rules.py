"""Whose yes a stream needs, as a table: the rule of this room by itself, before any policy is asked."""

from dataclasses import replace

import pytest

from rightcall.actors import PartyRole
from rightcall.calls.model import Party
from rightcall.consent.model import Answer, Standing
from rightcall.ids import CallId, GrantId, PartyId, PurposeId, StreamId, SubjectId, new_id
from rightcall.policy.model import PauseReason, Place, PlaceSource, Preference
from rightcall.policy.rules import decide
from rightcall.purposes.model import LawfulBasis, OnWithdrawal, Purpose
from rightcall.recordings import rules
from rightcall.recordings.model import Codec, Stream, Why
from rightcall.recordings.rules import VOICE, Circumstances, Facts, candidates, digest_of
from tests.cast import MONDAY
from tests.recordings.scene import shipped_rules
from tests.reviews.words import FAIR

CALL = CallId(new_id())
PCMU = Codec(payload_type=0, name="PCMU", clock_rate=8000)


def someone(role: PartyRole) -> Party:
    return Party(id=PartyId(new_id()), call=CALL, subject=SubjectId(new_id()), role=role, joined_at=MONDAY, left_at=None)


ADA, BEN = someone(PartyRole.CUSTOMER), someone(PartyRole.THIRD_PARTY)
SEVEN, EIGHT = someone(PartyRole.AGENT), someone(PartyRole.AGENT)
TRAINING = Purpose(
    id=PurposeId(new_id()),
    key="training",
    title="Training",
    justification="Better calls.",
    lawful_basis=LawfulBasis.CONSENT,
    staff_basis=LawfulBasis.LEGITIMATE_INTERESTS,
    data_categories=(VOICE,),
    may_use=frozenset(),
    term_days=30,
    dpv_purpose="dpv:PersonnelManagement",
    on_withdrawal=OnWithdrawal.DESTROY,
    created_at=MONDAY,
)


def stream_of(party: Party | None) -> Stream:
    return Stream(
        id=StreamId(new_id()),
        call=CALL,
        party=None if party is None else party.id,
        label=bytes(32),
        codecs=(PCMU,),
        held=False,
        gone_at=None,
        why=None,
    )


def facts(present: tuple[Party, ...], yes: tuple[Party, ...], purpose: Purpose = TRAINING) -> Facts:
    standing = {
        (party.id, purpose.id): Standing(
            answer=Answer.GRANTED if party in yes else None,
            choice=None,
            grant=GrantId(new_id()) if party in yes else None,
            basis=purpose.basis_for(party.role),
        )
        for party in present
    }
    return Facts(
        call=CALL,
        at=MONDAY,
        circumstances=Circumstances(
            places=frozenset({Place(place="EU", by=PlaceSource.CONTROLLER)}), reviewed={purpose.id: FAIR}
        ),
        over=False,
        pauses=frozenset(),
        present=present,
        preferences={},
        purposes=(purpose,),
        standing=standing,
    )


@pytest.mark.parametrize(
    ("speaker", "present", "yes", "opens"),
    [
        (ADA, (ADA, SEVEN), (), False),
        (ADA, (ADA, SEVEN), (ADA,), True),
        (ADA, (ADA, BEN, SEVEN), (ADA,), True),
        (ADA, (BEN, SEVEN), (BEN, SEVEN), False),
        (BEN, (ADA, BEN, SEVEN), (ADA, SEVEN), False),
        (SEVEN, (ADA, SEVEN), (SEVEN,), False),
        (SEVEN, (ADA, SEVEN), (ADA,), False),
        (SEVEN, (ADA, SEVEN), (ADA, SEVEN), True),
        (SEVEN, (ADA, BEN, SEVEN), (ADA, SEVEN), False),
        (SEVEN, (ADA, BEN, SEVEN), (ADA, BEN, SEVEN), True),
        (SEVEN, (ADA, SEVEN, EIGHT), (ADA, SEVEN), True),
        (SEVEN, (SEVEN,), (SEVEN,), False),
        (SEVEN, (SEVEN, EIGHT), (SEVEN, EIGHT), False),
        (None, (ADA, SEVEN), (ADA,), False),
        (None, (ADA, SEVEN), (ADA, SEVEN), True),
        (None, (SEVEN, EIGHT), (SEVEN, EIGHT), False),
    ],
)
def test_whose_yes_a_stream_needs(speaker: Party | None, present: tuple[Party, ...], yes: tuple[Party, ...], opens: bool) -> None:
    found = candidates(facts(present, yes), stream_of(speaker))
    assert isinstance(found, tuple) == opens
    if isinstance(found, tuple):
        assert len(found[0].grants) == len(rules.needed_parties(present, stream_of(speaker)))
    else:
        assert found is Why.NO_YES


def test_circumstances_close_a_gate_before_any_yes_is_looked_at() -> None:
    known, stream = facts((ADA,), (ADA,)), stream_of(ADA)
    assert isinstance(candidates(known, stream), tuple)
    assert candidates(replace(known, pauses=frozenset({PauseReason.OTHER})), stream) is Why.PAUSED
    assert candidates(replace(known, over=True), stream) is Why.OVER
    assert candidates(known, replace(stream, held=True)) is Why.HELD
    assert candidates(known, replace(stream, gone_at=MONDAY)) is Why.STREAM_GONE


@pytest.mark.parametrize(
    ("basis", "closes"), [(LawfulBasis.CONSENT, True), (LawfulBasis.CONTRACT, True), (LawfulBasis.LEGAL_OBLIGATION, False)]
)
def test_only_a_law_goes_past_a_phones_wish(basis: LawfulBasis, closes: bool) -> None:
    known = replace(facts((ADA,), (ADA,), replace(TRAINING, lawful_basis=basis)), preferences={ADA.id: Preference.OFF})
    assert (candidates(known, stream_of(ADA)) is Why.PREFERENCE) == closes


def test_a_purpose_that_needs_no_voice_captures_none() -> None:
    purpose = replace(TRAINING, data_categories=("pd:TelephoneNumber",))
    assert candidates(facts((ADA,), (ADA,), purpose), stream_of(ADA)) is Why.NO_YES


def test_the_digest_tells_speakers_yeses_and_codecs_apart() -> None:
    stream = stream_of(ADA)
    first, second = (candidates(facts((ADA,), (ADA,)), stream) for _ in range(2))
    assert isinstance(first, tuple)
    assert isinstance(second, tuple)
    other_codec = replace(stream, codecs=(replace(PCMU, payload_type=8, name="PCMA"),))
    digests = {
        digest_of(stream, first),
        digest_of(stream, second),
        digest_of(other_codec, first),
        digest_of(replace(stream, party=BEN.id), first),
    }
    assert len(digests) == 4
    assert digest_of(stream, first) == digest_of(replace(stream, why=Why.NO_YES), first)


@pytest.mark.parametrize(
    ("pause", "stopped_by"),
    [
        (PauseReason.CARD_DATA, {"pci.pan", "pci.sad", "pci.pause", "house.pause_stops_everything"}),
        (PauseReason.VULNERABLE, {"house.pause_stops_everything"}),
        (None, set()),
    ],
)
def test_what_the_policy_is_told_of_a_pause_closes_the_gate_by_itself(pause: PauseReason | None, stopped_by: set[str]) -> None:
    """Belt and braces: a pause closes the gate before any rule is asked, and the rules would close it too."""
    open_gate = facts((ADA, SEVEN), (ADA,))
    found = candidates(open_gate, stream_of(ADA))
    assert isinstance(found, tuple)
    paused = replace(open_gate, pauses=frozenset({pause} if pause else ()))
    verdict = decide(shipped_rules(), rules.question(paused, found[0]))
    assert verdict.proceeds is not bool(stopped_by)
    if stopped_by:
        assert {reason.rule for reason in verdict.reasons} == stopped_by
