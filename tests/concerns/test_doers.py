"""Who did what a concern is about, where tokens tell."""

import pytest

from rightcall.actors import SYSTEM
from rightcall.concerns import actions, answering
from rightcall.concerns.doers import doers
from rightcall.concerns.model import AboutNotice, AboutPurpose, AboutRule, Anonymous, Bearer, Target
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict
from rightcall.ids import NoticeId, PurposeId
from rightcall.personal import Personal
from rightcall.policy import adopting
from rightcall.purposes import actions as purposes
from rightcall.vault.actions import Vault
from tests.concerns.conftest import Staffed
from tests.conftest import FixedClock
from tests.policy.proposals import MARKETING
from tests.policy.test_adopting import RULES, drafted, replayed
from tests.purposes.examples import a_notice

WORDS = Personal("This is not right.")


def about(tx: Transaction, vault: Vault, clock: FixedClock, target: Target) -> frozenset[object]:
    raised = actions.raise_concern(tx, vault, clock, target=target, words=WORDS, by=Anonymous())
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


def test_of_a_house_rule_those_who_drafted_and_signed_it(
    tx: Transaction, vault: Vault, clock: FixedClock, staff: Staffed
) -> None:
    assert about(tx, vault, clock, AboutRule(MARKETING)) == set()
    draft = drafted(tx, clock, by=staff.auditor.actor)
    replayed(tx, clock, draft)
    for each in (staff.dpo, staff.supervisor):
        adopting.sign(tx, clock, RULES, draft.id, by=each.actor)
    ids = {each.actor.id for each in (staff.auditor, staff.dpo, staff.supervisor)}
    assert about(tx, vault, clock, AboutRule(MARKETING)) == ids
    assert about(tx, vault, clock, AboutRule("basis.consent")) == set(), "a rule of the law nobody here made"
    raised = actions.raise_concern(tx, vault, clock, target=AboutRule(MARKETING), words=WORDS, by=Anonymous())
    with pytest.raises(Conflict, match="you did"):
        answering.own(tx, vault, clock, raised.concern.id, staff.supervisor)
    other = Bearer(actor=staff.author.actor, secret=staff.author.secret)
    assert answering.own(tx, vault, clock, raised.concern.id, other).owner == staff.author.actor
