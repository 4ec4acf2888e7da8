"""What a finding tells of whose it is, each in one form, so that equal clues give equal blinds. Only the blinds are kept.

`clues` is asked while the text is at hand. A value that cannot be read as what it was taken for tells nothing. What may be read
in two ways gives both readings: 03/04/1980 where days and months are written both ways, say.

Telephone numbers, e-mail addresses and customer ids take the form that `subjects` gives them and lie under its blinds, so what a
system holds and what somebody called from are found as one. An e-mail address is lower case and otherwise as written: `a+b@…` is
another address than `a@…`.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers

from rightcall.discovery.detection.context import headed
from rightcall.discovery.detection.model import Kind
from rightcall.discovery.linking import addresses, births, names
from rightcall.errors import Malformed
from rightcall.personal import Personal
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import normalise

LONGEST = 400
"""Characters. What is longer is no name, number or address."""


class ClueKind(StrEnum):
    """`name_initial`: of the given name. `name_generation`: junior or senior. `name_word`: a name of one word,
    which may be the given one. `street`: with the number of the house."""

    CUSTOMER_ID = "customer_id"
    NATIONAL_ID = "national_id"
    EMAIL = "email"
    TEL = "tel"
    IBAN = "iban"
    BANK_ACCOUNT = "bank_account"
    CARD = "card"
    DATE_OF_BIRTH = "date_of_birth"
    NAME_FULL = "name_full"
    NAME_FAMILY = "name_family"
    NAME_GIVEN = "name_given"
    NAME_INITIAL = "name_initial"
    NAME_WORD = "name_word"
    NAME_GENERATION = "name_generation"
    POSTCODE_HOUSE = "postcode_house"
    POSTCODE = "postcode"
    STREET = "street"

    @property
    def context(self) -> str:
        """What its blind is bound to (`vault.blind`). A word is compared with given names."""
        if self is ClueKind.NAME_WORD:
            return ClueKind.NAME_GIVEN.context
        return f"subjects.{self.value}" if self in _IDENTIFIERS else f"clues.{self.value}"


_IDENTIFIERS = frozenset({ClueKind.CUSTOMER_ID, ClueKind.EMAIL, ClueKind.TEL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    kind: ClueKind
    value: Personal[str]


def clues(type: str, value: str, *, regions: Sequence[str] = (), field: str | None = None) -> tuple[Clue, ...]:
    """Of one finding: `type` is a detector's `Kind` or the name of a configured pattern, `value` the text that was found.

    `regions` (ISO 3166) say where numbers in national form belong and how dates are written. `field`, the column's head, tells a
    given name from a family name. Never raises; each clue once.
    """
    if len(value) > LONGEST:
        return ()
    reader = _READERS.get(type) or (_customer_ids if _CUSTOMER.match(type) else None)
    found = () if reader is None else reader(_Given(type, value, tuple(regions), field))
    return tuple(Clue(kind=kind, value=Personal(text)) for kind, text in dict.fromkeys(found) if text)


_CUSTOMER = re.compile(r"(?:customer|client|member|kunden?|klant|asiakas|cliente)(?:[_-]?(?:id|ids|no|nr|num|number|nummer))?$")
"""Names of configured patterns that mean the customer's own number; a case or an order number is nobody's for long."""


def heads_own_id(head: str, kind: ClueKind) -> bool:
    """Whether a column's head calls for the customer's, or for a national id."""
    if kind is ClueKind.CUSTOMER_ID:
        return _CUSTOMER.match(head.strip().casefold().replace(" ", "_")) is not None
    columns = headed((head,), "\t")
    return any(columns.has(each) for each in map(Kind, _NATIONAL_FORMS))


@dataclass(frozen=True, slots=True)
class _Given:
    type: str
    value: str
    regions: tuple[str, ...]
    field: str | None


_Found = Iterator[tuple[ClueKind, str]]


def _phones(given: _Given) -> _Found:
    """As it is written internationally, else as the regions read it: of those in which it is in use, as one of these writes its
    numbers. What is left may be a number of each, and is compared as each."""
    readings = set()
    for region in given.regions or ("ZZ",):
        with suppress(Malformed):
            readings.add(normalise(IdentifierKind.TEL, Personal(given.value), region).value.reveal("read clue"))
    valid = {each for each in readings if phonenumbers.is_valid_number(phonenumbers.parse(each))}
    digits = _bare(given.value)
    written = {each for each in valid if _written_at_home(each) == digits}
    for each in sorted(written or valid or readings):
        yield ClueKind.TEL, each


def _written_at_home(number: str) -> str:
    """Its digits as its own country writes them, with the leading 0 where there is one."""
    return _bare(phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.NATIONAL))


_OFFICE = re.compile(
    r"(?:(?:customer|client|kunden?)[._-]?)?(?:support|service|care|help|helpdesk|info|information|kontakt|contact)"
    r"|no[._-]?reply|do[._-]?not[._-]?reply|noreply[._+-].*|postmaster|webmaster|mailer-daemon|newsletter|abuse|hostmaster"
    r"|kundtj[äa]nst|service[._-]?client|klantenservice|asiakaspalvelu"
    r"|sales|salg|vertrieb|ventes|f[öo]rs[äa]ljning|billing|faktura|rechnung|facturation|invoices?|complaints|datenschutz|privacy|dpo",
    re.I,
)
"""Mailboxes by what they are called: of an office, and of nobody who works there or writes to it."""


def _emails(given: _Given) -> _Found:
    if _OFFICE.fullmatch(given.value.partition("@")[0].strip()):
        return
    yield from _identifier(ClueKind.EMAIL, IdentifierKind.EMAIL, given.value)


def _customer_ids(given: _Given) -> _Found:
    yield from _identifier(ClueKind.CUSTOMER_ID, IdentifierKind.CUSTOMER_ID, given.value)


def _identifier(kind: ClueKind, identifier: IdentifierKind, value: str) -> _Found:
    with suppress(Malformed):
        yield kind, normalise(identifier, Personal(value), "ZZ").value.reveal("read clue")


def _national_ids(given: _Given) -> _Found:
    bare = _bare(given.value, keep="+-" if given.type == Kind.FI_HETU else "")
    form = _NATIONAL_FORMS[given.type](bare)
    if form:
        yield ClueKind.NATIONAL_ID, f"{given.type}:{form}"
        for born in births.in_national_id(given.type, given.value):
            yield ClueKind.DATE_OF_BIRTH, born


_NATIONAL_FORMS: Mapping[str, Callable[[str], str]] = {
    Kind.US_SSN: str,
    Kind.US_ITIN: str,
    Kind.UK_NHS: str,
    Kind.DE_SVNR: str,
    Kind.UK_NINO: lambda bare: bare[:8],
    Kind.DE_STEUER_ID: str,
    Kind.FR_NIR: lambda bare: bare[:13],
    Kind.DK_CPR: str,
    Kind.SE_PERSONNUMMER: lambda bare: bare[-10:],
    Kind.FI_HETU: str,
    Kind.NL_BSN: str,
    Kind.ES_DNI: str,
    Kind.ES_NIE: str,
}
"""One number for each country, so that two that differ are two people's: a passport is renewed, and a licence is another number.
The part that tells the person: without the suffix letter, the key or the century that some leave out."""


def _ibans(given: _Given) -> _Found:
    yield ClueKind.IBAN, _bare(given.value)


def _accounts(given: _Given) -> _Found:
    yield ClueKind.BANK_ACCOUNT, _bare(given.value)


def _cards(given: _Given) -> _Found:
    yield ClueKind.CARD, _bare(given.value)


def _births(given: _Given) -> _Found:
    for day in births.read(given.value, given.regions):
        yield ClueKind.DATE_OF_BIRTH, day


def _names(given: _Given) -> _Found:
    name = names.read(given.value, names.part_of(given.field))
    yield ClueKind.NAME_FULL, name.full
    for family in name.families:
        yield ClueKind.NAME_FAMILY, family
    yield ClueKind.NAME_GIVEN, name.given
    yield ClueKind.NAME_INITIAL, name.initial
    yield ClueKind.NAME_WORD, name.word
    yield ClueKind.NAME_GENERATION, name.generation


def _addresses(given: _Given) -> _Found:
    address = addresses.read(given.value, given.field)
    if address.postcode and address.house:
        yield ClueKind.POSTCODE_HOUSE, f"{address.postcode}/{address.house}"
    yield ClueKind.POSTCODE, address.postcode
    if address.house:
        yield ClueKind.STREET, f"{address.street} {address.house}" if address.street else ""


def _bare(value: str, keep: str = "") -> str:
    """Its letters and digits, upper case."""
    return "".join(each for each in value.upper() if each.isalnum() or each in keep)


_READERS: Mapping[str, Callable[[_Given], _Found]] = {
    Kind.PHONE: _phones,
    Kind.EMAIL: _emails,
    Kind.IBAN: _ibans,
    Kind.PAYMENT_CARD: _cards,
    Kind.DATE_OF_BIRTH: _births,
    **dict.fromkeys(_NATIONAL_FORMS, _national_ids),
    Kind.BANK_ACCOUNT: _accounts,
    **dict.fromkeys((Kind.PERSON_NAME, "name", "person", "given_name", "family_name"), _names),
    **dict.fromkeys((Kind.POSTAL_ADDRESS, "address", "street_address", "postcode"), _addresses),
}
