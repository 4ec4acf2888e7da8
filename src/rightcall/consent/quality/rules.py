"""What a yes is worth: one table of findings, each with its weight, and from facts to quality. Pure.

A yes is what its heaviest finding leaves of it: `valid` only where there is none. What is not known is a finding of its own, and
so is never taken for good. Deliberately elsewhere: what is wrong with words (`purposes.faults`), and what follows from it
(`actions`, the quarantine in `vault`).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from rightcall.consent.model import Answer, Channel, Quality, Told
from rightcall.consent.quality.languages import language_of
from rightcall.consent.quality.model import ChoiceFacts, Finding, FindingKind, Weighed
from rightcall.errors import Malformed
from rightcall.languages import canonical_language
from rightcall.purposes import faults
from rightcall.purposes.faults import Severity

FASTEST_SPEAKING = 2
"""Nobody says, or hears, words more than this many times as fast as they are spoken (`purposes.fitting`: 150 a minute)."""
FASTEST_READING = 3
SOON = timedelta(days=7)
OFTEN_WITHIN = timedelta(days=30)
OFTEN = 3
WORN_DOWN = 2
AT_ONCE = timedelta(seconds=1)
CLOCKS_APART = timedelta(seconds=2)
"""How far the clock of whoever plays a question may be behind ours, on the way here included."""
PERSONAL = frozenset({Finding.CHILD, Finding.IN_DISTRESS, Finding.LANGUAGE_NOT_THEIRS})
_DOUBTFUL, _VOID = Quality.DOUBTFUL, Quality.VOID
_ORDER = (Quality.VALID, Quality.DOUBTFUL, Quality.VOID)
_SPOKEN = (Channel.KEYPAD, Channel.VOICE_HEARD_BY_AGENT)
_WORD = re.compile(r"\w+")


def _kind(finding: Finding, weight: Quality, says: str, cite: str) -> tuple[Finding, FindingKind]:
    return finding, FindingKind(finding=finding, weight=weight, says=says, cite=cite)


KINDS: Mapping[Finding, FindingKind] = dict(
    (
        _kind(
            Finding.WORDING_VOID,
            _VOID,
            "The words take silence for a yes, or make the service depend on it. A yes to them is none.",
            "GDPR Art. 4(11), 7(4), Rec. 32, 42; CJEU C-673/17 Planet49; EDPB Guidelines 05/2020 §3.1.2",
        ),
        _kind(
            Finding.WORDING_WRONG,
            _DOUBTFUL,
            "Something that a yes needs is missing from the words, or wrong in them: see the faults.",
            "GDPR Art. 4(11), 7(2), 7(3), 13; EDPB Guidelines 05/2020 §3.2, §3.3",
        ),
        _kind(
            Finding.WORDING_WEAK,
            _DOUBTFUL,
            "The words do not help the person to choose freely: see the faults.",
            "GDPR Art. 7(2), 12(1)",
        ),
        _kind(
            Finding.WORDING_NOT_READ,
            _DOUBTFUL,
            "The words could not be checked, so nobody knows what was asked.",
            "GDPR Art. 7(1), 7(2)",
        ),
        _kind(
            Finding.BUNDLED_AT_ONCE,
            _DOUBTFUL,
            "Several purposes were answered with a yes at the same moment, so they were hardly asked one by one.",
            "GDPR Rec. 32, 43; EDPB Guidelines 05/2020 §3.1.3",
        ),
        _kind(
            Finding.LANGUAGE_NOT_THEIRS,
            _VOID,
            "The notice was in another language than the person's, so they were not informed.",
            "GDPR Art. 4(11), 7(2), 12(1); EDPB Guidelines 05/2020 §3.3.2",
        ),
        _kind(
            Finding.LANGUAGE_NOT_OF_CALL,
            _DOUBTFUL,
            "The notice was in another language than the line is for, and the person's own is not known.",
            "GDPR Art. 7(2), 12(1)",
        ),
        _kind(
            Finding.LANGUAGE_NOT_KNOWN,
            _DOUBTFUL,
            "Neither the person's language nor the line's is known, so nobody can show that they understood.",
            "GDPR Art. 7(1), 7(2)",
        ),
        _kind(
            Finding.ASKED_AGAIN,
            _DOUBTFUL,
            "They had said no in this call, and were asked again.",
            "GDPR Art. 4(11), 7(4), Rec. 42, 43; EDPB Guidelines 05/2020 §3.1",
        ),
        _kind(
            Finding.WORN_DOWN,
            _VOID,
            "They had said no at least twice in this call, and were asked until they said yes.",
            "GDPR Art. 4(11), Rec. 42, 43; EDPB Guidelines 05/2020 §3.1",
        ),
        _kind(
            Finding.ASKED_AGAIN_SOON,
            _DOUBTFUL,
            "They had said no in another call within the last seven days.",
            "GDPR Art. 4(11), Rec. 42; EDPB Guidelines 05/2020 §3.1",
        ),
        _kind(
            Finding.ASKED_AGAIN_OFTEN,
            _VOID,
            "They had said no at least three times in the last thirty days, and were asked again each time.",
            "GDPR Art. 4(11), Rec. 42, 43; EDPB Guidelines 05/2020 §3.1",
        ),
        _kind(
            Finding.TOO_FAST,
            _VOID,
            "The yes came faster than the question can be spoken or heard, so it answers nothing that was understood.",
            "GDPR Art. 4(11), Rec. 32; EDPB Guidelines 05/2020 §3.3, §3.4",
        ),
        _kind(
            Finding.BEFORE_THE_END,
            _DOUBTFUL,
            "The yes came before the question had ended.",
            "GDPR Art. 4(11), 7(3); EDPB Guidelines 05/2020 §3.3",
        ),
        _kind(
            Finding.TIME_NOT_KNOWN,
            _DOUBTFUL,
            "It is not known when the question was put, or what was told of it is from before the ask; and too little time passed"
            " since the ask to have spoken or read it.",
            "GDPR Art. 7(1)",
        ),
        _kind(
            Finding.NO_IS_HARDER,
            _VOID,
            "A no takes more steps than a yes.",
            "GDPR Art. 7(3); CJEU C-61/19 Orange Romania",
        ),
        _kind(
            Finding.PATHS_NOT_KNOWN,
            _DOUBTFUL,
            "It is not known how many steps a yes and a no take by this channel.",
            "GDPR Art. 7(1), 7(3); CJEU C-61/19 Orange Romania",
        ),
        _kind(
            Finding.PRESSURE_NOTED,
            _VOID,
            "Somebody noted that the person was pressed.",
            "GDPR Art. 4(11), 7(4), Rec. 43; EDPB Guidelines 05/2020 §3.1",
        ),
        _kind(
            Finding.CHILD,
            _VOID,
            "The person is a child, as somebody in the call marked it. A child is never asked.",
            "GDPR Art. 8, Rec. 38",
        ),
        _kind(
            Finding.IN_DISTRESS,
            _DOUBTFUL,
            "The person was in distress, as somebody in the call marked it.",
            "GDPR Art. 4(11), Rec. 43; EDPB Guidelines 05/2020 §3.1",
        ),
        _kind(
            Finding.PURPOSE_ENDED,
            _DOUBTFUL,
            "The purpose has ended since, so what they said yes to is not done any more.",
            "GDPR Art. 5(1)(b), 6(1)(a)",
        ),
        _kind(
            Finding.WORDS_CHANGED,
            _DOUBTFUL,
            "The words have been changed since, and this person has not heard the new ones.",
            "GDPR Art. 4(11), 5(1)(b); EDPB Guidelines 05/2020 §3.2",
        ),
        _kind(
            Finding.DETRIMENT_FOUND,
            _DOUBTFUL,
            "It was found that a no to this purpose costs people something, so a yes to it may not be free.",
            "GDPR Art. 7(4), Rec. 42; EDPB Guidelines 05/2020 §3.1.4",
        ),
        _kind(
            Finding.VOID_BEFORE_RESTORE,
            _VOID,
            "It was void when the database was lost; what was known then is not in the backup.",
            "GDPR Art. 5(2), 7(1)",
        ),
        _kind(
            Finding.ABOUT_THE_PERSON,
            _DOUBTFUL,
            "Something known of the person speaks against this yes: what the party is marked with, or their language. It is kept"
            " with the party and goes with their erasure. Whether it leaves the yes doubtful or void, the quality says.",
            "GDPR Art. 4(11), 5(1)(c), 8, 12(1)",
        ),
    )
)


def weigh(facts: ChoiceFacts) -> Weighed:
    """A no is valid as it is. A yes is what its heaviest finding leaves of it."""
    if facts.answer is not Answer.GRANTED:
        return Weighed(quality=Quality.VALID, findings=(), faults=())
    findings = tuple(finding for finding, holds in _HOLDS.items() if holds(facts))
    return Weighed(
        quality=worst(*(KINDS[each].weight for each in findings)),
        findings=findings,
        faults=tuple(sorted({kind.rule for kind in facts.wording or ()})),
    )


def impersonal(weighed: Weighed) -> Weighed:
    """As it is written down for good."""
    said = [Finding.ABOUT_THE_PERSON if each in PERSONAL else each for each in weighed.findings]
    return replace(weighed, findings=tuple(dict.fromkeys(said)))


def checked_told(told: Told, at: datetime) -> Told:
    """Malformed where it cannot be so: a question that ended before it began, or that is still to come."""
    if told.spoken_from is not None or told.spoken_until is not None:
        if told.spoken_from is None or told.spoken_until is None or told.spoken_until <= told.spoken_from:
            raise Malformed("Say both when the question began and when it ended, and the end after the beginning.")
        if told.spoken_from > at:
            raise Malformed("The question would begin after this moment. Check the clock of whoever played it.")
    if told.steps is not None and min(told.steps.yes, told.steps.no) < 1:
        raise Malformed("An answer takes at least one step.")
    if told.party_language is not None:
        return replace(told, party_language=canonical_language(told.party_language))
    return told


def worst(*qualities: Quality) -> Quality:
    """`valid` of none at all."""
    return max(qualities, key=_ORDER.index, default=Quality.VALID)


def says_the_same(one: str, other: str) -> bool:
    """The same words in the same order: stops, capitals and spaces change nothing for who hears them."""
    return [*map(str.casefold, _WORD.findall(one))] == [*map(str.casefold, _WORD.findall(other))]


def _wording(facts: ChoiceFacts, severity: Severity) -> bool:
    return any(kind.severity is severity and kind.rule not in faults.VOID for kind in facts.wording or ())


def _not_read(facts: ChoiceFacts) -> bool:
    return facts.wording is None or _wording(facts, Severity.CANNOT_TELL)


def _not_theirs(facts: ChoiceFacts) -> bool:
    theirs, spoken = _known(facts.party_language), _known(facts.notice_language)
    return theirs is not None and spoken is not None and theirs != spoken


def _not_of_call(facts: ChoiceFacts) -> bool:
    of_call, spoken = _known(facts.call_language), _known(facts.notice_language)
    return _known(facts.party_language) is None and of_call is not None and spoken is not None and of_call != spoken


def _language_not_known(facts: ChoiceFacts) -> bool:
    theirs, of_call = _known(facts.party_language), _known(facts.call_language)
    return _known(facts.notice_language) is None or (theirs is None and of_call is None)


def _known(tag: str | None) -> str | None:
    return None if tag is None else language_of(tag)


def _too_fast(facts: ChoiceFacts) -> bool:
    """From when the question began, where that was told. Whoever could not have heard half of it did not hear it."""
    least = timedelta(seconds=facts.spoken_seconds) / FASTEST_SPEAKING
    heard = [each for each in (facts.since_spoken_from, facts.spoken_for) if each is not None]
    return bool(heard) and min(heard) < least


def _before_the_end(facts: ChoiceFacts) -> bool:
    return facts.before_spoken_until is not None and facts.before_spoken_until > timedelta(0)


def _time_not_known(facts: ChoiceFacts) -> bool:
    """An ask tells that the question was put just now: the time since is enough where it could have been spoken in it. Less is
    enough where it was told when the question began, and the ask bears that out. Nobody put a question to whoever came to their
    own page: its words stand there for as long as they like, before each answer and after it."""
    if facts.by_themselves:
        return False
    if _borne_out(facts) and facts.channel in _SPOKEN:
        return False
    least = timedelta(seconds=facts.spoken_seconds)
    if facts.channel is Channel.WEB:
        least /= FASTEST_READING
    return facts.since_ask is None or facts.since_ask < least


def _borne_out(facts: ChoiceFacts) -> bool:
    """What is told of the time before the ask, nobody can show: the ask is the first that we see of a question."""
    if facts.since_spoken_from is None or facts.since_ask is None:
        return False
    return facts.since_spoken_from <= facts.since_ask + CLOCKS_APART


def _no_is_harder(facts: ChoiceFacts) -> bool:
    return facts.steps is not None and facts.steps.no > facts.steps.yes


_HOLDS: Mapping[Finding, Callable[[ChoiceFacts], bool]] = {
    Finding.WORDING_VOID: lambda facts: any(kind.rule in faults.VOID for kind in facts.wording or ()),
    Finding.WORDING_WRONG: lambda facts: _wording(facts, Severity.WRONG),
    Finding.WORDING_WEAK: lambda facts: _wording(facts, Severity.WEAK),
    Finding.WORDING_NOT_READ: _not_read,
    Finding.BUNDLED_AT_ONCE: lambda facts: facts.yeses_at_once > 0,
    Finding.LANGUAGE_NOT_THEIRS: _not_theirs,
    Finding.LANGUAGE_NOT_OF_CALL: _not_of_call,
    Finding.LANGUAGE_NOT_KNOWN: _language_not_known,
    Finding.ASKED_AGAIN: lambda facts: facts.noes_before >= 1,
    Finding.WORN_DOWN: lambda facts: facts.noes_before >= WORN_DOWN,
    Finding.ASKED_AGAIN_SOON: lambda facts: facts.since_no_elsewhere is not None and facts.since_no_elsewhere <= SOON,
    Finding.ASKED_AGAIN_OFTEN: lambda facts: facts.noes_elsewhere >= OFTEN,
    Finding.TOO_FAST: _too_fast,
    Finding.BEFORE_THE_END: _before_the_end,
    Finding.TIME_NOT_KNOWN: _time_not_known,
    Finding.NO_IS_HARDER: _no_is_harder,
    Finding.PATHS_NOT_KNOWN: lambda facts: facts.steps is None,
    Finding.PRESSURE_NOTED: lambda facts: facts.pressure,
    Finding.CHILD: lambda facts: facts.child,
    Finding.IN_DISTRESS: lambda facts: facts.distress,
    Finding.PURPOSE_ENDED: lambda facts: facts.purpose_ended,
    Finding.WORDS_CHANGED: lambda facts: facts.words_changed,
    Finding.DETRIMENT_FOUND: lambda facts: facts.detriment_found,
    Finding.VOID_BEFORE_RESTORE: lambda facts: facts.void_before_restore,
}
