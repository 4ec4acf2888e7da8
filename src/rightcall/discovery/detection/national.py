"""National identity, tax and social-security numbers: their structure, their dates and their check digits."""

import re
from datetime import date

from stdnum import luhn
from stdnum.de import idnr
from stdnum.dk import cpr
from stdnum.es import dni, nie
from stdnum.fi import hetu
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.nl import bsn
from stdnum.us import itin, ssn

from rightcall.discovery.detection.context import REACH
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.page import Judge, Page

_COORDINATION = 60
_NIR_MONTHS = frozenset(range(1, 13)) | frozenset(range(20, 43)) | frozenset(range(50, 100))
_PRINTED_SSNS = frozenset(("078-05-1120", "457-55-5462", "219-09-9999"))
"""Once printed on cards that came with wallets, and in advertisements."""
_HETU = re.compile(r"[0-9]{6}[-+A-FU-Y][0-9]{3}(?:[0-9A-FHJ-NPR-Y]|[a-fhj-npr-y])(?![0-9A-Za-z])")
_DNI = re.compile(r"[0-9]{8}[- ]?[A-Z](?![0-9A-Za-z])")
_DNI_TAIL = re.compile(r"[ -]([A-Za-z])(?![0-9A-Za-z])")
_NIE = re.compile(r"(?<![0-9A-Za-z])[XYZ][- ]?[0-9]{7}[- ]?[A-Z](?![0-9A-Za-z])")
_NINO = re.compile(
    r"(?<![0-9A-Za-z])(?:QQ|(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z])"
    r"(?:([ -]?)[0-9]{2}\1[0-9]{2}\1[0-9]{2}\1|[ ]?[0-9]{6}[ ]?)[A-D](?![0-9A-Za-z])"
)
_SVNR = re.compile(r"([0-9]{2})( ?)([0-9]{6})\2([A-Z])\2([0-9]{2})([0-9])(?![0-9A-Za-z])")
_SVNR_WEIGHTS = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)
_NIR_CORSICA = re.compile(r"(?<![0-9A-Za-z])[1-478]( ?)[0-9]{2}\1[0-9]{2}\1[2][AB]\1[0-9]{3}\1[0-9]{3} ?[0-9]{2}(?![0-9A-Za-z])")


def us_ssn(page: Page, start: int, end: int) -> Finding | None:
    written = page.plain[start:end]
    needs_word = "-" not in written
    if needs_word and not page.mentions(Kind.US_SSN, start, behind=REACH):
        return None
    dashed = written.replace(" ", "-")
    if dashed in _PRINTED_SSNS:
        return page.weighed(Kind.US_SSN, start, end, 0.35, "9 digits that are printed as an example", needs_word=True)
    if page.is_in_chain(start, end) or not ssn.is_valid(dashed):
        return None
    why = "9 digits, area, group and serial number are ones that are issued"
    return page.weighed(Kind.US_SSN, start, end, 0.65, why, needs_word=needs_word)


def us_itin(page: Page, start: int, end: int) -> Finding | None:
    """As an SSN that begins with a 9, with a group that is issued to those who have none."""
    written = page.plain[start:end]
    needs_word = "-" not in written
    if needs_word and not page.mentions(Kind.US_ITIN, start, behind=REACH):
        return None
    if page.is_in_chain(start, end) or not itin.is_valid(written.replace(" ", "-")):
        return None
    return page.weighed(
        Kind.US_ITIN, start, end, 0.6, "9 digits that begin with a 9, with a group that is issued", needs_word=needs_word
    )


def uk_nhs(page: Page, start: int, end: int) -> Finding | None:
    if not page.mentions(Kind.UK_NHS, start, behind=REACH) or not nhs.is_valid(page.plain[start:end]):
        return None
    return page.weighed(Kind.UK_NHS, start, end, 0.7, "10 digits, passes mod 11", needs_word=True)


def de_svnr(page: Page, start: int, _end: int) -> Finding | None:
    """An insured person's number: an area, a day of birth, the first letter of the name, a serial number and its check digit."""
    match = _SVNR.match(page.plain, start) or _SVNR.search(page.plain, max(0, start - 3), start + 14)
    if match is None or match.start() > start or not _is_free(page, match.start()):
        return None
    area, _, born, letter, serial, check = match.groups()
    digits = f"{area}{born}{ord(letter) - 64:02}{serial}"
    products = (int(digit) * weight for digit, weight in zip(digits, _SVNR_WEIGHTS, strict=True))
    day = int(born[:2]) % 50
    if sum(sum(divmod(product, 10)) for product in products) % 10 != int(check) or not is_day(2000, int(born[2:4]), day):
        return None
    why = "12 characters with a day of birth and a letter, passes its check digit"
    return page.weighed(Kind.DE_SVNR, match.start(), match.end(), 0.8, why)


def nl_bsn(page: Page, start: int, end: int) -> Finding | None:
    if not page.mentions(Kind.NL_BSN, start, behind=REACH) or not bsn.is_valid(page.plain[start:end]):
        return None
    return page.weighed(Kind.NL_BSN, start, end, 0.6, "9 digits, passes the eleven test", needs_word=True)


def de_steuer_id(page: Page, start: int, end: int) -> Finding | None:
    written = page.plain[start:end]
    if written[0] == "0" or page.is_in_chain(start, end) or not idnr.is_valid(written):
        return None
    why = "11 digits, one of them repeated as it must be, passes ISO 7064 mod 11, 10"
    return page.weighed(Kind.DE_STEUER_ID, start, end, 0.7 if " " in written else 0.5, why)


def fr_nir(page: Page, start: int, end: int) -> Finding | None:
    written = page.plain[start:end]
    digits = written.replace(" ", "")
    if digits[0] not in "123478" or int(digits[3:5]) not in _NIR_MONTHS or not nir.is_valid(digits):
        return None
    why = "15 characters, a month where one must be, passes its key mod 97"
    return page.weighed(Kind.FR_NIR, start, end, 0.85 if " " in written else 0.75, why)


def dk_cpr(page: Page, start: int, end: int) -> Finding | None:
    written = page.plain[start:end]
    needs_word = "-" not in written
    if needs_word and not page.mentions(Kind.DK_CPR, start, behind=REACH):
        return None
    if page.is_in_chain(start, end) or not cpr.is_valid(written):
        return None
    passes = cpr.checksum(written.replace("-", "").replace(" ", "")) == 0
    why = f"10 digits that begin with a day of birth{', passes mod 11' if passes else ''}"
    return page.weighed(Kind.DK_CPR, start, end, 0.68 if passes else 0.6, why, needs_word=needs_word)


def se_personnummer(page: Page, start: int, end: int) -> Finding | None:
    written = page.plain[start:end]
    digits = written.replace("-", "").replace("+", "").replace(" ", "")
    needs_word = len(written) == len(digits) or " " in written
    if needs_word and not page.mentions(Kind.SE_PERSONNUMMER, start, behind=REACH):
        return None
    if page.is_in_chain(start, end) or not _is_swedish_day(digits[:-4]) or not luhn.is_valid(digits[-10:]):
        return None
    why = f"{len(digits)} digits that begin with a day of birth, passes Luhn"
    base = 0.75 if len(digits) == 12 else 0.7
    return page.weighed(Kind.SE_PERSONNUMMER, start, end, base, why, needs_word=needs_word)


def passes_with_a_day(digits: str) -> bool:
    """Whether ten digits begin with a day and pass the check of a country where such numbers do."""
    is_danish = cpr.is_valid(digits) and cpr.checksum(digits) == 0
    return is_danish or (_is_swedish_day(digits[:-4]) and luhn.is_valid(digits))


def _is_swedish_day(digits: str) -> bool:
    """Coordination numbers have 60 added to the day. Without a century, 2000 allows for the leap day."""
    year = int(digits[:-4]) if len(digits) == 8 else 2000 + int(digits[:2])
    month, day = int(digits[-4:-2]), int(digits[-2:])
    if len(digits) == 8 and not 1800 <= year < 2100:
        return False
    return is_day(year, month, day - _COORDINATION if day > _COORDINATION else day)


def is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def fi_hetu(page: Page, start: int, _end: int) -> Finding | None:
    match = _HETU.match(page.plain, start)
    if match is None or not _is_free(page, start) or not hetu.is_valid(match[0].upper(), allow_temporary=True):
        return None
    return page.weighed(Kind.FI_HETU, start, match.end(), 0.85, "a day of birth, a century mark, three digits, passes mod 31")


def es_dni(page: Page, start: int, _end: int) -> Finding | None:
    match = _DNI.match(page.plain, start)
    if match is None or not _is_free(page, start) or not dni.is_valid(match[0]):
        return None
    return page.weighed(Kind.ES_DNI, start, match.end(), 0.6, "8 digits and their check letter")


def es_dni_dotted(page: Page, start: int, end: int) -> Finding | None:
    """`54.362.315-K`"""
    tail = _DNI_TAIL.match(page.plain, end)
    if tail is None or not dni.is_valid(page.plain[start:end].replace(".", "") + tail[1].upper()):
        return None
    needs_word = tail[1].islower()
    return page.weighed(Kind.ES_DNI, start, tail.end(), 0.65, "8 digits in groups and their check letter", needs_word=needs_word)


def es_nie(page: Page, start: int, end: int) -> Finding | None:
    match = _NIE.search(page.plain, max(0, start - 2), end + 3)
    if match is None or not nie.is_valid(match[0]):
        return None
    return page.weighed(Kind.ES_NIE, match.start(), match.end(), 0.75, "X, Y or Z, 7 digits and their check letter")


def uk_nino(page: Page, start: int, _end: int) -> Finding | None:
    """`start` is where its digits begin."""
    match = _NINO.search(page.plain, max(0, start - 4), start + 14)
    if match is None or match.start() > start:
        return None
    if match[0].startswith("QQ"):
        why = "two letters that stand for any in examples, 6 digits and a letter from A to D"
        return page.weighed(Kind.UK_NINO, match.start(), match.end(), 0.35, why, needs_word=True)
    why = "two letters that are issued, 6 digits and a letter from A to D"
    return page.weighed(Kind.UK_NINO, match.start(), match.end(), 0.75 if " " in match[0] else 0.7, why)


def fr_nir_of_corsica(page: Page, _start: int, end: int) -> Finding | None:
    """`end` is behind the 2 of a department 2A or 2B."""
    match = _NIR_CORSICA.search(page.plain, max(0, end - 10), end + 14)
    if match is None or not nir.is_valid(match[0]):
        return None
    why = "15 characters, a department of Corsica, passes its key mod 97"
    return page.weighed(Kind.FR_NIR, match.start(), match.end(), 0.85, why)


def _is_free(page: Page, start: int) -> bool:
    """Nothing that belongs to it stands before it."""
    before = page.plain[max(0, start - 2) : start]
    return not (before[-1:].isalnum() or (before[-1:] in (".", "-") and before[0].isalnum()))


# By the lengths of the groups of digits, with what stands between them.
SHAPES: dict[str, tuple[Judge, ...]] = {
    "3-2-4": (us_ssn, us_itin),
    "3 2 4": (us_ssn, us_itin),
    "9": (us_ssn, us_itin, nl_bsn),
    "3 3 4": (uk_nhs,),
    "3-3-4": (uk_nhs,),
    "4.2.3": (nl_bsn,),
    "2.3.3": (es_dni_dotted,),
    "4 2 3": (nl_bsn,),
    "3 3 3": (nl_bsn,),
    "11": (de_steuer_id,),
    "2 3 3 3": (de_steuer_id,),
    "15": (fr_nir,),
    "13 2": (fr_nir,),
    "1 2 2 2 3 3 2": (fr_nir,),
    "6-4": (dk_cpr, se_personnummer),
    "6 4": (dk_cpr, se_personnummer),
    "10": (dk_cpr, se_personnummer, uk_nhs),
    "8-4": (se_personnummer,),
    "8 4": (se_personnummer,),
    "6+4": (se_personnummer,),
    "8+4": (se_personnummer,),
    "12": (se_personnummer,),
}

# By the length of one group of digits that has letters beside it.
LETTERED: dict[int, tuple[Judge, ...]] = {
    2: (uk_nino,),
    6: (fi_hetu, uk_nino, de_svnr),
    7: (es_nie,),
    8: (es_dni, de_svnr),
}
