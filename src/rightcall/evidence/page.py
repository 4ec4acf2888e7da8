"""A certificate as a page for a person: what went, how far, what stays, and how to check it without us.

One document of HTML that needs nothing else, made from the file alone. Of the person it shows no more than the opaque id.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from html import escape
from pathlib import Path
from types import MappingProxyType
from uuid import UUID

from rightcall.canonical import parse_json
from rightcall.errors import Malformed
from rightcall.evidence.check_certificate import copy_in, copy_named, destroyed_said, grade_rest, remainder_said, remains_in
from rightcall.evidence.graded import Copy, Residual
from rightcall.evidence.model import Grade
from rightcall.evidence.saying import PLAIN, Named, Said, Speech, said, told
from rightcall.evidence.shapes import Reader
from rightcall.evidence.vocabulary import (
    CERTIFICATE_FORMATS,
    CERTIFICATE_TYPE,
    COPY_GRADE_IN_WORDS,
    GRADE_IN_WORDS,
    PROOFS,
    RESIDUAL_IN_WORDS,
)
from rightcall.languages import marked

_HEADS = (marked("Copy"), marked("Grade"), marked("What that means"))
# Words within an f-string are found by no catalogue.
_ABOUT, _EACH_COPY, _NOTHING = marked("What it is about"), marked("Each copy"), marked("Nothing.")
NO_NAMES: Mapping[UUID, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Sheet:
    """How it is said, and what systems are called. The file itself has their ids alone."""

    speech: Speech
    systems: Mapping[UUID, str]

    def words(self, words: str, **named: Named) -> str:
        return self.told(said(words, **named))

    def told(self, sentence: Said) -> str:
        """As a sentence, escaped."""
        line = told(sentence, self.speech)
        return escape(line[0].upper() + line[1:])


def page(file: bytes, speech: Speech = PLAIN, systems: Mapping[UUID, str] = NO_NAMES) -> str:
    """In that language. `systems`: what the systems in it are called, for whoever knows. Malformed for what is no certificate in
    the present format: an older one is read by `verify`."""
    document = parse_json(file)
    if not isinstance(document, dict) or document.get("@type") != CERTIFICATE_TYPE:
        raise Malformed("This is no certificate, so there is no page of it.")
    if document.get("dct:conformsTo") not in [CERTIFICATE_FORMATS[number] for number in (3, 4, 5)]:
        raise Malformed("This certificate is from before there were pages. `rightcall verify` says what it proves.")
    reader, sheet = Reader(document), _Sheet(speech, systems)
    residuals = [said(RESIDUAL_IN_WORDS[Residual(each)]) for each in reader.texts("rightcall:residuals")]
    title = sheet.words(marked("Certificate of erasure"))
    grade = sheet.words(GRADE_IN_WORDS[Grade(reader.text("rightcall:grade"))])
    parts = (
        f'<h1>{title}</h1><p class="state">{grade}</p>',
        f"<section><h2>{sheet.words(_ABOUT)}</h2><dl>{_facts(reader, sheet)}</dl></section>",
        f"<section><h2>{sheet.words(_EACH_COPY)}</h2>{_table(reader, sheet)}</section>",
        _list(marked("What remains"), [remainder_said(each) for each in remains_in(reader)], sheet),
        _list(marked("What no certificate can speak for"), residuals, sheet),
        _checking(reader, sheet),
    )
    head = (
        f'<!doctype html>\n<html lang="{escape(speech.code)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">'
        f"<title>{title}</title>"
    )
    return f"{head}<style>{_style()}</style></head><body><main>{''.join(parts)}</main></body></html>\n"


def _facts(reader: Reader, sheet: _Sheet) -> str:
    destroyed = [told(destroyed_said(each), sheet.speech) for each in reader.each("rightcall:destroyed")]
    until, looked = reader.value("rightcall:backupsUntil"), reader.value("rightcall:lookedAt")
    company = [reader.text("dpv:hasDataController", f"dpv:has{name}") for name in ("Name", "Address")]
    say, speech = sheet.speech.say, sheet.speech
    facts = (
        (marked("Company"), ", ".join(company)),
        (marked("Person, by an id that names nobody"), reader.text(PROOFS, "subject")),
        (marked("Confirmed"), _instant(reader.text("rightcall:doneAt"), speech)),
        (marked("Issued"), _instant(reader.text("dct:created"), speech)),
        (marked("Can no longer be read"), ", ".join(destroyed) or say(marked("nothing was held"))),
        (
            marked("Backups") if until is None else marked("Backups open until the end of"),
            say(marked("they open nothing")) if until is None else speech.day(date.fromisoformat(str(until))),
        ),
        (marked("Asked which copies there are"), say(marked("never")) if looked is None else _instant(str(looked), speech)),
        (marked("By the words of"), reader.text("rightcall:standard")),
    )
    return "".join(f"<div><dt>{sheet.words(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in facts)


def _table(reader: Reader, sheet: _Sheet) -> str:
    heads = "".join(f'<th scope="col">{sheet.words(head)}</th>' for head in _HEADS)
    rows = "".join(_row(copy_in(each), sheet) for each in reader.each("rightcall:copies"))
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _row(copy: Copy, sheet: _Sheet) -> str:
    name = sheet.told(copy_named(copy, None if copy.system is None else sheet.systems.get(copy.system)))
    rest = sheet.told(grade_rest(copy) or said(marked("no method of the standard is claimed")))
    grade = f'<span class="grade {copy.grade.value}">{sheet.words(COPY_GRADE_IN_WORDS[copy.grade])}</span>'
    return f'<tr><th scope="row">{name}</th><td>{grade}</td><td>{rest}</td></tr>'


def _list(head: str, lines: list[Said], sheet: _Sheet) -> str:
    items = "".join(f"<li>{sheet.told(line)}</li>" for line in lines)
    nothing = f"<p>{sheet.words(_NOTHING)}</p>"
    return f"<section><h2>{sheet.words(head)}</h2>{f'<ul>{items}</ul>' if lines else nothing}</section>"


def _checking(reader: Reader, sheet: _Sheet) -> str:
    command = f"rightcall verify certificate-{reader.text('dct:identifier')}.json --key {reader.text(PROOFS, 'key')}"
    says = marked(
        "This page proves nothing; the file that it was made from does. Compare the key with the one that the company publishes."
    )
    head = marked("Check it without us")
    return f"<section><h2>{sheet.words(head)}</h2><p>{sheet.words(says)}</p><pre>{escape(command)}</pre></section>"


def _instant(text: str, speech: Speech) -> str:
    """To the minute."""
    if speech is PLAIN:
        return f"{text[:10]} {text[11:16]} UTC"
    return speech.moment(datetime.fromisoformat(text))


@cache
def _style() -> str:
    return (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
