"""The company that the quarter is about, as it stands at its beginning: founded, purposes reviewed, people at desks."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from rightcall.actors import SYSTEM, Actor, Role
from rightcall.calls import actions as calls
from rightcall.calls.model import Trunk, TrunkId
from rightcall.controllers import actions as controllers
from rightcall.controllers.model import ENGLISH, NewController
from rightcall.demo.quarter.calendar import Calendar
from rightcall.demo.quarter.plan import AGENTS, CARE, COMPLAINTS, LEAKS, RESEARCH, TRAINING
from rightcall.demo.quarter.tape import Tape
from rightcall.demo.serving import served
from rightcall.errors import NotFound
from rightcall.ids import CallId, ControllerId, HoldingId, NoticeId, PartyId, PurposeId, RecorderId, SubjectId, new_id
from rightcall.settings import Settings
from rightcall.staff import actions as staff
from rightcall.staff.model import NewToken
from rightcall.testcall.desk import Desk
from rightcall.web.app import create_app
from rightcall.web.server import listen
from rightcall.wiring import House, open_house

RUN = (TRAINING, COMPLAINTS, CARE, RESEARCH, LEAKS)
_OF_LATE = timedelta(days=24)
_AT_DESKS = (Role.SUPERVISOR, Role.REVIEWER, Role.DPO, Role.ENGINEER, Role.AUDITOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """A call that was made, for what comes after it. `stays`: nobody is going to take its yeses back by themselves; `spoken`:
    words can be heard in it. `takes`: the caller's, what is kept for the most purposes first."""

    at: datetime
    call: CallId
    party: PartyId
    subject: SubjectId
    tel: str
    language: str
    granted: tuple[str, ...]
    stays: bool
    spoken: bool
    takes: tuple[HoldingId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """`domain`: of its people's addresses. `notices`: by purpose and language. `book`: the calls so far. `spoken_for`: who asked
    something of the company already. `said`: each answer, whether it is a yes. `mended`: since when, if so, a no sends nobody on
    any more."""

    house: House
    calendar: Calendar
    tape: Tape
    controller: ControllerId
    domain: str
    trunk: Trunk
    recorder: RecorderId
    desks: Mapping[Role, Desk]
    actors: Mapping[Role, Actor]
    agents: Sequence[Actor]
    purposes: Mapping[str, PurposeId]
    notices: Mapping[tuple[str, str], NoticeId]
    book: list[Remembered] = field(default_factory=list)
    spoken_for: set[SubjectId] = field(default_factory=set)
    said: list[bool] = field(default_factory=list)
    mended: list[datetime] = field(default_factory=list)

    @property
    def dpo(self) -> Desk:
        return self.desks[Role.DPO]

    @property
    def supervisor(self) -> Desk:
        return self.desks[Role.SUPERVISOR]

    @property
    def reviewer(self) -> Desk:
        return self.desks[Role.REVIEWER]

    @property
    def agent(self) -> Desk:
        return self.desks[Role.AGENT]

    @property
    def engineer(self) -> Desk:
        return self.desks[Role.ENGINEER]

    def latest(self, purpose: str) -> Remembered:
        """As `of_late`. NotFound where there is none."""
        found = self.of_late(purpose)
        if found is None:
            raise NotFound(f"Nobody said yes to {purpose} of late. Make more calls.")
        return found

    def of_late(self, purpose: str) -> Remembered | None:
        """The last call of the last weeks that was kept for this purpose, of somebody who asked nothing so far; if there is any,
        one with words."""
        since = self.calendar.now() - _OF_LATE
        fitting = [made for made in self.book if made.at >= since and self._fits(made, purpose)]
        return max(fitting, key=lambda made: (made.spoken, made.at), default=None)

    def _fits(self, made: Remembered, purpose: str) -> bool:
        return purpose in made.granted and made.stays and bool(made.takes) and made.subject not in self.spoken_for

    def review_all(self) -> int:
        """Whatever runs and has no review in force is reviewed anew, in the same words, and signed in two roles. How many."""
        known = {each["key"]: each for each in self.dpo.get("/purposes")["items"]}
        lapsed = [key for key in RUN if key in known and not known[key]["review"]["in_force"]]
        for key in lapsed:
            newest = self.dpo.get(f"/purposes/{key}/reviews")["items"][0]
            sign(self, self.dpo.post(f"/purposes/{key}/reviews", newest["content"])["id"])
        return len(lapsed)


@contextmanager
def opened(
    settings: Settings, register: Path, calendar: Calendar, elsewhere: Path, *, newest: datetime
) -> Iterator[list[Company]]:
    """The house on that clock, with a recorder on tape, and the API before it for whoever works there. Its companies are founded
    as the register's file says, so that applying it later finds all of it there. `elsewhere`: the first one's folder, and no
    other's. `newest`: of calls from then on more is heard."""
    entries = tomllib.loads(register.read_text(encoding="utf-8"))["controllers"]
    with ExitStack() as standing:
        house = standing.enter_context(open_house(settings, clock=calendar))
        tape = Tape(database=house.database, tools=house.tools, objects=house.objects, clock=calendar, newest=newest)
        founded = [_founded(house, entry) for entry in entries]
        roots = {"scan_roots": f"{founded[0]}={elsewhere}"}
        house = replace(house, gates=tape, settings=settings.model_copy(update=roots))
        listening = listen("127.0.0.1:0")
        standing.enter_context(served(create_app(house), listening))
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        yield [
            _company(house, calendar, tape, address, controller, entry, standing)
            for controller, entry in zip(founded, entries, strict=True)
        ]


def _company(
    house: House,
    calendar: Calendar,
    tape: Tape,
    address: str,
    controller: ControllerId,
    entry: dict[str, Any],
    standing: ExitStack,
) -> Company:
    tokens = _tokens(house, controller)
    desks = {role: Desk(address, made[0].secret) for role, made in tokens.items()}
    for desk in desks.values():
        standing.callback(desk.close)
    purposes, notices = _purposes(desks[Role.DPO], entry)
    _declare(desks[Role.DPO], entry, purposes)
    company = Company(
        house=house,
        calendar=calendar,
        tape=tape,
        controller=controller,
        domain=entry["trunks"][0]["staff"][0],
        trunk=_trunk(house, controller, desks[Role.ENGINEER], entry),
        recorder=RecorderId(new_id()),
        desks=desks,
        actors={role: _bearer(made[0]) for role, made in tokens.items()},
        agents=[_bearer(made) for made in tokens[Role.AGENT]],
        purposes=purposes,
        notices=notices,
    )
    for review in _drafted(desks[Role.DPO], entry):
        sign(company, review)
    _translate(company.dpo, entry)
    return company


def sign(company: Company, review: str) -> None:
    """By two people, in two roles."""
    company.supervisor.post(f"/reviews/{review}/sign", {"capacity": "for_the_house"})
    company.agent.post(f"/reviews/{review}/sign", {"capacity": "for_agents"})


def _founded(house: House, entry: dict[str, Any]) -> ControllerId:
    new = NewController(
        name=entry["name"],
        address=entry["address"],
        contact=entry["contact"],
        jurisdictions=tuple(entry["jurisdictions"]),
        zone=entry["zone"],
        language=entry.get("language", ENGLISH),
    )
    with house.database.system() as tx:
        return controllers.create(tx, house.clock, new).id


def _tokens(house: House, controller: ControllerId) -> dict[Role, list[NewToken]]:
    """One for each role, and so many for agents; the first of these is at the agents' desk."""
    wanted = {Role.AGENT: AGENTS, **dict.fromkeys(_AT_DESKS, 1)}
    with house.database.transaction(controller) as tx:
        return {
            role: [staff.create_token(tx, house.clock, role=role, by=SYSTEM, label=_place(role, nth)) for nth in range(number)]
            for role, number in wanted.items()
        }


def _place(role: Role, nth: int) -> str:
    return f"Desk program, place {nth + 1}" if role is Role.AGENT else f"Case system, {role.value}"


def _bearer(made: NewToken) -> Actor:
    return Actor(id=made.token.id, role=made.token.role)


def _purposes(dpo: Desk, entry: dict[str, Any]) -> tuple[dict[str, PurposeId], dict[tuple[str, str], NoticeId]]:
    """Those that ran in the quarter, with their words in each language."""
    purposes, notices = {}, {}
    for purpose in _that_ran(entry):
        form = {name: value for name, value in purpose.items() if name not in ("notices", "review", "translations")}
        purposes[purpose["key"]] = PurposeId(UUID(dpo.post("/purposes", form)["id"]))
        for notice in purpose.get("notices", []):
            made = dpo.post(f"/purposes/{purpose['key']}/notices", notice)
            notices[purpose["key"], notice["language"]] = NoticeId(UUID(made["id"]))
    return purposes, notices


def _declare(dpo: Desk, entry: dict[str, Any], purposes: Mapping[str, PurposeId]) -> None:
    """Who answers for it, and who prints letters to customers."""
    office = {"capacity": "dpo", "name": f"Data protection officer of {entry['name']}", "contact": entry["contact"]}
    dpo.post("/responsibles", office)
    if CARE in purposes:
        dpo.post("/recipients", {"name": "Fjord Letters", "kind": "processor", "country": "DK", "purposes": [CARE]})


def _drafted(dpo: Desk, entry: dict[str, Any]) -> list[str]:
    return [dpo.post(f"/purposes/{purpose['key']}/reviews", purpose["review"])["id"] for purpose in _that_ran(entry)]


def _translate(dpo: Desk, entry: dict[str, Any]) -> None:
    """Of each purpose, and of its review as it was signed."""
    for purpose in _that_ran(entry):
        for translation in purpose.get("translations", []):
            dpo.post(f"/purposes/{purpose['key']}/translations", translation)


def _that_ran(entry: dict[str, Any]) -> list[dict[str, Any]]:
    return [purpose for purpose in entry["purposes"] if purpose["key"] in RUN]


def _trunk(house: House, controller: ControllerId, engineer: Desk, entry: dict[str, Any]) -> Trunk:
    [form] = entry["trunks"]
    made = TrunkId(UUID(engineer.post("/trunks", form)["id"]))
    with house.database.transaction(controller) as tx:
        return calls.trunk(tx, made)
