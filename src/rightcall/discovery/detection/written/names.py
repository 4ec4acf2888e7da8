"""Names of people: a known given name and what follows it, a title, or a phrase behind which a name stands.

How sure: whether the words are known as names, whether one is also a word, a place or a month, whether it has a capital, and what
stands around it. A name that nobody introduces and whose words are no names is not told.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from rightcall.discovery.detection.model import Finding
from rightcall.discovery.detection.page import Page
from rightcall.discovery.detection.spoken.numerals import vocabulary
from rightcall.discovery.detection.written.addressed import is_pair, is_turned_to, takes_family
from rightcall.discovery.detection.written.leads import LEAD, followed_by, is_led_to, led_by
from rightcall.discovery.detection.written.lexicon import Role, Word, fold
from rightcall.discovery.detection.written.listed import family_first, is_keyed, is_lone_capital, listed
from rightcall.discovery.detection.written.read import (
    Name,
    add,
    ends_free,
    is_free,
    read_on,
    start_of,
    told,
)
from rightcall.discovery.detection.written.resources import lacks_accents, lower_words, phrases, role_of, words

_WORD = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"
_NEXT = re.compile(rf"(?:[ -]|\. )({_WORD})")
_AFTER_NAME = re.compile(rf"(?:['’]s)?(?:[ -]|\. )({_WORD})")
_ONE_BEFORE = re.compile(rf"(?:^|[^\w’.@/-])({_WORD}) $")
_FOR_A_LETTER = re.compile(r"(?<![\w'’])[^\W\d_][ ,]+(?:for|as in|as|like|wie|von|som|som i|comme|for|i)[ ]$", re.IGNORECASE)
_NEXT_TWO = re.compile(rf" ({_WORD}) {_WORD}")
_LAST_WORD = re.compile(rf"({_WORD})[ ,]+$")
_SAID_BEHIND = re.compile(rf"(?: (?:{_WORD}|[0-9]+)){{2}}")
_LETTERS = re.compile(r"[^\W\d_]+")
_REST = re.compile(
    rf"(?P<name>(?: (?:van|von|de|der|den|di|la|el|al|mc|o'))*(?: {_WORD}))(?P<more>(?: {_WORD}){{0,3}})[ ]?[.,!?]?(?=\n|$)"
)
_MOST_SMALL = 4
_DOUBLE = 0.5
_NUMBERED = re.compile(r" v?[0-9]+\.[0-9](?!\d?\.\d{2,4}(?!\.?\d))")
_COUNTED = re.compile(r"(?:^|[^\w.])[0-9]{1,3} ?[x×] ?(?:[a-zà-ÿ]+ )?$")
"""`4 x lampe `: goods are counted so."""


def from_given(page: Page, word: Word) -> Finding | None:
    """A name that begins with a known given name, or `Family, Given`."""
    text = page.written
    is_followed_by_family = is_pair(text, word.start, word.end)
    is_of_kin = _is_of_kin(text, word, is_pair=is_followed_by_family)
    is_turned = bool(word.roles & Role.GIVEN_WORD) and is_turned_to(text, word.start, word.end)
    is_led = is_of_kin or is_turned or is_led_to(text, word.start) or _is_followed(text, word, is_pair=is_followed_by_family)
    is_double = _is_known_double(text, word)
    is_word = not is_double and (bool(word.roles & Role.GIVEN_WORD) or word.folded in lower_words())
    if is_word and text[word.start].islower() and not is_led:
        return None
    if not _may_begin(text, word) or _goes_with_the_word_before(text, word):
        return None
    name = _read(text, word, is_led=is_led)
    if name is None:
        return None
    if (turned := family_first(text, name) or (listed(text, word) if name.size == 1 else None)) is not None:
        return told(page, turned, 0.7, "a known family name, and a given name behind it")
    if _is_thing(text, name) or is_place(text, name) or (name.is_capital and _is_shouted(text, name)):
        return None
    confidence, why = _weigh_beside(text, name, word, is_of_kin=is_of_kin, is_turned=is_turned)
    if is_double and confidence < _DOUBLE:
        confidence, why = _DOUBLE, "two given names with a dash between"
    return told(page, name, confidence, why)


def _may_begin(text: str, word: Word) -> bool:
    if not is_free(text, word.start, len(text) if _is_double(text, word) else word.end):
        return False
    if word.roles & Role.GIVEN_WORD and _begins_sentence(text, word.start) and _leads_to_a_name(text, word.end):
        return False
    return text[word.start : word.end] not in words("kin", "words") and not lacks_accents(text[word.start : word.end])


def _weigh_beside(text: str, name: Name, word: Word, *, is_of_kin: bool, is_turned: bool) -> tuple[float, str]:
    """By its words, and by what stands around them."""
    confidence, why = _weigh(name, is_word=bool(word.roles & Role.GIVEN_WORD), is_spoken=_stands_in_speech(text, name))
    before, behind = led_by(text, name.start, is_word=not name.known), followed_by(text, name.end)
    if is_turned and not name.known:
        confidence, why = 0.5, f"{why}; somebody is spoken to by it, or says who speaks"
    elif before is not None or behind is not None or is_of_kin:
        is_bare_word = name.known == 0 and not name.is_capital
        confidence += 0.4 if is_bare_word and is_of_kin else 0.05 if is_bare_word else 0.3 if confidence < 0.4 else 0.15
        where = f"“{behind}” follows it" if before is None and behind else f"“{before or 'a word for kin'}” leads into it"
        why = f"{why}; {where}"
    elif name.is_capital and name.size == 1 and name.known and is_lone_capital(text, name) and not is_keyed(text, name):
        confidence -= 0.2
        why = f"{why}; but it stands by itself"
    return confidence, why


def _is_double(text: str, word: Word) -> bool:
    """`Anne-Sofie`; without capitals where both are known: `hans-peter`."""
    if text[word.end : word.end + 1] != "-" or (match := _NEXT.match(text, word.end)) is None:
        return False
    if _is_known_double(text, word):
        return True
    second = re.split("[-'’]", match[1])[0]
    if second[0].isupper():
        return text[word.start].isupper()
    return bool(role_of(second) & (Role.GIVEN | Role.FAMILY)) and not word.roles & role_of(second) & Role.GIVEN_WORD


def _is_known_double(text: str, word: Word) -> bool:
    """`jean-luc`, also where both are words: the first is one with which such names begin."""
    match = _NEXT.match(text, word.end) if text[word.end : word.end + 1] == "-" else None
    is_begun = match is not None and fold(text[word.start : word.end]).decode() in words("parts", "doubles")
    return is_begun and match is not None and bool(role_of(match[1]) & Role.GIVEN)


def _is_of_kin(text: str, word: Word, *, is_pair: bool) -> bool:
    """`My husband mark`: a word that is a name there."""
    if not is_pair and text[word.start : word.end] not in words("kin", "names"):
        return False
    before = text[max(0, word.start - LEAD) : word.start].lower().split()
    return len(before) > 1 and before[-1] in words("kin", "words") and before[-2] in words("kin", "whose")


def _read(text: str, word: Word, *, is_led: bool) -> Name | None:
    """As far as it goes; None where it stands for a letter."""
    end = word.end
    if _is_known_double(text, word) and (second := _NEXT.match(text, word.end)) is not None:
        end = second.end()
    name = read_on(text, start_of(word.start, text[word.start : end]), is_open=text[word.start].isupper())
    if (name.size == 1 and _is_spelling(text, word)) or _is_spelled_on(text, name):
        return None
    if (is_led or name.known) and not name.is_capital:
        _with_a_word(text, name, is_led=is_led)
    if name.size == 1 and name.known and not name.is_capital:
        _with_the_rest(text, name)
    if name.size == 1 and name.known and not name.is_capital:
        _with_a_stranger(text, name)
    return name


def _goes_with_the_word_before(text: str, word: Word) -> bool:
    """Then it was looked at with that."""
    match = _ONE_BEFORE.search(text, max(0, word.start - LEAD), word.start)
    if match is None or match[1][0].isupper() != text[word.start].isupper() or not role_of(match[1]) & Role.GIVEN:
        return False
    if match[1] in words("kin", "words"):
        return False
    if match[1][0].islower():
        return not role_of(match[1]) & Role.GIVEN_WORD
    if f"{match[1]} {text[word.start : word.end]}".lower() in words("brands"):
        return True
    is_word = role_of(match[1]) & Role.GIVEN_WORD and _begins_sentence(text, match.start(1))
    return not (is_word and _leads_to_a_name(text, match.end(1)))


def _is_spelling(text: str, word: Word) -> bool:
    """“C for Charlie”, “alpha bravo charlie”."""
    before = text[max(0, word.start - LEAD) : word.start]
    if _FOR_A_LETTER.search(before):
        return True
    beside = (_LAST_WORD.search(before), _NEXT.match(text, word.end))
    code = words("alphabets")
    if text[word.start : word.end].lower() not in code:
        return False
    return any(each is not None and (each[1].lower() in code or (len(each[1]) == 1 and each[1] not in "iIyà")) for each in beside)


def _is_spelled_on(text: str, name: Name) -> bool:
    """`mike lima six eight oscar`: letters, with letters or digits behind them."""
    code, behind = words("alphabets"), _SAID_BEHIND.match(text, name.end)
    if behind is None or not code.issuperset(text[name.start : name.end].lower().split()):
        return False
    return all(each in code or each in vocabulary() or each.isdecimal() for each in behind[0].lower().split())


def _with_a_word(text: str, name: Name, *, is_led: bool) -> None:
    """Behind “this is”, or where nothing more is said of it, a family name that is a word too."""
    match = _NEXT.match(text, name.end)
    if match is None or name.size > 1 or match[1].lower() in words("not_a_name") or not ends_free(text, match.end()):
        return
    is_taken = is_led or takes_family(text, match.start(1), match.end())
    if role_of(match[1]) & Role.FAMILY and match[0].startswith(" ") and is_taken:
        add(name, match[1])
        name.end = match.end()


def _is_followed(text: str, word: Word, *, is_pair: bool) -> bool:
    """A word and a family name: `rich okonkwo`; and nothing else that is said: `will iqbal`."""
    if not word.roles & Role.GIVEN_WORD or not text[word.start].islower():
        return False
    if is_pair:
        return True
    following = _NEXT.match(text, word.end)
    roles = role_of(following[1]) if following is not None else 0
    is_family = bool(roles & Role.FAMILY) and (
        not roles & Role.GIVEN_WORD or text[word.start : word.end] in words("kin", "names")
    )
    return is_family and _says_little(text, word.start) and _REST.match(text, word.end) is not None


def _says_little(text: str, start: int) -> bool:
    """Nothing but small words between the beginning of the turn and a name."""
    head = text[text.rfind("\n", 0, start) + 1 : start]
    said = head.rpartition(":")[2].lower().replace("’", "'").split()
    return len(said) <= _MOST_SMALL and all(word.strip(",.") in words("answers") for word in said)


def _with_the_rest(text: str, name: Name) -> None:
    """Without capitals, a name that is all of a turn but for small words goes on to its end, with words that nobody knows too."""
    rest = _REST.match(text, name.end)
    if rest is None or not _says_little(text, name.start):
        return
    behind = rest["more"].lower().strip()
    if behind and not behind.startswith(phrases("behind")) and behind.split()[0] not in words("answers"):
        return
    more = [(match.start(1), match.end(1), match[1]) for match in _NEXT.finditer(rest["name"])]
    if any(word in words("not_a_name") or len(word) < 3 or role_of(word) & Role.TITLE for _, _, word in more[-1:]):
        return
    for _, _, word in more:
        add(name, word)
    name.end = rest.end("name")


def _with_a_stranger(text: str, name: Name) -> None:
    """Without capitals, behind what says who somebody is, a word that nobody knows, where one then goes on about them."""
    match = _STRANGER.match(text, name.end)
    if match is None or not _SAYS_WHO.search(text, max(0, name.start - LEAD), name.start):
        return
    word = match[1]
    if word in words("not_a_name") or role_of(word) & ~Role.FAMILY or _SAYS_HOW.search(word):
        return
    add(name, word)
    name.end = match.end(1)


_STRANGER = re.compile(
    rf" ({_WORD})(?=[ ]?[.,!?\n]|$| (?:calling|speaking|here|ringing|from|born|et|and|og|och|und|né|née|født|född|geboren|geb"
    r"|am apparat|à l['’]appareil|pour|i|i['’]m|i['’]ve|i['’]d|jeg|jag|ich|je|he|he['’]s|she|she['’]s|his|her|han|hun|hon|who"
    r"|c['’]est|vom|von|fra|från|de chez|med|with|[^\W\d_] [^\W\d_] [^\W\d_]|then|now)\b)"
)
_SAYS_WHO = re.compile(
    r"\b(?:this is|it['’]?s|i['’]m|im|i am|name is|name['’]s|c['’]est|je suis|m['’]appelle|hier ist|ich bin"
    r"|mein name ist|bin ich|det är|jag är|jag heter|heter|hedder|hed|det er|jeg er|jeg hedder|madame|monsieur|frau|herr"
    r"|mister|et|og|och|appeler|(?:my|mon|ma|mein|meine|min|mit) [^\W\d_]{3,12}"
    r"|dad['’]s|mum['’]s|wife['’]s|husband['’]s|guten tag|bonjour) $",
    re.IGNORECASE,
)
_SAYS_HOW = re.compile(r"(?:ing|ed|ly|tion|lich|lig|ment|ous|ful|less|erait|ait|ez|de|te)$")


def _is_thing(text: str, name: Name) -> bool:
    """Behind an article, or one word behind “in” or before a version."""
    before = _ONE_BEFORE.search(text, max(0, name.start - LEAD), name.start)
    if name.size == 1 and (_NUMBERED.match(text, name.end) or _COUNTED.search(text, max(0, name.start - LEAD), name.start)):
        return True
    if before is None:
        return False
    word = before[1].lower()
    is_placed = name.size == 1 and word in words("thing", "place") and text[name.end : name.end + 1] not in ("'", "’")
    is_called_so = name.size == 1 and word in words("thing", "goods")
    return is_placed or is_called_so or word in words("thing", "articles")


def _leads_to_a_name(text: str, end: int) -> bool:
    """`Will Robert Chen ring?` asks about Robert."""
    match = _NEXT_TWO.match(text, end)
    roles = role_of(match[1]) if match is not None and match[1][0].isupper() else 0
    return bool(roles & Role.GIVEN) and not roles & Role.GIVEN_WORD


@cache
def _brands() -> Mapping[str, Sequence[str]]:
    """By their first word."""
    known: dict[str, list[str]] = {}
    for brand in sorted(words("brands")):
        known.setdefault(brand.partition(" ")[0], []).append(brand)
    return known


_SAID_BY = frozenset(("sa",))
"""Small, these say that somebody spoke; with capitals they end a company."""


def is_place(text: str, name: Name) -> bool:
    """Or a company: the words around it say so."""
    written = " ".join(_LETTERS.findall(text[name.start : name.end])).lower()
    brands = _brands().get(written.partition(" ")[0], ())
    if any(written == brand or written.startswith(f"{brand} ") for brand in brands):
        return True
    after = _AFTER_NAME.match(text, name.end)
    if after is not None and after[1].lower() in words("places", "after") and (after[1][0].isupper() or not name.is_capital):
        return after[1] not in _SAID_BY
    if name.size == 1 and (text[name.start - 2 : name.start] == "& " or text.startswith(" & ", name.end)):
        return True
    before = _ONE_BEFORE.search(text, max(0, name.start - LEAD), name.start)
    if before is not None and before[1].lower() in words("places", "before"):
        return True
    first, *others = text[name.start : name.end].split(" ")
    is_named = role_of(first) & Role.GIVEN and not role_of(first) & Role.GIVEN_WORD
    return any(other.lower() in words("places", "after") and not (is_named and role_of(other) & Role.FAMILY) for other in others)


def _is_shouted(text: str, name: Name) -> bool:
    """All in capitals, where one short word may be anything's name."""
    written = text[name.start : name.end]
    return written.isupper() and (name.size < 2 or not name.known or min(map(len, written.split())) < 3)


def _stands_in_speech(text: str, name: Name) -> bool:
    """Between spaces and the marks of sentences, as words that are said do."""
    return text[name.start - 1 : name.start] in ("", " ", "\n") and text[name.end : name.end + 1] in (
        "",
        " ",
        "\n",
        ",",
        ".",
        "?",
        "!",
        "'",
    )


def _weigh(name: Name, *, is_word: bool, is_spoken: bool) -> tuple[float, str]:
    """By its words alone."""
    if name.known >= 2:
        return (0.85 if name.is_capital else 0.75), "words that are known as names follow each other"
    if name.known and name.words:
        return (0.75 if name.is_capital else 0.6), "a known name, and one that is a word too"
    if name.known and name.strange:
        return (0.65 if name.is_capital else 0.5), "a known name and a word with a capital"
    if name.known:
        return (0.55 if name.is_capital else 0.42 if is_spoken else 0.2), "a known given name"
    if name.words > 1 and (name.is_capital or name.has_family):
        return 0.4 if name.has_family else 0.25, "names that are words too"
    return (0.25 if is_word else 0.3) if name.is_capital else 0.1, "a given name that is a word too"


_INITIALS = re.compile(r"(?<![\w.&-])(?:[A-Z]\. ?){1,2}$")
"""A letter that begins a line numbers it."""
_OF_KIN = re.compile(
    r"['’]s? (?:wife|husband|son|daughter|mother|father|brother|sister|partner|mum|mom|dad|carer|kone|mand|søn"
    r"|datter|fru|man|dotter)\b"
)


def from_family(page: Page, word: Word) -> Finding | None:
    """A capital before a known family name that is no word: the given name is one that we do not know."""
    text = page.written
    if not text[word.start].isupper() or not is_free(text, word.start, word.end):
        return None
    if _OF_KIN.match(text, word.end):
        return told(page, start_of(word.start, text[word.start : word.end]), 0.5, "a family name, of whose kin somebody is")
    is_dotted = "." in text[max(0, word.start - 2) : word.start]
    initial = _INITIALS.search(text, max(0, word.start - LEAD), word.start) if is_dotted else None
    if initial is not None and text[initial.start() - 1 : initial.start()] not in ("", "\n"):
        name = read_on(text, Name(initial.start(), word.end, known=1, has_family=True), is_open=False)
        return told(page, name, 0.55, "an initial and a known family name")
    if word.roles & Role.GIVEN_WORD:
        return None
    if lacks_accents(text[word.start : word.end]):
        return None
    match = _ONE_BEFORE.search(text, max(0, word.start - LEAD), word.start)
    if match is None:
        return None
    given = match[1]
    if not given[0].isupper() or given.isupper() != text[word.start : word.end].isupper() or len(given) < 3:
        return None
    if (
        given.lower() in words("not_a_name")
        or role_of(given) & (Role.GIVEN | Role.STREET | Role.CITY | Role.TITLE)
        or _begins_sentence(text, match.start(1))
    ):
        return None
    after = _NEXT.match(text, word.end)
    if after is not None and (
        (after[1].lower() in words("not_a_name") and after[1][0].isupper()) or role_of(after[1]) & Role.STREET
    ):
        return None
    name = start_of(match.start(1), given)
    add(name, text[word.start : word.end])
    name.end = word.end
    return told(page, name, 0.5, "a word with a capital and a known family name")


def _begins_sentence(text: str, start: int) -> bool:
    if start == 0:
        return True
    before = text[max(0, start - 2) : start].strip(" \"'")
    return (before == "" and start > 1 and text[max(0, start - 2) : start] != "  ") or before[-1:] in (".", "!", "?", ":", "\n")
