"""Asking from one's own page, and following what became of it (GDPR Art. 12 to 21).

Who is signed in has shown who they are, by the proof that their visit began with: so a request is ready at once, and an erasure
begins at once. Whoever is erased has no page any more; a link is told to them once, which shows this one request, its answer and
its certificate, and nothing else.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta

from rightcall.actors import Actor
from rightcall.canonical import sha256
from rightcall.clock import Clock, day_of
from rightcall.database.connection import Transaction
from rightcall.erasure import actions as erasures
from rightcall.errors import Conflict, Malformed, NotFound
from rightcall.evidence import actions as evidence
from rightcall.evidence.model import CertificateId
from rightcall.ids import RequestId, SubjectId
from rightcall.personal import Personal
from rightcall.requests import actions as requests
from rightcall.requests import proving
from rightcall.requests.actions import Came
from rightcall.requests.clocks import clocks
from rightcall.requests.course import store as course
from rightcall.requests.model import Behalf, Channel, Days, Request, RequestKind, Stage
from rightcall.requests.own import store
from rightcall.requests.places import places_of
from rightcall.requests.rules import days_of
from rightcall.requests.visits.model import Visit
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

OFFERED = (
    RequestKind.ACCESS,
    RequestKind.PORTABILITY,
    RequestKind.RECTIFICATION,
    RequestKind.RESTRICTION,
    RequestKind.OBJECTION,
    RequestKind.ERASURE,
)
LINK_HOLDS = timedelta(days=365)
LONGEST_WISH = 4_000
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`link`: the secret that leads to this request alone; of an erasure, which leaves no other way."""

    request: Request
    link: Personal[str] | None = field(repr=False)


def ask(
    tx: Transaction, vault: Vault, clock: Clock, visit: Visit, kind: RequestKind, *, language: str, words: str, by: Actor
) -> Asked:
    """Who asks again for what waits for its answer has the same request. `words`: what they wrote to it, if anything."""
    wish = words.strip()
    if len(wish) > LONGEST_WISH:
        raise Malformed(f"Say it in at most {LONGEST_WISH} characters.")
    if kind is RequestKind.RECTIFICATION and not wish:
        raise Malformed("Say what is wrong, and what is right instead.")
    came = Came(channel=Channel.PORTAL, language=language)
    asked = requests.receive_shown(tx, vault, clock, whose=visit.subject, proof=visit.proof, kind=kind, by=by, came=came)
    if wish:
        store.insert_wish(tx, asked.id, vault.seal_value(tx, asked.subject, wish.encode(), _context(asked.id)))
    return Asked(request=asked, link=link_to(tx, clock, asked.id) if kind is RequestKind.ERASURE else None)


def waits_for_them(request: Request) -> bool:
    """Somebody asked it in their name, or they did where they were not signed in: it waits to be shown that it is they."""
    return request.stage is Stage.OPEN and request.proof is None and request.behalf is Behalf.SELF


def is_mine(tx: Transaction, clock: Clock, visit: Visit, request: Request, *, language: str, by: Actor) -> Asked:
    """Whoever is signed in says that a request in their name is theirs: the proof that their visit began with shows who asks, and
    they are answered in the language of their page."""
    if not waits_for_them(request):
        raise Conflict("It does not wait for you to show who you are. Look at it again to see how far it is.")
    refused = proving.prove_shown(tx, clock, request, proof=visit.proof, whose=visit.subject, by=by)
    if refused is not None:
        raise Conflict(proving.REFUSED[refused])
    course.change(tx, request.id, language=language)
    found = requests.get(tx, request.id)
    return Asked(request=found, link=link_to(tx, clock, found.id) if found.kind is RequestKind.ERASURE else None)


def days(tx: Transaction, vault: Vault, clock: Clock, subject: SubjectId, kind: RequestKind) -> Days:
    """By when an answer would be due, if it was asked now."""
    return days_of(clocks(), kind, places_of(tx, vault, subject, None), day_of(clock.now()))


def wish(tx: Transaction, vault: Vault, request: RequestId) -> Personal[str] | Dark | None:
    """What the person wrote to it at their own page; None where they wrote nothing."""
    found, sealed = requests.get(tx, request), store.sealed_wish(tx, request)
    if sealed is None:
        return None
    opened = vault.open_value(tx, found.subject, sealed, _context(request))
    return opened if isinstance(opened, Dark) else Personal(opened.decode())


def own(tx: Transaction, person: Collection[SubjectId], request: RequestId) -> Request:
    """NotFound for another's, in the same words as for one that is not there."""
    found = requests.find(tx, request)
    if found is None or found.subject not in person:
        raise NotFound("There is no such request of yours. Look at your requests to see those that there are.")
    return found


def followed(tx: Transaction, clock: Clock, link: Personal[str]) -> Request:
    """The one request that a link leads to. NotFound for every other, and where its time is over."""
    found = store.request_by_link(tx, _digest(link), clock.now())
    if found is None:
        raise NotFound("This link leads to no request, or its time is over. Look at it again, or ask the company.")
    return requests.get(tx, found)


def link_to(tx: Transaction, clock: Clock, request: RequestId) -> Personal[str]:
    """For one person, told once: whoever has it sees this request alone."""
    link = Personal(secrets.token_urlsafe(_SECRET_BYTES))
    store.insert_link(tx, _digest(link), request, clock.now() + LINK_HOLDS)
    return link


def certificates(tx: Transaction, request: Request) -> list[CertificateId]:
    """Of what was destroyed of the person who asked, if they asked for that."""
    if request.kind is not RequestKind.ERASURE:
        return []
    return [id for subject in erasures.certified_under(tx, request.subject) for id in evidence.certificates_of(tx, subject)]


def forget_old(tx: Transaction, clock: Clock) -> int:
    """Links whose time is over."""
    return store.delete_links_until(tx, clock.now())


def _digest(link: Personal[str]) -> bytes:
    return sha256(link.reveal("find a request by its link").encode())


def _context(request: RequestId) -> str:
    return f"requests.wish:{request}"
