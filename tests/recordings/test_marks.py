"""What somebody says of a party counts at once, stands in the ledger without what it was, and goes with the person's erasure."""

import pytest

from rightcall.calls import actions as calls
from rightcall.calls.model import Age, Marks
from rightcall.consent.model import Answer
from rightcall.errors import Malformed, NotFound
from rightcall.ids import PartyId, new_id
from rightcall.policy.model import Place, PlaceSource
from rightcall.recordings import history, settling
from rightcall.recordings.circumstances import places
from rightcall.recordings.marks import mark
from rightcall.recordings.model import Happening
from rightcall.recordings.rules import Facts, as_they_stand
from tests.recordings.scene import AGENT, Scene


def facts(scene: Scene) -> Facts:
    return settling.facts(scene.tx, scene.tools, settling.locked_session(scene.tx, scene.call))


def test_what_is_said_is_kept_and_weighed(scene: Scene) -> None:
    ada = scene.party("p-ada")
    mark(scene.tx, scene.tools, call=scene.call, party=ada, age=Age.CHILD, by=AGENT)
    marked = mark(scene.tx, scene.tools, call=scene.call, party=ada, in_distress=True, asks_for_it=True, by=AGENT)
    assert marked.marks == Marks(age=Age.CHILD, in_distress=True, asks_for_it=True)
    (weighed,) = [
        as_they_stand(party, scene.training, {}, facts(scene).preferences[party.id])
        for party in facts(scene).present
        if party.id == ada
    ]
    assert (weighed.age, weighed.in_distress, weighed.asks_for_it) == (Age.CHILD, True, True)


def test_the_same_again_is_said_once_and_the_ledger_does_not_say_what(scene: Scene) -> None:
    for _ in range(2):
        mark(scene.tx, scene.tools, call=scene.call, party=scene.party("p-ada"), age=Age.CHILD, by=AGENT)
    marked = [entry for entry in history.timeline(scene.tx, scene.call) if entry.kind is Happening.MARKED]
    assert [(entry.party, entry.by, entry.reason) for entry in marked] == [(scene.party("p-ada"), AGENT, None)]
    found = scene.tx.connection.execute("SELECT leaf FROM statements WHERE statement = %s", (marked[0].statement,))
    ((row,),) = (tuple(each.values()) if isinstance(each, dict) else each for each in found.fetchall())
    leaf = bytes(row)
    assert b"recordings.party_marked" in leaf
    assert b"child" not in leaf


def test_a_child_ends_the_recording_and_an_adult_goes_on_after_a_yes_of_their_own(scene: Scene) -> None:
    """A child's yes is void, and what it opened is in quarantine: that the mark was mistaken brings nothing back by itself."""
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    assert scene.open()["1"] == {"training"}
    mark(scene.tx, scene.tools, call=scene.call, party=scene.party("p-ada"), age=Age.CHILD, by=AGENT)
    scene.settle()
    assert scene.open() == {}
    mark(scene.tx, scene.tools, call=scene.call, party=scene.party("p-ada"), age=Age.ADULT, by=AGENT)
    scene.settle()
    assert scene.open() == {}
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    assert scene.open()["1"] == {"training"}


def test_whose_law_applies(scene: Scene) -> None:
    ada = scene.party("p-ada")
    mark(scene.tx, scene.tools, call=scene.call, party=ada, residence=" us-ca ", by=AGENT)
    present = facts(scene).present
    assert {Place(place="DK", by=PlaceSource.NUMBER), Place(place="US-CA", by=PlaceSource.RESIDENCE)} <= places(scene.tx, present)
    assert any(each.by is PlaceSource.CONTROLLER for each in places(scene.tx, ()))
    mark(scene.tx, scene.tools, call=scene.call, party=ada, residence="", by=AGENT)
    assert PlaceSource.RESIDENCE not in {each.by for each in places(scene.tx, facts(scene).present)}


def test_what_is_no_place_and_who_is_not_there_are_mistakes(scene: Scene) -> None:
    with pytest.raises(Malformed, match="two letters"):
        mark(scene.tx, scene.tools, call=scene.call, party=scene.party("p-ada"), residence="Copenhagen", by=AGENT)
    with pytest.raises(NotFound, match="no such party"):
        mark(scene.tx, scene.tools, call=scene.call, party=PartyId(new_id()), age=Age.CHILD, by=AGENT)


def test_with_the_person_it_goes(scene: Scene) -> None:
    party = mark(scene.tx, scene.tools, call=scene.call, party=scene.party("p-ada"), age=Age.CHILD, residence="DE", by=AGENT)
    calls.unmark(scene.tx, party.subject)
    after = calls.party(scene.tx, party.id)
    assert (after.marks, after.number_place) == (Marks(), None)
