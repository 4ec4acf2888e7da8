"""A rule that the house gave itself in the quarter: drafted, tried on what had happened, and adopted by two people; and a review
that waits for the second of two who have to sign it."""

from functools import partial

from rightcall.actors import Role
from rightcall.clock import day_of
from rightcall.demo.quarter.agenda import Agenda
from rightcall.demo.quarter.company import Company
from rightcall.demo.quarter.plan import COMPLAINTS, TRAINING
from rightcall.ids import DraftId
from rightcall.policy import adopting
from rightcall.policy.in_force import in_force
from rightcall.policy.replaying import replay_draft
from rightcall.policy.showing import proposal_in_force
from rightcall.policy.texts import Proposal, Text

_AFTERNOON = 14
_DAYS_TRIED = 30
_RULE = """// A rule of Northwind Energy's own.

@id("house.lessons_stay_here")
@value("respect: who helps us teach has not helped us show")
@owner("dpo")
@in_force_from("{day}")
@last_checked("{day}")
@jurisdiction("*")
@says("What is kept for lessons is not taken out of the house, except for the person whose words they are.")
@instead("It would be right to play it here, to those who learn from it, with a reason and a case.")
forbid (
    principal,
    action == Action::"export",
    resource
)
when {{ context.purpose.key == "{training}" && !context.for_speaker }};
"""
_SCENARIO = """says = "A supervisor takes a call out of the house that was kept for {purpose}."
why = "{why}"
act = "export"
at = {day}T09:30:00Z
jurisdictions = ["DK"]
actor = "supervisor"
speaker = 1
carries_card_data = false
carries_authentication_data = false
reason_given = true
case_given = true
last_day = {day}
collected_for = ["{purpose}"]

[purpose]
key = "{purpose}"
may_use = ["supervisor", "dpo"]

[[parties]]
role = "customer"
answer = "granted"

[expect]
outcome = "{outcome}"
rules = ["{rule}"]
"""


def enter(agenda: Agenda, company: Company) -> None:
    """Drafted and tried on one day; the second of two signs on the next."""
    draft: list[DraftId] = []
    agenda.before_the_end(12, _AFTERNOON, lambda: draft.append(_drafted(company)))
    agenda.before_the_end(11, _AFTERNOON, lambda: _adopt(company, draft[0]))
    agenda.before_the_end(1, _AFTERNOON, partial(_proposed, company))


def _drafted(company: Company) -> DraftId:
    house, by = company.house, company.actors[Role.REVIEWER]
    with house.database.transaction(company.controller) as tx:
        now = proposal_in_force(tx, in_force(tx, house.clock, house.rules), house.settings.rules)
        made = adopting.draft_rules(tx, house.clock, house.rules, _with_ours(now, str(day_of(house.clock.now()))), by=by)
    replay_draft(
        house.database,
        house.clock,
        company.controller,
        rules=house.rules,
        draft=made.id,
        days=_DAYS_TRIED,
        tell=lambda *_: None,
    )
    return made.id


def _proposed(company: Company) -> None:
    """Lessons in other words: the house has signed, and whoever speaks for customers has not."""
    newest = company.dpo.get(f"/purposes/{TRAINING}/reviews")["items"][0]["content"]
    answers = newest["answers"] | {"need_all": "Only a few calls teach something; what no lesson wants goes within the week."}
    review = company.dpo.post(f"/purposes/{TRAINING}/reviews", newest | {"answers": answers})["id"]
    company.supervisor.post(f"/reviews/{review}/sign", {"capacity": "for_the_house"})


def _with_ours(now: Proposal, day: str) -> Proposal:
    """The rules as they are, and one more."""
    stopped = _SCENARIO.format(
        purpose=TRAINING,
        why="They said yes to lessons here, and to nothing elsewhere.",
        day=day,
        outcome="not_right",
        rule="house.lessons_stay_here",
    )
    passed = _SCENARIO.format(
        purpose=COMPLAINTS,
        why="Whoever complains may want it to be heard elsewhere.",
        day=day,
        outcome="proceed",
        rule="basis.consent",
    )
    return Proposal(
        files=(*now.files, Text(file="ours.cedar", text=_RULE.format(day=day, training=TRAINING))),
        scenarios=(
            *now.scenarios,
            Text(file="export-a-lesson.toml", text=stopped),
            Text(file="export-a-complaint.toml", text=passed),
        ),
    )


def _adopt(company: Company, draft: DraftId) -> None:
    """What was reviewed under other rules is reviewed anew."""
    house = company.house
    for role in (Role.REVIEWER, Role.DPO):
        with house.database.transaction(company.controller) as tx:
            adopting.sign(tx, house.clock, house.rules, draft, by=company.actors[role])
    company.review_all()
