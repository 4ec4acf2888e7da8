"""The rules of an answer, without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightcall.actors import Actor, Role
from rightcall.consent.model import Answer, Ask, AskId, Channel, Choice, Evidence, EvidenceKind, GrantOutcome
from rightcall.consent.rules import KEYPAD_COUNTS_FOR, counting, evidence_bytes, meant, outcome_of, settled
from rightcall.ids import CallId, ChoiceId, NoticeId, PartyId, PurposeId, StatementId, SubjectId, new_id
from rightcall.personal import Personal
from rightcall.purposes.model import Keypad, OnWithdrawal
from rightcall.subjects.model import subject_bytes

GRANTED, REFUSED, WITHDRAWN = Answer.GRANTED, Answer.REFUSED, Answer.WITHDRAWN


@pytest.mark.parametrize(
    ("last", "given_answer", "written"),
    [
        (None, GRANTED, GRANTED),
        (None, REFUSED, REFUSED),
        (REFUSED, GRANTED, GRANTED),
        (REFUSED, REFUSED, REFUSED),
        (GRANTED, GRANTED, GRANTED),
        (GRANTED, REFUSED, WITHDRAWN),
        (GRANTED, WITHDRAWN, WITHDRAWN),
        (WITHDRAWN, GRANTED, GRANTED),
        (WITHDRAWN, REFUSED, REFUSED),
        (None, WITHDRAWN, REFUSED),
        (REFUSED, WITHDRAWN, REFUSED),
        (WITHDRAWN, WITHDRAWN, REFUSED),
    ],
)
def test_how_an_answer_is_written_down(last: Answer | None, given_answer: Answer, written: Answer) -> None:
    assert settled(last, given_answer) is written


@pytest.mark.parametrize(
    ("answer", "on_withdrawal", "outcome"),
    [
        (GRANTED, OnWithdrawal.DESTROY, GrantOutcome.OPENED),
        (WITHDRAWN, OnWithdrawal.DESTROY, GrantOutcome.DESTROYED),
        (WITHDRAWN, OnWithdrawal.KEEP, GrantOutcome.KEPT),
        (REFUSED, OnWithdrawal.KEEP, None),
    ],
)
def test_what_becomes_of_the_grant(answer: Answer, on_withdrawal: OnWithdrawal, outcome: GrantOutcome | None) -> None:
    assert outcome_of(answer, on_withdrawal) is outcome


ASKED_AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
PARTY, CALL, PURPOSE = PartyId(new_id()), CallId(new_id()), PurposeId(new_id())
SOMEBODY = Actor(id=PARTY, role=Role.SUBJECT)


def after(seconds: float) -> datetime:
    return ASKED_AT + timedelta(seconds=seconds)


def an_ask(asked_at: datetime, purpose: PurposeId = PURPOSE) -> Ask:
    return Ask(
        id=AskId(new_id()),
        call=CALL,
        party=PARTY,
        purpose=purpose,
        notice=NoticeId(new_id()),
        keypad=Keypad(yes="1", no="2"),
        by=SOMEBODY,
        asked_at=asked_at,
        expires_at=asked_at + KEYPAD_COUNTS_FOR,
    )


def answered(ask: Ask, answer: Answer, channel: Channel, at: datetime) -> Choice:
    return Choice(
        id=ChoiceId(new_id()),
        call=CALL,
        party=PARTY,
        subject=SubjectId(new_id()),
        purpose=ask.purpose,
        sequence=1,
        answer=answer,
        notice=ask.notice,
        notice_digest=b"",
        language="en",
        channel=channel,
        by=SOMEBODY,
        ask=ask.id,
        asked_by=SOMEBODY,
        evidence_kind=EvidenceKind.KEY_PRESSED,
        evidence_commitment=None,
        subject_commitment=None,
        grant=None,
        outcome=None,
        made_at=at,
        written_at=at,
        statement=StatementId(new_id()),
    )


@pytest.mark.parametrize(
    ("answer", "channel", "pressed", "yes_key", "no_key"),
    [
        (None, None, 119, GRANTED, REFUSED),
        (None, None, 120, None, None),
        (GRANTED, Channel.KEYPAD, 99, GRANTED, REFUSED),  # pressed before the yes, and told late
        (GRANTED, Channel.KEYPAD, 100, None, REFUSED),
        (GRANTED, Channel.KEYPAD, 109.9, None, REFUSED),
        (GRANTED, Channel.KEYPAD, 110, None, None),
        (GRANTED, Channel.VOICE_HEARD_BY_AGENT, 99, GRANTED, REFUSED),
        (GRANTED, Channel.VOICE_HEARD_BY_AGENT, 101, None, None),
        (REFUSED, Channel.KEYPAD, 101, None, None),
        (WITHDRAWN, Channel.KEYPAD, 101, None, None),
    ],
)
def test_what_a_key_means_beside_an_answer_of_the_hundredth_second(
    answer: Answer | None, channel: Channel | None, pressed: float, yes_key: Answer | None, no_key: Answer | None
) -> None:
    ask = an_ask(ASKED_AT)
    latest = {} if answer is None or channel is None else {PURPOSE: answered(ask, answer, channel, after(100))}
    counts = counting([(ask, not latest)], latest, after(pressed))
    assert [meant(counts, digit) for digit in "123"] == [yes_key and (ask, yes_key), no_key and (ask, no_key), None]


def test_a_yes_at_the_last_moment_can_be_taken_back_after_the_ask_has_expired() -> None:
    ask = an_ask(ASKED_AT)
    latest = {PURPOSE: answered(ask, GRANTED, Channel.KEYPAD, after(119))}
    assert meant(counting([(ask, False)], latest, after(125)), "2") == (ask, REFUSED)


def test_a_later_ask_with_the_same_keys_overtakes_a_yes_that_could_be_taken_back() -> None:
    ask, later = an_ask(ASKED_AT), an_ask(after(3), PurposeId(new_id()))
    latest = {PURPOSE: answered(ask, GRANTED, Channel.KEYPAD, after(1))}
    asks = [(ask, False), (later, True)]
    assert meant(counting(asks, latest, after(2)), "2") == (ask, REFUSED)
    assert meant(counting(asks, latest, after(4)), "2") == (later, REFUSED)


EVIDENCE = st.builds(
    Evidence,
    kind=st.sampled_from(EvidenceKind),
    detail=st.text(st.characters(codec="utf-8"), max_size=12).map(Personal),
)


@given(EVIDENCE, EVIDENCE, st.uuids())
def test_a_commitment_is_to_one_thing_only(one: Evidence, other: Evidence, subject: object) -> None:
    assert (evidence_bytes(one) == evidence_bytes(other)) == (one == other)
    assert evidence_bytes(one) != subject_bytes(subject)  # type: ignore[arg-type]  # a UUID
