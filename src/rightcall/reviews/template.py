"""A review to fill in: every question as a comment, in a file that a person who is no programmer can write in."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from rightcall.reviews.checking import LEAST_HOW, LEAST_NAMED, LEAST_WORDS, QUESTIONS
from rightcall.reviews.model import Criterion, Enough, Likelihood, Severity, Volume
from rightcall.reviews.rules import MOST_DAYS, USES

ASKED: Mapping[str, Mapping[str, str]] = {
    "balancing": {
        "purpose": "Which interest is it, whose, and is it lawful and real?",
        "necessity": "Why can it not be reached with less, or otherwise?",
        "balance": "What does it mean for the people concerned, do they expect it, and why do their interests not come first?",
    },
    "impact": {
        "necessity": "Why is this needed and in proportion to what it is for?",
        "measures": "What is done so that the harms above do not happen?",
        "advice": "What did the DPO advise, and what came of it?",
        "views": "What do the people concerned say, or those who speak for them? If nobody was asked: why not?",
    },
}
"""What the two tests ask beside the six questions."""


def template(purpose: str) -> str:
    """TOML. Empty answers are refused when it is drafted, so nothing that was overlooked gets by."""
    return "\n".join([*_head(purpose), *_answers(), *_lists(), *_declared(), *_tests()]) + "\n"


def _head(purpose: str) -> Iterable[str]:
    yield from _said(
        f"The review of one purpose. Write between the quotes; a line that begins with # is a note to you. Every answer is a"
        f" sentence of {LEAST_WORDS} different words or more, unless fewer are said to be enough, about the purpose and never"
        " about a person, and none is given twice. When all is answered:"
        " rightcall review draft FILE"
    )
    yield f'purpose = "{purpose}"'
    yield from _said(f"The last day it can be in force, at most {MOST_DAYS} days away; without this line half a year.")
    yield "# expires_on = 2027-05-01"


def _answers() -> Iterable[str]:
    yield from ("", "[answers]")
    for name, question in QUESTIONS.items():
        yield from (*_said(question), f'{name} = """"""')


def _lists() -> Iterable[str]:
    yield from ("", *_said("Who could be hurt, and how. Copy this block for each of them: callers, agents, people spoken about."))
    yield from ("[[harms]]", *_said("Who? One word is enough."), 'who = ""', *_said("How could it hurt them?"), 'how = """"""')
    yield from (*_one_of("How likely is it?", Likelihood), 'likelihood = ""')
    yield from (*_one_of("How bad would it be for them?", Severity), 'severity = ""')
    yield from (*_said("What is done so that it does not happen?"), 'done = """"""')
    yield from ("", *_said("What would need less data? Copy this block for each. If one of them is enough, do that instead."))
    yield from (
        "[[alternatives]]",
        *_said(f"What? {LEAST_NAMED} words or more."),
        'what = ""',
        *_one_of("Is it enough?", Enough),
        'enough = ""',
    )
    yield from (*_said("Why is it not enough, or only in part?"), 'why = """"""')


def _declared() -> Iterable[str]:
    yield from ("", *_said("Facts. Rules weigh them, and the system watches whether they are so."), "[declared]")
    yield from (*_said("Does anybody get less service who says no? true or false"), "service_depends_on_yes = false")
    yield from (*_said("How many keys or clicks does a yes take, and a no?"), "steps_to_accept = 1", "steps_to_decline = 1")
    yield from (
        *_said(f"Do agents have a line that is never recorded? If so, how, in {LEAST_HOW} words or more; if not, leave it out."),
        '# unrecorded_line = ""',
    )
    yield from (
        *_said(f"Can what is to be proved be proved otherwise? If so, how, in {LEAST_HOW} words or more."),
        '# other_proof = ""',
    )
    yield from (*_said("Is the whole call kept? false where only a part of it is."), "whole_call = true")
    yield from (*_some_of("What is done for this purpose?", sorted(USES)), 'acts = ["capture", "play"]')
    yield from (
        *_said("Which roles use it? agent, supervisor, reviewer, dpo, auditor or engineer"),
        'roles = ["supervisor", "dpo"]',
    )
    yield from (*_one_of("How many calls in thirty days?", Volume), 'calls = ""')
    yield from _some_of("What makes a high risk likely here (GDPR Art. 35)? Empty where nothing does.", Criterion)
    yield "criteria = []"


def _tests() -> Iterable[str]:
    yield from (
        "",
        *_said(
            "The balancing test. Needed where the words of callers or of agents rest on legitimate interests: agents' do, where"
            " the register says nothing else. Take this part out where it is not needed."
        ),
        "[balancing]",
    )
    for name, question in ASKED["balancing"].items():
        yield from (*_said(question), f'{name} = """"""')
    yield from (
        "",
        *_said(
            "The impact assessment. Needed where voices are analysed, people are watched on a large scale, special categories are"
            " kept, or two of the criteria above are met; acts, volume and the register count as such by themselves. Take"
            " this part out where it is not needed."
        ),
        "[impact]",
    )
    for name, question in ASKED["impact"].items():
        yield from (*_said(question), f'{name} = """"""')


def _one_of(question: str, words: type[StrEnum]) -> Iterable[str]:
    return _said(f"{question} One of: {', '.join(words)}")


def _some_of(question: str, words: Sequence[str] | type[StrEnum]) -> Iterable[str]:
    return _said(f"{question} Of: {', '.join(words)}")


def _said(text: str) -> Iterable[str]:
    """As comments of at most a hundred letters a line."""
    line = "#"
    for word in text.split():
        if len(line) + len(word) > 99:
            yield line
            line = "#"
        line += f" {word}"
    yield line
