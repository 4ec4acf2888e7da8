"""The first format of receipts and certificates, as it was issued before the second: what somebody holds must stay provable.

Nothing is issued in it any more. As RDF it loses a part: terms are texts there, and the notice and the proofs have no meaning.
"""

import re
from typing import Final

from rightcall.canonical import Json
from rightcall.evidence.model import Grade, Ground
from rightcall.evidence.shapes import (
    Maybe,
    Shape,
    a_day,
    a_digest,
    a_language,
    a_place,
    a_term,
    a_urn,
    a_uuid,
    an_instant,
    any_object,
    either,
    filled,
    many,
    matching,
    members,
    nothing,
    one_of,
    whole_number,
)
from rightcall.evidence.vocabulary import (
    CERTIFICATE_FORMATS,
    CERTIFICATE_TYPE,
    PROOFS,
    RECEIPT_FORMATS,
    RECEIPT_TYPE,
    RECORD_SCHEMA,
    RIGHTS,
    STATE,
    VALID,
)

_CONTEXT: Final[Json] = {
    "dct": "http://purl.org/dc/terms/",
    "dpv": "https://w3id.org/dpv#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "loc": "https://w3id.org/dpv/loc#",
    "pd": "https://w3id.org/dpv/pd#",
    "rightcall": "urn:rightcall:",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
_controller = {
    "at_id": a_urn,
    "dct__identifier": a_uuid,
    "dpv__hasName": filled,
    "dpv__hasAddress": filled,
    "dpv__hasContact": filled,
}
_head = {
    "at_context": one_of(_CONTEXT),
    "at_id": a_urn,
    "dct__identifier": a_uuid,
    "dct__created": an_instant,
    "dct__publisher": a_urn,
}
_notice = either(
    members(at_type=one_of("dpv:ConsentNotice"), rightcall__played=one_of(False)),
    members(
        at_id=a_urn,
        at_type=one_of("dpv:ConsentNotice"),
        dct__identifier=a_uuid,
        rightcall__played=one_of(True),
        rightcall__digest=a_digest,
        rightcall__document=any_object,
    ),
)
_process = members(
    at_type=one_of("dpv:Process"),
    dpv__hasPurpose=members(at_id=a_urn, at_type=a_term, dct__title=filled),
    dpv__hasPersonalData=many(a_term, least=1),
    dpv__hasNecessity=one_of("dpv:Optional"),
    dpv__hasDataSource=one_of("dpv:DataSubject"),
    dpv__hasProcessing=many(a_term, least=1),
    dpv__hasRecipient=many(a_urn, least=1),
    dpv__hasStorageCondition=many(
        either(
            members(at_type=one_of("dpv:StorageLocation"), dpv__hasLocation=many(a_place, least=1)),
            members(
                at_type=one_of("dpv:StorageDuration"),
                dpv__hasDuration=matching(re.compile(r"P[1-9][0-9]*D"), "a term in days"),
            ),
            members(
                at_type=one_of("rightcall:CryptographicErasure"),
                skos__broader=one_of("dpv:Erase"),
                rightcall__onWithdrawal=one_of("destroy", "keep"),
            ),
        ),
        least=3,
    ),
    dpv__hasConsentControl=members(at_type=one_of("dpv:WithdrawConsent"), dpv__hasContact=filled),
    dpv__hasRight=one_of(list(RIGHTS)),
    dpv__hasAuthority=members(at_type=one_of("dpv:DataProtectionAuthority"), dpv__hasJurisdiction=many(a_place, least=1)),
)
_event = members(
    at_id=a_urn,
    at_type=one_of(*STATE.values()),
    dct__identifier=a_uuid,
    dct__date=an_instant,
    dct__valid=one_of(*VALID.values()),
    dpv__hasLegalBasis=one_of("dpv:ExpressedConsent"),
    dpv__isImplementedByEntity=members(at_id=a_urn, rightcall__role=filled),
    rightcall__call=a_urn,
    rightcall__party=a_urn,
    rightcall__channel=filled,
    rightcall__evidenceKind=filled,
    rightcall__notice=either(a_urn, nothing),
    rightcall__noticeDigest=either(a_digest, nothing),
    rightcall__sequence=whole_number,
)
_record = members(
    at_id=a_urn,
    at_type=one_of("dpv:ConsentRecord"),
    dct__identifier=a_uuid,
    dct__conformsTo=one_of(RECORD_SCHEMA),
    dct__language=a_language,
    dpv__hasDataSubject=members(at_id=a_urn, at_type=one_of("dpv:DataSubject"), dct__identifier=a_uuid),
    dpv__hasDataController=members(**_controller, at_type=one_of(["dpv:DataController", "dpv:Recipient"])),
    dpv__hasJurisdiction=many(a_place, least=1),
    dpv__hasLegalBasis=a_term,
    dpv__hasNotice=_notice,
    dpv__hasProcess=_process,
    dpv__hasConsentStatus=many(_event, least=1),
)
FIRST_RECEIPT: Shape = members(
    **_head,
    at_type=one_of(RECEIPT_TYPE),
    dct__conformsTo=one_of(RECEIPT_FORMATS[1]),
    dpv__hasRecordOfActivity=_record,
    **{PROOFS: members(key=filled, issued=filled, events=many(filled, least=1), opening=Maybe(either(a_digest, nothing)))},
)
FIRST_CERTIFICATE: Shape = members(
    **_head,
    at_type=one_of(CERTIFICATE_TYPE),
    dct__conformsTo=one_of(CERTIFICATE_FORMATS[1]),
    dpv__hasDataController=members(**_controller, at_type=one_of("dpv:DataController")),
    rightcall__request=either(a_urn, nothing),
    rightcall__subjectCommitment=a_digest,
    rightcall__doneAt=an_instant,
    rightcall__grade=one_of(*(grade.value for grade in Grade)),
    rightcall__method=members(at_type=one_of("rightcall:CryptographicErasure"), skos__broader=one_of("dpv:Erase")),
    rightcall__destroyed=many(members(rightcall__kind=filled, rightcall__count=whole_number)),
    rightcall__disposals=many(members(at_id=a_urn), least=1),
    rightcall__remains=many(
        members(
            rightcall__ground=one_of(*(ground.value for ground in Ground)),
            rightcall__count=whole_number,
            rightcall__until=either(a_day, nothing),
            rightcall__holding=either(a_urn, nothing),
        )
    ),
    rightcall__backupsUntil=either(a_day, nothing),
    **{PROOFS: members(key=filled, issued=filled, disposals=many(filled, least=1), opening=a_digest, subject=a_uuid)},
)
