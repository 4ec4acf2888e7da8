"""How people who do not exist are called."""

import string
import unicodedata

from rightcall.bench._corpora.making.values import Maker, Person, Value


def full(_: Maker, person: Person) -> Value:
    whole = f"{person.first} {person.last}"
    return Value("person_name", whole, (whole,))


def turned(_: Maker, person: Person) -> Value:
    whole = f"{person.last}, {person.first}"
    return Value("person_name", whole, (whole,))


def spelled(_: Maker, person: Person) -> Value:
    letters = [each for each in person.last.lower() if each.isalpha()]
    return Value("person_name", person.last, (" ".join(letters),))


def first(_: Maker, person: Person) -> Value:
    return Value("person_name", person.first, (person.first,))


def last(_: Maker, person: Person) -> Value:
    return Value("person_name", person.last, (person.last,))


def plain(name: str) -> str:
    """As it stands in an address for mail."""
    name = name.lower().replace("ø", "o").replace("æ", "ae").replace("ß", "ss").replace("ł", "l")
    return "".join(each for each in unicodedata.normalize("NFKD", name) if each in string.ascii_lowercase)
