"""The second company, which has less to tell: it listens to some of what it kept, and one of its customers asks for a copy."""

from functools import partial

from rightcall.demo.quarter.agenda import Agenda
from rightcall.demo.quarter.company import Company
from rightcall.demo.quarter.plan import LEAKS

_AFTERNOON = 16


def enter(agenda: Agenda, company: Company, days: int) -> None:
    for ago in range(days - 9, 0, -11):
        agenda.before_the_end(ago, _AFTERNOON, partial(_listen, company, ago))
    agenda.before_the_end(7, _AFTERNOON, partial(_asked, company))


def _listen(company: Company, nth: int) -> None:
    made = company.of_late(LEAKS)
    if made is not None:
        why = {"reason": "looks for what is asked twice", "case": f"leaks-{nth}"}
        company.supervisor.content(f"/takes/{made.takes[0]}/audio", purpose=LEAKS, **why)


def _asked(company: Company) -> None:
    made = company.of_late(LEAKS)
    if made is not None:
        company.spoken_for.add(made.subject)
        form = {"subject": str(made.subject), "kind": "access", "channel": "phone", "language": made.language}
        company.agent.post("/requests", form)
