"""Whatever is answered in whatever order, a party stands where a small model says, and a grant can be used exactly then."""

from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rightcall.consent import actions
from rightcall.consent.model import Answer, GrantOutcome
from rightcall.consent.quality.rules import WORN_DOWN
from rightcall.errors import Conflict
from rightcall.vault.quarantine import actions as quarantine
from tests.consent.conftest import Scene

Step = Answer | Literal["ask", "1", "2", "5"]
STEPS: list[Step] = [*Answer, "ask", "1", "2", "5"]


class Model:
    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.asked = False
        self.pressed_yes = False

    @property
    def latest(self) -> Answer | None:
        return self.answers[-1] if self.answers else None

    @property
    def is_worn_down(self) -> bool:
        """Asked on and on after a no: such a yes is void, and what it opened is in quarantine."""
        return sum(answer is not Answer.GRANTED for answer in self.answers) >= WORN_DOWN

    def say(self, answer: Answer) -> bool:
        """Whether it lands: a no does, and a yes where it was asked for."""
        if answer is Answer.GRANTED and not self.asked:
            return False
        no = Answer.WITHDRAWN if self.latest is Answer.GRANTED else Answer.REFUSED
        self.answers.append(Answer.GRANTED if answer is Answer.GRANTED else no)
        self.asked, self.pressed_yes = False, False
        return True

    def press(self, key: str) -> bool:
        """The same by key; and the no key takes back a yes that was pressed just now."""
        if key == "5" or not (self.asked or (key == "2" and self.pressed_yes)):
            return False
        self.say(Answer.GRANTED if key == "1" else Answer.REFUSED)
        self.pressed_yes = key == "1"
        return True


def take(scene: Scene, model: Model, step: Step) -> None:
    match step:
        case "ask":
            scene.ask()
            model.asked = True
        case "1" | "2" | "5":
            choice = scene.press(step)
            assert (choice is not None) == model.press(step)
        case _:
            if model.say(step):
                scene.write(scene.new(step))
                return
            with pytest.raises(Conflict, match=r"[Aa]sk"):
                scene.write(scene.new(step))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(STEPS), max_size=12))
def test_any_history_leads_where_the_model_says(scene: Scene, steps: list[Step]) -> None:
    scene.ada = scene.join()
    model = Model()
    for step in steps:
        take(scene, model, step)
    history = actions.history(scene.tx, scene.ada.id, scene.purpose.id)
    standing = scene.standing()
    assert [choice.answer for choice in history] == model.answers
    assert standing.answer is model.latest
    assert (standing.grant is not None) == (model.latest is Answer.GRANTED and not model.is_worn_down)
    opened = [choice.grant for choice in history if choice.outcome is GrantOutcome.OPENED]
    living = [grant for grant in opened if grant is not None and scene.vault.grant_lives(scene.tx, grant)]
    assert len(set(opened)) == len(opened)
    shut = quarantine.withheld(scene.tx, living)
    usable = [grant for grant in living if grant not in shut]
    assert usable[-1:] == ([] if standing.grant is None else [standing.grant])
    assert (model.latest is Answer.GRANTED) or living == []
