"""Accounts and addresses of people who do not exist, in more groupings than the other parts have, and what is nobody's."""

import string

from stdnum import luhn
from stdnum.iso7064 import mod_97_10

from rightcall.bench._corpora.making import numbers
from rightcall.bench._corpora.making.people import plain
from rightcall.bench._corpora.making.saying import number
from rightcall.bench._corpora.making.values import LETTERS, Maker, Person, Value, figures_of, split

_IBANS = {
    "GB": (4, (6, 8)), "IE": (4, (6, 8)), "DE": (0, (8, 10)), "AT": (0, (5, 11)), "CH": (0, (5, 12)), "FR": (0, (5, 5, 11, 2)),
    "BE": (0, (3, 7, 2)), "DK": (0, (4, 10)), "SE": (0, (3, 17)), "FI": (0, (6, 8)), "NL": (4, (10,)),
}  # fmt: skip
"""Letters after the check digits, and the groups of figures that the bank itself reads."""
_HOMES = {
    "en": ("GB", "GB", "IE"), "de": ("DE", "DE", "AT", "CH"), "fr": ("FR", "FR", "BE"), "da": ("DK",), "sv": ("SE", "SE", "FI"),
}  # fmt: skip


def iban(maker: Maker) -> Value:
    chance = maker.chance
    land = chance.choice(_HOMES[maker.language]) if chance.random() < 0.8 else chance.choice(list(_IBANS))
    letters, sizes = _IBANS[land]
    bank = "".join(chance.choices(string.ascii_uppercase, k=letters))
    figures = _national(land, figures_of(chance, sum(sizes)))
    whole = f"{land}{mod_97_10.calc_check_digits(bank + figures + land)}{bank}{figures}"
    fours = [whole[place : place + 4] for place in range(0, len(whole), 4)]
    bank_groups = [whole[:2], whole[2:4], *([bank] if bank else []), *split(figures, *sizes)]
    written = chance.choice((" ".join(fours), " ".join(fours), whole, "-".join(fours), " ".join(bank_groups), whole.lower()))
    said = fours if chance.random() < 0.5 else [piece for each in bank_groups for piece in _breaths(maker, each)]
    return maker.said("iban", written, *said)


def _national(land: str, figures: str) -> str:
    """With the checks that the land has of its own."""
    if land == "BE":
        return f"{figures[:10]}{int(figures[:10]) % 97 or 97:02}"
    if land == "FI":
        return figures[:-1] + luhn.calc_check_digit(figures[:-1])
    return figures


def _breaths(maker: Maker, piece: str) -> list[str]:
    size = maker.chance.choice((2, 3, 4))
    return split(piece, *([size] * (len(piece) // size))) if len(piece) > 4 else [piece]


def account(maker: Maker) -> Value:
    chance = maker.chance
    many = {"en": 8, "de": chance.choice((7, 9, 10)), "fr": 11, "da": chance.choice((7, 10)), "sv": chance.choice((7, 9))}[
        maker.language
    ]
    figures = str(chance.randrange(1, 10)) + figures_of(chance, many - 1)
    halves = split(figures, 4, 4)
    written = chance.choice((figures, figures, " ".join(halves) if many > 4 else figures))
    return maker.said("bank_account", written, *_breaths(maker, figures))


def american_account(maker: Maker) -> Value:
    figures = str(maker.chance.randrange(1, 10)) + figures_of(maker.chance, maker.chance.choice((8, 9, 11)))
    return maker.said("bank_account", figures, *_breaths(maker, figures))


def bic(maker: Maker) -> Value:
    """Of a bank: tells nobody's account."""
    bank = "".join(maker.chance.choices(LETTERS, k=4))
    land = {"en": "GB", "de": "DE", "fr": "FR", "da": "DK", "sv": "SE"}[maker.language]
    return maker.said(None, f"{bank}{land}2L", bank, land, "2L")


def hetu(maker: Maker) -> Value:
    """With its mark said."""
    value = numbers.hetu(maker)
    mark = {"en": "dash", "de": "strich", "fr": "tiret", "da": "bindestreg", "sv": "streck"}[maker.language]
    *day, serial, check = value.groups
    return Value("fi_hetu", value.written, (*day, mark if "-" in value.written else "a", serial, check))


def mail(maker: Maker, person: Person) -> Value:
    chance, first, last = maker.chance, plain(person.first), plain(person.last)
    local = chance.choice(
        (f"{first}.{last}", f"{last}{first[0]}", f"{first}{last}{chance.randrange(70, 99)}", f"{first}-{last}",
         f"{first[0]}_{last}",
         f"{last}.{first}{chance.randrange(1, 9)}", f"{first}.{first[0]}.{last}", f"{last}{chance.randrange(100, 999)}")
    )  # fmt: skip
    address = f"{local}@{chance.choice(maker.names['mails'])}"
    return Value("email", address, (maker.voice.email(address),))


def member(maker: Maker) -> Value:
    written = f"LN-{figures_of(maker.chance, 4)}-{figures_of(maker.chance, 2)}"
    return Value("member_number", written, (written,))


def parcel(maker: Maker) -> Value:
    chance = maker.chance
    start, end = chance.choice((("JJD", ""), ("H", ""), ("RR", "GB"), ("CC", "DE"), ("LX", "SE")))
    figures = figures_of(chance, 9)
    return maker.said(None, f"{start}{figures}{end}", start, *split(figures, 3, 3), *([end] if end else []))


def part(maker: Maker) -> Value:
    chance = maker.chance
    written = chance.choice(("{0}-{1}", "BX{0}.{1}", "{0}/{1}A", "K{0}-{1}-R")).format(
        figures_of(chance, 4), figures_of(chance, 2)
    )
    return maker.said(None, written, *written.replace("-", " ").replace("/", " ").replace(".", " ").split())


def reading(maker: Maker) -> Value:
    figures = f"0{maker.chance.randrange(1, 10)}{figures_of(maker.chance, 3)}"
    return maker.said(None, figures, figures)


def ref(maker: Maker) -> Value:
    """Of a ticket or a quote."""
    chance = maker.chance
    start = chance.choice(("Q", "TKT-", "WO", "SR#", "R-"))
    figures = figures_of(chance, chance.choice((5, 6, 7)))
    return maker.said(None, f"{start}{figures}", *[each for each in (start.strip("-#"), *split(figures, 3)) if each])


def ext(maker: Maker) -> Value:
    """Behind a telephone number."""
    figures = str(maker.chance.randrange(2, 9)) + figures_of(maker.chance, maker.chance.choice((2, 3)))
    return maker.said(None, figures, figures)


def tail(maker: Maker) -> Value:
    """The end of a number that is not told whole."""
    figures = figures_of(maker.chance, maker.chance.choice((2, 3, 4)))
    return maker.said(None, figures, figures)


def once(maker: Maker) -> Value:
    figures = figures_of(maker.chance, 6)
    return maker.said(None, figures, *split(figures, 3))


def time(maker: Maker) -> Value:
    hour, minute = maker.chance.randrange(8, 20), maker.chance.choice((0, 15, 30, 45))
    said = f"{number(hour, maker.language)} {number(minute, maker.language)}" if minute else number(hour, maker.language)
    mark = {"fr": "h", "da": "."}.get(maker.language, ":")
    return Value(None, f"{hour}{mark}{minute:02}", (said,))
