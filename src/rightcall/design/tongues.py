"""The languages that pages speak: words from gettext catalogues, and numbers, days and moments as that language writes them.

A catalogue is a `.po` file, read as it is: nothing is compiled beforehand. A word that a catalogue lacks stands in English, and a
test says which those are.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Literal

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_timezone, get_timezone_name
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.support import NullTranslations, Translations
from babel.units import format_unit

from rightcall.languages import marked

__all__ = ["CATALOGUES", "CHOSEN", "ENGLISH", "NAMES", "Tongue", "in_tongue", "marked", "tongue_for"]

ENGLISH = "en"
NAMES = {
    ENGLISH: "English",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
    "da": "Dansk",
    "sv": "Svenska",
    "fi": "Suomi",
    "nl": "Nederlands",
}
"""Of each language its own name for itself, by its code (ISO 639-1)."""


def in_tongue(language: str, version: int) -> str:
    """Of a notice, as "Deutsch, version 2"."""
    return f"{NAMES.get(language, language)}, version {version}"


CHOSEN = "__Host-rightcall-tongue"
"""The cookie in which somebody's browser keeps the language that they chose."""

_LOCALES = {ENGLISH: "en_GB"}
CATALOGUES = Path(__file__).parent / "catalogues"


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language, and where its moments are told: `zone` is a name of the IANA database. `is_long`: the day of a moment is
    written as a day by itself is, for whoever reads few of them; else as short as a table wants it."""

    code: str = ENGLISH
    zone: str = "UTC"
    is_long: bool = False

    @property
    def locale(self) -> str:
        return _LOCALES.get(self.code, self.code)

    @property
    def words(self) -> NullTranslations:
        return _catalogue(self.code)

    def number(self, amount: float) -> str:
        return format_decimal(amount, locale=self.locale)

    def megabytes(self, bytes: int) -> str:
        """As "1 MB", of whole ones (of 1,048,576 bytes)."""
        return format_unit(bytes >> 20, "digital-megabyte", length="short", locale=self.locale)

    def percent(self, share: float) -> str:
        return format_percent(share, locale=self.locale)

    def day(self, on: date | datetime) -> str:
        """As "26 November 2026"; of a moment, the day that it is in the zone."""
        local = on.astimezone(get_timezone(self.zone)).date() if isinstance(on, datetime) else on
        return self._ordinal(format_date(local, "long", locale=self.locale))

    def month(self, on: date) -> str:
        """As "November 2026"."""
        return format_skeleton("yMMMM", on, locale=self.locale)

    def moment(self, at: datetime) -> str:
        """As "26 Nov 2026 22:21" or "26 November 2026 22:21", in the order and with the points of the language."""
        return self._at(at, "short")

    def instant(self, at: datetime) -> str:
        """To the second: for what follows upon one another within a minute."""
        return self._at(at, "medium")

    def time(self, at: datetime) -> str:
        """As "22:21:05": for what is of today."""
        return format_time(at, "medium", tzinfo=get_timezone(self.zone), locale=self.locale)

    def stretch(self, since: datetime, until: datetime) -> str:
        """As "27 Oct 2026 17:29:00 – 17:29:40": the day once where it is one."""
        zone = get_timezone(self.zone)
        is_one_day = since.astimezone(zone).date() == until.astimezone(zone).date()
        ends = self.time(until) if is_one_day else self.instant(until)
        return f"{self.instant(since)} – {ends}"

    def _at(self, at: datetime, form: Literal["short", "medium"]) -> str:
        zone = get_timezone(self.zone)
        day = self.day(at) if self.is_long else self._ordinal(format_skeleton("yMMMd", at, tzinfo=zone, locale=self.locale))
        return f"{day} {format_time(at, form, tzinfo=zone, locale=self.locale)}"

    def _ordinal(self, day: str) -> str:
        """French counts the first day of a month, and no other, which CLDR leaves to whoever writes."""
        return f"1er{day[1:]}" if self.code == "fr" and day.startswith("1 ") else day

    def lasted(self, seconds: float) -> str:
        """As "1 minute 5 seconds"."""
        minutes, rest = divmod(round(seconds), 60)
        told = [format_unit(minutes, "duration-minute", locale=self.locale)] if minutes else []
        told += [format_unit(rest, "duration-second", locale=self.locale)] if rest or not minutes else []
        return " ".join(told)

    @property
    def zone_name(self) -> str:
        """As "Central European Time"."""
        if self.zone == "UTC":
            return "UTC"
        return get_timezone_name(get_timezone(self.zone), locale=self.locale)

    @property
    def colon(self) -> str:
        """French keeps it apart from the word before it, on the same line."""
        return "\u00a0:" if self.code == "fr" else ":"

    def country(self, code: str) -> str:
        """The name of a country by its code (ISO 3166-1); the code itself where it has none."""
        return str(Locale.parse(self.locale).territories.get(code, code))

    def listed(self, words: list[str]) -> str:
        """As "one, two and three"."""
        return format_list(words, locale=self.locale)


def tongue_for(accepted: str, *, chosen: str = "", zone: str = "UTC") -> Tongue:
    """`chosen` where we speak it, else what a browser likes best (RFC 9110, section 12.5.4) of what we speak, else English."""
    if chosen in NAMES:
        return Tongue(chosen, zone)
    wished = sorted(map(_weighed, accepted.split(",")), key=lambda each: -each[1])
    return Tongue(next((code for code, weight in wished if weight > 0 and code in NAMES), ENGLISH), zone)


def _weighed(wish: str) -> tuple[str, float]:
    name, _, weight = wish.partition(";q=")
    code = name.strip().partition("-")[0].lower()
    try:
        return code, float(weight) if weight else 1.0
    except ValueError:
        return code, 0.0


@cache
def _catalogue(code: str) -> NullTranslations:
    file = CATALOGUES / f"{code}.po"
    if not file.exists():
        return NullTranslations()
    compiled = BytesIO()
    with file.open("rb") as opened:
        write_mo(compiled, read_po(opened, locale=code))
    compiled.seek(0)
    return Translations(compiled)
