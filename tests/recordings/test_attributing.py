"""Whoever was taken for another in a call is themself from then on, with all they were in it, and keys too."""

from rightcall.actors import Actor, Role
from rightcall.calls import actions as calls
from rightcall.consent.model import Answer
from rightcall.holdings import actions as holdings
from rightcall.ids import new_id
from rightcall.personal import Personal
from rightcall.recordings.attributing import attribute
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import normalise
from rightcall.vault.model import ContentKey
from tests.recordings.scene import ADA, SEVEN, Scene

DPO = Actor(id=new_id(), role=Role.DPO)


def test_who_left_and_came_back_is_one_person_then_too(scene: Scene) -> None:
    first, taken_for = scene.party("p-ada"), calls.party(scene.tx, scene.party("p-ada")).subject
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    [take] = [take for take in scene.state_takes() if take.party == first]
    scene.later()
    scene.amend(parties=(SEVEN,), streams=scene.arrival.streams[1:])
    scene.amend(parties=(ADA, SEVEN), streams=scene.arrival.streams)
    again = scene.party("p-ada")
    assert again != first
    assert calls.party(scene.tx, again).subject == taken_for
    name = normalise(IdentifierKind.CUSTOMER_ID, Personal("the other one"), "DK")
    other = subjects.identify(scene.tx, scene.vault, scene.clock, [name])
    attribute(scene.tx, scene.tools, party=again, to=other, by=DPO)
    assert {calls.party(scene.tx, party).subject for party in (first, again)} == {other}
    assert holdings.get(scene.tx, take.id).subject == other
    scene.vault.destroy_subject(scene.tx, taken_for)
    assert isinstance(scene.vault.unlock_content(scene.tx, holding=take.id, purpose=scene.training.id), ContentKey)
