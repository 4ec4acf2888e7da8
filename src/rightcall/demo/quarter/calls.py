"""One call of the quarter, from ring to outcome, by the deeds that a real one goes through."""

from dataclasses import dataclass, field

from rightcall.actors import Actor, PartyRole, Role
from rightcall.calls import actions as calls
from rightcall.consent import actions as consent
from rightcall.consent.model import Answer, AskId, Channel, Evidence, EvidenceKind, NewChoice, Steps, Told
from rightcall.database.connection import Transaction
from rightcall.demo.quarter.company import Company, Remembered
from rightcall.demo.quarter.plan import CARE, RESEARCH, Planned, Turn
from rightcall.ethics import actions as parity
from rightcall.ethics.outcomes import actions as outcomes
from rightcall.ethics.outcomes.model import Report
from rightcall.ids import CallId, PartyId, PurposeId
from rightcall.personal import Personal
from rightcall.policy.model import PauseReason
from rightcall.recordings import actions as recordings
from rightcall.recordings.marks import mark
from rightcall.recordings.model import Arrival, Arrived, ArrivingParty, ArrivingStream, Codec, EndReason
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import Identifier, IdentifierKind
from rightcall.testcall.sound import tone

_PCMU = Codec(payload_type=0, name="PCMU", clock_rate=8000)
_HUM = tone(220.0, 0.4)
_WORDS_TAKE_SECONDS = 40.0
_CARD_SECONDS = 45.0
_A_BREATH_SECONDS = 2.0
"""Before a question, after what was said last."""
_WHO_ASK = 2
_SAID = {
    ("en", True): "Yes, that is fine.",
    ("en", False): "No, I would rather not.",
    ("sv", True): "Ja, det går bra.",
    ("sv", False): "Nej, helst inte.",
    ("fr", True): "Oui, pas de problème.",
    ("fr", False): "Non, je préfère que non.",
}


@dataclass(slots=True, kw_only=True)
class _Line:
    """One call while it is on."""

    company: Company
    planned: Planned
    tx: Transaction
    arrived: Arrived
    granted: list[str] = field(default_factory=list)

    @property
    def call(self) -> CallId:
        return self.arrived.session.call

    @property
    def caller(self) -> PartyId:
        return self.arrived.by_ref["caller"]

    @property
    def agent(self) -> Actor:
        return self.company.agents[self.planned.agent]

    def settle_pause(self) -> None:
        """Closed or open again, and so the recorder says."""
        settled = self.company.tape.settle_in(self.tx, self.call)
        recordings.gate_reported(self.tx, self.company.house.tools, self.call, settled=settled)


def hold_call(company: Company, planned: Planned, sounds: list[list[bytes]]) -> Remembered:
    """The call is made, and over, when this returns."""
    company.calendar.go_to(max(company.calendar.now(), planned.at))
    with company.house.database.transaction(company.controller) as tx:
        line = _Line(company=company, planned=planned, tx=tx, arrived=_ring(company, planned, tx))
        stopped = _stopped(tx)
        for purpose, is_yes in planned.answers.items():
            if company.purposes[purpose] not in stopped:
                _ask(line, purpose, is_yes=is_yes)
        _speak(line, sounds)
        _turn(line)
        return _hang_up(line)


def _ring(company: Company, planned: Planned, tx: Transaction) -> Arrived:
    person, agent = planned.caller, planned.agent
    parties = (
        ArrivingParty(
            ref="caller",
            aor=Personal(f"sip:{person.tel}@carrier.example"),
            name=Personal(person.name),
            role=PartyRole.CUSTOMER,
        ),
        ArrivingParty(
            ref="agent",
            aor=Personal(f"sip:agent{agent}@{company.domain}"),
            name=None,
            role=PartyRole.AGENT,
        ),
    )
    streams = tuple(
        ArrivingStream(label=label, party_ref=ref, codecs=(_PCMU,)) for label, ref in (("1", "caller"), ("2", "agent"))
    )
    session = f"{planned.at.timestamp():.0f}-{person.customer_id}"
    arrival = Arrival(trunk=company.trunk, group=None, session=session, parties=parties, streams=streams)
    arrived = recordings.arrive(tx, company.house.tools, arrival, recorder=company.recorder)
    company.tape.settle_in(tx, arrived.session.call)
    company.calendar.pass_by(8)
    _say_who(company, planned, arrived, tx)
    return arrived


def _say_who(company: Company, planned: Planned, arrived: Arrived, tx: Transaction) -> None:
    """Some agents ask for the customer's number, and write it down where nobody has it yet. Who was never asked is known by a
    telephone alone, which a household may share: what their own systems hold under it is theirs only by somebody's word."""
    vault, subject = company.house.vault, calls.party(tx, arrived.by_ref["caller"]).subject
    number = Identifier(kind=IdentifierKind.CUSTOMER_ID, value=Personal(planned.caller.customer_id))
    is_said = planned.agent < _WHO_ASK and planned.caller.tells_it
    if is_said and CARE in company.purposes and not subjects.find(tx, vault, number):
        by = company.agents[planned.agent]
        subjects.add_identifier(tx, vault, company.house.clock, subject, number, by=by)


def _stopped(tx: Transaction) -> frozenset[PurposeId]:
    """About what nobody is asked just now, since a no to it was found to cost people something."""
    costly = parity.flagged(tx)
    return costly - parity.on_trial(tx, costly)


def _ask(line: _Line, purpose: str, *, is_yes: bool) -> None:
    """The notice in the caller's language, and what they say to it once they have heard it."""
    company, tx = line.company, line.tx
    company.said.append(is_yes)
    language = line.planned.caller.language
    company.calendar.pass_by(_A_BREATH_SECONDS)
    recordings.touch(tx, line.call)
    asked = recordings.ask(
        tx,
        company.house.tools,
        call=line.call,
        party=line.caller,
        notice=company.notices[purpose, language],
        by=line.agent,
        told=Told(party_language=language, steps=Steps(yes=1, no=1)),
    )
    company.calendar.pass_by(_WORDS_TAKE_SECONDS)
    if line.planned.aloud:
        _say(line, asked.purpose, Answer.GRANTED if is_yes else Answer.REFUSED, is_yes=is_yes, ask=asked.id)
    elif asked.keypad is not None:
        digit = asked.keypad.yes if is_yes else asked.keypad.no
        at, house = company.calendar.now(), company.house
        consent.keypress(tx, house.vault, house.clock, call=line.call, party=line.caller, digit=digit, at=at)
    if is_yes:
        line.granted.append(purpose)
        line.company.tape.settle_in(tx, line.call)
        _hum(line)


def _hum(line: _Line) -> None:
    """Both are heard, where anything is kept by now."""
    for label in line.arrived.by_label.values():
        line.company.tape.hear(label, _HUM)
    line.company.calendar.pass_by(1)


def _say(line: _Line, purpose: PurposeId, answer: Answer, *, is_yes: bool, ask: AskId | None = None) -> None:
    """The agent hears it, and writes it down."""
    language = line.planned.caller.language
    key = next(key for key, id in line.company.purposes.items() if id == purpose)
    recordings.touch(line.tx, line.call)
    new = NewChoice(
        call=line.call,
        party=line.caller,
        purpose=purpose,
        answer=answer,
        notice=line.company.notices[key, language],
        language=language,
        channel=Channel.VOICE_HEARD_BY_AGENT,
        by=line.agent,
        evidence=Evidence(kind=EvidenceKind.WORDS_HEARD, detail=Personal(_SAID[language, is_yes])),
        ask=ask,
    )
    recordings.choose(line.tx, line.company.house.tools, new)


def _speak(line: _Line, sounds: list[list[bytes]]) -> None:
    """The caller says something that can be heard, or hums; the agent hums along."""
    spoken = line.planned.spoken
    frames = _HUM if spoken is None else sounds[spoken % len(sounds)]
    line.company.tape.hear(line.arrived.by_label["1"], frames)
    line.company.tape.hear(line.arrived.by_label["2"], _HUM)
    line.company.calendar.pass_by(len(frames) / 50 + 1)


def _turn(line: _Line) -> None:
    match line.planned.turn:
        case Turn.CARD:
            _pause(line, PauseReason.CARD_DATA)
        case Turn.VULNERABLE:
            mark(line.tx, line.company.house.tools, call=line.call, party=line.caller, in_distress=True, by=line.agent)
            _pause(line, PauseReason.VULNERABLE)
        case Turn.CHANGED_MIND:
            for purpose in line.granted:
                _say(line, line.company.purposes[purpose], Answer.WITHDRAWN, is_yes=False)
            line.company.tape.settle_in(line.tx, line.call)
            line.granted.clear()
        case Turn.NOTHING:
            pass


def _pause(line: _Line, reason: PauseReason) -> None:
    tools = line.company.house.tools
    recordings.pause(line.tx, tools, line.call, by=line.agent, reason=reason)
    line.settle_pause()
    line.company.calendar.pass_by(_CARD_SECONDS)
    recordings.resume(line.tx, tools, line.call, by=line.agent, reason=reason)
    line.settle_pause()
    _hum(line)


def _hang_up(line: _Line) -> Remembered:
    company, tx, planned = line.company, line.tx, line.planned
    begun = line.arrived.session.opened_at
    spent = (company.calendar.now() - begun).total_seconds()
    company.calendar.pass_by(max(1.0, planned.handled - spent))
    recordings.end(tx, company.house.tools, line.call, EndReason.HUNG_UP)
    company.tape.settle_in(tx, line.call)
    report = Report(
        waited_seconds=planned.waited,
        handled_seconds=planned.handled,
        transfers=planned.transfers + int(_is_sent_on(line)),
        resolved=planned.resolved,
        ended_by=planned.ended_by,
        queue=planned.queue,
        language=planned.caller.language,
    )
    outcomes.report(tx, company.house.vault, company.house.clock, line.call, report)
    takes = sorted(recordings.call_state(tx, line.call).takes, key=lambda take: len(take.purposes), reverse=True)
    return Remembered(
        at=begun,
        call=line.call,
        party=line.caller,
        subject=calls.party(tx, line.caller).subject,
        tel=planned.caller.tel,
        language=planned.caller.language,
        granted=tuple(line.granted),
        stays=planned.takes_back_after is None,
        spoken=planned.spoken is not None,
        takes=tuple(take.id for take in takes if take.party == line.caller and take.packets),
    )


def _is_sent_on(line: _Line) -> bool:
    """For weeks whoever said no to research was put through to others, since the first desk had been told to "take the calls that
    are recorded". Nobody meant it so."""
    said_no = line.planned.answers.get(RESEARCH) is False and RESEARCH in line.company.purposes
    return said_no and line.planned.sent_on and not line.company.mended


def take_back(company: Company, made: Remembered) -> None:
    """On their own page, some days later: each yes of that call, unless they have asked for more than that meanwhile."""
    if made.subject in company.spoken_for:
        return
    house = company.house
    with house.database.transaction(company.controller) as tx:
        for purpose in made.granted:
            new = NewChoice(
                call=made.call,
                party=made.party,
                purpose=company.purposes[purpose],
                answer=Answer.WITHDRAWN,
                channel=Channel.WEB,
                by=Actor(id=made.subject, role=Role.SUBJECT),
            )
            consent.choose(tx, house.vault, house.clock, new)
