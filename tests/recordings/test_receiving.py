"""Somebody else's vCon brings in what a basis in it covers here too, and nothing more."""

import json
from pathlib import Path
from typing import Any

import pytest

from rightcall.actors import PartyRole
from rightcall.calls import actions as calls
from rightcall.consent import actions as consent
from rightcall.consent.model import Answer, EvidenceKind
from rightcall.holdings import actions as holdings
from rightcall.holdings.model import Source
from rightcall.recordings import actions
from rightcall.recordings.envelope import sign, verify
from rightcall.recordings.importing import ImportedVcon, read_vcon
from rightcall.recordings.receiving import Received, receive
from rightcall.vault.model import ContentKey
from rightcall.vault.sealing import SealedReader, content_context
from tests.cast import MONDAY
from tests.recordings.scene import DPO, Scene
from tests.recordings.test_taking import recorded_call
from tests.recordings.test_vcon import exported, signer


def sent(scene: Scene, *, signed: bool = True, **changed: Any) -> ImportedVcon:
    """Our own export, as if it came from elsewhere."""
    recorded_call(scene)
    document, ours = {**exported(scene).vcon, **changed}, signer()
    return read_vcon(verify(sign(document, ours), ours.chain, MONDAY).vcon, signed=signed)


def take_in(scene: Scene, vcon: ImportedVcon, folder: Path) -> Received:
    return receive(scene.tx, scene.tools, scene.objects, vcon, by=DPO, region="DK", scratch=folder)


def test_what_its_yes_covers_is_kept_under_both_locks(scene: Scene, tmp_path: Path) -> None:
    vcon = sent(scene)
    received = take_in(scene, vcon, tmp_path)
    assert list(received.kept) == [1]
    holding = holdings.get(scene.tx, received.kept[1])
    assert (holding.provenance.source, holding.purposes, holding.call) == (Source.VCON, (scene.training.id,), received.call)
    key = scene.vault.unlock_content(scene.tx, holding=holding.id, purpose=scene.training.id)
    assert isinstance(key, ContentKey)
    sealed = scene.objects.kept[holding.object_key]
    context = content_context(scene.tx.of, holding.id)
    reader = SealedReader(key.secret, context, lambda at, length: sealed[at : at + length], len(sealed), True)
    assert reader.read(0, reader.plain_length) == vcon.dialogs[1].body
    assert list(tmp_path.iterdir()) == []


def test_its_yes_becomes_a_choice_with_the_vcon_as_evidence(scene: Scene, tmp_path: Path) -> None:
    received = take_in(scene, sent(scene), tmp_path)
    choices = consent.choices_of_call(scene.tx, received.call)
    assert [(each.answer, each.evidence_kind) for each in choices] == [(Answer.GRANTED, EvidenceKind.REFERENCE)]
    customers = [
        {party.subject for party in calls.parties(scene.tx, call) if party.role is PartyRole.CUSTOMER}
        for call in (scene.call, received.call)
    ]
    assert customers[0] == customers[1]


def without_metadata(vcon: Any) -> Any:
    attachments = json.loads(json.dumps(vcon["attachments"]))
    for each in attachments:
        del each["body"]["metadata"]
    return attachments


@pytest.mark.parametrize("missing", ["signature", "attachments", "notice"])
def test_absence_is_denial(scene: Scene, tmp_path: Path, missing: str) -> None:
    recorded_call(scene)
    document, ours = exported(scene).vcon, signer()
    if missing == "attachments":
        document["attachments"] = []
    if missing == "notice":
        document["attachments"] = without_metadata(document)
    vcon = read_vcon(verify(sign(document, ours), ours.chain, MONDAY).vcon, signed=missing != "signature")
    kept_before = set(scene.objects.kept)
    received = take_in(scene, vcon, tmp_path)
    assert (received.kept, received.refused) == ({}, (1,))
    assert set(scene.objects.kept) == kept_before
    assert holdings.of_call(scene.tx, received.call) == []


def test_a_purpose_that_has_ended_here_keeps_nothing(scene: Scene, tmp_path: Path) -> None:
    vcon = sent(scene)
    scene.clock.at = vcon.dialogs[1].start.replace(year=2027)
    assert take_in(scene, vcon, tmp_path).kept == {}


def test_all_deeds_are_reached_from_one_place() -> None:
    assert {"play", "export", "receive", "settle"} <= set(actions.__all__)
