"""Telephone numbers in the untidy ways in which people type and tell them. They lie in ranges that are given out; their last
figures are made by chance."""

from collections.abc import Sequence

from rightcall.bench._corpora.making.saying import number
from rightcall.bench._corpora.making.values import Maker, Value, figures_of, split

_STARTS: dict[str, Sequence[tuple[str, int]]] = {
    "en": (("7853 ", 6), ("7496 ", 6), ("7984 ", 6), ("161 850 ", 4), ("1892 51", 4), ("29 2048 ", 4), ("20 8123 ", 4)),
    "de": (("151 1", 7), ("163 7", 6), ("175 9", 6), ("40 22", 6), ("711 21", 6), ("6221 48", 4)),
    "fr": (("6 71", 6), ("7 69", 6), ("1 53", 6), ("5 61", 6), ("4 91", 6)),
    "da": (("232", 5), ("428", 5), ("534", 5), ("602", 5), ("714", 5), ("862", 5), ("983", 5), ("336", 5)),
    "sv": (("70 3", 6), ("72 9", 6), ("76 8", 6), ("8 64", 6), ("31 13", 5), ("40 97", 4)),
}
_MOBILE = {"en": 3, "de": 3, "fr": 2, "da": 5, "sv": 3}
_CODES = {"en": "44", "de": "49", "fr": "33", "da": "45", "sv": "46"}
_ABROAD = (
    ("353", "85 ", 7), ("358", "44 ", 7), ("31", "6 4", 7), ("34", "65 5", 6), ("47", "46 ", 6), ("48", "50 2", 6),
    ("41", "76 ", 7), ("43", "699 1", 7), ("32", "498 ", 6), ("49", "175 9", 6), ("45", "428", 5), ("33", "6 71", 6),
)  # fmt: skip
_CUTS: dict[str, Sequence[tuple[int, ...]]] = {
    "en": ((5, 3, 3), (5, 6), (3, 4, 4), (3, 3, 3, 2), (2, 2, 2, 2, 3), (4, 4, 3), (1, 4, 3, 3)),
    "de": ((4, 4, 4), (3, 2, 2, 2, 2), (4, 3, 2, 2), (4, 7), (2, 2, 2, 2, 2, 2)),
    "fr": ((2, 2, 2, 2, 2), (2, 2, 2, 2, 2), (3, 3, 2, 2), (4, 2, 2, 2)),
    "da": ((2, 2, 2, 2), (2, 2, 2, 2), (4, 4), (3, 3, 2), (2, 3, 3)),
    "sv": ((3, 2, 2, 3), (3, 3, 2, 2), (4, 2, 2, 2), (3, 7)),
}
_HOME = (" ", " ", "-", ".", "/", "\u00a0", "\u202f", " - ", "")
_LEADS = ("+{}{}", "+{} {}", "00{} {}", "00{}{}", "(+{}) {}", "+{}-{}", "+{}/{}", "00 {} {}", "+{}.{}", "+{}\u00a0{}")
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_PLUS = {
    "en": ("plus {}", "plus {}", "double oh {}", "country code {}", "zero zero {}", "international code {}"),
    "de": ("plus {}", "null null {}", "doppelnull {}", "ländervorwahl {}"),
    "fr": ("plus {}", "zéro zéro {}", "double zéro {}", "indicatif {}"),
    "da": ("plus {}", "nul nul {}", "dobbelt nul {}", "landekode {}"),
    "sv": ("plus {}", "noll noll {}", "dubbel noll {}", "landsnummer {}"),
}  # fmt: skip
_TENS = ("45", "44", "49", "33", "46")


def phone(maker: Maker) -> Value:
    return abroad(maker) if maker.chance.random() < 0.1 else _home(maker, _STARTS[maker.language])


def mobile(maker: Maker) -> Value:
    return _home(maker, _STARTS[maker.language][: _MOBILE[maker.language]])


def landline(maker: Maker) -> Value:
    return _home(maker, _STARTS[maker.language][_MOBILE[maker.language] :])


def abroad(maker: Maker) -> Value:
    """A number of one's own land with its code."""
    return _with_code(maker, _CODES[maker.language], *maker.chance.choice(_STARTS[maker.language]))


def foreign(maker: Maker) -> Value:
    return _with_code(maker, *maker.chance.choice([each for each in _ABROAD if each[0] != _CODES[maker.language]]))


def wide(maker: Maker) -> Value:
    """As a keyboard of East Asia writes it."""
    told = mobile(maker)
    return Value("phone", told.written.translate(_WIDE), told.groups)


def back(maker: Maker) -> Value:
    """The number told before, said again in other groups."""
    told = _told(maker)
    if told.written.startswith(("+", "00", "(+")):
        return told
    pieces = _cut(_figures(told), maker.chance.choice(_CUTS[maker.language]))
    return maker.said("phone", " ".join(pieces), *pieces)


def misheard(maker: Maker) -> Value:
    """The number told before with its last two figures wrong."""
    figures = _figures(_told(maker))
    wrong = figures[:-2] + f"{(int(figures[-2:]) + maker.chance.randrange(1, 99)) % 100:02}"
    pieces = _cut(wrong, maker.chance.choice(_CUTS[maker.language]))
    return maker.said("phone", " ".join(pieces), *pieces)


def ends(maker: Maker) -> Value:
    """Of the number told before its last two; it is not told whole."""
    return maker.said(None, _figures(_told(maker))[-2:], _figures(_told(maker))[-2:])


def extension(maker: Maker) -> Value:
    figures = str(maker.chance.randrange(1, 9)) + figures_of(maker.chance, maker.chance.choice((1, 2, 3)))
    return maker.said(None, figures, figures)


def _told(maker: Maker) -> Value:
    return next(each for each in reversed(maker.made.values()) if each.kind == "phone")


def _figures(value: Value) -> str:
    return "".join(each for each in value.written if each.isdigit())


def _home(maker: Maker, starts: Sequence[tuple[str, int]]) -> Value:
    start, many = maker.chance.choice(starts)
    first, *rest = ("" if maker.language == "da" else "0", start, figures_of(maker.chance, many))
    figures = (first + "".join(rest)).replace(" ", "")
    cut = _cut(figures, maker.chance.choice(_CUTS[maker.language]))
    return maker.said("phone", _written(maker, figures, len(first + start.split()[0])), *cut)


def _written(maker: Maker, figures: str, area: int) -> str:
    """All of it in groups, or the area apart."""
    between = maker.chance.choice(_HOME)
    if maker.language in ("fr", "da"):
        return between.join(_cut(figures, (2, 2, 2, 2)))
    rest = maker.chance.choice((" ", "")).join(_cut(figures[area:], maker.chance.choice(((3, 3), (3, 2, 2), (2, 2, 2)))))
    if maker.chance.random() < 0.2:
        return f"({figures[:area]}) {rest}"
    return f"{figures[:area]}{between}{rest}" if between else figures


def _with_code(maker: Maker, code: str, start: str, many: int) -> Value:
    chance = maker.chance
    figures = start.replace(" ", "") + figures_of(chance, many)
    pieces = _cut(
        figures, (2, 2, 2, 2, 2) if maker.language in ("da", "fr") else chance.choice(((3, 3, 3), (2, 3, 2, 2), (4, 3, 3)))
    )
    is_kept = code not in ("34", "45", "47", "48") and chance.random() < 0.3
    lead = chance.choice(_LEADS).format(code, "(0)" if is_kept else "")
    plus = chance.choice(_PLUS[maker.language]).format(
        number(int(code), maker.language) if code in _TENS and chance.random() < 0.5 else maker.voice.group(code)
    )
    said = [maker.voice.group(each) for each in pieces]
    return Value("phone", lead + chance.choice((" ", " ", "", "-", "\u00a0")).join(pieces), (plus, *said))


def _cut(figures: str, sizes: Sequence[int]) -> list[str]:
    pieces = split(figures, *sizes)
    if len(pieces) > 1 and len(pieces[-1]) == 1:
        pieces[-2:] = [pieces[-2] + pieces[-1]]
    return pieces
