"""Telephone numbers in the names of files: recordings are named after who called (`rec_4551732088.wav`). Pure.

With a plus a number is one in any file. Figures alone are much else in names, most of all instants: they are taken where a plan
of numbers knows them and they read as no instant; of a country's code only where it is that of one of the regions or the file
is sound, and in national form only of the regions, and in sound.
"""

import re
from collections.abc import Iterator, Sequence

import phonenumbers

from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.numbering import is_in_use, is_in_use_abroad
from rightcall.discovery.detection.patterns import Pattern, own_in
from rightcall.personal import Personal

_SOUND = re.compile(
    r".+\.(?:wave?|mp[34]|og[ga]|opus|flac|m4a|aac|amr|au|snd|wma|webm|gsm|g729|vox|aiff?|caf|3gp|spx|[au]law)", re.I | re.DOTALL
)
_WITH_PLUS = re.compile(r"\+[1-9](?:[-. ()]{0,2}[0-9]){6,14}(?![0-9])")
_ALONE = re.compile(r"(?<![^\W_])[0-9]{8,17}(?![^\W_])")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.I)
_DAY = r"(?:0[1-9]|[12][0-9]|3[01])"
_MONTH = r"(?:0[1-9]|1[0-2])"
_TIME = r"(?:[01][0-9]|2[0-3])(?:[0-5][0-9](?:[0-5][0-9](?:[0-9]{3})?)?)?"
_INSTANT = re.compile(
    rf"(?:19|20)[0-9]{{2}}{_MONTH}{_DAY}(?:{_TIME})?"
    rf"|{_DAY}{_MONTH}(?:19|20)[0-9]{{2}}(?:{_TIME})?|{_MONTH}{_DAY}(?:19|20)[0-9]{{2}}(?:{_TIME})?"
    rf"|[0-9]{{2}}{_MONTH}{_DAY}{_TIME}"
    r"|1[0-9]{9}(?:[0-9]{3}|[0-9]{6})?"
)
"""Days and times written together, and seconds, thousandths and millionths of them since 1970."""
_LEAST_ABROAD, _MOST_ABROAD, _MOST_AT_HOME = 9, 15, 12
_WITH_CODE, _NATIONAL = 0.8, 0.6


def told_by_name(name: str, patterns: Sequence[Pattern], regions: Sequence[str]) -> list[Finding]:
    """What the name of a file tells of somebody. A number of one's own is no telephone number."""
    own = own_in(name, patterns)
    phones = (each for each in phones_in(name, regions) if all(each.end <= one.start or one.end <= each.start for one in own))
    return [*own, *phones]


def phones_in(name: str, regions: Sequence[str]) -> Iterator[Finding]:
    """None overlapping another, in their order."""
    taken = [each.span() for each in _UUID.finditer(name)]
    found = []
    for match in _WITH_PLUS.finditer(name):
        digits = re.sub(r"[^0-9]", "", match[0])
        if is_in_use_abroad(digits):
            found.append(_found(match, f"+{digits}", 0.9, "a plus and a number that is in use"))
    taken += [(each.start, each.end) for each in found]
    for match in _ALONE.finditer(name):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            found += _alone(match, regions, is_sound=_SOUND.fullmatch(name) is not None)
    yield from sorted(found, key=lambda each: each.start)


def _alone(match: re.Match[str], regions: Sequence[str], *, is_sound: bool) -> Iterator[Finding]:
    """With a country's code first: it says more."""
    digits = match[0]
    if _INSTANT.fullmatch(digits):
        return
    abroad = digits.removeprefix("00")
    is_known = is_sound or any(abroad.startswith(str(phonenumbers.country_code_for_region(each))) for each in regions)
    if is_known and _LEAST_ABROAD <= len(abroad) <= _MOST_ABROAD and abroad[0] != "0" and is_in_use_abroad(abroad):
        yield _found(match, f"+{abroad}", _WITH_CODE, "a country's code and a number that is in use there")
        return
    home = next((each for each in regions if is_in_use(digits, each)), None) if is_sound else None
    if home is not None and len(digits) <= _MOST_AT_HOME:
        yield _found(match, None, _NATIONAL, f"a number in national form that is in use in {home}")


def _found(match: re.Match[str], written: str | None, confidence: float, why: str) -> Finding:
    return Finding(
        start=match.start(),
        end=match.end(),
        type=Kind.PHONE,
        confidence=confidence,
        why=why,
        written=None if written is None else Personal(written),
    )
