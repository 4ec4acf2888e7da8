"""The four calls of the demo. Each is a real SIPREC session with sound; what became of it is asked of the API and of the disk."""

import time
from dataclasses import dataclass
from typing import Any

from rightcall.demo.patience import PATIENCE_SECONDS
from rightcall.demo.show import Show
from rightcall.demo.stage import Stage
from rightcall.testcall.call import DeskOfCall, OutgoingCall
from rightcall.testcall.desk import Declined
from rightcall.testcall.model import Leg, Person, Sent
from rightcall.testcall.report import HEADS, lines_of

TRAINING, PROOF = "agent-training", "order-proof"
CARD = "4111111111111111"
LANGUAGE = "en"
FORBIDDEN, CONFLICT, GONE = 403, 409, 410


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One call, over: who called, what was sent, and what the API says became of it."""

    tel: str
    sent: list[Sent]
    state: dict[str, Any]

    @property
    def takes(self) -> list[dict[str, Any]]:
        return list(self.state["takes"])

    @property
    def kept(self) -> int:
        return sum(take["packets"] or 0 for take in self.takes)

    def choices_of(self, stage: Stage) -> list[dict[str, Any]]:
        return list(stage.dpo.get(f"/calls/{self.state['id']}/choices")["items"])


class Line:
    """One call while it is on."""

    def __init__(self, stage: Stage, name: str, tel: str, sounds: dict[str, list[bytes]]) -> None:
        self.tel = tel
        self.sounds = sounds
        self._patience = stage.patience
        caller = Person(ref="caller", aor=f"tel:{tel}", name=name)
        agent = Person(ref="agent", aor="sip:agent7@agents.northwind.example", name="Agent Seven")
        self.call = OutgoingCall(stage.sip, (Leg(label="1", person=caller), Leg(label="2", person=agent)))
        self.call.place()
        self.desk = DeskOfCall(stage.agent, tel)
        self.customer = self.desk.party("customer")

    def say(self, who: str, line: str) -> None:
        self.call.say(who, self.sounds[line])

    def key(self, digits: str) -> None:
        self.call.key("caller", digits)

    def ask(self, purpose: str) -> None:
        self.desk.ask(purpose, LANGUAGE, party=self.customer)

    def choose(self, purpose: str, answer: str, heard: str) -> dict[str, Any]:
        return self.desk.choose(purpose, answer, LANGUAGE, party=self.customer, heard=heard)

    def press(self, digits: str, purpose_id: str, answer: str) -> bool:
        """Whether the key became that choice. Pressed once more where nothing came of it; any other choice is an answer."""
        for _ in range(2):
            self.key(digits)
            if self._patience.until(lambda: self._answer(purpose_id) is not None, "the key that was pressed to become a choice"):
                return self._answer(purpose_id) == answer
        self._patience.stop_if_busy()
        return False

    def _answer(self, purpose_id: str) -> str | None:
        standing = self.desk.state()["standing"]
        here = (each["answer"] for each in standing if (each["party"], each["purpose"]) == (self.customer, purpose_id))
        return next(here, None)

    def wait_until_open(self) -> None:
        """Words that are said before a gate is open are dropped, as they should be; so nobody speaks before it is."""

        def is_open() -> bool:
            return any(take["finished_at"] is None for take in self.desk.state()["takes"])

        if not self._patience.until(is_open, "the recorder to open its gate"):
            self._patience.stop_if_busy()

    def resume(self) -> None:
        """Asked again where nobody confirmed it; by then it is written down."""
        try:
            self.desk.resume()
        except Declined as declined:
            if declined.status != CONFLICT or self.desk.state()["state"]["pauses"]:
                raise
        self.wait_until_open()

    def hang_up(self) -> Told:
        self.call.let_them_finish()
        sent = self.call.hang_up()
        return Told(tel=self.tel, sent=sent, state=self.desk.state_when_finished(PATIENCE_SECONDS))


def yes_and_no(stage: Stage, show: Show, sounds: dict[str, list[bytes]]) -> Told:
    show.chapter("Ada calls: yes to one purpose, no to another")
    before = stage.kept_files()
    line = Line(stage, "Ada Example", "+442079460011", sounds)
    show.say("The SBC opens a recording session over SIP. The call exists; nothing is recorded, and sound is already arriving.")
    line.say("agent", "agent")
    line.call.let_them_finish()
    show.check("Six seconds of sound have arrived, and not one byte of it is on the disk.", holds=not stage.kept_since(before))
    training, proof = (stage.agent.purpose(key)["id"] for key in (TRAINING, PROOF))
    show.say(
        "The agent puts the notice for [b]agent training[/b]; Ada presses 1 on her phone. "
        "Then the one for [b]order proof[/b]; she presses 4, which is no."
    )
    line.ask(TRAINING)
    show.check("The key 1 became her choice: granted, for agent training.", holds=line.press("1", training, "granted"))
    line.ask(PROOF)
    show.check(
        "The key 4 became her choice: refused, for order proof. The call goes on.", holds=line.press("4", proof, "refused")
    )
    line.wait_until_open()
    line.say("caller", "ada")
    told = line.hang_up()
    only = all(take["purposes"] == [training] for take in told.takes)
    both = {take["party"] for take in told.takes} == {party["id"] for party in told.state["parties"]}
    show.check(
        f"{told.kept} packets were kept in {len(told.takes)} takes, Ada's voice and the agent's, "
        "all for agent training and nothing else.",
        holds=only and both and told.kept > 0,
    )
    return told


def all_no(stage: Stage, show: Show, sounds: dict[str, list[bytes]]) -> Told:
    show.chapter("Ben calls: no to everything")
    before = stage.kept_files()
    line = Line(stage, "Ben Example", "+442079460022", sounds)
    line.say("agent", "agent")
    line.say("caller", "ben")
    for purpose in (TRAINING, PROOF):
        line.ask(purpose)
        line.choose(purpose, "refused", "No, please do not record me.")
    told = line.hang_up()
    packets = sum(leg.packets for leg in told.sent)
    show.say(f"Ben's call went on as any other: {packets} packets of sound were sent.")
    show.check(
        "Nothing came to the disk since he called: zero bytes of his call.", holds=not stage.kept_since(before) and not told.takes
    )
    show.say("The timeline of the call is kept all the same, so that it can be shown that nothing else is:")
    timeline(stage, show, told)
    return told


def withdrawn(stage: Stage, show: Show, sounds: dict[str, list[bytes]]) -> Told:
    show.chapter("Cleo calls: yes, and then she changes her mind")
    line = Line(stage, "Cleo Example", "+442079460033", sounds)
    line.ask(TRAINING)
    line.choose(TRAINING, "granted", "Yes, you may record.")
    line.wait_until_open()
    line.say("caller", "cleo")
    time.sleep(2.5)
    choice = line.choose(TRAINING, "withdrawn", "Please stop, I have changed my mind.")
    held = choice["held"]
    show.say(
        "In mid-call she withdraws. The answer came once it held: "
        f"the last packet was kept at {_clock(held['last_packet_at'])}, confirmed at {_clock(held['held_at'])}."
    )
    told = line.hang_up()
    take = max(told.takes, key=lambda each: each["packets"] or 0)
    show.say(f"{told.kept} packets had been kept by then. Her grant key was destroyed with the choice, so they are dark now:")
    dark = {each["id"]: each["purposes"][0]["dark"] for each in held_about(stage, told.tel)}
    show.check(
        "Nothing of her call can be opened any more: the grant is destroyed.", holds=set(dark.values()) == {"grant_destroyed"}
    )
    show.check("And the verdict on playing it is no.", holds=is_refused(stage, take["id"]))
    return told


def card(stage: Stage, show: Show, sounds: dict[str, list[bytes]]) -> Told:
    show.chapter("Dan calls: a card number during a pause")
    line = Line(stage, "Dan Example", "+442079460044", sounds)
    line.ask(TRAINING)
    line.choose(TRAINING, "granted", "Yes, that is fine.")
    line.wait_until_open()
    line.say("caller", "dan")
    line.call.let_them_finish()
    paused = line.desk.pause("card_data")
    show.say(
        f"The agent pauses. It holds since {_clock(paused['held_at'])}; "
        f"the last packet was kept at {_clock(paused['last_packet_at'])}."
    )
    show.say("Dan keys his card number on his phone, and says it aloud as well.")
    line.key(CARD)
    line.say("caller", "card")
    line.call.let_them_finish()
    line.resume()
    line.say("caller", "dan-after")
    told = line.hang_up()
    keyed = sum(leg.digits for leg in told.sent)
    show.say(f"{keyed} digits and the spoken number were sent. Between pause and resume:")
    gaps = _kept_between(told, paused["held_at"])
    show.check("No take has a packet from the pause.", holds=not gaps)
    timeline(stage, show, told)
    return told


def _kept_between(told: Told, held_at: str) -> list[str]:
    """Takes that have a packet from between the pause's confirmation and the resume."""
    resumed = next(entry["at"] for entry in told.state["timeline"] if entry["kind"] == "resumed")
    return [take["id"] for take in told.takes if take["first_at"] and take["first_at"] < resumed and take["last_at"] > held_at]


def held_about(stage: Stage, tel: str) -> list[dict[str, Any]]:
    """Everything that is held about the person with this number."""
    subject = stage.dpo.get("/subjects", tel=tel)["items"][0]["id"]
    return list(stage.dpo.get(f"/subjects/{subject}/holdings")["items"])


def is_refused(stage: Stage, take: str) -> bool:
    """Whether the DPO, with reason and case, is told no: by the verdict, or because the key is gone."""
    try:
        stage.dpo.content(f"/takes/{take}/audio", purpose=TRAINING, reason="to see whether it opens", case="demo-1")
    except Declined as declined:
        return declined.status in (FORBIDDEN, GONE)
    return False


def timeline(stage: Stage, show: Show, told: Told) -> None:
    show.table(HEADS, list(lines_of(told.state, stage.dpo.purpose_keys())))


def _clock(instant: str | None) -> str:
    return "never" if instant is None else instant[11:23]
