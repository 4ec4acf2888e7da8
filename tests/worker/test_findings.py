"""What is found out about a purpose elsewhere reaches the weighing of every yes to it, and is told once."""

import pytest

from rightcall.consent import actions as consent
from rightcall.consent.quality import actions as quality
from rightcall.consent.quality import store
from rightcall.consent.quality.model import Finding
from rightcall.reactions import REACTIONS
from rightcall.wiring import House
from rightcall.worker.findings import Findings
from rightcall.worker.procedures import procedures_of
from tests.erasure.fakes import World
from tests.procedures.fakes import InlineSteps


def test_a_flag_and_its_lifting_reach_each_yes(house: House, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.recorded()
    purpose, tools = world.scene.training.id, world.scene.tools
    tell = Findings(database=world.database, tools=tools)
    weigh = procedures_of(house)["weigh_purpose"]
    arguments = (str(world.controller), str(purpose))

    def findings() -> set[Finding]:
        weigh(InlineSteps(), *arguments)
        with world.deed() as tx:
            (yes,) = consent.choices_of_call(tx, world.scene.call)
            return set(quality.newest(tx, [yes.id])[yes.id].weighed.findings)

    tell(InlineSteps(), *arguments)
    assert tell(InlineSteps(), *arguments) is False
    with world.deed() as tx:
        assert store.purpose_finding(tx, purpose).steps is not None, "the review in force declares them"
    assert Finding.DETRIMENT_FOUND not in findings()
    with monkeypatch.context() as patched:
        patched.setattr("rightcall.worker.findings.ethics.flagged", lambda _: frozenset({purpose}))
        assert tell(InlineSteps(), *arguments) is True
    assert Finding.DETRIMENT_FOUND in findings()
    assert tell(InlineSteps(), *arguments) is True
    assert Finding.DETRIMENT_FOUND not in findings()


def test_every_reaction_of_a_finding_is_a_procedure_that_the_worker_knows(house: House) -> None:
    known = procedures_of(house)
    kinds = {each.after.KIND: each.procedure for each in REACTIONS if each.procedure in ("tell_of_purpose", "weigh_purpose")}
    assert kinds == {
        "consent.purpose_told": "weigh_purpose",
        "consent.words_judged": "weigh_purpose",
        "ethics.flag_lifted": "tell_of_purpose",
        "ethics.purpose_flagged": "tell_of_purpose",
        "purposes.ended": "weigh_purpose",
        "purposes.notice_retired": "weigh_purpose",
        "purposes.notice": "weigh_purpose",
        "reviews.ended": "tell_of_purpose",
        "reviews.opened": "tell_of_purpose",
    }
    assert set(kinds.values()) <= set(known)
