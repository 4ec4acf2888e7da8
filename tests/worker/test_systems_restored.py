"""A system that was retired is dark again in a database that was restored from a backup of before."""

from rightcall.adapters.destroyed import Destroyed, DestroyedKind
from rightcall.discovery.ports import Ability
from rightcall.discovery.scans import actions as scans
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import NewSystem, SystemName
from rightcall.ids import new_id
from rightcall.personal import Personal
from rightcall.wiring import House, destroyed_list
from rightcall.worker import destroyed
from tests.discovery.scans.fakes import BY
from tests.erasure.fakes import World


def test_a_retired_system_is_written_down_and_retired_again(house: House, world: World) -> None:
    names = [NewSystem(name=SystemName(text=name), address=Personal(f"/srv/{name}")) for name in ("retired", "restored")]
    find = frozenset({Ability.FIND})
    with world.deed() as tx:
        retired, restored = (systems.register(tx, house.vault, house.clock, each, abilities=find, by=BY) for each in names)
        scans.retire_system(tx, house.vault, house.clock, retired, by=BY)
    world.sequence()
    kept = destroyed_list(house.settings)
    while destroyed.write_down(house.database, house.vault, kept):
        pass
    told = {(each.kind, each.id) for each in kept.read() if each.controller == world.controller}
    assert told == {(DestroyedKind.SYSTEM, retired.id)}

    def again(id: object) -> int:
        line = Destroyed(index=1, controller=world.controller, kind=DestroyedKind.SYSTEM, id=id)  # type: ignore[arg-type]
        return destroyed.destroy_again(house.database, house.vault, house.clock, [line])

    assert (again(restored.id), again(restored.id), again(new_id())) == (1, 0, 0)
    with world.deed() as tx:
        assert not house.vault.subject_exists(tx, restored.key)
