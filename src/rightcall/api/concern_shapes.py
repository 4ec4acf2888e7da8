"""What is sent and answered about concerns, whoever asks. Days only: an instant would tell who was at work."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from rightcall.api.forms import ActorShape, Form, Items, Line, Shape
from rightcall.api.named import Keys, keys_of, purpose_of
from rightcall.clock import day_of
from rightcall.concerns import actions as concerns
from rightcall.concerns import raiser, rules
from rightcall.concerns.keeping import days_of
from rightcall.concerns.model import (
    MOST_NAME,
    MOST_WORDS,
    AboutCall,
    AboutNotice,
    AboutPurpose,
    AboutRule,
    Concern,
    Finding,
    Identity,
    Look,
    Outcome,
    Raised,
    RaisedAs,
    Step,
    Target,
    TargetKind,
    Trace,
    Words,
)
from rightcall.concerns.raiser import Proof
from rightcall.concerns.states import Ending, Stage, WaitingFor
from rightcall.concerns.wording import shown
from rightcall.database.connection import Transaction
from rightcall.errors import Malformed
from rightcall.house import House
from rightcall.ids import CallId, ConcernId, NoticeId
from rightcall.vault.model import Dark

_NO_CONTROLS = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
SayForm = Annotated[str, StringConstraints(min_length=1, max_length=MOST_WORDS, pattern=_NO_CONTROLS)]
NameForm = Annotated[str, StringConstraints(min_length=1, max_length=MOST_NAME, pattern=r"^[^\x00-\x1f\x7f]*$")]


class TargetForm(Form):
    """`kind`, and the one member of that name: `purpose` by id or key, `rule` by its id, `notice` or `call` by id. A concern
    about a call need not say which."""

    kind: TargetKind
    purpose: Line | None = None
    rule: Line | None = None
    notice: UUID | None = None
    call: UUID | None = None


class ConsentForm(Form):
    """`shown`: whether it may be shown who you are."""

    shown: bool


class TargetShape(Shape):
    """`call` is null where the raiser did not say which."""

    kind: TargetKind
    purpose: UUID | None = None
    purpose_key: str | None = None
    rule: str | None = None
    notice: UUID | None = None
    call: UUID | None = None


class FindingShape(Shape):
    outcome: Outcome
    by: ActorShape
    on: date

    @classmethod
    def of(cls, finding: Finding | None) -> "FindingShape | None":
        if finding is None:
            return None
        return cls(outcome=finding.outcome, by=ActorShape.of(finding.by), on=day_of(finding.at))


class ConcernShape(Shape):
    """`due_on`: until when the organisation has to move; null while the raiser has to. `escalated`: it was late, and went to the
    DPO. `may_be_shown`: the raiser consents at present to being known."""

    id: UUID
    about: TargetShape
    raised_as: RaisedAs
    raised_on: date
    stage: Stage
    waiting_for: WaitingFor | None
    ending: Ending | None
    owner: ActorShape | None
    due_on: date | None
    overdue: bool
    escalated: bool
    answer: FindingShape | None
    appealed_on: date | None
    decision: FindingShape | None
    closed_on: date | None
    may_be_shown: bool
    forgotten_on: date | None


class ConcernList(Items[ConcernShape]):
    """`overdue`: how many of this controller are late, on whatever page."""

    overdue: int


class StepShape(Shape):
    """`by` is null for the raiser's own."""

    step: Step
    on: date
    by: ActorShape | None
    outcome: Outcome | None


class SaidShape(Shape):
    """In the order in which it was said. Null where nothing was said yet, and where it is dark."""

    concern: str | None
    answer: str | None
    appeal: str | None
    decision: str | None
    dark: bool


class OneShape(ConcernShape):
    """`withheld` says why the words are not shown; then `words` is null."""

    words: SaidShape | None
    withheld: str | None
    steps: list[StepShape]


class LookShape(Shape):
    on: date
    by: ActorShape
    reason: str
    case: str


class OwnShape(ConcernShape):
    """For the raiser. `appeal_until`: the last day to appeal. `looks`: who was shown who you are. `forget_asked_on`: when you
    asked that it be forgotten; it is on the day after, or after it is closed."""

    words: SaidShape
    appeal_until: date | None
    looks: list[LookShape]
    forget_asked_on: date | None


class RaisedShape(Shape):
    """`code` is shown this once. `answerable`: there is a supervisor or a DPO who did not do what it is about; else a reviewer
    may answer, or the house has to name somebody."""

    concern: ConcernShape
    answerable: bool
    code: str = Field(description="The case code: seven groups of four. Whoever has it reads the answer and may appeal.")


class IdentityShape(Shape):
    """`id` is a token's or a subject's; `name` what the raiser gave."""

    raised_as: RaisedAs
    id: UUID
    role: str | None
    name: str | None

    @classmethod
    def of(cls, identity: Identity) -> "IdentityShape":
        name = None if identity.name is None else identity.name.reveal("show with consent")
        return cls(raised_as=identity.raised_as, id=identity.id, role=identity.role, name=name)


def target_of(tx: Transaction, house: House, form: TargetForm) -> Target:
    given = {name for name in ("purpose", "rule", "notice", "call") if getattr(form, name) is not None}
    if not given <= {form.kind.value} or (not given and form.kind is not TargetKind.CALL):
        raise Malformed(f"A concern about a {form.kind.value} names that, and nothing else, in the member `{form.kind.value}`.")
    if form.purpose is not None:
        return AboutPurpose(purpose_of(tx, form.purpose))
    if form.notice is not None:
        return AboutNotice(NoticeId(form.notice))
    if form.rule is not None:
        return concerns.about_rule(tx, house.clock, house.rules, form.rule)
    return AboutCall(None if form.call is None else CallId(form.call))


def shape(concern: Concern, keys: Keys, house: House) -> ConcernShape:
    return ConcernShape.model_validate(_members(concern, keys, house))


def one(tx: Transaction, concern: Concern, keys: Keys, house: House, words: Words) -> OneShape:
    return OneShape.model_validate(
        _members(concern, keys, house) | {"words": _said(words), "withheld": None, "steps": _steps(tx, concern)}
    )


def withheld(tx: Transaction, concern: Concern, keys: Keys, house: House, why: str) -> OneShape:
    return OneShape.model_validate(
        _members(concern, keys, house) | {"words": None, "withheld": why, "steps": _steps(tx, concern)}
    )


def own_shape(tx: Transaction, house: House, concern: ConcernId, proof: Proof) -> OwnShape:
    words = raiser.words(tx, house.vault, concern, proof)
    found = concerns.get(tx, concern)
    looks = [_look(look) for look in raiser.looks(tx, house.vault, concern, proof)]
    until = rules.appeal_until(found, days_of(house.settings)) if found.state.stage is Stage.ANSWERED else None
    own = {"words": _said(words), "appeal_until": until, "looks": looks, "forget_asked_on": found.forget_asked_on}
    return OwnShape.model_validate(_members(found, keys_of(tx), house) | own)


def raised_shape(raised: Raised, keys: Keys, house: House) -> RaisedShape:
    code = "" if raised.code is None else raised.code.reveal("show case code once")
    return RaisedShape(concern=shape(raised.concern, keys, house), answerable=raised.answerable, code=code)


def _members(concern: Concern, keys: Keys, house: House) -> dict[str, object]:
    return {
        "id": concern.id,
        "about": _target(concern.target, keys),
        "raised_as": concern.raised_as,
        "raised_on": concern.raised_on,
        "stage": concern.state.stage,
        "waiting_for": concern.state.waiting_for,
        "ending": concern.state.ending,
        "owner": ActorShape.of(concern.owner),
        "due_on": rules.due_on(concern),
        "overdue": rules.is_overdue(concern, day_of(house.clock.now())),
        "escalated": concern.escalated_for is not None,
        "answer": FindingShape.of(concern.answer),
        "appealed_on": concern.appealed_on,
        "decision": FindingShape.of(concern.decision),
        "closed_on": concern.closed_on,
        "may_be_shown": concern.may_be_shown,
        "forgotten_on": concern.forgotten_on,
    }


def _target(target: Target, keys: Keys) -> TargetShape:
    kind = rules.kind_of(target)
    match target:
        case AboutPurpose(purpose):
            return TargetShape(kind=kind, purpose=purpose, purpose_key=keys[purpose])
        case AboutRule(rule):
            return TargetShape(kind=kind, rule=rule)
        case AboutNotice(notice):
            return TargetShape(kind=kind, notice=notice)
        case AboutCall(call):
            return TargetShape(kind=kind, call=call)


def _steps(tx: Transaction, concern: Concern) -> list[StepShape]:
    return [_step(trace) for trace in concerns.traces(tx, concern.id)]


def _step(trace: Trace) -> StepShape:
    return StepShape(step=trace.step, on=day_of(trace.at), by=ActorShape.of(trace.by), outcome=trace.outcome)


def _look(look: Look) -> LookShape:
    reason, case = look.reason.reveal("show to the raiser"), look.case.reveal("show to the raiser")
    return LookShape(on=day_of(look.at), by=ActorShape.of(look.by), reason=reason, case=case)


def _said(words: Words) -> SaidShape:
    every = (words.words, words.answer, words.appeal, words.decision)
    return SaidShape(
        concern=shown(words.words),
        answer=shown(words.answer),
        appeal=shown(words.appeal),
        decision=shown(words.decision),
        dark=any(isinstance(each, Dark) for each in every),
    )
