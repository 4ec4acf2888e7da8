"""Registering another system, looking whether it still answers, changing how to get in and what it is for, and retiring it. An
address is opened once before anything is written down; it is sealed then, and no page ever shows it again."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.console.door import Inside, inside, sending
from rightcall.console.filled import EMPTY, MENDABLE, Filled, Sent, Unread, an_id, number, offered, one_of
from rightcall.console.sheets import page
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.design.tongues import ENGLISH, NAMES
from rightcall.discovery.ports import Ability, Load
from rightcall.discovery.scans import actions as scans
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import (
    MOST_TERM_DAYS,
    Change,
    Erases,
    NewSystem,
    OwnNumber,
    RegisteredSystem,
    SystemName,
    SystemUse,
    TermFrom,
)
from rightcall.discovery.systems.ways import Way, abilities_by, changed_way, has_no_credentials, with_credentials
from rightcall.errors import Malformed, Mistake, Outage
from rightcall.holdings import saying
from rightcall.holdings.categories import Category
from rightcall.ids import PurposeId, SystemId
from rightcall.personal import Personal
from rightcall.purposes import actions as purposes
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console/systems")
Asking = Annotated[Inside, Depends(inside(Deed.CHANGE_SYSTEMS))]
Changing = Annotated[Inside, Depends(sending(Deed.CHANGE_SYSTEMS))]
_MEND = 422
_MOST = 10**12
KINDS = (
    ("/srv/share", "A folder of this machine"),
    ("postgresql://host/crm", "A PostgreSQL database"),
    ("mariadb://host/crm", "A MariaDB or MySQL database"),
    ("sqlite:///srv/crm.db", "An SQLite file"),
    ("s3://bucket/prefix", "A bucket"),
    ("vcons:/srv/vcons", "A folder of vCons"),
    ("conserver://name", "A vCon conserver that sends its vCons here"),
    ("own+https://host/path", "A system that speaks our own protocol"),
)
"""What an address looks like, and of which kind of system it is."""
_ERASES = {
    "": "It is for reading alone",
    Erases.PARTS.value: "Rows, fields and stretches of texts may be erased",
    Erases.WHOLE.value: "Whole files too, where all in them is about one person",
}


@router.get("/new")
def ask(request: Request, who: Asking) -> HTMLResponse:
    return html(_asking(request, who, EMPTY))


@router.post("/new")
def register(request: Request, who: Changing, filled: Sent) -> Response:
    """It is opened once, and says what it can do."""
    try:
        name = filled.read("name", lambda text: SystemName(text=text))
        way = _way(filled)
        new = NewSystem(
            name=name,
            address=way.address,
            regions=_regions(filled),
            uses=() if (use := _use(filled)) is None else (use,),
            numbers=_numbers(filled),
            load=_load(filled),
            copy_of=tuple(SystemId(each) for each in [filled.maybe("copy_of", an_id)] if each is not None),
            erases=way.erases,
            corrects=way.corrects,
            writing=way.writing,
        )
        abilities = _opened(who, way)
        house = who.house
        made = who.run(lambda tx: systems.register(tx, house.vault, house.clock, new, abilities=abilities, by=who.actor))
    except MENDABLE as error:
        return html(_asking(request, who, _kept(filled, error)), status=_MEND)
    return onwards(f"/console/systems/{made.id}")


@router.post("/{system}/check")
def check(request: Request, who: Changing, system: UUID) -> Response:
    """Does it still answer, and what can it do now?"""
    return _changed(request, who, system, _as_known(_system(who, system)), lambda _: Change())


@router.get("/{system}/way-in")
def ask_way_in(request: Request, who: Asking, system: UUID) -> HTMLResponse:
    found = _system(who, system)
    return html(_way_in(request, who, found, _as_known(found)))


@router.post("/{system}/way-in")
def change_way_in(request: Request, who: Changing, system: UUID, filled: Sent) -> Response:
    """Nothing is changed where it does not answer in the new way."""

    def change(_: RegisteredSystem) -> Change:
        erases, corrects = filled.maybe("erases", one_of(Erases)), filled.one("corrects") == "yes"
        is_written = erases is not None or corrects
        return Change(
            address=_address(filled) if filled.one("address") else None,
            regions=_regions(filled),
            load=_load(filled),
            erases=erases,
            erases_nothing=erases is None,
            corrects=corrects,
            writing=Personal(filled.one("writing")) if filled.one("writing") and is_written else None,
            read_only=not is_written,
        )

    return _changed(request, who, system, filled, change)


@router.get("/{system}/uses")
def ask_uses(request: Request, who: Asking, system: UUID) -> HTMLResponse:
    return html(_uses(request, who, _system(who, system), EMPTY))


@router.post("/{system}/uses")
def change_uses(request: Request, who: Changing, system: UUID, filled: Sent) -> Response:
    """One line more, or, with `without`, one less: the nth."""

    def change(found: RegisteredSystem) -> Change:
        if filled.one("without"):
            nth = filled.read("without", number(0, len(found.uses) - 1))
            return Change(uses=(*found.uses[:nth], *found.uses[nth + 1 :]))
        use = _use(filled)
        if use is None:
            raise Unread("purpose", "Choose the purpose that this serves.")
        return Change(uses=(*found.uses, use))

    return _changed(request, who, system, filled, change, back="/uses")


@router.get("/{system}/words")
def ask_words(request: Request, who: Asking, system: UUID) -> HTMLResponse:
    found = _system(who, system)
    labels = {f"label.{language}": words for language, words in found.labels.items()}
    return html(_words(request, who, found, offered(**labels, keepers=found.keepers_language)))


@router.post("/{system}/words")
def change_words(request: Request, who: Changing, system: UUID, filled: Sent) -> Response:
    """What customers read instead of its name, and the language of those who look after it. It is not opened for that."""
    found, labels, keepers = _system(who, system), filled.texts("label"), filled.one("keepers")
    try:
        who.run(lambda tx: systems.put_words(tx, who.house.clock, found, labels, keepers_language=keepers, by=who.actor))
    except MENDABLE as error:
        return html(_words(request, who, found, filled.but(error)), status=_MEND)
    return onwards(f"/console/systems/{system}")


@router.post("/{system}/retire")
def retire(who: Changing, system: UUID, sure: Annotated[str, Form(max_length=10)] = "") -> Response:
    """It is looked at no more: its address and every place that was known in it are dark from now on: one press is not
    enough."""
    who.check_fresh()
    if not sure:
        raise Malformed("Nothing was retired: it cannot be undone. Go back, and tick that you are sure.")
    house = who.house
    who.run(
        lambda tx: scans.retire_system(tx, house.vault, house.clock, systems.get(tx, SystemId(system)), by=who.actor),
    )
    return onwards(f"/console/systems/{system}")


def _changed(
    request: Request, who: Inside, system: UUID, filled: Filled, change: Callable[[RegisteredSystem], Change], *, back: str = ""
) -> Response:
    house, found = who.house, _system(who, system)
    try:
        wanted = change(found)
        way = who.run(lambda tx: changed_way(tx, house.vault, found, wanted))
        abilities = _opened(who, way)
        who.run(lambda tx: systems.checked(tx, house.vault, house.clock, found, wanted, abilities=abilities, by=who.actor))
    except MENDABLE as error:
        asked = _uses if back else _way_in
        return html(asked(request, who, found, _kept(filled, error)), status=_MEND)
    return onwards(f"/console/systems/{system}{back}")


def _system(who: Inside, system: UUID) -> RegisteredSystem:
    return who.run(lambda tx: systems.get(tx, SystemId(system)))


def _as_known(found: RegisteredSystem) -> Filled:
    """What may be shown of how to get in."""
    erases = None if found.erases is None else found.erases.value
    corrects = "yes" if found.corrects else None
    return offered(
        erases=erases, corrects=corrects, regions=", ".join(found.regions), bytes=found.load.bytes, rows=found.load.rows
    )


def _opened(who: Inside, way: Way) -> frozenset[Ability]:
    """What it says it can do. Unread, at the address, where it cannot be opened in this way."""
    try:
        return abilities_by(who.house.opener_for(who.controller), way)
    except (Mistake, Outage) as error:
        raise Unread("address", str(error)) from error


def _kept(filled: Filled, error: Exception) -> Filled:
    """What was written, without what may hold credentials."""
    sealed = ["password", "writing", "user"]
    return filled.but(error, without=sealed if has_no_credentials(filled.one("address")) else [*sealed, "address"])


def _way(filled: Filled) -> Way:
    return Way(
        address=_address(filled),
        erases=filled.maybe("erases", one_of(Erases)),
        corrects=filled.one("corrects") == "yes",
        writing=Personal(filled.one("writing")) if filled.one("writing") else None,
    )


def _address(filled: Filled) -> Personal[str]:
    if not filled.one("address"):
        raise Unread("address", "Say where it is: a folder, or an address as in the list below.")
    return filled.read("address", lambda text: with_credentials(text, filled.one("user"), filled.one("password")))


def _regions(filled: Filled) -> tuple[str, ...]:
    return tuple(filled.one("regions").upper().replace(",", " ").split())


def _load(filled: Filled) -> Load:
    return Load(bytes=filled.maybe("bytes", number(1, _MOST)), rows=filled.maybe("rows", number(1, _MOST)))


def _numbers(filled: Filled) -> tuple[OwnNumber, ...]:
    expression = filled.one("expression")
    return (
        (OwnNumber(name=filled.one("number_name", "customer_id") or "customer_id", expression=expression),) if expression else ()
    )


def _use(filled: Filled) -> SystemUse | None:
    """None where no purpose is named."""
    purpose = filled.maybe("purpose", an_id)
    if purpose is None:
        return None
    term_field = filled.one("term_field") or None
    return SystemUse(
        purpose=PurposeId(purpose),
        objects=filled.one("objects", "*") or "*",
        fields=filled.one("fields", "*") or "*",
        category=filled.one("category") or None,
        term_from=TermFrom.FIRST_SEEN if term_field is None else TermFrom.FIELD,
        term_field=term_field,
        term_days=filled.maybe("term_days", number(1, MOST_TERM_DAYS)),
    )


def _asking(request: Request, who: Inside, filled: Filled) -> str:
    def deed(tx: Transaction) -> dict[str, object]:
        others = [(str(each.id), each.name.text) for each in systems.systems(tx) if each.retired_at is None]
        return {"others": others, "usable": purposes.active(tx)}

    return page(request, "system-new", who, **who.run(deed), filled=filled, kinds=KINDS, erases=list(_ERASES.items()))


def _way_in(request: Request, who: Inside, found: RegisteredSystem, filled: Filled) -> str:
    return page(request, "system-way-in", who, system=found, filled=filled, kinds=KINDS, erases=list(_ERASES.items()))


def _words(request: Request, who: Inside, found: RegisteredSystem, filled: Filled) -> str:
    known = dict.fromkeys([*NAMES, found.keepers_language or ENGLISH])
    languages = [("", "the company's own"), *((each, NAMES.get(each, each)) for each in known)]
    return page(request, "system-words", who, system=found, filled=filled, languages=languages)


def _uses(request: Request, who: Inside, found: RegisteredSystem, filled: Filled) -> str:
    def deed(tx: Transaction) -> dict[str, object]:
        return {"usable": purposes.active(tx), "titles": purposes.titles(tx)}

    return page(
        request,
        "system-uses",
        who,
        **who.run(deed),
        system=found,
        filled=filled,
        categories=[each for each in Category if each is not Category.PERSONAL_DATA],
        name_of=saying.category,
    )
