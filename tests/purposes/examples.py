"""A purpose and a notice that are as they should be; tests change one thing at a time."""

from rightcall.actors import Actor, Role
from rightcall.ids import PurposeId, new_id
from rightcall.purposes.model import Keypad, LawfulBasis, NewNotice, NewPurpose

DPO = Actor(id=new_id(), role=Role.DPO)
TRAINING = NewPurpose(
    key="training",
    title="Improve how we train agents",
    justification="Agents learn most from real conversations.",
    lawful_basis=LawfulBasis.CONSENT,
    data_categories=("pd:VoiceCommunicationRecording", "pd:TelephoneNumber"),
    may_use=frozenset({Role.SUPERVISOR, Role.AGENT}),
    term_days=180,
    dpv_purpose="dpv:PersonnelManagement",
)
TEXT = "May we record this call to train our agents? Press 1 for yes, 2 for no. Either way we go on."


def a_notice(purpose: PurposeId) -> NewNotice:
    return NewNotice(purpose=purpose, language="en", text=TEXT, keypad=Keypad(yes="1", no="2"))
