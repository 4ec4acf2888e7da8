"""Writing down each use before what was asked for is handed out, and reading who used what.

The verdict is asked before, by whoever lets somebody at it. What was refused is written down too where somebody reports uses.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from rightcall.actors import Actor
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.database.together import beside
from rightcall.database.walk import Walk
from rightcall.errors import Breach, Conflict, NotFound
from rightcall.holdings import actions as holdings
from rightcall.holdings.model import Holding
from rightcall.holdings.uses import store
from rightcall.holdings.uses.model import After, FieldName, Ground, Made, NewUse, Report, Stretch, Use, UseAct, Which
from rightcall.holdings.uses.statements import HoldingUsed
from rightcall.holdings.uses.whys import actions as whys
from rightcall.holdings.uses.whys.model import Why
from rightcall.ids import HoldingId, PurposeId, StatementId, SubjectId, VerdictId
from rightcall.ledger import actions as ledger
from rightcall.subjects.joining import actions as joining
from rightcall.vault.actions import Vault

_LOOKS = 500
"""The newest of a person, however many there are."""
ONE_LISTENING = timedelta(minutes=10)
"""A player asks for the same sound again and again. What a line of these minutes tells already is not told again."""
_NOT_KEPT_FOR = "This holding is not kept for that purpose, so it cannot be used for it. Name one that it serves."


def used(
    tx: Transaction,
    clock: Clock,
    holding: HoldingId,
    purpose: PurposeId,
    by: Actor,
    act: UseAct,
    *,
    verdict: VerdictId | None = None,
    ground: Ground = Ground.PURPOSE,
    fields: Sequence[FieldName] = (),
    stretch: Stretch | None = None,
) -> StatementId:
    """Write down one use of a holding. Conflict where the holding does not serve the purpose."""
    found = holdings.get(tx, holding)
    if purpose not in found.purposes:
        raise Conflict(_NOT_KEPT_FOR)
    new = NewUse(
        subject=found.subject,
        holding=holding,
        purpose=purpose,
        by=by,
        act=act,
        verdict=verdict,
        ground=ground,
        fields=tuple(fields),
        stretches=() if stretch is None else (stretch,),
    )
    [statement] = record(tx, clock, [new])
    return statement


def listened(
    tx: Transaction,
    vault: Vault,
    clock: Clock,
    holding: Holding,
    purpose: PurposeId,
    by: Actor,
    act: UseAct,
    *,
    verdict: VerdictId,
    ground: Ground,
    fields: Sequence[FieldName],
    stretch: Stretch,
    why: Why,
) -> StatementId | None:
    """The same for a stretch of sound; None, and no second line, where the log tells it of this listening already, and why."""
    since = clock.now() - ONE_LISTENING
    if store.covers(tx, holding.id, purpose=purpose, by=by, act=act, stretch=stretch, since=since):
        before = store.latest(tx, holding.id, purpose=purpose, by=by, act=act)
        if not why or not vault.subject_exists(tx, holding.subject) or whys.of_uses(tx, vault, [before]).get(before) == why:
            return None
    statement = used(tx, clock, holding.id, purpose, by, act, verdict=verdict, ground=ground, fields=fields, stretch=stretch)
    whys.keep(tx, vault, clock, [(statement, holding.subject, why)])
    return statement


def record(tx: Transaction, clock: Clock, uses: Sequence[NewUse], *, ids: list[StatementId] | None = None) -> list[StatementId]:
    """Many at once, in their order. That each holding serves its purpose, the caller made sure."""
    if not uses:
        return []
    at, statements = clock.now(), ledger.identities(len(uses)) if ids is None else ids
    said = [
        HoldingUsed(
            at=at,
            controller=tx.of,
            holding=use.holding,
            purpose=use.purpose,
            act=use.act,
            ground=use.ground,
            fields=len(use.fields),
            verdict=use.verdict,
            actor=use.by.id,
            role=use.by.role,
        )
        for use in uses
    ]
    with beside(tx) as write:
        write(lambda tx: ledger.append_all(tx, said, ids=statements))
        write(lambda tx: store.insert(tx, list(zip(uses, statements, strict=True)), at, refused=False))
    return statements


def record_refused(tx: Transaction, clock: Clock, uses: Sequence[tuple[NewUse, StatementId]]) -> None:
    """Somebody wanted to, and the verdict was no. Each with the verdict's own statement, which stands in the ledger already."""
    if any(use.verdict is None for use, _ in uses):
        raise Breach("A use was refused without a verdict. Stop, and tell the DPO.")
    if uses:
        store.insert(tx, uses, clock.now(), refused=True)


def of_person(tx: Transaction, subject: SubjectId, *, after: After | None = None, limit: int | None = None) -> list[Use]:
    """Who used what is or was held about this person, of all subjects that are that person, and who wanted to and was refused;
    newest first."""
    return store.of_subjects(tx, joining.person(tx, subject), after=after, limit=limit)


def page(tx: Transaction, walk: Walk, which: Which, *, limit: int = 50) -> list[Use]:
    """The access log, by when each line was written."""
    return store.page(tx, walk, which, limit)


def looks(tx: Transaction, subjects: Sequence[SubjectId]) -> list[Use]:
    """The newest uses of these that name nothing on the map, newest first: somebody looked at the person, or at a place."""
    found = [use for subject in subjects for use in store.looks_of_subject(tx, subject, _LOOKS)]
    return sorted(found, key=lambda use: (use.at, use.statement), reverse=True)[:_LOOKS]


def of_holdings(tx: Transaction, holdings: Sequence[HoldingId]) -> list[Use]:
    """Who used them, newest first over all."""
    return store.of_holdings(tx, holdings)


def made(tx: Transaction, since: datetime) -> list[Made]:
    """How often each act was done for each purpose, by which role, since then."""
    return store.made(tx, since)


def of_statements(tx: Transaction, statements: Sequence[StatementId]) -> list[Use]:
    """The lines that these statements are of, in their order."""
    found = store.by_statements(tx, statements)
    if not set(statements) <= found.keys():
        raise NotFound("There is no such use. List the uses of the person again, from the start.")
    return [found[each] for each in statements]


def reported(tx: Transaction, key: bytes) -> Report | None:
    """What was reported under this key, which is a hash of whose it is and what they called it."""
    return store.report(tx, key)


def keep_report(tx: Transaction, clock: Clock, key: bytes, digest: bytes, statements: Sequence[StatementId]) -> None:
    """Conflict where another report took the key at the same moment."""
    if not store.insert_report(tx, key, digest, statements, clock.now()):
        raise Conflict("This idempotency key was used at the same moment. Ask again: you will be given what was answered then.")
