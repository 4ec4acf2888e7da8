"""The letters to a recipient of erased data and to those who look after a system in which it lies, and what every letter to a
recipient begins with: in the language of whoever is written to, or else the controller's. Pure.

What has a name of its own stays as it is: purposes are told in the words of the register.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rightcall.activities.model import Recipient
from rightcall.controllers.model import Controller
from rightcall.design.wording import Words, language_of, words_in
from rightcall.discovery.ports import Spot
from rightcall.discovery.systems.model import RegisteredSystem
from rightcall.erasure.elsewhere.model import OpenPlace
from rightcall.ids import ErasureId

_FOLDER = Path(__file__).parent / "words"
_ROW = re.compile(r"^(\d+)#[0-9a-f]{32}(?:/\d+)?$")
"""A row of a text by its number: the digest behind it tells a person nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    language: str
    text: str


def letter_of(
    controller: Controller,
    to: Recipient,
    erasure: ErasureId,
    who: Sequence[tuple[str, str]],
    purposes: Sequence[str],
    at: datetime,
) -> str:
    """`who`: what the person was known by, each with its kind."""
    words = words_for(controller, to.language)
    return "\n\n".join(
        [
            *head(words, controller, words.say("to", to=to.name), at),
            words.say("erased", "subject", reference=erasure),
            "\n".join([words.say("erased", "did"), *(f"  {each}" for each in purposes)]),
            known_by(words, "erased", who),
            f"{words.say('erased', 'asks', to.kind.value)} {words.say('erased', 'answer', contact=controller.contact)}\n",
        ]
    )


def keepers_letter_of(
    controller: Controller, system: RegisteredSystem, erasure: ErasureId, places: Sequence[OpenPlace], at: datetime
) -> Letter:
    """They know their system by its name, and not by what customers call it."""
    words, name = words_for(controller, system.keepers_language), system.name.text
    paragraphs = [
        *head(words, controller, words.say("keepers", "to", system=name), at),
        words.say("keepers", "subject", reference=erasure),
        f"{words.say('keepers', 'did', system=name)} {words.say('keepers', 'asks')}",
        "\n".join([words.say("keepers", "lies"), *(f"  {lies(words, each.spot)}" for each in places)]),
        words.say("erased", "answer", contact=controller.contact),
    ]
    return Letter(language=words.language, text="\n\n".join(paragraphs) + "\n")


def lies(words: Words, spot: Spot | None) -> str:
    """As `customers, row 12, field note, characters 9–18`."""
    if spot is None:
        return words.say("keepers", "unknown")
    told = [spot.object]
    told += [] if spot.row is None else [words.say("keepers", "row", row=row_told(spot.row))]
    told += [] if spot.field is None else [words.say("keepers", "field", field=spot.field)]
    told += [] if spot.start is None else [words.say("keepers", "characters", start=spot.start, end=spot.end)]
    return ", ".join(told)


def row_told(row: str) -> str:
    """As a person finds it: a row of a text by its number alone."""
    return _ROW.sub(r"\1", row)


def words_for(controller: Controller, language: str | None) -> Words:
    """`language`: of whoever is written to, where it is known."""
    return words_in(_FOLDER, language_of(language or controller.language))


def head(words: Words, controller: Controller, to: str, at: datetime) -> list[str]:
    """`to`: the line that says to whom."""
    sender = f"{controller.name}\n{controller.address}\n{controller.contact}"
    return [sender, words.day(at.date()), to]


def known_by(words: Words, of: str, who: Sequence[tuple[str, str]]) -> str:
    known = [f"  {words.say('kind', kind)}: {value}" for kind, value in who] or [f"  {words.say(of, 'records')}"]
    return "\n".join([words.say(of, "known"), *known])
