"""Proposing that two subjects are one person, and what a person says to it. Joining moves nothing and is undone exactly
(`subjects.joining`); nothing is ever joined without a word."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from rightcall.actors import Actor, PartyRole
from rightcall.calls import actions as calls
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.discovery.decisions import actions as decisions
from rightcall.discovery.joins import doubt, store
from rightcall.discovery.joins.callers import caller_names, callers_among
from rightcall.discovery.joins.model import JoinProposal, NewProposal, ProposalState
from rightcall.discovery.joins.rules import pattern
from rightcall.discovery.joins.statements import JoinRefused, JoinsProposed
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import Blinds, Link, LinkReason, Weighed
from rightcall.discovery.linking.rules import of_many, without
from rightcall.errors import Conflict, NotFound
from rightcall.ids import CallId, JoinProposalId, LinkId, StatementId, SubjectId, new_id
from rightcall.ledger import actions as ledger
from rightcall.subjects import actions as subjects
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.knowing import actions as knowing
from rightcall.subjects.model import Join, JoinReason
from rightcall.vault.actions import Vault

PAGE = 500


def first_link_of(at: datetime) -> LinkId:
    """Every link that was made then or later has a higher id."""
    return LinkId(UUID(int=int(at.timestamp() * 1000) << 80))


def propose_next(tx: Transaction, vault: Vault, clock: Clock, *, after: LinkId | None = None, limit: int = PAGE) -> LinkId | None:
    """The next page of links that stand: whoever they are about is compared with all who may be the same person, once, with the
    last of their links. The last link of the page, for the next call; None at the end."""
    links = store.linked_since(tx, after, limit)
    if not links:
        return None
    last, found = links[-1][0], {subject for _, subject in links}
    propose(tx, vault, clock, found - store.linked_later(tx, list(found), last))
    return last if len(links) == limit else None


def propose(tx: Transaction, vault: Vault, clock: Clock, of: Iterable[SubjectId]) -> int:
    """Of these people, who may be somebody else as well. How many proposals are new."""
    found = _pairs(tx, vault, of)
    if not found:
        return 0
    whole = linking.known_by(tx, list({subject for pair in found for subject in pair}))
    new = [_proposal(clock, older, newer, weighed, whole) for (older, newer), weighed in found.items()]
    count = store.insert(tx, new)
    if count:
        ledger.append(tx, JoinsProposed(at=clock.now(), controller=tx.of, count=count))
        doubt.settle(tx, clock, {subject for pair in found for subject in pair})
    return count


def propose_of_call(tx: Transaction, vault: Vault, clock: Clock, call: CallId) -> int:
    """The same of everybody who was in the call, but for those who work here."""
    there = [party.subject for party in calls.parties(tx, call) if party.role is not PartyRole.AGENT]
    return propose(tx, vault, clock, there)


def accept_link(tx: Transaction, vault: Vault, clock: Clock, link: LinkId, *, reason: LinkReason, by: Actor) -> Link:
    """See `decisions.accept`. What the record tells may show that its person is somebody else as well."""
    found = decisions.accept(tx, vault, clock, link, reason=reason, by=by)
    propose(tx, vault, clock, [found.subject])
    return found


def accept_links_alike(tx: Transaction, vault: Vault, clock: Clock, link: LinkId, *, reason: LinkReason, by: Actor) -> list[Link]:
    """See `decisions.accept_alike`. What the records tell may show that their person is somebody else as well."""
    found = decisions.accept_alike(tx, vault, clock, link, reason=reason, by=by)
    propose(tx, vault, clock, [each.subject for each in found[:1]])
    return found


def accept_links_of_everyone(
    tx: Transaction, vault: Vault, clock: Clock, link: LinkId, *, most: int, reason: LinkReason, by: Actor
) -> list[Link]:
    """See `decisions.accept_of_everyone`. What the records tell may show that their people are somebody else as well."""
    found = decisions.accept_of_everyone(tx, vault, clock, link, most=most, reason=reason, by=by)
    propose(tx, vault, clock, [each.subject for each in found])
    return found


def get(tx: Transaction, proposal: JoinProposalId) -> JoinProposal:
    found = store.proposal(tx, proposal)
    if found is None:
        raise NotFound("There is no such proposal here. List the proposals to see their ids.")
    return found


def accept(
    tx: Transaction, vault: Vault, clock: Clock, proposal: JoinProposalId, *, reason: JoinReason, by: Actor
) -> JoinProposal:
    """They are one person, and the older subject stands for it. Conflict where it does not wait any more, or they cannot be
    joined."""
    found = _waiting(tx, proposal)
    join = joining.join(tx, vault, clock, found.other, into=found.subject, reason=reason, by=by)
    store.decide(tx, proposal, ProposalState.ACCEPTED, by=by, at=clock.now(), reason=reason, join=join.id)
    _look_again(tx, vault, clock, found.subject)
    return get(tx, proposal)


def join(
    tx: Transaction, vault: Vault, clock: Clock, subject: SubjectId, *, into: SubjectId, reason: JoinReason, by: Actor
) -> Join:
    """See `joining.join`: nothing needs to have been proposed. What waited on them is looked at again."""
    made = joining.join(tx, vault, clock, subject, into=into, reason=reason, by=by)
    _look_again(tx, vault, clock, made.into)
    return made


def undo(tx: Transaction, clock: Clock, join: StatementId, *, by: Actor) -> Join:
    """See `joining.undo`. What somebody wants who may be one of the two counts for that one alone."""
    undone = joining.undo(tx, clock, join, by=by)
    doubt.settle(tx, clock, [undone.subject, undone.into])
    return undone


def refuse(
    tx: Transaction, vault: Vault, clock: Clock, proposal: JoinProposalId, *, reason: LinkReason, by: Actor
) -> JoinProposal:
    """They are two people. It is not proposed again as long as both say the same."""
    found = _waiting(tx, proposal)
    at, id = clock.now(), StatementId(new_id())
    said = JoinRefused(
        at=at,
        controller=tx.of,
        proposal=proposal,
        reason=reason,
        subject=subjects.commitment(tx, vault, found.subject, id),
        other=subjects.commitment(tx, vault, found.other, id),
        actor=by.id,
        role=by.role,
    )
    ledger.append(tx, said, id=id)
    store.decide(tx, proposal, ProposalState.REFUSED, by=by, at=at, reason=reason)
    doubt.settle(tx, clock, [found.subject, found.other])
    return get(tx, proposal)


def forget(tx: Transaction, clock: Clock, subject: SubjectId) -> None:
    """The subject is erased: nothing waits for a word on them."""
    others = {each for pair in store.waiting_pairs(tx, [subject]) for each in pair} - {subject}
    store.forget_subject(tx, subject)
    doubt.settle(tx, clock, others)


def count_doubtful(tx: Transaction, person: Sequence[SubjectId]) -> int:
    """Records that may be about this person, and of which nobody has said so: those in doubt, and those of people who may be the
    same person. One of whom no record tells counts as one."""
    return linking.count_waiting(tx, person) + count_of_same(tx, person)


def count_of_same(tx: Transaction, person: Sequence[SubjectId]) -> int:
    """The second of these."""
    among = set(person)
    others = {each.other if each.subject in among else each.subject for each in store.waiting_on(tx, person)}
    return sum(max(linking.count_records(tx, joining.person(tx, each)), 1) for each in others)


page = store.proposals
count_kept_out = store.count_kept_out
count_waiting = store.count_waiting


def _waiting(tx: Transaction, proposal: JoinProposalId) -> JoinProposal:
    found = get(tx, proposal)
    if found.state is not ProposalState.WAITING:
        raise Conflict(f"This proposal was {found.state} already. Look at it again.")
    return found


def _pairs(tx: Transaction, vault: Vault, of: Iterable[SubjectId]) -> dict[tuple[SubjectId, SubjectId], Weighed]:
    """Each pair of people who may be one, and can be joined."""
    wanted = list(dict.fromkeys(joining.stand_for(tx, list(dict.fromkeys(of))).values()))
    clues = linking.known_by(tx, wanted)
    if not clues:
        return {}
    called = caller_names(tx, vault, wanted)
    known = linking.known_for(tx, [*clues.values(), *called.values()])
    apart, frequencies = joining.told_apart(tx, wanted), known.frequencies()
    own = {subject: without(told, of_many(told, known.shared_by)) for subject, told in clues.items()}
    others = {
        subject: known.candidates(told, refused={subject, *apart.get(subject, ())}) for subject, told in own.items() if told
    }
    callers = callers_among(tx, vault, {*own, *(each for found in others.values() for each in found)}, called)
    found = {
        _pair(subject, weighed.subject): weighed
        for subject, among in others.items()
        for weighed in callers.may_be(subject, own[subject], among, frequencies)
    }
    ready = knowing.joinable(tx, list({subject for pair in found for subject in pair}))
    return {pair: weighed for pair, weighed in found.items() if ready.issuperset(pair)}


def _look_again(tx: Transaction, vault: Vault, clock: Clock, subject: SubjectId) -> None:
    """What else waited on whoever is one person now: what was likely of one of them may be out of the question of both."""
    left = _pairs(tx, vault, [subject])
    over = [each for each in store.waiting_on(tx, joining.person(tx, subject)) if (each.subject, each.other) not in left]
    store.delete(tx, [each.id for each in over])
    propose(tx, vault, clock, [subject])
    doubt.settle(tx, clock, {subject, *(end for each in over for end in (each.subject, each.other))})


def _pair(one: SubjectId, other: SubjectId) -> tuple[SubjectId, SubjectId]:
    """The older first, so that a pair is one pair whichever of them is looked at."""
    return (one, other) if one < other else (other, one)


def _proposal(
    clock: Clock, older: SubjectId, newer: SubjectId, weighed: Weighed, clues: Mapping[SubjectId, Blinds]
) -> NewProposal:
    said = hashlib.sha256()
    for each in (older, newer):
        said.update(hashlib.sha256(b"".join(pattern(clues[each]))).digest())
    proposal = JoinProposal(
        id=JoinProposalId(new_id()),
        subject=older,
        other=newer,
        state=ProposalState.WAITING,
        score=weighed.score,
        compared=weighed.compared,
        proposed_at=clock.now(),
    )
    return NewProposal(proposal=proposal, said=said.digest())
