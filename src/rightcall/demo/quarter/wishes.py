"""What customers asked of the company in the quarter, and how each was answered."""

from datetime import timedelta
from functools import partial
from typing import Any

from rightcall.demo.quarter.agenda import Agenda
from rightcall.demo.quarter.company import Company, Remembered
from rightcall.demo.quarter.nights import Night
from rightcall.demo.quarter.plan import COMPLAINTS, TRAINING
from rightcall.ids import HoldingId

_MORNING = 11
_ONE_DAY = timedelta(days=1)


def enter(agenda: Agenda, company: Company, night: Night) -> None:
    """By days before the end: copies, a correction, a restriction that is lifted and one that is not, objections, two denials,
    one of them appealed and not decided yet; an erasure, a withdrawal; one that took longer; and some that wait."""
    on = partial(agenda.before_the_end, hour=_MORNING)
    on(80, deed=lambda: _copy(agenda, company, night, "access"))
    for ago in (72, 69, 63, 47):
        on(ago, deed=lambda: _copy(agenda, company, night, "access"))
    on(66, deed=lambda: _withdrawal(company, night))
    on(60, deed=lambda: _copy(agenda, company, night, "portability"))
    on(55, deed=lambda: _correction(agenda, company, night))
    on(50, deed=lambda: _restriction(agenda, company))
    on(44, deed=lambda: _objection(agenda, company))
    on(40, deed=lambda: _erasure(company, night))
    on(38, deed=lambda: _extended(agenda, company, night))
    on(33, deed=lambda: _denied(agenda, company))
    on(22, deed=lambda: _refused(agenda, company))
    on(19, deed=lambda: _withdrawal(company, night))
    on(9, deed=lambda: _asked(company, company.latest(TRAINING), "rectification", proof="call_back"))
    on(8, deed=lambda: _restricted(agenda, company))
    on(6, deed=lambda: _asked(company, company.latest(COMPLAINTS), "access", by_agent=True))
    on(4, deed=lambda: _asked(company, company.latest(TRAINING), "portability", proof="call_back"))
    on(3, deed=lambda: _asked(company, company.latest(TRAINING), "objection", proof="recognised"))
    on(2, deed=lambda: _asked(company, company.latest(TRAINING), "erasure", by_agent=True))


def _asked(company: Company, made: Remembered, kind: str, *, proof: str | None = None, by_agent: bool = False) -> str:
    """Said at the telephone. An agent without a proof writes down that it was asked; then it waits for who it is. Where a caller
    may be a customer whom records tell of, they are told so, and do not want to wait."""
    company.spoken_for.add(made.subject)
    desk = company.agent if by_agent else company.dpo
    form: dict[str, Any] = {"subject": str(made.subject), "kind": kind, "channel": "phone", "language": made.language}
    asked = desk.post("/requests", form | ({} if proof is None else {"proof": proof}))
    if "doubtful_records" in asked["waits_for"]:
        company.dpo.post(f"/requests/{asked['id']}/go-on-without", {"reason": "person_agreed"})
    return str(asked["id"])


def _copy(agenda: Agenda, company: Company, night: Night, kind: str, *, days: int = 4) -> str:
    """The package is made by itself; the DPO listens where others are heard, and hands it over."""
    request = _asked(company, company.latest(TRAINING), kind, proof="call_back")
    night.settle_down()
    agenda.enter(company.calendar.now() + timedelta(days=days), lambda: _hand_over(company, night, request))
    return request


def _hand_over(company: Company, night: Night, request: str) -> None:
    if company.dpo.get(f"/requests/{request}/package")["state"] == "gone":
        company.dpo.post(f"/requests/{request}/package", {})
        night.settle_down()
    for thing in company.dpo.get(f"/requests/{request}/package")["waits_for"]:
        company.dpo.post(f"/requests/{request}/package/things/{thing['holding']}", {"give": True})
    night.settle_down()
    company.dpo.post(f"/requests/{request}/package/hand-over", {})


def _withdrawal(company: Company, night: Night) -> None:
    _asked(company, company.latest(TRAINING), "withdrawal", proof="recognised")
    night.settle_down()


def _correction(agenda: Agenda, company: Company, night: Night) -> None:
    made = company.latest(TRAINING)
    request = _asked(company, made, "rectification", proof="call_back")

    def answer() -> None:
        holding = HoldingId(made.takes[0])
        company.dpo.post(f"/requests/{request}/corrections", {"holding": str(holding), "value": "The meter reads 20417."})
        company.dpo.post(f"/requests/{request}/fulfil", {})
        night.settle_down()

    agenda.enter(company.calendar.now() + 3 * _ONE_DAY, answer)


def _restriction(agenda: Agenda, company: Company) -> None:
    """Kept and not used while somebody looks whether it is right; then they are told, and it is lifted."""
    request = _asked(company, company.latest(COMPLAINTS), "restriction", proof="recognised")
    later = partial(_after, agenda, company)
    later(2, lambda: company.dpo.post(f"/requests/{request}/fulfil", {}))
    later(20, lambda: company.dpo.post(f"/requests/{request}/tell-before-lifting", {}))
    later(23, lambda: company.dpo.post(f"/requests/{request}/lift", {}))


def _objection(agenda: Agenda, company: Company) -> None:
    request = _asked(company, company.latest(TRAINING), "objection", proof="recognised")
    _after(agenda, company, 5, lambda: company.dpo.post(f"/requests/{request}/fulfil", {}))


def _erasure(company: Company, night: Night) -> None:
    """Once callers were compared with whom records tell of: one who is found to be somebody there meanwhile would wait."""
    night.settle_down()
    _asked(company, company.latest(TRAINING), "erasure", proof="call_back")
    night.settle_down()


def _extended(agenda: Agenda, company: Company, night: Night) -> None:
    """It took longer than a month, and the person was told so in time."""
    request = _copy(agenda, company, night, "access", days=34)
    _after(agenda, company, 25, lambda: company.dpo.post(f"/requests/{request}/extend", {"reason": "complex"}))


def _denied(agenda: Agenda, company: Company) -> None:
    """Nobody could show that they were asked by the person. It was appealed, and somebody else looked again."""
    request = _asked(company, company.latest(TRAINING), "access", by_agent=True)
    later = partial(_after, agenda, company)
    later(12, lambda: company.dpo.post(f"/requests/{request}/deny", {"ground": "identity_in_doubt"}))
    later(16, lambda: company.agent.post(f"/requests/{request}/appeal", {}))
    later(20, lambda: company.reviewer.post(f"/requests/{request}/appeal/decision", {"stands": True}))


def _refused(agenda: Agenda, company: Company) -> None:
    """That it is put right, by somebody of whom it is right as it stands. They appealed, and wait for who decides it."""
    request = _asked(company, company.latest(COMPLAINTS), "rectification", proof="call_back")
    later = partial(_after, agenda, company)
    later(6, lambda: company.dpo.post(f"/requests/{request}/deny", {"ground": "accurate_and_lawful"}))
    later(19, lambda: company.agent.post(f"/requests/{request}/appeal", {}))


def _restricted(agenda: Agenda, company: Company) -> None:
    """Kept and not used, since they say that it is wrong; nobody has found out yet."""
    request = _asked(company, company.latest(COMPLAINTS), "restriction", proof="recognised")
    _after(agenda, company, 1, lambda: company.dpo.post(f"/requests/{request}/fulfil", {}))


def _after(agenda: Agenda, company: Company, days: int, deed: Any) -> None:
    agenda.enter(company.calendar.now() + timedelta(days=days), deed)
