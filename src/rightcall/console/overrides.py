"""House rules that were set aside: which, by whom, why, until when, and how often that let something through."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.console.door import Inside, inside, sending
from rightcall.console.filled import EMPTY, MENDABLE, Filled, Sent, number, one_of, words
from rightcall.console.sheets import page, tongue_of
from rightcall.console.tables import shown as answered
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.design.tables import Column, Table
from rightcall.errors import Conflict, Malformed
from rightcall.ids import OverrideId, PurposeId
from rightcall.personal import Personal
from rightcall.policy import overriding
from rightcall.policy.in_force import says
from rightcall.policy.model import Rule
from rightcall.policy.overrides.model import LONGEST, WINDOW, Category, Override, Past, Wanted
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Purpose
from rightcall.reviews import lapsing
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console/overrides")
_EVERY = "*"
"""All purposes, which somebody chooses as they choose one: no key is written so."""
Looking = Annotated[Inside, Depends(inside(Deed.SEE_OVERRIDES))]
Giving = Annotated[Inside, Depends(sending(Deed.GIVE_OVERRIDE))]


def _listed(
    known: Mapping[PurposeId, Purpose], past: Mapping[str, Past], said: Mapping[str, str], now: datetime
) -> Table[Override]:
    """`said`: what each rule says, by its id."""

    def days(each: Override) -> int | None:
        return past[each.rule].days if each.rule in past else None

    def where(each: Override) -> str:
        return known[each.purpose].title if each.purpose else "one call" if each.call else "everywhere"

    return Table(
        file="overrides",
        columns=(
            Column("rule", "Rule", lambda each: said.get(each.rule, each.rule)),
            Column("value", "What it protects", lambda each: each.value),
            Column("category", "For what", lambda each: each.category, is_picked=True),
            Column("until", "Until", lambda each: each.ended_at or each.until, is_period=True),
            Column("uses", "Let through", lambda each: each.uses, is_number=True),
            Column("days", "How often of late", days),
            Column("where", "Where", where, is_picked=True, is_shown=False),
            Column("id", "Id", lambda each: each.rule, is_shown=False),
            Column("now", "Now", lambda each: "in force" if each.is_in_force(now) else "over", is_picked=True, is_shown=False),
        ),
    )


@router.get("")
def list_overrides(request: Request, who: Looking) -> Response:
    """Those of a year, the last to end first; and the form that gives one."""
    return _list(request, who, EMPTY)


@router.post("")
def give(request: Request, who: Giving, filled: Sent) -> Response:
    """For one purpose, by its key; or for all."""
    who.check_fresh()
    house = who.house

    def deed(tx: Transaction) -> OverrideId:
        rule, purpose = filled.read("rule", _chosen), filled.read("purpose", _chosen)
        _check_seen(_stops(tx, who, filled), filled)
        wanted = Wanted(
            rule=rule,
            purpose=None if purpose == _EVERY else purposes.by_key(tx, purpose).id,
            call=None,
            category=filled.read("category", one_of(Category)),
            name=Personal(filled.read("name", words)),
            reason=Personal(filled.read("reason", words)),
            until=house.clock.now() + timedelta(days=filled.read("days", number(1, LONGEST.days))),
        )
        return overriding.give(tx, house.vault, house.clock, house.rules, wanted, by=who.actor).id

    try:
        return onwards(f"/console/overrides/{who.run(deed)}")
    except overriding.AlreadyAside as error:
        tongue = tongue_of(request)
        says = tongue.words.gettext(
            "Set aside already, as far as that, until %(until)s: %(rule)s To change it, end that override first."
        )
        told = says % {"until": tongue.moment(error.until), "rule": error.rule.says}
        return _list(request, who, filled.but(Conflict(told)))
    except MENDABLE as error:
        return _list(request, who, filled.but(error))


def _chosen(text: str) -> str:
    if not text:
        raise Malformed("Choose one of the list.")
    return text


def _by_value(rules: Iterable[Rule]) -> list[tuple[str, list[tuple[str, str]]]]:
    """What each says, under what it protects, both in the order of their letters."""
    grouped: dict[str, list[tuple[str, str]]] = {}
    for each in sorted(rules, key=lambda each: (each.ground.casefold(), each.says.casefold())):
        grouped.setdefault(each.ground, []).append((each.id, each.says))
    return list(grouped.items())


def _stops(tx: Transaction, who: Inside, filled: Filled) -> list[Purpose]:
    """The purposes whose review would wait were this rule set aside; none before a rule and a purpose are chosen."""
    rule, key = filled.one("rule"), filled.one("purpose")
    of = next((each.id for each in purposes.active(tx) if each.key == key), None)
    if not rule or (key != _EVERY and of is None):
        return []
    return lapsing.by_override(tx, who.house.clock, who.house.rules, rule, of)


def _check_seen(stops: Sequence[Purpose], filled: Filled) -> None:
    """Malformed where something would stop, and whoever asks for it has not said that they know: of exactly these."""
    if stops and set(filled.every("stops")) != {each.key for each in stops}:
        raise Malformed("Purposes that run now stop by it. See which, and say that you have seen it.")


def _list(request: Request, who: Inside, filled: Filled) -> Response:
    house, may = who.house, who.may(Deed.GIVE_OVERRIDE)

    def deed(tx: Transaction) -> dict[str, object]:
        past, known, said = overriding.past(tx, house.clock), purposes.known(tx), says(tx, house.clock, house.rules)
        table = _listed(known, past, said, house.clock.now())
        return {
            "listed": table.of(overriding.overrides(tx, house.clock), request.query_params),
            "said": said,
            "past": past,
            "purposes": known,
            "stops": _stops(tx, who, filled) if may else (),
            "rules": _by_value(overriding.overridable(tx, house.clock, house.rules)) if may else (),
        }

    more = {
        "now": house.clock.now(),
        "categories": list(Category),
        "every": _EVERY,
        "longest": LONGEST.days,
        "window": WINDOW,
        "may": may,
    }
    given = {**who.run(deed), **more, "filled": filled}
    if filled.says:
        return html(page(request, "overrides", who, **given), status=422)
    return answered(request, "overrides", who, **given)


@router.get("/{override}")
def show(request: Request, who: Looking, override: UUID) -> HTMLResponse:
    """With whose word it was, and why; None once these were forgotten."""
    house = who.house

    def deed(tx: Transaction) -> dict[str, object]:
        named = overriding.named(tx, house.vault, OverrideId(override))
        return {
            "override": named.override,
            "name": overriding.shown(named.name),
            "reason": overriding.shown(named.reason),
            "past": overriding.past(tx, house.clock).get(named.override.rule),
            "purposes": purposes.known(tx),
            "says": says(tx, house.clock, house.rules).get(named.override.rule),
        }

    more = {"now": house.clock.now(), "window": WINDOW, "may": who.may(Deed.GIVE_OVERRIDE)}
    return html(page(request, "override", who, **who.run(deed), **more))


@router.post("/{override}/end")
def end(who: Giving, override: UUID) -> Response:
    """The rule holds again from now on."""
    who.run(lambda tx: overriding.end(tx, who.house.clock, OverrideId(override), by=who.actor))
    return onwards(f"/console/overrides/{override}")


@router.post("/{override}/forget")
def forget(who: Giving, override: UUID) -> Response:
    """Whose word it was, and why, for good."""
    house = who.house
    who.run(lambda tx: overriding.forget(tx, house.vault, house.clock, OverrideId(override), by=who.actor))
    return onwards(f"/console/overrides/{override}")
