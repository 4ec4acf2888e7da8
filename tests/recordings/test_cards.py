"""What somebody marks as carrying card data is neither heard nor exported, by the rules for cards alone."""

from datetime import timedelta

import pytest

from rightcall.adapters.audio.render import PyAvAudio
from rightcall.consent.model import Answer
from rightcall.errors import Malformed
from rightcall.policy.model import Outcome, PauseReason
from rightcall.recordings import actions, cards
from rightcall.recordings.exporting import Exported
from rightcall.recordings.model import EndReason, Played, Refused, Take
from rightcall.vault.model import Dark
from tests.recordings.scene import AGENT, DPO, SUPERVISOR, Scene

PACKET = bytes([0x80, 0]) + bytes(10) + b"\xff" * 160
REASON, CASE = "coaching of an agent", "coaching-2026-11"


@pytest.fixture
def takes(scene: Scene) -> tuple[Take, Take]:
    """Ada speaks from second 1 to 3, there is a pause for her card until second 5, and she speaks on until second 7."""
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    scene.recorder.hear(scene.stream("1"), 20, PACKET)
    scene.later(2)
    actions.pause(scene.tx, scene.tools, scene.call, by=AGENT, reason=PauseReason.CARD_DATA)
    scene.settle()
    scene.later(2)
    actions.resume(scene.tx, scene.tools, scene.call, by=AGENT)
    scene.settle()
    scene.recorder.hear(scene.stream("1"), 20, PACKET)
    scene.later(2)
    actions.end(scene.tx, scene.tools, scene.call, EndReason.HUNG_UP)
    scene.recorder.finish_all(scene.tx)
    first, second = (take for take in scene.state_takes() if take.stream == scene.stream("1"))
    return first, second


def mark(scene: Scene, take: Take, since: float | None, until: float | None, *, code: bool = True, number: bool = True) -> None:
    """Seconds from the opening of `take`."""

    def at(seconds: float | None):  # type: ignore[no-untyped-def]  # an instant, or None
        return None if seconds is None else take.opened_at + timedelta(seconds=seconds)

    cards.mark(
        scene.tx,
        scene.tools,
        scene.call,
        since=at(since),
        until=at(until),
        card_data=number,
        authentication_data=code,
        by=AGENT,
    )


def listen(scene: Scene, take: Take) -> Played | Refused | Dark:
    purpose = scene.training.id
    return actions.play(
        scene.tx, scene.tools, scene.objects, take=take.id, purpose=purpose, by=SUPERVISOR, reason=REASON, case=CASE
    )


@pytest.mark.parametrize(
    ("since", "until", "shut"),
    [
        (None, None, (True, True)),
        (1, 2, (True, False)),
        (0, 0, (True, False)),
        (2, 4, (True, True)),
        (2.5, 3.5, (False, False)),
        (3, 4, (False, True)),
        (5, None, (False, True)),
        (5, 90, (False, True)),
        (None, 1, (True, False)),
        (90, None, (False, False)),
    ],
)
def test_a_mark_shuts_every_take_that_it_touches_and_no_other(
    scene: Scene, takes: tuple[Take, Take], since: float | None, until: float | None, shut: tuple[bool, bool]
) -> None:
    assert all(isinstance(listen(scene, take), Played) for take in takes)
    mark(scene, takes[0], since, until)
    assert tuple(isinstance(listen(scene, take), Refused) for take in takes) == shut


@pytest.mark.parametrize(
    ("number", "code", "by"), [(True, True, {"pci.pan", "pci.sad"}), (True, False, {"pci.pan"}), (False, True, {"pci.sad"})]
)
def test_the_rules_for_cards_decide_it(scene: Scene, takes: tuple[Take, Take], number: bool, code: bool, by: set[str]) -> None:
    mark(scene, takes[0], 1, 2, number=number, code=code)
    refused = listen(scene, takes[0])
    assert isinstance(refused, Refused)
    assert refused.verdict.outcome is Outcome.UNLAWFUL
    assert {reason.rule for reason in refused.verdict.reasons} == by


def test_an_export_leaves_out_what_is_marked_and_takes_the_rest(scene: Scene, takes: tuple[Take, Take]) -> None:
    first, second = takes
    mark(scene, first, 1, 2)
    result = actions.export(scene.tx, scene.tools, scene.objects, PyAvAudio(), call=scene.call, by=DPO, reason=REASON, case=CASE)
    assert isinstance(result, Exported)
    assert second.id in result.takes
    assert first.id in {each.take for each in result.left_out}
    assert first.id not in result.takes


def test_a_mark_is_a_statement_and_is_not_rewritten(scene: Scene, takes: tuple[Take, Take]) -> None:
    mark(scene, takes[0], 1, None)
    rows = scene.tx.connection.execute("SELECT kind FROM statements WHERE kind = 'recordings.card_data_marked'").fetchall()
    assert len(rows) == 1


@pytest.mark.parametrize(("since", "until", "number", "code"), [(2, 1, True, True), (1, 2, False, False)])
def test_a_mark_that_says_nothing_is_none(
    scene: Scene, takes: tuple[Take, Take], since: float, until: float, number: bool, code: bool
) -> None:
    with pytest.raises(Malformed):
        mark(scene, takes[0], since, until, number=number, code=code)
    assert isinstance(listen(scene, takes[0]), Played)
