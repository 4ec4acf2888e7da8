"""What a person says of a link, and what follows at once. Every step is taken back by another (`states`), each is kept with its
reason, and nothing is lost on the way: what was undone waits for a word again, and nothing is linked by itself meanwhile."""

from itertools import groupby

from rightcall.actors import SYSTEM, Actor
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.discovery.decisions import store
from rightcall.discovery.decisions.model import AlikeOfEveryone, Asked, Decision, Waiting
from rightcall.discovery.decisions.statements import LinkDecided
from rightcall.discovery.decisions.states import STANDING, WAITING, LinkDeed, step
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import Aspect, Link, LinkReason, LinkState, Outcome
from rightcall.discovery.mapping import actions as mapping
from rightcall.discovery.systems import actions as systems
from rightcall.errors import Conflict
from rightcall.holdings import actions as holdings
from rightcall.ids import HoldingId, LinkId, StatementId, SubjectId, new_id
from rightcall.ledger import actions as ledger
from rightcall.subjects import actions as subjects
from rightcall.subjects.knowing import actions as knowing
from rightcall.vault.actions import Vault

MOST_AT_ONCE = 500
EVERYTHING = Asked()
ONES_OWN = frozenset({Aspect.CUSTOMER_ID, Aspect.NATIONAL_ID, Aspect.EMAIL, Aspect.DATE_OF_BIRTH, Aspect.GIVEN_NAME})
"""One of these agrees where records on many people are accepted at once."""


def accept(tx: Transaction, vault: Vault, clock: Clock, link: LinkId, *, reason: LinkReason, by: Actor) -> Link:
    """The record is about the subject, says a person, whatever was said before. What else it could have been about is no question
    any more."""
    found = decide(tx, vault, clock, link, LinkDeed.ACCEPT, reason=reason, by=by)
    if not vault.subject_exists(tx, found.subject):
        raise Conflict("This person was erased. Nothing can be linked to them, so that nothing of theirs comes back.")
    record = linking.record(tx, found.record)
    if record is None:
        raise Conflict("This record is gone from its system. Scan the system again; there is nothing left to decide.")
    store.end_waiting(tx, found.record)
    linking.own(tx, vault, clock, record, found.subject, by=by)
    mapping.map_record(tx, vault, clock, systems.get(tx, found.system), found.record)
    return found


def refuse(tx: Transaction, vault: Vault, clock: Clock, link: LinkId, *, reason: LinkReason, by: Actor) -> Link:
    """The record is not about the subject. It is not proposed again as long as the record says the same."""
    return decide(tx, vault, clock, link, LinkDeed.REFUSE, reason=reason, by=by)


def undo(tx: Transaction, vault: Vault, clock: Clock, link: LinkId, *, reason: LinkReason, by: Actor) -> Link:
    """A link that stands was wrong: what was found leaves the person at once, what it told of them is forgotten, and the record
    waits for a word: on this person, and on whoever else it may be about."""
    found = decide(tx, vault, clock, link, LinkDeed.UNDO, reason=reason, by=by)
    released = store.release_findings(tx, found.record, found.subject)
    holdings.unlink(tx, clock, [HoldingId(each) for each in released], of=found.subject, by=by)
    knowing.unknow(tx, found.subject, found.record)
    store.leave_nobody(tx, found.subject, clock.now())
    linking.ask_whose(tx, vault, clock, found.record, of=found.subject)
    return found


def end(tx: Transaction, vault: Vault, clock: Clock, link: Link, *, ask: bool) -> Link:
    """The record says something else now, so the link is over, by nobody's word: what lies there leaves the person, and what went
    from there stays theirs. Where we `ask`, it waits for a word, on this person too."""
    found = decide(tx, vault, clock, link.id, LinkDeed.END, reason=LinkReason.SAYS_OTHERWISE, by=SYSTEM)
    released = store.release_findings(tx, found.record, found.subject, also_gone=False)
    holdings.unlink(tx, clock, [HoldingId(each) for each in released], of=found.subject, by=SYSTEM)
    if ask:
        linking.ask_whose(tx, vault, clock, found.record, of=found.subject, again=True)
    return found


def reopen(tx: Transaction, vault: Vault, clock: Clock, link: LinkId, *, reason: LinkReason, by: Actor) -> Link:
    """A refusal is taken back: it waits for a word again."""
    found = linking.get(tx, link)
    if store.waits(tx, found.record, found.subject):
        raise Conflict("Whether this record is about this person waits for a word already: `rightcall links list --of SUBJECT`.")
    return decide(tx, vault, clock, link, LinkDeed.REOPEN, reason=reason, by=by)


def accept_alike(tx: Transaction, vault: Vault, clock: Clock, link: LinkId, *, reason: LinkReason, by: Actor) -> list[Link]:
    """All that wait on this person and say the same as this one, at most `MOST_AT_ONCE`; each is a decision of its own. Conflict
    where something differs: that may be another thing in each."""
    if any(each.outcome is Outcome.DIFFERS for each in linking.get(tx, link).compared):
        raise Conflict("Something differs here, and may differ in another way in each record. Look at them one by one.")
    return [accept(tx, vault, clock, each, reason=reason, by=by) for each in _waiting_alike(tx, link)]


def refuse_alike(tx: Transaction, vault: Vault, clock: Clock, link: LinkId, *, reason: LinkReason, by: Actor) -> list[Link]:
    """All that wait on this person and say the same as this one, at most `MOST_AT_ONCE`; each is a decision of its own."""
    return [refuse(tx, vault, clock, each, reason=reason, by=by) for each in _waiting_alike(tx, link)]


def undo_alike(tx: Transaction, vault: Vault, clock: Clock, link: LinkId, *, reason: LinkReason, by: Actor) -> list[Link]:
    """All that stand on this person as this one does, by somebody's word or by none, and say the same, at most `MOST_AT_ONCE`;
    each is a decision of its own."""
    found = linking.get(tx, link)
    if found.state not in STANDING:
        step(LinkDeed.UNDO, found.state)
    return [undo(tx, vault, clock, each, reason=reason, by=by) for each in store.alike(tx, link, MOST_AT_ONCE)]


def accept_of_everyone(
    tx: Transaction, vault: Vault, clock: Clock, link: LinkId, *, most: int, reason: LinkReason, by: Actor
) -> list[Link]:
    """The likeliest `most` of all that wait as this one does and say the same, whoever they are about, each on that person alone
    and each a decision of its own. Conflict where something differs, and where all that agrees may be a household's."""
    _refuse_to_guess(linking.get(tx, link))
    _waits(tx, link)
    return [
        accept(tx, vault, clock, each, reason=reason, by=by)
        for each in store.links_alike_of_everyone(tx, link, min(most, MOST_AT_ONCE))
    ]


def refuse_of_everyone(
    tx: Transaction, vault: Vault, clock: Clock, link: LinkId, *, most: int, reason: LinkReason, by: Actor
) -> list[Link]:
    """The same, refused; also where something differs."""
    _waits(tx, link)
    return [
        refuse(tx, vault, clock, each, reason=reason, by=by)
        for each in store.links_alike_of_everyone(tx, link, min(most, MOST_AT_ONCE))
    ]


def alike_of_everyone(tx: Transaction, link: LinkId, *, accepting: bool) -> AlikeOfEveryone:
    """What would be decided with this one, before it is. Conflict where that would be refused, as `accept_of_everyone` is."""
    if accepting:
        _refuse_to_guess(linking.get(tx, link))
    _waits(tx, link)
    return store.alike_of_everyone(tx, link)


def waiting(tx: Transaction, asked: Asked = EVERYTHING, *, after: SubjectId | None = None, limit: int = 100) -> list[Waiting]:
    """What waits for a word, by person and by sort of doubt, from behind `after`."""
    found = store.waiting(tx, asked, after, limit)
    return [
        Waiting(subject=subject, sorts=tuple(alike for _, alike in each)) for subject, each in groupby(found, lambda row: row[0])
    ]


def count_waiting(tx: Transaction, asked: Asked = EVERYTHING) -> tuple[int, int]:
    """How many records wait for a word, each once, and on how many people: one that a household shares waits on all of them."""
    return store.count_waiting(tx, asked)


def decide(tx: Transaction, vault: Vault, clock: Clock, link: LinkId, deed: LinkDeed, *, reason: LinkReason, by: Actor) -> Link:
    """The link in its next state, with its statement in the ledger. Conflict where it cannot be said of it now, and where its
    record is linked to another."""
    found = linking.get(tx, link)
    decision = Decision(
        statement=StatementId(new_id()), was=found.state, now=step(deed, found.state), reason=reason, by=by, at=clock.now()
    )
    if decision.now is not LinkState.REFUSED and store.standing(tx, found.record) not in (None, link):
        raise Conflict("Its record is linked to another person now. Undo that link first: `rightcall held` says which it is.")
    ledger.append(tx, _said(tx, vault, found, decision), id=decision.statement)
    if not store.decide(tx, link, decision):
        raise Conflict("This link was decided by somebody else just now. Look at it again.")
    return linking.get(tx, link)


history = store.decisions


def _waiting_alike(tx: Transaction, link: LinkId) -> list[LinkId]:
    _waits(tx, link)
    return store.alike(tx, link, MOST_AT_ONCE)


def _waits(tx: Transaction, link: LinkId) -> None:
    found = linking.get(tx, link)
    if found.state not in WAITING:
        raise Conflict(f"This link is {found.state}: it waits for no word any more, nor tells which others are like it.")


def _refuse_to_guess(link: Link) -> None:
    if any(each.outcome is Outcome.DIFFERS for each in link.compared):
        raise Conflict("Something differs here, and may differ in another way in each record. Look at them one by one.")
    if not any(each.outcome is Outcome.AGREES and each.aspect in ONES_OWN for each in link.compared):
        raise Conflict(
            "Nothing that agrees here is a person's own: a household shares all of it, and an office a number. Decide person by"
            " person, with --alike alone."
        )


def _said(tx: Transaction, vault: Vault, link: Link, decision: Decision) -> LinkDecided:
    exists = vault.subject_exists(tx, link.subject)
    return LinkDecided(
        at=decision.at,
        controller=tx.of,
        link=link.id,
        state=decision.now,
        reason=decision.reason,
        subject=subjects.commitment(tx, vault, link.subject, decision.statement) if exists else None,
        actor=decision.by.id,
        role=decision.by.role,
    )
