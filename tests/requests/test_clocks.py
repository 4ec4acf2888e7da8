"""A request and its days: told that it came, extended once, shown step by step."""

from datetime import UTC, date, datetime, timedelta

import pytest

from rightcall.actors import SYSTEM, Actor, Role
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, Malformed
from rightcall.ids import SubjectId, new_id
from rightcall.personal import Personal
from rightcall.requests import actions
from rightcall.requests.actions import Came
from rightcall.requests.model import Channel, DenialGround, ExtensionReason, ProofKind, RequestKind, Stage, Step
from rightcall.requests.places import places_of
from rightcall.subjects import actions as subjects
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.model import IdentifierKind, JoinReason
from rightcall.subjects.rules import normalise
from rightcall.vault.actions import Vault
from tests.cast import MONDAY
from tests.conftest import FixedClock
from tests.requests.conftest import Known

DPO = Actor(id=new_id(), role=Role.DPO)
AGENT = Actor(id=new_id(), role=Role.AGENT)
CALIFORNIAN = "+14155550132"


@pytest.mark.parametrize("channel", Channel)
def test_all_but_an_email_tell_the_person_at_once(
    tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId, channel: Channel
) -> None:
    found = actions.receive(tx, vault, clock, subject=ada, kind=RequestKind.ACCESS, by=AGENT, came=Came(channel=channel))
    assert found.channel is channel
    assert (found.acknowledged_at is None) is (channel is Channel.EMAIL)


def test_who_lives_in_california_has_its_clock_too(tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId) -> None:
    came = Came(channel=Channel.EMAIL, lives_in="US-CA")
    found = actions.receive(tx, vault, clock, subject=ada, kind=RequestKind.ACCESS, by=AGENT, came=came)
    assert (found.law, found.due_on) == ("EU", date(2026, 12, 23))
    assert found.acknowledge_by == date(2026, 12, 7)
    clock.at = datetime(2026, 12, 8, tzinfo=UTC)
    assert actions.unanswered(tx, clock)[RequestKind.ACCESS].unacknowledged == 1
    actions.acknowledge(tx, clock, found.id, by=AGENT)
    assert actions.unanswered(tx, clock)[RequestKind.ACCESS].unacknowledged == 0


def test_a_number_says_where_its_person_is(tx: Transaction, vault: Vault, clock: FixedClock) -> None:
    caller = subjects.identify(tx, vault, clock, [normalise(IdentifierKind.TEL, Personal(CALIFORNIAN), "US")])
    found = actions.receive(tx, vault, clock, subject=caller, kind=RequestKind.OBJECTION, by=AGENT)
    assert (found.law, found.due_on) == ("US-CA", date(2026, 12, 14))


def test_nobody_lives_where_there_is_no_place(tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId) -> None:
    with pytest.raises(Malformed, match="US has no part"):
        actions.receive(tx, vault, clock, subject=ada, kind=RequestKind.ACCESS, by=DPO, came=Came(lives_in="US-CAL"))


@pytest.mark.parametrize("place", ["UK", "GB"])
def test_a_place_has_one_law_whichever_of_its_codes_is_written(
    tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId, place: str
) -> None:
    actions.receive(tx, vault, clock, subject=ada, kind=RequestKind.ACCESS, by=DPO, came=Came(lives_in=place))
    assert "UK" in places_of(tx, vault, ada, place)


def test_it_is_extended_once_and_before_its_day(tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId) -> None:
    request = actions.receive(tx, vault, clock, subject=ada, kind=RequestKind.ACCESS, by=AGENT)
    clock.at = datetime(2026, 12, 23, 23, 59, tzinfo=UTC)
    assert actions.extend(tx, clock, request.id, reason=ExtensionReason.COMPLEX, by=DPO) == date(2027, 2, 23)
    found = actions.get(tx, request.id)
    assert (found.due_on, found.extended_for) == (date(2027, 2, 23), ExtensionReason.COMPLEX)
    with pytest.raises(Conflict, match="once"):
        actions.extend(tx, clock, request.id, reason=ExtensionReason.COMPLEX, by=DPO)
    late = actions.receive(tx, vault, clock, subject=ada, kind=RequestKind.PORTABILITY, by=AGENT)
    clock.at = datetime(2027, 1, 24, tzinfo=UTC)
    with pytest.raises(Conflict, match="before that"):
        actions.extend(tx, clock, late.id, reason=ExtensionReason.MANY_REQUESTS, by=DPO)


def test_what_no_law_extends_is_not_extended(tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId) -> None:
    came = Came(lives_in="US-CA")
    request = actions.receive(tx, vault, clock, subject=ada, kind=RequestKind.OBJECTION, by=AGENT, came=came)
    with pytest.raises(Conflict, match="gives no more time"):
        actions.extend(tx, clock, request.id, reason=ExtensionReason.COMPLEX, by=DPO)


def test_nothing_is_extended_or_answered_after_the_answer(
    tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId
) -> None:
    request = actions.receive(tx, vault, clock, subject=ada, kind=RequestKind.ACCESS, by=AGENT)
    actions.deny(tx, clock, request.id, ground=DenialGround.IDENTITY_IN_DOUBT, by=DPO)
    with pytest.raises(Conflict, match="answered already"):
        actions.extend(tx, clock, request.id, reason=ExtensionReason.COMPLEX, by=DPO)


def test_each_step_has_its_instant_and_its_actor(tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId) -> None:
    came = Came(channel=Channel.EMAIL, proof=ProofKind.CALL_BACK)
    request = actions.receive(tx, vault, clock, subject=ada, kind=RequestKind.ACCESS, by=AGENT, came=came)
    deeds = (
        lambda: actions.acknowledge(tx, clock, request.id, by=AGENT),
        lambda: actions.begin(tx, clock, request.id, by=DPO),
        lambda: actions.extend(tx, clock, request.id, reason=ExtensionReason.MANY_REQUESTS, by=DPO),
        lambda: actions.fulfil(tx, clock, request.id, by=DPO),
        lambda: actions.fulfil(tx, clock, request.id, by=DPO),
        lambda: actions.acknowledge(tx, clock, request.id, by=AGENT),
    )
    for deed in deeds:
        clock.at += timedelta(hours=1)
        deed()
    steps = [(each.step, each.by, (each.at - MONDAY) // timedelta(hours=1)) for each in actions.progress(tx, request.id)]
    assert steps == [
        (Step.RECEIVED, AGENT, 0),
        (Step.PROVED, AGENT, 0),
        (Step.READY, SYSTEM, 0),
        (Step.ACKNOWLEDGED, AGENT, 1),
        (Step.BEGUN, DPO, 2),
        (Step.EXTENDED, DPO, 3),
        (Step.FULFILLED, DPO, 4),
    ]
    assert actions.get(tx, request.id).stage is Stage.ANSWERED


def test_what_is_due_first_is_first_and_pages_follow(tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId) -> None:
    def ask(kind: RequestKind, came: Came) -> object:
        return actions.receive(tx, vault, clock, subject=ada, kind=kind, by=AGENT, came=came).id

    month, short = ask(RequestKind.ACCESS, Came()), ask(RequestKind.OBJECTION, Came(lives_in="US-CA"))
    again = ask(RequestKind.PORTABILITY, Came())
    done = actions.receive(tx, vault, clock, subject=ada, kind=RequestKind.OBJECTION, by=DPO, came=Came(lives_in="US-CA"))
    actions.fulfil(tx, clock, done.id, by=DPO)
    first = actions.waiting(tx, limit=2)
    assert [each.id for each in first] == [short, month]
    assert [each.id for each in actions.waiting(tx, after=first[-1].id, limit=2)] == [again]
    clock.at = datetime(2026, 12, 17, tzinfo=UTC)
    soon = actions.unanswered(tx, clock)
    assert (soon[RequestKind.ACCESS].due_soon, soon[RequestKind.ACCESS].late) == (1, 0)
    assert (soon[RequestKind.OBJECTION].due_soon, soon[RequestKind.OBJECTION].late) == (0, 1)


def test_the_law_of_each_number_that_the_whole_person_is_known_by_counts(
    tx: Transaction, vault: Vault, clock: FixedClock, known: Known
) -> None:
    caller, records = known("+493023125012"), subjects.identify(tx, vault, clock, [])
    assert "DE" not in places_of(tx, vault, records, None)
    joining.join(tx, vault, clock, records, into=caller, reason=JoinReason.PERSON_SAID_SO, by=DPO)
    assert "DE" in places_of(tx, vault, records, None)
