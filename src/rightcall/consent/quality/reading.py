"""From what is written down to the facts of a weighing. A fact that nobody wrote down stays unknown."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from rightcall.actors import Role
from rightcall.calls import actions as calls
from rightcall.calls.model import Age, Party
from rightcall.consent import store as consent
from rightcall.consent.model import Answer, Channel, Choice, Steps, Told
from rightcall.consent.quality import rules, store
from rightcall.consent.quality.languages import is_same_language
from rightcall.consent.quality.marks import store as marks
from rightcall.consent.quality.model import Cause, ChoiceFacts, Weighing
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.errors import Breach
from rightcall.ids import ChoiceId
from rightcall.languages import fallbacks
from rightcall.purposes import actions as purposes
from rightcall.purposes.faults import FaultKind
from rightcall.purposes.fitting import Fitting, Wording, fit
from rightcall.purposes.model import Keypad, Notice


def facts_of(
    tx: Transaction,
    choice: Choice,
    *,
    before: Sequence[Weighing],
    cause: Cause,
    misread: frozenset[str] = frozenset(),
) -> ChoiceFacts:
    """Of a yes, as they are known now. `before`: its earlier weighings. `misread`: rules of faults that are not so in its words,
    beside those that the DPO judged so before."""
    if choice.notice is None or choice.ask is None:
        raise Breach("A yes has no notice or answers no ask. Stop, and tell the DPO.")
    purpose, notices = purposes.get(tx, choice.purpose), purposes.notices(tx, choice.purpose)
    notice = next(each for each in notices if each.id == choice.notice)
    party = calls.party(tx, choice.party)
    asked_at, told = store.told_of_ask(tx, choice.ask)
    line = _language_of_line(tx, party)
    fitting = _fitting(controllers.get(tx).name, purpose.title, notice.text, notice.language, notice.keypad)
    read = _read(fitting, misread | store.misread_of(tx, notice.id))
    before_here, elsewhere = _noes(tx, choice, party)
    found = store.purpose_finding(tx, choice.purpose)
    pressed = [mark for mark in marks.of_call(tx, choice.call) if mark.choice == choice.id and mark.set_aside_at is None]
    return ChoiceFacts(
        answer=choice.answer,
        channel=choice.channel,
        wording=read,
        spoken_seconds=fitting.seconds,
        notice_language=notice.language,
        party_language=told.party_language,
        call_language=line,
        noes_before=before_here,
        noes_elsewhere=elsewhere.count,
        since_no_elsewhere=None if elsewhere.last_at is None else choice.made_at - elsewhere.last_at,
        by_themselves=_came_by_themselves(choice),
        since_ask=choice.made_at - asked_at,
        since_spoken_from=None if told.spoken_from is None else choice.made_at - told.spoken_from,
        spoken_for=_spoken_for(told),
        before_spoken_until=None if told.spoken_until is None else told.spoken_until - choice.made_at,
        yeses_at_once=len(yeses_with(tx, choice)),
        steps=_hardest(told.steps, found.steps, _steps_by(choice.channel, notice.keypad)),
        pressure=bool(pressed),
        child=party.marks.age is Age.CHILD,
        distress=party.marks.in_distress and not party.marks.asks_for_it,
        purpose_ended=purpose.ended_at is not None,
        words_changed=_changed_since(notice, notices, language=told.party_language or line, answered_at=choice.made_at),
        detriment_found=found.detriment_found,
        void_before_restore=cause is Cause.RESTORED or _was_restored(before, cause),
    )


def yeses_with(tx: Transaction, choice: Choice) -> list[ChoiceId]:
    """The party's yeses to other purposes within a moment of this one, before or after."""
    since, until = choice.made_at - rules.AT_ONCE, choice.made_at + rules.AT_ONCE
    return store.yeses_at_once(tx, choice.party, choice.purpose, since=since, until=until)


def _read(fitting: Fitting, misread: frozenset[str]) -> tuple[FaultKind, ...] | None:
    if fitting.language is None:
        return None
    return tuple(fault.kind for fault in fitting.faults if fault.kind.rule not in misread)


def _was_restored(before: Sequence[Weighing], cause: Cause) -> bool:
    """It stays void as it was, until somebody asks for it to be weighed anew by hand."""
    if cause is Cause.ASKED:
        return False
    by_hand = max((each.nth for each in before if each.cause is Cause.ASKED), default=0)
    return any(each.cause is Cause.RESTORED and each.nth > by_hand for each in before)


@lru_cache(maxsize=1000)
def _fitting(controller: str, title: str, text: str, language: str, keypad: Keypad | None) -> Fitting:
    """A notice never changes, and many answer it."""
    return fit(Wording(text=text, language=language, keypad=keypad, controller=controller, purpose=title))


def _noes(tx: Transaction, choice: Choice, party: Party) -> tuple[int, store.Noes]:
    """How often they said no before, in this call; and in others. In each since they last said yes of their own accord: that was
    not asked for, and ends what was said before it. On their own page nobody asks, so nobody asks again: a person may change
    their mind as often as they like."""
    if _came_by_themselves(choice):
        return 0, store.Noes(count=0, last_at=None)
    past = [each for each in consent.choices_of_party(tx, choice.party, choice.purpose) if each.sequence < choice.sequence]
    own = max((each.sequence for each in past if each.answer is Answer.GRANTED and _came_by_themselves(each)), default=0)
    here = sum(each.answer is not Answer.GRANTED and each.sequence > own for each in past)
    since, until = choice.made_at - rules.OFTEN_WITHIN, choice.made_at
    return here, store.noes_elsewhere(tx, party.subject, choice.purpose, call=choice.call, since=since, before=until)


def _came_by_themselves(choice: Choice) -> bool:
    return choice.asked_by is not None and choice.asked_by.role is Role.SUBJECT


def _language_of_line(tx: Transaction, party: Party) -> str | None:
    trunk = calls.get(tx, party.call).trunk
    return None if trunk is None else calls.trunk(tx, trunk).language


def _spoken_for(told: Told) -> timedelta | None:
    if told.spoken_from is None or told.spoken_until is None:
        return None
    return told.spoken_until - told.spoken_from


def _hardest(*known: Steps | None) -> Steps | None:
    """Of what is told, declared and seen, that by which a no is hardest."""
    return max((each for each in known if each is not None), key=lambda steps: steps.no - steps.yes, default=None)


def _steps_by(channel: Channel, keypad: Keypad | None) -> Steps | None:
    """A key is one step for each press; whoever speaks says yes as shortly as no. Of a form or another system we know nothing."""
    match channel:
        case Channel.KEYPAD if keypad is not None:
            return Steps(yes=len(keypad.yes), no=len(keypad.no))
        case Channel.VOICE_HEARD_BY_AGENT:
            return Steps(yes=1, no=1)
        case _:
            return None


def _changed_since(notice: Notice, notices: Sequence[Notice], *, language: str | None, answered_at: datetime) -> bool:
    """Whoever heard it would hear something else today. Asked in a region's language they would hear that region's words, where
    there are some by now. `language`: theirs, or the line's."""
    theirs = language if language is not None and is_same_language(language, notice.language) else notice.language
    tags = [tag for tag in fallbacks(theirs) if any(each.language == tag for each in notices)] or [notice.language]
    newest = max((each for each in notices if each.language == tags[0]), key=lambda each: each.version)
    is_later = newest.version > notice.version if newest.language == notice.language else newest.created_at > answered_at
    return is_later and not rules.says_the_same(newest.text, notice.text)
