"""Questions to ask in tests, ordinary unless told otherwise: Ada, a customer, and her agent, in Denmark."""

import dataclasses

from rightcall.actors import Actor, PartyRole, Role
from rightcall.ids import PurposeId, new_id
from rightcall.policy.model import Act, PartyFacts, PurposeFacts, Question, Said
from rightcall.purposes.model import LawfulBasis
from tests.cast import MONDAY

SUPERVISOR = Actor(id=new_id(), role=Role.SUPERVISOR)


def purpose(**changes: object) -> PurposeFacts:
    ordinary = PurposeFacts(
        id=PurposeId(new_id()),
        key="training",
        basis=LawfulBasis.CONSENT,
        staff_basis=LawfulBasis.LEGITIMATE_INTERESTS,
        categories=frozenset({"pd:VoiceCommunicationRecording"}),
        may_use=frozenset({Role.SUPERVISOR}),
        term_days=30,
        active=True,
    )
    return dataclasses.replace(ordinary, **changes)  # type: ignore[arg-type]  # any field, by name


def customer(answer: Said = Said.GRANTED) -> PartyFacts:
    return PartyFacts(role=PartyRole.CUSTOMER, answer=answer, basis=LawfulBasis.CONSENT)


def agent(answer: Said = Said.UNASKED) -> PartyFacts:
    return PartyFacts(role=PartyRole.AGENT, answer=answer, basis=LawfulBasis.LEGITIMATE_INTERESTS)


def capture(**changes: object) -> Question:
    speaker = changes.pop("speaker", customer())
    ordinary = Question(
        act=Act.CAPTURE,
        at=MONDAY,
        jurisdictions=frozenset({"DK"}),
        purpose=purpose(),
        speaker=speaker,  # type: ignore[arg-type]  # a party, or None
        parties=(customer(), agent()),
        pauses=frozenset(),
        review_in_force=True,
        carries_card_data=False,
        carries_authentication_data=False,
    )
    return dataclasses.replace(ordinary, **changes)  # type: ignore[arg-type]  # any field, by name
