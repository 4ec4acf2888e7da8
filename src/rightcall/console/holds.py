"""What is kept longer, and why: a hold is placed on the smallest slice, one thing for one purpose, of a take a stretch alone;
somebody in another role agrees; those whom it is about are told; and it is lifted."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.console import columns, naming
from rightcall.console.door import Inside, inside, sending
from rightcall.console.filled import EMPTY, MENDABLE, Filled, Sent, Unread, an_id, day, one_of
from rightcall.console.sheets import page
from rightcall.console.tables import shown as answered
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.discovery.systems.naming import SystemNames, system_names
from rightcall.errors import Malformed
from rightcall.holdings import actions as holdings
from rightcall.holdings import saying
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.holds.model import Hold, HoldName, HoldReason, Law, Slice, Span, Told, Untold
from rightcall.holdings.holds.rules import waits_for
from rightcall.holdings.model import Holding
from rightcall.ids import HoldId, HoldingId, PurposeId, SubjectId
from rightcall.policy.model import Verdict
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Purpose
from rightcall.recordings import cutting, keeping, taking
from rightcall.recordings.keeping import NewHold
from rightcall.recordings.model import Take
from rightcall.requests.hold_letters import hold_letter
from rightcall.requests.letters import Letter
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console/holds")
Looking = Annotated[Inside, Depends(inside(Deed.SEE_HOLDINGS))]
Asking = Annotated[Inside, Depends(inside(Deed.CHANGE_HOLDS))]
Placing = Annotated[Inside, Depends(sending(Deed.CHANGE_HOLDS))]
_MEND = 422
REASONS = {
    HoldReason.LEGAL_CLAIMS: "Somebody makes a claim, or answers one (Art. 17(3)(e))",
    HoldReason.LEGAL_OBLIGATION: "A law says that it is kept (Art. 17(3)(b))",
    HoldReason.FREE_EXPRESSION: "Somebody's freedom to speak and to know (Art. 17(3)(a))",
    HoldReason.PUBLIC_HEALTH: "The health of the public (Art. 17(3)(c))",
    HoldReason.ARCHIVING: "Archives, research or statistics in the public interest (Art. 17(3)(d))",
}
UNTOLD = {
    Untold.LAW_FORBIDS: "They must not be told: a law forbids it",
    Untold.DEFEATS_CLAIM: "They must not be told: it would defeat the claim",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What a hold would keep. `take`: its sound, where it is that."""

    holding: Holding
    take: Take | None
    kept_for: Sequence[Purpose]
    systems: SystemNames

    @property
    def seconds(self) -> float | None:
        """None where it is no sound, or nothing was said in it."""
        length = None if self.take is None else cutting.length_ms(self.take)
        return None if length is None else length / 1000

    @property
    def ends_at(self) -> int | None:
        """The second at which a stretch of it ends at the latest."""
        return None if self.seconds is None else math.ceil(self.seconds)


@router.get("")
def list_holds(request: Request, who: Looking) -> Response:
    """Those that stand, the next to end first."""
    return answered(request, "holds", who, standing=columns.HOLDS.of(who.run(holds.standing), request.query_params))


@router.get("/new")
def ask(request: Request, who: Asking, holding: Annotated[UUID, Query()]) -> HTMLResponse:
    return html(_asking(request, who, HoldingId(holding), EMPTY))


@router.post("/new")
def place(request: Request, who: Placing, filled: Sent, holding: Annotated[UUID, Query()]) -> Response:
    """It keeps for a week, until somebody in another role agrees; or the verdict says why not."""
    id, house = HoldingId(holding), who.house
    try:
        new = _read(filled, id)
        asked, placed = who.run(lambda tx: keeping.place(tx, who.tools, house.objects, new, by=who.actor))
    except MENDABLE as error:
        return html(_asking(request, who, id, filled.but(error)), status=_MEND)
    if placed is None:
        return html(_asking(request, who, id, filled, asked.verdict), status=403)
    return onwards(f"/console/holds/{placed.id}")


@router.get("/{hold}")
def show(request: Request, who: Looking, hold: UUID) -> Response:
    return answered(request, "hold", who, **_hold(request, who, HoldId(hold)), filled=EMPTY)


@router.post("/{hold}/agree")
def agree(request: Request, who: Annotated[Inside, Depends(sending(Deed.AGREE_TO_HOLDS))], hold: UUID, filled: Sent) -> Response:
    """The second person's yes: to the hold, or to the later day that was asked for."""
    try:
        law = filled.maybe("law", lambda text: Law(text=text))
        return _done(who, hold, lambda tx, id: holds.agree(tx, who.house.clock, id, by=who.actor, law=law))
    except Malformed as error:
        given = _hold(request, who, HoldId(hold))
        return html(page(request, "hold", who, **given, filled=filled.but(error)), status=_MEND)


@router.post("/{hold}/lift")
def lift(who: Placing, hold: UUID) -> Response:
    """What it alone kept goes with it."""
    return _done(who, hold, lambda tx, id: holds.lift(tx, who.house.vault, who.house.clock, id, by=who.actor))


@router.post("/{hold}/prolong")
def prolong(request: Request, who: Placing, hold: UUID, filled: Sent) -> Response:
    """It lasts longer once somebody in another role agrees."""
    try:
        until = filled.read("until", day)
        return _done(who, hold, lambda tx, id: holds.prolong(tx, who.house.clock, id, until=until, by=who.actor))
    except MENDABLE as error:
        given = _hold(request, who, HoldId(hold))
        return html(page(request, "hold", who, **given, filled=filled.but(error)), status=_MEND)


@router.get("/{hold}/letters/{subject}")
def read_letter(
    request: Request, who: Asking, hold: UUID, subject: UUID, language: Annotated[str, Query(max_length=20)] = "en"
) -> HTMLResponse:
    """What the person is told, unless they must not be."""

    def deed(tx: Transaction) -> Letter:
        found = holds.get(tx, HoldId(hold))
        holds.check_may_tell(tx, found, SubjectId(subject))
        is_erased = not who.house.vault.subject_exists(tx, SubjectId(subject))
        return hold_letter(found, controllers.get(tx), language=language, is_erased=is_erased)

    return html(page(request, "hold-letter", who, letter=who.run(deed), hold=hold, subject=subject))


@router.post("/{hold}/told")
def tell(who: Placing, hold: UUID, filled: Sent) -> Response:
    """You told them. Rightcall sends nothing itself."""
    subject = SubjectId(filled.read("subject", an_id))
    return _done(who, hold, lambda tx, id: holds.tell(tx, who.house.clock, id, subject, by=who.actor))


def _done(who: Inside, hold: UUID, deed: Callable[[Transaction, HoldId], object]) -> Response:
    who.run(lambda tx: deed(tx, HoldId(hold)))
    return onwards(f"/console/holds/{hold}")


def _hold(request: Request, who: Inside, hold: HoldId) -> dict[str, object]:
    def deed(tx: Transaction) -> tuple[Hold, list[Told], Mapping[PurposeId, str], set[HoldingId], Mapping[HoldingId, str]]:
        found = holds.get(tx, hold)
        kept = holdings.of_ids(tx, [each.holding for each in found.slices])
        things = {id: _called(each) for id, each in kept.items()}
        takes = {each.holding for each in found.slices if taking.find(tx, each.holding) is not None}
        return found, holds.about(tx, found.id), purposes.titles(tx), takes, things

    found, people, titles, takes, things = who.run(deed)

    agrees = who.may(Deed.AGREE_TO_HOLDS) and waits_for(found, who.actor)
    may = {
        "agree": agrees and found.agreed is None,
        "agree_longer": agrees and found.agreed is not None,
        "lift": who.may(Deed.CHANGE_HOLDS),
    }
    tables = {
        "slices": naming.slices(titles, things).of(found.slices, request.query_params),
        "people": columns.TOLD.of(people, request.query_params),
    }
    is_told = bool(people) and all(each.at for each in people)
    return {"hold": found, "is_told": is_told, "titles": titles, "may": may, "takes": takes, "things": things, **tables}


def _called(holding: Holding) -> str:
    """Which thing it is, in words."""
    return f"{saying.category(holding.category)}, {saying.day(holding.made_at)}"


def _read(filled: Filled, holding: HoldingId) -> NewHold:
    return NewHold(
        name=filled.read("name", lambda text: HoldName(text=text)),
        reason=filled.read("reason", one_of(HoldReason)),
        law=filled.maybe("law", lambda text: Law(text=text)),
        untold=filled.maybe("untold", one_of(Untold)),
        until=filled.read("until", day),
        slices=[Slice(holding=holding, purpose=PurposeId(filled.read("purpose", an_id)), span=_span(filled, holding))],
    )


def _span(filled: Filled, take: HoldingId) -> Span | None:
    """None for the whole of it."""
    first, last = filled.maybe("first", _milliseconds), filled.maybe("last", _milliseconds)
    if first is None and last is None:
        return None
    if last is None:
        raise Unread("last", "A stretch has an end: give its second, or leave both empty to keep all of it.")
    try:
        return Span(take=take, from_ms=first or 0, until_ms=last)
    except Malformed:
        raise Unread("last", "The stretch ends after it begins. Give a later second.") from None


def _milliseconds(text: str) -> int:
    """Of seconds, as people write them."""
    try:
        return int(float(text.replace(",", ".")) * 1000)
    except (ValueError, OverflowError):
        raise Malformed("Give seconds from the beginning, such as 12.5.") from None


def _asking(request: Request, who: Inside, holding: HoldingId, filled: Filled, verdict: Verdict | None = None) -> str:
    """`verdict`: why it is not kept."""
    thing = who.run(lambda tx: _thing(tx, holding))
    words: Mapping[str, object] = {
        "reasons": [(each.value, says) for each, says in REASONS.items()],
        "untold": [("", "They are to be told")] + [(each.value, says) for each, says in UNTOLD.items()],
        "came": saying.CAME,
        "name_of": saying.category,
    }
    return page(request, "hold-new", who, thing=thing, filled=filled, verdict=verdict, **words)


def _thing(tx: Transaction, holding: HoldingId) -> Thing:
    found = holdings.get(tx, holding)
    kept_for = set(found.purposes)
    return Thing(
        holding=found,
        take=taking.find(tx, holding),
        kept_for=[each for each in purposes.all_purposes(tx) if each.id in kept_for],
        systems=system_names(tx),
    )
