"""Quality of consent: what each yes is worth and why, pressure that somebody notes, and what the DPO does about what is void."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from rightcall.api.door import Door, door_for
from rightcall.api.forms import ActorShape, Form, Items, Limit, Line, Shape
from rightcall.api.gates import Held, hold
from rightcall.api.named import Keys, keys_of, purpose_of
from rightcall.consent import actions as consent
from rightcall.consent.model import Quality
from rightcall.consent.quality import actions as quality
from rightcall.consent.quality.model import (
    AsideReason,
    Cause,
    Listed,
    Mark,
    MarkId,
    ReleaseReason,
    Tally,
    Weighing,
    WordOf,
)
from rightcall.consent.quality.rules import KINDS
from rightcall.database.connection import Transaction
from rightcall.ids import ChoiceId
from rightcall.purposes.faults import OF_ANY_LANGUAGE, OF_WORDING
from rightcall.recordings import actions as recordings
from rightcall.recordings.confirming import live_version
from rightcall.staff.model import Deed
from rightcall.vault.quarantine import actions as quarantine

router = APIRouter(tags=["quality"])

_FAULTS = {kind.rule: kind for kind in (*OF_ANY_LANGUAGE, *OF_WORDING)}
_MOST_DAYS = 36_525


class FindingShape(Shape):
    """`weight`: what a yes with this finding is at best."""

    rule: str
    weight: Quality
    says: str
    cite: str


class FaultShape(Shape):
    """What is the matter with the words, by the rule of `rightcall notice check`."""

    rule: str
    says: str
    instead: str
    cite: str


class MarkShape(Shape):
    """Somebody noted pressure. `word_of`: `person` where it is what the person said, entered for them."""

    id: UUID
    choice: UUID
    word_of: WordOf
    by: ActorShape
    at: datetime
    set_aside_at: datetime | None
    statement: UUID

    @classmethod
    def of(cls, mark: Mark) -> "MarkShape":
        return cls(
            id=mark.id,
            choice=mark.choice,
            word_of=mark.word_of,
            by=ActorShape.of(mark.by),
            at=mark.at,
            set_aside_at=mark.set_aside_at,
            statement=mark.statement,
        )


class QualityShape(Shape):
    """What a yes is worth by its newest weighing, the `nth`. `quarantined_at`: since when nobody can open what was kept on it."""

    quality: Quality
    findings: list[FindingShape]
    faults: list[FaultShape]
    nth: int
    cause: Cause
    weighed_at: datetime
    weighed_by: ActorShape
    statement: UUID
    quarantined_at: datetime | None


class WeighedShape(Shape):
    """A choice with its quality, its marks, and every weighing before, oldest first. `held` as for a choice."""

    choice: UUID
    call: UUID
    quality: QualityShape
    marks: list[MarkShape]
    before: list[QualityShape]
    held: Held | None = None


class MarkForm(Form):
    word_of: WordOf = WordOf.STAFF


class AsideForm(Form):
    reason: AsideReason


class ReleaseForm(Form):
    reason: ReleaseReason


class ListedShape(Shape):
    """A yes in a list by quality: ids alone."""

    choice: UUID
    call: UUID
    party: UUID
    purpose: UUID
    purpose_key: str
    notice: UUID
    made_at: datetime
    quality: QualityShape


class TallyShape(Shape):
    """How the yeses to one notice came out. `findings`: how many yeses have each. Nobody is named."""

    purpose: UUID
    purpose_key: str
    notice: UUID
    language: str
    version: int
    valid: int
    doubtful: int
    void: int
    quarantined: int
    findings: dict[str, int]


class AskedShape(Shape):
    """Every yes to the purpose is being weighed anew; `statement` says so in the ledger."""

    purpose: UUID
    statement: UUID


@router.post("/choices/{choice}/marks", status_code=201)
def note_pressure(door: Annotated[Door, Depends(door_for(Deed.NOTE_PRESSURE))], choice: UUID, form: MarkForm) -> WeighedShape:
    """The person was pressed for this yes. It is void at once, and what was kept on it is in quarantine. In a call that goes on
    it answers once the recorder has confirmed that nothing more is kept."""

    def deed(tx: Transaction) -> int | None:
        _touch(tx, choice)
        quality.note_pressure(tx, door.house.vault, door.house.clock, ChoiceId(choice), word_of=form.word_of, by=door.actor)
        return _version(tx, choice)

    return _held(door, choice, door.run(deed), "Pressure is noted, and what was kept on this yes opens for nobody.")


@router.post("/choices/{choice}/marks/{mark}/aside")
def set_aside(
    door: Annotated[Door, Depends(door_for(Deed.JUDGE_CHOICE))], choice: UUID, mark: UUID, form: AsideForm
) -> WeighedShape:
    """This mark counts no more, and the yes is weighed anew without it. What is in quarantine stays there until its release."""

    def deed(tx: Transaction) -> WeighedShape:
        _touch(tx, choice)
        quality.set_aside(
            tx,
            door.house.vault,
            door.house.clock,
            MarkId(mark),
            choice=ChoiceId(choice),
            reason=form.reason,
            by=door.actor,
        )
        return _weighed(tx, choice)

    return door.run(deed)


@router.post("/choices/{choice}/weighings")
def weigh(door: Annotated[Door, Depends(door_for(Deed.JUDGE_CHOICE))], choice: UUID) -> WeighedShape:
    """Weigh one yes anew, by what is known now."""

    def deed(tx: Transaction) -> int | None:
        _touch(tx, choice)
        quality.reweigh(tx, door.house.vault, door.house.clock, ChoiceId(choice), cause=Cause.ASKED, by=door.actor)
        return _version(tx, choice)

    return _held(door, choice, door.run(deed), "The yes was weighed anew.")


@router.get("/choices/{choice}/weighings")
def weighings(door: Annotated[Door, Depends(door_for(Deed.SEE_CALLS))], choice: UUID) -> WeighedShape:
    """What a yes is worth, why, and what it was worth before. 409 for a no: it is never weighed."""
    return door.run(lambda tx: _weighed(tx, choice))


@router.post("/choices/{choice}/release")
def release(door: Annotated[Door, Depends(door_for(Deed.JUDGE_CHOICE))], choice: UUID, form: ReleaseForm) -> WeighedShape:
    """Out of quarantine: what was kept on this yes may be used again. 409 while a yes that it needs is void. With
    `wording_was_misread` what was found void in the words of its notice is overruled, and nothing else."""

    def deed(tx: Transaction) -> WeighedShape:
        _touch(tx, choice)
        quality.release(tx, door.house.vault, door.house.clock, ChoiceId(choice), reason=form.reason, by=door.actor)
        return _weighed(tx, choice)

    return door.run(deed)


@router.post("/choices/{choice}/let-go")
def let_go(door: Annotated[Door, Depends(door_for(Deed.JUDGE_CHOICE))], choice: UUID) -> WeighedShape:
    """Destroys the key of what is in quarantine; its bytes follow. Nothing brings it back."""

    def deed(tx: Transaction) -> WeighedShape:
        _touch(tx, choice)
        quality.let_go(tx, door.house.vault, door.house.clock, ChoiceId(choice), by=door.actor)
        return _weighed(tx, choice)

    return door.run(deed)


@router.post("/purposes/{purpose}/weighings", status_code=202)
def weigh_purpose(door: Annotated[Door, Depends(door_for(Deed.JUDGE_CHOICE))], purpose: str) -> AskedShape:
    """Weigh every yes to a purpose anew, after a better checker of words came, say. The worker does it, page by page."""

    def deed(tx: Transaction) -> AskedShape:
        id = purpose_of(tx, purpose)
        return AskedShape(purpose=id, statement=quality.ask_weighing(tx, door.house.clock, id, by=door.actor))

    return door.run(deed)


@router.get("/choices")
def by_quality(
    door: Annotated[Door, Depends(door_for(Deed.SEE_QUALITY))],
    worth: Annotated[Quality | None, Query(alias="quality", description="Only these: valid, doubtful or void.")] = None,
    purpose: Annotated[Line | None, Query(description="Only those to this purpose: an id or a key.")] = None,
    quarantined: Annotated[bool, Query(description="Only those on which what was kept is in quarantine.")] = False,
    after: Annotated[UUID | None, Query(description="`next` of the list before.")] = None,
    limit: Limit = 100,
) -> Items[ListedShape]:
    """Yeses that were weighed, the newest first: ids alone, nobody's name or number."""

    def deed(tx: Transaction) -> Items[ListedShape]:
        found = quality.listed(
            tx,
            quality=worth,
            purpose=None if purpose is None else purpose_of(tx, purpose),
            quarantined=quarantined,
            after=None if after is None else ChoiceId(after),
            limit=limit,
        )
        keys, since = keys_of(tx), quarantined_at(tx, [each.weighing for each in found])
        items = [_listed(each, keys, since.get(each.choice)) for each in found]
        return Items(items=items, next=found[-1].choice if len(found) == limit else None)

    return door.run(deed)


@router.get("/quality")
def tallies(
    door: Annotated[Door, Depends(door_for(Deed.SEE_QUALITY))],
    days: Annotated[int, Query(ge=1, le=_MOST_DAYS, description="Yeses of so many days.")] = 30,
) -> Items[TallyShape]:
    """How the yeses of the last days came out, by purpose, notice and version, and on which findings. Counts alone."""

    def deed(tx: Transaction) -> Items[TallyShape]:
        keys = keys_of(tx)
        found = quality.tallies(tx, door.house.clock.now() - timedelta(days=days))
        return Items(items=[_tally(each, keys) for each in found])

    return door.run(deed)


def quarantined_at(tx: Transaction, weighings: list[Weighing]) -> dict[ChoiceId, datetime]:
    """Since when what was kept on each of these yeses is in quarantine; those that are not in it are left out."""
    withheld = quarantine.withheld(tx, [each.grant for each in weighings])
    return {each.choice: withheld[each.grant].at for each in weighings if each.grant in withheld}


def quality_shape(weighing: Weighing, quarantined_at: datetime | None) -> QualityShape:
    kinds = [KINDS[each] for each in weighing.weighed.findings]
    faults = [_FAULTS[each] for each in weighing.weighed.faults if each in _FAULTS]
    return QualityShape(
        quality=weighing.weighed.quality,
        findings=[FindingShape(rule=kind.finding.value, weight=kind.weight, says=kind.says, cite=kind.cite) for kind in kinds],
        faults=[FaultShape(rule=kind.rule, says=kind.says, instead=kind.instead, cite=kind.cite) for kind in faults],
        nth=weighing.nth,
        cause=weighing.cause,
        weighed_at=weighing.at,
        weighed_by=ActorShape.of(weighing.by),
        statement=weighing.statement,
        quarantined_at=quarantined_at,
    )


def _weighed(tx: Transaction, choice: UUID, held: Held | None = None) -> WeighedShape:
    found = consent.choice(tx, ChoiceId(choice))
    past = quality.history(tx, found.id)
    newest = quality.must_be_weighed(found, past)
    since = quarantined_at(tx, [newest]).get(found.id)
    return WeighedShape(
        choice=found.id,
        call=found.call,
        quality=quality_shape(newest, since),
        marks=[MarkShape.of(each) for each in quality.marks_of_call(tx, found.call) if each.choice == found.id],
        before=[quality_shape(each, None) for each in past[:-1]],
        held=held,
    )


def _touch(tx: Transaction, choice: UUID) -> None:
    """Whoever weighs a yes of a call that goes on has the recorder look again, and waits crosswise with nobody."""
    recordings.touch(tx, consent.choice(tx, ChoiceId(choice)).call)


def _version(tx: Transaction, choice: UUID) -> int | None:
    return live_version(tx, consent.choice(tx, ChoiceId(choice)).call)


def _held(door: Door, choice: UUID, version: int | None, what: str) -> WeighedShape:
    """The choice as it is now, and in a call that goes on the recorder's word that its gates follow."""
    call = door.run(lambda tx: consent.choice(tx, ChoiceId(choice)).call)
    held = None
    if version is not None:
        instead = "Say nothing that must not be recorded, or end the call."
        held = hold(door, call, version, what=what, instead=instead, choice=str(choice))
    return door.run(lambda tx: _weighed(tx, choice, held))


def _listed(listed: Listed, keys: Keys, since: datetime | None) -> ListedShape:
    return ListedShape(
        choice=listed.choice,
        call=listed.call,
        party=listed.party,
        purpose=listed.purpose,
        purpose_key=keys[listed.purpose],
        notice=listed.notice,
        made_at=listed.made_at,
        quality=quality_shape(listed.weighing, since),
    )


def _tally(tally: Tally, keys: Keys) -> TallyShape:
    return TallyShape(
        purpose=tally.purpose,
        purpose_key=keys[tally.purpose],
        notice=tally.notice,
        language=tally.language,
        version=tally.version,
        valid=tally.counts.get(Quality.VALID, 0),
        doubtful=tally.counts.get(Quality.DOUBTFUL, 0),
        void=tally.counts.get(Quality.VOID, 0),
        quarantined=tally.quarantined,
        findings={finding.value: number for finding, number in sorted(tally.findings.items())},
    )
