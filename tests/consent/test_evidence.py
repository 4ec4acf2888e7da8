"""What a yes must bring by each channel, and the asks that it may answer; a no must bring nothing. No database."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightcall.actors import Actor, Role
from rightcall.consent.model import Answer, Ask, AskId, Channel, Evidence, EvidenceKind
from rightcall.consent.rules import KEYPAD_COUNTS_FOR, WORDS_COUNT_FOR, ask_of_no, ask_of_yes, counts_for, evidence_for
from rightcall.errors import Conflict, Malformed, Mistake
from rightcall.ids import CallId, NoticeId, PartyId, PurposeId, new_id
from rightcall.personal import Personal
from rightcall.purposes.model import Keypad, Notice
from tests.cast import MONDAY

ONE_TWO, THREE_FOUR = Keypad(yes="1", no="2"), Keypad(yes="3", no="4")
AGENT = Actor(id=new_id(), role=Role.AGENT)


def evidence(kind: EvidenceKind, detail: str) -> Evidence:
    return Evidence(kind=kind, detail=Personal(detail))


@pytest.mark.parametrize(
    ("channel", "kind", "detail", "keypad"),
    [
        (Channel.KEYPAD, EvidenceKind.KEY_PRESSED, "1", ONE_TWO),
        (Channel.KEYPAD, EvidenceKind.KEY_PRESSED, "3", THREE_FOUR),
        (Channel.KEYPAD, EvidenceKind.KEY_PRESSED, "2", Keypad(yes="2", no="1")),
        (Channel.VOICE_HEARD_BY_AGENT, EvidenceKind.WORDS_HEARD, "ja", None),
        (Channel.VOICE_HEARD_BY_AGENT, EvidenceKind.WORDS_HEARD, "“Yes.”", ONE_TWO),
        (Channel.VOICE_HEARD_BY_AGENT, EvidenceKind.WORDS_HEARD, "是", None),
        (Channel.WEB, EvidenceKind.FORM_SENT, "form 17", None),
        (Channel.API, EvidenceKind.REFERENCE, "4711", None),
    ],
)
def test_what_fits_is_kept_as_it_was_given(channel: Channel, kind: EvidenceKind, detail: str, keypad: Keypad | None) -> None:
    given_evidence = evidence(kind, detail)
    assert evidence_for(Answer.GRANTED, channel, given_evidence, keypad) is given_evidence


@pytest.mark.parametrize(
    ("channel", "given_evidence", "keypad", "says"),
    [
        (Channel.KEYPAD, evidence(EvidenceKind.KEY_PRESSED, "2"), ONE_TWO, "Record a refusal"),
        (Channel.KEYPAD, evidence(EvidenceKind.KEY_PRESSED, "1"), THREE_FOUR, "ask again"),
        (Channel.KEYPAD, evidence(EvidenceKind.KEY_PRESSED, "4"), THREE_FOUR, "Record a refusal"),
        (Channel.KEYPAD, evidence(EvidenceKind.KEY_PRESSED, "11"), ONE_TWO, "alone"),
        (Channel.KEYPAD, evidence(EvidenceKind.KEY_PRESSED, "1 or 2"), ONE_TWO, "alone"),
        (Channel.KEYPAD, evidence(EvidenceKind.KEY_PRESSED, ""), ONE_TWO, "alone"),
        (Channel.KEYPAD, evidence(EvidenceKind.KEY_PRESSED, "1"), None, "alone"),
        (Channel.KEYPAD, evidence(EvidenceKind.FORM_SENT, "1"), ONE_TWO, "key_pressed"),
        (Channel.KEYPAD, evidence(EvidenceKind.WORDS_HEARD, "yes"), ONE_TWO, "key_pressed"),
        (Channel.VOICE_HEARD_BY_AGENT, evidence(EvidenceKind.KEY_PRESSED, "1"), ONE_TWO, "words_heard"),
        (Channel.VOICE_HEARD_BY_AGENT, evidence(EvidenceKind.WORDS_HEARD, "1"), ONE_TWO, "says nothing"),
        (Channel.VOICE_HEARD_BY_AGENT, evidence(EvidenceKind.WORDS_HEARD, " … !"), None, "says nothing"),
        (Channel.WEB, evidence(EvidenceKind.REFERENCE, "form 17"), None, "form_sent"),
        (Channel.WEB, evidence(EvidenceKind.FORM_SENT, "--"), None, "says nothing"),
        (Channel.API, evidence(EvidenceKind.WORDS_HEARD, "yes"), None, "reference"),
        (Channel.API, evidence(EvidenceKind.REFERENCE, "."), None, "says nothing"),
        (Channel.API, evidence(EvidenceKind.WORD_OF_ACTOR, "trust me"), None, "needs evidence"),
        (Channel.API, None, None, "needs evidence"),
        (Channel.SIPREC_PREFERENCE, evidence(EvidenceKind.PREFERENCE, "on"), None, "no consent"),
    ],
)
def test_what_does_not_fit_is_no_yes(channel: Channel, given_evidence: Evidence | None, keypad: Keypad | None, says: str) -> None:
    with pytest.raises(Conflict, match=says):
        evidence_for(Answer.GRANTED, channel, given_evidence, keypad)


def test_evidence_has_an_end() -> None:
    with pytest.raises(Malformed):
        evidence_for(Answer.GRANTED, Channel.API, evidence(EvidenceKind.REFERENCE, "x" * 4001), None)


KEYPADS = st.sampled_from([None, ONE_TWO, THREE_FOUR, Keypad(yes="2", no="1")])
DETAILS = st.one_of(st.sampled_from(["", "1", "2", "3", "4", ".", "yes", " 1", "form 17"]), st.text(max_size=5))
GIVEN = st.none() | st.builds(evidence, st.sampled_from(EvidenceKind), DETAILS)


@given(st.sampled_from([Answer.REFUSED, Answer.WITHDRAWN]), st.sampled_from(Channel), GIVEN, KEYPADS)
def test_no_evidence_and_no_lack_of_it_turns_a_no_away(
    answer: Answer, channel: Channel, given_evidence: Evidence | None, keypad: Keypad | None
) -> None:
    kept = evidence_for(answer, channel, given_evidence, keypad)
    assert kept == (given_evidence or evidence(EvidenceKind.WORD_OF_ACTOR, ""))


@given(st.sampled_from(Channel), GIVEN, KEYPADS)
def test_whatever_a_yes_brings_no_key_is_one_but_the_notices_own(
    channel: Channel, given_evidence: Evidence | None, keypad: Keypad | None
) -> None:
    try:
        kept = evidence_for(Answer.GRANTED, channel, given_evidence, keypad)
    except Mistake:
        return
    detail = kept.detail.reveal("test")
    assert kept is given_evidence
    assert any(each.isalnum() for each in detail)
    assert (channel is Channel.KEYPAD) == (kept.kind is EvidenceKind.KEY_PRESSED)
    if channel is Channel.KEYPAD:
        assert keypad is not None
        assert detail == keypad.yes


@dataclass(frozen=True)
class Asked:
    """An ask, some time ago, in words that are or are not those which the yes names."""

    same_words: bool
    answered: bool
    seconds_ago: int
    keypad: Keypad | None


NOTICE = Notice(
    id=NoticeId(new_id()),
    purpose=PurposeId(new_id()),
    language="en",
    version=1,
    text="May we record this?",
    keypad=ONE_TWO,
    digest=bytes(32),
    created_at=MONDAY,
)
OTHER = replace(NOTICE, id=NoticeId(new_id()), purpose=PurposeId(new_id()))


def made(told: Asked) -> tuple[Ask, bool]:
    notice = replace(NOTICE if told.same_words else OTHER, keypad=told.keypad)
    asked_at = MONDAY - timedelta(seconds=told.seconds_ago)
    ask = Ask(
        id=AskId(new_id()),
        call=CallId(new_id()),
        party=PartyId(new_id()),
        purpose=notice.purpose,
        notice=notice.id,
        keypad=told.keypad,
        by=AGENT,
        asked_at=asked_at,
        expires_at=asked_at + counts_for(notice),
    )
    return ask, not told.answered


ASKED = st.builds(
    Asked,
    same_words=st.booleans(),
    answered=st.booleans(),
    seconds_ago=st.sampled_from([-5, 0, 5, 119, 120, 200, 899, 900, 2000]),
    keypad=st.sampled_from([None, ONE_TWO, THREE_FOUR]),
)
CHANNELS = st.sampled_from([Channel.KEYPAD, Channel.VOICE_HEARD_BY_AGENT, Channel.WEB, Channel.API])


@given(st.lists(ASKED, max_size=5), CHANNELS)
def test_a_yes_answers_an_open_ask_with_its_words_or_is_none(told: list[Asked], channel: Channel) -> None:
    asks = sorted((made(each) for each in told), key=lambda each: (each[0].asked_at, each[0].id))
    may_be = [ask for ask, is_open in asks if ask.notice == NOTICE.id and is_open and ask.asked_at <= MONDAY < ask.expires_at]
    if channel is Channel.KEYPAD:
        may_be = [
            ask
            for at, (ask, _) in enumerate(asks)
            if ask in may_be
            and ask.keypad is not None
            and not any(later.keypad == ask.keypad for later, _ in asks[at + 1 :] if later.asked_at <= MONDAY)
        ]
    if may_be:
        assert ask_of_yes(asks, NOTICE, channel=channel, named=None, at=MONDAY) == may_be[-1]
    else:
        with pytest.raises(Conflict, match=r"[Aa]sk"):
            ask_of_yes(asks, NOTICE, channel=channel, named=None, at=MONDAY)
    for ask, _ in asks:
        if ask in may_be:
            assert ask_of_yes(asks, NOTICE, channel=channel, named=ask.id, at=MONDAY) == ask
        else:
            with pytest.raises(Conflict, match=r"[Aa]sk"):
                ask_of_yes(asks, NOTICE, channel=channel, named=ask.id, at=MONDAY)


@given(st.lists(ASKED, max_size=5), st.booleans())
def test_a_no_answers_what_is_open_and_lands_where_nothing_is(told: list[Asked], names_one: bool) -> None:
    asks = [made(each) for each in told]
    named = asks[0][0].id if asks and names_one else None
    found = ask_of_no(asks, NOTICE, named=named)
    waiting = [ask for ask, is_open in asks if is_open and ask.notice == NOTICE.id]
    assert (found in waiting) if waiting else found is None


def test_a_key_counts_shorter_than_words() -> None:
    assert counts_for(NOTICE) == KEYPAD_COUNTS_FOR == timedelta(minutes=2)
    assert counts_for(replace(NOTICE, keypad=None)) == WORDS_COUNT_FOR == timedelta(minutes=15)
