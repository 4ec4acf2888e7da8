"""What became of what was kept of a call: whether anybody can open it yet, and how often somebody did. Asked of no key, so that a
call can be looked at while the keys are away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rightcall.database.connection import Transaction
from rightcall.design.tables import Column, Table
from rightcall.holdings import actions as holdings
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.uses import actions as every_use
from rightcall.ids import HoldingId, PartyId, PurposeId
from rightcall.purposes.model import Purpose
from rightcall.recordings.model import Cut, Take
from rightcall.recordings.saying import why
from rightcall.vault.actions import Vault

_CUT = {each.value: why(each.value) for each in Cut}


class Now(StrEnum):
    """`GOES_ON`: it is not finished. `BY_A_HOLD`: its own keys are destroyed, and a hold keeps of it what it names."""

    GOES_ON = "goes on"
    OPENS = "can be opened for its purpose"
    SILENT = "no sound was kept in it"
    BY_A_HOLD = "kept by a hold alone"
    DARK = "nobody can open it any more"
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One take. `used`: how often it was opened, not counting who was refused; `last_used_at`: when last."""

    take: Take
    now: Now
    used: int = 0
    last_used_at: datetime | None = None

    @property
    def can_be_heard(self) -> bool:
        return self.now is Now.OPENS


def kept(tx: Transaction, vault: Vault, takes: Sequence[Take]) -> list[Kept]:
    """Each of them, in their order."""
    ids = [each.id for each in takes]
    if not ids:
        return []
    there, opens = holdings.of_ids(tx, ids), vault.may_open_yet(tx, ids)
    held = {part.holding for hold in holds.standing(tx, ids) for part in hold.slices}
    used: dict[HoldingId, list[datetime]] = {each: [] for each in ids}
    for use in every_use.of_holdings(tx, ids):
        if use.holding is not None and not use.refused:
            used[use.holding].append(use.at)

    def now(take: Take) -> Now:
        if take.finished_at is None:
            return Now.GOES_ON
        if take.id not in there or there[take.id].disposed_at is not None:
            return Now.DESTROYED
        if take.packets == 0:
            return Now.SILENT
        if take.id in opens:
            return Now.OPENS
        return Now.BY_A_HOLD if take.id in held else Now.DARK

    return [
        Kept(take=each, now=now(each), used=len(used[each.id]), last_used_at=max(used[each.id], default=None)) for each in takes
    ]


def _used(each: Kept) -> int:
    return each.used


def table(names: Mapping[PartyId, str], known: Mapping[PurposeId, Purpose], *, sees_uses: bool) -> Table[Kept]:
    """Of one call. `sees_uses`: whoever may see who used what."""
    return Table(
        name="takes",
        file="what-was-kept",
        columns=(
            Column("whose", "Whose", lambda each: names.get(each.take.party) if each.take.party else None, is_picked=True),
            Column("from", "From, until", lambda each: each.take.opened_at),
            Column("for", "For", lambda each: ", ".join(known[one].title for one in each.take.purposes)),
            Column("ended", "Why it ended", lambda each: each.take.cut_reason, is_picked=True, words=_CUT),
            Column("now", "Now", lambda each: each.now, is_picked=True),
            *((Column("used", "Opened", _used, is_number=True),) if sees_uses else ()),
            Column("do", "What to do"),
        ),
    )
