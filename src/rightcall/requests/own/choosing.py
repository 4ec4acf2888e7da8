"""A person's choices over all their calls, and changing them from their own page (GDPR Art. 7(3)).

A choice is of one party in one call; the latest of all is what the person wants, and a yes of another call that still counts is
told beside it (`own.standing`). Taking a yes back here takes it back in every call in which it stands; a yes that is given
here is given in the newest call, to words that the page showed, at the moment at which it showed them. Nobody asks: the person
came by themselves, which is what the choice says. What was destroyed before does not come back.

What is so already is not written down again, the words of one page are said yes to once, and a visit gives only so many yeses: a
form that is sent again and again makes no figure bigger. A no is never limited.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rightcall.actors import Actor, Role
from rightcall.calls import actions as calls
from rightcall.calls.model import Party
from rightcall.clock import Clock
from rightcall.consent import actions as consent
from rightcall.consent.model import Answer, Channel, Choice, Evidence, EvidenceKind, NewChoice, Steps, Told
from rightcall.database.connection import Transaction
from rightcall.design.tongues import marked
from rightcall.errors import Conflict, NotAllowed
from rightcall.ids import CallId, PartyId, PurposeId
from rightcall.personal import Personal
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import LawfulBasis, Notice, Purpose
from rightcall.purposes.screen import on_screen
from rightcall.recordings import actions as recordings
from rightcall.recordings.confirming import live_version
from rightcall.recordings.tools import Tools
from rightcall.requests.own.model import OwnChoice, StandingYes, TakenBack
from rightcall.requests.own.seeing import customer_parts
from rightcall.requests.own.standing import Person, beside_latest, in_order, kept
from rightcall.vault.actions import Vault

_ONE_STEP_EACH = Steps(yes=1, no=1)
MOST_YESES = 12
"""To one purpose, in one visit."""

ANSWERED = marked("This page was answered before. Open it again, and choose.")
TOO_OFTEN = marked("You changed your mind so often in this visit that no more yeses are taken in it. Your no stands.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """`live`: its call, where that goes on and the recorder has to confirm. `already`: it stood before, and nothing was written
    down."""

    live: tuple[CallId, ...]
    already: bool = False


def own_choices(tx: Transaction, vault: Vault, clock: Clock, person: Person, language: str) -> list[OwnChoice]:
    """Of each purpose that asks for a yes, and of those that the person ever answered about."""
    made = [each for subject in person for each in consent.choices_of_subject(tx, subject)]
    parts = customer_parts(tx, person)
    asked = [each for each in purposes.all_purposes(tx) if _is_asked(each) or any(one.purpose == each.id for one in made)]
    return [
        _choice(
            tx,
            each,
            answered := [one for one in made if one.purpose == each.id],
            language,
            has_calls=bool(parts),
            beside=beside_latest(tx, vault, clock, person, answered),
        )
        for each in asked
    ]


def shown_words(tx: Transaction, purpose: PurposeId, language: str) -> Notice | None:
    """Those that are in force in this language, or in one of its regions."""
    current = purposes.current_notices(tx, purpose)
    fitting = [each for each in current if each.language.partition("-")[0] == language]
    return min(fitting, key=lambda each: len(each.language), default=None)


def seal_of_words(secret: Personal[str], words: Notice, shown_at: datetime) -> str:
    """That these very words were shown then, in this visit."""
    told = f"rightcall.words\0{words.id}\0{words.digest.hex()}\0{shown_at.isoformat()}"
    return hmac.new(secret.reveal("seal words that were shown").encode(), told.encode(), hashlib.sha256).hexdigest()


def give(
    tx: Transaction,
    tools: Tools,
    person: Person,
    *,
    purpose: PurposeId,
    language: str,
    secret: Personal[str],
    shown_at: datetime,
    seal: str,
    since: datetime,
) -> Given:
    """A yes to the words that the page showed. Conflict where they are others by now, were shown too long ago or were said yes to
    before, or where too many yeses were given `since` the visit began; NotAllowed where the page did not show them."""
    words, parts = shown_words(tx, purpose, language), customer_parts(tx, person)
    if words is None or not parts:
        raise Conflict("There is nothing here to say yes to now. Open the page again.")
    if not hmac.compare_digest(seal_of_words(secret, words, shown_at), seal):
        raise NotAllowed("These are not the words that this page shows now. Open the page again, read them, and choose.")
    party = parts[-1]
    recordings.touch(tx, party.call)
    made = _made_there(tx, party, purpose)
    if made and made[-1].answer is Answer.GRANTED and _wants(tx, person, purpose) is Answer.GRANTED:
        return Given(live=_live(tx, [party.call]), already=True)
    _check_first(tx, party, words, shown_at)
    _check_few(made, since)
    recordings.choose(tx, tools, _yes(tx, tools, party, words, language, shown_at))
    return Given(live=_live(tx, [party.call]))


def _made_there(tx: Transaction, party: Party, purpose: PurposeId) -> list[Choice]:
    """What they answered about it in that call; no other answer comes in between before this transaction is over."""
    return consent.history(tx, calls.locked_party(tx, party.id).id, purpose)


def _wants(tx: Transaction, person: Person, purpose: PurposeId) -> Answer | None:
    """What they answered last, in whatever call: a no that was said in another ends no yes of this one, but counts as what they
    want."""
    made = [each for one in person for each in consent.choices_of_subject(tx, one) if each.purpose == purpose]
    return in_order(made)[-1].answer if made else None


def _check_first(tx: Transaction, party: Party, words: Notice, shown_at: datetime) -> None:
    by_page = [each for each in consent.asks_of_call(tx, party.call) if each.by.role is Role.SUBJECT]
    if any((each.party, each.notice, each.asked_at) == (party.id, words.id, shown_at) for each in by_page):
        raise Conflict(ANSWERED)


def _check_few(made: Sequence[Choice], since: datetime) -> None:
    given = [each for each in made if each.answer is Answer.GRANTED and each.channel is Channel.WEB and each.made_at >= since]
    if len(given) >= MOST_YESES:
        raise Conflict(TOO_OFTEN)


def _yes(tx: Transaction, tools: Tools, party: Party, words: Notice, language: str, shown_at: datetime) -> NewChoice:
    by = Actor(id=party.id, role=Role.SUBJECT)
    told = Told(party_language=language, steps=_ONE_STEP_EACH)
    asked = recordings.ask(tx, tools, call=party.call, party=party.id, notice=words.id, by=by, told=told, shown_at=shown_at)
    return NewChoice(
        call=party.call,
        party=party.id,
        purpose=words.purpose,
        answer=Answer.GRANTED,
        notice=words.id,
        language=words.language,
        channel=Channel.WEB,
        by=by,
        evidence=Evidence(kind=EvidenceKind.FORM_SENT, detail=Personal(f"own page, {_shown(words)}: yes")),
        ask=asked.id,
    )


def _shown(words: Notice) -> str:
    """Which words, and whether all of them stood there."""
    less = ", without those for the keys of a telephone" if on_screen(words).leaves_out else ""
    return f"words {words.digest.hex()}{less}"


def take_back(tx: Transaction, tools: Tools, person: Person, *, purpose: PurposeId) -> TakenBack:
    """No, from now on: every yes that stands is taken back; where none does, the no is written down in the newest call, once."""
    before, counted = kept(tx, tools.vault, tools.clock, person, purpose), _counted(tx, tools, person, purpose)
    parts = customer_parts(tx, person)
    if not parts:
        raise Conflict("You were in no call yet, so there is nothing to take back.")
    newest = parts[-1]
    recordings.touch(tx, newest.call)
    made, standing = _made_there(tx, newest, purpose), _standing(tx, person, purpose)
    if made and not standing:
        return TakenBack(calls=0, dark=0, live=_live(tx, [newest.call]), already=True)
    said = [(each.call, each.party) for each in standing] or [(newest.call, newest.id)]
    for call, party in said:
        recordings.touch(tx, call)
        recordings.choose(tx, tools, _no(call, party, purpose))
    dark = len(before) - len(tools.vault.may_open_yet(tx, list(before)))
    return TakenBack(calls=counted, dark=dark, live=_live(tx, [call for call, _ in said]))


def _counted(tx: Transaction, tools: Tools, person: Person, purpose: PurposeId) -> int:
    """In how many calls a yes counts, as the page tells it: what keeps nothing any more is taken back too, and counts nowhere."""
    made = [each for one in person for each in consent.choices_of_subject(tx, one) if each.purpose == purpose]
    if not made:
        return 0
    is_yes = in_order(made)[-1].answer is Answer.GRANTED
    return len(beside_latest(tx, tools.vault, tools.clock, person, made)) + is_yes


def _live(tx: Transaction, among: Sequence[CallId]) -> tuple[CallId, ...]:
    """Those that go on."""
    return tuple(each for each in dict.fromkeys(among) if live_version(tx, each) is not None)


def _choice(
    tx: Transaction,
    purpose: Purpose,
    made: Sequence[Choice],
    language: str,
    *,
    has_calls: bool,
    beside: tuple[StandingYes, ...],
) -> OwnChoice:
    ordered = in_order(made)
    latest = ordered[-1] if ordered else None
    return OwnChoice(
        purpose=purpose,
        answer=None if latest is None else latest.answer,
        since=None if latest is None else latest.made_at,
        beside=beside,
        words=shown_words(tx, purpose.id, language) if _is_asked(purpose) else None,
        written_in=_written_in(tx, purpose) if _is_asked(purpose) else (),
        has_calls=has_calls,
        made=tuple(reversed(ordered)),
    )


def _written_in(tx: Transaction, purpose: Purpose) -> tuple[str, ...]:
    """Each language without its regions, in order."""
    return tuple(sorted({each.language.partition("-")[0] for each in purposes.current_notices(tx, purpose.id)}))


def _is_asked(purpose: Purpose) -> bool:
    return purpose.ended_at is None and purpose.lawful_basis is LawfulBasis.CONSENT


def _standing(tx: Transaction, person: Person, purpose: PurposeId) -> list[Choice]:
    found = []
    for party in consent.parties_with_yes(tx, person):
        made = consent.history(tx, party, purpose)
        found += made[-1:] if made and made[-1].answer is Answer.GRANTED else []
    return found


def _no(call: CallId, party: PartyId, purpose: PurposeId) -> NewChoice:
    return NewChoice(
        call=call,
        party=party,
        purpose=purpose,
        answer=Answer.WITHDRAWN,
        channel=Channel.WEB,
        by=Actor(id=party, role=Role.SUBJECT),
        evidence=Evidence(kind=EvidenceKind.FORM_SENT, detail=Personal("own page: no")),
    )
