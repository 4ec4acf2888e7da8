"""The terms of our documents: W3C DPV 2.3, Dublin Core, and our own where DPV has none, each with the broader DPV term."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from rightcall.canonical import Json
from rightcall.clock import milliseconds_of
from rightcall.consent.model import Answer
from rightcall.controllers.model import Controller
from rightcall.evidence.graded import CopyGrade, CopyKind, Residual, Sanitisation
from rightcall.evidence.model import Grade, Ground
from rightcall.holdings.model import HoldingKind
from rightcall.languages import marked
from rightcall.policy.situations import HoldReason
from rightcall.purposes.model import LawfulBasis

_A_TERM: Final[Json] = {"@type": "@id"}
_AN_INSTANT: Final[Json] = {"@type": "xsd:dateTime"}
_A_DAY: Final[Json] = {"@type": "xsd:date"}
_BYTES: Final[Json] = {"@type": "xsd:hexBinary"}
_IN_ORDER: Final = {"@container": "@list"}
CONTEXT: Final[dict[str, Json]] = {
    "dct": "http://purl.org/dc/terms/",
    "dpv": "https://w3id.org/dpv#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "loc": "https://w3id.org/dpv/loc#",
    "pd": "https://w3id.org/dpv/pd#",
    "rightcall": "urn:rightcall:",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dct:conformsTo": _A_TERM,
    "dct:created": _AN_INSTANT,
    "dct:date": _AN_INSTANT,
    "dct:publisher": _A_TERM,
    "dct:valid": _A_TERM,
    "dpv:hasDataSource": _A_TERM,
    "dpv:hasDuration": {"@type": "xsd:duration"},
    "dpv:hasJurisdiction": _A_TERM,
    "dpv:hasLegalBasis": _A_TERM,
    "dpv:hasLocation": _A_TERM,
    "dpv:hasNecessity": _A_TERM,
    "dpv:hasPersonalData": _A_TERM,
    "dpv:hasProcessing": _A_TERM,
    "dpv:hasRecipient": _A_TERM,
    "dpv:hasRight": _A_TERM,
    "skos:broader": _A_TERM,
    "rightcall:backupsUntil": _A_DAY,
    "rightcall:call": _A_TERM,
    "rightcall:digest": _BYTES,
    "rightcall:disposals": _IN_ORDER,
    "rightcall:document": {
        "@context": {
            "controller": "rightcall:controllerId",
            "purpose": "rightcall:purposeId",
            "language": "dct:language",
            "version": "rightcall:version",
            "text": "rightcall:text",
            "keypad": "rightcall:keypad",
            "yes": "rightcall:keyForYes",
            "no": "rightcall:keyForNo",
        }
    },
    "rightcall:doneAt": _AN_INSTANT,
    "rightcall:eventType": _A_TERM,
    "rightcall:holding": _A_TERM,
    "rightcall:ledger": {
        "@context": {
            "key": "rightcall:ledgerKey",
            "issued": "rightcall:proofOfIssue",
            "events": {"@id": "rightcall:proofsOfEvents", **_IN_ORDER},
            "disposals": {"@id": "rightcall:proofsOfDisposals", **_IN_ORDER},
            "opening": {"@id": "rightcall:opening", "@type": "xsd:hexBinary"},
            "subject": "rightcall:subjectId",
        }
    },
    "rightcall:notice": _A_TERM,
    "rightcall:noticeDigest": _BYTES,
    "rightcall:party": _A_TERM,
    "rightcall:request": _A_TERM,
    "rightcall:subjectCommitment": _BYTES,
    "rightcall:until": _A_DAY,
    "rightcall:toldOn": _A_DAY,
}
"""In the document itself, so that nobody fetches one: every member has a meaning, and what is a term or a name is no text."""

COPIES_CONTEXT: Final[Mapping[str, Json]] = {
    **CONTEXT,
    "rightcall:backup": _A_TERM,
    "rightcall:copies": _IN_ORDER,
    "rightcall:lookedAt": _AN_INSTANT,
}
"""That of a certificate in its third and fourth format. Receipts have not changed."""

CERTIFICATE_CONTEXT: Final[Json] = {**COPIES_CONTEXT, "rightcall:system": _A_TERM}

ATTESTATION_CONTEXT: Final[Json] = {
    **CONTEXT,
    "rightcall:certificate": _A_TERM,
    "rightcall:identifierCommitment": _BYTES,
    "rightcall:letGoOn": _A_DAY,
}
ATTESTATION_TYPE: Final = "rightcall:Attestation"
ATTESTATION_FORMAT: Final[Json] = "urn:rightcall:attestation-1"
RECORD_SCHEMA: Final = "https://w3id.org/dpv/schema/dpv-27560#record"
_RECEIPT_SCHEMA: Final = "https://w3id.org/dpv/schema/dpv-27560#receipt"
RECEIPT_FORMATS: Final[Mapping[int, Json]] = {1: _RECEIPT_SCHEMA, 2: [_RECEIPT_SCHEMA, "urn:rightcall:receipt-2"]}
CERTIFICATE_FORMATS: Final[Mapping[int, Json]] = {number: f"urn:rightcall:certificate-{number}" for number in (1, 2, 3, 4, 5)}
"""What `dct:conformsTo` says in each format. The last is the one that is issued; the others are still checked."""

RECEIPT_TYPE: Final = "dpv:ConsentReceipt"
CERTIFICATE_TYPE: Final = "rightcall:ErasureCertificate"
PROOFS: Final = "rightcall:ledger"
"""The one member of a document that its digest leaves out."""

STATE: Final = {
    Answer.GRANTED: "dpv:ConsentGiven",
    Answer.REFUSED: "dpv:ConsentRefused",
    Answer.WITHDRAWN: "dpv:ConsentWithdrawn",
}
ANSWER_IN_WORDS: Final = {
    Answer.GRANTED: marked("yes"),
    Answer.REFUSED: marked("no"),
    Answer.WITHDRAWN: marked("a yes taken back"),
}
BASIS: Final = {
    LawfulBasis.CONSENT: "eu-gdpr:A6-1-a",
    LawfulBasis.CONTRACT: "eu-gdpr:A6-1-b",
    LawfulBasis.LEGAL_OBLIGATION: "eu-gdpr:A6-1-c",
    LawfulBasis.VITAL_INTERESTS: "eu-gdpr:A6-1-d",
    LawfulBasis.PUBLIC_TASK: "eu-gdpr:A6-1-e",
    LawfulBasis.LEGITIMATE_INTERESTS: "eu-gdpr:A6-1-f",
}
CONSENT_TYPE: Final = "dpv:ExpressedConsent"
"""What is asked for, whatever the answer: a yes is said or pressed, never taken from silence."""

VALID: Final = {
    Answer.GRANTED: "rightcall:UntilWithdrawn",
    Answer.REFUSED: "rightcall:UntilNextChoice",
    Answer.WITHDRAWN: "rightcall:UntilNextChoice",
}
RIGHTS: Final = ("eu-gdpr:A7-3", "eu-gdpr:A15", "eu-gdpr:A16", "eu-gdpr:A17", "eu-gdpr:A18", "eu-gdpr:A20", "eu-gdpr:A77")
ERASED: Final = "erasure.destroyed"
CONFIRMED: Final = "erasure.confirmed"
EPOCH_TURNED: Final = "retention.epoch_turned"
DISPOSALS: Final = {
    ERASED: marked("the person's key was destroyed: nothing sealed under it can be read again"),
    CONFIRMED: marked("every copy of the sealed bytes that was to go was overwritten or deleted, and its absence confirmed"),
    EPOCH_TURNED: marked("the keys in every earlier backup were made useless"),
    "consent.grant_destroyed": marked(
        "the key of a yes was destroyed: what was kept for that purpose alone can no longer be read"
    ),
    "holdings.batch_disposed": marked("the bytes of holdings were overwritten or deleted, and their absence confirmed"),
    "erasure.elsewhere_confirmed": marked("what was to go in other systems was let go of there, and looked for again"),
    "retention.term_ended": marked("the key of a day that is over was destroyed"),
}
"""The statements that a certificate may rest on, by their kind, in plain words."""

GRADE_IN_WORDS: Final = {
    Grade.COMPLETE: marked(
        "Complete: nothing held about the person can be read, nor in any backup. What left before is out of reach."
    ),
    Grade.COMPLETE_AFTER_BACKUPS: marked("Complete as soon as the last backup that has a key is useless."),
    Grade.PARTIAL: marked("Partial: something stays, for the reasons below."),
    Grade.UNCONFIRMED: marked("Not confirmed yet: some system has still to say that its copy is gone."),
}
GROUND_IN_WORDS: Final = {
    Ground.HOLD: marked("kept under a named hold (GDPR Art. 17(3))"),
    Ground.LEGAL_OBLIGATION: marked("kept because a law demands it (GDPR Art. 17(3)(b))"),
    Ground.OTHER_PERSON: marked("about another person, and kept for that person's own choice"),
    Ground.UNCONFIRMED: marked("in a system that has not confirmed yet"),
    Ground.OUTSIDE_REACH: marked("in a system in which we can erase nothing ourselves"),
    Ground.DOUBTFUL: marked("in records that may be about the person; whose they are is not known, so they were let be"),
    Ground.TIMELINE: marked("times and events of calls, about no one who can be named"),
    Ground.CHOICES: marked("choices, under an id that leads to no one"),
    Ground.SEALED_BYTES: marked("sealed bytes whose keys are gone"),
}
REASON_IN_WORDS: Final = {
    HoldReason.FREE_EXPRESSION: marked("the right of free expression and information (GDPR Art. 17(3)(a))"),
    HoldReason.LEGAL_OBLIGATION: marked("a law that demands it (GDPR Art. 17(3)(b))"),
    HoldReason.PUBLIC_HEALTH: marked("public health (GDPR Art. 17(3)(c))"),
    HoldReason.ARCHIVING: marked("archiving in the public interest, research or statistics (GDPR Art. 17(3)(d))"),
    HoldReason.LEGAL_CLAIMS: marked("legal claims that are made or defended (GDPR Art. 17(3)(e))"),
}
KINDS_IN_WORDS: Final = {
    HoldingKind.STREAM: (marked("%(count)s stream"), marked("%(count)s streams")),
    HoldingKind.TRANSCRIPT: (marked("%(count)s transcript"), marked("%(count)s transcripts")),
    HoldingKind.FIELD: (marked("%(count)s field"), marked("%(count)s fields")),
    HoldingKind.ROW: (marked("%(count)s row"), marked("%(count)s rows")),
    HoldingKind.TEXT: (marked("%(count)s text"), marked("%(count)s texts")),
    HoldingKind.FILE: (marked("%(count)s file"), marked("%(count)s files")),
}
"""What was held, of each kind one and several."""

COPY_IN_WORDS: Final = {
    CopyKind.ROWS: marked("what our database holds"),
    CopyKind.LOG: marked("our database's dead rows and write-ahead log"),
    CopyKind.LOG_ARCHIVE: marked("the archive of the database's log"),
    CopyKind.REPLICA: marked("replicas of the database"),
    CopyKind.SLOT: marked("the log kept for replicas that are away"),
    CopyKind.OBJECTS: marked("sealed bytes in the object store"),
    CopyKind.VERSIONS: marked("former versions that the object store keeps"),
    CopyKind.OBJECT_REPLICA: marked("the copy that the object store makes elsewhere"),
    CopyKind.BACKUP: marked("backups of the data, which have no keys in them"),
    CopyKind.KEY_BACKUP: marked("backups of the keys"),
    CopyKind.SYSTEM: marked("what other systems hold"),
    CopyKind.SLICE: marked("a slice that a hold keeps"),
    CopyKind.IDENTIFIERS: marked(
        "numbers and addresses by which those who were given the data are told of the erasure (GDPR Art. 19)"
    ),
}
COPY_GRADE_IN_WORDS: Final = {
    CopyGrade.KEY_DESTROYED: marked("key destroyed"),
    CopyGrade.BYTES_GONE: marked("overwritten or deleted, and confirmed"),
    CopyGrade.GOES_ON: marked("goes with its epoch"),
    CopyGrade.KEPT: marked("kept"),
    CopyGrade.OUTSIDE_REACH: marked("outside our reach"),
    CopyGrade.UNCONFIRMED: marked("not confirmed yet"),
}
SANITISATION_IN_WORDS: Final = {
    Sanitisation.CLEAR: marked("Clear (NIST SP 800-88 Rev. 2)"),
    Sanitisation.PURGE: marked("Purge, by cryptographic erase (NIST SP 800-88 Rev. 2)"),
}
RESIDUAL_IN_WORDS: Final = {
    Residual.BELOW_FILES: marked(
        "What disks keep below their files, such as spare cells and snapshots, is dark but may be there."
    ),
    Residual.SHOWN_BEFORE: marked(
        "What was played, read or exported before, and what recipients were given, is in nobody's reach here."
    ),
    Residual.UNTOLD_COPIES: marked("A copy that nobody registered, of the data and of the keys, is known to nobody."),
    Residual.NOT_LOOKED: marked("Nobody had asked the database and the object store which copies they make."),
    Residual.STORE_SILENT: marked("The object store did not say whether it keeps former versions or copies elsewhere."),
    Residual.NOT_FOUND: marked(
        "What no scan found in other systems stays there, in rows and texts that told of the person too:"
        " a name that is not known as one, say."
    ),
    Residual.NOT_ASKED_YET: marked(
        "A processor that may have something of the person was not asked yet: it could find them only by what records of"
        " other systems tell, and whether it is asked by that is for a person to say."
    ),
    Residual.NOT_ASKED_SHARED: marked(
        "A processor that may have something of the person was not asked by what records of other systems tell, because others"
        " may be known by that too."
    ),
    Residual.NOT_ASKED_UNSURE: marked(
        "A processor that may have something of the person was not asked by what records of other systems tell, because it is"
        " not sure enough that those are about the person."
    ),
    Residual.NOT_ASKED_WRONG: marked(
        "A processor that may have something of the person was not asked by what records of other systems tell, because that is"
        " wrong or old."
    ),
    Residual.NOT_ASKED_OTHER_WAY: marked(
        "A processor that may have something of the person was not asked by what records of other systems tell, because it is"
        " told in another way."
    ),
}


def stated(members: Mapping[str, Json]) -> dict[str, Json]:
    """Without what is None: in JSON-LD a null says nothing, so what is not so is absent."""
    return {name: value for name, value in members.items() if value is not None}


def controller_as(controller: Controller, types: Json = "dpv:DataController") -> Json:
    return {
        "@id": urn(controller.id),
        "@type": types,
        "dct:identifier": str(controller.id),
        "dpv:hasName": controller.name,
        "dpv:hasAddress": controller.address,
        "dpv:hasContact": controller.contact,
    }


def urn(id: object) -> str:
    return f"urn:uuid:{id}"


def instant(at: datetime) -> str:
    """An instant as documents write it, cut to the millisecond, as the ledger has it."""
    return instant_of(milliseconds_of(at))


def instant_of(milliseconds: int) -> str:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
