"""One call between Ada and an agent, one purpose that needs a yes, and its notice in English."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from rightcall.actors import Actor, PartyRole, Role
from rightcall.calls import actions as calls
from rightcall.calls.model import Call, Party
from rightcall.canonical import parse_json
from rightcall.consent import actions
from rightcall.consent.model import Answer, Ask, Channel, Choice, Evidence, EvidenceKind, NewChoice, Standing
from rightcall.consent.standing import standing_in
from rightcall.database.connection import Transaction
from rightcall.ids import new_id
from rightcall.personal import Personal
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Notice, Purpose
from rightcall.subjects.actions import identify
from rightcall.vault.actions import Vault
from tests.conftest import FixedClock
from tests.purposes.examples import DPO, TRAINING, a_notice

AGENT = Actor(id=new_id(), role=Role.AGENT)
HEARD = Evidence(kind=EvidenceKind.WORDS_HEARD, detail=Personal("Ada said: yes, do record"))


@dataclass
class Scene:
    tx: Transaction
    vault: Vault
    clock: FixedClock
    call: Call
    ada: Party
    agent: Party
    purpose: Purpose
    notice: Notice

    def new(self, answer: Answer, party: Party | None = None) -> NewChoice:
        who = party or self.ada
        return NewChoice(
            call=who.call,
            party=who.id,
            purpose=self.purpose.id,
            answer=answer,
            notice=self.notice.id,
            language="en",
            channel=Channel.VOICE_HEARD_BY_AGENT,
            by=AGENT,
            evidence=HEARD,
        )

    def ask(self, party: Party | None = None) -> Ask:
        who = party or self.ada
        return actions.ask(self.tx, self.clock, call=who.call, party=who.id, notice=self.notice.id, by=AGENT)

    def choose(self, answer: Answer, party: Party | None = None) -> Choice:
        """Asks where a yes needs it, and writes the answer down."""
        if answer is Answer.GRANTED:
            self.ask(party)
        return self.write(self.new(answer, party))

    def say_yes(self, **changed: Any) -> Choice:
        """Asked, and answered with a yes that is changed in this."""
        self.ask()
        return self.write(replace(self.new(Answer.GRANTED), **changed))

    def write(self, new: NewChoice) -> Choice:
        return actions.choose(self.tx, self.vault, self.clock, new)

    def press(self, digit: str, party: Party | None = None) -> Choice | None:
        who = party or self.ada
        return actions.keypress(self.tx, self.vault, self.clock, call=who.call, party=who.id, digit=digit, at=self.clock.at)

    def standing(self, party: Party | None = None) -> Standing:
        who = party or self.ada
        return standing_in(self.tx, who.call)[who.id, self.purpose.id]

    def join(self, role: PartyRole = PartyRole.CUSTOMER) -> Party:
        someone = identify(self.tx, self.vault, self.clock, [])
        return calls.join(self.tx, self.clock, call=self.call.id, subject=someone, role=role)

    def leaves(self, kind: str) -> list[dict[str, object]]:
        rows = self.tx.connection.execute("SELECT leaf FROM statements WHERE kind = %s ORDER BY appended", (kind,)).fetchall()
        leaves = [parse_json(bytes(row["leaf"])) for row in rows]
        return [leaf for leaf in leaves if isinstance(leaf, dict)]


@pytest.fixture
def scene(tx: Transaction, vault: Vault, clock: FixedClock) -> Scene:
    purpose = purposes.create_purpose(tx, clock, TRAINING, by=DPO)
    notice = purposes.publish_notice(tx, clock, a_notice(purpose.id), by=DPO)
    call = calls.begin(tx, clock)
    ada, agent = (
        calls.join(tx, clock, call=call.id, subject=identify(tx, vault, clock, []), role=role)
        for role in (PartyRole.CUSTOMER, PartyRole.AGENT)
    )
    return Scene(tx, vault, clock, call, ada, agent, purpose, notice)
