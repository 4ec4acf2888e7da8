"""What looks like something of somebody and is nobody's: amounts, times, days, parcels, products, firms."""

from rightcall.bench._corpora.making.saying import month, number, ordinal
from rightcall.bench._corpora.making.values import Maker, Value, figures_of, split

_MONEY = {
    "en": ("£{0}", ".", "pounds"), "de": ("{0} €", ",", "euro"), "fr": ("{0} €", ",", "euros"),
    "da": ("{0} kr.", ",", "kroner"), "sv": ("{0} kr", ",", "kronor"),
}  # fmt: skip
_THOUSAND = {"en": "thousand", "de": "tausend", "fr": "mille", "da": "tusind", "sv": "tusen"}
_PERCENT = {"en": "percent", "de": "prozent", "fr": "pour cent", "da": "procent", "sv": "procent"}


def price(maker: Maker) -> Value:
    chance = maker.chance
    whole, rest = chance.randrange(8, 100), chance.choice((0, 0, 50, 99, chance.randrange(10, 100)))
    shape, mark, unit = _MONEY[maker.language]
    written = shape.format(f"{whole}{mark}{rest:02}" if rest else whole)
    said = f"{number(whole, maker.language)} {unit}"
    return Value(None, written, (f"{said} {number(rest, maker.language)}" if rest else said,))


def large(maker: Maker) -> Value:
    """A sum in thousands."""
    thousands = maker.chance.randrange(11, 90)
    shape = {"en": "£{0},000", "fr": "{0} 000 €", "de": "{0}.000 €", "da": "{0}.000 kr.", "sv": "{0} 000 kr"}[maker.language]
    return Value(None, shape.format(thousands), (f"{number(thousands, maker.language)} {_THOUSAND[maker.language]}",))


def time(maker: Maker) -> Value:
    return _time(maker, maker.chance.randrange(8, 15))


def later(maker: Maker) -> Value:
    return _time(maker, maker.chance.randrange(16, 21))


def _time(maker: Maker, hour: int) -> Value:
    minute = maker.chance.choice((10, 15, 20, 30, 45, 55))
    if maker.language == "en":
        return _english_time(maker, hour, minute)
    mark = {"fr": "h", "da": "."}.get(maker.language, ":")
    word = {"de": " uhr ", "fr": " heures "}.get(maker.language, " ")
    return Value(None, f"{hour}{mark}{minute}", (f"{number(hour, maker.language)}{word}{number(minute, maker.language)}",))


def _english_time(maker: Maker, hour: int, minute: int) -> Value:
    short = (hour - 1) % 12 + 1
    half = "am" if hour < 12 else "pm"
    said = [f"{number(short, 'en')} {number(minute, 'en')}"]
    said += {15: [f"quarter past {number(short, 'en')}"], 30: [f"half past {number(short, 'en')}"]}.get(minute, [])
    written = maker.chance.choice((f"{hour}:{minute}", f"{short}:{minute}{half}", f"{short}.{minute}{half}"))
    return Value(None, written, (maker.chance.choice(said),))


def date(maker: Maker) -> Value:
    """Of a visit, a bill or a contract."""
    when, day, year = maker.chance.randrange(1, 13), maker.chance.randrange(1, 29), maker.chance.choice((2025, 2026))
    name = month(when, maker.language)
    written = {
        "en": (f"{day} {name.title()}", f"{day:02}/{when:02}/{year}", f"{name.title()} {day}"),
        "de": (f"{day:02}.{when:02}.{year}", f"{day}. {name.title()}"),
        "fr": (f"{day} {name} {year}", f"{day:02}/{when:02}"),
        "da": (f"{day}. {name}", f"{day:02}.{when:02}.{year}"),
        "sv": (f"{day} {name}", f"{day}/{when}"),
    }[maker.language]
    nth = number(day, "fr") if maker.language == "fr" else ordinal(day, maker.language)
    said = f"the {nth} of {name}" if maker.language == "en" else f"{nth} {name}"
    return Value(None, maker.chance.choice(written), (said,))


def parcel(maker: Maker) -> Value:
    start = maker.chance.choice(("JD00", "1Z", "RM", "PKT", "CP"))
    figures = figures_of(maker.chance, 10)
    return maker.said(None, f"{start}{figures}", start, *split(figures, 3, 3))


def product(maker: Maker) -> Value:
    written = maker.chance.choice(("TX-{0}", "HM{0}-B", "Q{0}/2", "VRT {0}", "DL-{0}E")).format(figures_of(maker.chance, 4))
    pieces = written.replace("-", " ").replace("/", " ").split()
    return maker.said(None, written, *pieces)


def reading(maker: Maker) -> Value:
    figures = "0" + figures_of(maker.chance, 4)
    return maker.said(None, figures, figures)


def once(maker: Maker) -> Value:
    """A code that is good once."""
    figures = figures_of(maker.chance, 6)
    return maker.said(None, figures, *split(figures, 3))


def share(maker: Maker) -> Value:
    value = maker.chance.randrange(3, 40)
    written = f"{value}%" if maker.language == "en" else f"{value} %"
    return Value(None, written, (f"{number(value, maker.language)} {_PERCENT[maker.language]}",))


def firm(maker: Maker) -> Value:
    name = maker.chance.choice(maker.names["firms"])
    return Value(None, name, (name,))


def few(maker: Maker) -> Value:
    value = maker.chance.randrange(2, 10)
    return Value(None, f"{value}", (number(value, maker.language),))
