"""A no that cost people something, found by counting: what was heard of it, and what was answered.

Nothing here sets a flag. The calls are told as they were; the look at parity finds the gap or it does not, and from then on
nobody is asked until the DPO has answered it.
"""

from datetime import datetime, timedelta
from functools import partial

from rightcall.demo.quarter.agenda import Agenda
from rightcall.demo.quarter.company import Company
from rightcall.demo.quarter.plan import RESEARCH
from rightcall.errors import NotFound
from rightcall.testcall.desk import Declined

_MORNING, _EVENING = 9, 18
_TO_FIND_OUT = timedelta(days=3)
_LISTENED_EVERY = 3
_FORBIDDEN = 403


def enter(agenda: Agenda, company: Company, days: int) -> None:
    for ago in range(days - 2, 0, -_LISTENED_EVERY):
        agenda.before_the_end(ago, _EVENING, partial(_listen, company, ago))
    for ago in range(days - 7, 0, -1):
        agenda.before_the_end(ago, _MORNING, partial(_answer_what_was_found, company))


def _listen(company: Company, nth: int) -> None:
    """Calls of yesterday and today, and none that is older: after two days nobody wants to hear them. Once a gap was found,
    nothing that was kept for it may be heard, also while people are asked again on trial."""
    if company.mended:
        return
    since = company.calendar.now() - timedelta(days=2)
    heard = [made for made in company.book if made.at >= since and RESEARCH in made.granted and made.stays and made.takes]
    for made in heard[-2:]:
        if made.subject not in company.spoken_for:
            _hear(company, made.takes[0], nth)


def _hear(company: Company, take: object, nth: int) -> None:
    try:
        why = {"reason": "looks for what takes too long", "case": f"research-{nth}"}
        company.supervisor.content(f"/takes/{take}/audio", purpose=RESEARCH, **why)
    except Declined as declined:
        if declined.status != _FORBIDDEN:
            raise


def _answer_what_was_found(company: Company) -> None:
    """Who wants to know asks at the desks. By then it has been mended."""
    for flag in company.dpo.get("/parity")["flags"]:
        found_at = datetime.fromisoformat(flag["flagged_at"])
        if flag["answered_at"] is None and company.calendar.now() - found_at >= _TO_FIND_OUT:
            company.dpo.post(f"/parity/flags/{flag['id']}/answers", {"explanation": "mended"})
            company.mended.append(company.calendar.now())
            _answer_concern(company, flag["concern"])
        elif flag["lapsed_at"] is not None and flag["lifted_at"] is None and len(company.mended) == 1:
            _answer_again(company, flag["id"])


def _answer_again(company: Company, flag: str) -> None:
    """The calls of four weeks were too few to show the gap gone. Somebody else answers for it, and it has twelve more."""
    company.supervisor.post(f"/parity/flags/{flag}/answers", {"explanation": "mended"})
    company.mended.append(company.calendar.now())


def _answer_concern(company: Company, concern: str) -> None:
    """The look raised it, with its figures; a person answers it in words."""
    words = (
        "It is so. Desk two had been told to take the calls that are recorded, and so passed on whoever said no. Since this"
        " morning each desk takes every call. The next four weeks show whether that was all."
    )
    for desk in (company.supervisor, company.reviewer, company.dpo):
        try:
            desk.post(f"/concerns/{concern}/own", {})
        except Declined as declined:
            if declined.status in (_FORBIDDEN, 409):
                continue
            raise
        desk.post(f"/concerns/{concern}/answer", {"outcome": "upheld", "words": words})
        company.review_all()
        return
    raise NotFound("Nobody may answer what parity found. Look at who raised it.")
