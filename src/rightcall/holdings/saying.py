"""The map in words for people: what something is, where it lies, how it came to be."""

import re
from datetime import date

from babel.dates import format_skeleton

from rightcall.actors import Role
from rightcall.holdings.categories import Category, Sensitivity
from rightcall.holdings.model import Heard, HoldingKind, Source
from rightcall.holdings.places import Part

_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")
_KEPT = re.compile(r"[A-Z]{2,}")
KINDS = {
    HoldingKind.STREAM: "recording",
    HoldingKind.TRANSCRIPT: "transcript",
    HoldingKind.FIELD: "field",
    HoldingKind.ROW: "row",
    HoldingKind.TEXT: "words in a text",
    HoldingKind.FILE: "file",
}
CAME = {
    Source.SIPREC: "recorded",
    Source.VCON: "taken in as a vCon",
    Source.API: "told by a program",
    Source.DERIVED: "made from it",
    Source.SCAN: "found by a scan",
    Source.ENTRY: "typed in",
    Source.IMPORT: "brought in",
    Source.FORM: "filled in on a form",
}
GRAVE = {
    Sensitivity.SPECIAL_CATEGORY: "special category (Art. 9)",
    Sensitivity.CRIMINAL: "criminal (Art. 10)",
    Sensitivity.MINOR: "about a child",
    Sensitivity.FINANCIAL: "financial",
    Sensitivity.NATIONAL_ID: "national number",
    Sensitivity.ORDINARY: "ordinary",
}
ROLES = {
    Role.AGENT: "an agent",
    Role.SUPERVISOR: "a supervisor",
    Role.DPO: "the DPO",
    Role.REVIEWER: "a reviewer",
    Role.AUDITOR: "an auditor",
    Role.ADMINISTRATOR: "an administrator",
    Role.ENGINEER: "an engineer",
    Role.SUBJECT: "the person",
    Role.SYSTEM: "Rightcall",
}


_PLAIN = {
    Category.UID: "customer or case number",
    Category.OFFICIAL_ID: "national number",
    Category.PAYMENT_CARD: "card security code",
    Category.VEHICAL_LICENSE_NUMBER: "number plate",
    Category.VEHICAL_LICENSE_REGISTRATION: "registration of a vehicle",
}
"""Where the vocabulary's own word tells a reader nothing, or is misspelt."""


def category(term: Category) -> str:
    """`pd:TelephoneNumber` as "telephone number"; what is written in capitals stays so."""
    if term in _PLAIN:
        return _PLAIN[term]
    words = _WORDS.findall(term.value.partition(":")[2])
    return " ".join(word if _KEPT.fullmatch(word) else word.lower() for word in words)


def clock(milliseconds: int) -> str:
    """As on a player: 03:12, 1:03:12."""
    hours, rest = divmod(milliseconds // 1000, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def heard(where: Heard) -> str:
    """turn 14, at 03:12"""
    return _where(where.turn, where.from_ms, where.until_ms)


def part(of: Part) -> str:
    """turn 14, at 03:12; field phone; characters 3 to 15"""
    said = [] if of.field is None else [f"field {of.field}"]
    said += [moment] if (moment := _where(of.turn, of.from_ms, of.until_ms)) else []
    said += [] if of.start is None else [f"characters {of.start} to {of.end}"]
    return ", ".join(said)


def day(at: date) -> str:
    """2 Nov 2026, 13 Sept 2026: as pages write it"""
    return format_skeleton("yMMMd", at, locale="en_GB")


def _where(turn: int | None, from_ms: int | None, until_ms: int | None) -> str:
    said = [] if turn is None else [f"turn {turn}"]
    if from_ms is not None:
        said.append(f"{clock(from_ms)} to {clock(until_ms)}" if until_ms is not None else f"at {clock(from_ms)}")
    return ", ".join(said)
