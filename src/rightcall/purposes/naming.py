"""The controller's name as it is heard in a notice: without its legal form, and with endings that some languages change.

A name is no content: `Quality Hotels` says nothing of quality, so what is read has it masked, letter for letter.
"""

import re
from collections.abc import Mapping

_LEGAL_FORM = re.compile(
    r"[\s,]+(?:ltd|limited|plc|inc|llc|gmbh|ag|se|kg|a/s|aps|ab|oy|oyj|nv|n\.v\.|bv|b\.v\.|sa|s\.a\.|sas|sarl|sl|s\.l\.)\.?$",
    re.IGNORECASE,
)
_INFLECTED = 6
_ENDINGS: Mapping[str, int] = {"fi": 2}
_LONGEST_ENDING = 2
_SHORTEST_MASKED = 4
_REST_OF_WORD = re.compile(r"(?<=\w)\w")


def is_named(controller: str, language: str, text: str) -> bool:
    name = _bare(controller.casefold())
    spoken = name if len(name) < _INFLECTED else name[: -_ENDINGS.get(language, 1)]
    return spoken in text.casefold()


def masked(text: str, controller: str | None) -> str:
    """The text with nothing but first letters left of the name. A name of one word only where it is written as a name: a company
    may be called as an ordinary word is."""
    name = "" if controller is None else _bare(controller)
    if len(name) < _SHORTEST_MASKED:
        return text
    spoken = name if len(name) < _INFLECTED else name[:-_LONGEST_ENDING]
    words = [re.escape(word) for word in spoken.split()]
    pattern = re.compile(r"(?<!\w)" + r"\s+".join(words) + r"\w*", re.IGNORECASE if len(words) > 1 else 0)
    return pattern.sub(lambda match: _REST_OF_WORD.sub("x", match.group()), text)


def _bare(controller: str) -> str:
    return _LEGAL_FORM.sub("", controller).strip(" ,") or controller
