"""A certificate as a page for a person: what went, how far, what stays, and how to check it without us.

One document of HTML that needs nothing else, made from the file alone. Of the person it shows no more than the opaque id.
"""

from functools import cache
from html import escape
from pathlib import Path

from rightcall.canonical import parse_json
from rightcall.errors import Malformed
from rightcall.evidence.check_certificate import copy_in, copy_named, grade_says, remainder_says, remains_in
from rightcall.evidence.graded import Copy, Residual
from rightcall.evidence.model import Grade
from rightcall.evidence.shapes import Reader
from rightcall.evidence.vocabulary import (
    CERTIFICATE_FORMATS,
    CERTIFICATE_TYPE,
    COPY_GRADE_IN_WORDS,
    GRADE_IN_WORDS,
    PROOFS,
    RESIDUAL_IN_WORDS,
)

_HEAD = (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">'
    "<title>Certificate of erasure</title>"
)
_HEADS = ("Copy", "Grade", "What that means")


def page(file: bytes) -> str:
    """Malformed for what is no certificate in the present format: an older one is read by `verify`."""
    document = parse_json(file)
    if not isinstance(document, dict) or document.get("@type") != CERTIFICATE_TYPE:
        raise Malformed("This is no certificate, so there is no page of it.")
    if document.get("dct:conformsTo") not in [CERTIFICATE_FORMATS[number] for number in (3, 4, 5)]:
        raise Malformed("This certificate is from before there were pages. `rightcall verify` says what it proves.")
    reader = Reader(document)
    residuals = [RESIDUAL_IN_WORDS[Residual(each)] for each in reader.texts("rightcall:residuals")]
    grade = escape(GRADE_IN_WORDS[Grade(reader.text("rightcall:grade"))])
    parts = (
        f'<h1>Certificate of erasure</h1><p class="state">{grade}</p>',
        f"<section><h2>What it is about</h2><dl>{_facts(reader)}</dl></section>",
        f"<section><h2>Each copy</h2>{_table([copy_in(each) for each in reader.each('rightcall:copies')])}</section>",
        _list("What remains", [remainder_says(each).removeprefix("Remains: ") for each in remains_in(reader)]),
        _list("What no certificate can speak for", residuals),
        _checking(reader),
    )
    return f"{_HEAD}<style>{_style()}</style></head><body><main>{''.join(parts)}</main></body></html>\n"


def _facts(reader: Reader) -> str:
    destroyed = [_counted(each) for each in reader.each("rightcall:destroyed")]
    until, looked = reader.value("rightcall:backupsUntil"), reader.value("rightcall:lookedAt")
    company = [reader.text("dpv:hasDataController", f"dpv:has{name}") for name in ("Name", "Address")]
    facts = (
        ("Company", ", ".join(company)),
        ("Person, by an id that names nobody", reader.text(PROOFS, "subject")),
        ("Confirmed", _instant(reader.text("rightcall:doneAt"))),
        ("Issued", _instant(reader.text("dct:created"))),
        ("Can no longer be read", ", ".join(destroyed) or "nothing was held"),
        ("Backups open until the end of", "they open nothing" if until is None else str(until)),
        ("Asked which copies there are", "never" if looked is None else _instant(str(looked))),
        ("By the words of", reader.text("rightcall:standard")),
    )
    return "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in facts)


def _counted(destroyed: Reader) -> str:
    count, kind = destroyed.number("rightcall:count"), destroyed.text("rightcall:kind").replace("_", " ")
    return f"{count} {kind}{'' if count == 1 else 's'}"


def _table(copies: list[Copy]) -> str:
    heads = "".join(f'<th scope="col">{head}</th>' for head in _HEADS)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(_row(copy) for copy in copies)}</tbody></table>"


def _row(copy: Copy) -> str:
    name = copy_named(copy)
    word = COPY_GRADE_IN_WORDS[copy.grade]
    rest = grade_says(copy).removeprefix(word).lstrip(",:; ") or "no method of the standard is claimed"
    grade = f'<span class="grade {copy.grade.value}">{escape(word)}</span>'
    return f'<tr><th scope="row">{escape(name)}</th><td>{grade}</td><td>{escape(rest)}</td></tr>'


def _list(head: str, lines: list[str]) -> str:
    items = "".join(f"<li>{escape(line[0].upper() + line[1:])}</li>" for line in lines)
    return f"<section><h2>{escape(head)}</h2>{f'<ul>{items}</ul>' if lines else '<p>Nothing.</p>'}</section>"


def _checking(reader: Reader) -> str:
    command = f"rightcall verify certificate-{reader.text('dct:identifier')}.json --key {reader.text(PROOFS, 'key')}"
    says = (
        "This page proves nothing; the file that it was made from does. Compare the key with the one that the company publishes."
    )
    return f"<section><h2>Check it without us</h2><p>{says}</p><pre>{escape(command)}</pre></section>"


def _instant(text: str) -> str:
    return f"{text[:10]} {text[11:16]} UTC"


@cache
def _style() -> str:
    return (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
