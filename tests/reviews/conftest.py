"""A purpose in the register, with a notice, and the rules that come with Rightcall."""

import pytest

from rightcall.actors import SYSTEM, Role
from rightcall.database.connection import Transaction
from rightcall.policy.actions import load_rules
from rightcall.policy.model import RuleSet
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Keypad, LawfulBasis, NewNotice, NewPurpose, Purpose
from tests.conftest import FixedClock

WORDS = (
    "May Example Energy record this call to train our agents? We keep it for 90 days. You can say no, and change your mind"
    " at any moment; we help you just the same. Press 1 for yes or 2 for no."
)


@pytest.fixture(scope="session")
def rules() -> RuleSet:
    return load_rules()


@pytest.fixture
def training(tx: Transaction, clock: FixedClock) -> Purpose:
    return register(tx, clock, "training")


def register(
    tx: Transaction, clock: FixedClock, key: str, staff_basis: LawfulBasis = LawfulBasis.LEGITIMATE_INTERESTS
) -> Purpose:
    new = NewPurpose(
        key=key,
        title="Improve how we train agents",
        justification="New agents learn from real conversations.",
        lawful_basis=LawfulBasis.CONSENT,
        staff_basis=staff_basis,
        data_categories=("pd:VoiceCommunicationRecording",),
        may_use=frozenset({Role.SUPERVISOR, Role.DPO}),
        term_days=90,
        dpv_purpose="dpv:PersonnelManagement",
    )
    purpose = purposes.create_purpose(tx, clock, new, by=SYSTEM)
    publish(tx, clock, purpose, WORDS)
    return purpose


def publish(tx: Transaction, clock: FixedClock, purpose: Purpose, text: str, language: str = "en") -> None:
    words = NewNotice(purpose=purpose.id, language=language, text=text, keypad=Keypad(yes="1", no="2"))
    purposes.publish_notice(tx, clock, words, by=SYSTEM)
