"""Looking at what each purpose really reads, proposing what follows, and what people answer.

A look writes down figures and proposals, and changes nothing else. Accepting a proposal writes the next version of the purpose's
review, about the purpose as it would be; once people in two roles have signed it, the purpose is narrower (`reviews`). What is
held already ends as soon (`retention.shortening`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from rightcall.actors import Actor
from rightcall.canonical import canonical_json, sha256
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, Malformed, NotFound
from rightcall.ethics.minimisation import counting, store
from rightcall.ethics.minimisation import rules as deciding
from rightcall.ethics.minimisation.documents import document_of, figures_of
from rightcall.ethics.minimisation.model import (
    Counted,
    Figures,
    Kept,
    NewProposal,
    Proposal,
    Rejection,
    State,
    Term,
    UnusedAccess,
    UsesAtAge,
)
from rightcall.ethics.minimisation.proposed import store as proposed
from rightcall.ethics.minimisation.statements import (
    LessProposed,
    ProposalAccepted,
    ProposalLapsed,
    ProposalRejected,
    UsesLookAsked,
)
from rightcall.holdings.uses.model import PLACE_FIELD, Ground
from rightcall.ids import ProposalId, PurposeId, StatementId, SystemId, new_id
from rightcall.ledger import actions as ledger
from rightcall.ledger.model import Digest
from rightcall.policy.model import RuleSet
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Narrowing, Purpose
from rightcall.reviews import actions as reviews
from rightcall.reviews.model import Change, NewReview, Review

_OWN = ("name", "tel", "email", "sip", "customer_id", PLACE_FIELD.text)
"""What a person is known by, and where things about them lie: read without a holding, and no field of any system."""
LONGEST_REASON = 2000


def figures_now(tx: Transaction, clock: Clock, purpose: Purpose, *, unread_days: int) -> Figures:
    """Counted from the map and the log as they are. Changes nothing."""
    at = clock.now()
    unread = at - timedelta(days=unread_days)
    since = min(unread, at - timedelta(days=purpose.term_days))
    told, before = store.telling(tx), _counted(tx, purpose.id, counting.FIRST, since)
    lately = _counted(tx, purpose.id, unread, at)
    recent = [*_counted(tx, purpose.id, since, unread), *lately]
    unheld = [each for each in lately if each.unheld and not each.refused]
    kept = _kept(tx, purpose.id, told, sorted({field for each in unheld for field in each.fields}), unread)
    known = {*_OWN, *(each.field for each in kept if each.field is not None)}
    return Figures(
        purpose=purpose.id,
        since=since,
        until=at,
        unread_days=unread_days,
        uses={ground: sum(each.uses for each in recent if each.ground is ground and not each.refused) for ground in Ground},
        refused=sum(each.uses for each in recent if each.refused),
        unplaced=sum(each.uses for each in unheld if not each.fields or not known.issuperset(each.fields)),
        fields=tuple(counting.fields(recent)),
        kept=tuple(kept),
        never=tuple(sorted(purpose.may_use - {each.role for each in recent if not each.refused})),
        term=_term(tx, purpose, told, counting.ages([*before, *recent]), at),
    )


def _term(tx: Transaction, purpose: Purpose, told: Mapping[SystemId, datetime], ages: Sequence[UsesAtAge], at: datetime) -> Term:
    cohorts = counting.cohorts(
        store.cohorts(tx, purpose.id, told, after=begins, until=ends, term_days=purpose.term_days, at=at)
        for begins, ends in counting.slices(partial(store.end_of_holdings, tx), counting.LOWEST, counting.HIGHEST)
    )
    least = store.least_days(tx, purpose.id)
    latest_case = max((each.age_days for each in ages if each.cases), default=None)
    return deciding.term_of(purpose, cohorts, ages, least_days=least, latest_case=latest_case)


def _counted(tx: Transaction, purpose: PurposeId, since: datetime, until: datetime) -> list[Counted]:
    parts = counting.slices(partial(store.end_of_uses, tx, purpose), since, until)
    return [each for begins, ends in parts for each in store.uses(tx, purpose, since=begins, until=ends)]


def _kept(
    tx: Transaction, purpose: PurposeId, told: Mapping[SystemId, datetime], named: Sequence[str], unread: datetime
) -> list[Kept]:
    return counting.kept(
        store.kept(tx, purpose, told, named, after=begins, until=ends, unread_since=unread)
        for begins, ends in counting.slices(partial(store.end_of_holdings, tx), counting.LOWEST, counting.HIGHEST)
    )


def look(tx: Transaction, clock: Clock, purpose: PurposeId, *, unread_days: int) -> Figures | None:
    """Figures of today, written down; what follows is proposed once, and what does not follow any more lapses. None where the
    purpose has ended: then its proposals lapse."""
    found = purposes.get(tx, purpose)
    if found.ended_at is not None:
        _lapse_all(tx, clock, found, ())
        return None
    figures = figures_now(tx, clock, found, unread_days=unread_days)
    proposed.insert_figures(tx, purpose, document_of(figures), clock.now())
    follows = deciding.proposals(found, figures)
    _lapse_all(tx, clock, found, follows)
    for what in follows:
        if not _is_answered(tx, what):
            _propose(tx, clock, what, figures)
    return figures


def last_looked_at(tx: Transaction) -> datetime | None:
    """None before the first look."""
    return proposed.last_look(tx)


def ask_look(tx: Transaction, clock: Clock, *, by: Actor) -> StatementId:
    """The worker looks as soon as it can."""
    return ledger.append(tx, UsesLookAsked(at=clock.now(), controller=tx.of, actor=by.id, role=by.role))


def figures(tx: Transaction) -> list[Figures]:
    """What the last look found, purpose by purpose."""
    return [figures_of(each) for each in proposed.figures(tx).values()]


def figures_of_proposal(tx: Transaction, proposal: ProposalId) -> Figures:
    """Those that it was made on, and that a signature stands under."""
    get(tx, proposal)
    return figures_of(proposed.figures_of_proposal(tx, proposal))


def unused_access(tx: Transaction, clock: Clock, *, unread_days: int) -> list[UnusedAccess]:
    """By role: tokens that may read, and that did not for so many days."""
    at = clock.now()
    roles = sorted({role for purpose in purposes.active(tx) for role in purpose.may_use})
    return store.unused_access(tx, roles, since=at - timedelta(days=unread_days), at=at)


def unused_access_to(
    tx: Transaction, clock: Clock, system: SystemId, serving: Sequence[PurposeId], *, unread_days: int
) -> list[UnusedAccess] | None:
    """The same of what lies in a system for these purposes. None where the system does not say what is read of it: then nobody
    can tell."""
    at = clock.now()
    since = at - timedelta(days=unread_days)
    told_since = store.telling(tx).get(system)
    if told_since is None or told_since > since:
        return None
    roles = sorted({role for purpose in purposes.active(tx) if purpose.id in serving for role in purpose.may_use})
    return store.unused_access(tx, roles, since=since, at=at, system=system)


def proposals(tx: Transaction) -> list[Proposal]:
    """All there ever were, the newest first."""
    return proposed.proposals(tx)


def get(tx: Transaction, proposal: ProposalId) -> Proposal:
    found = proposed.proposals(tx, proposal)
    if not found:
        raise NotFound("There is no such proposal. List the proposals to see their ids.")
    return found[0]


def accept(tx: Transaction, clock: Clock, rules: RuleSet, proposal: ProposalId, *, by: Actor) -> tuple[Proposal, Review]:
    """The next version of the purpose's review, with the words of the newest, about the purpose as it would be: to be signed by
    people in two roles, who are not the one who accepts. Conflict where it is no time for it, and where there is no review
    yet."""
    found = _locked_open(tx, proposal)
    histories = reviews.of_purpose(tx, found.what.purpose)
    if not histories:
        raise Conflict("This purpose was never reviewed. Review it first; a proposal becomes the next version of its review.")
    narrowing = Narrowing(
        term_days=found.what.term_days,
        dropped=frozenset() if found.what.category is None else frozenset({found.what.category}),
    )
    change = Change(narrowing=narrowing, proposal=proposal, figures=found.figures)
    new = NewReview(purpose=found.what.purpose, content=histories[0].review.content, change=change)
    review = reviews.draft(tx, clock, rules, new, by=by)
    proposed.answer(tx, proposal, by=by, at=clock.now(), review=review.id)
    said = ProposalAccepted(
        at=clock.now(),
        controller=tx.of,
        proposal=proposal,
        purpose=found.what.purpose,
        review=review.id,
        figures=Digest(found.figures),
        actor=by.id,
        role=by.role,
    )
    ledger.append(tx, said)
    return get(tx, proposal), review


def reject(tx: Transaction, clock: Clock, proposal: ProposalId, why: Rejection, reason: str, *, by: Actor) -> Proposal:
    """It is not followed, for a reason that is kept with it. The same is not proposed again for this term."""
    found, words = _locked_open(tx, proposal), reason.strip()
    if not 10 <= len(words) <= LONGEST_REASON:
        raise Malformed(f"Say why this is not followed, in 10 to {LONGEST_REASON} characters: it is kept with the proposal.")
    proposed.answer(tx, proposal, by=by, at=clock.now(), rejection=why, reason=words)
    said = ProposalRejected(
        at=clock.now(),
        controller=tx.of,
        proposal=proposal,
        purpose=found.what.purpose,
        why=why,
        actor=by.id,
        role=by.role,
    )
    ledger.append(tx, said)
    return get(tx, proposal)


def _propose(tx: Transaction, clock: Clock, what: NewProposal, figures: Figures) -> None:
    document, id, at = document_of(figures), ProposalId(new_id()), clock.now()
    digest = sha256(canonical_json(document))
    said = LessProposed(
        at=at,
        controller=tx.of,
        proposal=id,
        purpose=what.purpose,
        kind_of_proposal=what.kind,
        term_days=what.term_days,
        was_days=what.was_days,
        holdings=what.holdings,
        uses=what.uses,
        late=what.late,
        figures=Digest(digest),
    )
    statement = ledger.append(tx, said)
    proposed.insert_proposal(tx, id, what, figures=digest, document=document, at=at, statement=statement)


def _is_answered(tx: Transaction, what: NewProposal) -> bool:
    """Whether the same is proposed already, or was rejected."""
    return any(
        each.state is not State.LAPSED
        and each.state is not State.ADOPTED
        and each.what.purpose == what.purpose
        and deciding.still_follows(each.what, [what])
        for each in proposed.proposals(tx)
    )


def _lapse_all(tx: Transaction, clock: Clock, purpose: Purpose, follows: tuple[()] | list[NewProposal]) -> None:
    for each in proposed.proposals(tx):
        if each.what.purpose != purpose.id or each.state not in (State.OPEN, State.IN_REVIEW):
            continue
        if deciding.still_follows(each.what, follows):
            continue
        if each.review is not None:
            reviews.withdraw_unfounded(tx, clock, each.review)
        proposed.lapse(tx, each.id, clock.now())
        ledger.append(tx, ProposalLapsed(at=clock.now(), controller=tx.of, proposal=each.id, purpose=purpose.id))


def _locked_open(tx: Transaction, proposal: ProposalId) -> Proposal:
    if not proposed.lock(tx, proposal):
        raise NotFound("There is no such proposal. List the proposals to see their ids.")
    found = get(tx, proposal)
    if found.state is not State.OPEN:
        raise Conflict(f"This proposal is {found.state.value.replace('_', ' ')} already. Look at those that are open.")
    return found
