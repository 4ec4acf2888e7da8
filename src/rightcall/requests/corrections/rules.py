"""Whether a value can be one of its kind at all: what is no e-mail address puts none right. Pure: it does
not say whose it is."""

import ipaddress
import re
from collections.abc import Callable, Mapping

from rightcall.errors import Malformed
from rightcall.holdings.categories import Category
from rightcall.personal import Personal
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import NO_REGION, normalise

_TEL = re.compile(r"[+(]?[0-9][0-9 ()./-]{4,}")
_LONGEST_AGE = 150


def check_value(category: Category, value: Personal[str]) -> None:
    """Malformed, without the value, where it is no such thing."""
    text = value.reveal("see whether a value is one of its kind").strip()
    if not text:
        raise Malformed("Say what is right. Where nothing should be held, the person may ask for erasure.")
    is_one = _KINDS.get(category, _is_anything)
    if not is_one(text):
        raise Malformed(_SAYS[is_one])


def _is_email(text: str) -> bool:
    try:
        normalise(IdentifierKind.EMAIL, Personal(text), NO_REGION)
    except Malformed:
        return False
    return True


def _is_tel(text: str) -> bool:
    return _TEL.fullmatch(text) is not None


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_age(text: str) -> bool:
    return text.isdecimal() and int(text) <= _LONGEST_AGE


def _is_numbered(text: str) -> bool:
    return any(each.isdigit() for each in text)


def _is_name(text: str) -> bool:
    return "@" not in text and any(each.isalpha() for each in text)


def _is_anything(text: str) -> bool:
    return bool(text)


_KINDS: Mapping[Category, Callable[[str], bool]] = {
    Category.EMAIL_ADDRESS: _is_email,
    Category.EMAIL_ADDRESS_PERSONAL: _is_email,
    Category.EMAIL_ADDRESS_WORK: _is_email,
    Category.TELEPHONE_NUMBER: _is_tel,
    Category.IP_ADDRESS: _is_ip,
    Category.AGE: _is_age,
    Category.AGE_EXACT: _is_age,
    Category.BIRTH_DATE: _is_numbered,
    Category.FINANCIAL_ACCOUNT_NUMBER: _is_numbered,
    Category.NAME: _is_name,
}
_SAYS: Mapping[Callable[[str], bool], str] = {
    _is_email: "This is no e-mail address. Give one such as name@example.org.",
    _is_tel: "This is no telephone number. Give its digits, with a plus and the country where you know it.",
    _is_ip: "This is no IP address. Give one such as 198.51.100.7 or 2001:db8::7.",
    _is_age: "This is no age. Give it in whole years.",
    _is_numbered: "This has no number in it, so it is neither a date nor a number. Give it as it is written.",
    _is_name: "This is no name. Give it as the person writes it.",
}
