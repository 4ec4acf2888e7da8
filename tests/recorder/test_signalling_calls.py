"""A SIP call becomes a call of the house, and a failure leaves nothing behind."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from rightcall.actors import PartyRole
from rightcall.adapters.sip.ports import Accepted, Declined, Flow, Preference, Why
from rightcall.calls import actions as calls
from rightcall.calls.model import Trunk, Undecided
from rightcall.database.connection import Database
from rightcall.errors import NotFound, Outage, RecorderGone
from rightcall.ids import CallId, ControllerId
from rightcall.personal import Personal
from rightcall.recorder.signalling_calls import RecordedCalls
from rightcall.recorder.signalling_journal import Journal
from rightcall.recorder.signalling_offers import role_of
from rightcall.recordings import actions as recordings
from rightcall.recordings.model import CallState
from rightcall.recordings.states import Outcome
from rightcall.vault.actions import Vault
from tests.conftest import FixedClock
from tests.recorder.signalling_scene import FakeMedia, a_purpose, ringing, say_yes, tools_of, trunk_at


@pytest.fixture
def media(database: Database, vault: Vault, clock: FixedClock) -> FakeMedia:
    return FakeMedia(database, tools_of(vault, clock))


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "signalling")


@pytest.fixture
def recorded(database: Database, vault: Vault, clock: FixedClock, media: FakeMedia, journal: Journal) -> RecordedCalls:
    return RecordedCalls(database, tools_of(vault, clock), media, journal)


@pytest.fixture
def trunk(database: Database, clock: FixedClock, controller: ControllerId) -> Trunk:
    return trunk_at(database, clock, controller)


def accepted(answer: Accepted | Declined) -> Accepted:
    assert isinstance(answer, Accepted)
    return answer


def state_of(database: Database, controller: ControllerId, call: CallId) -> CallState:
    with database.transaction(controller) as tx:
        return recordings.call_state(tx, call)


def live(database: Database, controller: ControllerId) -> list[CallId]:
    with database.transaction(controller) as tx:
        return [call.id for call in calls.active(tx)]


def test_a_call_its_parties_and_its_ports(
    database: Database, controller: ControllerId, recorded: RecordedCalls, media: FakeMedia, trunk: Trunk
) -> None:
    answer = accepted(recorded.arrived(ringing(trunk)))
    assert answer.address == "198.51.100.7"
    assert [(one.index, one.port, one.open) for one in answer.receivers] == [(0, 30_000, True), (1, 30_002, True)]
    with database.transaction(controller) as tx:
        assert [party.role for party in calls.parties(tx, answer.call)] == [PartyRole.CUSTOMER, PartyRole.AGENT]
    assert not state_of(database, controller, answer.call).takes
    recorded.ended(answer.call, Why.HANGUP)
    recorded.ended(answer.call, Why.HANGUP)
    assert live(database, controller) == []
    assert media.calls == {}


def test_what_a_killed_process_had_is_ended_by_the_next(
    database: Database, controller: ControllerId, recorded: RecordedCalls, media: FakeMedia, trunk: Trunk, journal: Journal
) -> None:
    over, on = accepted(recorded.arrived(ringing(trunk))), accepted(recorded.arrived(ringing(trunk)))
    recorded.ended(over.call, Why.HANGUP)
    assert set(journal.left()) == {on.call}
    following = RecordedCalls(database, recorded._tools, media, journal)
    assert live(database, controller) == [on.call]
    following.let_go()
    assert live(database, controller) == []
    assert state_of(database, controller, on.call).session.state.outcome is Outcome.LOST
    assert state_of(database, controller, over.call).session.state.outcome is Outcome.ENDED
    assert media.calls == {}
    assert journal.left() == {}


def test_a_stranger_is_turned_away_before_anything_exists(recorded: RecordedCalls, media: FakeMedia, trunk: Trunk) -> None:
    answer = recorded.arrived(replace(ringing(trunk), source="203.0.113.9"))
    assert isinstance(answer, Declined)
    assert answer.code == 403
    assert media.calls == {}


@pytest.mark.parametrize("deed", ["pick", "allocate", "settle"])
@pytest.mark.parametrize("failure", ["fail_before", "fail_after"])
def test_a_failed_arrival_leaves_nothing(
    database: Database, controller: ControllerId, recorded: RecordedCalls, media: FakeMedia, trunk: Trunk, deed: str, failure: str
) -> None:
    if (deed, failure) == ("pick", "fail_after"):
        failure = "fail_before"
    getattr(media, failure)[deed] = 1
    with pytest.raises(RecorderGone):
        recorded.arrived(ringing(trunk))
    assert live(database, controller) == []
    assert media.calls == {}
    assert recorded.held() == {}
    accepted(recorded.arrived(ringing(trunk)))


def test_what_could_not_be_let_go_of_at_once_is_let_go_of_later(
    database: Database,
    controller: ControllerId,
    recorded: RecordedCalls,
    media: FakeMedia,
    trunk: Trunk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    media.fail_after["allocate"] = 1
    with monkeypatch.context() as patched:
        patched.setattr(recorded, "_end", _outage)
        with pytest.raises(RecorderGone):
            recorded.arrived(ringing(trunk))
        recorded.let_go()
        assert len(live(database, controller)) == 1
    recorded.let_go()
    assert live(database, controller) == []
    assert media.calls == {}


def _outage(*_: object) -> None:
    raise Outage("The database cannot be reached. Try again.")


def test_hold_reaches_the_gates_before_the_answer(
    database: Database, controller: ControllerId, recorded: RecordedCalls, media: FakeMedia, trunk: Trunk
) -> None:
    call = accepted(recorded.arrived(ringing(trunk))).call
    again = accepted(recorded.changed(call, ringing(trunk, flow=Flow.HELD)))
    assert [one.port for one in again.receivers] == [30_000, 30_002]
    assert all(media.calls[call].values())
    assert all(stream.held for stream in state_of(database, controller, call).streams)
    recorded.changed(call, ringing(trunk))
    assert not any(media.calls[call].values())


@pytest.mark.parametrize("deed", ["update", "allocate", "settle"])
@pytest.mark.parametrize("failure", ["fail_before", "fail_after"])
def test_a_hold_that_failed_is_an_error_and_may_be_repeated(
    recorded: RecordedCalls, media: FakeMedia, trunk: Trunk, deed: str, failure: str
) -> None:
    call = accepted(recorded.arrived(ringing(trunk))).call
    getattr(media, failure)[deed] = 1
    with pytest.raises(RecorderGone):
        recorded.changed(call, ringing(trunk, flow=Flow.HELD))
    accepted(recorded.changed(call, ringing(trunk, flow=Flow.HELD)))
    assert all(media.calls[call].values())


def test_a_new_party_joins_and_one_leaves(
    database: Database, controller: ControllerId, recorded: RecordedCalls, trunk: Trunk
) -> None:
    arriving = ringing(trunk)
    call = accepted(recorded.arrived(arriving)).call
    ben = replace(arriving.parties[0], ref="p3", aor=Personal("sip:ben@caller.example"), name=None)
    third = replace(arriving.streams[0], index=2, label="3", party="p3")
    changed = replace(arriving, parties=(arriving.parties[1], ben), streams=(arriving.streams[1], third))
    answer = accepted(recorded.changed(call, changed))
    assert [one.index for one in answer.receivers] == [1, 2]
    with database.transaction(controller) as tx:
        parties = calls.parties(tx, call)
    assert [party.left_at is None for party in parties] == [False, True, True]
    assert parties[2].role is PartyRole.CUSTOMER


def test_a_change_that_finds_a_fresh_media_process_is_no_error(recorded: RecordedCalls, media: FakeMedia, trunk: Trunk) -> None:
    call = accepted(recorded.arrived(ringing(trunk))).call
    media.start_anew(first_port=36_000)
    answer = accepted(recorded.changed(call, ringing(trunk, flow=Flow.HELD)))
    assert [one.port for one in answer.receivers] == [36_000, 36_002]
    assert all(media.calls[call].values())


def test_the_release_that_is_not_heard_does_not_keep_a_call_alive(
    database: Database, controller: ControllerId, recorded: RecordedCalls, media: FakeMedia, trunk: Trunk
) -> None:
    call = accepted(recorded.arrived(ringing(trunk))).call
    media.fail_before["release"] = 1
    recorded.ended(call, Why.TIMER)
    assert state_of(database, controller, call).session.state.outcome is Outcome.LOST
    assert live(database, controller) == []


def test_two_legs_of_a_transfer_are_one_group(
    database: Database, controller: ControllerId, recorded: RecordedCalls, trunk: Trunk
) -> None:
    first = accepted(recorded.arrived(ringing(trunk, group="g-7"))).call
    second = accepted(recorded.arrived(ringing(trunk, dialog="d2", group="g-7"))).call
    with database.transaction(controller) as tx:
        group = calls.get(tx, first).group
        assert group is not None
        assert calls.same_group(tx, group) == [first, second]


def test_a_stated_no_is_kept(database: Database, controller: ControllerId, recorded: RecordedCalls, trunk: Trunk) -> None:
    call = accepted(recorded.arrived(replace(ringing(trunk), preference=Preference.OFF))).call
    assert {stream.why for stream in state_of(database, controller, call).streams} == {"preference"}


def test_inactive_until_a_yes(
    database: Database, controller: ControllerId, vault: Vault, clock: FixedClock, recorded: RecordedCalls, media: FakeMedia
) -> None:
    trunk = trunk_at(database, clock, controller, undecided=Undecided.INACTIVE)
    with database.transaction(controller) as tx:
        a_purpose(tx, clock)
    answer = accepted(recorded.arrived(ringing(trunk)))
    assert [one.open for one in answer.receivers] == [False, False]
    held = recorded.held()[answer.call]
    assert recorded.open_streams(answer.call, held) == frozenset()
    with database.transaction(controller) as tx:
        say_yes(tx, vault, clock, answer.call)
    media.settle(controller, answer.call)
    assert 0 in recorded.open_streams(answer.call, held)


def test_a_call_of_the_past_cannot_change(recorded: RecordedCalls, trunk: Trunk) -> None:
    call = accepted(recorded.arrived(ringing(trunk))).call
    recorded.ended(call, Why.HANGUP)
    with pytest.raises(Outage):
        recorded.changed(call, ringing(trunk))


@pytest.mark.parametrize(
    ("aor", "role"),
    [
        ("sip:agent7@energy.example", PartyRole.AGENT),
        ("sip:agent7@ENERGY.example:5070;transport=tcp", PartyRole.AGENT),
        ("sip:agent7@pbx.energy.example", PartyRole.AGENT),
        ("sip:agent7@notenergy.example", PartyRole.CUSTOMER),
        ("sip:agent7@energy.example.attacker.example", PartyRole.CUSTOMER),
        ("sip:energy.example@attacker.example", PartyRole.CUSTOMER),
        ("sip:+4570123456@carrier.example", PartyRole.AGENT),
        ("tel:+4570123456", PartyRole.AGENT),
        ("sip:70123456@carrier.example", PartyRole.AGENT),
        ("sip:+4532123456@carrier.example", PartyRole.CUSTOMER),
        ("sip:abc@unknown.invalid", PartyRole.CUSTOMER),
        ("", PartyRole.CUSTOMER),
        ("nonsense", PartyRole.CUSTOMER),
    ],
)
def test_who_is_staff_follows_from_the_trunk_alone(trunk: Trunk, aor: str, role: PartyRole) -> None:
    assert role_of(trunk, Personal(aor)) is role


def test_another_controller_cannot_see_the_call(
    database: Database, recorded: RecordedCalls, trunk: Trunk, controller: ControllerId
) -> None:
    call = accepted(recorded.arrived(ringing(trunk))).call
    stranger = ControllerId(UUID(int=controller.int ^ 1))
    with pytest.raises(NotFound), database.transaction(stranger) as tx:
        recordings.call_state(tx, call)
