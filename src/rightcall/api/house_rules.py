"""Rules: what is in force in plain words, and house rules on their way there: drafted, replayed, signed by two, adopted."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field, StringConstraints, model_validator

from rightcall.api.door import Door, door_for
from rightcall.api.drift_shapes import DriftShape, drift_shape
from rightcall.api.forms import ActorShape, Form, Items, Line, Shape
from rightcall.database.connection import Transaction
from rightcall.errors import NotFound
from rightcall.ids import AdoptionId, DraftId
from rightcall.policy import adopting
from rightcall.policy.adopting import Entry
from rightcall.policy.adoption.model import Changed, Draft, InForce, Replayed, RuleChange
from rightcall.policy.drifting import drift_of
from rightcall.policy.in_force import in_force
from rightcall.policy.loading import check, law_of, read_house
from rightcall.policy.model import Act, Axis, Confidence, Effect, Finding
from rightcall.policy.replaying import replay_draft
from rightcall.policy.showing import Shown, shown_in_force
from rightcall.policy.texts import Proposal, Text
from rightcall.policy.trying.scenarios import Scenario
from rightcall.staff.model import Deed

router = APIRouter(prefix="/rules", tags=["rules"])
_MOST_SHOWN = 5
_Body = Annotated[str, StringConstraints(min_length=1, max_length=200_000)]


class TextForm(Form):
    """A file by its name and its text."""

    file: Line
    text: _Body


class ProposalForm(Form):
    """All house rules there should be, and their scenarios."""

    files: list[TextForm] = Field(min_length=1, max_length=500)
    scenarios: list[TextForm] = Field(default=[], max_length=500)


class DraftForm(Form):
    """Either `files` and `scenarios`, or `again`: an adoption whose rules are to come back, or `deployment` for the deployment's
    own, where it began. `in_force_from`: a day to come (UTC); left out for at once."""

    files: list[TextForm] | None = Field(None, min_length=1, max_length=500)
    scenarios: list[TextForm] = Field(default=[], max_length=500)
    again: UUID | Literal["deployment"] | None = None
    in_force_from: date | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "DraftForm":
        if (self.files is None) == (self.again is None):
            raise ValueError("either files or again")
        return self


class ReplayForm(Form):
    days: int = Field(30, ge=1, le=36_525)


class FindingShape(Shape):
    """Something wrong, where, and what to do."""

    file: str
    line: int
    rule: str | None
    problem: str
    advice: str


class ScenarioShape(Shape):
    file: str
    says: str


class RuleShape(Shape):
    """`ground`: a citation, or the value behind a house rule. `condition`: as it is written. `charter`: it always holds, and
    nobody overrides it. `stops`, `lets_through`: scenarios in places and on days where it counts, five at most, a house's own
    first; `stops_in_all` and `lets_through_in_all` say how many there are."""

    rule: str
    axis: Axis
    effect: Effect
    says: str
    instead: str
    ground: str
    owner: str
    acts: list[Act]
    places: list[str]
    condition: str
    confidence: Confidence
    in_force_from: date
    last_checked: date
    charter: bool
    stops: list[ScenarioShape]
    lets_through: list[ScenarioShape]
    stops_in_all: int
    lets_through_in_all: int


class PartShape(Shape):
    name: str
    was: str | None
    is_now: str | None


class ChangeShape(Shape):
    """What is proposed for one rule, or was adopted, in plain words."""

    kind: Changed
    rule: str
    says: str
    parts: list[PartShape]


class SignatureShape(Shape):
    by: ActorShape
    at: datetime
    statement: UUID


class ReplayShape(Shape):
    """`drifted`: verdicts that the rules that gave them did not give again. `report`: as `rightcall rules replay --json` prints
    it."""

    id: UUID
    at: datetime
    since: datetime
    until: datetime
    verdicts: int
    changed: int
    left_out: int
    drifted: int
    report: dict[str, Any]


class DraftShape(Shape):
    """`house`: SHA-256 of its rules. `signatures`: two, of different roles, adopt it; then `adoption` is there. `drift`: which
    situations come out otherwise with it; null in lists, and where its rules cannot be read with the words of today."""

    id: UUID
    house: str
    builds_on: UUID | None
    in_force_from: date | None
    drafted_at: datetime
    by: ActorShape
    statement: UUID
    withdrawn_at: datetime | None
    signatures: list[SignatureShape]
    adoption: UUID | None
    changes: list[ChangeShape]
    replays: list[ReplayShape]
    drift: DriftShape | None = None


class AdoptionShape(Shape):
    """`first` and `second` said yes. `changes`: from what was adopted before, or from the rules of the deployment."""

    id: UUID
    draft: UUID
    house: str
    rule_set: str
    first: ActorShape
    second: ActorShape
    adopted_at: datetime
    in_force_at: datetime
    statement: UUID
    changes: list[ChangeShape]


SeeDoor = Annotated[Door, Depends(door_for(Deed.SEE_RULES))]
DraftDoor = Annotated[Door, Depends(door_for(Deed.DRAFT_RULES))]
AdoptDoor = Annotated[Door, Depends(door_for(Deed.ADOPT_RULES))]
_Drafted = tuple[DraftShape, Draft, InForce]
"""A draft as it is answered, and what it is to be tried against."""


@router.get("")
def list_rules(
    door: SeeDoor,
    axis: Annotated[Axis | None, Query(description="Only the law, or only the house.")] = None,
    rule: Annotated[str | None, Query(max_length=200, description="Only the rule of this id.")] = None,
) -> Items[RuleShape]:
    """The rules that are in force, in plain words."""

    def deed(tx: Transaction) -> list[Shown]:
        return shown_in_force(tx, door.house.clock, door.house.rules, door.house.settings.rules)

    found = [each for each in door.run(deed) if axis in (None, each.rule.axis) and rule in (None, each.rule.id)]
    if rule is not None and not found:
        raise NotFound("There is no such rule in force. Ask without `rule` to see those there are.")
    return Items(items=[_rule(each) for each in found])


@router.post("/check")
def check_proposal(door: DraftDoor, form: ProposalForm) -> Items[FindingShape]:
    """What is wrong with proposed house rules; nothing is kept. An empty list: they are in order."""
    findings = check(_proposal(form.files, form.scenarios), law_of(door.house.rules))
    return Items(items=[_finding(each) for each in findings])


@router.get("/history")
def history(door: SeeDoor) -> Items[AdoptionShape]:
    """All house rules that were adopted, newest first: by whom, when, what they changed."""
    return Items(items=[_adoption(each) for each in door.run(lambda tx: adopting.history(tx, door.house.rules))])


@router.get("/drafts")
def list_drafts(door: SeeDoor) -> Items[DraftShape]:
    """All drafts, newest first."""
    return Items(items=door.run(lambda tx: [_draft(tx, door, each) for each in adopting.drafts(tx)]))


@router.post("/drafts", status_code=201)
def draft_rules(door: DraftDoor, form: DraftForm) -> DraftShape:
    """Propose house rules. 400 with file, line and advice where anything is wrong with them."""

    def deed(tx: Transaction) -> _Drafted:
        proposal, first = _proposed(tx, door, form), form.in_force_from
        made = adopting.draft_rules(tx, door.house.clock, door.house.rules, proposal, by=door.actor, in_force_from=first)
        return _draft(tx, door, made), made, _in_force(tx, door)

    return _with_drift(door, *door.run(deed))


@router.get("/drafts/{draft}")
def get_draft(door: SeeDoor, draft: UUID) -> DraftShape:
    """One draft: what it changes, which situations come out otherwise with it, what its replays showed, who signed."""

    def deed(tx: Transaction) -> _Drafted:
        found = adopting.get(tx, DraftId(draft))
        return _draft(tx, door, found), found, _in_force(tx, door)

    return _with_drift(door, *door.run(deed))


@router.post("/drafts/{draft}/replay")
def replay(door: DraftDoor, draft: UUID, form: ReplayForm) -> ReplayShape:
    """Decide the verdicts of the last days again with this draft. What would change is answered and kept with it."""
    house = door.house
    _, kept = replay_draft(
        house.database,
        house.clock,
        door.controller,
        rules=house.rules,
        draft=DraftId(draft),
        days=form.days,
        tell=lambda *_: None,
    )
    return _replay(kept)


@router.post("/drafts/{draft}/adopt")
def adopt(door: AdoptDoor, draft: UUID) -> DraftShape:
    """One of the two yeses. The second, of another person in another role, adopts it. 409 where it is no time for it, and why."""

    def deed(tx: Transaction) -> _Drafted:
        before = _in_force(tx, door)
        signed = adopting.sign(tx, door.house.clock, door.house.rules, DraftId(draft), by=door.actor)
        return _draft(tx, door, signed.draft), signed.draft, before

    return _with_drift(door, *door.run(deed))


@router.post("/drafts/{draft}/withdraw")
def withdraw(door: AdoptDoor, draft: UUID) -> DraftShape:
    """It can no longer be signed. 409 where it was adopted. Again is fine."""
    return door.run(lambda tx: _draft(tx, door, adopting.withdraw(tx, door.house.clock, DraftId(draft), by=door.actor)))


def _proposed(tx: Transaction, door: Door, form: DraftForm) -> Proposal:
    if form.again is None:
        return _proposal(form.files or [], form.scenarios)
    again = None if form.again == "deployment" else AdoptionId(form.again)
    return adopting.older(tx, again, door.house.settings.rules)


def _proposal(files: list[TextForm], scenarios: list[TextForm]) -> Proposal:
    return Proposal(
        files=tuple(Text(file=each.file, text=each.text) for each in files),
        scenarios=tuple(Text(file=each.file, text=each.text) for each in scenarios),
    )


def _finding(finding: Finding) -> FindingShape:
    return FindingShape.model_validate(finding)


def _rule(shown: Shown) -> RuleShape:
    rule = shown.rule
    return RuleShape(
        rule=rule.id,
        axis=rule.axis,
        effect=rule.effect,
        says=rule.says,
        instead=rule.instead,
        ground=rule.ground,
        owner=rule.owner,
        acts=sorted(rule.acts),
        places=sorted(rule.jurisdictions),
        condition=shown.condition,
        confidence=rule.confidence,
        in_force_from=rule.in_force_from,
        last_checked=rule.last_checked,
        charter=shown.kept,
        stops=[_scenario(each) for each in shown.stops[:_MOST_SHOWN]],
        lets_through=[_scenario(each) for each in shown.lets_through[:_MOST_SHOWN]],
        stops_in_all=len(shown.stops),
        lets_through_in_all=len(shown.lets_through),
    )


def _scenario(scenario: Scenario) -> ScenarioShape:
    return ScenarioShape(file=scenario.file, says=scenario.told)


def _change(change: RuleChange) -> ChangeShape:
    return ChangeShape.model_validate(change)


def _replay(replayed: Replayed) -> ReplayShape:
    return ReplayShape.model_validate(replayed)


def _draft(tx: Transaction, door: Door, draft: Draft) -> DraftShape:
    return DraftShape(
        id=draft.id,
        house=draft.house.hex(),
        builds_on=draft.builds_on,
        in_force_from=draft.in_force_from,
        drafted_at=draft.drafted_at,
        by=ActorShape.of(draft.by),
        statement=draft.statement,
        withdrawn_at=draft.withdrawn_at,
        signatures=[SignatureShape(by=ActorShape.of(each.by), at=each.at, statement=each.statement) for each in draft.signatures],
        adoption=draft.adoption,
        changes=[_change(each) for each in adopting.changes_of(tx, door.house.rules, draft)],
        replays=[_replay(each) for each in adopting.replays(tx, draft.id)],
    )


def _in_force(tx: Transaction, door: Door) -> InForce:
    return in_force(tx, door.house.clock, door.house.rules)


def _with_drift(door: Door, shape: DraftShape, draft: Draft, standing: InForce) -> DraftShape:
    """Tried when the transaction is over: it is seconds of work the first time."""
    _, wrong = read_house(draft.proposal.files)
    if wrong:
        return shape
    return shape.model_copy(update={"drift": drift_shape(drift_of(draft.proposal, door.house.rules, standing))})


def _adoption(entry: Entry) -> AdoptionShape:
    adoption = entry.adoption
    return AdoptionShape(
        id=adoption.id,
        draft=adoption.draft,
        house=adoption.house.hex(),
        rule_set=adoption.rule_set.hex(),
        first=ActorShape.of(adoption.first),
        second=ActorShape.of(adoption.second),
        adopted_at=adoption.adopted_at,
        in_force_at=adoption.in_force_at,
        statement=adoption.statement,
        changes=[_change(each) for each in entry.changes],
    )
