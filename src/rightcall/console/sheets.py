"""Pages of the console."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from babel.dates import format_timedelta, get_timezone
from fastapi import Request
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.routing import Match

from rightcall.actors import Role
from rightcall.console.acts import DOING
from rightcall.console.door import Inside
from rightcall.console.places import CALLED, rooms_for
from rightcall.console.steering import steered
from rightcall.controllers import actions as controllers
from rightcall.controllers.model import Controller
from rightcall.database.connection import Transaction
from rightcall.design.sheets import Sheets
from rightcall.design.tables import spelt
from rightcall.design.tongues import CHOSEN, NAMES, Tongue, tongue_for
from rightcall.discovery.saying import SYSTEMS, sort
from rightcall.holdings import saying
from rightcall.holdings.categories import Category
from rightcall.house import House
from rightcall.ids import PurposeId, SystemId
from rightcall.personal import Personal
from rightcall.policy.in_force import ruled as ruled_in_force
from rightcall.policy.model import Act
from rightcall.policy.saying import Ruled, ruled
from rightcall.policy.texts import Text
from rightcall.policy.unknown import in_words
from rightcall.purposes.model import Purpose
from rightcall.purposes.translations import actions as translations
from rightcall.purposes.translations.model import InLanguage
from rightcall.purposes.translations.saying import SAYS, titled
from rightcall.reviews.lapsing import STOPS
from rightcall.staff.model import Deed

_SPOKEN = ("/desk", "/sign-in", "/sign-up")
"""First parts of addresses whose pages are whole in each language."""


def tongue_of(request: Request) -> Tongue:
    """The desk, and the way in, are in the reader's; all else of the console is in English, whatever a browser likes: half a page
    in another language helps nobody."""
    if not request.url.path.startswith(_SPOKEN):
        return Tongue()
    return tongue_for(request.headers.get("accept-language", ""), chosen=request.cookies.get(CHOSEN, ""))


def _clock(tongue: Tongue, at: datetime) -> str:
    """A moment of a call, to the tenth of a second, in the zone of the company."""
    local = at.astimezone(get_timezone(tongue.zone))
    return f"{local:%H:%M:%S}.{local.microsecond // 100_000}"


def _lasting(tongue: Tongue, long: timedelta) -> str:
    """Rounded as everywhere, so that nobody is told another second of the same call."""
    return format_timedelta(timedelta(seconds=round(long.total_seconds())), threshold=1.2, locale=tongue.locale)


def _seconds(tongue: Tongue, long: float) -> str:
    return _lasting(tongue, timedelta(seconds=long))


@pass_context
def _said_of(context: Context, purpose: PurposeId, known: Mapping[PurposeId, Purpose]) -> str:
    return titled(context, known[purpose])


def _pair(_: Tongue, purpose: Purpose) -> tuple[str, str, bool]:
    """For a field to choose from: in the company's own words."""
    return str(purpose.id), purpose.title, True


def _keyed(_: Tongue, purpose: Purpose) -> tuple[str, str, bool]:
    """For a field whose choice stands in an address."""
    return purpose.key, purpose.title, True


def _file_pair(_: Tongue, text: Text) -> tuple[str, str]:
    return text.file, text.file


def _plain(_: Tongue, word: StrEnum | None) -> str:
    """The value of an enum of ours, as people write it; nothing for none."""
    if isinstance(word, Role):
        return CALLED[word]
    return "" if word is None else spelt(word.value)


def _plain_pair(tongue: Tongue, word: StrEnum) -> tuple[str, str]:
    return word.value, _plain(tongue, word)


def _tongue_name(tongue: Tongue, code: str) -> str:
    """A language as it calls itself, marked as of that language; one that pages do not speak, by its code."""
    is_other = code in NAMES and code != tongue.code
    return Markup('<span lang="{}">{}</span>').format(code, NAMES[code]) if is_other else NAMES.get(code, code)


def _tongue_pair(_: Tongue, code: str) -> tuple[str, str]:
    return code, NAMES.get(code, code)


def _category(_: Tongue, term: Category) -> str:
    return saying.category(term)


def _found_as(_: Tongue, type: str) -> str:
    return sort(type)


def _category_pair(_: Tongue, category: Category) -> tuple[str, str]:
    return category.value, saying.category(category)


def _system_pair(_: Tongue, named: tuple[SystemId, str]) -> tuple[str, str]:
    return str(named[0]), named[1]


def _not_known(_: Tongue, name: str) -> str:
    """What keeps a verdict from being told, and what would help."""
    return in_words(name)


def _likely(tongue: Tongue, score: float) -> str:
    """In hundredths: nothing that people have to weigh is certain."""
    return tongue.percent(min(score, 0.99))


def _opened(_: Tongue, words: Personal[str]) -> str:
    return words.reveal("show a raiser why it was looked at")


def _doing(_: Tongue, act: Act) -> str:
    return DOING[act]


def _system_kind(_: Tongue, kind: str) -> str:
    return SYSTEMS.get(kind, kind)


def _sentence(_: Tongue, words: str) -> str:
    """With a capital where it begins, and the rest as it stands."""
    return words[:1].upper() + words[1:]


_SHEETS = Sheets(
    Path(__file__).parent / "pages",
    clock=_clock,
    lasting=_lasting,
    seconds=_seconds,
    said_of=_said_of,
    pair=_pair,
    keyed=_keyed,
    file_pair=_file_pair,
    plain=_plain,
    plain_pair=_plain_pair,
    tongue_name=_tongue_name,
    tongue_pair=_tongue_pair,
    category=_category,
    found_as=_found_as,
    category_pair=_category_pair,
    pair_of=_system_pair,
    opened=_opened,
    likely=_likely,
    not_known=_not_known,
    steered=steered,
    doing=_doing,
    sentence=_sentence,
    system_kind=_system_kind,
    ruled=ruled,
    **SAYS,
)


_NOBODY: tuple[Controller | None, InLanguage, Ruled] = None, InLanguage(), {}


def page(request: Request, name: str, inside: Inside | None = None, /, **given: object) -> str:
    """`inside`: who is signed in; None on the pages before. Given as `listed_at`: where the tables of this page are asked for in
    another order and as files, where that is not what `listing_of` finds."""
    tongue = tongue_of(request)
    company, translated, told = _NOBODY if inside is None else inside.run(lambda tx: _around(tx, request, tongue, inside.house))
    around = {
        "path": request.url.path,
        "inside": inside,
        "rooms": {} if inside is None else rooms_for(inside),
        "company": company,
        "own_language": "" if company is None else company.language,
        "called": CALLED,
        "deeds": Deed,
        "stopping": STOPS,
        "form_token": "" if inside is None else inside.form_token,
        "translated": translated,
        "ruled": told,
        "listed_at": listing_of(request),
    }
    here = tongue if company is None else replace(tongue, zone=company.zone)
    return _SHEETS.page(name, here, around | given)


def listing_of(request: Request) -> str:
    """Of a page that answers a form, the nearest page that can be asked for: a table's links lead there, and do nothing again.
    Empty where the page is asked for itself."""
    if request.method == "GET":
        return ""
    way = request.url.path.split("/")
    asked = {"type": "http", "method": "GET", "root_path": ""}
    places = ("/".join(way[:long]) for long in range(len(way), 1, -1))
    return next((each for each in places if _answers(request, asked | {"path": each})), "")


def _answers(request: Request, asked: Mapping[str, str]) -> bool:
    return any(route.matches(dict(asked))[0] is Match.FULL for route in request.app.routes)


def _around(tx: Transaction, request: Request, tongue: Tongue, house: House) -> tuple[Controller, InLanguage, Ruled]:
    """Purposes and rules are in the reader's language at the desk; all else of the console shows them as they are written."""
    company = controllers.get(tx)
    if not request.url.path.startswith(_SPOKEN):
        return company, InLanguage(), {}
    told = ruled_in_force(tx, house.clock, house.rules, tongue.code)
    return company, translations.in_language(tx, tongue.code), told


def part(name: str, tongue: Tongue, /, **given: object) -> Markup:
    """What stands in a page in another language than the page."""
    return Markup(_SHEETS.page(name, tongue, given))  # noqa: S704 - the sheet escaped every word in it that is not ours
