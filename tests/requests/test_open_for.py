"""Whether somebody waits for an answer: their own request, of this kind, not answered yet."""

import pytest

from rightcall.actors import Actor, Role
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict
from rightcall.ids import SubjectId, new_id
from rightcall.personal import Personal
from rightcall.requests import actions
from rightcall.requests.model import DenialGround, RequestKind
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import normalise
from rightcall.vault.actions import Vault
from tests.cast import ADA_TEL
from tests.conftest import FixedClock

DPO = Actor(id=new_id(), role=Role.DPO)
OWN = (RequestKind.ACCESS, RequestKind.PORTABILITY)


@pytest.mark.parametrize("kind", RequestKind)
def test_only_the_kinds_that_are_meant_count(
    tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId, kind: RequestKind
) -> None:
    assert not actions.open_for(tx, ada, OWN)
    actions.receive(tx, vault, clock, subject=ada, kind=kind, by=DPO)
    assert actions.open_for(tx, ada, OWN) is (kind in OWN)
    assert not actions.open_for(tx, SubjectId(new_id()), OWN)


def test_it_is_open_until_it_is_answered(tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId) -> None:
    request = actions.receive(tx, vault, clock, subject=ada, kind=RequestKind.ACCESS, by=DPO).id
    actions.begin(tx, clock, request)
    assert actions.open_for(tx, ada, OWN)
    actions.deny(tx, clock, request, ground=DenialGround.IDENTITY_IN_DOUBT, by=DPO)
    assert not actions.open_for(tx, ada, OWN)


def test_nobody_asks_as_one_who_may_be_any_of_several(tx: Transaction, vault: Vault, clock: FixedClock) -> None:
    """Two share a number: who calls from it is answered, or erased, only once somebody says who it was."""
    tel = normalise(IdentifierKind.TEL, Personal(ADA_TEL), "DK")
    for customer in "AB":
        subjects.identify(tx, vault, clock, [tel, normalise(IdentifierKind.CUSTOMER_ID, Personal(customer), "DK")])
    somebody = subjects.identify(tx, vault, clock, [tel])
    with pytest.raises(Conflict, match="any of several"):
        actions.receive(tx, vault, clock, subject=somebody, kind=RequestKind.ERASURE, by=DPO)
    assert actions.recent(tx) == []
