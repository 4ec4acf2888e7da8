"""What is found in a text: of which type, where, how sure, and why. No value that was found is kept."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from rightcall.personal import Personal

LEAST = 0.4
"""What is less likely than this is not told, unless somebody asks for it."""


class Kind(StrEnum):
    PAYMENT_CARD = "payment_card"
    CARD_CODE = "card_code"
    IBAN = "iban"
    BANK_ACCOUNT = "bank_account"
    BANK_CODE = "bank_code"
    PERSON_NAME = "person_name"
    POSTAL_ADDRESS = "postal_address"
    EMAIL = "email"
    PHONE = "phone"
    IP_ADDRESS = "ip_address"
    DATE_OF_BIRTH = "date_of_birth"
    US_SSN = "us_ssn"
    US_ITIN = "us_itin"
    UK_NINO = "uk_nino"
    UK_NHS = "uk_nhs"
    DE_STEUER_ID = "de_steuer_id"
    DE_SVNR = "de_svnr"
    FR_NIR = "fr_nir"
    DK_CPR = "dk_cpr"
    SE_PERSONNUMMER = "se_personnummer"
    FI_HETU = "fi_hetu"
    NL_BSN = "nl_bsn"
    ES_DNI = "es_dni"
    ES_NIE = "es_nie"
    PASSPORT = "passport"
    DRIVING_LICENCE = "driving_licence"
    VEHICLE_PLATE = "vehicle_plate"
    HEALTH = "health"
    ETHNIC_ORIGIN = "ethnic_origin"
    POLITICAL_OPINION = "political_opinion"
    RELIGION_OR_BELIEF = "religion_or_belief"
    TRADE_UNION = "trade_union"
    SEX_LIFE = "sex_life"
    BIOMETRIC = "biometric"
    GENETIC = "genetic"
    CRIMINAL_OFFENCE = "criminal_offence"
    MINOR = "minor"


SPECIAL = (
    Kind.HEALTH,
    Kind.ETHNIC_ORIGIN,
    Kind.POLITICAL_OPINION,
    Kind.RELIGION_OR_BELIEF,
    Kind.TRADE_UNION,
    Kind.SEX_LIFE,
    Kind.BIOMETRIC,
    Kind.GENETIC,
    Kind.CRIMINAL_OFFENCE,
    Kind.MINOR,
)
"""What the law protects above the rest (GDPR Art. 9 and 10), and who is a child: said in words, with no form of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something about a person in a text. Offsets count characters; `type` is a `Kind` or the name of a given pattern.

    `parts`: the stretches that are the value, in order, where other words stand between them, as in a number said over several
    turns. Empty where all from `start` to before `end` is the value. `written`: what was said in words as it would be written,
    for whoever has to tell whose it is; masked, and never kept. `is_whole`: nothing says that it is a piece of something longer,
    which tells nobody.
    """

    start: int
    end: int
    type: str
    confidence: float
    why: str
    parts: tuple[tuple[int, int], ...] = ()
    written: Personal[str] | None = field(default=None, compare=False)
    is_whole: bool = True

    @property
    def stretches(self) -> tuple[tuple[int, int], ...]:
        """What to mask."""
        return self.parts or ((self.start, self.end),)

    def moved(self, by: int) -> "Finding":
        parts = tuple((start + by, end + by) for start, end in self.parts)
        return replace(self, start=self.start + by, end=self.end + by, parts=parts)
