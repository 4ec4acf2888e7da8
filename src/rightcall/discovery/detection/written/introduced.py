"""Names behind a phrase that introduces one: “my name is”, a greeting, a sign-off, a spelling; and names in columns for them.

Here a name is told also where none of its words is known.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache

from rightcall.discovery.detection.context import Columns, words_of
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.page import Page
from rightcall.discovery.detection.written.lexicon import Role, Word
from rightcall.discovery.detection.written.read import (
    Name,
    add,
    ends_free,
    is_free,
    lead_to_family,
    past_particles,
    read_on,
    start_of,
    told,
)
from rightcall.discovery.detection.written.resources import role_of, roles_of, words
from rightcall.discovery.detection.written.turns import TURN

_WORD = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"
_CAPITAL = r"[^\Wa-zß-ÿ\d_]"
_BEFORE = 32
_ONE_WORD, _NEXT, _BEHIND_TITLE = re.compile(_WORD), re.compile(rf" ({_WORD})"), re.compile(rf"\.? ({_WORD})")
_WORD_BEFORE = re.compile(rf"({_WORD})[ _-]$")
_LINK = re.compile(
    r"(?: on the [a-z]+| on my [a-z]+| de famille)?(?:\s*[\"'’]?\s*(?:[:=]|\bis\b|\bwas\b|['’]s\b|\ber\b|\bär\b|\best\b|\bist\b"
    r"|\blautet\b|\bes\b|\bon\b|\bde\b|\bc['’]est\b|\bof\b))\s*[\"'“]?\s*(?:is\s+|it['’]s\s+)?"
)
_ANSWER = re.compile(
    rf"[^\n:]{{0,28}}\n{TURN}(?:[0-9][^\n:]{{3,24}}, (?:and|und|et|og|och) )?"
    r"(?:(?:yes|yeah|yep|sure|of course|okay|ok|ja|jo|oui|ja tak"
    r"|hi|hello|hej|uh|um|it['’]?s|this is|that['’]?s|my name is"
    r"|i['’]m|i am|c['’]est|je suis|je m['’]appelle|det er|det är|das ist|ich heiße|ich bin|jeg hedder|jag heter)[ ,]+){0,4}",
    re.IGNORECASE,
)
_NO_NAME = re.compile(r"^ge\w+(?:t|en)$|(?:ing|ed|ly|tion|lich|lig|ligt|isch|isk|ment|ous|ful|less)$")
"""Ends of verbs and of words that say how."""
_ASKS_ALL = re.compile(
    rf"[ ,]*(?:please|bitte|s['’]il vous pla[iî]t|s['’]il te pla[iî]t|tak|tack)?[?.]?\n{TURN}{_WORD}[.,]?(?:\n|$)", re.IGNORECASE
)
"""`Your name please?`, and a turn of one word."""
_WHO_ANSWER = re.compile(
    r"(?:['’]s)?[^\n:]{0,16}\b(?:speak|talk|calling|caller|ringing|phoning|ask|pleas|holder|this|there|line|name|book|deal|honneur|ligne|parle"
    r"|sprech|vergnügen|apparat|tal|snakk|prat|ringer|going|in|coming|collecting|receiving|travelling|driving|insured)[^\n:]{0,28}\n"
    rf"{TURN}"
    r"(?:(?:yes|yeah|hi|hello|hej|uh|um|sure|it['’]?s|this is|that['’]?s|that would be|i['’]m|i am|c['’]est|je suis|det er|det är"
    r"|das ist|hier ist|ich bin|mit|med|du taler med|du pratar med|ja|oui|avec)[ ,]+){0,4}",
    re.IGNORECASE,
)
"""What stands behind “who” in a question for somebody, and what may lead the answer in."""
_YOU_ANSWER = re.compile(
    r"(?:[ -](?:(?:din|dit|ditt|hans|hendes|hennes|ihr|ihre|ihren|dein|deine|votre|ton|ta|sa|son) [^\W\d_]{2,14}"
    r"|du|de|sie|ihr|vous|ni|dig)\b"
    r"[^\n:]{0,20})?\n" + TURN + r"(?:(?:ja|oui|hej|jeg hedder|jag heter|det er|det är)[ ,]+){0,2}",
    re.IGNORECASE,
)
_OF_A_THING = re.compile(
    r"\bof (?:the|this|that|your) (?!account|card|caller|person|customer|policy|patient|holder|contact|agent|colleague)",
    re.IGNORECASE,
)
_PART_BEHIND = re.compile(r" de (?:jeune fille|famille|naissance)\b")
_FORM_LINK = re.compile(r"(?: de (?:jeune fille|famille|naissance))? (?=[A-ZÀ-Þ])")
_SHORTEST_PART = 3
_COLON = re.compile(r"(?: ?:| is| ist| est| är| er) ")
_VERB_LINK = re.compile(r"[ \t]+(?:jeg\s+|jag\s+|ich\s+)?")
_GREETING_LINK = re.compile(r"[ \t]+")
_SIGN_OFF = re.compile(
    rf"(?:,?[ \t]*\r?\n(?:[ \t]*\r?\n)?[ \t]*|, (?={_CAPITAL}\. ?{_CAPITAL}))((?:{_CAPITAL}\. ?){{0,2}})"
    rf"({_WORD}(?:[ ]{_WORD}|[ ][^\W\d_]\.){{0,3}})[ \t]*(?=\r?\n|$)"
)
_OFFICE = re.compile(r"service|team|kunde|support|abteilung|afdeling|avdelning|department|care|desk", re.IGNORECASE)
_SPELLED = re.compile(
    r"(?:\s*(?:[:,]|as|is|that['’]?s|it['’]?s|c['’]est|det er|det är))*\s*"
    r"((?:[^\W\d_](?:[ ]?[-.,][ ]?|[ ])){2,}[^\W\d_])(?![\w'’])",
    re.IGNORECASE,
)
_SPELLED_BEHIND = re.compile(
    r"(?: (?:that|it|your (?:sur|last |first )?name|das|den|ihn|ça|le|det|dit navn|ditt namn|namnet)[^\n:0-9]{0,24}"
    r"|(?: bitte|, bitte|, please|, s['’]il vous plaît)?\??)\n"
    rf"{TURN}(?:(?:yes|yeah|sure|of course|okay|ok|so|it['’]?s|that['’]?s|ja|jo|oui|klar|natürlich"
    r"|bien sûr|c['’]est|det er|det är)[ ,]+){0,3}"
    r"((?:[^\W\d_](?:[ ]?[-.,][ ]?|[ ])){2,}[^\W\d_])(?![\w'’])",
    re.IGNORECASE,
)
"""`Can you spell that for me?`, and the turn that does."""
_SPELLED_ANSWER = re.compile(
    rf"[^\n:0-9]{{0,28}}\n{TURN}(?:(?:yes|yeah|so|it['’]?s|ja|jo|oui|c['’]est|det er|det är|das ist)[ ,]+){{0,3}}"
    r"((?:[^\W\d_](?:[ ]?[-.,][ ]?|[ ])){2,}[^\W\d_])(?![\w'’])",
    re.IGNORECASE,
)
_DATED = re.compile(r"\n(?:date|sent|datum|dato|gesendet|envoyé|skickat|sendt) ?: ?$", re.IGNORECASE)
"""The head of a letter that says when: `Date: Tue, …` answers no subject."""
_SAID = re.compile(rf"(?:(?:this is|it['’]?s)|(?:^|[.!?:\n]))\s*((?:{_WORD} ){{1,3}})$", re.IGNORECASE)
_NOTED = re.compile(rf"\.? ((?:{_CAPITAL}\. ?){{0,2}})(?={_CAPITAL})({_WORD})")
_FILLED_IN = re.compile(rf"(?:\(s\)|s)?:? ((?:{_CAPITAL}\. ?){{0,2}})(?={_CAPITAL})({_WORD})")
_LEAST_WORDS = 2
_MOST_WORDS = 3
_BESIDE_PEOPLE = (Kind.EMAIL, Kind.PHONE, Kind.DATE_OF_BIRTH)
"""Where a column of these stands, one that only says `name` names people, or firms."""
_LONGEST_CELL, _MOST_CELL_WORDS = 60, 6
_CELL = re.compile(rf"(?:{_WORD}\.?|[^\W\d_]\.)(?:,? (?:{_WORD}\.?|[^\W\d_]\.))*")


def from_cue(page: Page, word: Word) -> Finding | None:
    cue = page.written[word.start : word.end].lower()
    return _judges().get(cue, _plain)(page, word, cue)


@cache
def _judges() -> Mapping[str, "_Judge"]:
    """By cue; the first part that has it judges."""
    return {cue: judge for part, judge in reversed(_JUDGES.items()) for cue in words("cues", part)}


def _verb(page: Page, word: Word, cue: str) -> Finding | None:
    if (asked := _answering(page, _YOU_ANSWER, word, cue)) is not None:
        return asked
    if cue == "spricht" and not page.written[max(0, word.start - 5) : word.start].lower().endswith("hier "):
        return None
    return _behind(page, word, _VERB_LINK, 0.75, cue)


def _answered(page: Page, word: Word, cue: str, *, is_part: bool = False) -> Finding | None:
    """The name in the turn that answers the one in which it was asked for."""
    return _answering(page, _ANSWER, word, cue, is_part=is_part)


def _answering(page: Page, form: re.Pattern[str], word: Word, cue: str, *, is_part: bool = False) -> Finding | None:
    """`is_part`: a family name was asked for, or a given one, so one word that nobody knows may be it."""
    match = form.match(page.written, word.end)
    if match is None or _DATED.search(match[0]):
        return None
    name = _run(page.written, match.end()) or (_of_particles(page.written, match.end()) if is_part else None)
    if name is None:
        return None
    is_all = page.written[name.end : name.end + 1] in ("", "\n", ".", ",")
    is_given = is_all and name.words == 1 == name.size and bool(role_of(page.written[name.start : name.end]) & Role.GIVEN)
    is_the_part = is_part and is_all and name.size == 1 and name.end - name.start >= _SHORTEST_PART
    if (
        not name.known
        and not is_the_part
        and (_OF_A_THING.search(match[0]) or not (name.words > 1 or is_given or (is_all and name.size > 1)))
    ):
        return None
    confidence = (0.85 if name.known else 0.65) - (0 if name.is_capital else 0.1)
    return told(page, name, confidence, f"“{cue}” in the line before asks for it")


def _plain(page: Page, word: Word, cue: str) -> Finding | None:
    """“Name”, of a person only where that is said or the name is known."""
    before = page.written[max(0, word.start - _BEFORE) : word.start]
    match = _WORD_BEFORE.search(before)
    whose = match[1].lower().replace("’", "'") if match else ""
    is_part = whose in words("whose_part", "before") or _PART_BEHIND.match(page.written, word.end) is not None
    if is_part and (found := _on_a_form(page, word, cue)) is not None:
        return found
    is_asked_of = is_part or (whose in words("whose") and _ASKS_ALL.match(page.written, word.end) is not None)
    if (answered := _answered(page, word, cue, is_part=is_asked_of)) is not None:
        return answered
    if whose in words("whose"):
        return _behind(page, word, _LINK, 0.75, f"{whose} {cue}")
    found = _behind(page, word, _LINK, 0.55, cue)
    if found is not None and whose == "the" and page.written[found.start].isupper():
        return found
    if found is None or whose in ("file", "host", "domain", "product", "company", "street", "brand", "team"):
        return None
    first = re.match(_WORD, page.written[found.start : found.end])
    return found if first is not None and role_of(first[0]) & (Role.GIVEN | Role.FAMILY) else None


def _on_a_form(page: Page, word: Word, cue: str) -> Finding | None:
    """`Last name Ruiz`, `mother's maiden name Fox.`: with a capital, and nothing between."""
    match = _FORM_LINK.match(page.written, word.end)
    name = _run(page.written, match.end()) if match is not None else None
    if name is None or not name.is_capital or page.written[name.end : name.end + 1] not in ("", "\n", "\r", ".", ",", ";"):
        return None
    return told(page, name, 0.8 if name.known else 0.7, f"“{cue}” stands before it")


def _behind(page: Page, word: Word, link: re.Pattern[str], base: float, cue: str) -> Finding | None:
    match = link.match(page.written, word.end)
    if match is None:
        return None
    name = _run(page.written, match.end())
    if name is None:
        return None
    confidence = base + (0.15 if name.known else 0.05 if name.words else 0)
    return told(page, name, confidence if name.is_capital else confidence - 0.1, f"“{cue}” introduces it")


def _run(text: str, start: int) -> Name | None:
    """A name of any words: with capitals as far as they go, without until a word that is none of a name's."""
    match = _ONE_WORD.match(text, start)
    if match is None or not (is_free(text, start, match.end()) or _is_a_value(text, start, match.end())):
        return None
    if match[0].lower() in words("parts", "particles"):
        return _behind_particles(text, start)
    if _is_no_name(match[0]) and not _is_all_the_same(text, match):
        return None
    name = start_of(start, match[0])
    if role_of(match[0]) & Role.TITLE:
        following = _BEHIND_TITLE.match(text, match.end())
        return _run(text, following.start(1)) if following is not None and following[1].lower() not in words("titles") else None
    if name.is_capital:
        return read_on(text, name, is_open=True)
    return _lower(text, name)


def _is_a_value(text: str, start: int, end: int) -> bool:
    """`navn=Søren Kjær`, `first_name=Wanjiru&last_name=Odhiambo`: a line of settings or of an address."""
    return text[start - 1 : start] == "=" and ends_free(text, end)


def _behind_particles(text: str, start: int) -> Name | None:
    """`von Rabenau`, `da silva`."""
    at, particles = past_particles(text, start - 1)
    match = _NEXT.match(text, at)
    if match is None or match[1].lower() in words("not_a_name") or not particles:
        return None
    if not (match[1][0].isupper() or lead_to_family(particles, match[1])):
        return None
    name = Name(start, match.end(1), is_capital=match[1][0].isupper(), has_family=True)
    add(name, match[1])
    return read_on(text, name, is_open=True) if name.is_capital else _lower(text, name)


def _of_particles(text: str, start: int) -> Name | None:
    """`de montbrison`, also where nobody knows the family, since one was asked for and it is all of the turn."""
    at, particles = past_particles(text, start - 1)
    match = _NEXT.match(text, at)
    if match is None or not particles or text[match.end() : match.end() + 1] not in ("", "\n") or _is_no_name(match[1]):
        return None
    return Name(start, match.end(1), strange=1, is_capital=match[1][0].isupper(), has_family=True)


def _is_all_the_same(text: str, match: re.Match[str]) -> bool:
    """`will baker`, where a name was asked for: a small word, but a given name with a family name behind it."""
    following = _NEXT.match(text, match.end())
    is_given = bool(role_of(match[0]) & Role.GIVEN)
    return is_given and following is not None and bool(roles_of(following[1]) & Role.FAMILY)


def _is_no_name(word: str) -> bool:
    if len(word) < 2 or word.lower() in words("not_a_name"):
        return True
    return word.islower() and not role_of(word) and _NO_NAME.search(word) is not None


def _lower(text: str, name: Name) -> Name | None:
    """Speech without capitals: up to three words. One that is unknown is none where it ends in what verbs end in."""
    while name.size < _MOST_WORDS:
        at, particles = past_particles(text, name.end)
        match = _NEXT.match(text, at)
        if match is None or (particles and not lead_to_family(particles, match[1])):
            break
        word = match[1]
        if _is_no_name(word) or word[0].isupper() or not is_free(text, match.start(1), match.end()):
            break
        if name.size >= 2 and not role_of(word) & (Role.GIVEN | Role.FAMILY):
            break
        add(name, word)
        name.end = match.end()
    return name


def _greeted(page: Page, word: Word) -> Finding | None:
    text = page.written
    match = _GREETING_LINK.match(text, word.end)
    if match is None or not text[match.end() : match.end() + 1].isupper():
        return None
    name = _run(text, match.end())
    if name is None or not name.is_capital:
        return None
    is_closed = re.match(r"\s*(?:[,!:.\n]|$|and\b|und\b|et\b|og\b|och\b)", text[name.end : name.end + 6]) is not None
    if not is_closed and not name.known:
        return None
    return told(page, name, 0.85 if name.known else 0.65, "a greeting stands before it")


def _signed(page: Page, word: Word, *, needs_known: bool = False) -> Finding | None:
    match = _SIGN_OFF.match(page.written, word.end)
    if match is None:
        return None
    name = _run(page.written, match.start(2))
    if name is None or not name.is_capital or name.end != match.end(2) or _OFFICE.search(match[2]):
        return None
    if needs_known and not name.known and not match[1]:
        return None
    name.start = match.start(1) if match[1] else name.start
    return told(page, name, 0.85 if name.known else 0.6, "a letter is signed with it")


def _speaking(page: Page, word: Word) -> Finding | None:
    """“This is … speaking”."""
    text = page.written
    low = max(0, word.start - 48)
    match = _SAID.search(text[low : word.start])
    if match is None:
        return None
    name = _run(text, low + match.start(1))
    if name is None or name.end + 1 != word.start:
        return None
    is_said = match[0].lower().lstrip().startswith(("this", "it"))
    if not is_said and not name.known:
        return None
    return told(page, name, (0.8 if name.known else 0.65) - (0 if name.is_capital else 0.05), "“speaking” follows it")


_YOU = re.compile(r"\b(?:you're|you’re|youre|you are|du|ni|sie|vous) $", re.IGNORECASE)
_WITH = re.compile(r" (?:with|to|med|mit|avec|à) ")
_TURN_GOES_ON = re.compile(
    r"\s*(?:[,.!?\n]|$|(?:from|in|at|here|today|how|what|from|fra|från|vom|von|aus|de|du|hvad|vad|wie|was|comment)\b)"
)


def _spoken_with(page: Page, word: Word) -> Finding | None:
    """“You're speaking with …”, as those say who answer."""
    text = page.written
    link = _WITH.match(text, word.end)
    if link is None or _YOU.search(text[max(0, word.start - 12) : word.start]) is None:
        return None
    name = _run(text, link.end())
    if name is None:
        return None
    is_english = text[word.start : word.end].lower() in words("cues", "speaking")
    if not name.known and not ((is_english or name.size > 1) and _TURN_GOES_ON.match(text, name.end)):
        return None
    return told(page, name, (0.8 if name.known else 0.65) - (0 if name.is_capital else 0.1), f"“{link[0].strip()}” leads into it")


def _noted(page: Page, word: Word, form: re.Pattern[str] = _NOTED) -> Finding | None:
    """`Kd. Kaya, Gisela`, `keeper Joanne Pemberton`, as notes have it: only with capitals, and one of the names known."""
    text = page.written
    match = form.match(text, word.end)
    if match is None or match[2].lower() in words("not_a_name"):
        return None
    name = _run(text, match.start(2))
    if name is None or not name.is_capital:
        return None
    following = re.compile(rf", ({_WORD})").match(text, name.end)
    if following is not None and role_of(following[1]) & Role.GIVEN and following[1][0].isupper():
        add(name, following[1])
        name.end = following.end()
    if not name.known and name.words < _LEAST_WORDS and not (name.words and following) and not match[1]:
        return None
    name.start = match.start(1) if match[1] else name.start
    return told(page, name, 0.7 if name.known else 0.5, f"“{text[word.start : word.end].lower()}” stands before it")


def _spelled(page: Page, word: Word) -> Finding | None:
    match = _SPELLED.match(page.written, word.end) or _SPELLED_BEHIND.match(page.written, word.end)
    if match is None:
        return None
    name = Name(match.start(1), match.end(1), strange=1)
    return Finding(start=name.start, end=name.end, type=Kind.PERSON_NAME, confidence=0.65, why="letters, spelled one by one")


def _spelled_in_answer(page: Page, word: Word) -> Finding | None:
    match = _SPELLED_ANSWER.match(page.written, word.end)
    if match is None:
        return None
    why = "letters, spelled one by one, that answer the question for it"
    return Finding(start=match.start(1), end=match.end(1), type=Kind.PERSON_NAME, confidence=0.65, why=why)


def in_columns(page: Page, columns: Columns) -> Iterator[Finding]:
    """Fields under a head for names. Where one heads given names, another that only says name heads the others."""
    heads = {label.word for label in columns.labels if label is not None}
    given, sure = words("whose_part", "given_heads"), words_of(Kind.PERSON_NAME, "sure")
    in_parts = not heads.isdisjoint(given) and heads.isdisjoint(sure - given)
    of_people = any(columns.has(kind) for kind in _BESIDE_PEOPLE)
    for start, end, head in columns.cells(page.written, Kind.PERSON_NAME):
        value = page.written[start:end]
        if len(value) > _LONGEST_CELL or _CELL.fullmatch(value) is None or value.lower() in words_of(Kind.PERSON_NAME):
            continue
        parts = re.findall(_WORD, value)
        if len(parts) > _MOST_CELL_WORDS:
            continue
        known = sum(bool(role_of(part) & (Role.GIVEN | Role.FAMILY)) for part in parts)
        if head in words_of(Kind.PERSON_NAME, "none"):
            continue
        is_plain = head in words("cues", "plain")
        is_sure = head in sure or (in_parts and is_plain)
        is_told = is_sure or (known and (len(parts) > 1 or not role_of(parts[0]) & Role.GIVEN_WORD))
        if not is_told and not (of_people and is_plain and _looks_like_a_name(parts, value)):
            continue
        confidence = (0.9 if known else 0.75) if is_sure else (0.75 if known > 1 else 0.6)
        why = f"a name by its form{', of known words' if known else ''}; the word “{head}” heads its column"
        yield Finding(start=start, end=end, type=Kind.PERSON_NAME, confidence=confidence, why=why)


def _looks_like_a_name(parts: Sequence[str], value: str) -> bool:
    """Two or three words that nobody knows as anything, each with a capital, and no mark between them."""
    return (
        len(parts) in (2, 3)
        and value == " ".join(parts)
        and all(part[0].isupper() and not part.isupper() and len(part) > 2 for part in parts)
        and not any(part.lower() in words("not_a_name") or part.lower() in words("firms") for part in parts)
        and not any(role_of(part) & ~(Role.GIVEN | Role.GIVEN_WORD | Role.FAMILY) for part in parts)
    )


_Judge = Callable[[Page, Word, str], Finding | None]
_JUDGES: dict[str, _Judge] = {
    "spelling": lambda page, word, _: _spelled(page, word),
    "sign_off": lambda page, word, _: _signed(page, word),
    "thanks": lambda page, word, _: _signed(page, word, needs_known=True),
    "holder": lambda page, word, cue: _answered(page, word, cue) or _behind(page, word, _COLON, 0.55, cue),
    "short": lambda page, word, _: _noted(page, word),
    "filled_in": lambda page, word, _: _noted(page, word, _FILLED_IN),
    "speaking": lambda page, word, _: _speaking(page, word) or _spoken_with(page, word),
    "with": lambda page, word, _: _spoken_with(page, word),
    "greeting": lambda page, word, _: _greeted(page, word),
    "verb": _verb,
    "who": lambda page, word, cue: _answering(page, _WHO_ANSWER, word, cue),
    "sure": lambda page, word, cue: (
        _behind(page, word, _LINK, 0.75, cue)
        or _on_a_form(page, word, cue)
        or _spelled_in_answer(page, word)
        or _answered(page, word, cue, is_part=True)
        or _spelled(page, word)
    ),
}
