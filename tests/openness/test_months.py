"""What is counted over whole months, on a real database."""

from datetime import timedelta

from rightcall.actors import PartyRole
from rightcall.consent.model import Answer
from rightcall.openness import actions as openness
from tests.consent.conftest import Scene, scene  # noqa: F401 - a fixture

YESES, NOES = 55, 15


def test_answers_of_last_month_are_told_in_shares_and_those_of_today_are_not(scene: Scene) -> None:  # noqa: F811 - the fixture
    for number in range(YESES + NOES):
        party = scene.join(PartyRole.CUSTOMER)
        scene.choose(Answer.GRANTED if number < YESES else Answer.REFUSED, party)
        if number < 9:
            scene.choose(Answer.WITHDRAWN, party)
    assert openness.months(scene.tx, scene.clock).answers == ()
    scene.clock.at += timedelta(days=31)
    told = openness.months(scene.tx, scene.clock)
    [answers] = told.answers
    assert str(answers.asked) == "70 to 74"
    assert (answers.yes, answers.no, answers.withdrawn) == (80, 20, 15)
    assert told.last < scene.clock.at.date()
    assert str(told.let_go.people) == "fewer than 5"


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
