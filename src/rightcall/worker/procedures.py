"""The procedures a worker knows by name; ending terms; turning epochs."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from rightcall.activities.processors.procedure import Asking
from rightcall.activities.telling.procedure import Telling
from rightcall.concerns.keeping import days_of
from rightcall.discovery.mapping.procedure import Describing
from rightcall.discovery.ports import Toil
from rightcall.discovery.scans.procedure import Scanning
from rightcall.erasure import actions as erasures
from rightcall.erasure.disposal import Disposer
from rightcall.erasure.letting_go import LettingGo
from rightcall.erasure.procedure import Eraser
from rightcall.ethics.bar import bar_of, kept_for
from rightcall.ethics.minimisation.procedure import UsesLooker
from rightcall.ethics.procedure import Forgetter, Looker
from rightcall.holdings.holds import actions as holds
from rightcall.ids import ControllerId, ErasureId, SubjectId
from rightcall.procedures.ports import Procedure
from rightcall.recordings.procedure import Reweighing
from rightcall.requests.drp.procedure import CallingBack
from rightcall.requests.ordering import CopyOrders
from rightcall.requests.packages.procedure import Packaging
from rightcall.requests.packages.writing import Bench
from rightcall.requests.procedure import ErasedElsewhere, ErasureAnswer
from rightcall.requests.withdrawing import WithdrawalAnswer
from rightcall.retention import actions as retention
from rightcall.retention.procedure import Disposals
from rightcall.retention.shortening import Shortener
from rightcall.vault.epochs import Progress
from rightcall.vault.model import Rotation
from rightcall.wiring import House
from rightcall.worker import key_backups
from rightcall.worker.drilling import Drilling
from rightcall.worker.findings import Findings

PROCEDURES = (
    "answer_erasure",
    "answer_withdrawal",
    "make_package",
    "dispose_of_call",
    "dispose_of_term",
    "dispose_of_hold",
    "certify_of_hold",
    "weigh_purpose",
    "weigh_purpose_anew",
    "tell_of_purpose",
    "forget_outcomes",
    "look_at_parity",
    "look_at_uses",
    "scan_system",
    "share_scan",
    "shorten_terms",
    "describe_system",
    "describe_purpose",
    "let_go_elsewhere",
    "answer_erased",
    "plan_telling",
    "certify_told",
    "order_erasure",
    "order_copies",
    "ask_processor",
    "tell_agent",
    "drill_backup",
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
    deeds: tuple[Procedure, ...] = (
        ErasureAnswer(eraser=eraser),
        WithdrawalAnswer(database=house.database, tools=house.tools),
        packaging_of(house),
        disposals.of_call,
        disposals.of_term,
        disposals.of_hold,
        disposals.prolonged,
        reweighing.after_finding,
        reweighing.as_asked,
        Findings(database=house.database, tools=house.tools),
        Forgetter(database=house.database, erased=partial(_erased, house)),
        looker_of(house),
        uses_looker_of(house),
        scanning,
        scanning.share,
        Shortener(disposals=disposals),
        describing.of_system,
        describing.of_purpose,
        letting_go_of(house, eraser),
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
        Drilling(house=house),
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
        bench=Bench(objects=house.objects, spool=house.settings.data / "packages"),
    )


def uses_looker_of(house: House) -> UsesLooker:
    """What looks at the log of uses."""
    return UsesLooker(database=house.database, clock=house.clock, unread_days=house.settings.minimisation_unread_days)


def looker_of(house: House) -> Looker:
    """What looks at parity, by the bar of the settings."""
    return Looker(
        database=house.database,
        vault=house.vault,
        clock=house.clock,
        bar=bar_of(house.settings),
        kept=kept_for(house.settings),
        days=days_of(house.settings),
    )


def scanning_of(house: House) -> Scanning:
    """What scans other systems."""
    return Scanning(
        database=house.database,
        vault=house.vault,
        clock=house.clock,
        open_system=house.open_system,
        toil=Toil(seconds=house.settings.scan_object_seconds),
    )


def _erased(house: House, controller: ControllerId, erasure: ErasureId) -> SubjectId:
    with house.database.transaction(controller) as tx:
        return erasures.get(tx, erasure).subject


def end_terms(house: House) -> int:
    """Of all controllers, each in a transaction of its own."""
    ended = 0
    for controller in house.controllers():
        with house.database.transaction(controller) as tx:
            ended += retention.end_due_terms(tx, house.vault, house.clock)
    return ended


def end_holds(house: House) -> int:
    """Of all controllers, each hold in a transaction of its own: those whose last day is over. What follows is a reaction."""
    ended = 0
    for controller in house.controllers():
        with house.database.transaction(controller) as tx:
            over = holds.over(tx, house.clock)
        for hold in over:
            with house.database.transaction(controller) as tx:
                ended += holds.end(tx, house.vault, house.clock, hold)
    return ended


def turn_epoch(house: House, progress: Progress | None = None) -> Rotation:
    """A new epoch key, the old ones destroyed; then the ledger says so for each controller, and erasures are certified anew.

    Where keys are backed up, the new one is in a backup before anything needs it, and the old ones are in none after. Cut off in
    between, the worker's housekeeping does and says what was not.
    """
    if house.settings.key_backups is not None:
        house.vault.begin_epoch(house.database)
        key_backups.keep(house)
    rotation = house.vault.rotate(house.database, progress=progress)
    key_backups.keep(house)
    for controller in house.controllers():
        with house.database.transaction(controller) as tx:
            retention.epoch_turned(tx, house.clock, epoch=rotation.epoch, rewrapped=rotation.rewrapped)
    return rotation
