"""What happened to the capture of a call, in order, by whose word; told in every case, also where no sound is."""

from collections.abc import Iterable, Sequence, Set

from rightcall.actors import PartyRole
from rightcall.calls import actions as calls
from rightcall.clock import day_of
from rightcall.consent import actions as consent
from rightcall.consent.model import Answer, Choice
from rightcall.database.connection import Transaction
from rightcall.errors import NotFound
from rightcall.holdings import actions as holdings
from rightcall.holdings.model import Holding
from rightcall.ids import CallId, HoldingId, PartyId
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import OnWithdrawal
from rightcall.recordings import store
from rightcall.recordings.model import CallState, Happening, Take, TimelineEntry
from rightcall.recordings.received import store as received
from rightcall.recordings.takes import store as take_store


def count_takes(tx: Transaction, calls: Sequence[CallId]) -> dict[CallId, int]:
    """How many stretches of sound were kept of each; a call that no recorder ever had is not among them."""
    return take_store.count_takes(tx, calls)


def silent_among(tx: Transaction, holdings: Sequence[HoldingId]) -> set[HoldingId]:
    """Those that are a take in which no sound came before it was cut, so that nothing is in it."""
    return take_store.silent_among(tx, holdings) if holdings else set()


def call_state(tx: Transaction, call: CallId) -> CallState:
    """The session, its streams and takes. NotFound where the call has no recording session."""
    found = maybe_call_state(tx, call)
    if found is None:
        raise NotFound("This call has no recording session. List the active calls to see those that have one.")
    return found


def maybe_call_state(tx: Transaction, call: CallId) -> CallState | None:
    """The same; None where the call has no recording session."""
    session = store.session(tx, call)
    if session is None:
        return None
    return CallState(session=session, streams=tuple(store.streams(tx, call)), takes=tuple(take_store.takes(tx, call)))


def timeline(tx: Transaction, call: CallId) -> list[TimelineEntry]:
    """The recorder's own entries, or those of the vCon that the call came in, with the asks and choices among them, by their
    instants; of one instant what was done comes before what followed from it."""
    takes = take_store.takes(tx, call)
    entries = store.timeline(tx, call) + received.events_of_call(tx, call)
    for ask in consent.asks_of_call(tx, call):
        entries.append(TimelineEntry(at=ask.asked_at, kind=Happening.ASKED, party=ask.party, purpose=ask.purpose, by=ask.by))
    choices = consent.choices_of_call(tx, call)
    entries += [_chose(choice) for choice in choices]
    agents = {party.id for party in calls.parties(tx, call) if party.role is PartyRole.AGENT}
    entries += _withdrawals(tx, choices, takes, agents)
    return sorted(entries, key=lambda entry: (entry.at, entry.kind in _FOLLOWS))


_FOLLOWS = frozenset(
    {Happening.OPENED, Happening.CUT, Happening.CLOSED, Happening.PAUSE_HELD, Happening.KEPT, Happening.WENT_DARK}
)


def _chose(choice: Choice) -> TimelineEntry:
    return TimelineEntry(
        at=choice.made_at,
        kind=Happening.CHOSE,
        party=choice.party,
        purpose=choice.purpose,
        by=choice.by,
        reason=choice.answer.value,
        statement=choice.statement,
    )


def _withdrawals(tx: Transaction, choices: Iterable[Choice], takes: list[Take], agents: Set[PartyId]) -> list[TimelineEntry]:
    """What a withdrawal did to what was captured before: destroyed for that purpose, or kept, as the purpose says. What an agent
    said needed that yes as well."""
    withdrawn = [each for each in choices if each.answer is Answer.WITHDRAWN]
    held = holdings.of_ids(tx, [take.id for take in takes]) if withdrawn else {}
    entries = []
    for nth, choice in enumerate(withdrawn):
        kept = purposes.get(tx, choice.purpose).on_withdrawal is OnWithdrawal.KEEP
        before = [each for each in withdrawn[:nth] if (each.party, each.purpose) == (choice.party, choice.purpose)]
        entries += [
            TimelineEntry(
                at=choice.made_at,
                kind=Happening.KEPT if kept else Happening.WENT_DARK,
                party=choice.party,
                purpose=choice.purpose,
                stream=take.stream,
                take=take.id,
                by=choice.by,
                statement=choice.statement,
            )
            for take in takes
            if choice.purpose in take.purposes
            and take.opened_at <= choice.made_at
            and take.party in (choice.party, None, *agents)
            and not _had_ended(take, held.get(take.id), choice, before)
        ]
    return entries


def _had_ended(take: Take, held: Holding | None, choice: Choice, before: Iterable[Choice]) -> bool:
    """Whether it was kept for that purpose no longer when the no came: by a no `before`, or since its last day was over."""
    last_day = None if held is None else held.last_day(choice.purpose)
    is_over = last_day is not None and last_day < day_of(choice.made_at)
    return is_over or any(each.made_at >= take.opened_at for each in before)
