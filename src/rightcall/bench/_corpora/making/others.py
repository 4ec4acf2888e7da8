"""Addresses of computers, and what looks like one and is none; towns that nobody is said to live at."""

from rightcall.bench._corpora.making.saying import number
from rightcall.bench._corpora.making.values import Maker, Value


def ip(maker: Maker) -> Value:
    chance = maker.chance
    if chance.random() < 0.2:
        return Value(
            "ip_address",
            (six := f"2001:db8:{chance.randrange(16, 65535):x}:{chance.randrange(1, 99)}::{chance.randrange(1, 255):x}"),
            (six,),
        )
    numbers = chance.choice(("203.0.113", "198.51.100", "192.0.2", "192.168.1", "10.14.0")).split(".")
    written = ".".join([*numbers, str(chance.randrange(2, 250))])
    dot = {"en": "dot", "de": "punkt", "fr": "point", "da": "punktum", "sv": "punkt"}[maker.language]
    return Value("ip_address", written, (f" {dot} ".join(maker.voice.group(each) for each in written.split(".")),))


def version(maker: Maker) -> Value:
    numbers = [str(maker.chance.randrange(0, 12)) for _ in range(4)]
    return Value(None, ".".join(numbers), (" ".join(number(int(each), maker.language) for each in numbers),))


def town(maker: Maker) -> Value:
    town = maker.chance.choice(maker.names["towns"])
    return Value(None, town, (town,))
