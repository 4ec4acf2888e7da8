"""Names of people: a known given name and what follows it, a title, or a phrase behind which a name stands.

How sure: whether the words are known as names, whether one is also a word, a place or a month, whether it has a capital, and what
stands around it. A name that nobody introduces and whose words are no names is not told.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.page import Page
from rightcall.discovery.detection.written.lexicon import Role, Word, fold
from rightcall.discovery.detection.written.resources import lower_words, phrases, role_of, words

_WORD = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"
_LEAD = 28
_MOST_PARTS = 4
_NEXT = re.compile(rf"(?:[ -]|\. )({_WORD})")
_AFTER_NAME = re.compile(rf"(?:['’]s)?(?:[ -]|\. )({_WORD})")
_JOINED_BEFORE = frozenset("/\\_.@#$%&=+*<-~^|")
_JOINED_AFTER = frozenset("_@/=\\(*#~^")
_LIST_BEFORE = re.compile(rf"({_WORD}), $")
_ONE_BEFORE = re.compile(rf"(?:^|[^\w’.@/-])({_WORD}) $")
_LEADS = (
    *(
        "this is ",
        "it's ",
        "its ",
        "i'm ",
        "im ",
        "i am ",
        "name is ",
        "name's ",
        "speaking with ",
        "speaking to ",
        "je suis ",
        "c'est ",
    ),
    *(
        "hier ist ",
        "ich bin ",
        "jeg er ",
        "det er ",
        "jag är ",
        "det är ",
        "hedder ",
        "heter ",
        "heiße ",
        "heisse ",
        "m'appelle ",
    ),
    *(
        f"{word} "
        for word in ("my mother", "my father", "my husband", "my wife", "my son", "my daughter", "my partner", "my colleague")
    ),
    *(
        f"{word} "
        for word in ("speak to", "speak with", "talk to", "talking to", "dealing with", "dealt with", "ask for", "spoke to")
    ),
    *(
        f"{word} "
        for word in ("taler med", "pratar med", "snakker med", "sprechen mit", "spreche mit", "policyholder", "behalf of")
    ),
)
_LAST_OF_A_LEAD = 3
_LEADS_END = frozenset(lead[-_LAST_OF_A_LEAD:] for lead in _LEADS)
_FOR_A_LETTER = re.compile(r"(?<![\w'’])[^\W\d_][ ,]+(?:for|as in|as|like|wie|von|som|som i|comme|for|i)[ ]$", re.IGNORECASE)
_LAST_WORD = re.compile(rf"({_WORD})[ ,]+$")
_REST = re.compile(
    rf"(?P<name>(?: (?:van|von|de|der|den|di|la|el|al|mc|o'))*(?: {_WORD}))(?P<more>(?: {_WORD}){{0,3}})[ ]?[.,!?]?(?=\n|$)"
)
_MOST_SMALL = 4
_NUMBERED = re.compile(r" v?[0-9]+\.[0-9]")
_CONFIRMS = 0.15
_NEAR_EMAIL = 400


@dataclass(slots=True)
class Name:
    """A stretch that may be a name: `known` of its words are names and no words, `words` are both, `strange` neither."""

    start: int
    end: int
    known: int = 0
    words: int = 0
    strange: int = 0
    has_family: bool = False
    is_capital: bool = True

    @property
    def size(self) -> int:
        return self.known + self.words + self.strange


def is_free(text: str, start: int, end: int) -> bool:
    """No part of a path, an identifier, an address or a number."""
    before = text[start - 1 : start]
    return not (before and (before in _JOINED_BEFORE or before.isdigit())) and ends_free(text, end)


def ends_free(text: str, end: int) -> bool:
    after, next_one = text[end : end + 1], text[end + 1 : end + 2]
    if after and (after in _JOINED_AFTER or after.isdigit()):
        return False
    return not (after and after in ".:-" and next_one and (next_one.isalnum() or next_one in ":/"))


def read_on(text: str, name: Name, *, is_open: bool) -> Name:
    """The name with the words behind it that belong to it. `is_open`: with capitals, also those that are no known names."""
    while name.size < _MOST_PARTS:
        at = name.end
        pieces: list[str] = []
        while (match := _NEXT.match(text, at)) is not None and match[1].lower() in words("parts", "particles"):
            if not name.is_capital and not pieces and match[1] in words("not_a_name"):
                break
            pieces.append(match[1])
            at = match.end()
        match = _NEXT.match(text, at)
        if match is None or not _goes_on(text, name, match, is_open=is_open):
            return name
        add(name, match[1])
        name.end = match.end()
        if match[1].lower().endswith(("'s", "’s")):
            name.end -= 2
            return name
        if len(match[1]) == 1 and text[name.end : name.end + 1] == ".":
            name.end += 1
    return name


def _goes_on(text: str, name: Name, match: re.Match[str], *, is_open: bool) -> bool:
    word = match[1]
    if match[0].startswith(".") and text[match.start() - 1 : match.start()] != "" and not _is_initial(text, match.start()):
        return False
    is_no_name = word.lower() in words("not_a_name") and not _is_family_of(name, word)
    if is_no_name or not ends_free(text, match.end(1)) or (len(word) <= 3 and word[1:2] in ("'", "’")):
        return False
    is_capital = word[0].isupper()
    if len(word) == 1:
        return is_capital and text[match.end() : match.end() + 1] == "."
    if name.is_capital:
        return is_capital and (is_open or bool(role_of(word) & (Role.GIVEN | Role.FAMILY)))
    if is_capital:
        return False
    roles = role_of(word)
    return bool(roles & (Role.GIVEN | Role.FAMILY)) and not roles & Role.GIVEN_WORD if not is_open else True


def _is_family_of(name: Name, word: str) -> bool:
    """`Sarah Hall`: behind a given name that is nothing else."""
    is_named = name.size == 1 and name.known == 1 and name.is_capital and word[0].isupper()
    return is_named and bool(role_of(word) & Role.FAMILY) and word.lower() in words("places", "after")


def _is_initial(text: str, dot: int) -> bool:
    return dot >= 2 and text[dot - 1].isupper() and not text[dot - 2].isalnum()


def add(name: Name, word: str) -> None:
    if len(word) == 1:
        return
    pieces = [piece for piece in re.split("['’-]", word) if len(piece) > 1 or word == piece]
    roles = role_of(word) or (role_of(pieces[-1]) if pieces else 0)
    if roles & Role.GIVEN_WORD:
        name.words += 1
    elif roles & (Role.GIVEN | Role.FAMILY):
        name.known += 1
    else:
        name.strange += 1
    name.has_family |= bool(roles & Role.FAMILY) and name.size > 1


def start_of(word_start: int, word: str) -> Name:
    name = Name(word_start, word_start + len(word), is_capital=word[0].isupper())
    add(name, word)
    return name


def told(page: Page, name: Name, confidence: float, why: str) -> Finding:
    local = _email_near(page, name)
    if local:
        confidence, why = confidence + _CONFIRMS, f"{why}; an e-mail address nearby has it too"
    return Finding(
        start=name.start, end=name.end, type=Kind.PERSON_NAME, confidence=round(max(0.0, min(confidence, 0.97)), 2), why=why
    )


_LOCALS = re.compile(r"([^\W_][\w.+-]{2,63})@")


def _email_near(page: Page, name: Name) -> bool:
    low, high = max(0, name.start - _NEAR_EMAIL), name.end + _NEAR_EMAIL
    if page.written.find("@", low, high) < 0:
        return False
    parts = {fold(part) for part in re.split(r"[^\w]", page.written[name.start : name.end]) if len(part) > 2}
    return any(
        fold(piece) in parts
        for match in _LOCALS.finditer(page.written, low, high)
        for piece in re.split(r"[._+\d-]+", match[1])
        if len(piece) > 2
    )


def lead(text: str, start: int, *, is_word: bool) -> str | None:
    """The phrase that leads into a name, if one does. Who speaks, as `Agent: `, leads into no name that is a word too."""
    written = text[max(0, start - _LEAD) : start]
    if is_word and written.endswith(": ") and not written.endswith('": '):
        return None
    before = written.rstrip(" ,:").lower().replace("’", "'")
    tokens = before.split()[-3:]
    known = phrases("before")
    for size in range(len(tokens), 0, -1):
        phrase = " ".join(tokens[-size:]).strip("\"'(.,!?")
        if phrase in known:
            return phrase
    return None


def trail(text: str, end: int) -> str | None:
    after = text[end : end + _LEAD].lstrip(" ,").lower().replace("’", "'")
    return next(
        (phrase for phrase in phrases("behind") if after.startswith(phrase) and not after[len(phrase) :][:1].isalpha()), None
    )


def from_given(page: Page, word: Word) -> Finding | None:
    """A name that begins with a known given name, or `Family, Given`."""
    text = page.written
    is_double = (
        text[word.end : word.end + 1] == "-" and text[word.start].isupper() and text[word.end + 1 : word.end + 2].isupper()
    )
    if not is_free(text, word.start, len(text) if is_double else word.end):
        return None
    if word.roles & Role.GIVEN_WORD and _begins_sentence(text, word.start) and _leads_to_a_name(text, word.end):
        return None
    if text[word.start : word.end] in words("kin", "words"):
        return None
    is_of_kin = _is_of_kin(text, word)
    is_led = is_of_kin or _is_led(text, word.start) or _is_all_of_a_turn(text, word)
    is_word = bool(word.roles & Role.GIVEN_WORD) or word.folded in lower_words()
    if (is_word and text[word.start].islower() and not is_led) or _goes_with_the_word_before(text, word):
        return None
    name = _read(text, word, is_led=is_led)
    if name is None:
        return None
    if name.size == 1 and (listed := _listed(text, word)) is not None:
        return told(page, listed, 0.7, "a family name, a comma and a given name")
    if _is_thing(text, name) or is_place(text, name) or (name.is_capital and _is_shouted(text, name)):
        return None
    confidence, why = _weigh(name, is_word=bool(word.roles & Role.GIVEN_WORD), is_spoken=_stands_in_speech(text, name))
    before, behind = lead(text, name.start, is_word=not name.known), trail(text, name.end)
    if before is not None or behind is not None or is_of_kin:
        is_bare_word = name.known == 0 and not name.is_capital
        confidence += 0.4 if is_bare_word and is_of_kin else 0.05 if is_bare_word else 0.3 if confidence < 0.4 else 0.15
        where = f"“{behind}” follows it" if before is None and behind else f"“{before or 'a word for kin'}” leads into it"
        why = f"{why}; {where}"
    elif name.is_capital and name.size == 1 and name.known and _is_lone_capital(text, name):
        confidence -= 0.2
        why = f"{why}; but it stands by itself"
    return told(page, name, confidence, why)


def _is_of_kin(text: str, word: Word) -> bool:
    """`My husband mark`: a word that is a name there."""
    if text[word.start : word.end] not in words("kin", "names"):
        return False
    before = text[max(0, word.start - _LEAD) : word.start].lower().split()
    return len(before) > 1 and before[-1] in words("kin", "words") and before[-2] in words("kin", "whose")


def _read(text: str, word: Word, *, is_led: bool) -> Name | None:
    """As far as it goes; None where it stands for a letter."""
    name = read_on(text, start_of(word.start, text[word.start : word.end]), is_open=text[word.start].isupper())
    if name.size == 1 and _is_spelling(text, word):
        return None
    if is_led and not name.is_capital:
        _with_a_word(text, name)
    if name.size == 1 and name.known and not name.is_capital:
        _with_the_rest(text, name)
    return name


def _is_led(text: str, start: int) -> bool:
    """Most words end otherwise than all that may lead."""
    if text[max(0, start - _LAST_OF_A_LEAD) : start].lower() not in _LEADS_END:
        return False
    return text[max(0, start - _LEAD) : start].lower().endswith(_LEADS)


def _goes_with_the_word_before(text: str, word: Word) -> bool:
    """Then it was looked at with that."""
    match = _ONE_BEFORE.search(text, max(0, word.start - _LEAD), word.start)
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
    before = text[max(0, word.start - _LEAD) : word.start]
    if _FOR_A_LETTER.search(before):
        return True
    beside = (_LAST_WORD.search(before), _NEXT.match(text, word.end))
    code = words("alphabets")
    return text[word.start : word.end].lower() in code and any(each is not None and each[1].lower() in code for each in beside)


def _with_a_word(text: str, name: Name) -> None:
    """Behind “this is”, a family name that is a word too."""
    match = _NEXT.match(text, name.end)
    if match is None or name.size > 1 or match[1].lower() in words("not_a_name") or not ends_free(text, match.end()):
        return
    if role_of(match[1]) & Role.FAMILY and match[0].startswith(" "):
        add(name, match[1])
        name.end = match.end()


def _is_all_of_a_turn(text: str, word: Word) -> bool:
    """A word and a family name, and nothing else that is said: `will iqbal`."""
    if not word.roles & Role.GIVEN_WORD or not text[word.start].islower():
        return False
    following = _NEXT.match(text, word.end)
    roles = role_of(following[1]) if following is not None else 0
    is_family = bool(roles & Role.FAMILY) and not roles & Role.GIVEN_WORD
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


def _is_thing(text: str, name: Name) -> bool:
    """Behind an article, or one word behind “in” or before a version."""
    before = _ONE_BEFORE.search(text, max(0, name.start - _LEAD), name.start)
    if name.size == 1 and _NUMBERED.match(text, name.end):
        return True
    if before is None:
        return False
    word = before[1].lower()
    is_placed = name.size == 1 and word in words("thing", "place") and text[name.end : name.end + 1] not in ("'", "’")
    return is_placed or word in words("thing", "articles")


def _leads_to_a_name(text: str, end: int) -> bool:
    """`Will Robert Chen ring?` asks about Robert."""
    match = re.compile(rf" ({_WORD}) {_WORD}").match(text, end)
    roles = role_of(match[1]) if match is not None and match[1][0].isupper() else 0
    return bool(roles & Role.GIVEN) and not roles & Role.GIVEN_WORD


@cache
def _brands() -> Mapping[str, Sequence[str]]:
    """By their first word."""
    known: dict[str, list[str]] = {}
    for brand in sorted(words("brands")):
        known.setdefault(brand.partition(" ")[0], []).append(brand)
    return known


def is_place(text: str, name: Name) -> bool:
    """Or a company: the words around it say so."""
    written = " ".join(re.findall(r"[^\W\d_]+", text[name.start : name.end])).lower()
    brands = _brands().get(written.partition(" ")[0], ())
    if any(written == brand or written.startswith(f"{brand} ") for brand in brands):
        return True
    after = _AFTER_NAME.match(text, name.end)
    if after is not None and after[1].lower() in words("places", "after") and (after[1][0].isupper() or not name.is_capital):
        return True
    if name.size == 1 and (text[name.start - 2 : name.start] == "& " or text.startswith(" & ", name.end)):
        return True
    before = _ONE_BEFORE.search(text, max(0, name.start - _LEAD), name.start)
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


def _is_lone_capital(text: str, name: Name) -> bool:
    """On a line of its own, or between the delimiters of a table, where products and places stand too."""
    before, after = text[name.start - 1 : name.start], text[name.end : name.end + 1]
    if after == "'" and before != "'":
        return False
    if before == "," and after == ",":
        return True
    return before in ("", "\n", "\t", ";", ",", '"', "'", "|") and after in ("", "\n", "\r", "\t", ";", '"', "'", "|")


def _listed(text: str, word: Word) -> Name | None:
    match = _LIST_BEFORE.search(text, max(0, word.start - _LEAD), word.start)
    if match is None or not match[1][0].isupper() or not text[word.start].isupper() or match[1].lower() in words("not_a_name"):
        return None
    roles = role_of(match[1])
    if not roles & Role.FAMILY or roles & (Role.GIVEN_WORD | Role.GIVEN):
        return None
    return Name(match.start(1), word.end, known=2, has_family=True)


def from_family(page: Page, word: Word) -> Finding | None:
    """A capital before a known family name that is no word: the given name is one that we do not know."""
    text = page.written
    if word.roles & Role.GIVEN_WORD or not text[word.start].isupper() or not is_free(text, word.start, word.end):
        return None
    match = _ONE_BEFORE.search(text, max(0, word.start - _LEAD), word.start)
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
