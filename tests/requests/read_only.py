"""A system that we read and never change, where something about a person lies; and the worker's look at what is to be right."""

from pathlib import Path

from rightcall.actors import SYSTEM
from rightcall.database.connection import Transaction
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import NewSystem, SystemName
from rightcall.holdings import actions as holdings
from rightcall.holdings.categories import Category
from rightcall.holdings.model import NewForeign, Provenance, Source, Term
from rightcall.holdings.places import Place
from rightcall.house import House
from rightcall.ids import ControllerId, HoldingId, SubjectId, new_id
from rightcall.personal import Personal
from rightcall.procedures.ports import Steps
from rightcall.requests.correcting_elsewhere import CorrectingElsewhere
from tests.procedures.fakes import InlineSteps


def number_in_crm(tx: Transaction, house: House, subject: SubjectId, folder: Path, *terms: Term) -> HoldingId:
    """Nobody knows in which row it stands."""
    (folder / "crm").mkdir()
    address = Personal(str(folder / "crm"))
    new = NewSystem(name=SystemName(text="crm"), address=address, regions=("DK",))
    abilities = systems.abilities_of(house.open_system, address)
    crm = systems.register(tx, house.vault, house.clock, new, abilities=abilities, by=SYSTEM)
    held = NewForeign(
        id=HoldingId(new_id()),
        subject=subject,
        category=Category.TELEPHONE_NUMBER,
        place=Place(system=crm.id, field="phone"),
        terms=terms,
        provenance=Provenance(source=Source.SCAN, actor=SYSTEM, at=house.clock.now(), basis=None),
    )
    holdings.register(tx, house.vault, house.clock, [held])
    return held.id


def look(house: House, controller: ControllerId, correction: str) -> object:
    """As the worker does. In how many systems it is right by now."""
    steps: Steps = InlineSteps()
    work = CorrectingElsewhere(database=house.database, vault=house.vault, clock=house.clock, opens=house.open_system)
    return work(steps, str(controller), correction)
