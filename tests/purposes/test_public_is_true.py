"""What the privacy notice promises is what is enforced: written here by itself, and not read from the frame that it tests."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from rightcall.actors import Role
from rightcall.clock import day_of
from rightcall.consent.model import Answer, GrantOutcome
from rightcall.consent.rules import outcome_of
from rightcall.ids import CallId, StreamId, new_id
from rightcall.policy.loading import load_rules
from rightcall.policy.model import Act, RuleSet, Said
from rightcall.policy.rules import decide
from rightcall.policy.situations import AnalysisFacts, HandoverFacts, Method, Recipient
from rightcall.purposes.model import MAY_BE_OBJECTED_TO, LawfulBasis, OnWithdrawal, Purpose
from rightcall.purposes.public import Register, frame_of, written
from rightcall.recordings.model import Stream
from rightcall.recordings.rules import Candidate, lock_of
from rightcall.vault.rules import is_over
from tests.policy import facts
from tests.purposes.test_public import AT, REGISTER, TRAINING

# By what the register holds: what a reader must find said of it, and what would be a promise that nothing keeps.
BASES: dict[LawfulBasis, tuple[Sequence[str], Sequence[str]]] = {
    LawfulBasis.CONSENT: (["Your yes", "6(1)(a)"], ["interests", "duty", "contract", "public"]),
    LawfulBasis.CONTRACT: (["contract", "6(1)(b)"], ["Your yes", "interests", "public"]),
    LawfulBasis.LEGAL_OBLIGATION: (["duty", "law", "6(1)(c)"], ["Your yes", "interests", "contract"]),
    LawfulBasis.VITAL_INTERESTS: (["life", "6(1)(d)"], ["Your yes", "Our", "contract"]),
    LawfulBasis.PUBLIC_TASK: (["public interest", "6(1)(e)"], ["Your yes", "Our", "contract"]),
    LawfulBasis.LEGITIMATE_INTERESTS: (["Our legitimate interests", "6(1)(f)"], ["Your yes", "duty", "contract"]),
}
WITHOUT_YOUR_YES = "Nothing of a call is recorded or used for this without your yes"
ASKED_BY_LAW = "Where the law of a place asks for everyone's yes, you are asked"
NOT_ASKED = "elsewhere you are not asked, and nothing is recorded"
ON_A_NO: dict[LawfulBasis, tuple[Sequence[str], Sequence[str]]] = {
    LawfulBasis.CONSENT: (["Nothing is recorded"], ["not asked", "all the same", "anyway", "may also object"]),
    LawfulBasis.CONTRACT: ([WITHOUT_YOUR_YES, ASKED_BY_LAW, NOT_ASKED], ["may also object"]),
    LawfulBasis.LEGAL_OBLIGATION: (
        ["not asked for a yes", "the law demands it", "after a no nothing is recorded there"],
        [WITHOUT_YOUR_YES, "may also object"],
    ),
    LawfulBasis.VITAL_INTERESTS: ([WITHOUT_YOUR_YES, ASKED_BY_LAW, NOT_ASKED], ["may also object"]),
    LawfulBasis.PUBLIC_TASK: ([WITHOUT_YOUR_YES, ASKED_BY_LAW, NOT_ASKED, "may also object"], []),
    LawfulBasis.LEGITIMATE_INTERESTS: ([WITHOUT_YOUR_YES, ASKED_BY_LAW, NOT_ASKED, "may also object"], []),
}
# Law that asks for everyone's yes to a recording, whatever it rests on, and law that does not.
EVERYONES_YES, NOT_EVERYONES = ("DE", "US-CA"), ("DK", "UK", "US-TX")
ANALYSIS = AnalysisFacts(method=Method.WORDS, told=True, for_safety=False, by_person=True)
HANDOVER = HandoverFacts(
    recipient=Recipient.PROCESSOR, told=True, paid_for=False, agreement=True, opted_out=False, sensitive_limited=False
)
USES = (Act.PLAY, Act.EXPORT, Act.ANALYSE, Act.TRAIN_MODEL, Act.SHARE)
TAKEN_BACK: dict[OnWithdrawal, tuple[Sequence[str], Sequence[str]]] = {
    OnWithdrawal.DESTROY: (["any moment", "is destroyed"], ["stays", "kept", "keep"]),
    OnWithdrawal.KEEP: (
        ["any moment", "Nothing more is recorded", "stays until its last day"],
        ["destroyed", "erased", "deleted"],
    ),
}
ROLES = {
    Role.AGENT: "agents",
    Role.SUPERVISOR: "supervisors",
    Role.DPO: "data protection officer",
    Role.REVIEWER: "those who review",
    Role.AUDITOR: "auditors",
    Role.ADMINISTRATOR: "administrators",
    Role.ENGINEER: "engineers",
    Role.CONSERVER: "passes conversations on",
    Role.SUBJECT: "you",
    Role.SYSTEM: "by itself",
}


def said_of(purpose: Purpose, label: str, register: Register = REGISTER) -> str:
    """In the part about the purpose, by the frame's own name of the line."""
    notice = written(replace(register, purposes=[purpose]), "en", AT)
    (part,) = (each for each in notice.parts if each.anchor)
    return " ".join(notice.say(line) for line in part.lines if line.label == label)


def _holds(said: str, promises: tuple[Sequence[str], Sequence[str]]) -> None:
    assert [words for words in promises[0] if words not in said] == []
    assert [words for words in promises[1] if words in said] == []


@pytest.mark.parametrize("basis", LawfulBasis)
def test_each_basis_is_said_as_what_it_is(basis: LawfulBasis) -> None:
    purpose = replace(TRAINING, lawful_basis=basis, staff_basis=basis)
    _holds(said_of(purpose, "basis"), BASES[basis])
    _holds(said_of(purpose, "staff_basis"), BASES[basis])
    _holds(said_of(purpose, "on_no"), ON_A_NO[basis])
    assert ("may also object" in said_of(purpose, "on_no")) == (basis in MAY_BE_OBJECTED_TO)


@pytest.mark.parametrize("place", [*EVERYONES_YES, *NOT_EVERYONES])
@pytest.mark.parametrize("basis", LawfulBasis)
def test_what_is_said_of_a_no_is_what_the_rules_decide(basis: LawfulBasis, place: str) -> None:
    """By what is decided with the rules that come with Rightcall: what is recorded and used without a yes, and who is asked."""
    said = said_of(replace(TRAINING, lawful_basis=basis), "on_no")
    noes = [answer for answer in Said if answer is not Said.GRANTED]
    recorded = {answer for answer in noes if _proceeds(Act.CAPTURE, basis, place, answer)}
    used = {act for act in USES for answer in noes if _proceeds(act, basis, place, answer)}
    is_asked = _proceeds(Act.ASK, basis, place, Said.UNASKED)
    assert _proceeds(Act.CAPTURE, basis, place, Said.GRANTED)
    assert _proceeds(Act.PLAY, basis, place, Said.GRANTED)
    if basis is LawfulBasis.LEGAL_OBLIGATION:
        assert is_asked == (place == "US-CA")
        assert (Said.REFUSED in recorded) != is_asked
        return
    assert not recorded
    if basis is LawfulBasis.CONSENT:
        assert (is_asked, said) == (True, "Nothing is recorded for this.")
        return
    assert (WITHOUT_YOUR_YES in said) == (not used)
    assert (ASKED_BY_LAW if is_asked else NOT_ASKED) in said
    assert is_asked == (place in EVERYONES_YES)


@pytest.mark.parametrize("on_withdrawal", OnWithdrawal)
def test_what_a_withdrawal_does_is_said_as_it_is_done(on_withdrawal: OnWithdrawal) -> None:
    said = said_of(replace(TRAINING, on_withdrawal=on_withdrawal), "on_withdrawal")
    _holds(said, TAKEN_BACK[on_withdrawal])
    done = outcome_of(Answer.WITHDRAWN, on_withdrawal)
    assert ("is destroyed" in said, "stays until its last day" in said) == (
        done is GrantOutcome.DESTROYED,
        done is GrantOutcome.KEPT,
    )


@pytest.mark.parametrize("role", Role)
def test_who_may_use_it_is_said_and_nobody_else(role: Role) -> None:
    said = said_of(replace(TRAINING, may_use=frozenset({role})), "roles")
    assert ROLES[role] in said
    assert [name for other, name in ROLES.items() if name in said and other not in (role, Role.SUBJECT, Role.AGENT)] == []


@pytest.mark.parametrize("days", [1, 2, 30])
@pytest.mark.parametrize("clock", [(0, 1), (12, 0), (23, 59)])
def test_how_long_is_said_as_it_is_enforced(days: int, clock: tuple[int, int]) -> None:
    """The day it was recorded and as many days after it, to the end of the last: whatever the hour."""
    purpose = replace(TRAINING, term_days=days)
    recorded = datetime(2026, 11, 2, *clock, tzinfo=UTC)
    lock = lock_of(Candidate(stream=_stream(), purpose=purpose, grants=()), recorded)
    end_of_last = datetime(2026, 11, 2, 23, 59, tzinfo=UTC) + timedelta(days=days)
    assert not is_over(lock.last_day, day_of(end_of_last))
    assert is_over(lock.last_day, day_of(end_of_last + timedelta(minutes=1)))
    after = "the day after it, to its end" if days == 1 else f"the {days} days after it, to the end of the last one"
    said = said_of(purpose, "term_1" if days == 1 else "term")
    assert said.startswith(f"At most the day it was recorded and {after} (by UTC). When that day is over the key is destroyed")


def test_a_purpose_without_review_or_words_records_nothing_new() -> None:
    resting = replace(REGISTER, resting=frozenset({TRAINING.id}))
    assert "Nothing new is recorded" in said_of(TRAINING, "", resting)
    assert "nothing is recorded" in said_of(TRAINING, "asked", replace(REGISTER, notices=[]))


def test_a_no_that_costs_something_is_said_and_what_it_stops() -> None:
    costly = said_of(TRAINING, "", replace(REGISTER, costly=frozenset({TRAINING.id})))
    assert "nobody is asked about this and nothing is recorded for it" in costly
    on_trial = said_of(TRAINING, "", replace(REGISTER, on_trial=frozenset({TRAINING.id})))
    assert "nobody is asked" not in on_trial
    for said in (costly, on_trial):
        assert "used only to answer you yourself, or for a named case on hold" in said
        assert "we found that a no" in said.lower()


def test_every_right_names_its_article_and_the_answer_its_time() -> None:
    frame = frame_of("en")
    articles = {"access": 15, "rectify": 16, "erase": 17, "restrict": 18, "port": 20, "object": 21, "withdraw": 7, "complain": 77}
    for right, article in articles.items():
        assert f"GDPR Art. {article}" in frame.says[right]
    assert "as easily as you gave it" in frame.says["withdraw"]
    assert "within one month" in frame.says["ask"]


@cache
def _rules() -> RuleSet:
    return load_rules()


def _proceeds(act: Act, basis: LawfulBasis, place: str, answer: Said) -> bool:
    duty = "mifid" if basis is LawfulBasis.LEGAL_OBLIGATION else ""
    why = facts.purpose(key="orders", basis=basis, duty=duty)
    caller = replace(facts.customer(answer), basis=basis)
    everyone = (caller, facts.agent(Said.GRANTED))
    asked = replace(facts.capture(purpose=why, speaker=caller, parties=everyone, jurisdictions=frozenset({place})), act=act)
    used = replace(
        asked,
        actor=facts.SUPERVISOR,
        reason_given=True,
        case_given=True,
        last_day=day_of(asked.at + timedelta(days=1)),
        collected_for=frozenset({why.key}),
        analysis=ANALYSIS,
        handover=HANDOVER,
    )
    return decide(_rules(), used).proceeds


def _stream() -> Stream:
    return Stream(
        id=StreamId(new_id()), call=CallId(new_id()), party=None, label=bytes(32), codecs=(), held=False, gone_at=None, why=None
    )
