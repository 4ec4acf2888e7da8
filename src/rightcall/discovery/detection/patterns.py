"""Patterns of one's own, for customer and case numbers: a name and a regular expression.

They run in RE2, which takes time in proportion to the text whatever the expression, and refuses those that would need
too much room.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import re2

from rightcall.discovery.detection.model import Finding, Kind
from rightcall.errors import Malformed

LONGEST_MATCH = 200
_LONGEST_PATTERN = 1000
_ROOM = 8 << 20
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_CONFIDENCE = 0.9


@dataclass(frozen=True, slots=True)
class Pattern:
    name: str
    expression: "re2._Regexp[bytes]"

    def findings(self, text: str) -> Iterator[Finding]:
        """Matches of nothing, and of more than `LONGEST_MATCH` characters, are none."""
        encoded = text.encode("utf-8", "replace")
        is_ascii, place, characters = len(encoded) == len(text), 0, 0
        for match in self.expression.finditer(encoded):
            first, last = match.span()
            if is_ascii:
                start, end = first, last
            else:
                characters += len(encoded[place:first].decode("utf-8", "ignore"))
                place, start = first, characters
                end = start + len(encoded[first:last].decode("utf-8", "ignore"))
            if 0 < end - start <= LONGEST_MATCH:
                why = f"matches the pattern “{self.name}” that this scan was given"
                yield Finding(start=start, end=end, type=self.name, confidence=_CONFIDENCE, why=why)


def read_pattern(given: str) -> Pattern:
    """From `NAME=REGEX`. Raises Malformed with what to do."""
    name, equals, expression = given.partition("=")
    if not equals or not expression:
        raise Malformed("A pattern is written NAME=REGEX, for example case_number=CASE-[0-9]{6}.")
    if _NAME.fullmatch(name) is None or name in set(Kind):
        raise Malformed(
            "A pattern's name has small letters, digits, - and _, begins with a letter, has 40 characters at most, and is not the"
            " name of a type that there is already."
        )
    if len(expression) > _LONGEST_PATTERN:
        raise Malformed(f"The pattern {name} has more than {_LONGEST_PATTERN} characters. Make several of it.")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _ROOM
    try:
        compiled = re2.compile(expression, options)
    except re2.error as error:
        said = error.args[0].decode("utf-8", "replace")
        raise Malformed(
            f"The pattern {name} cannot be read as a regular expression ({said}). The syntax is RE2's: it has no look-arounds"
            " and no back-references."
        ) from error
    return Pattern(name, compiled)
