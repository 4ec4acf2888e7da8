"""Who did what a concern is about, where tokens tell."""

import dataclasses
from datetime import timedelta

import pytest

from rightcall.actors import SYSTEM, Actor, Role
from rightcall.canonical import sha256
from rightcall.concerns import actions, answering
from rightcall.concerns import doers as of_doers
from rightcall.concerns.doers import doers
from rightcall.concerns.model import AboutCall, AboutNotice, AboutPurpose, AboutRule, Anonymous, Bearer, Days, Outcome, Target
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, NotAllowed
from rightcall.ids import NoticeId, PurposeId, ReviewId, TokenId, new_id
from rightcall.ledger import actions as ledger
from rightcall.ledger.model import Digest
from rightcall.personal import Personal
from rightcall.policy import adopting, loading, overriding
from rightcall.policy.texts import Proposal, Text
from rightcall.purposes import actions as purposes
from rightcall.reviews.model import Capacity
from rightcall.reviews.statements import ReviewDrafted, ReviewSigned
from rightcall.staff import actions as staff_actions
from rightcall.vault.actions import Vault
from tests.concerns.conftest import Staffed, hired
from tests.conftest import FixedClock
from tests.policy.proposals import MARKETING, changed, example
from tests.policy.test_adopting import RULES, drafted, replayed
from tests.policy.test_overriding import wanted
from tests.purposes.examples import TRAINING, a_notice

WORDS = Personal("This is not right.")


def about(tx: Transaction, vault: Vault, clock: FixedClock, target: Target) -> frozenset[object]:
    raised = actions.raise_concern(tx, vault, clock, target=target, words=WORDS, by=Anonymous(), days=Days())
    return frozenset(doers(tx, raised.concern))


def test_of_a_purpose_and_of_a_notice(
    tx: Transaction, vault: Vault, clock: FixedClock, staff: Staffed, purpose: PurposeId, notice: NoticeId
) -> None:
    other = purposes.publish_notice(tx, clock, a_notice(purpose), by=staff.dpo.actor)
    by_system = purposes.publish_notice(tx, clock, a_notice(purpose), by=SYSTEM)
    assert about(tx, vault, clock, AboutPurpose(purpose)) == {staff.author.actor.id}
    assert about(tx, vault, clock, AboutNotice(notice)) == {staff.author.actor.id}
    assert about(tx, vault, clock, AboutNotice(other.id)) == {staff.dpo.actor.id}
    assert about(tx, vault, clock, AboutNotice(by_system.id)) == set()


def test_of_a_purpose_those_who_wrote_and_signed_its_review(
    tx: Transaction, vault: Vault, clock: FixedClock, staff: Staffed, purpose: PurposeId
) -> None:
    other = purposes.create_purpose(tx, clock, dataclasses.replace(TRAINING, key="another"), by=staff.author.actor).id
    _reviewed(tx, clock, purpose, drafted_by=staff.dpo.actor, signed_by=staff.supervisor.actor)
    both = {staff.dpo.actor.id, staff.supervisor.actor.id}
    assert about(tx, vault, clock, AboutPurpose(purpose)) == {staff.author.actor.id} | both
    assert about(tx, vault, clock, AboutPurpose(other)) == {staff.author.actor.id}
    raised = actions.raise_concern(tx, vault, clock, target=AboutPurpose(purpose), words=WORDS, by=Anonymous(), days=Days())
    clock.at += timedelta(days=1)
    _reviewed(tx, clock, purpose, drafted_by=staff.reviewer.actor, signed_by=staff.engineer.actor)
    assert doers(tx, raised.concern) == {staff.author.actor.id} | both, "what came after is not what it is about"


def _reviewed(tx: Transaction, clock: FixedClock, purpose: PurposeId, *, drafted_by: Actor, signed_by: Actor) -> None:
    review, digest = ReviewId(new_id()), Digest(bytes(32))
    wrote = ReviewDrafted(
        at=clock.at, controller=tx.of, review=review, purpose=purpose, version=1, digest=digest, entry=digest, rules=digest,
        expires_on=clock.at.date(), actor=drafted_by.id, role=drafted_by.role,
    )  # fmt: skip
    signed = ReviewSigned(
        at=clock.at, controller=tx.of, review=review, purpose=purpose, digest=digest, capacity=next(iter(Capacity)),
        actor=signed_by.id, role=signed_by.role,
    )  # fmt: skip
    for said in (wrote, signed):
        ledger.append(tx, said)


def test_of_a_house_rule_those_who_brought_its_present_text(
    tx: Transaction, vault: Vault, clock: FixedClock, staff: Staffed
) -> None:
    """Not those who adopted other rules beside it since; and those who changed it since, in place of those who brought it."""
    _adopted(tx, clock, example(), staff.reviewer, staff.dpo, staff.supervisor)
    first = {each.actor.id for each in (staff.reviewer, staff.dpo, staff.supervisor)}
    clock.at += timedelta(days=1)
    dpo, supervisor = staff.author, hired(tx, clock, Role.SUPERVISOR)
    _adopted(tx, clock, dataclasses.replace(example(), scenarios=(*example().scenarios, _once_more())), dpo, dpo, supervisor)
    clock.at += timedelta(days=1)
    assert about(tx, vault, clock, AboutRule(MARKETING)) == first, "it was not touched"
    raised = actions.raise_concern(tx, vault, clock, target=AboutRule(MARKETING), words=WORDS, by=Anonymous(), days=Days())
    assert answering.own(tx, vault, clock, raised.concern.id, dpo).owner == dpo.actor
    clock.at += timedelta(days=1)
    _adopted(tx, clock, changed("not played to agents.", "never played to agents."), dpo, dpo, supervisor)
    assert doers(tx, raised.concern) == first, "what came after is not what it is about"
    clock.at += timedelta(days=1)
    assert about(tx, vault, clock, AboutRule(MARKETING)) == {dpo.actor.id, supervisor.actor.id}
    override = overriding.give(tx, vault, clock, RULES, wanted(clock), by=staff.dpo.actor)
    assert about(tx, vault, clock, AboutRule(MARKETING)) == {dpo.actor.id, supervisor.actor.id, override.by.id}


def test_a_rule_as_it_comes_with_rightcall_nobody_here_made(
    tx: Transaction, vault: Vault, clock: FixedClock, staff: Staffed, monkeypatch: pytest.MonkeyPatch
) -> None:
    _adopted(tx, clock, example(), staff.dpo, staff.dpo, staff.supervisor)
    assert about(tx, vault, clock, AboutRule(MARKETING)) != set()
    (rule,) = loading.read_house(example().files)[0]
    monkeypatch.setattr(of_doers, "_shipped", lambda: {MARKETING: sha256(rule.canonical)})
    assert about(tx, vault, clock, AboutRule(MARKETING)) == set()


def test_where_nobody_may_answer_a_reviewer_may(tx: Transaction, vault: Vault, clock: FixedClock, staff: Staffed) -> None:
    target = AboutRule(MARKETING)
    free = actions.raise_concern(tx, vault, clock, target=target, words=WORDS, by=Anonymous(), days=Days())
    assert free.answerable
    with pytest.raises(NotAllowed, match="only where no supervisor and no DPO may"):
        answering.own(tx, vault, clock, free.concern.id, staff.reviewer)
    staff_actions.revoke_token(tx, clock, token=TokenId(staff.author.actor.id), by=SYSTEM)
    _adopted(tx, clock, example(), staff.dpo, staff.dpo, staff.supervisor)
    stuck = actions.raise_concern(tx, vault, clock, target=target, words=WORDS, by=Anonymous(), days=Days())
    assert not stuck.answerable
    for barred in (staff.dpo, staff.supervisor):
        with pytest.raises(Conflict, match="you did"):
            answering.own(tx, vault, clock, stuck.concern.id, barred)
    with pytest.raises(NotAllowed):
        answering.own(tx, vault, clock, stuck.concern.id, staff.agent)
    answering.own(tx, vault, clock, stuck.concern.id, staff.reviewer)
    hired(tx, clock, Role.DPO)
    found = answering.answer(
        tx, vault, clock, stuck.concern.id, staff.reviewer, outcome=Outcome.UPHELD, words=Personal("It is so.")
    )
    assert found.final is not None


def test_what_is_late_a_reviewer_takes(tx: Transaction, vault: Vault, clock: FixedClock, staff: Staffed) -> None:
    """So that one which the only free person raised, which nobody is told, does not lie for ever."""
    raised = actions.raise_concern(tx, vault, clock, target=AboutCall(None), words=WORDS, by=Anonymous(), days=Days())
    clock.at += timedelta(days=14)
    with pytest.raises(NotAllowed):
        answering.own(tx, vault, clock, raised.concern.id, staff.reviewer)
    clock.at += timedelta(days=1)
    assert answering.own(tx, vault, clock, raised.concern.id, staff.reviewer).owner == staff.reviewer.actor


def _once_more() -> Text:
    """Other files, the same rule."""
    return dataclasses.replace(example().scenarios[0], file="again.toml")


def _adopted(tx: Transaction, clock: FixedClock, proposal: Proposal, by: Bearer, *signing: Bearer) -> None:
    draft = drafted(tx, clock, proposal, by=by.actor)
    replayed(tx, clock, draft)
    for each in signing:
        adopting.sign(tx, clock, RULES, draft.id, by=each.actor)


def test_of_a_house_rule_those_who_drafted_and_signed_it(
    tx: Transaction, vault: Vault, clock: FixedClock, staff: Staffed
) -> None:
    assert about(tx, vault, clock, AboutRule(MARKETING)) == set()
    draft = drafted(tx, clock, by=staff.reviewer.actor)
    replayed(tx, clock, draft)
    for each in (staff.dpo, staff.supervisor):
        adopting.sign(tx, clock, RULES, draft.id, by=each.actor)
    ids = {each.actor.id for each in (staff.reviewer, staff.dpo, staff.supervisor)}
    assert about(tx, vault, clock, AboutRule(MARKETING)) == ids
    assert about(tx, vault, clock, AboutRule("basis.consent")) == set(), "a rule of the law nobody here made"
    raised = actions.raise_concern(tx, vault, clock, target=AboutRule(MARKETING), words=WORDS, by=Anonymous(), days=Days())
    with pytest.raises(Conflict, match="you did"):
        answering.own(tx, vault, clock, raised.concern.id, staff.supervisor)
    other = Bearer(actor=staff.author.actor, secret=staff.author.secret)
    assert answering.own(tx, vault, clock, raised.concern.id, other).owner == staff.author.actor
