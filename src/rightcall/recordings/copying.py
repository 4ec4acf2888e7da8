"""A person's own copy of a call, as they ask for it (GDPR Art. 15(3), 20): what they said, as sound and as a vCon, whatever its
length.

Nobody else's words go along: each stream is one party's, and only theirs is opened, each by a verdict of its own. What several
people speak on goes along only where somebody who listened said so. Others who took part are told by their role alone, and so
are their choices not at all. A long take comes in pieces, so that no more than one is ever in memory.
"""

import hashlib
import json
import logging
import re
import secrets
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from rightcall.actors import SYSTEM
from rightcall.calls import actions as calls
from rightcall.calls.model import Call, Party
from rightcall.canonical import Json
from rightcall.consent import actions as consent
from rightcall.consent.standing import standing_in
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.errors import Malformed, NotFound, Tampered
from rightcall.holdings import actions as holdings
from rightcall.holdings.model import Holding
from rightcall.holdings.ports import Objects
from rightcall.ids import CallId, HoldingId, PartyId, SubjectId
from rightcall.policy.model import Act
from rightcall.purposes import actions as purposes
from rightcall.recordings import history
from rightcall.recordings.exporting import first_the_customers, last_days, party_of
from rightcall.recordings.model import Recorded, Refused, Take, TimelineEntry
from rightcall.recordings.playing import Opened, Span, Unlocked, open_take, read, reader_of, unlock
from rightcall.recordings.ports import Audio
from rightcall.recordings.received import store as received
from rightcall.recordings.received.model import ReceivedSound
from rightcall.recordings.takes import store as take_store
from rightcall.recordings.tools import Tools
from rightcall.recordings.vcon import Conversation, VconChoice, VconTake, base64url, build
from rightcall.vault.model import ContentKey, Dark
from rightcall.vault.sealing import SealedReader

_log = logging.getLogger(__name__)
PIECE = timedelta(minutes=5)
_PIECE_MS = PIECE // timedelta(milliseconds=1)
_CHUNK = 3 * 64 * 1024
"""A multiple of three, so that base64 goes on without a break."""
Chunks = Callable[[], Iterator[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One file of sound. `chunks` makes it, each time anew."""

    mediatype: str
    started_at: datetime
    lasts: timedelta | None
    chunks: Chunks = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSound:
    """What a holding sounds like, in order."""

    holding: HoldingId
    party: PartyId | None
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotOpened:
    """`why` None: nothing in it can be played, or what is kept of it is damaged or missing (`is_damaged`)."""

    holding: HoldingId
    why: Refused | Dark | None
    is_damaged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCall:
    """`parties`: everybody, of whom `own` are the person. `timeline`: what happened, without what others chose. `others`: how
    many recordings are somebody else's alone, and stay here. `several`: those that several people speak on, and that nobody
    gave."""

    call: Call
    parties: tuple[Party, ...]
    own: frozenset[PartyId]
    timeline: tuple[TimelineEntry, ...]
    sounds: tuple[OwnSound, ...]
    not_opened: tuple[NotOpened, ...]
    several: tuple[HoldingId, ...]
    others: int
    vcon: Callable[[], Iterator[bytes]] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Copy:
    tx: Transaction
    tools: Tools
    objects: Objects
    audio: Audio
    own: frozenset[PartyId]
    given: Collection[HoldingId]
    newest: dict[tuple[HoldingId, int], tuple[str, bytes, timedelta]] = field(default_factory=dict, repr=False)


def several_speak(tx: Transaction, call: CallId) -> list[HoldingId]:
    """What is kept of a call on which no machine parts who speaks."""
    takes = [each.id for each in take_store.takes(tx, call) if each.party is None and each.finished_at is not None]
    return takes + [each.id for each in received.sounds_of_call(tx, call) if each.party is None]


def own_copy(
    tx: Transaction,
    tools: Tools,
    objects: Objects,
    audio: Audio,
    *,
    call: CallId,
    person: Collection[SubjectId],
    given: Collection[HoldingId] = (),
    left_out: Collection[HoldingId] = (),
) -> OwnCall:
    """The person's own copy. `given`: of what several speak on, what somebody who listened lets them have; `left_out`: not
    asked for. Every sound that goes along is a use, in the access log and the ledger. Read the sounds within the
    transaction."""
    parties = tuple(sorted(calls.parties(tx, call), key=first_the_customers))
    own = frozenset(each.id for each in parties if each.subject in person)
    work = _Copy(tx=tx, tools=tools, objects=objects, audio=audio, own=own, given=given)
    sounds, not_opened, several, others = list[OwnSound](), list[NotOpened](), list[HoldingId](), 0
    takes = [each for each in take_store.takes(tx, call) if each.finished_at is not None]
    every: list[Take | ReceivedSound] = [*takes, *received.sounds_of_call(tx, call)]
    for each in (one for one in every if one.id not in left_out):
        if each.party is None and each.id not in given:
            several.append(each.id)
        elif each.party is not None and each.party not in own:
            others += 1
        else:
            found = _take(work, each) if isinstance(each, Take) else _sound(work, each)
            if isinstance(found, OwnSound):
                sounds.append(found)
            else:
                not_opened.append(found)
    return OwnCall(
        call=calls.get(tx, call),
        parties=parties,
        own=own,
        timeline=tuple(entry for entry in history.timeline(tx, call) if entry.party is None or entry.party in own),
        sounds=tuple(sounds),
        not_opened=tuple(not_opened),
        several=tuple(several),
        others=others,
        vcon=lambda: _vcon(work, call, parties, sounds),
    )


def _take(work: _Copy, take: Take) -> OwnSound | NotOpened:
    """The first of its purposes that opens it is enough."""
    why: Refused | Dark | None = None
    for purpose in take.purposes:
        opened = open_take(
            work.tx,
            work.tools,
            act=Act.EXPORT,
            take=take.id,
            purpose=purpose,
            by=SYSTEM,
            reason=None,
            case=None,
            for_speaker=True,
        )
        if isinstance(opened, Opened):
            if not _is_whole(work, opened.holding, opened.key):
                return NotOpened(holding=take.id, why=None, is_damaged=True)
            pieces = _pieces(work, opened)
            return (
                NotOpened(holding=take.id, why=None) if not pieces else OwnSound(holding=take.id, party=take.party, pieces=pieces)
            )
        why = opened
    return NotOpened(holding=take.id, why=why)


def _is_whole(work: _Copy, holding: Holding, key: ContentKey) -> bool:
    """All of it is there, and nobody changed it: else it would end the copy of everything else with it."""
    try:
        reader = reader_of(work.tx, work.objects, holding, key)
        for at in range(0, reader.plain_length, _CHUNK):
            reader.read(at, _CHUNK)
    except (NotFound, Tampered) as error:
        trouble = type(error).__name__
        _log.critical("what is kept of a recording is damaged or missing", extra={"holding": str(holding.id), "trouble": trouble})
        return False
    return True


def _pieces(work: _Copy, opened: Opened) -> tuple[Piece, ...]:
    """None of them where nothing in it is sound."""
    take = opened.take
    last = take.last_at or take.cut_at or take.finished_at or take.opened_at
    length = max(0, int((last - take.opened_at) / timedelta(milliseconds=1)))
    if length <= _PIECE_MS:
        spans: list[tuple[int, int | None]] = [(0, None)]
    else:
        spans = [(start, min(start + _PIECE_MS, length)) for start in range(0, length, _PIECE_MS)]
    first = _rendered(work, opened, *spans[0])
    if first is None:
        return ()
    mediatype, _, lasts = first
    return tuple(
        Piece(
            mediatype=mediatype,
            started_at=take.opened_at + timedelta(milliseconds=start),
            lasts=lasts if end is None else timedelta(milliseconds=end - start),
            chunks=_chunks_of(work, opened, start, end),
        )
        for start, end in spans
    )


def _chunks_of(work: _Copy, opened: Opened, start: int, end: int | None) -> Chunks:
    def chunks() -> Iterator[bytes]:
        found = _rendered(work, opened, start, end)
        body = memoryview(b"" if found is None else found[1])
        for at in range(0, len(body), _CHUNK):
            yield bytes(body[at : at + _CHUNK])

    return chunks


def _rendered(work: _Copy, opened: Opened, start: int, end: int | None) -> tuple[str, bytes, timedelta] | None:
    """The newest one is kept, since a short take is asked for once to see what it is, once as sound and once for the vCon."""
    if (opened.take.id, start) not in work.newest:
        recorded: Recorded = read(work.tx, work.objects, opened, start_ms=start, end_ms=end)
        work.newest.clear()
        try:
            sound = work.audio.render(recorded)
        except Malformed:
            return None
        work.newest[opened.take.id, start] = sound.mediatype, sound.body, timedelta(milliseconds=sound.duration_ms)
    return work.newest[opened.take.id, start]


def _sound(work: _Copy, sound: ReceivedSound) -> OwnSound | NotOpened:
    """A recording that came in a vCon, as the very file that it was."""
    why: Refused | Dark | None = None
    holding = holdings.get(work.tx, sound.id)
    lasts = None if sound.duration_ms is None else timedelta(milliseconds=sound.duration_ms)
    until = None if lasts is None else sound.started_at + lasts
    span = Span(id=sound.id, call=sound.call, party=sound.party, stream=None, since=sound.started_at, until=until)
    for purpose in sound.purposes:
        unlocked = unlock(
            work.tx,
            work.tools,
            act=Act.EXPORT,
            span=span,
            holding=holding,
            purpose=purpose,
            by=SYSTEM,
            reason=None,
            case=None,
            for_speaker=True,
        )
        if isinstance(unlocked, Unlocked):
            if not _is_whole(work, holding, unlocked.key):
                return NotOpened(holding=sound.id, why=None, is_damaged=True)
            chunks = _chunks_as_they_came(reader_of(work.tx, work.objects, holding, unlocked.key))
            piece = Piece(mediatype=holding.mediatype, started_at=sound.started_at, lasts=lasts, chunks=chunks)
            return OwnSound(holding=sound.id, party=sound.party, pieces=(piece,))
        why = unlocked
    return NotOpened(holding=sound.id, why=why)


def _chunks_as_they_came(reader: SealedReader) -> Chunks:
    def chunks() -> Iterator[bytes]:
        for at in range(0, reader.plain_length, _CHUNK):
            yield reader.read(at, _CHUNK)

    return chunks


def _vcon(work: _Copy, call: CallId, parties: Sequence[Party], sounds: Sequence[OwnSound]) -> Iterator[bytes]:
    """The document with each sound where it belongs, told as it goes by."""
    pieces = [(sound, piece) for sound in sounds for piece in sound.pieces]
    mark = secrets.token_hex(16)
    document = build(_conversation(work, call, parties, pieces))
    dialogs = cast("list[dict[str, Json]]", document["dialog"])
    for number, dialog in enumerate(dialogs[1:]):
        dialog |= {"body": f"{mark}-body-{number}-", "content_hash": f"{mark}-hash-{number}-"}
        dialog["filename"] = f"{number + 1}-{dialog['filename']}"
    digests: dict[int, str] = {}
    text = json.dumps(document, ensure_ascii=False)
    at = 0
    for here in re.finditer(f"{mark}-(body|hash)-([0-9]+)-", text):
        yield text[at : here.start()].encode()
        at, number = here.end(), int(here[2])
        if here[1] == "hash":
            yield digests[number].encode()
            continue
        digest = hashlib.sha512()
        for chunk in pieces[number][1].chunks():
            digest.update(chunk)
            yield base64url(chunk).encode()
        digests[number] = "sha512-" + base64url(digest.digest())
    yield text[at:].encode()


def _conversation(work: _Copy, id: CallId, parties: Sequence[Party], pieces: Sequence[tuple[OwnSound, Piece]]) -> Conversation:
    tx, call = work.tx, calls.get(work.tx, id)
    own = [each for each in consent.choices_of_call(tx, id) if each.party in work.own]
    return Conversation(
        call=id,
        exported_at=work.tools.clock.now(),
        started_at=call.started_at,
        ended_at=call.ended_at,
        controller=controllers.get(tx).name,
        parties=tuple(party_of(tx, work.tools, each, named=each.id in work.own) for each in parties),
        takes=tuple(
            VconTake(
                id=sound.holding,
                party=sound.party,
                opened_at=piece.started_at,
                lasts=piece.lasts,
                mediatype=piece.mediatype,
                body=b"",
            )
            for sound, piece in pieces
        ),
        timeline=tuple(history.timeline(tx, id)),
        purposes=tuple(purposes.all_purposes(tx)),
        choices=tuple(
            VconChoice(choice=each, notice=None if each.notice is None else purposes.notice(tx, each.notice)) for each in own
        ),
        standing=frozenset(key for key, value in standing_in(tx, id).items() if value.grant is not None and key[0] in work.own),
        last_days=last_days(tx, id),
    )
