"""What people said is wrong, what was answered; a rule that was set aside, and one that the house gave itself."""

from datetime import timedelta
from functools import partial

from rightcall.canonical import Json
from rightcall.demo.people import NORTHWINDS_DPO
from rightcall.demo.quarter.agenda import Agenda, Deed
from rightcall.demo.quarter.company import Company
from rightcall.demo.quarter.plan import COMPLAINTS, TRAINING
from rightcall.errors import NotFound
from rightcall.testcall.desk import Declined

_MORNING = 10
_NOT_THEIRS = (403, 409)
_RULE = "house.listening_needs_a_reason"


def enter(agenda: Agenda, company: Company) -> None:
    on = partial(agenda.before_the_end, hour=_MORNING)
    on(74, deed=lambda: _of_an_agent(agenda, company))
    on(52, deed=lambda: _appealed(agenda, company))
    on(30, deed=lambda: _of_a_customer(agenda, company))
    on(5, deed=lambda: _waits(company))
    on(17, deed=lambda: _set_aside(agenda, company))
    on(2, deed=lambda: _given(company, days=9, reason="An inquiry into one call, agreed with who was in it."))


def _of_an_agent(agenda: Agenda, company: Company) -> None:
    """By name, about a purpose, and not upheld."""
    concern = company.agent.post(
        "/concerns",
        {"about": {"kind": "purpose", "purpose": TRAINING}, "words": "New colleagues laugh at callers in the lessons."},
    )["concern"]["id"]
    words = "We sat in on two lessons and heard nobody laugh. Lessons now begin with a word about respect. Thank you."
    _after(agenda, company, 6, lambda: _answer(company, concern, "not_upheld", words))
    _after(agenda, company, 8, lambda: company.agent.post(f"/concerns/{concern}/accept", {}))


def _appealed(agenda: Agenda, company: Company) -> None:
    """Anonymously, about words; answered, appealed with the case code, and decided by somebody else."""
    notice = company.notices[COMPLAINTS, "en"]
    raised = company.agent.post(
        "/concerns",
        {
            "about": {"kind": "notice", "notice": str(notice)},
            "words": "Sixty days is said so fast that nobody hears it.",
            "anonymous": True,
        },
    )
    concern, code = raised["concern"]["id"], raised["code"]
    words = "The words are spoken in twenty-one seconds, as slowly as the others. We leave them as they are."
    _after(agenda, company, 5, lambda: _answer(company, concern, "not_upheld", words))
    why = "I timed it at my desk and it was faster. Please listen to it yourselves."
    _after(agenda, company, 9, lambda: company.agent.post("/public/concerns/mine/appeal", {"code": code, "words": why}))
    decided: dict[str, Json] = {"outcome": "partly", "words": "At two desks it was played faster. Both were set right today."}
    _after(agenda, company, 13, lambda: company.reviewer.post(f"/concerns/{concern}/decide", decided))


def _of_a_customer(agenda: Agenda, company: Company) -> None:
    """An agent enters it for whoever said it at the telephone."""
    made = company.latest(COMPLAINTS)
    concern = company.agent.post(
        "/concerns",
        {
            "about": {"kind": "call", "call": str(made.call)},
            "words": "I was asked for my meter number twice.",
            "subject": str(made.subject),
        },
    )["concern"]["id"]
    words = "You were. The second agent now sees what the first was told. We are sorry."
    _after(agenda, company, 4, lambda: _answer(company, concern, "upheld", words))


def _waits(company: Company) -> None:
    company.agent.post(
        "/concerns",
        {
            "about": {"kind": "rule", "rule": _RULE},
            "words": "A reason is asked for and nobody reads it.",
            "anonymous": True,
        },
    )


def _set_aside(agenda: Agenda, company: Company) -> None:
    """A rule of the house did not hold for two days, and the DPO answers for it with a name. It ended a day early."""
    given = _given(company, days=2, reason="An outage of the case system: cases come later.")
    made = company.of_late(COMPLAINTS)
    if made is not None:
        company.supervisor.content(f"/takes/{made.takes[0]}/audio", purpose=COMPLAINTS)

    def end() -> None:
        company.dpo.post(f"/overrides/{given}/end", {})
        company.review_all()

    _after(agenda, company, 1, end)


def _given(company: Company, *, days: int, reason: str) -> str:
    """What a purpose was reviewed under is another now, so two people sign for it anew, at once."""
    until = company.calendar.now() + timedelta(days=days)
    form: dict[str, Json] = {
        "rule": _RULE,
        "category": "inquiry",
        "name": NORTHWINDS_DPO,
        "reason": reason,
        "until": until.isoformat(),
        "purpose": COMPLAINTS,
    }
    given = str(company.dpo.post("/overrides", form)["id"])
    company.review_all()
    return given


def _answer(company: Company, concern: str, outcome: str, words: str) -> None:
    """Whoever may take it answers it: nobody who did what it is about."""
    for desk in (company.supervisor, company.dpo, company.reviewer):
        try:
            desk.post(f"/concerns/{concern}/own", {})
        except Declined as declined:
            if declined.status in _NOT_THEIRS:
                continue
            raise
        desk.post(f"/concerns/{concern}/answer", {"outcome": outcome, "words": words})
        return
    raise NotFound("Everybody did something of what this concern is about. Have somebody else answer it.")


def _after(agenda: Agenda, company: Company, days: int, deed: Deed) -> None:
    agenda.enter(company.calendar.now() + timedelta(days=days), deed)
