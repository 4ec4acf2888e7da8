"""Pages for those outside, in their tongue: the one they chose, else the one that their browser asks for."""

from dataclasses import replace
from pathlib import Path

from fastapi import Request

from rightcall.controllers.model import Controller
from rightcall.design.sheets import Sheets
from rightcall.design.tongues import CHOSEN, NAMES, Tongue, tongue_for
from rightcall.policy.saying import ruled
from rightcall.portal.saying import banded, law
from rightcall.purposes.model import Notice
from rightcall.purposes.screen import OnScreen, on_screen
from rightcall.purposes.translations.model import InLanguage
from rightcall.purposes.translations.saying import SAYS
from rightcall.reviews.translating import translated_review


def _on_screen(_: Tongue, notice: Notice) -> OnScreen:
    return on_screen(notice)


def _reached(tongue: Tongue, company: Controller) -> str:
    """Whom to turn to, in a sentence."""
    return company.contact if company.is_described else tongue.words.gettext("the company")


_SHEETS = Sheets(
    Path(__file__).parent / "pages",
    banded=banded,
    law=law,
    on_screen=_on_screen,
    reached=_reached,
    translated_review=translated_review,
    ruled=ruled,
    **SAYS,
)


def tongue_of(request: Request) -> Tongue:
    return tongue_for(request.headers.get("accept-language", ""), chosen=request.cookies.get(CHOSEN, ""))


_NOTHING_WRITTEN: dict[str, object] = {"kept": "", "was": None}
"""What a visit that ended leaves, where it leaves nothing."""


def page(request: Request, name: str, **given: object) -> str:
    """Moments are told where the company is that the page is of. `translated`: what there is in the reader's tongue, for a page
    that tells of purposes."""
    tongue, company = replace(tongue_of(request), is_long=True), given.get("company")
    here = replace(tongue, zone=company.zone) if isinstance(company, Controller) else tongue
    own = company.language if isinstance(company, Controller) else ""
    around = {"tongues": NAMES, "path": request.url.path, "own_language": own, "translated": InLanguage(), "ruled": {}}
    return _SHEETS.page(name, here, around | _NOTHING_WRITTEN | given)
