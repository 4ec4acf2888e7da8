"""Telephones and papers of people who do not exist. Telephone numbers are of numbering plans in use; they lie in ranges that are
kept for fiction or are given as examples, where a country has such."""

import re
import string

from rightcall.bench._corpora.making.people import plain
from rightcall.bench._corpora.making.values import LETTERS, Maker, Person, Value, figures_of, some_day, split

_PHONES = {
    "en": ("44", ("7400 123 ###", "7400 123 ###", "20 7946 0###", "117 496 0###", "141 496 0###", "28 9649 6###")),
    "de": ("49", ("30 23125 ###", "171 39200 ##", "221 4710 ###", "69 90009 ###")),
    "fr": ("33", ("6 12 34 ## ##", "1 99 00 ## ##", "4 65 71 ## ##", "5 36 49 ## ##")),
    "da": ("45", ("32 12 ## ##", "41 78 ## ##", "86 12 ## ##", "31 19 ## ##")),
    "sv": ("46", ("70 174 06 ##", "8 465 004 ##", "31 390 06 ##")),
}


def phone(maker: Maker) -> Value:
    chance = maker.chance
    country, shapes = _PHONES[maker.language]
    pieces = re.sub("#", lambda _: chance.choice(string.digits), chance.choice(shapes)).split()
    if chance.random() < 0.2:
        said = (f"plus {maker.voice.group(country)}", *(maker.voice.group(each) for each in pieces))
        return Value("phone", f"+{country} {' '.join(pieces)}", said)
    pieces[0] = ("" if maker.language == "da" else "0") + pieces[0]
    first, rest = pieces[0], "".join(pieces[1:])
    other = {"de": f"{first}/{rest}", "fr": ".".join(pieces), "sv": f"{first}-{rest}"}.get(maker.language, "".join(pieces))
    return maker.said("phone", chance.choice((" ".join(pieces), other)), *pieces)


def passport(maker: Maker) -> Value:
    chance = maker.chance
    pieces = {
        "en": split(f"{chance.randrange(1, 9)}{figures_of(chance, 8)}", 3, 3),
        "de": [chance.choice("CFGHJK"), figures_of(chance, 2), chance.choice("CFGHJKLM"), figures_of(chance, 5)],
        "fr": [figures_of(chance, 2), "".join(chance.choices(LETTERS, k=2)), figures_of(chance, 5)],
        "da": split(f"2{figures_of(chance, 8)}", 3, 3),
        "sv": split(f"{chance.randrange(3, 9)}{figures_of(chance, 7)}", 2, 3),
    }[maker.language]
    return maker.said("passport", "".join(pieces), *pieces)


def licence(maker: Maker, person: Person) -> Value:
    """Of Great Britain: made of a name and a day of birth; elsewhere as they are numbered."""
    chance = maker.chance
    if maker.language == "en":
        year, month, day = some_day(chance)
        surname = (plain(person.last).upper() + "9999")[:5]
        born = f"{year // 10 % 10}{month:02}{day:02}{year % 10}"
        end = f"{plain(person.first)[0].upper()}9{chance.randrange(2, 10)}{''.join(chance.choices(LETTERS, k=2))}"
        pieces = [surname, *split(born, 2, 2), end]
        return maker.said("driving_licence", "".join(pieces), *pieces)
    pieces = {
        "de": [chance.choice("BJNT") + figures_of(chance, 3), "".join(chance.choices("RETKL", k=3)), figures_of(chance, 4)],
        "fr": split(f"{chance.randrange(10, 23)}{figures_of(chance, 10)}", 4, 4),
        "da": split(f"{chance.randrange(1, 9)}{figures_of(chance, 7)}", 2, 2, 2),
        "sv": split(f"{chance.randrange(1, 9)}{figures_of(chance, 8)}", 3, 3),
    }[maker.language]
    return maker.said("driving_licence", "".join(pieces), *pieces)


def member(maker: Maker) -> Value:
    written = f"LV{figures_of(maker.chance, 6)}"
    return Value("customer_number", written, (written,))


def case(maker: Maker) -> Value:
    written = f"REQ-{figures_of(maker.chance, 6)}"
    return Value("case_number", written, (written,))
