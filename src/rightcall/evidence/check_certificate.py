"""Checking a certificate of erasure: steps 1 to 4 and 6 to 8 of `verify`."""

from collections.abc import Mapping
from datetime import date
from typing import assert_never
from uuid import UUID

from rightcall.canonical import Json
from rightcall.errors import Malformed, Tampered
from rightcall.evidence.certificates import grade_of
from rightcall.evidence.checking import Check, check_opening, check_shape, in_ledger, issued, leaf_at, maybe_urn, same, settle_key
from rightcall.evidence.first_format import FIRST_CERTIFICATE
from rightcall.evidence.graded import ALWAYS, Copy, CopyGrade, CopyKind, Residual, Sanitisation, fault_in
from rightcall.evidence.model import NOT_READABLE, FileKind, Grade, Ground, LawSays, Remainder, WhyKept
from rightcall.evidence.shapes import CERTIFICATE, FOURTH_CERTIFICATE, SECOND_CERTIFICATE, THIRD_CERTIFICATE, Reader
from rightcall.evidence.vocabulary import (
    CERTIFICATE_FORMATS,
    CONFIRMED,
    COPY_GRADE_IN_WORDS,
    COPY_IN_WORDS,
    DISPOSALS,
    EPOCH_TURNED,
    ERASED,
    GRADE_IN_WORDS,
    GROUND_IN_WORDS,
    PROOFS,
    REASON_IN_WORDS,
    RESIDUAL_IN_WORDS,
    SANITISATION_IN_WORDS,
    urn,
)
from rightcall.ids import HoldingId
from rightcall.policy.situations import HoldReason


def check_certificate(check: Check, document: Mapping[str, Json]) -> tuple[str, ...]:
    check.kind = FileKind.CERTIFICATE
    shapes = {1: FIRST_CERTIFICATE, 2: SECOND_CERTIFICATE, 3: THIRD_CERTIFICATE, 4: FOURTH_CERTIFICATE, 5: CERTIFICATE}
    number = check_shape(document, CERTIFICATE_FORMATS, shapes, "the certificate")
    reader = Reader(document)
    check.passed("It is a whole certificate of erasure, in the one form it can have.")
    settle_key(check, reader)
    issue = issued(check, reader, "evidence.certificate", "certificate")
    acts = _check_disposals(check, reader, issue)
    check_opening(check, bytes.fromhex(reader.text(PROOFS, "opening")), reader.text(PROOFS, "subject"), issue)
    remains = remains_in(reader)
    _check_enough(reader, acts)
    _check_facts(reader, issue, remains)
    check.passed("The grade follows from what was destroyed, what was confirmed and what remains.")
    copies = _check_copies(check, reader, remains, number) if number > 2 else ()
    grade = Grade(reader.text("rightcall:grade"))
    until = reader.value("rightcall:backupsUntil")
    return (
        GRADE_IN_WORDS[grade],
        *sorted({f"Destroyed: {DISPOSALS[act.text('kind')]}." for act in acts}),
        *(_destroyed_says(each) for each in reader.each("rightcall:destroyed")),
        *(copy_says(each) for each in copies),
        *(remainder_says(each) for each in remains),
        *(RESIDUAL_IN_WORDS[each] for each in _residuals(reader, number)),
        *(() if until is None else (f"Backups from before can still open something until the end of {until}.",)),
    )


def _check_disposals(check: Check, reader: Reader, issue: Reader) -> list[Reader]:
    """Step 4 for a certificate: every act it rests on, of this company, before the certificate, and an act of destruction."""
    names = [each.text("@id") for each in reader.each("rightcall:disposals")]
    proofs = reader.texts(PROOFS, "disposals")
    if len(names) != len(proofs) or len(set(names)) != len(names):
        raise Tampered("The certificate does not prove each act it rests on once.")
    acts = [in_ledger(check, proof)[0] for proof in proofs]
    for name, act in zip(names, acts, strict=True):
        same(name, urn(act.text("id")), "The act")
        same(act.text("controller"), issue.text("controller"), "The company of each act")
        if act.text("kind") not in DISPOSALS:
            raise Tampered("The certificate rests on a statement that destroys nothing.")
        if act.number("at") > issue.number("at"):
            raise Tampered("The certificate rests on something that happened after it was issued.")
    held = "the one act" if len(acts) == 1 else f"all {len(acts)} acts"
    check.passed(f"The ledger holds {held} of destruction that the certificate rests on.")
    return acts


def _check_enough(reader: Reader, acts: list[Reader]) -> None:
    """The acts are about this person, whose commitment was opened, and are those that the grade needs."""
    erased = [act for act in acts if act.text("kind") == ERASED]
    if not erased:
        raise Tampered("The certificate does not rest on the destruction of this person's key.")
    for act in erased:
        same(act.text("subject"), reader.text("rightcall:subjectCommitment"), "The person of each act")
    for act in acts:
        if "erasure" in act.document:
            same(act.text("erasure"), erased[0].text("erasure"), "The erasure of each act")
    is_confirmed = any(act.text("kind") == CONFIRMED for act in acts)
    if not is_confirmed and reader.text("rightcall:grade") != Grade.UNCONFIRMED:
        raise Tampered("The certificate says more than was confirmed.")
    epoch = max(act.number("epoch") for act in erased)
    has_turned = any(act.text("kind") == EPOCH_TURNED and act.number("epoch") > epoch for act in acts)
    if reader.value("rightcall:backupsUntil") is None and not has_turned:
        raise Tampered("The certificate says that no backup opens anything, and rests on nothing that made it so.")


def _check_facts(reader: Reader, issue: Reader, remains: tuple[Remainder, ...]) -> None:
    controller = issue.text("controller")
    destroyed = sum(each.number("rightcall:count") for each in reader.each("rightcall:destroyed"))
    readable = sum(each.count for each in remains if each.ground not in NOT_READABLE)
    until = reader.value("rightcall:backupsUntil")
    claims: dict[str, tuple[Json, Json]] = {
        "The instant of issue": (reader.text("dct:created"), leaf_at(issue)),
        "The publisher": (reader.text("dct:publisher"), urn(controller)),
        "The controller": (reader.text("dpv:hasDataController", "@id"), urn(controller)),
        "The controller's id": (reader.text("dpv:hasDataController", "dct:identifier"), controller),
        "The request": (reader.value("rightcall:request"), maybe_urn(issue.value("request"))),
        "The commitment": (reader.text("rightcall:subjectCommitment"), issue.text("subject")),
        "How much was destroyed": (destroyed, issue.number("destroyed")),
        "How much remains": (readable, issue.number("remaining")),
        "The end of the backups": (until, issue.value("backups_until")),
        "The grade": (reader.text("rightcall:grade"), issue.text("grade")),
        "The grade that follows": (reader.text("rightcall:grade"), grade_of(remains, has_backups=until is not None).value),
    }
    for what, (claimed, held) in claims.items():
        same(claimed, held, what)


def _check_copies(check: Check, reader: Reader, remains: tuple[Remainder, ...], number: int) -> tuple[Copy, ...]:
    """Step 8."""
    copies = tuple(copy_in(each) for each in reader.each("rightcall:copies"))
    fault = fault_in(copies, remains, _day(reader, "rightcall:backupsUntil"), format=number)
    if fault is not None:
        raise Tampered(f"The grades of the copies do not fit. {fault}")
    if not set(ALWAYS) <= set(_residuals(reader, 3)):
        raise Tampered("The certificate leaves out what no certificate can speak for.")
    check.passed(f"Each of {len(copies)} copies has one grade, and they fit the whole.")
    return copies


def _residuals(reader: Reader, number: int) -> tuple[Residual, ...]:
    return tuple(Residual(each) for each in reader.texts("rightcall:residuals")) if number > 2 else ()


def copy_in(each: Reader) -> Copy:
    """One copy, as the document has it. Malformed where it contradicts itself."""
    count, epoch, ground, method = (each.value(f"rightcall:{name}") for name in ("count", "epoch", "ground", "sanitisation"))
    return Copy(
        kind=CopyKind(each.text("rightcall:copy")),
        grade=CopyGrade(each.text("rightcall:copyGrade")),
        count=None if count is None else each.number("rightcall:count"),
        until=_day(each, "rightcall:until"),
        epoch=None if epoch is None else each.number("rightcall:epoch"),
        backup=_id(each, "rightcall:backup"),
        ground=None if ground is None else Ground(str(ground)),
        told_on=_day(each, "rightcall:toldOn"),
        holding=None if (holding := _id(each, "rightcall:holding")) is None else HoldingId(holding),
        sanitisation=None if method is None else Sanitisation(str(method)),
        system=_id(each, "rightcall:system"),
    )


def copy_says(copy: Copy) -> str:
    """In plain words, for the check and for the page."""
    name = copy_named(copy)
    return f"{name[0].upper()}{name[1:]}: {grade_says(copy)}."


def copy_named(copy: Copy) -> str:
    """Which it is, and how many."""
    in_system = "" if copy.system is None else f", in system {copy.system}"
    return COPY_IN_WORDS[copy.kind] + in_system + ("" if copy.count is None else f" ({copy.count})")


def grade_says(copy: Copy) -> str:
    says = COPY_GRADE_IN_WORDS[copy.grade]
    match copy.grade:
        case CopyGrade.GOES_ON:
            with_backup = "" if copy.backup is None else f", as backup {copy.backup}"
            return f"{says}, epoch {copy.epoch}, by the end of {copy.until}{with_backup}"
        case CopyGrade.KEPT:
            until = "" if copy.until is None else f", until the end of {copy.until}"
            return f"{says}: {'' if copy.ground is None else GROUND_IN_WORDS[copy.ground]}{until}"
        case CopyGrade.OUTSIDE_REACH:
            return says + (
                ", nobody was told yet" if copy.told_on is None else f", those who have it were told on {copy.told_on}"
            )
        case CopyGrade.UNCONFIRMED:
            return says + ", so it is not called gone"
        case CopyGrade.KEY_DESTROYED | CopyGrade.BYTES_GONE:
            return says + ("" if copy.sanitisation is None else f"; {SANITISATION_IN_WORDS[copy.sanitisation]}")
    assert_never(copy.grade)


def _id(each: Reader, name: str) -> UUID | None:
    value = each.value(name)
    return None if value is None else UUID(str(value).removeprefix("urn:uuid:"))


def remains_in(reader: Reader) -> tuple[Remainder, ...]:
    return tuple(
        Remainder(
            ground=Ground(each.text("rightcall:ground")),
            count=each.number("rightcall:count"),
            until=_day(each, "rightcall:until"),
            told_on=_day(each, "rightcall:toldOn"),
            holding=None if (holding := _id(each, "rightcall:holding")) is None else HoldingId(holding),
            why=_why(each),
        )
        for each in reader.each("rightcall:remains")
    )


def _why(remainder: Reader) -> WhyKept | None:
    reason, law = remainder.value("rightcall:reason"), remainder.value("rightcall:law")
    named = [] if remainder.value("rightcall:rules") is None else remainder.each("rightcall:rules")
    if reason is None:
        if law is not None or named:
            raise Malformed("A law is named for what is kept, and no reason.")
        return None
    rules = tuple(
        LawSays(rule=e.text("rightcall:rule"), cite=e.text("rightcall:cite"), says=e.text("rightcall:says")) for e in named
    )
    return WhyKept(reason=HoldReason(str(reason)), law=None if law is None else str(law), rules=rules)


def _day(remainder: Reader, name: str) -> date | None:
    value = remainder.value(name)
    try:
        return None if value is None else date.fromisoformat(str(value))
    except ValueError as error:
        raise Malformed(f"{name} is not a day.") from error


def _destroyed_says(destroyed: Reader) -> str:
    count, kind = destroyed.number("rightcall:count"), destroyed.text("rightcall:kind")
    return f"Can no longer be read: {count} {kind}{'' if count == 1 else 's'}."


def remainder_says(remainder: Remainder) -> str:
    until = "" if remainder.until is None else f", until the end of {remainder.until.isoformat()}"
    told = "" if remainder.told_on is None else f"; those who have it were told on {remainder.told_on.isoformat()}"
    return f"Remains: {GROUND_IN_WORDS[remainder.ground]} ({remainder.count}){_why_says(remainder.why)}{until}{told}."


def _why_says(why: WhyKept | None) -> str:
    """For which reason of the law, and what the rules of law say by which it was decided."""
    if why is None:
        return ""
    law = "" if why.law is None else f", {why.law}"
    rules = "".join(f"; {each.cite} says: {each.says.rstrip('.')}" for each in why.rules)
    return f", because of {REASON_IN_WORDS[why.reason]}{law}{rules}"
