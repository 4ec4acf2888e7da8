"""A register, and people who raise concerns about it."""

from dataclasses import dataclass

import pytest

from rightcall.actors import SYSTEM, Actor, Role
from rightcall.concerns.model import Bearer
from rightcall.database.connection import Transaction
from rightcall.ids import NoticeId, PurposeId, SubjectId
from rightcall.personal import Personal
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import NewNotice
from rightcall.staff.actions import create_token
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import Identifier, IdentifierKind
from rightcall.vault.actions import Vault
from tests.cast import ADA_NAME, ADA_TEL
from tests.conftest import FixedClock
from tests.purposes.examples import TRAINING


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffed:
    """Who works at the company of this test. `author` made the purpose and published its notice."""

    agent: Bearer
    supervisor: Bearer
    dpo: Bearer
    reviewer: Bearer
    engineer: Bearer
    author: Bearer


def hired(tx: Transaction, clock: FixedClock, role: Role) -> Bearer:
    made = create_token(tx, clock, role=role, by=SYSTEM)
    return Bearer(actor=Actor(id=made.token.id, role=role), secret=Personal(made.secret))


@pytest.fixture
def staff(tx: Transaction, clock: FixedClock) -> Staffed:
    return Staffed(
        agent=hired(tx, clock, Role.AGENT),
        supervisor=hired(tx, clock, Role.SUPERVISOR),
        dpo=hired(tx, clock, Role.DPO),
        reviewer=hired(tx, clock, Role.REVIEWER),
        engineer=hired(tx, clock, Role.ENGINEER),
        author=hired(tx, clock, Role.DPO),
    )


@pytest.fixture
def purpose(tx: Transaction, clock: FixedClock, staff: Staffed) -> PurposeId:
    return purposes.create_purpose(tx, clock, TRAINING, by=staff.author.actor).id


@pytest.fixture
def notice(tx: Transaction, clock: FixedClock, staff: Staffed, purpose: PurposeId) -> NoticeId:
    new = NewNotice(purpose=purpose, language="en", text="May we record this call to train our agents? Say yes or no.")
    return purposes.publish_notice(tx, clock, new, by=staff.author.actor).id


@pytest.fixture
def ada(tx: Transaction, vault: Vault, clock: FixedClock) -> SubjectId:
    tel = Identifier(kind=IdentifierKind.TEL, value=Personal(ADA_TEL))
    return subjects.identify(tx, vault, clock, [tel], name=Personal(ADA_NAME))
