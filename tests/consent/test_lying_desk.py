"""Ada presses the key for no. Whatever the desk sends after that, or in the moment before it is told, is no yes of hers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from rightcall.consent import actions
from rightcall.consent.model import Answer, Ask, Channel, Choice, Evidence, EvidenceKind, NewChoice
from rightcall.errors import Conflict
from rightcall.personal import Personal
from rightcall.purposes import actions as purposes
from tests.consent.conftest import HEARD, Scene
from tests.purposes.examples import DPO, TRAINING, a_notice

ONE = Evidence(kind=EvidenceKind.KEY_PRESSED, detail=Personal("1"))
TWO = replace(ONE, detail=Personal("2"))
FORM = Evidence(kind=EvidenceKind.FORM_SENT, detail=Personal("form 17"))
REFERENCE = Evidence(kind=EvidenceKind.REFERENCE, detail=Personal("ticket 17"))

Lie = Callable[[NewChoice, Ask], NewChoice]
LIES: dict[str, Lie] = {
    "she pressed 1": lambda new, _: replace(new, channel=Channel.KEYPAD, evidence=ONE),
    "2 is a yes": lambda new, _: replace(new, channel=Channel.KEYPAD, evidence=TWO),
    "a form is a key": lambda new, _: replace(new, channel=Channel.KEYPAD, evidence=FORM),
    "she said yes": lambda new, _: replace(new, channel=Channel.VOICE_HEARD_BY_AGENT, evidence=HEARD),
    "she sent a form": lambda new, _: replace(new, channel=Channel.WEB, evidence=FORM),
    "there is a ticket": lambda new, _: replace(new, channel=Channel.API, evidence=REFERENCE),
    "it answers that ask": lambda new, ask: replace(new, channel=Channel.KEYPAD, evidence=ONE, ask=ask.id),
    "she said so before": lambda new, ask: replace(new, made_at=ask.asked_at),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_pressed_no_stays_a_no(scene: Scene, lie: str) -> None:
    ask = scene.ask()
    assert scene.press("2") is not None
    scene.clock.at += timedelta(seconds=5)
    with pytest.raises(Conflict):
        scene.write(LIES[lie](scene.new(Answer.GRANTED), ask))
    assert [each.answer for each in actions.history(scene.tx, scene.ada.id, scene.purpose.id)] == [Answer.REFUSED]
    assert scene.standing().grant is None
    assert len(scene.leaves("consent.asked")) == 1
    assert scene.leaves("consent.grant_opened") == []


@pytest.mark.parametrize("lie", LIES)
def test_where_nobody_asked_nothing_is_made_up(scene: Scene, lie: str) -> None:
    asked_ben = scene.ask(scene.join())
    with pytest.raises(Conflict):
        scene.write(LIES[lie](scene.new(Answer.GRANTED), asked_ben))
    assert scene.standing().answer is None
    assert len(scene.leaves("consent.asked")) == 1


@pytest.mark.parametrize("lie", ["she pressed 1", "she said yes", "it answers that ask"])
def test_a_desk_that_is_quicker_than_the_recorder_is_overtaken_by_the_key(scene: Scene, lie: str) -> None:
    """The key was pressed; before the recorder tells of it the desk sends a yes. Told late, the no ends that yes."""
    ask, pressed = scene.ask(), scene.clock.at + timedelta(seconds=1)
    scene.clock.at = pressed + timedelta(milliseconds=100)
    lied = scene.write(LIES[lie](scene.new(Answer.GRANTED), ask))
    scene.clock.at += timedelta(seconds=1)
    no = told_late(scene, "2", pressed)
    assert no is not None
    assert (no.answer, no.grant, no.made_at) == (Answer.WITHDRAWN, lied.grant, pressed)
    assert lied.grant is not None
    assert not scene.vault.grant_lives(scene.tx, lied.grant)
    assert told_late(scene, "2", pressed) is None


def test_a_yes_told_late_changes_no_answer_that_came_since(scene: Scene) -> None:
    scene.ask()
    pressed = scene.clock.at + timedelta(seconds=1)
    scene.clock.at = pressed + timedelta(seconds=1)
    for answer in (Answer.GRANTED, Answer.REFUSED):
        scene.write(scene.new(answer))
        assert told_late(scene, "1", pressed) is None
    assert scene.standing().answer is Answer.WITHDRAWN


def test_a_question_asked_again_is_answered_anew(scene: Scene) -> None:
    """She may change her mind: she is asked again, that is on the record, and what counted before counts no more."""
    scene.ask()
    pressed = scene.clock.at
    assert scene.press("2") is not None
    scene.clock.at += timedelta(seconds=5)
    second = scene.ask()
    choice = scene.write(scene.new(Answer.GRANTED))
    assert (choice.answer, choice.ask) == (Answer.GRANTED, second.id)
    assert told_late(scene, "2", pressed) is None
    assert len(scene.leaves("consent.asked")) == 2


def test_a_key_answers_the_last_question_that_gave_it_a_meaning(scene: Scene) -> None:
    """Asked about two things with the same keys, she presses 2: the desk cannot say that 1 was for the first."""
    scene.ask()
    first = scene.new(Answer.GRANTED)
    scene.clock.at += timedelta(seconds=5)
    scene.purpose = purposes.create_purpose(scene.tx, scene.clock, replace(TRAINING, key="quality"), by=DPO)
    scene.notice = purposes.publish_notice(scene.tx, scene.clock, a_notice(scene.purpose.id), by=DPO)
    scene.ask()
    assert scene.press("2") is not None
    with pytest.raises(Conflict, match="same keys"):
        scene.write(replace(first, channel=Channel.KEYPAD, evidence=ONE))


def test_an_ask_that_nobody_answered_is_over_after_a_while(scene: Scene) -> None:
    ask = scene.ask()
    scene.clock.at = ask.expires_at
    with pytest.raises(Conflict, match="expired"):
        scene.write(scene.new(Answer.GRANTED))
    assert scene.write(scene.new(Answer.REFUSED)).ask == ask.id


def told_late(scene: Scene, digit: str, pressed: datetime) -> Choice | None:
    who = scene.ada
    return actions.keypress(scene.tx, scene.vault, scene.clock, call=who.call, party=who.id, digit=digit, at=pressed)
