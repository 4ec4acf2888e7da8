"""Putting linked findings on the data map, page by page; saying what is gone from there, and what it is for where that has
changed. Each may be done again."""

import logging
from collections.abc import Callable, Sequence
from uuid import UUID

from rightcall.actors import SYSTEM
from rightcall.clock import Clock, day_of
from rightcall.database.connection import Transaction
from rightcall.discovery.findings import actions as findings
from rightcall.discovery.findings.model import KeptFinding
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.mapping import store
from rightcall.discovery.mapping.model import Redated
from rightcall.discovery.mapping.rules import holding_of
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import RegisteredSystem
from rightcall.errors import Conflict
from rightcall.holdings import actions as holdings
from rightcall.holdings.provenance import actions as provenance
from rightcall.ids import FindingId, HoldingId, PurposeId, SystemId
from rightcall.purposes import actions as purposes
from rightcall.vault.actions import Vault

PAGE = 500
_log = logging.getLogger(__name__)


def map_next(
    tx: Transaction, vault: Vault, clock: Clock, system: RegisteredSystem, *, after: FindingId | None = None, limit: int = PAGE
) -> FindingId | None:
    """The next page of findings that are somebody's and not on the map. The last of it, for the next call; None at the end."""
    page = findings.unmapped(tx, vault, system, after=after, limit=limit)
    _put(tx, vault, clock, system, page)
    return page[-1].id if len(page) == limit else None


def map_everywhere_next(
    tx: Transaction, vault: Vault, clock: Clock, *, after: str | None = None, limit: int = PAGE
) -> str | None:
    """The same of all systems, one after the other: what is linked in one may tell whose something is in any other. Where to go
    on, for the next call; None at the end."""
    return _over(_in_use(tx), after, lambda system, last: map_next(tx, vault, clock, system, after=last, limit=limit))


def tell_copies_next(
    tx: Transaction, clock: Clock, system: SystemId, *, after: str | None = None, limit: int = PAGE
) -> str | None:
    """Where the system is registered as a copy of others, or another as a copy of it: what is told of a person in a copy came
    from what tells the same of them in the original, if both are on the map. Where to go on, for the next call; None at the
    end."""
    copies = [each for each in _in_use(tx) if each.originals and (each.id == system or system in each.originals)]

    def page(copy: RegisteredSystem, last: FindingId | None) -> FindingId | None:
        found = findings.again_of(tx, copy.id, copy.originals, after=last, limit=limit)
        for each in found:
            if each.origin is not None:
                _tell(tx, clock, each.holding, each.origin)
        return found[-1].finding if len(found) == limit else None

    return _over(copies, after, page)


def _tell(tx: Transaction, clock: Clock, holding: HoldingId, origin: HoldingId) -> None:
    try:
        provenance.tell_origins(tx, clock, holding, origins=[origin], by=SYSTEM)
    except Conflict:
        _log.info("not told as a copy: somebody told already that it is the other way round")


def _in_use(tx: Transaction) -> list[RegisteredSystem]:
    return sorted((each for each in systems.systems(tx) if each.retired_at is None), key=lambda each: each.id)


def _over(
    there: Sequence[RegisteredSystem], after: str | None, page: Callable[[RegisteredSystem, FindingId | None], FindingId | None]
) -> str | None:
    """A page of one system after the other; `after` is of the one it names, behind the finding that it names."""
    of, parted, last = (after or "").partition("/")
    left = [each for each in there if not parted or str(each.id) >= of]
    if not left:
        return None
    reached = page(left[0], FindingId(UUID(last)) if last and str(left[0].id) == of else None)
    if reached is not None:
        return f"{left[0].id}/{reached}"
    return f"{left[1].id}/" if len(left) > 1 else None


def map_record(tx: Transaction, vault: Vault, clock: Clock, system: RegisteredSystem, record: UUID) -> None:
    """All that was found in one record, now that it is somebody's."""
    found = findings.of_records(tx, vault, system, [record])
    _put(tx, vault, clock, system, [each for each in found if each.subject is not None and each.holding is None])


def describe_next(
    tx: Transaction, vault: Vault, clock: Clock, system: RegisteredSystem, *, after: FindingId | None = None, limit: int = PAGE
) -> FindingId | None:
    """The next page of what lies in the system and is on the map: it is for what the system says now, and until then. The last of
    it, for the next call; None at the end."""
    page = findings.mapped(tx, vault, system, after=after, limit=limit)
    _describe(tx, clock, system, page)
    return page[-1].id if len(page) == limit else None


def redate(tx: Transaction, vault: Vault, clock: Clock, system: RegisteredSystem, redated: Sequence[FindingId]) -> None:
    """The terms of these count from another day now."""
    if redated:
        _describe(tx, clock, system, findings.mapped_of(tx, vault, system, redated))


def by_term(tx: Transaction, clock: Clock, purpose: PurposeId, days: int, *, most: int | None = None) -> list[Redated]:
    """What another term of the purpose would move in other systems, by system: not what has a term of its own there. A longer one
    reaches what is over too. `most`: of each system only the first so many things are looked at."""
    was_days, today = purposes.get(tx, purpose).term_days, day_of(clock.now())
    among = [
        each.id for each in systems.systems(tx) if any(use.purpose == purpose and use.term_days is None for use in each.uses)
    ]
    since = today if days < was_days else None
    return store.redated(tx, purpose, among, was_days=was_days, days=days, since=since, today=today, most=most)


def _describe(tx: Transaction, clock: Clock, system: RegisteredSystem, page: Sequence[KeptFinding]) -> None:
    known = purposes.known(tx)
    holdings.describe(tx, clock, [holding_of(each, system, known) for each in page if each.spot is not None], by=SYSTEM)


def _put(tx: Transaction, vault: Vault, clock: Clock, system: RegisteredSystem, page: Sequence[KeptFinding]) -> None:
    """Findings of people who were erased are left out: nothing of theirs comes back."""
    known = purposes.known(tx)
    subjects = {each.subject for each in page if each.subject is not None}
    living = {subject for subject in subjects if vault.subject_exists(tx, subject)}
    new = [holding_of(each, system, known) for each in page if each.subject in living and each.spot is not None]
    if new:
        back = holdings.register(tx, vault, clock, new).back
        holdings.describe(tx, clock, [each for each in new if each.id in set(back)], by=SYSTEM)
        findings.put_on_map(tx, [FindingId(each.id) for each in new])
        linking.know_no_others(tx, list({each.record for each in page}))


def vanish_next(tx: Transaction, clock: Clock, system: RegisteredSystem, *, limit: int = PAGE) -> int:
    """Of findings that are gone, the next that the map does not know of yet. How many: 0 at the end."""
    gone = findings.gone_on_map(tx, system.id, limit)
    if gone:
        holdings.vanish(tx, clock, [holding for _, holding in gone], by=SYSTEM)
        findings.take_off_map(tx, [finding for finding, _ in gone])
    return len(gone)
