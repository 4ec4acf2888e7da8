"""Who people who do not exist are and where they are reached, and what looks alike and is nobody's. Telephone numbers lie in
ranges that are kept for fiction, where a country keeps such."""

from rightcall.bench._corpora.making.people import plain
from rightcall.bench._corpora.making.saying import month, number
from rightcall.bench._corpora.making.values import LETTERS, Maker, Person, Value, figures_of, some_day, split

_PHONES = {
    "en": (
        ("44", "7700 900", 3), ("44", "20 7946 0", 3), ("44", "161 496 0", 3), ("44", "28 9649 6", 3), ("44", "1632 960", 3),
        ("1", "312 555 01", 2), ("1", "646 555 01", 2), ("1", "808 555 01", 2), ("61", "491 570 ", 3), ("353", "20 910 ", 4),
    ),
    "de": (
        ("49", "30 23125 ", 3), ("49", "171 39200", 2), ("49", "176 040690", 2), ("49", "221 4710 ", 3), ("49", "40 66969 ", 3),
    ),
    "fr": (("33", "1 99 00 ", 4), ("33", "2 61 91 ", 4), ("33", "3 53 01 ", 4), ("33", "6 39 98 ", 4), ("33", "5 36 49 ", 4)),
    "da": (("45", "32 12 ", 4), ("45", "20 57 ", 4), ("45", "86 19 ", 4), ("45", "61 40 ", 4)),
    "sv": (("46", "70 174 06 ", 2), ("46", "8 465 004 ", 2), ("46", "31 390 06 ", 2), ("46", "40 628 04 ", 2)),
}  # fmt: skip


def mail(maker: Maker, person: Person) -> Value:
    chance = maker.chance
    first, last = plain(person.first), plain(person.last)
    local = chance.choice(
        (f"{first}.{last}", f"{first}{last}", f"{first[0]}.{last}", f"{last}_{first}", f"{first}-{last}",
         f"{first}{figures_of(chance, 2)}", f"{first[0]}{last}{chance.randrange(1950, 2006)}")
    )  # fmt: skip
    address = f"{local}@{chance.choice(maker.names['mails'])}"
    return Value("email", address, (maker.voice.email(address),))


def phone(maker: Maker) -> Value:
    chance = maker.chance
    country, start, many = chance.choice(_PHONES[maker.language])
    national = (start + figures_of(chance, many)).replace("  ", " ")
    if maker.language == "fr":
        national = " ".join(split(national[:1], 1) + split(national[1:].replace(" ", ""), 2, 2, 2))
    is_abroad = country in ("61", "353") or chance.random() < 0.2
    trunk = "" if country in ("1", "45") else "0"
    pieces = national.split()
    if maker.language in ("fr", "da"):
        pieces = (
            split(national.replace(" ", ""), 1, 2, 2, 2) if maker.language == "fr" else split(national.replace(" ", ""), 2, 2, 2)
        )
    if not is_abroad:
        pieces[0] = trunk + pieces[0]
    written = chance.choice((" ", " ", "", "-" if country in ("1", "49", "46") else " ")).join(pieces)
    if country == "1" and not is_abroad and chance.random() < 0.4:
        written = f"({pieces[0]}) {pieces[1]}-{pieces[2]}"
    said = maker.said("phone", written, *pieces)
    if not is_abroad:
        return said
    plus = f"plus {maker.voice.group(country)}"
    return Value("phone", f"+{country} {written}" if chance.random() < 0.8 else f"00{country}{written}", (plus, *said.groups))


def birth(maker: Maker) -> Value:
    year, when, day = some_day(maker.chance)
    name = month(when, maker.language)
    ways = {
        "en": (f"{day:02}/{when:02}/{year}", f"{day}.{when}.{year % 100:02}", f"{day} {name[:3].title()} {year}",
               f"{year}-{when:02}-{day:02}"),
        "de": (f"{day:02}.{when:02}.{year}", f"{day}. {name.title()} {year}", f"{day}.{when}.{year % 100:02}"),
        "fr": (f"{day:02}/{when:02}/{year}", f"{day} {name} {year}", f"{day:02}-{when:02}-{year}"),
        "da": (f"{day:02}-{when:02}-{year}", f"{day}. {name} {year}", f"{day}/{when} {year}"),
        "sv": (f"{year}-{when:02}-{day:02}", f"{day} {name} {year}", f"{day}/{when} {year}"),
    }  # fmt: skip
    said = maker.voice.birth(year, when, day)
    return Value("date_of_birth", maker.chance.choice(ways[maker.language]), (said,))


def address(maker: Maker) -> Value:
    chance, names = maker.chance, maker.names
    street, town, house = chance.choice(names["streets"]), chance.choice(names["towns"]), chance.randrange(2, 180)
    post = _post(maker)
    house_said = maker.voice.group(str(house)) if house > 99 else number(house, maker.language)
    post_said = maker.voice.group(post.replace(" ", "")) if chance.random() < 0.6 else post
    if maker.language == "en":
        flat, flat_said = chance.choice((("", ""), ("", ""), ("Flat 3, ", "flat three "), ("Apt 12, ", "apartment twelve ")))
        written = f"{flat}{house} {street}, {town}{'' if post.isdigit() else ','} {post}"
        return Value("postal_address", written, (f"{flat_said}{house_said} {street}", town, post_said))
    if maker.language == "fr":
        return Value("postal_address", f"{house} {street}, {post} {town}", (f"{house_said} {street}", f"{post_said} {town}"))
    return Value("postal_address", f"{street} {house}, {post} {town}", (f"{street} {house_said}", f"{post_said} {town}"))


def _post(maker: Maker) -> str:
    chance = maker.chance
    if maker.language == "en":
        area = chance.choice(("M", "LS", "SW", "BT", "CF", "EH", "NG", "B", "SE"))
        return f"{area}{chance.randrange(1, 29)} {chance.randrange(1, 10)}{chance.choice(LETTERS)}{chance.choice('ABDEFGHJLNPQ')}"
    five = f"{chance.randrange(10, 96)}{figures_of(chance, 3)}"
    return {"de": five, "fr": five[:3] + "00", "da": five[:4], "sv": f"{five[:3]} {five[3:]}"}[maker.language]


def us_address(maker: Maker) -> Value:
    chance = maker.chance
    house = chance.randrange(12, 9900)
    street = chance.choice(("Alder Creek Drive", "W 43rd St", "Old Mill Rd", "Juniper Ave", "Pecan Blvd"))
    town, state, name = chance.choice(
        (("Toledo", "OH", "ohio"), ("Fresno", "CA", "california"), ("Waco", "TX", "texas"), ("Yonkers", "NY", "new york"))
    )
    code = f"{chance.randrange(10000, 98000)}"
    said = (f"{maker.voice.group(str(house))} {street}", f"{town} {name}", maker.voice.group(code))
    return Value("postal_address", f"{house} {street}, {town}, {state} {code}", said)


def postcode(maker: Maker) -> Value:
    post = _post(maker)
    return Value("postal_address", post, (maker.voice.group(post.replace(" ", "")),))


def price(maker: Maker) -> Value:
    whole, rest = maker.chance.randrange(5, 99), maker.chance.randrange(10, 99)
    unit = {"en": "pounds", "de": "euro", "fr": "euros", "da": "kroner og", "sv": "kronor och"}[maker.language]
    sign = {"en": f"£{whole}.{rest}", "de": f"{whole},{rest} €", "fr": f"{whole},{rest} €"}.get(
        maker.language, f"{whole},{rest} kr"
    )
    return Value(None, sign, (f"{number(whole, maker.language)} {unit} {number(rest, maker.language)}",))


def hours(maker: Maker) -> Value:
    start, end = maker.chance.randrange(7, 10), maker.chance.randrange(16, 21)
    to = {"en": "to", "de": "bis", "fr": "à", "da": "til", "sv": "till"}[maker.language]
    return Value(None, f"{start}:00-{end}:30", (f"{number(start, maker.language)} {to} {number(end, maker.language)}",))


def date(maker: Maker) -> Value:
    """A day of delivery, of a bill, of a contract: nobody's birthday."""
    when, day = maker.chance.randrange(1, 13), maker.chance.randrange(1, 29)
    written = {"en": f"{day:02}/{when:02}/2025", "fr": f"{day:02}/{when:02}/2025", "sv": f"2025-{when:02}-{day:02}"}
    spoken = f"{number(day, maker.language)} {month(when, maker.language)}"
    return Value(None, written.get(maker.language, f"{day:02}.{when:02}.2025"), (spoken,))


def customer(maker: Maker) -> Value:
    figures = figures_of(maker.chance, 7)
    return Value("customer_number", f"KX{figures}", (f"KX{figures}",))


def case(maker: Maker) -> Value:
    written = f"CAS-{maker.chance.randrange(24, 27)}-{figures_of(maker.chance, 5)}"
    return Value("case_number", written, (written,))
