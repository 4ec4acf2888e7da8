"""The house that the pictures show: the demo's quarter as everybody has it, on a clock that stands still, with a recorder on
tape, so that a call is on and the same picture comes out each time."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path

from rightcall.actors import SYSTEM, PartyRole, Role
from rightcall.calls import actions as calls
from rightcall.demo.quarter.calendar import Calendar
from rightcall.demo.quarter.cast import Caller
from rightcall.demo.quarter.making import SEED, make
from rightcall.demo.quarter.plan import Size, plan
from rightcall.demo.quarter.tape import Tape
from rightcall.demo.serving import served
from rightcall.demo.sounds import QUARTER, speak
from rightcall.errors import NotFound
from rightcall.holdings import actions as holdings
from rightcall.ids import CallId, ControllerId, RecorderId, new_id
from rightcall.personal import Personal
from rightcall.recordings import actions as recordings
from rightcall.recordings.model import Arrival, ArrivingParty, ArrivingStream, Codec
from rightcall.settings import load_settings
from rightcall.staff.members import actions as members
from rightcall.staff.members.model import NewMember
from rightcall.staff.sessions import actions as sessions
from rightcall.staff.sessions.limits import limits_of
from rightcall.staff.sessions.model import Way
from rightcall.subjects import actions as subjects
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.model import Identifier, IdentifierKind
from rightcall.web.app import create_app
from rightcall.web.server import listen
from rightcall.wiring import House, open_house
from tests.api.fakes import FakeSender

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
SIZE = Size(calls=240, people=160, beside=20, nights_every=9)
AGENT = "agent2@agents.northwind.example"
_PCMU = Codec(payload_type=0, name="PCMU", clock_rate=8000)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    house: House
    clock: Calendar
    tape: Tape
    controller: ControllerId
    codes: FakeSender
    address: str

    def session_of(self, role: Role, name: str, address: str | None = None) -> str:
        """The secret of somebody's session that began just now."""
        new = NewMember(role=role, name=Personal(name), address=None if address is None else Personal(address))
        with self.house.database.transaction(self.controller) as tx:
            made = members.create(tx, self.house.vault, self.clock, new, by=SYSTEM)
            return sessions.begin(tx, self.clock, made.id, Way.PASSKEY, limits_of(self.house.settings)).secret

    def known_everywhere(self) -> Caller:
        """Who called last of those of whom something is kept here and in another system too."""
        with self.house.database.transaction(self.controller) as tx:
            for caller in callers():
                known_by = Identifier(kind=IdentifierKind.TEL, value=Personal(caller.tel))
                subject = subjects.only_person(tx, self.house.vault, known_by)
                person = () if subject is None else joining.person(tx, subject)
                held = [each for each in holdings.of_person(tx, person, limit=500) if each.is_there] if person else []
                if len({each.place.system is None for each in held}) > 1:
                    return caller
        raise NotFound("Of nobody who called anything is kept here and elsewhere too. Make more calls.")

    def ring(self, caller: Caller) -> CallId:
        """They call the first agent, and the call goes on."""
        parties = (
            ArrivingParty(
                ref="caller",
                aor=Personal(f"sip:{caller.tel}@carrier.example"),
                name=Personal(caller.name),
                role=PartyRole.CUSTOMER,
            ),
            ArrivingParty(ref="agent", aor=Personal(f"sip:{AGENT}"), name=None, role=PartyRole.AGENT),
        )
        streams = tuple(
            ArrivingStream(label=label, party_ref=ref, codecs=(_PCMU,)) for label, ref in (("1", "caller"), ("2", "agent"))
        )
        with self.house.database.transaction(self.controller) as tx:
            [trunk, *_] = calls.trunks(tx)
            arrival = Arrival(trunk=trunk, group=None, session=str(new_id()), parties=parties, streams=streams)
            arrived = recordings.arrive(tx, self.house.tools, arrival, recorder=RecorderId(new_id()))
            self.tape.settle_in(tx, arrived.session.call)
        self.clock.pass_by(20)
        return arrived.session.call


def callers(*, willing: bool = False) -> list[Caller]:
    """Who called in the quarter in English, the one who did so last first; `willing`: those alone who never said no."""
    planned = plan(SEED, SIZE, NOW).calls
    said_no = {each.caller.tel for each in planned if not all(each.answers.values()) or each.takes_back_after is not None}
    fitting = [each.caller for each in reversed(planned) if each.caller.language == "en"]
    return list({each.tel: each for each in fitting if not willing or each.tel not in said_no}.values())


def make_quarter(folder: Path) -> None:
    """As the demo makes it, with fewer calls; some minutes."""
    (folder / "data").mkdir(parents=True, mode=0o700)
    sounds = list(speak(folder / "sounds", QUARTER).values())
    with as_file(files("rightcall.demo") / "register.toml") as register:
        settings = load_settings(data=folder / "data")
        make(settings, folder / "elsewhere", register, sounds, until=NOW, tell=lambda day, _: say(day), size=SIZE)


@contextmanager
def standing(folder: Path) -> Iterator[Standing]:
    listening = listen("127.0.0.1:0")
    port = listening.getsockname()[1]
    address, clock = f"http://localhost:{port}", Calendar(NOW)
    with open_house(load_settings(data=folder / "data", http=f"localhost:{port}"), clock=clock) as house:
        tape = Tape(database=house.database, tools=house.tools, objects=house.objects, clock=clock, newest=NOW)
        codes = FakeSender()
        house = replace(house, gates=tape, codes=codes)
        controller, *_ = house.controllers()
        with served(create_app(house), listening):
            yield Standing(house=house, clock=clock, tape=tape, controller=controller, codes=codes, address=address)
