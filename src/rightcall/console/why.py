"""For which purpose somebody reads what is about a person, and why: what a form of theirs says of it. What is no reason, or no
case, is told at its field before anything is asked, as by the API and the command line; what was left out the rules weigh."""

from collections.abc import Sequence
from dataclasses import dataclass

from rightcall.console.filled import Filled, an_id
from rightcall.errors import Malformed
from rightcall.ids import PurposeId
from rightcall.policy.reasons import LONGEST_CASE, WANTED_CASE, WANTED_REASON, lacks_case, lacks_reason

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """None: nothing was said of it."""

    reason: str | None
    case: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Anew:
    """The form that a no is told above: what was written stands in it, and can be mended. `usable`: purposes to choose from."""

    place: str
    filled: Filled
    usable: Sequence[tuple[str, str, bool]] = ()
    button: str = ""
    listens: bool = False


def purpose_in(filled: Filled) -> PurposeId:
    return PurposeId(filled.read("purpose", an_id))


def said_in(filled: Filled) -> Said:
    """Unread, at its field, where what stands there is none."""
    return Said(reason=filled.maybe("reason", a_reason), case=filled.maybe("case", a_case))


def a_reason(text: str) -> str:
    if len(text) > LONGEST_REASON:
        raise Malformed(f"This is too long: at most {LONGEST_REASON} characters, and it has {len(text)}.")
    if (lacks := lacks_reason(text)) is not None:
        raise Malformed(f"This is not taken for a reason: {lacks}. Give one that {WANTED_REASON}.")
    return text


def a_case(text: str) -> str:
    if len(text) > LONGEST_CASE:
        raise Malformed(f"This is too long: at most {LONGEST_CASE} characters, and it has {len(text)}.")
    if (lacks := lacks_case(text)) is not None:
        raise Malformed(f"This is not taken for a case: {lacks}. Give one that {WANTED_CASE}.")
    return text
