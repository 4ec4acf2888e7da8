"""Whoever was suspended or forgotten after a backup is so again in what was restored from it, and nobody is signed in."""

from rightcall.actors import SYSTEM, Role
from rightcall.adapters.destroyed import Destroyed, DestroyedKind
from rightcall.personal import Personal
from rightcall.staff import leaving
from rightcall.staff.members import actions as members
from rightcall.staff.members.model import NewMember
from rightcall.staff.sessions import actions as sessions
from rightcall.staff.sessions.limits import limits_of
from rightcall.staff.sessions.model import Way
from rightcall.wiring import House
from rightcall.worker import destroyed
from tests.erasure.fakes import World


def test_who_was_shut_out_is_so_again_and_everybody_signs_in_anew(house: House, world: World) -> None:
    def hire(role: Role, name: str) -> NewMember:
        return NewMember(role=role, name=Personal(name), address=None)

    with world.deed() as tx:
        ada, ben, carl = (
            members.create(tx, house.vault, house.clock, hire(role, name), by=SYSTEM)
            for role, name in ((Role.ADMINISTRATOR, "Ada"), (Role.AGENT, "Ben"), (Role.DPO, "Carl"))
        )
        session = sessions.begin(tx, house.clock, ada.id, Way.PASSKEY, limits_of(house.settings)).session
    lines = [
        Destroyed(index=1, controller=world.controller, kind=DestroyedKind.SUSPENDED, id=ben.id),
        Destroyed(index=2, controller=world.controller, kind=DestroyedKind.SUSPENDED, id=carl.id),
        Destroyed(index=3, controller=world.controller, kind=DestroyedKind.MEMBER, id=carl.id),
    ]
    assert destroyed.destroy_again(house.database, house.vault, house.clock, lines) == 3
    assert destroyed.destroy_again(house.database, house.vault, house.clock, lines) == 0
    with world.deed() as tx:
        assert leaving.sign_everybody_out(tx, house.clock) == 3
        assert [each.ended_at is not None for each in sessions.of_member(tx, ada.id) if each.id == session.id] == [True]
        names = {each.member.id: each.name for each in members.known(tx, house.vault)}
        assert names == {ada.id: Personal("Ada"), ben.id: Personal("Ben"), carl.id: None}
        assert not members.get(tx, ben.id).is_active
        assert not house.vault.subject_exists(tx, carl.key)


def test_whoever_has_no_key_any_more_is_known_by_no_name(house: House, world: World) -> None:
    """As after a restore, before what was forgotten is so again."""
    with world.deed() as tx:
        ada = members.create(
            tx,
            house.vault,
            house.clock,
            NewMember(role=Role.DPO, name=Personal("Ada"), address=Personal("ada@energy.example")),
            by=SYSTEM,
        )
        house.vault.destroy_subject(tx, ada.key)
        [known] = members.known(tx, house.vault)
        assert (known.name, known.address, members.has_key(tx, house.vault, ada)) == (None, None, False)
        assert members.name_of(tx, house.vault, ada.id).name is None
