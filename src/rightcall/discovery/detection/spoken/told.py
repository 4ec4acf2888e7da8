"""Numbers in speech that only the question tells: accounts at banks, passports, driving licences and plates."""

from collections.abc import Iterator, Sequence

from rightcall.discovery.detection import banks, papers
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.page import Page
from rightcall.discovery.detection.spoken.asked import Asked, has_unit
from rightcall.discovery.detection.spoken.chains import Chain
from rightcall.discovery.detection.spoken.floor import Floor
from rightcall.discovery.detection.spoken.judging import heard, how, spelled
from rightcall.discovery.detection.spoken.letters import stream
from rightcall.discovery.detection.spoken.reading import Part

_PAPERS = (Kind.PASSPORT, Kind.DRIVING_LICENCE, Kind.VEHICLE_PLATE)
_SURE, _ABOUT = 0.85, 250
_WORD = "account number"


def asked_for(floor: Floor, chain: Chain, lead: Sequence[Part], asked: Asked) -> Iterator[Finding]:
    """`lead`: letters right before the number."""
    if not asked.is_binding or has_unit(floor.text, chain):
        return
    if asked.is_for(Kind.BANK_ACCOUNT) and chain.has_words and not lead:
        yield from _accounts(floor, chain, asked)
    for kind in _PAPERS:
        if asked.is_for(kind) and (found := _paper(floor, chain, lead, kind, asked)):
            yield found


def _accounts(floor: Floor, chain: Chain, asked: Asked) -> Iterator[Finding]:
    """As the judge of what is written weighs it, behind the words of the question."""
    around = floor.text[max(0, chain.start - _ABOUT) : chain.start].lower()
    is_at_bank = banks.speaks_of_a_bank(around)
    for said in map(spelled, chain.said()):
        for lead in (f"{asked.phrase}: ", f"{_WORD}: "):
            page = Page(lead + said.digits)
            found = banks.account(page, len(lead), len(page.text))
            if found is not None:
                sure = max(found.confidence, _SURE if is_at_bank and found.type == Kind.BANK_ACCOUNT else 0.0)
                why = found.why.partition(";")[0] + how(chain) + asked.in_words()
                yield heard(found.type, said.parts, floor.text, sure, why, said.digits)
                return


def _paper(floor: Floor, chain: Chain, lead: Sequence[Part], kind: Kind, asked: Asked) -> Finding | None:
    said = [*lead, *stream(floor, chain, chain.start)]
    parts = [Part(part.start, part.end, part.readings[:1]) for part in said]
    for last in range(len(parts), 0, -1):
        written = "".join(part.readings[0] for part in parts[:last])
        if papers.may_be(kind, written):
            why = f"{len(written)} letters and digits, as such papers have, said in words{asked.in_words()}"
            return heard(kind, parts[:last], floor.text, _SURE, why, written)
    return None
