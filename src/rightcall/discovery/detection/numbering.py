"""What the numbering plans of countries say: whether a telephone number is in use somewhere.

The library that has these plans takes its time with each number, so what no plan could have is sorted out before it is asked.
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneMetadata

_LONGEST_CODE = 3


def is_in_use(digits: str, region: str) -> bool:
    """Of a number in national form, or with a country's code and what is dialled before it."""
    if is_plainly_national(digits, region):
        return True
    if (is_known := _without_parsing(digits, region)) is not None:
        return is_known
    if not _may_be_in_use(digits, region):
        return False
    number = parsed(digits, region)
    return number is not None and phonenumbers.is_valid_number_for_region(number, region)


def is_in_use_abroad(digits: str) -> bool:
    """`digits` begin with a country's code."""
    number = parsed(f"+{digits}", None)
    return number is not None and phonenumbers.is_valid_number(number)


def parsed(number: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None


def is_plainly_national(digits: str, region: str) -> bool:
    """A zero and a number of its country, which is how most are written."""
    if digits[:1] != "0" or digits[1:2] == "0" or (code := _code_behind_zero(region)) is None:
        return False
    form = _form_in_use(code, region, len(digits) - 1)
    return form is not None and form.fullmatch(digits, 1) is not None


def _without_parsing(digits: str, region: str) -> bool | None:
    """What the library says of digits that begin neither with its country's code nor with what is dialled before one; None where
    it has to be asked."""
    dialled = _dialled(region) if digits.isascii() else None
    if dialled is None or dialled.abroad.match(digits) is not None:
        return None
    led = dialled.at_home.match(digits) if dialled.at_home is not None else None
    if led is not None and led.lastindex is not None:
        return None
    is_whole = _has_form_in_use(dialled.code, region, digits)
    if led is None or _has_form_in_use(dialled.code, region, digits[led.end() :]):
        return is_whole if led is None else True
    return None if is_whole else False


def _has_form_in_use(code: int, region: str, digits: str) -> bool:
    form = _form_in_use(code, region, len(digits))
    return form is not None and form.fullmatch(digits) is not None


class _Dialled(NamedTuple):
    """The code of a country, and what is dialled there before numbers of other countries (or its own code) and of its own."""

    code: int
    abroad: re.Pattern[str]
    at_home: re.Pattern[str] | None


@cache
def _dialled(region: str) -> _Dialled | None:
    known = PhoneMetadata.metadata_for_region(region)
    if known is None or known.country_code is None or known.international_prefix is None:
        return None
    at_home = known.national_prefix_for_parsing
    abroad = re.compile(f"{known.country_code}|{known.international_prefix}")
    return _Dialled(known.country_code, abroad, re.compile(at_home) if at_home is not None else None)


def has_trunk(region: str) -> bool:
    """Whether a zero is dialled before each national number there."""
    return _code_behind_zero(region) is not None


@cache
def _code_behind_zero(region: str) -> int | None:
    """The code of a country in which a zero is dialled before each national number, and two before any other."""
    known = PhoneMetadata.metadata_for_region(region)
    if known is None or (known.national_prefix_for_parsing or "").split("|")[0] != "0":
        return None
    abroad = (known.international_prefix or "").split("|")
    return known.country_code if all(each.startswith(("00", "9")) for each in abroad) else None


def _may_be_in_use(digits: str, region: str) -> bool:
    """Never a no where one is: whatever is dialled before a number, its last digits have a form of its country. Where a short
    number has its area put before it, it is one that the plan has a rule for."""
    ending, short = _endings(region)
    if ending is not None and ending.search(digits) is not None:
        return True
    return short is not None and any(match.lastindex is not None for match in short.finditer(digits))


@cache
def _endings(region: str) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    known = PhoneMetadata.metadata_for_region(region)
    if known is None:
        return None, None
    forms = [form for sort in _sorts(known) if (form := _form(sort)) is not None]
    ending = re.compile(f"(?:{'|'.join(forms)})$") if forms else None
    if known.national_prefix_transform_rule is None:
        return ending, None
    return ending, re.compile(f"(?:^|(?<={known.country_code}))(?={known.national_prefix_for_parsing})")


def is_plainly_in_use(digits: str) -> bool:
    """What the library says of numbers without a trunk prefix, without its parsing, which takes as long again."""
    for size in range(1, _LONGEST_CODE + 1):
        code, rest = int(digits[:size]), digits[size:]
        if code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            return rest[:1] != "0" and is_valid(code, rest)
    return False


def is_valid(code: int, rest: str) -> bool:
    if len(regions := phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code]) > 1:
        return phonenumbers.is_valid_number(phonenumbers.PhoneNumber(country_code=code, national_number=int(rest or "0")))
    form = _form_in_use(code, regions[0], len(rest))
    return form is not None and form.fullmatch(rest) is not None


@cache
def _form_in_use(code: int, region: str, size: int) -> re.Pattern[str] | None:
    """All of the library's forms of numbers of a country in one: it tries them one by one, to tell the sort of number as well."""
    known = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    if known is None or (whole := _form_of_size(known.general_desc, size)) is None:
        return None
    forms = [form for sort in _sorts(known) if (form := _form_of_size(sort, size)) is not None]
    return re.compile(f"(?=(?:{whole})$)(?:{'|'.join(forms)})") if forms else None


def _sorts(known: PhoneMetadata) -> list[phonenumbers.PhoneNumberDesc | None]:
    sorts = [known.premium_rate, known.toll_free, known.shared_cost, known.voip, known.personal_number, known.pager, known.uan]
    return [*sorts, known.voicemail, known.fixed_line, *(() if known.same_mobile_and_fixed_line_pattern else (known.mobile,))]


def _form_of_size(described: phonenumbers.PhoneNumberDesc | None, size: int) -> str | None:
    if described is None or (described.possible_length and size not in described.possible_length):
        return None
    return _form(described)


def _form(described: phonenumbers.PhoneNumberDesc | None) -> str | None:
    return (described.national_number_pattern or None) if described is not None else None


@lru_cache(maxsize=1)
def _regions() -> frozenset[str]:
    return frozenset(phonenumbers.SUPPORTED_REGIONS)


def is_region(code: str) -> bool:
    return code in _regions()
