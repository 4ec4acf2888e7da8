"""Everything that is told in words: one pass over the words, each known one judged by what it may begin."""

from collections.abc import Callable, Iterator
from functools import cache

from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.page import Page
from rightcall.discovery.detection.written import addresses, addresses_said, introduced, names, placed, special, titled
from rightcall.discovery.detection.written.again import LEAST_SURE, again
from rightcall.discovery.detection.written.lexicon import Lexicon, Role, Word
from rightcall.discovery.detection.written.listed import heads_in
from rightcall.discovery.detection.written.resources import folded, roles

_Judge = Callable[[Page, Word], Finding | None]
_JUDGES: tuple[tuple[int, _Judge], ...] = (
    (Role.NAME_CUE, introduced.from_cue),
    (Role.TITLE, titled.from_title),
    (Role.GIVEN, names.from_given),
    (Role.FAMILY, names.from_family),
    (Role.STREET, addresses.english),
    (Role.STREET_NUMBER | Role.STREET_ENDING, addresses.northern),
    (Role.BEFORE_STREET, addresses.southern),
    (Role.STREET, addresses_said.english),
    (Role.BEFORE_STREET, addresses_said.southern),
    (Role.POSTCODE_CUE, addresses_said.code),
    (Role.UNIT, addresses.flat),
    (Role.CITY, addresses.town),
    (Role.POSTCODE_CUE, addresses.code),
    (Role.ADDRESS_CUE, placed.asked_for),
    (Role.BOX, addresses.box),
    (Role.SPECIAL, special.told),
)


_CAPITAL = Role.FAMILY | Role.GIVEN_WORD | Role.CITY | Role.UNIT
"""What is nothing else begins something only with a capital."""


@cache
def lexicon() -> Lexicon:
    known = dict(roles())
    for word in special.triggers():
        known[word] = known.get(word, 0) | Role.SPECIAL
    capital = {word for word, role in known.items() if not role & ~_CAPITAL}
    capital |= {word for word, role in known.items() if role & Role.CITY and not role & ~(_CAPITAL | Role.GIVEN)}
    return Lexicon(known, capital, dict.fromkeys(folded("places.toml", "endings"), Role.STREET_ENDING))


@cache
def _judges(roles: int) -> tuple[_Judge, ...]:
    return tuple(judge for role, judge in _JUDGES if roles & role)


def tell(page: Page, there: frozenset[object]) -> Iterator[Finding]:
    """`there`: of which signs something stands in the plain text."""
    names: list[Finding] = []
    for word in lexicon().known(page.written):
        for judge in _judges(word.roles):
            if (found := judge(page, word)) is not None:
                yield found
                if found.type is Kind.PERSON_NAME and found.confidence >= LEAST_SURE:
                    names.append(found)
    if special.spelled in there:
        yield from special.spelled(page)
    if page.columns is None:
        yield from again(page, names)
        if (columns := heads_in(page.written)) is not None:
            yield from introduced.in_columns(page, columns)
    else:
        yield from introduced.in_columns(page, page.columns)
        yield from addresses.in_columns(page, page.columns)
        yield from special.in_columns(page, page.columns)
