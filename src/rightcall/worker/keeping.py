"""The worker's housekeeping, each by one worker: terms, holds, epochs, procedures, what waits for an answer, looks."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from uuid import UUID

from rightcall.activities.counting import actions as counting
from rightcall.activities.processors import orders
from rightcall.activities.telling import by_records
from rightcall.clock import day_of
from rightcall.concerns import keeping as concerns
from rightcall.database.connection import Transaction
from rightcall.discovery.scans import actions as scans
from rightcall.erasure.elsewhere import actions as elsewhere
from rightcall.ethics import actions as parity
from rightcall.ethics.bar import bar_of, kept_for
from rightcall.ethics.counted import actions as counted
from rightcall.ethics.minimisation import actions as minimisation
from rightcall.ethics.minimisation.model import State
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.map import actions as data_map
from rightcall.procedures import actions as procedures
from rightcall.procedures.engine import Engine
from rightcall.procedures.model import Reason
from rightcall.procedures.ports import Starter
from rightcall.recordings import actions as recordings
from rightcall.requests import actions as requests
from rightcall.requests.drp import calling_back
from rightcall.requests.mails import actions as mails
from rightcall.requests.model import RequestKind
from rightcall.requests.packages import actions as packages
from rightcall.requests.packages.writing import delete_parts
from rightcall.retention import actions as retention
from rightcall.retention.rules import epoch_is_due, outlived
from rightcall.reviews.observed import actions as observed
from rightcall.telemetry import metrics
from rightcall.wiring import House, destroyed_list
from rightcall.worker import drilling, key_backups, looking
from rightcall.worker.each import at_each, escalate
from rightcall.worker.ending import end_holds, end_terms, turn_epoch
from rightcall.worker.procedures import PROCEDURES

_log = logging.getLogger(__name__)
_AGAIN_AFTER = timedelta(minutes=10)
_BEGUN_BY_NOW = timedelta(minutes=10)
_ANSWERS = {
    RequestKind.ERASURE: "answer_erasure",
    RequestKind.WITHDRAWAL: "answer_withdrawal",
    RequestKind.ACCESS: "make_package",
    RequestKind.PORTABILITY: "make_package",
}


def alone(house: House, name: str, deed: Callable[[], object]) -> bool:
    """Does `deed` unless another worker is at it just now. Always False: there is never more to do at once."""
    with house.database.system() as tx:
        if procedures.claim(tx, name):
            deed()
    return False


def keep_terms(house: House) -> int:
    """Terms that are over end. The figures of what is there still though its day is over, and a word where that is in another
    system: nobody lets go of it but who answers for that."""
    if ended := end_terms(house):
        _log.info("terms ended", extra={"terms": ended})
    late = Counter[str](ours=0, elsewhere=0)
    for controller in house.controllers():
        with house.database.transaction(controller) as tx:
            found = data_map.late(tx, house.clock)
            held = len({each.holding for hold in holds.standing(tx) for each in hold.slices})
        for each in found:
            late["ours" if each.system is None else "elsewhere"] += each.items
        today = day_of(house.clock.now())
        escalate(house, controller, Reason.TERM_OUTLIVED, outlived(found, held=held, today=today, ended=ended > 0))
    for where, items in late.items():
        metrics().past_term.labels(where=where).set(items)
    if late["elsewhere"]:
        _log.warning("other systems keep things past their last day: see rightcall terms", extra={"things": late["elsewhere"]})
    return ended


def keep_holds(house: House) -> int:
    """Holds that are over end. The figures of what waits for a person, and a word where one has to agree."""
    if ended := end_holds(house):
        _log.info("holds ended", extra={"holds": ended})
    waits = Counter[str](agree=0, ending=0, tell=0)
    for controller, found in at_each(house, lambda tx: holds.waiting(tx, house.clock)):
        waits.update(agree=found.to_agree, ending=found.ending, tell=found.to_tell)
        escalate(house, controller, Reason.HOLD_WAITS, found.to_agree)
    for what, number in waits.items():
        metrics().holds_waiting.labels(what=what).set(number)
    if waits["agree"]:
        _log.warning("holds wait for a second person's word, and end without it: see rightcall hold list", extra=dict(waits))
    return ended


def keep_epochs(house: House) -> int:
    """A new epoch where it is due. One whose turn was cut off comes to its end: until then its old key opens every backup. What
    the ledger does not say yet of the last one, it says now."""
    begun_at, now = house.vault.epoch(house.database).begun_at, house.clock.now()
    if house.vault.rotation_is_cut_off(house.database) or epoch_is_due(begun_at, now, house.settings.epoch_days):
        rotation = turn_epoch(house)
        _log.info("a new epoch began", extra={"epoch": rotation.epoch, "rewrapped": rotation.rewrapped})
        return 1
    key_backups.keep(house)
    say_turned(house)
    return 0


def say_turned(house: House) -> int:
    """Where the present epoch's turn was cut off before all was said: say it. How many erasures were certified anew."""
    epoch = house.vault.stands_alone(house.database)
    if epoch is None or epoch.number == 1:
        return 0
    destroyed_list(house.settings).keep_only(epoch.key)
    said = at_each(house, lambda tx: retention.epoch_turned(tx, house.clock, epoch=epoch.number, rewrapped=None))
    return sum(certified for _, certified in said)


def keep_drills(house: House, engine: Engine) -> int:
    """Which copies there are is asked, and a drill of the newest backup made where a folder of backups is set and one is due:
    once a day at most, whatever became of it."""
    looking.keep(house)
    last = drilling.keep_figures(house)
    if house.settings.backups is None:
        return 0
    if last is None or last >= timedelta(days=house.settings.drill_every_days):
        engine.start("drill_backup", f"drill_backup:{day_of(house.clock.now())}")
        return 1
    return 0


def keep_procedures(house: House, engine: Engine) -> None:
    """What failed is begun again, and said: no request is ever stuck in silence."""
    failed = Counter(name for name, _ in engine.failed())
    for name in PROCEDURES:
        metrics().procedures_failed.labels(procedure=name).set(failed[name])
    if failed:
        _log.error("procedures have failed and are begun again now and then; the log says why", extra=dict(failed))
    with house.database.system() as tx:
        cancelled = procedures.cancelled(tx)
    for id in engine.begin_again(house.clock.now(), after=_AGAIN_AFTER, but=cancelled):
        _log.warning("a failed procedure is begun again", extra={"procedure": id})
    _carry_on_erasures(house, engine)


def keep_reviews(house: House) -> None:
    """What was done since the last round is held against the reviews. Where one lapsed, calls that go on are settled anew."""
    lapsed = Counter[str]()
    for controller in house.controllers():
        with house.database.transaction(controller) as tx:
            ended = observed.observe(tx, house.clock, house.rules)
            if ended:
                recordings.look_again(tx, [controller])
        lapsed.update(why.value for why in ended.values())
    if lapsed:
        _log.warning("reviews lapsed: nothing runs for these purposes until they are reviewed anew", extra=dict(lapsed))


def keep_requests(house: House) -> None:
    """The figures of what waits for an answer, and a word where an answer or an acknowledgement is late. What waited for
    something that nobody tells of is looked at again, such as for a record that changed where it lies."""
    waiting, late, soon, untold = (Counter[RequestKind]() for _ in range(4))
    mailed = 0
    for controller in house.controllers():
        near = 0
        with house.database.transaction(controller) as tx:
            mailed += mails.count_waiting(tx)
            for kind, each in requests.unanswered(tx, house.clock).items():
                waiting[kind] += each.requests
                late[kind] += each.late
                soon[kind] += each.due_soon
                untold[kind] += each.unacknowledged
                near += each.late + each.due_soon
            unready = requests.unready(tx)
        for request in unready:
            look = partial(requests.look_again, vault=house.vault, clock=house.clock, request=request)
            house.database.run(controller, look)
        escalate(house, controller, Reason.REQUEST_DUE, near)
    metrics().mails_waiting.set(mailed)
    for kind in RequestKind:
        metrics().requests_unanswered.labels(kind=kind.value).set(waiting[kind])
        metrics().requests_late.labels(kind=kind.value).set(late[kind])
        metrics().requests_due_soon.labels(kind=kind.value).set(soon[kind])
        metrics().requests_unacknowledged.labels(kind=kind.value).set(untold[kind])
    if late.total():
        _log.error("requests are not answered in the time that the law gives", extra={"requests": late.total()})
    if untold.total():
        _log.error("people were not told in the law's time that their request came", extra={"requests": untold.total()})


def keep_packages(house: House, engine: Starter) -> None:
    """Packages whose time is over, and those that were taken, are let go; their bytes are deleted, and looked for again. Those
    that waited for processors are gone on with."""
    gone, left = 0, 0
    for controller in house.controllers():
        with house.database.transaction(controller) as tx:
            packages.let_go_due(tx, house.clock)
        with house.database.transaction(controller) as tx:
            behind, waiting = packages.left_behind(tx), packages.count_waiting(tx)
            resumed = packages.to_go_on(tx, house.clock)
        for each, asked in resumed:
            engine.start("make_package", f"make_package:{each.id}:on:{asked}", str(controller), str(each.request))
        escalate(house, controller, Reason.PACKAGE_WAITS, waiting)
        for package in behind:
            is_gone = delete_parts(house.objects, controller, package)
            gone, left = gone + is_gone, left + (not is_gone)
            if is_gone:
                with house.database.transaction(controller) as tx:
                    packages.forgotten(tx, house.clock, package)
    if gone:
        _log.info("packages were let go", extra={"packages": gone})
    if left:
        _log.error("packages that nothing opens any more could not be deleted, and are tried again", extra={"packages": left})


def keep_parity(house: House, engine: Starter) -> int:
    """A look at parity where it is due: once a day at most, whatever became of the last one. How many flags stand is a figure."""
    looks = 0
    flagged, now = 0, house.clock.now()
    for controller, (looked_at, flags) in at_each(house, lambda tx: (parity.last_looked_at(tx), parity.flagged(tx))):
        flagged += len(flags)
        if looked_at is None or now - looked_at >= timedelta(days=house.settings.parity_every_days):
            engine.start("look_at_parity", f"look_at_parity:{controller}:{day_of(now)}", str(controller))
            looks += 1
    metrics().purposes_flagged.set(flagged)
    return looks


def count_parity(house: House, engine: Starter) -> None:
    """What is shown of parity is counted where it is due, one count after the other."""
    bar, kept = bar_of(house.settings), kept_for(house.settings)
    found = at_each(house, lambda tx: (counted.is_due(tx, house.clock, bar, kept=kept), counted.latest(tx)))
    for controller, (due, last) in found:
        if due:
            id = f"count_parity:{controller}:{day_of(house.clock.now())}:{last.id if last else 'first'}"
            engine.start("count_parity", id, str(controller))


_MOST_ROUNDS = 100


def go_elsewhere(house: House, engine: Starter) -> bool:
    """The next round of every erasure that is due in other systems."""
    return _go_rounds(house, engine, "let_go_elsewhere", lambda tx: elsewhere.due(tx, house.clock.now(), _MOST_ROUNDS))


def ask_processors(house: House, engine: Starter) -> bool:
    """The next round of every order that is due."""
    return _go_rounds(house, engine, "ask_processor", lambda tx: orders.due(tx, house.clock.now(), _MOST_ROUNDS))


def _go_rounds(house: House, engine: Starter, procedure: str, due: Callable[[Transaction], Iterable[tuple[UUID, int]]]) -> bool:
    """Each round once, whoever begins it."""
    for controller, found in at_each(house, due):
        for id, round in found:
            engine.start(procedure, f"{procedure}:{id}:{round}", str(controller), str(id), str(round))
    return False


def keep_orders(house: House) -> None:
    """The figures of what processors were asked and have not done, and of those on whom a person has to say whether they are
    asked; and a word where a person has to look."""
    waiting, escalated, undecided = 0, 0, 0
    for controller, (found, unsaid) in at_each(house, lambda tx: (orders.waiting(tx), by_records.count_waiting(tx))):
        waiting += found.orders
        escalated += found.escalated
        undecided += unsaid
        escalate(house, controller, Reason.PROCESSOR_ORDER, found.escalated)
        escalate(house, controller, Reason.PROCESSOR_WORD, unsaid)
    metrics().orders_waiting.set(waiting)
    metrics().orders_escalated.set(escalated)
    metrics().processors_undecided.set(undecided)
    if undecided:
        _log.warning("processors wait for a person's word: `rightcall erasure list`", extra={"processors": undecided})
    if escalated:
        _log.error("processors need a person: `rightcall processor orders` shows which", extra={"orders": escalated})


def keep_agents(house: House, engine: Starter) -> int:
    """Agents are told of requests whose state changed, each time once. The figure of what they could not be told of."""
    told, untold = 0, 0
    for controller, (found, left) in at_each(house, lambda tx: (calling_back.to_tell(tx, house.clock), calling_back.untold(tx))):
        untold += sum(each.requests for each in left)
        for request, round in found:
            engine.start("tell_agent", f"tell_agent:{request}:{round}", str(controller), str(request), str(round))
        told += len(found)
    metrics().agents_untold.set(untold)
    if untold:
        _log.warning("agents could not be told how far requests are: `rightcall requests agents`", extra={"requests": untold})
    return told


def keep_erasures(house: House) -> None:
    """The figures of what waits in other systems, and a word where a person has to look."""
    waiting, escalated = 0, 0
    for controller, found in at_each(house, elsewhere.waiting):
        waiting += found.errands
        escalated += found.escalated
        escalate(house, controller, Reason.ERASURE_ELSEWHERE, found.escalated)
    metrics().errands_waiting.set(waiting)
    metrics().errands_escalated.set(escalated)
    if escalated:
        _log.error("erasures in other systems need a person: `rightcall erasure list` shows which", extra={"errands": escalated})


def share_scans(house: House, engine: Engine) -> bool:
    """Scans that several workers may read are read by this one too, each once."""
    for controller, shared in at_each(house, scans.shared):
        for scan in shared:
            engine.start("share_scan", f"share_scan:{scan}:{engine.executor}", str(controller), str(scan))
    return False


def keep_minimisation(house: House, engine: Starter) -> int:
    """A look at what purposes really read where it is due: once a day at most. How many proposals wait is a figure."""
    looks = 0
    waiting, now = 0, house.clock.now()
    found = at_each(house, lambda tx: (minimisation.last_looked_at(tx), minimisation.proposals(tx)))
    for controller, (looked_at, proposals) in found:
        waiting += sum(each.state is State.OPEN for each in proposals)
        if looked_at is None or now - looked_at >= timedelta(days=house.settings.minimisation_every_days):
            engine.start("look_at_uses", f"look_at_uses:{controller}:{day_of(now)}", str(controller))
            looks += 1
    metrics().proposals_waiting.set(waiting)
    return looks


def keep_record(house: House, engine: Starter) -> int:
    """What the record of processing and the data map tell is counted where it is much: once a day, and when it is much else."""
    day, counts = day_of(house.clock.now()), 0
    for controller, (is_due, last) in at_each(house, lambda tx: (counting.is_due(tx, house.clock), counting.counted_at(tx))):
        if is_due:
            id = f"count_for_record:{controller}:{day}:{last.isoformat() if last else 'first'}"
            engine.start("count_for_record", id, str(controller))
            counts += 1
    return counts


def keep_concerns(house: House) -> None:
    """What is late goes to the DPO, what nobody appeals is closed, what is long over is forgotten."""
    days, overdue, forgotten = concerns.days_of(house.settings), 0, 0
    for _, kept in at_each(house, lambda tx: concerns.keep(tx, house.vault, house.clock, days=days)):
        overdue, forgotten = overdue + kept.overdue, forgotten + kept.forgotten
    metrics().concerns_overdue.set(overdue)
    if overdue:
        _log.error("concerns are not answered in time; the DPO's list has them", extra={"concerns": overdue})
    if forgotten:
        _log.info("concerns were forgotten", extra={"concerns": forgotten})


def _carry_on_erasures(house: House, engine: Starter) -> None:
    """Erasures that a restored database was told of have no request that would start them; and what has been ready for a while
    and was not begun is begun."""
    for controller in house.controllers():
        with house.database.transaction(controller) as tx:
            found = [(each.id, "answer_erasure") for each in requests.without_request(tx, house.clock, since=timedelta())]
            late = [
                (id, procedure)
                for kind, procedure in _ANSWERS.items()
                for id in requests.not_begun(tx, house.clock, [kind], since=_BEGUN_BY_NOW)
            ]
        for id, procedure in (*found, *late):
            engine.start(procedure, f"{procedure}:{id}", str(controller), str(id))
