"""A big access package: how much memory the process takes that makes it and sends it, and how long that takes.

What is held is put in as it lies in life: recordings as sealed packets of G.711, each with a lock of its own, and fields of a
customer file in another system. Then a process of its own makes the package, hands it over and sends it, as a worker and the
web do; how much memory it ever had is what the operating system says of it.
"""

import json
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from rightcall.actors import SYSTEM, PartyRole
from rightcall.bench._company import COMPANY, TRAINING, TRUNK
from rightcall.calls import actions as calls
from rightcall.calls.model import Party, Trunk
from rightcall.canonical import sha256
from rightcall.clock import day_of
from rightcall.controllers.actions import create
from rightcall.database.connection import Transaction
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import NewSystem, SystemName
from rightcall.holdings import actions as holdings
from rightcall.holdings.categories import Category
from rightcall.holdings.model import HoldingKind, NewForeign, NewHolding, Provenance, Source, Term
from rightcall.holdings.places import Place
from rightcall.holdings.together import key_of
from rightcall.ids import ControllerId, HoldingId, ObjectId, PurposeId, RecorderId, RequestId, SubjectId, SystemId, new_id
from rightcall.personal import Personal
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import LawfulBasis
from rightcall.recordings import actions as recordings
from rightcall.recordings.model import (
    STORED_MEDIATYPE,
    Arrival,
    Arrived,
    ArrivingParty,
    ArrivingStream,
    Codec,
    Cut,
    EndReason,
    Take,
)
from rightcall.recordings.packets import pack
from rightcall.recordings.takes import store as take_store
from rightcall.requests import actions as requests
from rightcall.requests.model import RequestKind
from rightcall.settings import load_settings
from rightcall.vault.model import ContentKey, Lock
from rightcall.vault.sealing import Sealer, content_context
from rightcall.wiring import House, open_house

Tell = Callable[[str, int, int], None]
_CALLS = 100
"""Of the things, so many are recordings: the sound is shared among them."""
_MOST_MIB = 190
"""200 MB."""
_PCMU = Codec(payload_type=0, name="PCMU", clock_rate=8000)
_PACKET_MS, _SAMPLES = 20, 160
_PHONE = "+4532123456"
_NOISE, _SEED = 1 << 20, 20261126


@dataclass(frozen=True, slots=True, kw_only=True)
class _Estate:
    house: House
    controller: ControllerId
    purpose: PurposeId
    trunk: Trunk
    folder: Path


def run(*, calls: int = 10_000, sound_mb: int = 1000, tell: Tell | None = None) -> dict[str, object]:
    """`calls`: how many things are held. `sound_mb`: how many megabytes of sound are among them."""
    say = tell or _silent
    with (
        tempfile.TemporaryDirectory(prefix="rightcall-bench-") as folder,
        open_house(load_settings(data=Path(folder) / "data")) as house,
    ):
        estate = _estate(house, Path(folder))
        recorded = min(_CALLS, calls)
        subject = _record(estate, recorded, sound_mb * 1_000_000 // recorded, say)
        _keep_elsewhere(estate, subject, calls - recorded)
        with house.database.transaction(estate.controller) as tx:
            request = requests.receive(tx, house.vault, house.clock, subject=subject, kind=RequestKind.ACCESS, by=SYSTEM).id
        say("Making the package", 0, 1)
        return {"bench": "package", "things": calls, "sound_mb": sound_mb} | _made(estate, request, calls)


def _made(estate: _Estate, request: RequestId, things: int) -> dict[str, object]:
    taken = estate.folder / "taken.zip"
    command = [
        sys.executable,
        "-m",
        "rightcall.bench._packing",
        str(estate.folder / "data"),
        str(estate.controller),
        str(request),
    ]
    done = subprocess.run([*command, str(taken)], check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own words
    found: dict[str, object] = json.loads(done.stdout)
    with zipfile.ZipFile(taken) as file:
        told = [name for name in file.namelist() if name.startswith("things-") and name.endswith(".json")]
        listed = sum(len(json.loads(file.read(name))) for name in told)
        given = sum(each["in_package"]["state"] == "given" for name in told for each in json.loads(file.read(name)))
        sound = sum(each.file_size for each in file.infolist() if each.filename.endswith(".wav"))
    if (listed, given) != (things, things):
        raise AssertionError(f"of {things} things {listed} are told and {given} given")
    return found | {"sound_in_it_mb": round(sound / 1e6), "goal_peak_mib": _MOST_MIB}


def _estate(house: House, folder: Path) -> _Estate:
    with house.database.system() as tx:
        controller = create(tx, house.clock, COMPANY).id
        trunk = calls.add_trunk(tx, house.clock, controller, TRUNK)
    with house.database.transaction(controller) as tx:
        purpose = purposes.create_purpose(tx, house.clock, TRAINING, by=SYSTEM).id
    return _Estate(house=house, controller=controller, purpose=purpose, trunk=trunk, folder=folder)


def _record(estate: _Estate, number: int, bytes_each: int, say: Tell) -> SubjectId:
    """Calls of one person, each with one long take. Whose they are."""
    subjects = set[SubjectId]()
    for nth in range(number):
        say("Recording", nth, number)
        with estate.house.database.transaction(estate.controller) as tx:
            subjects.add(_call(tx, estate, f"session-{nth}", bytes_each))
    [subject] = subjects
    return subject


def _call(tx: Transaction, estate: _Estate, session: str, sound: int) -> SubjectId:
    tools, packets = estate.house.tools, sound // _SAMPLES
    arrived = recordings.arrive(tx, tools, _arrival(estate, session), recorder=RecorderId(new_id()))
    party = calls.party(tx, arrived.by_ref["p"])
    take = _take(estate, arrived, party, timedelta(milliseconds=packets * _PACKET_MS))
    key = _lock(tx, estate, take, party)
    sealed = _seal(estate, Sealer(key.secret, content_context(estate.controller, take.id)), packets)
    estate.house.objects.put_file(take.object_key, sealed)
    take_store.insert_take(tx, take)
    ended_at = take.opened_at + timedelta(milliseconds=packets * _PACKET_MS)
    take_store.cut_takes(tx, [(take.id, Cut.OVER)], ended_at)
    recordings.end(tx, tools, take.call, EndReason.HUNG_UP)
    recordings.finish_take(
        tx,
        tools,
        take.id,
        sealed_length=sealed.stat().st_size,
        packets=packets,
        first_at=take.opened_at,
        last_at=ended_at,
        complete=True,
        digest=sha256(sealed.read_bytes()),
    )
    return party.subject


def _arrival(estate: _Estate, session: str) -> Arrival:
    party = ArrivingParty(ref="p", aor=Personal(f"sip:{_PHONE}@carrier.example"), name=None, role=PartyRole.CUSTOMER)
    streams = (ArrivingStream(label="1", party_ref="p", codecs=(_PCMU,)),)
    return Arrival(trunk=estate.trunk, group=None, session=session, parties=(party,), streams=streams)


def _take(estate: _Estate, arrived: Arrived, party: Party, lasts: timedelta) -> Take:
    id, at = HoldingId(new_id()), estate.house.clock.now()
    return Take(
        id=id,
        call=arrived.session.call,
        stream=arrived.by_label["1"],
        party=party.id,
        purposes=(estate.purpose,),
        locks=bytes(32),
        codecs=(_PCMU,),
        object_key=key_of(estate.controller, id, _last_day(at)),
        opened_at=at,
        cut_at=at + lasts,
        cut_reason=Cut.OVER,
    )


def _last_day(at: datetime) -> date:
    return day_of(at) + timedelta(days=30)


def _lock(tx: Transaction, estate: _Estate, take: Take, party: Party) -> ContentKey:
    """Under a yes of the person's, for a month; and written down as theirs."""
    vault, purpose, last_day = estate.house.vault, estate.purpose, _last_day(take.opened_at)
    grant = vault.open_grant(tx, subject=party.subject, party=party.id, purpose=purpose)
    key = vault.lock_content(tx, holding=take.id, locks=[Lock(purpose=purpose, last_day=last_day, grants=(grant,))])
    holding = NewHolding(
        id=take.id,
        subject=party.subject,
        kind=HoldingKind.STREAM,
        terms=(Term(purpose=purpose, last_day=last_day),),
        mediatype=STORED_MEDIATYPE,
        provenance=Provenance(source=Source.SIPREC, actor=SYSTEM, at=take.opened_at, basis=LawfulBasis.CONSENT),
        call=take.call,
        stream=take.stream,
        object_key=take.object_key,
    )
    holdings.record(tx, estate.house.clock, holding)
    return key


def _seal(estate: _Estate, sealer: Sealer, packets: int) -> Path:
    """Sound that nothing shrinks."""
    path = estate.folder / "take"
    sound, step = Random(_SEED).randbytes(_NOISE), _SAMPLES * 7 + 13  # noqa: S311 - noise, no secret
    with path.open("wb") as file:
        for nth in range(packets):
            head = bytes([0x80, 0]) + (nth & 0xFFFF).to_bytes(2, "big") + (nth * _SAMPLES).to_bytes(4, "big") + bytes(4)
            place = nth * step % (_NOISE - _SAMPLES)
            file.write(sealer.seal(pack(nth * _PACKET_MS, head + sound[place : place + _SAMPLES])))
        file.write(sealer.finish())
    return path


def _keep_elsewhere(estate: _Estate, subject: SubjectId, number: int) -> None:
    """Fields of a customer file, each found to the character to be about the person."""
    path, house = estate.folder / "crm.db", estate.house
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE contacts (id INTEGER PRIMARY KEY, phone TEXT)")
        connection.executemany("INSERT INTO contacts VALUES (?, ?)", ((nth, _PHONE) for nth in range(number)))
    address = Personal(f"sqlite:///{path}")
    new = NewSystem(name=SystemName(text="crm"), address=address, regions=("DK",))
    abilities = systems.abilities_of(house.open_system, address)
    with house.database.transaction(estate.controller) as tx:
        system = systems.register(tx, house.vault, house.clock, new, abilities=abilities, by=SYSTEM).id
        object = ObjectId(new_id())
        batch = [_field(estate, subject, system, object, nth) for nth in range(number)]
        if batch:
            holdings.register(tx, house.vault, house.clock, batch)


def _field(estate: _Estate, subject: SubjectId, system: SystemId, object: ObjectId, row: int) -> NewForeign:
    at = estate.house.clock.now()
    return NewForeign(
        id=HoldingId(new_id()),
        subject=subject,
        category=Category.TELEPHONE_NUMBER,
        place=Place(
            system=system,
            object=object,
            object_name=Personal("contacts"),
            row=Personal(str(row)),
            field="phone",
            start=0,
            end=len(_PHONE),
        ),
        provenance=Provenance(source=Source.SCAN, actor=SYSTEM, at=at, basis=LawfulBasis.CONSENT),
        terms=(Term(purpose=estate.purpose, last_day=day_of(at) + timedelta(days=30)),),
    )


def _silent(_what: str, _done: int, _of: int) -> None:
    """Nobody watches."""
