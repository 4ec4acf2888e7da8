"""Letting a call out of the house as a vCon: each take only where a verdict says so, each person's name only along with it."""

from dataclasses import dataclass
from datetime import datetime

from rightcall.actors import Actor, PartyRole
from rightcall.calls import actions as calls
from rightcall.calls.model import Party
from rightcall.canonical import Json
from rightcall.consent import actions as consent
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.errors import Malformed
from rightcall.holdings.ports import Objects
from rightcall.ids import CallId, HoldingId, PartyId, PurposeId, SubjectId
from rightcall.ledger import actions as ledger
from rightcall.policy.model import Act
from rightcall.purposes import actions as purposes
from rightcall.recordings import history, store
from rightcall.recordings.model import Refused, Take
from rightcall.recordings.playing import Opened, open_take, read
from rightcall.recordings.ports import Audio
from rightcall.recordings.statements import VconExported
from rightcall.recordings.tools import Tools
from rightcall.recordings.vcon import Conversation, VconChoice, VconParty, VconTake, build
from rightcall.subjects import actions as subjects
from rightcall.vault.model import Dark


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A take that did not go along, and why: the verdict is no, its key is gone, or (None) nothing in it can be rendered."""

    take: HoldingId
    why: Refused | Dark | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """The vCon, not yet signed. `takes` went along."""

    vcon: dict[str, Json]
    takes: tuple[HoldingId, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Export:
    tx: Transaction
    tools: Tools
    objects: Objects
    audio: Audio
    by: Actor
    reason: str | None
    case: str | None
    purpose: PurposeId | None
    of: SubjectId | None


def export(
    tx: Transaction,
    tools: Tools,
    objects: Objects,
    audio: Audio,
    *,
    call: CallId,
    by: Actor,
    reason: str | None,
    case: str | None,
    purpose: PurposeId | None = None,
    of: SubjectId | None = None,
) -> Exported | Refused:
    """The call as a vCon. `purpose`: only what serves it; `of`: it is to answer this person's own request.
    `reason` and `case` are weighed by whether they are given, and kept nowhere.

    Takes that no verdict lets go stay here, and who spoke on them stays unnamed; Refused where there are takes and every one is
    refused. Every take that goes along is a use, in the access log and the ledger. Takes still being written are not in it.
    """
    work = _Export(tx=tx, tools=tools, objects=objects, audio=audio, by=by, reason=reason, case=case, purpose=purpose, of=of)
    parties = {party.id: party for party in sorted(calls.parties(tx, call), key=_first_the_customers)}
    taken: list[VconTake] = []
    left_out: list[LeftOut] = []
    for take in store.takes(tx, call):
        if take.finished_at is not None and purpose in (None, *take.purposes):
            result = _take(work, take, parties)
            (taken if isinstance(result, VconTake) else left_out).append(result)  # type: ignore[arg-type]  # each into its own list
    refused = [each.why for each in left_out if isinstance(each.why, Refused)]
    if refused and len(refused) == len(left_out) and not taken:
        return refused[-1]
    at = tools.clock.now()
    named = {take.party for take in taken} | {party.id for party in parties.values() if party.subject == of}
    vcon = build(_conversation(work, call, tuple(parties.values()), tuple(taken), named, at))
    takes = tuple(take.id for take in taken)
    ledger.append(tx, VconExported(at=at, controller=tx.of, call=call, takes=takes, actor=by.id, role=by.role))
    return Exported(vcon=vcon, takes=takes, left_out=tuple(left_out))


def _first_the_customers(party: Party) -> tuple[int, datetime]:
    return (list(PartyRole).index(party.role) if party.role is not PartyRole.AGENT else len(PartyRole)), party.joined_at


def _take(work: _Export, take: Take, parties: dict[PartyId, Party]) -> VconTake | LeftOut:
    """The first of its purposes that opens it is enough; asked for one purpose, only that."""
    why: Refused | Dark | None = None
    speaker = None if take.party is None else parties[take.party].subject
    for purpose in take.purposes:
        if work.purpose not in (None, purpose):
            continue
        opened = open_take(
            work.tx,
            work.tools,
            act=Act.EXPORT,
            take=take.id,
            purpose=purpose,
            by=work.by,
            reason=work.reason,
            case=work.case,
            for_speaker=work.of is not None and speaker == work.of,
        )
        if isinstance(opened, Opened):
            return _rendered(work, opened)
        why = opened
    return LeftOut(take=take.id, why=why)


def _rendered(work: _Export, opened: Opened) -> VconTake | LeftOut:
    recorded = read(work.tx, work.objects, opened)
    try:
        sound = work.audio.render(recorded)
    except Malformed:
        return LeftOut(take=opened.take.id, why=None)
    return VconTake(id=opened.take.id, party=opened.take.party, opened_at=opened.take.opened_at, sound=sound)


def _conversation(
    work: _Export,
    id: CallId,
    parties: tuple[Party, ...],
    taken: tuple[VconTake, ...],
    named: set[PartyId | None],
    at: datetime,
) -> Conversation:
    tx, call = work.tx, calls.get(work.tx, id)
    standing = consent.standing(tx, id)
    choices = consent.choices_of_call(tx, id)
    return Conversation(
        call=id,
        exported_at=at,
        started_at=call.started_at,
        ended_at=call.ended_at,
        controller=controllers.get(tx).name,
        parties=tuple(_party(work, party, named=party.id in named) for party in parties),
        takes=taken,
        timeline=tuple(history.timeline(tx, id)),
        purposes=tuple(purposes.all_purposes(tx)),
        choices=tuple(
            VconChoice(choice=each, notice=None if each.notice is None else purposes.notice(tx, each.notice)) for each in choices
        ),
        standing=frozenset(key for key, value in standing.items() if value.grant is not None),
    )


def _party(work: _Export, party: Party, *, named: bool) -> VconParty:
    identifiers = subjects.identifiers_of(work.tx, work.tools.vault, party.subject) if named else []
    name = subjects.name_of(work.tx, work.tools.vault, party.subject) if named else None
    return VconParty(
        id=party.id,
        role=party.role,
        joined_at=party.joined_at,
        left_at=party.left_at,
        identifiers=() if isinstance(identifiers, Dark) else tuple(identifiers),
        name=None if isinstance(name, Dark) else name,
    )
