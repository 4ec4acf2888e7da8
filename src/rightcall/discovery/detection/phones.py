"""Telephone numbers: international ones by their country's code, national ones by what is in use and what stands around."""

import re

import phonenumbers

from rightcall.discovery.detection import answers, danish, national, numbering
from rightcall.discovery.detection.context import Label, Stance
from rightcall.discovery.detection.model import LEAST, Finding, Kind
from rightcall.discovery.detection.page import Page

REGIONS = ("US", "GB", "DE", "FR", "DK", "SE", "FI", "NL", "ES", "GG", "JE", "IM")
"""Where a number in national form is looked for when nobody said where."""
_NEIGHBOURS = ("IE", "AT", "CH", "BE", "LU", "AU", "NZ")
"""Where one that begins with a zero may belong too."""
_GAPS = " ./()-"
_GAP = re.compile(rf"[{_GAPS}]{{1,3}}")
_DIGITS = re.compile(r"[0-9]+")
_LEAST_DIGITS, _MOST_DIGITS, _MOST_GROUPS, _DANISH = 7, 15, 8, 8
LONGEST_BESIDE, _BARE_CELL = 40, 10
_LONGEST_NAME = 60
_NAME = re.compile(r"\n[A-ZÀ-Þ][\w'’.-]+(?: [A-ZÀ-Þ][\w'’.-]*){1,3}[ \r]*$")
_PARTS = frozenset("-|/,;")
_TRUNKED = re.compile(
    r"(?:(?<![0-9][ .-])(?<![0-9]\) )|(?<=[:.][0-9]{2} ))"
    r"0(?=[1-9]| 8[0-9]{2} [0-9]{3} [0-9]{3})"
    r"(?![0-9]{2}-[0-9]{2}-[0-9]{4}|123456789|[0-9][.:][0-9]{2} / [0-9]{2}[.:][0-9]{2} /)"
    r"(?:[)]?[ ./()-]{0,3}[0-9]){8,11}(?![0-9]|[ .-]{1,2}[0-9]{3})"
)
"""A zero, as is dialled before a number in most countries, and as many digits as follow it, in whatever groups."""
_UNTRUNKED = re.compile(
    r"(?:[2-9][0-9]{2}(?:[.-]|\) ?)[2-9][0-9]{2}[.-][0-9]{4}"
    r"|[2-9][0-9](?P<mark> - |[ /-])[0-9]{2}(?P=mark)[0-9]{2}(?P=mark)[0-9]{2})"
    r"(?![0-9]|[ ./-][0-9](?![0-9]?[.:][0-9]{2}))"
)
"""Groups in which hardly any other number is written, where none is dialled before."""
_BY_ITSELF = re.compile(r"[2-9][0-9]{2} [2-9][0-9]{2} [0-9]{4} ?(?:\n|$)")
"""As the first of these, but told only where it stands under a name: other numbers have the same groups."""
_LEADS_TOPAIRS = re.compile(
    r"(?:(?<=[^.!?\n] )[A-ZÆØÅ][a-zæøåé]+[ ,]*\n?|\b(?:nr|nummer)\.? |[|;\t] ?"
    r"|\b(?:er|på|stadig|stadigvæk|lige|til|har|med|ellers|eller|også|nye) )$"
)
"""A name that begins no sentence, or as lines begin; a word for a number; the edge of a cell."""
_PAIRS = re.compile(r"[0-9]{2}( - |[ /-])[0-9]{2}\1[0-9]{2}\1[0-9]{2}")
_BESIDE = re.compile(r"(?:[^0-9\n!?.]{0,16} [a-z]{1,5}\.)?[^0-9\n!?.]{1,24}|[.;,] ?")
"""What stands between a number and one more of the same sort."""
_DOTTED = re.compile(r"(?![0-9]{2}(?:\.[0-9]{2}){3}(?![0-9]))[0-9]{1,3}(?:\.[0-9]{1,3}){2,3}(?![0-9])")
"""As IP addresses are, and none of pairs alone."""
_EXTENSION = re.compile(
    r"[ ,]{0,2}\(?(?:x|ext|extn|extension|durchwahl|dw|poste|lokal(?:nummer)?|ankn|anknytning)\.? ?[0-9]{1,6}(?![0-9])",
    re.IGNORECASE,
)
_LEADS_TO_EXTENSION = re.compile("[0-9 ,./()-]{7,40}+[adelpxADELPX]")
"""The least that one has behind its number."""
_CELL, _CELL_ENDS = re.compile(r"[|\t;] ?$"), re.compile(r" ?(?:[|\t;\n]|$)")
_WORDS = re.compile(r"[^\W_]+")
_OFF = (
    r"(?:(?:kind|best|warm|many)? ?regards|cheers|thanks|mvh|hälsningar|(?:med venlig|venlig|mange)? ?hilsen|vh|vg|lg|mfg"
    r"|cordialement|bien à vous|(?:mit )?(?:(?:freundlichen|besten|vielen|viele|beste) )?gr(?:üße|üßen|uß))"
)
_SIGNED_OFF = re.compile(rf"\b{_OFF}[ ,/]{{1,3}}[^\W\d_][\w'’-]*(?: [^\W\d_][\w'’-]*)?[ ,|/]{{1,3}}$", re.IGNORECASE)
_REGARDS = re.compile(rf"(?:^|\n) ?{_OFF}[ ,!.]*\n(?:[^\n]{{2,40}}\n?){{1,3}}$", re.IGNORECASE)
_GLUED = re.compile(r"(?<![^\W_])(?:mob(?:il)?|tlf|tel|tél|phone|handy|fon|port(?:able)?|cell|nr|telefon)\+$", re.IGNORECASE)
_OF_EIGHT = re.compile(r"[2-9][0-9]{7}(?![0-9]|[ ./-][0-9])")
_ANOTHER_OF_EIGHT = re.compile(r" ?/ ?[2-9][0-9](?: ?[0-9]{2}){3}(?![0-9]|[ ./-][0-9])")
"""Behind a whole Danish number: one more, and no end of it."""
_OPEN = re.compile(r"[01][0-9][0-5][05] ?- ?[0-2][0-9][0-5][05](?![0-9]|[ ./-][0-9])")
"""From when until when, as in `0730-1800`."""
_LONE_LETTER = re.compile(r"(?:^|[\n|/,;] ?)[TMP][.:]? $")
_SIGNED_ABOVE = re.compile(rf"\b{_OFF}[ ,!.]{{0,2}}\n? ?[^\W\d_][\w'’-]*(?: [^\W\d_][\w'’-]*){{0,2}} ?\n$", re.IGNORECASE)
_BEHIND_ADDRESS = re.compile(r"@[\w.-]{3,40}[^\W\d_]>? ?[-|/,;] $")
_BEFORE_ADDRESS = re.compile(r" ?[-|/,;] <?[\w.%+-]{1,64}@[\w-]")
_NAMED = re.compile(r"[^\W\d_][\w'’-]* [A-ZÀ-Þ][\w'’-]+ $")
"""A name before what is in brackets."""
_HOURS = re.compile(r"[^0-9\n]*(?:[0-9]{1,2}(?:[.:h][0-9]{2})?[^0-9\n]+){1,2}\b(?:on|at|under|au|på|to|unter|an)[ :]+")
"""What says when to ring, or how often somebody has, and is no other number."""
_REST = re.compile(r"[ \t\r]*(?:\n|$)")


def has_enough_digits(text: str, start: int) -> bool:
    """As many as a telephone number has at least, in groups: most numbers have not."""
    return _ENOUGH_DIGITS.match(text, start) is not None


def leads_to_a_field(text: str, end: int, before: str) -> bool:
    """Whether digits are one of the fields that colons join, as in `4531240101:8080`. What is said of a number stands apart from
    its colon (`07911 123456: moved`), and a + leads into nothing else."""
    return before != "+" and text[end : end + 1] == ":" and text[end + 1 : end + 2].isalnum()


_ENOUGH_DIGITS = re.compile(rf"(?:[0-9][{_GAPS}]{{0,3}}){{{_LEAST_DIGITS - 1}}}[0-9]")


def may_be_phone(page: Page, start: int, end: int, before: str) -> bool:
    """Cheaply no for nearly all numbers there are. `end`: of the first digits; `before`: the character before them."""
    if before == "+" or page.plain.startswith("00", start):
        return True
    if before in ("\n", "(") and page.plain.startswith("0", start):
        return True
    if before == " " and page.plain.startswith("0", start) and page.plain[start - 2 : start - 1] in _PARTS:
        return True
    if end - start == _DANISH and before and before in "\n ,:" and _is_signed_with(page.plain, start):
        return True
    if _is_formed(page, start, before) or (before in ("\n", " ") and _BY_ITSELF.match(page.plain, start)):
        return True
    if before == "." and not page.plain[start - 2 : start - 1].isalpha():
        return False
    return bool(page.regions) or start - page.phone_end <= LONGEST_BESIDE or page.mentions(Kind.PHONE, start)


def _is_formed(page: Page, start: int, before: str) -> bool:
    """Whether it looks like a telephone number and like hardly anything else."""
    if page.plain[start] == "0":
        match = _TRUNKED.match(page.plain, start)
        return match is not None and not (match[0].isdigit() and _is_another(page, match[0], before))
    return (before == "(" or _is_parted(page, start)) and _UNTRUNKED.match(page.plain, start) is not None


def _is_another(page: Page, digits: str, before: str) -> bool:
    """Of digits without a gap: a cell of a table, or ten that pass as a number that begins with a day of birth."""
    if page.columns is not None or (before == "," and len(digits) == _BARE_CELL):
        return True
    return len(digits) == _BARE_CELL and national.passes_with_a_day(digits)


def _is_parted(page: Page, start: int) -> bool:
    """As `415-555-0132`, or as `28 91 45 07` behind a name or a small word, or where it is known which country's numbers there
    are, and none that counts up or is a day."""
    text = page.plain
    if (mark := text[start + 3 : start + 4]) in ("-", "."):
        return text[start + 7 : start + 8] == mark
    if (match := _PAIRS.match(text, start)) is None:
        return False
    pairs = _DIGITS.findall(match[0])
    is_day = pairs[2] in ("19", "20") and pairs[1] <= "12"
    if pairs == sorted(pairs) or is_day or danish.HOURS.fullmatch("".join(pairs)):
        return False
    return bool(page.regions) or _LEADS_TOPAIRS.search(text, max(0, start - _LONGEST_NAME), start) is not None


def phone(page: Page, start: int) -> Finding | None:
    """`start` is where the number's first digits begin."""
    found = _phone(page, start)
    is_in_text = found is not None and page.columns is None and page.plain[found.start] != "+"
    if found is not None and is_in_text and answers.is_for_another(page.plain, found.start, found.end):
        return None
    page.phone_end = found.end if found is not None and found.confidence >= LEAST else page.phone_end
    return found


def _phone(page: Page, start: int) -> Finding | None:
    before = page.plain[max(0, start - 2) : start]
    if before.endswith("+") and (not before[:1].isalnum() or _GLUED.search(page.plain, max(0, start - LONGEST_BESIDE), start)):
        return _international(page, start - 3 if page.text[start - 3 : start] in ("%2B", "%2b") else start - 1, start)
    if before[-1:].isalnum() or before[-1:] == "+":
        return None
    if page.plain.startswith("00", start):
        digits_at = start + (3 if page.plain.startswith("00 ", start) else 2)
        if (found := _international(page, start, digits_at)) is not None:
            return found
    return _national(page, start - 1 if before.endswith("(") else start, start)


def _international(page: Page, start: int, digits_at: int) -> Finding | None:
    """`digits_at` is behind the + or the 00. No country's code begins with a zero."""
    if page.plain.startswith("0", digits_at) or danish.is_of_a_slip(page.plain, start):
        return None
    ends = _ends(page, start, digits_at)
    is_signed = page.plain[start] != "0"
    if not ends or (not is_signed and _is_something_else(page, start, ends[0])):
        return None
    possible: int | None = None
    for end in ends:
        digits = "".join(_DIGITS.findall(page.plain, digits_at, end))
        if numbering.is_plainly_in_use(digits) or numbering.is_in_use_abroad(digits):
            return page.weighed(Kind.PHONE, start, end, 0.85, "+ or 00, a country's code, and a number that is in use there")
        number = numbering.parsed(f"+{digits}", None)
        if possible is None and number is not None and phonenumbers.is_possible_number(number):
            possible = end
    if possible is None:
        return None
    if not is_signed:
        return _dialled(page, start, possible)
    return page.weighed(Kind.PHONE, start, possible, 0.55, "+, a country's code, and as many digits as numbers there have")


def _dialled(page: Page, start: int, end: int) -> Finding | None:
    """`00353209102377` behind a word or an @, in one piece: as long as no other number with two zeros is."""
    size = end - start
    if not _LEAST_DIALLED <= size <= _MOST_DIALLED or not page.plain[start:end].isdigit():
        return None
    if _WORD_BEFORE.search(page.plain, max(0, start - _LONGEST_NAME), start) is None:
        return None
    return page.weighed(Kind.PHONE, start, end, 0.45, "00, a country's code, and as many digits as numbers there have")


_LEAST_DIALLED, _MOST_DIALLED = 13, 15
_WORD_BEFORE = re.compile(r"[A-Za-zÀ-ÿ@:] ?$")


def _is_something_else(page: Page, start: int, end: int) -> bool:
    label = page.label(start, end)
    return label is not None and label.is_near and not label.is_behind and label.stance(Kind.PHONE) is Stance.AGAINST


def _national(page: Page, start: int, digits_at: int) -> Finding | None:
    ends = _ends(page, start, digits_at)
    if not ends:
        return None
    label = page.label(start, start + _LEAST_DIGITS)
    is_extended = _LEADS_TO_EXTENSION.match(page.plain, digits_at) and _EXTENSION.match(page.plain, ends[0])
    is_named = is_extended is not None or _names(page, label, start)
    is_named = is_named or (label is None and _is_signed_with(page.plain, digits_at))
    is_formed = not is_named and _is_formed(page, digits_at, page.plain[digits_at - 1 : digits_at])
    is_told = is_named or is_formed
    if not is_told and ((label is not None and not label.is_behind) or not _may_stand_alone(page.plain, digits_at)):
        return None
    if page.plain.startswith("0.", digits_at) or _OPEN.match(page.plain, digits_at):
        return None
    if not (is_told or page.regions) and not _is_beside_more(page.plain, start, ends[0]):
        return None
    for end in ends:
        digits = "".join(_DIGITS.findall(page.plain, digits_at, end))
        if (where := _in_use_in(digits, page.regions)) is not None:
            start = digits_at if ")" not in page.plain[start:end] else start
            base = 0.7 if page.regions else 0.6 if is_named else 0.55 if is_formed else 0.45
            return page.weighed(Kind.PHONE, start, end, base, f"a number in national form that is in use{where}")
    if label is None or not is_named or len(set(page.plain[digits_at : ends[0]])) < 3:
        return None
    if page.columns is None and not _is_right_before(label.word, page.plain[max(0, start - _LONGEST_NAME) : start]):
        return None
    return page.weighed(Kind.PHONE, start, ends[0], 0.35, "as many digits as telephone numbers have", needs_word=True)


def _in_use_in(digits: str, regions: tuple[str, ...]) -> str | None:
    """Where, in words, if that is said of several; None where it is in use nowhere."""
    found = [region for region in regions or REGIONS if numbering.is_in_use(digits, region)]
    if found:
        return f" in {' and in '.join(found)}" if len(regions) > 1 else ""
    return "" if not regions and any(numbering.is_plainly_national(digits, region) for region in _NEIGHBOURS) else None


def _names(page: Page, label: Label | None, start: int) -> bool:
    """Right before it, or before a number that this one comes next to."""
    if label is not None and label.is_near and label.stance(Kind.PHONE) is not Stance.FOR:
        return False
    if _is_beside(page, start):
        return True
    if label is None or label.is_behind or label.stance(Kind.PHONE) is not Stance.FOR:
        return False
    if label.is_near:
        return True
    between = page.plain[max(0, start - _LONGEST_NAME) : start].lower().rpartition(label.word.rpartition(" ")[2])[2]
    return len(between) < _LONGEST_NAME and _HOURS.fullmatch(between) is not None


def _is_beside(page: Page, start: int) -> bool:
    """One more telephone number soon behind another."""
    behind = page.phone_end
    if not 0 < start - behind <= LONGEST_BESIDE or _DOTTED.match(page.plain, start):
        return False
    return _BESIDE.fullmatch(page.plain, behind, start) is not None or _HOURS.fullmatch(page.plain, behind, start) is not None


def _is_signed_with(text: str, start: int) -> bool:
    """A Danish number in one piece behind a name under a letter, or behind a lone letter for a telephone, as `T 30612214`."""
    if _OF_EIGHT.match(text, start) is None:
        return False
    before = text[max(0, start - _LONGEST_NAME) : start]
    return any(form.search(before) is not None for form in (_SIGNED_OFF, _LONE_LETTER, _SIGNED_ABOVE))


def _may_stand_alone(text: str, start: int) -> bool:
    return text[start] == "0" or _BY_ITSELF.match(text, start) is not None


def _is_right_before(word: str, before: str) -> bool:
    """With two more words between at most, as “my number is now …”."""
    words = _WORDS.findall(before.lower())
    return word.rpartition(" ")[2].rstrip(":") in words[-3:]


def _is_beside_more(text: str, start: int, end: int) -> bool:
    """In a list of how to reach somebody: under a name, or behind an e-mail address."""
    if _CELL.search(text, max(0, start - 3), start) and _CELL_ENDS.match(text, end):
        return True
    if _SIGNED_OFF.search(text, max(0, start - _LONGEST_NAME), start) or _BEFORE_ADDRESS.match(text, end):
        return True
    if text[start] == "(":
        return text[end : end + 1] == ")" and _NAMED.search(text, max(0, start - _LONGEST_NAME), start) is not None
    return _is_signed(text, start, end) or _BEHIND_ADDRESS.search(text, max(0, start - _LONGEST_NAME), start) is not None


def _is_signed(text: str, start: int, end: int) -> bool:
    """By itself on the line under a name, as below a letter."""
    line = text.rfind("\n", max(0, start - 2), start)
    if line < 0 or text[line + 1 : start].strip() or _REST.match(text, end) is None:
        return False
    above = max(0, line - _LONGEST_NAME)
    return _NAME.search(text, above, line) is not None or _REGARDS.search(text, max(0, above - _LONGEST_NAME), line) is not None


def _ends(page: Page, start: int, digits_at: int) -> list[int]:
    """Where a number that begins here may end, the longest first: behind each group of digits, within the length of numbers, and
    never within a date or a time of day."""
    text, ends = page.plain, list[int]()
    total, place = 0, digits_at
    for _ in range(_MOST_GROUPS):
        match = _DIGITS.match(text, place)
        if match is None or (total := total + len(match[0])) > _MOST_DIGITS:
            break
        if total >= _LEAST_DIGITS and not text[match.end() : match.end() + 1].isalnum():
            ends.append(match.end())
        gap = _GAP.match(text, match.end())
        if gap is None or (total == _DANISH and "/" in gap[0] and _ANOTHER_OF_EIGHT.match(text, match.end())):
            break
        place = gap.end()
    return [end for end in reversed(ends) if not page.is_in_moment(start, end)]
