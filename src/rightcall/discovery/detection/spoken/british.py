"""British sort codes and accounts said beside one another: six digits and eight, of which one may be named and the other not."""

import re
from collections.abc import Iterator, Sequence

from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.spoken.chains import Chain
from rightcall.discovery.detection.spoken.floor import Floor
from rightcall.discovery.detection.spoken.judging import heard, how
from rightcall.discovery.detection.spoken.reading import Part

_CODE, _ACCOUNT = 6, 8
_SURE, _LIKELY, _ABOUT = 0.9, 0.6, 250
_BEHIND = re.compile(r",? (?:(?:at|with|and|the|its|it's|sort|code|is|bank) ){1,5}", re.IGNORECASE)
_BEFORE = re.compile(
    r"[,.]? (?:(?:and|then|so|with|um|er|uh|natwest|the|my|his|her|their) ){0,4}"
    r"(?:bank )?(?:account|acc|acct|a c)(?: number| no|'s)?(?: (?:is|it's|that's|um|er|uh)){0,2},? ",
    re.IGNORECASE,
)
_OF_BANKS = re.compile(
    r"(?<![^\W_])(?:banks?|bacs|banking|building society|sort|direct debit|standing order|lloyds|natwest|hsbc|barclays|santander"
    r"|nationwide|halifax|monzo|starling|tsb|refund(?:ed)?|wages|salary|payout|credited|reimbursed?)(?![^\W_])",
    re.IGNORECASE,
)


def code_behind(floor: Floor, chain: Chain, near: Sequence[Finding]) -> Finding | None:
    """Of an account that was told right before it: "… at forty eleven sixteen"."""
    if len(chain.digits) != _CODE or not near or near[-1].type != Kind.BANK_ACCOUNT:
        return None
    if _BEHIND.fullmatch(floor.text, near[-1].end, chain.start) is None:
        return None
    return _code(floor, chain, f"6 digits of a bank's code behind an account{how(chain)}")


def code_before(floor: Floor, before: Chain, chain: Chain, told: Sequence[Finding]) -> list[Finding]:
    """Of an account that is named right behind it: "forty eleven sixteen and the account is …"."""
    if len(chain.digits) != _ACCOUNT or len(before.digits) != _CODE or not before.has_words or "en" not in before.languages:
        return []
    if not any(each.type == Kind.BANK_ACCOUNT and each.start == chain.start for each in told):
        return []
    if _BEFORE.fullmatch(floor.text, before.end, chain.start) is None:
        return []
    return [_code(floor, before, f"6 digits of a bank's code before an account{how(before)}")]


def both(floor: Floor, chain: Chain) -> Iterator[Finding]:
    """In one breath, where a bank is spoken of and nothing is asked for that we know."""
    if not chain.has_words or len(chain.digits) != _CODE + _ACCOUNT or "en" not in chain.languages:
        return
    if _OF_BANKS.search(floor.text, max(0, chain.start - _ABOUT), chain.start) is None:
        return
    said = next(chain.said())
    place = next((number for number in range(len(said)) if _size(said[:number]) == _CODE), 0)
    if place and _size(said) == _CODE + _ACCOUNT:
        why = f"6 digits of a bank's code and 8 of an account{how(chain)}; a bank is spoken of before"
        for kind, parts in ((Kind.BANK_CODE, said[:place]), (Kind.BANK_ACCOUNT, said[place:])):
            yield heard(kind, parts, floor.text, _LIKELY, why, _digits(parts))


def _code(floor: Floor, chain: Chain, why: str) -> Finding:
    said = next(chain.said())
    return heard(Kind.BANK_CODE, said, floor.text, _SURE, why, _digits(said))


def _digits(said: Sequence[Part]) -> str:
    return "".join(part.readings[0] for part in said)


def _size(said: Sequence[Part]) -> int:
    return len(_digits(said))
