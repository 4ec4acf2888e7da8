"""Asking before doing: may this be done, with this, for this purpose, now? Lawful? Right? A no is an answer: status 200 too."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from rightcall.actors import PartyRole
from rightcall.api.again import REPEATABLE
from rightcall.api.door import Door, door_for
from rightcall.api.facts import QuestionForm, is_about_the_record, question_of
from rightcall.api.forms import ActorShape, Items, Limit, Shape
from rightcall.api.named import Keys, keys_of, purpose_of
from rightcall.api.problems import Refusal
from rightcall.calls import actions as calls
from rightcall.clock import day_of
from rightcall.database.connection import Transaction
from rightcall.errors import RightcallError
from rightcall.house import House
from rightcall.ids import CallId, VerdictId
from rightcall.policy import actions as policy
from rightcall.policy.counterfactual import Counterfactual, counterfactuals
from rightcall.policy.looking.actions import of_days, summary, verdicts
from rightcall.policy.looking.model import Summary
from rightcall.policy.model import Act, Axis, Confidence, DutyKind, Outcome, RuleSet, StoredVerdict, Verdict
from rightcall.policy.otherwise import in_words
from rightcall.policy.rules import canonical_facts
from rightcall.policy.unknown import not_known
from rightcall.purposes import actions as purposes
from rightcall.recordings.circumstances import circumstances
from rightcall.staff.actions import authenticate, require
from rightcall.staff.model import Deed
from rightcall.telemetry import metrics

router = APIRouter(tags=["verdicts"])


class ReasonShape(Shape):
    """A rule that decided. `ground`: a citation, or the value behind a house rule. `instead`: what would make it right. `places`:
    those by which it counts, empty for everywhere. `confidence`: of a law rule; contested ones are the stricter reading."""

    rule: str
    axis: Axis
    ground: str
    says: str
    instead: str
    places: list[str]
    confidence: Confidence | None


class DutyShape(Shape):
    """What must be done along with a yes."""

    kind: DutyKind
    rule: str
    days: int | None


class VerdictShape(Shape):
    """`lawful` and `right` are null where they cannot be told; then `missing` names what is not known, and `not_known` says it in
    words, with what would help. `rule_set`: SHA-256. `overrides`: those without which it would be another verdict."""

    id: UUID | None
    outcome: Outcome
    lawful: bool | None
    right: bool | None
    reasons: list[ReasonShape]
    duties: list[DutyShape]
    missing: list[str]
    not_known: list[str]
    rule_set: str
    overrides: list[UUID]


class ChangeShape(Shape):
    """One fact that would be otherwise; `says` is it in plain words."""

    fact: str
    was: str
    would_be: str
    says: str


class CounterfactualShape(Shape):
    """With all of `changes`, the outcome would be this one, with these duties."""

    changes: list[ChangeShape]
    outcome: Outcome
    duties: list[DutyShape]


class TurnableVerdictShape(VerdictShape):
    """`counterfactuals`: the smallest changes of facts that would turn a no into a go, or a go into a no, at most six. Empty
    where none of up to three does, where an override decided, or where the rules that decided can no longer be read."""

    counterfactuals: list[CounterfactualShape]


class StoredVerdictShape(VerdictShape):
    """A verdict as it was given."""

    asked_at: datetime
    by: ActorShape
    act: Act
    purpose: UUID | None
    purpose_key: str | None
    call: UUID | None
    stream: UUID | None
    holding: UUID | None
    statement: UUID


class ExplainedVerdictShape(StoredVerdictShape, TurnableVerdictShape):
    """A verdict as it was given, and what would turn it by the rules that gave it."""


@router.post("/verdicts")
def ask(request: Request, door: Annotated[Door, Depends(door_for(Deed.ASK_VERDICT))], form: QuestionForm) -> TurnableVerdictShape:
    """The verdict, stored with its facts, and a statement in the ledger. Asked again by the same token on the same day, what is
    about nothing on record has the same verdict, as long as nothing that it rests on has changed."""
    setattr(request.state, REPEATABLE, not is_about_the_record(form))

    def deed(tx: Transaction) -> TurnableVerdictShape:
        question = question_of(tx, door, form)
        standing = policy.in_force(tx, door.house.clock, door.house.rules)
        ((id, verdict),) = policy.ask_all(
            tx, rules=door.house.rules, clock=door.house.clock, questions=[question], by=door.actor, standing=standing
        )
        turned = _turned(standing.rules, question.act, canonical_facts(question), question.at, verdict)
        return TurnableVerdictShape(**dict(verdict_shape(verdict, id, standing.rules)), counterfactuals=turned)

    answer = door.run(deed)
    if answer.overrides:  # each use of one is counted
        setattr(request.state, REPEATABLE, False)
    metrics().verdicts.labels(outcome=answer.outcome.value).inc()
    return answer


def state_of(house: House, secret: str) -> bytes | None:
    """A digest of all that a verdict rests on, for this token today, save the question; None where the token opens nothing."""
    try:
        with house.database.system() as tx:
            controller, actor = authenticate(tx, house.clock, secret)
        require(actor, Deed.ASK_VERDICT)
        with house.database.transaction(controller) as tx:
            around = circumstances(tx, (), rules=house.rules, clock=house.clock)
            register = sorted(purposes.all_purposes(tx), key=lambda purpose: purpose.id)
            standing = policy.in_force(tx, house.clock, house.rules)
    except RightcallError:
        return None
    told = (
        actor,
        day_of(house.clock.now()),
        [(each, sorted(each.may_use)) for each in register],
        sorted(each.place for each in around.places),
        sorted(around.reviewed.items(), key=lambda item: item[0]),
        sorted(around.costly),
        sorted(around.on_trial),
        standing.rules.digest,
        standing.unreadable,
        standing.asides,
    )
    return hashlib.sha256(repr(told).encode()).digest()


class BehindShape(Shape):
    """A rule that stood in the way; where `axis` is null, a fact that was missing. `examples`: the latest few."""

    rule: str
    axis: Axis | None
    says: str
    instead: str
    verdicts: int
    calls: int
    examples: list[UUID]


class LineShape(Shape):
    """`about`: whose words, by the role in the call. `is_on_record`: false where somebody's words are asked about, and no call or
    holding: beforehand, or to see what would be."""

    purpose: UUID | None
    purpose_key: str | None
    act: Act
    outcome: Outcome
    about: PartyRole | None
    is_on_record: bool
    verdicts: int
    calls: int
    behind: list[BehindShape]


class SummaryShape(Shape):
    """`calls`: in which anything was decided; a question that is about no call counts in none."""

    since: datetime
    until: datetime
    verdicts: int
    calls: int
    lines: list[LineShape]


Days = Annotated[int, Query(ge=1, le=36_525, description="How many days back.")]


@router.get("/verdicts")
def list_verdicts(
    door: Annotated[Door, Depends(door_for(Deed.SEE_VERDICTS))],
    days: Days = 30,
    purpose: Annotated[str | None, Query(description="Only for this purpose, by id or key.")] = None,
    act: Annotated[Act | None, Query(description="Only on this act.")] = None,
    outcome: Annotated[Outcome | None, Query(description="Only with this outcome.")] = None,
    rule: Annotated[str | None, Query(max_length=200, description="Only those that name this rule.")] = None,
    after: Annotated[UUID | None, Query(description="`next` of the list before.")] = None,
    limit: Limit = 100,
) -> Items[StoredVerdictShape]:
    """What was decided, the newest first."""

    def deed(tx: Transaction) -> Items[StoredVerdictShape]:
        of = None if purpose is None else purpose_of(tx, purpose)
        wanted = replace(of_days(door.house.clock, days, purpose=of), act=act, outcome=outcome, rule=rule)
        found = verdicts(tx, wanted, after=None if after is None else VerdictId(after), limit=limit)
        keys = keys_of(tx)
        return Items(items=[_stored(each, keys) for each in found], next=found[-1].id if len(found) == limit else None)

    return door.run(deed)


@router.get("/verdicts/summary")
def summarise(
    door: Annotated[Door, Depends(door_for(Deed.SEE_VERDICTS))],
    days: Days = 30,
    purpose: Annotated[str | None, Query(description="Only for this purpose, by id or key.")] = None,
) -> SummaryShape:
    """How often each act was allowed and stopped for each purpose, by which rules, in how many calls."""

    def deed(tx: Transaction) -> SummaryShape:
        of = None if purpose is None else purpose_of(tx, purpose)
        return summary_shape(summary(tx, of_days(door.house.clock, days, purpose=of)), keys_of(tx))

    return door.run(deed)


def summary_shape(found: Summary, keys: Keys) -> SummaryShape:
    return SummaryShape(
        since=found.since,
        until=found.until,
        verdicts=found.verdicts,
        calls=found.calls,
        lines=[
            LineShape(
                purpose=line.purpose,
                purpose_key=None if line.purpose is None else keys[line.purpose],
                act=line.act,
                outcome=line.outcome,
                about=line.about,
                is_on_record=line.is_on_record,
                verdicts=line.verdicts,
                calls=line.calls,
                behind=[BehindShape.model_validate(each) for each in line.behind],
            )
            for line in found.lines
        ],
    )


@router.get("/verdicts/{verdict}")
def get_verdict(door: Annotated[Door, Depends(door_for(Deed.ASK_VERDICT))], verdict: UUID) -> ExplainedVerdictShape:
    """One verdict, as it was given, and what would turn it by the rules that gave it."""

    def deed(tx: Transaction) -> ExplainedVerdictShape:
        stored = policy.get(tx, VerdictId(verdict))
        rules = policy.kept_rules(tx, stored.verdict.rule_set).rules
        turned = _turned(rules, stored.act, stored.facts, stored.asked_at, stored.verdict)
        return ExplainedVerdictShape(**dict(_stored(stored, keys_of(tx), rules)), counterfactuals=turned)

    return door.run(deed)


@router.get("/calls/{call}/verdicts")
def of_call(door: Annotated[Door, Depends(door_for(Deed.SEE_CALLS))], call: UUID) -> Items[StoredVerdictShape]:
    """All that was asked on the record about a call, in order; a gate that the rules shut too. Why one is shut otherwise, the
    timeline says."""

    def deed(tx: Transaction) -> Items[StoredVerdictShape]:
        found, keys = calls.get(tx, CallId(call)), keys_of(tx)
        return Items(items=[_stored(verdict, keys) for verdict in policy.of_call(tx, found.id)])

    return door.run(deed)


def verdict_shape(verdict: Verdict, id: VerdictId | None = None, rules: RuleSet | None = None) -> VerdictShape:
    return VerdictShape(
        id=id,
        outcome=verdict.outcome,
        lawful=verdict.lawful,
        right=verdict.right,
        reasons=[ReasonShape.model_validate(reason) for reason in verdict.reasons],
        duties=[DutyShape.model_validate(duty) for duty in verdict.duties],
        missing=list(verdict.missing),
        not_known=[not_known(each, rules) for each in verdict.missing],
        rule_set=verdict.rule_set.hex(),
        overrides=list(verdict.overrides),
    )


def refusal(verdict: Verdict, id: VerdictId) -> Refusal:
    """What somebody is answered who may not: 403, with the verdict."""
    told = verdict_shape(verdict, id)
    return Refusal("verdict-no", "The verdict is no", 403, _what_helps(told), verdict=told.model_dump(mode="json"))


def _what_helps(verdict: VerdictShape) -> str:
    """What somebody who was told no can do."""
    return " ".join([*(reason.instead for reason in verdict.reasons), *verdict.not_known])


def _turned(rules: RuleSet | None, act: Act, facts: bytes, at: datetime, verdict: Verdict) -> list[CounterfactualShape]:
    return turned_shapes(counterfactuals(rules, act, facts, day_of(at), verdict))


def turned_shapes(found: Iterable[Counterfactual]) -> list[CounterfactualShape]:
    return [
        CounterfactualShape(
            outcome=each.outcome,
            duties=[DutyShape.model_validate(duty) for duty in each.duties],
            changes=[
                ChangeShape(fact=change.fact, was=change.was, would_be=change.would_be, says=in_words(change))
                for change in each.changes
            ],
        )
        for each in found
    ]


def _stored(stored: StoredVerdict, keys: Keys, rules: RuleSet | None = None) -> StoredVerdictShape:
    return StoredVerdictShape(
        **dict(verdict_shape(stored.verdict, stored.id, rules)),
        asked_at=stored.asked_at,
        by=ActorShape.of(stored.by),
        act=stored.act,
        purpose=stored.purpose,
        purpose_key=None if stored.purpose is None else keys[stored.purpose],
        call=stored.call,
        stream=stored.stream,
        holding=stored.holding,
        statement=stored.statement,
    )
