"""The company on whose behalf data is processed (GDPR Art. 4(7)). Every row in the database belongs to exactly one."""

from dataclasses import dataclass
from datetime import datetime

from rightcall.ids import ControllerId

UTC = "UTC"
ENGLISH = "en"
REMEMBERED, REMEMBERED_AT_LEAST, REMEMBERED_AT_MOST = 1095, 365, 3653
ON_RECORD_AT_LEAST = 400
"""So that the twelve whole months that are published are there."""
"""Days. Claims lapse after three years in many places; why something was used is kept for one."""
NOT_GIVEN = "Not given yet"
"""What stands for an address or a contact until the company gives its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Controller:
    """`contact` is where a person turns to with a question or a withdrawal; `jurisdictions` are codes such as EU, DK, US-CA;
    `zone` is where pages tell moments, a name of the IANA database; `language` that in which the company writes its register, its
    reviews and its rules (BCP 47), so that pages in other languages mark those words; `remember_days`: for so long after
    something went it is known that it was, and who used it, and `on_record_days`: for so long after it a call is on record,
    with what was asked, chosen and decided in it, and a request after its answer; for good where that is None."""

    id: ControllerId
    name: str
    address: str
    contact: str
    jurisdictions: tuple[str, ...]
    created_at: datetime
    zone: str = UTC
    language: str = ENGLISH
    remember_days: int | None = REMEMBERED
    on_record_days: int | None = REMEMBERED

    @property
    def is_described(self) -> bool:
        return NOT_GIVEN not in (self.address, self.contact)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewController:
    name: str
    address: str
    contact: str
    jurisdictions: tuple[str, ...]
    zone: str = UTC
    language: str = ENGLISH
