"""What the person is told, in plain words and in their language: that it came, that it takes longer, how far it is, the answer.

Pure: a request and its steps in, paragraphs out. No name and no number is in them, so a letter can be read by whoever sends it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rightcall.clock import day_of
from rightcall.controllers.model import Controller
from rightcall.design.wording import Words, language_of
from rightcall.errors import Conflict
from rightcall.holdings.holds.model import Hold
from rightcall.policy.model import Axis
from rightcall.requests.conflicts.model import Weighed
from rightcall.requests.model import Answered, Behalf, DenialGround, Happened, Missing, Request, RequestKind, Step
from rightcall.requests.outside import Outside
from rightcall.requests.wording import words_of
from rightcall.vault.rules import useless_after


class LetterKind(StrEnum):
    ACKNOWLEDGEMENT = "acknowledgement"
    EXTENSION = "extension"
    PROGRESS = "progress"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """`language`: in which it is written, which is English where the person's is not written here."""

    language: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Voice:
    """The words of one letter: who asks for another is told of them, and not of themselves."""

    words: Words
    behalf: Behalf

    def say(self, *path: str, **named: object) -> str:
        if self.behalf is not Behalf.SELF and self.words.has("for_another", *path):
            whom = self.words.say("whom", self.behalf)
            return self.words.say("for_another", *path, whom=whom, **named)
        return self.words.say(*path, **named)

    def day(self, on: date) -> str:
        return self.words.day(on)

    def law(self, cite: str) -> str:
        return self.words.law(cite)


def written_for(request: Request) -> list[LetterKind]:
    """Those that there is something to tell in."""
    extended = [LetterKind.EXTENSION] if request.extended_for is not None else []
    answered = [LetterKind.ANSWER] if request.outcome is not None else []
    return [LetterKind.ACKNOWLEDGEMENT, LetterKind.PROGRESS, *extended, *answered]


def letter(
    kind: LetterKind,
    request: Request,
    steps: Sequence[Happened],
    waits_for: Sequence[Missing],
    controller: Controller,
    weighed: Sequence[Weighed],
    outside: Sequence[Outside],
    today: date,
    epoch_days: int,
    held: Sequence[Hold] = (),
) -> Letter:
    """`weighed`: where a wish to be erased met a reason to keep, and what was decided. `outside`: what is in others' hands.
    `epoch_days`: for how long a backup of keys opens anything. `held`: what keeps something of a person who was erased before
    they asked. Conflict for an answer before there is one, and for an extension
    that was not taken."""
    language = language_of(request.language)
    words = _Voice(words=words_of(language), behalf=request.behalf)
    match kind:
        case LetterKind.ACKNOWLEDGEMENT:
            body = [*_came(words, request, today), *_waits(words, request, waits_for)]
        case LetterKind.EXTENSION:
            body = _extension(words, request)
        case LetterKind.PROGRESS:
            told = [f"{words.day(day_of(each.at))}: {_told(words, request, each.step, outside)}" for each in steps]
            body = [*dict.fromkeys(told), *_waits(words, request, waits_for), *_due(words, request, today)]
        case LetterKind.ANSWER:
            body = [
                *_answer(words, request, held),
                *_backups(words, request, epoch_days),
                *(_outside(words, request, each) for each in outside if request.outcome is Answered.FULFILLED),
                *_weighed(words, [each for each in weighed if each.is_told]),
            ]
    end = (
        words.say("reference", request=request.id),
        words.say("contact", controller=controller.name, contact=controller.contact),
    )
    return Letter(language=language, paragraphs=(words.say("asked", request.kind), *body, *end))


def _told(words: _Voice, request: Request, step: Step, outside: Sequence[Outside]) -> str:
    """What limits use counted from when it was ready: to say of it that nothing was done would be untrue."""
    if step is Step.REVOKED and request.ready_at is not None and request.kind in _SINCE:
        return words.say("step", "revoked_after", since=words.day(day_of(request.ready_at)))
    return words.say("step", _step(step, outside))


def _step(step: Step, outside: Sequence[Outside]) -> str:
    """What was answered while something of it lies with others still is not told as done."""
    is_partly = any(each.copies is not None or each.told_on is None for each in outside)
    return "fulfilled_partly" if step is Step.FULFILLED and is_partly else step


_DESTROYS = (RequestKind.ERASURE, RequestKind.WITHDRAWAL)
_SINCE: Mapping[RequestKind, str] = {RequestKind.RESTRICTION: "limited", RequestKind.OBJECTION: "objected"}


def _came(words: _Voice, request: Request, today: date) -> list[str]:
    said = [words.say("received", "came", received=words.day(day_of(request.received_at))), *_due(words, request, today)]
    if request.ready_at is not None and request.kind in _SINCE:
        said.append(words.say("received", _SINCE[request.kind]))
    return said


def _waits(words: _Voice, request: Request, waits_for: Sequence[Missing]) -> list[str]:
    """What is done of what may be theirs meanwhile, too, where they asked that what is theirs is not used."""
    said = [words.say("waits", each) for each in waits_for]
    if Missing.DOUBTFUL_RECORDS in waits_for and request.ready_at is not None and request.kind in _SINCE:
        said.append(words.say("received", f"{_SINCE[request.kind]}_too"))
    return said


def _due(words: _Voice, request: Request, today: date) -> list[str]:
    """By when there is an answer, or that it is late; nothing once it is there."""
    if request.outcome is not None:
        return []
    which = "late" if request.due_on < today else "due"
    return [words.say("received", which, due=words.day(request.due_on), cite=words.law(request.cite))]


def _extension(words: _Voice, request: Request) -> list[str]:
    if request.extended_for is None:
        raise Conflict("No more time was taken for this request. Extend it first; then there is something to tell.")
    return [words.say("extended", request.extended_for, due=words.day(request.due_on))]


def _answer(words: _Voice, request: Request, held: Sequence[Hold]) -> list[str]:
    if request.outcome is None:
        raise Conflict("This request is not answered yet, so there is no answer to write. Ask for its progress.")
    if request.ground is not None:
        is_right = request.kind is RequestKind.RECTIFICATION and request.ground is DenialGround.ACCURATE_AND_LAWFUL
        return [words.say("denied", "nothing_wrong" if is_right else request.ground), words.say("denied", "rights")]
    if request.outcome is Answered.REVOKED:
        return [_told(words, request, Step.REVOKED, ())]
    if request.outcome is Answered.ALREADY_ERASED:
        return _still_held(words, held) if held else [words.say("already_erased", "answer")]
    doubtful = [words.say("doubtful", "records", number=request.doubtful)] if request.doubtful else []
    return [words.say("fulfilled", request.kind), *doubtful]


def _still_held(words: _Voice, held: Sequence[Hold]) -> list[str]:
    """Why, until when, and how they get to see it. Two that keep something for the same reason are told as one."""
    why = [
        line for each in held for line in (because(words.words, each), words.say("kept", "until", until=words.day(each.ends_on)))
    ]
    rights = words.say("denied", "rights")
    return [words.say("already_erased", "kept"), *dict.fromkeys(why), words.say("kept", "see"), rights]


def because(words: Words, hold: Hold) -> str:
    """Why it keeps something, with the law that says so."""
    law = "" if hold.law is None else words.say("kept", "law", law=words.law(hold.law.text))
    return words.say("kept", "because", hold.reason) + law


def _backups(words: _Voice, request: Request, epoch_days: int) -> list[str]:
    """Of what was destroyed, until when at the latest whoever has a backup and its keys could open it still."""
    if request.outcome is not Answered.FULFILLED or request.kind not in _DESTROYS or request.answered_at is None:
        return []
    return [words.say("fulfilled", "backups", day=words.day(useless_after(request.answered_at, epoch_days)))]


def _outside(words: _Voice, request: Request, outside: Outside) -> str:
    """That it is there, and that those who have it were told, or by when they are."""
    if outside.copies is None:
        what = words.say("outside", "recipient", name=outside.name)
    else:
        what = words.say("outside", "system", name=outside.name, number=outside.copies)
    told = outside.told_on
    if told is None:
        return f"{what} {words.say('outside', 'untold', due=words.day(request.due_on))}"
    return f"{what} {words.say('outside', 'told', day=words.day(told))}"


def _weighed(words: _Voice, weighed: Sequence[Weighed]) -> list[str]:
    """What stays or goes of what there was a reason to keep, and by which law or bar of ours that was decided: what is said of
    several things in the same words is said once."""
    gone, stays = list[str](), dict[tuple[str, str, str], list[str]]()
    for each in weighed:
        grounds = words.law("; ".join(dict.fromkeys(e.ground for e in each.verdict.reasons if e.axis is Axis.LAW)))
        if each.until is None:
            gone.append(words.say("kept", "let_go", grounds=grounds or "-"))
            continue
        law = "" if each.law is None else words.say("kept", "law", law=words.law(str(each.law)))
        because, until = words.say("kept", "because", each.reason) + law, words.say("kept", "until", until=words.day(each.until))
        stays.setdefault((because, grounds, until), []).append(str(each.conflict.verdict))
    told = [
        line
        for (because, grounds, until), verdicts in stays.items()
        for line in (because, words.say("kept", "weighed", grounds=grounds, verdict=", ".join(verdicts)), until)
    ]
    return [*dict.fromkeys(gone), *([words.say("kept", "stays"), *told, words.say("denied", "rights")] if told else [])]
