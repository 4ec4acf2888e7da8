"""Reading a document strictly: every member there, of its type, and no other. The part that shapes (SHACL) would play.

DPV ships no shapes for ISO/IEC TS 27560, so these are ours: `RECEIPT` and `CERTIFICATE` list each member once.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from rightcall.canonical import Json
from rightcall.consent.model import Answer
from rightcall.errors import Malformed
from rightcall.evidence.graded import ALWAYS, STANDARD, CopyGrade, CopyKind, Residual, Sanitisation
from rightcall.evidence.model import Grade, Ground
from rightcall.evidence.vocabulary import (
    ATTESTATION_CONTEXT,
    ATTESTATION_FORMAT,
    ATTESTATION_TYPE,
    CERTIFICATE_CONTEXT,
    CERTIFICATE_FORMATS,
    CERTIFICATE_TYPE,
    CONSENT_TYPE,
    CONTEXT,
    COPIES_CONTEXT,
    PROOFS,
    RECEIPT_FORMATS,
    RECEIPT_TYPE,
    RECORD_SCHEMA,
    RIGHTS,
    STATE,
    VALID,
)
from rightcall.policy.situations import HoldReason

Document: TypeAlias = Mapping[str, Json]
Shape: TypeAlias = Callable[[Json, str], None]
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_TERM = re.compile(r"[A-Za-z][A-Za-z0-9.-]*:[^\s<>\"]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Reader:
    """A document whose shape was checked; each getter refuses what has another type, so nothing is assumed."""

    document: Document

    def text(self, *path: str) -> str:
        value = self.value(*path)
        if not isinstance(value, str):
            raise Malformed(f"{path[-1]} is not a text.")
        return value

    def number(self, *path: str) -> int:
        value = self.value(*path)
        if not isinstance(value, int) or isinstance(value, bool):
            raise Malformed(f"{path[-1]} is not a whole number.")
        return value

    def texts(self, *path: str) -> list[str]:
        return [each for each in self.items(*path) if _is_text(each, path[-1])]  # type: ignore[misc]  # checked in the condition

    def each(self, *path: str) -> "list[Reader]":
        return [Reader(_object(each, path[-1])) for each in self.items(*path)]

    def items(self, *path: str) -> Sequence[Json]:
        value = self.value(*path)
        if not isinstance(value, list):
            raise Malformed(f"{path[-1]} is not a list.")
        return value

    def value(self, *path: str) -> Json:
        value: Json = self.document
        for name in path:
            value = _object(value, name).get(name)
        return value


def matching(pattern: re.Pattern[str], what: str) -> Shape:
    def check(value: Json, name: str) -> None:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise Malformed(f"{name} is not {what}.")

    return check


def one_of(*allowed: Json) -> Shape:
    def check(value: Json, name: str) -> None:
        if not any(type(value) is type(each) and value == each for each in allowed):
            raise Malformed(f"{name} has a value that is not known.")

    return check


def many(shape: Shape, *, least: int = 0) -> Shape:
    def check(value: Json, name: str) -> None:
        if not isinstance(value, list) or len(value) < least:
            raise Malformed(f"{name} is not a list of at least {least}.")
        for each in value:
            shape(each, name)

    return check


def either(*shapes: Shape) -> Shape:
    def check(value: Json, name: str) -> None:
        for shape in shapes[:-1]:
            try:
                shape(value, name)
            except Malformed:
                continue
            return
        shapes[-1](value, name)

    return check


@dataclass(frozen=True, slots=True)
class Maybe:
    """A member that may be absent. It is never null: null says nothing in JSON-LD."""

    shape: Shape


def members(**shapes: Shape | Maybe) -> Shape:
    """An object with exactly these members; `__` in a name stands for its colon, `at_` for its @."""
    optional = {_spelled(name) for name, shape in shapes.items() if isinstance(shape, Maybe)}
    wanted = {_spelled(name): shape.shape if isinstance(shape, Maybe) else shape for name, shape in shapes.items()}

    def check(value: Json, name: str) -> None:
        read = _object(value, name)
        for missing in sorted(wanted.keys() - read.keys() - optional):
            raise Malformed(f"{missing} is missing.")
        for unknown in sorted(read.keys() - wanted.keys()):
            raise Malformed(f"There is a member that does not belong: {unknown[:40]!r}.")
        for member, value in read.items():
            wanted[member](value, member)

    return check


def whole_number(value: Json, name: str) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise Malformed(f"{name} is not a whole number from 1 on.")


def filled(value: Json, name: str) -> None:
    if not _is_text(value, name) or not value:
        raise Malformed(f"{name} is empty.")


def nothing(value: Json, name: str) -> None:
    if value is not None:
        raise Malformed(f"{name} is neither absent nor as it should be.")


def any_object(value: Json, name: str) -> None:
    _object(value, name)


def _object(value: Json, name: str) -> Document:
    if not isinstance(value, dict):
        raise Malformed(f"{name} is not where it belongs.")
    return value


def _is_text(value: Json, name: str) -> bool:
    if not isinstance(value, str):
        raise Malformed(f"{name} is not a text.")
    return True


def _spelled(name: str) -> str:
    return "@" + name[3:] if name.startswith("at_") else name.replace("eu_gdpr", "eu-gdpr").replace("__", ":")


a_urn = matching(re.compile("urn:uuid:" + _UUID.pattern), "the name of a thing")
a_uuid = matching(_UUID, "an id")
an_instant = matching(_INSTANT, "an instant in UTC with milliseconds")
a_day = matching(_DAY, "a day")
a_digest = matching(_DIGEST, "32 bytes in hexadecimal")
a_term = matching(_TERM, "a term")
a_language = matching(_LANGUAGE, "a language")
a_place = matching(re.compile(r"loc:[A-Za-z0-9-]+"), "a place")

_controller = {
    "at_id": a_urn,
    "dct__identifier": a_uuid,
    "dpv__hasName": filled,
    "dpv__hasAddress": filled,
    "dpv__hasContact": filled,
}
_head = {
    "at_context": one_of(CONTEXT),
    "at_id": a_urn,
    "dct__identifier": a_uuid,
    "dct__created": an_instant,
    "dct__publisher": a_urn,
}
_document = members(
    controller=a_uuid,
    purpose=a_uuid,
    language=a_language,
    version=whole_number,
    text=filled,
    keypad=Maybe(members(yes=filled, no=filled)),
)
_notice = either(
    members(at_type=one_of("dpv:ConsentNotice"), rightcall__played=one_of(False)),
    members(
        at_id=a_urn,
        at_type=one_of("dpv:ConsentNotice"),
        dct__identifier=a_uuid,
        rightcall__played=one_of(True, False),
        rightcall__digest=a_digest,
        rightcall__document=_document,
    ),
)
_process = members(
    at_type=one_of("dpv:Process"),
    dpv__hasPurpose=members(at_id=a_urn, at_type=a_term, dct__title=filled),
    dpv__hasPersonalData=many(a_term, least=1),
    dpv__hasNecessity=one_of("dpv:Optional"),
    dpv__hasDataSource=one_of("dpv:DataSubjectDataSource"),
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
_choice: dict[str, Shape | Maybe] = {
    "at_id": a_urn,
    "dct__identifier": a_uuid,
    "dct__date": an_instant,
    "dct__valid": one_of(*VALID.values()),
    "dpv__isImplementedByEntity": members(at_id=a_urn),
    "rightcall__eventType": one_of(CONSENT_TYPE),
    "rightcall__role": filled,
    "rightcall__call": a_urn,
    "rightcall__party": a_urn,
    "rightcall__channel": filled,
    "rightcall__evidenceKind": filled,
    "rightcall__notice": Maybe(a_urn),
    "rightcall__noticeDigest": Maybe(a_digest),
    "rightcall__sequence": whole_number,
}
_event = either(
    members(**_choice, at_type=one_of(STATE[Answer.REFUSED], STATE[Answer.WITHDRAWN])),
    members(**_choice, at_type=one_of(STATE[Answer.GRANTED]), dpv__hasLegalBasis=one_of(CONSENT_TYPE)),
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
    dpv__hasLegalBasis=Maybe(a_term),
    dpv__hasNotice=_notice,
    dpv__hasProcess=_process,
    dpv__hasConsentStatus=many(_event, least=1),
)
RECEIPT: Shape = members(
    **_head,
    at_type=one_of(RECEIPT_TYPE),
    dct__conformsTo=one_of(RECEIPT_FORMATS[2]),
    dpv__hasRecordOfActivity=_record,
    **{PROOFS: members(key=filled, issued=filled, events=many(filled, least=1), opening=Maybe(a_digest))},
)
_remainder: dict[str, Shape | Maybe] = {
    "rightcall__ground": one_of(*(ground.value for ground in Ground)),
    "rightcall__count": whole_number,
    "rightcall__until": Maybe(a_day),
    "rightcall__toldOn": Maybe(a_day),
    "rightcall__holding": Maybe(a_urn),
}
_why: dict[str, Shape | Maybe] = {
    "rightcall__reason": Maybe(one_of(*(reason.value for reason in HoldReason))),
    "rightcall__law": Maybe(filled),
    "rightcall__rules": Maybe(
        many(members(rightcall__rule=filled, rightcall__cite=filled, rightcall__says=filled), least=1),
    ),
}
_destruction: dict[str, Shape | Maybe] = {
    "dct__identifier": a_uuid,
    "at_id": a_urn,
    "at_type": one_of(CERTIFICATE_TYPE),
    "dct__created": an_instant,
    "dct__publisher": a_urn,
    "dpv__hasDataController": members(**_controller, at_type=one_of("dpv:DataController")),
    "rightcall__request": Maybe(a_urn),
    "rightcall__subjectCommitment": a_digest,
    "rightcall__doneAt": an_instant,
    "rightcall__grade": one_of(*(grade.value for grade in Grade)),
    "rightcall__method": members(at_type=one_of("rightcall:CryptographicErasure"), skos__broader=one_of("dpv:Erase")),
    "rightcall__destroyed": many(members(rightcall__kind=filled, rightcall__count=whole_number)),
    "rightcall__disposals": many(members(at_id=a_urn), least=1),
    "rightcall__backupsUntil": Maybe(a_day),
    PROOFS: members(key=filled, issued=filled, disposals=many(filled, least=1), opening=a_digest, subject=a_uuid),
}
SECOND_CERTIFICATE: Shape = members(
    **_destruction,
    at_context=one_of(CONTEXT),
    dct__conformsTo=one_of(CERTIFICATE_FORMATS[2]),
    rightcall__remains=many(members(**_remainder)),
)
"""Issued no more: it says nothing of single copies."""

_copy: dict[str, Shape | Maybe] = {
    "rightcall__copy": one_of(*(kind.value for kind in CopyKind)),
    "rightcall__count": Maybe(whole_number),
    "rightcall__until": Maybe(a_day),
    "rightcall__epoch": Maybe(whole_number),
    "rightcall__backup": Maybe(a_urn),
    "rightcall__ground": Maybe(one_of(*(ground.value for ground in Ground))),
    "rightcall__toldOn": Maybe(a_day),
    "rightcall__holding": Maybe(a_urn),
    "rightcall__sanitisation": Maybe(one_of(*(each.value for each in Sanitisation))),
}
_EARLIER_GRADES = [grade.value for grade in CopyGrade if grade is not CopyGrade.UNCONFIRMED]
_of_copies: dict[str, Shape | Maybe] = {
    "at_context": one_of(COPIES_CONTEXT),
    "rightcall__standard": one_of(STANDARD),
    "rightcall__copies": many(members(**_copy, rightcall__copyGrade=one_of(*_EARLIER_GRADES)), least=2),
    "rightcall__residuals": many(one_of(*(each.value for each in Residual)), least=len(ALWAYS)),
    "rightcall__lookedAt": Maybe(an_instant),
}
THIRD_CERTIFICATE: Shape = members(
    **_destruction,
    **_of_copies,
    dct__conformsTo=one_of(CERTIFICATE_FORMATS[3]),
    rightcall__remains=many(members(**_remainder)),
)
"""Issued no more: it does not say for which reason a hold keeps what it keeps."""

FOURTH_CERTIFICATE: Shape = members(
    **_destruction,
    **_of_copies,
    dct__conformsTo=one_of(CERTIFICATE_FORMATS[4]),
    rightcall__remains=many(members(**_remainder, **_why)),
)
"""Issued no more: it gives no grade to what is not confirmed, and does not tell other systems apart."""

_of_systems: dict[str, Shape | Maybe] = {
    **_of_copies,
    "at_context": one_of(CERTIFICATE_CONTEXT),
    "rightcall__copies": many(
        members(**_copy, rightcall__copyGrade=one_of(*(grade.value for grade in CopyGrade)), rightcall__system=Maybe(a_urn)),
        least=2,
    ),
}
CERTIFICATE: Shape = members(
    **_destruction,
    **_of_systems,
    dct__conformsTo=one_of(CERTIFICATE_FORMATS[5]),
    rightcall__remains=many(members(**_remainder, **_why)),
)
ATTESTATION: Shape = members(
    at_context=one_of(ATTESTATION_CONTEXT),
    at_id=a_urn,
    at_type=one_of(ATTESTATION_TYPE),
    dct__identifier=a_uuid,
    dct__conformsTo=one_of(ATTESTATION_FORMAT),
    dct__created=an_instant,
    dct__publisher=a_urn,
    dpv__hasDataController=members(**_controller, at_type=one_of("dpv:DataController")),
    rightcall__identifierCommitment=a_digest,
    rightcall__isHeld=one_of(True, False),
    rightcall__shownBy=filled,
    rightcall__certificate=Maybe(a_urn),
    rightcall__letGoOn=Maybe(a_day),
    **{PROOFS: members(key=filled, issued=filled)},
)
