"""A company's page for everybody: why it uses data, what people answered, how it kept its word, what went wrong; and how to check
all that. Nothing on it is about anyone."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.design.answers import html
from rightcall.design.tongues import Tongue
from rightcall.ids import ControllerId, PurposeId
from rightcall.languages import fallbacks
from rightcall.ledger.checkpoint import key_of
from rightcall.openness import actions as openness
from rightcall.openness.model import Months, Reason
from rightcall.policy.in_force import ruled
from rightcall.portal.entry import Entry, entered
from rightcall.portal.saying import words_of
from rightcall.portal.sheets import page, tongue_of
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Notice
from rightcall.purposes.translations import actions as translations

router = APIRouter()


@router.get("/about/{company}")
def about(request: Request, company: UUID, entry: Annotated[Entry, Depends(entered)]) -> HTMLResponse:
    return show(request, ControllerId(company), entry)


def show(request: Request, company: ControllerId, entry: Entry) -> HTMLResponse:
    house, tongue = entry.house, tongue_of(request)
    with house.database.system() as tx:
        checkpoint = openness.latest_checkpoint(tx)

    def deed(tx: Transaction) -> dict[str, object]:
        now = openness.now(tx, house.clock, house.rules, checkpoint=checkpoint)
        return {
            "company": controllers.get(tx),
            "translated": translations.in_language(tx, tongue.code),
            "ruled": ruled(tx, house.clock, house.rules, tongue.code),
            "now": now,
            "titles": {each.purpose.id: each.purpose for each in now.reasons},
            "asked": {each.purpose.id: _asked(tx, each, tongue) for each in now.reasons},
        }

    told = house.database.run(company, deed)
    months = _months(entry, company)
    answers = {each.purpose: each for each in months.answers}
    key = key_of(house.signer).text
    return html(page(request, "about", **told, months=months, answers=answers, words=words_of(tongue), key=key))


def _asked(tx: Transaction, reason: Reason, tongue: Tongue) -> Notice | None:
    """The words that people are asked with, in the reader's tongue where there are such, else in the first that there is."""
    current = purposes.current_notices(tx, PurposeId(reason.purpose.id))
    by_language = {each.language: each for each in current}
    known = next((by_language[tag] for tag in fallbacks(tongue.code) if tag in by_language), None)
    return known or next(iter(current), None)


def _months(entry: Entry, company: ControllerId) -> Months:
    """Counted once for each company and month, and kept: it reads a year of choices."""
    last = openness.last_day(entry.house.clock)
    kept = entry.months.get(company)
    if kept is None or kept.last != last:
        kept = entry.house.database.run(company, lambda tx: openness.months(tx, entry.house.clock))
        entry.months[company] = kept
    return kept
