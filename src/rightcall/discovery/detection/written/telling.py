"""Everything that is told in words: one pass over the words, each known one judged by what it may begin."""

from collections.abc import Callable, Iterator

from rightcall.discovery.detection.model import Finding
from rightcall.discovery.detection.page import Page
from rightcall.discovery.detection.written import addresses, introduced, names
from rightcall.discovery.detection.written.lexicon import Role, Word
from rightcall.discovery.detection.written.resources import lexicon

_JUDGES: tuple[tuple[int, Callable[[Page, Word], Finding | None]], ...] = (
    (Role.NAME_CUE, introduced.from_cue),
    (Role.TITLE, names.from_title),
    (Role.GIVEN, names.from_given),
    (Role.FAMILY, names.from_family),
    (Role.STREET, addresses.english),
    (Role.STREET_NUMBER | Role.STREET_ENDING, addresses.northern),
    (Role.BEFORE_STREET, addresses.southern),
    (Role.CITY, addresses.town),
    (Role.POSTCODE_CUE, addresses.code),
    (Role.BOX, addresses.box),
)


def tell(page: Page) -> Iterator[Finding]:
    for word in lexicon().known(page.written):
        for role, judge in _JUDGES:
            if word.roles & role and (found := judge(page, word)) is not None:
                yield found
    if page.columns is not None:
        yield from introduced.in_columns(page, page.columns)
        yield from addresses.in_columns(page, page.columns)
