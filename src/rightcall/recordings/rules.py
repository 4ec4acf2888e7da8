"""What may be captured of a call: the rule of whose yes each stream needs, as a pure decision over facts.

* A customer's or third party's stream needs that person's own yes.
* An agent's stream, and one on which several speak, needs the standing of the agents on it and the yes of every customer and
  third party present: an agent's words to someone are kept only when that someone said yes.
* Where nobody but the controller's own people is known to be present, nothing is captured: there is nobody who said yes.
* A phone's wish not to be recorded closes the gate whatever was said, unless a law demands the recording. No wish opens one.

Only then is the policy asked, for each stream and purpose; it can only take away.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from rightcall.actors import PartyRole
from rightcall.calls.model import Party
from rightcall.canonical import Json, canonical_json, sha256
from rightcall.clock import day_of
from rightcall.consent.model import Answer, Standing
from rightcall.errors import Malformed
from rightcall.holdings.together import key_of
from rightcall.ids import CallId, ControllerId, GrantId, HoldingId, PartyId, PurposeId
from rightcall.policy.model import (
    Act,
    ConsentQuality,
    DutyKind,
    PartyFacts,
    PauseReason,
    Place,
    Preference,
    PurposeFacts,
    Question,
    Said,
    Verdict,
)
from rightcall.policy.situations import DesignFacts
from rightcall.purposes.model import MAY_BE_OBJECTED_TO, LawfulBasis, Purpose
from rightcall.recordings.model import Codec, Stream, Why
from rightcall.vault.model import Lock

VOICE = "pd:VoiceCommunicationRecording"
_NOES = (Answer.REFUSED, Answer.WITHDRAWN)
_TRIED = (Act.ASK, Act.CAPTURE)
"""What a trial needs. What was captured meanwhile is used for nothing before the gap is seen to be gone."""
_UNWILLING = (Preference.OFF, Preference.PAUSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """`reviewed`: how each purpose is set up of which a review is in force. `costly`: those to which a no costs people something,
    as was found; `on_trial`: those of them about which people are asked again, to see whether it still does."""

    places: frozenset[Place]
    reviewed: Mapping[PurposeId, DesignFacts] = field(default_factory=dict)
    costly: frozenset[PurposeId] = frozenset()
    on_trial: frozenset[PurposeId] = frozenset()

    def around(self, question: Question) -> Question:
        """The question, with what holds around it."""
        purpose = None if question.purpose is None else question.purpose.id
        design = None if purpose is None else self.reviewed.get(purpose)
        return replace(
            question,
            jurisdictions=frozenset(each.place for each in self.places),
            places=self.places,
            review_in_force=None if design is None else True,
            design=design if question.act is not Act.ACTIVATE else question.design,
            detriment_found=purpose in (self.costly - self.on_trial if question.act in _TRIED else self.costly),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything a settling looks at. `present`: the parties who have not left, with the wish their phone stated."""

    call: CallId
    at: datetime
    circumstances: Circumstances
    over: bool
    pauses: frozenset[PauseReason]
    present: tuple[Party, ...]
    preferences: Mapping[PartyId, Preference]
    purposes: tuple[Purpose, ...]
    standing: Mapping[tuple[PartyId, PurposeId], Standing]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One purpose for which every yes that a stream needs is there. `most_days`: the duty that came with the verdict on it."""

    stream: Stream
    purpose: Purpose
    grants: tuple[GrantId, ...]
    most_days: int | None = None

    @property
    def term_days(self) -> int:
        """The purpose's term, or the shorter one that a rule demands."""
        return self.purpose.term_days if self.most_days is None else min(self.purpose.term_days, self.most_days)


def is_voice(purpose: Purpose) -> bool:
    return VOICE in purpose.data_categories


def candidates(facts: Facts, stream: Stream) -> tuple[Candidate, ...] | Why:
    """The purposes this stream could be captured for before the policy is asked; or why none."""
    if (closed := _closed_by_circumstance(facts, stream)) is not None:
        return closed
    needed = needed_parties(facts.present, stream)
    if not needed:
        return Why.NO_YES
    unwilling = any(facts.preferences.get(party.id) in _UNWILLING for party in needed)
    found = []
    for purpose in facts.purposes:
        if unwilling and purpose.lawful_basis is not LawfulBasis.LEGAL_OBLIGATION:
            continue
        standings = [facts.standing.get((party.id, purpose.id)) for party in needed]
        grants = tuple(sorted(standing.grant for standing in standings if standing is not None and standing.grant is not None))
        if is_voice(purpose) and len(grants) == len(needed):
            found.append(Candidate(stream=stream, purpose=purpose, grants=grants))
    return tuple(found) or (Why.PREFERENCE if unwilling else Why.NO_YES)


def needed_parties(present: tuple[Party, ...], stream: Stream) -> tuple[Party, ...]:
    """Those whose yes, or other standing, a stream needs. None at all: it cannot be captured."""
    outsiders = tuple(party for party in present if party.role is not PartyRole.AGENT)
    if not outsiders:
        return ()
    if stream.party is None:
        return present
    speaker = next((party for party in present if party.id == stream.party), None)
    if speaker is None:
        return ()
    return (speaker, *outsiders) if speaker.role is PartyRole.AGENT else (speaker,)


def question(facts: Facts, candidate: Candidate) -> Question:
    """What the policy is asked before a gate opens."""
    parties = {party.id: party_facts(facts, party, candidate.purpose) for party in facts.present}
    speaker = speaker_of(facts.present, candidate.stream.party)
    asked = Question(
        act=Act.CAPTURE,
        at=facts.at,
        purpose=PurposeFacts.of(candidate.purpose, facts.at),
        speaker=parties[speaker.id],
        parties=tuple(parties.values()),
        pauses=facts.pauses,
        carries_card_data=PauseReason.CARD_DATA in facts.pauses,
        carries_authentication_data=PauseReason.CARD_DATA in facts.pauses,
        call=facts.call,
        stream=candidate.stream.id,
    )
    return facts.circumstances.around(asked)


def asking(facts: Facts, party: Party, purpose: Purpose) -> Question:
    """What the policy is asked before a party is, whose data rests on something else than consent."""
    asked = Question(
        act=Act.ASK,
        at=facts.at,
        purpose=PurposeFacts.of(purpose, facts.at),
        speaker=party_facts(facts, party, purpose),
        parties=tuple(party_facts(facts, each, purpose) for each in facts.present),
        pauses=facts.pauses,
        call=facts.call,
    )
    return facts.circumstances.around(asked)


def under(candidate: Candidate, verdict: Verdict) -> Candidate:
    """The candidate with what its verdict binds us to: a rule may allow less than the purpose's term, and never more."""
    days = [duty.days for duty in verdict.duties if duty.kind is DutyKind.KEEP_AT_MOST_DAYS]
    return replace(candidate, most_days=min((each for each in days if each is not None), default=None))


def lock_of(candidate: Candidate, at: datetime) -> Lock:
    return Lock(
        purpose=candidate.purpose.id,
        grants=candidate.grants,
        last_day=day_of(at) + timedelta(days=candidate.term_days),
    )


def digest_of(stream: Stream, chosen: tuple[Candidate, ...]) -> bytes:
    """Two settlings with the same digest keep the same take: same speaker, same purposes, same yeses, same terms, same codecs."""
    document: Json = {
        "party": None if stream.party is None else str(stream.party),
        "locks": {str(each.purpose.id): [str(grant) for grant in each.grants] for each in chosen},
        "terms": {str(each.purpose.id): each.term_days for each in chosen},
        "codecs": [[codec.payload_type, codec.name, codec.clock_rate, codec.channels] for codec in stream.codecs],
    }
    return sha256(canonical_json(document))


def basis_of(facts: Facts, stream: Stream, chosen: tuple[Candidate, ...]) -> LawfulBasis:
    """What the capture rests on, for the provenance: a person's consent wherever one of the purposes does."""
    role = speaker_of(facts.present, stream.party).role
    bases = [each.purpose.basis_for(role) for each in chosen]
    return LawfulBasis.CONSENT if LawfulBasis.CONSENT in bases else bases[0]


def subject_party(facts: Facts, stream: Stream) -> Party:
    """Whose holding a take is: the speaker's; where several speak, the first who is not the controller's own."""
    return speaker_of(facts.present, stream.party)


def object_key(controller: ControllerId, take: HoldingId, locks: Sequence[Lock]) -> str:
    """Where its bytes will lie: with what ends when the last of its locks does."""
    return key_of(controller, take, max(lock.last_day for lock in locks))


def stored_codec(codec: Codec) -> Codec:
    """What is kept of an offered codec: nothing in somebody else's words."""
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,32}", codec.name):
        raise Malformed("A codec's name has at most 32 letters, digits, dots, dashes. Leave this codec out of the answer.")
    return Codec(
        payload_type=codec.payload_type, name=codec.name, clock_rate=codec.clock_rate, channels=codec.channels, fmtp=None
    )


def _closed_by_circumstance(facts: Facts, stream: Stream) -> Why | None:
    if facts.over:
        return Why.OVER
    if stream.gone_at is not None:
        return Why.STREAM_GONE
    if facts.pauses:
        return Why.PAUSED
    return Why.HELD if stream.held else None


def speaker_of(present: tuple[Party, ...], speaker: PartyId | None) -> Party:
    """Who speaks; where several do, the first who is not the controller's own."""
    if speaker is not None:
        return next(party for party in present if party.id == speaker)
    return next(party for party in present if party.role is not PartyRole.AGENT)


def party_facts(facts: Facts, party: Party, purpose: Purpose) -> PartyFacts:
    return as_they_stand(party, purpose, facts.standing, facts.preferences.get(party.id, Preference.NONE))


def as_they_stand(
    party: Party, purpose: Purpose, standing: Mapping[tuple[PartyId, PurposeId], Standing], preference: Preference
) -> PartyFacts:
    """One party, seen from one purpose, as all that they said in this call has it. Who objected has said no to whatever rests on
    an interest of ours or a public task (GDPR Art. 21(1)). What somebody wants who may be the same person counts likewise."""
    here, basis = standing.get((party.id, purpose.id)), purpose.basis_for(party.role)
    said = Said.of(None if here is None else here.answer)
    answers = {each.answer for (who, _), each in standing.items() if who == party.id}
    return PartyFacts(
        role=party.role,
        answer=Said.REFUSED if party.objects_since is not None and basis in MAY_BE_OBJECTED_TO else said,
        basis=basis,
        preference=preference,
        quality=ConsentQuality.of(None if here is None else here.quality),
        declined_recording=not answers.isdisjoint(_NOES) and Answer.GRANTED not in answers,
        age=party.marks.age,
        in_distress=party.marks.in_distress,
        asks_for_it=party.marks.asks_for_it,
        restricted=party.kept_alone_since is not None and not _is_newer(here, party.kept_alone_since),
    )


def _is_newer(here: Standing | None, than: datetime) -> bool:
    """Whether they said yes to just this after that."""
    return here is not None and here.answer is Answer.GRANTED and here.made_at is not None and here.made_at > than
