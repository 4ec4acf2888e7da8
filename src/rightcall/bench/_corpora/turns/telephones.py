"""Telephone numbers as callers tell them: in the groups of their land or in breaths of their own, with the land's code said in
several ways. They lie in ranges that are given out; their last figures are made by chance."""

from collections.abc import Sequence

from rightcall.bench._corpora.making.values import Maker, Value, figures_of, split

_STARTS = {
    "en": (("7911 12", 4), ("7488 90", 4), ("7765 43", 4), ("20 3146 ", 4), ("1865 24", 4), ("141 20", 5), ("1273 70", 4)),
    "de": (("152 22", 6), ("170 55", 5), ("179 49", 5), ("30 440", 5), ("89 54", 6), ("7151 95", 4), ("341 12", 5)),
    "fr": (("6 2", 7), ("7 8", 7), ("1 42", 6), ("4 78", 6), ("3 88", 6)),
    "da": (("226", 5), ("297", 5), ("304", 5), ("513", 5), ("616", 5), ("752", 5), ("981", 5), ("354", 5)),
    "sv": (("70 2", 6), ("73 9", 6), ("76 1", 6), ("72 5", 6), ("8 55", 6), ("31 70", 5), ("18 47", 4)),
}
_CODES = {"en": "44", "de": "49", "fr": "33", "da": "45", "sv": "46"}
_CUTS: dict[str, Sequence[tuple[int, ...]]] = {
    "en": ((5, 3, 3), (5, 6), (4, 3, 4), (3, 4, 4), (5, 2, 2, 2), (3, 2, 3, 3), (2, 3, 3, 3)),
    "de": ((4, 3, 4), (4, 2, 2, 2), (4, 4, 4), (3, 3, 3, 3), (2, 2, 2, 2, 2), (4, 2, 3, 2)),
    "fr": ((2, 2, 2, 2), (2, 2, 2, 2), (2, 2, 3, 3), (4, 2, 2)),
    "da": ((2, 2, 2), (2, 2, 2), (2, 2, 2), (4, 4), (2, 3, 3), (3, 3, 2)),
    "sv": ((3, 3, 2, 2), (3, 3, 2), (4, 2, 2, 2), (3, 2, 2, 2), (2, 2, 2, 2)),
}
_FOREIGN = (
    ("358", "40 ", 7), ("358", "50 ", 7), ("31", "6 2", 7), ("34", "6 1", 7), ("47", "9 0", 6), ("48", "60 1", 6),
    ("353", "87 ", 7),
    ("41", "79 ", 7), ("43", "664 ", 7), ("32", "475 ", 6), ("39", "347 ", 7), ("44", "7911 12", 4), ("46", "70 2", 6),
)  # fmt: skip
_PLUS = {
    "en": ("plus {}", "plus {}", "country code {}", "double oh {}", "zero zero {}"),
    "de": ("plus {}", "null null {}", "vorwahl plus {}"),
    "fr": ("plus {}", "zéro zéro {}", "indicatif {}"), "da": ("plus {}", "nul nul {}", "landekode {}"),
    "sv": ("plus {}", "noll noll {}", "landskod {}"),
}  # fmt: skip


def phone(maker: Maker) -> Value:
    return abroad(maker) if maker.chance.random() < 0.12 else _home(maker, _STARTS[maker.language])


def mobile(maker: Maker) -> Value:
    many = {"en": 3, "de": 3, "fr": 2, "da": 5, "sv": 4}[maker.language]
    return _home(maker, _STARTS[maker.language][:many])


def landline(maker: Maker) -> Value:
    many = {"en": 3, "de": 3, "fr": 2, "da": 5, "sv": 4}[maker.language]
    return _home(maker, _STARTS[maker.language][many:])


def abroad(maker: Maker) -> Value:
    """A number of one's own land with its code."""
    start, many = maker.chance.choice(_STARTS[maker.language])
    return _with_code(maker, _CODES[maker.language], start, many)


def foreign(maker: Maker) -> Value:
    return _with_code(maker, *maker.chance.choice([each for each in _FOREIGN if each[0] != _CODES[maker.language]]))


def begun(maker: Maker) -> Value:
    """As much of the number that is told next as was said before somebody broke in."""
    told = maker.made.setdefault(("phone", ""), _home(maker, _STARTS[maker.language]))
    return Value(None, _cut(_figures(told), (4,))[0], told.groups[:1])


def back(maker: Maker) -> Value:
    """The number told before, as the other party says it again."""
    told = next(each for each in reversed(maker.made.values()) if each.kind == "phone")
    if told.written.startswith("+"):
        return told
    pieces = _cut(_figures(told), maker.chance.choice(_CUTS[maker.language]))
    return maker.said("phone", " ".join(pieces), *pieces)


def ends(maker: Maker) -> Value:
    """The end of the number told before, by itself: it is not told whole."""
    told = next((each for each in reversed(maker.made.values()) if each.kind == "phone"), None)
    figures = _figures(told)[-2:] if told else figures_of(maker.chance, 2)
    return maker.said(None, figures, figures)


def _figures(value: Value) -> str:
    return "".join(each for each in value.written if each.isdigit())


def _home(maker: Maker, starts: Sequence[tuple[str, int]]) -> Value:
    start, many = maker.chance.choice(starts)
    trunk = "" if maker.language == "da" else "0"
    groups = (trunk + start + figures_of(maker.chance, many)).split()
    figures = "".join(groups)
    cut = _cut(figures, maker.chance.choice(_CUTS[maker.language]))
    shown = maker.chance.choice((figures, " ".join(cut), _written(maker.language, groups)))
    return maker.said("phone", shown, *cut)


def _written(language: str, groups: Sequence[str]) -> str:
    first, rest = groups[0], "".join(groups[1:])
    if language in ("fr", "da"):
        return " ".join(_cut(first + rest, (2, 2, 2, 2)))
    if language == "sv":
        return f"{first}-{' '.join(_cut(rest, (3, 2)))}"
    return f"{first} {rest}" if language == "en" else f"{first}/{rest}"


def _with_code(maker: Maker, code: str, start: str, many: int) -> Value:
    figures = start.replace(" ", "") + figures_of(maker.chance, many)
    sizes = (2, 2, 2, 2, 2) if maker.language in ("da", "fr") else maker.chance.choice(((3, 3, 3), (2, 3, 2, 2), (4, 3, 3)))
    pieces = _cut(figures, sizes)
    said = [maker.voice.group(each) for each in pieces]
    return Value("phone", f"+{code}{maker.chance.choice((' ', ' ', ''))}{' '.join(pieces)}", (_plus(maker, code), *said))


def _plus(maker: Maker, code: str) -> str:
    return maker.chance.choice(_PLUS[maker.language]).format(maker.voice.group(code))


def _cut(figures: str, sizes: Sequence[int]) -> list[str]:
    pieces = split(figures, *sizes)
    if len(pieces) > 1 and len(pieces[-1]) == 1:
        pieces[-2:] = [pieces[-2] + pieces[-1]]
    return pieces
