"""Receiving a request, and answering it.

An erasure is carried out by a procedure as soon as the statement that it is ready stands in the ledger (`reactions`); the other
kinds are answered by a person, with the clock shown. Deliberately elsewhere: who asks (`proving`), the erasing (`erasure`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rightcall.actors import SYSTEM, Actor
from rightcall.clock import Clock, day_of
from rightcall.consent import actions as consent
from rightcall.database.connection import Transaction
from rightcall.database.walk import Walk
from rightcall.discovery.joins import actions as joins
from rightcall.discovery.linking import nobodys
from rightcall.discovery.others import actions as others
from rightcall.erasure import actions as erasures
from rightcall.erasure.model import Erasure
from rightcall.errors import Conflict
from rightcall.ids import RequestId, StatementId, SubjectId, new_id
from rightcall.ledger.actions import append
from rightcall.personal import Personal
from rightcall.requests import correcting, identity, limiting, proving, store
from rightcall.requests.clocks import clocks
from rightcall.requests.codes.actions import spend
from rightcall.requests.codes.model import CodeId
from rightcall.requests.course import store as course
from rightcall.requests.model import (
    Answered,
    Asked,
    Behalf,
    Channel,
    DenialGround,
    ExtensionReason,
    Happened,
    ProofKind,
    Request,
    RequestKind,
    Stage,
    Step,
    Waiting,
)
from rightcall.requests.places import places_of
from rightcall.requests.record import answer, find, get, step
from rightcall.requests.rules import DUE_SOON, LATELY, YEAR, check_excessive, check_extendable, check_ground, check_open, days_of
from rightcall.requests.statements import RequestAcknowledged, RequestExtended, RequestReceived
from rightcall.subjects import actions as subjects
from rightcall.subjects.joining import actions as joining
from rightcall.vault.actions import Vault

__all__ = [
    "Came",
    "acknowledge",
    "asked_before",
    "begin",
    "deny",
    "extend",
    "find",
    "fulfil",
    "get",
    "of_person",
    "open_for",
    "progress",
    "receive",
    "receive_by_code",
    "receive_shown",
    "receive_unproved",
    "recent",
    "revoke",
    "unanswered",
    "waiting",
    "without_request",
]

TOLD_AT_ONCE = frozenset(Channel) - {Channel.EMAIL}
"""Channels whose own answer tells the person that it came: who is on the line is told by whom they speak to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """How it came, and in which language the person is answered. `lives_in`: a code of a place, where they said it. `proof`:
    somebody's word for who asks; None takes the word that entering it is (`identity.proof_unless_said`). `came_at`: where it came
    before it was entered; its days count from then."""

    channel: Channel = Channel.API
    language: str = "en"
    lives_in: str | None = None
    behalf: Behalf = Behalf.SELF
    proof: ProofKind | None = None
    came_at: datetime | None = None


_SAID_NOTHING = Came()


def receive(
    tx: Transaction, vault: Vault, clock: Clock, *, subject: SubjectId, kind: RequestKind, by: Actor, came: Came = _SAID_NOTHING
) -> Request:
    """The subject asks. NotFound where this controller knows no such subject, Conflict where it may be any of several people: to
    answer one of them would tell them of the others, or erase these too."""
    request = _received(tx, vault, clock, subject, kind, came, by)
    proof = came.proof or identity.proof_unless_said(by.role, came.behalf)
    if proof is not None:
        proving.prove(tx, clock, request.id, proof=proof, by=by)
    return get(tx, request.id)


def receive_unproved(
    tx: Transaction, vault: Vault, clock: Clock, *, subject: SubjectId, kind: RequestKind, by: Actor, came: Came
) -> Request:
    """As `receive`, and whoever enters it vouches for nobody: who asks is to be shown."""
    return _received(tx, vault, clock, subject, kind, came, by)


def receive_by_code(
    tx: Transaction, vault: Vault, clock: Clock, *, code: CodeId, digits: Personal[str], kind: RequestKind, by: Actor, came: Came
) -> Request | None:
    """Somebody asks who is known by nothing but the code that went to what is on file. None where it is not right, whoever they
    say they are. Let the transaction commit all the same: it was a try."""
    whose = spend(tx, vault, clock, code, digits)
    if whose is None:
        return None
    return receive_shown(tx, vault, clock, whose=whose, proof=ProofKind.CODE, kind=kind, by=by, came=came)


def receive_shown(
    tx: Transaction, vault: Vault, clock: Clock, *, whose: SubjectId, proof: ProofKind, kind: RequestKind, by: Actor, came: Came
) -> Request:
    """Somebody asks who has shown by `proof` that they are `whose`. Who asks again for what waits for its answer, and was shown
    to be theirs, has the same request, and is answered in the language in which they ask now."""
    waiting = [each for each in store.waiting_of(tx, joining.hold(tx, whose)) if each.kind is kind and each.proof is not None]
    if waiting and came.behalf is Behalf.SELF:
        course.change(tx, waiting[0].id, language=came.language)
        return get(tx, waiting[0].id)
    asked = _received(tx, vault, clock, whose, kind, came, by)
    proving.prove_shown(tx, clock, asked, proof=proof, whose=whose, by=by)
    return get(tx, asked.id)


def _received(
    tx: Transaction, vault: Vault, clock: Clock, subject: SubjectId, kind: RequestKind, came: Came, by: Actor
) -> Request:
    if subjects.get(tx, subject).ambiguous:
        raise Conflict(
            "This may be any of several people. Say first whose calls these are (attribute or split them), then ask again."
        )
    request = _new(tx, vault, clock, subject, kind, came, by)
    store.insert_request(tx, request)
    known = vault.subject_exists(tx, subject)
    if known:
        joins.propose(tx, vault, clock, [subject])
    if known and kind in identity.WHOLE:
        others.find_mentions(tx, vault, clock, subject)
        nobodys.ask_about(tx, vault, clock, subject)
    statement = RequestReceived(
        at=clock.now(),
        controller=tx.of,
        request=request.id,
        subject=subjects.commitment(tx, vault, subject, request.statement) if known else None,
        kind_of_request=request.kind,
        channel=request.channel,
        behalf=request.behalf,
        due_on=request.due_on,
        actor=by.id,
        role=by.role,
    )
    append(tx, statement, id=request.statement)
    course.insert_step(tx, request.id, Happened(step=Step.RECEIVED, at=request.received_at, by=by), request.statement)
    if request.channel in TOLD_AT_ONCE:
        acknowledge(tx, clock, request.id, by=by)
    return request


def recent(tx: Transaction, *, after: RequestId | None = None, limit: int = 50) -> list[Request]:
    """Newest first; `after` is the last one of the page before."""
    return store.requests_after(tx, after, limit)


def page(tx: Transaction, walk: Walk, *, kind: RequestKind | None = None, limit: int = 50) -> list[Request]:
    """All, by when they came; of all kinds, or of one."""
    return store.page(tx, walk, kind, limit)


def of_person(tx: Transaction, person: Collection[SubjectId]) -> list[Request]:
    """All that these subjects ever asked, newest first."""
    return store.requests_of(tx, person)


def waiting(tx: Transaction, *, after: RequestId | None = None, limit: int | None = 50) -> list[Request]:
    """Those not answered, the first due first; `after` is the last one of the page before."""
    last = None if after is None else get(tx, after)
    return store.waiting_by_day(tx, None if last is None else (last.due_on, last.id), limit)


def progress(tx: Transaction, request: RequestId) -> list[Happened]:
    """Each step that was taken, in order, with its instant and who took it."""
    return course.steps_of(tx, get(tx, request).id)


def language_of(tx: Transaction, person: Collection[SubjectId]) -> str | None:
    """In which they are answered as far as is known: as they were last, else as they last said yes or no."""
    asked = store.requests_of(tx, person)
    if asked:
        return asked[0].language
    made = [each for one in person for each in consent.choices_of_subject(tx, one)]
    return max(made, key=lambda each: each.made_at).language if made else None


def open_for(tx: Transaction, subject: SubjectId, kinds: Collection[RequestKind]) -> bool:
    """Whether a request of one of these kinds by this subject is ready and waits for its answer."""
    return any(each.kind in kinds and each.ready_at is not None for each in store.waiting_of(tx, [subject]))


def not_begun(tx: Transaction, clock: Clock, kinds: Collection[RequestKind], *, since: timedelta) -> list[RequestId]:
    """Of these kinds those that have been ready at least so long, and were not begun."""
    return store.not_begun(tx, kinds, clock.now() - since)


def unanswered(tx: Transaction, clock: Clock) -> dict[RequestKind, Waiting]:
    """How many requests of each kind wait for an answer, and how many of them longer than the law allows."""
    today = day_of(clock.now())
    return store.unanswered(tx, today, today + DUE_SOON)


def look_again(tx: Transaction, vault: Vault, clock: Clock, request: RequestId) -> None:
    """Whether it is ready by now; where it has to find everything, first whether a scan found more that may be the person's."""
    found = get(tx, request)
    if found.kind in identity.WHOLE and found.stage is Stage.OPEN and vault.subject_exists(tx, found.subject):
        others.find_mentions(tx, vault, clock, found.subject)
        nobodys.ask_about(tx, vault, clock, found.subject)
    proving.look_again(tx, clock, request)


unready = store.unready
"""Those that may be ready, or have nothing left to be done with, by something that nobody tells of."""


def without_request(tx: Transaction, clock: Clock, *, since: timedelta) -> list[Erasure]:
    """Erasures begun at least so long ago, not confirmed, that no request stands for: a restore brought them to light."""
    return [each for each in erasures.unconfirmed(tx, clock, since=since) if store.subject_of(tx, RequestId(each.root)) is None]


def acknowledge(tx: Transaction, clock: Clock, request: RequestId, *, by: Actor) -> None:
    """The person was told that it came, and what follows. A second time changes nothing."""
    if get(tx, request).acknowledged_at is not None:
        return
    at = clock.now()
    course.change(tx, request, acknowledged_at=at)
    said = RequestAcknowledged(at=at, controller=tx.of, request=request, actor=by.id, role=by.role)
    step(tx, clock, request, Step.ACKNOWLEDGED, by, said=said)


def extend(tx: Transaction, clock: Clock, request: RequestId, *, reason: ExtensionReason, by: Actor) -> date:
    """More time, once, for a reason that the person is told before the first time is over (Art. 12(3)). The new last day."""
    found = get(tx, request)
    check_extendable(found, day_of(clock.now()))
    course.set_extended(tx, request, reason)
    said = RequestExtended(
        at=clock.now(),
        controller=tx.of,
        request=request,
        reason=reason,
        due_on=found.longest_on,
        actor=by.id,
        role=by.role,
    )
    step(tx, clock, request, Step.EXTENDED, by, said=said, detail=reason.value)
    return found.longest_on


def open_erasures(tx: Transaction) -> list[RequestId]:
    """Requests for erasure that are carried out and not answered yet."""
    return store.in_progress(tx, RequestKind.ERASURE)


def begin(tx: Transaction, clock: Clock, request: RequestId, *, by: Actor = SYSTEM) -> Request:
    """Somebody or a procedure works on it now. Again is fine. Conflict while something is missing. An erasure for which something
    came up that goes first is put back: it is open then, and not ready."""
    found = get(tx, request)
    if found.stage is not Stage.OPEN:
        return found
    proving.check_ready(tx, clock, found)
    if proving.put_back(tx, clock, found):
        return get(tx, request)
    _count_doubtful(tx, found)
    course.change(tx, request, stage=Stage.IN_PROGRESS)
    step(tx, clock, request, Step.BEGUN, by)
    return get(tx, request)


def fulfil(tx: Transaction, clock: Clock, request: RequestId, *, by: Actor) -> None:
    """Done, and confirmed done. A second time changes nothing. Conflict while something is missing."""
    found = get(tx, request)
    if found.outcome is not Answered.FULFILLED:
        proving.check_ready(tx, clock, found)
        correcting.check_put_right(tx, found)
        if found.stage is Stage.OPEN:
            _count_doubtful(tx, found)
        _answer(tx, clock, request, Answered.FULFILLED, None, by)


def _count_doubtful(tx: Transaction, request: Request) -> None:
    """Before an erasure lets nothing wait any more: the answer says it."""
    course.change(tx, request.id, doubtful=joins.count_doubtful(tx, joining.person(tx, request.subject)))


def deny(tx: Transaction, clock: Clock, request: RequestId, *, ground: DenialGround, by: Actor) -> None:
    """Refused, for a named reason. Conflict where the reason would tell somebody who has not shown who they are that we hold
    something; where the rule on excessive requests does not count enough for that one; and where a restriction would end by it
    and its person was not told before."""
    found = get(tx, request)
    check_open(found)
    check_ground(found, ground)
    limiting.check_deniable(tx, found)
    counted = asked_before(tx, clock, found) if ground is DenialGround.MANIFESTLY_UNFOUNDED else None
    if counted is not None:
        check_excessive(counted)
    _answer(tx, clock, request, Answered.DENIED, ground, by, counted=counted)
    limiting.end_denied(tx, clock, found, by=by)


def revoke(tx: Transaction, clock: Clock, request: RequestId, *, by: Actor) -> None:
    """The person takes it back. Conflict once something of it is done, or it is answered."""
    found = get(tx, request)
    check_open(found)
    if found.stage is not Stage.OPEN:
        raise Conflict("This request is being carried out already, and cannot be taken back.")
    _answer(tx, clock, request, Answered.REVOKED, None, by)
    limiting.end_denied(tx, clock, found, by=by)


def asked_before(tx: Transaction, clock: Clock, request: Request) -> Asked:
    """What the rule on excessive requests counts, of the whole person."""
    now = clock.now()
    return store.asked_before(tx, joining.person(tx, request.subject), request, lately=now - LATELY, year=now - YEAR)


def _new(tx: Transaction, vault: Vault, clock: Clock, subject: SubjectId, kind: RequestKind, came: Came, by: Actor) -> Request:
    received_at = came.came_at or clock.now()
    days = days_of(clocks(), kind, places_of(tx, vault, subject, came.lives_in), day_of(received_at))
    return Request(
        id=RequestId(new_id()),
        subject=subject,
        kind=kind,
        channel=came.channel,
        language=came.language,
        by=by,
        received_at=received_at,
        law=days.law,
        cite=days.cite,
        due_on=days.due_on,
        longest_on=days.longest_on,
        acknowledge_by=days.acknowledge_by,
        acknowledged_at=None,
        extended_for=None,
        appealed_at=None,
        behalf=came.behalf,
        mandate_until=None,
        proof=None,
        ready_at=None,
        stage=Stage.OPEN,
        outcome=None,
        ground=None,
        answered_at=None,
        statement=StatementId(new_id()),
    )


def _answer(
    tx: Transaction,
    clock: Clock,
    request: RequestId,
    outcome: Answered,
    ground: DenialGround | None,
    by: Actor,
    *,
    counted: Asked | None = None,
) -> None:
    found = answer(tx, clock, request, outcome, by, ground=ground, counted=counted)
    proving.look_at_rest(tx, clock, found.subject)
