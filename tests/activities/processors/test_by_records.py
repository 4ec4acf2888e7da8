"""Somebody whom records of other systems alone tell of is erased: a processor that could find them by nothing else is asked by
what those records tell on a person's word, and never without. What they tell is sealed until every recipient was told."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from rightcall.activities import actions as activities
from rightcall.activities.model import NewRecipient, RecipientKind
from rightcall.activities.processors import deciding, orders, registering
from rightcall.activities.processors.deciding import Question
from rightcall.activities.processors.model import Order, OrderState
from rightcall.activities.telling import actions as telling
from rightcall.activities.telling import by_records
from rightcall.activities.telling.model import Answer, Notice, WhyNot, Word
from rightcall.activities.telling.procedure import Telling
from rightcall.actors import SYSTEM
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import LinkState
from rightcall.errors import Conflict, Malformed
from rightcall.evidence import actions as evidence
from rightcall.evidence.model import Certificate
from rightcall.ids import ErasureId, SubjectId
from rightcall.ledger.checkpoint import key_of
from rightcall.procedures.ports import T
from rightcall.requests import staying
from rightcall.requests.model import Answered, Request
from tests.activities.processors.authority import Peer
from tests.activities.processors.test_asking import Scene
from tests.erasure.elsewhere.scene import Away
from tests.erasure.fakes import World
from tests.procedures.fakes import InlineSteps
from tests.purposes.examples import DPO

EMAIL = "ben@caller.example"
HASHED = hashlib.sha256(EMAIL.encode()).hexdigest()
STEP = "read what records tell"


class Kept(InlineSteps):
    """Also what is kept of each step."""

    def __init__(self, failure: str | None) -> None:
        fails = frozenset([STEP])
        super().__init__(
            fail_before=fails if failure == "before" else frozenset(), fail_after=fails if failure == "after" else frozenset()
        )
        self.results: list[str] = []

    def run(self, name: str, deed: Callable[[], T]) -> T:
        result = super().run(name, deed)
        self.results.append(str(result))
        return result


@dataclass(slots=True, kw_only=True)
class Records:
    """Ben, of whom rows of a share alone tell, and a processor that gets what is kept there."""

    scene: Scene
    away: Away
    share: Path
    asked: list[Request] = field(default_factory=list)

    @property
    def world(self) -> World:
        return self.scene.world

    def ben(self) -> SubjectId:
        with self.world.deed() as tx:
            [found] = {each.subject for each in linking.page_of_links(tx) if each.state is LinkState.CERTAIN}
        return found

    def erase(self, steps: InlineSteps | None = None) -> ErasureId:
        request = self.world.ask_for_erasure(self.ben())
        self.world.answer(request, steps)
        self.asked.append(request)
        self.plan()
        return ErasureId(request.id)

    def plan(self) -> None:
        """What follows from the erasure."""
        arguments = (str(self.world.controller), str(self.asked[0].id))
        Telling(eraser=self.world.eraser).plan(InlineSteps(), *arguments)
        self.scene.asking.order(InlineSteps(), *arguments)
        Telling(eraser=self.world.eraser).certify(InlineSteps(), *arguments)

    def certify(self, erasure: ErasureId) -> None:
        Telling(eraser=self.world.eraser).certify(InlineSteps(), str(self.world.controller), str(erasure))

    def question(self, erasure: ErasureId) -> Question:
        with self.world.deed() as tx:
            return deciding.question(tx, self.world.vault, erasure=erasure, recipient=self.scene.recipient.id)

    def say(self, erasure: ErasureId, word: Word, *chosen: int, why_not: WhyNot | None = None) -> Notice:
        world = self.world
        with world.deed() as tx:
            return deciding.decide(
                tx,
                world.vault,
                world.clock,
                erasure=erasure,
                recipient=self.scene.recipient.id,
                word=word,
                why_not=why_not,
                chosen=chosen,
                by=DPO,
            )

    def order(self, erasure: ErasureId) -> Order:
        [order] = self.scene.orders(erasure)
        return order

    def notice(self, erasure: ErasureId) -> Notice:
        with self.world.deed() as tx:
            return telling.notice_of(tx, erasure, self.scene.recipient.id)[1]

    def residuals(self) -> list[str]:
        """Of not having been asked, in the last certificate, which holds for whoever checks it."""
        subject, key = self.world.request(self.asked[0]).subject, key_of(self.world.signer)
        assert self.world.certificates(subject)
        with self.world.deed() as tx:
            found = evidence.certificate(tx, evidence.certificates_of(tx, subject)[-1], key=key)
        assert isinstance(found, Certificate)
        return [each for each in json.loads(found.file)["rightcall:residuals"] if each.startswith("not_asked")]

    def kept(self) -> int:
        """So much of what records told is kept."""
        with self.world.deed() as tx:
            return len(by_records.told_of(tx, self.world.vault, erasure=ErasureId(self.asked[0].id)))


@pytest.fixture
def records(world: World, peer: Peer, tmp_path: Path) -> Records:
    share = tmp_path / "share"
    share.mkdir()
    (share / "customers.csv").write_text(f"number,email,phone\nKD-300000,{EMAIL},+45 20 12 34 56\n")
    (share / "orders.csv").write_text(f"number,email\nKD-300000,{EMAIL}\n")
    with world.deed() as tx:
        new = NewRecipient(name="Print House", kind=RecipientKind.PROCESSOR, country="DK", purposes=(world.scene.training.id,))
        recipient = activities.declare_recipient(tx, world.clock, new, by=DPO)
    scene, away = Scene(world=world, peer=peer, recipient=recipient), Away(world=world)
    world.open_system = away.open
    scene.register()
    away.scan(away.register("share", str(share), purpose=world.scene.training.id))
    return Records(scene=scene, away=away, share=share)


@pytest.mark.parametrize("failure", [None, "before", "after"])
def test_nothing_is_asked_before_a_person_has_said_so(records: Records, failure: str | None) -> None:
    steps = Kept(failure)
    erasure = records.erase(steps)
    records.plan()
    assert (records.scene.peer.asked(), records.scene.orders(erasure)) == ([], [])
    question = records.question(erasure)
    seen = {each.number: (each.told.identifier.value.reveal("look in a test"), each.sent_as) for each in question.candidates}
    assert seen == {
        1: ("KD-300000", ("controller_customer_id", "raw")),
        2: (EMAIL, ("email", "sha256")),
        3: ("+4520123456", ("phone_number", "raw")),
    }
    told = question.candidates[1].told
    assert (told.others, told.records, [each.object for each in told.tellers]) == (0, 2, ["customers.csv", "orders.csv"])
    assert told.tellers[1].score > 0.99
    assert any("the same customer id" in each for each in told.tellers[1].says)
    assert records.notice(erasure).waits_for_word
    assert records.residuals() == ["not_asked_yet"]
    world = records.world
    assert records.away.round() == 1
    assert world.request(records.asked[0]).outcome is Answered.FULFILLED, "the request waits for nobody's word"
    due_on = world.request(records.asked[0]).due_on
    with world.deed() as tx:
        [tell] = staying.to_tell(tx)
        assert (tell.recipients, tell.undecided) == (1, 1)
        assert (tell.is_late(due_on), tell.is_late(due_on + timedelta(days=1))) == (False, True)
        assert not staying.of_erasure(tx, erasure).is_over
        kept = tx.connection.execute("SELECT sealed FROM erasure_told").fetchone()
    assert kept is not None
    assert EMAIL.encode() not in bytes(kept["sealed"])
    assert "True" in steps.results
    assert not any(EMAIL in each for each in steps.results), "what a step keeps tells of nobody"
    assert world.said()["activities.recipients_unasked"] == 1


@pytest.mark.parametrize("failure", [None, "before", "after"])
def test_by_a_persons_word_it_is_asked_by_what_they_chose_and_is_done_by_its_own_word(
    records: Records, failure: str | None
) -> None:
    erasure = records.erase()
    records.say(erasure, Word.ASK, 2)
    records.say(erasure, Word.ASK, 2)
    records.plan()
    order = records.order(erasure)
    assert (order.state, order.due_at) == (OrderState.TO_ASK, records.world.clock.at)
    records.certify(erasure)
    assert records.residuals() == ["not_asked_yet"], "the processor has not signed that it has it"
    failing = {} if failure is None else {f"fail_{failure}": frozenset(["ask"])}
    records.scene.round(order, InlineSteps(**failing))  # type: ignore[arg-type]  # one of its two
    [asked] = {each["subject_request_id"]: each for each in records.scene.peer.asked()}.values()
    assert asked["subject_identities"] == [{"identity_type": "email", "identity_format": "sha256", "identity_value": HASHED}]
    assert records.scene.round(order).state is OrderState.COMPLETED
    notice = records.notice(erasure)
    assert (notice.told_by, notice.answer) == (SYSTEM, Answer.LET_GO)
    assert notice.said is not None
    assert (notice.said.by, notice.said.chosen) == (DPO, (2,))
    assert records.kept() == 0
    records.certify(erasure)
    assert records.residuals() == []
    [said] = records.world.leaves("activities.recipient_word_said")
    assert (said["word"], said["why_not"], said["actor"]) == ("ask", None, str(DPO.id))
    with pytest.raises(Conflict, match="stands"):
        records.say(erasure, Word.DO_NOT, why_not=WhyNot.SHARED)


def test_who_is_not_asked_is_told_by_letter_and_the_certificate_says_why(records: Records) -> None:
    erasure = records.erase()
    with pytest.raises(Malformed, match="Say why"):
        records.say(erasure, Word.DO_NOT)
    with pytest.raises(Malformed, match="at least one"):
        records.say(erasure, Word.ASK)
    with pytest.raises(Malformed, match="numbers that it takes"):
        records.say(erasure, Word.ASK, 4)
    records.say(erasure, Word.DO_NOT, why_not=WhyNot.SHARED)
    records.plan()
    assert (records.scene.orders(erasure), records.scene.peer.asked()) == ([], [])
    with pytest.raises(Conflict, match="stands"):
        records.say(erasure, Word.ASK, 1)
    records.certify(erasure)
    assert records.residuals() == ["not_asked_shared"]
    world, to = records.world, records.scene.recipient.id
    with world.deed() as tx:
        assert [(each.recipients, each.undecided) for each in staying.to_tell(tx)] == [(1, 0)]
        assert "records about them" in telling.letter(tx, world.vault, world.clock, erasure=erasure, recipient=to)
        telling.tell(tx, world.vault, world.clock, erasure=erasure, recipient=to, by=DPO)
        assert staying.to_tell(tx) == []
    assert records.kept() == 0
    records.certify(erasure)
    assert records.residuals() == ["not_asked_shared"], "that it was told by letter makes it no less so"


def test_one_that_was_told_by_letter_before_is_no_question_any_more(records: Records) -> None:
    erasure, world = records.erase(), records.world
    with world.deed() as tx:
        assert by_records.count_waiting(tx) == 1
        telling.tell(tx, world.vault, world.clock, erasure=erasure, recipient=records.scene.recipient.id, by=DPO)
        assert by_records.count_waiting(tx) == 0
    with pytest.raises(Conflict, match="told meanwhile"):
        records.say(erasure, Word.DO_NOT, why_not=WhyNot.UNSURE)
    records.certify(erasure)
    assert records.residuals() == []


def test_one_that_was_retired_is_told_by_letter_alone(records: Records) -> None:
    erasure, world = records.erase(), records.world
    with world.deed() as tx:
        registering.retire(tx, world.vault, world.clock, records.scene.recipient.id, by=DPO)
    with pytest.raises(Conflict, match="was retired"):
        records.say(erasure, Word.ASK, 2)
    assert [each.sent_as for each in records.question(erasure).candidates] == [None, None, None]
    records.say(erasure, Word.DO_NOT, why_not=WhyNot.OTHER_WAY)


def test_a_system_that_is_away_is_not_waited_for_and_its_records_are_counted(records: Records) -> None:
    ben = records.ben()
    (records.share / "orders.csv").write_text(f"number,email\nKD-300001,{EMAIL}\n")
    erasure = records.erase()
    question = records.question(erasure)
    assert (question.unread, [each.told.records for each in question.candidates]) == (2, [1, 1, 1]), "one row says otherwise now"
    assert records.world.request(records.asked[0]).subject == ben


def test_where_nothing_could_be_read_there_is_no_question_and_the_letter_remains(records: Records) -> None:
    records.away.before["share"] = lambda before: setattr(before, "is_away", True)
    erasure = records.erase()
    notice = records.notice(erasure)
    assert (notice.in_doubt_at, notice.told_at) == (None, None)
    with records.world.deed() as tx:
        assert by_records.unread(tx, erasure) == 5
        assert orders.orders_for(tx, erasure) == []
    with pytest.raises(Conflict, match="nothing to say"):
        records.say(erasure, Word.ASK, 1)
    assert records.residuals() == []
