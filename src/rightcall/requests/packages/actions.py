"""A package's deeds: asked for, begun, decided on, handed over, opened, taken, let go. None of these reads what is held; making
it is the procedure's.
"""

from datetime import datetime

from rightcall.activities.processors import orders
from rightcall.actors import Actor
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, NotFound
from rightcall.holdings import actions as holdings
from rightcall.ids import ControllerId, HoldingId, RequestId, new_id
from rightcall.ledger import actions as ledger
from rightcall.personal import Personal
from rightcall.procedures.model import Reached
from rightcall.requests import actions as requests
from rightcall.requests import proving
from rightcall.requests.course import store as course
from rightcall.requests.model import Answered, Request
from rightcall.requests.packages import processors, sealing, store
from rightcall.requests.packages.model import (
    Became,
    Counts,
    Handed,
    Package,
    PackageId,
    Part,
    Phase,
    State,
    Thing,
    Why,
)
from rightcall.requests.packages.rules import KEPT, LINK_HOLDS, MOST_TRIES, OPEN_FOR, check_copy, check_handable
from rightcall.requests.packages.statements import (
    PackageAsked,
    PackageHanded,
    PackageLetGo,
    PackageMade,
    PackageTaken,
    ThingDecided,
)
from rightcall.requests.packages.things import store as things
from rightcall.subjects.joining import actions as joining
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark
from rightcall.vault.wrapping import new_secret

_UNFULFILLED = (Answered.DENIED, Answered.REVOKED, Answered.ALREADY_ERASED)


def ask(tx: Transaction, clock: Clock, request: RequestId, *, by: Actor) -> None:
    """It is to be made, anew where there is one: that one is let go. Conflict for another kind of request, and for one that was
    not shown to be the person's, or was denied."""
    found = _copied(tx, clock, request)
    before = store.newest(tx, request)
    if before is not None and before.state is not State.GONE:
        let_go(tx, clock, before.id)
    ledger.append(tx, PackageAsked(at=clock.now(), controller=tx.of, request=found.id, actor=by.id, role=by.role))


def begin(tx: Transaction, vault: Vault, clock: Clock, request: RequestId) -> Package | None:
    """The one that is made, or waits to be; a new one where there is none. None where nothing is to be made."""
    found = requests.get(tx, request)
    before = store.newest(tx, request)
    if before is not None and before.state is not State.GONE:
        return before if before.state is State.MAKING else None
    if found.outcome in _UNFULFILLED or not vault.subject_exists(tx, found.subject) or proving.is_being_erased(tx, found):
        return None
    requests.begin(tx, clock, request)
    at = clock.now()
    package = Package(
        id=PackageId(new_id()),
        request=request,
        subject=found.subject,
        state=State.MAKING,
        phase=Phase.HEARD,
        cursor=None,
        sealed_key=sealing.keep(tx, vault, found.subject, new_secret()),
        asked_at=at,
        until=at + KEPT,
    )
    store.insert(tx, package)
    return package


def get(tx: Transaction, request: RequestId) -> Package:
    """The newest of this request."""
    requests.get(tx, request)
    found = store.newest(tx, request)
    if found is None:
        raise NotFound("No package is made for this request yet. It is begun as soon as it is shown who asks.")
    return found


def by_id(tx: Transaction, package: PackageId) -> Package:
    """Held until the transaction ends."""
    found = store.package(tx, package)
    if found is None:
        raise NotFound("There is no such package of this controller.")
    return found


def reached(tx: Transaction, package: Package) -> Reached:
    """How many things were looked at, of all that are held about the person."""
    of = holdings.count_of_person(tx, joining.person(tx, package.subject))
    is_made = package.state not in (State.MAKING, State.WAITING)
    return Reached(of if is_made else min(of, things.counts(tx, package.id).looked_at), of)


def counts(tx: Transaction, package: PackageId) -> Counts:
    return things.counts(tx, package)


def waiting(tx: Transaction, package: PackageId) -> list[Thing]:
    """What waits for somebody's word."""
    return things.waiting(tx, package)


def decide(tx: Transaction, clock: Clock, request: RequestId, holding: HoldingId, *, give: bool, by: Actor) -> int:
    """Somebody listened or read, and says whether the person gets it as it is (Art. 15(4)). How many wait still; when none
    does, the package is gone on with. Conflict where this does not wait."""
    package = by_id(tx, get(tx, request).id)
    thing = Thing(
        holding=holding,
        state=Became.GIVEN if give else Became.WITHHELD,
        why=None if give else Why.RIGHTS_OF_OTHERS.value,
    )
    if package.state is not State.WAITING or not things.decide(tx, package.id, thing, by.id, clock.now()):
        raise Conflict("This does not wait for a word of yours. Look at the package to see what does.")
    rest = len(things.waiting(tx, package.id))
    if not rest:
        store.go_on(tx, package.id, State.MAKING, package.phase, package.cursor)
    said = ThingDecided(
        at=clock.now(),
        controller=tx.of,
        request=request,
        package=package.id,
        holding=holding,
        given=give,
        rest=rest,
        actor=by.id,
        role=by.role,
    )
    ledger.append(tx, said)
    return rest


def made(tx: Transaction, clock: Clock, package: Package) -> None:
    """All of it is there."""
    store.set_made(tx, package.id, clock.now())
    found = things.counts(tx, package.id)
    said = PackageMade(
        at=clock.now(),
        controller=tx.of,
        request=package.request,
        package=package.id,
        things=found.held,
        given=found.given,
        bytes=sum(part.plain_length for part in store.parts(tx, package.id)),
    )
    ledger.append(tx, said)


def hand_over(tx: Transaction, vault: Vault, clock: Clock, request: RequestId, *, by: Actor) -> Handed:
    """A link and a code, to be given to the person two ways; told this once. From the commit on nobody here opens the package,
    and the request is answered. Conflict while it is not made, and once it was handed over."""
    package = by_id(tx, get(tx, request).id)
    check_handable(package)
    assert package.sealed_key is not None  # noqa: S101 - it is ready
    key = sealing.kept(tx, vault, package.subject, package.sealed_key)
    if isinstance(key, Dark):
        raise Conflict("This person was erased, and their package with them. There is nothing to hand over.")
    link, code = sealing.new_link()
    at = clock.now()
    store.set_handed(
        tx,
        package.id,
        sealed_key=sealing.hand(tx, vault, package.subject, package.id, key, link=link, code=code),
        link=sealing.digest_of(link),
        at=at,
        until=at + LINK_HOLDS,
    )
    course.change(tx, request, hands_over=True)
    ledger.append(tx, PackageHanded(at=at, controller=tx.of, request=request, package=package.id, actor=by.id, role=by.role))
    if requests.get(tx, request).outcome is None:
        requests.fulfil(tx, clock, request, by=by)
    return Handed(package=package.id, link=link, code=code, until=at + LINK_HOLDS)


def find_by_link(system_tx: Transaction, link: Personal[str]) -> tuple[ControllerId, PackageId] | None:
    return store.by_link(system_tx, sealing.digest_of(link.reveal("find a package by its link")))


def is_open(package: Package, now: datetime) -> bool:
    """Whether the link leads anywhere."""
    if package.state is not State.HANDED or now >= package.until or package.tries >= MOST_TRIES:
        return False
    return package.opened_at is None or now < package.opened_at + OPEN_FOR


def open_with(
    tx: Transaction, vault: Vault, clock: Clock, package: PackageId, *, link: Personal[str], code: Personal[str]
) -> bytes | None:
    """What its parts open with, for whoever has both. None where the link leads nowhere, and where the code is wrong: let the
    transaction commit all the same, it was a try. The hour runs from the first time."""
    found = by_id(tx, package)
    if not is_open(found, clock.now()) or found.sealed_key is None:
        return None
    key = sealing.open_handed(
        tx,
        vault,
        found.subject,
        found.id,
        found.sealed_key,
        link=link.reveal("open a package"),
        code=code.reveal("open a package"),
    )
    if key is None:
        store.add_try(tx, package)
        return None
    store.set_opened(tx, package, clock.now())
    return key


def parts(tx: Transaction, package: PackageId) -> list[Part]:
    return store.parts(tx, package)


def sent(tx: Transaction, clock: Clock, package: PackageId, bytes: int, *, is_end: bool) -> None:
    """So many bytes went out. Once the end did, and as many as there are, it was taken: what waited for that waits no longer.
    Of what was broken off too little is counted, never too much; then it counts when its time is over."""
    found = by_id(tx, package)
    out = store.add_sent(tx, package, bytes)
    is_whole = is_end and out >= sum(part.plain_length for part in store.parts(tx, package))
    if is_whole and store.set_taken(tx, package, clock.now()):
        ledger.append(tx, PackageTaken(at=clock.now(), controller=tx.of, request=found.request, package=package))
        _handed_over(tx, clock, found.request)


def let_go(tx: Transaction, clock: Clock, package: PackageId) -> None:
    """From the commit on nothing opens it. Its bytes go with `forget`."""
    found = by_id(tx, package)
    if found.state is State.GONE:
        return
    store.set_let_go(tx, package)
    ledger.append(tx, PackageLetGo(at=clock.now(), controller=tx.of, request=found.request, package=package))
    _handed_over(tx, clock, found.request)


def let_go_due(tx: Transaction, clock: Clock) -> int:
    """Those whose time is over, or that were taken. How many."""
    due = store.over(tx, clock.now(), clock.now() - OPEN_FOR)
    for each in due:
        let_go(tx, clock, each)
    return len(due)


def left_behind(tx: Transaction) -> list[PackageId]:
    """Let go, and their bytes are not confirmed gone."""
    return store.left_behind(tx)


def count_waiting(tx: Transaction) -> int:
    """How many wait for somebody's word."""
    return store.count_waiting(tx)


def to_go_on(tx: Transaction, clock: Clock) -> list[tuple[Package, int]]:
    """Those that waited for processors, and wait no longer; with how many were asked: one asked later has it wait again."""
    found = store.at_processors(tx)
    waited = [each for each in found if not processors.is_waiting(tx, clock, each, requests.get(tx, each.request))]
    return [(each, len(orders.orders_for(tx, each.request))) for each in waited]


def waits_for_processors(tx: Transaction, clock: Clock, package: Package) -> datetime | None:
    """Until when, at the latest; None where it does not."""
    request = requests.get(tx, package.request)
    if package.state is not State.MAKING or package.phase is not Phase.PROCESSORS:
        return None
    return processors.waits_until(package, request) if processors.is_waiting(tx, clock, package, request) else None


def forgotten(tx: Transaction, clock: Clock, package: PackageId) -> None:
    """Its bytes are confirmed gone."""
    store.set_gone(tx, package, clock.now())


def _handed_over(tx: Transaction, clock: Clock, request: RequestId) -> None:
    course.change(tx, request, hands_over=False)
    proving.look_at_rest(tx, clock, requests.get(tx, request).subject)


def _copied(tx: Transaction, clock: Clock, request: RequestId) -> Request:
    found = requests.get(tx, request)
    check_copy(found.kind)
    if found.outcome in _UNFULFILLED:
        raise Conflict("This request was denied or taken back, or the person was erased, so no package is made for it.")
    if found.ready_at is None:
        proving.check_ready(tx, clock, found)
    return found
