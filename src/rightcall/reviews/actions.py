"""Writing reviews, signing them, taking them back. Whether one is in force, `standing` says.

A draft binds what it is about: the register's entry, the notices, the rules. Whoever signs signs exactly that. When one of these
is another one, or something is done that the review does not name, it lapses by itself; the worker's round then says so in the
ledger. While a rule is set aside for the purpose that was not when it was written, it waits: an override ends by a day that is
known, and then what was signed is so again.
"""

from datetime import datetime

from rightcall.actors import SYSTEM, Actor, Role
from rightcall.canonical import canonical_json, sha256
from rightcall.clock import Clock, day_of
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, NotAllowed
from rightcall.ids import PurposeId, ReviewId, VerdictId, new_id
from rightcall.ledger import actions as ledger
from rightcall.ledger.model import Digest
from rightcall.policy import actions as policy
from rightcall.policy.in_force import consider
from rightcall.policy.model import Act, Place, PlaceSource, PurposeFacts, Question, RuleSet, Verdict
from rightcall.policy.situations import DesignFacts
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Purpose
from rightcall.purposes.rules import check_lengthening, check_narrowing
from rightcall.reviews import checking, record, standing, store
from rightcall.reviews import rules as deciding
from rightcall.reviews.designing import design_of
from rightcall.reviews.documents import document_of
from rightcall.reviews.model import (
    Bound,
    Capacity,
    Content,
    End,
    Figures,
    History,
    Lengthened,
    Longer,
    NewReview,
    Opening,
    Review,
    Signature,
    WhyNot,
)
from rightcall.reviews.observed import store as observed
from rightcall.reviews.statements import ReviewDrafted, ReviewOpened, ReviewSigned
from rightcall.reviews.weighing import weigh_longer


def draft(tx: Transaction, clock: Clock, rules: RuleSet, new: NewReview, *, by: Actor) -> Review:
    """The next version of the purpose's review, to be signed. Malformed where an answer is none; Conflict where it has ended,
    and where what it changes is no less than now."""
    content, at = checking.checked(new.content), clock.now()
    last = deciding.expiry(day_of(at), new.expires_on)
    purpose = purposes.get(tx, new.purpose)
    if purpose.ended_at is not None:
        raise Conflict("This purpose has ended, and needs no review. Make a new purpose, and review that one.")
    purpose = _changed(purpose, new)
    version = _next_version(tx, purpose.id)
    bound = _bound_now(tx, clock, rules, purpose, content)
    digest = sha256(canonical_json(deciding.document(tx.of, purpose.id, version, content, bound, last, new.change, new.longer)))
    id = ReviewId(new_id())
    said = ReviewDrafted(
        at=at,
        controller=tx.of,
        review=id,
        purpose=purpose.id,
        version=version,
        digest=Digest(digest),
        entry=Digest(bound.entry),
        rules=Digest(bound.rules),
        expires_on=last,
        actor=by.id,
        role=by.role,
    )
    review = Review(
        id=id,
        purpose=purpose.id,
        version=version,
        content=content,
        bound=bound,
        digest=digest,
        author=by,
        drafted_at=at,
        expires_on=last,
        statement=ledger.append(tx, said),
        change=new.change,
        longer=new.longer,
    )
    if not store.insert(tx, review, document_of(content)):
        raise Conflict("Somebody else wrote a review of this purpose in this moment. Read theirs, then draft yours again.")
    return review


def _changed(purpose: Purpose, by: NewReview | Review) -> Purpose:
    """As it is once that is opened. Conflict where that changes nothing, or not what was asked."""
    if by.longer is not None:
        check_lengthening(purpose, by.longer.lengthening)
        return by.longer.lengthening.of(purpose)
    if by.change is not None:
        check_narrowing(purpose, by.change.narrowing)
        return by.change.narrowing.of(purpose)
    return purpose


def _next_version(tx: Transaction, purpose: PurposeId) -> int:
    store.lock(tx, purpose)
    return max((each.version for each in store.of_purpose(tx, purpose)), default=0) + 1


def draft_again(tx: Transaction, clock: Clock, rules: RuleSet, new: NewReview, *, by: Actor) -> tuple[Review, bool]:
    """The newest version where it says exactly this, about what is so now, and is not over; else a new one, and True."""
    purpose, content = purposes.get(tx, new.purpose), checking.checked(new.content)
    bound = _bound_now(tx, clock, rules, purpose, content)
    for newest in store.of_purpose(tx, purpose.id)[:1]:
        same_change = (newest.change, newest.longer) == (new.change, new.longer)
        if (
            same_change
            and newest.content == content
            and new.expires_on in (None, newest.expires_on)
            and deciding.still_binds(newest.bound, bound)
            and newest.expires_on >= day_of(clock.now())
            and store.ending(tx, newest.id) is None
        ):
            return newest, False
    return draft(tx, clock, rules, new, by=by), True


def sign(tx: Transaction, clock: Clock, rules: RuleSet, review: ReviewId, capacity: Capacity, *, by: Actor) -> History:
    """One signature. The last that is needed opens the review. NotAllowed, Conflict say who may sign instead, or what to do."""
    found = record.locked(tx, review)
    at = clock.now()
    _check_signable(tx, clock, rules, found)
    deciding.may_sign(by, capacity, author=found.author, signatures=store.signatures(tx, review))
    said = ReviewSigned(
        at=at,
        controller=tx.of,
        review=review,
        purpose=found.purpose,
        digest=Digest(found.digest),
        capacity=capacity,
        actor=by.id,
        role=by.role,
    )
    store.insert_signature(tx, review, Signature(by=by, capacity=capacity, signed_at=at, statement=ledger.append(tx, said)))
    if store.opening(tx, review) is None and deciding.is_complete(store.signatures(tx, review)):
        _open(tx, clock, rules, found, by)
    return history(tx, review)


def lengthenings(tx: Transaction, purpose: PurposeId | None = None) -> list[Lengthened]:
    """What was signed of longer terms, of this purpose or of all, the first first."""
    return store.lengthenings(tx, purpose)


def withdraw(tx: Transaction, clock: Clock, review: ReviewId, *, by: Actor) -> History:
    """Takes it back, for good: the DPO may, and whoever wrote or signed it. Again is fine."""
    found = record.locked(tx, review)
    its_own = {found.author.id, *(each.by.id for each in store.signatures(tx, review))}
    if by.role is not Role.DPO and by.id not in its_own:
        raise NotAllowed("A review is withdrawn by whoever wrote or signed it, or by the DPO. Ask one of them.")
    ended = store.ending(tx, review)
    if ended is None:
        record.end(tx, found, End.WITHDRAWN, clock.now(), by)
    elif ended.why is not End.WITHDRAWN:
        raise Conflict("This review has lapsed already, and nothing runs on it. There is nothing to withdraw.")
    return history(tx, review)


def send_back(tx: Transaction, clock: Clock, review: ReviewId, words: str, *, by: Actor) -> History:
    """A draft goes back to its author, with a word from somebody who could sign it and does not. It is over; the next version
    begins with what it said. Conflict for one that is opened or over."""
    found, said = record.locked(tx, review), deciding.checked_word(words)
    deciding.may_send_back(by, author=found.author)
    if store.opening(tx, review) is not None or store.ending(tx, review) is not None:
        raise Conflict("This review is not a draft any more. Withdraw it where it counts, or draft the next version.")
    record.end(tx, found, End.SENT_BACK, clock.now(), by, said)
    return history(tx, review)


def sent_back_to(tx: Transaction, author: Actor) -> list[ReviewId]:
    """Drafts of theirs that came back, and of which they have written no other version yet."""
    return store.sent_back(tx, author)


def withdraw_unfounded(tx: Transaction, clock: Clock, review: ReviewId) -> None:
    """What it was to change is not borne out any more. Of a review that was opened nothing changes; again is fine."""
    found = record.locked(tx, review)
    if store.opening(tx, review) is None and store.ending(tx, review) is None:
        record.end(tx, found, End.FIGURES_CHANGED, clock.now(), SYSTEM)


def history(tx: Transaction, review: ReviewId) -> History:
    found = record.get(tx, review)
    return History(
        review=found,
        signatures=tuple(store.signatures(tx, review)),
        opening=store.opening(tx, review),
        ending=store.ending(tx, review),
        observed=tuple(observed.observations(tx, review)),
    )


def of_purpose(tx: Transaction, purpose: PurposeId) -> list[History]:
    """All versions, the newest first."""
    return [history(tx, review.id) for review in store.of_purpose(tx, purposes.get(tx, purpose).id)]


def waiting(tx: Transaction, clock: Clock, rules: RuleSet) -> list[History]:
    """Those that could be signed now: of each purpose the newest, where it is about what is so. The oldest first."""
    found = [history(tx, each) for each in store.unopened(tx, day_of(clock.now()))]
    return [each for each in found if _can_be_signed(tx, clock, rules, each.review)]


def figures(tx: Transaction, purpose: PurposeId) -> Figures:
    return observed.figures(tx, purpose)


def foretold(tx: Transaction, clock: Clock, rules: RuleSet, review: Review) -> tuple[WhyNot, ...]:
    """What would keep the purpose shut were this review signed now; empty where nothing would. Asked off the record."""
    (verdict,) = consider(tx, rules=rules, clock=clock, questions=[_question(tx, clock.now(), review, _design(tx, review))])
    return () if verdict.proceeds and not verdict.overrides else tuple(standing.whys_of(verdict))


def _can_be_signed(tx: Transaction, clock: Clock, rules: RuleSet, review: Review) -> bool:
    try:
        _check_signable(tx, clock, rules, review)
    except Conflict:
        return False
    return True


def _check_signable(tx: Transaction, clock: Clock, rules: RuleSet, review: Review) -> None:
    """Nobody signs what is over, or what is about something that is not so any more."""
    if store.ending(tx, review.id) is not None:
        raise Conflict("This review is over. Draft the next version, and sign that one.")
    if day_of(clock.now()) > review.expires_on:
        raise Conflict("This review has expired. Draft the next version, and sign that one.")
    purpose = purposes.get(tx, review.purpose)
    is_opened = store.opening(tx, review.id) is not None
    purpose = review.as_reviewed(purpose) if is_opened else _changed(purpose, review)
    if purpose.ended_at is not None or not deciding.still_binds(
        review.bound, _bound_now(tx, clock, rules, purpose, review.content)
    ):
        raise Conflict(
            "The purpose, its notices or the rules have changed since this review was written, or a rule was set aside. Draft the"
            " next version on what is so now, and sign that one."
        )


def _open(tx: Transaction, clock: Clock, rules: RuleSet, review: Review, by: Actor) -> None:
    """The law and the house are asked whether the purpose may be used, set up as its review says. A no leaves it shut;
    so does a yes that is one only while a house rule is set aside: what ends tomorrow begins nothing for half a year. Where it
    changes the purpose, it does so with a yes alone."""
    at, design = clock.now(), _design(tx, review)
    question = _question(tx, at, review, design)
    verdict_id, verdict = policy.ask(tx, rules=rules, clock=clock, question=question, by=by)
    if review.longer is not None and _is_yes(verdict):
        verdict_id, verdict = _weighed_again(tx, clock, rules, review, review.longer)
    active = _is_yes(verdict)
    said = ReviewOpened(
        at=at,
        controller=tx.of,
        review=review.id,
        purpose=review.purpose,
        digest=Digest(review.digest),
        expires_on=review.expires_on,
        verdict=verdict_id,
        active=active,
    )
    statement = ledger.append(tx, said)
    opening = Opening(at=at, design=design, verdict=verdict_id, active=active, statement=statement)
    store.insert_opening(tx, review, opening)
    if active and review.change is not None:
        purposes.narrow(tx, clock, review.purpose, review.change.narrowing, review=review.id, by=by)
    if active and review.longer is not None:
        change = review.longer.lengthening
        purposes.lengthen(tx, clock, review.purpose, change, review=review.id, verdict=verdict_id, by=by)


def _is_yes(verdict: Verdict) -> bool:
    return verdict.proceeds and not verdict.overrides


def _weighed_again(tx: Transaction, clock: Clock, rules: RuleSet, review: Review, longer: Longer) -> tuple[VerdictId, Verdict]:
    """Rules may have changed between the wish and the signature. Of whoever asked, who answers for it."""
    purpose, named = purposes.get(tx, review.purpose), longer.law is not None
    days = longer.lengthening.term_days
    return weigh_longer(tx, rules, clock, purpose, term_days=days, law_named=named, by=review.author)


def _design(tx: Transaction, review: Review) -> DesignFacts:
    purpose = review.as_reviewed(purposes.get(tx, review.purpose))
    return design_of(review.content, purpose, purposes.current_notices(tx, purpose.id), controllers.get(tx).name)


def _question(tx: Transaction, at: datetime, review: Review, design: DesignFacts) -> Question:
    """May the purpose be used, set up as its review says?"""
    places = controllers.get(tx).jurisdictions
    return Question(
        act=Act.ACTIVATE,
        at=at,
        jurisdictions=frozenset(places),
        places=frozenset(Place(place=each, by=PlaceSource.CONTROLLER) for each in places),
        purpose=PurposeFacts.of(review.as_reviewed(purposes.get(tx, review.purpose)), at),
        design=design,
    )


def _bound_now(tx: Transaction, clock: Clock, rules: RuleSet, purpose: Purpose, content: Content) -> Bound:
    now, places, acts = policy.in_force(tx, clock, rules), standing.places_of(tx), content.declared.acts
    return Bound(
        entry=deciding.entry_digest(purpose),
        notices=tuple(notice.digest for notice in purposes.current_notices(tx, purpose.id)),
        rules=deciding.rules_digest(now.rules, places, acts),
        asides=deciding.set_aside(purpose.id, now.asides, rules=now.rules, places=places, acts=acts),
    )
