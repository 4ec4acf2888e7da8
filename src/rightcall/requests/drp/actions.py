"""Taking what an authorised agent asks for a person. What it says of who they are is where we look, and proves nothing.

A request that comes so is asked on behalf of another: it waits for a mandate and for a proof like any other, and whoever answers
it gives both. Whether anybody is known by what the agent verified, the agent is not told: the answers are the same.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from rightcall.actors import Actor, Role
from rightcall.canonical import sha256
from rightcall.clock import Clock, day_of
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction, to_nothing
from rightcall.errors import Conflict, Malformed, NotFound
from rightcall.ids import RequestId, SubjectId, new_id
from rightcall.personal import Personal
from rightcall.policy.rules import wider
from rightcall.requests import actions as requests
from rightcall.requests import identity, proving
from rightcall.requests.actions import Came
from rightcall.requests.clocks import clocks
from rightcall.requests.codes.actions import spend
from rightcall.requests.codes.model import CodeId
from rightcall.requests.drp import rules, store
from rightcall.requests.drp.model import Agent, AgentId, DrpId, DrpRequest, Envelope, Exercise, Status, Told, Why
from rightcall.requests.model import Answered, Behalf, Channel, Missing, Request, RequestKind
from rightcall.requests.rules import days_of
from rightcall.subjects import actions as subjects
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.model import Identifier, IdentifierKind
from rightcall.subjects.rules import normalise
from rightcall.vault.actions import Vault

_NO_REGION = "ZZ"
_HOUR = timedelta(hours=1)
_CALIFORNIA = {"ccpa": "US-CA"}
UNVERIFIED = "need_user_verification"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """A token at the one moment when it can be read."""

    agent: Agent
    secret: str


def add_agent(tx: Transaction, clock: Clock, *, name: str, business: str, key: str) -> Agent:
    """The controller trusts this agent from now on. Malformed where the key is none; Conflict where one of that name is there."""
    raw = rules.key_of(key)
    if raw is None:
        raise Malformed("This is no Ed25519 public key in base64. Take the agent's verify_key from the service directory.")
    agent = Agent(
        id=AgentId(new_id()),
        controller=tx.of,
        name=name,
        business=business,
        key=raw,
        added_at=clock.now(),
        retired_at=None,
    )
    if not store.insert_agent(tx, agent):
        raise Conflict("An agent of this id is known here already. Retire it first if its key has changed.")
    return agent


def agents(tx: Transaction) -> list[Agent]:
    return store.agents(tx)


def retire_agent(tx: Transaction, clock: Clock, agent: AgentId) -> None:
    """Its tokens open nothing any more. What it asked before is answered all the same."""
    if not store.retire_agent(tx, agent, clock.now()):
        raise NotFound("There is no such agent here. List the agents.")


def pair(system_tx: Transaction, clock: Clock, name: str, body: bytes) -> tuple[Agent, Envelope] | Why:
    """Whose key setup this is (section 2.05): of the controllers that trust an agent of this name, the one it is for."""
    why = Why.BAD_SIGNATURE
    for agent in store.agents_named(system_tx, name):
        message = rules.message_of(body, agent.key)
        if isinstance(message, Why):
            why = message
            continue
        found = rules.envelope_of(message, agent=agent.name, business=agent.business, now=clock.now())
        if isinstance(found, Envelope):
            return (agent, found) if rules.is_key_setup(message) else Why.NOT_THE_FORM
        why = found
    return why


def issue_token(tx: Transaction, clock: Clock, agent: Agent, envelope: Envelope) -> Paired | Why:
    """A token for this agent, in place of the one before. A message makes one once."""
    if not store.insert_message(tx, envelope.digest, envelope.expires_at):
        return Why.REPLAYED
    secret = secrets.token_urlsafe(32)
    store.replace_token(tx, agent.id, sha256(secret.encode()), clock.now())
    return Paired(agent=agent, secret=secret)


def agent_of(system_tx: Transaction, secret: str) -> Agent | None:
    return store.agent_of_token(system_tx, sha256(secret.encode()))


def exercise(tx: Transaction, vault: Vault, clock: Clock, agent: Agent, body: bytes, *, inner: rules.Networks) -> Told | Why:
    """What the agent asks for somebody (section 2.01), or why the message is refused. `inner`: where it may be called back though
    not everybody could be."""
    message = rules.message_of(body, agent.key)
    if isinstance(message, Why):
        return message
    envelope = rules.envelope_of(message, agent=agent.name, business=agent.business, now=clock.now())
    if isinstance(envelope, Why):
        return envelope
    asked = rules.exercise_of(message, envelope, inner)
    if isinstance(asked, Why):
        return asked
    if store.received_since(tx, agent.id, clock.now() - _HOUR) >= rules.PER_HOUR:
        return Why.TOO_MANY
    if not store.insert_message(tx, envelope.digest, envelope.expires_at):
        return Why.REPLAYED
    received = _received(tx, vault, clock, agent, asked)
    answer = told(tx, clock, received)
    if asked.callback is not None:
        store.set_callback(tx, received.id, asked.callback, rules.digest_of(answer), clock.now())
    return answer


def status(tx: Transaction, clock: Clock, agent: Agent, request: DrpId) -> Told | None:
    """How far it is. None where this agent asked no such thing."""
    found = _own(tx, agent, request)
    return None if found is None else told(tx, clock, found)


def revoke(tx: Transaction, vault: Vault, clock: Clock, agent: Agent, request: DrpId, body: bytes) -> Told | Why | None:
    """The person takes it back (section 2.04). Conflict once it is carried out or answered."""
    found = _own(tx, agent, request)
    if found is None:
        return None
    message = rules.message_of(body, agent.key)
    if isinstance(message, Why):
        return message
    envelope = rules.revocation_of(message, agent=agent.name, business=agent.business, now=clock.now())
    if isinstance(envelope, Why):
        return envelope
    if envelope is not None:
        store.insert_message(tx, envelope.digest, envelope.expires_at)
    if found.revoked_at is None:
        if found.request is not None:
            requests.revoke(tx, clock, found.request, by=_actor(agent))
        came = Came(channel=Channel.DRP, behalf=Behalf.REPRESENTATIVE)
        is_nobody = found.request is None
        _as_for_somebody(tx, vault, clock, rules.KINDS[found.exercise], came, by=_actor(agent), is_revoked=is_nobody)
        store.set_revoked(tx, request, clock.now())
    return status(tx, clock, agent, request)


def prove_by_code(
    tx: Transaction, vault: Vault, clock: Clock, request: DrpId, *, code: CodeId, digits: Personal[str], by: Actor
) -> bool:
    """The person whom an agent asked for reads back a one-time code. False where it does not show who they are, for whatever
    reason: also where nobody is known by what the agent said. Each time counts as a try, so let the transaction commit."""
    found = store.request_by_id(tx, request)
    if found is None:
        raise NotFound("No agent asked that here. Take the id that is in the address of the page.")
    if found.revoked_at is not None:
        raise Conflict("This was taken back. Ask anew.")
    if found.request is None:
        spend(tx, vault, clock, code, digits)
        return False
    return proving.prove_by_code(tx, vault, clock, found.request, code=code, digits=digits, by=by) is None


def forget_old(tx: Transaction, clock: Clock) -> int:
    """Messages that nobody could send again, since they have expired, and no clock is set back so far."""
    return store.delete_messages(tx, clock.now() - rules.REMEMBERED)


def _own(tx: Transaction, agent: Agent, request: DrpId) -> DrpRequest | None:
    found = store.request_by_id(tx, request)
    return found if found is not None and found.agent == agent.id else None


def _received(tx: Transaction, vault: Vault, clock: Clock, agent: Agent, asked: Exercise) -> DrpRequest:
    kind = rules.KINDS[asked.exercise]
    lives_in = _CALIFORNIA.get(asked.regime or "")
    places = [*controllers.get(tx).jurisdictions, *([] if lives_in is None else [lives_in])]
    today = day_of(clock.now())
    whole = frozenset[str]().union(*(wider(place) for place in places))
    person = _person(tx, vault, asked)
    came = Came(channel=Channel.DRP, lives_in=lives_in, behalf=Behalf.REPRESENTATIVE)
    request: RequestId | None = None
    if person is not None:
        request = requests.receive(tx, vault, clock, subject=person, kind=kind, by=_actor(agent), came=came).id
    else:
        _as_for_somebody(tx, vault, clock, kind, came, by=_actor(agent))
    made = DrpRequest(
        id=DrpId(new_id()),
        agent=agent.id,
        agent_request=asked.agent_request,
        exercise=asked.exercise,
        received_at=clock.now(),
        expected_on=days_of(clocks(), kind, whole, today).due_on,
        request=request,
        revoked_at=None,
    )
    store.insert_request(tx, made)
    return made


def _as_for_somebody(
    tx: Transaction, vault: Vault, clock: Clock, kind: RequestKind, came: Came, *, by: Actor, is_revoked: bool = False
) -> None:
    """The same work as for a person who is known, for one who is nobody: its time tells nothing. None of it stays. To take it
    back needs one that was asked, so what one does for that, the other does for nothing."""
    with to_nothing(tx):
        nobody = subjects.identify(tx, vault, clock, [])
        made = requests.receive(tx, vault, clock, subject=nobody, kind=kind, by=by, came=came)
        proving.missing_of(tx, clock, requests.get(tx, made.id))
        if is_revoked:
            requests.revoke(tx, clock, made.id, by=by)


def _person(tx: Transaction, vault: Vault, asked: Exercise) -> SubjectId | None:
    """The one person who is known by all that the agent verified, and by something of it. None where it is nobody, or several."""
    found: set[SubjectId] | None = None
    for identifier in _identifiers(asked):
        known = subjects.find(tx, vault, identifier)
        people = {joining.standing_for(tx, each) for each in known if not subjects.get(tx, each).ambiguous}
        found = people if found is None else found & people
    return found.pop() if found is not None and len(found) == 1 else None


def _identifiers(asked: Exercise) -> list[Identifier]:
    """What cannot be read as a number or an address is nobody's."""
    told = ((IdentifierKind.EMAIL, asked.email), (IdentifierKind.TEL, asked.phone))
    found = []
    for kind, value in told:
        try:
            found += [] if value is None else [normalise(kind, value, _NO_REGION)]
        except Malformed:
            return []
    return found


def told(tx: Transaction, clock: Clock, drp: DrpRequest) -> Told:
    """How far it is now. Of nobody as much is looked up as of somebody who has not shown who they are: it can be asked often, so
    its time would tell."""
    request = requests.find(tx, drp.request or RequestId(drp.id))
    state, reason = _state(clock, drp, request)
    shown = request is not None and request.ready_at is not None
    extended = shown and request is not None and request.extended_for is not None
    return Told(
        id=drp.id,
        status=state,
        reason=reason,
        received_at=drp.received_at,
        expected_on=request.due_on if shown and request is not None else drp.expected_on,
        agent_request=drp.agent_request,
        details="More time was taken, once, and the person is told why." if extended else None,
        expires_on=drp.expected_on if reason == UNVERIFIED else None,
    )


def _state(clock: Clock, drp: DrpRequest, request: Request | None) -> tuple[Status, str | None]:
    if drp.revoked_at is not None:
        return Status.REVOKED, None
    if request is None or _waits_for_person(clock, request):
        is_over = day_of(clock.now()) > drp.expected_on
        return (Status.EXPIRED, None) if is_over else (Status.IN_PROGRESS, UNVERIFIED)
    match request.outcome:
        case None:
            return Status.IN_PROGRESS, None
        case Answered.FULFILLED:
            return Status.FULFILLED, None
        case Answered.ALREADY_ERASED:
            return (Status.FULFILLED, None) if request.kind is RequestKind.ERASURE else (Status.DENIED, "no_match")
        case Answered.REVOKED:
            return Status.REVOKED, None
        case Answered.DENIED:
            return Status.DENIED, "other" if request.ground is None else rules.REASONS.get(request.ground, "other")


def _waits_for_person(clock: Clock, request: Request) -> bool:
    """By what stands in the request alone."""
    found = identity.missing(request, today=day_of(clock.now()), also=())
    return request.outcome is None and request.ready_at is None and not _OF_THE_PERSON.isdisjoint(found)


_OF_THE_PERSON = frozenset({Missing.IDENTITY, Missing.MANDATE})
"""What the person can show; for the rest the agent waits as the person does."""


def _actor(agent: Agent) -> Actor:
    """Who acts for a subject acts as one."""
    return Actor(id=agent.id, role=Role.SUBJECT)
