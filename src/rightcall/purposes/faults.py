"""What can be the matter with a notice: each fault with its weight, plain words, what to say instead, and where that is written.

Facts about the law, not advice: GDPR, EDPB Guidelines 05/2020 (version 1.1), the Court's judgments. How each is found is in
finding.py.
"""

from dataclasses import dataclass
from enum import StrEnum

from rightcall.errors import Malformed
from rightcall.purposes.reading import HARDEST_LIX, LONGEST_SECONDS, LONGEST_SENTENCE


class Severity(StrEnum):
    """`wrong`: a yes to these words is none, or not an informed one. `weak`: it may be one, and the words do not help."""

    WRONG = "wrong"
    WEAK = "weak"
    CANNOT_TELL = "cannot_tell"


# A yes to words like these is none, whatever else they say (GDPR Art. 4(11), 7(4)): nothing may be recorded on it.
VOID = frozenset({"choice.opt_out", "choice.conditional"})
# Looked for in a sentence of another language, too.
IN_ANY_SENTENCE = frozenset({*VOID, "choice.perhaps_opt_out", "choice.perhaps_conditional"})
_WRONG, _WEAK, _CANNOT_TELL = Severity.WRONG, Severity.WEAK, Severity.CANNOT_TELL


@dataclass(frozen=True, slots=True)
class FaultKind:
    rule: str
    severity: Severity
    says: str
    instead: str
    cite: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`start` and `end` are offsets in the text, in characters, and `words` what stands there; the whole text, and no words,
    where something is missing from it. `better` says it better, in the notice's own language; in English where that cannot be
    read."""

    kind: FaultKind
    start: int
    end: int
    words: str = ""
    better: str | None = None


# What only a notice must do that asks for a yes: where the purpose rests on another basis, nobody is asked.
OF_A_CHOICE = ("ask.", "choice.", "informed.no_withdrawal", "informed.no_consequence")
WITHOUT_A_CHOICE = (
    FaultKind(
        "tell.fake_choice",
        _WRONG,
        "It asks for a yes where there is no choice: the purpose rests on another basis, and a no would not be kept.",
        "Tell what is done and why, and do not ask.",
        "GDPR Art. 5(1)(a), 6(1); EDPB Guidelines 05/2020 §6",
    ),
    FaultKind(
        "tell.no_objection",
        _WEAK,
        "It rests on your interests or a public task, and does not say that one may object.",
        "Say it in the first words that are heard: you can object to this.",
        "GDPR Art. 21(1), 21(4)",
    ),
)
# Of a register: a line on which nobody can be asked in its own language.
NO_NOTICE = FaultKind(
    "language.no_notice",
    _WEAK,
    "Callers on a trunk speak a language in which this purpose has no notice, so they cannot be asked.",
    "Publish a notice in that language.",
    "GDPR Art. 7(2), 12(1)",
)


class VoidNotice(Malformed):
    """A notice to which a yes would be none does not enter the register. `faults` are those by which it is so."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        said = "\n".join(f"  {fault.kind.rule}: {fault.kind.says} {fault.kind.instead} ({fault.kind.cite})" for fault in faults)
        super().__init__(f"A yes to these words would be none, so the notice is not published. Change them:\n{said}")
        self.faults = faults


OF_ANY_LANGUAGE = (
    FaultKind(
        "language.not_read",
        _CANNOT_TELL,
        "The wording could not be checked: it is in a language that cannot be read here, or in too few words to tell which it is."
        " Only its form was checked.",
        "Name the language with --language, and have somebody who speaks it check the wording by docs/howto/check-a-notice.md.",
        "GDPR Art. 7(2), 12(1)",
    ),
    FaultKind(
        "ask.no_question_mark",
        _WRONG,
        "Nothing in it is a question.",
        "Ask for exactly one thing, in one question.",
        "GDPR Art. 4(11), 7(2)",
    ),
    FaultKind(
        "choice.no_is_harder_by_key",
        _WRONG,
        "The keypad has a key for no that the words do not name, or a no takes more presses than a yes.",
        "One press for yes, one press for no, both said: Press 1 for yes or 2 for no.",
        "GDPR Art. 7(3); CJEU C-61/19 Orange Romania",
    ),
    FaultKind(
        "choice.keys_unsaid",
        _WEAK,
        "The keypad has a key for yes that the words do not name.",
        "Say which key is yes and which is no.",
        "GDPR Art. 12(1)",
    ),
    FaultKind(
        "plain.too_long",
        _WEAK,
        f"Spoken, it takes more than {LONGEST_SECONDS} seconds. From here on few people listen.",
        "Say who asks, for what, how long, and how to say no and to take it back. Leave the rest to a page or to a person.",
        "GDPR Art. 7(2), 12(1); EDPB Guidelines 05/2020 §3.3",
    ),
    FaultKind(
        "plain.long_sentence",
        _WEAK,
        f"A sentence of more than {LONGEST_SENTENCE} words is hard to follow by ear.",
        "Make two of it.",
        "GDPR Art. 7(2), 12(1)",
    ),
)
OF_WORDING = (
    FaultKind(
        "language.not_as_named",
        _CANNOT_TELL,
        "The words seem to be in another language than the one that is named, so they were read by the wrong cues.",
        "Correct the language, and check it again.",
        "GDPR Art. 7(2), 12(1)",
    ),
    FaultKind(
        "ask.no_question",
        _WRONG,
        "It tells, and does not ask: no question in it asks for a yes.",
        "Ask: May we record this call to train our agents?",
        "GDPR Art. 4(11), 7(2)",
    ),
    FaultKind(
        "ask.told_not_asked",
        _WRONG,
        "It says that recording happens anyway. Going on with a call that one was told is recorded is not a yes.",
        "Record nothing until there is a yes, and ask for it.",
        "GDPR Art. 4(11), 6(1)(a); Datatilsynet (DK) v YouSee A/S, 8 April 2019",
    ),
    FaultKind(
        "choice.opt_out",
        _WRONG,
        "It takes silence, staying on the line, or not objecting for a yes.",
        "Wait for a clear yes. Whoever says nothing has not agreed.",
        "GDPR Art. 4(11), Rec. 32; CJEU C-673/17 Planet49",
    ),
    FaultKind(
        "choice.conditional",
        _WRONG,
        "It makes the service depend on the yes, so the yes is not free.",
        "Help just the same after a no, and say so.",
        "GDPR Art. 7(4), Rec. 42, 43; EDPB Guidelines 05/2020 §3.1.2",
    ),
    FaultKind(
        "choice.perhaps_opt_out",
        _CANNOT_TELL,
        "It may take silence for a yes, or record before there is one. The words alone do not tell.",
        "Say what follows: if you say nothing, nothing is recorded.",
        "GDPR Art. 4(11), Rec. 32; CJEU C-673/17 Planet49",
    ),
    FaultKind(
        "choice.perhaps_conditional",
        _CANNOT_TELL,
        "It may make the service depend on the yes. The words alone do not tell.",
        "Say it plainly: if you say no, we help you just the same.",
        "GDPR Art. 7(4), Rec. 42, 43; EDPB Guidelines 05/2020 §3.1.2",
    ),
    FaultKind(
        "choice.kept_anyway",
        _WRONG,
        "What was recorded stays after the yes is taken back.",
        "Destroy what rests on that yes alone, and say so.",
        "GDPR Art. 7(3), 17(1)(b); EDPB Guidelines 05/2020 §5.2",
    ),
    FaultKind(
        "choice.bundled",
        _WRONG,
        "One yes is asked for several purposes. Nobody can say yes to one and no to the other.",
        "Make a purpose and a notice for each, and ask for each by itself.",
        "GDPR Rec. 32, 43; EDPB Guidelines 05/2020 §3.1.3",
    ),
    FaultKind(
        "choice.perhaps_bundled",
        _WEAK,
        "One question names several uses. Where they are several purposes, nobody can say yes to one and no to the other.",
        "Name one use. Ask for another purpose by itself.",
        "GDPR Rec. 32, 43; EDPB Guidelines 05/2020 §3.1.3",
    ),
    FaultKind(
        "choice.no_refusal",
        _WRONG,
        "It does not say how to say no.",
        "Name the no beside the yes, as easy to give: Press 1 for yes or 2 for no.",
        "GDPR Art. 4(11), Rec. 42",
    ),
    FaultKind(
        "choice.no_is_harder",
        _WRONG,
        "A no takes more effort than a yes.",
        "Take the no in the same way as the yes, with the same effort.",
        "GDPR Art. 7(3); CJEU C-61/19 Orange Romania",
    ),
    FaultKind(
        "choice.unequal_answers",
        _WEAK,
        "The yes has a key, and the no has none.",
        "Give both a key, in one sentence, and say them with the same weight.",
        "GDPR Art. 4(11), 7(3); CJEU C-61/19 Orange Romania",
    ),
    FaultKind(
        "choice.withdrawal_is_harder",
        _WRONG,
        "Taking the yes back takes more effort than giving it.",
        "Take it back by the same way as it was given: by a key, or by a word to whoever is on the line.",
        "GDPR Art. 7(3); EDPB Guidelines 05/2020 §5.2",
    ),
    FaultKind(
        "choice.pressure",
        _WEAK,
        "These words lean on the person to say yes.",
        "Ask plainly, and give a yes and a no the same weight.",
        "GDPR Art. 4(11), 7(4); EDPB Guidelines 05/2020 §3.1",
    ),
    FaultKind(
        "informed.no_purpose",
        _WRONG,
        "It does not say what the recording is for.",
        "Name the one purpose in words a caller understands: to train our agents.",
        "GDPR Art. 5(1)(b), 6(1)(a); EDPB Guidelines 05/2020 §3.3.1",
    ),
    FaultKind(
        "informed.vague_purpose",
        _WRONG,
        "This purpose could mean anything, so nobody knows what they say yes to.",
        "Say what is done, by whom: our new agents listen to it to learn.",
        "GDPR Art. 5(1)(b), 6(1)(a); EDPB Guidelines 05/2020 §3.2",
    ),
    FaultKind(
        "informed.nobody_asks",
        _WRONG,
        "It does not say who asks.",
        "Name the company: May Example Energy record this call…",
        "GDPR Art. 13(1)(a), Rec. 42; EDPB Guidelines 05/2020 §3.3.1",
    ),
    FaultKind(
        "informed.no_name",
        _WEAK,
        "It says `we` and no name. Somebody who was put through may not know who that is.",
        "Name the company: May Example Energy record this call…",
        "GDPR Art. 13(1)(a), Rec. 42; EDPB Guidelines 05/2020 §3.3.1",
    ),
    FaultKind(
        "informed.no_withdrawal",
        _WRONG,
        "It does not say that a yes can be taken back.",
        "Say it before they answer: you can change your mind at any moment.",
        "GDPR Art. 7(3); EDPB Guidelines 05/2020 §3.3.1",
    ),
    FaultKind(
        "informed.no_consequence",
        _WEAK,
        "It offers a no, and does not say what happens then. People who do not know fear the worst.",
        "Say that the help is the same: if you say no, we help you just the same.",
        "GDPR Rec. 42; EDPB Guidelines 05/2020 §3.1.4",
    ),
    FaultKind(
        "plain.hard_to_follow",
        _WEAK,
        f"Its reading level (LIX) is above {HARDEST_LIX}, as officials write; by ear that is hard to follow.",
        "Use shorter words and shorter sentences.",
        "GDPR Art. 7(2), 12(1); Björnsson, Läsbarhet (1968)",
    ),
)
