"""Patterns of one's own, for customer and case numbers: a name and a regular expression.

They run in RE2, which takes time in proportion to the text whatever the expression, and refuses those that would need
too much room. Capital and small letters are the same to them, unless they say otherwise (`(?-i)`); what is found in other
letters than the pattern's is also told in these, so that it is the same number to whoever asks whose it is.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice, product

import re2

from rightcall.discovery.detection.edges import going_on, stands_alone
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.plain import plain
from rightcall.discovery.detection.unmarked import name_of, unmarked
from rightcall.errors import Malformed
from rightcall.personal import Personal

LONGEST_MATCH = 200
_LONGEST_PATTERN = 1000
_ROOM = 8 << 20
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_CONFIDENCE, _CONFIDENCE_SAID, _UNSURE = 0.9, 0.85, 0.5
_MOST_CASES = 64
_LEADING = re.compile(r"([A-Za-z]{2,20})\\?[-–/_#:.](?=[\[\\(0-9])")
"""Letters and a mark that an expression begins with, before what is no more of them."""
_MOST_DIGITS, _MOST_GROUPS = 10, 5


@dataclass(frozen=True, slots=True)
class _Form:
    """`anyhow`: in capital and small letters; `whole`: the same, and nothing of letters and digits around it."""

    anyhow: "re2._Regexp[bytes]"
    whole: "re2._Regexp[bytes]"

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where a match is inside a run, a longer one may begin at the same place, or another within it."""
        encoded = text.encode("utf-8", "replace")
        found = [*_characters(text, encoded, (each.span() for each in self.anyhow.finditer(encoded)))]
        alone = [(start, end) for start, end in found if stands_alone(text, start, end)]
        if len(alone) < len(found):
            alone = _apart([*alone, *_characters(text, encoded, _groups(self.whole, encoded))])
        return [span for span in alone if span[1] - span[0] <= LONGEST_MATCH]


@dataclass(frozen=True, slots=True)
class Pattern:
    """`expression`: as it was given, in its own letters. `said`: also without its `marks`. `spaced`: its first letters
    before digits in groups; None where it does not begin with two letters and a mark."""

    name: str
    expression: "re2._Regexp[bytes]"
    written: _Form
    said: _Form
    marks: tuple[str, ...]
    spaced: "re2._Regexp[bytes] | None"

    def findings(self, text: str, plainly: str | None = None) -> Iterator[Finding]:
        """Matches of nothing, and of more than `LONGEST_MATCH` characters, are none; nor are those inside a longer run of letters
        and digits. One that a dash leads on from may be another number: it is less sure, and nobody's. Long dashes, as word
        processors put them, are dashes. `plainly`: the text in its plain form, where that is known."""
        why = f"matches the pattern “{self.name}” that this scan was given"
        plainly = plain(text) if plainly is None else plainly
        spans = self.written.spans(text)
        if plainly != text:
            spans = _apart([*spans, *self.written.spans(plainly)])
        longer = going_on(text, spans)
        for start, end in spans:
            own = self.in_its_letters(self._in_its_signs(text[start:end]))
            written = None if own == text[start:end] else own
            yield self.finding(start, end, why, _CONFIDENCE, written, goes_on=(start, end) in longer)

    def in_groups(self, text: str) -> Iterator[Finding]:
        """With spaces for its first mark and between its digits: `KD 300 104`. More groups behind these may belong to it."""
        if self.spaced is None:
            return
        encoded = text.encode("utf-8", "replace")
        why = f"matches the pattern “{self.name}” that this scan was given, in groups"
        for start, end in _characters(text, encoded, _groups(self.spaced, encoded)):
            groups = text[start:end].split(" ")
            for many in range(len(groups), 1, -1):
                if (own := self.as_written("".join(groups[:many]))) is not None:
                    last = start + len(" ".join(groups[:many]))
                    goes_on = 2 < many < len(groups) or (start, last) in going_on(text, [(start, last)])
                    yield self.finding(start, last, why, _CONFIDENCE_SAID, own, goes_on=goes_on)
                    break

    def without_marks(self, text: str) -> Iterator[Finding]:
        """Typed in haste: `KD300104`."""
        why = f"matches the pattern “{self.name}” that this scan was given, without its marks"
        spans = self.said.spans(text) if self.marks else []
        longer = going_on(text, spans)
        for start, end in spans:
            own = self.as_written(text[start:end])
            if own is not None and len(own) > end - start:
                yield self.finding(start, end, why, _CONFIDENCE_SAID, own, goes_on=(start, end) in longer)

    def finding(self, start: int, end: int, why: str, confidence: float, written: str | None, *, goes_on: bool) -> Finding:
        return Finding(
            start=start,
            end=end,
            type=self.name,
            confidence=_UNSURE if goes_on else confidence,
            why=f"{why}, but goes on beside it, so it may be another number" if goes_on else why,
            written=None if written is None else Personal(written),
            is_whole=not goes_on,
        )

    def as_written(self, said: str) -> str | None:
        """What was said, with the marks and in the letters that the expression has; None where it is no match. Digits alone are
        none without their marks: any number could be it."""
        match = self.said.anyhow.fullmatch(said.encode("utf-8", "replace"))
        if match is None:
            return None
        whole, behind = b"", 0
        for number, mark in enumerate(self.marks):
            start, end = match.span(self.said.anyhow.groupindex[name_of(number)])
            if start == end >= 0:
                whole, behind = whole + match.string[behind:start] + mark.encode(), start
        written = (whole + match.string[behind:]).decode("utf-8", "replace")
        is_told = written == said or any(each.isalpha() for each in said)
        if not is_told or self.written.anyhow.fullmatch(written.encode("utf-8", "replace")) is None:
            return None
        return self.in_its_letters(written)

    def _in_its_signs(self, said: str) -> str:
        """With plain dashes and digits, unless the expression asks for the others."""
        is_its_own = self.written.anyhow.fullmatch(said.encode("utf-8", "replace")) is not None
        return said if is_its_own else plain(said)

    def in_its_letters(self, said: str) -> str:
        """What matches, with the capitals that the expression has; as it is where it has them, or where we cannot tell."""
        cased = [each for each in said if each.upper() != each.lower()]
        others = (_recased(said, letters) for letters in product(*([each.upper(), each.lower()] for each in cased)))
        tried = (said, said.upper(), said.lower(), *islice(others, _MOST_CASES))
        return next((each for each in tried if self.expression.fullmatch(each.encode("utf-8", "replace"))), said)


def own_in(name: str, patterns: Iterable[Pattern]) -> list[Finding]:
    """One's own numbers in what a file is called and in its folders' names, none overlapping another: with their marks first."""
    kept: list[Finding] = []
    for each in chain.from_iterable(chain(one.findings(name), one.without_marks(name)) for one in patterns):
        if all(each.end <= other.start or other.end <= each.start for other in kept):
            kept.append(each)
    return kept


def _recased(said: str, letters: tuple[str, ...]) -> str:
    given = iter(letters)
    return "".join(each if each.upper() == each.lower() else next(given) for each in said)


def _groups(expression: "re2._Regexp[bytes]", encoded: bytes) -> Iterator[tuple[int, int]]:
    """The first group of each match. What is behind it may be what is before the next."""
    place = 0
    while (match := expression.search(encoded, place)) is not None:
        yield match.span(1)
        place = max(place + 1, match.end(1))


def _characters(text: str, encoded: bytes, spans: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Places in the text of those in its bytes, less those of nothing."""
    is_ascii, place, characters = len(encoded) == len(text), 0, 0
    for first, last in spans:
        if is_ascii:
            start, end = first, last
        else:
            characters += len(encoded[place:first].decode("utf-8", "ignore"))
            place, start = first, characters
            end = start + len(encoded[first:last].decode("utf-8", "ignore"))
        if start < end:
            yield start, end


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """In their order, none overlapping another: the first stays."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(set(spans), key=lambda one: (one[0], -one[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


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
    try:
        given_form = re2.compile(expression, _options())
        said, marks = unmarked(expression)
        return Pattern(name, given_form, _form(expression), _form(said), marks, _spaced(expression))
    except re2.error as error:
        said = error.args[0].decode("utf-8", "replace")
        raise Malformed(
            f"The pattern {name} cannot be read as a regular expression ({said}). The syntax is RE2's: it has no look-arounds"
            " and no back-references."
        ) from error


def _form(expression: str) -> _Form:
    options = _options(is_case_sensitive=False)
    return _Form(re2.compile(expression, options), re2.compile(rf"(?:\A|[^\pL\pN])({expression})(?:[^\pL\pN]|\z)", options))


def _spaced(expression: str) -> "re2._Regexp[bytes] | None":
    led = _LEADING.match(expression)
    if led is None:
        return None
    groups = rf"{led[1]} [0-9]{{1,{_MOST_DIGITS}}}(?: [0-9]{{1,{_MOST_DIGITS}}}){{0,{_MOST_GROUPS}}}"
    return re2.compile(rf"(?:\A|[^\pL\pN])({groups})(?:[^\pL\pN]|\z)", _options(is_case_sensitive=False))


def _options(*, is_case_sensitive: bool = True) -> "re2.Options":
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _ROOM
    options.case_sensitive = is_case_sensitive
    return options
