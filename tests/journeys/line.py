"""A call while it is on: who is on it, what they say, what the agent does at the desk. Sound is known by its very bytes."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from rightcall.actors import Actor, Role
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Database
from rightcall.ids import HoldingId, PurposeId, new_id
from rightcall.recordings.model import Played
from rightcall.recordings.playing import play
from rightcall.settings import load_settings
from rightcall.testcall.call import DeskOfCall, OutgoingCall
from rightcall.testcall.model import Leg, Person, Sent
from rightcall.testcall.sound import FRAME
from rightcall.wiring import build
from tests.journeys.deployment import Deployment, eventually, patiently

TRAINING, PROOF = "training", "proof"
SOME = 20  # frames of 20 ms that have to be seen to say that something flows
LANGUAGE = "en"
WHY = {"reason": "a complaint is looked into", "case": "C-1"}
AGENT = Person(ref="agent", aor="sip:agent7@energy.example", name="Agent Seven")


def noise(seconds: float) -> list[bytes]:
    """Sound as G.711 frames that no other sound in the world has."""
    return [secrets.token_bytes(FRAME) for _ in range(round(seconds * 50))]


def caller(tel: str, name: str = "Caller") -> Person:
    return Person(ref="caller", aor=f"tel:{tel}", name=name)


class Line:
    """One call by the test call's own client, from INVITE on."""

    def __init__(self, deployment: Deployment, tel: str, *, name: str = "Caller", group: str | None = None) -> None:
        self.deployment, self.tel = deployment, tel
        legs = (Leg(label="1", person=caller(tel, name)), Leg(label="2", person=AGENT))
        self.call = OutgoingCall(deployment.sip, legs, group=group)
        try:
            self.call.place()
            self.desk = DeskOfCall(deployment.agent, tel)
            self.customer = self.desk.party("customer")
        except BaseException:
            self.call.vanish()
            raise

    @property
    def id(self) -> str:
        return self.desk.id

    def say(self, frames: list[bytes], ref: str = "caller") -> None:
        """Returns when it was said."""
        self.call.say(ref, frames)
        self.call.let_them_finish()

    def key(self, digits: str) -> None:
        self.call.key("caller", digits)
        self.call.let_them_finish()

    def ask(self, purpose: str) -> None:
        self.desk.ask(purpose, LANGUAGE, party=self.customer)

    def choose(self, purpose: str, answer: str) -> dict[str, Any]:
        return self.desk.choose(purpose, answer, LANGUAGE, party=self.customer, heard="as the caller said it")

    def state(self) -> dict[str, Any]:
        return self.desk.state()

    def answer_to(self, purpose: str) -> str | None:
        """Where the caller stands about a purpose now."""
        wanted = self.deployment.agent.purpose(purpose)["id"]
        for standing in self.state()["standing"]:
            if (standing["party"], standing["purpose"]) == (self.customer, wanted):
                return str(standing["answer"]) if standing["answer"] else None
        return None

    def wait_for_answer(self, purpose: str, answer: str) -> None:
        eventually(lambda: self.answer_to(purpose) == answer, 10.0, f"{purpose} is {answer}")

    def hang_up(self) -> list[Sent]:
        self.call.let_them_finish()
        return self.call.hang_up()

    def finished(self) -> dict[str, Any]:
        """The call's state once it is over and all its takes are in the store."""
        return wait_finished(self.deployment, self.id)


def wait_finished(deployment: Deployment, call: str) -> dict[str, Any]:
    def ask() -> dict[str, Any] | None:
        state = dict(patiently(lambda: deployment.agent.get(f"/calls/{call}")))
        done = state["ended_at"] is not None and all(take["finished_at"] for take in state["takes"])
        return state if done else None

    return eventually(ask, 45.0, f"the call {call} is over and its takes are stored")


def instant(said: str) -> datetime:
    return datetime.fromisoformat(said)


def takes_of(state: dict[str, Any], role: str) -> list[dict[str, Any]]:
    """The takes of those on the call in that role, in order."""
    parties = {party["id"] for party in state["parties"] if party["role"] == role}
    return sorted((take for take in state["takes"] if take["party"] in parties), key=lambda take: str(take["opened_at"]))


def packets_between(state: dict[str, Any], start: str, end: str) -> list[str]:
    """Takes that have a packet from after `start` and before `end`."""
    return [
        take["id"]
        for take in state["takes"]
        if take["first_at"] and instant(take["first_at"]) < instant(end) and instant(take["last_at"]) > instant(start)
    ]


def timeline_at(state: dict[str, Any], kind: str) -> str:
    return next(str(entry["at"]) for entry in state["timeline"] if entry["kind"] == kind)


def audio(deployment: Deployment, take: str, purpose: str) -> bytes:
    return deployment.dpo.content(f"/takes/{take}/audio", purpose=purpose, **WHY)


def frames_in(sound: bytes, frames: list[bytes]) -> int:
    """How many of `frames` the sound has, byte for byte."""
    return sum(frame in sound for frame in frames)


def is_heard_from_the_yes_on(sound: bytes, frames: list[bytes]) -> bool:
    """Whether the sound has the last of what was said, without a gap, and enough of it: how soon the yes came is no matter."""
    heard = [frame in sound for frame in frames]
    return sum(heard) >= SOME and all(heard[heard.index(True) :])


def packets_in(deployment: Deployment, take: str, purpose: str) -> list[bytes]:
    """The RTP packets of a take, out of its sealed bytes, opened as the house itself opens them."""
    return packets_of(deployment, [take], purpose)[take]


def packets_of(deployment: Deployment, takes: Sequence[str], purpose: str) -> dict[str, list[bytes]]:
    """The same of several takes."""
    database = Database(deployment.database_url(), connections=2)
    wanted = PurposeId(UUID(deployment.dpo.purpose(purpose)["id"]))
    by = Actor(role=Role.DPO, id=new_id())
    found = {}
    try:
        with database.system() as tx:
            (controller,) = controllers.all_ids(tx)
        with build(load_settings(data=deployment.data), database) as house:
            for take in takes:
                with database.transaction(controller) as tx:
                    id, why, case = HoldingId(UUID(take)), WHY["reason"], WHY["case"]
                    played = play(tx, house.tools, house.objects, take=id, purpose=wanted, by=by, reason=why, case=case)
                assert isinstance(played, Played)
                found[take] = [packet.packet for packet in played.recorded.packets]
    finally:
        database.close()
    return found
