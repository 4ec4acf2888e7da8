"""What the words of a review must be before they are written down: said, in sentences, and about a purpose and not a person.

A machine cannot tell whether an answer is good. It can tell an empty one, one word, a placeholder, signs that are no words, one
text under two questions; and an e-mail address or a number, which has no business in a text about a purpose.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rightcall.canonical import Json
from rightcall.errors import Malformed
from rightcall.reviews.documents import ANSWERS, BALANCING, IMPACT, content_of, document_of
from rightcall.reviews.model import Content, Declared
from rightcall.reviews.rules import USES
from rightcall.staff.rules import USING_ROLES

LEAST_WORDS = 5
LEAST_HOW = 3
LEAST_NAMED = 2
MOST_LETTERS = 4_000
MOST_SPOKEN = 600
MOST_STEPS = 20
LONG = 3
_WORD = re.compile(r"[^\W\d_]{2,}")
_PLACEHOLDER = re.compile(r"\b(tbd|todo|lorem ipsum|to be (?:done|decided|written))\b", re.IGNORECASE)
_AT = r"(?:@|[(\[{_]\s?at\s?[)\]}_])"
_DOT = r"(?:\.|\s\.\s|\s?[(\[{_]\s?dot\s?[)\]}_]\s?)"
_ADDRESS = re.compile(rf"[^\s@]\s?{_AT}\s?[^\s@]{{1,200}}?{_DOT}[^\s@]|\w\s+at\s+[\w-]{{1,200}}\s+dot\s+\w", re.IGNORECASE)
_BETWEEN = r"[\s./()_*~|·•\u2010-\u2015\u2212-]"
_NUMBER = re.compile(rf"\d(?:{_BETWEEN}{{0,3}}\d){{6,}}")
# Two years, a day or a range of them, and what a law or standard is called are no person's number: years are of this century or
# the last, and no other digit stands beside them.
_YEAR = r"(?:19|20)\d{2}"
_DAY = rf"{_YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_TO = r"\s?[\u2010-\u2015-]\s?"
_ALONE = rf"(?<![\d+])(?<!\d{_BETWEEN})(?<!\d{_BETWEEN}{{{{2}}}})(?<!\d{_BETWEEN}{{{{3}}}}){{}}(?!{_BETWEEN}{{{{0,3}}}}\d)"
_NO_NUMBER = re.compile(
    "|".join(_ALONE.format(each) for each in (rf"{_DAY}(?:{_TO}{_DAY})?", rf"{_YEAR}{_TO}{_YEAR}", rf"{_YEAR}/\d{{2,4}}"))
)
_MANY: Mapping[int, str] = {
    1: "a word at least",
    LEAST_NAMED: f"{LEAST_NAMED} different words or more",
    LEAST_HOW: f"{LEAST_HOW} different words or more",
    LEAST_WORDS: f"a whole sentence, {LEAST_WORDS} different words or more",
}
QUESTIONS: Mapping[str, str] = {
    "what_for": "For what purpose do we collect this, and who gains by it?",
    "clear_yes": "Do people clearly say yes, to exactly this? If it rests on something else: how do they know, and object?",
    "what_we_hold": "What do we hold for it, and where does it come from?",
    "kept_safe": "Is it stored safely? Who can reach it?",
    "need_all": "Do we need all of it? If not, how does it go?",
    "right_thing": "Are we doing the right thing? Would the people whom it is about say so?",
    "said_aloud": "The sentence that an agent would say to the customer's face.",
}
"""The six questions of the house, asked of one purpose, and the seventh that tells whether the six were answered honestly."""
_LEAST: Mapping[str, Mapping[str, int]] = {
    "answers": dict.fromkeys(ANSWERS, LEAST_WORDS),
    "harms": {"who": 1, "how": LEAST_WORDS, "done": LEAST_WORDS},
    "alternatives": {"what": LEAST_NAMED, "why": LEAST_WORDS},
    "declared": {"unrecorded_line": LEAST_HOW, "other_proof": LEAST_HOW},
    "balancing": dict.fromkeys(BALANCING, LEAST_WORDS),
    "impact": dict.fromkeys(IMPACT, LEAST_WORDS),
}
"""Of each text in a review's document, how many different words it has at least."""
_CANNOT_BE_SEEN = frozenset({"Cf", "Mn", "Me"})
Place = tuple[str | int, ...]
"""Where a text stands in the document: its part, its number in a list, counted from nought, and its name."""


def checked(content: Content) -> Content:
    """The same, trimmed and in NFC; Malformed names every answer that is none, and how to give it."""
    document = {part: _tidied(given) for part, given in document_of(content).items()}
    faults = [*_left_out(content), *_wrong_facts(content.declared)]
    faults += [f"{_named(place)} {says}" for place, says in faults_of_wording(document)]
    if faults:
        raise Malformed("\n".join(faults))
    return content_of(document)


def faults_of_wording(document: Mapping[str, object]) -> list[tuple[Place, str]]:
    """Each text that is no answer, with what is amiss; also of a document that has other faults. No text is repeated."""
    texts = list(_texts(document))
    found = [(each.place, says) for each in texts if (says := _fault(each)) is not None]
    return [*found, *_repeated([each for each in texts if each.place not in {place for place, _ in found}])]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    place: Place
    said: str
    least: int

    @property
    def words(self) -> list[str]:
        return [word.casefold() for word in _WORD.findall(self.said)]


def _texts(document: Mapping[str, object]) -> Iterator[_Text]:
    for part, leasts in _LEAST.items():
        given = document.get(part)
        if isinstance(given, list):
            for nth, each in enumerate(given):
                yield from _members((part, nth), each, leasts)
        else:
            yield from _members((part,), given, leasts)


def _members(place: Place, given: object, leasts: Mapping[str, int]) -> Iterator[_Text]:
    members = given if isinstance(given, Mapping) else {}
    for name, least in leasts.items():
        if isinstance(text := members.get(name), str):
            yield _Text(place=(*place, name), said=_tidied_text(text), least=least)


def _fault(text: _Text) -> str | None:
    said, words = text.said, set(text.words)
    most = MOST_SPOKEN if text.place[-1] == "said_aloud" else MOST_LETTERS
    if not said:
        wanted = "a sentence that a customer would understand" if text.least == LEAST_WORDS else _MANY[text.least]
        return f"is empty. Answer it in {wanted}."
    if len(words) < text.least:
        return f"says too little. Answer it in {_MANY[text.least]}."
    if sum(map(_is_long, words)) < text.least // 2:
        return f"is hardly made of words: next to none has {LONG} letters. Answer it in {_MANY[text.least]}."
    if len(said) > most:
        return f"is too long. Say it in {most} characters or less."
    if any(unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t" for letter in said):
        return "holds control characters. Give plain text."
    if _PLACEHOLDER.search(said):
        return "still holds a placeholder. Replace it by your own answer."
    if _names_somebody(said):
        return "holds an address or a number. A review is about a purpose: name nobody in it."
    return None


def _is_long(word: str) -> bool:
    """Letters taken apart: a syllable of Korean is two or three of them."""
    letters = unicodedata.normalize("NFD", word)
    return len(letters) >= LONG and len(set(letters)) > 1


def _names_somebody(said: str) -> bool:
    """As it looks to whoever reads it: in plain letters and digits, without what cannot be seen."""
    plain = "".join(each for each in unicodedata.normalize("NFKC", said) if unicodedata.category(each) not in _CANNOT_BE_SEEN)
    return _ADDRESS.search(plain) is not None or _NUMBER.search(_NO_NUMBER.sub("", plain)) is not None


def _repeated(texts: list[_Text]) -> Iterator[tuple[Place, str]]:
    """One text, whatever its signs, under several questions. Two harms may have the same said of them: that is one question."""
    first: dict[str, Place] = {}
    for each in texts:
        if each.least == LEAST_WORDS:
            before = first.setdefault(" ".join(each.words), each.place)
            if before[-1] != each.place[-1]:
                yield each.place, f"says the same as {_named(before)}. Each question is asked for itself: answer this one."


def _left_out(content: Content) -> Iterator[str]:
    if not content.harms:
        yield "Name at least one person or group who could be hurt, and how (harms). Nobody at all is rarely so."
    if not content.alternatives:
        yield "Name at least one alternative that needs less data (alternatives), and why it was not enough."


def _wrong_facts(declared: Declared) -> Iterator[str]:
    for name in ("steps_to_accept", "steps_to_decline"):
        if not 1 <= getattr(declared, name) <= MOST_STEPS:
            yield f"declared.{name} is how many keys or clicks it takes: from 1 to {MOST_STEPS}."
    if not declared.acts:
        yield "Say in declared.acts what is done for this purpose, such as capture and play."
    if not declared.acts <= USES:
        yield f"declared.acts are uses: of {', '.join(sorted(USES))}. Asking and erasing need no naming."
    if not declared.roles <= USING_ROLES:
        yield "declared.roles are those of people who work here. Rightcall itself and the person need no naming."


def _named(place: Place) -> str:
    """As people count: the first of the harms is number 1."""
    match place:
        case (str(part), int(nth), str(name)):
            return f"Number {nth + 1} of {part}, {name}"
        case _:
            return ".".join(map(str, place))


def _tidied(given: Json) -> Json:
    if isinstance(given, str):
        return _tidied_text(given)
    if isinstance(given, list):
        return [_tidied(each) for each in given]
    return {name: _tidied(each) for name, each in given.items()} if isinstance(given, dict) else given


def _tidied_text(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()
