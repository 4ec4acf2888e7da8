"""After any sequence of joins, answers, pauses and holds, what is open is exactly what a much simpler model says."""

import contextlib
from collections import Counter
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rightcall.calls.model import Trunk
from rightcall.consent.model import Answer
from rightcall.consent.quality.rules import WORN_DOWN
from rightcall.database.connection import Database
from rightcall.errors import Conflict
from rightcall.ids import ControllerId
from rightcall.policy.model import PauseReason, Preference
from rightcall.recordings import actions
from rightcall.recordings.model import ArrivingParty, Direction
from rightcall.vault.actions import Vault
from rightcall.vault.model import ContentKey
from tests.cast import MONDAY, Roll
from tests.conftest import FixedClock
from tests.recordings.scene import ADA, AGENT, BEN, SEVEN, Scene, ring, stream

PEOPLE: dict[str, ArrivingParty] = {"1": ADA, "2": SEVEN, "3": BEN}
KEYS = ("training", "disputes")


@dataclass
class Model:
    """Sets and flags, and the one sentence of the rule."""

    present: set[str] = field(default_factory=lambda: {"1", "2"})
    yes: set[tuple[str, str]] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    paused: bool = False
    unwilling: set[str] = field(default_factory=set)
    noes: Counter[tuple[str, str]] = field(default_factory=Counter)

    def counts(self, label: str, key: str) -> bool:
        """A yes after two noes in the same call is void: whoever gave it was worn down."""
        return (label, key) in self.yes and self.noes[label, key] < WORN_DOWN

    def open(self) -> dict[str, set[str]]:
        outsiders = self.present - {"2"}
        found = {}
        for label in self.present - self.held:
            needed = outsiders if label == "2" else {label}
            keys = {key for key in KEYS if needed and all(self.counts(each, key) for each in needed)}
            if keys and not self.paused and not needed & self.unwilling:
                found[label] = keys
        return found


STEPS = st.one_of(
    st.tuples(st.just("answer"), st.sampled_from("13"), st.sampled_from(KEYS), st.sampled_from(Answer)),
    st.tuples(st.just("come_or_go"), st.sampled_from("13")),
    st.tuples(st.just("hold_or_unhold"), st.sampled_from("123")),
    st.tuples(st.just("pause_or_resume")),
    st.tuples(st.just("wish"), st.sampled_from([Preference.OFF, Preference.ON])),
    st.tuples(st.just("settle")),
)


class Play:
    """Does each step to the real thing and to the model."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.model = scene, Model()

    def answer(self, label: str, key: str, answer: Answer) -> None:
        if label not in self.model.present:
            return
        purpose = self.scene.training if key == "training" else self.scene.disputes
        granted = (label, key) in self.model.yes
        if (answer is Answer.WITHDRAWN) != granted:
            return  # consent's own tests say what becomes of a second yes, or of taking back what was never said
        self.scene.answer(PEOPLE[label].ref, purpose, answer)
        if answer is Answer.GRANTED:
            self.model.yes.add((label, key))
        else:
            self.model.yes.discard((label, key))
            self.model.noes[label, key] += 1

    def come_or_go(self, label: str) -> None:
        if label in self.model.present:
            self.model.present.discard(label)
            self.model.held.discard(label)
            self.model.unwilling.discard(label)
            self.model.yes = {each for each in self.model.yes if each[0] != label}
            self.model.noes = Counter({each: number for each, number in self.model.noes.items() if each[0] != label})
        else:
            self.model.present.add(label)
        self._tell()

    def hold_or_unhold(self, label: str) -> None:
        if label in self.model.present:
            self.model.held ^= {label}
            self._tell()

    def pause_or_resume(self) -> None:
        deed = actions.resume if self.model.paused else None
        if deed is None:
            actions.pause(self.scene.tx, self.scene.tools, self.scene.call, by=AGENT, reason=PauseReason.OTHER)
        else:
            deed(self.scene.tx, self.scene.tools, self.scene.call, by=AGENT)
        self.model.paused = not self.model.paused

    def wish(self, preference: Preference) -> None:
        outsiders = self.model.present - {"2"}
        self.model.unwilling = (
            self.model.unwilling | outsiders if preference is Preference.OFF else self.model.unwilling - outsiders
        )
        self._tell(preference)

    def settle(self) -> None:
        self.scene.settle()

    def _tell(self, preference: Preference | None = None) -> None:
        here = sorted(self.model.present)
        self.scene.amend(
            parties=tuple(PEOPLE[label] for label in here),
            streams=tuple(
                stream(label, PEOPLE[label].ref, Direction.HELD if label in self.model.held else Direction.SENDING)
                for label in here
            ),
            preference=preference,
        )


def readable(scene: Scene) -> bool:
    """Every open take can be read for each of its purposes: its yeses stand."""
    return all(
        isinstance(scene.vault.unlock_content(scene.tx, holding=take.id, purpose=purpose), ContentKey)
        for take in scene.state_takes()
        if take.cut_at is None
        for purpose in take.purposes
    )


@given(st.lists(STEPS, max_size=14))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_open_is_what_the_simple_model_says(
    database: Database, controller: ControllerId, vault: Vault, clock: FixedClock, trunk: Trunk, steps: list[tuple[object, ...]]
) -> None:
    clock.at = MONDAY
    with contextlib.suppress(Roll), database.transaction(controller) as tx:
        scene = ring(tx, vault, clock, trunk)
        acting = Play(scene)
        for name, *details in steps:
            getattr(acting, str(name))(*details)
            scene.later()
        scene.settle()
        assert scene.open() == acting.model.open()
        assert readable(scene)
        assert set(scene.recorder.open) == {take.stream for take in scene.state_takes() if take.cut_at is None}
        raise Roll


def test_the_model_can_tell_a_wrong_opening() -> None:
    """The comparison above would fail on an agent's stream that one of two customers said yes to."""
    model = Model(present={"1", "2", "3"}, yes={("1", "training")})
    assert model.open() == {"1": {"training"}}


def test_a_pause_that_is_none_is_a_conflict(scene: Scene) -> None:
    with pytest.raises(Conflict):
        actions.resume(scene.tx, scene.tools, scene.call, by=AGENT)
