"""The cue words by which a notice's wording is read, one TOML file a language (wording/): to add a language, add a file.

A cue is a phrase in lower case: `*` stands for the rest of a word, ` … ` for up to eight words of the same sentence, `(a|b)` for
either, `(a )?` for a or nothing, `{key}` for a key of the telephone, `{name}` for a name with a capital letter.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "wording"
_GAP = r"(?:[^\w.?!]+\w[\w'-]*){0,8}?[^\w.?!]+"
_PART = re.compile(r" … | |\*|\{key\}|\{name\}|[()|?]|.")
_WORD = re.compile(r"\w[\w'-]*")
_NOUNS_ARE_CAPITAL = frozenset({"de"})
_ENOUGH, _CLEARLY = 4, 1.25
_ENOUGH_OF_ONE, _CLEARLY_OTHER = 3, 2
_TELLING = ("record", "consent", "told", "vague", "opt_out")


@dataclass(frozen=True, slots=True)
class Span:
    """Character offsets; `end` is the first that is not in it."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cues:
    """One language's phrases by what they are a sign of; `purposes` are phrases by sort of purpose, `better` the sentences by
    which a notice says it well."""

    language: str
    common: frozenset[str]
    _phrases: Mapping[str, re.Pattern[str]]
    _affirmative: Mapping[str, re.Pattern[str]]
    purposes: Mapping[str, re.Pattern[str]]
    _inner_name: re.Pattern[str] | None
    better: Mapping[str, str]
    better_purposes: Mapping[str, str]

    def find(self, sign: str, text: str) -> Iterator[Span]:
        return spans(self._phrases[sign], text)

    def has(self, sign: str, text: str) -> bool:
        return next(self.find(sign, text), None) is not None

    def is_affirmative(self, sign: str, words: str) -> bool:
        """These words are a sign by a phrase that has no word of no of its own, so one beside it denies it: `end the call`, and
        not `cannot help you`."""
        return self._affirmative[sign].fullmatch(plain(words)) is not None

    def has_inner_name(self, text: str) -> bool:
        """A word with a capital letter inside a sentence: in most languages that is a name."""
        return self._inner_name is not None and next(spans(self._inner_name, text), None) is not None

    def names_purpose(self, sort: str, text: str) -> bool:
        return next(spans(self.purposes[sort], text), None) is not None


def spans(phrases: re.Pattern[str], text: str) -> Iterator[Span]:
    return (Span(*match.span()) for match in phrases.finditer(plain(text)))


def plain(text: str) -> str:
    """With one sort of apostrophe and of space, so that a cue is found however it was typed. Every letter stays in its place."""
    return text.replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ")


def words_of(text: str) -> list[Span]:
    return spans_of(_WORD, text)


def spans_of(pattern: re.Pattern[str], text: str) -> list[Span]:
    return list(spans(pattern, text))


@cache
def languages() -> tuple[str, ...]:
    """Those whose wording can be read."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.toml")))


@cache
def cues_of(language: str) -> Cues | None:
    """Of a bare language such as `en`; None where we cannot read it."""
    if language not in languages():
        return None
    document = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    common, purposes, not_names, better = (document.pop(name) for name in ("common", "purposes", "not_names", "better"))
    better_purposes = better.pop("purposes")
    name = rf"(?-i:(?!(?:{'|'.join(not_names)})\b)[^\W\d_a-zåäöæøüéèàßñáíóúêëïîôûçœ][\w&-]+)"
    return Cues(
        language=language,
        common=frozenset(common),
        _phrases={sign: _any_of(phrases, name) for sign, phrases in document.items()},
        _affirmative={
            sign: _any_of([phrase for phrase in phrases if not _any_of(document["no"], name).search(phrase)], name)
            for sign, phrases in document.items()
        },
        purposes={sort: _any_of(phrases, name) for sort, phrases in purposes.items()},
        _inner_name=None if language in _NOUNS_ARE_CAPITAL else re.compile(rf"(?<=[a-zà-ÿ0-9,][ ]){name}(?!\w)"),
        better=better,
        better_purposes=better_purposes,
    )


def language_of(text: str) -> str | None:
    """Which of the languages we can read these words are in, by the commonest words; in a few words that have none of these, by
    the cues as well. None where it is not clear."""
    return _clearly(_scores(text)) or _clearly(_weighed([_common_to(word) | cued for word, cued in _cued(text)]))


def _clearly(scores: Sequence[tuple[int, str]]) -> str | None:
    (best, language), (second, _) = scores[:2]
    return language if best >= _ENOUGH and best >= _CLEARLY * second else None


def likely_language(text: str) -> str | None:
    """The same for a title of a few words, where a hint has to do."""
    (best, language), (second, _) = _scores(text)[:2]
    return language if best > second else None


def foreign_to(language: str, sentence: str) -> list[str]:
    """The other languages that one sentence of a text in `language` may be in; none where it may be in its own. Neighbours such
    as Danish and Swedish are often not told apart by one sentence."""
    scores = {each: score for score, each in _scores(sentence)}
    own = scores.pop(language, 0)
    return [each for each, score in scores.items() if score >= max(_ENOUGH_OF_ONE, _CLEARLY_OTHER * own)]


def _scores(text: str) -> list[tuple[int, str]]:
    return _weighed([_common_to(plain(text)[span.start : span.end]) for span in words_of(text)])


def _weighed(found: Sequence[frozenset[str]]) -> list[tuple[int, str]]:
    return sorted(((sum(_weight(each, by) for by in found), each) for each in languages()), reverse=True)


def _common_to(word: str) -> frozenset[str]:
    return _languages_of_words().get(word.lower(), frozenset())


@cache
def _languages_of_words() -> Mapping[str, frozenset[str]]:
    """Of each common word, those in which it is one."""
    known = {language: cues.common for language in languages() if (cues := cues_of(language)) is not None}
    words = frozenset[str]().union(*known.values())
    return {word: frozenset(language for language, common in known.items() if word in common) for word in words}


def _cued(text: str) -> list[tuple[str, frozenset[str]]]:
    """Each word, and the languages in which it is part of what a notice says of recording."""
    telling = {language: _telling(language, text) for language in languages()}
    return [
        (
            plain(text)[word.start : word.end],
            frozenset(each for each, found in telling.items() if any(span.start <= word.start < span.end for span in found)),
        )
        for word in words_of(text)
    ]


def _telling(language: str, text: str) -> list[Span]:
    cues = cues_of(language)
    return [] if cues is None else [span for sign in _TELLING for span in cues.find(sign, text)]


def _weight(language: str, having: frozenset[str]) -> int:
    """A word that only this language has says more than one it shares."""
    return 0 if language not in having else 2 if len(having) == 1 else 1


def _any_of(phrases: Sequence[str], name: str) -> re.Pattern[str]:
    written = "|".join(_written(phrase.removesuffix(" …"), name) for phrase in phrases)
    return re.compile(rf"(?<!\w)(?:{written})(?!\w)", re.IGNORECASE)


def _written(phrase: str, name: str) -> str:
    """One phrase as a regular expression."""
    known = {" … ": _GAP, " ": r"[\s,]+", "*": r"\w*", "{key}": r"[0-9*#]", "{name}": name}
    parts = []
    for part in _PART.findall(phrase):
        if part in "()|?":
            parts.append("(?:" if part == "(" else part)
        else:
            parts.append(known.get(part) or re.escape(part))
    return "".join(parts)
