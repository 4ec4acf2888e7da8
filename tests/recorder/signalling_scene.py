"""A stand-in for the media processes, and what arrives, for tests of signalling on a real database."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from uuid import UUID

from rightcall.actors import Actor, Role
from rightcall.adapters.control.messages import Allocate, Allocated, StreamPorts, Update
from rightcall.adapters.sip.ports import Codec, Flow, Incoming, IncomingParty, IncomingStream
from rightcall.calls import actions as calls
from rightcall.calls.model import NewTrunk, Trunk
from rightcall.consent import actions as consent
from rightcall.consent.model import Answer, Channel, Evidence, EvidenceKind, NewChoice
from rightcall.database.connection import Database, Transaction
from rightcall.errors import NotFound, RecorderGone
from rightcall.ids import CallId, ControllerId, RecorderId, new_id
from rightcall.personal import Personal
from rightcall.policy.actions import load_rules
from rightcall.policy.model import RuleSet
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import LawfulBasis, NewNotice, NewPurpose
from rightcall.recorder.signalling_ports import MediaState
from rightcall.recordings import actions as recordings
from rightcall.recordings.ports import Settled
from rightcall.recordings.tools import Tools
from rightcall.vault.actions import Vault
from tests.cast import ADA_NAME, ADA_TEL, AGENT_SIP, MONDAY
from tests.conftest import FixedClock
from tests.reviews.words import reviewed

AGENT = Actor(id=UUID(int=8), role=Role.AGENT)
DPO = Actor(id=UUID(int=7), role=Role.DPO)


@lru_cache(maxsize=1)
def shipped_rules() -> RuleSet:
    return load_rules()


class FakeMedia:
    """`fail_before["settle"] = 1`: the next one raises, nothing done. `fail_after`: done, and the answer is lost."""

    def __init__(self, database: Database, tools: Tools) -> None:
        self._database, self._tools = database, tools
        self.recorder = RecorderId(new_id())
        self.fail_before: Counter[str] = Counter()
        self.fail_after: Counter[str] = Counter()
        self.ports: dict[UUID, int] = {}
        self.calls: dict[CallId, dict[UUID, bool]] = {}
        self.quiet: frozenset[CallId] = frozenset()
        self.since, self.first_port = MONDAY, 30_000

    def pick(self) -> RecorderId:
        self._fail(self.fail_before, "pick")
        return self.recorder

    def allocate(self, recorder: RecorderId, order: Allocate) -> Allocated:
        self._fail(self.fail_before, "allocate")
        held = self.calls.setdefault(CallId(order.call), {})
        for offer in order.streams:
            self.ports.setdefault(offer.stream, self.first_port + 2 * len(self.ports))
            held.setdefault(offer.stream, offer.held)
        self._fail(self.fail_after, "allocate")
        ports = tuple(
            StreamPorts(stream=each.stream, rtp=self.ports[each.stream], rtcp=0, srtp=each.srtp) for each in order.streams
        )
        return Allocated(address="198.51.100.7", since=self.since, streams=ports)

    def update(self, recorder: RecorderId, order: Update) -> None:
        self._fail(self.fail_before, "update")
        known = self.calls.get(CallId(order.call), {})
        if any(offer.stream not in known for offer in order.streams):
            raise NotFound("The media recorder has no such stream. Allocate it first.")
        for offer in order.streams:
            known[offer.stream] = offer.held
        self._fail(self.fail_after, "update")

    def settle(self, controller: ControllerId, call: CallId) -> Settled:
        self._fail(self.fail_before, "settle")
        settled = self._database.run(controller, lambda tx: recordings.settle(tx, self._tools, call))
        self._fail(self.fail_after, "settle")
        return Settled(at=self._tools.clock.now(), version=settled.version, opened=0, closed=0, last_packet_at=None)

    def release(self, recorder: RecorderId, call: CallId) -> None:
        self._fail(self.fail_before, "release")
        self.calls.pop(call, None)
        self._fail(self.fail_after, "release")

    def state(self, recorder: RecorderId) -> MediaState:
        self._fail(self.fail_before, "state")
        return MediaState(since=self.since, silent=self.quiet)

    def start_anew(self, *, first_port: int = 30_000) -> None:
        """Killed, and there again: it knows no call, and gives ports from `first_port` on."""
        self.since += timedelta(seconds=1)
        self.calls, self.ports, self.first_port = {}, {}, first_port

    def _fail(self, switch: Counter[str], deed: str) -> None:
        if switch[deed] > 0:
            switch[deed] -= 1
            raise RecorderGone("The media recorder cannot be reached. Try again.")


def tools_of(vault: Vault, clock: FixedClock) -> Tools:
    return Tools(vault=vault, clock=clock, rules=shipped_rules())


def trunk_at(database: Database, clock: FixedClock, controller: ControllerId, **wanted: object) -> Trunk:
    """A trunk at an address that is this controller's alone."""
    number = controller.int & 0xFFFFFFFF
    source = f"2001:db8::{number >> 16:x}:{number & 0xFFFF:x}"
    new = NewTrunk(name="main", sources=(source,), staff=("energy.example", "+4570"), default_region="DK", language="en")
    with database.system() as tx:
        return calls.add_trunk(tx, clock, controller, replace(new, **wanted))  # type: ignore[arg-type]  # its own fields


def ringing(trunk: Trunk, *, flow: Flow = Flow.SENDING, dialog: str = "d1", group: str | None = None) -> Incoming:
    """Ada on label 1, agent seven on label 2."""
    pcmu = Codec(payload_type=0, name="PCMU", clock_rate=8000)

    def stream(index: int, party: str) -> IncomingStream:
        return IncomingStream(
            index=index, label=str(index + 1), party=party, codecs=(pcmu,), flow=flow, address="192.0.2.1", port=4000 + 2 * index
        )

    return Incoming(
        source=trunk.sources[0].partition("/")[0],
        called=Personal("srs"),
        dialog=dialog,
        session="s1",
        group=group,
        parties=(
            IncomingParty(ref="p1", aor=Personal(f"sip:{ADA_TEL}@carrier.example"), name=Personal(ADA_NAME)),
            IncomingParty(ref="p2", aor=Personal(AGENT_SIP), name=None),
        ),
        streams=(stream(0, "p1"), stream(1, "p2")),
        preference=None,
    )


def a_purpose(tx: Transaction, clock: FixedClock) -> None:
    new = NewPurpose(
        key="training",
        title="We use calls for training",
        justification="So that the next caller is helped better.",
        lawful_basis=LawfulBasis.CONSENT,
        data_categories=("pd:VoiceCommunicationRecording",),
        may_use=frozenset({Role.SUPERVISOR}),
        term_days=30,
        dpv_purpose="dpv:PersonnelManagement",
    )
    purpose = purposes.create_purpose(tx, clock, new, by=DPO)
    words = "May we record this? You can change your mind at any moment."
    purposes.publish_notice(tx, clock, NewNotice(purpose=purpose.id, language="en", text=words), by=DPO)
    reviewed(tx, clock, purpose.id)


def say_yes(tx: Transaction, vault: Vault, clock: FixedClock, call: CallId) -> None:
    """Ada says yes to the purpose of `a_purpose`."""
    purpose = purposes.by_key(tx, "training")
    notice = purposes.current_notice(tx, purpose.id, "en")
    ada = next(party for party in calls.parties(tx, call) if party.role == "customer")
    recordings.touch(tx, call)
    asked = consent.ask(tx, clock, call=call, party=ada.id, notice=notice.id, by=AGENT)
    consent.choose(
        tx,
        vault,
        clock,
        NewChoice(
            call=call,
            party=ada.id,
            purpose=purpose.id,
            answer=Answer.GRANTED,
            notice=notice.id,
            language="en",
            channel=Channel.VOICE_HEARD_BY_AGENT,
            by=AGENT,
            evidence=Evidence(kind=EvidenceKind.WORDS_HEARD, detail=Personal("yes, that is fine")),
            ask=asked.id,
        ),
    )
