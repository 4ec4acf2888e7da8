"""Numbers as people tell them on the telephone, made from a grammar with a seed: who asks, how the figures are grouped and said,
what is hesitated, mended and broken into, how it is read back. What no text has is found by what a grammar makes."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import phonenumbers

from rightcall.bench._corpora import saying

_WORDS: Mapping[str, Any] = tomllib.loads(Path(__file__).with_name("telling.toml").read_text(encoding="utf-8"))
LANGUAGES = ("en", "de", "fr", "da", "sv")
_NAMES = {
    "en": ("Agent", "Caller"),
    "de": ("Agent", "Anrufer"),
    "fr": ("Agent", "Client"),
    "da": ("Agent", "Kunde"),
    "sv": ("Agent", "Kund"),
}
_CALLED = {"GB": "44", "DE": "49", "FR": "33", "DK": "45", "SE": "46", "US": "1", "IE": "353", "CH": "41", "AT": "43"}
_HOMES = {"en": ("GB", "GB", "US", "IE"), "de": ("DE", "DE", "AT", "CH"), "fr": ("FR",), "da": ("DK",), "sv": ("SE",)}
_COUNTRIES = {"en": ("GB", "IE", "DE"), "de": ("DE", "AT", "CH"), "fr": ("FR", "BE", "MC"), "da": ("DK",), "sv": ("SE",)}
_SHAPES = {
    "GB": "4a14n",
    "IE": "4a14n",
    "DE": "18n",
    "AT": "16n",
    "CH": "17n",
    "FR": "23n",
    "BE": "12n",
    "MC": "23n",
    "DK": "14n",
    "SE": "20n",
}
_PLUS = {
    "en": ("plus", "double oh", "plus"),
    "de": ("plus", "null null"),
    "fr": ("plus", "zéro zéro"),
    "da": ("plus", "nul nul"),
    "sv": ("plus", "noll noll"),
}
_SIZES = {
    "bank_code": {"en": 6, "de": 8, "fr": 5, "da": 4, "sv": 4},
    "bank_account": {"en": 8, "de": 9, "fr": 11, "da": 10, "sv": 7},
}
_AMERICAN = ("212", "415", "617", "503", "312")
_AS_IN = {"en": "for", "de": "wie", "fr": "comme", "da": "for", "sv": "som i"}
_YES = {"en": "yes", "de": "ja", "fr": "oui", "da": "ja", "sv": "ja"}
_ALIKE = {"one": "won", "two": "to", "four": "for", "eight": "ate", "zero": "o"}
_NATO = (
    "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec romeo sierra tango"
    " uniform victor whiskey xray yankee zulu"
)
_DIN = (
    "anton berta cäsar dora emil friedrich gustav heinrich ida julius kaufmann ludwig martha nordpol otto paula quelle richard"
    " samuel theodor ulrich viktor wilhelm xanthippe ypsilon zacharias"
)
_ALPHABET, _GERMAN = ({word[0].upper(): word for word in words.split()} for words in (_NATO, _DIN))


@dataclass
class Told:
    """A text, and where the value is in it each time that it is told whole."""

    language: str
    kind: str
    value: str
    text: str = ""
    spans: list[list[tuple[int, int]]] = field(default_factory=list)

    def put(self, words: str) -> None:
        if self.text and not self.text.endswith((" ", "\n")) and words:
            self.text += " "
        self.text += words

    def put_value(self, words: str) -> None:
        self.put("")
        if self.text and not self.text.endswith((" ", "\n")):
            self.text += " "
        start = len(self.text)
        self.text += words
        self.spans[-1].append((start, len(self.text)))


def tell(language: str, kind: str, chance: Random) -> Told:
    value, lead = _value(language, kind, chance)
    told = Told(language, kind, value)
    style = _style(language, kind, chance)
    names = tuple(f"{each}: " for each in _NAMES[language]) if chance.random() < 0.9 else ("", "")
    _begin(told, names, chance)
    told.spans.append([])
    groups = _groups(value, kind, language, style, chance)
    if lead:
        told.put_value(lead)
    if chance.random() < 0.08 and len(groups) > 2:
        told.put(" ".join(_said(each, language, style, chance) for each in groups[:2]))
        told.put(chance.choice(_WORDS["anew"][language]))
        told.spans[-1] = []
        if lead:
            told.put_value(lead)
    _put_groups(told, groups, style, names, chance)
    told.put(chance.choice(_WORDS["closers"][language]))
    if names[0] and chance.random() < 0.35:
        _read_back(told, lead, names, chance)
    told.text += "\n"
    return told


def _begin(told: Told, names: Sequence[str], chance: Random) -> None:
    is_asked = not names[0] or chance.random() < 0.7
    told.text = f"{names[0]}{chance.choice(_WORDS['asks'][told.kind][told.language])}\n{names[1]}" if is_asked else names[1]
    if chance.random() < 0.3:
        told.put(chance.choice(_WORDS["hesitations"][told.language]))
    if not is_asked or chance.random() < 0.3:
        told.put(chance.choice(_WORDS["own"][told.kind][told.language]))


def _put_groups(told: Told, groups: Sequence[str], style: str, names: Sequence[str], chance: Random) -> None:
    """With what is hesitated and mended, and where the other party breaks in."""
    language = told.language
    mended = chance.randrange(len(groups)) if chance.random() < 0.2 else -1
    is_broken = bool(names[0]) and chance.random() < 0.5
    for place, group in enumerate(groups):
        way = chance.random() if place else 1
        if way < 0.12:
            told.put(chance.choice(_WORDS["hesitations"][language]))
        elif way < 0.45 and is_broken:
            told.text += f"\n{names[0]}{chance.choice(_WORDS['prompts'][language])}\n{names[1]}"
        if place == mended and not group.isalpha():
            wrong = "".join(str((int(each) + 1) % 10) if each.isdigit() else each for each in group)
            told.put(_said(wrong, language, style, chance))
            told.put(chance.choice(_WORDS["mends"][language]))
        told.put_value(_said(group, language, style, chance))


def _read_back(told: Told, lead: str, names: Sequence[str], chance: Random) -> None:
    """In other groups, as whoever writes it down has them."""
    style = _style(told.language, told.kind, chance)
    told.text += f"\n{names[0]}{chance.choice(_WORDS['back'][told.language])}"
    told.spans.append([])
    if lead:
        told.put_value(lead)
    for group in _groups(told.value, told.kind, told.language, style, chance):
        told.put_value(_said(group, told.language, style, chance))
    told.text += f"\n{names[1]}{_YES[told.language]}"


def _value(language: str, kind: str, chance: Random) -> tuple[str, str]:
    """The value, and how the beginning of it is said where that is no figure."""
    if kind == "phone":
        region = chance.choice(_HOMES[language])
        number = _phone(region, chance)
        national = phonenumbers.national_significant_number(number)
        if chance.random() < 0.2 or (region != _HOMES[language][0] and region != "US"):
            return _CALLED[region] + national, chance.choice(_PLUS[language])
        return ("" if region in ("US", "DK") else "0") + national, ""
    if kind == "iban":
        return _iban(chance.choice(_COUNTRIES[language]), chance), ""
    return chance.choice("12345678") + _figures(_SIZES[kind][language] - 1, chance), ""


def _figures(many: int, chance: Random) -> str:
    return "".join(chance.choice("0123456789") for _ in range(many))


def _phone(region: str, chance: Random) -> phonenumbers.PhoneNumber:
    kinds = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE)
    while True:
        example = phonenumbers.example_number_for_type(region, chance.choice(kinds))
        if example is None:
            continue
        head = phonenumbers.national_significant_number(example)
        kept = 4 if region in ("GB", "IE", "US", "DE", "AT") else 2
        body = head[:kept] + _figures(len(head) - kept, chance)
        if region == "US":
            body = chance.choice(_AMERICAN) + chance.choice("23456789") + _figures(6, chance)
        number = phonenumbers.parse(f"+{_CALLED[region]}{body}")
        if phonenumbers.is_valid_number(number):
            return number


def _iban(country: str, chance: Random) -> str:
    shape = _SHAPES[country]
    letters, figures = (4, 14) if "a" in shape else (0, int(shape[:-1]))
    body = "".join(chance.choice("ABCDEFGHKLMNPRSTW") for _ in range(letters)) + _figures(figures, chance)
    as_number = int("".join(str(int(c, 36)) for c in f"{body}{country}00"))
    return f"{country}{98 - as_number % 97:02}{body}"


def _style(language: str, kind: str, chance: Random) -> str:
    if kind == "iban":
        return chance.choice(("ones", "ones", "pairs", "figures", "mixed"))
    return chance.choice(
        {
            "en": ("ones", "ones", "double", "double", "pairs", "figures", "mixed", "alike"),
            "de": ("ones", "pairs", "mixed", "figures", "zwo"),
            "fr": ("pairs", "pairs", "plain", "ones", "figures", "mixed"),
            "da": ("ones", "pairs", "figures", "mixed"),
            "sv": ("ones", "pairs", "hundreds", "figures", "mixed"),
        }[language]
    )


def _groups(value: str, kind: str, language: str, style: str, chance: Random) -> list[str]:
    letters = 0
    while letters < len(value) and value[letters].isalpha():
        letters += 1
    head, rest = ([value[:letters]] if letters else []), value[letters:]
    if kind == "iban":
        four = chance.random() < 0.5
        cut = [rest[:2], *_cut(rest[2:], (4,) if four else (2, 3, 4), chance)]
        return head + cut
    if style in ("pairs", "plain"):
        odd = len(rest) % 2
        if rest[0] == "0" and language != "fr":
            odd += 2
        return head + ([rest[:odd]] if odd else []) + _cut(rest[odd:], (2,), chance)
    if style == "hundreds":
        return head + _cut(rest, (2, 3, 3), chance)
    return head + _cut(rest, (3, 4, 4, 5, 2), chance)


def _cut(value: str, sizes: Sequence[int], chance: Random) -> list[str]:
    found = []
    while value:
        size = chance.choice(sizes)
        size = len(value) if len(value) - size < 2 and len(value) <= 5 else size
        found.append(value[:size])
        value = value[size:]
    return found


def _said(group: str, language: str, style: str, chance: Random) -> str:
    if not group.isdigit():
        return _lettered(group, language, style, chance)
    if style == "figures":
        return group
    if style == "mixed":
        style = chance.choice(("figures", "ones", "ones", "pairs"))
        return _said(group, language, style, chance)
    if style in ("pairs", "plain") and len(group) % 2 == 0:
        said = " ".join(_pair(group[place : place + 2], language, chance) for place in range(0, len(group), 2))
        return said.replace("-", " ") if style == "plain" else said
    if style == "hundreds" and len(group) == 3 and group[0] != "0":
        return saying.hundreds(int(group), language, chance)
    if style == "double":
        return _doubled(group, language, chance)
    words = [saying.ones(each, language, chance) for each in group]
    if style == "zwo":
        words = ["zwo" if word == "zwei" else word for word in words]
    if style == "alike":
        words = [_ALIKE.get(word, word) if chance.random() < 0.3 else word for word in words]
    return " ".join(words)


def _pair(pair: str, language: str, chance: Random) -> str:
    if pair[0] == "0":
        return f"{saying.ones('0', language, chance)} {saying.ones(pair[1], language, chance)}"
    return saying.below_hundred(int(pair), language)


def _doubled(group: str, language: str, chance: Random) -> str:
    words, place = [], 0
    while place < len(group):
        run = next(size for size in (3, 2, 1) if group[place : place + size] == group[place] * size)
        words.append({1: "", 2: "double ", 3: "triple "}[run] + saying.ones(group[place], language, chance))
        place += run
    return " ".join(words)


def _lettered(group: str, language: str, style: str, chance: Random) -> str:
    alphabet = _GERMAN if language == "de" else _ALPHABET
    way = chance.choice(("plain", "plain", "name", "as in", "one word")) if group.isalpha() else "plain"
    words = []
    for each in group:
        if each.isdigit():
            words.append(each if style == "figures" else saying.ones(each, language, chance))
        elif way == "name":
            words.append(alphabet[each])
        elif way == "as in":
            words.append(f"{each.lower()} {_AS_IN[language]} {alphabet[each]}")
        else:
            words.append(each.lower())
    return "".join(words) if way == "one word" and len(group) == 2 else " ".join(words)
