"""Languages by their tags (BCP 47), and short texts that stand in several of them: which one whoever reads is shown. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

from rightcall.errors import Malformed

_TAG = re.compile(r"([A-Za-z]{2,3})(-[A-Za-z]{4})?(-[A-Za-z]{2}|-[0-9]{3})?")
Texts: TypeAlias = Mapping[str, str]
"""By the canonical tag of its language."""


class Text(NamedTuple):
    """Words, and which language they are in."""

    language: str
    words: str


def marked(words: str) -> str:
    """As they are: so that whoever gathers words for the catalogues finds those that are said elsewhere."""
    return words


def canonical_language(tag: str) -> str:
    """A BCP 47 tag of language, script and region in its customary letters: `DA-dk` is `da-DK`. Malformed for other tags."""
    match = _TAG.fullmatch(tag.strip())
    if match is None:
        raise Malformed("A language is a BCP 47 tag such as en, da or de-CH.")
    language, script, region = match.groups(default="")
    return language.lower() + script.title() + region.upper()


def fallbacks(language: str) -> tuple[str, ...]:
    """The tag, then the same with its last part dropped, down to the bare language."""
    parts = canonical_language(language).split("-")
    return tuple("-".join(parts[:count]) for count in range(len(parts), 0, -1))


def text_for(texts: Texts, *languages: str) -> Text | None:
    """What somebody is shown who reads these languages, the best first: `da-DK` is served by what is in `da`. None where there is
    nothing in any of them."""
    wanted = (tag for language in languages for tag in fallbacks(language))
    return next((Text(tag, texts[tag]) for tag in wanted if tag in texts), None)


def checked_texts(texts: Texts, *, longest: int) -> dict[str, str]:
    """The same by canonical tags, each trimmed and in NFC; a language with nothing in it is left out. Malformed for what is
    longer, or not of one line."""
    found: dict[str, str] = {}
    for tag, given in texts.items():
        language, words = canonical_language(tag), unicodedata.normalize("NFC", given).strip()
        if language in found:
            raise Malformed(f"There are two texts in {language}. Give one.")
        if not words.isprintable():
            raise Malformed(f"The text in {language} is one line, without tabs or other control characters.")
        if len(words) > longest:
            raise Malformed(f"The text in {language} has {len(words)} characters. Say it in at most {longest}.")
        found[language] = words
    return {language: words for language, words in sorted(found.items()) if words}


def read_texts(given: Iterable[str]) -> dict[str, str]:
    """Of options such as `da=vores kundekartotek`; one with nothing behind the sign takes that language away."""
    pairs = [each.partition("=") for each in given]
    if not all(sign for _, sign, _ in pairs):
        raise Malformed("A text is given with its language before it, such as da='vores kundekartotek'.")
    return {canonical_language(tag): words for tag, _, words in pairs}
