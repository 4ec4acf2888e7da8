"""A call as a vCon (draft-ietf-vcon-vcon-core-04): a pure function from what is known to a JSON document.

* The first dialog stands for the whole call and carries the history of who joined, left, held, and was muted by a pause: a
  recording-set, which is empty where nothing of the call goes along, and `incomplete` where no two ever joined. Each take is a
  recording of its own.
* Every party has an attachment with the lawful bases (draft-howe-vcon-lawful-basis): what was granted and refused. What the draft
  has no place for (withdrawal, notice, language, who asked) is in its `metadata`. A purpose that is not named was not granted.

Signing and encrypting are in envelope.py; whether anyone may have this document is decided before it is built.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from rightcall.actors import PartyRole
from rightcall.canonical import Json
from rightcall.consent.model import Answer, Choice
from rightcall.ids import CallId, HoldingId, PartyId, PurposeId
from rightcall.personal import Personal
from rightcall.purposes.model import LawfulBasis, Notice, Purpose
from rightcall.recordings.model import Happening, TimelineEntry
from rightcall.subjects.model import Identifier, IdentifierKind

EXTENSIONS = ("CC", "lawful_basis")
_WHY = "export a call that the verdict lets go"
_FIELDS = {IdentifierKind.TEL: "tel", IdentifierKind.SIP: "sip", IdentifierKind.EMAIL: "mailto"}
_SCHEMES = {IdentifierKind.TEL: "tel:", IdentifierKind.SIP: "", IdentifierKind.EMAIL: "mailto:"}
ENDINGS = {
    "audio/x-wav": "wav",
    "audio/wav": "wav",
    "audio/ogg": "ogg",
    "audio/x-mp3": "mp3",
    "audio/mpeg": "mp3",
    "audio/x-mp4": "m4a",
    "audio/mp4": "m4a",
}
_ALONE = {
    Happening.JOINED: "join",
    Happening.LEFT: "drop",
    Happening.HELD: "hold",
    Happening.UNHELD: "unhold",
    Happening.MUTED: "mute",
    Happening.UNMUTED: "unmute",
}
_ALL = {Happening.PAUSED: "mute", Happening.RESUMED: "unmute"}


@dataclass(frozen=True, slots=True, kw_only=True)
class VconParty:
    """`identifiers` is empty where the person was erased or their address was withheld."""

    id: PartyId
    role: PartyRole
    joined_at: datetime
    left_at: datetime | None
    identifiers: tuple[Identifier, ...]
    name: Personal[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VconTake:
    """A recording that may be let go of. `party` None: several speak on it. `lasts` None: it came in a vCon that did not tell."""

    id: HoldingId
    party: PartyId | None
    opened_at: datetime
    lasts: timedelta | None
    mediatype: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class VconChoice:
    """A choice with the notice it answers, where there was one."""

    choice: Choice
    notice: Notice | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """`standing`: the parties and purposes whose basis stands. `last_days`: until when something is kept for a purpose, where
    something is; that is earlier than its term where a rule, or the vCon that it came in, says so."""

    call: CallId
    exported_at: datetime
    started_at: datetime
    ended_at: datetime | None
    controller: str
    parties: tuple[VconParty, ...]
    takes: tuple[VconTake, ...]
    timeline: tuple[TimelineEntry, ...]
    purposes: tuple[Purpose, ...]
    choices: tuple[VconChoice, ...]
    standing: frozenset[tuple[PartyId, PurposeId]]
    last_days: Mapping[PurposeId, date]


def build(conversation: Conversation) -> dict[str, Json]:
    """The vCon as a document, before it is signed."""
    places = {party.id: place for place, party in enumerate(conversation.parties)}
    history = party_history(conversation, places)
    return {
        "uuid": str(vcon_id(conversation.call, conversation.exported_at)),
        "extensions": list(EXTENSIONS),
        "created_at": instant(conversation.exported_at),
        "parties": [_party(party) for party in conversation.parties],
        "dialog": [
            _whole(conversation, history),
            *(_recording(take, places, history) for take in conversation.takes),
        ],
        "analysis": [],
        "attachments": [
            attachment for party in conversation.parties for attachment in _attachments(conversation, party, places[party.id])
        ],
    }


def vcon_id(call: CallId, exported_at: datetime) -> UUID:
    """A UUID of version 8 (RFC 9562): the same call exported at the same moment is the same document."""
    digest = hashlib.sha256(b"rightcall/vcon\x00" + call.bytes + instant(exported_at).encode()).digest()
    value = int.from_bytes(digest[:16], "big")
    value = value & ~(0xF << 76) | 8 << 76
    return UUID(int=value & ~(0b11 << 62) | 0b10 << 62)


def instant(at: datetime) -> str:
    """RFC 3339, in UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def content_hash(body: bytes) -> str:
    return "sha512-" + base64url(hashlib.sha512(body).digest())


def base64url(data: bytes) -> str:
    """Without padding (RFC 7515, section 2)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def party_history(conversation: Conversation, places: Mapping[PartyId, int]) -> list[Json]:
    """Who joined, dropped, held; a pause mutes everybody who is present, until the last reason for it has ended."""
    history: list[Json] = []
    pauses: set[str | None] = set()
    for entry in conversation.timeline:
        if entry.kind in _ALONE:
            concerned = [entry.party] if entry.party in places else []
            event = _ALONE[entry.kind]
        elif entry.kind in _ALL:
            before, pauses = pauses, (pauses | {entry.reason} if entry.kind is Happening.PAUSED else pauses - {entry.reason})
            if bool(before) == bool(pauses):
                continue
            concerned = [party.id for party in conversation.parties if _is_present(party, entry.at)]
            event = _ALL[entry.kind]
        else:
            continue
        history += [{"party": places[party], "time": instant(entry.at), "event": event} for party in concerned if party]
    return history


def _is_present(party: VconParty, at: datetime) -> bool:
    return party.joined_at <= at and (party.left_at is None or at <= party.left_at)


def _party(party: VconParty) -> Json:
    known: dict[str, Json] = {"uuid": str(party.id), "type": "person", "role": party.role.value}
    for identifier in party.identifiers:
        if identifier.kind in _FIELDS:
            known[_FIELDS[identifier.kind]] = _SCHEMES[identifier.kind] + identifier.value.reveal(_WHY)
    if party.name is not None:
        known["name"] = party.name.reveal(_WHY)
    return known


def _whole(conversation: Conversation, history: list[Json]) -> Json:
    """Two who joined talked, whatever was recorded of it."""
    end = conversation.ended_at or conversation.exported_at
    was_answered = bool(conversation.takes) or len(conversation.parties) > 1
    whole: dict[str, Json] = {
        "type": "recording-set" if was_answered else "incomplete",
        "start": instant(conversation.started_at),
        "duration": _seconds(end - conversation.started_at),
        "parties": list(range(len(conversation.parties))),
        "party_history": history,
    }
    if was_answered:
        whole["recordings"] = list(range(1, len(conversation.takes) + 1))
    else:
        whole["disposition"] = "failed"
    return whole


def _recording(take: VconTake, places: Mapping[PartyId, int], history: list[Json]) -> Json:
    start = instant(take.opened_at)
    recording: dict[str, Json] = {
        "type": "recording",
        "recording_set": 0,
        "start": start,
        "parties": sorted(places.values()) if take.party is None else [places[take.party]],
        "mediatype": take.mediatype,
        "filename": f"{take.id}.{ENDINGS.get(take.mediatype, 'bin')}",
        "body": base64url(take.body),
        "encoding": "base64url",
        "content_hash": content_hash(take.body),
        "party_history": [],
    }
    if take.lasts is not None:
        end = instant(take.opened_at + take.lasts)
        recording["duration"] = take.lasts / timedelta(seconds=1)
        recording["party_history"] = [each for each in history if isinstance(each, dict) and start <= str(each["time"]) <= end]
    return recording


def _attachments(conversation: Conversation, party: VconParty, place: int) -> Iterable[Json]:
    """One for each lawful basis that this party's part in the call rests on, or was asked to rest on."""
    for basis in LawfulBasis:
        concerned = [
            purpose
            for purpose in conversation.purposes
            if purpose.basis_for(party.role) is basis and _is_known(conversation, party, purpose)
        ]
        if concerned:
            body = _lawful_basis(conversation, party, basis, concerned)
            yield {
                "purpose": "lawful_basis",
                "type": "lawful_basis",
                "start": instant(party.joined_at),
                "party": place,
                "dialog": 0,
                "mediatype": "application/json",
                "encoding": "json",
                "body": body,
            }


def _is_known(conversation: Conversation, party: VconParty, purpose: Purpose) -> bool:
    return (party.id, purpose.id) in conversation.standing or bool(_history(conversation, party, purpose))


def _history(conversation: Conversation, party: VconParty, purpose: Purpose) -> list[VconChoice]:
    return [each for each in conversation.choices if each.choice.party == party.id and each.choice.purpose == purpose.id]


def _lawful_basis(conversation: Conversation, party: VconParty, basis: LawfulBasis, concerned: Sequence[Purpose]) -> Json:
    expires = min(_last_day(conversation, purpose) for purpose in concerned)
    proofs: list[Json] = [
        {
            "proof_type": "external_system",
            "timestamp": instant(each.choice.made_at),
            "proof_data": {"choice": str(each.choice.id), "statement": str(each.choice.statement)},
        }
        for purpose in concerned
        for each in _history(conversation, party, purpose)
    ]
    return {
        "lawful_basis": basis.value,
        "expiration": f"{expires.isoformat()}T23:59:59Z",
        "purpose_grants": [_grant(conversation, party, purpose) for purpose in concerned],
        "proof_mechanisms": proofs,
        "metadata": {
            "scope": "party",
            "controller": conversation.controller,
            "purposes": [_metadata(conversation, party, purpose) for purpose in concerned],
        },
    }


def _grant(conversation: Conversation, party: VconParty, purpose: Purpose) -> Json:
    history = _history(conversation, party, purpose)
    latest = history[-1].choice if history else None
    return {
        "purpose": purpose.key,
        "granted": (latest is None or latest.answer is Answer.GRANTED) and (party.id, purpose.id) in conversation.standing,
        "granted_at": instant(latest.made_at if latest else party.joined_at),
        "conditions": [],
    }


def _metadata(conversation: Conversation, party: VconParty, purpose: Purpose) -> Json:
    return {
        "purpose": purpose.key,
        "title": purpose.title,
        "dpv_purpose": purpose.dpv_purpose,
        "on_withdrawal": purpose.on_withdrawal.value,
        "history": [_answer(each) for each in _history(conversation, party, purpose)],
    }


def _answer(each: VconChoice) -> Json:
    choice = each.choice
    return {
        "answer": choice.answer.value,
        "at": instant(choice.made_at),
        "channel": choice.channel.value,
        "language": choice.language,
        "notice": None if choice.notice is None else str(choice.notice),
        "notice_hash": None if choice.notice_digest is None else "sha256-" + base64url(choice.notice_digest),
        "notice_version": None if each.notice is None else each.notice.version,
        "notice_text": None if each.notice is None else each.notice.text,
        "entered_by": choice.by.role.value,
        "asked_by": None if choice.asked_by is None else choice.asked_by.role.value,
    }


def _last_day(conversation: Conversation, purpose: Purpose) -> date:
    by_term = (conversation.started_at.astimezone(UTC) + timedelta(days=purpose.term_days)).date()
    return min(by_term, conversation.last_days.get(purpose.id, by_term))


def _seconds(span: timedelta) -> float:
    return max(0.0, round(span.total_seconds(), 3))
