"""House rules from a draft into force: checked, replayed, signed by two people in different roles, and said in the ledger.

1. A draft is kept only where nothing is wrong with it: every file loads, every scenario comes out, nothing contradicts.
2. A yes counts only on a draft that was replayed with exactly the rules that would be in force, that is in order with the law
   packs of today, and that builds on what was adopted last.
3. The second yes, of somebody else in another role, adopts. Rolling back is adopting an older set again, in the same way.
Deliberately elsewhere: which rules are in force (policy.in_force), and going through past verdicts (policy.replaying).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from rightcall.actors import Actor
from rightcall.canonical import Json
from rightcall.clock import Clock, day_of
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, Malformed, NotAllowed, NotFound
from rightcall.ids import AdoptionId, ControllerId, DraftId, ReplayId, StatementId, new_id
from rightcall.ledger import actions as ledger
from rightcall.ledger.model import Digest
from rightcall.policy.adoption import store
from rightcall.policy.adoption.comparing import differences
from rightcall.policy.adoption.model import SIGNING, Adoption, Draft, Replayed, RuleChange, Signature
from rightcall.policy.adoption.statements import (
    DraftWithdrawn,
    ReplayAsked,
    RulesAdopted,
    RulesDrafted,
    RulesReplayed,
    RulesSigned,
)
from rightcall.policy.in_force import keep
from rightcall.policy.loading import (
    check,
    house_digest,
    house_folder,
    law_of,
    read_folder,
    read_house,
    texts_digest,
    with_house,
)
from rightcall.policy.model import Axis, Finding, Rule, RuleSet
from rightcall.policy.replay import Report
from rightcall.policy.texts import Proposal

REPLAY_LASTS = timedelta(days=30)
_FARTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """`adoption` is None after the first yes."""

    draft: Draft
    adoption: Adoption | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One adoption of the history. `changes` are those from the one before it, or from the rules of the deployment."""

    adoption: Adoption
    changes: tuple[RuleChange, ...]


def draft_rules(
    tx: Transaction, clock: Clock, rules: RuleSet, proposal: Proposal, *, by: Actor, in_force_from: date | None = None
) -> Draft:
    """Keeps a proposal. Malformed, with file, line and advice, where anything is wrong with it. `rules`: the deployment's."""
    _may_sign(by)
    now = clock.now()
    if in_force_from is not None:
        check_first_day(day_of(now), in_force_from)
    refuse_unless_in_order(check(proposal, law_of(rules)))
    house, _ = read_house(proposal.files)
    draft = Draft(
        id=DraftId(new_id()),
        house=house_digest(house),
        proposal=proposal,
        builds_on=_newest(tx),
        in_force_from=in_force_from,
        drafted_at=now,
        by=by,
        statement=StatementId(new_id()),
        withdrawn_at=None,
        signatures=(),
        adoption=None,
    )
    said = RulesDrafted(
        at=now,
        controller=tx.of,
        draft=draft.id,
        house=Digest(draft.house),
        scenarios=Digest(texts_digest(proposal.scenarios)),
        builds_on=draft.builds_on,
        actor=by.id,
        role=by.role,
    )
    ledger.append(tx, said, id=draft.statement)
    store.insert_draft(tx, draft)
    return draft


def check_first_day(today: date, first: date) -> None:
    """Malformed for a day from which house rules cannot be in force."""
    if not today < first <= today + _FARTHEST:
        raise Malformed("The first day is a day to come, within a year. Leave it out for at once.")


def older(tx: Transaction, adoption: AdoptionId | None, folder: Path | None) -> Proposal:
    """What was adopted then, to be drafted again: the first step of going back to it. None: the deployment's own house rules, as
    they are in `folder` today, or else those that come with Rightcall. Every controller begins with them, so they were never
    adopted. Malformed where a file of theirs is no text."""
    if adoption is not None:
        return adopted_draft(tx, adoption).proposal
    proposal, findings = read_folder(house_folder(folder))
    refuse_unless_in_order(findings)
    return proposal


def deployment_digest(rules: RuleSet) -> bytes:
    """Of the house rules among `rules`, which are the deployment's."""
    return house_digest(_default(rules))


def get(tx: Transaction, draft: DraftId) -> Draft:
    found = store.drafts(tx, draft)
    if not found:
        raise NotFound("There is no such draft at this controller. `rightcall rules history` lists those there are.")
    return found[0]


def adoptions(tx: Transaction) -> list[Adoption]:
    """All, newest first."""
    return store.adoptions(tx)


def adopted_draft(tx: Transaction, adoption: AdoptionId) -> Draft:
    """What was adopted then."""
    return get(tx, _adoption(tx, adoption).draft)


def drafts(tx: Transaction) -> list[Draft]:
    """All, newest first."""
    return store.drafts(tx)


def waiting_for(tx: Transaction, who: Actor) -> list[DraftId]:
    """Drafts that were replayed, and that a signature of theirs would bring on."""
    if who.role not in SIGNING:
        return []
    return [draft for draft, signers, roles in store.unadopted(tx) if who.id not in signers and who.role not in roles]


def proposed_rules(draft: Draft, rules: RuleSet) -> RuleSet:
    """All rules there would be with this draft. Malformed where it does not load with the words of today."""
    law = law_of(rules)
    house, findings = read_house(draft.proposal.files)
    refuse_unless_in_order(findings)
    return with_house(law, house)


def changes_of(tx: Transaction, rules: RuleSet, draft: Draft) -> list[RuleChange]:
    """What the draft changes, from what it builds on."""
    house, _ = read_house(draft.proposal.files)
    return differences(_house_of(tx, rules, draft.builds_on), house)


def would_change(tx: Transaction, rules: RuleSet, proposal: Proposal) -> list[RuleChange]:
    """What a proposal that loads would change, from what was adopted last."""
    house, _ = read_house(proposal.files)
    return differences(_house_of(tx, rules, _newest(tx)), house)


def keep_replay(tx: Transaction, clock: Clock, draft: DraftId, *, rule_set: bytes, report: Report, document: Json) -> Replayed:
    """What a replay of this draft showed, with the digest of all rules that were tried."""
    get(tx, draft)
    replayed = Replayed(
        id=ReplayId(new_id()),
        draft=draft,
        rule_set=rule_set,
        since=report.since,
        until=report.until,
        verdicts=report.verdicts,
        changed=sum(each.count for each in report.changes.values()),
        left_out=sum(each.count for each in report.left_out.values()),
        drifted=sum(each.count for each in report.drift.values()),
        report=document,
        at=clock.now(),
    )
    said = RulesReplayed(
        at=replayed.at,
        controller=tx.of,
        draft=draft,
        replay=replayed.id,
        rule_set=Digest(rule_set),
        since=replayed.since,
        until=replayed.until,
        verdicts=replayed.verdicts,
        changed=replayed.changed,
        left_out=replayed.left_out,
    )
    ledger.append(tx, said)
    store.insert_replay(tx, replayed)
    return replayed


def ask_replay(tx: Transaction, clock: Clock, draft: DraftId, *, days: int, by: Actor) -> None:
    """A worker does it, and what it shows is kept with the draft. Conflict where the draft is no longer open."""
    _must_be_open(get(tx, draft))
    now = clock.now()
    since = day_of(now) - timedelta(days=days)
    ledger.append(tx, ReplayAsked(at=now, controller=tx.of, draft=draft, since=since, actor=by.id, role=by.role))


def replays(tx: Transaction, draft: DraftId) -> list[Replayed]:
    """Newest first."""
    return store.replays(tx, draft)


def sign(tx: Transaction, clock: Clock, rules: RuleSet, draft: DraftId, *, by: Actor) -> Signed:
    """One person's yes; the second one's adopts. Conflict, Malformed or NotAllowed where it is no time, no draft or no person for
    it, and then nothing is changed."""
    _may_sign(by)
    store.lock_adopting(tx)
    store.lock_draft(tx, draft)
    found = get(tx, draft)
    _must_be_open(found)
    _must_be_another(found, by)
    if found.builds_on != _newest(tx):
        raise Conflict(
            "Other rules were adopted since this draft was made, so what it changes is not what it said. Nothing was signed."
            " Draft it again upon them (`rightcall rules history` shows them), replay that draft, and sign it."
        )
    refuse_unless_in_order(check(found.proposal, law_of(rules)))
    proposed = proposed_rules(found, rules)
    replay = _replay_of(tx, clock, found, proposed)
    signature = _signed(tx, clock, found, proposed, replay, by)
    adoption = _adopt(tx, clock, rules, found, proposed, replay, signature) if found.signatures else None
    return Signed(draft=get(tx, draft), adoption=adoption)


def withdraw(tx: Transaction, clock: Clock, draft: DraftId, *, by: Actor) -> Draft:
    """The draft can no longer be signed. Again is fine. Conflict where it was adopted: then draft an older set again."""
    _may_sign(by)
    store.lock_draft(tx, draft)
    found = get(tx, draft)
    if found.adoption is not None:
        raise Conflict("This draft was adopted. To go back, draft an older set again, replay it, and adopt it.")
    if found.withdrawn_at is None:
        now = clock.now()
        store.withdraw_draft(tx, draft, now)
        ledger.append(tx, DraftWithdrawn(at=now, controller=tx.of, draft=draft, actor=by.id, role=by.role))
    return get(tx, draft)


def history(tx: Transaction, rules: RuleSet) -> list[Entry]:
    """All that was adopted, newest first, each with what it changed."""
    newest_first = store.adoptions(tx)
    houses: list[Sequence[Rule]] = [_house_of(tx, rules, each.id) for each in newest_first]
    houses.append(_default(rules))
    return [
        Entry(adoption=each, changes=tuple(differences(houses[place + 1], houses[place])))
        for place, each in enumerate(newest_first)
    ]


def turn(system_tx: Transaction, clock: Clock) -> list[ControllerId]:
    """Of all controllers, what the rules say turns where its time has come. Whose calls are to be settled anew."""
    return store.turn(system_tx, clock.now())


def refuse_unless_in_order(findings: Sequence[Finding]) -> None:
    if findings:
        lines = "\n".join(str(finding) for finding in findings)
        raise Malformed(f"These house rules are not taken:\n{lines}")


def _may_sign(by: Actor) -> None:
    if by.role not in SIGNING:
        roles = ", ".join(sorted(SIGNING))
        raise NotAllowed(f"House rules are drafted and adopted by {roles}. Use a token of one of these roles.")


def _must_be_open(draft: Draft) -> None:
    if draft.adoption is not None:
        raise Conflict("This draft was adopted already.")
    if draft.withdrawn_at is not None:
        raise Conflict("This draft was withdrawn. Draft the rules again.")


def _must_be_another(draft: Draft, by: Actor) -> None:
    """Two people in two roles. A token stands for one person; that two tokens are two people, the house sees to."""
    for signature in draft.signatures:
        if signature.by.id == by.id:
            raise Conflict("This token has signed already. The second yes is another person's, in another role.")
        if signature.by.role is by.role:
            raise Conflict(f"A {by.role} has signed already. The second yes is of another role.")


def _replay_of(tx: Transaction, clock: Clock, draft: Draft, proposed: RuleSet) -> Replayed:
    """The newest replay of exactly these rules, law and house."""
    found = [each for each in store.replays(tx, draft.id) if each.rule_set == proposed.digest]
    if not found:
        raise Conflict(
            "This draft was not replayed with exactly these rules and the law of today. Run `rightcall rules replay` on it first,"
            " and look at what would change."
        )
    if clock.now() - found[0].at > REPLAY_LASTS:
        raise Conflict(f"The last replay of this draft is older than {REPLAY_LASTS.days} days. Replay it again.")
    return found[0]


def _signed(tx: Transaction, clock: Clock, draft: Draft, proposed: RuleSet, replay: Replayed, by: Actor) -> Signature:
    said = RulesSigned(
        at=clock.now(),
        controller=tx.of,
        draft=draft.id,
        house=Digest(draft.house),
        rule_set=Digest(proposed.digest),
        replay=replay.id,
        actor=by.id,
        role=by.role,
    )
    signature = Signature(by=by, at=said.at, statement=ledger.append(tx, said))
    store.insert_signature(tx, draft.id, signature)
    return signature


def _adopt(
    tx: Transaction, clock: Clock, rules: RuleSet, draft: Draft, proposed: RuleSet, replay: Replayed, second: Signature
) -> Adoption:
    first, now = draft.signatures[0].by, clock.now()
    begins = now if draft.in_force_from is None else max(now, datetime.combine(draft.in_force_from, time(), UTC))
    adoption = Adoption(
        id=AdoptionId(new_id()),
        draft=draft.id,
        house=draft.house,
        rule_set=proposed.digest,
        first=first,
        second=second.by,
        adopted_at=now,
        in_force_at=begins,
        statement=StatementId(new_id()),
    )
    said = RulesAdopted(
        at=now,
        controller=tx.of,
        adoption=adoption.id,
        draft=draft.id,
        house=Digest(draft.house),
        rule_set=Digest(proposed.digest),
        replay=replay.id,
        in_force_at=begins,
        first_actor=first.id,
        first_role=first.role,
        actor=second.by.id,
        role=second.by.role,
    )
    ledger.append(tx, said, id=adoption.statement)
    store.insert_adoption(tx, adoption, replay=replay.id, builds_on=draft.builds_on)
    store.insert_turn(tx, begins)
    keep(tx, clock, law_of(rules), draft.house, proposed)
    return adoption


def _newest(tx: Transaction) -> AdoptionId | None:
    """Also one whose day has not come."""
    found = store.adoptions(tx)
    return found[0].id if found else None


def _adoption(tx: Transaction, adoption: AdoptionId) -> Adoption:
    for each in store.adoptions(tx):
        if each.id == adoption:
            return each
    raise NotFound("There is no such adoption at this controller. `rightcall rules history` lists those there are.")


def _house_of(tx: Transaction, rules: RuleSet, adoption: AdoptionId | None) -> list[Rule]:
    """The house rules that were adopted then; of those that no longer load, none. Nothing adopted: the deployment's."""
    if adoption is None:
        return _default(rules)
    house, _ = read_house(adopted_draft(tx, adoption).proposal.files)
    return house


def _default(rules: RuleSet) -> list[Rule]:
    law = {rule.id for rule in law_of(rules).rules}
    return [rule for rule in rules.rules if rule.axis is Axis.HOUSE and rule.id not in law]
