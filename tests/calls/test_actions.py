"""Calls and trunks on a real database."""

from datetime import timedelta

import psycopg
import pytest

from rightcall.actors import PartyRole
from rightcall.calls import actions
from rightcall.calls.model import Forbidden, NewTrunk, TrunkId, Undecided
from rightcall.database.connection import Database, Transaction
from rightcall.errors import Conflict, NotFound
from rightcall.ids import CallId, ControllerId, PartyId, SubjectId, new_id
from rightcall.subjects.actions import identify
from rightcall.vault.actions import Vault
from tests.conftest import FixedClock


@pytest.fixture
def ada(tx: Transaction, vault: Vault, clock: FixedClock) -> SubjectId:
    return identify(tx, vault, clock, [])


def test_a_call_from_ring_to_end(tx: Transaction, clock: FixedClock, ada: SubjectId) -> None:
    call = actions.begin(tx, clock)
    assert actions.get(tx, call.id) == call
    customer = actions.join(tx, clock, call=call.id, subject=ada, role=PartyRole.CUSTOMER)
    clock.at += timedelta(seconds=5)
    agent = actions.join(tx, clock, call=call.id, subject=ada, role=PartyRole.AGENT)
    assert actions.parties(tx, call.id) == [customer, agent]
    clock.at += timedelta(seconds=5)
    left = actions.leave(tx, clock, customer.id)
    assert left.left_at == clock.at
    clock.at += timedelta(seconds=5)
    assert actions.leave(tx, clock, customer.id) == left
    over = actions.finish(tx, clock, call.id)
    assert over.ended_at == clock.at
    assert [party.left_at for party in actions.parties(tx, call.id)] == [left.left_at, clock.at]
    clock.at += timedelta(seconds=5)
    assert actions.finish(tx, clock, call.id) == over


def test_nobody_joins_a_call_that_is_over(tx: Transaction, clock: FixedClock, ada: SubjectId) -> None:
    call = actions.begin(tx, clock)
    actions.finish(tx, clock, call.id)
    with pytest.raises(Conflict):
        actions.join(tx, clock, call=call.id, subject=ada, role=PartyRole.CUSTOMER)


def test_a_clock_that_steps_back_breaks_no_call(tx: Transaction, clock: FixedClock, ada: SubjectId) -> None:
    call = actions.begin(tx, clock)
    party = actions.join(tx, clock, call=call.id, subject=ada, role=PartyRole.CUSTOMER)
    clock.at -= timedelta(hours=1)
    assert actions.finish(tx, clock, call.id).ended_at == call.started_at
    assert actions.party(tx, party.id).left_at == party.joined_at


def test_whoever_joins_again_is_a_new_party(tx: Transaction, clock: FixedClock, ada: SubjectId) -> None:
    call = actions.begin(tx, clock)
    first = actions.join(tx, clock, call=call.id, subject=ada, role=PartyRole.CUSTOMER)
    clock.at += timedelta(seconds=5)
    actions.leave(tx, clock, first.id)
    second = actions.join(tx, clock, call=call.id, subject=ada, role=PartyRole.CUSTOMER)
    assert first.id != second.id
    assert [party.id for party in actions.of_subject(tx, ada)] == [first.id, second.id]


def test_lists_go_on_after_the_last_one_seen(tx: Transaction, clock: FixedClock) -> None:
    made = sorted(actions.begin(tx, clock).id for _ in range(5))
    actions.finish(tx, clock, made[1])
    assert [call.id for call in actions.active(tx)] == [made[0], *made[2:]]
    assert [call.id for call in actions.active(tx, limit=2)] == [made[0], made[2]]
    assert [call.id for call in actions.active(tx, after=made[2], limit=2)] == made[3:]
    assert [call.id for call in actions.every(tx, after=made[0], limit=2)] == made[1:3]


def test_the_legs_of_a_transfer_share_a_group(tx: Transaction, vault: Vault, clock: FixedClock) -> None:
    group = actions.group_of(tx, vault, "a-session-group")
    legs = [actions.begin(tx, clock, group=group).id for _ in range(2)]
    actions.begin(tx, clock, group=actions.group_of(tx, vault, "another"))
    actions.begin(tx, clock)
    assert actions.same_group(tx, group) == sorted(legs)
    assert b"a-session-group" not in group


def test_what_is_not_there_is_not_found(tx: Transaction, clock: FixedClock, ada: SubjectId) -> None:
    with pytest.raises(NotFound):
        actions.get(tx, CallId(new_id()))
    with pytest.raises(NotFound):
        actions.locked_party(tx, PartyId(new_id()))
    with pytest.raises(NotFound):
        actions.join(tx, clock, call=CallId(new_id()), subject=ada, role=PartyRole.CUSTOMER)
    with pytest.raises(NotFound):
        actions.trunk(tx, TrunkId(new_id()))


def test_a_call_cannot_be_taken_out(tx: Transaction, clock: FixedClock) -> None:
    actions.begin(tx, clock)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), tx.connection.transaction():
        tx.connection.execute("DELETE FROM calls")


def a_trunk(network: str, called: str | None = None) -> NewTrunk:
    return NewTrunk(
        name="Copenhagen",
        sources=(network,),
        called=called,
        staff=("energy.example",),
        undecided=Undecided.INACTIVE,
        forbidden=Forbidden.DECLINE_603,
        default_region="DK",
        language="da",
    )


def test_a_trunk_leads_to_its_controller(database: Database, controller: ControllerId, clock: FixedClock) -> None:
    with database.system() as tx:
        made = actions.add_trunk(tx, clock, controller, a_trunk("198.51.100.0/28"))
        owned = actions.trunk_for(tx, "198.51.100.7", "srs")
        assert owned is not None
        assert (owned.controller, owned.trunk) == (controller, made)
        assert actions.trunk_for(tx, "198.51.100.99", "srs") is None
    with database.transaction(controller) as tx:
        assert actions.trunks(tx) == [made]
        assert actions.trunk(tx, made.id) == made
        assert actions.begin(tx, clock, trunk=made.id).trunk == made.id
    with database.transaction(ControllerId(new_id())) as tx:
        assert actions.trunks(tx) == []


def test_no_two_controllers_claim_the_same_way_in(database: Database, controller: ControllerId, clock: FixedClock) -> None:
    network = "198.51.100.32/28"
    with database.system() as tx:
        first = actions.add_trunk(tx, clock, controller, a_trunk(network))
    with pytest.raises(Conflict, match=r"198\.51\.100\.32/28"), database.system() as tx:
        actions.add_trunk(tx, clock, controller, a_trunk(network))
    with database.system() as tx:
        actions.add_trunk(tx, clock, controller, a_trunk(network, called="srs-b"))
        actions.retire_trunk(tx, clock, controller, first.id)
        actions.retire_trunk(tx, clock, controller, first.id)
        assert actions.trunk_for(tx, "198.51.100.33", "srs") is None
        again = actions.add_trunk(tx, clock, controller, a_trunk(network))
        assert again.id != first.id
    with database.system() as tx, pytest.raises(NotFound):
        actions.retire_trunk(tx, clock, controller, TrunkId(new_id()))
