"""A call of Ada's, kept in a real folder, on a database of its own; a recorder and its gates in memory, which can fail."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from rightcall.actors import SYSTEM
from rightcall.adapters.objects.store import Objects
from rightcall.adapters.systems.opening import open_system
from rightcall.calls import actions as calls
from rightcall.canonical import parse_json
from rightcall.consent.model import Answer
from rightcall.database.connection import Database, Transaction
from rightcall.discovery.ports import Opener
from rightcall.erasure import actions
from rightcall.erasure.disposal import Disposer
from rightcall.erasure.model import Erasure
from rightcall.erasure.procedure import Eraser
from rightcall.errors import RecorderGone
from rightcall.evidence import actions as evidence
from rightcall.evidence.model import Certificate, Grade, Verified
from rightcall.evidence.verify import verify
from rightcall.holdings import actions as holdings
from rightcall.holdings.model import Holding
from rightcall.ids import CallId, ControllerId, ErasureId, SubjectId
from rightcall.ledger.actions import Sequencer
from rightcall.ledger.checkpoint import key_of
from rightcall.ledger.ports import Signer
from rightcall.personal import Personal
from rightcall.recordings import actions as recordings
from rightcall.recordings.model import EndReason
from rightcall.recordings.ports import Settled
from rightcall.requests import actions as requests
from rightcall.requests.model import Request, RequestKind
from rightcall.requests.procedure import ErasureAnswer
from rightcall.retention.procedure import Disposals
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import normalise
from rightcall.vault.actions import Vault
from tests.cast import ADA_TEL
from tests.conftest import FixedClock
from tests.ledger.fakes import ORIGIN, SIGNER
from tests.procedures.fakes import InlineSteps
from tests.recordings.fakes import FakeObjects, FakeRecorder
from tests.recordings.scene import Scene, add_trunk, ring

KEY = key_of(SIGNER)
PACKET = bytes([0x80, 0]) + bytes(10) + b"\xff" * 160
EPOCH_DAYS = 7


class FolderAsKept(dict[str, bytes]):
    """What the recorder in memory finishes goes into the real store."""

    def __init__(self, store: Objects, scratch: Path) -> None:
        super().__init__()
        self._store, self._scratch = store, scratch

    def __setitem__(self, key: str, sealed: bytes) -> None:
        self._scratch.write_bytes(sealed)
        self._store.put_file(key, self._scratch)


class FakeGates:
    """Implements `recordings.ports.Gates`. `before` and `after`: how often it fails without and with having done it."""

    def __init__(self, database: Database, recorder: FakeRecorder) -> None:
        self._database, self._recorder = database, recorder
        self.before = self.after = 0

    def settle(self, controller: ControllerId, call: CallId) -> Settled:
        if self.before:
            self.before -= 1
            raise RecorderGone("The recorder does not answer.")
        with self._database.transaction(controller) as tx:
            settled = self._recorder.settle(tx, call)
        if self.after:
            self.after -= 1
            raise RecorderGone("The recorder does not answer.")
        return settled


@dataclass(slots=True, kw_only=True)
class World:
    database: Database
    controller: ControllerId
    vault: Vault
    clock: FixedClock
    objects: Objects
    scene: Scene
    gates: FakeGates
    signer: Signer = SIGNER
    origin: str = ORIGIN
    open_system: Opener = open_system

    @contextmanager
    def deed(self) -> Iterator[Transaction]:
        with self.database.transaction(self.controller) as tx:
            self.scene.tx = tx
            yield tx

    # -- the call

    def choose(self, answer: Answer, *, of: str = "p-ada") -> None:
        with self.deed() as tx:
            self.scene.answer(of, self.scene.training, answer)
            self.scene.recorder.settle(tx, self.scene.call)

    def talk(self) -> int:
        """Both say something; how many packets were kept."""
        self.scene.later()
        return sum(self.scene.recorder.hear(self.scene.stream(label), 20 * n, PACKET) for label in ("1", "2") for n in range(5))

    def hang_up(self) -> None:
        with self.deed() as tx:
            recordings.end(tx, self.scene.tools, self.scene.call, EndReason.HUNG_UP)
            self.scene.recorder.finish_all(tx)

    def recorded(self) -> "World":
        """A call with both sides kept, over."""
        self.choose(Answer.GRANTED)
        assert self.talk() == 10
        self.hang_up()
        assert len(self.stored()) == 2
        return self

    # -- the person

    @property
    def ada(self) -> SubjectId:
        return self.subject_of("p-ada")

    def subject_of(self, ref: str) -> SubjectId:
        with self.deed() as tx:
            return next(each.subject for each in calls.parties(tx, self.scene.call) if each.id == self.scene.party(ref))

    def found(self) -> list[SubjectId]:
        """Whoever is known by Ada's number."""
        with self.deed() as tx:
            return subjects.find(tx, self.vault, normalise(IdentifierKind.TEL, Personal(ADA_TEL), "DK"))

    def holdings(self) -> list[Holding]:
        with self.deed() as tx:
            return holdings.of_call(tx, self.scene.call)

    def stored(self) -> list[str]:
        return sorted(self.objects.list(f"{self.controller}/"))

    # -- procedures

    @property
    def eraser(self) -> Eraser:
        disposer = Disposer(database=self.database, vault=self.vault, objects=self.objects, clock=self.clock)
        return Eraser(disposer=disposer, tools=self.scene.tools, gates=self.gates, epoch_days=EPOCH_DAYS)

    @property
    def disposals(self) -> Disposals:
        return Disposals(eraser=self.eraser)

    def ask_for_erasure(self, subject: SubjectId) -> Request:
        with self.deed() as tx:
            return requests.receive(tx, self.vault, self.clock, subject=subject, kind=RequestKind.ERASURE, by=SYSTEM)

    def answer(self, request: Request, steps: InlineSteps | None = None) -> InlineSteps:
        steps = steps or InlineSteps()
        ErasureAnswer(eraser=self.eraser, open_system=self.open_system)(steps, str(self.controller), str(request.id))
        return steps

    def erasure(self, request: Request) -> Erasure:
        with self.deed() as tx:
            return actions.get(tx, ErasureId(request.id))

    def request(self, request: Request) -> Request:
        with self.deed() as tx:
            return requests.get(tx, request.id)

    # -- what can be shown

    def sequence(self) -> None:
        sequencer = Sequencer(self.database, self.signer, self.origin, self.clock)
        while sequencer.run_once():
            pass

    def certificates(self, subject: SubjectId) -> list[tuple[Grade, Verified]]:
        """All of them, each verified as anyone would."""
        self.sequence()
        checked, key = [], key_of(self.signer)
        with self.deed() as tx:
            for id in evidence.certificates_of(tx, subject):
                certificate = evidence.certificate(tx, id, key=key)
                assert isinstance(certificate, Certificate), "the ledger has not signed it"
                result = verify(certificate.file, key.text)
                assert isinstance(result, Verified), result
                checked.append((certificate.grade, result))
        return checked

    def said(self) -> Counter[str]:
        """The kinds of this controller's statements, counted."""
        with self.deed() as tx:
            rows = tx.connection.execute("SELECT kind FROM statements").fetchall()
        return Counter(row["kind"] for row in rows)

    def leaves(self, kind: str) -> list[dict[str, object]]:
        with self.deed() as tx:
            rows = tx.connection.execute("SELECT leaf FROM statements WHERE kind = %s ORDER BY appended", (kind,)).fetchall()
        return [cast(dict[str, object], parse_json(bytes(row["leaf"]))) for row in rows]


def world_of(database: Database, controller: ControllerId, vault: Vault, clock: FixedClock, folder: Path) -> World:
    """Ada's call is on, and nobody has been asked anything."""
    trunk = add_trunk(database, controller)
    with database.transaction(controller) as tx:
        scene = ring(tx, vault, clock, trunk)
    store = Objects(f"file://{folder / 'objects'}")
    objects = FakeObjects()
    objects.kept = FolderAsKept(store, folder / "scratch")
    scene.recorder.objects = objects
    return World(
        database=database,
        controller=controller,
        vault=vault,
        clock=clock,
        objects=store,
        scene=scene,
        gates=FakeGates(database, scene.recorder),
    )
