"""The privacy notice for the public, generated from the register (GDPR Art. 12, 13 and 14): what is said is what is enforced.

Nothing is written by hand. Each sentence is a frame (frames/, one file a language) around facts of the register; what the
register does not hold, the notice does not say. So it does not name recipients outside the controller, transfers, or the
authority by name: where there are any, somebody has to add them beside it.
Pure. How it looks as a page is in public_page.py; the words people are asked with are notices, and their check is in fitting.py.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from rightcall.canonical import Json, canonical_json, sha256
from rightcall.controllers.model import Controller
from rightcall.errors import NotFound
from rightcall.ids import PurposeId
from rightcall.languages import fallbacks
from rightcall.purposes.model import MAY_BE_OBJECTED_TO, LawfulBasis, Notice, OnWithdrawal, Purpose
from rightcall.purposes.translations.model import Translation

_FOLDER = Path(__file__).parent / "frames"
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_MAY_BE_TAKEN_ALONG = frozenset({LawfulBasis.CONSENT, LawfulBasis.CONTRACT})


@dataclass(frozen=True, slots=True)
class Frame:
    """One language's sentences, labels and words."""

    language: str
    says: Mapping[str, str]
    labels: Mapping[str, str]
    roles: Mapping[str, str]
    categories: Mapping[str, str]
    languages: Mapping[str, str]
    places: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """What the notice is generated from. `notices` are the current ones; `faces` the sentence that would be said to a customer's
    face, from a purpose's review; `translated`, `faces_in`: the same and the register in the notice's language, where they are
    translated; `resting` the purposes for which nothing runs at present; `costly` those for which nothing runs
    since a no was found to cost people something; `on_trial` those of which, for the same reason, nothing is used."""

    controller: Controller
    purposes: Sequence[Purpose]
    notices: Sequence[Notice]
    faces: Mapping[PurposeId, str] = field(default_factory=dict)
    translated: Mapping[PurposeId, Translation] = field(default_factory=dict)
    faces_in: Mapping[PurposeId, str] = field(default_factory=dict)
    resting: frozenset[PurposeId] = frozenset()
    costly: frozenset[PurposeId] = frozenset()
    on_trial: frozenset[PurposeId] = frozenset()


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence: the frame's `key` with facts of the register in it. `label` is its label's key, empty where it has none.
    `language` is that of the words in it, empty where it is the frame's."""

    key: str
    facts: Mapping[str, str] = field(default_factory=dict)
    label: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """`anchor` is a purpose's key where the part is about one."""

    heading: Line
    lines: tuple[Line, ...]
    anchor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicNotice:
    """`digest` is the SHA-256 of the canonical JSON of everything said, but for when it was read."""

    frame: Frame
    controller: Controller
    title: Line
    lead: tuple[Line, ...]
    parts: tuple[Part, ...]
    at: datetime
    digest: bytes

    def say(self, line: Line) -> str:
        return _filled(self.frame.says[line.key], line.facts)

    def label(self, line: Line) -> str:
        return self.frame.labels[line.label] if line.label else ""


@cache
def languages() -> tuple[str, ...]:
    """Those in which the notice can be written."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.toml")))


def frame_of(language: str) -> Frame:
    """NotFound, with those there are, where it cannot be written in this language."""
    known = next((tag for tag in fallbacks(language) if tag in languages()), None)
    if known is None:
        raise NotFound(f"The privacy notice can be written in {', '.join(languages())}. Ask for one of these.")
    return _frame(known)


@cache
def _frame(language: str) -> Frame:
    document = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return Frame(language=language, **document)


def written(register: Register, language: str, at: datetime) -> PublicNotice:
    """The notice as the register stands at `at`."""
    frame = frame_of(language)
    active = [each for each in register.purposes if each.ended_at is None]
    controller = register.controller
    title = Line("title", {"controller": controller.name})
    lead = (Line("lead", {"controller": controller.name}), *(() if active else (Line("nothing"),)))
    parts = (
        _who(controller, frame),
        *(_purpose(register, frame, each) for each in active),
        *_ended(register, at),
        *([_afterwards(controller)] if register.purposes else []),
        _rights(controller, active),
    )
    digest = sha256(canonical_json([frame.language, *_said(frame, [title, *lead]), *_parts_said(frame, parts)]))
    about = Part(Line("version"), (_as_of(at), Line("digest", {"digest": digest.hex()}, "digest")))
    return PublicNotice(frame=frame, controller=controller, title=title, lead=lead, parts=(*parts, about), at=at, digest=digest)


def _who(controller: Controller, frame: Frame) -> Part:
    places = (frame.places.get(each, each) for each in controller.jurisdictions)
    return Part(
        Line("who"),
        (
            Line("name", {"controller": controller.name}),
            Line("address", {"address": controller.address}, "address"),
            Line("contact", {"contact": controller.contact}, "contact"),
            Line("places", {"places": ", ".join(places)}, "places"),
            Line("number", {"id": str(controller.id)}, "number"),
        ),
    )


def _purpose(register: Register, frame: Frame, purpose: Purpose) -> Part:
    own = _own_language(register.controller, frame)
    translated = register.translated.get(purpose.id)
    said, language = (purpose, own) if translated is None else (translated, "")
    lines = [
        Line("why", {"justification": said.justification}, "why", language=language),
        *_face(register, purpose, own),
        *([Line("resting")] if purpose.id in register.resting else []),
        *([Line("costly")] if purpose.id in register.costly else []),
        *([Line("on_trial")] if purpose.id in register.on_trial else []),
        Line("data", {"categories": _listed(words_of_category(frame, each) for each in purpose.data_categories)}, "data"),
        Line(f"basis_{purpose.lawful_basis.value}", {}, "basis"),
        *([] if purpose.legal_duty is None else [Line("duty", {"duty": purpose.legal_duty}, "duty")]),
        Line(f"basis_{purpose.staff_basis.value}", {}, "staff_basis"),
        Line("roles", {"roles": _listed(frame.roles[role.value] for role in sorted(purpose.may_use))}, "roles"),
        _term(purpose),
        *_choice(register, frame, purpose),
        Line("kind", {"words": _spaced(purpose.dpv_purpose.removeprefix("dpv:")), "term": purpose.dpv_purpose}, "kind"),
    ]
    return Part(Line("purpose", {"title": said.title}, language=language), tuple(lines), purpose.key)


def _own_language(controller: Controller, frame: Frame) -> str:
    """That of the controller's own words, where it is another than the frame's."""
    return "" if fallbacks(controller.language)[-1] == frame.language else controller.language


def _face(register: Register, purpose: Purpose, own: str) -> Iterator[Line]:
    sentence, translated = register.faces.get(purpose.id), register.faces_in.get(purpose.id)
    if sentence is not None:
        yield Line("face", {"sentence": translated or sentence}, "face", language="" if translated else own)


def _term(purpose: Purpose) -> Line:
    key = "term_1" if purpose.term_days == 1 else "term"
    return Line(key, {} if purpose.term_days == 1 else {"days": str(purpose.term_days)}, key)


def _choice(register: Register, frame: Frame, purpose: Purpose) -> Iterator[Line]:
    """What happens on a no; and where there is a yes to give, what is asked and how it is taken back. On whatever else it could
    rest, the charter wants one: only a duty of law does without."""
    yield Line(f"no_{purpose.lawful_basis.value}", {}, "on_no")
    if purpose.lawful_basis is LawfulBasis.LEGAL_OBLIGATION:
        return
    keeps = purpose.on_withdrawal is OnWithdrawal.KEEP
    yield Line("withdrawn_keep" if keeps else "withdrawn_destroy", {}, "on_withdrawal")
    notices = [each for each in register.notices if each.purpose == purpose.id]
    if not notices:
        yield Line("not_asked_yet", {}, "asked")
        return
    yield from sorted((_asked(frame, each) for each in notices), key=lambda line: line.key)
    spoken = sorted({frame.languages.get(each.language, each.language) for each in notices})
    yield Line("asked_in", {"languages": ", ".join(spoken)}, "asked_in")


def _asked(frame: Frame, notice: Notice) -> Line:
    """The words as they are said, in whatever language: who speaks it reads them here."""
    said = {"text": notice.text, "version": str(notice.version)}
    if fallbacks(notice.language)[-1] == frame.language:
        return Line("asked", said, "asked", language=notice.language)
    known = (frame.languages[tag] for tag in fallbacks(notice.language) if tag in frame.languages)
    return Line("asked_else", {"language": next(known, notice.language), **said}, "asked_else", language=notice.language)


def _ended(register: Register, at: datetime) -> Iterator[Part]:
    """Purposes that have ended while something that was recorded for them may still be kept."""
    lines = []
    for purpose in register.purposes:
        if purpose.ended_at is not None:
            last = purpose.ended_at.date() + timedelta(days=purpose.term_days)
            if last >= at.date():
                title = register.translated.get(purpose.id, purpose).title
                facts = {"title": title, "ended": purpose.ended_at.date().isoformat(), "last": last.isoformat()}
                lines.append(Line("ended_purpose", facts))
    if lines:
        yield Part(Line("ended"), tuple(lines))


def _afterwards(controller: Controller) -> Part:
    """What is known of what is gone, and for how long."""
    lines = (("remembered", controller.remember_days), ("on_record", controller.on_record_days))
    return Part(Line("afterwards"), tuple(_for_so_long(key, days) for key, days in lines))


def _for_so_long(key: str, days: int | None) -> Line:
    return Line(f"{key}_for_good") if days is None else Line(key, {"days": str(days)})


def _rights(controller: Controller, active: Sequence[Purpose]) -> Part:
    """Only those that there are: what waits for a yes can be taken back, what rests on interests can be objected to."""
    bases = frozenset(basis for each in active for basis in (each.lawful_basis, each.staff_basis))
    keys = ["access", "rectify", "erase", "restrict"]
    keys += ["port"] if bases & _MAY_BE_TAKEN_ALONG else []
    keys += ["object"] if bases & MAY_BE_OBJECTED_TO else []
    waiting = any(each.lawful_basis is not LawfulBasis.LEGAL_OBLIGATION for each in active)
    keys += ["withdraw"] if waiting or LawfulBasis.CONSENT in bases else []
    return Part(Line("rights"), (*map(Line, [*keys, "complain"]), Line("ask", {"contact": controller.contact})))


def _as_of(at: datetime) -> Line:
    return Line("as_of", {"at": at.strftime("%Y-%m-%d %H:%M UTC")})


def words_of_category(frame: Frame, term: str) -> str:
    """A category of personal data in words: the frame's own, or the vocabulary's name in plain letters."""
    name = term.removeprefix("pd:")
    return frame.categories.get(name) or _spaced(name)


def _spaced(name: str) -> str:
    """`RecordManagement` in words; an abbreviation keeps its capitals."""
    return " ".join(word if word.isupper() else word.lower() for word in _HUMP.split(name))


def _listed(words: Iterator[str]) -> str:
    return "; ".join(words)


def _parts_said(frame: Frame, parts: Sequence[Part]) -> list[Json]:
    return [_said(frame, [part.heading, *part.lines]) for part in parts]


def _said(frame: Frame, lines: Sequence[Line]) -> list[Json]:
    return [[line.label, _filled(frame.says[line.key], line.facts)] for line in lines]


def _filled(sentence: str, facts: Mapping[str, str]) -> str:
    """In one go, so that braces in a fact are no places for another."""
    return re.sub(r"\{(\w+)\}", lambda place: facts[place[1]], sentence)
