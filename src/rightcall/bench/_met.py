"""What has to be there so that whoever walks meets every page, and the addresses that no page leads to: a link to sign up by,
what was put right and whom to tell of it, a certificate, somebody's own voice, and links that are told to one person alone."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from uuid import UUID

from rightcall.activities import actions as activities
from rightcall.activities.model import NewRecipient, RecipientKind
from rightcall.actors import SYSTEM, Actor, Role
from rightcall.bench._mapped import Estate, new_foreign
from rightcall.calls import actions as calls
from rightcall.consent import actions as consent
from rightcall.console.listening import Why, sealed
from rightcall.database.connection import Transaction
from rightcall.demo.quarter.calendar import Calendar
from rightcall.demo.quarter.nights import Unremembered
from rightcall.errors import Breach
from rightcall.evidence import actions as evidence
from rightcall.evidence import attesting
from rightcall.evidence.attestation import ShownBy
from rightcall.holdings import actions as holdings
from rightcall.holdings.categories import Category
from rightcall.holdings.holds import actions as holds
from rightcall.ids import CallId, HoldingId, RequestId, SubjectId, new_id
from rightcall.ledger.checkpoint import key_of
from rightcall.personal import Personal
from rightcall.portal.visiting import cookie_of, place
from rightcall.recordings import taking
from rightcall.requests import actions as requests
from rightcall.requests import correcting
from rightcall.requests.actions import Came
from rightcall.requests.codes import actions as codes
from rightcall.requests.codes.model import TooMany
from rightcall.requests.model import Channel, ProofKind, RequestKind
from rightcall.requests.own import asking, links
from rightcall.requests.visits import actions as visits
from rightcall.staff.members import actions as members
from rightcall.staff.members.model import NewMember
from rightcall.staff.sessions import actions as sessions
from rightcall.staff.sessions.limits import limits_of
from rightcall.staff.sessions.model import Way
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import Identifier, IdentifierKind
from rightcall.vault.model import Dark
from rightcall.worker.procedures import procedures_of

_VOICES = """
SELECT t.take, p.subject FROM recording_takes t JOIN parties p ON p.controller = t.controller AND p.party = t.party
 WHERE t.controller = %s AND p.role = 'customer' AND t.packets > 0 ORDER BY t.take DESC LIMIT 200
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Somebody who works there and is signed in."""

    actor: Actor
    secret: str = field(repr=False)

    @property
    def cookies(self) -> str:
        return f"__Host-rightcall={self.secret}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Whose own voice is kept, and who is known by a number as nobody else is."""

    subject: SubjectId
    known_by: Identifier
    voice: HoldingId


def customer_of(estate: Estate) -> Customer:
    """The last of the made-up quarter who is like that."""
    house = estate.house
    with house.database.transaction(estate.controller) as tx:
        for row in tx.connection.execute(_VOICES, (estate.controller,)).fetchall():
            voice, subject = HoldingId(row["take"]), SubjectId(row["subject"])
            number = _number_of(tx, estate, subject)
            if number is not None and None in holdings.readable(tx, house.vault, holdings.get(tx, voice)).values():
                return Customer(subject=subject, known_by=number, voice=voice)
    raise Breach("Nothing that a customer of the bench said is kept.")


def _number_of(tx: Transaction, estate: Estate, subject: SubjectId) -> Identifier | None:
    known = subjects.identifiers_of(tx, estate.house.vault, subject)
    numbers = [] if isinstance(known, Dark) else [each for each in known if each.kind is IdentifierKind.TEL]
    return next((each for each in numbers if subjects.find(tx, estate.house.vault, each) == [subject]), None)


def worker_of(estate: Estate, role: Role) -> Worker:
    house = estate.house
    with house.database.transaction(estate.controller) as tx:
        member = members.create(tx, house.vault, house.clock, _new(role), by=SYSTEM)
        secret = sessions.begin(tx, house.clock, member.id, Way.PASSKEY, limits_of(house.settings)).secret
    return Worker(actor=Actor(id=member.id, role=role), secret=secret)


def visit_of(estate: Estate, customer: Customer) -> str:
    """The cookie of their visit, which they began with a code, and in which they asked for a copy."""
    house = estate.house
    with house.database.transaction(estate.controller) as tx:
        made = codes.make(tx, house.vault, house.clock, customer.known_by, asker=None, by=SYSTEM)
        if isinstance(made, TooMany) or made.delivery is None:
            raise Breach("A code of the bench went to nobody.")
        begun = visits.begin_by_code(tx, house.vault, house.clock, code=made.id, digits=made.delivery.digits)
        visit = visits.enter(tx, house.vault, house.clock, begun.secret) if begun else None
        if begun is None or visit is None:
            raise Breach("A code of the bench was not right.")
        asking.ask(tx, house.vault, house.clock, visit, RequestKind.ACCESS, language="en", words="", by=SYSTEM)
        return f"{cookie_of(estate.controller)}={begun.secret.reveal('ask for a customer pages in a bench')}"


def of_the_many(estate: Estate) -> CallId:
    """One of the many calls, which the customer was in."""
    with estate.house.database.transaction(estate.controller) as tx:
        return calls.of_subject(tx, estate.people[0])[0].call


def told_inside(estate: Estate, customer: Customer, dpo: Worker) -> list[str]:
    """Pages inside that are led to once somebody did something."""
    house = estate.house
    with house.database.transaction(estate.controller) as tx:
        invited = members.create(tx, house.vault, house.clock, _new(Role.AGENT), by=SYSTEM)
        link = members.make_link(tx, house.clock, invited.id, by=SYSTEM)
        attested = attesting.attest(tx, house.vault, house.clock, customer.known_by, shown_by=ShownBy.AUDIT, by=dpo.actor)
        receives = NewRecipient(name="Metering Partners", kind=RecipientKind.PROCESSOR, country="GB", purposes=(estate.purpose,))
        activities.declare_recipient(tx, house.clock, receives, by=dpo.actor)
    return [
        f"/sign-up/{link.secret}",
        f"/console/attestations/{attested.id}/file",
        f"/console/requests/{_put_right(estate, dpo.actor)}/words",
    ]


def erased(estate: Estate, dpo: Worker) -> RequestId:
    """Of somebody of whom something lies in a system that is only read: those who look after it are to be told, and whoever
    received it."""
    asked, _ = _asks(estate, RequestKind.ERASURE, dpo.actor)
    _done(estate, "answer_erasure", asked)
    _done(estate, "plan_telling", asked)
    return asked


def _put_right(estate: Estate, by: Actor) -> RequestId:
    """Where it is wrong elsewhere too, and who received it, is to be told."""
    house = estate.house
    asked, thing = _asks(estate, RequestKind.RECTIFICATION, by)
    with house.database.transaction(estate.controller) as tx:
        made = correcting.correct(tx, house.vault, house.clock, asked, thing, Personal("Ada Lind"), by=by)
    _done(estate, "correct_elsewhere", made)
    return asked


def _asks(estate: Estate, kind: RequestKind, by: Actor) -> tuple[RequestId, HoldingId]:
    """Somebody who is told of in another system, by name."""
    house, came = estate.house, Came(channel=Channel.PHONE, proof=ProofKind.CALL_BACK)
    with house.database.transaction(estate.controller) as tx:
        whose = subjects.identify(tx, house.vault, house.clock, [])
        thing = replace(new_foreign(estate, whose, 0), category=Category.NAME)
        holdings.register(tx, house.vault, house.clock, [thing])
        asked = requests.receive(tx, house.vault, house.clock, subject=whose, kind=kind, by=by, came=came)
    return asked.id, thing.id


def _done(estate: Estate, procedure: str, about: UUID) -> None:
    """At once, and to its end."""
    steps = Unremembered(calendar=Calendar(estate.house.clock.now()))
    procedures_of(estate.house)[procedure](steps, str(estate.controller), str(about))


def listened_to(estate: Estate, customer: Customer, who: Worker) -> Iterator[str]:
    """Pages where they said already why they listen: each has a player, which leads to the sound. It opens for this session
    alone, and for a quarter of an hour."""
    with estate.house.database.transaction(estate.controller) as tx:
        for purpose in taking.get(tx, customer.voice).purposes:
            said = _said(estate, who, customer.voice, purpose)
            yield f"/console/takes/{customer.voice}?with={said}"
        for hold in holds.standing(tx):
            said = _said(estate, who, hold.id, None)
            for span in (each.span for each in hold.slices if each.span is not None):
                yield f"/console/holds/{hold.id}/takes/{span.take}?with={said}&start={span.from_ms}"


def _said(estate: Estate, who: Worker, about: UUID, purpose: UUID | None) -> str:
    why = Why(purpose=purpose, reason="a bench measures how soon it opens", case="bench-1")
    return sealed(who.secret, str(about), why, estate.house.clock.now())


def told_outside(estate: Estate, customer: Customer, erased: RequestId) -> list[str]:
    """What is told to one person alone: where to read a code back, one answer of theirs with its receipt, and what became of an
    erasure; and what people type."""
    house = estate.house
    with house.database.transaction(estate.controller) as tx:
        choice = consent.choices_of_subject(tx, customer.subject)[-1].id
        evidence.receipt(tx, house.vault, house.clock, choice, key=key_of(house.signer))
        answer = links.link_to(tx, house.vault, choice)
        follow = asking.link_to(tx, house.clock, erased).reveal("follow a request in a bench")
    own = [
        f"code/{new_id()}",
        f"answer/{answer}",
        f"receipts/{choice}",
        f"follow/{follow}",
        "",
        "home",
        f"sound/{customer.voice}",
    ]
    return ["/design", "/", "/about", "/me", f"/about/{estate.controller}", *(place(estate.controller, each) for each in own)]


def sign_all(estate: Estate) -> None:
    """A file with a proof is none before the ledger has signed what it is about."""
    sequencer = estate.house.sequencer()
    while sequencer.run_once():
        pass


def _new(role: Role) -> NewMember:
    return NewMember(role=role, name=Personal("Ada Lind"), address=None)
