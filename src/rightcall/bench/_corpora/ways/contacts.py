"""Accounts as they are typed and told, and addresses for mail."""

from stdnum import luhn
from stdnum.iso7064 import mod_97_10

from rightcall.bench._corpora.making.people import plain
from rightcall.bench._corpora.making.values import Maker, Person, Value, figures_of, split

_IBANS = {"GB": (4, 14), "IE": (4, 14), "DE": (0, 18), "AT": (0, 16), "FR": (0, 23), "BE": (0, 12), "DK": (0, 14), "SE": (0, 20),
          "NO": (0, 11), "NL": (4, 10), "FI": (0, 14), "ES": (0, 20)}  # fmt: skip
_HOMES = {"en": ("GB", "IE", "GB"), "de": ("DE", "DE", "AT"), "fr": ("FR", "FR", "BE"), "da": ("DK",), "sv": ("SE", "SE", "FI")}
_BANKS = ("LOYD", "HBUK", "MONZ", "RABO", "BOFI", "TSBS")
_GLUE = (" ", " ", " ", "", "", "-", ".", "\u00a0", "  ")


def iban(maker: Maker) -> Value:
    """In fours, in twos, by its own parts or in one piece; sometimes in small letters."""
    chance = maker.chance
    land = chance.choice(_HOMES[maker.language] if chance.random() < 0.75 else list(_IBANS))
    letters, many = _IBANS[land]
    body = (chance.choice(_BANKS) if letters else "") + figures_of(chance, many)
    if land == "FI":
        body = body[:-1] + luhn.calc_check_digit(body[:-1])
    whole = f"{land}{mod_97_10.calc_check_digits(body + land)}{body}"
    fours, pairs = split(whole, *[4] * 8), split(whole, *[2] * 17)
    written = chance.choice(_GLUE).join(fours)
    own = [land, whole[2:4], *([body[:4]] if letters else []), *split(body[letters:], *[chance.choice((2, 3, 4))] * 9)]
    return maker.said(
        "iban", written if chance.random() < 0.8 else written.lower(), *chance.choice((fours, fours, own, own, pairs))
    )


def iban_back(maker: Maker) -> Value:
    whole = "".join(each for each in maker.made["iban", ""].written.upper() if each.isalnum())
    return maker.said("iban", whole, *split(whole, *[4] * 8))


def sorting(maker: Maker) -> Value:
    """A sort code, a Bankleitzahl, a code banque, a registreringsnummer, a clearingnummer."""
    chance = maker.chance
    many = {"en": 6, "de": 8, "fr": 5, "da": 4, "sv": 4}[maker.language]
    start = {"en": ("07", "11", "23", "40", "60", "83"), "de": ("200", "370", "500", "701"), "fr": ("100", "200", "300"),
             "da": ("1", "4", "5", "9"), "sv": ("3", "5", "6", "8")}[maker.language]  # fmt: skip
    figures = chance.choice(start)
    figures += figures_of(chance, many - len(figures))
    pieces = split(figures, *{6: (2, 2), 8: chance.choice(((3, 3), (2, 2, 2), (4,)))}.get(many, chance.choice(((4,), (2,)))))
    written = chance.choice({"en": ("-", " ", "", "."), "de": (" ", " ", "")}.get(maker.language, ("",))).join(pieces)
    return maker.said("bank_code", written, *pieces)


def account(maker: Maker) -> Value:
    chance = maker.chance
    many = {"en": 8, "de": chance.randrange(7, 11), "fr": 11, "da": 10, "sv": 7}[maker.language]
    figures = str(chance.randrange(1, 10)) + figures_of(chance, many - 1)
    pieces = split(figures, *chance.choice(((4, 4), (2, 2, 2, 2, 2), (3, 3), (4, 3))))
    if len(pieces[-1]) == 1:
        pieces[-2:] = [pieces[-2] + pieces[-1]]
    return maker.said("bank_account", chance.choice((" ", "", "", "-")).join(pieces), *pieces)


def mail(maker: Maker, person: Person) -> Value:
    first, last = plain(person.first), plain(person.last)
    local = maker.chance.choice((f"{first}.{last}", f"{last}{first[0]}", f"{first}_{last}"))
    address = f"{local}@{maker.chance.choice(maker.names['mails'])}"
    return Value("email", address, (maker.voice.email(address),))
