"""A notice while it is looked at: its text by sentences and clauses, and what the cue words say of a place in it."""

import re

from rightcall.purposes.cues import Cues, Span, cues_of, spans_of, words_of
from rightcall.purposes.model import Keypad, LawfulBasis
from rightcall.purposes.naming import masked

KEY = re.compile(r"(?<![\w*#])[0-9*#](?![\w*#])")
_SENTENCE = re.compile(r"[^.?!;\s][^.?!;]*[.?!;]*")
_STOP = re.compile(r"[,:]")


class Room:
    """The text with what several rules look at."""

    def __init__(
        self,
        text: str,
        *,
        keypad: Keypad | None,
        controller: str | None,
        basis: LawfulBasis,
        cues: Cues | None,
        named: Cues | None,
    ) -> None:
        """`cues`: of the language that the words are in; `named`: of the one that was named. What is read is `text`, in which the
        controller's name is masked; `said` is what is heard."""
        self.said = text
        self.text = masked(text, controller)
        self.keypad = keypad
        self.controller = controller
        self.basis = basis
        self.named = named
        self.whole = Span(0, len(text))
        self.sentences = spans_of(_SENTENCE, text)
        self.keys = {text[span.start : span.end] for span in spans_of(KEY, text)}
        self._cues = cues

    @property
    def is_read(self) -> bool:
        return self._cues is not None

    @property
    def cues(self) -> Cues:
        if self._cues is None:
            raise AssertionError("Rules of wording are for languages that can be read.")
        return self._cues

    def read_as(self, language: str) -> "Room":
        """The same words by another language's cues."""
        return Room(
            self.said,
            keypad=self.keypad,
            controller=self.controller,
            basis=self.basis,
            cues=cues_of(language),
            named=self.named,
        )

    def find(self, sign: str) -> list[Span]:
        return list(self.cues.find(sign, self.text))

    def has(self, sign: str) -> bool:
        return self.cues.has(sign, self.text)

    def words(self, span: Span) -> str:
        return self.text[span.start : span.end]

    def sentence_of(self, span: Span) -> Span:
        return next(each for each in self.sentences if each.start <= span.start < each.end)

    def is_denied(self, span: Span) -> bool:
        """A word of no stands before it in its sentence: `not for marketing`."""
        return self.cues.has("no", self.text[self.sentence_of(span).start : span.start])

    def records_nothing(self, span: Span) -> bool:
        """What follows from it is that nothing is recorded: `if you say nothing, nothing is recorded`."""
        clauses = self.text[span.start : self.sentence_of(span).end].split(",")
        return any(self.cues.has("not_recorded", clause) for clause in clauses)

    def clause_of(self, span: Span) -> Span:
        """From the comma or the `and` before it to the one after it."""
        sentence = self.sentence_of(span)
        marks = [*spans_of(_STOP, self.text), *self.find("and")]
        start = max((each.end for each in marks if sentence.start < each.end <= span.start), default=sentence.start)
        end = min((each.start for each in marks if span.end <= each.start < sentence.end), default=sentence.end)
        return Span(start, end)

    def is_done_by_us(self, span: Span) -> bool:
        """The word right after it is `we`, as in languages that turn the words around: `bei einem Nein schreiben wir es auf`."""
        after = words_of(self.text[span.end :])[:1]
        return any(self.cues.has("we_do", self.text[span.end + word.start : span.end + word.end]) for word in after)

    def is_denied_at_once(self, span: Span) -> bool:
        """A word of no stands right before it: `we do not end the call`, and not `if you say no, we end the call`."""
        before = self.text[self.sentence_of(span).start : span.start].rstrip()
        words = words_of(before)
        return bool(words) and words[-1].end == len(before) and self.cues.has("no", before[words[-1].start :])


def overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
