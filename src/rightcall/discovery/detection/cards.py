"""Payment cards, the codes on their backs, and bank accounts."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cache

import re2
from stdnum import iban, numdb

from rightcall.discovery.detection.context import Label, Stance, words_of
from rightcall.discovery.detection.looks import spans
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.page import Judge, Page

# Issuer, first and last of its range of leading digits, and the lengths of its numbers. ISO/IEC 7812 and the schemes' own pages.
_ISSUERS = (
    ("Mir", "2200", "2204", (16, 17, 18, 19)),
    ("Mastercard", "2221", "2720", (16,)),
    ("Diners Club", "3000", "3059", (14, 16, 17, 18, 19)),
    ("Diners Club", "3095", "3095", (14, 16, 17, 18, 19)),
    ("American Express", "3400", "3499", (15,)),
    ("JCB", "3528", "3589", (16, 17, 18, 19)),
    ("Diners Club", "3600", "3699", (14, 15, 16, 17, 18, 19)),
    ("American Express", "3700", "3799", (15,)),
    ("Diners Club", "3800", "3999", (14, 16, 17, 18, 19)),
    ("Visa", "4000", "4999", (13, 16, 19)),
    ("Maestro", "5018", "5018", (13, 14, 15, 16, 17, 18, 19)),
    ("Dankort", "5019", "5019", (16,)),
    ("Maestro", "5020", "5020", (13, 14, 15, 16, 17, 18, 19)),
    ("Maestro", "5038", "5038", (13, 14, 15, 16, 17, 18, 19)),
    ("Mastercard", "5100", "5599", (16,)),
    ("Maestro", "5893", "5893", (13, 14, 15, 16, 17, 18, 19)),
    ("Discover", "6011", "6011", (16, 17, 18, 19)),
    ("UnionPay", "6200", "6299", (16, 17, 18, 19)),
    ("Maestro", "6304", "6304", (13, 14, 15, 16, 17, 18, 19)),
    ("Discover", "6440", "6599", (16, 17, 18, 19)),
    ("Maestro", "6759", "6759", (13, 14, 15, 16, 17, 18, 19)),
    ("Maestro", "6761", "6763", (13, 14, 15, 16, 17, 18, 19)),
)
_FIRSTS = [first for _, first, _, _ in _ISSUERS]
FIRST_DIGITS = frozenset(str(digit) for _, first, last, _ in _ISSUERS for digit in range(int(first[0]), int(last[0]) + 1))
_COMMON = (15, 16)
_NEAR_CARD = 250
_ONE_PHRASE = 60
_DIGITS = re.compile("[0-9]+")
PARTED = re2.compile(
    r"[0-9]{4}G[0-9]{4}G[0-9]{4}G[0-9]{4}|[0-9]{4}G[0-9]{6}G[0-9]{4,5}|[0-9]{8}G[0-9]{8}|[0-9]{6}G[0-9]{10}".replace(
        "G", r"(?:[ ._/()\r\n-]{2,5}|[_\n])"
    ).encode()
)
"""Groups that more than one character stands between, or one that no other number has."""
_ACCOUNT = re.compile(r"[A-Z]{2}[0-9]{2}(?:(?: {1,2}|[.-])?[A-Za-z0-9]){4,30}")
TYPED = re2.compile(rb"(?:[A-Z]{2} [0-9]{2}|(?:[a-z]{2}|[A-Z][a-z])[ ]?[0-9]{2})(?: {1,2}|[.-])?[0-9A-Za-z]{3}")
"""The beginning of an IBAN in small letters, or with a space before its check digits."""
WITH_O = re2.compile(
    rb"[2-6][0-9oO]{3}(?:[ ./-]?[0-9oO]{4}[ ./-]?[0-9oO]{4}[ ./-]?[0-9oO]{4}|[ ./-]?[0-9oO]{6}[ ./-]?[0-9oO]{4,5})"
)
_O = re.compile("[oO]")
CODE = re.compile(
    r"[0-9](?<![0-9][0-9])(?:[0-9]{2,3}(?![0-9])"
    r"|(?<![0-9][ .-][0-9])(?<![0-9], [0-9])([ .-]|, )[0-9]\1[0-9](?:\1[0-9])?(?![0-9]|\1[0-9](?![0-9])))"
)
"""Three or four digits, together or each by itself."""
_CODE_BEHIND = re.compile(
    r"[ ,;.]{1,3}((?:(?:exp(?:iry|ires)?|valid(?: thru| to| until)?|gültig(?: bis)?|udløb(?:er)?|giltig(?:t till)?)[ .:]{0,2})?"
    r"[01]?[0-9] ?[/.-] ?(?:20)?[0-9]{2}[ ,;.]{1,3})?(cv|code|kode|kod)[ .:]{1,2}([0-9]{3,4})(?![\w/-]|[.,][0-9])",
    re.IGNORECASE,
)
"""Behind a card's number: a “code” only where the day of its expiry stands between."""
_ODD = re.compile(r"(?<![0-9])[2-6](?:[ ,./-]{0,2}[0-9]){12,18}(?![0-9]|[ -][0-9])")


def issuer_of(digits: str) -> str | None:
    """Whose range a card number lies in, if its length is one of theirs."""
    place = bisect_right(_FIRSTS, digits[:4]) - 1
    if place < 0:
        return None
    name, _, last, lengths = _ISSUERS[place]
    return name if digits[:4] <= last and len(digits) in lengths else None


def passes_luhn(digits: str) -> bool:
    """All that looks like a card's number comes here, and the library takes ten times as long."""
    doubled = digits[-2::-2].translate(_DOUBLED)
    return digits.isascii() and digits.isdigit() and (sum(map(int, digits[-1::-2])) + sum(map(int, doubled))) % 10 == 0


_DOUBLED = str.maketrans("0123456789", "0246813579")


def card(page: Page, start: int, end: int) -> Finding | None:
    written = page.plain[start:end]
    digits = "".join(_DIGITS.findall(written))
    issuer = issuer_of(digits)
    if issuer is None or len(set(digits)) < 2 or not passes_luhn(digits) or page.is_in_chain(start, end):
        return None
    grouped = len(written) > len(digits)
    why = f"{len(digits)} digits{' in groups as on a card' if grouped else ''}, passes Luhn, issuer range of {issuer}"
    base = 0.85 if grouped else 0.75 if len(digits) in _COMMON else 0.6
    return page.weighed(Kind.PAYMENT_CARD, start, end, base, why, needs_word=len(digits) == 13)


_GROUPED = ("8 8", "6 10", "4 4 4 4", "4 6 5", "4 6 4", "4 4 4 4 3", "4 4 4 4 1", "6 13")
CARD_SHAPES: Mapping[str, Judge] = {str(size): card for size in range(13, 20)} | {
    mark.join(groups.split()): card for mark in " -./" for groups in _GROUPED
}


def parted(page: Page) -> Iterator[Finding]:
    """In groups with gaps that are all alike: `4111_1111…`, `(4111) (1111) …`, two spaces; a line each behind a word for it."""
    text, place = page.plain.encode("latin-1", "replace"), 0
    while (match := PARTED.search(text, place)) is not None:
        start, end = match.span()
        gaps = set(_DIGITS.split(page.plain[start:end])[1:-1])
        is_one = len(gaps) == 1 and page.stands_alone(start, end)
        found = card(page, start, end) if is_one else None
        place = start + 1 if found is None else end
        if found is not None and ("\n" not in gaps.pop() or (page.columns is None and _is_named(page, found))):
            yield found


def _is_named(page: Page, found: Finding) -> bool:
    label = page.label(found.start, found.end)
    return label is not None and label.is_near and label.stance(Kind.PAYMENT_CARD) is Stance.FOR


def code(page: Page, start: int, end: int, cards: list[Finding]) -> Finding | None:
    """Three or four digits that a word calls a card's code; the surer for a card nearby."""
    label = page.label(start, end)
    if label is not None and Kind.PAYMENT_CARD in label.meanings and Kind.CARD_CODE not in label.meanings:
        label = _named_before(page, start, label)
    if label is None or not label.is_near or label.stance(Kind.CARD_CODE) is not Stance.FOR:
        return None
    if label.is_behind or page.is_in_chain(start, end) or not page.stands_alone(start, end) or _is_over_cells(page, start, end):
        return None
    is_near = any(start - _NEAR_CARD < found.end and found.start < end + _NEAR_CARD for found in cards)
    if not is_near and label.word in words_of(Kind.CARD_CODE, "vague"):
        return None
    digits = len("".join(_DIGITS.findall(page.plain[start:end])))
    why = f"{digits} digits; {label.in_words()}{'; a card number stands near it' if is_near else ''}"
    return Finding(start=start, end=end, type=Kind.CARD_CODE, confidence=0.95 if is_near else 0.6, why=why)


def codes_behind(page: Page, cards: list[Finding]) -> Iterator[Finding]:
    for each in cards:
        match = _CODE_BEHIND.match(page.plain, each.end)
        if match is not None and (match[1] or match[2].lower() == "cv"):
            why = f"{len(match[3])} digits; the word “{match[2]}” stands before it, and a card's number before both"
            yield Finding(start=match.start(3), end=match.end(3), type=Kind.CARD_CODE, confidence=0.8, why=why)


def _is_over_cells(page: Page, start: int, end: int) -> bool:
    return page.columns is not None and page.columns.delimiter in page.plain[start:end]


def _named_before(page: Page, start: int, card: Label) -> Label | None:
    """As in “the security code of the card is …”: the word for a card goes with the one before it."""
    line = page.plain[max(0, start - _ONE_PHRASE) : start].rpartition("\n")[2]
    words = re.findall(r"[^\W_]+", line.lower())
    place = len(words) - 1 - words[::-1].index(card.word.split()[0]) if card.word.split()[0] in words else 0
    for first in range(place - 1, max(-1, place - 5), -1):
        if any(word.isdigit() for word in words[first:]):
            return None
        for size in (3, 2, 1):
            word = " ".join(words[first : first + size])
            if first + size <= place and word in words_of(Kind.CARD_CODE):
                return Label(word, frozenset({Kind.CARD_CODE}), "stands before it", is_near=True)
    return None


def account(page: Page, start: int) -> Finding | None:
    """An IBAN whose country begins at `start`."""
    length = iban_length(page.plain[start : start + 2])
    match = _ACCOUNT.match(page.plain, start)
    if length is None or match is None or (start and page.plain[start - 1].isalnum()):
        return None
    end = _end_of(page.plain, start, length)
    if end is None or page.plain[end : end + 1].isalnum() or not _is_account(page, page.plain[start:end]):
        return None
    why = f"{length} characters, the length and structure of its country, passes mod 97"
    return page.weighed(Kind.IBAN, start, end, 0.95, why)


def _is_account(page: Page, written: str) -> bool:
    """Over the end of a line only where lines are no rows."""
    return (page.columns is None or "\n" not in written) and is_iban(written.replace("\n", " "))


def is_iban(written: str) -> bool:
    """Most that look like one fail mod 97, which is told here before the library looks at the structure of the country's."""
    bare = written.replace(" ", "")
    values = (bare[4:] + bare[:4]).translate(_VALUES)
    if values.isascii() and values.isdigit() and int(values) % 97 != 1:
        return False
    return iban.is_valid(written, check_country=False)


_VALUES = {ord(letter): str(value) for value, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 10)}


def typed(page: Page) -> Iterator[Finding]:
    """IBANs in small letters, as `de89…`, or with a space in their beginning, as `DE 89 …`."""
    text, place = page.plain.encode("latin-1", "replace"), 0
    while (span := next(spans(TYPED, text, place), None)) is not None:
        found = _typed(page, span[0])
        place = span[0] + 2 if found is None else found.end
        if found is not None:
            yield found


def _typed(page: Page, start: int) -> Finding | None:
    length = iban_length(page.plain[start : start + 2].upper())
    if length is None or (start and page.plain[start - 1].isalnum()):
        return None
    end = _end_of(page.plain, start, length)
    if end is None or page.plain[end : end + 1].isalnum():
        return None
    written = page.plain[start:end]
    if not _is_account(page, written.upper()):
        return None
    is_parted = written[2] == " " and not written[:2].isupper()
    why = f"{length} characters, the length and structure of its country, passes mod 97"
    return page.weighed(Kind.IBAN, start, end, 0.7 if is_parted else 0.85, why, needs_word=is_parted)


def in_odd_groups(page: Page) -> Iterator[Finding]:
    """In any groups right behind a word for it, as `45 39 57 …`, `4539-57876362-1486`."""
    behind = 0
    for place in page.mentioned(Kind.PAYMENT_CARD):
        match = _ODD.search(page.plain, max(place, behind), place + 2 * _ONE_PHRASE) if place >= behind else None
        found = card(page, *match.span()) if match is not None and page.stands_alone(*match.span()) else None
        if found is not None and _is_named(page, found):
            behind = found.end
            yield found


def with_letter_o(page: Page) -> Iterator[Finding]:
    """Cards' numbers with the letter o for a zero, as `3782 822463 1ooo5`."""
    text, place = page.plain.encode("latin-1", "replace"), 0
    while (span := next(spans(WITH_O, text, place), None)) is not None:
        start, end = span
        found = _with_letter_o(page, start, end)
        place = start + 1 if found is None else end
        if found is not None:
            yield found


def _with_letter_o(page: Page, start: int, end: int) -> Finding | None:
    written = page.plain[start:end]
    if _O.search(written) is None or not page.stands_alone(start, end) or page.is_in_chain(start, end):
        return None
    digits = "".join(_DIGITS.findall(_O.sub("0", written)))
    issuer = issuer_of(digits)
    if issuer is None or len(set(digits)) < 2 or not passes_luhn(digits):
        return None
    why = f"{len(digits)} digits, some written as the letter o, passes Luhn, issuer range of {issuer}"
    return page.weighed(Kind.PAYMENT_CARD, start, end, 0.75, why)


def _end_of(text: str, start: int, length: int) -> int | None:
    """Behind so many letters and digits, between which a space or two, dots, dashes or the end of a line may stand."""
    place, left = start, length
    while left and place < len(text):
        if text[place].isalnum():
            left -= 1
        elif text[place] not in " .-\n" or not (text[place - 1].isalnum() or _is_second_space(text, place)):
            return None
        place += 1
    return None if left else place


def _is_second_space(text: str, place: int) -> bool:
    return text[place - 1 : place + 1] == "  " and text[place - 2].isalnum()


@cache
def iban_length(country: str) -> int | None:
    structure = numdb.get("iban").info(country + "00")[0][1].get("bban", "")
    parts = re.findall(r"([0-9]+)!", structure)
    return 4 + sum(map(int, parts)) if parts else None
