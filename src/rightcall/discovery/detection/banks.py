"""Bank accounts that are no IBAN: the bank's code and the account's number as each country writes them.

Few of them have check digits, so a word for them must stand before them; the French RIB alone is told by its key. A bank's code
by itself is told as such. A customer's account with us looks the same as one at a bank, so where there is nothing but the word
“account”, the finding is an unsure one.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import product

from stdnum import luhn
from stdnum.us import rtn

from rightcall.discovery.detection.context import REACH, Label, Stance, words_of
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.page import Judge, Page

_RIB = re.compile(r"([0-9]{5})( ?)([0-9]{5})\2([0-9A-Z]{11})\2([0-9]{2})(?![0-9A-Za-z])")
_RIB_VALUES = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789", strict=True))
_RIGHT_BEHIND = re.compile(
    r"(?:reg|nr|nummer|nummeret|numret|no|number|clearing|clr|clnr|cl)[\"' :.#=_-]{1,4}(?:is |er |är )?$", re.IGNORECASE
)
_QUESTION = re.compile(
    r"([^\n:]{3,60})\n(?:[\[(]?[0-9]{1,2}(?::[0-9]{2}){1,2}[\])]? ?)?(?:[^\W\d_][\w ]{0,13}: ?)?"
    r"(?:[^\W\d_]+(?:['’][^\W\d_]*)?[ ,]+){0,4}$"
)
"""A line and the beginning of the next, in which no number stands yet."""
_YEAR = 4
_NEAR_CODE = 90
_CODE_NEAR = re.compile(
    r"\b(?:sort[ -]?code|routing|aba|rtn|blz|bankleitzahl|reg\.? ?-?nr|registreringsnummer|clearing|bank)", re.IGNORECASE
)
_SHORTEST, _LONGEST = 6, 17
_REFERENCE = re.compile(
    r" (?:as (?:your |the |a )?ref|als (?:referenz|verwendungszweck)|comme référence|en référence|som (?:din )?refe)",
    re.IGNORECASE,
)
_NO_ACCOUNT = re.compile(
    r" (?:holders?|manager|name|page|team|type|balance|login|owner|area|settings|locked|closed|opened)\b"
    r"|[^\n]*[,;.] (?:(?!no\b|nr\b|number|is\b|it|its|and|which|that|um|uh|er)[^\W\d_]+ ){1,3}[:#]?$"
)
"""Behind a word for an account: what is the account's and no number, or a comma and other words."""
_BANK = re.compile(r"(?<![^\W_])bank(?:ed|ing)?(?: (?:details|a/c|acct|account))?[ :-]{1,3}$", re.IGNORECASE)
_NEAR_BANK, _PAIRED = 24, 0.88
_BANK_WORD = re.compile(
    r"\b(?:[Bb](?:ank|acs|ACS|ANK)|[Pp]ayee|[Ss]tanding order|[Rr]efund(?:ed)?"
    r"|[Tt]ransfer(?:red)?|[Pp]a(?:y|id)|[Dd]eposit(?:ed)?)\b"
)
_ACCOUNT_WORD = re.compile(
    r"\b(?:account|acct?|a/c|bank|bacs|payee|standing order|sort ?code|s/?c|refund(?:ed)?|"
    r"transfer(?:red)?|pa(?:y|id)|deposit(?:ed)?)\b",
    re.IGNORECASE,
)
_SORT = r"(?P<code>[0-9]{2}(?P<mark>[ ./-]?)[0-9]{2}(?P=mark)[0-9]{2})"
_EIGHT = r"(?P<account>(?=(?:[0-9][ -]?){7}[0-9](?![0-9]))[0-9]{2,8}(?:[ -][0-9]{2,4}){0,3})"
_ACCOUNT_BETWEEN = r"(?P<word>[^0-9\n]{1,24}\b(?:account|acct?|ac|a/c)\b[^0-9\n]{1,16})"
_SORT_BETWEEN = r"(?P<word>[^0-9\n]{1,12}\b(?:sort(?: ?code)?|sc|s/c)\b[^0-9\n]{1,8})"
_CODE_FIRST = re.compile(rf"(?<![0-9]){_SORT}(?:[ ,;/:]{{1,3}}|{_ACCOUNT_BETWEEN}){_EIGHT}(?![0-9])", re.IGNORECASE)
_ACCOUNT_FIRST = re.compile(rf"(?<![0-9]){_EIGHT}{_SORT_BETWEEN}{_SORT}(?![0-9])", re.IGNORECASE)
_SIX_OR_EIGHT = rb"[0-9]{2}[ .-]?[0-9]{2}[ .-]?[0-9]{2}", rb"[0-9]{2,4}[ -]?[0-9]{2,4}[ -]?[0-9]{2}"
_SLASHED = re.compile(rf"(?<![0-9]){_EIGHT}(?P<word> ?/ ?){_SORT.replace('/', '')}(?![0-9])")
_NORDIC = re.compile(
    r"(?<![^\W_])(?:(?:bank|løn|nem|lön)?konto(?:nummer(?:et)?|numret|nr|en|t)?|kto|k ?nr|acc(?:oun)?t?)"
    r"\.?(?: (?:er|är|is|nr|no))?[ .:=#]{1,3}"
    r"(?P<code>[0-9]{4}(?:-[0-9](?![0-9]))?)(?: - |[ ,./-]{1,2})(?P<account>[0-9](?:[ .-]?[0-9]){6,9})(?![0-9]|[ .-][0-9]{3})",
    re.IGNORECASE,
)
"""As Danes and Swedes write both in one: 4 digits of a bank, and so many that no German account has as many."""
NORDIC = rb"(?i:kont|kto|k ?nr|acc).{1,20}[0-9]{4}(?:-[0-9])?[ ,./-]"
_FEWEST_OF_BOTH = 11
PAIR = b"|".join(rb"[^0-9\n]+".join(each) for each in (_SIX_OR_EIGHT, _SIX_OR_EIGHT[::-1]))
"""The least of both, as a text must have it."""


_FIELDS = re.compile(
    r"\b(?:code )?(?:banque|établissement|b(?:que)?\.?) ?(?:no?|nr|:|=)? ?(?P<bank>[0-9]{5})[ ,;/|\n-]{1,3}"
    r"(?:code )?(?:guichet|agence|gui?\.?) ?[:=]? ?(?P<branch>[0-9]{5})"
    r"(?:[ ,;/|\n-]{1,3}(?:n ?|no?\.? |num[ée]ro )?(?:de )?(?:c(?:om)?pte|cpt)\.? ?(?:no?)? ?[:=]? ?"
    r"(?P<account>(?:[0-9A-Z] ?){10}[0-9A-Z])(?![0-9A-Za-z]))?",
    re.IGNORECASE,
)
FIELDS = rb"(?i:guichet|agence) ?[:=]? ?[0-9]{5}"

_Weighed = tuple[Kind, float, str]


def account(page: Page, start: int, end: int) -> Finding | None:
    """A bank's code, an account's number or both, behind a word that says which."""
    if not page.mentions(Kind.BANK_ACCOUNT, start):
        return None
    label = page.label(start, end)
    if label is None or label.is_behind:
        label = _asked(page, start)
    if (
        label is None
        or not label.is_near
        or label.is_behind
        or _is_a_reference(page, end)
        or label.stance(Kind.BANK_ACCOUNT) is not Stance.FOR
    ):
        return None
    if page.is_in_chain(start, end) or page.is_numbered(start) or page.is_in_moment(start, end):
        return None
    if label.word in words_of(Kind.BANK_ACCOUNT, "vague") and _is_of_something_else(page.plain, label.word, start):
        return None
    written = page.plain[start:end]
    if (
        end - start == _YEAR
        and label.where == "stands before it"
        and not _RIGHT_BEHIND.search(page.plain, max(0, start - 20), start)
    ):
        return None
    weighed = _weighed(page, label, written, start)
    if weighed is None:
        return None
    kind, confidence, why = weighed
    return Finding(start=start, end=end, type=kind, confidence=confidence, why=f"{why}; {label.in_words()}")


def _is_a_reference(page: Page, end: int) -> bool:
    """As in "use 123456 as your reference"."""
    return _REFERENCE.match(page.plain, end) is not None


def _is_of_something_else(text: str, word: str, start: int) -> bool:
    """An account's holder, page or closing is spoken of, or another thing once the word was said: "acct holder …, txn 7124"."""
    between = text[max(0, start - REACH) : start].lower().rpartition(word.rpartition(" ")[2])[2]
    return _NO_ACCOUNT.match(between) is not None


def _asked(page: Page, start: int) -> Label | None:
    """The word in the turn before, which this line begins to answer."""
    match = _QUESTION.search(page.plain, max(0, start - _NEAR_CODE), start)
    if match is None:
        return None
    tokens = re.findall(r"[^\W_]+", match[1].lower())
    for size in range(min(4, len(tokens)), 0, -1):
        for first in range(len(tokens) - size, -1, -1):
            if (word := " ".join(tokens[first : first + size])) in words_of(Kind.BANK_ACCOUNT):
                return Label(word, frozenset({Kind.BANK_ACCOUNT}), "in the line before asks for it", is_near=True)
    return None


def pairs(page: Page) -> Iterator[Finding]:
    """A sort code and an account in either order, a word for one of them between or for a bank before."""
    if not page.mentions_at_all(Kind.BANK_ACCOUNT) and _BANK_WORD.search(page.plain) is None:
        return
    for form in (_CODE_FIRST, _ACCOUNT_FIRST, _SLASHED):
        for match in form.finditer(page.plain):
            start, end = match.span()
            is_named = form is not _SLASHED and bool(match["word"])
            if page.stands_alone(start, end) and (is_named or _speaks_of_an_account(page.plain, start)):
                why = "6 digits of a sort code beside 8 of an account; a word for an account or a bank stands by them"
                for kind, name in ((Kind.BANK_CODE, "code"), (Kind.BANK_ACCOUNT, "account")):
                    yield Finding(start=match.start(name), end=match.end(name), type=kind, confidence=_PAIRED, why=why)


def nordic(page: Page) -> Iterator[Finding]:
    """A bank's code and an account in one, as `konto 5278 001 43 79`."""
    for match in _NORDIC.finditer(page.plain):
        start, end = match.start("code"), match.end()
        if sum(map(str.isdigit, page.plain[start:end])) >= _FEWEST_OF_BOTH and page.stands_alone(start, end):
            why = "4 digits of a bank and those of an account behind a word for it"
            for name, kind in (("code", Kind.BANK_CODE), ("account", Kind.BANK_ACCOUNT)):
                yield Finding(start=match.start(name), end=match.end(name), type=kind, confidence=_PAIRED, why=why)


def in_fields(page: Page) -> Iterator[Finding]:
    """A French RIB with a word before each field: `banque 20041 guichet 27874 compte 72769648736 clé 08`."""
    for match in _FIELDS.finditer(page.plain):
        why = "a bank, a branch and an account, each behind its word"
        for name, kind in (("bank", Kind.BANK_CODE), ("branch", Kind.BANK_CODE), ("account", Kind.BANK_ACCOUNT)):
            start, end = match.span(name)
            if start >= 0 and page.stands_alone(start, end):
                yield Finding(start=start, end=end, type=kind, confidence=_PAIRED, why=why)


def _speaks_of_an_account(text: str, start: int) -> bool:
    return _ACCOUNT_WORD.search(text, max(0, start - _NEAR_CODE), start) is not None


def code_before_account(page: Page, start: int, end: int) -> Finding | None:
    """The sort code of `40-11-16 72480085`, where a bank is spoken of."""
    if not _names_a_bank(page, start) or not page.stands_alone(start, end):
        return None
    why = "6 digits of a sort code and 8 of an account behind them; a word for a bank stands before them"
    return Finding(start=start, end=_account_at(page, end) - 1, type=Kind.BANK_CODE, confidence=_PAIRED, why=why)


def account_behind_code(page: Page, start: int, end: int) -> Finding | None:
    """The account of the same."""
    if not _names_a_bank(page, start) or not page.stands_alone(start, end):
        return None
    why = "8 digits of an account and 6 of a sort code before them; a word for a bank stands before them"
    return Finding(start=_account_at(page, end), end=end, type=Kind.BANK_ACCOUNT, confidence=_PAIRED, why=why)


def _account_at(page: Page, end: int) -> int:
    return page.plain.rindex(" ", 0, end) + 1


def _names_a_bank(page: Page, start: int) -> bool:
    return _BANK.search(page.plain, max(0, start - _NEAR_BANK), start) is not None


def _weighed(page: Page, label: Label, written: str, start: int) -> _Weighed | None:
    """By what the word means, the first form that fits."""
    digits = re.sub("[^0-9]", "", written)
    for part, judge in _FORMS.items():
        if label.word in words_of(Kind.BANK_ACCOUNT, part) and (weighed := judge(digits, written)) is not None:
            return weighed
    if label.word in words_of(Kind.BANK_ACCOUNT, "code") or not _SHORTEST <= len(digits) <= _LONGEST or len(set(digits)) < 2:
        return None
    if _is_date(written):
        return None
    why = f"{len(digits)} digits, as many as account numbers have"
    if speaks_of_a_bank(page.plain[max(0, start - _NEAR_CODE) : start + _NEAR_CODE]):
        return Kind.BANK_ACCOUNT, 0.85, f"{why}, with a word for a bank nearby"
    return Kind.BANK_ACCOUNT, (0.45 if label.word in words_of(Kind.BANK_ACCOUNT, "vague") else 0.7), why


def speaks_of_a_bank(text: str) -> bool:
    return _CODE_NEAR.search(text) is not None


def _is_date(written: str) -> bool:
    return re.fullmatch(r"[0-9]{2}([-./ ])[0-9]{2}\1[0-9]{2,4}", written) is not None


def _routing(digits: str, written: str) -> _Weighed | None:
    return (
        (Kind.BANK_CODE, 0.9, "9 digits, passes the check of routing numbers")
        if written == digits and rtn.is_valid(digits)
        else None
    )


def _sort_code(digits: str, written: str) -> _Weighed | None:
    if len(digits) == 6:
        return Kind.BANK_CODE, (0.9 if "-" in written else 0.8), "6 digits, as a sort code has"
    return (Kind.BANK_ACCOUNT, 0.95, "6 digits of a sort code and 8 of an account") if len(digits) == 14 else None


def _blz(digits: str, _written: str) -> _Weighed | None:
    return (Kind.BANK_CODE, 0.85, "8 digits, as a Bankleitzahl has") if len(digits) == 8 and digits[0] in "12345678" else None


def _reg_nr(digits: str, written: str) -> _Weighed | None:
    if len(digits) == 4:
        return Kind.BANK_CODE, 0.7, "4 digits, as a bank's registration number has"
    parts = re.split("[ -]", written)
    return (
        (Kind.BANK_ACCOUNT, 0.9, "4 digits of a bank and those of an account") if len(parts) == 2 and len(parts[0]) == 4 else None
    )


def _clearing(digits: str, written: str) -> _Weighed | None:
    if len(digits) in (4, 5):
        return Kind.BANK_CODE, 0.75, f"{len(digits)} digits, as a clearing number has"
    parts = re.split("[ -]", written)
    return (Kind.BANK_ACCOUNT, 0.9, "a clearing number and an account") if len(parts) == 2 and len(parts[0]) == 4 else None


def _giro(digits: str, _written: str) -> _Weighed | None:
    return (
        (Kind.BANK_ACCOUNT, 0.9, f"{len(digits)} digits, passes Luhn as giro numbers do")
        if len(digits) <= 8 and luhn.is_valid(digits)
        else None
    )


def _french(digits: str, _written: str) -> _Weighed | None:
    return (Kind.BANK_CODE, 0.8, "5 digits, as the code of a French bank or branch has") if len(digits) == 5 else None


_FORMS = {
    "routing": _routing,
    "french": _french,
    "sort_code": _sort_code,
    "blz": _blz,
    "reg_nr": _reg_nr,
    "clearing": _clearing,
    "giro": _giro,
}


def rib(page: Page, start: int, _end: int) -> Finding | None:
    """`start` is where the bank's five digits begin."""
    match = _RIB.match(page.plain, start)
    if match is None or not page.stands_alone(start, match.end()) or not _passes_key(*match.group(1, 3, 4, 5)):
        return None
    why = "a bank, a branch, 11 characters of an account, passes its key mod 97"
    return page.weighed(Kind.BANK_ACCOUNT, start, match.end(), 0.85 if match[2] else 0.7, why)


def _passes_key(bank: str, branch: str, number: str, key: str) -> bool:
    digits = "".join(_RIB_VALUES.get(each, each) for each in number)
    return (89 * int(bank) + 15 * int(branch) + 3 * int(digits) + int(key)) % 97 == 0


_SINGLE = tuple(map(str, range(4, 18)))
_SIZES, _FEWEST_GROUPS, _MOST_GROUPS, _LONGEST_PARTED = (1, 2, 3, 4), 2, 5, 12
_PARTED = (
    *("3-4", "4 6", "4 7", "4 8", "4 9", "4 10", "4-7", "4-8", "4-9", "4-10", "4-1", "5-1", "6-1", "7-1"),
    *("2.2.2", "2/2/2", "2-2-2 8", "2 2 2 8"),
    *(
        f"{' '.join(map(str, sizes))}-1"
        for many in range(_FEWEST_GROUPS, _MOST_GROUPS)
        for sizes in product(_SIZES, repeat=many)
        if _SHORTEST <= sum(sizes) + 1 <= _LONGEST_PARTED
    ),
    *(
        mark.join(map(str, sizes))
        for mark in " -"
        for many in range(_FEWEST_GROUPS, _MOST_GROUPS + 1)
        for sizes in product(_SIZES, repeat=many)
        if _SHORTEST <= sum(sizes) <= _LONGEST_PARTED
    ),
)
"""Those of a code and an account, and all that people part an account into by one mark."""
ACCOUNT_SHAPES: Mapping[str, Judge] = dict.fromkeys((*_SINGLE, *_PARTED), account)
PAIR_SHAPES: Mapping[str, tuple[Judge, ...]] = dict.fromkeys(
    ("2-2-2 8", "2 2 2 8", "6 8"), (code_before_account, account_behind_code)
)
RIB_SHAPES: Mapping[str, Judge] = {"5 5": rib, "23": rib}
