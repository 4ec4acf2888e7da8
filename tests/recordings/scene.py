"""A call of Ada's to agent seven, on a real database with a real vault and the rules that come with Rightcall."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from uuid import UUID

from rightcall.actors import Actor, PartyRole, Role
from rightcall.calls.model import Forbidden, Trunk, TrunkId, Undecided
from rightcall.consent import actions as consent
from rightcall.consent.model import Answer, Channel, Choice, Evidence, EvidenceKind, NewChoice
from rightcall.database.connection import Database, Transaction
from rightcall.ids import CallId, ControllerId, PartyId, PurposeId, RecorderId, StreamId, new_id
from rightcall.personal import Personal
from rightcall.policy.actions import load_rules
from rightcall.policy.model import Preference, RuleSet
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import LawfulBasis, NewNotice, NewPurpose, Notice, OnWithdrawal, Purpose
from rightcall.recordings import actions
from rightcall.recordings.model import Arrival, Arrived, ArrivingParty, ArrivingStream, Codec, Direction, Take
from rightcall.recordings.tools import Tools
from rightcall.vault.actions import Vault
from tests.cast import ADA_NAME, ADA_TEL, AGENT_SIP, BEN_TEL
from tests.conftest import FixedClock
from tests.recordings.fakes import FakeObjects, FakeRecorder
from tests.reviews.words import reviewed

DPO = Actor(id=UUID(int=7), role=Role.DPO)
AGENT = Actor(id=UUID(int=8), role=Role.AGENT)
SUPERVISOR = Actor(id=UUID(int=9), role=Role.SUPERVISOR)
PCMU = Codec(payload_type=0, name="PCMU", clock_rate=8000)

ADA = ArrivingParty(ref="p-ada", aor=Personal(f"sip:{ADA_TEL}@carrier.example"), name=Personal(ADA_NAME), role=PartyRole.CUSTOMER)
BEN = ArrivingParty(ref="p-ben", aor=Personal(f"sip:{BEN_TEL}@carrier.example"), name=None, role=PartyRole.CUSTOMER)
SEVEN = ArrivingParty(ref="p-seven", aor=Personal(AGENT_SIP), name=None, role=PartyRole.AGENT)


@lru_cache(maxsize=1)
def shipped_rules() -> RuleSet:
    return load_rules()


def stream(label: str, party: str | None, direction: Direction = Direction.SENDING) -> ArrivingStream:
    return ArrivingStream(label=label, party_ref=party, codecs=(PCMU,), direction=direction)


@dataclass
class Scene:
    tx: Transaction
    vault: Vault
    clock: FixedClock
    arrival: Arrival
    training: Purpose
    disputes: Purpose
    notices: dict[PurposeId, Notice]
    recorder: FakeRecorder
    objects: FakeObjects
    arrived: Arrived

    @property
    def tools(self) -> Tools:
        return self.recorder.tools

    @property
    def call(self) -> CallId:
        return self.arrived.session.call

    def party(self, ref: str) -> PartyId:
        return self.arrived.by_ref[ref]

    def stream(self, label: str) -> StreamId:
        return self.arrived.by_label[label]

    def later(self, seconds: float = 1.0) -> None:
        self.clock.at += timedelta(seconds=seconds)

    def answer(self, ref: str, purpose: Purpose, answer: Answer) -> Choice:
        """Asks where a yes needs it, and writes the answer down; settles nothing."""
        notice, party = self.notices[purpose.id], self.party(ref)
        actions.touch(self.tx, self.call)
        ask = None
        if answer is Answer.GRANTED:
            ask = consent.ask(self.tx, self.clock, call=self.call, party=party, notice=notice.id, by=AGENT).id
        return consent.choose(
            self.tx,
            self.vault,
            self.clock,
            NewChoice(
                call=self.call,
                party=party,
                purpose=purpose.id,
                answer=answer,
                notice=notice.id,
                language=notice.language,
                channel=Channel.VOICE_HEARD_BY_AGENT,
                by=AGENT,
                evidence=Evidence(kind=EvidenceKind.WORDS_HEARD, detail=Personal("yes, that is fine")),
                ask=ask,
            ),
        )

    def amend(self, **changed: object) -> None:
        self.arrival = replace(self.arrival, **changed)  # type: ignore[arg-type]  # its own fields
        self.arrived = actions.amend(self.tx, self.tools, self.call, self.arrival)

    def review(self) -> None:
        """Both purposes are reviewed anew, under the rules and in the places of now."""
        for purpose in (self.training, self.disputes):
            reviewed(self.tx, self.clock, purpose.id, self.tools.rules)

    def settle(self) -> None:
        self.recorder.settle(self.tx, self.call)

    def open(self) -> dict[str, set[str]]:
        """Which purposes each stream's open take serves, by label and key."""
        keys = {self.training.id: "training", self.disputes.id: "disputes"}
        labels = {id: label for label, id in self.arrived.by_label.items()}
        return {labels[take.stream]: {keys[each] for each in take.purposes} for take in self.state_takes() if not take.cut_at}

    def state_takes(self) -> tuple[Take, ...]:
        return actions.call_state(self.tx, self.call).takes


def new_purpose(key: str, on_withdrawal: OnWithdrawal = OnWithdrawal.DESTROY) -> NewPurpose:
    return NewPurpose(
        key=key,
        title=f"We use calls for {key}",
        justification="So that the next caller is helped better.",
        lawful_basis=LawfulBasis.CONSENT,
        data_categories=("pd:VoiceCommunicationRecording",),
        may_use=frozenset({Role.SUPERVISOR, Role.DPO}),
        term_days=30,
        dpv_purpose="dpv:PersonnelManagement",
        on_withdrawal=on_withdrawal,
    )


def words_for(purpose: Purpose) -> str:
    return f"May we record this for {purpose.key}? You can change your mind at any moment."


def add_trunk(database: Database, controller: ControllerId) -> Trunk:
    trunk = Trunk(
        id=TrunkId(new_id()),
        name="main",
        sources=("192.0.2.0/24",),
        called=None,
        staff=("energy.example",),
        undecided=Undecided.DROP,
        forbidden=Forbidden.STAY,
        default_region="DK",
        language="en",
    )
    with database.system() as tx:
        tx.connection.execute(
            "INSERT INTO trunks (controller, trunk, name, sources, staff, undecided, forbidden, default_region, language,"
            " created_at) VALUES (%s, %s, 'main', '{192.0.2.0/24}', '{energy.example}', 'drop', 'stay', 'DK', 'en', now())",
            (controller, trunk.id),
        )
    return trunk


def ring(tx: Transaction, vault: Vault, clock: FixedClock, trunk: Trunk, *, preference: Preference | None = None) -> Scene:
    """The call is there, settled once, and nobody has been asked anything."""
    tools = Tools(vault=vault, clock=clock, rules=shipped_rules())
    training = purposes.create_purpose(tx, clock, new_purpose("training"), by=DPO)
    disputes = purposes.create_purpose(tx, clock, new_purpose("disputes", OnWithdrawal.KEEP), by=DPO)
    notices = {
        purpose.id: purposes.publish_notice(
            tx, clock, NewNotice(purpose=purpose.id, language="en", text=words_for(purpose)), by=DPO
        )
        for purpose in (training, disputes)
    }
    arrival = Arrival(
        trunk=trunk,
        group=None,
        session="session-1",
        parties=(ADA, SEVEN),
        streams=(stream("1", "p-ada"), stream("2", "p-seven")),
        preference=preference,
    )
    objects = FakeObjects()
    recorder = FakeRecorder(tools, objects)
    for purpose in (training, disputes):
        reviewed(tx, clock, purpose.id, tools.rules)
    arrived = actions.arrive(tx, tools, arrival, recorder=RecorderId(new_id()))
    scene = Scene(tx, vault, clock, arrival, training, disputes, notices, recorder, objects, arrived)
    scene.settle()
    scene.later()
    return scene
