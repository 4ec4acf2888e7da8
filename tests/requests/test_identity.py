"""How sure it has to be who asks, for each kind, by each proof, from each role."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from rightcall.actors import Actor, Role
from rightcall.ids import RequestId, StatementId, SubjectId, new_id
from rightcall.requests import identity
from rightcall.requests.model import (
    Behalf,
    Channel,
    MandateEvidence,
    Missing,
    ProofKind,
    ProofRefusal,
    Request,
    RequestKind,
    Stage,
)

PROTECTS = {RequestKind.WITHDRAWAL, RequestKind.OBJECTION, RequestKind.RESTRICTION}
TODAY = date(2026, 11, 26)


def request(kind: RequestKind = RequestKind.ACCESS) -> Request:
    return Request(
        id=RequestId(new_id()),
        subject=SubjectId(new_id()),
        kind=kind,
        channel=Channel.PHONE,
        language="en",
        by=Actor(id=new_id(), role=Role.AGENT),
        received_at=datetime(2026, 11, 26, tzinfo=UTC),
        law="EU",
        cite="GDPR Art. 12(3)",
        due_on=date(2026, 12, 26),
        longest_on=date(2027, 2, 26),
        acknowledge_by=None,
        acknowledged_at=None,
        extended_for=None,
        behalf=Behalf.SELF,
        mandate_until=None,
        proof=ProofKind.CALL_BACK,
        ready_at=None,
        appealed_at=None,
        stage=Stage.OPEN,
        outcome=None,
        ground=None,
        answered_at=None,
        statement=StatementId(new_id()),
    )


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR, Role.DPO])
@pytest.mark.parametrize("proof", ProofKind)
@pytest.mark.parametrize("kind", RequestKind)
def test_each_proof_for_each_kind_from_each_role(kind: RequestKind, proof: ProofKind, role: Role) -> None:
    why = identity.refusal_of(kind, proof, role)
    if proof is ProofKind.VOUCHED and role is not Role.DPO:
        assert why is ProofRefusal.NOT_YOUR_WORD
    elif proof is ProofKind.RECOGNISED and kind not in PROTECTS:
        assert why is ProofRefusal.TOO_WEAK
    elif kind is RequestKind.ERASURE and proof in (ProofKind.CALL_BACK, ProofKind.SIGNED_IN) and role is not Role.DPO:
        assert why is ProofRefusal.NOT_YOUR_WORD
    else:
        assert why is None


@pytest.mark.parametrize("kind", RequestKind)
def test_every_need_has_its_reason(kind: RequestKind) -> None:
    assert identity.NEEDS[kind].why.endswith(".")


@pytest.mark.parametrize("role", Role)
def test_only_the_dpo_answers_for_who_asks_unasked_and_for_nobody_else_than_the_person(role: Role) -> None:
    vouches = role in (Role.DPO, Role.SYSTEM)
    assert (identity.proof_unless_said(role, Behalf.SELF) is ProofKind.VOUCHED) is vouches
    assert identity.proof_unless_said(role, Behalf.PARENT) is None
    assert identity.proof_unless_said(role, Behalf.REPRESENTATIVE) is None


def test_a_mandate_fits_whom_it_is_for() -> None:
    fits = {behalf: {each for each in MandateEvidence if identity.fits(behalf, each)} for behalf in Behalf}
    assert fits[Behalf.SELF] == set()
    assert fits[Behalf.PARENT] & fits[Behalf.REPRESENTATIVE] == {MandateEvidence.COURT_ORDER}
    assert fits[Behalf.PARENT] | fits[Behalf.REPRESENTATIVE] == set(MandateEvidence)


def test_what_is_missing_is_all_named() -> None:
    unproved = replace(request(), proof=None, behalf=Behalf.PARENT)
    assert identity.missing(unproved, today=TODAY, also=()) == (Missing.IDENTITY, Missing.MANDATE)
    assert identity.missing(request(), today=TODAY, also=list(RequestKind)) == ()
    erasure = request(RequestKind.ERASURE)
    for kind in RequestKind:
        waits = {
            RequestKind.ACCESS: (Missing.ACCESS_FIRST,),
            RequestKind.PORTABILITY: (Missing.ACCESS_FIRST,),
            RequestKind.RESTRICTION: (Missing.RESTRICTION_FIRST,),
        }
        assert identity.missing(erasure, today=TODAY, also=[kind]) == waits.get(kind, ()), kind


@pytest.mark.parametrize(("until", "found"), [(TODAY, ()), (date(2026, 11, 25), (Missing.MANDATE,)), (None, (Missing.MANDATE,))])
def test_a_mandate_ends_on_its_day(until: date | None, found: tuple[Missing, ...]) -> None:
    asked = replace(request(), behalf=Behalf.REPRESENTATIVE, mandate_until=until)
    assert identity.missing(asked, today=TODAY, also=()) == found
