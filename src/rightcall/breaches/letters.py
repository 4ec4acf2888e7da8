"""What each person is told of a breach (GDPR Art. 34(2)), in their language and in plain words. A draft: plain text.

What Rightcall knows is filled in; what only people know stands in square brackets, and a draft with brackets is not ready to
send. The words are in letter.toml.
"""

import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from textwrap import fill

from rightcall.activities.model import Responsible
from rightcall.breaches.drafts import contact_of, moments
from rightcall.breaches.model import Breach
from rightcall.controllers.model import Controller
from rightcall.holdings.categories import Category, Sensitivity
from rightcall.reviews.page import worded

_WIDE = 96
_WORDS = Path(__file__).parent / "letter.toml"


class LetterLanguage(StrEnum):
    ENGLISH = "en"
    GERMAN = "de"
    FRENCH = "fr"
    DANISH = "da"
    SWEDISH = "sv"


@dataclass(frozen=True, slots=True)
class _Words:
    """Of one language, by what they are for."""

    said: Mapping[str, str]
    of: Mapping[str, Mapping[str, str]]

    def data(self, category: Category) -> str:
        known = self.of["data"].get(category.value)
        return self.said["other"].format(category=worded(category.value)) if known is None else known

    def advice(self, sensitivity: Sensitivity) -> str:
        return self.of["do"].get(sensitivity.value, self.of["do"]["ordinary"])


def to_person(
    breach: Breach,
    categories: Collection[Category],
    controller: Controller,
    answers: Sequence[Responsible],
    language: LetterLanguage = LetterLanguage.ENGLISH,
) -> str:
    words = _words()[language]
    said, kinds = words.said, [each for each in Sensitivity if each in {category.sensitivity for category in categories}]
    happened = said["and"].join(words.of["nature"][each] for each in sorted(breach.circumstances.nature))
    moment = moments(controller, language)
    between = {"from": moment(breach.window.began_at), "until": moment(breach.window.until)}
    return "\n".join(
        [
            said["title"].format(controller=controller.name),
            said["draft"],
            "",
            said["name"],
            "",
            fill(said["happened"].format(**between, what=happened, known=moment(breach.known_at)), _WIDE),
            "",
            said["yours"],
            *_bullets(words.data(category) for category in categories),
            "",
            said["consequences"],
            *_bullets(words.of["could"][each] for each in kinds),
            "",
            said["you"],
            *_bullets(dict.fromkeys(map(words.advice, kinds))),
            "",
            said["we"],
            *_bullets([said["measures"]]),
            "",
            fill(said["ask"].format(contact=contact_of(controller, answers)), _WIDE),
            "",
        ]
    )


@cache
def _words() -> Mapping[LetterLanguage, _Words]:
    table = tomllib.loads(_WORDS.read_text(encoding="utf-8"))
    return {language: _of_language(table[language]) for language in LetterLanguage}


def _of_language(table: Mapping[str, str | Mapping[str, str]]) -> _Words:
    said = {name: each for name, each in table.items() if isinstance(each, str)}
    return _Words(said, {name: each for name, each in table.items() if not isinstance(each, str)})


def _bullets(sentences: Iterable[str]) -> list[str]:
    return [fill(each, _WIDE, initial_indent="  * ", subsequent_indent="    ") for each in sentences]
