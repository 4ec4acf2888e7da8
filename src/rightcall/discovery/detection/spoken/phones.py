"""Telephone numbers in speech: in use where the language that is spoken is at home, and one behind another in one breath."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice

from rightcall.discovery.detection import numbering
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.spoken.asked import Asked, is_answer, is_labelled, leads, names
from rightcall.discovery.detection.spoken.chains import Chain
from rightcall.discovery.detection.spoken.dates import birth
from rightcall.discovery.detection.spoken.floor import Floor
from rightcall.discovery.detection.spoken.gaps import before_a_sign
from rightcall.discovery.detection.spoken.reading import Part

_HOMES = {
    "en": ("GB", "US", "GG", "JE", "IM", "IE"),
    "de": ("DE", "AT", "CH"),
    "fr": ("FR", "BE", "CH"),
    "da": ("DK",),
    "sv": ("SE",),
}
_TRUNKED_ABROAD = ("GB", "IE", "DE", "AT", "CH", "FR", "BE", "NL", "SE", "FI", "AU", "NZ")
_ABROAD = "IE"
"""Where it is one of the homes English is spoken, as it is with people who live anywhere."""
_FEWEST, _LEAST, _MOST, _LEAST_BY_ITSELF = 7, 8, 15, 10
_SOON, _WAYS = 300, 24


class Ringing:
    """What tells of a number that it may be rung. Each is worked out once it is asked for: most numbers are told without."""

    def __init__(self, floor: Floor, chain: Chain, regions: tuple[str, ...], near: Sequence[Finding]) -> None:
        """`near`: what was found shortly before."""
        self._floor, self._chain, self._regions, self._near = floor, chain, regions, near
        self._is_short = len(chain.digits) < _FEWEST

    @cached_property
    def homes(self) -> tuple[str, ...]:
        """Where it may belong."""
        if self._is_short:
            return ()
        return self._regions or tuple(home for language in self._languages() for home in _HOMES[language])

    def _languages(self) -> Sequence[str]:
        """Digits and small words are the same in several."""
        several = self._chain.languages
        if len(several) < 2:
            return several
        return (self._floor.language,) if self._floor.language in several else several

    @cached_property
    def is_answer(self) -> bool:
        """Nearly all of its turn is it."""
        return is_answer(self._floor, self._chain)

    @cached_property
    def is_led(self) -> bool:
        """The word before it, or a number that was told just before, says so."""
        if self._is_short:
            return False
        start = self._chain.start
        is_beside = any(each.type == Kind.PHONE and 0 <= start - each.end < _SOON for each in self._near[-1:])
        return is_beside or leads(self._floor, start)

    @cached_property
    def is_labelled(self) -> bool:
        """It has a label of its own, which is no telephone's."""
        return is_labelled(self._floor, self._chain.start, has_zero=self._chain.digits[:1] == "0")

    def is_named_else(self, asked: Asked) -> bool:
        """Right before it, as in "the order is …"."""
        return asked.is_against and names(self._floor, asked, self._chain.start)


def is_in_use(digits: str, ring: Ringing, *, is_asked: bool) -> bool:
    """Where a zero is dialled before each number it is said too, unless a number was asked for."""
    if digits.startswith("00"):
        return numbering.is_in_use_abroad(digits[2:])
    if digits[0] == "0":
        is_anywhere = _ABROAD in ring.homes and (is_asked or ring.is_led or len(digits) >= _LEAST_BY_ITSELF)
        homes = _TRUNKED_ABROAD if is_anywhere else ring.homes
        return any(numbering.is_plainly_national(digits, home) for home in homes) or _is_known(digits, ring.homes)
    return _is_known(digits, tuple(each for each in ring.homes if is_asked or not numbering.has_trunk(each)))


def _is_known(digits: str, homes: Sequence[str]) -> bool:
    return any(numbering.is_in_use(digits, home) for home in homes)


def parted(text: str, chain: Chain, asked: Asked, ring: Ringing) -> list[Sequence[Part]]:
    """Of a stretch that is too long for one: those that stand in it one behind another, each of whole parts. Each begins where
    the stretch does, or what was said in one breath, or where the one before it ends, and ends in the same way."""
    found: list[Sequence[Part]] = []
    for said in islice(chain.said(), _WAYS):
        pieces = _cut(text, chain, said, asked, ring)
        if sum(map(_size, pieces)) > sum(map(_size, found)):
            found = pieces
    return found


def _cut(text: str, chain: Chain, said: Sequence[Part], asked: Asked, ring: Ringing) -> list[Sequence[Part]]:
    starts = {each.start for each in chain.stretches}
    best: dict[int, list[Sequence[Part]]] = {}
    for first in range(len(said) - 1, -1, -1):
        best[first] = best.get(first + 1, [])
        for last in _ends(said, first):
            piece, behind = said[first:last], best.get(last, [])
            is_end = last == len(said) or said[last].start in starts or (bool(behind) and behind[0][0] is said[last])
            if is_end and (is_signed(text, piece) or _is_one(piece, asked, ring, begins=said[first].start in starts)):
                whole = [piece, *behind]
                if sum(map(_size, whole)) > sum(map(_size, best[first])):
                    best[first] = whole
    pieces = best.get(0, [])
    if any(piece[0].readings[0][0] != "0" and not is_signed(text, piece) for piece in pieces) and sum(map(_size, pieces)) < _size(
        said
    ):
        return []
    return [piece for place, piece in enumerate(pieces) if _may_begin(piece, pieces[:place], said, starts)]


def _may_begin(piece: Sequence[Part], before: Sequence[Sequence[Part]], said: Sequence[Part], starts: set[int]) -> bool:
    """Or behind a day of birth."""
    if piece[0] is said[0] or piece[0].start in starts:
        return True
    place = next(number for number, part in enumerate(said) if part is piece[0])
    return before[-1][-1] is said[place - 1] if before else birth(said[:place]) is not None


def _ends(said: Sequence[Part], first: int) -> Iterator[int]:
    size = 0
    for last in range(first, len(said)):
        size += len(said[last].readings[0])
        if size > _MOST:
            return
        if size >= _LEAST:
            yield last + 1


def is_behind_a_sign(text: str, place: int) -> bool:
    """A plus, or a word for the code of a country."""
    return before_a_sign(text, 0, place) < place


def is_signed(text: str, piece: Sequence[Part]) -> bool:
    """Behind a plus: with a country's code."""
    if not is_behind_a_sign(text, piece[0].start):
        return False
    return numbering.is_in_use_abroad("".join(part.readings[0] for part in piece))


def _is_one(piece: Sequence[Part], asked: Asked, ring: Ringing, *, begins: bool) -> bool:
    digits = "".join(part.readings[0] for part in piece)
    if digits[0] != "0" and not begins:
        return False
    if len(digits) < _LEAST_BY_ITSELF and not (asked.is_for(Kind.PHONE) or ring.is_led):
        return False
    return is_in_use(digits, ring, is_asked=False)


def _size(piece: Sequence[Part]) -> int:
    return sum(len(part.readings[0]) for part in piece)
