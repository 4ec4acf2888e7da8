"""Every category of personal data that the W3C's vocabulary names (DPV-PD), and how sensitive each is: GDPR Art. 9 and 10, and
what money can be taken with. A test holds the list to the vocabulary's own (`purposes/dpv.toml`).
"""

from enum import StrEnum


class Sensitivity(StrEnum):
    """The gravest first: Art. 9; Art. 10; about a child; what money can be taken with; a national number or passport (Art. 87);
    anything else."""

    SPECIAL_CATEGORY = "special_category"
    CRIMINAL = "criminal"
    MINOR = "minor"
    FINANCIAL = "financial"
    NATIONAL_ID = "national_id"
    ORDINARY = "ordinary"


class Category(StrEnum):
    """DPV-PD terms. `PERSONAL_DATA` is for what nobody has told more of."""

    PERSONAL_DATA = "dpv:PersonalData"
    ACCENT = "pd:Accent"
    ACCOUNT_IDENTIFIER = "pd:AccountIdentifier"
    ACQUAINTANCE = "pd:Acquaintance"
    AGE = "pd:Age"
    AGE_EXACT = "pd:AgeExact"
    AGE_RANGE = "pd:AgeRange"
    APARTMENT_OWNED = "pd:ApartmentOwned"
    ASSOCIATION = "pd:Association"
    ATTITUDE = "pd:Attitude"
    AUTHENTICATING = "pd:Authenticating"
    AUTHENTICATION_HISTORY = "pd:AuthenticationHistory"
    BANK_ACCOUNT = "pd:BankAccount"
    BEHAVIOURAL = "pd:Behavioural"
    BIOMETRIC = "pd:Biometric"
    BIRTH_COUNTRY = "pd:BirthCountry"
    BIRTH_DATE = "pd:BirthDate"
    BIRTH_PLACE = "pd:BirthPlace"
    BLOOD_TYPE = "pd:BloodType"
    BROWSER_FINGERPRINT = "pd:BrowserFingerprint"
    BROWSER_HISTORY = "pd:BrowserHistory"
    BROWSING_BEHAVIOUR = "pd:BrowsingBehaviour"
    BROWSING_REFERRAL = "pd:BrowsingReferral"
    CALL_LOG = "pd:CallLog"
    CAR_OWNED = "pd:CarOwned"
    CHARACTER = "pd:Character"
    CITIZENSHIP = "pd:Citizenship"
    CITY = "pd:City"
    COMMUNICATION = "pd:Communication"
    COMMUNICATIONS_METADATA = "pd:CommunicationsMetadata"
    CONNECTION = "pd:Connection"
    CONTACT = "pd:Contact"
    COUNTRY = "pd:Country"
    CREDIT = "pd:Credit"
    CREDIT_CAPACITY = "pd:CreditCapacity"
    CREDIT_CARD_NUMBER = "pd:CreditCardNumber"
    CREDIT_RECORD = "pd:CreditRecord"
    CREDIT_SCORE = "pd:CreditScore"
    CREDIT_STANDING = "pd:CreditStanding"
    CREDIT_WORTHINESS = "pd:CreditWorthiness"
    CRIMINAL = "pd:Criminal"
    CRIMINAL_CHARGE = "pd:CriminalCharge"
    CRIMINAL_CONVICTION = "pd:CriminalConviction"
    CRIMINAL_OFFENCE = "pd:CriminalOffence"
    CRIMINAL_PARDON = "pd:CriminalPardon"
    CURRENT_EMPLOYMENT = "pd:CurrentEmployment"
    CURRENT_LOCATION = "pd:CurrentLocation"
    DNA_CODE = "pd:DNACode"
    DEMEANOUR = "pd:Demeanour"
    DEMOGRAPHIC = "pd:Demographic"
    DEVICE_APPLICATIONS = "pd:DeviceApplications"
    DEVICE_BASED = "pd:DeviceBased"
    DEVICE_OPERATING_SYSTEM = "pd:DeviceOperatingSystem"
    DEVICE_SOFTWARE = "pd:DeviceSoftware"
    DIALECT = "pd:Dialect"
    DIGITAL_FINGERPRINT = "pd:DigitalFingerprint"
    DISABILITY = "pd:Disability"
    DISCIPLINARY_ACTION = "pd:DisciplinaryAction"
    DISLIKE = "pd:Dislike"
    DIVORCE = "pd:Divorce"
    DOMICILE = "pd:Domicile"
    DRUG_TEST_RESULT = "pd:DrugTestResult"
    EDUCATION = "pd:Education"
    EDUCATION_EXPERIENCE = "pd:EducationExperience"
    EDUCATION_QUALIFICATION = "pd:EducationQualification"
    EDUCATION_TRAINING = "pd:EducationTraining"
    EMAIL_ADDRESS = "pd:EmailAddress"
    EMAIL_ADDRESS_PERSONAL = "pd:EmailAddressPersonal"
    EMAIL_ADDRESS_WORK = "pd:EmailAddressWork"
    EMAIL_CONTENT = "pd:EmailContent"
    EMOTION = "pd:Emotion"
    EMPLOYMENT_HISTORY = "pd:EmploymentHistory"
    ETHNIC_ORIGIN = "pd:EthnicOrigin"
    ETHNICITY = "pd:Ethnicity"
    EXTERNAL = "pd:External"
    FACIAL_EXPRESSION = "pd:FacialExpression"
    FACIAL_PRINT = "pd:FacialPrint"
    FAMILY = "pd:Family"
    FAMILY_HEALTH_HISTORY = "pd:FamilyHealthHistory"
    FAMILY_STRUCTURE = "pd:FamilyStructure"
    FAVOURITE = "pd:Favourite"
    FAVOURITE_COLOUR = "pd:FavouriteColour"
    FAVOURITE_FOOD = "pd:FavouriteFood"
    FAVOURITE_MUSIC = "pd:FavouriteMusic"
    FETISH = "pd:Fetish"
    FINANCIAL = "pd:Financial"
    FINANCIAL_ACCOUNT = "pd:FinancialAccount"
    FINANCIAL_ACCOUNT_NUMBER = "pd:FinancialAccountNumber"
    FINANCIAL_STATUS = "pd:FinancialStatus"
    FINGERPRINT = "pd:Fingerprint"
    FRIEND = "pd:Friend"
    GPS_COORDINATE = "pd:GPSCoordinate"
    GENDER = "pd:Gender"
    GENERAL_REPUTATION = "pd:GeneralReputation"
    GENETIC = "pd:Genetic"
    GEOGRAPHIC = "pd:Geographic"
    GROUP_MEMBERSHIP = "pd:GroupMembership"
    GROUP_PROFILE = "pd:GroupProfile"
    HAIR_COLOUR = "pd:HairColour"
    HEALTH = "pd:Health"
    HEALTH_HISTORY = "pd:HealthHistory"
    HEALTH_RECORD = "pd:HealthRecord"
    HEIGHT = "pd:Height"
    HISTORICAL = "pd:Historical"
    HOME_LOCATION = "pd:HomeLocation"
    HOUSE_NUMBER = "pd:HouseNumber"
    HOUSE_OWNED = "pd:HouseOwned"
    HOUSEHOLD = "pd:Household"
    IP_ADDRESS = "pd:IPAddress"
    IDENTIFIER = "pd:Identifier"
    IDENTIFYING = "pd:Identifying"
    INCOME = "pd:Income"
    INCOME_BRACKET = "pd:IncomeBracket"
    INDIVIDUAL_HEALTH_HISTORY = "pd:IndividualHealthHistory"
    INDIVIDUAL_PROFILE = "pd:IndividualProfile"
    INSURANCE = "pd:Insurance"
    INTENTION = "pd:Intention"
    INTERACTION = "pd:Interaction"
    INTEREST = "pd:Interest"
    INTERNAL = "pd:Internal"
    JOB = "pd:Job"
    KNOWLEDGE_BELIEF = "pd:KnowledgeBelief"
    LANGUAGE = "pd:Language"
    LIFE_HISTORY = "pd:LifeHistory"
    LIKE = "pd:Like"
    LINK_CLICKED = "pd:LinkClicked"
    LOAN_RECORD = "pd:LoanRecord"
    LOCALITY = "pd:Locality"
    LOCATION = "pd:Location"
    MAC_ADDRESS = "pd:MACAddress"
    MARITAL_STATUS = "pd:MaritalStatus"
    MARRIAGE = "pd:Marriage"
    MEDICAL_HEALTH = "pd:MedicalHealth"
    MENTAL_HEALTH = "pd:MentalHealth"
    MOOD = "pd:Mood"
    NAME = "pd:Name"
    NATIONALITY = "pd:Nationality"
    OFFICIAL_ID = "pd:OfficialID"
    OFFSPRING = "pd:Offspring"
    OPINION = "pd:Opinion"
    OWNERSHIP = "pd:Ownership"
    PIN_CODE = "pd:PINCode"
    PARENT = "pd:Parent"
    PASSPORT = "pd:Passport"
    PASSWORD = "pd:Password"  # noqa: S105  # a term, and no password
    PAST_EMPLOYMENT = "pd:PastEmployment"
    PAYMENT_CARD = "pd:PaymentCard"
    PAYMENT_CARD_EXPIRY = "pd:PaymentCardExpiry"
    PAYMENT_CARD_NUMBER = "pd:PaymentCardNumber"
    PERFORMANCE_AT_WORK = "pd:PerformanceAtWork"
    PERSONAL_DOCUMENTS = "pd:PersonalDocuments"
    PERSONAL_POSSESSION = "pd:PersonalPossession"
    PERSONALITY = "pd:Personality"
    PHILOSOPHICAL_BELIEF = "pd:PhilosophicalBelief"
    PHYSICAL_ADDRESS = "pd:PhysicalAddress"
    PHYSICAL_CHARACTERISTIC = "pd:PhysicalCharacteristic"
    PHYSICAL_HEALTH = "pd:PhysicalHealth"
    PHYSICAL_TRAIT = "pd:PhysicalTrait"
    PICTURE = "pd:Picture"
    PIERCING = "pd:Piercing"
    POLITICAL_AFFILIATION = "pd:PoliticalAffiliation"
    POLITICAL_OPINION = "pd:PoliticalOpinion"
    POSTAL_CODE = "pd:PostalCode"
    PREFERENCE = "pd:Preference"
    PRESCRIPTION = "pd:Prescription"
    PRIVACY_PREFERENCE = "pd:PrivacyPreference"
    PROCLIVITY = "pd:Proclivity"
    PROFESSIONAL = "pd:Professional"
    PROFESSIONAL_CERTIFICATION = "pd:ProfessionalCertification"
    PROFESSIONAL_EVALUATION = "pd:ProfessionalEvaluation"
    PROFESSIONAL_EXPERIENCE = "pd:ProfessionalExperience"
    PROFESSIONAL_INTERVIEW = "pd:ProfessionalInterview"
    PROFESSIONAL_TRAINING = "pd:ProfessionalTraining"
    PROFILE = "pd:Profile"
    PUBLIC_LIFE = "pd:PublicLife"
    PUBLICLY_AVAILABLE_SOCIAL_MEDIA = "pd:PubliclyAvailableSocialMedia"
    PURCHASE = "pd:Purchase"
    PURCHASES_AND_SPENDING_HABIT = "pd:PurchasesAndSpendingHabit"
    RACE = "pd:Race"
    REFERENCE = "pd:Reference"
    REGION = "pd:Region"
    RELATIONSHIP = "pd:Relationship"
    RELIABILITY = "pd:Reliability"
    RELIGION = "pd:Religion"
    RELIGIOUS_BELIEF = "pd:ReligiousBelief"
    RESIDENCY = "pd:Residency"
    RETINA = "pd:Retina"
    ROOM_NUMBER = "pd:RoomNumber"
    SALARY = "pd:Salary"
    SALE = "pd:Sale"
    SCHOOL = "pd:School"
    SECRET_TEXT = "pd:SecretText"  # noqa: S105  # a term, and no password
    SERVICE_CONSUMPTION_BEHAVIOUR = "pd:ServiceConsumptionBehaviour"
    SEXUAL = "pd:Sexual"
    SEXUAL_HISTORY = "pd:SexualHistory"
    SEXUAL_PREFERENCE = "pd:SexualPreference"
    SIBLING = "pd:Sibling"
    SKIN_TONE = "pd:SkinTone"
    SOCIAL = "pd:Social"
    SOCIAL_BEHAVIOUR = "pd:SocialBehaviour"
    SOCIAL_MEDIA = "pd:SocialMedia"
    SOCIAL_MEDIA_COMMUNICATION = "pd:SocialMediaCommunication"
    SOCIAL_NETWORK = "pd:SocialNetwork"
    SOCIAL_STATUS = "pd:SocialStatus"
    STREET = "pd:Street"
    TV_VIEWING_BEHAVIOUR = "pd:TVViewingBehaviour"
    TATTOO = "pd:Tattoo"
    TAX = "pd:Tax"
    TECHNICAL_KNOWLEDGE = "pd:TechnicalKnowledge"
    TELEPHONE_NUMBER = "pd:TelephoneNumber"
    THOUGHT = "pd:Thought"
    TRACKING = "pd:Tracking"
    TRADE_UNION_MEMBERSHIP = "pd:TradeUnionMembership"
    TRANSACTION = "pd:Transaction"
    TRANSACTIONAL = "pd:Transactional"
    TRAVEL_HISTORY = "pd:TravelHistory"
    UID = "pd:UID"
    USER_AGENT = "pd:UserAgent"
    USERNAME = "pd:Username"
    VEHICAL_LICENSE_NUMBER = "pd:VehicalLicenseNumber"
    VEHICAL_LICENSE_REGISTRATION = "pd:VehicalLicenseRegistration"
    VEHICLE = "pd:Vehicle"
    VEHICLE_LICENSE = "pd:VehicleLicense"
    VEHICLE_USAGE = "pd:VehicleUsage"
    VOICE_COMMUNICATION_RECORDING = "pd:VoiceCommunicationRecording"
    VOICE_MAIL = "pd:VoiceMail"
    VULNERABILITY = "pd:Vulnerability"
    WEIGHT = "pd:Weight"
    WORK_ENVIRONMENT = "pd:WorkEnvironment"
    WORK_EXPERIENCE = "pd:WorkExperience"
    WORK_HISTORY = "pd:WorkHistory"
    WORK_LOCATION = "pd:WorkLocation"

    @property
    def sensitivity(self) -> Sensitivity:
        return _GRAVE.get(self, Sensitivity.ORDINARY)


def category_named(term: str) -> Category:
    """By its term in the vocabulary; that of what nobody can tell more of where we do not know it."""
    return _NAMED.get(term, Category.PERSONAL_DATA)


_NAMED = {category.value: category for category in Category}
_SPECIAL = (
    Category.BIOMETRIC,
    Category.BLOOD_TYPE,
    Category.DNA_CODE,
    Category.DISABILITY,
    Category.DRUG_TEST_RESULT,
    Category.ETHNIC_ORIGIN,
    Category.ETHNICITY,
    Category.FACIAL_PRINT,
    Category.FAMILY_HEALTH_HISTORY,
    Category.FETISH,
    Category.FINGERPRINT,
    Category.GENETIC,
    Category.HEALTH,
    Category.HEALTH_HISTORY,
    Category.HEALTH_RECORD,
    Category.INDIVIDUAL_HEALTH_HISTORY,
    Category.MEDICAL_HEALTH,
    Category.MENTAL_HEALTH,
    Category.PHILOSOPHICAL_BELIEF,
    Category.PHYSICAL_HEALTH,
    Category.POLITICAL_AFFILIATION,
    Category.POLITICAL_OPINION,
    Category.PRESCRIPTION,
    Category.PROCLIVITY,
    Category.RACE,
    Category.RELIGION,
    Category.RELIGIOUS_BELIEF,
    Category.RETINA,
    Category.SEXUAL,
    Category.SEXUAL_HISTORY,
    Category.SEXUAL_PREFERENCE,
    Category.TRADE_UNION_MEMBERSHIP,
)
_CRIMINAL = (
    Category.CRIMINAL,
    Category.CRIMINAL_CHARGE,
    Category.CRIMINAL_CONVICTION,
    Category.CRIMINAL_OFFENCE,
    Category.CRIMINAL_PARDON,
)
_FINANCIAL = (
    Category.ACCOUNT_IDENTIFIER,
    Category.BANK_ACCOUNT,
    Category.CREDIT,
    Category.CREDIT_CAPACITY,
    Category.CREDIT_CARD_NUMBER,
    Category.CREDIT_RECORD,
    Category.CREDIT_SCORE,
    Category.CREDIT_STANDING,
    Category.CREDIT_WORTHINESS,
    Category.FINANCIAL,
    Category.FINANCIAL_ACCOUNT,
    Category.FINANCIAL_ACCOUNT_NUMBER,
    Category.FINANCIAL_STATUS,
    Category.INCOME,
    Category.INCOME_BRACKET,
    Category.LOAN_RECORD,
    Category.PAYMENT_CARD,
    Category.PAYMENT_CARD_EXPIRY,
    Category.PAYMENT_CARD_NUMBER,
    Category.PIN_CODE,
    Category.SALARY,
    Category.TAX,
    Category.TRANSACTION,
    Category.TRANSACTIONAL,
)
_GRAVE = {
    **dict.fromkeys(_SPECIAL, Sensitivity.SPECIAL_CATEGORY),
    **dict.fromkeys(_CRIMINAL, Sensitivity.CRIMINAL),
    **dict.fromkeys(_FINANCIAL, Sensitivity.FINANCIAL),
    **dict.fromkeys((Category.OFFICIAL_ID, Category.PASSPORT), Sensitivity.NATIONAL_ID),
}
