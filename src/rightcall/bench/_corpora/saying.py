"""How people say numbers and addresses: words of its own, which the detectors do not share."""

import random
from collections.abc import Mapping, Sequence

_ONES: Mapping[str, Sequence[str]] = {
    "en": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
    "de": ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"],
    "fr": ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"],
    "da": ["nul", "en", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni"],
    "sv": ["noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio"],
}
_TEENS: Mapping[str, Sequence[str]] = {
    "en": ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"],
    "de": ["zehn", "elf", "zwölf", "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn"],
    "fr": ["dix", "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"],
    "da": ["ti", "elleve", "tolv", "tretten", "fjorten", "femten", "seksten", "sytten", "atten", "nitten"],
    "sv": ["tio", "elva", "tolv", "tretton", "fjorton", "femton", "sexton", "sjutton", "arton", "nitton"],
}
_TENS: Mapping[str, Sequence[str]] = {
    "en": ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
    "de": ["zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"],
    "fr": ["vingt", "trente", "quarante", "cinquante", "soixante", "soixante", "quatre-vingt", "quatre-vingt"],
    "da": ["tyve", "tredive", "fyrre", "halvtreds", "tres", "halvfjerds", "firs", "halvfems"],
    "sv": ["tjugo", "trettio", "fyrtio", "femtio", "sextio", "sjuttio", "åttio", "nittio"],
}
_MONTHS: Mapping[str, Sequence[str]] = {
    language: names.split()
    for language, names in (
        ("en", "January February March April May June July August September October November December"),
        ("de", "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
        ("fr", "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
        ("da", "januar februar marts april maj juni juli august september oktober november december"),
        ("sv", "januari februari mars april maj juni juli augusti september oktober november december"),
    )
}
_FIRSTS = "first second third fourth fifth sixth seventh eighth ninth".split()  # noqa: SIM905 - they read as a list
_ORDINALS = [
    *_FIRSTS,
    *"tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),  # noqa: SIM905
    *(f"twenty {first}" for first in _FIRSTS[:8]),
]
_DOT = {"en": "dot", "de": "punkt", "fr": "point", "da": "punktum", "sv": "punkt"}
_AT = {"en": "at", "de": "at", "fr": "arobase", "da": "snabel-a", "sv": "snabel-a"}
_FILLERS = {"en": ["uh", "um", "er"], "de": ["äh", "ähm"], "fr": ["euh"], "da": ["øh", "øhm"], "sv": ["eh", "öh"]}


def ones(digit: str, language: str, chance: random.Random) -> str:
    if digit == "0" and language == "en":
        return chance.choice(("zero", "oh", "oh"))
    if digit == "2" and language == "de" and chance.random() < 0.3:
        return "zwo"
    return _ONES[language][int(digit)]


def below_hundred(value: int, language: str) -> str:
    if value < 10:
        return _ONES[language][value]
    if value < 20:
        return _TEENS[language][value - 10]
    ten, one = _TENS[language][value // 10 - 2], value % 10
    if language == "fr":
        return _french(value, ten)
    if not one:
        return ten
    digit = "ein" if language == "de" and one == 1 else _ONES[language][one]
    joined = {"en": f"{ten} {digit}", "de": f"{digit}und{ten}", "da": f"{digit}og{ten}", "sv": f"{ten}{digit}"}
    return joined[language]


def _french(value: int, ten: str) -> str:
    rest = value - {7: 60, 9: 80}.get(value // 10, value // 10 * 10)
    if rest == 0:
        return ten + "s" * (value == 80)
    if rest in (1, 11) and value < 80:
        return f"{ten} et {_ONES['fr'][1] if rest == 1 else _TEENS['fr'][1]}"
    return f"{ten}-{_ONES['fr'][rest] if rest < 10 else _TEENS['fr'][rest - 10]}"


def hundreds(value: int, language: str, chance: random.Random) -> str:
    """From 100 to 999."""
    one, rest = divmod(value, 100)
    after = below_hundred(rest, language) if rest else ""
    if language == "en":
        return (
            f"{_ONES['en'][one]} hundred {chance.choice(('', 'and '))}{after}".strip() if rest else f"{_ONES['en'][one]} hundred"
        )
    if language == "de":
        return f"{'ein' if one == 1 else _ONES['de'][one]}hundert{after}"
    if language == "fr":
        return f"{'' if one == 1 else _ONES['fr'][one] + ' '}cent {after}".strip()
    if language == "da":
        return f"{'et' if one == 1 else _ONES['da'][one]} hundrede{' og ' if rest else ''}{after}"
    return f"{_ONES['sv'][one]}hundra{after}"


def digits(value: str, language: str, chance: random.Random) -> list[str]:
    """One way to say them, in groups as a speaker takes breath."""
    if language in ("fr", "da") and len(value) % 2 == 0 and chance.random() < 0.6:
        return _pairs(value, language, chance)
    if chance.random() < 0.15 and len(value) % 2 == 0:
        return _pairs(value, language, chance)
    size = chance.choice((3, 4, 4))
    return [_one_by_one(value[place : place + size], language, chance) for place in range(0, len(value), size)]


def _one_by_one(value: str, language: str, chance: random.Random) -> str:
    words, place = [], 0
    while place < len(value):
        run = next(size for size in (3, 2, 1) if value[place : place + size] == value[place] * size or size == 1)
        run = run if place + run <= len(value) and language == "en" and chance.random() < 0.6 else 1
        lead = {1: "", 2: "double ", 3: "triple "}[run]
        words.append(lead + ones(value[place], language, chance))
        place += run
    return " ".join(words)


def _pairs(value: str, language: str, chance: random.Random) -> list[str]:
    said = []
    for place in range(0, len(value), 2):
        pair = value[place : place + 2]
        is_split = pair[0] == "0"
        said.append(
            f"{ones('0', language, chance)} {ones(pair[1], language, chance)}" if is_split else below_hundred(int(pair), language)
        )
    return said


def code(value: str, language: str, chance: random.Random) -> str:
    """Three or four digits: one by one, the last two as a number, or all as one."""
    way = chance.random()
    if len(value) == 3 and value[0] != "0" and way < 0.15:
        return hundreds(int(value), language, chance)
    if value[-2] != "0" and way < 0.4:
        head = " ".join(ones(each, language, chance) for each in value[:-2])
        return f"{head} {below_hundred(int(value[-2:]), language)}"
    if way < 0.5:
        return value
    filler = f" {chance.choice(_FILLERS[language])}" if way > 0.9 else ""
    return f"{ones(value[0], language, chance)}{filler} " + " ".join(ones(each, language, chance) for each in value[1:])


def birth(year: int, month: int, day: int, language: str, chance: random.Random) -> str:
    name, said = _MONTHS[language][month - 1], _year(year, language)
    if language == "en":
        ordinal = _ORDINALS[day - 1]
        if chance.random() < 0.25:
            return f"{below_hundred(day, 'en')} {below_hundred(month, 'en')} {said}"
        return chance.choice((f"the {ordinal} of {name} {said}", f"{ordinal} of {name} {said}", f"{name} {ordinal} {said}"))
    number = below_hundred(day, language) if language in ("fr", "sv") else f"{day}."
    return f"{number} {name} {said}"


def _year(year: int, language: str) -> str:
    century, rest = divmod(year, 100)
    after = below_hundred(rest, language) if rest else ""
    if language == "en":
        if century == 20:
            return f"two thousand {after and 'and '}{after}".strip()
        return f"{below_hundred(century, 'en')} {after if rest > 9 else 'oh ' + after}"
    nineteen, twenty = {
        "de": ("neunzehnhundert", "zweitausend"),
        "fr": ("mille neuf cent ", "deux mille "),
        "da": ("nitten hundrede ", "to tusind og " if rest else "to tusind"),
        "sv": ("nittonhundra", "tjugohundra"),
    }[language]
    return f"{nineteen if century == 19 else twenty}{after}".strip()


def email(value: str, language: str, chance: random.Random) -> str:
    local, _, domain = value.partition("@")
    if chance.random() < 0.15:
        spelled = " ".join(f" {each} ".strip() if each.isalnum() else each for each in local)
        local = spelled
    said, dash = local, {"en": "dash", "fr": "tiret", "sv": "bindestreck"}.get(language, "minus")
    for mark, word in ((".", _DOT[language]), ("_", "underscore"), ("-", dash)):
        said = said.replace(mark, f" {word} ")
    said = " ".join("".join(f" {ones(c, language, chance)} " if c.isdigit() else c for c in said).split())
    return f"{said} {_AT[language]} {domain.replace('.', f' {_DOT[language]} ')}"


def spelled(value: str, language: str, chance: random.Random) -> list[str]:
    """Letters and digits, in groups."""
    words = [each.lower() if each.isalpha() else ones(each, language, chance) for each in value]
    return [" ".join(words[place : place + 4]) for place in range(0, len(words), 4)]


def filler(language: str, chance: random.Random) -> str:
    return chance.choice(_FILLERS[language])
