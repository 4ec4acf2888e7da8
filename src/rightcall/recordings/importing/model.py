"""What a vCon says that somebody else made, and what the bases in it allow (absence is denial)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from rightcall.personal import Personal
from rightcall.purposes.model import LawfulBasis


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedParty:
    tel: Personal[str] | None
    sip: Personal[str] | None
    mailto: Personal[str] | None
    name: Personal[str] | None
    role: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedDialog:
    """`parties` are places in the list of parties. `body` is None where there is no content in it; then `elsewhere` says whether
    there is some at an address. `lasts` is None where it is not told."""

    kind: str
    start: datetime
    lasts: timedelta | None
    elsewhere: bool
    parties: tuple[int, ...]
    mediatype: str | None
    body: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedEvent:
    """Somebody joined, dropped, held or was muted. Which keys they pressed is not taken over."""

    party: int
    at: datetime
    event: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedNotice:
    """The notice that the newest answer was given to, as far as it is told. `digest`: SHA-256, as in `purposes.model.Notice`."""

    digest: bytes | None
    language: str | None
    text: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedGrant:
    """What one attachment says of one party and one purpose. `expires_at`: None where it does not; where it is to be confirmed
    from time to time, the first of those. `controller`: to whom it was given, by name, if told."""

    party: int
    purpose: str
    basis: LawfulBasis
    granted: bool
    granted_at: datetime
    expires_at: datetime | None
    conditions: int
    controller: str | None = None
    notice: ImportedNotice | None = None

    @property
    def refused(self) -> bool:
        return not self.granted and self.basis is LawfulBasis.CONSENT

    def allows(self, at: datetime) -> bool:
        """A grant under conditions allows nothing here: we cannot tell whether they are met."""
        has_expired = self.expires_at is not None and self.expires_at <= at
        return self.granted and self.granted_at <= at and not has_expired and not self.conditions


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedVcon:
    """`signed_by`: SHA-256 of the trusted certificate whose signature was checked. Without one nothing in it proves a basis.
    `digest`: SHA-256 of its canonical form."""

    id: UUID
    digest: bytes = field(repr=False)
    created_at: datetime
    signed_by: bytes | None
    parties: tuple[ImportedParty, ...]
    dialogs: tuple[ImportedDialog, ...]
    grants: tuple[ImportedGrant, ...]
    history: tuple[ImportedEvent, ...] = ()

    def may_serve(self, party: int, purpose: str, at: datetime) -> bool:
        """Whether this party's words may be kept for this purpose: somebody trusted says so, and nothing in it says otherwise."""
        found = [grant for grant in self.grants if grant.party == party and grant.purpose == purpose]
        return self.signed_by is not None and bool(found) and all(grant.allows(at) for grant in found)

    def grant(self, party: int, purpose: str, at: datetime) -> ImportedGrant | None:
        """The newest of the grants by which `may_serve` says yes."""
        if not self.may_serve(party, purpose, at):
            return None
        found = [grant for grant in self.grants if grant.party == party and grant.purpose == purpose]
        return max(found, key=lambda grant: grant.granted_at)

    def refusals(self, party: int, purpose: str, at: datetime) -> list[ImportedGrant]:
        """What this party said no to, oldest first, as somebody trusted says. A no has no end and no conditions."""
        if self.signed_by is None:
            return []
        about = [grant for grant in self.grants if grant.party == party and grant.purpose == purpose]
        said = [grant for grant in about if grant.refused and grant.granted_at <= at]
        return sorted(said, key=lambda grant: grant.granted_at)

    def expires_at(self, party: int, purpose: str) -> datetime | None:
        """When the first of the grants ends that speak of it; None where none does."""
        found = [grant for grant in self.grants if grant.party == party and grant.purpose == purpose]
        return min((grant.expires_at for grant in found if grant.expires_at is not None), default=None)


class Signature(StrEnum):
    """Who vouches for a vCon. `unknown`: it is signed, by nobody who is trusted here."""

    TRUSTED = "trusted"
    UNKNOWN = "unknown"
    NONE = "none"
