"""What a person sees of themselves at their own page: things, calls, choices. In memory alone; nothing of it is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from rightcall.actors import Role
from rightcall.calls.model import Call, Party
from rightcall.clock import day_of
from rightcall.consent.model import Answer, Channel, Choice
from rightcall.discovery.systems.naming import CustomerNames
from rightcall.holdings.categories import Category
from rightcall.holdings.holds.model import Hold
from rightcall.holdings.model import Holding, Term
from rightcall.holdings.uses.model import Use
from rightcall.ids import CallId, HoldingId, PurposeId, SystemId, VerdictId
from rightcall.policy.model import StoredVerdict
from rightcall.purposes.model import Notice, Purpose
from rightcall.recordings.model import TimelineEntry
from rightcall.requests import ending
from rightcall.reviews.model import Lengthened
from rightcall.vault.model import DarkReason


class State(StrEnum):
    """`heard`: the person can listen to it here. `several`: several people speak on it, so somebody listens first. `of_another`:
    a record about the person tells it of somebody else. `kept`: it is there, and this page does not open it."""

    HEARD = "heard"
    SEVERAL = "several"
    OF_ANOTHER = "of_another"
    KEPT = "kept"
    WRITTEN = "written"
    DARK = "dark"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """From when to when a recording goes, and whether a pause ended it or came before it."""

    since: datetime
    until: datetime
    ends_in_pause: bool
    follows_pause: bool

    @property
    def seconds(self) -> float:
        return (self.until - self.since).total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnThing:
    """`spoken`: of a finished recording of a call. `kept_longer`: the holds on it of which the law lets the person be told.
    `dark`: why nobody opens it. `ended`: purposes that it is kept for no longer, and why: None where its day is over
    and nothing was destroyed yet. `taken_back`: when the person took their yes to one of these back."""

    holding: Holding
    state: State
    dark: DarkReason | None
    uses: tuple[Use, ...]
    kept_longer: tuple[Hold, ...]
    ended: Mapping[PurposeId, DarkReason | None]
    taken_back: Mapping[PurposeId, datetime] = field(default_factory=dict)
    spoken: Spoken | None = None

    @property
    def is_kept(self) -> bool:
        return bool(self.kept_longer) or self.state not in (State.DARK, State.GONE)

    @property
    def is_overdue(self) -> bool:
        return ending.is_overdue(self.holding, self.ended, is_held=bool(self.kept_longer))

    @property
    def is_told_by_purpose(self) -> bool:
        """Whether why nobody opens it is said of each purpose: what a person took back has its moment there, and what ended for
        one purpose by a no may have ended for another by its day."""
        return len(set(self.ended.values())) > 1 or self.dark is DarkReason.GRANT_DESTROYED

    def is_like(self, other: "OwnThing") -> bool:
        """Stretches of one recording of which the same is to be told."""
        return (
            self.spoken is not None
            and other.spoken is not None
            and (self.state, self.dark, self.kept_longer) == (other.state, other.dark, other.kept_longer)
            and (self.ended, self.taken_back) == (other.ended, other.taken_back)
            and (self.holding.terms, self.holding.place, self.holding.category)
            == (other.holding.terms, other.holding.place, other.holding.category)
            and (self.holding.provenance.source, self.holding.is_there)
            == (other.holding.provenance.source, other.holding.is_there)
            and self.holding.stream == other.holding.stream
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NoTo:
    """Something that was refused, the first time, and how often it was."""

    verdict: StoredVerdict
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenCall:
    """`parts`: what the person was in it. `others`: how many things of it are somebody else's alone."""

    call: Call
    parts: tuple[Party, ...]
    choices: tuple[Choice, ...]
    things: tuple[OwnThing, ...]
    refused: tuple[NoTo, ...]
    others: int

    @property
    def kept(self) -> int:
        return sum(each.is_kept for each in self.things)

    @property
    def together(self) -> list[list[OwnThing]]:
        """What lies together: stretches of which the same is to be told."""
        found: list[list[OwnThing]] = []
        for each in self.things:
            like = next((several for several in found if several[0].is_like(each)), None)
            if like is None:
                found.append([each])
            else:
                like.append(each)
        return found

    @property
    def said_in_it(self) -> tuple[Choice, ...]:
        return tuple(each for each in self.choices if not _is_of_page(each))

    @property
    def said_here(self) -> tuple[Choice, ...]:
        """On their own page, or by a link of theirs, as far as it is of this call: said while it went on, or taking back what was
        said in it. Any other is written down with the newest call that there was, and has nothing to do with it."""
        return tuple(
            each for each in self.choices if _is_of_page(each) and (not self._is_over_at(each) or self._ends_a_yes(each))
        )

    def _is_over_at(self, choice: Choice) -> bool:
        return self.call.ended_at is not None and choice.made_at > self.call.ended_at

    def _ends_a_yes(self, choice: Choice) -> bool:
        same = [each for each in self.choices if (each.party, each.purpose) == (choice.party, choice.purpose)]
        before = [each for each in same if each.made_at < choice.made_at]
        return (
            choice.answer is Answer.WITHDRAWN
            and bool(before)
            and before[-1].answer is Answer.GRANTED
            and not self._is_over_at(before[-1])
        )


def _is_of_page(choice: Choice) -> bool:
    """Who presses a key in a call acts for themselves as well."""
    return choice.channel is Channel.WEB and choice.by.role is Role.SUBJECT


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLonger:
    """So many of their things are kept for longer than they were told, since `why`."""

    things: int
    purpose: Purpose
    why: Lengthened


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What is read once for a page: the register, the systems' names, the verdicts behind uses, and which terms became longer."""

    purposes: Mapping[PurposeId, Purpose]
    systems: CustomerNames
    verdicts: Mapping[VerdictId, StoredVerdict]
    longer: Sequence[Lengthened]

    def lengthened(self, holding: Holding, term: Term) -> Lengthened | None:
        """Why it is kept for longer than was said when it was made: the last of what made it so."""
        made_on = day_of(holding.made_at)
        found = [
            each
            for each in self.longer
            if each.purpose == term.purpose
            and holding.made_at <= each.opened_at
            and term.last_day is not None
            and term.last_day > made_on + timedelta(days=each.was_days)
        ]
        return found[-1] if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OneCall:
    """`happened`: in the call. `later`: what the person answered about it when it was over, and what that did."""

    seen: SeenCall
    happened: tuple[TimelineEntry, ...]
    later: tuple[TimelineEntry, ...]
    around: Around


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsPage:
    """Newest first. `after`: the last one, where there are more."""

    calls: tuple[SeenCall, ...]
    around: Around
    after: CallId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingsPage:
    things: tuple[OwnThing, ...]
    around: Around
    after: HoldingId | None

    @property
    def by_system(self) -> list[tuple[SystemId | None, list[list[OwnThing]]]]:
        """Things of one sort in one system together, in the order in which the first of each came."""
        found: dict[SystemId | None, dict[Category, list[OwnThing]]] = {}
        for each in self.things:
            sorts = found.setdefault(each.holding.place.system, {})
            sorts.setdefault(each.holding.category, []).append(each)
        return [(system, list(sorts.values())) for system, sorts in found.items()]


@dataclass(frozen=True, slots=True, kw_only=True)
class LooksPage:
    """Who looked at something of the person that is not on the map, such as their name."""

    uses: tuple[Use, ...]
    around: Around


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    calls: int
    ours: int
    elsewhere: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingYes:
    """A yes of one call that counts there still. `until`: what was recorded by it is kept until then; None where nothing is.
    `is_live`: its call goes on."""

    choice: Choice
    until: date | None
    is_live: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnChoice:
    """Where a person stands about one purpose over all their calls. `answer`: the latest; None: they were never asked. `beside`:
    yeses of other calls that count still. `words`: the notice in the reader's language, None where none is written in it.
    `written_in`: all languages in which it is. `has_calls`: whether there is a call of theirs that an answer can be given in."""

    purpose: Purpose
    answer: Answer | None
    since: datetime | None
    beside: tuple[StandingYes, ...]
    words: Notice | None
    written_in: tuple[str, ...]
    has_calls: bool
    made: tuple[Choice, ...]

    @property
    def is_yes(self) -> bool:
        return self.answer is Answer.GRANTED

    @property
    def may_give(self) -> bool:
        return self.has_calls and self.words is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """What a withdrawal did. `calls`: in how many a yes counted, and ended; `dark`: how many things nobody can open any more;
    `live`: calls that go on, in which the recorder has to confirm it. `already`: no yes stood, and a no was there, so nothing was
    written down."""

    calls: int
    dark: int
    live: tuple[CallId, ...]
    already: bool = False
