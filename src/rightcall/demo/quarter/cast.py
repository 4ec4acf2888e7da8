"""The people of the quarter. Nobody is real: the numbers are those that Ofcom, PTS and ARCEP keep for drama and fiction, the
addresses are under `example`."""

import random
from dataclasses import dataclass

_GIVEN = {
    "en": "Alice Amira Callum Daisy Ewan Fiona George Harriet Imran Jack Kirsty Leo Maya Noah Olivia Priya Rhys Sian Tom Zara",
    "sv": "Agneta Björn Cecilia Elsa Fredrik Greta Hugo Ingrid Johan Karin Lars Maja Nils Olof Petra Sven Tove Ulla Viktor Ylva",
    "fr": "Agathe Bastien Camille Didier Elise Fanny Gilles Hugues Ines Jeanne Karim Louise Mathis Nadia Odile Pascal Rose Yann",
}
_FAMILY = {
    "en": "Ashdown Birchall Copperfield Dunmore Eastlake Fairweather Garrick Hollis Inglewood Kestrel Larkin Marlowe Northgate",
    "sv": "Almqvist Bergdal Cederlund Dalman Ekvall Forsgren Granlund Hagström Isaksdal Kvarnbäck Lindmark Moberg Norrvik",
    "fr": "Aubrac Beaumont Castelain Delorme Estienne Fontanel Garance Hautbois Lacombe Marchal Noirel Perrault Rivoire",
}
_SHARE = (("en", 0.68), ("sv", 0.22), ("fr", 0.10))
_SILENT = 9
"""So many do not have their customer number at hand: those whom mails and reminders on the share tell of as well."""
_MOST = {"en": 1000, "sv": 95, "fr": 1000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """`customer_id`: what the company's own systems know them by. `tells_it`: to an agent who asks."""

    name: str
    tel: str
    email: str
    language: str
    customer_id: str
    tells_it: bool


def callers(dice: random.Random, number: int) -> list[Caller]:
    """As many as wanted, each with a number of their own, the languages mixed."""
    counted = dict.fromkeys(_MOST, 0)
    found = []
    for nth in range(number):
        language = _language(dice.random())
        if counted[language] == _MOST[language]:
            language = "en"
        given, family = dice.choice(_GIVEN[language].split()), dice.choice(_FAMILY[language].split())
        found.append(
            Caller(
                name=f"{given} {family}",
                tel=_number(language, counted[language]),
                email=f"{_plain(given)}.{_plain(family)}{nth}@caller.example",
                language=language,
                customer_id=f"NW-{204_000 + 7 * nth:06d}",
                tells_it=nth >= _SILENT,
            )
        )
        counted[language] += 1
    return found


def _language(chance: float) -> str:
    for language, share in _SHARE:
        if chance < share:
            return language
        chance -= share
    return "en"


def _number(language: str, nth: int) -> str:
    """Of the ranges that nobody is ever given."""
    return {"en": f"+447700900{nth:03d}", "sv": f"+467017406{5 + nth:02d}", "fr": f"+33639980{nth:03d}"}[language]


def _plain(name: str) -> str:
    return name.lower().translate(str.maketrans("åäöéè", "aaoee"))
