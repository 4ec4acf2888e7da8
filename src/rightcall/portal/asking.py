"""What a person asks for at their page: one question each, with what will happen and by when; and how far it is."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.clock import day_of
from rightcall.controllers import actions as controllers
from rightcall.controllers.model import Controller
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.design.drawings import html as drawn
from rightcall.design.tongues import marked
from rightcall.discovery.systems.naming import CustomerNames, customer_names
from rightcall.errors import NotFound, StillWorking
from rightcall.evidence import actions as evidence
from rightcall.evidence.model import Certificate, CertificateId
from rightcall.evidence.page import page as certificate_read
from rightcall.evidence.waiting import awaited
from rightcall.house import House
from rightcall.ids import ControllerId, ErasureId, RequestId
from rightcall.ledger.checkpoint import key_of
from rightcall.ledger.model import NotYet
from rightcall.personal import Personal
from rightcall.portal.backups import backups_of
from rightcall.portal.entry import entered
from rightcall.portal.sheets import page, tongue_of
from rightcall.portal.speaking import InTongue
from rightcall.portal.visiting import Sending, Visiting, Visitor, house_of, place
from rightcall.requests import actions as requests
from rightcall.requests import appeals, letters, proving, staying
from rightcall.requests.conflicts import actions as conflicts
from rightcall.requests.letters import Letter, LetterKind
from rightcall.requests.model import Answered, Days, Missing, RequestKind, Stage
from rightcall.requests.model import Request as Asked
from rightcall.requests.outside import outside
from rightcall.requests.own import asking
from rightcall.requests.packages import actions as packages
from rightcall.requests.packages.model import Handed, State
from rightcall.requests.packages.rules import PLACE
from rightcall.requests.staying import Staying
from rightcall.requests.still_held import still_held
from rightcall.unsent import Unsent
from rightcall.vault.model import Dark

router = APIRouter(prefix="/me/{controller}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A request, as whoever asked sees it. `certificates`: the newest first. `package`: how far the copy is, where one was asked
    for. `copy_first`: the request for a copy that an erasure waits for. `staying`: of an erasure that was begun, what is left and
    where; `systems`: what those are called. `wish`: what they wrote to it."""

    asked: Asked
    letters: tuple[Letter, ...]
    package: State | None
    certificates: tuple[CertificateId, ...]
    copy_first: RequestId | None
    staying: Staying | None
    wish: Personal[str] | Dark | None
    systems: CustomerNames
    today: date

    @property
    def is_partly(self) -> bool:
        """It was answered, and something of what was to go is there still."""
        return self.asked.outcome is Answered.FULFILLED and self.staying is not None and not self.staying.is_over

    @property
    def is_open(self) -> bool:
        return self.asked.stage is not Stage.ANSWERED

    @property
    def is_late(self) -> bool:
        return self.is_open and self.asked.due_on < self.today

    @property
    def waits_for_them(self) -> bool:
        return asking.waits_for_them(self.asked)

    @property
    def may_take_back(self) -> bool:
        return self.asked.stage is Stage.OPEN and (self.waits_for_them or self.asked.kind is not RequestKind.ERASURE)

    @property
    def may_appeal(self) -> bool:
        return self.asked.outcome is Answered.DENIED and self.asked.appealed_at is None


@router.get("/requests")
def listed(visiting: Visiting) -> HTMLResponse:
    found = visiting.run(lambda tx: staying.told(tx, requests.of_person(tx, visiting.person(tx))))
    return html(visiting.page("requests", asked=found, offered=asking.OFFERED, waits=asking.waits_for_them))


@router.get("/ask/{kind}")
def question(visiting: Visiting, kind: RequestKind) -> HTMLResponse:
    return form(visiting, kind)


def form(visiting: Visitor, kind: RequestKind, was: Unsent | None = None) -> HTMLResponse:
    """What it is, what will happen, and by when. `was`: what they wrote in it before."""
    _check_offered(kind)
    return html(_question(visiting, kind, was))


def _question(visiting: Visitor, kind: RequestKind, was: Unsent | None = None, *, lacks_words: bool = False) -> str:
    """`lacks_words`: they asked for it, and did not say what is wrong."""

    def deed(tx: Transaction) -> tuple[Days, RequestId | None]:
        subject = visiting.visit.subject
        return asking.days(tx, visiting.house.vault, visiting.house.clock, subject, kind), proving.copy_before(tx, subject)

    days, copy_first = visiting.run(deed)
    told = {"days": days, "copy_first": copy_first, "backups": backups_of(visiting.house)}
    return visiting.page("ask", kind=kind, lacks_words=lacks_words, was=was, **told)


@router.post("/ask/{kind}")
def ask(visiting: Sending, kind: RequestKind, words: Annotated[str, Form(max_length=4000)] = "") -> Response:
    _check_offered(kind)
    if kind is RequestKind.RECTIFICATION and not words.strip():
        return html(_question(visiting, kind, lacks_words=True), status=400)
    house, language = visiting.house, tongue_of(visiting.request).code

    def deed(tx: Transaction) -> asking.Asked:
        return asking.ask(tx, house.vault, house.clock, visiting.visit, kind, language=language, words=words, by=visiting.actor)

    return _led(visiting, visiting.run(deed))


@router.get("/requests/{request}")
def shown(visiting: Visiting, request: UUID) -> HTMLResponse:
    def deed(tx: Transaction) -> Progress:
        return _progress(tx, visiting.house, _own(tx, visiting, request))

    told = visiting.run(deed)
    wrote = told.wish.reveal("show somebody what they wrote") if isinstance(told.wish, Personal) else ""
    return html(
        visiting.page(
            "request", told=told, wrote=wrote, base=visiting.place(f"requests/{request}"), backups=backups_of(visiting.house)
        )
    )


@router.post("/requests/{request}/take")
def take(visiting: Sending, request: UUID) -> HTMLResponse:
    """The link to the copy, and its code: told this once."""
    house = visiting.house

    def deed(tx: Transaction) -> Handed:
        found = _own(tx, visiting, request)
        return packages.hand_over(tx, house.vault, house.clock, found.id, by=visiting.actor)

    handed = visiting.run(deed)
    back = visiting.place(f"requests/{request}")
    return html(visiting.page("taking", link=PLACE + handed.link, code=handed.code, until=handed.until, back=back))


@router.post("/requests/{request}/mine")
def is_mine(visiting: Sending, request: UUID) -> Response:
    """It was asked in their name, and waits for them to show that it is they: whoever is signed in has shown it."""

    def deed(tx: Transaction) -> asking.Asked:
        found, language = _own(tx, visiting, request), tongue_of(visiting.request).code
        return asking.is_mine(tx, visiting.house.clock, visiting.visit, found, language=language, by=visiting.actor)

    return _led(visiting, visiting.run(deed))


@router.post("/requests/{request}/take-back")
def take_back(visiting: Sending, request: UUID) -> Response:
    """Before anything of it is done."""
    visiting.run(lambda tx: requests.revoke(tx, visiting.house.clock, _own(tx, visiting, request).id, by=visiting.actor))
    return onwards(visiting.place(f"requests/{request}"))


@router.post("/requests/{request}/appeal")
def appeal(visiting: Sending, request: UUID) -> Response:
    """Another person is to look again at a no."""
    visiting.run(lambda tx: appeals.appeal(tx, visiting.house.clock, _own(tx, visiting, request).id, by=visiting.actor))
    return onwards(visiting.place(f"requests/{request}"))


@router.get("/follow/{link}")
def follow(request: Request, controller: UUID, link: str) -> HTMLResponse:
    """One request, for whoever has its link: it shows nothing else, and needs no visit."""
    house = entered(request).house

    def deed(tx: Transaction) -> tuple[Controller, Progress]:
        return controllers.get(tx), _progress(tx, house, asking.followed(tx, house.clock, Personal(link)))

    company, told = house.database.run(ControllerId(controller), deed)
    here = place(company.id, f"follow/{link}")
    return html(page(request, "follow", company=company, me=place(company.id), told=told, base=here, backups=backups_of(house)))


@router.get("/follow/{link}/certificates/{certificate}")
def certificate(request: Request, controller: UUID, link: str, certificate: UUID) -> Response:
    """What was destroyed and what remains, to be kept and checked without us."""
    found = _certificate(request, controller, link, certificate)
    headers = {"content-disposition": f'attachment; filename="certificate-{found.id}.json"'}
    return Response(found.file, media_type="application/ld+json", headers=headers)


@router.get("/follow/{link}/certificates/{certificate}/page")
def certificate_page(request: Request, controller: UUID, link: str, certificate: UUID) -> Response:
    """The same to be read, and printed: in the reader's tongue, with what systems are called here."""
    found = _certificate(request, controller, link, certificate)
    company, systems = house_of(request).database.run(
        ControllerId(controller), lambda tx: (controllers.get(tx), customer_names(tx))
    )
    tongue = replace(tongue_of(request), zone=company.zone, is_long=True)
    names: dict[UUID, str] = {id: called.to(tongue.code).words for id, called in systems.items()}
    return drawn(certificate_read(found.file, InTongue(tongue), names))


@router.get("/follow/{link}/certificates/{certificate}/proof")
def certificate_proof(request: Request, controller: UUID, link: str, certificate: UUID) -> Response:
    """That the ledger holds its issue: a C2SP tlog-proof, for any verifier."""
    found = _certificate(request, controller, link, certificate)
    headers = {"content-disposition": f'attachment; filename="certificate-{found.id}.tlog-proof"'}
    return Response(found.proof, media_type="text/plain", headers=headers)


def _certificate(request: Request, controller: UUID, link: str, certificate: UUID) -> Certificate:
    house, of, id = house_of(request), ControllerId(controller), CertificateId(certificate)
    key = key_of(house.signer)

    def deed(tx: Transaction) -> Certificate | NotYet:
        if id not in asking.certificates(tx, asking.followed(tx, house.clock, Personal(link))):
            raise NotFound(marked("There is no such certificate of this request."))
        return evidence.certificate(tx, id, key=key)

    found = awaited(lambda: house.database.run(of, deed))
    if isinstance(found, NotYet):
        raise StillWorking(marked("It is written down, and waits for the ledger's signature. Ask again in a moment."))
    return found


def _led(visiting: Visitor, found: asking.Asked) -> Response:
    """To the request; to an erasure by its link, since the visit ends with it."""
    if found.link is None:
        return onwards(visiting.place(f"requests/{found.request.id}"))
    return onwards(visiting.place(f"follow/{found.link.reveal('lead to a request')}"))


def _own(tx: Transaction, visiting: Visitor, request: UUID) -> Asked:
    return asking.own(tx, visiting.person(tx), RequestId(request))


def _progress(tx: Transaction, house: House, found: Asked) -> Progress:
    # The newest comes first; that it came, and each step, are told again in every later one.
    kinds = [LetterKind.ACKNOWLEDGEMENT]
    kinds += [LetterKind.EXTENSION] if found.extended_for is not None else []
    kinds += [LetterKind.PROGRESS]
    kinds += [LetterKind.ANSWER] if found.outcome is not None else []
    steps, weighed = requests.progress(tx, found.id), conflicts.weighed(tx, found.id)
    waits_for = proving.missing_of(tx, house.clock, found)
    company, away, today = controllers.get(tx), outside(tx, found), day_of(house.clock.now())
    held, days = still_held(tx, found), house.settings.epoch_days
    written = [
        letters.letter(kind, found, steps, waits_for, company, weighed, away, today, days, held) for kind in reversed(kinds)
    ]
    return Progress(
        asked=found,
        letters=tuple(written),
        package=_package(tx, found),
        certificates=tuple(reversed(asking.certificates(tx, found))),
        staying=staying.of_request(tx, ErasureId(found.id)) if found.kind is RequestKind.ERASURE else None,
        wish=asking.wish(tx, house.vault, found.id),
        systems=customer_names(tx),
        copy_first=proving.copy_before(tx, found.subject) if Missing.ACCESS_FIRST in waits_for else None,
        today=today,
    )


def _package(tx: Transaction, found: Asked) -> State | None:
    if found.kind not in (RequestKind.ACCESS, RequestKind.PORTABILITY):
        return None
    try:
        return packages.get(tx, found.id).state
    except NotFound:
        return None


def _check_offered(kind: RequestKind) -> None:
    if kind not in asking.OFFERED:
        raise NotFound(marked("This is not asked for here. Take a yes back under your choices."))
