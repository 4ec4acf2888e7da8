"""Weighing a yes, when it is given and whenever something becomes known later; and what follows from a void one.

Every weighing is a row and a statement of its own. A void yes puts its grant into quarantine in the same transaction, so that
what was kept on it, and what was made from that, opens for nobody. Nothing brings it out by itself: the DPO releases it once no
yes on it is void any more, or lets go of it. Whoever weighs holds the party's row, as whoever chooses does; where a call is going
on, take the session's lock before (`recordings.touch`).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from rightcall.actors import SYSTEM, Actor
from rightcall.calls import actions as calls
from rightcall.calls.model import Party
from rightcall.clock import Clock
from rightcall.consent import store as consent
from rightcall.consent.model import Answer, Choice, Quality
from rightcall.consent.quality import rules, store
from rightcall.consent.quality.judging import judge_misread
from rightcall.consent.quality.marks import store as marks
from rightcall.consent.quality.model import (
    AsideReason,
    Cause,
    Listed,
    Mark,
    MarkId,
    PurposeFinding,
    ReleaseReason,
    Tally,
    Weighed,
    Weighing,
    WordOf,
)
from rightcall.consent.quality.reading import facts_of, yeses_with
from rightcall.consent.quality.statements import (
    ChoiceWeighed,
    GrantLetGo,
    GrantReleased,
    GrantWithheld,
    MarkSetAside,
    PressureNoted,
    PurposeTold,
    WeighingAsked,
)
from rightcall.consent.statements import GrantDestroyed
from rightcall.database.connection import Transaction
from rightcall.errors import Breach, Conflict, NotAllowed, NotFound
from rightcall.ids import CallId, ChoiceId, GrantId, NoticeId, PartyId, PurposeId, StatementId, new_id
from rightcall.ledger import actions as ledger
from rightcall.purposes import actions as purposes
from rightcall.vault.actions import Vault
from rightcall.vault.model import WithheldWhy
from rightcall.vault.quarantine import actions as quarantine


def weigh_new(tx: Transaction, vault: Vault, clock: Clock, choice: Choice) -> Weighing | None:
    """As it is given; and those that came with it, since each tells something of the other. None for a no: it counts as it was
    said."""
    if choice.answer is not Answer.GRANTED:
        return None
    for each in yeses_with(tx, choice):
        _weigh(tx, vault, clock, _choice(tx, each), cause=Cause.BESIDE, by=SYSTEM)
    return _weigh(tx, vault, clock, choice, cause=Cause.CHOSEN, by=SYSTEM)


def reweigh(tx: Transaction, vault: Vault, clock: Clock, choice: ChoiceId, *, cause: Cause, by: Actor) -> Weighing:
    """By what is known now. Where that changes nothing, nothing is written. Conflict for a no."""
    found = _choice(tx, choice)
    if found.answer is not Answer.GRANTED:
        raise Conflict("A no is never weighed: it counts as it was said.")
    calls.locked_party(tx, found.party)
    return _weigh(tx, vault, clock, found, cause=cause, by=by)


def note_pressure(
    tx: Transaction, vault: Vault, clock: Clock, choice: ChoiceId, *, word_of: WordOf, by: Actor
) -> tuple[Mark, Weighing]:
    """This yes was pressed for, as somebody says. It counts at once, whoever says it; the DPO may set it aside. Conflict for
    a no."""
    found = _choice(tx, choice)
    if found.answer is not Answer.GRANTED:
        raise Conflict("Pressure is noted on a yes. This was a no, and it counts as it was said.")
    calls.locked_party(tx, found.party)
    made = _mark(tx, clock, found, word_of, by)
    return made, _weigh(tx, vault, clock, found, cause=Cause.MARKED, by=by)


def reweigh_party(tx: Transaction, vault: Vault, clock: Clock, party: PartyId, *, by: Actor) -> None:
    """What is said of a party (a child, in distress) counts for all that it said yes to in this call."""
    calls.locked_party(tx, party)
    for each in store.yeses_of_party(tx, party):
        _weigh(tx, vault, clock, _choice(tx, each), cause=Cause.MARKED, by=by)


def set_aside(
    tx: Transaction, vault: Vault, clock: Clock, mark: MarkId, *, choice: ChoiceId, reason: AsideReason, by: Actor
) -> Mark:
    """It counts no more; that it was made stays. What it put into quarantine stays there until the DPO releases it. NotAllowed to
    whoever asked for the yes, or took it."""
    found = _marked(tx, mark)
    if found.choice != choice:
        raise NotFound("This choice has no such mark. Look at its weighings to see the marks made.")
    _judged_by_another(tx, _choice(tx, choice), by)
    calls.locked_party(tx, found.party)
    at, statement = clock.now(), StatementId(new_id())
    if not marks.insert_set_aside(tx, mark, reason, by, at, statement):
        raise Conflict("This mark was set aside before.")
    said = MarkSetAside(
        at=at, controller=tx.of, mark=mark, call=found.call, choice=found.choice, reason=reason, actor=by.id, role=by.role
    )
    ledger.append(tx, said, id=statement)
    _weigh(tx, vault, clock, _choice(tx, found.choice), cause=Cause.MARKED, by=by)
    return _marked(tx, mark)


def tell(tx: Transaction, clock: Clock, purpose: PurposeId, found: PurposeFinding, *, by: Actor) -> bool:
    """Something was found out about a purpose elsewhere. A procedure weighs every yes to it anew. False where it was known."""
    purposes.get(tx, purpose)
    store.lock_findings(tx, purpose)
    if store.purpose_finding(tx, purpose) == found:
        return False
    at, steps = clock.now(), found.steps
    said = PurposeTold(
        at=at,
        controller=tx.of,
        purpose=purpose,
        detriment_found=found.detriment_found,
        steps_yes=None if steps is None else steps.yes,
        steps_no=None if steps is None else steps.no,
        actor=by.id,
        role=by.role,
    )
    store.insert_purpose_finding(tx, purpose, found, by=by, at=at, statement=ledger.append(tx, said))
    return True


def ask_weighing(tx: Transaction, clock: Clock, purpose: PurposeId, *, by: Actor) -> StatementId:
    """Every yes to a purpose is to be weighed anew: after a better checker of words came, say. A procedure does it."""
    purposes.get(tx, purpose)
    return ledger.append(tx, WeighingAsked(at=clock.now(), controller=tx.of, purpose=purpose, actor=by.id, role=by.role))


def release(tx: Transaction, vault: Vault, clock: Clock, choice: ChoiceId, *, reason: ReleaseReason, by: Actor) -> Choice:
    """What was kept on this yes may be used again. Conflict while a yes on the same grant is void, or nothing is withheld. For
    `wording_was_misread` the DPO's word stands against the reader of words, and against nothing else. NotAllowed to whoever asked
    for the yes, or took it."""
    found, grant = _granted(tx, choice)
    _judged_by_another(tx, found, by)
    void = [each for each in store.on_grant(tx, grant) if each.weighed.quality is Quality.VOID]
    if void and reason is not ReleaseReason.WORDING_WAS_MISREAD:
        raise Conflict("A yes that this needs is still void. Weigh it anew first; while it is void, it can only be let go.")
    for each in void:
        yes = _choice(tx, each.choice)
        judge_misread(tx, clock, yes, before=store.of_choice(tx, yes.id), by=by)
        _weigh(tx, vault, clock, yes, cause=Cause.JUDGED, by=by)
    vault.release(tx, grant)
    said = GrantReleased(
        at=clock.now(),
        controller=tx.of,
        grant=grant,
        call=found.call,
        party=found.party,
        purpose=found.purpose,
        choice=found.id,
        reason=reason,
        actor=by.id,
        role=by.role,
    )
    ledger.append(tx, said)
    return found


def let_go(tx: Transaction, vault: Vault, clock: Clock, choice: ChoiceId, *, by: Actor) -> Choice:
    """Its grant key is destroyed, as a withdrawal would; the bytes follow as a procedure. Conflict where nothing is withheld."""
    found, grant = _granted(tx, choice)
    if grant not in quarantine.withheld(tx, [grant]):
        raise Conflict("What was kept on this yes is not in quarantine. Only what is withheld can be let go here.")
    vault.destroy_grant(tx, grant)
    at = clock.now()
    gone = GrantDestroyed(
        at=at,
        controller=tx.of,
        grant=grant,
        call=found.call,
        party=found.party,
        purpose=found.purpose,
        choice=found.id,
    )
    ledger.append(tx, gone)
    ledger.append(
        tx,
        GrantLetGo(
            at=at,
            controller=tx.of,
            grant=grant,
            call=found.call,
            party=found.party,
            purpose=found.purpose,
            choice=found.id,
            actor=by.id,
            role=by.role,
        ),
    )
    return found


def withhold_again(tx: Transaction, vault: Vault, clock: Clock, grant: GrantId) -> bool:
    """A restored backup does not know that this was in quarantine. True where it had to be told."""
    yes = store.yes_on_grant(tx, grant)
    if yes is None:
        raise NotFound("No yes stands on this grant.")
    if grant in quarantine.shut(tx, [grant]) or not vault.grant_lives(tx, grant):
        return False
    reweigh(tx, vault, clock, yes, cause=Cause.RESTORED, by=SYSTEM)
    return True


def quality_of(tx: Transaction, choices: Iterable[ChoiceId]) -> dict[ChoiceId, Weighed]:
    """By their newest weighings. A no has none."""
    return {id: weighing.weighed for id, weighing in newest(tx, choices).items()}


def said_no_lately(tx: Transaction, party: Party, purpose: PurposeId, *, at: datetime) -> bool:
    """In other calls: whoever asks them now asks again, and a yes to that is doubtful at best."""

    def noes(within: timedelta) -> int:
        return store.noes_elsewhere(tx, party.subject, purpose, call=party.call, since=at - within, before=at).count

    return noes(rules.SOON) > 0 or noes(rules.OFTEN_WITHIN) >= rules.OFTEN


def own_yes(tx: Transaction, party: Party, purpose: PurposeId) -> datetime | None:
    """When they said yes on their own page, where that is their latest word: nobody asked them for it, so whoever asks them in
    this call does not ask again."""
    return store.own_yes(tx, party.subject, purpose)


def newest(tx: Transaction, choices: Iterable[ChoiceId]) -> dict[ChoiceId, Weighing]:
    wanted = list(choices)
    return store.latest(tx, wanted) if wanted else {}


def history(tx: Transaction, choice: ChoiceId) -> list[Weighing]:
    """Every weighing of a choice, oldest first."""
    return store.of_choice(tx, choice)


def must_be_weighed(choice: Choice, past: Sequence[Weighing]) -> Weighing:
    """The newest of them. Conflict where there is none: a no, or a yes from before yeses were weighed."""
    if choice.answer is not Answer.GRANTED:
        raise Conflict("A no is never weighed: it counts as it was said.")
    if not past:
        raise Conflict("This yes was given before yeses were weighed. The DPO can have it weighed: POST …/weighings.")
    return past[-1]


def marks_of_call(tx: Transaction, call: CallId) -> list[Mark]:
    """Oldest first, those set aside too."""
    return marks.of_call(tx, call)


def yeses(tx: Transaction, purpose: PurposeId, *, after: ChoiceId | None, limit: int) -> list[tuple[ChoiceId, CallId]]:
    """Every yes to a purpose on which something may still be kept, taken back or not, page by page, with the call that it was
    given in."""
    return store.yeses(tx, purpose, after, limit)


def listed(
    tx: Transaction,
    *,
    quality: Quality | None = None,
    purpose: PurposeId | None = None,
    quarantined: bool = False,
    after: ChoiceId | None = None,
    limit: int,
) -> list[Listed]:
    """Yeses that were weighed, the newest first: ids alone. `quarantined`: only those on which what was kept is withheld."""
    grants = list(quarantine.withheld(tx)) if quarantined else None
    return store.listed(tx, quality=quality, purpose=purpose, grants=grants, after=after, limit=limit)


def tallies(tx: Transaction, since: datetime) -> list[Tally]:
    """Yeses given since then, counted by purpose and notice."""
    return store.tallies(tx, since, list(quarantine.withheld(tx)))


def _weigh(tx: Transaction, vault: Vault, clock: Clock, choice: Choice, *, cause: Cause, by: Actor) -> Weighing:
    if choice.grant is None or choice.notice is None:
        raise Breach("A yes has no grant or no notice. Stop, and tell the DPO.")
    before = store.of_choice(tx, choice.id)
    weighed = rules.impersonal(rules.weigh(facts_of(tx, choice, before=before, cause=cause)))
    last = before[-1] if before else None
    if last is None or last.weighed != weighed:
        last = _written(tx, clock, choice, choice.grant, choice.notice, weighed, len(before) + 1, cause, by)
    if weighed.quality is Quality.VOID:
        why = WithheldWhy.RESTORED if cause is Cause.RESTORED else WithheldWhy.VOID_CHOICE
        _withhold(tx, vault, clock, choice, choice.grant, why)
    return last


def _written(
    tx: Transaction,
    clock: Clock,
    choice: Choice,
    grant: GrantId,
    notice: NoticeId,
    weighed: Weighed,
    nth: int,
    cause: Cause,
    by: Actor,
) -> Weighing:
    at = clock.now()
    said = ChoiceWeighed(
        at=at,
        controller=tx.of,
        choice=choice.id,
        nth=nth,
        call=choice.call,
        party=choice.party,
        purpose=choice.purpose,
        notice=notice,
        quality=weighed.quality,
        findings=weighed.findings,
        cause=cause,
        actor=by.id,
        role=by.role,
    )
    made = Weighing(
        choice=choice.id,
        nth=nth,
        purpose=choice.purpose,
        grant=grant,
        weighed=weighed,
        cause=cause,
        by=by,
        at=at,
        statement=ledger.append(tx, said),
    )
    store.insert_weighing(tx, made)
    return made


def _withhold(tx: Transaction, vault: Vault, clock: Clock, choice: Choice, grant: GrantId, why: WithheldWhy) -> None:
    statement = StatementId(new_id())
    if not vault.withhold(tx, grant, why=why, statement=statement):
        return
    said = GrantWithheld(
        at=clock.now(),
        controller=tx.of,
        grant=grant,
        call=choice.call,
        party=choice.party,
        purpose=choice.purpose,
        choice=choice.id,
        why=why,
    )
    ledger.append(tx, said, id=statement)


def _mark(tx: Transaction, clock: Clock, choice: Choice, word_of: WordOf, by: Actor) -> Mark:
    id, at = MarkId(new_id()), clock.now()
    said = PressureNoted(
        at=at,
        controller=tx.of,
        mark=id,
        call=choice.call,
        party=choice.party,
        choice=choice.id,
        word_of=word_of,
        actor=by.id,
        role=by.role,
    )
    made = Mark(
        id=id,
        call=choice.call,
        party=choice.party,
        choice=choice.id,
        word_of=word_of,
        by=by,
        at=at,
        set_aside_at=None,
        statement=ledger.append(tx, said),
    )
    marks.insert(tx, made)
    return made


def _judged_by_another(tx: Transaction, yes: Choice, by: Actor) -> None:
    """Nobody judges how they came by a yes themselves."""
    asked = [ask.by.id for ask, _ in consent.asks_of_party(tx, yes.party) if ask.id == yes.ask]
    if by.id in {yes.by.id, *asked}:
        raise NotAllowed("You asked for this yes, or took it down. Somebody else judges whether it was given freely.")


def _choice(tx: Transaction, choice: ChoiceId) -> Choice:
    found = consent.choice_by_id(tx, choice)
    if found is None:
        raise NotFound("There is no such choice. Look at the call or the subject to see the choices made.")
    return found


def _granted(tx: Transaction, choice: ChoiceId) -> tuple[Choice, GrantId]:
    """A yes and its grant; its party is held until the transaction ends."""
    found = _choice(tx, choice)
    calls.locked_party(tx, found.party)
    if found.answer is not Answer.GRANTED or found.grant is None:
        raise Conflict("This was a no: nothing was kept on it. Name the yes.")
    return found, found.grant


def _marked(tx: Transaction, mark: MarkId) -> Mark:
    found = marks.by_id(tx, mark)
    if found is None:
        raise NotFound("There is no such mark. Look at the call's choices to see the marks made.")
    return found
