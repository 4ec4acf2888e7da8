"""A processor is asked by OpenDSR over a real line: one that behaves well, one that is slow, down, forges, answers for others,
and one that lies. It is called done when it says so itself, signed, and never otherwise."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from rightcall.activities import actions as activities
from rightcall.activities.model import NewRecipient, Recipient, RecipientKind
from rightcall.activities.processors import calling_back, orders, registering
from rightcall.activities.processors.model import Address, Order, OrderKind, OrderState, Refusal, Reply, Trouble
from rightcall.activities.processors.ports import Outbound
from rightcall.activities.processors.procedure import Asking
from rightcall.activities.telling import actions as telling
from rightcall.activities.telling.model import Answer, Notice
from rightcall.activities.telling.procedure import Telling
from rightcall.actors import SYSTEM
from rightcall.adapters.opendsr import dial
from rightcall.errors import Conflict, Malformed, NotFound
from rightcall.ids import ErasureId, RecipientId, new_id
from rightcall.personal import Personal
from rightcall.requests import actions as requests
from rightcall.requests.model import Request, RequestKind
from rightcall.requests.ordering import CopyOrders
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import normalise
from tests.activities.processors.authority import Peer
from tests.cast import ADA_EMAIL, ADA_TEL
from tests.erasure.fakes import World
from tests.procedures.fakes import InlineSteps
from tests.purposes.examples import DPO

AFTER = timedelta(days=3)
PUBLIC = "https://rightcall.energy.example"


@dataclass(slots=True, kw_only=True)
class Scene:
    """Ada, erased or asking, and a processor that has her data."""

    world: World
    peer: Peer
    recipient: Recipient
    public_url: str | None = PUBLIC

    @property
    def outbound(self) -> Outbound:
        return Outbound(dial=dial, roots=self.peer.authority.pem, public_url=self.public_url)

    @property
    def asking(self) -> Asking:
        world = self.world
        return Asking(database=world.database, vault=world.vault, clock=world.clock, outbound=self.outbound, after=AFTER)

    def register(self) -> None:
        world = self.world
        address = Address(url=Personal(self.peer.url), authorization=Personal("Bearer a-secret"))
        seen = registering.look_at(self.outbound, world.clock, address)
        with world.deed() as tx:
            registering.register(tx, world.vault, world.clock, self.recipient.id, seen, by=DPO)

    def erase(self) -> Order:
        """Erases Ada, and finds what the processor is to be asked."""
        request = self.world.ask_for_erasure(self.world.ada)
        self.world.answer(request)
        Telling(eraser=self.world.eraser).plan(InlineSteps(), str(self.world.controller), str(request.id))
        self.asking.order(InlineSteps(), str(self.world.controller), str(request.id))
        self.asking.order(InlineSteps(), str(self.world.controller), str(request.id))
        [order] = self.orders(request.id)
        return order

    def orders(self, asked_for: UUID) -> Sequence[Order]:
        with self.world.deed() as tx:
            return orders.orders_for(tx, asked_for)

    def now(self, order: Order) -> Order:
        with self.world.deed() as tx:
            return orders.get(tx, order.id)

    def round(self, order: Order, steps: InlineSteps | None = None) -> Order:
        """One round, whenever it is due."""
        number = self.now(order).round
        self.asking(steps or InlineSteps(), str(self.world.controller), str(order.id), str(number))
        return self.now(order)

    def notice(self, order: Order) -> Notice:
        with self.world.deed() as tx:
            [(_, notice)] = telling.notices(tx, ErasureId(order.asked_for))
        return notice

    def calls_back(self, order: Order, state: str = "completed", **more: Any) -> Order | Refusal:
        """`forged`: by another key. `domain`: what its header says."""
        body = {
            "controller_id": "a-controller",
            "status_callback_url": more.get("url", self.outbound.callback_url(self.world.controller)),
            "subject_request_id": str(more.get("about", order.id)),
            "request_status": state,
            "expected_completion_time": "2026-12-07T09:30:00+00:00",
        }
        signed, signature = self.peer.signed(body, forged=more.get("forged", False))
        reply = Reply(status=202, body=more.get("body", signed), domain=more.get("domain", "localhost"), signature=signature)
        with self.world.deed() as tx:
            return calling_back.hear(tx, self.world.clock, self.outbound, reply)

    def said(self) -> Counter[str]:
        return self.world.said()


@pytest.fixture
def scene(world: World, peer: Peer) -> Scene:
    world.recorded()
    with world.deed() as tx:
        new = NewRecipient(name="Print House", kind=RecipientKind.PROCESSOR, country="DK", purposes=(world.scene.training.id,))
        recipient = activities.declare_recipient(tx, world.clock, new, by=DPO)
        for kind, value in ((IdentifierKind.EMAIL, ADA_EMAIL),):
            subjects.add_identifier(tx, world.vault, world.clock, world.ada, normalise(kind, Personal(value), "DK"), by=DPO)
    return Scene(world=world, peer=peer, recipient=recipient)


@pytest.mark.parametrize("failure", [None, "before", "after"])
def test_a_processor_that_behaves_is_asked_once_and_is_done_by_its_own_word(scene: Scene, failure: str | None) -> None:
    scene.register()
    order = scene.erase()
    assert (order.state, order.kind, order.accepted_at) == (OrderState.TO_ASK, OrderKind.ERASURE, None)
    assert scene.notice(order).told_at is None
    failing = {} if failure is None else {f"fail_{failure}": frozenset(["ask"])}
    taken = scene.round(order, InlineSteps(**failing))  # type: ignore[arg-type]  # one of its two
    assert taken.state in (OrderState.PENDING, OrderState.COMPLETED)
    [asked] = {each["subject_request_id"]: each for each in scene.peer.asked()}.values()
    assert (asked["subject_request_id"], asked["subject_request_type"]) == (str(order.id), "erasure")
    assert (asked["regulation"], asked["submitted_time"]) == ("gdpr", f"{order.submitted_at:%Y-%m-%dT%H:%M:%SZ}")
    assert asked["status_callback_urls"] == [f"{PUBLIC}/api/v1/opendsr/callbacks/{scene.world.controller}"]
    hashed = hashlib.sha256(ADA_EMAIL.encode()).hexdigest()
    assert sorted(
        (each["identity_type"], each["identity_format"], each["identity_value"]) for each in asked["subject_identities"]
    ) == [
        ("email", "sha256", hashed),
        ("phone_number", "raw", ADA_TEL),
    ]
    notice = scene.notice(order)
    assert (notice.told_by, notice.answer) == (SYSTEM, None)
    done = scene.round(order)
    assert (done.state, done.settled_at, done.due_at, done.trouble) == (OrderState.COMPLETED, scene.world.clock.at, None, None)
    notice = scene.notice(order)
    assert (notice.answer, notice.answered_by) == (Answer.LET_GO, SYSTEM)
    said = scene.said()
    assert said["activities.order_placed"] == said["activities.order_taken"] == said["activities.order_settled"] == 1
    assert scene.round(order) == done


def test_what_letters_are_written_from_goes_once_the_last_processor_has_it(scene: Scene) -> None:
    scene.register()
    order = scene.erase()
    with scene.world.deed() as tx:
        assert telling.known_by(tx, scene.world.vault, erasure=ErasureId(order.asked_for))
    scene.round(order)
    with scene.world.deed() as tx:
        assert telling.known_by(tx, scene.world.vault, erasure=ErasureId(order.asked_for)) == []
    assert scene.said()["activities.letters_forgotten"] == 1


def test_a_slow_one_is_never_called_done_and_is_overdue_by_the_day_that_it_named(scene: Scene) -> None:
    scene.register()
    order = scene.erase()
    scene.round(order)
    scene.peer.behaves("slow")
    waiting = scene.round(order)
    assert (waiting.state, waiting.trouble, waiting.escalated_at) == (OrderState.IN_PROGRESS, None, None)
    assert waiting.due_at is not None
    assert waiting.due_at > scene.world.clock.at
    scene.world.clock.at += timedelta(days=15)
    late = scene.round(order)
    assert (late.trouble, late.settled_at) == (Trouble.OVERDUE, None)
    assert late.escalated_at is not None
    assert scene.notice(order).answer is None
    assert scene.said()["activities.order_escalated"] == 1


def test_one_that_is_down_is_tried_for_days_and_then_a_person_is_told(scene: Scene) -> None:
    scene.register()
    order = scene.erase()
    scene.peer.behaves("busy")
    first = scene.round(order)
    assert (first.state, first.trouble, first.failures, first.escalated_at) == (OrderState.TO_ASK, Trouble.UNREACHABLE, 1, None)
    assert first.due_at == scene.world.clock.at + timedelta(minutes=1)
    assert scene.round(order).due_at == scene.world.clock.at + timedelta(minutes=2)
    scene.world.clock.at += AFTER
    escalated = scene.round(order)
    assert escalated.escalated_at == scene.world.clock.at
    assert escalated.due_at == scene.world.clock.at + timedelta(days=1)
    scene.peer.behaves("well")
    assert scene.round(order).escalated_at is None
    assert scene.round(order).state is OrderState.COMPLETED


@pytest.mark.parametrize(
    ("behaviour", "trouble"),
    [
        ("forges", Trouble.BAD_SIGNATURE),
        ("unsigned", Trouble.WRONG_DOMAIN),
        ("other_domain", Trouble.WRONG_DOMAIN),
        ("swaps", Trouble.NOT_OURS),
        ("rewrites", Trouble.NOT_OURS),
        ("refuses", Trouble.REFUSED),
    ],
)
def test_an_answer_that_is_not_its_own_or_not_to_ours_counts_for_nothing(scene: Scene, behaviour: str, trouble: Trouble) -> None:
    scene.register()
    order = scene.erase()
    scene.peer.behaves(behaviour)
    found = scene.round(order)
    assert (found.state, found.trouble, found.accepted_at) == (OrderState.TO_ASK, trouble, None)
    assert found.escalated_at is not None
    assert scene.notice(order).told_at is None
    scene.peer.behaves("well")
    scene.round(order)
    scene.peer.behaves("other_domain" if behaviour == "unsigned" else behaviour)
    if behaviour not in ("refuses", "rewrites"):
        assert scene.round(order).trouble is trouble
        assert scene.notice(order).answer is None


def test_one_that_lies_is_found_out_and_a_person_is_told_at_once(scene: Scene) -> None:
    scene.register()
    order = scene.erase()
    scene.round(order)
    scene.peer.behaves("lies")
    scene.calls_back(order)
    called = scene.now(order)
    assert (called.state, called.called_back, called.due_at) == (OrderState.PENDING, OrderState.COMPLETED, scene.world.clock.at)
    caught = scene.round(order)
    assert (caught.state, caught.trouble, caught.settled_at) == (OrderState.PENDING, Trouble.CONTRADICTS, None)
    assert caught.escalated_at is not None
    assert scene.notice(order).answer is None


def test_that_it_was_called_off_hides_no_lie(scene: Scene) -> None:
    """It was said to be done, then to be called off, and goes on when asked."""
    scene.register()
    order = scene.erase()
    scene.round(order)
    scene.peer.behaves("lies")
    scene.calls_back(order)
    scene.calls_back(order, "cancelled")
    assert scene.now(order).called_back is OrderState.COMPLETED
    assert scene.round(order).trouble is Trouble.CONTRADICTS


def test_one_that_cancels_leaves_it_to_a_person(scene: Scene) -> None:
    scene.register()
    order = scene.erase()
    scene.round(order)
    scene.peer.behaves("cancels")
    over = scene.round(order)
    assert (over.state, over.trouble) == (OrderState.CANCELLED, Trouble.CANCELLED)
    assert scene.notice(order).answer is None
    with scene.world.deed() as tx:
        assert [each.id for each in orders.open_orders(tx, 500)] == [order.id]
        waiting = orders.waiting(tx)
        assert (waiting.orders, waiting.escalated) == (0, 1)
        with pytest.raises(Conflict, match="what became of this already"):
            orders.try_now(tx, scene.world.clock, order.id)


def test_a_callback_is_believed_only_by_its_signature_for_us_and_about_ours(scene: Scene) -> None:
    scene.register()
    order = scene.erase()
    assert scene.calls_back(order) is Refusal.UNKNOWN_REQUEST
    scene.round(order)
    before = scene.now(order)
    assert scene.calls_back(order, domain="elsewhere.example") is Refusal.UNKNOWN_DOMAIN
    assert scene.calls_back(order, forged=True) is Refusal.BAD_SIGNATURE
    assert scene.calls_back(order, body=b'{"request_status": "completed"}') is Refusal.BAD_SIGNATURE
    assert scene.calls_back(order, url=f"{PUBLIC}/api/v1/opendsr/callbacks/{new_id()}") is Refusal.OTHER_AUDIENCE
    assert scene.calls_back(order, about=new_id()) is Refusal.UNKNOWN_REQUEST
    assert scene.calls_back(order, state="done") is Refusal.NOT_THE_FORM
    assert scene.now(order) == before
    assert not isinstance(scene.calls_back(order, state="in_progress"), Refusal)
    assert scene.now(order).called_back is OrderState.IN_PROGRESS
    assert not isinstance(scene.calls_back(order, state="pending"), Refusal)
    assert scene.now(order).called_back is OrderState.IN_PROGRESS
    assert scene.round(order).state is OrderState.COMPLETED
    done = scene.now(order)
    assert not isinstance(scene.calls_back(order, state="cancelled"), Refusal)
    assert scene.now(order) == done


def test_a_callback_of_another_processor_about_this_ones_request_is_refused(scene: Scene) -> None:
    """Its signature holds, and it is not its request."""
    scene.register()
    order = scene.erase()
    scene.round(order)
    world = scene.world
    with world.deed() as tx:
        registering.retire(tx, world.vault, world.clock, scene.recipient.id, by=DPO)
        new = NewRecipient(name="Other", kind=RecipientKind.PROCESSOR, country="DK", purposes=(world.scene.training.id,))
        scene.recipient = activities.declare_recipient(tx, world.clock, new, by=DPO)
    scene.register()
    assert scene.calls_back(order) is Refusal.UNKNOWN_REQUEST


def test_a_copy_is_asked_for_and_where_it_lies_dies_with_the_person(scene: Scene) -> None:
    scene.register()
    world = scene.world
    with world.deed() as tx:
        asked = requests.receive(tx, world.vault, world.clock, subject=world.ada, kind=RequestKind.ACCESS, by=DPO)
    for _ in range(2):
        CopyOrders(database=world.database, vault=world.vault, clock=world.clock)(
            InlineSteps(), str(world.controller), str(asked.id)
        )
    [order] = scene.orders(asked.id)
    assert (order.kind, order.subject) == (OrderKind.ACCESS, world.ada)
    scene.round(order)
    with world.deed() as tx, pytest.raises(NotFound, match="named no place"):
        orders.results(tx, world.vault, order.id)
    assert scene.round(order).state is OrderState.COMPLETED
    with world.deed() as tx:
        url = orders.results(tx, world.vault, order.id).reveal("look in a test")
        assert url == f"https://processor.example/secure/{order.id}"
        dumped = tx.connection.execute("SELECT * FROM processor_orders").fetchall()
        assert url not in str(dumped)
        requests.fulfil(tx, world.clock, asked.id, by=DPO)
    _erase(world)
    with world.deed() as tx, pytest.raises(NotFound, match="named no place"):
        orders.results(tx, world.vault, order.id)


def _erase(world: World) -> Request:
    request = world.ask_for_erasure(world.ada)
    world.answer(request)
    return request


def test_whom_the_processor_cannot_find_is_left_to_a_letter(scene: Scene) -> None:
    scene.peer.behaves(takes=[["roku_publisher_id", "raw"]])
    scene.register()
    with pytest.raises(ValueError, match="not enough values"):
        scene.erase()


def test_a_letter_that_a_person_sent_ends_the_order(scene: Scene) -> None:
    scene.register()
    order = scene.erase()
    scene.peer.behaves("refuses")
    assert scene.round(order).trouble is Trouble.REFUSED
    with scene.world.deed() as tx:
        telling.tell(
            tx,
            scene.world.vault,
            scene.world.clock,
            erasure=ErasureId(order.asked_for),
            recipient=scene.recipient.id,
            by=DPO,
        )
    scene.peer.behaves("well")
    assert scene.round(order).state is OrderState.BY_LETTER
    assert scene.peer.asked() == []


def test_who_is_registered_later_is_asked_of_what_it_was_not_told(scene: Scene) -> None:
    request = _erase(scene.world)
    Telling(eraser=scene.world.eraser).plan(InlineSteps(), str(scene.world.controller), str(request.id))
    assert scene.orders(request.id) == []
    scene.register()
    assert len(scene.orders(request.id)) == 1


def test_a_retired_processor_is_asked_no_more_and_a_person_hears_of_what_is_open(scene: Scene) -> None:
    scene.register()
    order = scene.erase()
    world = scene.world
    with world.deed() as tx:
        [processor] = registering.processors(tx)
        for _ in range(2):
            registering.retire(tx, world.vault, world.clock, scene.recipient.id, by=DPO)
        with pytest.raises(Conflict, match="was retired"):
            registering.address_of(tx, world.vault, processor)
    open_still = scene.round(order)
    assert (open_still.trouble, open_still.settled_at) == (Trouble.RETIRED, None)
    assert open_still.escalated_at is not None
    assert scene.peer.asked() == []
    assert scene.said()["activities.processor_retired"] == 1
    scene.register()
    assert scene.round(order).state is OrderState.PENDING


def test_a_certificate_has_to_hold_for_the_domain_now_and_by_an_authority(scene: Scene) -> None:
    peer, clock = scene.peer, scene.world.clock
    bad = {
        "self": peer.authority.certify(peer.key, self_signed=True),
        "other": peer.authority.certify(peer.key, "elsewhere.example"),
        "over": peer.authority.certify(peer.key, until=clock.at - timedelta(days=1)),
        "early": peer.authority.certify(peer.key, since=clock.at + timedelta(days=1)),
        "none": b"not a certificate",
    }
    for name, pem in bad.items():
        (peer.folder / f"{name}.pem").write_bytes(pem)
        peer.behaves(certificate=f"{name}.pem")
        with pytest.raises(Malformed, match="does not hold"):
            scene.register()
    peer.behaves(certificate="cert.pem", certificate_url="http://elsewhere.example/cert.pem")
    with pytest.raises(Malformed, match="another host"):
        scene.register()


def test_a_renewed_certificate_is_taken_and_one_of_another_domain_is_not(scene: Scene) -> None:
    peer, clock = scene.peer, scene.world.clock
    (peer.folder / "short.pem").write_bytes(peer.authority.certify(peer.key, until=clock.at + timedelta(days=2)))
    (peer.folder / "other.pem").write_bytes(peer.authority.certify(peer.key, "elsewhere.example"))
    peer.behaves(certificate="short.pem")
    scene.register()
    order = scene.erase()
    scene.round(order)
    clock.at += timedelta(days=3)
    peer.behaves(certificate="other.pem")
    assert scene.round(order).trouble is Trouble.BAD_CERTIFICATE
    peer.behaves(certificate="cert.pem")
    assert scene.round(order).state is OrderState.COMPLETED


def test_only_a_processor_is_registered_and_once(scene: Scene) -> None:
    world = scene.world
    scene.register()
    with pytest.raises(Conflict, match="registered already"):
        scene.register()
    with world.deed() as tx:
        new = NewRecipient(name="Tax", kind=RecipientKind.AUTHORITY, country="DK", purposes=(world.scene.training.id,))
        authority = activities.declare_recipient(tx, world.clock, new, by=DPO)
    scene.recipient = authority
    with pytest.raises(Conflict, match="not declared as a processor"):
        scene.register()
    address = Address(url=Personal("http://processor.example/v2"), authorization=None)
    with pytest.raises(Malformed, match="Without TLS"):
        registering.look_at(scene.outbound, world.clock, address)
    with world.deed() as tx, pytest.raises(NotFound, match="never registered"):
        registering.retire(tx, world.vault, world.clock, RecipientId(new_id()), by=DPO)


def test_nothing_of_the_person_or_the_way_in_stands_in_what_is_written_down(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    scene.register()
    order = scene.erase()
    scene.peer.behaves("forges")
    scene.round(order)
    scene.peer.behaves("well")
    scene.round(order)
    scene.round(order)
    with scene.world.deed() as tx:
        rows = [
            *tx.connection.execute("SELECT * FROM processors").fetchall(),
            *tx.connection.execute("SELECT * FROM processor_orders").fetchall(),
            *tx.connection.execute("SELECT convert_from(leaf, 'UTF8') FROM statements").fetchall(),
        ]
    written = json.dumps([str(row) for row in rows]) + caplog.text
    for each in (ADA_EMAIL, ADA_TEL, hashlib.sha256(ADA_EMAIL.encode()).hexdigest(), "a-secret"):
        assert each not in written
