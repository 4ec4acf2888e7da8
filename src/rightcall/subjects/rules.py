"""One form for each identifier, and who it tells. Pure: no region, directory or network is looked up but the one given.

Telephone numbers take the form of E.164; SIP URIs that of an address of record (RFC 3261, section 10) without port and
parameters; e-mail addresses are lower case throughout; customer ids are NFKC. Messages never repeat what was given.
"""

import ipaddress
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import quote, unquote

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import PhoneNumber, PhoneNumberFormat

from rightcall.errors import Malformed
from rightcall.ids import SubjectId
from rightcall.personal import Personal
from rightcall.subjects.model import Identifier, IdentifierKind

_SIP = re.compile(r"sips?:(?P<user>[^@]+)@(?P<host>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{1,5})?(?:[;?].*)?", re.I)
_NUMBER = re.compile(r"[+0-9()./\s-]+")
_CONTEXT = re.compile(r";phone-context=(?:(?P<number>\+[0-9().-]+)|[^;]*)", re.I)
_WITHHELD = frozenset({"anonymous", "unavailable", "restricted", "private", "withheld", "unknown", "asterisk"})
_USER_SAFE = "-_.!~*'()&=+$,/"
_MARKS = re.compile(r"[\s-]+")
_LONGEST = 320
NO_REGION = "ZZ"
"""ISO 3166 user-assigned: a number in national form belongs nowhere."""


def normalise(kind: IdentifierKind, raw: Personal[str], default_region: str) -> Identifier:
    """The one form. `default_region` (ISO 3166, such as DK) is where a number in national form belongs. Malformed otherwise."""
    text = unicodedata.normalize("NFKC", raw.reveal("normalise identifier")).strip()
    if not text or len(text) > _LONGEST or not text.isprintable():
        raise Malformed(f"This {_WORDS[kind]} is empty, too long or holds unreadable characters. Correct it and try again.")
    match kind:
        case IdentifierKind.TEL:
            value = _tel(text, default_region)
        case IdentifierKind.SIP:
            value = _sip(text)
        case IdentifierKind.EMAIL:
            value = _email(text)
        case IdentifierKind.CUSTOMER_ID:
            value = text
    return Identifier(kind=kind, value=Personal(value))


def international(number: str) -> Identifier:
    """A telephone number that is written with its country, such as +4532123456. Malformed for any other."""
    return normalise(IdentifierKind.TEL, Personal(number), NO_REGION)


def spellings(identifier: Identifier) -> list[Identifier]:
    """The forms that people write one customer id in: in capitals or not, with hyphens, blanks or nothing between its parts. Any
    other identifier has one form. Whether marks were left out where it has some, only the form of a house's own numbers tells."""
    if identifier.kind is not IdentifierKind.CUSTOMER_ID:
        return [identifier]
    given = identifier.value.reveal("spell as people write it")
    marked = (given, *(_MARKS.sub(mark, given) for mark in ("-", " ", "")))
    cased = dict.fromkeys(form for text in marked for form in (text, text.upper(), text.lower()))
    return [Identifier(kind=identifier.kind, value=Personal(each)) for each in cased if each]


def from_address(raw: Personal[str], default_region: str) -> tuple[Identifier, ...]:
    """What a SIP or tel URI tells of a party, also the telephone number in its user part. Empty where withheld or unreadable:
    an address of nobody in particular must never become one person's."""
    text = _bare_address(raw.reveal("read address"))
    if text[:4].lower() == "tel:":
        return _attempt(IdentifierKind.TEL, text, default_region)
    match = _SIP.fullmatch(text)
    sip = _attempt(IdentifierKind.SIP, text, default_region)
    if match is None or not sip:
        return ()
    user, _, parameters = unquote(match["user"]).partition(";")
    if not _NUMBER.fullmatch(user):
        return sip
    context = _CONTEXT.search(f";{parameters}")
    if context is not None:
        user = f"tel:{user};phone-context={context['number']}" if context["number"] else ""
    tel = _attempt(IdentifierKind.TEL, user, default_region)
    return (*tel, *sip) if _says_number(user, text) or context or all(map(_is_valid, tel)) else sip


_WORDS = {
    IdentifierKind.TEL: "telephone number",
    IdentifierKind.SIP: "SIP address",
    IdentifierKind.EMAIL: "e-mail address",
    IdentifierKind.CUSTOMER_ID: "customer id",
}


def _attempt(kind: IdentifierKind, text: str, default_region: str) -> tuple[Identifier, ...]:
    try:
        return (normalise(kind, Personal(text), default_region),)
    except Malformed:
        return ()


def _says_number(user: str, address: str) -> bool:
    """Whether a SIP address says itself that its user part is a telephone number."""
    return user.lstrip("( ").startswith("+") or re.search(r";user=phone(;|$|\?)", address, re.I) is not None


def _tel(text: str, default_region: str) -> str:
    if text.lower().startswith(("sip:", "sips:")) and "@" in text:
        text = unquote(text.partition(":")[2].partition("@")[0])
    return _e164(_parsed(text, default_region))


def _parsed(text: str, default_region: str) -> PhoneNumber:
    """Whose number the digits are, in this order: one with + or 00 before it, or the region's own international prefix; one that
    is valid as the region writes its numbers; one that is valid with + before it. Else, where nothing is valid, as the region
    dials it. Digits that are a valid number of the region only without its leading 0, and of another country too, are nobody's:
    either reading could be somebody else's."""
    number = text[4:] if text[:4].lower() == "tel:" and "phone-context" not in text.lower() else text
    bare, digits = number.lstrip(), _digits(number)
    if bare.startswith("00"):
        local = _read(number, default_region)
        return _possible(local if _valid(local) else _read(f"+{bare[2:]}", default_region), local)
    local = _read(number, default_region)
    if "+" in number or local is None:
        return _possible(local)
    abroad = _read(f"+{digits}", default_region)
    if not _valid(abroad) or abroad == local or (_valid(local) and _is_written(local, digits)):
        return _possible(local)
    if _valid(local):
        raise Malformed("These digits are a number of two countries. Write the number with + and the country code.")
    return _possible(abroad)


_ALSO_CALLED = {"UK": "GB", "EL": "GR"}
"""Countries that the law packs call otherwise than numbering plans do."""


def _read(text: str, region: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, _ALSO_CALLED.get(region.upper(), region.upper()))
    except phonenumbers.NumberParseException:
        return None


def _possible(*readings: PhoneNumber | None) -> PhoneNumber:
    for reading in readings:
        if reading is not None and phonenumbers.is_possible_number(reading):
            return reading
    raise Malformed("This is not a telephone number. Write it with + and the country code, or give its region, such as DK.")


def _is_valid(tel: Identifier) -> bool:
    return _valid(_read(tel.value.reveal("read address"), NO_REGION))


def _valid(number: PhoneNumber | None) -> bool:
    return number is not None and phonenumbers.is_valid_number(number)


def _is_written(number: PhoneNumber | None, digits: str) -> bool:
    """Whether its own country writes it with just these digits: with the leading 0 where there is one."""
    return number is not None and _digits(phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)) == digits


def _digits(text: str) -> str:
    return "".join(each for each in text if each.isdecimal())


def _e164(number: PhoneNumber) -> str:
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def _bare_address(text: str) -> str:
    """The URI of a name-addr (RFC 3261, section 20.10): what stands between the angle brackets, if there are any."""
    start, end = text.rfind("<"), text.rfind(">")
    return (text[start + 1 : end] if 0 <= start < end else text).strip()


def _sip(text: str) -> str:
    match = _SIP.fullmatch(_bare_address(text))
    if match is None:
        raise Malformed("This is not a SIP address. Write it as sip:user@host.")
    user = unquote(match["user"]).split(";")[0].split(":")[0]
    host = _host(match["host"])
    if not user or not user.isprintable() or "\ufffd" in user:
        raise Malformed("This SIP address names no user. Write it as sip:user@host.")
    if user.lower() in _WITHHELD or host.endswith(".invalid"):
        raise Malformed("This SIP address is that of a caller who withheld theirs. Identify the caller another way.")
    return f"sip:{quote(user, safe=_USER_SAFE)}@{host}"


def _host(host: str) -> str:
    if not host.startswith("["):
        return host.lower().rstrip(".")
    try:
        return f"[{ipaddress.IPv6Address(host[1:-1]).compressed}]"
    except ipaddress.AddressValueError as error:
        raise Malformed("This SIP address has a host that is no IPv6 address.") from error


def _email(text: str) -> str:
    address = text[7:] if text[:7].lower() == "mailto:" else text
    try:
        valid = validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        # Unchained: the validator's own message may repeat the address.
        raise Malformed("This is not an e-mail address. Write it as name@domain.") from None
    return valid.normalized.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A subject whom some identifier names. `has` are those of the given identifiers that it holds."""

    subject: SubjectId
    ambiguous: bool
    has: frozenset[int]
    has_customer_id: bool


@dataclass(frozen=True, slots=True)
class Known:
    subject: SubjectId


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody has any of these."""


@dataclass(frozen=True, slots=True)
class Shared:
    """Several people have them, and nothing tells which one this is. `pending` stands for whoever it is, once there is one."""

    pending: SubjectId | None = None


Resolution: TypeAlias = Known | Unknown | Shared


def resolve(identifiers: Sequence[Identifier], candidates: Sequence[Candidate]) -> Resolution:
    """Whom the identifiers tell. The kinds are taken in the order of how well they tell people apart, each narrowing the last.

    A subject with another customer id than the one given is somebody else, and whoever has the one given is the one. An
    ambiguous subject is nobody to join to; it stands for whoever it is where people share what they are known by.
    """
    ranks = _ranks(identifiers)
    customer = ranks.get(IdentifierKind.CUSTOMER_ID, frozenset())
    has_it = [candidate for candidate in candidates if candidate.has & customer]
    if has_it:
        return Known(has_it[0].subject)
    left = [candidate for candidate in candidates if not candidate.ambiguous and not _is_other(candidate, ranks)]
    if not left:
        return Unknown()
    for kind in IdentifierKind:
        positions = ranks.get(kind, frozenset())
        narrowed = [candidate for candidate in left if candidate.has & positions]
        left = narrowed or left
    if len(left) == 1:
        return Known(left[0].subject)
    if customer:
        return Unknown()
    pending = [each for each in candidates if each.ambiguous and not each.has_customer_id and _stands_for(each, left)]
    return Shared(pending[0].subject if pending else None)


def _stands_for(pending: Candidate, people: Sequence[Candidate]) -> bool:
    """Whether it has what these people share."""
    return bool(pending.has & frozenset.intersection(*(each.has for each in people)))


def _ranks(identifiers: Sequence[Identifier]) -> Mapping[IdentifierKind, frozenset[int]]:
    """Which of them are of each kind. A SIP address that is but a number, given as one too, tells no more than the number."""
    kinds = {identifier.kind for identifier in identifiers}
    numbers = [each.value.reveal("compare identifiers") for each in identifiers if each.kind is IdentifierKind.TEL]
    telling = [
        (n, each) for n, each in enumerate(identifiers) if each.kind is not IdentifierKind.SIP or not _is_line(each, numbers)
    ]
    return {kind: frozenset(n for n, each in telling if each.kind is kind) for kind in kinds}


def _is_line(sip: Identifier, numbers: Sequence[str]) -> bool:
    user = unquote(sip.value.reveal("compare identifiers")[4:].partition("@")[0])
    digits = _digits(user).lstrip("0")
    return bool(digits) and _NUMBER.fullmatch(user) is not None and any(number.endswith(digits) for number in numbers)


def _is_other(candidate: Candidate, ranks: Mapping[IdentifierKind, frozenset[int]]) -> bool:
    given = ranks.get(IdentifierKind.CUSTOMER_ID, frozenset())
    return bool(given) and candidate.has_customer_id and not candidate.has & given
