"""The procedures a worker knows by name."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from rightcall.activities.counting.procedure import Counting
from rightcall.activities.processors.procedure import Asking
from rightcall.activities.telling.procedure import Telling
from rightcall.breaches.rehearsing.procedure import Rehearsing
from rightcall.breaches.weighing.procedure import BreachWeighing
from rightcall.discovery.joins.procedure import Comparing
from rightcall.discovery.mapping.procedure import Describing
from rightcall.erasure import actions as erasures
from rightcall.erasure.disposal import Disposer
from rightcall.erasure.letting_go import LettingGo
from rightcall.erasure.procedure import Eraser
from rightcall.erasure.returned import Returned
from rightcall.ethics.procedure import Forgetter
from rightcall.ids import ControllerId, ErasureId, SubjectId
from rightcall.policy.procedure import Replaying
from rightcall.procedures.ports import Procedure
from rightcall.recordings.procedure import Reweighing, Settling
from rightcall.requests.correcting_elsewhere import CorrectingElsewhere
from rightcall.requests.drp.procedure import CallingBack
from rightcall.requests.going_without import Decided
from rightcall.requests.ordering import CopyOrders
from rightcall.requests.packages.procedure import Packaging
from rightcall.requests.packages.writing import Bench
from rightcall.requests.procedure import ErasedElsewhere, ErasureAnswer
from rightcall.requests.withdrawing import WithdrawalAnswer
from rightcall.retention.lengthening import Lengthener
from rightcall.retention.procedure import Disposals
from rightcall.retention.shortening import Shortener
from rightcall.wiring import House
from rightcall.worker.drilling import Drilling
from rightcall.worker.findings import Findings
from rightcall.worker.lookers import looker_of, recounter_of, safety_looker_of, uses_looker_of
from rightcall.worker.scanning import scanning_of

PROCEDURES = (
    "answer_erasure",
    "answer_withdrawal",
    "make_package",
    "look_at_requests",
    "compare_callers",
    "settle_calls",
    "dispose_of_call",
    "dispose_of_term",
    "dispose_of_hold",
    "certify_of_hold",
    "weigh_purpose",
    "weigh_purpose_anew",
    "tell_of_purpose",
    "forget_outcomes",
    "look_at_parity",
    "count_parity",
    "look_at_uses",
    "scan_system",
    "share_scan",
    "shorten_terms",
    "lengthen_terms",
    "describe_system",
    "describe_purpose",
    "let_go_elsewhere",
    "correct_elsewhere",
    "look_for_returned",
    "look_at_safety",
    "answer_erased",
    "plan_telling",
    "certify_told",
    "order_erasure",
    "order_copies",
    "ask_processor",
    "tell_agent",
    "replay_draft",
    "drill_backup",
    "count_for_record",
    "weigh_breach",
    "weigh_breaches",
    "weigh_rehearsal",
)


def procedures_of(house: House) -> Mapping[str, Procedure]:
    """By the names that `reactions` uses."""
    disposer = Disposer(database=house.database, vault=house.vault, objects=house.objects, clock=house.clock)
    eraser = Eraser(disposer=disposer, tools=house.tools, gates=house.gates, epoch_days=house.settings.epoch_days)
    disposals = Disposals(eraser=eraser)
    scanning = scanning_of(house)
    describing = Describing(database=house.database, vault=house.vault, clock=house.clock)
    reweighing = Reweighing(database=house.database, tools=house.tools)
    telling = Telling(eraser=eraser)
    asking = asking_of(house)
    breaches = BreachWeighing(database=house.database, vault=house.vault, clock=house.clock)
    deeds: tuple[Procedure, ...] = (
        ErasureAnswer(eraser=eraser, open_system=house.open_system),
        WithdrawalAnswer(database=house.database, tools=house.tools),
        packaging_of(house),
        Decided(database=house.database, vault=house.vault, clock=house.clock),
        Comparing(database=house.database, vault=house.vault, clock=house.clock),
        Settling(database=house.database),
        disposals.of_call,
        disposals.of_term,
        disposals.of_hold,
        disposals.prolonged,
        reweighing.after_finding,
        reweighing.as_asked,
        Findings(database=house.database, tools=house.tools),
        Forgetter(database=house.database, clock=house.clock, erased=partial(_erased, house)),
        looker_of(house),
        recounter_of(house),
        uses_looker_of(house),
        scanning,
        scanning.share,
        Shortener(disposals=disposals),
        Lengthener(disposer=eraser.disposer),
        describing.of_system,
        describing.of_purpose,
        letting_go_of(house, eraser),
        CorrectingElsewhere(database=house.database, vault=house.vault, clock=house.clock, opens=house.open_system),
        Returned(database=house.database, clock=house.clock),
        safety_looker_of(house),
        ErasedElsewhere(database=house.database, clock=house.clock),
        telling.plan,
        telling.certify,
        asking.order,
        CopyOrders(database=house.database, vault=house.vault, clock=house.clock),
        asking,
        CallingBack(
            database=house.database,
            clock=house.clock,
            call_back=house.call_back,
            verification_url=house.settings.verification_url,
        ),
        Replaying(database=house.database, clock=house.clock, rules=house.rules),
        Drilling(house=house),
        Counting(database=house.database, clock=house.clock),
        breaches.of_breach,
        breaches.of_system,
        Rehearsing(database=house.database, vault=house.vault, clock=house.clock),
    )
    return dict(zip(PROCEDURES, deeds, strict=True))


def letting_go_of(house: House, eraser: Eraser) -> LettingGo:
    """What erases in other systems."""
    after = timedelta(days=house.settings.erasure_escalate_days)
    return LettingGo(eraser=eraser, open_system=house.open_system, after=after)


def asking_of(house: House) -> Asking:
    """What asks processors."""
    return Asking(
        database=house.database,
        vault=house.vault,
        clock=house.clock,
        outbound=house.processors,
        after=timedelta(days=house.settings.erasure_escalate_days),
    )


def packaging_of(house: House) -> Packaging:
    """What makes packages."""
    return Packaging(
        database=house.database,
        tools=house.tools,
        audio=house.audio,
        open_system=house.open_system,
        dial=house.processors.dial,
        bench=Bench(objects=house.objects, spool=house.settings.data / "packages"),
    )


def _erased(house: House, controller: ControllerId, erasure: ErasureId) -> list[SubjectId]:
    """Those whose key is destroyed: how the calls of the others went is still asked for."""
    with house.database.transaction(controller) as tx:
        return [each.subject for each in erasures.whole(tx, erasure) if each.destroyed_at is not None]
