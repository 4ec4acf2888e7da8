"""A key is a choice only while an ask gives it a meaning."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from rightcall.actors import Actor, Role
from rightcall.calls import actions as calls
from rightcall.clock import milliseconds_of
from rightcall.consent import actions, rules
from rightcall.consent.evidence import evidence_of
from rightcall.consent.model import CORRECTED_WITHIN, Answer, Ask, Channel, Choice, GrantOutcome, OpenKeys
from rightcall.errors import Conflict
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Keypad
from tests.consent.conftest import AGENT, Scene
from tests.purposes.examples import DPO, TRAINING, a_notice


def ask(scene: Scene) -> Ask:
    return scene.ask()


def second_purpose(scene: Scene, keypad: Keypad) -> None:
    """From here on the scene is about this one."""
    scene.purpose = purposes.create_purpose(scene.tx, scene.clock, replace(TRAINING, key="quality"), by=DPO)
    scene.notice = purposes.publish_notice(scene.tx, scene.clock, replace(a_notice(scene.purpose.id), keypad=keypad), by=DPO)


@pytest.mark.parametrize(("digit", "answer"), [("1", Answer.GRANTED), ("2", Answer.REFUSED)])
def test_a_key_answers_what_was_asked(scene: Scene, digit: str, answer: Answer) -> None:
    asked = ask(scene)
    choice = scene.press(digit)
    assert choice is not None
    assert (choice.answer, choice.channel, choice.ask) == (answer, Channel.KEYPAD, asked.id)
    assert (choice.asked_by, choice.by) == (AGENT, Actor(id=scene.ada.id, role=Role.SUBJECT))
    assert scene.standing().answer is answer


def test_other_keys_are_nothing_and_leave_no_trace(scene: Scene) -> None:
    ask(scene)
    for digit in "0", "3", "#", "", "12", "A":
        assert scene.press(digit) is None
    assert actions.choices_of_party(scene.tx, scene.ada.id) == []
    assert scene.leaves("consent.choice") == []


def test_a_key_with_no_ask_is_nothing(scene: Scene) -> None:
    assert scene.press("1") is None


def test_a_key_of_somebody_else_is_nothing(scene: Scene) -> None:
    ask(scene)
    assert scene.press("1", scene.join()) is None
    assert scene.standing().answer is None


def test_an_ask_is_answered_once(scene: Scene) -> None:
    ask(scene)
    assert scene.press("2") is not None
    assert scene.press("1") is None
    assert scene.standing().answer is Answer.REFUSED


def press_at(scene: Scene, digit: str, at: datetime) -> Choice | None:
    who = scene.ada
    return actions.keypress(scene.tx, scene.vault, scene.clock, call=who.call, party=who.id, digit=digit, at=at)


def answers(scene: Scene) -> list[Answer]:
    return [each.answer for each in actions.choices_of_party(scene.tx, scene.ada.id)]


@pytest.mark.parametrize("seconds", [0.0, 0.1, 3.0, 9.9])
def test_a_no_key_soon_after_the_yes_key_takes_it_back(scene: Scene, seconds: float) -> None:
    ask(scene)
    yes = scene.press("1")
    scene.clock.at += timedelta(seconds=seconds)
    no = scene.press("2")
    assert yes is not None
    assert no is not None
    assert (no.answer, no.channel, no.notice) == (Answer.WITHDRAWN, Channel.KEYPAD, yes.notice)
    assert (no.grant, no.outcome) == (yes.grant, GrantOutcome.DESTROYED)
    assert (scene.standing().answer, scene.standing().grant) == (Answer.WITHDRAWN, None)
    assert len(scene.leaves("consent.grant_destroyed")) == 1


def test_a_no_key_long_after_the_yes_key_is_nothing(scene: Scene) -> None:
    ask(scene)
    scene.press("1")
    scene.clock.at += CORRECTED_WITHIN
    assert scene.press("2") is None
    assert scene.standing().answer is Answer.GRANTED


@pytest.mark.parametrize(
    ("pressed", "written"),
    [
        ("1121", [Answer.GRANTED, Answer.WITHDRAWN]),
        ("1212", [Answer.GRANTED, Answer.WITHDRAWN]),
        ("2112", [Answer.REFUSED]),
        ("11", [Answer.GRANTED]),
    ],
)
def test_interleaved_keys(scene: Scene, pressed: str, written: list[Answer]) -> None:
    """A second yes key means nothing, and neither does one after a no."""
    ask(scene)
    for digit in pressed:
        scene.press(digit)
        scene.clock.at += timedelta(seconds=0.1)
    assert answers(scene) == written


def test_what_can_be_taken_back_is_pending_with_its_no_key_alone(scene: Scene) -> None:
    asked = ask(scene)
    scene.clock.at += rules.KEYPAD_COUNTS_FOR - timedelta(seconds=1)
    pressed = scene.clock.at
    scene.press("1")
    left = OpenKeys(yes=None, no="2", until=pressed + CORRECTED_WITHIN)
    scene.clock.at += timedelta(seconds=5)
    assert actions.pending(scene.tx, scene.ada.id, scene.clock.at) == [(asked, left)]
    assert actions.pending(scene.tx, scene.ada.id, pressed + CORRECTED_WITHIN) == []
    assert scene.press("2") is not None
    assert actions.pending(scene.tx, scene.ada.id, scene.clock.at) == []


def test_both_keys_told_late_count_as_they_were_pressed(scene: Scene) -> None:
    ask(scene)
    pressed = scene.clock.at
    scene.clock.at += timedelta(hours=1)
    press_at(scene, "1", pressed)
    no = press_at(scene, "2", pressed + timedelta(seconds=3))
    assert no is not None
    assert (no.answer, no.made_at, no.written_at) == (Answer.WITHDRAWN, pressed + timedelta(seconds=3), scene.clock.at)


def test_a_no_key_told_late_that_was_pressed_late_is_nothing(scene: Scene) -> None:
    ask(scene)
    pressed = scene.clock.at
    scene.clock.at += timedelta(hours=1)
    press_at(scene, "1", pressed)
    assert press_at(scene, "2", pressed + CORRECTED_WITHIN) is None
    assert answers(scene) == [Answer.GRANTED]


def test_the_no_key_of_a_later_ask_with_the_same_keys_is_that_ones(scene: Scene) -> None:
    first = ask(scene)
    scene.press("1")
    second_purpose(scene, Keypad(yes="1", no="2"))
    scene.clock.at += timedelta(seconds=1)
    second = ask(scene)
    no = scene.press("2")
    assert no is not None
    assert (no.ask, no.answer) == (second.id, Answer.REFUSED)
    assert actions.history(scene.tx, scene.ada.id, first.purpose)[-1].answer is Answer.GRANTED


def test_a_no_key_after_a_yes_in_words_takes_nothing_back(scene: Scene) -> None:
    ask(scene)
    scene.write(scene.new(Answer.GRANTED))
    scene.clock.at += timedelta(seconds=1)
    assert scene.press("2") is None


def test_a_no_key_of_somebody_else_takes_nothing_back(scene: Scene) -> None:
    ask(scene)
    scene.press("1")
    assert scene.press("2", scene.join()) is None
    assert scene.standing().answer is Answer.GRANTED


def test_an_ask_counts_for_two_minutes(scene: Scene) -> None:
    asked = ask(scene)
    both = OpenKeys(yes="1", no="2", until=asked.expires_at)
    assert actions.pending(scene.tx, scene.ada.id, scene.clock.at) == [(asked, both)]
    scene.clock.at += rules.KEYPAD_COUNTS_FOR
    assert scene.press("1") is None
    assert actions.pending(scene.tx, scene.ada.id, scene.clock.at) == []


def test_a_key_pressed_before_the_ask_is_nothing(scene: Scene) -> None:
    ask(scene)
    pressed = scene.clock.at - timedelta(seconds=1)
    who = scene.ada
    assert actions.keypress(scene.tx, scene.vault, scene.clock, call=who.call, party=who.id, digit="1", at=pressed) is None


def test_whoever_left_presses_nothing(scene: Scene) -> None:
    ask(scene)
    calls.leave(scene.tx, scene.clock, scene.ada.id)
    scene.clock.at += timedelta(seconds=1)
    assert scene.press("1") is None
    with pytest.raises(Conflict, match="left"):
        ask(scene)


def test_a_no_pressed_before_leaving_counts_when_it_is_told_of_later(scene: Scene) -> None:
    ask(scene)
    pressed = scene.clock.at
    scene.clock.at += timedelta(seconds=1)
    calls.leave(scene.tx, scene.clock, scene.ada.id)
    who = scene.ada
    choice = actions.keypress(scene.tx, scene.vault, scene.clock, call=who.call, party=who.id, digit="2", at=pressed)
    assert choice is not None
    assert (choice.answer, choice.made_at, choice.written_at) == (Answer.REFUSED, pressed, scene.clock.at)


def test_a_yes_told_late_was_said_then_and_counts_from_now(scene: Scene) -> None:
    ask(scene)
    pressed, who = scene.clock.at, scene.ada
    scene.clock.at += timedelta(hours=1)
    choice = actions.keypress(scene.tx, scene.vault, scene.clock, call=who.call, party=who.id, digit="1", at=pressed)
    assert choice is not None
    (said,), (opened,) = scene.leaves("consent.choice"), scene.leaves("consent.grant_opened")
    assert (choice.made_at, said["at"]) == (pressed, milliseconds_of(pressed))
    assert (choice.written_at, opened["at"]) == (scene.clock.at, milliseconds_of(scene.clock.at))


def test_a_clock_that_was_set_back_makes_no_choice_of_the_future(scene: Scene) -> None:
    ask(scene)
    pressed, who = scene.clock.at + timedelta(seconds=5), scene.ada
    choice = actions.keypress(scene.tx, scene.vault, scene.clock, call=who.call, party=who.id, digit="2", at=pressed)
    assert choice is not None
    assert choice.made_at == choice.written_at == scene.clock.at


def test_a_later_ask_with_the_same_keys_overtakes(scene: Scene) -> None:
    first = ask(scene)
    scene.clock.at += timedelta(seconds=10)
    second_purpose(scene, Keypad(yes="1", no="2"))
    second = ask(scene)
    choice = scene.press("1")
    assert choice is not None
    assert (choice.ask, choice.purpose) == (second.id, scene.purpose.id)
    assert choice.purpose != first.purpose


def test_an_overtaken_ask_stays_so_when_the_later_one_is_answered(scene: Scene) -> None:
    ask(scene)
    scene.clock.at += timedelta(seconds=10)
    second_purpose(scene, Keypad(yes="1", no="2"))
    ask(scene)
    scene.choose(Answer.REFUSED)
    assert scene.press("1") is None


def test_any_answer_closes_all_asks_about_the_purpose(scene: Scene) -> None:
    ask(scene)
    scene.clock.at += timedelta(seconds=1)
    latest = ask(scene)
    bare = replace(scene.new(Answer.REFUSED), notice=None, language=None, evidence=None)
    choice = scene.write(bare)
    assert (choice.ask, choice.notice, choice.asked_by) == (latest.id, scene.notice.id, AGENT)
    assert actions.asks_of_call(scene.tx, scene.call.id)[-1] == latest
    assert actions.pending(scene.tx, scene.ada.id, scene.clock.at) == []
    assert scene.press("1") is None
    assert scene.standing().answer is Answer.REFUSED


def test_asks_with_keys_of_their_own_count_side_by_side(scene: Scene) -> None:
    first = ask(scene)
    second_purpose(scene, Keypad(yes="3", no="4"))
    second = ask(scene)
    answers = [scene.press(digit) for digit in "41"]
    assert [choice and (choice.ask, choice.answer) for choice in answers] == [
        (second.id, Answer.REFUSED),
        (first.id, Answer.GRANTED),
    ]


def test_a_no_pressed_where_a_yes_stands_withdraws_it(scene: Scene) -> None:
    ask(scene)
    scene.press("1")
    scene.clock.at += timedelta(seconds=10)
    ask(scene)
    choice = scene.press("2")
    assert choice is not None
    assert choice.answer is Answer.WITHDRAWN
    assert scene.standing().grant is None


def test_an_agent_writes_down_the_answer_to_what_was_asked(scene: Scene) -> None:
    asked = ask(scene)
    choice = scene.write(scene.new(Answer.GRANTED))
    assert choice.ask == asked.id
    assert scene.press("2") is None
    with pytest.raises(Conflict, match="answered already"):
        scene.write(replace(scene.new(Answer.GRANTED), ask=asked.id))


def test_a_yes_for_an_ended_purpose_is_nothing_and_a_no_is_a_no(scene: Scene) -> None:
    ask(scene)
    purposes.end_purpose(scene.tx, scene.clock, scene.purpose.id, by=DPO)
    assert scene.press("1") is None
    choice = scene.press("2")
    assert choice is not None
    assert choice.answer is Answer.REFUSED
    with pytest.raises(Conflict, match="ended"):
        ask(scene)


def test_the_digit_is_sealed_and_never_in_the_ledger(scene: Scene) -> None:
    ask(scene)
    choice = scene.press("1")
    assert choice is not None
    evidence = evidence_of(scene.tx, scene.vault, choice)
    assert getattr(evidence, "detail", None) is not None
    (leaf,) = scene.leaves("consent.choice")
    assert choice.evidence_commitment is not None
    assert leaf["evidence"] == choice.evidence_commitment.hex()
    assert "digit" not in leaf
