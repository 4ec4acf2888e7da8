"""The purpose register and its notices: why data is processed, and the exact words people are told."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from rightcall.actors import Role
from rightcall.api.door import Door, door_for
from rightcall.api.forms import Form, Items, Language, Line, Shape, Words
from rightcall.api.named import Keys, keys_of, purpose_of
from rightcall.api.problems import Refusal
from rightcall.concerns import actions as concerns
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.ids import NoticeId, PurposeId
from rightcall.purposes import actions as purposes
from rightcall.purposes.faults import Fault, Severity, VoidNotice
from rightcall.purposes.fitting import faults_of
from rightcall.purposes.model import Keypad, LawfulBasis, NewNotice, NewPurpose, Notice, OnWithdrawal, Purpose
from rightcall.recordings import actions as recordings
from rightcall.reviews import standing as reviews_standing
from rightcall.reviews.model import InForce, Standing, Why
from rightcall.staff.model import Deed

router = APIRouter(tags=["purposes"])

_VOID = (
    "The notice was not published. `findings` says which words do it, and what to say instead. Change them, and send it again."
)


class PurposeForm(Form):
    """`key` is a short name in lower case; `data_categories` and `dpv_purpose` are terms of the W3C Data Privacy Vocabulary.
    `legal_duty`: the law that demands it, where the lawful basis is a legal obligation: as lawyers cite it, such as AO § 147, or
    by the short name that rules go by (mifid)."""

    key: Line
    title: Line
    justification: Words
    lawful_basis: LawfulBasis
    staff_basis: LawfulBasis = LawfulBasis.LEGITIMATE_INTERESTS
    data_categories: list[Line] = Field(min_length=1, max_length=50)
    may_use: list[Role] = Field(min_length=1, max_length=10)
    term_days: int = Field(ge=1, le=36500)
    dpv_purpose: Line
    on_withdrawal: OnWithdrawal = OnWithdrawal.DESTROY
    legal_duty: Line | None = None


class WhyNotShape(Shape):
    """Why no review is in force, and what to do. `rule`: that which says no, where it is one."""

    why: Why
    says: str
    instead: str
    rule: str | None


class PurposeReviewShape(Shape):
    """Whether a review of the purpose is in force: without one nothing runs for it. `review`: that one, else the newest."""

    in_force: bool
    review: UUID | None
    until: date | None
    why_not: list[WhyNotShape]


class PurposeShape(Shape):
    """`open_concerns`: about it or one of its notices, and not closed; those raised today count from tomorrow on."""

    id: UUID
    key: str
    title: str
    justification: str
    lawful_basis: LawfulBasis
    staff_basis: LawfulBasis
    data_categories: list[str]
    may_use: list[Role]
    term_days: int
    dpv_purpose: str
    on_withdrawal: OnWithdrawal
    legal_duty: str | None
    created_at: datetime
    ended_at: datetime | None
    review: PurposeReviewShape
    open_concerns: int


class KeypadForm(Form):
    """One key for yes, one for no: 0 to 9, * or #."""

    yes: str = Field(pattern=r"^[0-9*#]$")
    no: str = Field(pattern=r"^[0-9*#]$")


class NoticeForm(Form):
    language: Language
    text: Words
    keypad: KeypadForm | None = None


class KeypadShape(Shape):
    yes: str
    no: str


class NoticeShape(Shape):
    """`digest` is the SHA-256 by which the notice is known: a choice points at it. `retired_at`: since when nobody is asked with
    it, nor with any before it in this language."""

    id: UUID
    purpose: UUID
    purpose_key: str
    language: str
    version: int
    text: str
    digest: str
    keypad: KeypadShape | None
    created_at: datetime
    retired_at: datetime | None


class FindingShape(Shape):
    """`start` and `end`: characters of the text; all of it, and no `words`, where something is missing. `better`: in the notice's
    own language, null where that cannot be read."""

    rule: str
    severity: Severity
    start: int
    end: int
    words: str
    says: str
    instead: str
    better: str | None
    cite: str


class CheckedNoticeShape(NoticeShape):
    findings: list[FindingShape]


@router.get("/purposes")
def list_purposes(
    door: Annotated[Door, Depends(door_for(Deed.SEE_PURPOSES))],
    active: Annotated[bool, Query(description="Only purposes that have not ended.")] = False,
) -> Items[PurposeShape]:
    """The register, in the order it was made."""

    def deed(tx: Transaction) -> Items[PurposeShape]:
        return Items(items=_shown(tx, door, purposes.active(tx) if active else purposes.all_purposes(tx)))

    return door.run(deed)


@router.post("/purposes", status_code=201)
def create_purpose(door: Annotated[Door, Depends(door_for(Deed.CHANGE_PURPOSES))], form: PurposeForm) -> PurposeShape:
    """A new purpose. It cannot be changed afterwards, only ended: a different purpose is a new one."""
    new = new_purpose(form)
    return door.run(lambda tx: _shown(tx, door, [purposes.create_purpose(tx, door.house.clock, new, by=door.actor)])[0])


@router.get("/purposes/{purpose}")
def get_purpose(door: Annotated[Door, Depends(door_for(Deed.SEE_PURPOSES))], purpose: str) -> PurposeShape:
    """One purpose, by its id or its key; and whether it is reviewed, or why not."""
    return door.run(lambda tx: _shown(tx, door, [purposes.get(tx, purpose_of(tx, purpose))])[0])


@router.post("/purposes/{purpose}/end")
def end_purpose(door: Annotated[Door, Depends(door_for(Deed.CHANGE_PURPOSES))], purpose: str) -> PurposeShape:
    """Nobody is asked and nothing is captured for it any more. Recorders read it within a second, in calls that go on too."""

    def deed(tx: Transaction) -> PurposeShape:
        ended = purposes.end_purpose(tx, door.house.clock, purpose_of(tx, purpose), by=door.actor)
        recordings.look_again(tx, [tx.of])
        return _shown(tx, door, [ended])[0]

    return door.run(deed)


@router.get("/purposes/{purpose}/notices")
def list_notices(door: Annotated[Door, Depends(door_for(Deed.SEE_PURPOSES))], purpose: str) -> Items[NoticeShape]:
    """All versions of its notices in all languages, in each language the newest first."""

    def deed(tx: Transaction) -> Items[NoticeShape]:
        of, keys = purposes.get(tx, purpose_of(tx, purpose)).id, keys_of(tx)
        found = sorted(purposes.notices(tx, of), key=lambda notice: (notice.language, -notice.version))
        return Items(items=[_notice(notice, keys) for notice in found])

    return door.run(deed)


@router.post("/purposes/{purpose}/notices", status_code=201)
def publish_notice(
    door: Annotated[Door, Depends(door_for(Deed.PUBLISH_NOTICE))], purpose: str, form: NoticeForm
) -> CheckedNoticeShape:
    """The next version of the words in this language, and what is wrong with them. Choices go on pointing at the words that were
    played; a review of the purpose was of other words, and lapses. Words to which a yes would be none are refused."""

    def deed(tx: Transaction) -> CheckedNoticeShape:
        new = new_notice(purpose_of(tx, purpose), form)
        published = purposes.publish_notice(tx, door.house.clock, new, by=door.actor)
        recordings.look_again(tx, [tx.of])
        return _checked(tx, published)

    try:
        return door.run(deed)
    except VoidNotice as void:
        findings = [_finding(fault).model_dump() for fault in void.faults]
        raise Refusal("void-notice", "A yes to these words would be none", 422, _VOID, findings=findings) from void


@router.post("/notices/{notice}/retire")
def retire_notice(door: Annotated[Door, Depends(door_for(Deed.PUBLISH_NOTICE))], notice: UUID) -> CheckedNoticeShape:
    """Nobody is asked in its language any more, until other words are published in it. A yes to it stands, and what was reviewed
    beside it stays reviewed."""

    def deed(tx: Transaction) -> CheckedNoticeShape:
        retired = purposes.retire_notice(tx, door.house.clock, NoticeId(notice), by=door.actor)
        recordings.look_again(tx, [tx.of])
        return _checked(tx, retired)

    return door.run(deed)


@router.get("/purposes/{purpose}/notice")
def current_notice(
    door: Annotated[Door, Depends(door_for(Deed.SEE_PURPOSES))],
    purpose: str,
    language: Annotated[Language, Query(description="BCP 47. A region falls back to its language: da-DK to da.")],
) -> NoticeShape:
    """The words to play now in this language: the latest version. 404 where there are none, so that nobody can be asked in it."""

    def deed(tx: Transaction) -> NoticeShape:
        return _notice(purposes.current_notice(tx, purpose_of(tx, purpose), language), keys_of(tx))

    return door.run(deed)


@router.get("/notices/{notice}")
def get_notice(door: Annotated[Door, Depends(door_for(Deed.SEE_PURPOSES))], notice: UUID) -> CheckedNoticeShape:
    """One notice, as it was played, and what is wrong with its words, read from them now."""
    return door.run(lambda tx: _checked(tx, purposes.notice(tx, NoticeId(notice))))


def new_purpose(form: PurposeForm) -> NewPurpose:
    return NewPurpose(
        key=form.key,
        title=form.title,
        justification=form.justification,
        lawful_basis=form.lawful_basis,
        staff_basis=form.staff_basis,
        data_categories=tuple(form.data_categories),
        may_use=frozenset(form.may_use),
        term_days=form.term_days,
        dpv_purpose=form.dpv_purpose,
        on_withdrawal=form.on_withdrawal,
        legal_duty=form.legal_duty,
    )


def new_notice(purpose: PurposeId, form: NoticeForm) -> NewNotice:
    keypad = None if form.keypad is None else Keypad(yes=form.keypad.yes, no=form.keypad.no)
    return NewNotice(purpose=purpose, language=form.language, text=form.text, keypad=keypad)


def _shown(tx: Transaction, door: Door, found: list[Purpose]) -> list[PurposeShape]:
    """With whether each is reviewed."""
    standings = reviews_standing.standings(tx, door.house.clock, door.house.rules, found)
    return [_purpose(tx, door, purpose, standings[purpose.id]) for purpose in found]


def _review(tx: Transaction, standing: Standing) -> PurposeReviewShape:
    return PurposeReviewShape(
        in_force=isinstance(standing, InForce),
        review=standing.review,
        until=standing.until if isinstance(standing, InForce) else None,
        why_not=[WhyNotShape.model_validate(each) for each in reviews_standing.why_not(tx, standing)],
    )


def _purpose(tx: Transaction, door: Door, purpose: Purpose, standing: Standing) -> PurposeShape:
    return PurposeShape(
        id=purpose.id,
        key=purpose.key,
        title=purpose.title,
        justification=purpose.justification,
        lawful_basis=purpose.lawful_basis,
        staff_basis=purpose.staff_basis,
        data_categories=list(purpose.data_categories),
        may_use=sorted(purpose.may_use),
        term_days=purpose.term_days,
        dpv_purpose=purpose.dpv_purpose,
        on_withdrawal=purpose.on_withdrawal,
        legal_duty=purpose.legal_duty,
        created_at=purpose.created_at,
        ended_at=purpose.ended_at,
        review=_review(tx, standing),
        open_concerns=concerns.open_about(tx, door.house.clock, purpose.id),
    )


def _checked(tx: Transaction, notice: Notice) -> CheckedNoticeShape:
    purpose = purposes.get(tx, notice.purpose)
    faults = faults_of(notice, controllers.get(tx).name, purpose.title, purpose.lawful_basis)
    shown = _notice(notice, keys_of(tx))
    return CheckedNoticeShape(**dict(shown), findings=[_finding(fault) for fault in faults])


def _finding(fault: Fault) -> FindingShape:
    return FindingShape(
        rule=fault.kind.rule,
        severity=fault.kind.severity,
        start=fault.start,
        end=fault.end,
        words=fault.words,
        says=fault.kind.says,
        instead=fault.kind.instead,
        better=fault.better,
        cite=fault.kind.cite,
    )


def _notice(notice: Notice, keys: Keys) -> NoticeShape:
    return NoticeShape(
        id=notice.id,
        purpose=notice.purpose,
        purpose_key=keys[notice.purpose],
        language=notice.language,
        version=notice.version,
        text=notice.text,
        digest=notice.digest.hex(),
        keypad=None if notice.keypad is None else KeypadShape(yes=notice.keypad.yes, no=notice.keypad.no),
        created_at=notice.created_at,
        retired_at=notice.retired_at,
    )
