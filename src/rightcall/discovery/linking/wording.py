"""What was compared, in words: what agrees, what differs, what that is worth within a household, and how many others have it."""

from collections.abc import Mapping, Sequence

from rightcall.discovery.linking.chances import NAMED
from rightcall.discovery.linking.model import Aspect, Compared, Outcome

_WORDS: Mapping[Aspect, str] = {
    Aspect.CUSTOMER_ID: "customer id",
    Aspect.NATIONAL_ID: "national id",
    Aspect.EMAIL: "e-mail address",
    Aspect.ACCOUNT: "account or card",
    Aspect.TEL: "telephone number",
    Aspect.DATE_OF_BIRTH: "day of birth",
    Aspect.GIVEN_NAME: "given name",
    Aspect.FAMILY_NAME: "family name",
    Aspect.GENERATION: "junior or senior",
    Aspect.ADDRESS: "postcode and house",
}
_IN_PART: Mapping[Aspect, str] = {
    Aspect.GIVEN_NAME: "the initial of the given name fits",
    Aspect.GENERATION: "one of the two is called junior or senior, and the other is not",
}
_MUCH, _SOME, _SHARED = 10.0, 3.0, 1.0


def says(compared: Sequence[Compared]) -> list[str]:
    """One line for each, the weightiest first; and one more where nothing agrees but a name."""
    lines = [_line(each) for each in sorted(compared, key=lambda one: -abs(one.bits))]
    agrees = {each.aspect for each in compared if each.outcome is not Outcome.DIFFERS}
    return [*lines, _NAME_ALONE] if agrees and agrees <= NAMED else lines


_NAME_ALONE = "a name alone: somebody whom nobody knows here may be called the same"


def _line(each: Compared) -> str:
    what = _WORDS[each.aspect]
    if each.outcome is Outcome.IN_PART:
        return f"{_IN_PART[each.aspect]}: {_worth(each.bits)}"
    if each.outcome is Outcome.DIFFERS:
        return f"another {what}: {_worth(each.bits)}"
    shared = ", but people of one household share it" if each.household < _SHARED else ""
    return f"the same {what}: {_worth(each.bits)}{shared}{_others(each)}"


def _others(each: Compared) -> str:
    match each.others:
        case None:
            return ""
        case 0:
            return ", and nobody else here has it"
        case 1:
            return ", and one other here has it too"
        case number:
            return f", and {number:,} others here have it too"


def _worth(bits: float) -> str:
    size = "much" if abs(bits) >= _MUCH else "something" if abs(bits) >= _SOME else "little"
    return f"speaks {'for' if bits >= 0 else 'against'} it, {size}"
