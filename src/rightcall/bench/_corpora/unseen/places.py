"""Where people who do not exist live: on one line, on several, or by halves."""

from rightcall.bench._corpora.making.saying import number
from rightcall.bench._corpora.making.values import Maker, Value, figures_of

_STATES = (
    ("Dayton", "OH", "ohio", "454"), ("Tacoma", "WA", "washington", "984"), ("Albany", "NY", "new york", "122"),
    ("Tucson", "AZ", "arizona", "857"), ("Macon", "GA", "georgia", "312"), ("Duluth", "MN", "minnesota", "558"),
)  # fmt: skip
_FLATS = {
    "en": (("Flat 2, ", "flat two "), ("Flat 14, ", "flat fourteen "), ("Unit 5, ", "unit five ")),
    "da": ((", 2. tv.", " anden til venstre"), (", 1. th.", " første til højre"), (", st.", " stuen")),
    "sv": ((" B", " b"), (", lgh 1102", " lägenhet elva noll två"), (" A", " a")),
    "de": ((" a", " a"), (" b", " b")),
    "fr": ((" bis", " bis"), (" ter", " ter")),
}


def address(maker: Maker) -> Value:
    street, street_said = _street(maker)
    town, post = _town(maker)
    post_said = maker.voice.group(post.replace(" ", ""))
    if maker.language == "en":
        return Value(
            "postal_address", f"{street}, {town}{maker.chance.choice((', ', ' '))}{post}", (street_said, town, post_said)
        )
    return Value("postal_address", f"{street}, {post} {town}", (street_said, f"{post_said} {town}"))


def lines(maker: Maker) -> Value:
    """As it stands below a letter: one thing a line."""
    street, _ = _street(maker)
    town, post = _town(maker)
    written = f"{street}\n{town}\n{post}" if maker.language == "en" else f"{street}\n{post} {town}"
    return Value("postal_address", written, (written,))


def street(maker: Maker) -> Value:
    """No more than the first line."""
    written, said = _street(maker)
    return Value("postal_address", written, (said,))


def _street(maker: Maker) -> tuple[str, str]:
    chance, language = maker.chance, maker.language
    street, house = chance.choice(maker.names["streets"]), chance.randrange(1, 100)
    flat, flat_said = chance.choice(_FLATS[language]) if chance.random() < 0.25 else ("", "")
    said = number(house, language)
    if language == "en":
        return f"{flat}{house} {street}", f"{flat_said}{said} {street}"
    if language == "fr":
        return f"{house}{flat} {street}", f"{said}{flat_said} {street}"
    return f"{street} {house}{flat}", f"{street} {said}{flat_said}"


def _town(maker: Maker) -> tuple[str, str]:
    """With a postcode that begins as those of the town do."""
    chance = maker.chance
    town, start = chance.choice(list(zip(maker.names["towns"], maker.names["posts"], strict=True)))
    match maker.language:
        case "en":
            inward = f"{chance.randrange(1, 10)}{chance.choice('ABDEFGHJLN')}{chance.choice('ABDEFGHJLNPQRSTUWXYZ')}"
            return town, f"{start}{chance.randrange(1, 20)} {inward}"
        case "fr":
            return town, f"{start}{chance.randrange(10)}00"
        case "sv":
            return town, f"{start}{figures_of(chance, 1)} {figures_of(chance, 2)}"
        case _:
            return town, start + figures_of(chance, 2 if maker.language == "da" else 3)


def postcode(maker: Maker) -> Value:
    _, post = _town(maker)
    return Value("postal_address", post, (maker.voice.group(post.replace(" ", "")),))


def us_address(maker: Maker) -> Value:
    chance = maker.chance
    house, town = f"{chance.randrange(100, 9900)}", chance.choice(_STATES)
    street = chance.choice(
        ("Larkspur Lane", "N Halvorsen Ave", "Sycamore Bend Rd", "E 17th Street", "Old Quarry Drive", "Delmar Ct")
    )
    unit, unit_said = chance.choice((("", ""), ("", ""), (" Apt 4B", " apartment four b"), (" #210", " number two ten")))
    code = f"{town[3]}{figures_of(chance, 2)}"
    said = (f"{maker.voice.group(house)} {street}{unit_said}", f"{town[0]} {town[2]}", maker.voice.group(code))
    return Value("postal_address", f"{house} {street}{unit}, {town[0]}, {town[1]} {code}", said)
