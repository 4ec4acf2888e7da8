"""Who listened to what in the quarter, and who was told no; and the few things that are kept longer, since two people said so."""

from datetime import timedelta
from functools import partial

from rightcall.canonical import Json
from rightcall.clock import day_of
from rightcall.demo.quarter.agenda import Agenda
from rightcall.demo.quarter.company import Company, Remembered
from rightcall.demo.quarter.plan import CARE, COMPLAINTS, TRAINING
from rightcall.errors import Breach
from rightcall.testcall.desk import Declined, Desk

_HELD_FOR = timedelta(days=120)
_FORBIDDEN = 403
_HOUSE_RULES_STAND = 20
_AFTERNOON, _EVENING = 15, 19


def enter(agenda: Agenda, company: Company, days: int) -> None:
    """A supervisor prepares a lesson twice a week; complaints are looked into; now and then somebody tries what they may not."""
    for ago in range(days - 3, 0, -4):
        agenda.before_the_end(ago, _EVENING, partial(_lesson, company, ago))
    for ago in range(days - 6, 0, -9):
        agenda.before_the_end(ago, _AFTERNOON, partial(_complaint, company, ago))
    for ago in range(days - 8, 0, -17):
        agenda.before_the_end(ago, _AFTERNOON, partial(_agent_is_curious, company))
    for ago in range(_HOUSE_RULES_STAND, 0, -7):
        agenda.before_the_end(ago, _EVENING, partial(_without_a_reason, company))
    agenda.before_the_end(26, _AFTERNOON, partial(_hold, agenda, company, "claim-2041"))
    agenda.before_the_end(14, _AFTERNOON, partial(_hold, agenda, company, "claim-2077", over_after=9))
    agenda.before_the_end(2, _AFTERNOON, partial(_wanted, company, "claim-2093"))


def _lesson(company: Company, nth: int) -> None:
    made = company.of_late(TRAINING)
    if made is not None:
        _play(company.supervisor, made, TRAINING, reason="prepares a lesson for new agents", case=f"lesson-{nth}")


def _complaint(company: Company, nth: int) -> None:
    """Whoever answers looks up who it is, listens, and reads what is held."""
    made = company.of_late(COMPLAINTS)
    if made is None:
        return
    why = {"reason": "answers a complaint", "case": f"complaint-{nth}"}
    company.supervisor.get(f"/subjects/{made.subject}", purpose=CARE, **why)
    _play(company.supervisor, made, COMPLAINTS, **why)


def _agent_is_curious(company: Company) -> None:
    """The purpose names who may use it, and agents are not among them."""
    made = company.of_late(TRAINING)
    if made is not None:
        _refused(company.agent, made, TRAINING, reason="wants to hear it again", case="none-1")


def _without_a_reason(company: Company) -> None:
    made = company.of_late(TRAINING)
    if made is not None:
        _refused(company.supervisor, made, TRAINING)


def _play(desk: Desk, made: Remembered, purpose: str, *, reason: str, case: str) -> None:
    desk.content(f"/takes/{made.takes[0]}/audio", purpose=purpose, reason=reason, case=case)


def _refused(desk: Desk, made: Remembered, purpose: str, **why: str) -> None:
    try:
        desk.content(f"/takes/{made.takes[0]}/audio", purpose=purpose, **why)
    except Declined as declined:
        if declined.status == _FORBIDDEN:
            return
        raise
    raise Breach("Somebody could listen who may not. Stop, and look at the rules that are in force.")


def _wanted(company: Company, name: str) -> tuple[Remembered, str]:
    """Two seconds of what they said, and nothing else; for the DPO to ask, and for somebody else to agree to."""
    made = company.latest(COMPLAINTS)
    kept: dict[str, Json] = {"holding": str(made.takes[0]), "purpose": COMPLAINTS, "from_ms": 0, "until_ms": 2000}
    until = day_of(company.calendar.now() + _HELD_FOR)
    form: dict[str, Json] = {"name": name, "reason": "legal_claims", "until": until.isoformat(), "slices": [kept]}
    return made, str(company.dpo.post("/holds", form)["id"])


def _hold(agenda: Agenda, company: Company, name: str, *, over_after: int | None = None) -> None:
    """A customer has gone to a lawyer: kept until the claim is over."""
    made, hold = _wanted(company, name)

    def agree() -> None:
        company.supervisor.post(f"/holds/{hold}/agree", {})
        company.dpo.post(f"/holds/{hold}/told", {"subject": str(made.subject)})

    now = company.calendar.now()
    agenda.enter(now + timedelta(days=2), agree)
    if over_after is not None:
        agenda.enter(now + timedelta(days=over_after), lambda: company.dpo.post(f"/holds/{hold}/lift", {}))
