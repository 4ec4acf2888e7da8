"""What is counted over whole months, on a real database."""

from datetime import timedelta

from rightcall.actors import PartyRole
from rightcall.consent.model import Answer
from rightcall.openness import actions as openness
from tests.consent.conftest import Scene, scene  # noqa: F401 - a fixture

YESES, NOES = 45, 15


def test_answers_of_last_month_are_told_in_shares_and_those_of_today_are_not(scene: Scene) -> None:  # noqa: F811
    for number in range(YESES + NOES):
        party = scene.join(PartyRole.CUSTOMER)
        scene.choose(Answer.GRANTED if number < YESES else Answer.REFUSED, party)
        if number < 9:
            scene.choose(Answer.WITHDRAWN, party)
    assert openness.months(scene.tx, scene.clock).answers == ()
    scene.clock.at += timedelta(days=31)
    told = openness.months(scene.tx, scene.clock)
    [answers] = told.answers
    assert str(answers.asked) == "60 to 64"
    assert (answers.yes, answers.no, answers.withdrawn) == (75, 25, None)
    assert told.last < scene.clock.at.date()
    assert str(told.let_go.people) == "fewer than 5"


def test_nothing_is_told_of_another_controller(scene: Scene) -> None:  # noqa: F811
    scene.clock.at += timedelta(days=31)
    assert openness.months(scene.tx, scene.clock).answers == ()
