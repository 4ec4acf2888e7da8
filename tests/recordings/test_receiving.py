"""Somebody else's vCon brings in what a basis in it covers here too, and nothing more."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from rightcall.actors import PartyRole
from rightcall.adapters.audio.render import PyAvAudio
from rightcall.calls import actions as calls
from rightcall.consent import actions as consent
from rightcall.consent.model import Answer, Channel, EvidenceKind, NewChoice
from rightcall.consent.standing import standing_in
from rightcall.discovery.joins import actions as joins
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import Tally
from rightcall.errors import Conflict, Malformed, NotFound
from rightcall.holdings import actions as holdings
from rightcall.holdings.model import Source
from rightcall.holdings.uses import actions as uses
from rightcall.holdings.uses.model import UseAct
from rightcall.ids import CallId
from rightcall.policy import actions as policy
from rightcall.policy.model import Act, Outcome
from rightcall.purposes.model import LawfulBasis
from rightcall.recordings import actions
from rightcall.recordings.envelope import sign, verify
from rightcall.recordings.exporting import Exported, export
from rightcall.recordings.importing.model import ImportedVcon, Signature
from rightcall.recordings.importing.reading import read_vcon
from rightcall.recordings.model import Refused
from rightcall.recordings.receiving import Received, receive, received, why_nothing
from rightcall.recordings.vcon import instant
from rightcall.recordings.weighing import NotKept
from rightcall.subjects import actions as subjects
from rightcall.vault.model import ContentKey, Dark
from rightcall.vault.sealing import SealedReader, content_context
from tests import vcon_schema
from tests.cast import MONDAY
from tests.discovery.linking.scene import estate
from tests.recordings.scene import DPO, SUPERVISOR, Scene
from tests.recordings.test_taking import recorded_call
from tests.recordings.test_vcon import exported, said, signer

LATER = "01900000-0000-8000-8000-0000000000ff"


def document(scene: Scene, **changed: Any) -> dict[str, Any]:
    """Our own export, as if it came from elsewhere."""
    recorded_call(scene)
    return {**json.loads(json.dumps(exported(scene).vcon)), **changed}


def read(vcon: Any) -> ImportedVcon:
    ours = signer()
    signed = verify(sign(vcon, ours), ours.chain, MONDAY)
    return read_vcon(signed.vcon, signed_by=signed.fingerprint)


def take_in(scene: Scene, vcon: ImportedVcon, folder: Path) -> Received:
    return receive(scene.tx, scene.tools, scene.objects, vcon, by=DPO, region="DK", scratch=folder)


def rows(scene: Scene) -> tuple[int, ...]:
    """How much there is of what an import may bring."""
    tables = ("calls", "parties", "subjects", "identifiers", "choices", "holdings", "vcons_received", "vcon_sounds")
    found = [scene.tx.connection.execute(f"SELECT count(*) AS n FROM {table}").fetchone() for table in tables]  # noqa: S608 - ours
    return tuple(row["n"] for row in found if row is not None)


def kept_call(received: Received) -> CallId:
    assert received.call is not None
    return received.call


def test_what_its_yes_covers_is_kept_under_both_locks(scene: Scene, tmp_path: Path) -> None:
    vcon = read(document(scene))
    received = take_in(scene, vcon, tmp_path)
    assert list(received.kept) == [1]
    holding = holdings.get(scene.tx, received.kept[1])
    assert (holding.provenance.source, holding.purposes, holding.call) == (Source.VCON, (scene.training.id,), received.call)
    key = scene.vault.unlock_content(scene.tx, holding=holding.id, purpose=scene.training.id)
    assert isinstance(key, ContentKey)
    sealed = scene.objects.kept[holding.object_key]
    assert (vcon.dialogs[1].body or b"")[:2000] not in sealed
    context = content_context(scene.tx.of, holding.id)
    reader = SealedReader(key.secret, context, lambda at, length: sealed[at : at + length], len(sealed), True)
    assert reader.read(0, reader.plain_length) == vcon.dialogs[1].body
    assert list(tmp_path.iterdir()) == []


def test_where_it_came_from_is_on_record(scene: Scene, tmp_path: Path) -> None:
    vcon = read(document(scene))
    taken_in = take_in(scene, vcon, tmp_path)
    whence, sounds = received(scene.tx, vcon.id)
    assert (whence.signed_by, whence.by, whence.call) == (vcon.signed_by, DPO, taken_in.call)
    assert [(sound.dialog, sound.id) for sound in sounds] == list(taken_in.kept.items())
    (statement,) = said(scene, "recordings.vcon_received")
    assert (statement["vcon"], statement["kept"]) == (str(vcon.id), [str(taken_in.kept[1])])
    assert statement["verdicts"] == [str(id) for id in taken_in.verdicts]
    with pytest.raises(NotFound):
        received(scene.tx, UUID(LATER))


def test_its_yes_becomes_a_choice_with_the_vcon_as_evidence(scene: Scene, tmp_path: Path) -> None:
    call = kept_call(take_in(scene, read(document(scene)), tmp_path))
    choices = consent.choices_of_call(scene.tx, call)
    assert [(each.answer, each.evidence_kind) for each in choices] == [(Answer.GRANTED, EvidenceKind.REFERENCE)]
    customers = [
        {party.subject for party in calls.parties(scene.tx, each) if party.role is PartyRole.CUSTOMER}
        for each in (scene.call, call)
    ]
    assert customers[0] == customers[1]


def test_the_call_lasts_as_long_as_it_did_and_who_is_not_kept_is_not_named(scene: Scene, tmp_path: Path) -> None:
    vcon = document(scene)
    vcon["parties"][1]["tel"], vcon["parties"][1]["name"] = "tel:+4570000007", "Seven"
    read_back = read(vcon)
    call = calls.get(scene.tx, kept_call(take_in(scene, read_back, tmp_path)))
    assert call.started_at == read_back.dialogs[0].start
    assert call.ended_at == read_back.dialogs[0].start + (read_back.dialogs[0].lasts or timedelta(0))
    agent = next(party for party in calls.parties(scene.tx, call.id) if party.role is PartyRole.AGENT)
    assert subjects.identifiers_of(scene.tx, scene.vault, agent.subject) == []
    assert subjects.name_of(scene.tx, scene.vault, agent.subject) is None


def test_whose_number_records_know_already_may_be_one_with_whom_it_tells_of(scene: Scene, tmp_path: Path) -> None:
    crm = estate(scene.tx, scene.vault, scene.clock)
    crm.record(("customer_id", "C-1"), ("phone", "+45 70 00 00 07"))
    linking.link_next(scene.tx, scene.vault, scene.clock, Tally())
    vcon = document(scene)
    vcon["parties"][0]["tel"] = "tel:+4570000007"
    take_in(scene, read(vcon), tmp_path)
    assert joins.count_waiting(scene.tx) == joins.count_kept_out(scene.tx) == 1


def without_metadata(vcon: Any) -> Any:
    for each in vcon["attachments"]:
        del each["body"]["metadata"]
    return vcon


def newest(vcon: Any) -> Any:
    """What the attachment of the first party tells of their newest answer."""
    return vcon["attachments"][0]["body"]["metadata"]["purposes"][0]["history"][-1]


def test_a_yes_to_the_same_words_of_the_same_controller_in_another_house_counts(scene: Scene, tmp_path: Path) -> None:
    vcon = document(scene)
    newest(vcon)["notice_hash"] = "sha256-AAAA"
    taken_in = take_in(scene, read(vcon), tmp_path)
    assert list(taken_in.kept) == [1]
    (choice,) = consent.choices_of_call(scene.tx, kept_call(taken_in))
    assert (choice.notice, choice.made_at.isoformat()) == (
        scene.notices[scene.training.id].id,
        newest(vcon)["at"].replace("Z", "+00:00").replace(".000", ""),
    )


@pytest.mark.parametrize("how", ["another controller's", "nobody's", "notice_text", "language"])
def test_other_words_and_a_yes_to_somebody_else_do_not(scene: Scene, tmp_path: Path, how: str) -> None:
    vcon = document(scene)
    metadata = vcon["attachments"][0]["body"]["metadata"]
    newest(vcon)["notice_hash"] = "sha256-AAAA"
    if how == "another controller's":
        metadata["controller"] = "Example Water"
    elif how == "nobody's":
        del metadata["controller"]
    else:
        newest(vcon)[how] = "da"
    assert take_in(scene, read(vcon), tmp_path).left_out == {1: NotKept.NO_YES}


def test_another_controllers_interest_is_none_of_ours(scene: Scene, tmp_path: Path) -> None:
    vcon = document(scene)
    for attachment in vcon["attachments"]:
        attachment["body"]["metadata"]["controller"] = "Example Water"
    call = kept_call(take_in(scene, read(vcon), tmp_path))
    bases = {key: each.basis for key, each in standing_in(scene.tx, call).items() if each.grant is not None}
    assert list(bases.values()) == [LawfulBasis.CONSENT]


def last_days(scene: Scene, taken_in: Received) -> list[Any]:
    return [term.last_day for id in taken_in.kept.values() for term in holdings.get(scene.tx, id).terms]


@pytest.mark.parametrize(
    ("expiration", "days"),
    [
        ("2026-12-03T23:59:59Z", 10),
        ("2026-12-04T12:00:00Z", 10),
        ("2026-12-04T01:00:00+02:00", 9),
        ("2030-01-01T00:00:00Z", 30),
        ("9999-12-31T23:59:59Z", 30),
        (None, 30),
    ],
)
def test_what_a_yes_opened_goes_when_the_yes_ends(scene: Scene, tmp_path: Path, expiration: str | None, days: int) -> None:
    assert MONDAY.date().isoformat() == "2026-11-23"
    vcon = document(scene)
    vcon["attachments"][0]["body"]["expiration"] = expiration
    taken_in = take_in(scene, read(vcon), tmp_path)
    assert last_days(scene, taken_in) == [MONDAY.date() + timedelta(days=days)]


def test_it_goes_out_again_with_the_end_that_it_came_with(scene: Scene, tmp_path: Path) -> None:
    vcon = document(scene)
    vcon["attachments"][0]["body"]["expiration"] = "2026-12-03T23:59:59Z"
    call = kept_call(take_in(scene, read(vcon), tmp_path))
    again = export(
        scene.tx, scene.tools, scene.objects, PyAvAudio(), call=call, by=SUPERVISOR, reason="coaching an agent", case="T-1"
    )
    assert isinstance(again, Exported)
    assert json.loads(json.dumps(again.vcon))["attachments"][0]["body"]["expiration"] == "2026-12-03T23:59:59Z"


def test_the_earliest_end_of_two_grants_counts(scene: Scene, tmp_path: Path) -> None:
    vcon = document(scene)
    second = json.loads(json.dumps(vcon["attachments"][0]))
    second["body"]["expiration"] = "2026-11-26T23:59:59Z"
    second["body"]["purpose_grants"][0]["granted_at"] = "2026-11-01T00:00:00Z"
    vcon["attachments"].append(second)
    assert last_days(scene, take_in(scene, read(vcon), tmp_path)) == [MONDAY.date() + timedelta(days=3)]


def test_a_yes_that_ends_today_keeps_nothing(scene: Scene, tmp_path: Path) -> None:
    vcon = document(scene)
    vcon["attachments"][0]["body"]["expiration"] = instant(scene.clock.at + timedelta(minutes=5))
    assert take_in(scene, read(vcon), tmp_path).left_out == {1: NotKept.TERM_OVER}


@pytest.mark.parametrize(("interval", "days"), [("10d", 9), ("1w", 6), ("100w", 30)])
def test_a_yes_that_is_to_be_confirmed_counts_until_then(scene: Scene, tmp_path: Path, interval: str, days: int) -> None:
    vcon = document(scene)
    vcon["attachments"][0]["body"]["status_interval"] = interval
    assert last_days(scene, take_in(scene, read(vcon), tmp_path)) == [MONDAY.date() + timedelta(days=days)]


def spoilt(vcon: Any, how: str) -> Any:
    basis = vcon["attachments"][0]["body"]
    if how == "attachments":
        vcon["attachments"] = []
    elif how == "notice":
        without_metadata(vcon)
    elif how == "expired":
        basis["expiration"] = "2026-11-01T00:00:00Z"
    elif how == "refused":
        basis["purpose_grants"][0]["granted"] = False
    elif how == "conditions":
        basis["purpose_grants"][0]["conditions"] = ["if asked again"]
    elif how == "refused in a second":
        second = json.loads(json.dumps(vcon["attachments"][0]))
        second["body"]["purpose_grants"][0]["granted"] = False
        vcon["attachments"].append(second)
    elif how == "other purpose":
        basis["purpose_grants"][0]["purpose"] = "marketing"
    elif how == "other basis":
        basis["lawful_basis"] = "legitimate_interests"
    return vcon


@pytest.mark.parametrize(
    "how",
    [
        "signature",
        "attachments",
        "notice",
        "expired",
        "conditions",
        "other purpose",
        "other basis",
    ],
)
def test_absence_is_denial_and_nothing_is_stored_but_the_no(scene: Scene, tmp_path: Path, how: str) -> None:
    vcon = spoilt(document(scene), how)
    imported = read_vcon(vcon, signed_by=None) if how == "signature" else read(vcon)
    before, objects = rows(scene), set(scene.objects.kept)
    received = take_in(scene, imported, tmp_path)
    assert (received.call, received.kept, received.left_out) == (None, {}, {1: NotKept.NO_YES})
    assert (rows(scene), set(scene.objects.kept)) == (before, objects)
    (verdict,) = [policy.get(scene.tx, id) for id in received.verdicts]
    assert (verdict.act, verdict.by, verdict.verdict.outcome) == (Act.CAPTURE, DPO, Outcome.UNLAWFUL)
    (statement,) = said(scene, "recordings.vcon_received")
    assert (statement["call"], statement["kept"]) == (None, [])


@pytest.mark.parametrize("how", ["refused", "refused in a second"])
def test_a_no_in_it_is_written_down_and_nothing_else_is_kept(scene: Scene, tmp_path: Path, how: str) -> None:
    vcon, objects = read(spoilt(document(scene), how)), set(scene.objects.kept)
    asked = len(said(scene, "consent.asked"))
    taken_in = take_in(scene, vcon, tmp_path)
    assert (taken_in.kept, taken_in.left_out, taken_in.noes) == ({}, {1: NotKept.NO_YES}, 1)
    assert set(scene.objects.kept) == objects
    (choice,) = consent.choices_of_call(scene.tx, kept_call(taken_in))
    ada = next(each for each in calls.parties(scene.tx, scene.call) if each.role is PartyRole.CUSTOMER)
    assert (choice.answer, choice.subject, choice.ask) == (Answer.REFUSED, ada.subject, None)
    assert (choice.notice, choice.made_at) == (scene.notices[scene.training.id].id, vcon.grants[0].granted_at)
    assert len(said(scene, "consent.asked")) == asked
    assert "but the no in it" in why_nothing(taken_in, Signature.TRUSTED)
    again = take_in(scene, vcon, tmp_path)
    assert (again.call, again.noes, again.again) == (taken_in.call, 1, True)


def test_a_yes_that_is_older_than_a_no_that_came_in_keeps_nothing(scene: Scene, tmp_path: Path) -> None:
    """Two vCons of one conversation from elsewhere: she said yes, and later took it back."""
    older, newer = document(scene), spoilt(json.loads(json.dumps(exported(scene).vcon)), "refused")
    scene.later()
    newer["uuid"], newer["attachments"][0]["body"]["purpose_grants"][0]["granted_at"] = LATER, instant(scene.clock.at)
    assert take_in(scene, read(newer), tmp_path).noes == 1
    assert take_in(scene, read(older), tmp_path).left_out == {1: NotKept.NO_YES}


@pytest.mark.parametrize("how", ["signature", "other words", "another controller", "other purpose", "other basis"])
def test_a_no_to_something_else_or_by_nobody_we_trust_is_not_ours_to_write_down(scene: Scene, tmp_path: Path, how: str) -> None:
    vcon = spoilt(spoilt(document(scene), "refused"), how)
    metadata = vcon["attachments"][0]["body"]["metadata"]
    if how in ("other words", "another controller"):
        newest(vcon)["notice_hash"] = "sha256-AAAA"
    if how == "other words":
        newest(vcon)["notice_text"] = "May we record this?"
    if how == "another controller":
        metadata["controller"] = "Other Energy"
    before = rows(scene)
    taken_in = take_in(scene, read_vcon(vcon, signed_by=None) if how == "signature" else read(vcon), tmp_path)
    assert (taken_in.call, taken_in.noes) == (None, 0)
    assert rows(scene) == before
    assert "but the no in it" not in why_nothing(taken_in, Signature.TRUSTED)


def test_what_was_withdrawn_here_since_does_not_come_back_with_an_older_yes(scene: Scene, tmp_path: Path) -> None:
    vcon = document(scene)
    scene.later()
    scene.answer("p-ada", scene.training, Answer.WITHDRAWN)
    assert take_in(scene, read(vcon), tmp_path).left_out == {1: NotKept.NO_YES}


def test_what_tells_of_the_future_is_malformed(scene: Scene, tmp_path: Path) -> None:
    vcon = document(scene)
    later = instant(scene.clock.at + timedelta(minutes=1))
    for changed in (
        {"dialog": [{"type": "recording", "start": later, "parties": 0}], "attachments": []},
        {"dialog": [vcon["dialog"][0] | {"party_history": [{"party": 0, "time": later, "event": "join"}]}], "attachments": []},
    ):
        with pytest.raises(Malformed, match="still to come"):
            take_in(scene, read(vcon | changed), tmp_path)


def test_who_left_early_left_early_and_which_keys_were_pressed_is_not_kept(scene: Scene, tmp_path: Path) -> None:
    vcon = document(scene)
    start = scene.clock.at - timedelta(seconds=30)
    vcon["dialog"][0]["start"] = vcon["dialog"][1]["start"] = instant(start)
    vcon["dialog"][0]["party_history"] = [
        {"party": 0, "time": instant(start), "event": "join"},
        {"party": 1, "time": instant(start + timedelta(seconds=5)), "event": "join"},
        {"party": 0, "time": instant(start + timedelta(seconds=6)), "event": "keydown", "button": "4"},
        {"party": 1, "time": instant(start + timedelta(seconds=7)), "event": "drop"},
    ]
    vcon["dialog"][1]["party_history"] = vcon["dialog"][0]["party_history"][:1]
    vcon["attachments"][0]["body"]["purpose_grants"][0]["granted_at"] = instant(start)
    call = kept_call(take_in(scene, read(vcon), tmp_path))
    agent = next(party for party in calls.parties(scene.tx, call) if party.role is PartyRole.AGENT)
    assert (agent.joined_at, agent.left_at) == (start + timedelta(seconds=5), start + timedelta(seconds=7))
    told = [entry.kind.value for entry in actions.timeline(scene.tx, call) if entry.kind.value not in ("asked", "chose")]
    assert told == ["joined", "joined", "left"]


def test_a_purpose_that_has_ended_here_keeps_nothing(scene: Scene, tmp_path: Path) -> None:
    vcon = read(document(scene))
    scene.clock.at = vcon.dialogs[1].start.replace(year=2027)
    assert take_in(scene, vcon, tmp_path).kept == {}


def test_a_term_that_is_over_here_keeps_nothing(scene: Scene, tmp_path: Path) -> None:
    vcon = document(scene)
    vcon["attachments"][0]["body"]["expiration"] = "2030-01-01T00:00:00Z"
    scene.clock.at += timedelta(days=scene.training.term_days + 1)
    assert take_in(scene, read(vcon), tmp_path).left_out == {1: NotKept.TERM_OVER}


def test_the_same_vcon_again_changes_nothing_and_another_under_its_uuid_is_a_conflict(scene: Scene, tmp_path: Path) -> None:
    vcon = document(scene)
    first = take_in(scene, read(vcon), tmp_path)
    before = rows(scene)
    second = take_in(scene, read(vcon), tmp_path)
    assert (second.again, second.call, second.kept) == (True, first.call, first.kept)
    with pytest.raises(Conflict):
        take_in(scene, read({**vcon, "subject": "Something else"}), tmp_path)
    assert rows(scene) == before


def test_what_is_at_an_address_and_what_is_no_sound_stay_out(scene: Scene, tmp_path: Path) -> None:
    vcon = document(scene)
    start = vcon["dialog"][1]["start"]
    hash = vcon["dialog"][1]["content_hash"]
    vcon["dialog"] += [
        {"type": "recording", "start": start, "parties": 0, "url": "https://sounds.example/1", "content_hash": hash},
        {"type": "text", "start": start, "parties": 0, "mediatype": "text/plain", "body": "hello", "encoding": "none"},
        {"type": "recording", "start": start, "parties": 0, "mediatype": "video/mp4", "body": "aGk", "encoding": "base64url"},
    ]
    received = take_in(scene, read(vcon), tmp_path)
    assert received.left_out == {2: NotKept.ELSEWHERE, 3: NotKept.NOT_SOUND, 4: NotKept.NOT_SOUND}
    assert list(received.kept) == [1]


def test_nobody_but_agents_and_no_parties_at_all_bring_nothing(scene: Scene, tmp_path: Path) -> None:
    vcon = document(scene)
    for parties in ([{"role": "agent"}, {"role": "agent"}], []):
        changed = json.loads(json.dumps({**vcon, "parties": parties}))
        if not parties:
            changed["attachments"] = []
            for dialog in changed["dialog"]:
                dialog.update(parties=[], party_history=[])
        assert take_in(scene, read(changed), tmp_path).left_out == {1: NotKept.NO_YES}


def test_out_and_in_and_out_again_the_sound_is_the_same(scene: Scene, tmp_path: Path) -> None:
    vcon = document(scene)
    call = kept_call(take_in(scene, read(vcon), tmp_path))
    again = export(
        scene.tx, scene.tools, scene.objects, PyAvAudio(), call=call, by=SUPERVISOR, reason="coaching an agent", case="T-1"
    )
    assert isinstance(again, Exported)
    vcon_schema.check(again.vcon)
    back = json.loads(json.dumps(again.vcon))
    (first,), (second,) = ([each for each in each["dialog"] if each["type"] == "recording"] for each in (vcon, back))
    same = ("start", "duration", "parties", "mediatype", "body", "content_hash", "encoding")
    assert {name: second[name] for name in same} == {name: first[name] for name in same}
    assert back["parties"][0]["tel"] == vcon["parties"][0]["tel"]
    bases = [document["attachments"][0]["body"] for document in (vcon, back)]
    assert bases[0]["purpose_grants"][0]["purpose"] == bases[1]["purpose_grants"][0]["purpose"]
    assert [use.act for use in uses.of_holdings(scene.tx, [again.takes[0]])] == [UseAct.EXPORT]


def test_a_recording_that_does_not_say_how_long_it_lasts(scene: Scene, tmp_path: Path) -> None:
    vcon = document(scene)
    del vcon["dialog"][1]["duration"]
    call = kept_call(take_in(scene, read(vcon), tmp_path))
    again = export(
        scene.tx, scene.tools, scene.objects, PyAvAudio(), call=call, by=SUPERVISOR, reason="coaching an agent", case="T-1"
    )
    assert isinstance(again, Exported)
    vcon_schema.check(again.vcon)
    assert "duration" not in json.loads(json.dumps(again.vcon))["dialog"][1]


def test_a_withdrawal_after_it_came_destroys_it(scene: Scene, tmp_path: Path) -> None:
    received = take_in(scene, read(document(scene)), tmp_path)
    call = kept_call(received)
    ada = next(party for party in calls.parties(scene.tx, call) if party.role is PartyRole.CUSTOMER)
    consent.choose(
        scene.tx,
        scene.vault,
        scene.clock,
        NewChoice(party=ada.id, purpose=scene.training.id, answer=Answer.WITHDRAWN, channel=Channel.API, by=DPO),
    )
    assert isinstance(scene.vault.unlock_content(scene.tx, holding=received.kept[1], purpose=scene.training.id), Dark)
    again = export(
        scene.tx, scene.tools, scene.objects, PyAvAudio(), call=call, by=SUPERVISOR, reason="coaching an agent", case="T-1"
    )
    assert isinstance(again, Refused)


def test_all_deeds_are_reached_from_one_place() -> None:
    assert {"play", "export", "receive", "settle"} <= set(actions.__all__)
