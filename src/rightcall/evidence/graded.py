"""What a certificate says of each copy: which it is, how far it went, and in the words of NIST SP 800-88 Rev. 2.

Pure. A copy has one of six grades and no other; what nobody has confirmed is called that. What other systems hold is told system
by system, by ids that say nothing to a stranger. Cryptographic erase is a technique of the standard's *Purge*, and counts only
where no copy of a key is left: while a backup or a log may still have one, the same destruction is no more than *Clear*. Deleting
a file is no method of the standard, so none is claimed for it alone.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from rightcall.errors import Malformed
from rightcall.evidence.model import Ground, Remainder
from rightcall.ids import HoldingId

STANDARD = "NIST SP 800-88 Rev. 2"


class CopyKind(StrEnum):
    """`rows`: of the live database; `log`: its rows that are dead and its write-ahead log; `objects`: sealed bytes in the object
    store; `versions`: former ones that the store keeps; `slot`: the log kept for a replica that is away; `slice`: what a hold
    keeps."""

    ROWS = "rows"
    LOG = "log"
    LOG_ARCHIVE = "log_archive"
    REPLICA = "replica"
    SLOT = "slot"
    OBJECTS = "objects"
    VERSIONS = "versions"
    OBJECT_REPLICA = "object_replica"
    BACKUP = "backup"
    KEY_BACKUP = "key_backup"
    SYSTEM = "system"
    SLICE = "slice"
    IDENTIFIERS = "identifiers"


class CopyGrade(StrEnum):
    KEY_DESTROYED = "key_destroyed"
    BYTES_GONE = "bytes_gone"
    GOES_ON = "goes_on"
    KEPT = "kept"
    OUTSIDE_REACH = "outside_reach"
    UNCONFIRMED = "unconfirmed"


class Sanitisation(StrEnum):
    """A method of the standard; *Destroy* is for media, and none is destroyed here."""

    CLEAR = "clear"
    PURGE = "purge"


class Residual(StrEnum):
    """What a certificate cannot speak for. `not_found`: where anything lay in other systems. `not_asked_…`: a processor may hold
    something of a person whom records of other systems alone tell of, and was not asked by what those tell: not yet, or because
    a person said why not."""

    BELOW_FILES = "below_files"
    SHOWN_BEFORE = "shown_before"
    UNTOLD_COPIES = "untold_copies"
    NOT_LOOKED = "not_looked"
    STORE_SILENT = "store_silent"
    NOT_FOUND = "not_found"
    NOT_ASKED_YET = "not_asked_yet"
    NOT_ASKED_SHARED = "not_asked_shared"
    NOT_ASKED_UNSURE = "not_asked_unsure"
    NOT_ASKED_WRONG = "not_asked_wrong"
    NOT_ASKED_OTHER_WAY = "not_asked_other_way"


ALWAYS = (Residual.BELOW_FILES, Residual.SHOWN_BEFORE, Residual.UNTOLD_COPIES)
REQUIRED = frozenset({CopyKind.ROWS, CopyKind.LOG})
_OF_GROUND = {
    Ground.HOLD: CopyKind.SLICE,
    Ground.LEGAL_OBLIGATION: CopyKind.IDENTIFIERS,
    Ground.OTHER_PERSON: CopyKind.SYSTEM,
    Ground.OUTSIDE_REACH: CopyKind.SYSTEM,
    Ground.UNCONFIRMED: CopyKind.SYSTEM,
    Ground.DOUBTFUL: CopyKind.SYSTEM,
}
_SINCE_FIFTH = frozenset({Ground.UNCONFIRMED, Ground.DOUBTFUL})
_BY_ITSELF = {Ground.OUTSIDE_REACH: CopyGrade.OUTSIDE_REACH, Ground.UNCONFIRMED: CopyGrade.UNCONFIRMED}
"""Grounds that are a grade of their own; what remains on another is kept."""
_STAYING = frozenset({CopyGrade.KEPT, *_BY_ITSELF.values()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """`count`: how many there are, None where that says nothing. `until`: the last day that it opens, or is kept. `epoch`,
    `backup`: with what it goes. `ground`: why it is kept. `told_on`: when those who have it were told. `system`: which other
    system has it, where that is known."""

    kind: CopyKind
    grade: CopyGrade
    count: int | None = None
    until: date | None = None
    epoch: int | None = None
    backup: UUID | None = None
    ground: Ground | None = None
    told_on: date | None = None
    holding: HoldingId | None = None
    sanitisation: Sanitisation | None = None
    system: UUID | None = None

    def __post_init__(self) -> None:
        if (self.grade is CopyGrade.GOES_ON) != (self.epoch is not None) or (
            self.grade is CopyGrade.GOES_ON and self.until is None
        ):
            raise Malformed("A copy that goes says on which day and with which epoch, and no other does.")
        if (self.grade is CopyGrade.KEPT) != (self.ground is not None):
            raise Malformed("A copy that is kept says why, and no other does.")
        if self.until is not None and self.grade not in (CopyGrade.GOES_ON, CopyGrade.KEPT):
            raise Malformed("Only a copy that goes or is kept has a last day.")
        if self.told_on is not None and self.grade is not CopyGrade.OUTSIDE_REACH:
            raise Malformed("Only of a copy out of our reach is anybody told.")
        if self.sanitisation is not None and self.grade not in (CopyGrade.KEY_DESTROYED, CopyGrade.BYTES_GONE):
            raise Malformed("What still opens was not sanitised.")
        if self.system is not None and self.kind is not CopyKind.SYSTEM:
            raise Malformed("Only what another system has says which system.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """All copies that are known of. `looked_at`: when the database and the object store were last asked which they make."""

    copies: tuple[Copy, ...]
    residuals: tuple[Residual, ...]
    looked_at: datetime | None


def of_remains(remains: Iterable[Remainder]) -> tuple[Copy, ...]:
    """The copies that are kept, out of reach or not confirmed, which follow from what remains, whichever system they are in."""
    return tuple(copy_of(each) for each in remains if each.ground in _OF_GROUND)


def copy_of(remainder: Remainder, *, system: UUID | None = None) -> Copy:
    grade = _BY_ITSELF.get(remainder.ground, CopyGrade.KEPT)
    is_kept = grade is CopyGrade.KEPT
    return Copy(
        kind=_OF_GROUND[remainder.ground],
        grade=grade,
        count=remainder.count,
        until=remainder.until if is_kept else None,
        ground=remainder.ground if is_kept else None,
        told_on=remainder.told_on,
        holding=remainder.holding,
        system=system,
    )


def _stays(copies: Iterable[Copy]) -> Counter[Copy]:
    """How many stay on each ground, whichever system they are in."""
    counts = Counter[Copy]()
    for copy in copies:
        if copy.grade in _STAYING:
            counts[replace(copy, count=None, system=None)] += copy.count or 1
    return counts


def fault_in(copies: Sequence[Copy], remains: Sequence[Remainder], backups_until: date | None, *, format: int = 5) -> str | None:
    """What contradicts itself in these, in plain words; None where nothing does. The verifier and the issuer ask the same. Before
    the fifth `format` nothing was said of what is not confirmed."""
    goes = [copy for copy in copies if copy.grade is CopyGrade.GOES_ON]
    told = [each for each in remains if format > 4 or each.ground not in _SINCE_FIFTH]
    if not {copy.kind for copy in copies} >= REQUIRED:
        return "It does not say what became of the rows and of the database's log."
    if max((copy.until for copy in goes if copy.until is not None), default=None) != backups_until:
        return "The last day of its copies is not the last day that it names."
    if _stays(copies) != _stays(of_remains(told)):
        return "The copies that are kept, out of reach or not confirmed are not what remains."
    if goes and any(copy.sanitisation is Sanitisation.PURGE for copy in copies):
        return "It calls something purged while a copy of a key may be left."
    return None
