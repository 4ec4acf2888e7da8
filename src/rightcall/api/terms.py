"""What goes on its day, and what is there though its day is over: figures alone. And asking that a purpose keep for longer, with
what is kept for it already, or giving it a shorter term at once."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from rightcall.api.door import Door, door_for
from rightcall.api.forms import Form, Line, Shape
from rightcall.api.named import purpose_of
from rightcall.api.verdicts import refusal
from rightcall.clock import Clock
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.discovery.mapping.model import Redated
from rightcall.discovery.systems.naming import SystemNames, system_names
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.holds.model import Law
from rightcall.holdings.map.model import Ending
from rightcall.purposes import actions as purposes
from rightcall.recordings import actions as recordings
from rightcall.retention import coming as retention
from rightcall.retention.asking import LONGEST_WHY, ask_longer, reach, reach_elsewhere, sooner, sooner_elsewhere
from rightcall.retention.model import LongerAsked
from rightcall.staff.model import Deed
from rightcall.vault.actions import Vault

MOST_DAYS = 366
router = APIRouter(prefix="/terms", tags=["map"])


class EndingShape(Shape):
    """So many items of one category in one system (null: Rightcall itself) that are kept until the end of `last_day` (UTC)."""

    last_day: date
    system: UUID | None
    system_name: str | None
    category: str
    items: int


class TermsShape(Shape):
    """`ending`: what has its last day; what we keep goes by itself when that is over, and what lies in another system is to be
    deleted by somebody there. `by_hold`: what goes by itself with the last hold that keeps it, and is none of these. `late`: what
    is there though its day is over, and no hold keeps it. `held`: how many things holds keep.
    `remember_days`: for so long after something went it is known that it was, and who used it; `on_record_days`: for so long
    after it a call is on record, and a request after its answer; null: for good."""

    ending: list[EndingShape]
    by_hold: list[EndingShape]
    late: list[EndingShape]
    held: int
    remember_days: int | None
    on_record_days: int | None


class ElsewhereShape(Shape):
    """So many `items` of so many `people` in one other system, which get another last day. `over`: so many of them one that is
    over, so that somebody has to delete them there."""

    system: UUID
    system_name: str | None
    items: int
    people: int
    over: int


class ReachShape(Shape):
    """What a term longer than `term_days` would be about, as things stand: of what we keep so many `items` of so many `people`,
    the first of which would go after `first_day`, the last after `last_day` (null: none). `less` more were given less than the
    term by a rule of its own, and would keep their days; `elsewhere` more lie in other `systems`, so many in each."""

    purpose: UUID
    term_days: int
    items: int
    people: int
    first_day: date | None
    last_day: date | None
    less: int
    elsewhere: int
    systems: list[ElsewhereShape]


class LongerForm(Form):
    """`why`: for whoever signs it, 10 to 2000 characters. `law`: the one that demands it, with its article; a purpose that rests
    on a legal obligation needs it."""

    term_days: int = Field(ge=2)
    why: str = Field(min_length=10, max_length=LONGEST_WHY)
    law: Line | None = None


class LongerShape(Shape):
    """`review` waits for the signatures of people in two roles; the term is longer once they have signed. `verdict`: that it may
    be."""

    review: UUID
    verdict: UUID
    was_days: int
    term_days: int


@router.get("/{purpose}/longer")
def what_longer_reaches(door: Annotated[Door, Depends(door_for(Deed.SEE_MAP))], purpose: str) -> ReachShape:
    """How much a longer term of this purpose would be about."""

    def deed(tx: Transaction) -> ReachShape:
        found = purposes.get(tx, purpose_of(tx, purpose))
        would, elsewhere = reach(tx, door.house.clock, found.id), reach_elsewhere(tx, door.house.clock, found.id)
        return ReachShape(
            purpose=found.id,
            term_days=found.term_days,
            items=would.items,
            people=would.people,
            first_day=would.first_day,
            last_day=would.last_day,
            less=would.less,
            elsewhere=sum(each.items for each in elsewhere),
            systems=_elsewhere(elsewhere, system_names(tx)),
        )

    return door.run(deed)


@router.post("/{purpose}/longer", status_code=201)
def ask_for_longer(door: Annotated[Door, Depends(door_for(Deed.ASK_LONGER))], purpose: str, form: LongerForm) -> LongerShape:
    """A longer term, with what is kept already: the next version of the purpose's review, to be signed by others. 403 with the
    verdict where the law or the house says no: a yes covers no longer than it was asked for."""
    house = door.house

    def deed(tx: Transaction) -> LongerAsked:
        law = None if form.law is None else Law(text=form.law)
        of = purpose_of(tx, purpose)
        return ask_longer(tx, house.clock, house.rules, of, form.term_days, law=law, why=form.why, by=door.actor)

    asked = door.run(deed)
    if asked.review is None or asked.review.longer is None:
        raise refusal(asked.verdict, asked.id)
    change = asked.review.longer.lengthening
    return LongerShape(review=asked.review.id, verdict=asked.id, was_days=change.was_days, term_days=change.term_days)


class ShorterForm(Form):
    """Less days than the purpose keeps for now."""

    term_days: int = Field(ge=1)


class ShorterShape(Shape):
    """`items` of `people` that we keep end sooner: a worker lets them, those that are over by now at once. So do `elsewhere` more
    in other `systems`, where nothing goes by itself."""

    purpose: UUID
    was_days: int
    term_days: int
    items: int
    people: int
    elsewhere: int
    systems: list[ElsewhereShape]


@router.post("/{purpose}/shorter")
def give_shorter(door: Annotated[Door, Depends(door_for(Deed.SHORTEN))], purpose: str, form: ShorterForm) -> ShorterShape:
    """A shorter term, at once: for what is captured from now on, and for what is kept already. Nothing brings back what ends by
    it. The purpose's review was of the term that it had, and ends by it. 409 where it is no shorter, and where a law may demand
    the term that it has."""

    def deed(tx: Transaction) -> ShorterShape:
        of, clock = purpose_of(tx, purpose), door.house.clock
        was, would = purposes.get(tx, of), sooner(tx, clock, of, form.term_days)
        elsewhere = sooner_elsewhere(tx, clock, of, form.term_days)
        now = purposes.shorten(tx, clock, of, form.term_days, by=door.actor)
        recordings.look_again(tx, [tx.of])
        return ShorterShape(
            purpose=of,
            was_days=was.term_days,
            term_days=now.term_days,
            items=would.items,
            people=would.people,
            elsewhere=sum(each.items for each in elsewhere),
            systems=_elsewhere(elsewhere, system_names(tx)),
        )

    return door.run(deed)


@router.get("")
def coming(
    door: Annotated[Door, Depends(door_for(Deed.SEE_MAP))],
    days: Annotated[int, Query(ge=1, le=MOST_DAYS, description="How many days to look ahead, today among them.")] = 30,
) -> TermsShape:
    """What ends in the next days, and what outlives its term."""
    return door.run(lambda tx: gather(tx, door.house.vault, door.house.clock, days))


def gather(tx: Transaction, vault: Vault, clock: Clock, days: int) -> TermsShape:
    names, found = system_names(tx), retention.coming(tx, vault, clock, days=days)
    owner = controllers.get(tx)
    return TermsShape(
        ending=_shapes(found.ending, names),
        by_hold=_shapes(found.by_hold, names),
        late=_shapes(retention.late(tx, vault, clock), names),
        held=len({each.holding for hold in holds.standing(tx) for each in hold.slices}),
        remember_days=owner.remember_days,
        on_record_days=owner.on_record_days,
    )


def _elsewhere(found: Sequence[Redated], names: SystemNames) -> list[ElsewhereShape]:
    return [
        ElsewhereShape(
            system=each.system, system_name=names.get(each.system), items=each.items, people=each.people, over=each.over
        )
        for each in found
    ]


def _shapes(found: Sequence[Ending], names: SystemNames) -> list[EndingShape]:
    return [
        EndingShape(
            last_day=each.last_day,
            system=each.system,
            system_name=None if each.system is None else names.get(each.system),
            category=each.category.value,
            items=each.items,
        )
        for each in found
    ]
