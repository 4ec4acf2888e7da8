"""Whatever is answered in whatever order, a party stands where a model of three lines says, and a grant lives exactly then."""

from typing import Literal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rightcall.consent import actions
from rightcall.consent.model import Answer, GrantOutcome
from rightcall.errors import Conflict
from tests.consent.conftest import AGENT, Scene

Step = Answer | Literal["ask", "1", "2", "5"]
STEPS: list[Step] = [*Answer, "ask", "1", "2", "5"]


class Model:
    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.asked = False

    @property
    def latest(self) -> Answer | None:
        return self.answers[-1] if self.answers else None

    def say(self, answer: Answer) -> bool:
        """Whether it lands."""
        if answer is Answer.WITHDRAWN and self.latest is not Answer.GRANTED:
            return False
        ends = answer is Answer.REFUSED and self.latest is Answer.GRANTED
        self.answers.append(Answer.WITHDRAWN if ends else answer)
        self.asked = False
        return True


def take(scene: Scene, model: Model, step: Step) -> None:
    match step:
        case "ask":
            actions.ask(scene.tx, scene.clock, call=scene.call.id, party=scene.ada.id, notice=scene.notice.id, by=AGENT)
            model.asked = True
        case "1" | "2" | "5":
            choice = scene.press(step)
            lands = model.asked and step != "5"
            assert (choice is not None) == lands
            if lands:
                model.say(Answer.GRANTED if step == "1" else Answer.REFUSED)
        case _:
            if model.say(step):
                scene.choose(step)
                return
            try:
                scene.choose(step)
            except Conflict:
                return
            raise AssertionError("a withdrawal of nothing landed")


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
    assert (standing.grant is not None) == (model.latest is Answer.GRANTED)
    opened = [choice.grant for choice in history if choice.outcome is GrantOutcome.OPENED]
    living = [grant for grant in opened if grant is not None and scene.vault.grant_lives(scene.tx, grant)]
    assert len(set(opened)) == len(opened)
    assert living == ([] if standing.grant is None else [standing.grant])
