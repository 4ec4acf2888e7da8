"""An expression that matches a number also as people say it, without the marks that it is written with: `KD-[0-9]{6}` and
"k d three hundred …". Marks of its own are those that stand for themselves, once."""

import re

_TOKEN = re.compile(
    r"\\Q.*?(?:\\E|$)|\\[pP]\{[^}]*\}|\\x\{[^}]*\}|\\.|\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]|\(\?P?<\w+>|\(\?[a-zA-Z-]*[:)]|\{[^}]*\}|.",
    re.S,
)
_MARKS, _ESCAPED = "-–/_#: ", "-–/_#:. "
_REPEATS = ("*", "+", "?", "{")
_NAME = "mark_left_out_"


def unmarked(expression: str) -> tuple[str, tuple[str, ...]]:
    """With each mark left open in a group of its own, `name_of` its number; and the marks."""
    tokens = _TOKEN.findall(expression)
    marks: list[str] = []
    for place, token in enumerate(tokens):
        mark = token[-1]
        stands_for_itself = (len(token) == 1 and mark in _MARKS) or (len(token) == 2 and token[0] == "\\" and mark in _ESCAPED)
        if stands_for_itself and not "".join(tokens[place + 1 : place + 2]).startswith(_REPEATS):
            tokens[place] = f"(?P<{name_of(len(marks))}>|{re.escape(mark)})"
            marks.append(mark)
    return "".join(tokens), tuple(marks)


def name_of(number: int) -> str:
    return f"{_NAME}{number}"
