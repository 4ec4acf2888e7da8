"""A postal address as a household's sign: postcode with house number, and the street.

The postcode is the United Kingdom's, the Netherlands', or four or five digits as most others write it. The house number is the
number that stands before or behind the street's name, with its letter. A flat or a floor is left out: it is written in too many
ways, so people of one house look like one household, which only makes linking more careful.
"""

import re
from dataclasses import dataclass

from rightcall.discovery.linking.names import folded

_UK = re.compile(r"\b([a-z]{1,2}[0-9][0-9a-z]?) ?([0-9][a-z]{2})\b")
_NL = re.compile(r"\b([1-9][0-9]{3}) ?([a-z]{2})\b")
_DIGITS = re.compile(r"(?:^|(?<=[ ,]))(?:[a-z]{1,2}-)?([0-9]{5}|[0-9]{3} [0-9]{2}|[0-9]{4})(?:-[0-9]{4})?(?=$|[ ,])")
_HOUSE = re.compile(r"(?:^|(?<=[ ,.]))([0-9]{1,5})(?:[ -]?([a-z])(?![a-z0-9]))?(?=$|[ ,.\-/])")
_FLAT = re.compile(r"\b(?:flat|apt|apartment|unit|suite|floor|lgh|etage|box|app?t)\.? ?#?[0-9]+[a-z]?\b|#[0-9]+")
_FLOOR = re.compile(r",? *[0-9]{1,2}\.(?: ?(?:sal|th|tv|mf|og|stock|etage))*\b")
_POSTCODE_HEAD = re.compile(r"post(?:al)?[ _-]?(?:code|nummer|nr|no)|^plz$|^zip|code[ _-]?postal|codigo[ _-]?postal", re.I)
_SHORT_WORDS = {
    "st": "street",
    "rd": "road",
    "ave": "avenue",
    "av": "avenue",
    "ln": "lane",
    "dr": "drive",
    "blvd": "boulevard",
    "bd": "boulevard",
    "sq": "square",
    "ct": "court",
    "pl": "place",
    "str": "strasse",
    "gt": "gate",
}
_WAY = re.compile(rf"\b(?:{'|'.join([*_SHORT_WORDS, *_SHORT_WORDS.values(), 'way', 'terrace', 'close', 'highway'])})\b")
_STR_ENDING = re.compile(r"(?<=[a-z]{2})str(?:\.|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Each empty where the text does not tell."""

    postcode: str = ""
    house: str = ""
    street: str = ""


def read(text: str, field: str | None = None) -> Address:
    """`field`, the column's head, tells that digits alone are a postcode."""
    written = " ".join(folded(text).replace("\n", ", ").split())
    if field and _POSTCODE_HEAD.search(field):
        return Address(postcode="".join(each for each in written if each.isalnum()))
    match = _postcode(written)
    rest = written if match is None else f"{written[: match.start()]},{written[match.end() :]}"
    postcode = "" if match is None else "".join(each or "" for each in match.groups()).replace(" ", "")
    rest = _FLOOR.sub("", _FLAT.sub("", rest))
    for line in (each.strip(" .") for each in rest.split(",")):
        house = _HOUSE.search(line)
        if house is not None:
            street = _street(f"{line[: house.start()]} {line[house.end() :]}")
            return Address(postcode=postcode, house=f"{int(house[1])}{house[2] or ''}", street=street or _next_line(rest, line))
    return Address(postcode=postcode)


def _postcode(text: str) -> "re.Match[str] | None":
    """The last of a kind. Digits that begin the line and are followed by a street's name are the number of a house."""
    for form in (_UK, _NL):
        if (found := list(form.finditer(text))) and form is _UK:
            return found[-1]
        if found and any(each.start() > 0 for each in found):
            return found[-1]
    found = list(_DIGITS.finditer(text))
    is_house = len(found) == 1 and found[0].start() == 0 and _WAY.search(text.partition(",")[0]) is not None
    return found[-1] if found and not is_house else None


def _street(text: str) -> str:
    words = re.findall(r"[^\W\d_]+\.?", _STR_ENDING.sub("strasse", text))
    return " ".join(_SHORT_WORDS.get(bare, bare) for bare in (word.strip(".") for word in words))


def _next_line(text: str, line: str) -> str:
    """Where the number stands on a line of its own ("12, rue de la Paix")."""
    _, _, behind = text.partition(line)
    return next((street for part in behind.split(",") if (street := _street(part))), "")
