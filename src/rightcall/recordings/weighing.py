"""What of somebody else's vCon may be kept here, decided before anything of it is written down but the verdicts.

A yes that was given elsewhere counts here when a trusted signature covers it, it is in force, it stands for a purpose of
ours, was given to this controller (by name) in answer to a notice that is ours word for word, and the person has not taken it
back here. The rule of whose yes a recording needs, and the policy, are those for a stream of our own. Absence is denial: the
verdict on it is asked and stored too. A no counts by the same signature, purpose, controller and words, and does not expire.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from rightcall.actors import Actor, PartyRole
from rightcall.calls.model import Party
from rightcall.clock import day_of
from rightcall.consent import actions as consent
from rightcall.consent.model import Answer, Standing
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.errors import Malformed
from rightcall.ids import CallId, GrantId, PartyId, PurposeId, StreamId, SubjectId, VerdictId, new_id
from rightcall.personal import Personal
from rightcall.policy import actions as policy
from rightcall.policy.model import Act, PurposeFacts, Question
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import LawfulBasis, Notice, Purpose
from rightcall.recordings import rules
from rightcall.recordings.circumstances import circumstances
from rightcall.recordings.importing.model import ImportedDialog, ImportedGrant, ImportedParty, ImportedVcon
from rightcall.recordings.model import Stream, Why
from rightcall.recordings.rules import Candidate, Facts
from rightcall.recordings.tools import Tools
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import Identifier, IdentifierKind
from rightcall.subjects.places import number_place
from rightcall.subjects.rules import from_address, normalise

_DAYS_END = time(23, 59, 59)
_SOUND = re.compile(r"audio/[a-z0-9][a-z0-9.+-]{0,60}")


class NotKept(StrEnum):
    """Why a dialog of a vCon stays out. `elsewhere`: its content is at an address, and nothing is fetched. `rules`: every yes is
    there, and the verdict is no."""

    ELSEWHERE = "elsewhere"
    NOT_SOUND = "not_sound"
    NO_YES = "no_yes"
    TERM_OVER = "term_over"
    RULES = "rules"


INSTEAD: Mapping[NotKept, str] = {
    NotKept.ELSEWHERE: "Its content is at an address, and nothing is fetched. Ask its sender to put the content into the vCon.",
    NotKept.NOT_SOUND: "It is no recording of sound, and only those are kept.",
    NotKept.NO_YES: "Not everybody who is needed has a yes in it that counts here: signed by somebody trusted, in force, without"
    " conditions, given to this controller by its name, to one of our purposes by its key, in answer to our notice word for word,"
    " and not taken back here since.",
    NotKept.TERM_OVER: "What was said then may not be kept for so long any more.",
    NotKept.RULES: "Every yes is there, and the verdict is no. Read the verdict to see what would make it right.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A dialog with content, by its place. `why` None: it may be kept for the purposes in `most_days`, as the yeses of `needs`
    allow (places of parties); with each purpose stands the duty that came with its verdict, as in `rules.Candidate`."""

    dialog: int
    most_days: Mapping[PurposeId, int | None]
    needs: frozenset[int]
    why: NotKept | None
    verdicts: tuple[VerdictId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Yes:
    """`notice`: what it answers; None where its basis is not consent."""

    notice: Notice | None
    given_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class No:
    """A refusal, or a yes that was taken back, and the words of ours that it answers."""

    notice: Notice
    said_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """`yeses`: for each place of a party and purpose the yes that counts; `noes`: the no, where one was said."""

    began_at: datetime
    dialogs: tuple[Weighed, ...]
    yeses: Mapping[tuple[int, PurposeId], Yes]
    noes: Mapping[tuple[int, PurposeId], No]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    tx: Transaction
    tools: Tools
    vcon: ImportedVcon
    by: Actor
    region: str


def weigh(tx: Transaction, tools: Tools, vcon: ImportedVcon, *, call: CallId, by: Actor, region: str) -> Weighing:
    """`call`: the id it would have here. Malformed where it tells of what is still to come."""
    work = _Work(tx=tx, tools=tools, vcon=vcon, by=by, region=region)
    now = tools.clock.now()
    began = min((dialog.start for dialog in vcon.dialogs), default=vcon.created_at)
    if began > now or any(each.start > now for each in vcon.dialogs) or any(each.at > now for each in vcon.history):
        raise Malformed("This vCon tells of a call that is still to come. Check its instants.")
    register = tuple(purpose for purpose in purposes.active(tx) if rules.is_voice(purpose))
    yeses = dict(_yeses(work, register))
    facts = _facts(work, call, began, register, yeses)
    weighed = (_weigh(work, facts, place, dialog) for place, dialog in enumerate(vcon.dialogs) if _has_content(dialog))
    return Weighing(began_at=began, dialogs=tuple(weighed), yeses=yeses, noes=dict(_noes(work, register)))


def role_of(party: ImportedParty) -> PartyRole:
    """Whoever has no role that we know is taken for a customer: that is the side on which more is asked."""
    return PartyRole(party.role) if party.role in list(PartyRole) else PartyRole.CUSTOMER


def identifiers_of(party: ImportedParty, region: str) -> tuple[Identifier, ...]:
    found = [*_address("tel:", party.tel, region), *_address("sip:", party.sip, region)]
    if party.mailto is not None:
        try:
            address = party.mailto.reveal("know a party of a vCon").removeprefix("mailto:")
            found.append(normalise(IdentifierKind.EMAIL, Personal(address), region))
        except Malformed:
            return tuple(dict.fromkeys(found))
    return tuple(dict.fromkeys(found))


def as_stream(call: CallId, present: tuple[Party, ...], dialog: ImportedDialog) -> Stream:
    """A dialog with one speaker is that person's stream; with more, or nobody named, one on which anybody may speak."""
    return Stream(
        id=StreamId(new_id()),
        call=call,
        party=present[dialog.parties[0]].id if len(dialog.parties) == 1 else None,
        label=b"",
        codecs=(),
        held=False,
        gone_at=None,
        why=None,
    )


def mediatype_of(dialog: ImportedDialog) -> str | None:
    """Without its parameters; None where it is no sound."""
    told = (dialog.mediatype or "").partition(";")[0].strip().lower()
    return told if _SOUND.fullmatch(told) else None


def _has_content(dialog: ImportedDialog) -> bool:
    return dialog.body is not None or dialog.elsewhere


def _yeses(work: _Work, register: tuple[Purpose, ...]) -> Iterator[tuple[tuple[int, PurposeId], Yes]]:
    for place, party in enumerate(work.vcon.parties):
        for purpose in register:
            grant = work.vcon.grant(place, purpose.key, work.tools.clock.now())
            if grant is None or grant.basis is not purpose.basis_for(role_of(party)):
                continue
            notice = _answered(work, purpose, grant) if grant.basis is LawfulBasis.CONSENT else None
            if grant.basis is not LawfulBasis.CONSENT and _is_ours(work, grant):
                yield (place, purpose.id), Yes(notice=None, given_at=grant.granted_at)
            if notice is not None and not _said_no_since(work, party, purpose, grant.granted_at):
                yield (place, purpose.id), Yes(notice=notice, given_at=grant.granted_at)


def _noes(work: _Work, register: tuple[Purpose, ...]) -> Iterator[tuple[tuple[int, PurposeId], No]]:
    """What the parties said no to: the newest that answers words of ours."""
    for place, party in enumerate(work.vcon.parties):
        for purpose in register:
            if purpose.basis_for(role_of(party)) is not LawfulBasis.CONSENT:
                continue
            for refusal in work.vcon.refusals(place, purpose.key, work.tools.clock.now()):
                notice = _answered(work, purpose, refusal)
                if notice is not None:
                    yield (place, purpose.id), No(notice=notice, said_at=refusal.granted_at)


def _answered(work: _Work, purpose: Purpose, grant: ImportedGrant) -> Notice | None:
    """The notice of ours that this yes or no answers: the very same, or the same words of this controller's in another house."""
    told = grant.notice
    if told is None:
        return None
    ours = purposes.notices(work.tx, purpose.id)
    same = [each for each in ours if each.digest == told.digest]
    if not same and grant.controller is not None and _is_ours(work, grant):
        same = [each for each in ours if (each.language, each.text) == (told.language, told.text)]
    return same[-1] if same else None


def _is_ours(work: _Work, grant: ImportedGrant) -> bool:
    """A basis is a controller's own: what was said to another counts for nothing here."""
    return grant.controller in (None, controllers.get(work.tx).name)


def _said_no_since(work: _Work, party: ImportedParty, purpose: Purpose, at: datetime) -> bool:
    """Whether anybody known here by the same identifiers has refused or withdrawn it after `at`, and not said yes since."""
    for identifier in identifiers_of(party, work.region):
        for subject in subjects.find(work.tx, work.tools.vault, identifier):
            latest = consent.latest_of_subject(work.tx, subject, purpose.id)
            if latest is not None and latest.answer is not Answer.GRANTED and latest.made_at >= at:
                return True
    return False


def _facts(
    work: _Work,
    call: CallId,
    began: datetime,
    register: tuple[Purpose, ...],
    yeses: Mapping[tuple[int, PurposeId], Yes],
) -> Facts:
    """As they would be with every yes that counts written down; the ids are of nobody yet."""
    present = tuple(
        Party(
            id=PartyId(new_id()),
            call=call,
            subject=SubjectId(new_id()),
            role=role_of(party),
            joined_at=began,
            left_at=None,
            number_place=number_place(identifiers_of(party, work.region)),
        )
        for party in work.vcon.parties
    )
    standing = {
        (present[place].id, purpose): Standing(
            answer=None if yes.notice is None else Answer.GRANTED,
            choice=None,
            grant=GrantId(new_id()),
            basis=next(each for each in register if each.id == purpose).basis_for(present[place].role),
        )
        for (place, purpose), yes in yeses.items()
    }
    return Facts(
        call=call,
        at=work.tools.clock.now(),
        circumstances=circumstances(work.tx, present, rules=work.tools.rules, clock=work.tools.clock),
        over=False,
        pauses=frozenset(),
        present=present,
        preferences={},
        purposes=register,
        standing=standing,
    )


def _weigh(work: _Work, facts: Facts, place: int, dialog: ImportedDialog) -> Weighed:
    why = NotKept.ELSEWHERE if dialog.elsewhere else None
    if why is None and (dialog.kind != "recording" or mediatype_of(dialog) is None):
        why = NotKept.NOT_SOUND
    if why is not None:
        return Weighed(dialog=place, most_days={}, needs=frozenset(), why=why, verdicts=())
    stream = as_stream(facts.call, facts.present, dialog)
    found = rules.candidates(facts, stream)
    fresh = [] if not isinstance(found, tuple) else [each for each in found if _is_fresh(facts, each, dialog)]
    asked: list[Purpose | None] = [each.purpose for each in fresh] or [*facts.purposes[:1]] or [None]
    given = policy.ask_all(
        work.tx,
        rules=work.tools.rules,
        clock=work.tools.clock,
        questions=[_question(facts, stream, purpose) for purpose in asked],
        by=work.by,
    )
    verdicts = [verdict for _, verdict in given]
    allowed = [rules.under(each, verdict) for each, verdict in zip(fresh, verdicts, strict=False) if verdict.proceeds]
    needed = {party.id for party in rules.needed_parties(facts.present, stream)}
    needs = frozenset(at for at, party in enumerate(facts.present) if party.id in needed)
    bounded = [_no_longer_than_told(work, each, needs, dialog) for each in allowed]
    chosen = [each for each in bounded if _is_fresh(facts, each, dialog)]
    return Weighed(
        dialog=place,
        most_days={each.purpose.id: each.most_days for each in chosen},
        needs=needs,
        why=None if chosen else _why_not(found, fresh, allowed),
        verdicts=tuple(id for id, _ in given),
    )


def _why_not(found: tuple[Candidate, ...] | Why, fresh: Sequence[Candidate], allowed: Sequence[Candidate]) -> NotKept:
    if not isinstance(found, tuple):
        return NotKept.NO_YES
    return NotKept.TERM_OVER if allowed or not fresh else NotKept.RULES


def _no_longer_than_told(work: _Work, candidate: Candidate, needs: frozenset[int], dialog: ImportedDialog) -> Candidate:
    """A yes that ends before our term does: what it opened goes with it, the last whole day of it being the last."""
    ends = [work.vcon.expires_at(place, candidate.purpose.key) for place in needs]
    days = [(_last_whole_day(end) - day_of(dialog.start)).days for end in ends if end is not None]
    return replace(candidate, most_days=min([*days, candidate.term_days]))


def _last_whole_day(end: datetime) -> date:
    return day_of(end) if end.time() >= _DAYS_END else day_of(end) - timedelta(days=1)


def _is_fresh(facts: Facts, candidate: Candidate, dialog: ImportedDialog) -> bool:
    return rules.lock_of(candidate, dialog.start).last_day >= day_of(facts.at)


def _question(facts: Facts, stream: Stream, purpose: Purpose | None) -> Question:
    """As before a gate opens. Without a purpose, or with nobody who is not the controller's own, facts are missing, and that
    means no. Card data: whoever signed vouches for it that theirs was paused away."""
    if purpose is not None and rules.needed_parties(facts.present, stream):
        return replace(rules.question(facts, Candidate(stream=stream, purpose=purpose, grants=())), stream=None)
    asked = Question(
        act=Act.CAPTURE,
        at=facts.at,
        purpose=None if purpose is None else PurposeFacts.of(purpose, facts.at),
        pauses=frozenset(),
        call=facts.call,
    )
    return facts.circumstances.around(asked)


def _address(scheme: str, told: Personal[str] | None, region: str) -> tuple[Identifier, ...]:
    """The scheme may be missing: the draft lets it."""
    if told is None:
        return ()
    text = told.reveal("know a party of a vCon").strip()
    has_scheme = text.lower().startswith(("tel:", "sip:", "sips:"))
    return from_address(told if has_scheme else Personal(scheme + text), region)
