"""What sort of data about a person something is, and where it lies: in Rightcall itself or in another system, down to the field
and the characters. What of a place may tell about the person is wrapped, and sealed at rest under the person's key.

Categories are terms of the W3C's vocabulary of personal data (DPV-PD 2). How sensitive each is follows GDPR Art. 9 and 10.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from rightcall.errors import Malformed
from rightcall.ids import HoldingId, ObjectId, SystemId
from rightcall.personal import Personal

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,62}")
_LONG_NUMBER = re.compile(r"[0-9]{7}")


class Sensitivity(StrEnum):
    """The gravest first: Art. 9; Art. 10; about a child; what money can be taken with; anything else."""

    SPECIAL_CATEGORY = "special_category"
    CRIMINAL = "criminal"
    MINOR = "minor"
    FINANCIAL = "financial"
    ORDINARY = "ordinary"


class Category(StrEnum):
    """DPV-PD terms. `PERSONAL_DATA` is for what nobody has told more of."""

    PERSONAL_DATA = "dpv:PersonalData"
    NAME = "pd:Name"
    EMAIL_ADDRESS = "pd:EmailAddress"
    TELEPHONE_NUMBER = "pd:TelephoneNumber"
    PHYSICAL_ADDRESS = "pd:PhysicalAddress"
    POSTAL_CODE = "pd:PostalCode"
    CONTACT = "pd:Contact"
    BIRTH_DATE = "pd:BirthDate"
    AGE = "pd:Age"
    GENDER = "pd:Gender"
    LANGUAGE = "pd:Language"
    NATIONALITY = "pd:Nationality"
    FAMILY = "pd:Family"
    OFFICIAL_ID = "pd:OfficialID"
    PASSPORT = "pd:Passport"
    UID = "pd:UID"
    USERNAME = "pd:Username"
    PASSWORD = "pd:Password"  # noqa: S105  # a term, and no password
    PIN_CODE = "pd:PINCode"
    SECRET_TEXT = "pd:SecretText"  # noqa: S105  # a term, and no password
    IP_ADDRESS = "pd:IPAddress"
    DEVICE_BASED = "pd:DeviceBased"
    LOCATION = "pd:Location"
    VEHICLE_LICENSE_REGISTRATION = "pd:VehicalLicenseRegistration"
    PICTURE = "pd:Picture"
    PROFESSIONAL = "pd:Professional"
    PERFORMANCE_AT_WORK = "pd:PerformanceAtWork"
    COMMUNICATION = "pd:Communication"
    COMMUNICATIONS_METADATA = "pd:CommunicationsMetadata"
    CALL_LOG = "pd:CallLog"
    EMAIL_CONTENT = "pd:EmailContent"
    VOICE_COMMUNICATION_RECORDING = "pd:VoiceCommunicationRecording"
    VOICE_MAIL = "pd:VoiceMail"
    OPINION = "pd:Opinion"
    PREFERENCE = "pd:Preference"
    PURCHASE = "pd:Purchase"
    SERVICE_CONSUMPTION = "pd:ServiceConsumptionBehavior"
    FINANCIAL = "pd:Financial"
    FINANCIAL_ACCOUNT = "pd:FinancialAccount"
    FINANCIAL_ACCOUNT_NUMBER = "pd:FinancialAccountNumber"
    BANK_ACCOUNT = "pd:BankAccount"
    PAYMENT_CARD = "pd:PaymentCard"
    PAYMENT_CARD_NUMBER = "pd:PaymentCardNumber"
    PAYMENT_CARD_EXPIRY = "pd:PaymentCardExpiry"
    INCOME = "pd:Income"
    CREDIT = "pd:Credit"
    INSURANCE = "pd:Insurance"
    TRANSACTION = "pd:Transaction"
    CRIMINAL = "pd:Criminal"
    HEALTH = "pd:Health"
    MEDICAL_HEALTH = "pd:MedicalHealth"
    MENTAL_HEALTH = "pd:MentalHealth"
    DISABILITY = "pd:Disability"
    PRESCRIPTION = "pd:Prescription"
    BIOMETRIC = "pd:Biometric"
    GENETIC = "pd:Genetic"
    ETHNIC_ORIGIN = "pd:EthnicOrigin"
    RACE = "pd:Race"
    RELIGION = "pd:Religion"
    PHILOSOPHICAL_BELIEF = "pd:PhilosophicalBelief"
    POLITICAL_OPINION = "pd:PoliticalOpinion"
    POLITICAL_AFFILIATION = "pd:PoliticalAffiliation"
    TRADE_UNION_MEMBERSHIP = "pd:TradeUnionMembership"
    SEXUAL = "pd:Sexual"

    @property
    def sensitivity(self) -> Sensitivity:
        return _GRAVE.get(self, Sensitivity.ORDINARY)


_GRAVE = {
    **dict.fromkeys(
        (
            *(Category.HEALTH, Category.MEDICAL_HEALTH, Category.MENTAL_HEALTH, Category.DISABILITY, Category.PRESCRIPTION),
            *(Category.BIOMETRIC, Category.GENETIC, Category.ETHNIC_ORIGIN, Category.RACE, Category.RELIGION),
            *(Category.PHILOSOPHICAL_BELIEF, Category.POLITICAL_OPINION, Category.POLITICAL_AFFILIATION),
            *(Category.TRADE_UNION_MEMBERSHIP, Category.SEXUAL),
        ),
        Sensitivity.SPECIAL_CATEGORY,
    ),
    Category.CRIMINAL: Sensitivity.CRIMINAL,
    **dict.fromkeys(
        (
            *(Category.FINANCIAL, Category.FINANCIAL_ACCOUNT, Category.FINANCIAL_ACCOUNT_NUMBER, Category.BANK_ACCOUNT),
            *(Category.PAYMENT_CARD, Category.PAYMENT_CARD_NUMBER, Category.PAYMENT_CARD_EXPIRY, Category.INCOME),
            *(Category.CREDIT, Category.TRANSACTION, Category.PIN_CODE),
        ),
        Sensitivity.FINANCIAL,
    ),
}


def is_plain(name: str) -> bool:
    """Whether a field's name looks like a schema's and like nothing about a person, so that it may stand in the clear."""
    return bool(_PLAIN.fullmatch(name)) and not _LONG_NUMBER.search(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something lies. `system` None: Rightcall itself. `field`: a plain name (`is_plain`), else it belongs into `path`.
    Characters from `start` to before `end` of the text. `object_name` where no object is registered, `row` (its key) and `path`
    are sealed, and None in what was read back before it was opened."""

    system: SystemId | None = None
    object: ObjectId | None = None
    field: str | None = None
    start: int | None = None
    end: int | None = None
    object_name: Personal[str] | None = None
    row: Personal[str] | None = None
    path: Personal[str] | None = None

    def __post_init__(self) -> None:
        if self.field is not None and not is_plain(self.field):
            raise Malformed("This field's name may tell about a person. Give it as the path, which is sealed.")
        if (self.start is None) != (self.end is None) or (self.start is not None and not 0 <= self.start < (self.end or 0)):
            raise Malformed("Characters go from a start to an end behind it. Give both, or neither.")


OURS = Place()
"""In Rightcall itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a holding that another was made from: a field, a turn (counted from 1), a time in milliseconds from its
    beginning, characters. At least one of them."""

    origin: HoldingId
    field: str | None = None
    turn: int | None = None
    from_ms: int | None = None
    until_ms: int | None = None
    start: int | None = None
    end: int | None = None

    def __post_init__(self) -> None:
        if all(each is None for each in (self.field, self.turn, self.from_ms, self.start)):
            raise Malformed("Say which part: a field, a turn, a time or characters. The whole of it needs no part.")
        if self.field is not None and not is_plain(self.field):
            raise Malformed(
                "This field's name may tell about a person, and stands nowhere in the clear. Name the part otherwise."
            )
        if (self.start is None) != (self.end is None) or (self.start is not None and not 0 <= self.start < (self.end or 0)):
            raise Malformed("Characters go from a start to an end behind it. Give both, or neither.")
        if self.until_ms is not None and (self.from_ms is None or self.until_ms < self.from_ms):
            raise Malformed("A time goes from a moment until one that is not before it.")
