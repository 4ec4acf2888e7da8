"""Keeping why something was used, and reading it. It is sealed under the key of the person whose it is, and gone with them; and
after a year.

That a reason was given stands in the facts of the verdict for as long as that is on record. Whether it was a good one, those who
answer for the log ask afterwards, and by then nobody would remember it.
"""

from collections.abc import Sequence

from rightcall.canonical import canonical_json, parse_json
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.errors import Tampered
from rightcall.holdings.uses.whys import store
from rightcall.holdings.uses.whys.model import KEPT, SaidWhy, Why
from rightcall.ids import StatementId, SubjectId
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

_CONTEXT = "use_whys.why"


def keep(tx: Transaction, vault: Vault, clock: Clock, said: Sequence[tuple[StatementId, SubjectId, Why]]) -> None:
    """With the lines of the log that they belong to. Of somebody who was erased nothing is kept, as when a hold's own key opens
    what is left of them."""
    wanted = [(use, subject, why) for use, subject, why in said if why]
    if not wanted:
        return
    sealed = vault.seal_where_living(tx, [(subject, _told(why)) for _, subject, why in wanted], _CONTEXT)
    found = [(use, subject, blob) for (use, subject, _), blob in zip(wanted, sealed, strict=True)]
    rows = [SaidWhy(use=use, subject=subject, sealed=blob) for use, subject, blob in found if not isinstance(blob, Dark)]
    store.insert(tx, rows, clock.now())


def of_uses(tx: Transaction, vault: Vault, uses: Sequence[StatementId]) -> dict[StatementId, Why]:
    """Of those where something was said, not longer ago than a year, and whose person was not erased since."""
    of_each: dict[SubjectId, list[SaidWhy]] = {}
    for each in store.of_uses(tx, uses):
        of_each.setdefault(each.subject, []).append(each)
    found: dict[StatementId, Why] = {}
    for subject, lines in of_each.items():
        opened = vault.open_values(tx, subject, [(line.sealed, _CONTEXT) for line in lines])
        if not isinstance(opened, Dark):
            found |= {line.use: _read(told) for line, told in zip(lines, opened, strict=True)}
    return found


def forget_old(tx: Transaction, clock: Clock) -> int:
    """How many were too old to be asked for."""
    return store.delete_before(tx, clock.now() - KEPT)


def _told(why: Why) -> bytes:
    case, reason = (None if each is None else each.reveal("seal why") for each in (why.case, why.reason))
    return canonical_json({"case": case, "reason": reason})


def _read(told: bytes) -> Why:
    match parse_json(told):
        case {"reason": str() | None as reason, "case": str() | None as case}:
            return Why.of(reason, case)
    raise Tampered("Why something was used cannot be read. Stop, and tell the DPO.")
