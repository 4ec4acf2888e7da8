"""Who works at the demo's companies: taken in as an administrator would, each with the address that is theirs at work."""

from collections.abc import Mapping
from typing import NamedTuple

from rightcall.actors import SYSTEM, Role
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.demo.outside.model import Colleague, Town
from rightcall.house import House
from rightcall.personal import Personal
from rightcall.settings import Settings
from rightcall.staff import actions as staff
from rightcall.staff.members import actions as members
from rightcall.staff.members.model import NewMember
from rightcall.wiring import open_house

NORTHWIND, TARN = "Northwind Energy", "Tarn Water"
NORTHWINDS_DPO = "Dagny Dahl"
_AT_WORK = (Role.AGENT, Role.SUPERVISOR, Role.DPO)
_TOUR = "The tour of the demo"


class _Looks(NamedTuple):
    role: Role
    may: str


_AGENT = _Looks(Role.AGENT, "takes calls at the desk, and sees of a caller what that needs")
_SUPERVISOR = _Looks(Role.SUPERVISOR, "looks after agents, listens to what lessons and complaints need")
_REVIEWER = _Looks(Role.REVIEWER, "asks of each purpose and rule whether it is right")
_DPO = _Looks(Role.DPO, "answers for all of it: people, requests, rules, what went wrong")
_AUDITOR = _Looks(Role.AUDITOR, "reads everything and changes nothing")
_ADMINISTRATOR = _Looks(Role.ADMINISTRATOR, "looks after accounts and systems, and sees nobody's data")


def _colleague(name: str, looks: _Looks, company: str, domain: str) -> Colleague:
    sub = f"{name.split()[0].lower()}.{domain.partition('.')[0]}"
    address = f"{name.split()[0].lower()}@{domain}"
    return Colleague(sub=sub, name=name, role=looks.role, company=company, address=address, may=looks.may)


COLLEAGUES = (
    _colleague("Ida Agerskov", _AGENT, NORTHWIND, "northwind.example"),
    _colleague("Simon Svane", _SUPERVISOR, NORTHWIND, "northwind.example"),
    _colleague("Runa Rask", _REVIEWER, NORTHWIND, "northwind.example"),
    _colleague(NORTHWINDS_DPO, _DPO, NORTHWIND, "northwind.example"),
    _colleague("Oskar Orlund", _AUDITOR, NORTHWIND, "northwind.example"),
    _colleague("Tilde Toft", _ADMINISTRATOR, NORTHWIND, "northwind.example"),
    _colleague("Beth Askwith", _AGENT, TARN, "tarn.example"),
    _colleague("Joan Dalby", _DPO, TARN, "tarn.example"),
)


def taken_in(settings: Settings, town: Town) -> Mapping[Role, str]:
    """Whoever works in the town. The tokens with which the demo itself works at the first company."""
    with open_house(settings, connections=2) as house:
        named = {}
        for id in house.controllers():
            with house.database.transaction(id) as tx:
                company = controllers.get(tx)
                named[company.name] = id
                for each in town.colleagues:
                    if each.company == company.name:
                        _take_in(tx, house, each)
        town.companies = {name: named[name] for name in (NORTHWIND, TARN) if name in named}
        with house.database.transaction(named[NORTHWIND]) as tx:
            return {role: staff.create_token(tx, house.clock, role=role, by=SYSTEM, label=_TOUR).secret for role in _AT_WORK}


def _take_in(tx: Transaction, house: House, each: Colleague) -> None:
    new = NewMember(role=each.role, name=Personal(each.name), address=Personal(each.address))
    members.create(tx, house.vault, house.clock, new, by=SYSTEM)
