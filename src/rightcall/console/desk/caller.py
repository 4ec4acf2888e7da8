"""Who calls, and how things stand with them: what an agent takes in in two seconds, once a verdict lets them read it."""

from dataclasses import dataclass
from datetime import datetime

from rightcall.calls import actions as calls
from rightcall.calls.model import Marks, Party
from rightcall.consent import actions as consent
from rightcall.consent.model import Choice
from rightcall.console.door import Inside
from rightcall.database.connection import Transaction
from rightcall.holdings.uses.model import FieldName, UseAct
from rightcall.ids import PurposeId
from rightcall.policy.model import Verdict
from rightcall.recordings.using import Wanted, ask
from rightcall.requests import actions as requests
from rightcall.requests.model import Request, Stage
from rightcall.staff.model import Deed
from rightcall.subjects import actions as subjects
from rightcall.vault.model import Dark


@dataclass(frozen=True, slots=True)
class Why:
    """What somebody says of why they read it; weighed, and kept nowhere."""

    reason: str | None
    case: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who somebody is, as far as it may be seen. `verdict`: where it may not. `name` and `known_by` are empty where nothing is
    known, or nobody can read it any more. `calls`: how many they were in, this one too, since `since`. `said`: what they answered
    last, in other calls, to what is still asked. `asked`: requests that wait for an answer, where the role may see those."""

    verdict: Verdict | None = None
    name: str = ""
    known_by: tuple[str, ...] = ()
    since: datetime | None = None
    calls: int = 0
    party: Party | None = None
    said: tuple[Choice, ...] = ()
    asked: tuple[Request, ...] = ()

    @property
    def language(self) -> str:
        """That in which they were asked last; empty where nobody asked."""
        return next((each.language for each in self.said if each.language), "")

    @property
    def marks(self) -> Marks:
        return Marks() if self.party is None else self.party.marks


def caller(tx: Transaction, who: Inside, party: Party, purpose: PurposeId, why: Why) -> Caller:
    """The verdict is asked, and that all of this was read is in the log."""
    vault = who.house.vault
    name, known_by = subjects.name_of(tx, vault, party.subject), subjects.identifiers_of(tx, vault, party.subject)
    if isinstance(known_by, Dark) or isinstance(name, Dark):
        return Caller()
    fields = [
        *(["name"] if name is not None else []),
        *dict.fromkeys(each.kind.value for each in known_by),
        "rightcall.calls",
        "rightcall.choices",
    ]
    fields += ["rightcall.requests"] if who.may(Deed.SEE_REQUESTS) else []
    wanted = Wanted(
        act=UseAct.READ,
        purpose=purpose,
        subject=party.subject,
        fields=tuple(FieldName(text=each) for each in fields),
        reason=why.reason,
        case=why.case,
    )
    [answer] = ask(tx, who.house.tools, [wanted], by=who.actor)
    if not answer.verdict.proceeds:
        return Caller(verdict=answer.verdict)
    shown_to, parts = "show who calls to whoever is on the call with them", calls.of_subject(tx, party.subject)
    return Caller(
        name="" if name is None else name.reveal(shown_to),
        known_by=tuple(each.value.reveal(shown_to) for each in known_by),
        since=min(each.joined_at for each in parts),
        calls=len({each.call for each in parts}),
        party=party,
        said=_said(tx, party),
        asked=_asked(tx, who, party),
    )


def _said(tx: Transaction, party: Party) -> tuple[Choice, ...]:
    """One of each purpose, the newest first."""
    before = [each for each in consent.choices_of_subject(tx, party.subject) if each.call != party.call]
    newest = {each.purpose: each for each in sorted(before, key=lambda each: (each.made_at, each.sequence))}
    return tuple(sorted(newest.values(), key=lambda each: each.made_at, reverse=True))


def _asked(tx: Transaction, who: Inside, party: Party) -> tuple[Request, ...]:
    if not who.may(Deed.SEE_REQUESTS):
        return ()
    return tuple(each for each in requests.of_person(tx, [party.subject]) if each.stage is not Stage.ANSWERED)
