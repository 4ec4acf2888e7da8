"""Where an erased person's things lay elsewhere is dark again in a database that was restored from a backup of before."""

from rightcall.actors import SYSTEM
from rightcall.adapters.destroyed import Destroyed, DestroyedKind
from rightcall.discovery.ports import Ability
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import Erases, NewSystem, SystemName
from rightcall.erasure.elsewhere import actions as elsewhere
from rightcall.erasure.elsewhere.model import PlaceState
from rightcall.holdings import actions as holdings
from rightcall.holdings.categories import Category
from rightcall.holdings.model import NewForeign, Provenance, Source
from rightcall.holdings.places import Place
from rightcall.ids import ErasureId, HoldingId, new_id
from rightcall.personal import Personal
from rightcall.wiring import House
from rightcall.worker import destroyed
from tests.discovery.scans.fakes import BY
from tests.erasure.fakes import World


def test_what_was_confirmed_gone_elsewhere_is_so_again_and_where_it_lay_is_dark(house: House, world: World) -> None:
    able = frozenset({Ability.FIND, Ability.ERASE, Ability.CONFIRM})
    given = NewSystem(name=SystemName(text="crm"), address=Personal("/srv"), erases=Erases.PARTS)
    asked = world.ask_for_erasure(world.ada)
    with world.deed() as tx:
        crm = systems.register(tx, house.vault, house.clock, given, abilities=able, by=BY)
        new = NewForeign(
            id=HoldingId(new_id()),
            subject=world.ada,
            category=Category.TELEPHONE_NUMBER,
            place=Place(system=crm.id, field="phone", object_name=Personal("customers"), row=Personal("1")),
            provenance=Provenance(source=Source.SCAN, actor=SYSTEM, at=world.clock.at, basis=None),
        )
        holdings.register(tx, house.vault, house.clock, [new])
    world.answer(asked)
    erasure = ErasureId(asked.id)
    with world.deed() as tx:
        book = elsewhere.book(tx, erasure)
        assert book is not None
        assert book.key is not None
        assert house.vault.subject_exists(tx, book.key)
    line = Destroyed(index=1, controller=world.controller, kind=DestroyedKind.PLACES, id=erasure)
    assert destroyed.destroy_again(house.database, house.vault, house.clock, [line]) == 1
    assert destroyed.destroy_again(house.database, house.vault, house.clock, [line]) == 0
    with world.deed() as tx:
        assert not house.vault.subject_exists(tx, book.key)
        [errand] = elsewhere.errands(tx, erasure)
        assert errand.places == {PlaceState.CONFIRMED: 1}
        assert holdings.get(tx, new.id).disposed_at is not None
    unknown = Destroyed(index=1, controller=world.controller, kind=DestroyedKind.PLACES, id=new_id())
    assert destroyed.destroy_again(house.database, house.vault, house.clock, [unknown]) == 0
