"""The certificate of an erasure: what was destroyed, by which acts in the ledger, what remains, why, and until when.

Pure. The grade is not a claim but follows from what remains, and the verifier works it out again. A deletion that was not
confirmed is never certified as one. Cryptographic erasure follows NIST SP 800-88 Rev. 2: it counts only when every copy of the
key is gone, so backups of keys are named with their last day.
"""

from datetime import datetime

from rightcall.canonical import Json
from rightcall.controllers.model import Controller
from rightcall.evidence.graded import STANDARD, Copy, Graded
from rightcall.evidence.model import NOT_READABLE, CertificateId, Disposal, Erasure, Grade, Ground, LawSays, Remainder
from rightcall.evidence.vocabulary import (
    CERTIFICATE_CONTEXT,
    CERTIFICATE_FORMATS,
    CERTIFICATE_TYPE,
    controller_as,
    instant,
    stated,
    urn,
)


def certificate_of(
    id: CertificateId,
    issued_at: datetime,
    erasure: Erasure,
    controller: Controller,
    graded: Graded,
) -> dict[str, Json]:
    """The certificate, without proofs and without the opening that shows whose it is."""
    return stated(
        {
            "@context": CERTIFICATE_CONTEXT,
            "@id": urn(id),
            "@type": CERTIFICATE_TYPE,
            "dct:identifier": str(id),
            "dct:conformsTo": CERTIFICATE_FORMATS[5],
            "dct:created": instant(issued_at),
            "dct:publisher": urn(controller.id),
            "dpv:hasDataController": controller_as(controller),
            "rightcall:request": None if erasure.request is None else urn(erasure.request),
            "rightcall:subjectCommitment": erasure.subject.hex,
            "rightcall:doneAt": instant(erasure.done_at),
            "rightcall:grade": grade_of(erasure.remains, has_backups=erasure.backups_until is not None).value,
            "rightcall:method": {"@type": "rightcall:CryptographicErasure", "skos:broader": "dpv:Erase"},
            "rightcall:standard": STANDARD,
            "rightcall:copies": [_copy(each) for each in graded.copies],
            "rightcall:residuals": [each.value for each in graded.residuals],
            "rightcall:lookedAt": None if graded.looked_at is None else instant(graded.looked_at),
            "rightcall:destroyed": [{"rightcall:kind": kind, "rightcall:count": count} for kind, count in erasure.destroyed],
            "rightcall:disposals": [_disposal(each) for each in erasure.disposals],
            "rightcall:remains": [_remainder(each) for each in erasure.remains],
            "rightcall:backupsUntil": None if erasure.backups_until is None else erasure.backups_until.isoformat(),
        }
    )


def grade_of(remains: tuple[Remainder, ...], *, has_backups: bool) -> Grade:
    """The best that can be said truthfully."""
    grounds = {each.ground for each in remains}
    if Ground.UNCONFIRMED in grounds:
        return Grade.UNCONFIRMED
    if grounds - NOT_READABLE:
        return Grade.PARTIAL
    return Grade.COMPLETE_AFTER_BACKUPS if has_backups else Grade.COMPLETE


def destroyed_count(erasure: Erasure) -> int:
    return sum(count for _, count in erasure.destroyed)


def remaining_count(erasure: Erasure) -> int:
    """Only what can still be read as something about the person."""
    return sum(each.count for each in erasure.remains if each.ground not in NOT_READABLE)


def _disposal(disposal: Disposal) -> Json:
    return {"@id": urn(disposal.statement)}


def _copy(copy: Copy) -> Json:
    return stated(
        {
            "rightcall:copy": copy.kind.value,
            "rightcall:system": None if copy.system is None else urn(copy.system),
            "rightcall:copyGrade": copy.grade.value,
            "rightcall:count": copy.count,
            "rightcall:until": None if copy.until is None else copy.until.isoformat(),
            "rightcall:epoch": copy.epoch,
            "rightcall:backup": None if copy.backup is None else urn(copy.backup),
            "rightcall:ground": None if copy.ground is None else copy.ground.value,
            "rightcall:toldOn": None if copy.told_on is None else copy.told_on.isoformat(),
            "rightcall:holding": None if copy.holding is None else urn(copy.holding),
            "rightcall:sanitisation": None if copy.sanitisation is None else copy.sanitisation.value,
        }
    )


def _remainder(remainder: Remainder) -> Json:
    why = remainder.why
    return stated(
        {
            "rightcall:ground": remainder.ground.value,
            "rightcall:count": remainder.count,
            "rightcall:until": None if remainder.until is None else remainder.until.isoformat(),
            "rightcall:toldOn": None if remainder.told_on is None else remainder.told_on.isoformat(),
            "rightcall:holding": None if remainder.holding is None else urn(remainder.holding),
            "rightcall:reason": None if why is None else why.reason.value,
            "rightcall:law": None if why is None else why.law,
            "rightcall:rules": None if why is None or not why.rules else [_rule(each) for each in why.rules],
        }
    )


def _rule(rule: LawSays) -> Json:
    return {"rightcall:rule": rule.rule, "rightcall:cite": rule.cite, "rightcall:says": rule.says}
