"""Entering a breach, writing down who was told, and closing it by a verdict. It is weighed by the worker, beginning when it is
entered or corrected (`weighing`): nobody waits for that under a clock of 72 hours."""

from rightcall.actors import Actor
from rightcall.breaches import rules, store
from rightcall.breaches.model import Assessment, Breach, Circumstances, NewBreach, Window, Word
from rightcall.breaches.statements import BreachClosed, BreachCorrected, BreachEntered, BreachTold
from rightcall.breaches.weighing import actions as weighing
from rightcall.breaches.weighing.assessing import Tell, assess, tells_nobody
from rightcall.clock import Clock
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.discovery.systems import actions as systems
from rightcall.errors import NotFound
from rightcall.ids import BreachId, StatementId, VerdictId, new_id
from rightcall.ledger.actions import append
from rightcall.policy import actions as policy
from rightcall.policy.model import Act, Place, PlaceSource, Question, RuleSet, Verdict
from rightcall.policy.situations import BreachFacts
from rightcall.vault.actions import Vault


def enter(tx: Transaction, clock: Clock, new: NewBreach, *, by: Actor) -> Breach:
    """The 72 hours count from `known_at`, and it is being weighed from now on. NotFound where there is no such system."""
    valid, at = rules.checked(new, clock.now()), clock.now()
    if valid.window.system is not None:
        systems.get(tx, valid.window.system)
    breach = Breach(
        id=BreachId(new_id()),
        window=valid.window,
        circumstances=valid.circumstances,
        known_at=valid.known_at,
        entered_by=by,
        entered_at=at,
        authority_told_at=None,
        people_told_at=None,
        closed_at=None,
        verdict=None,
        statement=StatementId(new_id()),
    )
    said = BreachEntered(
        at=at,
        controller=tx.of,
        breach=breach.id,
        system=valid.window.system,
        began_at=valid.window.began_at,
        until=valid.window.until,
        known_at=valid.known_at,
        actor=by.id,
        role=by.role,
    )
    append(tx, said, id=breach.statement)
    store.insert(tx, breach)
    return breach


def correct(tx: Transaction, clock: Clock, breach: BreachId, circumstances: Circumstances, *, by: Actor) -> Breach:
    """More is known of what happened. What was counted last is judged by that at once, and it is being weighed anew. What was
    known before stays in the ledger."""
    found, at = held(tx, breach), clock.now()
    rules.check_open(found)
    rules.checked(NewBreach(window=found.window, circumstances=circumstances, known_at=found.known_at), at)
    store.change(tx, breach, circumstances)
    said = BreachCorrected(
        at=at,
        controller=tx.of,
        breach=breach,
        nature=tuple(sorted(circumstances.nature)),
        reach=circumstances.reach,
        malicious=circumstances.malicious,
        unintelligible=circumstances.unintelligible,
        actor=by.id,
        role=by.role,
    )
    append(tx, said)
    weighing.after_correcting(tx, breach, circumstances, at)
    return get(tx, breach)


def rehearse(
    tx: Transaction,
    vault: Vault,
    clock: Clock,
    window: Window,
    circumstances: Circumstances,
    tell: Tell = tells_nobody,
) -> Assessment:
    """What a leak of this would mean, weighed now, by whoever waits for it in a process of their own; else `rehearsing`.
    Malformed where none can have been then."""
    rules.check_window(window, clock.now())
    return assess(tx, vault, clock, window, circumstances, tell=tell)


def ask_weighing(tx: Transaction, clock: Clock, breach: BreachId, *, by: Actor) -> Breach:
    """It is weighed anew by the data map, as soon as the worker can."""
    weighing.ask(tx, clock, held(tx, breach), by=by)
    return get(tx, breach)


def told(tx: Transaction, clock: Clock, breach: BreachId, word: Word, *, by: Actor) -> Breach:
    """Somebody was told. Rightcall sends nothing itself. Again without a moment keeps what was said; with one it puts that right,
    and what was said before stays in the ledger."""
    found, now = held(tx, breach), clock.now()
    rules.check_open(found)
    known = found.people_told_at if word.people else found.authority_told_at
    if known is not None and word.at in (None, known) and word.late_because in (None, found.late_because):
        return found
    at = rules.told_at(found, word, now)
    store.told(tx, breach, people=word.people, at=at, late_because=word.late_because)
    said = BreachTold(
        at=now,
        controller=tx.of,
        breach=breach,
        people=word.people,
        told_at=at,
        late_because=word.late_because,
        actor=by.id,
        role=by.role,
    )
    append(tx, said)
    return get(tx, breach)


def close(
    tx: Transaction, clock: Clock, house_rules: RuleSet, breach: BreachId, *, by: Actor
) -> tuple[Breach, VerdictId, Verdict]:
    """Dealt with, where the verdict on that is yes; else it stays open, and the verdict says what is missing. By what it came to
    when it was last weighed: Conflict where that is not what is known by now."""
    found, at = held(tx, breach), clock.now()
    rules.check_open(found)
    assessed = weighing.to_close_by(tx, clock, found)
    own = controllers.get(tx).jurisdictions
    places = {Place(place=each, by=PlaceSource.CONTROLLER) for each in own}
    places |= {Place(place=each, by=PlaceSource.NUMBER) for each in assessed.laws if each not in own}
    question = Question(
        act=Act.CLOSE_BREACH,
        at=at,
        jurisdictions=frozenset(each.place for each in places),
        places=frozenset(places),
        actor=by,
        breach=BreachFacts(
            hours_known=rules.hours_known(found.known_at, at),
            risk=assessed.risk,
            high_risk=assessed.high_risk,
            authority_told=found.authority_told_at is not None,
            people_told=found.people_told_at is not None,
        ),
    )
    id, verdict = policy.ask(tx, rules=house_rules, clock=clock, question=question, by=by)
    if verdict.proceeds:
        store.close(tx, breach, id, at)
        append(tx, BreachClosed(at=at, controller=tx.of, breach=breach, verdict=id, actor=by.id, role=by.role))
    return get(tx, breach), id, verdict


def get(tx: Transaction, breach: BreachId) -> Breach:
    return _one(store.breaches(tx, breach))


def held(tx: Transaction, breach: BreachId) -> Breach:
    """Nobody else changes it in this transaction."""
    return _one(store.held(tx, breach))


def _one(found: list[Breach]) -> Breach:
    if not found:
        raise NotFound("There is no such breach here. List the breaches to find its id.")
    return found[0]


def breaches(tx: Transaction) -> list[Breach]:
    """Newest first."""
    return store.breaches(tx)
