"""How the company looked through its own systems, what it found there, and the one leak it had."""

import random
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

from rightcall.canonical import Json
from rightcall.demo.quarter.agenda import Agenda
from rightcall.demo.quarter.cast import Caller
from rightcall.demo.quarter.company import Company
from rightcall.demo.quarter.nights import Night
from rightcall.demo.quarter.plan import CARE
from rightcall.demo.quarter.sources import LABELS, Sources, write

_MOST = 60
_MORNING = 9
_SURE = 0.9
_SHUT = 0o600


def enter(agenda: Agenda, company: Company, night: Night, people: Sequence[Caller], folder: Path, dice: random.Random) -> None:
    """Registered and scanned in the third week; the leak came to light in the fourth; scanned again since."""
    sources = write(folder, people[:_MOST], dice, agenda.last - timedelta(days=80))
    on = partial(agenda.before_the_end, hour=_MORNING)
    on(76, deed=partial(_register, company, sources))
    on(75, deed=partial(_scan, company, night, "crm"))
    on(74, deed=partial(_scan, company, night, "share"))
    on(70, deed=partial(_leak, agenda, company, night, sources))
    on(32, deed=partial(_scan, company, night, "share"))
    on(4, deed=partial(_scan, company, night, "crm"))
    for days in (40, 12):
        on(days, deed=partial(_join, company))


def _register(company: Company, sources: Sources) -> None:
    numbers: list[Json] = [{"name": "customer_id", "expression": "NW-[0-9]{6}"}]
    company.engineer.post(
        "/systems",
        {
            "name": "crm",
            "address": f"sqlite:///{sources.database}",
            "regions": ["GB"],
            "numbers": numbers,
            "uses": [{"purpose": CARE}],
        },
    )
    uses: list[Json] = [{"purpose": CARE, "objects": "mails*"}]
    form: dict[str, Json] = {"name": "share", "address": str(sources.share), "regions": ["GB"], "numbers": numbers, "uses": uses}
    company.engineer.post("/systems", form)
    for system, labels in LABELS.items():
        company.dpo.post(f"/systems/{system}/words", {"labels": labels})


def _scan(company: Company, night: Night, system: str) -> None:
    """Read, linked to people, on the map, and weighed for how safely it lies there."""
    company.dpo.post(f"/systems/{system}/scans", {})
    night.settle_down()
    company.dpo.post(f"/systems/{system}/safety", {})


def _join(company: Company) -> None:
    """Who calls from a customer's number, and is called as the customer is: the DPO says now and then that they are one. Whoever
    called since waits."""
    for each in company.dpo.get("/join-proposals", state="waiting")["items"]:
        if each["score"] >= _SURE:
            company.dpo.post(f"/join-proposals/{each['id']}/accept", {"reason": "links_agree"})


def _leak(agenda: Agenda, company: Company, night: Night, sources: Sources) -> None:
    """Somebody who does not work in customer care opened the export on the share, and said so. The authority was told within the
    72 hours, then the people; the file went; and it was weighed once more before it was closed."""
    now = company.calendar.now()
    breach = company.dpo.post(
        "/breaches",
        {
            "system": "share",
            "began_at": (now - timedelta(days=3)).isoformat(),
            "until": now.isoformat(),
            "known_at": (now - timedelta(hours=2)).isoformat(),
            "circumstances": {"nature": ["confidentiality"], "reach": "known_recipients", "malicious": False},
        },
    )["id"]
    for file in (sources.export, sources.share / "refunds.txt"):
        file.chmod(_SHUT)

    def after(hours: int, what: str) -> None:
        agenda.enter(now + timedelta(hours=hours), partial(company.dpo.post, f"/breaches/{breach}/{what}", {}))

    agenda.enter(now + timedelta(hours=5), partial(company.dpo.post, "/systems/share/safety", {}))
    after(30, "authority-told")
    after(76, "people-told")
    after(9 * 24 - 1, "weigh")
    agenda.enter(now + timedelta(hours=9 * 24 - 1), night.settle_down)
    after(9 * 24, "close")
