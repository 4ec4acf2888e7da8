"""Raising a concern: what is kept of it, and what is not."""

import pytest

from rightcall.concerns import actions
from rightcall.concerns.codes import is_code
from rightcall.concerns.model import (
    AboutCall,
    AboutNotice,
    AboutPurpose,
    AboutRule,
    Anonymous,
    Customer,
    Days,
    RaisedAs,
    Staff,
    System,
)
from rightcall.concerns.states import RAISED
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, Malformed, NotFound
from rightcall.ids import CallId, NoticeId, PurposeId, SubjectId, new_id
from rightcall.personal import Personal
from rightcall.vault.actions import Vault
from tests.concerns.conftest import Staffed
from tests.conftest import FixedClock

WORDS = Personal("Callers are told that saying no costs them their place in the queue.")


def test_anonymously(tx: Transaction, vault: Vault, clock: FixedClock, purpose: PurposeId) -> None:
    raised = actions.raise_concern(tx, vault, clock, target=AboutPurpose(purpose), words=WORDS, by=Anonymous(), days=Days())
    assert raised.code is not None
    assert is_code(raised.code)
    assert raised.concern.raised_as is RaisedAs.ANONYMOUS
    assert actions.get(tx, raised.concern.id) == raised.concern
    assert raised.concern.state == RAISED


def test_by_the_system_there_is_no_code(tx: Transaction, vault: Vault, clock: FixedClock, purpose: PurposeId) -> None:
    raised = actions.raise_concern(tx, vault, clock, target=AboutPurpose(purpose), words=WORDS, by=System(), days=Days())
    assert raised.code is None
    assert actions.open_about(tx, clock, purpose) == 0, "what came today counts from tomorrow on"


def test_by_staff_and_by_a_customer(
    tx: Transaction, vault: Vault, clock: FixedClock, staff: Staffed, notice: NoticeId, ada: SubjectId
) -> None:
    by_staff = Staff(bearer=staff.agent, name=Personal("Seven"))
    for by, told in ((by_staff, RaisedAs.STAFF), (Customer(subject=ada), RaisedAs.CUSTOMER)):
        raised = actions.raise_concern(tx, vault, clock, target=AboutNotice(notice), words=WORDS, by=by, days=Days())
        assert actions.get(tx, raised.concern.id).raised_as is told


def test_about_a_rule_and_about_a_call_that_is_not_named(tx: Transaction, vault: Vault, clock: FixedClock) -> None:
    for target in (AboutRule("house.no_emotion_scores"), AboutCall(None)):
        raised = actions.raise_concern(tx, vault, clock, target=target, words=WORDS, by=Anonymous(), days=Days())
        assert actions.get(tx, raised.concern.id).target == target


@pytest.mark.parametrize(
    "target", [AboutPurpose(PurposeId(new_id())), AboutNotice(NoticeId(new_id())), AboutCall(CallId(new_id()))]
)
def test_what_is_not_there_cannot_be_its_target(tx: Transaction, vault: Vault, clock: FixedClock, target: AboutPurpose) -> None:
    with pytest.raises(NotFound):
        actions.raise_concern(tx, vault, clock, target=target, words=WORDS, by=Anonymous(), days=Days())


@pytest.mark.parametrize("words", ["", "   \n", "?!… —", "x" * 4001])
def test_words_say_something_and_end(tx: Transaction, vault: Vault, clock: FixedClock, words: str) -> None:
    with pytest.raises(Malformed):
        actions.raise_concern(tx, vault, clock, target=AboutCall(None), words=Personal(words), by=Anonymous(), days=Days())


def test_nothing_is_kept_for_an_erased_person(tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId) -> None:
    vault.destroy_subject(tx, ada)
    with pytest.raises(Conflict):
        actions.raise_concern(tx, vault, clock, target=AboutCall(None), words=WORDS, by=Customer(subject=ada), days=Days())
