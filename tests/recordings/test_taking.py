"""What becomes of takes: finished, recovered after a crash, played back for a reason and no other."""

import random
from collections.abc import Callable
from functools import partial

import pytest

from rightcall.adapters.audio.render import PyAvAudio
from rightcall.canonical import sha256
from rightcall.consent.model import Answer
from rightcall.database.connection import Database
from rightcall.errors import Conflict, Malformed, NotFound, Tampered
from rightcall.holdings import actions as holdings
from rightcall.holdings.uses import actions as uses
from rightcall.holdings.uses.model import UseAct
from rightcall.ids import HoldingId, new_id
from rightcall.policy.model import Outcome, PauseReason, Verdict
from rightcall.purposes.model import Purpose
from rightcall.recordings import actions
from rightcall.recordings.model import Cut, EndReason, Played, Refused, Take
from rightcall.recordings.playing import Opened, play, read
from rightcall.vault.model import ContentKey, Dark, DarkReason
from tests.recordings.scene import AGENT, SUPERVISOR, Scene

NOISE = random.Random(7)  # noqa: S311  # sound, not a secret


def rtp(number: int) -> bytes:
    head = b"\x80\x00" + number.to_bytes(2, "big") + (160 * number).to_bytes(4, "big") + b"\x00\x00\x00\x07"
    return head + NOISE.randbytes(160)


def recorded_call(scene: Scene, packets: int = 100) -> Take:
    """Ada said yes to training and spoke for a while; the call is over and its takes are in the store."""
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    for number in range(packets):
        assert scene.recorder.hear(scene.stream("1"), 20 * number, rtp(number))
    scene.later(packets / 50)
    actions.end(scene.tx, scene.tools, scene.call, EndReason.HUNG_UP)
    scene.recorder.finish_all(scene.tx)
    return next(take for take in scene.state_takes() if take.stream == scene.stream("1"))


def listen(scene: Scene, take: Take, **changed: object) -> Played | Refused | Dark:
    asked = {
        "take": take.id,
        "purpose": scene.training.id,
        "by": SUPERVISOR,
        "reason": "a coaching session",
        "case": "coaching-2026-11",
        **changed,
    }
    return play(scene.tx, scene.tools, scene.objects, **asked)  # type: ignore[arg-type]  # its own parameters


def test_what_was_kept_is_played_for_a_reason_and_that_is_written_down(scene: Scene) -> None:
    take = recorded_call(scene)
    assert take.packets == 100
    played = listen(scene, take)
    assert isinstance(played, Played)
    assert len(played.recorded.packets) == 100
    assert PyAvAudio().render(played.recorded).duration_ms == 2000
    found = uses.of_holdings(scene.tx, [take.id])
    assert [(use.by, use.act, use.purpose) for use in found] == [(SUPERVISOR, UseAct.PLAY, scene.training.id)]


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [({"reason": " "}, Outcome.NOT_RIGHT), ({"case": None}, Outcome.NOT_RIGHT), ({"by": AGENT}, Outcome.UNLAWFUL)],
)
def test_without_a_reason_a_case_or_the_right_role_nothing_opens(
    scene: Scene, changed: dict[str, object], outcome: Outcome
) -> None:
    take = recorded_call(scene)
    scene.objects.fetched.clear()
    refused = listen(scene, take, **changed)
    assert isinstance(refused, Refused)
    assert refused.verdict.outcome is outcome
    assert scene.objects.fetched == []
    assert uses.of_holdings(scene.tx, [take.id]) == []


def kept_around_a_cut(scene: Scene, purpose: Purpose, cut: Callable[[], object]) -> list[int]:
    """The moments that can be heard of a take cut at 1000 ms, of which the recorder heard later. No policy is asked."""
    for number in range(60):
        assert scene.recorder.hear(scene.stream("1"), 20 * number, rtp(number))
    scene.later(1)
    cut()
    scene.settle()
    take = next(each for each in scene.state_takes() if each.stream == scene.stream("1") and each.cut_at)
    key = scene.vault.unlock_content(scene.tx, holding=take.id, purpose=purpose.id)
    assert isinstance(key, ContentKey)
    verdict = Verdict(outcome=Outcome.PROCEED, lawful=True, right=True, reasons=(), duties=(), missing=(), rule_set=b"")
    holding = holdings.get(scene.tx, take.id)
    opened = Opened(take=take, holding=holding, purpose=purpose.id, key=key, verdict=verdict)
    return [packet.milliseconds for packet in read(scene.tx, scene.objects, opened).packets]


@pytest.mark.parametrize("other", [True, False])
def test_nothing_from_a_no_on_is_heard_although_the_recorder_kept_it(scene: Scene, other: bool) -> None:
    """`other`: another purpose goes on, so that the take is cut as changed. What was kept before stays readable: so says this
    purpose."""
    scene.answer("p-ada", scene.disputes, Answer.GRANTED)
    if other:
        scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    heard = kept_around_a_cut(scene, scene.disputes, lambda: scene.answer("p-ada", scene.disputes, Answer.WITHDRAWN))
    assert heard == list(range(0, 1000, 20))


def test_nothing_from_a_pause_on_is_heard_although_the_recorder_kept_it(scene: Scene) -> None:
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    pausing = partial(actions.pause, scene.tx, scene.tools, scene.call, by=AGENT, reason=PauseReason.CARD_DATA)
    assert kept_around_a_cut(scene, scene.training, pausing) == list(range(0, 1000, 20))


def test_what_goes_on_under_another_yes_is_heard_to_its_end(scene: Scene) -> None:
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    heard = kept_around_a_cut(scene, scene.training, lambda: scene.answer("p-ada", scene.disputes, Answer.GRANTED))
    assert heard == list(range(0, 1200, 20))


def test_after_a_withdrawal_it_is_refused_and_dark(scene: Scene) -> None:
    take = recorded_call(scene)
    scene.answer("p-ada", scene.training, Answer.WITHDRAWN)
    assert isinstance(listen(scene, take), Refused)
    key = scene.vault.unlock_content(scene.tx, holding=take.id, purpose=scene.training.id)
    assert key == Dark(reason=DarkReason.GRANT_DESTROYED)


def test_a_purpose_that_was_not_granted_opens_nothing(scene: Scene) -> None:
    take = recorded_call(scene)
    assert isinstance(listen(scene, take, purpose=scene.disputes.id), Refused)


def test_a_stretch_fetches_only_the_chunks_it_lies_in(scene: Scene) -> None:
    take = recorded_call(scene, packets=6000)
    scene.objects.fetched.clear()
    played = listen(scene, take, start_ms=60_000, length_ms=1_000)
    assert isinstance(played, Played)
    assert [packet.milliseconds for packet in played.recorded.packets] == list(range(60_000, 61_000, 20))
    assert sum(length for _, length in scene.objects.fetched) < len(scene.objects.kept[take.object_key]) * 0.75


def test_bytes_that_were_changed_are_tampered(scene: Scene) -> None:
    take = recorded_call(scene)
    sealed = bytearray(scene.objects.kept[take.object_key])
    sealed[200] ^= 1
    scene.objects.kept[take.object_key] = bytes(sealed)
    with pytest.raises(Tampered):
        listen(scene, take)


def test_a_take_that_is_still_written_is_not_played(scene: Scene) -> None:
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    with pytest.raises(Conflict):
        listen(scene, scene.state_takes()[0])


@pytest.mark.parametrize("stretch", [{"start_ms": -1}, {"length_ms": 0}])
def test_a_stretch_makes_sense(scene: Scene, stretch: dict[str, int]) -> None:
    with pytest.raises(Malformed):
        listen(scene, recorded_call(scene), **stretch)


def test_an_open_take_is_not_finished_and_a_finished_one_only_once(scene: Scene) -> None:
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    take = scene.state_takes()[0]

    def finish(take: HoldingId, sealed: bytes = b"sealed") -> None:
        actions.finish_take(
            scene.tx,
            scene.tools,
            take,
            sealed_length=len(sealed),
            packets=0,
            first_at=None,
            last_at=None,
            complete=True,
            digest=sha256(sealed),
        )

    with pytest.raises(Conflict):
        finish(take.id)
    actions.end(scene.tx, scene.tools, scene.call, EndReason.HUNG_UP)
    finish(take.id)
    finish(take.id)
    with pytest.raises(Conflict):
        finish(take.id, b"otherwise")
    with pytest.raises(NotFound):
        finish(HoldingId(new_id()))


def test_what_a_killed_recorder_left_is_cut_as_lost_and_the_call_goes_on_in_a_new_take(scene: Scene) -> None:
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    left = {take.id for take in scene.state_takes()}
    for take in left:
        actions.recover(scene.tx, scene.tools, take, found=False)
    takes = {take.id: take for take in scene.state_takes()}
    assert {takes[take].cut_reason for take in left} == {Cut.LOST}
    assert all(takes[take].finished_at and takes[take].packets == 0 for take in left)
    assert all(holdings.get(scene.tx, take).complete is False for take in left)
    actions.settle(scene.tx, scene.tools, scene.call)
    assert scene.open() == {"1": {"training"}, "2": {"training"}}


def test_what_is_unfinished_is_listed_for_the_recorder(scene: Scene, database: Database) -> None:
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    recorder = actions.call_state(scene.tx, scene.call).session.recorder
    scene.tx.connection.execute("SET LOCAL ROLE rightcall_system")
    found = actions.unfinished(scene.tx, recorder)
    scene.tx.connection.execute("SET LOCAL ROLE rightcall_app")
    assert {each.take for each in found} == {take.id for take in scene.state_takes()}
    assert {each.controller for each in found} == {scene.tx.of}
