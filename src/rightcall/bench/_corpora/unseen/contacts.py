"""Where people who do not exist are reached, in more lands and more ways of writing than the other parts have. Telephone numbers
lie in ranges that are kept for fiction, where a country keeps such."""

from rightcall.bench._corpora.making.people import plain
from rightcall.bench._corpora.making.saying import month
from rightcall.bench._corpora.making.values import LETTERS, Maker, Person, Value, figures_of, some_day

_PHONES = {
    "en": (
        ("44", ("7700", "900"), 3), ("44", ("7700", "900"), 3), ("44", ("113", "496"), 4), ("44", ("131", "496"), 4),
        ("44", ("20", "7946"), 4), ("44", ("29", "2018"), 4), ("44", ("28", "9649"), 4), ("44", ("1632", "960"), 3),
    ),
    "us": (
        ("1", ("415", "555"), 4), ("1", ("917", "555"), 4), ("1", ("503", "555"), 4), ("1", ("604", "555"), 4),
        ("1", ("281", "555"), 4), ("1", ("786", "555"), 4),
    ),
    "de": (
        ("49", ("30", "23125"), 3), ("49", ("69", "90009"), 3), ("49", ("89", "99998"), 3), ("49", ("171", "39200"), 2),
        ("49", ("152", "288173"), 2), ("49", ("176", "040690"), 2),
    ),
    "fr": (
        ("33", ("1", "99", "00"), 4), ("33", ("4", "65", "71"), 4), ("33", ("6", "39", "98"), 4), ("33", ("6", "39", "98"), 4),
        ("33", ("5", "36", "49"), 4),
    ),
    "da": (("45", ("28", "71"), 4), ("45", ("51", "33"), 4), ("45", ("75", "42"), 4), ("45", ("98", "16"), 4)),
    "sv": (
        ("46", ("70", "174", "06"), 2), ("46", ("31", "390", "06"), 2), ("46", ("8", "465", "004"), 2),
        ("46", ("40", "628", "04"), 2),
    ),
}  # fmt: skip
_ENDS = {"fr": 2, "da": 2, "sv": 2}
_ABROAD = (
    ("31", ("6",), (8,)), ("34", ("6",), (2, 3, 3)), ("48", ("5",), (2, 3, 3)), ("47", ("9",), (2, 2, 3)),
    ("358", ("40",), (3, 4)), ("39", ("347",), (3, 4)), ("43", ("664",), (7,)), ("41", ("79",), (3, 2, 2)),
    ("32", ("475",), (2, 2, 2)), ("353", ("20", "91"), (5,)), ("351", ("91",), (1, 3, 3)), ("61", ("491", "570"), (3,)),
    ("234", ("803",), (3, 4)), ("91", ("98",), (3, 5)),
)  # fmt: skip
"""Country, beginnings, and how many figures follow in each group."""


def mail(maker: Maker, person: Person) -> Value:
    chance = maker.chance
    first, last = plain(person.first), plain(person.last)
    local = chance.choice(
        (f"{first}.{last}", f"{first}.{last}", f"{first}_{last}", f"{last}.{first}", f"{first[0]}{last}", f"{first}{last[0]}",
         f"{first}.{last[0]}", f"{first}{chance.randrange(60, 100)}", f"{last}{chance.randrange(2, 99)}", f"{last}.family")
    )  # fmt: skip
    address = f"{local}@{chance.choice(maker.names['mails'])}"
    return Value("email", address, (maker.voice.email(address),))


def middle(maker: Maker, person: Person) -> Value:
    whole = f"{person.first} {maker.chance.choice(LETTERS)}. {person.last}"
    return Value("person_name", whole, (whole.replace(".", ""),))


def initial(_: Maker, person: Person) -> Value:
    whole = f"{person.first[0]}. {person.last}"
    return Value("person_name", whole, (whole.replace(".", ""),))


def phone(maker: Maker) -> Value:
    """Of the language's country, and now and then of another."""
    return foreign(maker) if maker.chance.random() < 0.05 else _of(maker, maker.language)


def us_phone(maker: Maker) -> Value:
    return _of(maker, "us")


def _of(maker: Maker, land: str) -> Value:
    """As one writes it at home, or for callers from abroad."""
    chance = maker.chance
    country, start, many = chance.choice(_PHONES[land])
    end = f"01{figures_of(chance, 2)}" if land == "us" else figures_of(chance, many)
    pieces = [*start, *_cut(end, _ENDS.get(land, 4))]
    trunk = "" if land in ("us", "da") else "0"
    if chance.random() < 0.18:
        return _with_country(maker, country, pieces, trunk)
    pieces[0] = trunk + pieces[0]
    return maker.said("phone", chance.choice(_at_home(land, pieces)), *pieces)


def _at_home(land: str, pieces: list[str]) -> tuple[str, ...]:
    first, *rest = pieces
    spaced, joined = " ".join(pieces), "".join(pieces)
    match land:
        case "us":
            return f"({first}) {'-'.join(rest)}", "-".join(pieces), ".".join(pieces)
        case "de":
            return f"{first}/{''.join(rest)}", f"{first} {''.join(rest)}", f"{first} / {' '.join(rest)}", joined
        case "fr":
            return spaced, ".".join(pieces), joined
        case "sv":
            return f"{first}-{' '.join(rest)}", f"{first}-{''.join(rest)}", joined
        case "da":
            return spaced, joined
        case _:
            return spaced, joined, f"({first}) {' '.join(rest)}", f"{first} {''.join(rest)}"


def _with_country(maker: Maker, country: str, pieces: list[str], trunk: str) -> Value:
    chance = maker.chance
    kept = f"({trunk})" if trunk and chance.random() < 0.25 else ""
    lead = chance.choice((f"+{country} ", f"+{country} ", f"+{country}", f"00{country} "))
    written = f"{lead}{kept}{(' ' if lead.endswith(' ') else '').join(pieces)}"
    plus = "plus" if lead.startswith("+") else maker.voice.group("00")
    return Value("phone", written, (f"{plus} {maker.voice.group(country)}", *(maker.voice.group(each) for each in pieces)))


def foreign(maker: Maker) -> Value:
    """Of another country than the language's."""
    country, start, sizes = maker.chance.choice(_ABROAD)
    pieces = [*start, *(figures_of(maker.chance, size) for size in sizes)]
    return _with_country(maker, country, pieces, "")


def _cut(figures: str, size: int) -> list[str]:
    return [figures[place : place + size] for place in range(0, len(figures), size)]


def birth(maker: Maker) -> Value:
    return _born(maker, *some_day(maker.chance))


def young(maker: Maker) -> Value:
    """Of a child."""
    _, when, day = some_day(maker.chance)
    return _born(maker, maker.chance.randrange(2014, 2021), when, day)


def _born(maker: Maker, year: int, when: int, day: int) -> Value:
    name = month(when, maker.language)
    great, short = name.title(), f"{year % 100:02}"
    ways = {
        "en": (f"{day:02}/{when:02}/{year}", f"{day} {great} {year}", f"{great} {day}, {year}", f"{day}/{when}/{short}",
               f"{day}{_th(day)} {great} {year}", f"{year}-{when:02}-{day:02}", f"{day:02}-{great[:3]}-{year}"),
        "de": (f"{day:02}.{when:02}.{year}", f"{day}. {great} {year}", f"{day}.{when}.{year}", f"{day:02}.{when:02}.{short}"),
        "fr": (f"{day:02}/{when:02}/{year}", f"{day} {name} {year}", f"{day:02}.{when:02}.{year}", f"{day:02}/{when:02}/{short}"),
        "da": (f"{day:02}.{when:02}.{year}", f"{day}. {name} {year}", f"{day:02}-{when:02}-{year}", f"{day}/{when}-{year}"),
        "sv": (f"{year}-{when:02}-{day:02}", f"{day} {name} {year}", f"{day}/{when} {year}", f"{year}{when:02}{day:02}"),
    }  # fmt: skip
    said = maker.voice.birth(year, when, day)
    return Value("date_of_birth", maker.chance.choice(ways[maker.language]), (said,))


def _th(day: int) -> str:
    return "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def customer(maker: Maker) -> Value:
    written = f"NB-{maker.chance.randrange(10, 99)}-{figures_of(maker.chance, 6)}"
    return Value("customer_number", written, (written,))


def case(maker: Maker) -> Value:
    written = f"INC{figures_of(maker.chance, 7)}"
    return Value("case_number", written, (written,))
