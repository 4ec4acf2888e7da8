"""The words that people are asked with: which there are, what was found in them, and the next version, tried before it is heard.

The words of one are published as they were checked, and no others: whoever changes them is shown first what is found in these.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.calls import actions as calls
from rightcall.canonical import canonical_json, sha256
from rightcall.console.door import Inside, inside, sending
from rightcall.console.filled import Sent as FilledIn
from rightcall.console.filled import Wrongs
from rightcall.console.sheets import page
from rightcall.console.tables import shown as answered
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.design.tables import Column, Table
from rightcall.design.tongues import in_tongue
from rightcall.errors import NotFound
from rightcall.ids import NoticeId
from rightcall.languages import canonical_language
from rightcall.purposes import actions as purposes
from rightcall.purposes.faults import Fault, Severity
from rightcall.purposes.fitting import Fitting, Wording, faults_of, fit, unasked, voids
from rightcall.purposes.model import Keypad, LawfulBasis, NewNotice, Notice, Purpose
from rightcall.purposes.rules import check_keypad, checked_words
from rightcall.recordings import actions as recordings
from rightcall.reviews import standing as reviews_standing
from rightcall.reviews.model import Standing
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console/notices")
Looking = Annotated[Inside, Depends(inside(Deed.SEE_PURPOSES))]
Opening = Annotated[Inside, Depends(inside(Deed.PUBLISH_NOTICE))]
Publishing = Annotated[Inside, Depends(sending(Deed.PUBLISH_NOTICE))]
_UNREAD = "Read what was found and what follows, and tick this."
_OTHER_WORDS = "The words are not those that were checked. This is what is found in them now: read it, and publish then."


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """`told`: these are the words that people hear now."""

    notice: Notice
    purpose: Purpose
    faults: Sequence[Fault]
    told: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Languages that callers on a trunk speak, and in which this purpose asks nobody."""

    purpose: Purpose
    languages: Sequence[str]


@dataclass(frozen=True, slots=True)
class Piece:
    """Of a notice's words; `worst`: what is found in these, None where nothing is."""

    words: str
    worst: Severity | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A notice as somebody wrote it."""

    purpose: str = ""
    language: str = ""
    text: str = ""
    yes: str = ""
    no: str = ""

    @property
    def digest(self) -> str:
        """Tells whether the words that are to be published are those that were checked."""
        return sha256(canonical_json([self.purpose, self.language, self.text, self.yes, self.no])).hex()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """`void`: a yes to it would be none, so that it cannot be published. `standing`: of the review that would lapse by it."""

    new: NewNotice
    fitting: Fitting
    pieces: Sequence[Piece]
    void: bool
    standing: Standing


def _given(filled: FilledIn) -> Given:
    return Given(**{name: filled.one(name) for name in ("purpose", "language", "text", "yes", "no")})


Sent = Annotated[Given, Depends(_given)]


_LISTED: Table[Listed] = Table(
    file="notices",
    columns=(
        Column("words", "Words", lambda each: each.notice.text),
        Column("of", "Purpose", lambda each: each.purpose.title),
        Column("tongue", "Language", lambda each: in_tongue(each.notice.language, each.notice.version)),
        Column("day", "Since", lambda each: each.notice.created_at, is_period=True),
        Column("faults", "Found in it", lambda each: len(each.faults)),
    ),
)


@router.get("")
def list_notices(
    request: Request,
    who: Looking,
    purpose: Annotated[str, Query(max_length=200)] = "",
    language: Annotated[str, Query(max_length=100)] = "",
    versions: Annotated[str, Query(max_length=10)] = "now",
) -> Response:
    """By purpose and language, the newest version first; `versions`: those of now, or all there ever were."""

    def deed(tx: Transaction) -> dict[str, object]:
        register = [each for each in purposes.all_purposes(tx) if each.ended_at is None or versions == "all"]
        everything = [each for of in register for each in _of_purpose(tx, of)]
        spoken = [each.language for each in calls.trunks(tx)]
        shown = [
            each
            for each in everything
            if purpose in ("", each.purpose.key) and language in ("", each.notice.language) and (each.told or versions == "all")
        ]
        return {
            "register": register,
            "languages": sorted({each.notice.language for each in everything}),
            "listed": _LISTED.of(shown, request.query_params),
            "missing": list(_missing(register, everything, spoken)),
        }

    wanted = {"purpose": purpose, "language": language, "versions": versions}
    return answered(request, "notices", who, **who.run(deed), wanted=wanted, may_publish=who.may(Deed.PUBLISH_NOTICE))


@router.get("/new")
def begin(
    request: Request,
    who: Opening,
    purpose: Annotated[str, Query(max_length=200)] = "",
    language: Annotated[str, Query(max_length=100)] = "",
    like: Annotated[UUID | None, Query()] = None,
) -> HTMLResponse:
    """An empty form, or with the words of another notice, to be said better."""

    def deed(tx: Transaction) -> Given:
        return Given(purpose=purpose, language=language) if like is None else _as_written(tx, purposes.notice(tx, NoticeId(like)))

    return _form(request, who, who.run(deed))


@router.get("/{notice}")
def show(request: Request, who: Looking, notice: UUID) -> HTMLResponse:
    def deed(tx: Transaction) -> dict[str, object]:
        found = purposes.notice(tx, NoticeId(notice))
        purpose = purposes.get(tx, found.purpose)
        others = [each for each in purposes.notices(tx, purpose.id) if each.language == found.language]
        fitting = fit(_wording(tx, purpose, found))
        return {
            "notice": found,
            "purpose": purpose,
            "fitting": fitting,
            "pieces": pieces(found.text, fitting.faults),
            "others": sorted(others, key=lambda each: -each.version),
            "standing": reviews_standing.in_force(tx, who.house.clock, who.house.rules, purpose.id),
        }

    may = {"may_publish": who.may(Deed.PUBLISH_NOTICE), "may_review": who.may(Deed.DRAFT_REVIEW)}
    return html(page(request, "notice", who, **who.run(deed), **may))


@router.post("/check")
def check(request: Request, who: Publishing, given: Sent) -> HTMLResponse:
    """What would be found in it. Nothing is kept."""
    wrongs = Wrongs()
    tried = who.run(lambda tx: _try(tx, who, given, wrongs))
    return _form(request, who, given, tried, wrongs)


@router.post("")
def publish(
    request: Request,
    who: Publishing,
    given: Sent,
    checked: Annotated[str, Form(max_length=100)] = "",
    read: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """The next version of the words in this language; a review of other words lapses by it."""
    wrongs = Wrongs()

    def deed(tx: Transaction) -> tuple[Tried | None, NoticeId | None]:
        tried = _try(tx, who, given, wrongs)
        if tried is None or tried.void:
            return tried, None
        if checked != given.digest:
            wrongs["text"] = _OTHER_WORDS
        elif not read:
            wrongs["read"] = _UNREAD
        if wrongs:
            return tried, None
        made = purposes.publish_notice(tx, who.house.clock, tried.new, by=who.actor)
        recordings.look_again(tx, [tx.of])
        return tried, made.id

    tried, made = who.run(deed)
    return _form(request, who, given, tried, wrongs) if made is None else onwards(f"/console/notices/{made}")


@router.post("/{notice}/retire")
def retire(who: Publishing, notice: UUID) -> Response:
    """Nobody is asked in this language any more, until other words are published in it."""

    def deed(tx: Transaction) -> None:
        purposes.retire_notice(tx, who.house.clock, NoticeId(notice), by=who.actor)
        recordings.look_again(tx, [tx.of])

    who.run(deed)
    return onwards(f"/console/notices/{notice}")


def pieces(text: str, faults: Sequence[Fault]) -> list[Piece]:
    """The words one after another, those marked in which something is found. Where two overlap, the first one counts."""
    found, at = list[Piece](), 0
    for each in sorted((each for each in faults if each.words), key=lambda each: (each.start, each.end)):
        if each.start >= at:
            found += [Piece(text[at : each.start], None), Piece(text[each.start : each.end], each.kind.severity)]
            at = each.end
    return [each for each in (*found, Piece(text[at:], None)) if each.words]


def _form(request: Request, who: Inside, given: Given, tried: Tried | None = None, wrongs: Wrongs | None = None) -> HTMLResponse:
    register = who.run(purposes.active)
    found = wrongs or Wrongs()
    shown = {"given": given, "tried": tried, "wrongs": found, "register": register}
    return html(page(request, "notice-written", who, **shown), status=422 if found else 200)


def _of_purpose(tx: Transaction, purpose: Purpose) -> Iterator[Listed]:
    name = controllers.get(tx).name
    newest = {each.id for each in purposes.current_notices(tx, purpose.id)}
    for each in sorted(purposes.notices(tx, purpose.id), key=lambda each: (each.language, -each.version)):
        faults = faults_of(each, name, purpose.title, purpose.lawful_basis)
        yield Listed(notice=each, purpose=purpose, faults=faults, told=each.id in newest and purpose.ended_at is None)


def _missing(register: Sequence[Purpose], everything: Sequence[Listed], spoken: Sequence[str]) -> Iterator[Missing]:
    for purpose in register:
        noticed = [each.notice.language for each in everything if each.purpose.id == purpose.id and each.told]
        is_asked = purpose.lawful_basis is LawfulBasis.CONSENT or bool(noticed)
        languages = unasked(spoken, noticed)
        if languages and is_asked and purpose.ended_at is None:
            yield Missing(purpose=purpose, languages=languages)


def _as_written(tx: Transaction, notice: Notice) -> Given:
    keypad = notice.keypad or Keypad(yes="", no="")
    key = purposes.get(tx, notice.purpose).key
    return Given(purpose=key, language=notice.language, text=notice.text, yes=keypad.yes, no=keypad.no)


def _try(tx: Transaction, who: Inside, given: Given, wrongs: Wrongs) -> Tried | None:
    """None where it cannot be read; `wrongs` says where."""
    purpose = wrongs.reading("purpose", lambda: _purpose(tx, given.purpose))
    language = wrongs.reading("language", lambda: canonical_language(given.language))
    text = wrongs.reading("text", lambda: checked_words(given.text))
    keypad = wrongs.reading("yes", lambda: _keypad(given))
    if wrongs or purpose is None or language is None or text is None:
        return None
    new = NewNotice(purpose=purpose.id, language=language, text=text, keypad=keypad)
    fitting = fit(_wording(tx, purpose, new))
    return Tried(
        new=new,
        fitting=fitting,
        pieces=pieces(text, fitting.faults),
        void=bool(voids(fitting.faults)),
        standing=reviews_standing.in_force(tx, who.house.clock, who.house.rules, purpose.id),
    )


def _purpose(tx: Transaction, key: str) -> Purpose:
    found = next((each for each in purposes.active(tx) if each.key == key), None)
    if found is None:
        raise NotFound("Choose what it asks for, of those that have not ended. A purpose is made first, and its notices then.")
    return found


def _keypad(given: Given) -> Keypad | None:
    if not given.yes and not given.no:
        return None
    keypad = Keypad(yes=given.yes, no=given.no)
    check_keypad(keypad)
    return keypad


def _wording(tx: Transaction, purpose: Purpose, words: Notice | NewNotice) -> Wording:
    return Wording(
        text=words.text,
        language=words.language,
        keypad=words.keypad,
        controller=controllers.get(tx).name,
        purpose=purpose.title,
        basis=purpose.lawful_basis,
    )
