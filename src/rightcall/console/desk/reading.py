"""What the desk shows of one call, read in one transaction: who is in it, what each is asked where it stands, the light."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count

from rightcall.actors import PartyRole, Role
from rightcall.calls import actions as calls
from rightcall.calls.model import Call, Party
from rightcall.consent import actions as consent
from rightcall.consent.model import Answer, Ask, Quality, Standing
from rightcall.consent.quality import actions as quality
from rightcall.consent.standing import standing_in
from rightcall.console.desk.doubts import Doubt, Order, doubts, order
from rightcall.console.desk.lamps import Lamp, Light, lamps
from rightcall.console.desk.whose import Next
from rightcall.console.forbidding import forbidding
from rightcall.database.connection import Transaction
from rightcall.ids import CallId, PartyId, PurposeId
from rightcall.policy.model import PauseReason, Reason
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import LawfulBasis, Notice, Purpose
from rightcall.recordings.history import maybe_call_state, timeline
from rightcall.recordings.model import CallState, EndReason, Why

_ENGLISH = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One purpose, as one person is asked about it. `notice`: the words to read out, None where there are none in that language.
    `ask`: that these words were read out, while it waits for an answer. `doubts`: what speaks against their yes.
    `said_no_lately`: in another call, so that a yes to being asked again now would be doubted. `own_yes`: when they
    said yes on their own page, where that is their latest word and this call has none: they are asked, and it counts here.
    `nth`: its place among all that are shown, which is its key."""

    purpose: Purpose
    stands: Standing
    notice: Notice | None
    ask: Ask | None
    doubts: tuple[Doubt, ...] = ()
    said_no_lately: bool = False
    own_yes: datetime | None = None
    nth: int = 0

    @property
    def said_yes(self) -> bool:
        return self.stands.answer is Answer.GRANTED

    @property
    def order(self) -> Order | None:
        """The one thing to do about a yes that is worth less. None where there is nothing to say: it is worth all that it could
        be, they are being asked, or they should be and there are no words."""
        if not self.said_yes or self.stands.quality in (None, Quality.VALID) or self.ask is not None:
            return None
        found = order(self.doubts)
        return None if found is Order.ASK and self.notice is None else found

    @property
    def is_for_them_to_bring_up(self) -> bool:
        """They said no to it: nobody asks again, and whoever wants to hear it again does."""
        return self.ask is None and not self.said_yes and (self.stands.answer is not None or self.said_no_lately)

    @property
    def waits(self) -> bool:
        """For a yes or a no to words that were read out."""
        return self.notice is not None and self.ask is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """Somebody who is in the call now. `nth` tells several of one sort apart; 0 where there is one."""

    party: Party
    nth: int
    lamp: Lamp
    lines: tuple[Line, ...]

    @property
    def yeses(self) -> tuple[Line, ...]:
        return tuple(each for each in self.lines if each.said_yes)

    @property
    def became_of_yes(self) -> str:
        """Where their gate is closed for want of a yes: what became of theirs. Empty where they have said nothing."""
        if self.yeses:
            return "void" if all(each.stands.quality is Quality.VOID for each in self.yeses) else "others"
        answers = {each.stands.answer for each in self.lines}
        return next((each.value for each in (Answer.WITHDRAWN, Answer.REFUSED) if each in answers), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The desk of one call. `line`: the name of the way in that the call came by; empty where none is known. `may_read`: whether
    some purpose lets their role read who calls. `is_sure`: the recorder has confirmed what the lights say. `pauses`: the reasons
    that are in force; `pause_holds`: the recorder said that nothing is kept. `rules`: those that keep it from recording.
    `mark` is another one with everything that may change what is shown. `is_let_go`: it is over for
    us alone, and they may talk on. `next`: what is on by now, where this call is over."""

    call: Call
    line: str
    may_read: bool
    people: tuple[Present, ...]
    known: Mapping[PurposeId, Purpose]
    language: str
    languages: tuple[str, ...]
    pauses: tuple[PauseReason, ...]
    pause_holds: bool
    is_recorded_here: bool
    is_sure: bool
    rules: tuple[Reason, ...]
    mark: str
    at: datetime
    is_let_go: bool = False
    next: Next | None = None

    @property
    def is_over(self) -> bool:
        return self.call.ended_at is not None

    @property
    def yeses(self) -> list[tuple[Present, Line]]:
        return [(who, line) for who in self.people for line in who.yeses]

    @property
    def is_of_several(self) -> bool:
        """Whether more than one of them said yes: then it is told whose each is."""
        return len({who.party.id for who, _ in self.yeses}) > 1

    @property
    def waiting(self) -> int:
        """How many questions wait for an answer."""
        return sum(line.waits for who in self.people for line in who.lines)


def mark_of(version: int | None, is_sure: bool) -> str:
    """As the stream tells it (`watch`), so that a page knows whether it is the newest."""
    return f"{'-' if version is None else version}.{int(is_sure)}"


def may_read(purpose: Purpose, role: Role) -> bool:
    """Whether somebody with this role may read for it who calls."""
    return purpose.ended_at is None and role in purpose.may_use


def read(tx: Transaction, id: CallId, *, role: Role, language: str, confirmed: int | None, now: datetime) -> Seen:
    """`role`: of whoever is at the desk. `language`: the caller's; empty where nobody said, then it is the line's. `confirmed`:
    see `lamps`."""
    call, state = calls.get(tx, id), maybe_call_state(tx, id)
    parties = [each for each in calls.parties(tx, id) if each.left_at is None or call.ended_at is not None]
    active, known = purposes.active(tx), purposes.all_purposes(tx)
    notices = {each.id: purposes.current_notices(tx, each.id) for each in active}
    spoken = tuple(sorted({each.language for found in notices.values() for each in found}))
    chosen = _language(tx, call, language, spoken)
    lit, is_live = lamps(parties, state, confirmed), state is not None and not state.session.state.is_over
    is_sure = all(each.light is not Light.UNSURE for each in lit.values())
    shown = _Shown(tx, id, state, active, notices, chosen, now)
    return Seen(
        call=call,
        line="" if call.trunk is None else calls.trunk(tx, call.trunk).name,
        may_read=any(may_read(each, role) for each in known),
        people=_numbered(
            [Present(party=each, nth=_nth(each, parties), lamp=lit[each.id], lines=shown.lines(each)) for each in parties]
        ),
        known={each.id: each for each in known},
        language=chosen,
        languages=spoken,
        pauses=() if state is None else tuple(each for each in PauseReason if each in state.session.pauses),
        pause_holds=state is not None and state.session.pause_held_at is not None,
        is_recorded_here=state is not None,
        is_let_go=call.ended_at is not None and any(each.reason in _NOT_BY_THEM for each in timeline(tx, id)),
        is_sure=is_sure,
        rules=forbidding(tx, id) if any(each.why is Why.RULES for each in lit.values()) else (),
        mark=mark_of(state.session.version if state is not None and is_live else None, is_sure),
        at=now,
    )


_NOT_BY_THEM = frozenset({EndReason.REFUSED, EndReason.LOST, EndReason.SHUT_DOWN})
"""How a call ends for us while those in it may talk on: the recorder lets go of it, or is gone."""
_WANTS_A_YES = (Why.NO_YES, Why.RULES)
"""Why a gate is closed where a yes of its party could be what is missing."""


class _Shown:
    """The lines of each person, from what was read once."""

    def __init__(
        self,
        tx: Transaction,
        call: CallId,
        state: CallState | None,
        active: Sequence[Purpose],
        notices: Mapping[PurposeId, Sequence[Notice]],
        language: str,
        now: datetime,
    ) -> None:
        self._tx, self._standing = tx, standing_in(tx, call)
        self._state, self._active, self._notices, self._language, self._now = state, active, notices, language, now
        self._asks = consent.asks_of_call(tx, call)
        yeses = [each.choice for each in self._standing.values() if each.answer is Answer.GRANTED and each.choice is not None]
        self._weighed = quality.quality_of(tx, yeses)

    def lines(self, party: Party) -> tuple[Line, ...]:
        """What rests on their yes; of one of our own people also what a law may want theirs for (StGB section 201): it shows in
        that their gate stays closed while somebody else said yes. Whether they may be asked, the policy says when they are."""
        wanted = party.role is PartyRole.AGENT and self._lacks_yes(party.id)
        return tuple(
            self._line(party, purpose)
            for purpose in self._active
            if purpose.basis_for(party.role) is LawfulBasis.CONSENT
            or self._standing[party.id, purpose.id].answer is not None
            or (wanted and self._somebody_said_yes(purpose.id))
        )

    def _line(self, party: Party, purpose: Purpose) -> Line:
        stands = self._standing[party.id, purpose.id]
        asks = [each for each in self._asks if (each.party, each.purpose) == (party.id, purpose.id)]
        open_ask = asks[-1] if asks and asks[-1].expires_at > self._now else None
        is_answered = open_ask is None or (stands.made_at is not None and stands.made_at >= open_ask.asked_at)
        notice = next((each for each in self._notices[purpose.id] if each.language == self._language), None)
        weighed = None if stands.choice is None else self._weighed.get(stands.choice)
        against = () if weighed is None else doubts(weighed.findings)
        return Line(
            purpose=purpose,
            stands=stands,
            notice=notice,
            ask=None if is_answered else open_ask,
            doubts=against,
            said_no_lately=stands.answer is None and quality.said_no_lately(self._tx, party, purpose.id, at=self._now),
            own_yes=quality.own_yes(self._tx, party, purpose.id) if stands.answer is None else None,
        )

    def _lacks_yes(self, party: PartyId) -> bool:
        streams = () if self._state is None else self._state.streams
        return any(each.party == party and each.why in _WANTS_A_YES for each in streams)

    def _somebody_said_yes(self, purpose: PurposeId) -> bool:
        return any(of == purpose and each.answer is Answer.GRANTED for (_, of), each in self._standing.items())


def _numbered(people: Sequence[Present]) -> tuple[Present, ...]:
    place = count(1)
    return tuple(replace(each, lines=tuple(replace(line, nth=next(place)) for line in each.lines)) for each in people)


def _language(tx: Transaction, call: Call, wished: str, spoken: Sequence[str]) -> str:
    if wished in spoken:
        return wished
    line = _ENGLISH if call.trunk is None else calls.trunk(tx, call.trunk).language
    return line if line in spoken or not spoken else spoken[0]


def _nth(party: Party, parties: Sequence[Party]) -> int:
    same = [each.id for each in parties if each.role is party.role]
    return 0 if len(same) == 1 else same.index(party.id) + 1
