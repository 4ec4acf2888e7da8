"""What is a transfer, what is missing, and that every gap has words."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from rightcall.activities.model import (
    Capacity,
    Gap,
    Kept,
    Missing,
    NewRecipient,
    NewResponsible,
    Recipient,
    RecipientKind,
    Responsible,
    Safeguard,
    Standing,
    UseMade,
)
from rightcall.activities.rules import SAYS, checked_recipient, checked_responsible, gaps, general_gaps, is_transfer, words_of
from rightcall.actors import Role
from rightcall.errors import Malformed
from rightcall.holdings.uses.model import UseAct
from rightcall.ids import PurposeId, RecipientId, ResponsibleId, StatementId, new_id
from rightcall.purposes.model import OnWithdrawal, Purpose
from tests.purposes.examples import DPO, TRAINING

NOW = datetime(2026, 11, 25, tzinfo=UTC)
PURPOSE = Purpose(
    id=PurposeId(new_id()),
    key=TRAINING.key,
    title=TRAINING.title,
    justification=TRAINING.justification,
    lawful_basis=TRAINING.lawful_basis,
    staff_basis=TRAINING.staff_basis,
    data_categories=TRAINING.data_categories,
    may_use=TRAINING.may_use,
    term_days=TRAINING.term_days,
    dpv_purpose=TRAINING.dpv_purpose,
    on_withdrawal=OnWithdrawal.DESTROY,
    created_at=NOW,
)
CLOUD = Recipient(
    id=RecipientId(new_id()),
    name="Cloud Speech Inc.",
    kind=RecipientKind.PROCESSOR,
    country="US",
    purposes=(PURPOSE.id,),
    safeguard=None,
    language=None,
    declared_by=DPO,
    declared_at=NOW,
    ended_at=None,
    statement=StatementId(new_id()),
)
VOICE = Kept(system=None, category="pd:VoiceCommunicationRecording", items=3, people=2)


@pytest.mark.parametrize(
    ("jurisdictions", "country", "leaves"),
    [
        (("EU", "DK"), "DE", False),
        (("EU", "DK"), "NO", False),
        (("EU", "DK"), "GB", True),
        (("DE",), "US", True),
        (("NO",), "SE", False),
        (("UK",), "GB", False),
        (("UK",), "DE", True),
        (("GB",), "US", True),
        (("US", "US-CA"), "IN", False),
        (("UK", "EU"), "GB", True),
    ],
)
def test_what_leaves_the_area_of_the_controllers_law(jurisdictions: tuple[str, ...], country: str, leaves: bool) -> None:
    assert is_transfer(jurisdictions, country) is leaves


def found(
    *,
    standing: Standing = Standing.RUNS,
    kept: tuple[Kept, ...] = (VOICE,),
    recipients: tuple[Recipient, ...] = (),
    transfers: tuple[Recipient, ...] = (),
    uses: tuple[UseMade, ...] = (),
) -> set[Gap]:
    return set(gaps(PURPOSE, standing, kept, recipients, transfers, uses))


def test_an_activity_that_is_as_written_has_no_gap() -> None:
    lets = replace(CLOUD, safeguard=Safeguard.STANDARD_CLAUSES)
    used = UseMade(act=UseAct.PLAY, role=Role.SUPERVISOR, times=2)
    assert found(recipients=(lets,), transfers=(lets,), uses=(used,)) == set()


def test_what_runs_is_held_against_what_is_written() -> None:
    undeclared = found(kept=(VOICE, replace(VOICE, category="pd:Name")))
    assert undeclared == {Gap(missing=Missing.UNDECLARED_CATEGORY, about="pd:Name")}
    assert found(kept=()) == {Gap(missing=Missing.NOTHING_HELD)}
    assert found(standing=Standing.ENDED) == {Gap(missing=Missing.HELD_AFTER_END)}
    assert found(recipients=(CLOUD,), transfers=(CLOUD,)) == {Gap(missing=Missing.NO_SAFEGUARD, about="US")}
    stranger = UseMade(act=UseAct.PLAY, role=Role.ENGINEER, times=1)
    assert found(uses=(stranger,)) == {Gap(missing=Missing.UNDECLARED_ROLE, about="engineer")}
    assert found(uses=(replace(stranger, role=Role.SYSTEM), replace(stranger, role=Role.SUBJECT))) == set()


def test_sharing_wants_a_recipient_who_is_no_processor() -> None:
    shared = UseMade(act=UseAct.SHARE, role=Role.SUPERVISOR, times=1)
    assert found(recipients=(CLOUD,), uses=(shared,)) == {Gap(missing=Missing.UNDECLARED_SHARING)}
    assert found(recipients=(replace(CLOUD, kind=RecipientKind.AUTHORITY),), uses=(shared,)) == set()


def test_nobody_declared_and_nothing_purposed_is_said() -> None:
    crm = Kept(system="crm", category="pd:Name", items=5, people=5)
    told = list(
        general_gaps((), (crm, crm), purposeless=["crm", "share"], not_known=["share was never scanned."], is_counted=True)
    )
    assert told == [
        Gap(missing=Missing.NO_DPO),
        Gap(missing=Missing.NO_PURPOSE, about="crm"),
        Gap(missing=Missing.NO_PURPOSE, about="share"),
        Gap(missing=Missing.NOT_KNOWN, about="share was never scanned."),
    ]
    officer = Responsible(
        id=ResponsibleId(new_id()), capacity=Capacity.DPO, name="Office", contact="x", declared_at=NOW, ended_at=None
    )
    assert list(general_gaps((officer,), (), purposeless=[], not_known=[], is_counted=True)) == []


def test_every_gap_has_words() -> None:
    assert set(SAYS) == set(Missing)
    assert all("{" not in words_of(Gap(missing=each, about="x")) for each in Missing)


@pytest.mark.parametrize(
    ("name", "country", "purposes"),
    [
        (" ", "US", (PURPOSE.id,)),
        ("a\nb", "US", (PURPOSE.id,)),
        ("x" * 201, "US", (PURPOSE.id,)),
        ("Cloud", "usa", (PURPOSE.id,)),
        ("Cloud", "US", ()),
        ("Cloud", "US", (PURPOSE.id, PURPOSE.id)),
    ],
    ids=["blank", "two lines", "long", "no country", "no purpose", "twice"],
)
def test_a_recipient_that_is_not_whole_is_refused(name: str, country: str, purposes: tuple[PurposeId, ...]) -> None:
    with pytest.raises(Malformed):
        checked_recipient(NewRecipient(name=name, kind=RecipientKind.PROCESSOR, country=country, purposes=purposes))


def test_whoever_answers_for_it_can_be_reached() -> None:
    with pytest.raises(Malformed, match="published"):
        checked_responsible(NewResponsible(capacity=Capacity.DPO, name="Office", contact=" "))


def test_what_the_law_protects_most_is_named_whether_or_not_the_purpose_names_it() -> None:
    [gap] = [each for each in found(kept=(VOICE, replace(VOICE, category="pd:Health"))) if each.missing is Missing.GRAVE_CATEGORY]
    assert words_of(gap).startswith("What the law protects most is held for it: health.")
