"""The rules in force, law and house, in plain words; and house rules on their way there: tried, replayed, signed by two."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.console import columns, naming
from rightcall.console.door import Inside, inside, sending
from rightcall.console.sheets import page
from rightcall.console.tables import shown as answered
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.design.tables import Shown
from rightcall.errors import NotFound
from rightcall.ids import DraftId
from rightcall.policy import adopting
from rightcall.policy.adoption.model import Draft, InForce, Replayed, RuleChange
from rightcall.policy.drifting import drift_of
from rightcall.policy.in_force import in_force
from rightcall.policy.loading import read_house
from rightcall.policy.model import Axis, Rule
from rightcall.policy.replaying import is_short, replay_draft
from rightcall.policy.showing import shown_one
from rightcall.policy.trying.drift import by_rule
from rightcall.procedures import actions as procedures
from rightcall.procedures.model import OPEN, Told
from rightcall.purposes.model import Purpose
from rightcall.reviews import lapsing
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console/rules")
Looking = Annotated[Inside, Depends(inside(Deed.SEE_RULES))]
Drafting = Annotated[Inside, Depends(sending(Deed.DRAFT_RULES))]
Adopting = Annotated[Inside, Depends(sending(Deed.ADOPT_RULES))]
_MOST_SHOWN = 5
_MOST_OTHERWISE = 20
_MOST_OPEN = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A draft with what it changes, what its replays showed, and whether somebody may still sign it. `replaying`: those under
    way. `ends`: what would stop by it. `rests`: once it is in force, what rests since other rules count for it."""

    draft: Draft
    changes: Sequence[RuleChange]
    replays: Sequence[Replayed]
    replaying: Sequence[Told]
    ends: Sequence[Purpose]
    rests: Sequence[Purpose]

    @property
    def is_open(self) -> bool:
        return self.draft.is_open


@router.get("")
def list_rules(request: Request, who: Looking) -> Response:
    """Of the house first, then of the law; and what was drafted and adopted."""
    house = who.house

    def deed(tx: Transaction) -> dict[str, object]:
        standing = in_force(tx, house.clock, house.rules)
        return {
            "standing": standing,
            "own": _of(standing, Axis.HOUSE, request.query_params),
            "law": _of(standing, Axis.LAW, request.query_params),
            "aside": {each.rule for each in standing.asides},
            "drafts": naming.drafts().of(adopting.drafts(tx), request.query_params),
            "history": adopting.history(tx, house.rules),
        }

    return answered(request, "rules", who, **who.run(deed), may_draft=who.may(Deed.DRAFT_RULES))


@router.get("/{rule}")
def show(request: Request, who: Looking, rule: str) -> HTMLResponse:
    """One, with situations that it stops, and that it lets through."""
    house = who.house

    def deed(tx: Transaction) -> dict[str, object]:
        found = shown_one(tx, house.clock, house.rules, house.settings.rules, rule)
        if found is None:
            raise NotFound("There is no such rule in force. The list shows those there are.")
        return {"shown": found, "aside": [each for each in in_force(tx, house.clock, house.rules).asides if each.rule == rule]}

    return html(page(request, "rule", who, **who.run(deed), most=_MOST_SHOWN, may_draft=who.may(Deed.DRAFT_RULES)))


@router.get("/drafts/{draft}")
def show_draft(request: Request, who: Looking, draft: UUID) -> Response:
    whole = who.run(lambda tx: _whole(tx, who, draft))
    may = {"may_draft": who.may(Deed.DRAFT_RULES), "may_adopt": who.may(Deed.ADOPT_RULES)}
    tables = {
        "changes": columns.CHANGES.of(whole.changes, request.query_params),
        "replays": columns.REPLAYS.of(whole.replays, request.query_params),
    }
    return answered(request, "draft", who, whole=whole, **may, **tables, me=who.actor)


@router.get("/drafts/{draft}/text")
def show_text(request: Request, who: Looking, draft: UUID, file: Annotated[str, Query(max_length=200)]) -> HTMLResponse:
    """One file of a draft, as it is written: rules, or a situation."""
    found = who.run(lambda tx: adopting.get(tx, DraftId(draft)))
    text = next((each for each in (*found.proposal.files, *found.proposal.scenarios) if each.file == file), None)
    if text is None:
        raise NotFound("This draft has no such file. Its page lists those it has.")
    may_write_on = text in found.proposal.files and who.may(Deed.DRAFT_RULES)
    return html(page(request, "rule-text", who, draft=found, text=text, may_write_on=may_write_on))


@router.get("/drafts/{draft}/trial")
def try_out(request: Request, who: Looking, draft: UUID) -> HTMLResponse:
    """Which situations come out otherwise with it. Tried when the transaction is over: it is seconds of work."""
    house = who.house
    whole, standing = who.run(lambda tx: (_whole(tx, who, draft), in_force(tx, house.clock, house.rules)))
    _, wrong = read_house(whole.draft.proposal.files)
    drift = None if wrong else drift_of(whole.draft.proposal, house.rules, standing)
    sides = () if drift is None else (("in_force", drift.from_in_force), ("expected", drift.from_expected))
    more = {"wrong": wrong, "tried": 0 if drift is None else drift.tried, "sides": sides, "most": _MOST_OTHERWISE}
    return html(page(request, "trial", who, draft=whole.draft, **more, by_rule=by_rule))


@router.post("/drafts/{draft}/replay")
def replay(who: Drafting, draft: UUID, days: Annotated[int, Form(ge=1, le=366)]) -> Response:
    """The verdicts of the last days are decided again with it; nothing else changes. Very many are a worker's to decide."""
    house = who.house
    if not who.run(lambda tx: is_short(tx, house.clock, days)):
        who.run(lambda tx: adopting.ask_replay(tx, house.clock, DraftId(draft), days=days, by=who.actor))
        return onwards(f"/console/rules/drafts/{draft}")
    replay_draft(
        house.database,
        house.clock,
        who.controller,
        rules=house.rules,
        draft=DraftId(draft),
        days=days,
        tell=lambda *_: None,
    )
    return onwards(f"/console/rules/drafts/{draft}")


@router.post("/drafts/{draft}/adopt")
def adopt(who: Adopting, draft: UUID) -> Response:
    """One of the two yeses; the second, of another person in another role, adopts it."""
    who.check_fresh()
    who.run(lambda tx: adopting.sign(tx, who.house.clock, who.house.rules, DraftId(draft), by=who.actor))
    return onwards(f"/console/rules/drafts/{draft}")


@router.post("/drafts/{draft}/withdraw")
def withdraw(who: Adopting, draft: UUID) -> Response:
    who.run(lambda tx: adopting.withdraw(tx, who.house.clock, DraftId(draft), by=who.actor))
    return onwards(f"/console/rules/drafts/{draft}")


def _whole(tx: Transaction, who: Inside, draft: UUID) -> Whole:
    house, found = who.house, adopting.get(tx, DraftId(draft))
    is_in_force = found.adoption is not None and in_force(tx, house.clock, house.rules).adoption == found.adoption
    return Whole(
        draft=found,
        changes=adopting.changes_of(tx, who.house.rules, found),
        replays=adopting.replays(tx, found.id),
        ends=_ends(tx, who, found),
        rests=lapsing.of_other_rules(tx, house.clock, house.rules) if is_in_force else (),
        replaying=[each for each in procedures.told(tx, OPEN, None, _MOST_OPEN) if each.about == str(found.id)],
    )


def _ends(tx: Transaction, who: Inside, draft: Draft) -> Sequence[Purpose]:
    """What would stop by this draft, where it may yet come into force; nothing where it cannot be read: nobody signs that."""
    house, (_, wrong) = who.house, read_house(draft.proposal.files)
    if wrong or draft.withdrawn_at is not None or (draft.adoption is not None and not _is_to_come(tx, who, draft)):
        return ()
    return lapsing.by_rules(tx, house.clock, house.rules, adopting.proposed_rules(draft, house.rules))


def _is_to_come(tx: Transaction, who: Inside, draft: Draft) -> bool:
    """Adopted, and its first day is not there."""
    now = who.house.clock.now()
    return any(each.id == draft.adoption and each.in_force_at > now for each in adopting.adoptions(tx))


def _of(standing: InForce, axis: Axis, address: Mapping[str, str]) -> Shown[Rule]:
    """By the file that each stands in."""
    found = sorted((each for each in standing.rules.rules if each.axis is axis), key=lambda each: (each.file, each.id))
    return naming.rules(axis.value).of(found, address)
