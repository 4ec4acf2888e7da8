"""Ada calls: made through the API where the API makes it, and through the recorder's door where a recorder would."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Thread
from typing import Any
from uuid import UUID

from rightcall.actors import PartyRole
from rightcall.calls import actions as calls
from rightcall.calls.model import TrunkId
from rightcall.ids import CallId, ControllerId, PurposeId, RecorderId, StreamId, new_id
from rightcall.ledger.actions import Sequencer
from rightcall.personal import Personal
from rightcall.purposes import actions as purposes
from rightcall.recordings import actions as recordings
from rightcall.recordings.model import Arrival, ArrivingParty, ArrivingStream, Codec, EndReason
from rightcall.reviews.rules import USES
from rightcall.staff.rules import USING_ROLES
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.cast import ADA_NAME, ADA_TEL, AGENT_SIP
from tests.conftest import FixedClock
from tests.ethics.minimisation.scene import archive
from tests.reviews.words import FORM
from tests.standing import SetClock

PCMU = Codec(payload_type=0, name="PCMU", clock_rate=8000)
PURPOSE = {
    "key": "training",
    "title": "Improve how we train agents",
    "justification": "New agents learn from real conversations.",
    "lawful_basis": "consent",
    "data_categories": ["pd:VoiceCommunicationRecording"],
    "may_use": ["supervisor", "dpo"],
    "term_days": 90,
    "dpv_purpose": "dpv:PersonnelManagement",
}
NOTICE = {
    "language": "en",
    "text": "May we record this call to train our agents? You can change your mind at any moment. Press 1 for yes, 2 for no.",
    "keypad": {"yes": "1", "no": "2"},
}


def done(answer: Any, status: int = 200) -> dict[str, Any]:
    """The body of an answer that must have this status."""
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.json()
    return body


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A call of Ada's to agent seven that goes on now."""

    house: RealHouse
    clients: Clients
    controller: ControllerId
    trunk: str
    purpose: str
    notice: str
    call: str
    ada: str
    seven: str
    stream: StreamId

    def ask(self, **more: Any) -> Any:
        body = {"party": self.ada, "notice": self.notice} | more
        return self.clients.agent.post(f"/api/v1/calls/{self.call}/asks", json=body)

    def choose(self, answer: str, **more: Any) -> Any:
        """Asks first where a yes needs it and names no ask; `answer` as a key on Ada's phone, unless told otherwise."""
        if answer == "granted" and "ask" not in more:
            asked = self.ask(party=more.get("party", self.ada))
            if asked.status_code != 201:
                return asked
        body = {
            "party": self.ada,
            "purpose": "training",
            "answer": answer,
            "notice": self.notice,
            "language": "en",
            "channel": "keypad",
            "evidence": "1" if answer == "granted" else "2",
        } | more
        headers = {"Idempotency-Key": body.pop("idempotency")} if "idempotency" in body else None
        return self.clients.agent.post(f"/api/v1/calls/{self.call}/choices", json=body, headers=headers)

    def hear(self, packets: int = 50) -> int:
        """Ada speaks: how many packets of twenty milliseconds were kept."""
        header = bytes([0x80, 0])
        sent = [
            header + number.to_bytes(2, "big") + (number * 160).to_bytes(4, "big") + bytes(4) + b"\xff" * 160
            for number in range(packets)
        ]
        return sum(self.house.gates.recorder.hear(self.stream, 20 * at, packet) for at, packet in enumerate(sent))

    def detail(self) -> dict[str, Any]:
        return done(self.clients.agent.get(f"/api/v1/calls/{self.call}"))

    def kinds(self) -> list[str]:
        return [entry["kind"] for entry in self.detail()["timeline"]]

    def hang_up(self) -> None:
        house = self.house
        tools = house.tools
        with house.database.transaction(self.controller) as tx:
            recordings.end(tx, tools, CallId(_uuid(self.call)), EndReason.HUNG_UP)
            house.gates.recorder.finish_all(tx)


def review(clients: Clients, purpose: str = "training") -> str:
    """A review of the purpose, written by the DPO and signed by an agent and a supervisor: it is in force. Its id."""
    whole = FORM | {"declared": FORM["declared"] | {"acts": sorted(USES), "roles": sorted(USING_ROLES)}}
    made = done(clients.dpo.post(f"/api/v1/purposes/{purpose}/reviews", json=whole), 201)["id"]
    for client, capacity in ((clients.supervisor, "for_the_house"), (clients.agent, "for_agents")):
        signed = done(client.post(f"/api/v1/reviews/{made}/sign", json={"capacity": capacity}))
    assert signed["stage"] == "in_force", signed["why_not"]
    return str(made)


def barely_read(house: RealHouse, clients: Clients) -> str:
    """The purpose: its takes were watched to the end of ninety days, and none was read after the third."""
    made = done(clients.dpo.post("/api/v1/purposes", json=PURPOSE), 201)["id"]
    done(clients.dpo.post(f"/api/v1/purposes/{made}/notices", json=NOTICE), 201)
    review(clients)
    with house.database.transaction(clients.controller) as tx:
        clock = FixedClock()
        clock.at = house.clock.now() - timedelta(days=95)
        kept = archive(tx, house.vault, clock, purposes.get(tx, PurposeId(UUID(made))))
        kept.keep(550)
        kept.read(kept.kept[:5], on_day=2)
        kept.look(on_day=95)
    return str(made)


def ring(house: RealHouse, clients: Clients) -> Scene:
    """Register, trunk, and a call that arrives by it."""
    purpose = done(clients.dpo.post("/api/v1/purposes", json=PURPOSE), 201)["id"]
    notice = done(clients.dpo.post(f"/api/v1/purposes/{purpose}/notices", json=NOTICE), 201)["id"]
    review(clients)
    trunk = {"name": "SBC", "sources": ["192.0.2.1/32"], "called": str(new_id().hex), "staff": ["energy.example"]}
    made = done(clients.engineer.post("/api/v1/trunks", json=trunk | {"default_region": "DK", "language": "en"}), 201)
    return _call(house, clients, trunk=made["id"], purpose=purpose, notice=notice, session="session-1")


def ring_again(scene: Scene) -> Scene:
    """Ada calls once more, by the same trunk."""
    known = {"trunk": scene.trunk, "purpose": scene.purpose, "notice": scene.notice}
    return _call(scene.house, scene.clients, session="session-2", **known)


def _call(house: RealHouse, clients: Clients, *, trunk: str, purpose: str, notice: str, session: str) -> Scene:
    tools = house.tools
    with house.database.transaction(clients.controller) as tx:
        arrival = Arrival(
            trunk=calls.trunk(tx, TrunkId(_uuid(trunk))),
            group=None,
            session=session,
            parties=(
                ArrivingParty(
                    ref="ada",
                    aor=Personal(f"sip:{ADA_TEL}@carrier.example"),
                    name=Personal(ADA_NAME),
                    role=PartyRole.CUSTOMER,
                ),
                ArrivingParty(ref="seven", aor=Personal(AGENT_SIP), name=None, role=PartyRole.AGENT),
            ),
            streams=(
                ArrivingStream(label="1", party_ref="ada", codecs=(PCMU,)),
                ArrivingStream(label="2", party_ref="seven", codecs=(PCMU,)),
            ),
        )
        arrived = recordings.arrive(tx, tools, arrival, recorder=RecorderId(new_id()))
        house.gates.recorder.settle(tx, arrived.session.call)
    return Scene(
        house=house,
        clients=clients,
        controller=clients.controller,
        trunk=trunk,
        purpose=purpose,
        notice=notice,
        call=str(arrived.session.call),
        ada=str(arrived.by_ref["ada"]),
        seven=str(arrived.by_ref["seven"]),
        stream=arrived.by_label["1"],
    )


@contextmanager
def signing(house: RealHouse, clock: SetClock) -> Iterator[None]:
    """The ledger signs on and on, as it does where a worker runs."""
    over, sequencer = Event(), Sequencer(house.database, house.signer, house.signer.name, clock)

    def sign() -> None:
        while not over.wait(0.15):
            sequencer.run_once()

    signer = Thread(target=sign)
    signer.start()
    try:
        yield
    finally:
        over.set()
        signer.join()


def _uuid(text: str) -> UUID:
    return UUID(text)
