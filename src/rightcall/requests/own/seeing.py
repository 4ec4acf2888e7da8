"""What is held about a person, in the order in which people think of it: call by call, newest first; then what lies elsewhere.

Of others it shows nothing but that they were there: what is somebody else's alone is a number. Reading this opens nothing: it
says what is held, and not what that says. Hearing is `recordings.hearing`; a copy of the rest is a request (`packages`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from types import MappingProxyType

from rightcall.actors import PartyRole
from rightcall.calls import actions as calls
from rightcall.calls.model import Party
from rightcall.clock import Clock, day_of
from rightcall.consent import actions as consent
from rightcall.consent.model import Answer, Choice
from rightcall.database.connection import Transaction
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.systems.naming import customer_names
from rightcall.errors import NotFound
from rightcall.holdings import actions as holdings
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.longer import store as longer
from rightcall.holdings.model import Holding, HoldingKind
from rightcall.holdings.uses import actions as uses
from rightcall.holdings.uses.model import Use
from rightcall.ids import CallId, HoldingId, PartyId, StreamId, SubjectId
from rightcall.policy import actions as policy
from rightcall.policy.model import StoredVerdict
from rightcall.purposes import actions as purposes
from rightcall.recordings import actions as recordings
from rightcall.recordings.copying import several_speak
from rightcall.recordings.model import Cut, Take
from rightcall.requests import ending
from rightcall.requests.own.model import (
    Around,
    CallsPage,
    Counts,
    KeptLonger,
    LooksPage,
    NoTo,
    OneCall,
    OwnThing,
    SeenCall,
    Spoken,
    State,
    ThingsPage,
)
from rightcall.requests.own.timeline import parted, told
from rightcall.requests.packages import records
from rightcall.requests.tellable import tellable
from rightcall.reviews import actions as reviews
from rightcall.vault.actions import Vault
from rightcall.vault.model import DarkReason

CALLS = 10
THINGS = 25
_LOOKED_AT = 200
_MOST_LOOKS = 40
Person = Sequence[SubjectId]


def counts(tx: Transaction, vault: Vault, person: Person) -> Counts:
    """What nobody can open any more is not kept, though its bytes may wait to be let go of; nor is a recording in which no sound
    came. What is of no call counts as elsewhere, where it is shown."""
    kept = _kept(tx, vault, person).values()
    of_calls = sum(each.call is not None for each in kept)
    elsewhere = sum(holdings.count_elsewhere(tx, each) for each in person) + len(kept) - of_calls
    return Counts(calls=len(_parts(tx, person)), ours=of_calls, elsewhere=elsewhere)


def _kept(tx: Transaction, vault: Vault, person: Person) -> dict[HoldingId, Holding]:
    there = [id for each in person for id in holdings.ours_there(tx, each)]
    opening, standing = vault.may_open_yet(tx, there), [each for each in holds.standing(tx, there) if each.untold is None]
    kept = [id for id in there if id in opening or any(hold.slices_of(id) for hold in standing)]
    found = holdings.of_ids(tx, kept) if kept else {}
    return {each.id: each for each in tellable(tx, list(found.values()))}


def kept_longer(tx: Transaction, clock: Clock, person: Person) -> list[KeptLonger]:
    """By purpose, the last of what made it so: what nobody has written to them about."""
    last, today = {each.purpose: each for each in reviews.lengthenings(tx)}, day_of(clock.now())
    found = []
    for purpose, why in last.items():
        things = longer.kept_longer(tx, person, purpose, was_days=why.was_days, made_before=why.opened_at, today=today)
        if things:
            found.append(KeptLonger(things=things, purpose=purposes.get(tx, purpose), why=why))
    return found


def calls_page(
    tx: Transaction, vault: Vault, clock: Clock, person: Person, *, after: CallId | None = None, only_kept: bool = False
) -> CallsPage:
    """`only_kept`: those calls of which something is kept, with that alone. NotFound where `after` is none of them."""
    parts, kept = _parts(tx, person), _kept(tx, vault, person) if only_kept else {}
    if only_kept:
        of_these = {each.call for each in kept.values()}
        parts = {call: each for call, each in parts.items() if call in of_these}
    order = list(parts)
    if after is not None and after not in parts:
        raise NotFound("There is no such call of yours. Begin at your newest call.")
    rest = order[order.index(after) + 1 :] if after is not None else order
    seen = _seen(tx, vault, clock, person, {call: parts[call] for call in rest[:CALLS]})
    if only_kept:
        seen = tuple(replace(each, things=tuple(one for one in each.things if one.holding.id in kept)) for each in seen)
    used = [use for call in seen for thing in call.things for use in thing.uses]
    return CallsPage(calls=seen, around=_around(tx, used), after=rest[CALLS - 1] if len(rest) > CALLS else None)


def one_call(tx: Transaction, vault: Vault, clock: Clock, person: Person, call: CallId) -> OneCall:
    """With what happened in it. NotFound where it is no call of theirs."""
    parts = _parts(tx, person)
    if call not in parts:
        raise NotFound("There is no such call of yours. Look at your calls to see those that there are.")
    [seen] = _seen(tx, vault, clock, person, {call: parts[call]})
    mine = {each.id for each in seen.parts}
    happened = [entry for entry in recordings.timeline(tx, call) if entry.party is None or entry.party in mine]
    around = _around(tx, [use for thing in seen.things for use in thing.uses])
    own = {each.statement for each in (*seen.said_in_it, *seen.said_here)}
    in_it, later = parted(told(happened), seen.call.ended_at, own)
    return OneCall(seen=seen, happened=in_it, later=later, around=around)


def elsewhere_page(tx: Transaction, vault: Vault, clock: Clock, person: Person, *, after: HoldingId | None = None) -> ThingsPage:
    """What is of no call, newest first: what other systems hold, and what was made by us from it."""
    found, last = list[Holding](), after
    while len(found) <= THINGS:
        looked = holdings.of_person(tx, person, after=last, limit=_LOOKED_AT)
        if not looked:
            break
        found += [each for each in looked if each.call is None]
        last = looked[-1].id
    shown = found[:THINGS]
    things = _things(tx, vault, clock, shown)
    around = _around(tx, [use for thing in things for use in thing.uses])
    return ThingsPage(things=things, around=around, after=shown[-1].id if len(found) > THINGS else None)


def looks(tx: Transaction, person: Person) -> LooksPage:
    """The newest."""
    found = uses.looks(tx, person)[:_MOST_LOOKS]
    return LooksPage(uses=tuple(found), around=_around(tx, found))


def _parts(tx: Transaction, person: Person) -> dict[CallId, tuple[Party, ...]]:
    """Of each call what the person was in it, the newest call first."""
    found = sorted((part for each in person for part in calls.of_subject(tx, each)), key=lambda part: (part.call, part.joined_at))
    return dict(reversed([(call, tuple(parts)) for call, parts in groupby(found, key=lambda part: part.call)]))


def _seen(
    tx: Transaction, vault: Vault, clock: Clock, person: Person, parts: Mapping[CallId, tuple[Party, ...]]
) -> tuple[SeenCall, ...]:
    """What is held of all of them is looked at once."""
    found = {call: each for call, (each, _) in calls.together(tx, list(parts)).items()}
    held = {call: tellable(tx, holdings.of_call(tx, call)) for call in parts}
    own = {call: [each for each in held[call] if each.subject in person] for call in parts}
    answers: dict[CallId | None, list[Choice]] = {call: _answers(tx, call, mine) for call, mine in parts.items()}
    several = {each for call, mine in own.items() if mine for each in several_speak(tx, call)}
    spoken = {id: each for call, mine in own.items() if mine for id, each in _spoken(tx, call, answers[call]).items()}
    things = {
        each.holding.id: replace(each, spoken=spoken.get(each.holding.id))
        for each in _things(tx, vault, clock, [one for mine in own.values() for one in mine], several=several, answers=answers)
    }
    return tuple(
        SeenCall(
            call=found[call],
            parts=mine,
            choices=tuple(answers[call]),
            things=tuple(things[each.id] for each in own[call]),
            refused=_refused(tx, call, {each.id for each in mine}, {each.id for each in own[call]}),
            others=len(held[call]) - len(own[call]),
        )
        for call, mine in parts.items()
    )


def _answers(tx: Transaction, call: CallId, mine: Collection[Party]) -> list[Choice]:
    return [each for each in consent.choices_of_call(tx, call) if each.party in {one.id for one in mine}]


def _spoken(tx: Transaction, call: CallId, answers: Sequence[Choice]) -> dict[HoldingId, Spoken]:
    """From when to when each finished recording of a call goes. What begins after a no does not follow a pause before it."""
    said_no = [each.made_at for each in answers if each.answer is Answer.WITHDRAWN]
    try:
        takes = sorted(recordings.call_state(tx, call).takes, key=lambda each: each.opened_at)
    except NotFound:
        return {}
    found: dict[HoldingId, Spoken] = {}
    before: dict[StreamId, Take] = {}
    for take in takes:
        until, last = take.last_at or take.cut_at, before.get(take.stream)
        if until is not None:
            found[take.id] = Spoken(
                since=take.first_at or take.opened_at,
                until=until,
                ends_in_pause=take.cut_reason is Cut.PAUSED,
                follows_pause=last is not None
                and last.cut_reason is Cut.PAUSED
                and not any(last.opened_at <= at <= take.opened_at for at in said_no),
            )
        before[take.stream] = take
    return found


def _things(
    tx: Transaction,
    vault: Vault,
    clock: Clock,
    found: Sequence[Holding],
    *,
    several: Collection[HoldingId] = (),
    answers: Mapping[CallId | None, Sequence[Choice]] = MappingProxyType({}),
) -> tuple[OwnThing, ...]:
    """`answers`: what the person answered in the calls that these are of."""
    ids = [each.id for each in found]
    if not ids:
        return ()
    by_holding: dict[HoldingId, list[Use]] = {id: [] for id in ids}
    for use in uses.of_holdings(tx, ids):
        if use.holding is not None:
            by_holding[use.holding].append(use)
    may_be_told = [each for each in holds.standing(tx, ids) if each.untold is None]
    links = linking.links_of(tx, [each.id for each in found if not each.is_ours])
    today, things = day_of(clock.now()), []
    for each in found:
        is_anothers = each.id in links and links[each.id].of_another
        opening = holdings.readable(tx, vault, each)
        state, dark = _state(each, ending.dark(opening), is_several=each.id in several, is_anothers=is_anothers)
        ended = ending.ended(each, opening, today)
        taken_back = {id: ending.taken_back(answers.get(each.call, ()), each, id, why) for id, why in ended.items()}
        thing = OwnThing(
            holding=each,
            state=state,
            dark=dark,
            uses=tuple(by_holding[each.id]),
            kept_longer=tuple(hold for hold in may_be_told if hold.slices_of(each.id)),
            ended=ended,
            taken_back={id: at for id, at in taken_back.items() if at is not None},
        )
        things.append(thing)
    return tuple(things)


def _state(holding: Holding, dark: DarkReason | None, *, is_several: bool, is_anothers: bool) -> tuple[State, DarkReason | None]:
    if is_anothers:
        return State.OF_ANOTHER, None
    if not holding.is_there:
        return (State.GONE, None) if dark is None else (State.DARK, dark)
    if not holding.is_ours:
        return State.KEPT, None
    if dark is not None:
        return State.DARK, dark
    if holding.kind is not HoldingKind.STREAM:
        return State.KEPT, None
    if is_several:
        return State.SEVERAL, None
    return (State.WRITTEN if holding.sealed_length is None else State.HEARD), None


def _refused(tx: Transaction, call: CallId, mine: Collection[PartyId], own: Collection[HoldingId]) -> tuple[NoTo, ...]:
    """What was answered with a no about this person: each sort once, with how often."""
    every = [each for each in policy.of_call(tx, call) if not each.verdict.proceeds]
    streams = _streams(tx, call, mine) if any(each.stream is not None for each in every) else frozenset[StreamId]()
    no = [each for each in every if _is_mine(each, streams, own)]
    found: dict[tuple[object, ...], list[StoredVerdict]] = {}
    for each in no:
        found.setdefault((each.act, each.purpose, each.by.role, each.verdict.outcome), []).append(each)
    return tuple(NoTo(verdict=every[0], times=len(every)) for every in found.values())


def _is_mine(each: StoredVerdict, streams: Collection[StreamId], own: Collection[HoldingId]) -> bool:
    if each.holding is not None:
        return each.holding in own
    return each.stream is None or each.stream in streams


def _streams(tx: Transaction, call: CallId, mine: Collection[PartyId]) -> frozenset[StreamId]:
    try:
        return frozenset(each.id for each in recordings.call_state(tx, call).streams if each.party in mine)
    except NotFound:
        return frozenset()


def _around(tx: Transaction, used: Iterable[Use]) -> Around:
    return Around(
        purposes=purposes.known(tx),
        systems=customer_names(tx),
        verdicts=records.verdicts_of(tx, used),
        longer=reviews.lengthenings(tx),
    )


def customer_parts(tx: Transaction, person: Person) -> list[Party]:
    """Oldest first, without those in which they worked for the company."""
    found = [part for each in person for part in calls.of_subject(tx, each) if part.role is not PartyRole.AGENT]
    return sorted(found, key=lambda part: (part.joined_at, part.id))
