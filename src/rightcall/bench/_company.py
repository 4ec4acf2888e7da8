"""The company that benches work for, with one purpose."""

from rightcall.actors import Role
from rightcall.calls.model import NewTrunk
from rightcall.controllers.model import NewController
from rightcall.purposes.model import LawfulBasis, NewPurpose

COMPANY = NewController(
    name="Example Energy",
    address="1 Example Street, Copenhagen",
    contact="dpo@energy.example",
    jurisdictions=("EU",),
)
TRUNK = NewTrunk(name="main", sources=("192.0.2.0/24",), staff=("energy.example",), default_region="DK", language="en")
TRAINING = NewPurpose(
    key="training",
    title="Improve how we train agents",
    justification="Agents learn from calls, so that the next caller is helped better.",
    lawful_basis=LawfulBasis.CONSENT,
    data_categories=("pd:VoiceCommunicationRecording",),
    may_use=frozenset({Role.SUPERVISOR}),
    term_days=30,
    dpv_purpose="dpv:PersonnelManagement",
)
