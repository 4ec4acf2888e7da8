"""Postal addresses: a street with a number, and what stands beside it: a flat, a postcode, a town. How sure depends on how
many of these there are. A street without a number is none: news and directions are full of them.
"""

import re
from collections.abc import Iterator
from functools import cache

from rightcall.discovery.detection.context import Columns, words_of
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.page import Page
from rightcall.discovery.detection.spoken import reading
from rightcall.discovery.detection.spoken.numerals import vocabulary
from rightcall.discovery.detection.written.lexicon import Role, Word, fold
from rightcall.discovery.detection.written.resources import folded, places, words
from rightcall.discovery.detection.written.turns import TURN

_WORD = r"[^\W\d_]+(?:['’.-][^\W\d_]+)*"
BACK = 80
_SHORTENED = r"(?:St|Ste|Sct|Skt|Sta|Sto|Gl|Gr|Kgs|Ndr|Sdr|Nr|Vr|Mt|Ft|Dr|Dra|Pr|Prof|Gral|Gén|Gen|Cdt|Capt|Col|Mal|Sgt|Lt|Mgr)\."
_WHOLE = r"[A-ZÀ-ÖØ-Þ](?:[\w'’-]|\.(?=[\w-]))*"
CAPITAL = rf"(?:{_SHORTENED}|[A-Z]\.|{_WHOLE})"
"""No sentence ends within it: a full stop before a blank stands behind a word that is cut short, or behind one letter."""
_IN_TOWNS = rf"(?:{_SHORTENED}|{_WHOLE})"
TOWN = rf"{_IN_TOWNS}(?:[ -](?:(?:am|an der|upon|on|of|sur|de|la|le|les|i|den|of the|del) )?{_IN_TOWNS}){{0,3}}"
UK_CODE = r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}"
_US_TAIL = rf"(?:,? {TOWN},? [A-Z]{{2}}(?: [0-9]{{5}}(?:-[0-9]{{4}})?)?|,? [0-9]{{5}}(?:-[0-9]{{4}})?(?![0-9]))"
_UK_TAIL = rf"(?:(?:,? {TOWN}){{0,2}},? {UK_CODE}(?![0-9A-Za-z]))"
_OWN_UNIT = r"(?:,? (?:apt|apartment|unit|suite|ste|flat|no)\b\.? ?#?[0-9]{0,4}[A-Za-z]?(?![A-Za-z])|,? #[0-9]{1,5}[A-Za-z]?)"
_ENGLISH_TAIL = re.compile(rf"\.?(?P<unit>(?i:{_OWN_UNIT}))?(?P<post>{_UK_TAIL}|{_US_TAIL})?(?P<town>, {TOWN})?")
_FLAT_TAIL = re.compile(
    rf"\.? ?(?:[0-9]{{1,4}}[A-Za-z]?|[A-Z]),? [1-9][0-9]{{0,3}}[A-Za-z]?(?:-[0-9]{{1,4}})?,? (?=(?P<name>[\w]+)){TOWN}"
    rf"(?P<post>{_UK_TAIL})?(?P<town>, {TOWN})?"
)
_SPOKEN_TAIL = re.compile(
    r"(?P<post>(?:,? [a-z]+){0,3},? [0-9]{5}(?![0-9])|(?:,? [a-z]+){0,2},? [a-z]{1,2}[0-9][a-z0-9]? ?[0-9][a-z]{2}(?![0-9a-z]))"
)
FLOOR = (
    r"(?:,? (?:[0-9]{1,2}\.|st\.?|kl\.?)(?: sal)?,? ?(?:(?:tv|th|mf)\b\.?|dør [0-9]+)?|,? lgh [0-9]{4}"
    r"|,? [0-9]{1,2}\. (?:OG|Stock|Etage)|,? [A-Z] [0-9]{1,3}\b)"
)
_CODE = r"(?:[A-Z]{1,2}-)?(?:[0-9]{4} ?[A-Z]{2}|[0-9]{3} [0-9]{2}|[0-9]{4,5})"
_POST = rf"(?:(?:,| -|,? ?\n)? ?(?P<code>{_CODE})(?![0-9]) (?P<town>{TOWN}))"
NUMBER = r"[1-9][0-9]{0,3}(?: ?[a-zA-ZæøåÆØÅ](?![\w]))?(?: ?[-/] ?[1-9][0-9]{0,3}[a-z]?(?![\w]))?"
_NORTH_TAIL = re.compile(
    rf"(?:\.?,? |\.(?=[0-9]))(?:n[ro°º]\.? ?)?(?P<number>{NUMBER})(?![\w]|[.,][0-9]|[:%])(?P<floor>{FLOOR})?{_POST}?"
)
_SOUTH_NAME = (
    rf"(?: (?:(?:de la|de l['’]|du|des|de los|de las|del|de|d['’]|la|le|les|el) ?)?{CAPITAL}"
    rf"(?:[ -](?:(?:de|du|des|la|le|et|y|del) )?{CAPITAL}){{0,3}})"
)
_SPOKEN_SOUTH = r"(?: (?:(?:de la|de l['’]|du|des|del|de|d['’]|la|le) ?)?[^\W\d_]+)"
_SOUTH_TAIL = re.compile(
    rf"\.?(?:{_SOUTH_NAME}|{_SPOKEN_SOUTH})(?P<behind>,? (?:n[ºo°]\.? ?)?[1-9][0-9]{{0,3}}(?![0-9]))?{_POST}?"
)
_SOUTH_NUMBER = re.compile(r"(?<![\w.,/-])[1-9][0-9]{0,3}(?: ?(?:bis|ter|quater|[A-D])\b)?,? $")
_ASKED = re.compile(
    r"\b(?:address|adresse|adress|anschrift|live|bor|wohn\w*|habite\w*)\b[^\n]{0,50}\n"
    r"(?:[\w ]{1,12}:)?[ ]?(?:[^\W\d_]+(?:'[^\W\d_]*)?[ ,]+){0,4}$",
    re.IGNORECASE,
)
_AND_CODE = re.compile(rf"(?<![\w.,/-])({_CODE}) $")
_SMALL = r"(?:(?:der|den|dem|de|la|du|i) )?"
_STREET_BEFORE = re.compile(
    rf"(?<![\w.-])((?:(?:am|an|im|in|unter|auf|zum|zur|hinter|vor) )?{_SMALL}(?:{CAPITAL}[ -]{_SMALL}){{1,4}}"
    rf"{NUMBER}(?:{FLOOR})?(?:, ?|,? ?\n))$"
)
"""`Am Alten Markt 3, ` before a postcode and a town: a street that no word calls one."""
_CUE = re.compile(
    r"(?:address(?:es)?|adresse|adress|anschrift|direcci[oó]n|domicilio|postadres|live[sd]?|living|reside[sd]?|moved?|deliver(?:ed)?"
    r"|ship(?:ped)?|send(?: it)?|sent|wohn\w*|bor|habite|demeure|vive|vivo|woon\w*|flytte[dt]|flyttat)\b[\"']?\W{0,3}"
    r"(?:(?:is|was|ist|lautet|er|är|est|es|at|on|in|to|into|på|i|til|till|au|à|en|op|still|over|now)\W{1,2}){0,3}$",
    re.IGNORECASE,
)
_CODE_BEHIND = re.compile(
    r"(?: ?code)?[\"']?(?:\s*[:=]|\s+(?:is|ist|er|är|est|es))*\s*[\"']?"
    rf"(?P<code>{UK_CODE}|[0-9]{{5}}(?:-[0-9]{{4}})?|[0-9]{{3}} [0-9]{{2}}|[0-9]{{4}}(?: ?[A-Z]{{2}})?)(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_CODE_ASKED = re.compile(
    rf"[^\n:]{{0,28}}\n{TURN}"
    r"(?:(?:yes|yeah|it['’]?s|that['’]?s|ja|oui|c['’]est|det er|det är|das ist)[ ,]+){0,3}",
    re.IGNORECASE,
)
_BOX = re.compile(r"\.? (?:no\.? |nr\.? )?(?P<number>[0-9]{1,6}(?: [0-9]{2,3})?)(?![0-9])" + _POST + "?")
_BOX_BEFORE = re.compile(r"(?<![A-Za-z])P\.? ?O\.? $", re.IGNORECASE)
_NUMBER_NEAR = re.compile(r"[0-9]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|hundred)\b")
_NEAR_NUMBER = 50
_LONGEST_CELL = 120


def is_led_into(page: Page, start: int) -> bool:
    """Whether a word for where one lives stands before an address, or asks for it."""
    text = page.written
    return bool(_CUE.search(text, max(0, start - 40), start) or _ASKED.search(text, max(0, start - 120), start))


def told(start: int, end: int, parts: list[str], page: Page, base: float) -> Finding:
    confidence = base + 0.12 * (len(parts) - 1)
    why = ", ".join(parts)
    if is_led_into(page, start):
        confidence, why = confidence + 0.15, f"{why}; a word for where one lives leads into it"
    return Finding(start=start, end=end, type=Kind.POSTAL_ADDRESS, confidence=round(min(confidence, 0.97), 2), why=why)


def english(page: Page, word: Word) -> Finding | None:
    """`12 Oak Road`, with its flat before or behind it, its town and its postcode."""
    text = page.written
    if _NUMBER_NEAR.search(text, max(0, word.start - _NEAR_NUMBER), word.start) is None:
        return None
    head = _english_head().search(text[max(0, word.start - BACK) : word.start])
    if head is None or text[word.end : word.end + 1] in ("'", "’", "-"):
        return None
    start = max(0, word.start - BACK) + head.start()
    named = head["name"].split()
    is_capital = named[0][0].isupper() or named[0][0].isdigit()
    tail = _ENGLISH_TAIL.match(text, word.end) if is_capital else _SPOKEN_TAIL.match(text, word.end)
    is_the = len(named) == 1 and named[0].lower() == "the" and (_group(tail, "post") or _group(tail, "town")) is not None
    is_aged = len(named) > 1 and named[0].lower() in ("old", "new", "upper", "lower", "great", "little", "saint")
    is_none = not is_the and any(each.lower() in places("not_a_street", "before") for each in named[is_aged:])
    if is_none or (is_capital and not text[word.start].isupper()):
        return None
    parts = ["a number and a street"]
    parts.extend(
        each for each, there in (("a flat", head["unit"] or _group(tail, "unit")), ("a postcode", _group(tail, "post"))) if there
    )
    if _group(tail, "town"):
        parts.append("a town")
    end = tail.end() if tail is not None else word.end
    is_plain = word.folded in folded("places.toml", "street", "plain")
    base = (0.62 if is_plain else 0.5) if is_capital else (0.5 if is_plain else 0.3)
    return told(start, end, parts, page, base)


def _group(match: re.Match[str] | None, name: str) -> str | None:
    return match.groupdict().get(name) if match is not None else None


@cache
def _english_head() -> re.Pattern[str]:
    numbers = "|".join(sorted(places("numbers"), key=len, reverse=True))
    units = "|".join(places("units"))
    return re.compile(
        rf"(?<![\w.,/#-])(?P<unit>(?i:{units})\.? ?#?[0-9]{{0,4}}[A-Za-z]?,? )?"
        rf"(?P<number>[1-9][0-9]{{0,4}}[A-Za-z]?(?:[-/][0-9]{{1,4}}[A-Za-z]?)?"
        rf"|(?:(?:{numbers}|double|treble|triple)[ -]){{0,4}}(?:{numbers})),? "
        rf"(?P<name>(?:(?:[NSEW]\.?|[0-9]{{1,3}}(?:st|nd|rd|th)|{_WORD}) ){{1,3}})$"
    )


def northern(page: Page, word: Word) -> Finding | None:
    """`Hauptstraße 12`, `Nørre Allé 4, 2. th., 2200 København N`."""
    text = page.written
    tail = _NORTH_TAIL.match(text, word.end)
    if (
        tail is None
        or word.folded in folded("places.toml", "not_a_street")
        or (_is_short(word) and not (text[word.start].isupper() or text[word.end] == "."))
        or text[word.start - 1 : word.start] in ("/", "_", "@", "#", ".")
    ):
        return None
    start = word.start
    if word.roles & Role.STREET_NUMBER:
        head = _NORTH_HEAD.search(text, max(0, start - BACK), start)
        if head is None:
            return None
        start = head.start(1)
    elif (head := _ADJECTIVE.search(text, max(0, start - BACK), start)) is not None:
        start = head.start(1)
    parts = ["a street and a number"]
    parts.extend(each for each, there in (("a floor", tail["floor"]), ("a postcode and a town", tail["code"])) if there)
    base = 0.62 if text[word.start].isupper() else 0.52
    return told(start, tail.end(), parts, page, base)


_NORTH_HEAD = re.compile(rf"(?<![\w.-])((?:{CAPITAL}[ -]){{1,3}})$")
_ADJECTIVE = re.compile(
    r"(?<![\w.-])((?:Gamle|Gammel|Gl\.|Store|Lille|Nørre|Vester|Øster|Sønder|Ny|Nya|Stora|Lilla|Norra|Södra|Östra|Västra"
    r"|Am|An der|Alte|Neue|Obere|Untere|Große|Kleine) )$"
)


def _is_short(word: Word) -> bool:
    """`Hauptstr.`: other words end so too."""
    return word.folded.endswith(b"str") and bool(word.roles & Role.STREET_ENDING)


def flat(page: Page, word: Word) -> Finding | None:
    """`Flat 4, 203 Deansgate, Manchester`: a street that no word calls one, told by the flat before it."""
    match = _FLAT_TAIL.match(page.written, word.end)
    if match is None or match["name"].lower() in places("not_a_street", "before"):
        return None
    parts = ["a flat, a number and a street"]
    parts.extend(each for each, group in (("a postcode", "post"), ("a town", "town")) if match[group])
    return told(word.start, match.end(), parts, page, 0.62)


def southern(page: Page, word: Word) -> Finding | None:
    """`12 bis, rue de la Paix, 75002 Paris`, `calle Mayor 3`."""
    text = page.written
    tail = _SOUTH_TAIL.match(text, word.end)
    if tail is None:
        return None
    head = _SOUTH_NUMBER.search(text, max(0, word.start - 12), word.start)
    is_spanish = word.folded in folded("places.toml", "before_street") and word.folded in _SPANISH
    if head is None and not (is_spanish and tail["behind"]):
        return None
    start, end = (head.start() if head is not None else word.start), tail.end()
    parts = ["a number and a street"]
    if tail["code"]:
        parts.append("a postcode and a town")
    if word.folded in _ENGLISH_TOO and len(parts) < 2:
        return None if text[word.start].isupper() else told(start, end, parts, page, 0.35)
    return told(start, end, parts, page, 0.62)


_ENGLISH_TOO = frozenset(map(fold, ("square", "place", "avenue", "boulevard", "passage", "route", "cours")))
_SPANISH = frozenset(map(fold, ("calle", "avenida", "avda", "plaza", "paseo", "camino", "carrer", "ronda")))


def town(page: Page, word: Word) -> Finding | None:
    """A known town behind a postcode of its country's form."""
    text = page.written
    head = _AND_CODE.search(text, max(0, word.start - 10), word.start)
    if head is None:
        return None
    forms = {"five": r"[0-9]{5}", "four": r"[0-9]{4}", "swedish": r"[0-9]{3} ?[0-9]{2}", "dutch": r"[0-9]{4} ?[A-Z]{2}"}
    bare = re.sub("^[A-Z]{1,2}-", "", head[1])
    fits = any(word.folded in folded("places.toml", "towns", part) and re.fullmatch(form, bare) for part, form in forms.items())
    if not fits:
        return None
    street = _STREET_BEFORE.search(text, max(0, head.start(1) - BACK), head.start(1))
    if street is not None and street[1].split()[0].lower() not in places("not_a_street", "before"):
        return told(street.start(1), word.end, ["a name and a number", "a postcode and its town"], page, 0.55)
    return told(head.start(1), word.end, ["a postcode and its town"], page, 0.55)


def code(page: Page, word: Word) -> Finding | None:
    """What the word postcode stands before."""
    if word.folded == b"pc" and re.match(rf":? {UK_CODE}(?![\w])", page.written[word.end : word.end + 14]) is None:
        return None
    asked_at = _CODE_ASKED.match(page.written, word.end)
    match = _CODE_BEHIND.match(page.written, word.end) or (asked_at and _CODE_BEHIND.match(page.written, asked_at.end()))
    if match is None:
        return _code_in_words(page, word)
    return Finding(
        start=match.start("code"),
        end=match.end("code"),
        type=Kind.POSTAL_ADDRESS,
        confidence=0.65,
        why="a word for a postcode stands before it",
    )


def _code_in_words(page: Page, word: Word) -> Finding | None:
    """`Postcode is s w one a one a a`, `postleitzahl eins null eins eins fünf`."""
    text = page.written
    links = (_CODE_LINK.match(text, word.end), _CODE_ASKED.match(text, word.end))
    spans = (_said_code(text, link.end()) for link in links if link is not None)
    start, end = next((span for span in spans if span is not None), (0, 0))
    if not end:
        return None
    return Finding(start=start, end=end, type=Kind.POSTAL_ADDRESS, confidence=0.6, why="a word for a postcode stands before it")


def _said_code(text: str, start: int) -> tuple[int, int] | None:
    end = start
    numbers = pieces = 0
    while pieces < _MOST_PIECES and (match := _PIECE.match(text, end)) is not None:
        piece = match[1].lower()
        is_number = piece.isdigit() or piece in vocabulary() or all(each in vocabulary() for each in piece.split("-"))
        if piece in ("for", "as") and pieces:
            end = match.end()
            continue
        is_letter = len(piece) == 1 or piece in words("alphabets") or piece in words("slips", "doubled")
        is_letter = is_letter or text[end - 4 : end] == " for"
        if not (is_number or is_letter) or (not pieces and piece in _AND):
            break
        start = match.start(1) if not pieces else start
        numbers, pieces, end = numbers + is_number, pieces + 1, match.end()
    if numbers < _FEWEST_NUMBERS or pieces < _FEWEST_PIECES:
        return None
    if numbers == pieces and _digits_said(text, start, end) < _FEWEST_DIGITS:
        return None
    return start, end


def _digits_said(text: str, start: int, end: int) -> int:
    pieces = reading.stretches(reading.tokens(text, start, end))
    said = (reading.parts(words, languages[0]) for words, languages in pieces if languages)
    return sum(len(part.readings[0]) for each in said for part in each)


_CODE_LINK = re.compile(r"(?: ?code)?(?:,|:| is| ist| er| är| est| it['’]s| that['’]s)*(?= )", re.IGNORECASE)
_PIECE = re.compile(r"[ ,]*([^\W\d_]+(?:-[^\W\d_]+)*|[0-9]{1,5})(?![\w'’])")
_AND = ("and", "und", "et", "og", "och")
_MOST_PIECES, _FEWEST_PIECES, _FEWEST_NUMBERS, _FEWEST_DIGITS = 9, 2, 2, 4
"""No country's postcode of digits alone has fewer than four."""


def box(page: Page, word: Word) -> Finding | None:
    text = page.written
    match = _BOX.match(text, word.end)
    if match is None:
        return None
    before = _BOX_BEFORE.search(text, max(0, word.start - 6), word.start)
    if word.folded == b"box" and before is None and not match["code"]:
        return None
    parts = ["a post-office box"] + (["a postcode and a town"] if match["code"] else [])
    return told(before.start() if before is not None else word.start, match.end(), parts, page, 0.65)


def in_columns(page: Page, columns: Columns) -> Iterator[Finding]:
    """Fields under heads for streets, postcodes and towns."""
    for start, end, head in columns.cells(page.written, Kind.POSTAL_ADDRESS):
        value = page.written[start:end]
        if len(value) > _LONGEST_CELL or "@" in value or "://" in value or not any(map(str.isalnum, value)):
            continue
        if value.lower().replace("_", " ") in words_of(Kind.POSTAL_ADDRESS):
            continue
        is_code, is_town = (head in words_of(Kind.POSTAL_ADDRESS, part) for part in ("code", "town"))
        if is_code and (len(value) > 10 or not any(map(str.isdigit, value))):
            continue
        if not is_code and not any(map(str.isalpha, value)):
            continue
        if head in words_of(Kind.POSTAL_ADDRESS, "vague") and not (any(map(str.isdigit, value)) and " " in value):
            continue
        yield Finding(
            start=start,
            end=end,
            type=Kind.POSTAL_ADDRESS,
            confidence=0.5 if is_town else 0.75,
            why=f"the word “{head}” heads its column",
        )
