"""Other systems: what each is, how far its scans are, what was found there, what was not read and why; starting and ending a
scan."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from rightcall.console import columns, naming
from rightcall.console.door import Inside, inside, sending
from rightcall.console.filled import EMPTY, MENDABLE, Filled, Sent, number
from rightcall.console.sheets import page
from rightcall.console.tables import shown as answered
from rightcall.console.tables import walk_of
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.design.tables import Column, Table, View
from rightcall.discovery.decisions import actions as decisions
from rightcall.discovery.decisions.model import Asked
from rightcall.discovery.findings import actions as findings
from rightcall.discovery.findings.model import KeptFinding, Wanted
from rightcall.discovery.saying import SYSTEMS
from rightcall.discovery.scans import actions as scans
from rightcall.discovery.scans import unfitting
from rightcall.discovery.scans.model import Amount, Estimate, How, ObjectState, Progress, Scan, SkippedObject, Stage
from rightcall.discovery.seen import actions as seeing
from rightcall.discovery.seen.model import Seen, SeenState
from rightcall.discovery.seen.saying import said
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.fitting import DATABASES
from rightcall.discovery.systems.model import RegisteredSystem
from rightcall.discovery.systems.naming import system_names
from rightcall.errors import Malformed
from rightcall.holdings import saying
from rightcall.holdings.categories import Category
from rightcall.ids import FindingId, ObjectId, ScanId, SystemId
from rightcall.purposes import actions as purposes
from rightcall.safety import actions as safety
from rightcall.safety.model import WeaknessState
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console/systems")
Looking = Annotated[Inside, Depends(inside(Deed.SEE_SYSTEMS))]
Scanning = Annotated[Inside, Depends(sending(Deed.SCAN_SYSTEM))]
_SCANS = 10
_LOOKED_AT = (ObjectState.READ, ObjectState.UNCHANGED, ObjectState.SKIPPED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One system of the list. `weaknesses`: how many are open; None where the reader's role does not see them. `is_unseen`:
    nobody looked yet whether it has any."""

    system: RegisteredSystem
    seen: Seen
    findings: int
    weaknesses: int | None
    is_unseen: bool


STATES = {
    SeenState.NEVER: "never scanned",
    SeenState.GOING_ON: "being scanned",
    SeenState.FAILED: "last scan failed",
    SeenState.CANCELLED: "last scan cancelled",
    SeenState.SAMPLED: "only a sample",
    SeenState.FOLLOWING: "being put on the map",
    SeenState.WHOLE: "looked at whole",
    SeenState.RETIRED: "retired",
}


def _known(each: Listed) -> str:
    return "all" if each.seen.is_all_known else "something is not"


_LISTED: Table[Listed] = Table(
    file="systems",
    columns=(
        Column("system", "System", lambda each: each.system.name.text),
        Column("state", "State", lambda each: each.seen.state, is_picked=True, words=STATES),
        Column("findings", "Findings now", lambda each: each.findings, is_number=True),
        Column("nobodys", "Nobody's yet", lambda each: each.seen.nobodys, is_number=True),
        Column("not_read", "Not read", lambda each: each.seen.not_read + each.seen.parts_not_read, is_number=True),
        Column(
            "weaknesses",
            "Weaknesses",
            lambda each: None if each.is_unseen and not each.weaknesses else each.weaknesses,
            is_number=True,
        ),
        Column("known", "What is known", _known, is_picked=True, is_shown=False),
        Column("kind", "Kind", lambda each: each.system.kind, is_picked=True, is_shown=False, words=SYSTEMS),
    ),
)


_MOST_READERS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """The newest scan. `looked_at` of `objects`: as far as all are listed. `not_read`: of which sort how many, by why."""

    scan: Scan
    progress: Progress
    looked_at: int
    objects: int
    so_far: Amount
    estimates: Sequence[Estimate]
    not_read: Sequence[tuple[str, Mapping[str, int]]]

    @property
    def goes_on(self) -> bool:
        return self.scan.stage is not Stage.OVER

    @property
    def read_nothing_new(self) -> bool:
        return not self.so_far.bytes and self.progress.of(ObjectState.UNCHANGED).objects == self.objects > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """One system. `waits`: so many records may be about somebody and wait for a word; None as with `weaknesses`.
    `is_unseen` as of `Listed`."""

    system: RegisteredSystem
    seen: Seen
    found: Mapping[str, tuple[int, int]]
    scans: Sequence[Scan]
    newest: Going | None
    copies: Sequence[str]
    uses: Sequence[tuple[str, str, str]]
    misfits: Sequence[str]
    weaknesses: int | None
    is_unseen: bool
    waits: int | None


@router.get("")
def list_systems(request: Request, who: Looking, retired: Annotated[bool, Query()] = False) -> Response:
    """By name. `retired`: those too that nobody looks at any more."""

    def deed(tx: Transaction) -> list[Listed]:
        seen = {each.system: each for each in seeing.every(tx)}
        weak, unseen = _weaknesses(tx, who), safety.never_looked_at(tx)
        return [
            Listed(
                system=each,
                seen=seen[each.id],
                findings=sum(number for number, _ in findings.count_by_type(tx, each.id).values()),
                weaknesses=None if weak is None else weak[each.id],
                is_unseen=each.id in unseen,
            )
            for each in systems.systems(tx)
            if retired or each.retired_at is None
        ]

    listed = _LISTED.of(who.run(deed), request.query_params)
    return answered(request, "systems", who, listed=listed, retired=retired, said=said, states=STATES)


@router.get("/{system}")
def show(request: Request, who: Looking, system: UUID) -> Response:
    return _show(request, who, system, EMPTY)


def _show(request: Request, who: Inside, system: UUID, filled: Filled) -> Response:
    """`filled`: the form of a scan, as it was not taken."""
    whole = who.run(lambda tx: _whole(tx, who, SystemId(system)))
    tables, newest = request.query_params, whole.newest
    unread = () if newest is None else [(sort, why, many) for sort, each in newest.not_read for why, many in each.items()]
    given = {
        "used": columns.USES.of(whole.uses, tables),
        "estimates": columns.ESTIMATES.of(() if newest is None else newest.estimates, tables),
        "scanned": columns.SCANS.of(whole.scans, tables),
        "found": columns.FOUND.of(list(whole.found.items()), tables),
        "unread": columns.NOT_READ.of(unread, tables),
    }
    says = said(whole.seen, whole.system.name.text)
    given |= {"whole": whole, "says": says, "sorts": columns.READ, "filled": filled, "most": _MOST_READERS}
    if filled.says:
        return html(page(request, "other-system", who, **given), status=422)
    return answered(request, "other-system", who, **given)


@router.post("/{system}/scans")
def start(request: Request, who: Scanning, system: UUID, filled: Sent) -> Response:
    """`share`: of objects and rows in a hundred; empty for all. A worker begins within a second."""
    try:
        share, workers = filled.maybe("share", _share), filled.maybe("workers", number(1, _MOST_READERS))
        how = How(sample=share, workers=workers or 1)
        who.run(lambda tx: scans.start(tx, who.house.clock, systems.get(tx, SystemId(system)), how, by=who.actor))
    except MENDABLE as error:
        if not who.may(Deed.SEE_SYSTEMS):
            raise
        return _show(request, who, system, filled.but(error))
    return onwards(f"/console/systems/{system}#scan")


@router.post("/{system}/scans/{scan}/cancel")
def cancel(who: Scanning, system: UUID, scan: UUID) -> Response:
    """What it found so far stays. Again is fine."""
    who.run(lambda tx: scans.cancel(tx, who.house.clock, ScanId(scan)))
    return onwards(f"/console/systems/{system}#scan")


@router.get("/{system}/not-read")
def not_read(request: Request, who: Annotated[Inside, Depends(inside(Deed.SEE_FINDINGS))], system: UUID) -> Response:
    """Which objects the newest scan did not read, each with its reason."""

    def deed(tx: Transaction) -> tuple[RegisteredSystem, ScanId | None, Sequence[str]]:
        found = systems.get(tx, SystemId(system))
        newest = next(iter(scans.of_system(tx, found.id, limit=1)), None)
        return found, None if newest is None else newest.id, () if newest is None else sorted(scans.progress(tx, newest).skipped)

    found, scan, reasons = who.run(deed)

    def fetch(asked: View, limit: int) -> list[SkippedObject]:
        def deed(tx: Transaction) -> list[SkippedObject]:
            if scan is None:
                return []
            walk, reason = walk_of(asked), asked.picked.get("why")
            last = None if walk.id is None else ObjectId(walk.id)
            vault, first = who.house.vault, walk.oldest_first
            return scans.skipped(tx, vault, found, scan, after=last, limit=limit, oldest_first=first, reason=reason)

        return who.run(deed)

    rows = naming.unread(reasons).behind(fetch, lambda each: each.object, request.query_params)
    return answered(request, "not-read", who, system=found, rows=rows)


@router.get("/{system}/findings")
def list_findings(request: Request, who: Annotated[Inside, Depends(inside(Deed.SEE_FINDINGS))], system: UUID) -> Response:
    """What was found there, and why we think so. Never the value, nor whose it is; of a place only what tells of nobody."""
    vault = who.house.vault
    found, types = who.run(lambda tx: (systems.get(tx, SystemId(system)), sorted(findings.count_by_type(tx, SystemId(system)))))

    def fetch(asked: View, limit: int) -> list[KeptFinding]:
        walk, type = walk_of(asked), asked.picked.get("type")
        sort = next((each for each in Category if saying.category(each) == asked.picked.get("category")), None)
        if "category" in asked.picked and sort is None:
            return []
        wanted = Wanted(system=found.id, type=type, category=sort, nobodys="linked" in asked.picked)
        last, first = None if walk.id is None else FindingId(walk.id), walk.oldest_first
        return who.run(lambda tx: findings.page(tx, vault, found, wanted, after=last, limit=limit, oldest_first=first))

    rows = naming.findings(types).behind(fetch, lambda each: each.id, request.query_params)
    return answered(request, "findings", who, system=found, rows=rows, of_tables=found.kind in DATABASES)


def _whole(tx: Transaction, who: Inside, id: SystemId) -> Whole:
    system = systems.get(tx, id)
    names = system_names(tx)
    titles = purposes.titles(tx)
    every, weak = scans.of_system(tx, id, limit=_SCANS), _weaknesses(tx, who)
    return Whole(
        system=system,
        seen=seeing.of_system(tx, id),
        found=findings.count_by_type(tx, id),
        scans=every,
        newest=_going(tx, every[0]) if every else None,
        copies=[names[each] for each in system.originals if each in names],
        uses=[(titles[each.purpose], each.objects, each.fields) for each in system.uses],
        misfits=[unfitting.told(each) for each in unfitting.misfits_of(tx, who.house.vault, system)],
        weaknesses=None if weak is None else weak[id],
        is_unseen=id in safety.never_looked_at(tx),
        waits=decisions.count_waiting(tx, Asked(system=id))[0] if who.may(Deed.SEE_LINKS) else None,
    )


def _going(tx: Transaction, scan: Scan) -> Going:
    progress = scans.progress(tx, scan)
    sorts = (("objects", progress.skipped), ("parts", progress.inside), ("unchanged", progress.still))
    return Going(
        scan=scan,
        progress=progress,
        looked_at=sum(progress.of(each).objects for each in _LOOKED_AT),
        objects=sum(each.objects for state, each in progress.amounts.items() if state is not ObjectState.LEFT_OUT),
        so_far=progress.so_far,
        estimates=scans.estimates(tx, scan),
        not_read=[(sort, by_reason) for sort, by_reason in sorts if by_reason],
    )


def _weaknesses(tx: Transaction, who: Inside) -> Counter[SystemId] | None:
    """How many are open, by system."""
    if not who.may(Deed.SEE_SAFETY):
        return None
    return Counter(each.system for each in safety.of_system(tx) if each.state is WeaknessState.OPEN)


def _share(text: str) -> float:
    says = "Give a number above 0 and up to 100, such as 5, or leave it empty to look at everything."
    try:
        share = float(text.replace(",", ".")) / 100
    except ValueError as error:
        raise Malformed(says) from error
    if not 0 < share <= 1:
        raise Malformed(says)
    return share
