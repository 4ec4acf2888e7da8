"""What is counted over whole months, on a real database."""

from datetime import datetime, timedelta

import pytest

from rightcall.actors import PartyRole
from rightcall.calls import actions as calls
from rightcall.consent.model import Answer
from rightcall.openness import actions as openness
from rightcall.openness import store
from rightcall.openness.rules import LEAST
from rightcall.subjects.actions import identify
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.model import JoinReason
from tests.consent.conftest import Scene, scene  # noqa: F401 - a fixture
from tests.purposes.examples import DPO

YESES, NOES = 55, 15


def test_answers_of_last_month_are_told_in_shares_and_those_of_today_are_not(scene: Scene) -> None:  # noqa: F811 - the fixture
    for number in range(YESES + NOES):
        party = scene.join(PartyRole.CUSTOMER)
        scene.choose(Answer.GRANTED if number < YESES else Answer.REFUSED, party)
        if number < 9:
            scene.choose(Answer.WITHDRAWN, party)
    began = scene.clock.at
    for later in (timedelta(), timedelta(minutes=1), _end_of_month(began) - began - timedelta(seconds=1)):
        scene.clock.at = began + later
        assert openness.months(scene.tx, scene.clock).answers == (), "this month counts when it is over"
    scene.clock.at = _end_of_month(began)
    told = openness.months(scene.tx, scene.clock)
    [answers] = told.answers
    assert str(answers.asked) == "70 to 74"
    assert (answers.yes, answers.no, answers.withdrawn) == (80, 20, 15)
    assert told.last < scene.clock.at.date()


def _end_of_month(at: datetime) -> datetime:
    return (at.replace(day=1, hour=0, minute=0, second=0, microsecond=0) + timedelta(days=32)).replace(day=1)


def test_one_person_with_many_calls_is_one_and_so_are_two_that_were_joined(scene: Scene) -> None:  # noqa: F811 - the fixture
    twice = identify(scene.tx, scene.vault, scene.clock, [])
    joining.join(scene.tx, scene.vault, scene.clock, twice, into=scene.ada.subject, reason=JoinReason.PERSON_SAID_SO, by=DPO)
    for number in range(LEAST):
        subject = (scene.ada.subject, twice)[number % 2]
        call = calls.begin(scene.tx, scene.clock)
        party = calls.join(scene.tx, scene.clock, call=call.id, subject=subject, role=PartyRole.CUSTOMER)
        scene.choose(Answer.GRANTED, party)
    scene.clock.at = _end_of_month(scene.clock.at)
    [answers] = openness.months(scene.tx, scene.clock).answers
    assert (str(answers.asked), answers.yes) == ("fewer than 5", None)


@pytest.mark.parametrize("erased", [0, 4, 5, 9])
def test_who_was_erased_is_told_in_fives(scene: Scene, erased: int, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(store, "erased", lambda *_: erased)
    told = openness.months(scene.tx, scene.clock).let_go.people
    assert str(told) == ("fewer than 5" if erased < 5 else "5 to 9")


def test_who_takes_back_a_yes_of_long_ago_is_none_of_these_months(scene: Scene) -> None:  # noqa: F811 - the fixture
    long_ago = [scene.join(PartyRole.CUSTOMER) for _ in range(5)]
    for party in long_ago:
        scene.choose(Answer.GRANTED, party)
    scene.clock.at += timedelta(days=400)
    for _ in range(YESES):
        scene.choose(Answer.GRANTED, scene.join(PartyRole.CUSTOMER))
    for party in long_ago:
        scene.choose(Answer.WITHDRAWN, party)
    scene.clock.at += timedelta(days=31)
    [answers] = openness.months(scene.tx, scene.clock).answers
    assert (answers.yes, answers.withdrawn) == (100, 0)
