"""Who asks: people that are known by their telephone numbers."""

from collections.abc import Callable

import pytest

from rightcall.database.connection import Transaction
from rightcall.ids import SubjectId
from rightcall.personal import Personal
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import normalise
from rightcall.vault.actions import Vault
from tests.cast import ADA_TEL
from tests.conftest import FixedClock

Known = Callable[[str], SubjectId]


def known_by(tx: Transaction, vault: Vault, clock: FixedClock, tel: str) -> SubjectId:
    return subjects.identify(tx, vault, clock, [normalise(IdentifierKind.TEL, Personal(tel), "DK")])


@pytest.fixture
def known(tx: Transaction, vault: Vault, clock: FixedClock) -> Known:
    return lambda tel: known_by(tx, vault, clock, tel)


@pytest.fixture
def ada(known: Known) -> SubjectId:
    return known(ADA_TEL)
