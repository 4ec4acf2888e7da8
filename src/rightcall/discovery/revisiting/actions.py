"""Looking again at linked records in which something new was found; then linking what is nobody's, as `linking` does; then
looking again at what waits for a word, where what was linked since may tell whose it is: so that it does not matter which system
is scanned first.

A row that gets a new column, or a note, stays its person's with all of it. A key under which somebody else is entered is another
record: the link is over, with its reason in the ledger, and nothing of it is in anybody's view by it any more.
"""

from collections.abc import Sequence
from uuid import UUID

from rightcall.actors import SYSTEM
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.discovery.decisions import actions as decisions
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import Blinds, Link, Record, Tally, Unlinked
from rightcall.discovery.revisiting import store
from rightcall.discovery.revisiting.rules import Outcome, revisited
from rightcall.discovery.revisiting.statements import RecordsFollowed
from rightcall.ids import SubjectId, new_id
from rightcall.ledger import actions as ledger
from rightcall.subjects.knowing import actions as knowing
from rightcall.vault.actions import Vault

PAGE = 500
_AGAIN, _WAITS = "again", "waits"


def link_next(
    tx: Transaction, vault: Vault, clock: Clock, tally: Tally, *, after: str | None = None, limit: int = PAGE
) -> str | None:
    """The next page of linked records that say more; after all of them, of records that are nobody's; then of those that wait.
    Where to go on, for the next call; None at the end."""
    part, _, last = (after or _AGAIN).partition("/")
    behind = UUID(last) if last and part in (_AGAIN, _WAITS) else None
    if part == _WAITS:
        waits = reconsider_next(tx, vault, clock, tally, after=behind, limit=limit)
        return None if waits is None else f"{_WAITS}/{waits}"
    if part == _AGAIN:
        again = revisit_next(tx, vault, clock, tally, after=behind, limit=limit)
        return f"{_AGAIN}/{again}" if again is not None else _linked(tx, vault, clock, tally, None, limit)
    return _linked(tx, vault, clock, tally, after, limit)


def _linked(tx: Transaction, vault: Vault, clock: Clock, tally: Tally, after: str | None, limit: int) -> str:
    following = linking.link_next(tx, vault, clock, tally, after=after, limit=limit)
    return _WAITS if following is None else following


def reconsider_next(
    tx: Transaction, vault: Vault, clock: Clock, tally: Tally, *, after: UUID | None = None, limit: int = PAGE
) -> UUID | None:
    """The next page of what waits for a word: what may be told now is looked at as if for the first time, and waits under the
    same id where it is still in doubt; what is gone is no question any more. The last of it, for the next call; None at the
    end."""
    waits, now = store.waiting(tx, after, limit), new_id()
    told = [each.record for each in waits if each.is_told]
    if told:
        linking.link_records(tx, vault, clock, list(linking.in_records(tx, told).values()), tally)
    over = [each.record for each in waits if each.is_told or each.is_gone]
    if over:
        store.end_doubts(tx, over, before=now)
    return waits[-1].record if len(waits) == limit else None


def revisit_next(
    tx: Transaction, vault: Vault, clock: Clock, tally: Tally, *, after: UUID | None = None, limit: int = PAGE
) -> UUID | None:
    """The next page of linked records in which something is nobody's yet. The last of it, for the next call; None at the end."""
    grown = store.grown(tx, after, limit)
    if not grown:
        return None
    links = {record: linking.get(tx, link) for record, link in grown}
    records = linking.records(tx, vault, [links[record] for record, _ in grown])
    found = _outcomes(tx, vault, records, links)
    _follow(tx, vault, clock, tally, [record for record in records if found[record.id] is Outcome.STAYS], links)
    anew = [record for record in records if found[record.id] is Outcome.ANEW]
    for record in records:
        _count(tally, found[record.id])
        if found[record.id] in (Outcome.ANEW, Outcome.ASKED):
            decisions.end(tx, vault, clock, links[record.id], ask=found[record.id] is Outcome.ASKED)
    if anew:
        linking.link_records(tx, vault, clock, anew, tally)
    return grown[-1][0] if len(grown) == limit else None


def _outcomes(tx: Transaction, vault: Vault, records: Sequence[Record], links: dict[UUID, Link]) -> dict[UUID, Outcome]:
    people = list(dict.fromkeys(each.subject for each in links.values()))
    known = linking.known_by(tx, people)
    living = {each for each in people if vault.subject_exists(tx, each)}
    return {
        record.id: revisited(record, link, known.get(link.subject, _NOTHING), erased=link.subject not in living)
        for record in records
        for link in [links[record.id]]
    }


_NOTHING: Blinds = {}


def _follow(
    tx: Transaction, vault: Vault, clock: Clock, tally: Tally, records: Sequence[Record], links: dict[UUID, Link]
) -> None:
    """What is new in these is their people's."""
    if not records:
        return
    of: list[tuple[UUID, SubjectId]] = [(record.id, links[record.id].subject) for record in records]
    linking.set_aside(tx, vault, [record for record, _ in of])
    findings = store.take_in(tx, of)
    linking.move_on_map(tx, vault, clock, [record for record, _ in of], by=SYSTEM)
    knowing.know(tx, [each for record in records for each in linking.told(links[record.id].subject, record)])
    tally.followed += len(records)
    tally.findings += findings
    ledger.append(tx, RecordsFollowed(at=clock.now(), controller=tx.of, records=len(records), findings=findings))


def _count(tally: Tally, outcome: Outcome) -> None:
    """What is linked anew is counted as that happens."""
    tally.over += outcome in (Outcome.ANEW, Outcome.ASKED)
    tally.doubtful += outcome is Outcome.ASKED
    if outcome is Outcome.OF_SEVERAL:
        tally.unlinked[Unlinked.SEVERAL_PEOPLE] = tally.unlinked.get(Unlinked.SEVERAL_PEOPLE, 0) + 1
