"""What a number answers that is all of its turn: the turn before may ask for an order's number, and not for a telephone."""

import re

_REACH, _MOST_BEFORE, _MOST_BEHIND = 200, 3, 3
_THING = (
    r"\b(?:order|booking|reservation|invoice|ticket|policy|claim|tracking|parcel|consignment|reference|ref|case|voucher|coupon"
    r"|gift card|serial|meter|membership|customer|contract|confirmation|transaction|promo|job)(?:['’]s)?"
    r"(?: (?:number|no|code|ref|reference|id))?"
)
_ASKED = re.compile(rf"(?<![,;|\t]){_THING}(?: (?:is it|please|again|then|for this|for that))?[ ?.!]*$", re.IGNORECASE)
_HEADED = re.compile(rf"[ \t]*{_THING}\.? ?[:#] ?#?", re.IGNORECASE)


def is_for_another(text: str, start: int, end: int) -> bool:
    """Whether the line before ends in a question for a number of another sort, and this line is little else than its answer; or
    its line is one of a form."""
    line = text.rfind("\n", max(0, start - _REACH), start) + 1
    if _HEADED.fullmatch(text, line, start) is not None:
        return True
    if line == 0 or len(text[line:start].split()) > _MOST_BEFORE:
        return False
    behind = text[end : end + _REACH].partition("\n")[0]
    if len(behind.split()) > _MOST_BEHIND:
        return False
    above = text[max(0, line - 1 - _REACH) : line - 1].rpartition("\n")[2]
    return _ASKED.search(above) is not None
