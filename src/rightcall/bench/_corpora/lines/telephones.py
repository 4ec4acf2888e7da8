"""Telephone numbers of many lands, each in the ways in which they are written and said there. They lie in ranges that are given
out, those of cities in ranges for fiction where a country keeps such, and their last figures are made by chance."""

from collections.abc import Sequence
from dataclasses import dataclass

from rightcall.bench._corpora.making.values import Maker, Value, figures_of

Pieces = Sequence[str]


@dataclass(frozen=True, slots=True)
class Land:
    """`starts`: how numbers begin, without the trunk's digit; a space parts the groups. `ends`: how many follow, by group;
    the first takes to it a single figure that stands last in the start. `ways`: at home, `%` is the first group and `*` the
    others, with what is between them after it."""

    code: str
    trunk: str
    starts: Sequence[str]
    ends: Sequence[Sequence[int]]
    ways: Sequence[str]


_BRITISH = ("% * ", "% * ", "%*", "(%) * ", "%-*-", "%.*.", "% *", "%  * ")
_FRENCH = ("% * ", "% * ", "%.*.", "%*", "%-*-", "%/*/")
LANDS = {
    "GB": Land("44", "0", ("7400 123", "7512 345", "7890 012", "7981 456"), ((3,),), _BRITISH),
    "GB_AREA": Land("44", "0", ("161 496", "113 496", "131 496", "141 496", "20 7946", "28 9649"), ((4,),), _BRITISH),
    "IE": Land("353", "0", ("87", "86", "85", "83"), ((3, 4), (7,)), ("% * ", "%-*", "%*", "(%) * ")),
    "US": Land("1", "", ("415 555", "212 555", "503 555", "617 555", "312 555"), ((4,),), ("(%) *-", "%-*-", "%.*.", "%*")),
    "CA": Land("1", "", ("416 555", "604 555", "514 555"), ((4,),), ("(%) *-", "%-*-", "% *-")),
    "DE": Land("49", "0", ("151 2", "160 9", "172 5", "176 4"), ((7,), (3, 4)), ("%/*", "% *", "% * ", "%*", "% / * ", "(%) *")),
    "DE_AREA": Land("49", "0", ("30 23125", "69 90009", "89 99998", "40 66969"), ((3,),), ("%/*", "% * ", "(%) *-", "%-*")),
    "AT": Land("43", "0", ("664", "676", "699"), ((7,), (3, 4), (3, 2, 2)), ("%/*", "% * ", "%*", "(%) * ", "% / * ")),
    "CH": Land("41", "0", ("79", "78", "76"), ((3, 2, 2),), ("% * ", "%*", "%/*.", "%.*.")),
    "FR": Land("33", "0", ("6 12 34", "6 51 22", "7 81 45"), ((2, 2),), _FRENCH),
    "FR_AREA": Land("33", "0", ("1 99 00", "4 65 71", "2 61 91", "5 36 49"), ((2, 2),), _FRENCH),
    "BE": Land("32", "0", ("470", "475", "486", "494"), ((2, 2, 2), (3, 3)), ("% * ", "%/*.", "%*", "% / * ")),
    "DK": Land("45", "", ("20 57", "28 71", "51 33", "61 40", "42 16"), ((2, 2),), ("% * ", "%*", "%.*.", "%-*-")),
    "DK_FOURS": Land("45", "", ("2057", "2871", "5133"), ((4,),), ("% *",)),
    "SE": Land("46", "0", ("70 174 06", "73 405 12", "76 318 44"), ((2,),), ("%-* ", "%-*", "% * ", "%*", "%/* ")),
    "SE_AREA": Land("46", "0", ("8 465 004", "31 390 06", "40 628 04"), ((2,),), ("%-* ", "% * ", "%/* ")),
    "NO": Land("47", "", ("911", "922", "415", "482"), ((2, 3),), ("% * ", "%*")),
    "FI": Land("358", "0", ("40", "45", "50"), ((3, 4), (7,), (3, 2, 2)), ("% * ", "%-*", "%*")),
    "NL": Land("31", "0", ("6 1", "6 2", "6 5"), ((7,), (1, 2, 2, 2), (3, 4)), ("%-*", "% * ", "%*", "%-* ")),
    "ES": Land("34", "", ("612", "655", "690"), ((3, 3), (2, 2, 2)), ("% * ", "%*", "%-*-", "%.*.")),
    "IT": Land("39", "", ("347", "338", "320"), ((7,), (3, 4)), ("% * ", "%*", "%/*", "%.*")),
    "PL": Land("48", "", ("512", "601", "790"), ((3, 3),), ("% * ", "%*", "%-*-")),
    "PT": Land("351", "", ("912", "936", "965"), ((3, 3),), ("% * ", "%*")),
    "IN": Land("91", "", ("98765", "99870", "98204"), ((5,),), ("% *", "%*")),
    "AU": Land("61", "0", ("491 570",), ((3,),), ("% * ", "%*")),
}  # fmt: skip
AT_HOME = {
    "en": ("GB", "GB", "GB", "GB_AREA", "GB_AREA", "IE"),
    "de": ("DE", "DE", "DE_AREA", "DE_AREA", "AT", "CH"),
    "fr": ("FR", "FR", "FR_AREA", "FR_AREA", "BE"),
    "da": ("DK", "DK", "DK", "DK_FOURS"),
    "sv": ("SE", "SE", "SE", "SE_AREA", "FI"),
}
MOBILE = {"en": "GB", "de": "DE", "fr": "FR", "da": "DK", "sv": "SE"}
_REGROUPED = 0.12
"""How often somebody writes it in groups of their own."""
LANDLINE = {"en": "GB_AREA", "de": "DE_AREA", "fr": "FR_AREA", "da": "DK", "sv": "SE_AREA"}


def phone(maker: Maker) -> Value:
    """Of the language's lands, sometimes as for a caller from abroad."""
    name = maker.chance.choice(AT_HOME[maker.language])
    return abroad(maker, name) if maker.chance.random() < 0.15 else home(maker, name)


def landline(maker: Maker) -> Value:
    return home(maker, LANDLINE[maker.language])


def mobile(maker: Maker) -> Value:
    return home(maker, MOBILE[maker.language])


def international(maker: Maker) -> Value:
    return abroad(maker, maker.chance.choice(AT_HOME[maker.language]))


def foreign(maker: Maker) -> Value:
    """Of some land that is not the language's."""
    here = {name[:2] for name in AT_HOME[maker.language]}
    return abroad(maker, maker.chance.choice([name for name in LANDS if name[:2] not in here]))


def american(maker: Maker) -> Value:
    return home(maker, maker.chance.choice(("US", "US", "CA")))


def irish(maker: Maker) -> Value:
    return home(maker, "IE")


def swiss(maker: Maker) -> Value:
    return home(maker, "CH")


def austrian(maker: Maker) -> Value:
    return home(maker, "AT")


def belgian(maker: Maker) -> Value:
    return home(maker, "BE")


def finnish(maker: Maker) -> Value:
    return home(maker, "FI")


def home(maker: Maker, name: str) -> Value:
    land = LANDS[name]
    first, *rest = _pieces(maker, land)
    first = land.trunk + first
    lead, _, between = maker.chance.choice(land.ways).partition("*")
    written = lead.replace("%", first) + between.join(rest)
    if land.trunk and maker.chance.random() < _REGROUPED:
        written = maker.chance.choice((" ", " ", "-")).join(_cut(maker, first + "".join(rest)))
    return Value("phone", written, tuple(_said(maker, [first, *rest])))


def abroad(maker: Maker, name: str) -> Value:
    chance, land = maker.chance, LANDS[name]
    pieces = _pieces(maker, land)
    between = chance.choice((" ", " ", " ", "", "-", "."))
    lead = chance.choice(("+{}", "+{}", "+{}", "+{}", "(+{})", "00{}", "00{}", "00 {}")).format(land.code)
    kept = f"({land.trunk})" if land.trunk and chance.random() < 0.3 else ""
    written = f"{lead}{chance.choice((' ', ' ', '-')) if between else ''}{kept}{between.join(pieces)}"
    start = maker.voice.group(land.code)
    start = f"plus {start}" if "+" in lead else f"{maker.voice.group('00')} {start}"
    return Value("phone", written, (start, *_said(maker, pieces)))


def back(maker: Maker) -> Value:
    """The number told before, as the other party says it again: with breaths of its own."""
    told = next(each for each in reversed(maker.made.values()) if each.kind == "phone")
    figures = "".join(each for each in told.written.replace("(0)", "") if each.isdigit())
    if "+" not in told.written and not figures.startswith("00"):
        pieces = _cut(maker, figures)
        return Value("phone", " ".join(pieces), tuple(_said(maker, pieces)))
    figures = figures.removeprefix("00")
    country = next(land.code for land in LANDS.values() if figures.startswith(land.code))
    pieces = _cut(maker, figures.removeprefix(country))
    return Value("phone", f"+{figures}", (f"plus {maker.voice.group(country)}", *_said(maker, pieces)))


def _pieces(maker: Maker, land: Land) -> list[str]:
    pieces = maker.chance.choice(land.starts).split()
    if land.code == "1":
        return [*pieces, f"01{figures_of(maker.chance, 2)}"]
    ends = [figures_of(maker.chance, many) for many in maker.chance.choice(land.ends)]
    if len(pieces) > 1 and len(pieces[-1]) == 1:
        ends[0], pieces = pieces[-1] + ends[0], pieces[:-1]
    return [*pieces, *ends]


def _said(maker: Maker, pieces: Pieces) -> list[str]:
    """In the groups in which it is written, or in others."""
    if maker.chance.random() < 0.35:
        pieces = _cut(maker, "".join(pieces))
    return [maker.voice.group(each) for piece in pieces for each in _breaths(maker, piece)]


def _breaths(maker: Maker, piece: str) -> list[str]:
    return [piece] if len(piece) <= 5 else _cut(maker, piece)


def _cut(maker: Maker, figures: str) -> list[str]:
    size = maker.chance.choice(
        {"en": (3, 3, 4, 5), "de": (2, 3, 3, 4), "fr": (2, 2, 3), "da": (2, 2, 4), "sv": (2, 2, 3)}[maker.language]
    )
    cut = [figures[place : place + size] for place in range(0, len(figures), size)]
    if len(cut) > 1 and len(cut[-1]) == 1:
        cut[-2:] = [cut[-2] + cut[-1]]
    return cut
