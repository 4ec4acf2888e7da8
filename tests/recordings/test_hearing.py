"""A person hears what they said, also where it came in a vCon, and nobody hears another."""

from pathlib import Path

import pytest

from rightcall.actors import Actor, PartyRole, Role
from rightcall.calls import actions as calls
from rightcall.errors import NotFound
from rightcall.holdings.uses import actions as uses
from rightcall.holdings.uses.model import Ground, UseAct
from rightcall.ids import HoldingId, SubjectId, new_id
from rightcall.recordings.hearing import AsItCame, hear_own
from tests.recordings.scene import Scene
from tests.recordings.test_receiving import document, kept_call, read, take_in

HERSELF = Actor(id=new_id(), role=Role.SUBJECT)


def test_what_came_in_a_vcon_is_heard_as_it_came_and_by_nobody_else(scene: Scene, tmp_path: Path) -> None:
    vcon = read(document(scene))
    taken_in = take_in(scene, vcon, tmp_path)
    holding = taken_in.kept[1]
    parties = calls.parties(scene.tx, kept_call(taken_in))
    ada = [each.subject for each in parties if each.role is PartyRole.CUSTOMER]
    others = [each.subject for each in parties if each.role is PartyRole.AGENT]
    heard = hear_own(scene.tx, scene.tools, scene.objects, take=holding, person=ada, by=HERSELF)
    assert isinstance(heard, AsItCame)
    assert heard.body == vcon.dialogs[1].body
    [use] = uses.of_holdings(scene.tx, [holding])
    assert (use.act, use.ground, use.by) == (UseAct.PLAY, Ground.OWN_REQUEST, HERSELF)
    for person, id in ((others, holding), ([SubjectId(new_id())], holding), (ada, HoldingId(new_id()))):
        with pytest.raises(NotFound, match="no such recording of yours"):
            hear_own(scene.tx, scene.tools, scene.objects, take=id, person=person, by=HERSELF)
