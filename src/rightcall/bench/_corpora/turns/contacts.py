"""Accounts, numbers of people and addresses for mail as callers tell them, and what is said like a number and is nobody's."""

from stdnum import luhn
from stdnum.iso7064 import mod_97_10

from rightcall.bench._corpora.making import numbers
from rightcall.bench._corpora.making.people import plain
from rightcall.bench._corpora.making.saying import number
from rightcall.bench._corpora.making.values import Maker, Person, Value, figures_of, split

_IBANS = {
    "GB": (4, (6, 8)), "IE": (4, (6, 8)), "DE": (0, (8, 10)), "AT": (0, (5, 11)), "FR": (0, (5, 5, 11, 2)), "DK": (0, (4, 10)),
    "SE": (0, (3, 17)), "FI": (0, (6, 8)), "NL": (4, (10,)), "NO": (0, (4, 7)), "LT": (0, (5, 11)),
}  # fmt: skip
_HOMES = {"en": ("GB", "IE"), "de": ("DE", "DE", "AT"), "fr": ("FR",), "da": ("DK", "DK", "NO"), "sv": ("SE", "SE", "FI")}
_BANKS = ("BARC", "REVO", "NWBK", "AIBK", "MIDL", "INGB", "BUKB")


def iban(maker: Maker) -> Value:
    """By letters, then in fours, in twos, or in the groups that the bank reads."""
    chance = maker.chance
    land = chance.choice(_HOMES[maker.language] if chance.random() < 0.75 else list(_IBANS))
    letters, sizes = _IBANS[land]
    bank = chance.choice(_BANKS) if letters else ""
    figures = figures_of(chance, sum(sizes))
    if land == "FI":
        figures = figures[:-1] + luhn.calc_check_digit(figures[:-1])
    whole = f"{land}{mod_97_10.calc_check_digits(bank + figures + land)}{bank}{figures}"
    fours = [whole[place : place + 4] for place in range(0, len(whole), 4)]
    size = chance.choice((2, 3, 4))
    breaths = split(figures, *([size] * (len(figures) // size)))
    own = [land, whole[2:4], *([bank] if bank else []), *breaths]
    written = chance.choice((" ".join(fours), " ".join(fours), whole, f"{whole[:4]} {' '.join(split(whole[4:], 4, 6, 4))}"))
    return maker.said("iban", written, *(fours if chance.random() < 0.5 else own))


def iban_back(maker: Maker) -> Value:
    """The account told before, as the other party reads it again: in fours."""
    whole = maker.made["iban", ""].written.replace(" ", "")
    fours = [whole[place : place + 4] for place in range(0, len(whole), 4)]
    return maker.said("iban", " ".join(fours), *fours)


def hetu(maker: Maker) -> Value:
    """With its mark said, or not."""
    made = numbers.hetu(maker)
    is_new = "A" in made.written[:-1]
    marks = {"en": ("dash", "minus", "hyphen"), "de": ("strich", "minus"), "fr": ("tiret",), "da": ("bindestreg", "streg"),
             "sv": ("streck", "bindestreck", "minus")}  # fmt: skip
    day, month, year, serial, check = made.groups
    mark = "a" if is_new else maker.chance.choice((*marks[maker.language], ""))
    return Value("fi_hetu", made.written, tuple(each for each in (day, month, year, mark, serial, check) if each))


def cpr(maker: Maker) -> Value:
    """In pairs, or the day and then all four, with its line said or not."""
    made = numbers.cpr(maker)
    figures = "".join(each for each in made.written if each.isdigit())
    pieces = split(figures, *maker.chance.choice(((2, 2, 2, 4), (6, 4), (2, 2, 2, 2, 2), (2, 2, 2, 4))))
    said = [maker.voice.group(each) for each in pieces]
    line = {"en": "dash", "de": "strich", "fr": "tiret", "da": "bindestreg", "sv": "streck"}[maker.language]
    if maker.chance.random() < 0.35:
        said.insert(next(place for place in range(1, 5) if len("".join(pieces[:place])) == 6), line)
    return Value("dk_cpr", made.written, tuple(said))


def personnummer(maker: Maker) -> Value:
    made = numbers.personnummer(maker)
    *day, end = made.groups
    line = {"en": "dash", "de": "strich", "fr": "tiret", "da": "bindestreg", "sv": maker.chance.choice(("streck", "bindestreck"))}
    mark = (line[maker.language],) if maker.chance.random() < 0.35 else ()
    return Value("se_personnummer", made.written, (*day, *mark, end))


def mail(maker: Maker, person: Person) -> Value:
    chance, first, last = maker.chance, plain(person.first), plain(person.last)
    year = f"{chance.randrange(60, 99)}"
    local = chance.choice(
        (f"{first}.{last}", f"{first}{year}", f"{last}.{first}", f"{first}_{last}", f"{first[0]}{last}", f"{last}-{first}{year}",
         f"{first}{last}", f"familie.{last}", f"{first}.{last}{chance.randrange(1, 9)}")
    )  # fmt: skip
    address = f"{local}@{chance.choice(maker.names['mails'])}"
    return Value("email", address, (maker.voice.email(address),))


def ticket(maker: Maker) -> Value:
    """Of a complaint, a booking, an engineer: as long as a telephone number may be."""
    figures = str(maker.chance.randrange(1, 9)) + figures_of(maker.chance, maker.chance.choice((5, 6, 7, 8, 9)))
    return maker.said(None, figures, *split(figures, 2, 3, 3))


def reading(maker: Maker) -> Value:
    figures = str(maker.chance.randrange(1, 9)) + figures_of(maker.chance, 4)
    return maker.said(None, figures, figures)


def once(maker: Maker) -> Value:
    figures = figures_of(maker.chance, 6)
    return maker.said(None, figures, *split(figures, 2, 2))


def miles(maker: Maker) -> Value:
    """How far, how long, how old a car is: a count with its unit."""
    many = maker.chance.randrange(12, 99)
    unit = {"en": "miles", "de": "kilometer", "fr": "kilomètres", "da": "kilometer", "sv": "mil"}[maker.language]
    return Value(None, f"{many} {unit}", (f"{number(many, maker.language)} {unit}",))


def sum_of(maker: Maker) -> Value:
    """Thousands of money."""
    many, rest = maker.chance.randrange(2, 19), maker.chance.choice((250, 400, 750, 900))
    said = {"en": ("thousand", "pounds"), "de": ("tausend", "euro"), "fr": ("mille", "euros"), "da": ("tusind", "kroner"),
            "sv": ("tusen", "kronor")}[maker.language]  # fmt: skip
    words = f"{number(many, maker.language)} {said[0]} {number(rest // 100, maker.language)} hundred"
    hundreds = {"de": "hundert", "fr": "cents", "da": "hundrede", "sv": "hundra"}.get(maker.language, "hundred")
    return Value(None, f"{many}{rest} {said[1]}", (f"{words.removesuffix('hundred')}{hundreds} {said[1]}",))


def clock(maker: Maker) -> Value:
    hour, minute = maker.chance.randrange(7, 21), maker.chance.choice((10, 20, 25, 40, 50))
    mark = {"fr": "h", "da": "."}.get(maker.language, ":")
    return Value(None, f"{hour}{mark}{minute}", (f"{number(hour, maker.language)} {number(minute, maker.language)}",))
