"""A person's name in one form: accents, case, titles and the order of its parts make no difference.

"Müller, Anna", "Dr. Anna Müller", "ANNA MUELLER" and "Anna Muller" are one name: letters that some write as two, some with a
mark and some without, are one letter; other accents are dropped. In a word of four letters or fewer (Joe, Jo) two stay two. The
last word is the family name, together with the particles before it ("van der Berg"), unless a comma says that it came first. Of a
family name with a hyphen each part counts as one too, since people take or leave a part when they marry. Of two Spanish family
names without a hyphen only the last is read; that is a limit. Short forms of given names (Bob, Robert) are different names.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

_TITLE_WORDS = (
    "mr mrs ms miss mx dr prof sir dame rev herr frau fru hr frk m mme mlle monsieur madame mademoiselle docteur dhr mevr mevrouw"
    " mijnheer meneer sr sra srta senor senora don dona dipl ing med phd esq rouva"
)
_GENERATIONS = {
    **dict.fromkeys(("jr", "jnr", "junior", "ii", "2nd", "dy", "jun"), "junior"),
    **dict.fromkeys(("snr", "senior", "sen", "da", "dae"), "senior"),
    **dict.fromkeys(("iii", "3rd"), "third"),
}
_PARTICLE_WORDS = (
    "van von der den de la le du des del dela di da do dos das af av zu zur zum ter ten te vom und y e el al bin ibn ben mac mc"
    " st saint san santa"
)
_TITLES, _PARTICLES = frozenset(_TITLE_WORDS.split()), frozenset(_PARTICLE_WORDS.split())
_SPELT_OUT = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ß": "ss",
        "ø": "oe",
        "æ": "ae",
        "å": "aa",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "œ": "oe",
    }
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*|[23](?:nd|rd)")
_APOSTROPHES = re.compile(r"['’ʼ`´]")
_DOTTED = re.compile(r"\b([^\W\d_])\.(?=[^\W\d_]\.)")
_MOST_WORDS = 8
_SHORT = 4
_IN_TWO = re.compile(r"oe|ae|aa|(?<!q)ue")


class Part(StrEnum):
    WHOLE = "whole"
    FAMILY = "family"
    GIVEN = "given"


_FAMILY_HEAD = re.compile(
    r"(?:last|family|sur)[ _-]?name|^l_?name$|^(?:nach|familien)name|^nom(?:_de_famille)?$|efternavn|efternamn|sukunimi"
    r"|achternaam|apellidos?|etternavn",
    re.I,
)
_GIVEN_HEAD = re.compile(
    r"(?:first|given|fore|christian)[ _-]?name|^f_?name$|^(?:vor|ruf)name|pr[eé]nom|fornavn|f[oö]rnamn|etunimi|voornaam|^nombre$",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """Each empty where the name does not tell. `full`: family and given name together, so only where both are known. `word`: all
    there is of it, and nobody says which part it is."""

    full: str = ""
    families: tuple[str, ...] = ()
    given: str = ""
    initial: str = ""
    word: str = ""
    generation: str = ""


def part_of(field: str | None) -> Part:
    """Which part of a name this is, by the head of its column."""
    if field is None:
        return Part.WHOLE
    if _FAMILY_HEAD.search(field):
        return Part.FAMILY
    return Part.GIVEN if _GIVEN_HEAD.search(field) else Part.WHOLE


def read(text: str, part: Part = Part.WHOLE) -> Name:
    """Nothing where it is no name. One word alone, of which nobody says which part it is, is no part of one."""
    head, comma, tail = _APOSTROPHES.sub("", folded(text)).partition(",")
    first, generation = _words(head)
    second, later = _words(tail)
    generation = generation or later
    if not first or len(first) + len(second) > _MOST_WORDS:
        return Name()
    if part is Part.FAMILY:
        return _name(family=first, given=[], generation=generation)
    if part is Part.GIVEN:
        return _name(family=[], given=first, generation=generation)
    if comma and second:
        return _name(family=first, given=second, generation=generation)
    if len(first) < 2:
        return Name(word=first[0] if len(first[0]) > 1 and not comma else "")
    start = len(first) - 1
    while start > 1 and first[start - 1] in _PARTICLES:
        start -= 1
    return _name(family=first[start:], given=first[:start], generation=generation)


def folded(text: str) -> str:
    """Lower case, umlauts and their like written out, other accents dropped."""
    spelt = unicodedata.normalize("NFC", text).casefold().translate(_SPELT_OUT)
    return "".join(each for each in unicodedata.normalize("NFKD", spelt) if not unicodedata.combining(each))


def _bare(word: str) -> str:
    """ "soeren", which "søren" was written out to, as those write it who have neither: "soren"."""
    return _IN_TWO.sub(lambda two: two[0][0], word) if len(word) > _SHORT else word


def _words(text: str) -> tuple[list[str], str]:
    """Without titles, and which generation it names."""
    text = _DOTTED.sub(r"\1. ", text.replace("d.y.", "dy").replace("d.ae.", "dae").replace("d.e.", "dae"))
    words = ["-".join(map(_bare, match[0].split("-"))) for match in _WORD.finditer(text)]
    generation = ""
    while len(words) > 1 and words[-1] in _GENERATIONS:
        generation = _GENERATIONS[words.pop()]
    while len(words) > 1 and words[-1] == "sr":
        generation, words = "senior", words[:-1]
    while len(words) > 1 and words[0] in _TITLES:
        words.pop(0)
    return words, generation


def _name(*, family: list[str], given: list[str], generation: str) -> Name:
    whole = " ".join(family)
    parts = [each for each in whole.split("-") if len(each) > 1] if "-" in whole else []
    first = given[0] if given else ""
    is_spelt = len(first) > 1
    return Name(
        full=f"{whole}, {first}" if whole and is_spelt else "",
        families=tuple(dict.fromkeys((whole, *parts))) if len(whole) > 1 else (),
        given=first if is_spelt else "",
        initial=first[:1],
        generation=generation,
    )
