"""Numbers of people who do not exist, which pass the checks that real ones pass, and numbers that are nobody's."""

import string

from stdnum import luhn
from stdnum.es import dni as spanish
from stdnum.es import nie as foreign
from stdnum.fr import nir as french
from stdnum.gb import nhs as british
from stdnum.iso7064 import mod_11_10, mod_97_10
from stdnum.nl import bsn as dutch
from stdnum.us import rtn

from rightcall.bench._corpora.making.saying import month, number
from rightcall.bench._corpora.making.values import LETTERS, Maker, Value, figures_of, some_day, split

_HOME = {"en": "GB", "de": "DE", "fr": "FR", "da": "DK", "sv": "SE"}
_IBANS = {"GB": (4, 14), "DE": (0, 18), "FR": (0, 23), "DK": (0, 14), "SE": (0, 20), "NL": (4, 10), "FI": (0, 13)}
"""So many letters and digits after the check digits; the last digit of a Finnish one is one more check."""


def card(maker: Maker) -> Value:
    start, size = maker.chance.choice((("4", 16), ("4", 16), ("5", 16), ("22", 16), ("37", 15), ("34", 15), ("6011", 16)))
    return _card_from(maker, start, size)


def amex(maker: Maker) -> Value:
    return _card_from(maker, maker.chance.choice(("34", "37")), 15)


def _card_from(maker: Maker, start: str, size: int) -> Value:
    chance = maker.chance
    start += str(chance.randrange(1, 6)) if start == "5" else "30" if start == "22" else ""
    body = start + figures_of(chance, size - 1 - len(start))
    whole = body + luhn.calc_check_digit(body)
    groups = split(whole, 4, 6) if size == 15 else split(whole, 4, 4, 4)
    written = chance.choice((" ", " ", "-", "")).join(groups)
    return maker.said("payment_card", written, *groups)


def code(maker: Maker) -> Value:
    figures = figures_of(maker.chance, 3)
    return Value("card_code", figures, (maker.voice.code(figures),))


def long_code(maker: Maker) -> Value:
    figures = figures_of(maker.chance, 4)
    return Value("card_code", figures, (maker.voice.code(figures),))


def expiry(maker: Maker) -> Value:
    when, year = maker.chance.randrange(1, 13), maker.chance.randrange(26, 33)
    said = f"{maker.voice.group(f'{when:02}')} {maker.voice.group(str(year))}"
    return Value(
        None, f"{when:02}/{year}", (maker.chance.choice((said, f"{month(when, maker.language)} {number(year, maker.language)}")),)
    )


def iban(maker: Maker) -> Value:
    chance = maker.chance
    land = _HOME[maker.language] if chance.random() < 0.7 else chance.choice(list(_IBANS))
    letters, digits = _IBANS[land]
    account = "".join(chance.choices(string.ascii_uppercase, k=letters)) + figures_of(chance, digits)
    if land == "FI":
        account += luhn.calc_check_digit(account)
    whole = f"{land}{mod_97_10.calc_check_digits(account + land)}{account}"
    groups = [whole[place : place + 4] for place in range(0, len(whole), 4)]
    return maker.said("iban", " ".join(groups) if chance.random() < 0.7 else whole, *groups)


def account(maker: Maker) -> Value:
    many = {"en": 8, "de": maker.chance.randrange(7, 11), "fr": 11, "da": 10, "sv": 7}[maker.language]
    figures = str(maker.chance.randrange(1, 10)) + figures_of(maker.chance, many - 1)
    return maker.said("bank_account", figures, *split(figures, 4, 4))


def sorting(maker: Maker) -> Value:
    chance = maker.chance
    if maker.language == "en":
        pieces = split(chance.choice(("20", "40", "60", "09", "77", "30")) + figures_of(chance, 4), 2, 2)
        return maker.said("bank_code", chance.choice(("-", "-", " ", "")).join(pieces), *pieces)
    many = {"de": 8, "fr": 5, "da": 4, "sv": 4}[maker.language]
    figures = str(chance.randrange(1, 9)) + figures_of(chance, many - 1)
    pieces = split(figures, 3, 3) if many == 8 else [figures]
    return maker.said("bank_code", " ".join(pieces), *pieces)


def routing(maker: Maker) -> Value:
    figures = maker.chance.choice(("0210", "1210", "0712", "3222")) + figures_of(maker.chance, 4)
    figures += rtn.calc_check_digit(figures)
    return maker.said("bank_code", figures, *split(figures, 3, 3))


def nino(maker: Maker) -> Value:
    chance = maker.chance
    pieces = [
        chance.choice("ABCEGHJKLMNPRSTWXYZ") + "ABCEGHJKLMPRSTWXYZ"[chance.randrange(3, 18)],
        *split(figures_of(chance, 6), 2, 2),
    ]
    pieces[0] = pieces[0] if pieces[0] not in ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ") else "JH"
    pieces.append(chance.choice("ABCD"))
    return maker.said("uk_nino", chance.choice((" ", "")).join(pieces), *pieces)


def nhs(maker: Maker) -> Value:
    while True:
        figures = "9" + figures_of(maker.chance, 8)
        if (whole := next((figures + each for each in string.digits if british.is_valid(figures + each)), None)) is not None:
            pieces = split(whole, 3, 3)
            return maker.said("uk_nhs", " ".join(pieces), *pieces)


def ssn(maker: Maker) -> Value:
    chance = maker.chance
    pieces = [f"{chance.randrange(100, 665)}", f"{chance.randrange(11, 99)}", f"{chance.randrange(1000, 9999)}"]
    return maker.said("us_ssn", chance.choice(("-", "-", " ")).join(pieces), *pieces)


def tax(maker: Maker) -> Value:
    figures = maker.chance.sample("123456789", 9)
    figures.insert(maker.chance.randrange(1, 9), maker.chance.choice(figures))
    whole = "".join(figures) + mod_11_10.calc_check_digit("".join(figures))
    pieces = split(whole, 2, 3, 3)
    return maker.said("de_steuer_id", maker.chance.choice((" ", "")).join(pieces), *pieces)


def nir(maker: Maker) -> Value:
    chance = maker.chance
    year, when, _ = some_day(chance)
    place = chance.choice(("13", "31", "59", "69", "75", "93")) + f"{chance.randrange(1, 500):03}"
    figures = f"{chance.choice('12')}{year % 100:02}{when:02}{place}{chance.randrange(1, 900):03}"
    pieces = [*split(figures, 1, 2, 2, 2, 3), french.calc_check_digits(figures)]
    return maker.said("fr_nir", chance.choice((" ", "")).join(pieces), *pieces)


def cpr(maker: Maker) -> Value:
    year, when, day = some_day(maker.chance)
    start, end = (
        f"{day:02}{when:02}{year % 100:02}",
        f"{maker.chance.randrange(1, 4) if year < 2000 else 5}{figures_of(maker.chance, 3)}",
    )
    return maker.said("dk_cpr", start + maker.chance.choice(("-", "-", "", " ")) + end, *split(start, 2, 2), *split(end, 2))


def personnummer(maker: Maker) -> Value:
    year, when, day = some_day(maker.chance)
    start, end = f"{year % 100:02}{when:02}{day:02}", figures_of(maker.chance, 3)
    end += luhn.calc_check_digit(start + end)
    century = str(year // 100) if maker.chance.random() < 0.5 else ""
    written = century + start + maker.chance.choice(("-", "-", "", " ")) + end
    return maker.said("se_personnummer", written, *([century] if century else []), *split(start, 2, 2), end)


def hetu(maker: Maker) -> Value:
    year, when, day = some_day(maker.chance)
    start, serial = f"{day:02}{when:02}{year % 100:02}", f"{maker.chance.randrange(2, 900):03}"
    check = "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(start + serial) % 31]
    return maker.said("fi_hetu", f"{start}{'-' if year < 2000 else 'A'}{serial}{check}", *split(start, 2, 2), serial, check)


def bsn(maker: Maker) -> Value:
    while not dutch.is_valid(figures := str(maker.chance.randrange(1, 4)) + figures_of(maker.chance, 8)):
        pass
    return maker.said("nl_bsn", figures, *split(figures, 3, 3))


def dni(maker: Maker) -> Value:
    figures = figures_of(maker.chance, 8)
    check = spanish.calc_check_digit(figures)
    return maker.said("es_dni", figures + maker.chance.choice(("", "-")) + check, *split(figures, 2, 3), check)


def nie(maker: Maker) -> Value:
    start = maker.chance.choice("XYZ") + figures_of(maker.chance, 7)
    check = foreign.calc_check_digit(start)
    return maker.said("es_nie", start + check, start[0], *split(start[1:], 3, 2), check)


def plate(maker: Maker) -> Value:
    chance = maker.chance
    letters = "".join(chance.choices(LETTERS, k=7))
    pieces = {
        "en": [letters[:2] + f"{chance.choice((18, 19, 20, 71, 72, 23, 73))}", letters[2:5]],
        "de": [chance.choice(("B", "HH", "KA", "MTK", "L")), letters[:2] + f"{chance.randrange(10, 9999)}"],
        "fr": [letters[:2], f"{chance.randrange(100, 999)}", letters[2:4]],
        "da": [letters[:2], f"{chance.randrange(20, 99)}", f"{chance.randrange(100, 999)}"],
        "sv": [letters[:3], f"{chance.randrange(10, 99)}{chance.choice('0123456789ABCD')}"],
    }[maker.language]
    between = {"fr": "-", "de": "-"}.get(maker.language, " ")
    return maker.said("vehicle_plate", between.join(pieces) if chance.random() < 0.8 else "".join(pieces), *pieces)


def order(maker: Maker) -> Value:
    """An order, a parcel, a meter or a machine: a number that is nobody's."""
    figures = str(maker.chance.randrange(1, 10)) + figures_of(maker.chance, maker.chance.choice((5, 6, 7, 9, 10, 11)))
    return maker.said(None, figures, *split(figures, 3, 3, 3))
