"""All that is said in words in a text, or over the turns of a conversation."""

from collections.abc import Iterator, Sequence

from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.patterns import Pattern
from rightcall.discovery.detection.spoken.asked import Asked, asked
from rightcall.discovery.detection.spoken.asking import Cues
from rightcall.discovery.detection.spoken.chains import Chain, chains
from rightcall.discovery.detection.spoken.codes import codes
from rightcall.discovery.detection.spoken.dates import named
from rightcall.discovery.detection.spoken.floor import Floor
from rightcall.discovery.detection.spoken.judging import heard, numbers, with_echoes
from rightcall.discovery.detection.spoken.letters import spelled
from rightcall.discovery.detection.spoken.mails import mails

_FEWEST, _FEWEST_LETTERED = 3, 2
_LATEST, _NEAR = 12, 4000


def listen(
    text: str, *, patterns: Sequence[Pattern] = (), regions: tuple[str, ...] = (), speakers: tuple[int, ...] | None = None
) -> list[Finding]:
    floor = Floor(text, speakers)
    cues = Cues(text)
    found: list[Finding] = []
    before: Chain | None = None
    for chain in chains(floor, cues):
        if chain.has_words or floor.is_conversation:
            near = [each for each in found[-_LATEST:] if chain.start - each.end < _NEAR]
            told = _of(floor, cues, chain, asked(floor, cues, chain, before), near, regions, patterns)
            found.extend(with_echoes(each, chain) for each in told)
        before = chain
    return [*found, *_births(floor, cues), *mails(floor, cues)]


def _of(
    floor: Floor,
    cues: Cues,
    chain: Chain,
    what: Asked,
    near: Sequence[Finding],
    regions: tuple[str, ...],
    patterns: Sequence[Pattern],
) -> Iterator[Finding]:
    """`near`: what was found shortly before."""
    size = len(chain.digits)
    if size >= _FEWEST_LETTERED:
        yield from spelled(floor, chain, what, patterns)
    if size < _FEWEST:
        return
    told = numbers(floor.text, chain, what, regions)
    yield from told
    if not any(each.type == Kind.PAYMENT_CARD for each in told):
        yield from codes(floor, cues, chain, what, near)


def _births(floor: Floor, cues: Cues) -> Iterator[Finding]:
    for cue in cues.within(0, len(floor.text)):
        if Kind.DATE_OF_BIRTH in cue.meanings:
            line = floor.line_at(cue.start)
            for parts, iso in named(floor, cue.end, min(len(floor.text), cue.end + 300)):
                if floor.line_at(parts[0].start).number - line.number <= 3:
                    why = f"a date, its month by name; “{cue.phrase}” was said before it"
                    yield heard(Kind.DATE_OF_BIRTH, parts, floor.text, 0.94, why, iso)
