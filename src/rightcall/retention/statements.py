"""What the end of a term says in the ledger, and the end of what is known of what is gone. Whose it was nothing of it says."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from rightcall.ids import PurposeId
from rightcall.ledger.model import Digest, Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class TermEnded(Statement):
    """The term key is destroyed: all that was kept for `purpose` until `last_day` can no longer be read for it."""

    KIND: ClassVar[str] = "retention.term_ended"

    purpose: PurposeId
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsShortened(Statement):
    """So many that are kept for `purpose` end sooner, each within `term_days` of when it was made. `root`: of their ids."""

    KIND: ClassVar[str] = "retention.terms_shortened"

    purpose: PurposeId
    term_days: int
    count: int
    root: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsLengthened(Statement):
    """So many that are kept for `purpose` last longer, each for `term_days` from when it was made. `root`: of their ids."""

    KIND: ClassVar[str] = "retention.terms_lengthened"

    purpose: PurposeId
    term_days: int
    count: int
    root: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysReplaced(Statement):
    """Every term key of `purpose` from before it was shortened is destroyed, `keys` of them: no older copy of a lock opens with
    what is there now."""

    KIND: ClassVar[str] = "retention.keys_replaced"

    purpose: PurposeId
    keys: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochTurned(Statement):
    """Epoch `epoch` began: what lives was wrapped anew, no key of an earlier epoch exists, and backups from then open nothing."""

    KIND: ClassVar[str] = "retention.epoch_turned"

    epoch: int
    rewrapped: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneForgotten(Statement):
    """That so many things were ever held is known no more, `days` after they went. `root`: of their ids."""

    KIND: ClassVar[str] = "retention.gone_forgotten"

    days: int
    count: int
    root: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingsForgotten(Statement):
    """What scans found at so many places is known no more, `days` after they found it there last."""

    KIND: ClassVar[str] = "retention.findings_forgotten"

    days: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UsesForgotten(Statement):
    """So many lines of the access log are no more: each is older than `days`, and what was used is not known either."""

    KIND: ClassVar[str] = "retention.uses_forgotten"

    days: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsForgotten(Statement):
    """That there were so many calls, what was asked and chosen in them and what was decided is on record no more, `days` after
    each. `root`: of their ids."""

    KIND: ClassVar[str] = "retention.calls_forgotten"

    days: int
    count: int
    root: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictsForgotten(Statement):
    """So many decisions are on record no more: each is older than `days`, and what it was about is not known either."""

    KIND: ClassVar[str] = "retention.verdicts_forgotten"

    days: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleForgotten(Statement):
    """So many people are not known any more: nothing has told of them, and they were known for more than `days`. `root`: of their
    ids."""

    KIND: ClassVar[str] = "retention.people_forgotten"

    days: int
    count: int
    root: Digest
