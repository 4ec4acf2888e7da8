"""The receipt of a choice: ISO/IEC TS 27560:2023 as JSON-LD with DPV terms, for a yes, a no, and a yes taken back.

Pure: register entries in, a document out. Everything in it is public register data, ids, instants and digests. The mandatory
fields of the standard, in its order: schema version, receipt and record id, principal id; notice, language, purpose, data
categories, controller, storage location, retention, jurisdiction, recipients, withdrawal; party id, address, name, contact,
type; and for every event its time, validity, entity, type and state. All past states are kept, each with its own proof.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rightcall.canonical import Json
from rightcall.consent.model import Answer, Choice
from rightcall.controllers.model import Controller
from rightcall.evidence.vocabulary import (
    BASIS,
    CONSENT_TYPE,
    CONTEXT,
    RECEIPT_FORMATS,
    RECEIPT_TYPE,
    RECORD_SCHEMA,
    RIGHTS,
    STATE,
    VALID,
    controller_as,
    instant,
    stated,
    urn,
)
from rightcall.ids import ControllerId, ReceiptId
from rightcall.purposes.model import LawfulBasis, Notice, Purpose
from rightcall.purposes.rules import notice_document

NOTHING_PLAYED = "zxx"
"""BCP 47 for "no linguistic content": a refusal that is about no notice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What the registers said when the choice was made. `notice` is None where it is about none; `locations`: where it lies."""

    controller: Controller
    purpose: Purpose
    notice: Notice | None
    locations: tuple[str, ...]


def receipt_of(id: ReceiptId, issued_at: datetime, history: Sequence[Choice], registered: Registered) -> dict[str, Json]:
    """The receipt of the last choice of `history`, without proofs. `history`: all of that party about that purpose, in order."""
    return {
        "@context": CONTEXT,
        "@id": urn(id),
        "@type": RECEIPT_TYPE,
        "dct:identifier": str(id),
        "dct:conformsTo": RECEIPT_FORMATS[2],
        "dct:created": instant(issued_at),
        "dct:publisher": urn(registered.controller.id),
        "dpv:hasRecordOfActivity": _record(history, registered),
    }


def _record(history: Sequence[Choice], registered: Registered) -> Json:
    choice = history[-1]
    return stated(
        {
            "@id": urn(choice.id),
            "@type": "dpv:ConsentRecord",
            "dct:identifier": str(choice.id),
            "dct:conformsTo": RECORD_SCHEMA,
            "dct:language": NOTHING_PLAYED if registered.notice is None else registered.notice.language,
            "dpv:hasDataSubject": {
                "@id": urn(choice.subject),
                "@type": "dpv:DataSubject",
                "dct:identifier": str(choice.subject),
            },
            "dpv:hasDataController": controller_as(registered.controller, ["dpv:DataController", "dpv:Recipient"]),
            "dpv:hasJurisdiction": [f"loc:{code}" for code in registered.controller.jurisdictions],
            "dpv:hasLegalBasis": basis_now(registered.purpose.lawful_basis, choice.answer),
            "dpv:hasNotice": _notice(registered, was_put(history)),
            "dpv:hasProcess": _process(registered),
            "dpv:hasConsentStatus": [_event(each) for each in history],
        }
    )


def basis_now(basis: LawfulBasis, answer: Answer) -> str | None:
    """None where consent would be the basis and is not there: refused, or taken back."""
    return None if basis is LawfulBasis.CONSENT and answer is not Answer.GRANTED else BASIS[basis]


def was_put(history: Sequence[Choice]) -> bool:
    """Whether an ask says that the notice of the last choice was put to this party."""
    return any(each.ask is not None and each.notice == history[-1].notice for each in history)


def _notice(registered: Registered, played: bool) -> Json:
    """The notice whole: its digest is in the choice's own leaf. A no may be about words that nobody put to the party."""
    notice = registered.notice
    if notice is None:
        return {"@type": "dpv:ConsentNotice", "rightcall:played": False}
    return {
        "@id": urn(notice.id),
        "@type": "dpv:ConsentNotice",
        "dct:identifier": str(notice.id),
        "rightcall:played": played,
        "rightcall:digest": notice.digest.hex(),
        "rightcall:document": _words(registered.controller.id, notice),
    }


def _words(controller: ControllerId, notice: Notice) -> Json:
    """What the digest is over; a keypad that is null there is absent here."""
    document = notice_document(controller, notice.purpose, notice.language, notice.version, notice.text, notice.keypad)
    return stated(document)


def _process(registered: Registered) -> Json:
    purpose, controller = registered.purpose, registered.controller
    return {
        "@type": "dpv:Process",
        "dpv:hasPurpose": {"@id": urn(purpose.id), "@type": purpose.dpv_purpose, "dct:title": purpose.title},
        "dpv:hasPersonalData": list(purpose.data_categories),
        "dpv:hasNecessity": "dpv:Optional",
        "dpv:hasDataSource": "dpv:DataSubjectDataSource",
        "dpv:hasProcessing": ["dpv:Record", "dpv:Store", "dpv:Erase"],
        "dpv:hasRecipient": [urn(controller.id)],
        "dpv:hasStorageCondition": [
            {"@type": "dpv:StorageLocation", "dpv:hasLocation": [f"loc:{code}" for code in registered.locations]},
            {"@type": "dpv:StorageDuration", "dpv:hasDuration": f"P{purpose.term_days}D"},
            {
                "@type": "rightcall:CryptographicErasure",
                "skos:broader": "dpv:Erase",
                "rightcall:onWithdrawal": purpose.on_withdrawal.value,
            },
        ],
        "dpv:hasConsentControl": {"@type": "dpv:WithdrawConsent", "dpv:hasContact": controller.contact},
        "dpv:hasRight": list(RIGHTS),
        "dpv:hasAuthority": {
            "@type": "dpv:DataProtectionAuthority",
            "dpv:hasJurisdiction": [f"loc:{code}" for code in controller.jurisdictions],
        },
    }


def _event(choice: Choice) -> Json:
    """One state, as its own leaf in the ledger has it. Only a yes is a legal basis."""
    return stated(
        {
            "@id": urn(choice.statement),
            "@type": STATE[choice.answer],
            "dct:identifier": str(choice.id),
            "dct:date": instant(choice.made_at),
            "dct:valid": VALID[choice.answer],
            "dpv:hasLegalBasis": CONSENT_TYPE if choice.answer is Answer.GRANTED else None,
            "dpv:isImplementedByEntity": {"@id": urn(choice.by.id)},
            "rightcall:eventType": CONSENT_TYPE,
            "rightcall:role": choice.by.role.value,
            "rightcall:call": urn(choice.call),
            "rightcall:party": urn(choice.party),
            "rightcall:channel": choice.channel.value,
            "rightcall:evidenceKind": choice.evidence_kind.value,
            "rightcall:notice": None if choice.notice is None else urn(choice.notice),
            "rightcall:noticeDigest": None if choice.notice_digest is None else choice.notice_digest.hex(),
            "rightcall:sequence": choice.sequence,
        }
    )
