"""Values about people who do not exist, written and said. Each passes the checks that real ones pass."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from stdnum import luhn
from stdnum.iso7064 import mod_97_10

from rightcall.bench._corpora import saying

_SCHEMES = (("4", 16), ("51", 16), ("55", 16), ("4", 16), ("37", 15))
_TELEPHONES = {
    "en": ("+44", ("020 7946 0", "0161 496 0", "0113 496 0"), 3),
    "de": ("+49", ("030 23125 ", "0171 39200"), 3),
    "fr": ("+33", ("01 99 00 ", "02 61 91 "), 4),
    "da": ("+45", ("32 12 34 ", "32 12 35 "), 2),
    "sv": ("+46", ("070 174 06 ", "031 390 06 "), 2),
}
"""Country, beginnings and how many digits more: ranges that are kept free for stories, where a country has such."""
_PLACES = {"en": "GB", "de": "DE", "fr": "FR", "da": "DK", "sv": "SE"}


@dataclass(frozen=True, slots=True)
class Value:
    """`kind` None: nothing to be found. `groups`: as it is said, in the stretches of one breath."""

    kind: str | None
    written: str
    groups: tuple[str, ...]


@dataclass(slots=True)
class Maker:
    """Makes the values of one text. The vocabulary: names and the like, from the templates' file."""

    chance: random.Random
    language: str
    names: Mapping[str, list[str]]
    last_code: str = field(default="")
    is_amex: bool = field(default=False)

    def make(self, name: str) -> Value:
        return _MAKERS[name](self)

    def digits(self, many: int, first: str = "") -> str:
        return first + "".join(self.chance.choice("0123456789") for _ in range(many - len(first)))

    def pick(self, name: str) -> str:
        return self.chance.choice(self.names[name])


def _said(maker: Maker, kind: str | None, written: str, digits: str) -> Value:
    return Value(kind, written, tuple(saying.digits(digits, maker.language, maker.chance)))


def _card(maker: Maker) -> Value:
    first, size = maker.chance.choice(_SCHEMES)
    maker.is_amex = size == 15
    body = maker.digits(size - 1, first)
    number = body + luhn.calc_check_digit(body)
    sizes = (4, 6, 5) if maker.is_amex else (4, 4, 4, 4)
    groups, place = [], 0
    for each in sizes:
        groups.append(number[place : place + each])
        place += each
    return _said(maker, "payment_card", maker.chance.choice((" ".join(groups), "-".join(groups), number)), number)


def _code(maker: Maker) -> Value:
    value = maker.digits(4 if maker.is_amex else 3)
    maker.last_code = value
    return Value("card_code", value, (saying.code(value, maker.language, maker.chance),))


def _expiry(maker: Maker) -> Value:
    month, year = maker.chance.randrange(1, 13), maker.chance.randrange(27, 33)
    lead = f"{saying.ones('0', maker.language, maker.chance)} " if month < 10 else ""
    said = f"{lead}{saying.below_hundred(month, maker.language)} {saying.below_hundred(year, maker.language)}"
    return Value(None, f"{month:02}/{year}", (said,))


def _phone(maker: Maker) -> Value:
    country, leads, many = _TELEPHONES[maker.language]
    spaced = maker.chance.choice(leads) + maker.digits(many)
    national = spaced.replace(" ", "")
    forms = (spaced, national, f"{country} {spaced.removeprefix('0')}")
    return _said(maker, "phone", maker.chance.choice(forms), national)


def _email(maker: Maker) -> Value:
    given, family = maker.pick("given").lower(), maker.pick("family").lower()
    forms = (f"{given}.{family}", f"{given}_{family}", f"{given}{maker.digits(2)}", f"{given[0]}.{family}", f"{given}-{family}")
    local = maker.chance.choice(forms).replace("'", "")
    written = f"{local}@{maker.pick('domains')}"
    return Value("email", written, (saying.email(written, maker.language, maker.chance),))


def _iban(maker: Maker) -> Value:
    country = _PLACES[maker.language]
    sizes = {"GB": 14, "DE": 18, "FR": 23, "DK": 14, "SE": 20}
    body = ("NWBK" if country == "GB" else "") + maker.digits(sizes[country])
    check = mod_97_10.calc_check_digits(body + country)
    number = country + check + body
    groups = " ".join(number[place : place + 4] for place in range(0, len(number), 4))
    said = tuple(saying.spelled(number, maker.language, maker.chance))
    return Value("iban", maker.chance.choice((groups, number)), said)


def _birth(maker: Maker) -> Value:
    year, month, day = maker.chance.randrange(1945, 2004), maker.chance.randrange(1, 13), maker.chance.randrange(1, 29)
    forms = (f"{day:02}/{month:02}/{year}", f"{year}-{month:02}-{day:02}", f"{day:02}.{month:02}.{year}")
    said = saying.birth(year, month, day, maker.language, maker.chance)
    return Value("date_of_birth", maker.chance.choice(forms), (said,))


def _nino(maker: Maker) -> Value:
    letters = maker.chance.choice(("AB", "CE", "JG", "PX", "SH"))
    digits, last = maker.digits(6), maker.chance.choice("ABCD")
    written = f"{letters} {digits[:2]} {digits[2:4]} {digits[4:]} {last}"
    return Value("uk_nino", written, tuple(saying.spelled(letters + digits + last, "en", maker.chance)))


def _ssn(maker: Maker) -> Value:
    area, group, serial = maker.chance.randrange(100, 650), maker.chance.randrange(10, 99), maker.chance.randrange(1000, 9999)
    return _said(maker, "us_ssn", f"{area}-{group}-{serial}", f"{area}{group}{serial}")


def _cpr(maker: Maker) -> Value:
    day, month, year = maker.chance.randrange(1, 29), maker.chance.randrange(1, 13), maker.chance.randrange(45, 99)
    first, last = f"{day:02}{month:02}{year}", f"{maker.chance.randrange(1, 4)}{maker.digits(3)}"
    return _said(maker, "dk_cpr", f"{first}-{last}", first + last)


def _personnummer(maker: Maker) -> Value:
    day, month, year = maker.chance.randrange(1, 29), maker.chance.randrange(1, 13), maker.chance.randrange(45, 99)
    body = f"{year}{month:02}{day:02}{maker.digits(3)}"
    number = body + luhn.calc_check_digit(body)
    return _said(maker, "se_personnummer", f"{number[:6]}-{number[6:]}", number)


def _name(maker: Maker) -> Value:
    written = f"{maker.pick('given')} {maker.pick('family')}"
    return Value("person_name", written, (written,))


def _address(maker: Maker) -> Value:
    written = f"{maker.chance.randrange(1, 180)} {maker.pick('streets')}, {maker.pick('towns')}"
    return Value("postal_address", written, (written,))


def _ip(maker: Maker) -> Value:
    octets = (maker.chance.choice((81, 93, 178, 203)), *(maker.chance.randrange(1, 255) for _ in range(3)))
    written = ".".join(map(str, octets))
    return Value("ip_address", written, (written,))


def _order(maker: Maker) -> Value:
    digits = maker.digits(maker.chance.choice((6, 7, 8, 9, 10)), "4")
    return _said(maker, None, digits, digits)


def _price(maker: Maker) -> Value:
    whole, part = maker.chance.randrange(11, 99), maker.chance.randrange(10, 99)
    word = {"en": "pounds", "de": "Euro", "fr": "euros", "da": "kroner", "sv": "kronor"}[maker.language]
    said = f"{saying.below_hundred(whole, maker.language)} {word} {saying.below_hundred(part, maker.language)}"
    return Value(None, f"{whole}.{part} {word}", (said,))


def _hour(maker: Maker) -> Value:
    hour = maker.chance.randrange(1, 12)
    return Value(None, f"{hour}:30", (f"half past {saying.below_hundred(hour, 'en')}",))


def _count(maker: Maker) -> Value:
    many = maker.chance.randrange(1000, 9999)
    said = f"{saying.below_hundred(many // 1000, 'en')} thousand {saying.hundreds(max(100, many % 1000), 'en', maker.chance)}"
    return Value(None, f"{many // 1000} {max(100, many % 1000)}", (said,))


def _short(many: int) -> Callable[[Maker], Value]:
    def make(maker: Maker) -> Value:
        digits = maker.digits(many, "1")
        return _said(maker, None, digits, digits)

    return make


_MAKERS: Mapping[str, Callable[[Maker], Value]] = {
    "card": _card,
    "code": _code,
    "expiry": _expiry,
    "phone": _phone,
    "email": _email,
    "iban": _iban,
    "birth": _birth,
    "nino": _nino,
    "ssn": _ssn,
    "cpr": _cpr,
    "personnummer": _personnummer,
    "name": _name,
    "address": _address,
    "ip": _ip,
    "order": _order,
    "price": _price,
    "hour": _hour,
    "count": _count,
    "pin": _short(6),
    "meter": _short(5),
    "flat": _short(3),
}
