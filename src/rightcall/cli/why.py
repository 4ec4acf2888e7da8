"""The reason and the case that whoever reads something gives: what says nothing is sent back before anything is asked, with what
it needs, as the API does."""

from rightcall.errors import Malformed
from rightcall.policy.reasons import WANTED_CASE, WANTED_REASON, is_blank, names_case, says_why


def reason_of(given: str | None) -> str | None:
    """What is blank was not given, and is weighed so."""
    if is_blank(given) or says_why(given):
        return given
    raise Malformed(f"This --reason says too little. Give one that {WANTED_REASON}.")


def not_given(reason: str | None, case: str | None) -> list[str]:
    """Beside a verdict that is no: what of the two was left out, where a rule may ask for both in one breath."""
    left_out = [option for option, given in (("--reason", reason), ("--case", case)) if is_blank(given)]
    return [f"  You gave no {' and no '.join(left_out)}."] if left_out else []


def case_of(given: str | None) -> str | None:
    if is_blank(given) or names_case(given):
        return given
    raise Malformed(f"This --case is no reference. Give one that {WANTED_CASE}.")
