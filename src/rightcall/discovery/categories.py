"""Which category of personal data a finding is of: one table from what detectors find to terms of the W3C Data Privacy Vocabulary
(https://w3id.org/dpv/pd). A number of one's own, found by a pattern, identifies somebody, and no more is known of it."""

from collections.abc import Mapping

from rightcall.discovery.detection.model import Kind

OWN_PATTERN = "pd:UID"
CATEGORIES: Mapping[Kind, str] = {
    Kind.PAYMENT_CARD: "pd:PaymentCardNumber",
    Kind.CARD_CODE: "pd:PaymentCard",
    Kind.IBAN: "pd:FinancialAccountNumber",
    Kind.BANK_ACCOUNT: "pd:FinancialAccountNumber",
    Kind.BANK_CODE: "pd:FinancialAccount",
    Kind.PERSON_NAME: "pd:Name",
    Kind.POSTAL_ADDRESS: "pd:PhysicalAddress",
    Kind.EMAIL: "pd:EmailAddress",
    Kind.PHONE: "pd:TelephoneNumber",
    Kind.IP_ADDRESS: "pd:IPAddress",
    Kind.DATE_OF_BIRTH: "pd:BirthDate",
    Kind.US_SSN: "pd:OfficialID",
    Kind.US_ITIN: "pd:OfficialID",
    Kind.UK_NHS: "pd:OfficialID",
    Kind.DE_SVNR: "pd:OfficialID",
    Kind.UK_NINO: "pd:OfficialID",
    Kind.DE_STEUER_ID: "pd:OfficialID",
    Kind.FR_NIR: "pd:OfficialID",
    Kind.DK_CPR: "pd:OfficialID",
    Kind.SE_PERSONNUMMER: "pd:OfficialID",
    Kind.FI_HETU: "pd:OfficialID",
    Kind.NL_BSN: "pd:OfficialID",
    Kind.ES_DNI: "pd:OfficialID",
    Kind.ES_NIE: "pd:OfficialID",
    Kind.PASSPORT: "pd:Passport",
    Kind.DRIVING_LICENCE: "pd:OfficialID",
    Kind.VEHICLE_PLATE: "pd:VehicalLicenseNumber",
    Kind.HEALTH: "pd:Health",
    Kind.ETHNIC_ORIGIN: "pd:EthnicOrigin",
    Kind.POLITICAL_OPINION: "pd:PoliticalOpinion",
    Kind.RELIGION_OR_BELIEF: "pd:ReligiousBelief",
    Kind.TRADE_UNION: "pd:TradeUnionMembership",
    Kind.SEX_LIFE: "pd:Sexual",
    Kind.BIOMETRIC: "pd:Biometric",
    Kind.GENETIC: "pd:Genetic",
    Kind.CRIMINAL_OFFENCE: "pd:Criminal",
    Kind.MINOR: "pd:Age",
}


def category_of(type: str) -> str:
    """Of a type that a detector told, or of a pattern's name."""
    return CATEGORIES[Kind(type)] if type in set(Kind) else OWN_PATTERN
