"""The six questions are answered by what runs, on a real database."""

from datetime import timedelta

from rightcall.actors import PartyRole
from rightcall.consent.model import Answer
from rightcall.policy.actions import load_rules
from rightcall.questions import actions as questions
from rightcall.questions.model import DAYS
from tests.consent.conftest import Scene, scene  # noqa: F401 - a fixture


def test_choices_are_counted_on_the_day_that_they_were_made_and_forgotten_after_the_last(scene: Scene) -> None:  # noqa: F811
    scene.choose(Answer.GRANTED)
    scene.choose(Answer.REFUSED, scene.join(PartyRole.CUSTOMER))
    scene.clock.at += timedelta(days=1)
    scene.choose(Answer.WITHDRAWN)
    found = questions.answer(scene.tx, scene.clock, load_rules(), None)
    said = found.said_yes
    assert (said.yes, said.no, said.withdrawn, len(said.days)) == (1, 1, 1, DAYS)
    assert [(each.yes, each.withdrawn) for each in said.days[-2:]] == [(1, 0), (0, 1)]
    assert (found.why.running, found.why.resting) == (0, 1)
    scene.clock.at += timedelta(days=DAYS - 1)
    later = questions.answer(scene.tx, scene.clock, load_rules(), None).said_yes
    assert (later.yes, later.no, later.withdrawn) == (0, 0, 1)
