"""In which country whoever is meant lives, as far as a number or an address tells: from the clues of one finding, before they are
blinded.

A number tells where its line was given out. An address tells by the form of its postcode and the words that its streets are
called by: five figures with a "Straße" are Germany's, since Austria and Switzerland have four. What several countries write alike
tells nothing. Deliberately not read: towns and names of countries.
"""

import re
from collections.abc import Iterable, Mapping

from rightcall.discovery.linking.clues import ClueKind
from rightcall.personal import Personal
from rightcall.subjects.model import Identifier, IdentifierKind
from rightcall.subjects.places import number_place

_BY_POSTCODE = (
    (re.compile(r"[a-z]{1,2}[0-9][0-9a-z]?[0-9][a-z]{2}"), "GB"),
    (re.compile(r"[1-9][0-9]{3}[a-z]{2}"), "NL"),
)
_LAST = r"(?: [0-9]+[a-z]?)?$"
_BY_STREET: Mapping[int, tuple[tuple["re.Pattern[str]", str], ...]] = {
    5: (
        (re.compile(r"(?:strasse|platz|weg|gasse|allee|ring|damm|ufer|chaussee)" + _LAST), "DE"),
        (re.compile(r"^(?:rue|avenue|boulevard|place|chemin|allee|impasse|quai|route|cours|square) "), "FR"),
        (re.compile(r"(?:gatan|vaegen|graend|torget|stigen|gata|vaeg)" + _LAST), "SE"),
        (re.compile(r"(?:katu|tie|polku|kuja)" + _LAST), "FI"),
        (re.compile(r"^(?:calle|avenida|plaza|paseo|carrer) "), "ES"),
        (re.compile(r" (?:street|road|avenue|lane|drive|boulevard|court|way)" + _LAST), "US"),
    ),
    4: (
        (re.compile(r"(?:vej|gade|alle|straede|plads|torv)" + _LAST), "DK"),
        (re.compile(r"(?:veien|vei|gata|gate)" + _LAST), "NO"),
    ),
}
_NONE: tuple[tuple["re.Pattern[str]", str], ...] = ()


def country_of(clues: Iterable[tuple[str, str]]) -> str | None:
    """Of one finding: kinds of clues and what they say. A code such as DK or US-CA; None where nothing tells."""
    all_told = list(clues)
    told, numbers = dict(all_told), [value for kind, value in all_told if kind == ClueKind.TEL]
    if numbers:
        found = {number_place([Identifier(kind=IdentifierKind.TEL, value=Personal(each))]) for each in numbers}
        return found.pop() if len(found) == 1 else None
    postcode, street = told.get(ClueKind.POSTCODE, ""), told.get(ClueKind.STREET, "")
    for form, country in _BY_POSTCODE:
        if form.fullmatch(postcode):
            return country
    forms = _BY_STREET.get(len(postcode), _NONE) if postcode.isdecimal() and street else _NONE
    return next((country for form, country in forms if form.search(street)), None)
