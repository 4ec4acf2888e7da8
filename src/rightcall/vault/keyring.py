"""Opening wrapped keys from the top down: epoch key, then subject, seed, term or hold key, then grant and content keys.

A ring lives for one deed, so that a deed opens each subject key once; nothing outlives the deed, since a withdrawal must reach
every process at once. No SQL here, and no decision about who may.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from rightcall.errors import Tampered
from rightcall.ids import ControllerId, GrantId, HoldId, HoldingId, PartyId, PurposeId, SubjectId
from rightcall.vault import rules
from rightcall.vault.model import Dark, DarkReason
from rightcall.vault.ports import KeyService
from rightcall.vault.wrapping import context, derive, unwrap, wrap


@dataclass(frozen=True, slots=True)
class Kept:
    """A secret wrapped under the epoch key of that name."""

    key: str
    blob: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptGrant:
    """A grant key's row with what opens it. `subject_key` is None when the person was erased, `blob` when it was destroyed.

    `withheld`: nobody may open it now. `withheld_wrap`: its wrap is bound to that, and is Tampered for whoever clears the row.
    """

    controller: ControllerId
    grant: GrantId
    subject: SubjectId
    party: PartyId
    purpose: PurposeId
    epoch: int | None
    blob: bytes | None = field(repr=False)
    subject_key: Kept | None
    seed: Kept | None
    withheld: bool = False
    withheld_wrap: bool = False
    destroyed_at: datetime | None = None

    @property
    def bound_to(self) -> bytes:
        sort = "withheld grant" if self.withheld_wrap else "grant"
        return context(sort, self.controller, self.grant, self.subject, self.party, self.purpose)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Which term key: of a purpose and its last day, the first or (after an old backup came back) a later one."""

    purpose: PurposeId
    last_day: date
    nth: int


class Ring:
    """The key service, for one controller and one deed."""

    def __init__(self, keys: KeyService, controller: ControllerId) -> None:
        self._keys = keys
        self._controller = controller
        self._opened: dict[tuple[Kept, bytes], bytes | Dark] = {}

    def subject(self, subject: SubjectId, kept: Kept) -> bytes | Dark:
        return self._open(kept, subject_context(self._controller, subject))

    def seed(self, epoch: int, kept: Kept) -> bytes | Dark:
        return self._open(kept, seed_context(self._controller, epoch))

    def term(self, term: Term, kept: Kept | None) -> bytes | Dark:
        """`kept` is None where its key was destroyed, or its day is over."""
        if kept is None:
            return Dark(reason=DarkReason.TERM_OVER)
        return self._open(kept, term_context(self._controller, term))

    def hold(self, hold: HoldId, kept: Kept) -> bytes | Dark:
        return self._open(kept, hold_context(self._controller, hold))

    def blind(self, kept: Kept) -> bytes | Dark:
        return self._open(kept, blind_context(self._controller))

    def grant(self, kept: KeptGrant) -> bytes | Dark:
        """The grant key, where both the person and the yes still stand, and nobody found that yes void."""
        if kept.withheld and kept.subject_key is not None and kept.blob is not None:
            return Dark(reason=DarkReason.WITHHELD)
        return self.grant_though_withheld(kept)

    def grant_though_withheld(self, kept: KeptGrant) -> bytes | Dark:
        """For what must go on beside a quarantine and shows nothing to anybody: a new wrap, a hold's own wrap, the release."""
        if kept.subject_key is None:
            return Dark(reason=DarkReason.SUBJECT_ERASED)
        if kept.blob is None:
            return Dark(reason=DarkReason.GRANT_DESTROYED)
        if kept.epoch is None or kept.seed is None:
            raise Tampered("A grant key lacks the seed it was wrapped with. Stop, and tell the DPO.")
        subject, seed = self.subject(kept.subject, kept.subject_key), self.seed(kept.epoch, kept.seed)
        if isinstance(subject, Dark):
            return subject
        if isinstance(seed, Dark):
            return seed
        return unwrap_grant(subject, seed, kept, kept.blob)

    def _open(self, kept: Kept, bound_to: bytes) -> bytes | Dark:
        found = self._opened.get((kept, bound_to))
        if found is None:
            found = self._opened[kept, bound_to] = self._keys.unwrap(kept.key, kept.blob, bound_to)
        return found


def wrap_grant(subject_key: bytes, seed: bytes, grant_key: bytes, row: KeptGrant) -> bytes:
    return wrap(derive(subject_key, seed, info=row.bound_to), grant_key, row.bound_to)


def unwrap_grant(subject_key: bytes, seed: bytes, row: KeptGrant, blob: bytes) -> bytes:
    return unwrap(derive(subject_key, seed, info=row.bound_to), blob, row.bound_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which lock of which holding: everything that a content key's wrap is bound to."""

    controller: ControllerId
    holding: HoldingId
    term: Term
    grants: tuple[GrantId, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A row that is there; `kept` is None on a tombstone."""

    kept: Kept | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LockRow:
    """`origins`: grants that what it was made from needs, and that this lock does not name. It opens only where they do."""

    place: Place
    blob: bytes = field(repr=False)
    term: Kept | None
    origins: tuple[GrantId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRow:
    hold: Kept | None
    blob: bytes = field(repr=False)


def wrap_content(place: Place, grant_keys: Sequence[bytes], term_key: bytes, content_key: bytes) -> bytes:
    """`grant_keys` in canonical order, one for each of `place.grants`."""
    return wrap(_wrap_key(place, grant_keys, term_key), content_key, _content_context(place))


def unwrap_content(place: Place, grant_keys: Sequence[bytes], term_key: bytes, blob: bytes) -> bytes:
    return unwrap(_wrap_key(place, grant_keys, term_key), blob, _content_context(place))


def _wrap_key(place: Place, grant_keys: Sequence[bytes], term_key: bytes) -> bytes:
    if place.grants != rules.canonical(place.grants) or len(grant_keys) != len(place.grants) or not grant_keys:
        raise Tampered("A content lock does not name its grants in their order. Stop, and tell the DPO.")
    return derive(*grant_keys, term_key, info=context("lock", place.controller, place.holding, place.term.purpose))


def _content_context(place: Place) -> bytes:
    term = place.term
    return context("content", place.controller, place.holding, term.purpose, term.last_day, term.nth, *place.grants)


def wrap_held(controller: ControllerId, hold: HoldId, holding: HoldingId, hold_key: bytes, content_key: bytes) -> bytes:
    bound_to = held_context(controller, hold, holding)
    return wrap(derive(hold_key, info=bound_to), content_key, bound_to)


def unwrap_held(controller: ControllerId, hold: HoldId, holding: HoldingId, hold_key: bytes, blob: bytes) -> bytes:
    bound_to = held_context(controller, hold, holding)
    return unwrap(derive(hold_key, info=bound_to), blob, bound_to)


def seal_value(controller: ControllerId, subject: SubjectId, place: str, subject_key: bytes, value: bytes) -> bytes:
    bound_to = value_context(controller, subject, place)
    return wrap(derive(subject_key, info=bound_to), value, bound_to)


def open_value(controller: ControllerId, subject: SubjectId, place: str, subject_key: bytes, sealed: bytes) -> bytes:
    bound_to = value_context(controller, subject, place)
    return unwrap(derive(subject_key, info=bound_to), sealed, bound_to)


def value_context(controller: ControllerId, subject: SubjectId, place: str) -> bytes:
    return context("value", controller, subject, place)


def subject_context(controller: ControllerId, subject: SubjectId) -> bytes:
    return context("subject", controller, subject)


def seed_context(controller: ControllerId, epoch: int) -> bytes:
    return context("seed", controller, epoch)


def term_context(controller: ControllerId, term: Term) -> bytes:
    return context("term", controller, term.purpose, term.last_day, term.nth)


def hold_context(controller: ControllerId, hold: HoldId) -> bytes:
    return context("hold", controller, hold)


def held_context(controller: ControllerId, hold: HoldId, holding: HoldingId) -> bytes:
    return context("held", controller, hold, holding)


def blind_context(controller: ControllerId) -> bytes:
    return context("blind", controller)
